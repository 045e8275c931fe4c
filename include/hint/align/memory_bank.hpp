// SPDX-License-Identifier: MIT
/// \file
/// The latest real-valued codes of all training items, from which proxies are averaged without
/// evaluating the networks on neighbours.
#ifndef HINT_ALIGN_MEMORY_BANK_HPP
#define HINT_ALIGN_MEMORY_BANK_HPP

#include <array>
#include <cstddef>
#include <span>

#include <hint/core/config.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

/// Two n x L matrices of codes in (-1, 1). Memory: 2 n L numbers. Not thread-safe while written.
template <class T>
class memory_bank {
 public:
  memory_bank(std::size_t items, std::size_t bits) {
    for (auto& c : codes_)
      c.setZero(static_cast<linalg::index>(items), static_cast<linalg::index>(bits));
  }
  [[nodiscard]] const linalg::matrix<T>& codes(modality m) const noexcept {
    return codes_[index_of(m)];
  }
  /// To rewrite all rows, before the first step say.
  [[nodiscard]] linalg::matrix<T>& codes(modality m) noexcept { return codes_[index_of(m)]; }
  /// Row items[b] becomes h.row(b).
  void update(modality m, std::span<const data::row_id> items, const linalg::matrix_view<T>& h) {
    for (std::size_t b = 0; b < items.size(); ++b)
      codes_[index_of(m)].row(static_cast<linalg::index>(items[b])) =
          h.row(static_cast<linalg::index>(b));
  }

 private:
  std::array<linalg::matrix<T>, 2> codes_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
