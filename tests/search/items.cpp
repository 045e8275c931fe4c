// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/items.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

using hint::code_set;
using hint::search::count_items;
using hint::search::hit;
using hint::search::hits;
using hint::search::item_count;
using hint::search::item_table;
using hint::search::search_items;
using hint::search::search_items_radius;

static_assert(hint::search::item_lookup<item_table>);
static_assert(!hint::search::item_lookup<int>);

TEST_CASE("an item_table knows items by id, and ids that it does not know are their own") {
  item_table items(std::vector<int>{3, -7, 9}, std::vector<std::int64_t>{1, 1, 2});
  CHECK(items.size() == 3);
  CHECK(items(3) == 1);
  CHECK(items(-7) == 1);
  CHECK(items(9) == 2);
  CHECK(items(4) == 4);
  items.add(std::vector<std::int64_t>{4}, std::vector<std::int64_t>{2});
  CHECK(items(4) == 2);
  CHECK_THROWS_MESSAGE(items.add(std::vector<int>{1}, std::vector<int>{}), hint::shape_error,
                       "item_table::add: 0 items for 1 ids");
  CHECK_THROWS_MESSAGE(items.add(std::vector<int>{1, 1}, std::vector<int>{5, 5}),
                       hint::invalid_argument, "item_table::add: id 1 comes twice");
  CHECK_THROWS_MESSAGE(items.add(std::vector<int>{1, 9}, std::vector<int>{5, 5}),
                       hint::invalid_argument, "item_table::add: id 9 has an item already");
  CHECK(items(1) == 1);
  CHECK(items.size() == 4);
}

TEMPLATE_TEST_CASE("items are as near as the nearest of their codes, and counted within a radius",
                   "", hint::search::linear_scan, hint::search::multi_index,
                   hint::search::automatic) {
  const std::uint64_t seed = 81;
  CAPTURE(seed);
  for (const std::size_t bits : {3U, 16U, 64U, 100U}) {
    const hint::random_stream random(seed, bits);
    const std::size_t n = 600, count = 300;  // two parts of queries
    const auto codes = clustered(bits, n, 9, bits / 10, random.fork(0));
    const auto queries = clustered(bits, count, 9, bits / 10, random.fork(0));
    TestType original(bits);
    original.add(codes);
    original.remove({5, 9});
    const TestType index = original;
    original.remove({6});
    std::vector<std::int64_t> ids, items;  // sizes from 1 to very many; id 599 has none
    for (std::size_t i = 0; i + 1 < n; ++i) {
      ids.push_back(static_cast<std::int64_t>(i));
      items.push_back(i % 2 == 0 ? 7 : static_cast<std::int64_t>(random.fork(1).below(i, 40)) - 5);
    }
    const item_table item_of(ids, items);
    const auto keep = [](std::size_t query, std::int64_t id) {
      return (id + std::int64_t(query)) % 5 != 0;
    };
    for (const std::size_t radius : {std::size_t{0}, bits / 6, bits}) {
      std::vector<std::vector<hit>> best(count);
      std::vector<std::vector<item_count>> counts(count);
      for (std::size_t q = 0; q < count; ++q) {
        std::map<std::int64_t, item_count> all;
        for (std::size_t i = 0; i < n; ++i) {
          const auto id = static_cast<std::int64_t>(i);
          const std::uint32_t d = hint::search::hamming_distance(codes[i], queries[q]);
          if (i == 5 || i == 9 || !keep(q, id) || d > radius) continue;
          auto& x = all.try_emplace(item_of(id), item_count{item_of(id), 0, d}).first->second;
          ++x.count;
          x.distance = (std::min)(x.distance, d);
        }
        for (const auto& [item, x] : all) {
          best[q].push_back({x.distance, item});
          counts[q].push_back(x);
        }
        std::sort(best[q].begin(), best[q].end());
        std::stable_sort(counts[q].begin(), counts[q].end(),
                         [](const item_count& a, const item_count& b) {
                           return a.count != b.count ? a.count > b.count : a.distance < b.distance;
                         });
      }
      for (const std::size_t threads : {1U, 3U}) {
        CAPTURE(bits, radius, threads);
        hint::thread_pool pool{threads};
        const hint::context ctx(pool);
        CHECK(search_items_radius(index, queries, radius, item_of, keep, ctx) == hits(best));
        CHECK(count_items(index, queries, radius, item_of, keep, ctx) == counts);
        if (radius < bits) continue;
        for (const std::size_t k : {0U, 1U, 3U, 20U, 41U, 1000U}) {
          CAPTURE(k);
          auto first = best;
          for (auto& row : first) row.resize((std::min)(k, row.size()));
          CHECK(search_items(index, queries, k, item_of, keep, ctx) == hits(first));
        }
      }
    }
  }
}

