// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/near_duplicates.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"
#include "support/random_codes.hpp"

namespace search = hint::search;
using search::grouping;
using search::pair_method;
using groups = std::vector<std::vector<std::int64_t>>;

namespace {

constexpr std::array methods{pair_method::automatic, pair_method::scan, pair_method::tables,
                             pair_method::cells};

struct item {
  std::int64_t id;
  std::size_t code;
};

/// The definitions, item by item of ascending id.
groups by_definition(const hint::code_view& codes, std::vector<item> items, std::size_t radius,
                     grouping by) {
  std::sort(items.begin(), items.end(), [](const item& a, const item& b) { return a.id < b.id; });
  const auto near = [&](std::size_t i, std::size_t j) {
    return search::hamming_distance(codes[items[i].code], codes[items[j].code]) <= radius;
  };
  std::vector<std::size_t> first(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    first[i] = i;
    if (by == grouping::keep_first) {
      for (std::size_t j = 0; j < i && first[i] == i; ++j)
        if (first[j] == j && near(j, i)) first[i] = j;
    } else {
      for (std::size_t j = 0; j < i; ++j) {
        if (!near(j, i) || first[j] == first[i]) continue;
        const std::size_t low = (std::min)(first[j], first[i]);
        const std::size_t high = (std::max)(first[j], first[i]);
        std::replace(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(i) + 1, high, low);
      }
    }
  }
  groups out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (first[i] != i) continue;
    out.emplace_back();
    for (std::size_t j = i; j < items.size(); ++j)
      if (first[j] == i) out.back().push_back(items[j].id);
  }
  return out;
}
groups listed(const search::near_duplicate_groups& found) {
  CHECK(found.complete());
  groups out;
  for (std::size_t g = 0; g < found.size(); ++g) out.emplace_back(found[g].begin(), found[g].end());
  return out;
}
std::vector<item> numbered(std::size_t n) {
  std::vector<item> items;
  for (std::size_t i = 0; i < n; ++i) items.push_back({static_cast<std::int64_t>(i), i});
  return items;
}

}  // namespace

TEST_CASE("groups are those of the definitions, by every method") {
  const std::uint64_t seed = 51;
  CAPTURE(seed);
  std::uint64_t round = 0;
  for (const std::size_t bits : {6U, 12U, 64U, 100U})
    for (const std::size_t n : {0U, 1U, 2U, 65U, 600U}) {
      const hint::random_stream random(seed, ++round);
      const auto codes =
          round % 3 == 0 ? random_codes(bits, n, random) : clustered(bits, n, 40, 18, random);
      for (const std::size_t radius : {std::size_t{0}, std::size_t{1}, bits / 16, bits / 8, bits})
        for (const grouping by : {grouping::connected, grouping::keep_first}) {
          const groups expected = by_definition(codes, numbered(n), radius, by);
          for (const pair_method method : methods) {
            CAPTURE(bits, n, radius, by == grouping::connected, static_cast<int>(method));
            REQUIRE(listed(search::near_duplicates(codes, {radius, by, method})) == expected);
          }
        }
    }
}

TEST_CASE("groups of an index go by its ids, without what was removed or is not accepted") {
  const std::uint64_t seed = 52;
  CAPTURE(seed);
  const std::size_t n = 1500;
  const auto codes = clustered(64, n, 150, 14, {seed, 0});
  std::vector<std::int64_t> ids(n), gone;
  for (std::size_t i = 0; i < n; ++i) ids[i] = static_cast<std::int64_t>(i * 701 % n) * 2 - 500;
  search::linear_scan index(64);
  index.add(codes, ids);
  for (std::size_t i = 5; i < n; i += 4) gone.push_back(ids[i]);
  index.remove(gone);
  const auto accepted = [](std::int64_t id) { return id % 3 != 0; };
  std::vector<item> left, some;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 4 == 1 && i >= 5) continue;
    left.push_back({ids[i], i});
    if (accepted(ids[i])) some.push_back({ids[i], i});
  }
  for (const grouping by : {grouping::connected, grouping::keep_first}) {
    CHECK(listed(search::near_duplicates(index, {5, by})) == by_definition(codes, left, 5, by));
    CHECK(listed(search::near_duplicates(index, {5, by}, accepted)) ==
          by_definition(codes, some, 5, by));
  }
}

TEST_CASE("what is kept is apart, and what is not is near something kept") {
  const auto codes = clustered(128, 20'000, 500, 16, {53, 0});
  search::linear_scan index(128);
  index.add(codes);
  const auto found = search::near_duplicates(index, {.radius = 16, .by = grouping::keep_first});
  const auto kept = found.representatives();
  const auto dropped = found.duplicates();
  CHECK(kept.size() + dropped.size() == index.size());
  CHECK(std::is_sorted(kept.begin(), kept.end()));
  hint::thread_pool four(4);
  const hint::context threads{four};
  CHECK(found == search::near_duplicates(index, {.radius = 16, .by = grouping::keep_first},
                                         search::accept_all{}, threads));
  CHECK(search::near_duplicates(index, {.radius = 16}) ==
        search::near_duplicates(index, {.radius = 16}, search::accept_all{}, threads));
  CHECK(index.remove(dropped) == dropped.size());
  CHECK(search::near_duplicates(index, {.radius = 16}).size() == index.size());
}

TEST_CASE("many equal codes are one group at once") {
  const hint::code_set equal(64, 300'000);
  for (const grouping by : {grouping::connected, grouping::keep_first}) {
    const auto found = search::near_duplicates(equal, {.radius = 3, .by = by});
    CHECK(found.size() == 1);
    CHECK(found[0].size() == 300'000);
    CHECK(found.duplicates().size() == 299'999);
  }
}

TEST_CASE("a chain is one group when connected, and is cut by what is kept") {
  hint::code_set chain(64, 9);  // each one bit further
  for (std::size_t i = 0; i < 9; ++i) chain[i][0] = (std::uint64_t{1} << i) - 1;
  CHECK(listed(search::near_duplicates(chain, {.radius = 1})).size() == 1);
  CHECK(listed(search::near_duplicates(chain, {.radius = 2, .by = grouping::keep_first})) ==
        groups{{0, 1, 2}, {3, 4, 5}, {6, 7, 8}});
}

TEST_CASE("asked to stop, groups say that they are not complete") {
  struct stopper {
    bool stop_requested() { return ++asked > 1; }
    void on(const hint::phase_report& r) { CHECK(r.phase == "near-duplicates"); }
    int asked = 0;
  };
  const auto codes = random_codes(64, 60'000, {54, 0});
  hint::sequential here;
  for (const grouping by : {grouping::connected, grouping::keep_first}) {
    stopper stop;
    const auto found =
        search::near_duplicates(codes, {.radius = 14, .by = by, .method = pair_method::scan},
                                search::accept_all{}, hint::context{here, stop});
    CHECK(!found.complete());
    std::size_t items = 0;
    for (std::size_t g = 0; g < found.size(); ++g) items += found[g].size();
    CHECK(items == codes.size());
  }
}

TEST_CASE("bad input of near_duplicates") {
  hint::code_set padded(3, 2);
  padded[0][0] = 8;
  CHECK_THROWS_MESSAGE(search::near_duplicates(padded, {}), hint::invalid_argument,
                       "near_duplicates: code 0 of codes has bits set past its end, bit 2");
  CHECK(search::near_duplicate_groups().size() == 0);
  CHECK(search::near_duplicate_groups().representatives().empty());
}
