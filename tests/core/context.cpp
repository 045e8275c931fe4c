// SPDX-License-Identifier: MIT
#include <hint/core/context.hpp>

#include <hint/core/thread_pool.hpp>

#include "support/catch.hpp"

TEST_CASE("context: the default is sequential, silent, alone, seed 0", "[core]") {
  const hint::context ctx;
  CHECK(ctx.seed == 0);
  CHECK(ctx.executor.concurrency() == 1);
  CHECK_FALSE(ctx.observer.stop_requested());
  CHECK(ctx.communicator.size() == 1);
}

TEST_CASE("context: takes executor, observer and communicator by reference", "[core]") {
  struct always_stop {
    bool stop_requested() { return true; }
  } stop;
  hint::thread_pool pool(2);
  hint::context ctx{pool, stop};
  ctx.seed = 42;
  const hint::context copy = ctx;
  CHECK(copy.executor.concurrency() == 2);
  CHECK(copy.observer.stop_requested());
  CHECK(copy.seed == 42);
}

TEST_CASE("context: random numbers depend on seed and purpose", "[core]") {
  hint::context ctx;
  ctx.seed = 5;
  CHECK(ctx.random("dropout").bits(3) ==
        hint::random_stream(5, hint::stream_id("dropout")).bits(3));
  CHECK(ctx.random("dropout").bits(3) != ctx.random("weights").bits(3));
  hint::context other = ctx;
  other.seed = 6;
  CHECK(ctx.random("dropout").bits(3) != other.random("dropout").bits(3));
}
