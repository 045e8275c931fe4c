// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/pairs.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"
#include "support/random_codes.hpp"
#include "support/temporary_folder.hpp"

namespace search = hint::search;
using search::code_pair;
using search::pair_method;
using pairs = std::vector<code_pair>;

namespace {

constexpr std::array methods{pair_method::automatic, pair_method::scan, pair_method::tables,
                             pair_method::cells};

/// The definition: every i < j of one set, all of two.
pairs by_definition(const hint::code_view& a, const hint::code_view& b, bool same,
                    std::size_t radius, const std::vector<std::int64_t>& ids_a,
                    const std::vector<std::int64_t>& ids_b) {
  pairs out;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = same ? i + 1 : 0; j < b.size(); ++j) {
      const std::uint32_t d = search::hamming_distance(a[i], b[j]);
      if (d > radius) continue;
      code_pair p{ids_a[i], ids_b[j], d};
      if (same && p.second < p.first) std::swap(p.first, p.second);
      out.push_back(p);
    }
  std::sort(out.begin(), out.end());
  return out;
}
std::vector<std::int64_t> numbered(std::size_t n) {
  std::vector<std::int64_t> ids(n);
  std::iota(ids.begin(), ids.end(), 0);
  return ids;
}
pairs by_definition(const hint::code_view& codes, std::size_t radius) {
  const auto ids = numbered(codes.size());
  return by_definition(codes, codes, true, radius, ids, ids);
}
pairs listed(const search::pair_list& list) {
  pairs out;
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(list[i]);
  return out;
}
template <class Codes>
pairs told(const Codes& codes, const search::pair_options& o, const hint::context& ctx = {}) {
  pairs out;
  const auto done = search::for_each_pair(
      codes, o, [&](const code_pair& p) { out.push_back(p); }, search::accept_all{}, ctx);
  CHECK(done.complete);
  CHECK(done.pairs == out.size());
  if (o.method != pair_method::automatic && codes.size() > 1) CHECK(done.method == o.method);
  return out;
}
hint::code_set equal_codes(std::size_t n, std::size_t bits) { return hint::code_set(bits, n); }

}  // namespace

TEST_CASE("all pairs within a radius are those of a double loop, by every method") {
  const std::uint64_t seed = 41;
  CAPTURE(seed);
  std::uint64_t round = 0;
  for (const std::size_t bits : {1U, 7U, 8U, 32U, 63U, 64U, 65U, 128U, 200U, 513U})
    for (const std::size_t n : {0U, 1U, 2U, 31U, 300U, 700U}) {
      const hint::random_stream random(seed, ++round);
      const bool tight = round % 2 == 0;
      const auto codes = tight ? clustered(bits, n, 20, 16, random) : random_codes(bits, n, random);
      for (const std::size_t radius : {std::size_t{0}, std::size_t{1}, std::size_t{3}, bits / 8,
                                       bits / 3, bits, std::size_t{5000}}) {
        if (n > 300 && radius > bits / 8) continue;
        const pairs expected = by_definition(codes, radius);
        for (const pair_method method : methods) {
          CAPTURE(bits, n, radius, static_cast<int>(method));
          REQUIRE(listed(search::find_pairs(codes, {radius, method})) == expected);
          REQUIRE(search::count_pairs(codes, {radius, method}).pairs == expected.size());
        }
      }
    }
}

TEST_CASE("pairs of an index have its ids, the smaller first, and none of what was removed") {
  const std::uint64_t seed = 42;
  CAPTURE(seed);
  const hint::random_stream random(seed, 0);
  const std::size_t n = 3000;
  const auto codes = clustered(96, n, 100, 20, random);
  std::vector<std::int64_t> ids(n);  // in no order, some negative
  for (std::size_t i = 0; i < n; ++i) ids[i] = static_cast<std::int64_t>(i * 1999 % n) * 3 - 1000;
  search::linear_scan index(96);
  index.add(codes, ids);
  std::vector<std::int64_t> gone;
  for (std::size_t i = 0; i < n; i += 3) gone.push_back(ids[i]);
  index.remove(gone);

  hint::code_set left(96);
  std::vector<std::int64_t> left_ids;
  for (std::size_t i = 0; i < n; ++i)
    if (i % 3 != 0) {
      left.append(codes.view().slice(i, 1));
      left_ids.push_back(ids[i]);
    }
  for (const std::size_t radius : {2U, 9U}) {
    const pairs expected = by_definition(left, left, true, radius, left_ids, left_ids);
    CHECK(!expected.empty());
    for (const pair_method method : methods) {
      CHECK(listed(search::find_pairs(index, {radius, method})) == expected);
      CHECK(search::count_pairs(index, {radius, method}).pairs == expected.size());
    }
    search::automatic other(96);
    other.add(left, left_ids);
    CHECK(listed(search::find_pairs(other, {radius})) == expected);
  }
}

