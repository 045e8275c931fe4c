// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <hint/graph/nearest/sparse_plan.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace detail = hint::graph::detail;
using hint::data::block;
using hint_tests::metric;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

namespace {

/// One number in three is not 0.
rows_matrix few_numbers(Eigen::Index n, Eigen::Index d, std::uint64_t seed) {
  const rows_matrix x = random_matrix<float>(n, d, seed);
  return (x.array() > 0.4F).select(x, 0.0F);
}

block centered(const rows_matrix& x, float shift, std::uint64_t seed) {
  const rows_matrix numbers = random_matrix<float>(2, x.cols(), seed);
  block::centering c;
  for (Eigen::Index j = 0; j < x.cols(); ++j) c.shift.push_back(shift + 0.01F * numbers(0, j));
  for (Eigen::Index i = 0; i < x.rows(); ++i) c.factors.push_back(0.5 + static_cast<double>(i % 3));
  return block(sparse_of(x), c);
}

}  // namespace

TEST_CASE("whole numbers are known to have exact sums", "[graph][sparse_plan]") {
  for (const metric how : {metric::cosine, metric::l2, metric::dot}) {
    const rows_matrix whole = hint_tests::small_integers(20, 5, 1);
    const auto plan = [&](const block& rows) {
      return detail::plan_sums(rows, detail::squared_norms(rows), how).plan.exact;
    };
    CHECK(plan(sparse_of(whole)) > 0);
    CHECK(plan(sparse_of(few_numbers(20, 5, 1))) == 0);
    rows_matrix large(1, 1);
    large(0, 0) = 4097;  // whose square is above 2^24
    CHECK(plan(sparse_of(large)) == 0);
  }
}

TEST_CASE("sums are of floats unless these would overflow, vanish or hide what centring leaves",
          "[graph][sparse_plan]") {
  const rows_matrix x = few_numbers(30, 12, 2);
  const auto in_float = [&](const block& rows) {
    return detail::plan_sums(rows, detail::squared_norms(rows), metric::l2).in_float;
  };
  CHECK(in_float(sparse_of(x)));
  CHECK_FALSE(in_float(sparse_of(rows_matrix(x * 1e20F))));
  CHECK_FALSE(in_float(sparse_of(rows_matrix(x * 1e-20F))));
  CHECK(in_float(centered(x, 0.1F, 3)));
  rows_matrix offset = x;
  offset.array() += 1000;
  CHECK_FALSE(in_float(centered(offset, 1000.0F, 3)));
}

TEST_CASE("scores of sparse rows are within their bounds", "[graph][sparse_plan]") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const rows_matrix x = few_numbers(40, 30, seed);
    const rows_matrix whole = hint_tests::small_integers(40, 6, seed);
    const std::vector<std::pair<std::string, block>> all{
        {"plain", sparse_of(x)},
        {"whole", sparse_of(whole)},
        {"long", sparse_of(rows_matrix(x * 1e18F))},
        {"short", sparse_of(rows_matrix(x * 1e-18F))},
        {"centred", centered(x, 0.2F, seed)},
        {"centred whole", centered(whole, 0.2F, seed)},
        {"centred far", centered(rows_matrix(x.array() + 100.0F), 100.0F, seed)}};
    for (const auto& [name, rows] : all)
      for (const metric how : {metric::cosine, metric::l2, metric::l1, metric::dot}) {
        if (how == metric::l1 && !rows.shift().empty()) continue;
        CAPTURE(seed, name, hint_tests::name_of(how));
        const auto squares = detail::squared_norms(rows);
        const detail::sparse_plan plan = detail::plan_sums(rows, squares, how);
        CHECK(plan.centered == !rows.shift().empty());
        std::size_t outside = 0, below = 0;
        for (std::size_t i = 0; i < rows.rows(); ++i)
          for (std::size_t j = 0; j < rows.rows(); ++j) {
            if (i == j || (how == metric::cosine && !(squares[i] > 0 && squares[j] > 0))) continue;
            std::vector<double> a(rows.cols()), b(rows.cols());
            rows.for_each_stored(i, [&](std::size_t c, float v) { a[c] = static_cast<double>(v); });
            rows.for_each_stored(j, [&](std::size_t c, float v) { b[c] = static_cast<double>(v); });
            long double product = 0, l1 = 0;  // of what is stored
            float in_float = 0;
            double in_double = 0;
            bool share = false;
            for (std::size_t c = 0; c < a.size(); ++c) {
              share = share || (a[c] != 0 && b[c] != 0);
              product += static_cast<long double>(a[c]) * static_cast<long double>(b[c]);
              l1 += std::abs(static_cast<long double>(a[c]) - static_cast<long double>(b[c]));
              const double term = how != metric::l1
                                      ? a[c] * b[c]
                                      : std::abs(a[c]) + std::abs(b[c]) - std::abs(a[c] - b[c]);
              in_double += term;
              in_float += static_cast<float>(term);
            }
            double p = plan.in_float ? static_cast<double>(in_float) : in_double;
            if (plan.centered) p -= rows.lack(i) + rows.lack(j);
            // The score in long double, from squares that the library has in double.
            long double real = product;
            if (plan.centered) {
              real = 0;  // from the numbers behind it
              for (std::size_t c = 0; c < a.size(); ++c)
                real +=
                    (static_cast<long double>(a[c]) - static_cast<long double>(rows.shift()[c])) *
                    (static_cast<long double>(b[c]) - static_cast<long double>(rows.shift()[c]));
              real *= static_cast<long double>(rows.factor(i)) *
                      static_cast<long double>(rows.factor(j));
            }
            const auto ii = static_cast<long double>(squares[i]),
                       jj = static_cast<long double>(squares[j]);
            const long double score = how == metric::cosine ? 1 - real / std::sqrt(ii * jj)
                                      : how == metric::l2   ? ii + jj - 2 * real
                                      : how == metric::l1   ? l1
                                                            : -real;
            const auto [low, high] = detail::bounds_of(plan.terms, i, plan.terms, j, p);
            // What this test rounds itself.
            const long double own = 1e-17L * (std::abs(score) + (how == metric::l2 ? ii + jj : 1));
            outside += static_cast<long double>(low) > score + own ||
                               static_cast<long double>(high) < score - own
                           ? 1U
                           : 0U;
            below += !share && plan.least_apart(i, rows.lack(i)) > low ? 1U : 0U;
          }
        CHECK(outside == 0);
        CHECK(below == 0);
      }
  }
}
