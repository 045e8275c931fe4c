// SPDX-License-Identifier: MIT
// k and a radius together, and a radius for each query, of every index; the axioms are in the tests of each.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>
#include <hint/search/nearest_within.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

using hint::search::automatic;
using hint::search::hit;
using hint::search::linear_scan;
using hint::search::multi_index;
using hint::search::nearest_within;

namespace {

template <class Index>
Index made(std::size_t bits) {
  return Index(bits);
}
template <>
multi_index made(std::size_t bits) {
  return multi_index(bits, {.tables = 3, .fallback = hint::search::scan_fallback::when_needed});
}

/// The first k hits up to a distance.
std::vector<hit> cut(std::span<const hit> row, std::size_t k, std::size_t radius) {
  std::vector<hit> out;
  for (const hit& h : row)
    if (out.size() < k && h.distance <= radius) out.push_back(h);
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("k and radius, one or one for each query, cut the whole ranking", "",
                   linear_scan, multi_index, automatic) {
  const std::uint64_t seed = 41;
  CAPTURE(seed);
  for (const std::size_t bits : {7U, 64U, 130U}) {
    const hint::random_stream random(seed, bits);
    auto index = made<TestType>(bits);
    const auto codes = clustered(bits, 900, 12, bits / 10, random);
    const auto queries = clustered(bits, 150, 12, bits / 10, random);
    index.add(codes.view().slice(0, 800));
    auto snapshot = index;
    index.add(codes.view().slice(800, 100));
    index.remove({3, 700});
    const auto keep = [](std::size_t query, std::int64_t id) {
      return (query + static_cast<std::size_t>(id)) % 4 != 0;
    };
    const auto all = index.search(queries, 1000, keep);
    const auto before = snapshot.search(queries, 1000);
    std::vector<std::size_t> radii(queries.size());
    for (std::size_t q = 0; q < radii.size(); ++q)
      radii[q] = q % 11 == 0 ? ~std::size_t{0} : q % 25;
    for (const std::size_t threads : {1U, 3U}) {
      hint::thread_pool pool{threads};
      const hint::context ctx(pool);
      for (const std::size_t k : {0U, 1U, 9U, 2000U}) {
        for (const std::size_t radius : {0U, 3U, 20U, 10000U}) {
          CAPTURE(bits, k, radius, threads);
          const auto found = index.search(queries, nearest_within{k, radius}, keep, ctx);
          const auto old = snapshot.search(queries, nearest_within{k, radius});
          REQUIRE(found.size() == queries.size());
          bool equal = true;
          for (std::size_t q = 0; q < queries.size(); ++q) {
            const auto expected = cut(all[q], k, radius);
            equal = equal &&
                    std::equal(found[q].begin(), found[q].end(), expected.begin(), expected.end());
            const auto expected_old = cut(before[q], k, radius);
            equal = equal && std::equal(old[q].begin(), old[q].end(), expected_old.begin(),
                                        expected_old.end());
          }
          CHECK(equal);
        }
      }
      const auto found = index.search_radius(queries, radii, keep, ctx);
      REQUIRE(found.size() == queries.size());
      bool equal = true;
      for (std::size_t q = 0; q < queries.size(); ++q) {
        const auto expected = cut(all[q], 1000, radii[q]);
        equal =
            equal && std::equal(found[q].begin(), found[q].end(), expected.begin(), expected.end());
      }
      CHECK(equal);
    }
    CHECK(index.search_radius(queries.view().slice(0, 0), std::vector<std::size_t>{}).empty());
    CHECK_THROWS_MESSAGE(index.search_radius(queries, std::vector<std::size_t>(3)),
                         hint::shape_error,
                         std::string(TestType::name) + "::search_radius: 3 radii for 150 queries");
    CHECK_THROWS_MESSAGE(index.search(hint::code_set(bits + 1, 1), nearest_within{1, 1}),
                         hint::shape_error,
                         std::string(TestType::name) + "::search: queries have " +
                             std::to_string(bits + 1) + " bits, expected " + std::to_string(bits));
  }
}
