// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/graph/nearest/shortlist.hpp>

#include "support/catch.hpp"

namespace {

using hint::node_id;
using hint::graph::detail::exact_row;
using hint::graph::detail::shortlist;

/// Candidates are rows, distances their own scores.
struct judge {
  const std::vector<double>& distances;
  std::size_t& judged;
  node_id row(std::size_t c) const { return static_cast<node_id>(c); }
  double score(double distance) const { return distance; }
  void next(std::size_t c) const { REQUIRE(c < distances.size()); }
  double distance(std::size_t c) const { return ++judged, distances[c]; }
};

std::vector<node_id> rows_of(const shortlist& list) {
  std::vector<node_id> out;
  for (const exact_row& r : list.get()) out.push_back(r.row);
  return out;
}

/// Offers n candidates in order, whose bounds are up to `loose` away; counts how many were looked at.
std::vector<node_id> found(const std::vector<double>& distances, std::size_t k, double loose,
                           std::uint64_t seed, std::size_t& judged) {
  const hint::random_stream random(seed, 1);
  shortlist list(k);
  judged = 0;
  const auto settle = [&] { list.settle(judge{distances, judged}, false); };
  for (std::size_t c = 0; c < distances.size(); ++c) {
    const double low = distances[c] - loose * random.uniform(2 * c);
    const double high = distances[c] + loose * random.uniform(2 * c + 1);
    list.offer(c, low, high, false, settle);
  }
  settle();
  return rows_of(list);
}

}  // namespace

TEST_CASE("a shortlist ends with the nearest, however loose its bounds", "[graph][shortlist]") {
  for (const std::uint64_t seed : {1U, 2U, 3U})
    for (const std::size_t n : {0U, 1U, 5U, 3000U})
      for (const std::size_t k : {0U, 1U, 4U, 30U}) {
        const hint::random_stream random(seed, 2);
        std::vector<double> distances(n);
        for (std::size_t i = 0; i < n; ++i)  // many ties
          distances[i] = static_cast<double>(random.below(i, 500));
        std::vector<node_id> expected(n);
        for (std::size_t i = 0; i < n; ++i) expected[i] = static_cast<node_id>(i);
        std::stable_sort(expected.begin(), expected.end(),
                         [&](node_id a, node_id b) { return distances[a] < distances[b]; });
        expected.resize((std::min)(k, n));
        for (const double loose : {0.0, 0.5, 40.0, 1e9}) {
          CAPTURE(seed, n, k, loose);
          std::size_t judged = 0;
          CHECK(found(distances, k, loose, seed, judged) == expected);
          CHECK(judged <= n);
          if (loose == 0.0 && n == 3000) CHECK(judged < k + 60);
        }
      }
}

TEST_CASE("equal bounds may stand for equal distances", "[graph][shortlist]") {
  shortlist list(2);
  std::size_t judged = 0;
  for (const std::size_t c : {4U, 3U, 2U, 9U}) list.offer(c, c == 9 ? 2 : 1, 5, false, [] {});
  const std::vector<double> distances{0, 0, 1, 1, 1, 0, 0, 0, 0, 2};
  list.settle(judge{distances, judged}, true);
  CHECK(judged == 1);
  CHECK(rows_of(list) == std::vector<node_id>{2, 3});
  CHECK(list.limit() == 1);
  list.clear();
  CHECK(list.get().empty());
  CHECK(list.limit() > 1e300);
}

TEST_CASE("of many ties few are looked at, in whatever order they come", "[graph][shortlist]") {
  for (const std::uint64_t seed : {1U, 2U, 3U})
    for (const std::size_t different : {1U, 3U, 40U})
      for (const std::size_t k : {1U, 5U, 60U}) {
        CAPTURE(seed, different, k);
        const std::size_t n = 5000;
        const hint::random_stream random(seed, 3);
        // Scores that rounding to distances may make equal: 2 and 2.001 are the same distance.
        std::vector<double> scores(n), distances(n);
        for (std::size_t i = 0; i < n; ++i) {
          distances[i] = static_cast<double>(random.below(2 * i, different));
          scores[i] = distances[i] + 0.001 * static_cast<double>(random.below(2 * i + 1, 2));
        }
        std::vector<node_id> order(n), expected(n);
        for (std::size_t i = 0; i < n; ++i) order[i] = expected[i] = static_cast<node_id>(i);
        std::stable_sort(expected.begin(), expected.end(),
                         [&](node_id a, node_id b) { return distances[a] < distances[b]; });
        expected.resize(k);
        hint::shuffle(std::span(order), random.fork(1));
        shortlist list(k);
        std::size_t judged = 0, settled = 0;
        const auto settle = [&] {
          ++settled;
          list.settle(judge{distances, judged}, true);
        };
        for (const node_id c : order)
          list.offer(c, scores[c] - 0.01, scores[c] + 0.01, true, settle);
        settle();
        CHECK(rows_of(list) == expected);
        CHECK(settled < 15);  // of 50 if all ties were
      }
}

TEST_CASE("a list of none accepts nothing", "[graph][shortlist]") {
  shortlist list(0);
  bool settled = false;
  list.offer(3, -1e300, 0, true, [&] { settled = true; });
  std::size_t judged = 0;
  list.settle(judge{{}, judged}, false);
  CHECK(list.get().empty());
  CHECK(judged == 0);
  CHECK_FALSE(settled);
}
