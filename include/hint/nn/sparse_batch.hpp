// SPDX-License-Identifier: MIT
/// \file
/// Sparse rows for the first layer of a network.
#ifndef HINT_NN_SPARSE_BATCH_HPP
#define HINT_NN_SPARSE_BATCH_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// A few rows of `columns` numbers: row i is what it stores minus amount(i) times the shift, which all rows
/// have in common (centred rows; without shift: none). Filled row by row.
template <linalg::real T>
class sparse_batch {
 public:
  struct entry {
    std::uint32_t column;
    T value;
  };

  sparse_batch() = default;
  /// No rows yet. `shift`: of `columns` numbers, or none; must outlive the batch.
  explicit sparse_batch(std::size_t columns, std::span<const T> shift = {})
      : columns_(columns), shift_(shift) {}

  /// A new row: `amount` of the shift to be taken off.
  void begin_row(T amount) {
    ends_.push_back(entries_.size());
    amounts_.push_back(amount);
  }
  /// A number of the row that was begun last; columns ascend.
  void add(std::size_t column, T value) {
    entries_.push_back({static_cast<std::uint32_t>(column), value});
    ends_.back() = entries_.size();
  }

  [[nodiscard]] linalg::index rows() const noexcept {
    return static_cast<linalg::index>(ends_.size());
  }
  [[nodiscard]] linalg::index cols() const noexcept { return static_cast<linalg::index>(columns_); }
  [[nodiscard]] std::span<const entry> operator[](linalg::index row) const noexcept {
    const auto i = static_cast<std::size_t>(row);
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::span(entries_).subspan(begin, ends_[i] - begin);
  }
  [[nodiscard]] T amount(linalg::index row) const noexcept {
    return amounts_[static_cast<std::size_t>(row)];
  }
  [[nodiscard]] std::span<const T> shift() const noexcept { return shift_; }
  /// The columns in which anything is stored, ascending. O(columns + stored numbers).
  [[nodiscard]] std::vector<std::uint32_t> occurring() const {
    std::vector<bool> occurs(columns_);
    for (const entry& x : entries_) occurs[x.column] = true;
    std::vector<std::uint32_t> out;
    for (std::size_t j = 0; j < columns_; ++j)
      if (occurs[j]) out.push_back(static_cast<std::uint32_t>(j));
    return out;
  }

 private:
  std::size_t columns_ = 0;
  std::span<const T> shift_;
  std::vector<entry> entries_;
  std::vector<std::size_t> ends_;
  std::vector<T> amounts_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