TEST_CASE("a join has all pairs of two sets, also of equal ids") {
  const std::uint64_t seed = 43;
  CAPTURE(seed);
  const hint::random_stream random(seed, 0);
  for (const std::size_t bits : {16U, 64U, 130U})
    for (const auto& [na, nb] :
         {std::pair{0U, 5U}, {5U, 0U}, {1U, 1U}, {40U, 900U}, {900U, 40U}, {700U, 800U}}) {
      const auto a = clustered(bits, na, 30, 12, random);
      const auto b = clustered(bits, nb, 30, 12, random);
      for (const std::size_t radius : {0U, 2U, 6U}) {
        const pairs expected = by_definition(a, b, false, radius, numbered(na), numbered(nb));
        search::linear_scan index(bits);
        index.add(b);
        for (const pair_method method : methods) {
          CAPTURE(bits, na, nb, radius, static_cast<int>(method));
          REQUIRE(listed(search::find_pairs(a, b, {radius, method})) == expected);
          REQUIRE(listed(search::find_pairs(a, index, {radius, method})) == expected);
          REQUIRE(search::count_pairs(a, index, {radius, method}).pairs == expected.size());
        }
      }
    }
}

TEST_CASE("a set joined with itself, or with a snapshot of itself, is joined as two") {
  const hint::random_stream random(45, 0);
  for (const std::size_t n : {0U, 1U, 300U}) {
    const auto codes = clustered(40, n, 20, 8, random);
    search::linear_scan index(40);
    index.add(codes);
    const search::linear_scan snapshot = index;
    const pairs expected = by_definition(codes, codes, false, 3, numbered(n), numbered(n));
    CHECK(expected.size() >= n);
    const auto uneven = [](std::int64_t a, std::int64_t b) { return (a + 2 * b) % 3 != 0; };
    pairs of_uneven = expected;
    std::erase_if(of_uneven, [&](const code_pair& p) { return !uneven(p.first, p.second); });
    for (const pair_method method : methods) {
      CAPTURE(n, static_cast<int>(method));
      const search::pair_options o{3, method};
      CHECK(listed(search::find_pairs(index, index, o)) == expected);
      CHECK(listed(search::find_pairs(index, snapshot, o)) == expected);
      CHECK(listed(search::find_pairs(codes, codes, o)) == expected);
      CHECK(listed(search::find_pairs(index, index, o, uneven)) == of_uneven);
      CHECK(search::count_pairs(index, index, o).pairs == expected.size());
      CHECK(search::for_each_pair(index, index, o, [](const code_pair&) {}).pairs ==
            expected.size());
    }
  }
}

TEST_CASE("filters of items and of pairs") {
  const std::uint64_t seed = 44;
  CAPTURE(seed);
  const auto codes = clustered(64, 9000, 300, 16, {seed, 0});
  search::linear_scan index(64);
  index.add(codes);
  const auto items = [](std::int64_t id) { return id % 3 != 1; };
  const auto across = [](std::int64_t a, std::int64_t b) { return a % 2 != b % 2; };
  for (const pair_method method : methods) {
    const search::pair_options o{6, method};
    pairs some, cross;
    for (const code_pair& p : told(index, o)) {
      if (items(p.first) && items(p.second)) some.push_back(p);
      if (across(p.first, p.second)) cross.push_back(p);
    }
    std::sort(some.begin(), some.end());
    std::sort(cross.begin(), cross.end());
    CHECK(!some.empty());
    CHECK(listed(search::find_pairs(index, o, items)) == some);
    CHECK(listed(search::find_pairs(codes, o, items)) == some);
    CHECK(search::count_pairs(index, o, items).pairs == some.size());
    CHECK(listed(search::find_pairs(index, o, across)) == cross);
    CHECK(search::count_pairs(codes, o, across).pairs == cross.size());
    CHECK(search::find_pairs(index, o, [](std::int64_t) { return false; }).size() == 0);
    CHECK(search::find_pairs(codes, index, o, [](std::int64_t a, std::int64_t b) {
            return a == b;
          }).size() == 9000);
  }
}

TEST_CASE("the order of pairs does not depend on the threads") {
  const std::uint64_t seed = 45;
  CAPTURE(seed);
  const auto codes = clustered(128, 12000, 400, 16, {seed, 0});
  hint::thread_pool four(4);
  for (const pair_method method : methods) {
    const auto alone = told(codes, {12, method});
    CHECK(alone.size() > 10000);
    CHECK(alone == told(codes, {12, method}, hint::context{four}));
  }
}

