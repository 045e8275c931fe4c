// SPDX-License-Identifier: MIT
/// \file
/// From real-valued codes to bits.
#ifndef HINT_LEARN_BINARIZE_HPP
#define HINT_LEARN_BINARIZE_HPP

#include <cstddef>
#include <cstdint>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Codes first, first + 1, ... of `out` become the signs of the rows: bit j is 1 where column j is
/// >= 0 (so sign(0) = +1; NaN gives 0). Throws `shape_error` when a row has not out.bits() columns or
/// there are not enough codes. O(n L).
inline void binarize(const linalg::matrix_view<float>& rows, code_set& out, std::size_t first = 0) {
  expects<shape_error>(static_cast<std::size_t>(rows.cols()) == out.bits() &&
                           first + static_cast<std::size_t>(rows.rows()) <= out.size(),
                       "binarize: rows ", first, " to ",
                       first + static_cast<std::size_t>(rows.rows()), " of ", rows.cols(),
                       " columns into ", out.size(), " codes of ", out.bits(), " bits");
  for (linalg::index i = 0; i < rows.rows(); ++i) {
    const auto words = out[first + static_cast<std::size_t>(i)];
    for (auto& word : words) word = 0;
    for (linalg::index j = 0; j < rows.cols(); ++j)
      words[static_cast<std::size_t>(j) / 64] |= std::uint64_t{rows(i, j) >= 0}
                                                 << (static_cast<std::size_t>(j) % 64);
  }
}
/// All rows as a new set of codes.
[[nodiscard]] inline code_set binarize(const linalg::matrix_view<float>& rows) {
  code_set out(static_cast<std::size_t>(rows.cols()), static_cast<std::size_t>(rows.rows()));
  binarize(rows, out);
  return out;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
