// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <hint/data/block.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/row_sources.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/learn/checkpoint/rows_digest.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::row_id;
using hint_tests::dense_of;
using hint_tests::rows_matrix;
using hint_tests::same_bits;

/// Rows that are computed: those of a matrix.
struct rows_of final : hint::data::computed_rows {
  explicit rows_of(rows_matrix m) : all(std::move(m)) {}
  void copy_row(std::size_t row, std::span<float> out) const override {
    for (std::size_t j = 0; j < out.size(); ++j)
      out[j] = all(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(j));
  }
  rows_matrix all;
};
block computed(const rows_matrix& x) {
  return block(std::make_shared<const rows_of>(x), static_cast<std::size_t>(x.rows()),
               static_cast<std::size_t>(x.cols()));
}

}  // namespace

TEST_CASE("computed rows are used as dense ones", "[data][row_sources]") {
  const rows_matrix x = hint_tests::random_matrix<float>(60, 70, 1);
  const block a = computed(x), b(x);
  CHECK(a.rows() == 60);
  CHECK(a.cols() == 70);
  CHECK_FALSE(a.is_sparse());
  CHECK_FALSE(a.is_stored());
  CHECK_FALSE(a.is_contiguous());
  CHECK(a.stored(3).empty());
  CHECK(a.dense().rows() == 0);
  CHECK(same_bits<float>(dense_of(a), x));
  const std::array<row_id, 4> some{59, 0, 7, 7};
  CHECK(same_bits<float>(dense_of(a(some)), dense_of(b(some))));
  CHECK(same_bits<float>(dense_of(a(some)(std::array<row_id, 1>{2})), x.row(7)));
  rows_matrix wide(4, 80);  // rows that do not follow each other
  a.gather(some, wide.leftCols(70));
  CHECK(same_bits<float>(wide.leftCols(70), dense_of(b(some))));
  for (std::size_t i = 0; i < 60; ++i) {
    std::vector<float> found;
    a.for_each_in_row(i, [&](std::size_t j, float v) {
      CHECK(j == found.size());
      found.push_back(v);
    });
    const auto row = b.stored(i);
    CHECK(found == std::vector<float>(row.begin(), row.end()));
    CHECK(a.count_in_row(i) == 70);
  }
  CHECK(hint::learn::detail::rows_digest(a) == hint::learn::detail::rows_digest(b));
  for (const auto how : hint_tests::all_metrics)
    CHECK(hint_tests::lists_of(hint::graph::nearest(a, 5, how)) ==
          hint_tests::lists_of(hint::graph::nearest(b, 5, how)));
  CHECK(dense_of(block(std::make_shared<const rows_of>(rows_matrix(0, 3)), 0, 3)).cols() == 3);
}

TEST_CASE("a computed number that is not finite is named", "[data][row_sources]") {
  rows_matrix x = rows_matrix::Zero(9, 4);
  x(7, 2) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_MESSAGE(hint::data::check_finite(computed(x), "image"), hint::invalid_argument,
                       "image: row 7, column 2 is inf, expected finite numbers");
}
