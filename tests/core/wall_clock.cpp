// SPDX-License-Identifier: MIT
#include <chrono>
#include <thread>

#include <hint/core/wall_clock.hpp>

#include "support/catch.hpp"

TEST_CASE("the clock counts nanoseconds") {
  const double begin = hint::detail::now_ns();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const double took = hint::detail::now_ns() - begin;
  CHECK(took >= 15e6);
  CHECK(took < 60e9);
}
