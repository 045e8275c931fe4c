// SPDX-License-Identifier: MIT
/// \file
/// a^T b for a factor b of which most numbers are 0, such as gradients behind ReLU and dropout.
#ifndef HINT_LINALG_PRODUCT_WITH_ZEROS_HPP
#define HINT_LINALG_PRODUCT_WITH_ZEROS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product/kernel.hpp>
#include <hint/linalg/product/pack.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {
namespace detail {

/// Of each column of some rows of a matrix, the numbers that are not 0, in the order of rows.
template <class T>
class column_lists {
 public:
  struct entry {
    std::uint32_t row;
    T value;
  };
  /// Of rows first .. first + count - 1.
  column_lists(const matrix_view<T>& m, index first, index count, const executor_ref& e)
      : room_(count + 64 / static_cast<index>(
                               sizeof(entry))),  // no two lists in the same places of the cache
        entries_(m.cols() * room_),
        counts_(static_cast<std::size_t>(m.cols())) {
    for_chunks(e, counts_.size(), 64, [&](std::size_t from, std::size_t end) {
      for (; from < end; from += 16)
        fill(m, first, count, from, (std::min)(end - from, std::size_t{16}));
    });
  }
  [[nodiscard]] std::span<const entry> operator[](std::size_t column) const noexcept {
    return {entries_.data() + static_cast<index>(column) * room_, counts_[column]};
  }

 private:
  void fill(const matrix_view<T>& m, index first, index count, std::size_t column,
            std::size_t columns) noexcept {
    entry* to[16];
    for (std::size_t j = 0; j < columns; ++j)
      to[j] = entries_.data() + static_cast<index>(column + j) * room_;
    for (index i = 0; i < count; ++i) {
      const T* const values = m.row(first + i).data() + column;
      for (std::size_t j = 0; j < columns; ++j) {
        *to[j] = {static_cast<std::uint32_t>(i),
                  values[j]};  // without a branch, which nobody could foresee
        to[j] += values[j] != 0;
      }
    }
    for (std::size_t j = 0; j < columns; ++j)
      counts_[column + j] = static_cast<std::size_t>(to[j] - entries_.data()) -
                            (column + j) * static_cast<std::size_t>(room_);
  }
  index room_;
  scratch<entry> entries_;
  std::vector<std::size_t> counts_;
};

/// So many rows of the product at a time that their sums hide how long each takes.
inline constexpr index zeros_registers = 4;
template <class T>
inline constexpr index zeros_rows = zeros_registers * static_cast<index>(batch<T>::size);

/// to[j * zeros_rows + i] = the sum over list j of value * from[row][i]. Two lists go together as far as both reach.
template <class T>
void sum_listed(const T* from, std::span<const typename column_lists<T>::entry> first,
                std::span<const typename column_lists<T>::entry> second, T* to) noexcept {
  constexpr auto registers = static_cast<std::size_t>(zeros_registers);
  struct sums {
    batch<T> of[registers];
  } a, b;
  for (auto* s : {&a, &b})
    for (auto& sum : s->of) sum = batch<T>(T{0});
  const auto add = [from](const auto& entry, sums& s) {
    const T* const x = from + static_cast<index>(entry.row) * zeros_rows<T>;
    const batch<T> y(entry.value);
    for (std::size_t r = 0; r < registers; ++r)
      s.of[r] = multiply_add<T>(batch<T>::load_unaligned(x + r * batch<T>::size), y, s.of[r]);
  };
  const std::size_t both = (std::min)(first.size(), second.size());
  for (std::size_t k = 0; k < both; ++k) {
    add(first[k], a);
    add(second[k], b);
  }
  for (const auto& entry : first.subspan(both)) add(entry, a);
  for (const auto& entry : second.subspan(both)) add(entry, b);
  for (const auto* s : {&a, &b})
    for (const auto& sum : s->of) {
      sum.store_unaligned(to);
      to += batch<T>::size;
    }
}

/// Whether so few numbers of b count that it is worth to list them: a term costs three to four times what it does in
/// a product of all.
template <class T>
[[nodiscard]] bool worth_listing(const matrix_view<T>& b) noexcept {
  if (b.rows() < 32 || b.cols() < 32) return false;
  index count = 0;
  for (index i = 0; i < b.rows(); ++i)
    for (index j = 0; j < b.cols(); ++j) count += static_cast<index>(b(i, j) != 0);
  return count < b.size() * 3 / 10;
}

/// out = a^T b as `product` has it, but that zeros of b are no terms.
template <class T>
void product_with_zeros(const matrix_view<T>& a, const matrix_view<T>& b, matrix_ref<T>& out,
                        const executor_ref& e) {
  constexpr index height = zeros_rows<T>, lanes = static_cast<index>(batch<T>::size);
  for (index k = 0; k < b.rows(); k += product_depth) {
    const index depth = (std::min)(product_depth, b.rows() - k);
    const column_lists<T> lists(b, k, depth, e);
    for_chunks(
        e, static_cast<std::size_t>(a.cols()), static_cast<std::size_t>(height),
        [&](std::size_t begin, std::size_t end) {
          const auto first = static_cast<index>(begin), rows = static_cast<index>(end - begin);
          scratch<T> packed(depth * height), sums((std::max)(lanes, index{2}) * height);
          for (index i = 0; i < depth; ++i) {
            T* const to = packed.data() + i * height;
            std::copy_n(a.row(k + i).data() + first, rows, to);
            std::fill_n(to + rows, height - rows, T{0});
          }
          for (index j = 0; j < b.cols(); j += lanes) {
            const index columns = (std::min)(lanes, b.cols() - j);
            const auto list = [&](index c) {
              return c < columns ? lists[static_cast<std::size_t>(j + c)] : decltype(lists[0]){};
            };
            for (index c = 0; c < lanes; c += 2)
              sum_listed<T>(packed.data(), list(c), list(c + 1), sums.data() + c * height);
            const auto put = [&](index i, const batch<T>& values) {
              if (i >= rows) return;
              T* const to = out.row(first + i).data() + j;
              if (columns == lanes) {
                (k == 0 ? values : batch<T>::load_unaligned(to) + values).store_unaligned(to);
                return;
              }
              T some[static_cast<std::size_t>(lanes)];
              values.store_unaligned(some);
              for (index c = 0; c < columns; ++c) to[c] = k == 0 ? some[c] : to[c] + some[c];
            };
            batch<T> across[8];
            for (index i = 0; i < height; i += 8) {
              load_transposed(sums.data() + i, height, across);
              for (index c = 0; c < 8; ++c) put(i + c, across[c]);
            }
          }
        });
  }
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg::detail

#endif
