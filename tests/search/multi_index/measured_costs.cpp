// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/multi_index/measured_costs.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

namespace detail = hint::search::detail;

TEST_CASE("samples are live codes from everywhere, a zero code when there are none") {
  detail::code_store store(70, "test");
  const auto codes = random_codes(70, 100, hint::random_stream(1, 1));
  store.add(codes);
  const auto all = detail::sample_of(store, 1000);
  CHECK(all == codes);
  CHECK(detail::sample_of(store, 10).size() == 10);
  CHECK(detail::sample_of(store, 10)[0][0] == codes[5][0]);
  store.remove(std::vector<std::int64_t>{5, 15});
  CHECK(detail::sample_of(store, 10).size() == 8);
  store.remove(store.ids());
  CHECK(detail::sample_of(store, 10) == hint::code_set(70, 1));
}

TEST_CASE("others are counted by distance, without the sample itself") {
  detail::code_store store(64, "test");
  const auto codes = random_codes(64, 500, hint::random_stream(2, 2));
  store.add(codes);
  const auto counts = detail::count_others(store, codes.view().slice(0, 3), {});
  REQUIRE(counts.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<std::uint64_t> expected(65);
    for (std::size_t j = 0; j < 500; ++j)
      if (j != i) ++expected[hint::search::hamming_distance(codes[i], codes[j])];
    CHECK(counts[i] == expected);
  }
}

TEST_CASE("what is measured is more than nothing, and one of many is no dearer than one alone") {
  detail::code_store store(64, "test");
  store.add(random_codes(64, 4096, hint::random_stream(3, 3)));
  const auto samples = detail::sample_of(store, 16);
  const auto costs = detail::time_scans(store, samples, {});
  CHECK(costs.batch_scan >= 100);
  CHECK(costs.batch_scan <= costs.scan);
  const auto cuts = detail::cut_codes(64, 4, 12);
  const detail::substring_tables tables(store, 4096, cuts);
  const detail::distance_profile profile(detail::count_others(store, samples, {}));
  const detail::mih_plan plan(cuts, profile, costs, 1e9);
  const detail::flip_masks masks(cuts, plan);
  const double factor = detail::time_lookups(tables, plan, masks, costs, samples, {});
  CHECK(factor >= 0.25);
  CHECK(factor <= 4);
  const detail::inverted_lists lists(store, 4096, samples);
  CHECK(detail::time_lists(store, lists, samples, {}) > 0);
}
