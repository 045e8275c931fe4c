// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/masked_search.hpp>
#include <hint/search/multi_index.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::code_set;
using hint::search::bit_range;
using hint::search::hit;
using hint::search::search_masked;
using hint::search::search_masked_radius;

TEST_CASE("a range of bits is a mask") {
  const code_set mask = bit_range(70, 60, 7);
  for (std::size_t j = 0; j < 70; ++j) CHECK(mask.bit(0, j) == (j >= 60 && j < 67));
  CHECK(bit_range(70, 70, 0) == code_set(70, 1));
  CHECK_THROWS_MESSAGE(
      bit_range(70, 64, 7), hint::invalid_argument,
      "bit_range: 7 bits from bit 64 on, expected no more than the 70 bits of a code");
  CHECK_THROWS_MESSAGE(
      bit_range(70, 71, ~std::size_t{0}), hint::invalid_argument,
      "bit_range: 18446744073709551615 bits from bit 71 on, expected no more than the 70 "
      "bits of a code");
  CHECK_THROWS_MESSAGE(bit_range(0, 0, 0), hint::invalid_argument,
                       "bit_range: bits is 0, expected 1 to 16384");
}

TEMPLATE_TEST_CASE("a masked search sorts by the differences in the mask", "",
                   hint::search::linear_scan, hint::search::multi_index, hint::search::automatic) {
  const std::uint64_t seed = 51;
  CAPTURE(seed);
  for (const std::size_t bits : {1U, 9U, 24U, 64U, 70U, 200U, 248U, 512U, 1000U}) {
    const hint::random_stream random(seed, bits);
    const std::size_t n = 700, count = 11;
    const code_set codes = random_codes(bits, n, random.fork(0));
    const code_set queries = random_codes(bits, count, random.fork(1));
    std::vector<std::int64_t> ids(n);
    for (std::size_t i = 0; i < n; ++i) ids[i] = static_cast<std::int64_t>(i * 311 % 1009) - 20;
    TestType original(bits);
    original.add(codes, ids);
    original.remove({ids[5], ids[600]});
    const TestType index = original;  // a snapshot
    original.remove({ids[6]});
    const auto keep = [](std::size_t query, std::int64_t id) {
      return (id + std::int64_t(query)) % 3 != 0;
    };

    code_set several = random_codes(bits, count, random.fork(2));
    std::fill(several[3].begin(), several[3].end(), std::uint64_t{0});
    std::vector<code_set> all_masks{several, bit_range(bits, 0, bits), code_set(bits, 1),
                                    bit_range(bits, bits / 3, (bits + 4) / 5),
                                    random_codes(bits, 1, random.fork(3))};
    for (std::size_t which = 0; which < all_masks.size(); ++which) {
      const code_set& masks = all_masks[which];
      std::vector<std::vector<hit>> truth(count);
      for (std::size_t q = 0; q < count; ++q) {
        for (std::size_t i = 0; i < n; ++i) {
          if (i == 5 || i == 600 || !keep(q, ids[i])) continue;
          std::uint32_t distance = 0;
          for (std::size_t j = 0; j < bits; ++j)
            distance +=
                masks.bit(masks.size() == 1 ? 0 : q, j) && codes.bit(i, j) != queries.bit(q, j)
                    ? 1U
                    : 0U;
          truth[q].push_back({distance, ids[i]});
        }
        std::sort(truth[q].begin(), truth[q].end());
      }
      for (const std::size_t threads : {1U, 3U}) {
        hint::thread_pool pool{threads};
        const hint::context ctx(pool);
        for (const std::size_t k : {0U, 1U, 10U, 1000U})
          for (const std::size_t radius : {std::size_t{0}, bits / 8, bits}) {
            CAPTURE(bits, which, threads, k, radius);
            auto cut = truth, within = truth;
            for (auto& row : cut) row.resize((std::min)(k, row.size()));
            CHECK(search_masked(index, queries, masks, k, keep, ctx) == hint::search::hits(cut));
            for (auto* rows : {&cut, &within})
              for (auto& row : *rows)
                std::erase_if(row, [&](const hit& h) { return h.distance > radius; });
            CHECK(search_masked(index, queries, masks, {.k = k, .radius = radius}, keep, ctx) ==
                  hint::search::hits(cut));
            CHECK(search_masked_radius(index, queries, masks, radius, keep, ctx) ==
                  hint::search::hits(within));
          }
      }
    }
    CHECK(search_masked(index, queries, bit_range(bits, 0, bits), 9) == index.search(queries, 9));
  }
}

TEST_CASE("a masked search checks what it is given") {
  hint::search::linear_scan index(70);
  index.add(code_set(70, 3));
  const code_set queries(70, 2);
  CHECK(search_masked(index, queries.view().slice(0, 0), code_set(70, 1), 3).empty());
  CHECK(search_masked(hint::search::linear_scan(70), queries, code_set(70, 1), 3).all().empty());
  CHECK_THROWS_MESSAGE(search_masked(index, queries, code_set(70, 3), 1), hint::shape_error,
                       "search_masked: 3 masks for 2 queries, expected 1 or 2");
  CHECK_THROWS_MESSAGE(search_masked_radius(index, queries, code_set(71, 1), 1), hint::shape_error,
                       "search_masked_radius: masks have 71 bits, expected 70");
  CHECK_THROWS_MESSAGE(search_masked(index, code_set(8, 1), code_set(70, 1), 1), hint::shape_error,
                       "search_masked: queries have 8 bits, expected 70");
}
