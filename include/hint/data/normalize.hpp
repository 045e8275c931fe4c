// SPDX-License-Identifier: MIT
/// \file
/// Scaling of features, learnt on training rows and applied to all others the same way.
#ifndef HINT_DATA_NORMALIZE_HPP
#define HINT_DATA_NORMALIZE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint::inline HINT_ABI::inline HINT_EIGEN_ABI::data {

/// How rows x of a feature block are scaled; m, s and df are learnt. The numbers are part of the file
/// format.
enum class scaling : std::uint8_t {
  none = 0,         ///< x
  l2 = 1,           ///< x / ||x||
  centered_l2 = 2,  ///< y - m with y = x / ||x||, then divided by its length; m: mean of y
  z_score = 3,      ///< (x - m) / s per column; constant columns become 0
  tf_idf = 4,       ///< x_j log((1 + n) / (1 + df_j)) + x_j, then divided by its length
};
inline constexpr std::array<std::string_view, 5> scaling_names{"none", "l2", "centered_l2",
                                                               "z_score", "tf_idf"};

/// A learnt scaling. All-zero rows: `l2` and `tf_idf` leave them zero; `centered_l2` leaves them zero
/// too (they carry no direction), `z_score` treats them like others. Const use is thread-safe.
class normalizer {
 public:
  normalizer() = default;

  /// Learns from all rows of `train`. Sums run over fixed chunks in double, so results do not depend
  /// on threads. O(n d). Throws `invalid_argument` for NaN or infinity.
  [[nodiscard]] static normalizer fit(const block& train, scaling how, std::string_view name = "data",
                                      const context& ctx = {}) {
    check_finite(train, name, ctx);
    normalizer n;
    n.scaling_ = how;
    n.cols_ = train.cols();
    if (how == scaling::none || how == scaling::l2) return n;
    const auto moments = reduce_chunks<sums>(
        ctx.executor, train.rows(), 256, [&](std::size_t begin, std::size_t end) {
          sums s(train.cols());
          for (std::size_t i = begin; i < end; ++i) {
            const double scale = how == scaling::centered_l2 ? inverse_norm(train, i) : 1.0;
            train.for_each_in_row(i, [&](std::size_t j, float value) {
              const double x = scale * static_cast<double>(value);
              s.first[j] += x;
              s.second[j] += how == scaling::tf_idf ? (value != 0 ? 1.0 : 0.0) : x * x;
            });
          }
          return s;
        });
    const double rows = (std::max)(1.0, static_cast<double>(train.rows()));
    n.shift_.assign(n.cols_, 0.0F);
    n.scale_.assign(n.cols_, 1.0F);
    for (std::size_t j = 0; j < n.cols_ && !moments.first.empty(); ++j) {
      const double mean = moments.first[j] / rows;
      if (how == scaling::tf_idf) {
        n.scale_[j] = static_cast<float>(std::log((1 + rows) / (1 + moments.second[j])) + 1);
      } else {
        n.shift_[j] = static_cast<float>(mean);
        if (how == scaling::z_score) {
          const double variance = moments.second[j] / rows - mean * mean;
          const bool constant = !(variance > 1e-12 * (1 + mean * mean));
          n.scale_[j] = constant ? 0.0F : static_cast<float>(1 / std::sqrt(variance));
        }
      }
    }
    return n;
  }

