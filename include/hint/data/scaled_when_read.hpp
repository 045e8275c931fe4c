// SPDX-License-Identifier: MIT
/// \file
/// Scaled rows of which there is no copy: they are scaled whenever they are read.
#ifndef HINT_DATA_SCALED_WHEN_READ_HPP
#define HINT_DATA_SCALED_WHEN_READ_HPP

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/data/normalize.hpp>
#include <hint/data/row_sources.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

namespace detail {

class scaling_rows final : public computed_rows {
 public:
  scaling_rows(block rows, normalizer scaling)
      : rows_(std::move(rows)), scaling_(std::move(scaling)) {}
  void copy_row(std::size_t row, std::span<float> out) const override {
    Eigen::Map<linalg::matrix<float>> one(out.data(), 1, static_cast<linalg::index>(out.size()));
    rows_.copy_rows(row, one.leftCols(static_cast<linalg::index>(rows_.cols())));
    scaling_.apply(one);
  }

 private:
  block rows_;
  normalizer scaling_;
};

}  // namespace detail

/// The rows that by.transform(rows) has, bit for bit, dense: for data of which memory does not hold
/// a copy, such as mapped files. O(d) memory; reading a row costs O(d), some two passes over it by most scalings.
/// Throws `shape_error` for another number of columns.
HINT_LAZY
[[nodiscard]] block scaled_when_read(const block& rows, const normalizer& by) {
  expects<shape_error>(rows.cols() == by.cols(), "scaled_when_read: rows have ", rows.cols(),
                       " columns, the scaling was fitted on ", by.cols());
  if (by.how() == scaling::none) return rows;
  return block(std::make_shared<const detail::scaling_rows>(rows, by), rows.rows(), by.outputs());
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
