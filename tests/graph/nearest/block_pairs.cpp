// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstddef>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/graph/nearest/block_pairs.hpp>

#include "support/catch.hpp"

using hint::graph::detail::for_block_pairs;
using hint::graph::detail::rows_of_block;

TEST_CASE("every pair of blocks meets once, and no block meets two at a time", "[graph]") {
  for (const std::size_t threads : {1U, 2U, 3U}) {
    hint::thread_pool pool(threads);
    for (std::size_t blocks = 0; blocks < 12; ++blocks) {
      CAPTURE(threads, blocks);
      std::vector<std::atomic<int>> busy(blocks), met(blocks * blocks);
      std::atomic<int> clashes = 0;
      const bool done =
          for_block_pairs(hint::context{pool}, blocks, [&](std::size_t i, std::size_t j) {
            REQUIRE(i <= j);
            REQUIRE(j < blocks);
            if (busy[i]++ != 0) ++clashes;
            if (i != j && busy[j]++ != 0) ++clashes;
            ++met[i * blocks + j];
            for (int wait = 0; wait < 1000; ++wait) busy[i] += 0;
            --busy[i];
            if (i != j) --busy[j];
          });
      CHECK(done);
      CHECK(clashes == 0);
      for (std::size_t i = 0; i < blocks; ++i)
        for (std::size_t j = 0; j < blocks; ++j) CHECK(met[i * blocks + j] == (i <= j ? 1 : 0));
    }
  }
}

TEST_CASE("pairs of blocks can be stopped at any time", "[graph]") {
  struct patient {
    int answers;
    bool stop_requested() { return answers-- <= 0; }
  };
  hint::sequential here;
  int calls = 0;
  for (int answers = 0; answers < 30; ++answers) {
    patient observer{answers};
    int now = 0;
    const bool done =
        for_block_pairs(hint::context(here, observer), 4, [&](std::size_t, std::size_t) { ++now; });
    CHECK(done == (now == 10));
    CHECK(now >= calls);
    calls = now;
  }
  CHECK(calls == 10);
}

TEST_CASE("blocks are as large as they may be while threads have work", "[graph]") {
  CHECK(rows_of_block(100000, 512, 2) == 512);
  CHECK(rows_of_block(3200, 512, 2) == 416);
  CHECK(rows_of_block(3200, 512, 1) == 512);
  CHECK(rows_of_block(10, 512, 2) == 64);
  CHECK(rows_of_block(0, 512, 0) == 64);
}
