// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/graph/nearest.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::row_id;
using hint::graph::nearest;
using hint::graph::nearest_among;
using hint::graph::neighbor_lists;
using hint_tests::all_metrics;
using hint_tests::brute_force;
using hint_tests::lists_of;
using hint_tests::lists_of_rows;
using hint_tests::matrix_of;
using hint_tests::metric;
using hint_tests::name_of;
using hint_tests::near_row;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::small_integers;
using hint_tests::sparse_of;

/// Asks to stop after so many questions, and looks how much work, in seconds of processors, lies between two.
struct patient {
  std::size_t answers;
  std::size_t asked = 0;
  std::clock_t last = std::clock();
  double longest = 0;
  bool stop_requested() {
    const std::clock_t now = std::clock();
    longest = (std::max)(longest, static_cast<double>(now - last) / CLOCKS_PER_SEC);
    last = now;
    return asked++ >= answers;
  }
};

std::vector<row_id> all_rows(std::size_t n) {
  std::vector<row_id> all(n);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

/// How many lists differ from those of distances in long double, rounded once to float, ties by row. A list
/// that only orders distances within an ulp of each other otherwise does not count.
std::size_t wrong_lists(const block& b, const rows_matrix& x, std::size_t k, metric how) {
  const lists_of_rows found = lists_of(nearest(b, k, how));
  const auto n = static_cast<std::size_t>(x.rows());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<long double> far(n, std::numeric_limits<long double>::infinity());
    std::vector<row_id> order;
    for (std::size_t j = 0; j < n; ++j) {
      const auto d = hint_tests::exact_distance(x, static_cast<Eigen::Index>(i),
                                                static_cast<Eigen::Index>(j), how);
      if (j == i || !d) continue;
      far[j] = hint_tests::rounded_once(*d);
      order.push_back(static_cast<row_id>(j));
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](row_id a, row_id c) { return far[a] < far[c]; });
    order.resize((std::min)(k, order.size()));
    const auto close = [](long double a, long double c) {
      return a == c || std::abs(a - c) <= 1.3e-7L * std::abs(c);
    };
    bool right = found[i].size() == order.size();
    for (std::size_t r = 0; right && r < order.size(); ++r) {
      const near_row& near = found[i][r];
      right = close(far[near.row], far[order[r]]) &&
              close(static_cast<long double>(near.distance),
                    static_cast<long double>(static_cast<float>(far[near.row])));
    }
    wrong += right ? 0 : 1;
  }
  return wrong;
}

/// Rows that floats find hard, by name.
std::vector<std::pair<std::string, rows_matrix>> hard_rows(std::uint64_t seed) {
  const Eigen::Index n = 130, d = 12;
  const rows_matrix base = random_matrix<float>(n, d, seed);
  std::vector<std::pair<std::string, rows_matrix>> out;
  for (const float scale : {1e-30F, 1e-12F, 1.0F, 1e12F, 1e30F})
    out.emplace_back("scale " + std::to_string(scale), rows_matrix(base * scale));
  for (const float offset : {1e2F, 1e4F, -1e6F}) {
    out.emplace_back("offset " + std::to_string(offset), rows_matrix(base.array() + offset));
    out.emplace_back("tiny, offset " + std::to_string(offset),
                     rows_matrix((base.array() + offset) * 1e-30F));
  }
  rows_matrix cone = base * 1e-4F;
  cone.rowwise() += random_matrix<float>(1, d, seed + 1).row(0);
  cone.rowwise().normalize();
  out.emplace_back("cone", cone);
  rows_matrix two = base;  // in two places far apart: no one shift helps
  for (Eigen::Index i = 0; i < n; ++i) two.row(i).array() += i % 3 == 0 ? 1e5F : -1e5F;
  out.emplace_back("two places", two);
  rows_matrix wild = base, multiples = base;
  for (Eigen::Index i = 0; i < n; ++i) {
    wild.row(i) *= std::pow(10.0F, static_cast<float>(i % 61 - 30));
    multiples.row(i) = base.row(i % 7) * static_cast<float>(1 + i % 5);
  }
  out.emplace_back("rows of all lengths", wild);
  out.emplace_back("multiples", multiples);
  out.emplace_back("repeated", rows_matrix(base.topRows(40).replicate(3, 1)));
  return out;
}

}  // namespace

