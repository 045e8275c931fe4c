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
#include <limits>
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

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

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
/// too (they carry no direction; in the mean they count as zeros), `z_score` treats them like others. A
/// row's result has the same bits wherever it stands. Const use is thread-safe.
class normalizer {
 public:
  normalizer() = default;

  /// Learns from all rows of `train`. Sums run over fixed chunks in double, so results do not depend
  /// on threads. Without rows nothing is learnt: m = 0, s = 1, no column is rare. O(n d), or O(stored
  /// numbers). Throws `invalid_argument`, with `name` in the message, for NaN or infinity.
  [[nodiscard]] static normalizer fit(const block& train, scaling how,
                                      std::string_view name = "data", const context& ctx = {}) {
    check_finite(train, name, ctx);
    normalizer n;
    n.scaling_ = how;
    n.cols_ = train.cols();
    if (!n.learns()) return n;
    n.shift_.assign(n.cols_, 0.0F);
    n.scale_.assign(n.cols_, 1.0F);
    if (train.rows() == 0) return n;
    const auto rows = static_cast<double>(train.rows());
    const std::vector<double> totals =
        sum_rows(train, n.cols_, ctx, [&](std::size_t i, std::vector<double>& sum) {
          const double scale = how == scaling::centered_l2 ? inverse_norm(train, i) : 1.0;
          train.for_each_in_row(i, [&](std::size_t j, float value) {
            sum[j] += how == scaling::tf_idf ? (value != 0 ? 1.0 : 0.0)
                                             : scale * static_cast<double>(value);
          });
        });
    for (std::size_t j = 0; j < n.cols_; ++j) {
      if (how == scaling::tf_idf) {
        n.scale_[j] = static_cast<float>(std::log((1 + rows) / (1 + totals[j])) + 1);
      } else {
        n.shift_[j] = static_cast<float>(totals[j] / rows);
      }
    }
    if (how == scaling::z_score) n.learn_deviations(train, totals, ctx);
    return n;
  }

  [[nodiscard]] scaling how() const noexcept { return scaling_; }
  /// Columns that rows must have.
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }

  /// Scales dense rows in place (any number of them x cols()). Throws `shape_error` for another number
  /// of columns.
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

  /// For the archive, under prefix.scaling, prefix.cols, prefix.shift and prefix.scale:
  /// `writer.meta(key, value)`, `writer.array(name, values, rows, cols)`.
  template <class Writer>
  void write(Writer& writer, std::string_view prefix) const {
    const std::string p(prefix);
    writer.meta(p + ".scaling", scaling_names[static_cast<std::size_t>(scaling_)]);
    writer.meta(p + ".cols", cols_);
    if (!learns()) return;
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
    reader.require(found != scaling_names.end(), p, ".scaling is ", name,
                   ", which this version does not know");
    n.scaling_ = static_cast<scaling>(found - scaling_names.begin());
    n.cols_ = reader.template number<std::size_t>(p + ".cols");
    if (!n.learns()) return n;
    const auto shift = reader.template array<float>(p + ".shift");
    const auto scale = reader.template array<float>(p + ".scale");
    reader.require(shift.size() == n.cols_ && scale.size() == n.cols_, p, " has ", shift.size(),
                   " shifts and ", scale.size(), " scales for ", n.cols_, " columns");
    n.shift_.assign(shift.begin(), shift.end());
    n.scale_.assign(scale.begin(), scale.end());
    return n;
  }

 private:
  struct sums {
    sums& operator+=(const sums& other) {
      for (std::size_t j = 0; j < values.size(); ++j) values[j] += other.values[j];
      return *this;
    }
    std::vector<double> values;
  };
  /// `width` sums, to which add(row, sums) adds every row.
  template <class F>
  static std::vector<double> sum_rows(const block& b, std::size_t width, const context& ctx,
                                      F add) {
    return reduce_chunks<sums>(ctx.executor, b.rows(), 256,
                               [&](std::size_t begin, std::size_t end) {
                                 sums s{std::vector<double>(width)};
                                 for (std::size_t i = begin; i < end; ++i) add(i, s.values);
                                 return s;
                               })
        .values;
  }
  /// 1 / s per column, in a second pass over the differences from the mean: the mean of x^2 minus m^2
  /// would cancel. Columns that vary less than floats can tell count as constant.
  void learn_deviations(const block& train, const std::vector<double>& totals, const context& ctx) {
    const auto rows = static_cast<double>(train.rows());
    const std::vector<double> found =  // sums of squares, then how many numbers were stored
        sum_rows(train, 2 * cols_, ctx, [&](std::size_t i, std::vector<double>& sum) {
          train.for_each_in_row(i, [&](std::size_t j, float value) {
            const double difference = static_cast<double>(value) - totals[j] / rows;
            sum[j] += difference * difference;
            sum[cols_ + j] += 1;
          });
        });
    for (std::size_t j = 0; j < cols_; ++j) {
      const double mean = totals[j] / rows;
      const double squares = found[j] + (rows - found[cols_ + j]) * mean * mean;
      const double deviation = std::sqrt(squares / rows);
      const bool constant = !(deviation > 1e-7 * std::abs(mean) &&
                              deviation > static_cast<double>((std::numeric_limits<float>::min)()));
      scale_[j] = constant ? 0.0F : static_cast<float>(1 / deviation);
    }
  }

  [[nodiscard]] bool learns() const noexcept {
    return scaling_ != scaling::none && scaling_ != scaling::l2;
  }
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
    // rows must get equal codes. Scaled in double: the factor of a tiny row is no float.
    double squares = 0;
    for (linalg::index j = 0; j < row.cols(); ++j)
      squares += static_cast<double>(row(j)) * static_cast<double>(row(j));
    if (!(squares > 0)) return;
    const double scale = 1 / std::sqrt(squares);
    for (linalg::index j = 0; j < row.cols(); ++j)
      row(j) = static_cast<float>(scale * static_cast<double>(row(j)));
  }
  template <class Row>
  void apply_row(Row&& row) const {
    const auto vector = [](const std::vector<float>& v) {
      return Eigen::Map<const linalg::row_vector<float>>(v.data(),
                                                         static_cast<linalg::index>(v.size()));
    };
    switch (scaling_) {
      case scaling::none:
        break;
      case scaling::l2:
        to_unit_length(row);
        break;
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

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
