// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <hint/graph/nearest/distance.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint_tests::all_metrics;
using hint_tests::exact_distance;
using hint_tests::matrix_of;
using hint_tests::metric;
using hint_tests::name_of;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;
namespace detail = hint::graph::detail;

double dense(const rows_matrix& x, metric how, Eigen::Index i, Eigen::Index j) {
  const auto squares = detail::squared_norms(block(x));
  const auto d = static_cast<std::size_t>(x.cols());
  detail::dense_pair pair{std::span(x.row(i).data(), d), std::span(x.row(j).data(), d)};
  return detail::distance(how, pair, squares[static_cast<std::size_t>(i)],
                          squares[static_cast<std::size_t>(j)], d);
}
double sparse(const block& b, metric how, std::size_t i, std::size_t j) {
  const auto squares = detail::squared_norms(b);
  detail::sparse_pair pair(b);
  pair.from(j);  // whatever came before
  pair.from(i);
  pair.to(i);
  static_cast<void>(pair.sum([](double, double) { return 0.0; }));
  pair.to(j);
  return detail::distance(how, pair, squares[i], squares[j], b.cols());
}

}  // namespace

TEST_CASE("distances of two rows are those of long double", "[graph][distance]") {
  for (const Eigen::Index d : {1, 2, 7, 255, 256, 257, 700}) {
    rows_matrix x = random_matrix<float>(6, d, static_cast<std::uint64_t>(d));
    x.row(1) = x.row(0) * 1.0001F;
    x.row(2).array() += 1e6F;
    x.row(3).array() += 1e6F;
    x.row(4) *= 1e-30F;
    x.row(5) *= 1e30F;
    for (Eigen::Index i = 0; i < x.size(); ++i)
      if (i % 4 == 1) x.data()[i] = 0;
    const block b(sparse_of(x));
    for (const metric how : all_metrics)
      for (Eigen::Index i = 0; i < 6; ++i)
        for (Eigen::Index j = 0; j < 6; ++j) {
          const auto expected = exact_distance(x, i, j, how);
          if (!expected) continue;
          CAPTURE(d, name_of(how), i, j);
          const double scale = static_cast<double>(std::abs(*expected));
          const double error = how == metric::cosine ? 1e-15 + 1e-9 * scale : 1e-9 * scale;
          CHECK(std::abs(dense(x, how, i, j) - static_cast<double>(*expected)) <= error);
          CHECK(std::abs(sparse(b, how, static_cast<std::size_t>(i), static_cast<std::size_t>(j)) -
                         static_cast<double>(*expected)) <= error);
        }
  }
}

TEST_CASE("what cancels is added up again", "[graph][distance]") {
  const rows_matrix x = matrix_of({{1e10F, 1, -1e10F, 1e-3F}, {1e10F, 1e-3F, 1e10F, 1}});
  const double expected = -2 * static_cast<double>(1e-3F);
  CHECK(dense(x, metric::dot, 0, 1) == Approx(expected).epsilon(1e-12));
  CHECK(sparse(block(sparse_of(x)), metric::dot, 0, 1) == Approx(expected).epsilon(1e-12));
}

TEST_CASE("multiples of a row have its direction", "[graph][distance]") {
  const rows_matrix row = random_matrix<float>(1, 40, 3);
  for (const float times : {2.0F, 3.0F, 0.7F, 1e20F}) {
    rows_matrix x(2, 40);
    x.row(0) = row;
    for (Eigen::Index j = 0; j < 40; ++j)  // so few bits that multiples are exact
      x(0, j) = std::round(row(0, j) * 64);
    x.row(1) = x.row(0) * (times == 0.7F ? 5.0F : times == 1e20F ? 0x1p60F : times);
    CHECK(dense(x, metric::cosine, 0, 1) == 0);
    CHECK(sparse(block(sparse_of(x)), metric::cosine, 0, 1) == 0);
  }
}

TEST_CASE("distances are rounded to float where there are floats", "[graph][distance]") {
  using limits = std::numeric_limits<float>;
  CHECK(detail::rounded(0) == 0);
  CHECK(detail::rounded(0.1) == static_cast<double>(0.1F));
  CHECK(detail::rounded(-0.1) == static_cast<double>(-0.1F));
  CHECK(detail::rounded(1e-60) == 1e-60);
  CHECK(detail::rounded(-1e60) == -1e60);
  CHECK(detail::rounded(static_cast<double>((limits::max)())) ==
        static_cast<double>((limits::max)()));
  CHECK(detail::rounded(static_cast<double>((limits::min)())) ==
        static_cast<double>((limits::min)()));
}