TEST_CASE("lists are right at any scale, offset and angle") {
  for (const std::uint64_t seed : {11U, 12U})
    for (const auto& [kind, rows] : hard_rows(seed)) {
      rows_matrix holes = rows;
      for (Eigen::Index i = 0; i < holes.size(); ++i)
        if (i % 5 == 2) holes.data()[i] = 0;
      for (const metric how : all_metrics) {
        CAPTURE(seed, kind, name_of(how));
        for (const std::size_t k : {1U, 7U}) {
          CHECK(wrong_lists(block(rows), rows, k, how) == 0);
          CHECK(wrong_lists(block(sparse_of(holes)), holes, k, how) == 0);
        }
      }
    }
}

TEST_CASE("beyond the range of floats, products are still in order") {
  const rows_matrix x = matrix_of({{1, 0}, {1, 0}, {3, 1}, {2, 5}});
  for (const float unit : {1e-30F, 1e30F}) {
    const lists_of_rows found = lists_of(nearest(block(rows_matrix(x * unit)), 3, metric::dot));
    std::vector<row_id> order;
    for (const near_row& r : found[0]) order.push_back(r.row);
    CHECK(order == std::vector<row_id>{2, 3, 1});
  }
}

TEST_CASE("where floats are exact, lists are those of brute force, ties and all") {
  for (const std::uint64_t seed : {1U, 2U}) {
    for (const std::size_t n :
         {5U, 65U, 600U}) {  // 600: more than a tile of queries and candidates
      const rows_matrix x = small_integers(n, 7, seed);
      for (const metric how : all_metrics) {
        lists_of_rows expected = brute_force(x, 40, how);
        for (const std::size_t k : {40U, 6U, 1U}) {
          CAPTURE(seed, n, k, name_of(how));
          for (auto& list : expected) list.resize((std::min)(list.size(), k));
          CHECK(lists_of(nearest(block(x), k, how)) == expected);
          CHECK(lists_of(nearest(block(sparse_of(x)), k, how)) == expected);
        }
      }
    }
  }
}

TEST_CASE("on any numbers, lists are those of brute force but for rounding") {
  const std::uint64_t seed = 3;
  rows_matrix x = random_matrix<float>(600, 70, seed);
  for (Eigen::Index i = 0; i < x.size(); ++i)
    if (i % 3 != 0) x.data()[i] = 0;
  x.row(9).setZero();
  for (const metric how : all_metrics)
    for (const block& b : {block(x), block(sparse_of(x))}) {
      CAPTURE(name_of(how), b.is_sparse());
      const lists_of_rows found = lists_of(nearest(b, 10, how));
      const lists_of_rows expected = brute_force(x, 10, how);
      double worst = 0;
      for (std::size_t i = 0; i < found.size(); ++i) {
        REQUIRE(found[i].size() == expected[i].size());
        for (std::size_t r = 0; r < found[i].size(); ++r) {
          const near_row& near = found[i][r];
          const auto true_distance = hint_tests::distance(x, static_cast<Eigen::Index>(i),
                                                          static_cast<Eigen::Index>(near.row), how);
          REQUIRE(true_distance);
          const auto reported = static_cast<double>(near.distance);
          worst = (std::max)(worst, std::abs(reported - *true_distance));
          worst =
              (std::max)(worst, std::abs(reported - static_cast<double>(expected[i][r].distance)));
        }
      }
      CHECK(worst < 1e-4);
      CHECK(worst > 0);  // they are floats
    }
}