TEST_CASE("pairs of equal codes are all pairs; a sink that has enough ends it") {
  hint::thread_pool two(2);
  for (const pair_method method : methods) {
    CHECK(search::count_pairs(equal_codes(5000, 64), {0, method}).pairs == 5000U * 4999 / 2);
    std::set<std::pair<std::int64_t, std::int64_t>> seen;
    search::for_each_pair(equal_codes(1000, 70), {3, method}, [&](const code_pair& p) {
      CHECK((p.first < p.second && p.distance == 0));
      seen.emplace(p.first, p.second);
    });
    CHECK(seen.size() == 1000U * 999 / 2);
    for (const hint::context& ctx : {hint::context{}, hint::context{two}}) {
      std::size_t calls = 0;
      const auto done = search::for_each_pair(
          equal_codes(200'000, 64), {0, method}, [&](const code_pair&) { return ++calls < 1000; },
          search::accept_all{}, ctx);
      CHECK(calls == 1000);
      CHECK(done.pairs == 1000);
      CHECK(!done.complete);
    }
  }
}

TEST_CASE("a search for pairs reports how far it is, and stops when asked") {
  struct watcher {
    void on(const hint::phase_report& r) {
      CHECK(r.phase == "pairs");
      CHECK(r.done >= last);
      last = r.done;
    }
    bool stop_requested() { return ++asked >= most; }
    std::size_t most;
    std::size_t asked = 0;
    double last = 0;
  };
  const auto codes = random_codes(64, 20000, {46, 0});
  hint::sequential here;
  for (const pair_method method : methods) {
    watcher whole{1'000'000};
    CHECK(search::count_pairs(codes, {8, method}, search::accept_all{}, hint::context{here, whole})
              .complete);
    CHECK(whole.last == 1);
    watcher at_once{1};
    const auto none =
        search::count_pairs(codes, {8, method}, search::accept_all{}, hint::context{here, at_once});
    CHECK(!none.complete);
    CHECK(none.pairs == 0);
    watcher later{2};
    const auto list = search::find_pairs(
        equal_codes(100'000, 64), {8, method},
        [](std::int64_t a, std::int64_t b) { return a == 0 && b == 1; },
        hint::context{here, later});
    CHECK(!list.complete);
    CHECK(later.asked == 2);
  }
}

TEST_CASE("pairs of a snapshot and of a mapped file") {
  const auto codes = clustered(64, 5000, 200, 16, {47, 0});
  search::linear_scan index(64);
  index.add(codes.view().slice(0, 2500));
  const search::linear_scan snapshot = index;
  index.add(codes.view().slice(2500, 2500));
  const pairs half = by_definition(codes.view().slice(0, 2500), 5);
  const pairs all = by_definition(codes, 5);
  const hint_tests::temporary_folder folder;
  const auto file = folder / "index.hint";
  hint::io::save(file, snapshot);
  search::linear_scan rest(64);
  std::vector<std::int64_t> ids(2500);
  std::iota(ids.begin(), ids.end(), 2500);
  rest.add(codes.view().slice(2500, 2500), ids);
  hint::io::append(file, rest);  // chunks of odd sizes
  const auto mapped = hint::io::map<search::linear_scan>(file);
  for (const pair_method method : methods) {
    CHECK(listed(search::find_pairs(snapshot, {5, method})) == half);
    CHECK(listed(search::find_pairs(index, {5, method})) == all);
    CHECK(listed(search::find_pairs(mapped, {5, method})) == all);
  }
}

TEST_CASE("bad input of a search for pairs") {
  const hint::code_set a(64, 3), b(65, 3);
  CHECK_THROWS_MESSAGE(search::find_pairs(a, b, {1}), hint::shape_error,
                       "find_pairs: the second codes have 65 bits, expected 64 as the first");
  CHECK_THROWS_MESSAGE(search::count_pairs(b, a, {1}), hint::shape_error,
                       "count_pairs: the second codes have 64 bits, expected 65 as the first");
  const auto nothing = [](const code_pair&) {};
  CHECK_THROWS_MESSAGE(search::for_each_pair(b, a, {1}, nothing), hint::shape_error,
                       "for_each_pair: the second codes have 64 bits, expected 65 as the first");
  hint::code_set padded(3, 2);
  padded[1][0] = 8;
  CHECK_THROWS_MESSAGE(search::find_pairs(padded, {1}), hint::invalid_argument,
                       "find_pairs: code 1 of codes has bits set past its end, bit 2");
  // What a sink throws comes out.
  CHECK_THROWS_AS(search::for_each_pair(a, {1}, [](const code_pair&) { throw 1; }), int);
}
