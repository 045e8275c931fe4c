// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/scan/collectors.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

namespace detail = hint::search::detail;
using hint::code_set;
using hint::search::accept_all;
using hint::search::hit;
using hint::search::detail::code_store;

TEST_CASE("searches cut into parts find what one pass finds") {
  // Large enough that one query is cut among threads.
  const std::uint64_t seed = 6;
  CAPTURE(seed);
  code_store store(1024, "store");
  store.add(random_codes(1024, 60000, hint::random_stream(seed, 0)));
  store.remove(std::vector<std::int64_t>{1, 30000, 59999});
  const code_set queries = random_codes(1024, 6, hint::random_stream(seed, 1));
  REQUIRE(detail::scan_plan(1, store, 3).row_parts() == 3);
  const auto odd = [](std::int64_t id) { return id % 2 != 0; };
  for (const std::size_t count : {1U, 2U, 6U}) {
    const auto some = queries.view().slice(0, count);
    for (const std::size_t k : {1U, 10U, 3000U, 100000U}) {
      const auto one = detail::scan_nearest(store, some, k, odd, {});
      for (const std::size_t threads : {2U, 3U}) {
        hint::thread_pool pool{threads};
        CAPTURE(count, k, threads);
        CHECK(detail::scan_nearest(store, some, k, odd, hint::context{pool}) == one);
      }
    }
    const auto one = detail::scan_radius(store, some, 490, accept_all{}, {});
    CHECK(!one.all().empty());
    hint::thread_pool pool{3};
    CHECK(detail::scan_radius(store, some, 490, accept_all{}, hint::context{pool}) == one);
  }
}

TEST_CASE("ties at the k-th place go to the smallest ids, in any order of rows") {
  for (const bool rising : {true, false}) {
    code_store store(64, "store");
    std::vector<std::int64_t> ids(5000);
    for (std::size_t i = 0; i < ids.size(); ++i)
      ids[i] = static_cast<std::int64_t>(rising ? i : (i * 3571) % 5000);
    code_set codes(64, 5000);
    for (std::size_t i = 0; i < 5000; ++i) codes[i][0] = i % 2;  // distances 0 and 1
    store.add(codes, ids, hint::search::duplicates::refuse);
    CHECK(store.ascending() == rising);
    std::vector<hit> expected;
    for (std::size_t i = 0; i < 5000; ++i)
      expected.push_back({static_cast<std::uint32_t>(i % 2), ids[i]});
    std::sort(expected.begin(), expected.end());
    for (const std::size_t k : {1U, 7U, 2500U, 2501U, 4000U}) {
      CAPTURE(rising, k);
      const auto found = detail::scan_nearest(store, code_set(64, 1), k, accept_all{}, {});
      CHECK(std::equal(found[0].begin(), found[0].end(), expected.begin(),
                       expected.begin() + static_cast<std::ptrdiff_t>(k)));
    }
  }
}