TEST_CASE("equal rows are equally far, and the lower one is first") {
  rows_matrix x(200, 33);  // 40 different ones
  for (Eigen::Index i = 0; i < 200; ++i)
    x.row(i) = random_matrix<float>(1, 33, static_cast<std::uint64_t>(i % 40));
  for (const metric how : all_metrics)
    for (const block& b : {block(x), block(sparse_of(x))}) {
      CAPTURE(name_of(how), b.is_sparse());
      const lists_of_rows found = lists_of(nearest(b, 199, how));
      bool good = true;
      for (std::size_t i = 0; i < 200; ++i) {
        std::vector<float> distance(200);
        for (const near_row& n : found[i]) distance[n.row] = n.distance;
        for (std::size_t j = 0; j < 200; ++j)
          for (std::size_t copy = j % 40; copy < 200 && j != i; copy += 40)
            good = good && (copy == i || distance[copy] == distance[j]);
        for (std::size_t r = 1; r < found[i].size(); ++r)
          good = good && hint::graph::nearer(found[i][r - 1], found[i][r]);
      }
      CHECK(good);
    }
}

TEST_CASE("few rows, and more neighbours asked for than there are") {
  for (const metric how : all_metrics)
    for (const std::size_t k : {std::size_t{1}, std::size_t{3}, std::size_t{1000000000000},
                                (std::numeric_limits<std::size_t>::max)()}) {
      CAPTURE(name_of(how), k);
      for (const rows_matrix& x :
           {rows_matrix(0, 3), matrix_of({{1, 2, 3}}), matrix_of({{1, 2, 3}, {1, 2, 2}}),
            matrix_of({{1, 0, 0}, {0, 1, 0}, {2, 1, 0}})}) {
        CHECK(lists_of(nearest(block(x), k, how)) == brute_force(x, k, how));
        CHECK(lists_of(nearest(block(sparse_of(x)), k, how)) == brute_force(x, k, how));
      }
      CHECK(nearest(block(), k, how).size() == 0);
      CHECK(lists_of(nearest(block(rows_matrix(3, 0)), k, how)) ==
            brute_force(rows_matrix(3, 0), k, how));
    }
  CHECK_THROWS_MESSAGE(nearest(block(rows_matrix(3, 2)), 0, metric::l2), hint::invalid_argument,
                       "nearest: k is 0, expected at least 1");
}

TEST_CASE("rows of zeros have no neighbours by cosine, and are none") {
  const rows_matrix x = matrix_of({{0, 0}, {1, 0}, {0, 0}, {-1, 0}, {2, 0}});
  for (const block& b : {block(x), block(sparse_of(x))}) {
    const lists_of_rows found = lists_of(nearest(b, 4, metric::cosine));
    CHECK(found == lists_of_rows{{}, {{4, 0}, {3, 2}}, {}, {{1, 2}, {4, 2}}, {{1, 0}, {3, 2}}});
    CHECK(lists_of(nearest(b, 2, metric::l2))[0] == std::vector<near_row>{{2, 0}, {1, 1}});
    CHECK(lists_of(nearest(block(rows_matrix::Zero(3, 2)), 2, metric::cosine)) ==
          lists_of_rows{{}, {}, {}});
    CHECK(lists_of(nearest(block(rows_matrix::Zero(3, 2)), 2, metric::l1)) ==
          lists_of_rows{{{1, 0}, {2, 0}}, {{0, 0}, {2, 0}}, {{0, 0}, {1, 0}}});
  }
}

TEST_CASE("numbers that are none are refused") {
  rows_matrix x = random_matrix<float>(20, 3, 4);
  for (const auto& [value, name] : {std::pair{std::numeric_limits<float>::quiet_NaN(), "nan"},
                                    std::pair{std::numeric_limits<float>::infinity(), "inf"}}) {
    x(7, 1) = value;
    for (const metric how : all_metrics)
      for (const block& b : {block(x), block(sparse_of(x))})
        CHECK_THROWS_MESSAGE(
            nearest(b, 3, how), hint::invalid_argument,
            "nearest: row 7, column 1 is " + std::string(name) + ", expected finite numbers");
  }
}