  [[nodiscard]] scaling how() const noexcept { return scaling_; }
  /// Columns that rows must have.
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }

  /// Scales dense rows in place. Throws `shape_error` for another number of columns.
  void apply(linalg::matrix_ref<float> rows) const {
    check_cols(static_cast<std::size_t>(rows.cols()));
    for (linalg::index i = 0; i < rows.rows(); ++i) apply_row(rows.row(i));
  }
  /// Scales a whole block. Sparse rows stay sparse unless the scaling moves zeros (`centered_l2`,
  /// `z_score`). Throws `shape_error` for another number of columns.
  [[nodiscard]] block transform(const block& rows, const context& ctx = {}) const {
    check_cols(rows.cols());
    if (scaling_ == scaling::none) return rows;
    const auto n = static_cast<linalg::index>(rows.rows());
    const auto d = static_cast<linalg::index>(cols_);
    if (rows.is_sparse() && scaling_ != scaling::centered_l2 && scaling_ != scaling::z_score) {
      linalg::sparse_matrix<float> out(n, d);
      linalg::row_vector<float> dense(d);
      for (linalg::index i = 0; i < n; ++i) {
        rows.copy_rows(static_cast<std::size_t>(i), dense);
        apply_row(dense);
        out.startVec(i);
        rows.for_each_in_row(static_cast<std::size_t>(i), [&](std::size_t j, float) {
          out.insertBack(i, static_cast<linalg::index>(j)) = dense(static_cast<linalg::index>(j));
        });
      }
      out.finalize();
      return block(std::move(out));
    }
    linalg::matrix<float> out(n, d);
    for_chunks(ctx.executor, rows.rows(), 256, [&](std::size_t begin, std::size_t end) {
      auto part = out.middleRows(static_cast<linalg::index>(begin),
                                 static_cast<linalg::index>(end - begin));
      rows.copy_rows(begin, part);
      apply(part);
    });
    return block(std::move(out));
  }

  /// For the archive: `writer.meta(key, value)`, `writer.array(name, values, rows, cols)`.
  template <class Writer>
  void write(Writer& writer, std::string_view prefix) const {
    const std::string p(prefix);
    writer.meta(p + ".scaling", scaling_names[static_cast<std::size_t>(scaling_)]);
    writer.meta(p + ".cols", cols_);
    if (shift_.empty()) return;
    writer.array(p + ".shift", std::span<const float>(shift_), 1, cols_);
    writer.array(p + ".scale", std::span<const float>(scale_), 1, cols_);
  }
  /// Throws `format_error` when the archive does not hold a scaling under this prefix.
  template <class Reader>
  [[nodiscard]] static normalizer read(const Reader& reader, std::string_view prefix) {
    const std::string p(prefix);
    normalizer n;
    const std::string name = reader.meta(p + ".scaling");
    const auto found = std::find(scaling_names.begin(), scaling_names.end(), name);
    expects<format_error>(found != scaling_names.end(), "archive: ", p, ".scaling is ", name,
                          ", which this version does not know");
    n.scaling_ = static_cast<scaling>(found - scaling_names.begin());
    n.cols_ = reader.template number<std::size_t>(p + ".cols");
    if (n.scaling_ == scaling::none || n.scaling_ == scaling::l2) return n;
    const auto shift = reader.template array<float>(p + ".shift");
    const auto scale = reader.template array<float>(p + ".scale");
    expects<format_error>(shift.size() == n.cols_ && scale.size() == n.cols_, "archive: ", p,
                          " has ", shift.size(), " shifts and ", scale.size(), " scales for ",
                          n.cols_, " columns");
    n.shift_.assign(shift.begin(), shift.end());
    n.scale_.assign(scale.begin(), scale.end());
    return n;
  }

 private:
  struct sums {
    sums() = default;
    explicit sums(std::size_t cols) : first(cols), second(cols) {}
    sums& operator+=(const sums& other) {
      for (std::size_t j = 0; j < first.size(); ++j) {
        first[j] += other.first[j];
        second[j] += other.second[j];
      }
      return *this;
    }
    std::vector<double> first, second;
  };

  static double inverse_norm(const block& b, std::size_t row) {
    double squares = 0;
    b.for_each_in_row(row, [&](std::size_t, float value) {
      squares += static_cast<double>(value) * static_cast<double>(value);
    });
    return squares > 0 ? 1 / std::sqrt(squares) : 0;
  }
  template <class Row>
  static void to_unit_length(Row& row) {
    // Summed in plain order: Eigen's own norm depends on where the row starts in memory, and equal
    // rows must get equal codes.
    double squares = 0;
    for (linalg::index j = 0; j < row.cols(); ++j)
      squares += static_cast<double>(row(j)) * static_cast<double>(row(j));
    if (squares > 0) row *= static_cast<float>(1 / std::sqrt(squares));
  }
  template <class Row>
  void apply_row(Row&& row) const {
    const auto vector = [](const std::vector<float>& v) {
      return Eigen::Map<const linalg::row_vector<float>>(v.data(),
                                                         static_cast<linalg::index>(v.size()));
    };
    switch (scaling_) {
      case scaling::none: break;
      case scaling::l2: to_unit_length(row); break;
      case scaling::centered_l2:
        if (row.isZero(0)) break;
        to_unit_length(row);
        row -= vector(shift_);
        to_unit_length(row);
        break;
      case scaling::z_score:
        row = (row - vector(shift_)).cwiseProduct(vector(scale_)).eval();
        break;
      case scaling::tf_idf:
        row = row.cwiseProduct(vector(scale_)).eval();
        to_unit_length(row);
        break;
    }
  }
  void check_cols(std::size_t cols) const {
    expects<shape_error>(cols == cols_, "normalizer: rows have ", cols,
                         " columns, it was fitted on ", cols_);
  }

  scaling scaling_ = scaling::none;
  std::size_t cols_ = 0;
  std::vector<float> shift_, scale_;
};

}  // namespace hint::inline HINT_ABI::inline HINT_EIGEN_ABI::data

#endif