TEST_CASE("a search for items hears its observer and its index's errors") {
  hint::search::linear_scan index(64);
  const auto in_tens = [](std::int64_t id) { return id / 10; };
  CHECK(search_items(index, code_set(64, 2), 3, in_tens) == hits({{}, {}}));
  CHECK(search_items(index, code_set(64, 0), 3, in_tens).empty());
  index.add(clustered(64, 1000, 9, 5, hint::random_stream(82, 0)));
  const auto queries = clustered(64, 600, 9, 5, hint::random_stream(82, 0));
  CHECK_THROWS_MESSAGE(search_items(index, code_set(63, 1), 3, in_tens), hint::shape_error,
                       "linear_scan::search: queries have 63 bits, expected 64");
  const auto expected = search_items(index, queries, 3, in_tens);
  struct patient {
    std::size_t answers = 0, asked = 0, told = 0;
    bool stop_requested() { return asked++ >= answers; }
    void on(const hint::phase_report&) { ++told; }
  };
  std::size_t some_answered = 0;
  for (std::size_t answers = 0; answers < 100; answers += 3) {
    patient user{.answers = answers};
    hint::sequential here;
    const auto some = search_items(index, queries, 3, in_tens, hint::search::accept_all{},
                                   hint::context(here, user));
    CAPTURE(answers, some.size());
    CHECK(user.told >= 1);
    CHECK((some.size() == 600 || user.asked == answers + 1));
    if (some.size() > 0 && some.size() < 600) ++some_answered;
    for (std::size_t q = 0; q < some.size(); ++q)
      REQUIRE(std::equal(some[q].begin(), some[q].end(), expected[q].begin(), expected[q].end()));
  }
  CHECK(some_answered > 0);
}

TEST_CASE("items within a radius are counted by parts, between which the observer is asked") {
  hint::search::linear_scan index(64);
  index.add(clustered(64, 1000, 9, 5, hint::random_stream(83, 0)));
  const auto queries = clustered(64, 600, 9, 5, hint::random_stream(83, 0));
  std::size_t looked_up = 0;
  const auto in_tens = [&](std::int64_t id) {
    ++looked_up;
    return id / 10;
  };
  const auto within = search_items_radius(index, queries, 20, in_tens);
  const auto counts = count_items(index, queries, 20, in_tens);
  CHECK(within.size() == 600);
  CHECK(counts.size() == 600);
  // Asks to stop as soon as counting has begun.
  struct impatient {
    const std::size_t& looked_up;
    bool stop_requested() { return looked_up > 0; }
  } user{looked_up};
  hint::sequential here;
  const hint::context ctx(here, user);
  looked_up = 0;
  const auto some = search_items_radius(index, queries, 20, in_tens, {}, ctx);
  CHECK(some.size() > 0);
  CHECK(some.size() < 600);
  for (std::size_t q = 0; q < some.size(); ++q)
    CHECK(std::equal(some[q].begin(), some[q].end(), within[q].begin(), within[q].end()));
  looked_up = 0;
  const auto few = count_items(index, queries, 20, in_tens, {}, ctx);
  CHECK(few.size() > 0);
  CHECK(few.size() < 600);
  CHECK(std::equal(few.begin(), few.end(), counts.begin()));
  looked_up = 1;
  CHECK(count_items(index, queries, 20, in_tens, {}, ctx).empty());
  CHECK_THROWS_MESSAGE(count_items(index, code_set(63), 20, in_tens), hint::shape_error,
                       "linear_scan::search_radius: queries have 63 bits, expected 64");
}