TEST_CASE("a selection gives the lists of a copy, and so do borrowed rows") {
  const rows_matrix x = random_matrix<float>(300, 20, 5);
  std::vector<row_id> some;
  for (std::size_t i = 0; i < 200; ++i) some.push_back(static_cast<row_id>((i * 77 + 5) % 300));
  rows_matrix copy(200, 20);
  block(x).gather(some, copy);
  rows_matrix wide = rows_matrix::Zero(300, 27);
  wide.middleCols(3, 20) = x;
  for (const metric how : all_metrics) {
    CAPTURE(name_of(how));
    CHECK(lists_of(nearest(block(x)(some), 8, how)) == lists_of(nearest(block(copy), 8, how)));
    CHECK(lists_of(nearest(block(sparse_of(x))(some), 8, how)) ==
          lists_of(nearest(block(sparse_of(copy)), 8, how)));
    CHECK(lists_of(nearest(block::borrow(wide.middleCols(3, 20)), 8, how)) ==
          lists_of(nearest(block(x), 8, how)));
  }
}

TEST_CASE("some rows among some others") {
  const std::uint64_t seed = 7;
  const rows_matrix x = small_integers(260, 6, seed);
  const hint::random_stream random(seed, 0);
  const auto shuffled = hint::permutation(260, random);
  const std::vector<row_id> queries(shuffled.begin(), shuffled.begin() + 90);
  const std::vector<row_id> candidates(shuffled.begin() + 60, shuffled.begin() + 250);
  const std::vector<row_id> ascending = all_rows(260);
  const std::vector<row_id> one{5};
  std::vector<row_id> repeated = ascending;  // as many as there are, in order, but not all rows
  repeated[1] = 0;
  repeated[200] = 199;
  for (const block& b : {block(x), block(sparse_of(x)), block(x)(ascending)})
    for (const metric how : all_metrics) {
      const auto squares = hint::graph::detail::squared_norms(b);
      const auto check = [&](const std::vector<row_id>& q, const std::vector<row_id>& c) {
        CAPTURE(name_of(how), b.is_sparse(), q.size(), c.size());
        neighbor_lists out(260, 5);
        const std::vector<near_row> marker{{1234, -1}};
        for (std::size_t i = 0; i < 260; ++i) out.set(i, marker);
        nearest_among(b, q, c, squares, 5, how, out);
        lists_of_rows expected(260, marker);
        for (const row_id row : q) expected[row] = brute_force(x, row, c, 5, how);
        CHECK(lists_of(out) == expected);
      };
      check(queries, candidates);
      check(queries, queries);
      check(queries, ascending);
      check(ascending, candidates);
      check(shuffled, shuffled);
      check(repeated, ascending);
      check(queries, one);
      check(one, one);
      check(queries, {});
      check({}, candidates);
    }
}

TEST_CASE("queries of fractions among candidates of whole numbers") {
  rows_matrix x = small_integers(160, 6, 13);
  x.bottomRows(40) = random_matrix<float>(40, 6, 14);
  const std::vector<row_id> all = all_rows(160);
  const std::vector<row_id> candidates(all.begin(), all.begin() + 120);
  const std::vector<row_id> queries(all.begin() + 120, all.end());
  for (const metric how : all_metrics)
    for (const bool swapped : {false, true}) {
      const auto& q = swapped ? candidates : queries;
      const auto& c = swapped ? queries : candidates;
      neighbor_lists out(160, 5);
      nearest_among(block(x), q, c, hint::graph::detail::squared_norms(block(x)), 5, how, out);
      for (const row_id row : q) {
        CAPTURE(name_of(how), swapped, row);
        CHECK(std::vector<near_row>(out[row].begin(), out[row].end()) ==
              brute_force(x, row, c, 5, how));
      }
    }
}

