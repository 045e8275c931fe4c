// SPDX-License-Identifier: MIT
/// \file
/// The gradient of a first layer's weights by sparse rows, of which only some inputs' rows are stored.
#ifndef HINT_NN_ROW_SPARSE_GRADIENT_HPP
#define HINT_NN_ROW_SPARSE_GRADIENT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/reduce.hpp>
#include <hint/linalg/simd.hpp>
#include <hint/nn/sparse_batch.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

/// G = X^T D (inputs x outputs) for a sparse batch X and D = d loss / d (X W). Row j of G is
/// S_j - shift_j c, where S_j, the sum of what X stores in column j times rows of D, is 0 for inputs that do
/// not occur in the batch, and c is the sum of the rows of D times their amounts of the shift. Const use is
/// thread-safe.
template <linalg::real T>
class row_sparse_gradient {
 public:
  /// O(inputs + outputs (rows + stored numbers of x)). The shift of x must outlive the gradient. The same bits
  /// for any number of threads.
  void assign(const sparse_batch<T>& x, const linalg::matrix_view<T>& d, const executor_ref& e) {
    inputs_ = static_cast<std::size_t>(x.cols());
    outputs_ = static_cast<std::size_t>(d.cols());
    shift_ = x.shift();
    list_terms(x);
    sums_.resize(occurring_.size() * outputs_);
    for_chunks(e, occurring_.size(), 16, [&](std::size_t begin, std::size_t end) {
      for (std::size_t k = begin; k < end; ++k) {
        const std::span<T> to = std::span(sums_).subspan(k * outputs_, outputs_);
        std::ranges::fill(to, T{0});
        for (std::size_t t = ends_[k]; t < ends_[k + 1]; ++t)
          linalg::add_multiple<T>(terms_[t].value, linalg::row_span<T>(d, terms_[t].row), to);
      }
    });
    common_.assign(shift_.empty() ? 0 : outputs_, T{0});
    for (linalg::index i = 0; !shift_.empty() && i < x.rows(); ++i)
      linalg::add_multiple<T>(x.amount(i), linalg::row_span<T>(d, i), common_);
  }

  [[nodiscard]] std::size_t inputs() const noexcept { return inputs_; }
  [[nodiscard]] std::size_t outputs() const noexcept { return outputs_; }
  /// Whether rows of inputs that do not occur are not 0.
  [[nodiscard]] bool is_shifted() const noexcept { return !shift_.empty(); }
  /// The inputs that occur, ascending.
  [[nodiscard]] std::span<const std::uint32_t> occurring() const noexcept { return occurring_; }

  /// Calls f(j, row) for the rows of inputs begin .. end - 1, in this order. A row lives during its call.
  template <class F>
  void for_rows(std::size_t begin, std::size_t end, F&& f) const {
    aligned_buffer<T> row(outputs_, T{0});
    auto k =
        static_cast<std::size_t>(std::ranges::lower_bound(occurring_, begin) - occurring_.begin());
    for (std::size_t j = begin; j < end; ++j) {
      const bool occurs = k < occurring_.size() && occurring_[k] == j;
      f(j, occurs ? row_of(j, sum_of(k++), row) : row_of(j, {}, row));
    }
  }
  /// All of G, row after row.
  void copy_to(std::span<T> dense, const executor_ref& e = {}) const {
    for_chunks(e, inputs_, rows_per_task(), [&](std::size_t begin, std::size_t end) {
      for_rows(begin, end, [&](std::size_t j, std::span<const T> row) {
        std::ranges::copy(row, dense.begin() + static_cast<std::ptrdiff_t>(j * outputs_));
      });
    });
  }
  /// The sum of all squares. O(inputs + outputs (occurring inputs)).
  [[nodiscard]] double squared_norm(const executor_ref& e = {}) const {
    double sum = reduce_chunks<double>(
        e, occurring_.size(), rows_per_task(), [&](std::size_t begin, std::size_t end) {
          aligned_buffer<T> buffer(outputs_);
          double squares = 0;
          for (std::size_t k = begin; k < end; ++k) {
            const std::span<const T> row = row_of(occurring_[k], sum_of(k), buffer);
            squares += static_cast<double>(linalg::dot(row, row));
          }
          return squares;
        });
    if (!is_shifted()) return sum;
    double others = 0;  // the squares of the shift where no input occurs
    for (std::size_t j = 0, k = 0; j < inputs_; ++j) {
      if (k < occurring_.size() && occurring_[k] == j)
        ++k;
      else
        others += static_cast<double>(shift_[j]) * static_cast<double>(shift_[j]);
    }
    const std::span<const T> c = common_;
    return sum + others * static_cast<double>(linalg::dot(c, c));
  }
  /// Rows that make one task of elementwise work.
  [[nodiscard]] std::size_t rows_per_task() const noexcept {
    return (std::max<std::size_t>)(1, linalg::elementwise_chunk /
                                          (std::max<std::size_t>)(1, outputs_));
  }

 private:
  struct term {
    linalg::index row;
    T value;
  };
  [[nodiscard]] std::span<const T> sum_of(std::size_t k) const noexcept {
    return std::span(sums_).subspan(k * outputs_, outputs_);
  }
  /// Row j; `sum` is S_j, or empty where it is 0. `buffer` has room for it, and zeros when there is no shift
  /// and no sum.
  [[nodiscard]] std::span<const T> row_of(std::size_t j, std::span<const T> sum,
                                          std::span<T> buffer) const noexcept {
    if (!is_shifted()) return sum.empty() ? std::span<const T>(buffer) : sum;
    const linalg::batch<T> by(-shift_[j]);
    if (sum.empty())
      linalg::for_batches(
          outputs_, [&](const auto& c, auto& r) { r = by * c; }, common_.data(), buffer.data());
    else
      linalg::for_batches(
          outputs_, [&](const auto& c, const auto& s, auto& r) { r = fma(by, c, s); },
          common_.data(), sum.data(), buffer.data());
    return buffer;
  }
  /// Sorts the stored numbers of x by columns, then rows.
  void list_terms(const sparse_batch<T>& x) {
    place_.assign(inputs_, 0);  // how many numbers a column has, then where its next one goes
    for (linalg::index i = 0; i < x.rows(); ++i)
      for (const auto& [column, value] : x[i]) ++place_[column];
    occurring_.clear();
    ends_.assign(1, 0);
    for (std::size_t j = 0; j < inputs_; ++j) {
      if (place_[j] == 0) continue;
      occurring_.push_back(static_cast<std::uint32_t>(j));
      const std::size_t begin = ends_.back();
      ends_.push_back(begin + place_[j]);
      place_[j] = begin;
    }
    terms_.resize(ends_.back());
    for (linalg::index i = 0; i < x.rows(); ++i)
      for (const auto& [column, value] : x[i]) terms_[place_[column]++] = {i, value};
  }

  std::size_t inputs_ = 0;
  std::size_t outputs_ = 0;
  std::span<const T> shift_;
  std::vector<std::uint32_t> occurring_;
  std::vector<std::size_t> ends_;   // of the terms of an occurring input, after a 0
  std::vector<std::size_t> place_;  // of every input
  std::vector<term> terms_;
  aligned_buffer<T> sums_;  // S of the occurring inputs
  std::vector<T> common_;   // c; empty without shift
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
