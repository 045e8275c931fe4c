// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/multi_index/mih_search.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

namespace detail = hint::search::detail;

namespace {

constexpr double no_limit = (std::numeric_limits<double>::max)();
using found = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // distance, row

struct collector {
  std::uint32_t most;
  found list;
  [[nodiscard]] std::uint32_t limit() const { return most; }
  void offer(std::uint32_t distance, std::uint32_t row) { list.emplace_back(distance, row); }
};

/// A hundred codes at each distance up to 32.
detail::distance_profile any_profile(std::size_t bits) {
  std::vector<std::uint64_t> h(bits + 1);
  std::fill_n(h.begin(), (std::min<std::size_t>)(h.size(), 32), 100);
  return detail::distance_profile({h});
}

}  // namespace

TEST_CASE("verify kernels agree with distances, on every instruction set") {
  const hint::random_stream random(1, 0);
  std::vector<const detail::verify_kernels*> all;
  for (const auto* kernels : detail::usable_kernels()) all.push_back(&detail::verify_for(*kernels));
  for (const std::size_t bits : {64U, 128U, 192U, 700U}) {
    const auto codes = clustered(bits, 130, 1, 4, random.fork(bits));
    const std::size_t words = codes.words_per_code();
    std::vector<std::uint32_t> rows(codes.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = 1000 + i;
    const auto limit = static_cast<std::uint32_t>(bits * 3 / 8);
    const detail::verify_job job{codes[0].data(), words, limit};
    found expected;
    for (std::uint32_t i = 0; i < codes.size(); ++i)
      if (const auto d = hint::search::hamming_distance(codes[0], codes[i]); d < limit)
        expected.emplace_back(d, 1000 + i);
    REQUIRE(expected.size() > 10);
    REQUIRE(expected.size() < codes.size());
    for (const auto* verify : all) {
      CAPTURE(bits);
      found got;
      std::vector<detail::mih_candidate> list(detail::most_mih_candidates);
      if (words <= 2) {
        const std::uint64_t* first = codes[0].data();
        const std::vector<detail::run> runs{{0, 60, 0, 7, first, rows.data()},
                                            {60, 60, 0, 7, first, rows.data()},
                                            {60, 124, 0, 7, first, rows.data()},
                                            {124, 130, 0, 7, first, rows.data()}};
        for (std::size_t i = 0, n = 0; i < runs.size();) {
          i = verify->near_in_runs(job, runs.data(), i, runs.size(), list.data(), n);
          for (std::size_t j = 0; j < n; ++j) {
            CHECK(list[j].shell == 7);
            CHECK(list[j].code == codes[list[j].row - 1000].data());
            got.emplace_back(list[j].distance, list[j].row);
          }
        }
      } else {
        for (std::uint32_t i = 0; i < codes.size(); ++i) {
          list.resize(1);
          list[0] = {codes[i].data(), rows[i], 7, 0};
          if (verify->near_of(job, list.data(), 1) == 1)
            got.emplace_back(list[0].distance, list[0].row);
        }
      }
      CHECK(got == expected);
    }
  }
}

TEST_CASE("a mih_search offers everything below the limit, each row once") {
  const std::uint64_t seed = 2;
  CAPTURE(seed);
  for (const std::size_t bits : {16U, 64U, 128U, 150U, 400U}) {
    const hint::random_stream random(seed, bits);
    const auto codes = clustered(bits, 3000, 6, 9, random);
    hint::search::detail::code_store store(bits, "test");
    store.add(codes);
    for (const std::size_t tables : {1U, 3U, 8U}) {
      const detail::substring_tables of(store, 3000, detail::cut_codes(bits, tables, 14));
      const detail::mih_plan plan(of.cuts(), any_profile(bits), {}, no_limit);
      const detail::flip_masks masks(of.cuts(), plan);
      detail::mih_search probe(of, plan, masks, {});
      REQUIRE(plan.complete());
      for (const std::uint32_t limit : {0U, 1U, 2U, 9U, 17U, 5000U}) {
        for (std::size_t q = 0; q < 6; ++q) {
          collector c{limit, {}};
          REQUIRE(probe(codes[q].data(), c, {no_limit, no_limit, {}}));
          found expected;
          for (std::uint32_t i = 0; i < codes.size(); ++i)
            if (const auto d = hint::search::hamming_distance(codes[q], codes[i]); d < limit)
              expected.emplace_back(d, i);
          std::sort(c.list.begin(), c.list.end());
          std::sort(expected.begin(), expected.end());
          CAPTURE(bits, tables, limit, q);
          REQUIRE(c.list == expected);
        }
      }
      CHECK(probe.spent() > 0);
    }
  }
}

TEST_CASE("a mih_search gives up where a scan is cheaper, and where its plan ends") {
  hint::search::detail::code_store store(64, "test");
  store.add(clustered(64, 2000, 2000, 2, hint::random_stream(3, 0)));
  const detail::substring_tables tables(store, 2000, detail::cut_codes(64, 4, 24));
  const detail::mih_plan plan(tables.cuts(), any_profile(64), {}, no_limit);
  const detail::flip_masks masks(tables.cuts(), plan);
  detail::mih_search probe(tables, plan, masks, {});
  const std::uint64_t query = 0;
  CHECK(probe(&query, collector{4, {}}, {2 * plan.cost(4), 0, {}}));
  CHECK_FALSE(probe(&query, collector{9, {}}, {plan.cost(5), 0, {}}));
  CHECK(probe(&query, collector{9, {}}, {plan.cost(5), no_limit, {}}));

  const detail::mih_plan part(tables.cuts(), any_profile(64), {}, plan.cost(6));
  detail::mih_search short_probe(tables, part, masks, {});
  CHECK(short_probe(&query, collector{6, {}}, {no_limit, no_limit, {}}));
  CHECK_FALSE(short_probe(&query, collector{7, {}}, {no_limit, no_limit, {}}));

  hint::search::detail::code_store equal(64, "test");
  equal.add(hint::code_set(64, 2000));
  const detail::substring_tables full(equal, 2000, detail::cut_codes(64, 4, 24));
  detail::mih_search in_vain(full, plan, masks, {});
  collector c{1, {}};
  CHECK_FALSE(in_vain(&query, c, {1000, no_limit, {}}));  // for 8000 candidates of 8 ns
  CHECK(c.list.empty());
  CHECK(in_vain(&query, c, {1e6, no_limit, {}}));
  CHECK(c.list.size() == 2000);
}
