// SPDX-License-Identifier: MIT
/// \file
/// Who stands in for whom: for every item the rows, with weights, whose mean is its proxy
/// (paper, Eq. 5).
#ifndef HINT_ALIGN_PROXY_TABLE_HPP
#define HINT_ALIGN_PROXY_TABLE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/reduce.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

/// n sparse rows of weights that add up to 1 each. Const use is thread-safe.
class proxy_table {
 public:
  struct entry {
    data::row_id row;
    float weight;
  };

  /// Members of each item, with weights >= 0; at least one weight of each must be positive. Weights are
  /// divided by their sum. Throws `invalid_argument` otherwise.
  explicit proxy_table(const std::vector<std::vector<entry>>& members) : offsets_(1, 0) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      double sum = 0;
      for (const entry& e : members[i]) {
        expects(is_finite(e.weight) && e.weight >= 0, "proxy_table: row ", e.row, " has weight ",
                e.weight, " for item ", i, ", expected a finite number >= 0");
        sum += static_cast<double>(e.weight);
        rows_ = (std::max)(rows_, std::size_t{e.row} + 1);
      }
      expects(sum > 0, "proxy_table: the weights of item ", i, " add up to ", sum,
              ", expected more than 0");
      for (const entry& e : members[i])
        if (e.weight > 0)
          entries_.push_back({e.row, static_cast<float>(static_cast<double>(e.weight) / sum)});
      offsets_.push_back(entries_.size());
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return offsets_.size() - 1; }
  /// Rows that are averaged are below this.
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::span<const entry> operator[](std::size_t item) const noexcept {
    return std::span(entries_).subspan(offsets_[item], offsets_[item + 1] - offsets_[item]);
  }
  /// out.row(b) = weighted mean of the rows of `codes` that stand in for items[b]: a sparse matrix times a
  /// dense one. The same bits for any number of threads. Throws `shape_error` when `codes` lacks rows that are
  /// members or `out` has another shape.
  template <linalg::real T>
  void average(std::span<const data::row_id> items, const linalg::matrix_view<T>& codes,
               linalg::matrix_ref<T> out, const executor_ref& e = {}) const {
    expects<shape_error>(
        static_cast<std::size_t>(codes.rows()) >= rows_ &&
            static_cast<std::size_t>(out.rows()) == items.size() && out.cols() == codes.cols(),
        "proxy_table: codes of ", codes.rows(), " x ", codes.cols(), " for members below row ",
        rows_, ", out of ", out.rows(), " x ", out.cols(), " for ", items.size(), " items");
    const auto code = [&](const entry& member) {
      return linalg::row_span<T>(codes, static_cast<linalg::index>(member.row));
    };
    for_chunks(e, items.size(), 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t b = begin; b < end; ++b) {
        const std::span<T> row = linalg::row_span<T>(out, static_cast<linalg::index>(b));
        std::fill(row.begin(), row.end(), T{0});
        const std::span<const entry> members = (*this)[items[b]];
        for (const entry& m : members) hint::detail::prefetch(code(m).data());
        for (const entry& m : members) linalg::add_multiple(static_cast<T>(m.weight), code(m), row);
      }
    });
  }

 private:
  std::vector<std::size_t> offsets_;
  std::vector<entry> entries_;
  std::size_t rows_ = 0;  // that codes must have
};

/// The proxies of all items: for an anchor of modality m, `same[m]` averages codes of modality m
/// (N+ of Eq. 5) and `cross[m]` codes of the other one (N-). Tables may be shared.
struct proxies {
  std::array<std::shared_ptr<const proxy_table>, 2> same, cross;

  /// One table for everything: pairs stand in for pairs.
  [[nodiscard]] static proxies shared(proxy_table table) {
    const auto p = std::make_shared<const proxy_table>(std::move(table));
    return {{p, p}, {p, p}};
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
