// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <hint/graph/nearest/bounds.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/product.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::row_id;
using hint_tests::all_metrics;
using hint_tests::metric;
using hint_tests::name_of;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
namespace detail = hint::graph::detail;

struct bounds {
  detail::float_plan plan;
  std::size_t outside = 0;  // pairs whose score is not between its bounds
  double widest = 0;        // of all intervals, relative to the largest score
};

bounds bounds_of(const rows_matrix& x, metric how) {
  std::vector<row_id> all(static_cast<std::size_t>(x.rows()));
  std::iota(all.begin(), all.end(), 0U);
  const auto squares = detail::squared_norms(block(x));
  const auto cols = static_cast<std::size_t>(x.cols());
  bounds out{detail::plan_floats(x, all, x, all, squares, how)};
  rows_matrix m = x;
  if (out.plan.copies) detail::copy_floats(x, all, squares, out.plan, m);
  const double error = out.plan.exact > 0  ? 0
                       : how == metric::l1 ? detail::float_l1_error(cols)
                                           : detail::float_product_error(cols);
  const auto t = detail::terms_of(all, squares, out.plan, m, error);
  rows_matrix products(x.rows(), x.rows());
  hint::linalg::multiply_transposed<float>(m, m, products);
  double largest = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < all.size(); ++j) {
      const auto r = static_cast<Eigen::Index>(i), c = static_cast<Eigen::Index>(j);
      const auto distance = hint_tests::exact_distance(x, r, c, how);
      if (!distance) continue;
      auto p = static_cast<double>(products(r, c));
      if (how == metric::l1)
        p = -static_cast<double>(hint::linalg::l1_distance<float>(
            std::span(m.row(r).data(), cols), std::span(m.row(c).data(), cols)));
      const auto d = *distance * static_cast<long double>(out.plan.score().unit);
      const auto score = static_cast<double>(
          how == metric::l2    ? d * d
          : how == metric::dot ? d * static_cast<long double>(out.plan.score().unit)
                               : d);
      const double unsure = t.slack[i] * t.slack[j];
      const double low = t.low[i] + t.low[j] - t.factor[i] * t.factor[j] * p - unsure;
      const double high = low + 2 * (unsure + t.blur[i] + t.blur[j]) +
                          (how == metric::l1 ? 4 * error * std::abs(p) : 0);
      out.outside += score >= low && score <= high ? 0 : 1;
      out.outside += out.plan.score()(static_cast<double>(*distance)) >= score ? 0 : 1;
      out.widest = (std::max)(out.widest, high - low);
      largest = (std::max)(largest, std::abs(score));
    }
  out.widest /= largest;
  return out;
}

}  // namespace

TEST_CASE("bounds hold, and are tight where rows were shifted", "[graph][bounds]") {
  for (const Eigen::Index d : {1, 5, 300})
    for (const float offset : {0.0F, 3.0F, 1e3F, 1e6F})
      for (const float unit : {1e-30F, 1.0F, 1e30F}) {
        rows_matrix x = random_matrix<float>(50, d, static_cast<std::uint64_t>(d) + 5);
        x = (x.array() + offset) * unit;
        x.row(7).setZero();
        x.row(8) *= 1e-5F;
        for (const metric how : all_metrics) {
          CAPTURE(d, offset, unit, name_of(how));
          const bounds found = bounds_of(x, how);
          CHECK(found.outside == 0);
        }
        if (d > 1) CHECK(bounds_of(x.bottomRows(41), metric::l2).widest < 1e-3);
      }
}

TEST_CASE("rows are multiplied as they are where that is good enough", "[graph][bounds]") {
  const rows_matrix x = random_matrix<float>(40, 6, 1);
  for (const metric how : all_metrics) {
    CAPTURE(name_of(how));
    CHECK_FALSE(bounds_of(x, how).plan.copies);
    CHECK(bounds_of(x, how).plan.exact == 0);
    CHECK(bounds_of(rows_matrix(x * 1e25F), how).plan.copies);
    CHECK(bounds_of(rows_matrix(x * 1e-25F), how).plan.copies);
    CHECK(bounds_of(rows_matrix(x.array() + 1e3F), how).plan.center.empty() == (how == metric::l1));
    const bounds whole = bounds_of(hint_tests::small_integers(60, 9, 2), how);
    CHECK((whole.plan.exact > 0) == (how != metric::l1));
    CHECK(whole.outside == 0);
  }
}