TEST_CASE("the same bits for any number of threads") {
  hint::thread_pool one(1);
  hint::thread_pool two(2);
  hint::thread_pool three(3);
  const rows_matrix x = random_matrix<float>(700, 45, 8);
  for (const metric how : all_metrics)
    for (const block& b : {block(x), block(sparse_of(x)), block(x)(all_rows(650))}) {
      CAPTURE(name_of(how), b.is_sparse());
      const lists_of_rows expected = lists_of(nearest(b, 9, how));
      for (hint::thread_pool* pool : {&one, &two, &three})
        CHECK(lists_of(nearest(b, 9, how, hint::context{*pool})) == expected);
      hint_tests::backwards last_first;
      CHECK(lists_of(nearest(b, 9, how, hint::context{last_first})) == expected);
    }
}

TEST_CASE("a search that is asked to stop has whole lists and empty ones") {
  const rows_matrix x = small_integers(700, 9, 11);
  for (const metric how : all_metrics)
    for (const block& b : {block(x), block(sparse_of(x))}) {
      const lists_of_rows whole = lists_of(nearest(b, 5, how));
      bool stopped = false, finished = false;
      for (std::size_t answers = 0; answers < 40; ++answers)
        for (const std::size_t threads : {1U, 3U}) {
          CAPTURE(name_of(how), b.is_sparse(), answers, threads);
          hint::thread_pool pool(threads);
          patient observer{answers};
          const lists_of_rows found = lists_of(nearest(b, 5, how, hint::context(pool, observer)));
          REQUIRE(found.size() == whole.size());
          std::size_t empty = 0, equal = 0;
          for (std::size_t i = 0; i < whole.size(); ++i) {
            empty += found[i].empty() && !whole[i].empty() ? 1 : 0;
            equal += found[i] == whole[i] ? 1 : 0;
          }
          CHECK(empty + equal == whole.size());
          stopped = stopped || empty > 0;
          finished = finished || equal == whole.size();
        }
      CHECK(stopped);
      CHECK(finished);
    }
}

TEST_CASE("a search asks ten times a second whether to stop") {
#if defined(__SANITIZE_ADDRESS__)
  constexpr double slowness = 10;
#else
  constexpr double slowness = 1;
#endif
  const rows_matrix x = random_matrix<float>(6000, 512, 3);
  const rows_matrix few = (x.array() > 1.8F).select(x, 0.0F);  // one in thirty
  const rows_matrix wide = random_matrix<float>(700, 40000, 4);
  for (const metric how : all_metrics)
    for (const block& b : {block(x), block(sparse_of(few)), block(sparse_of(x)),
                           block(x)(all_rows(5999)), block(wide)})
      for (const std::size_t threads : {1U, 2U}) {
        CAPTURE(name_of(how), b.is_sparse(), b.cols(), threads);
        hint::thread_pool pool(threads);
        patient observer{12};
        (void)nearest(b, 20, how, hint::context(pool, observer));
        CHECK(observer.asked > 12);
        // 0.1 s is what is promised; slow machines get five times as much, sanitizers ten times that.
        CHECK(observer.longest < slowness * 0.5 * static_cast<double>(threads));
      }
}

TEST_CASE("distances that only rounding makes equal are in the order of rows, for any k") {
  const rows_matrix x{{-4000, 0}, {4000, 1}, {4000, 0}, {4000, 90}};  // 8000 and a little
  for (const block& rows : {block(x), block(sparse_of(x))})
    for (const std::size_t k : {1U, 2U}) {
      CAPTURE(rows.is_sparse(), k);
      const auto found = nearest(rows, k, metric::l2);
      CHECK(found[0][0] == near_row{1, 8000});
    }
  const rows_matrix y{{1, 0}, {0, 0x1p-13F}, {0, 0}};
  for (const block& rows : {block(y), block(sparse_of(y))})
    CHECK(nearest(rows, 1, metric::l2)[0][0] == near_row{1, 1});
}

TEST_CASE("a product whose terms cancel is not that of rows without a column in common") {
  const rows_matrix x{{1e20F, 1, 1e20F, 0}, {0, 0, 0, 1}, {1, 1, -1, 0}, {0, 0, 0, 2}};
  for (const block& rows : {block(x), block(sparse_of(x))})
    CHECK(nearest(rows, 1, metric::dot)[0][0] == near_row{2, -1});
}
