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
#include <tuple>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/normalize/unit_length.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/reduce.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// How rows x of a feature block are scaled; m, s and df are learnt. The numbers are part of the file
/// format.
enum class scaling : std::uint8_t {
  none = 0,         ///< x
  l2 = 1,           ///< x / ||x||
  centered_l2 = 2,  ///< y - m with y = x / ||x||, then divided by its length; m: mean of y
  z_score = 3,      ///< (x - m) / s per column; constant columns become 0
  tf_idf = 4,       ///< x_j log((1 + n) / (1 + df_j)) + x_j, then divided by its length
  /// (z / sqrt(k), 1) divided by its length, z being the z-scores, k how many columns vary: one column
  /// more. Directions then tell lengths apart, even of single numbers.
  homogeneous = 5,
};
inline constexpr std::array<std::string_view, 6> scaling_names{"none",    "l2",     "centered_l2",
                                                               "z_score", "tf_idf", "homogeneous"};
/// Whether the scaling keeps the directions of rows alone.
[[nodiscard]] constexpr bool drops_lengths(scaling how) noexcept {
  return how == scaling::l2 || how == scaling::centered_l2 || how == scaling::tf_idf;
}

/// A learnt scaling. All-zero rows: `l2` and `tf_idf` leave them zero; `centered_l2` leaves them zero
/// too (they carry no direction; in the mean they count as zeros), and so it does rows whose direction is
/// the mean's within the rounding of floats (2^-23); `z_score` treats them like others. Everything is
/// computed in double and rounded once, so rows may lie as far from 0 and be as long or short as floats
/// can be. A row's result has the same bits wherever it stands. Const use is thread-safe.
class normalizer {
 public:
  normalizer() = default;

  /// Learns from all rows of `train`. Sums run over fixed chunks in double, so results do not depend
  /// on threads. Without rows, or asked to stop, nothing is learnt: m = 0, s = 1, no column is rare. O(n d),
  /// or O(stored numbers). Throws `invalid_argument`, with `name` in the message, for NaN or infinity.
  HINT_LAZY
  [[nodiscard]] static normalizer fit(const block& train, scaling how,
                                      std::string_view name = "data", const context& ctx = {}) {
    check_finite(train, name, ctx);
    normalizer n;
    n.scaling_ = how;
    n.cols_ = train.cols();
    if (!n.learns()) return n;
    n.shift_.assign(n.cols_, 0.0);
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
    if (totals.empty()) return n;
    for (std::size_t j = 0; j < n.cols_; ++j) {
      if (how == scaling::tf_idf) {
        n.scale_[j] = static_cast<float>(std::log((1 + rows) / (1 + totals[j])) + 1);
      } else {
        const auto [mean, rest] = two_floats(totals[j] / rows);  // what a file can hold
        n.shift_[j] = static_cast<double>(mean) + static_cast<double>(rest);
      }
    }
    if (how == scaling::z_score || how == scaling::homogeneous)
      n.learn_deviations(train, totals, ctx);
    if (how == scaling::homogeneous) {
      const auto varying =
          std::count_if(n.scale_.begin(), n.scale_.end(), [](float s) { return s > 0; });
      for (float& s : n.scale_)
        s = static_cast<float>(
            static_cast<double>(s) /
            std::sqrt(static_cast<double>((std::max<std::ptrdiff_t>)(1, varying))));
    }
    return n;
  }

  [[nodiscard]] scaling how() const noexcept { return scaling_; }
  /// Columns that rows must have.
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
  /// Columns that scaled rows have: as many, or one more (`homogeneous`).
  [[nodiscard]] std::size_t outputs() const noexcept {
    return cols_ + (scaling_ == scaling::homogeneous ? 1 : 0);
  }

  /// Scales dense rows in place (any number of them x outputs(), features in the first cols()). Numbers
  /// that are too large for float become infinite. Throws `shape_error` for another number of columns.
  HINT_LAZY
  void apply(linalg::matrix_ref<float> rows) const {
    check_cols(static_cast<std::size_t>(rows.cols()), outputs());
    for (linalg::index i = 0; i < rows.rows(); ++i) apply_row(linalg::row_span<float>(rows, i));
  }
  /// Scales a whole block. Sparse rows stay sparse unless the scaling moves zeros (`centered_l2`,
  /// `z_score`, `homogeneous`). Rows with NaN or infinity are the caller's to refuse (`check_finite`): they are not looked
  /// for, and what comes of them is NaN in one place at least. Asked to stop, it leaves the other rows zero. Throws `shape_error` for another
  /// number of columns.
  HINT_LAZY
  [[nodiscard]] block transform(const block& rows, const context& ctx = {}) const {
    check_cols(rows.cols(), cols_);
    if (scaling_ == scaling::none) return rows;
    const auto n = static_cast<linalg::index>(rows.rows());
    const auto d = static_cast<linalg::index>(cols_);
    if (rows.is_sparse() && (scaling_ == scaling::l2 || scaling_ == scaling::tf_idf)) {
      linalg::sparse_matrix<float> out(n, d);
      const auto weighted = [&](std::size_t j, float value) {
        return static_cast<double>(value) * static_cast<double>(scale_of(j));
      };
      for (linalg::index i = 0; i < n; ++i) {
        const auto row = static_cast<std::size_t>(i);
        detail::column_sum squares;
        rows.for_each_in_row(row, [&](std::size_t j, float value) {
          squares.add(static_cast<linalg::index>(j), weighted(j, value) * weighted(j, value));
        });
        const double scale = detail::to_unit(squares.total());
        out.startVec(i);
        rows.for_each_in_row(row, [&](std::size_t j, float value) {
          out.insertBack(i, static_cast<linalg::index>(j)) =
              static_cast<float>(scale * weighted(j, value));
        });
      }
      out.finalize();
      return block(std::move(out));
    }
    linalg::matrix<float> out(n, static_cast<linalg::index>(outputs()));
    if (ctx.observer.may_stop()) out.setZero();
    for_chunks_until_stopped(ctx, rows.rows(), 256, [&](std::size_t begin, std::size_t end) {
      auto part = out.middleRows(static_cast<linalg::index>(begin),
                                 static_cast<linalg::index>(end - begin));
      rows.copy_rows(begin, part.leftCols(d));
      apply(part);
    });
    return block(std::move(out));
  }

  /// The same, but sparse rows stay sparse whatever the scaling: those that it centres become a block that
  /// stores what was not 0 (`block::centering`), and whose rows are those of `transform` up to the rounding of
  /// stored numbers to floats. Columns whose mean is far from 0, as most rows have numbers there, are stored
  /// without it, as rounding would take what is left. O(stored numbers + d).
  [[nodiscard]] block transform_sparse(const block& rows, const context& ctx = {}) const {
    check_cols(rows.cols(), cols_);
    if (!rows.is_sparse() || (scaling_ != scaling::centered_l2 && scaling_ != scaling::z_score))
      return transform(rows, ctx);
    const bool unit = scaling_ == scaling::centered_l2;
    double shift_square = 0;
    for (const double s : shift_) shift_square += s * s;
    linalg::sparse_matrix<float> out(static_cast<linalg::index>(rows.rows()),
                                     static_cast<linalg::index>(cols_));
    block::centering c{std::vector<float>(cols_), std::vector<double>(rows.rows(), unit ? 0 : 1)};
    std::vector<std::size_t> far;
    for (std::size_t j = 0; j < cols_; ++j) {
      const double mean = unit ? shift_[j] : shift_[j] * static_cast<double>(scale_[j]);
      if (std::abs(mean) < (unit ? 0.125 : 2))
        c.shift[j] = static_cast<float>(mean);
      else
        far.push_back(j);
    }
    until_stopped(ctx.observer, rows.rows(), 256, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        const auto row = static_cast<linalg::index>(i);
        const double scale = unit ? inverse_norm(rows, i) : 1;
        double squares = shift_square;
        out.startVec(row);
        auto next = far.begin();
        const auto put_far = [&](double value) {
          const std::size_t j = *next++;
          const double x = unit ? scale * value - shift_[j]
                                : (value - shift_[j]) * static_cast<double>(scale_[j]);
          squares += x * x - shift_[j] * shift_[j];
          out.insertBack(row, static_cast<linalg::index>(j)) = static_cast<float>(x);
        };
        rows.for_each_in_row(i, [&](std::size_t j, float value) {
          while (next != far.end() && *next < j) put_far(0);
          if (next != far.end() && *next == j) return put_far(static_cast<double>(value));
          const auto y =
              unit ? static_cast<float>(scale * static_cast<double>(value)) : value * scale_[j];
          const double difference = static_cast<double>(y) - shift_[j];
          squares += difference * difference - shift_[j] * shift_[j];
          out.insertBack(row, static_cast<linalg::index>(j)) = y;
        });
        while (next != far.end()) put_far(0);
        if (!unit || !(scale > 0)) continue;
        c.factors[i] = squares > 0x1p-46 ? 1 / std::sqrt(squares) : 0;
      }
    });
    out.finalize();
    return block(std::move(out), std::move(c));
  }

  /// For the archive, under prefix.scaling, prefix.cols, prefix.shift (floats), prefix.shift_rest (what
  /// they leave of the means; files of the first version have none) and prefix.scale:
  /// `writer.meta(key, value)`, `writer.array(name, values, rows, cols)`.
  template <class Writer>
  void write(Writer& writer, std::string_view prefix) const {
    const std::string p(prefix);
    writer.meta(p + ".scaling", scaling_names[static_cast<std::size_t>(scaling_)]);
    writer.meta(p + ".cols", cols_);
    if (!learns()) return;
    std::vector<float> shift(cols_), rest(cols_);
    for (std::size_t j = 0; j < cols_; ++j) std::tie(shift[j], rest[j]) = two_floats(shift_[j]);
    writer.array(p + ".shift", std::span<const float>(shift), 1, cols_);
    writer.array(p + ".shift_rest", std::span<const float>(rest), 1, cols_);
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
    if (reader.has_array(p + ".shift_rest")) {
      const auto rest = reader.template array<float>(p + ".shift_rest");
      reader.require(rest.size() == n.cols_, p, ".shift_rest has ", rest.size(), " numbers for ",
                     n.cols_, " columns");
      for (std::size_t j = 0; j < n.cols_; ++j) n.shift_[j] += static_cast<double>(rest[j]);
    }
    n.scale_.assign(scale.begin(), scale.end());
    return n;
  }

 private:
  /// The nearest float to x and, as a float, what is left of x.
  static std::pair<float, float> two_floats(double x) {
    const auto high = static_cast<float>(x);
    return {high, static_cast<float>(x - static_cast<double>(high))};
  }
  struct sums {
    sums& operator+=(const sums& other) {
      for (std::size_t j = 0; j < values.size(); ++j) values[j] += other.values[j];
      return *this;
    }
    std::vector<double> values;
  };
  /// `width` sums, to which add(row, sums) adds every row; none when asked to stop.
  template <class F>
  static std::vector<double> sum_rows(const block& b, std::size_t width, const context& ctx,
                                      F add) {
    std::vector<sums> parts(b.rows() / 256 + (b.rows() % 256 != 0));
    const std::size_t done =
        for_chunks_until_stopped(ctx, b.rows(), 256, [&](std::size_t begin, std::size_t end) {
          std::vector<double>& mine = parts[begin / 256].values;
          mine.resize(width);
          for (std::size_t i = begin; i < end; ++i) add(i, mine);
        });
    if (done < b.rows()) return {};
    return sum_pairwise(std::move(parts)).values;
  }
  /// 1 / s per column, in a second pass over the differences from the mean: the mean of x^2 minus m^2
  /// would cancel. Columns that vary less than floats can tell count as constant.
  HINT_LAZY
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
    if (found.empty()) return;
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
  [[nodiscard]] float scale_of(std::size_t column) const noexcept {
    return scaling_ == scaling::l2 ? 1.0F : scale_[column];
  }
  static double inverse_norm(const block& b, std::size_t row) {
    double squares = 0;
    b.for_each_in_row(row, [&](std::size_t, float value) {
      squares += static_cast<double>(value) * static_cast<double>(value);
    });
    return squares > 0 ? 1 / std::sqrt(squares) : 0;
  }
  void apply_row(std::span<float> row) const {
    // Pointers, whose loops compilers turn into vector instructions.
    const float* const numbers = row.data();
    const double* const shifts = shift_.data();
    const float* const scales = scale_.data();
    const auto n = static_cast<linalg::index>(row.size());
    const auto x = [numbers](linalg::index j) { return static_cast<double>(numbers[j]); };
    const auto shift = [shifts](linalg::index j) { return shifts[j]; };
    const auto scale = [scales](linalg::index j) { return static_cast<double>(scales[j]); };
    switch (scaling_) {
      case scaling::none:
        break;
      case scaling::l2:
        detail::to_unit_length(row, x);
        break;
      case scaling::centered_l2: {
        const double squares = detail::square_sum(n, x);
        if (!(squares > 0)) break;
        const double inverse = detail::to_unit(squares);
        detail::to_unit_length(
            row, [&](linalg::index j) { return inverse * x(j) - shift(j); }, 0x1p-23);
        break;
      }
      case scaling::z_score:
        for (linalg::index j = 0; j < n; ++j)
          row[static_cast<std::size_t>(j)] = static_cast<float>((x(j) - shift(j)) * scale(j));
        break;
      case scaling::tf_idf:
        detail::to_unit_length(row, [&](linalg::index j) { return x(j) * scale(j); });
        break;
      case scaling::homogeneous: {
        const linalg::index last = n - 1;
        detail::to_unit_length(
            row, [&](linalg::index j) { return j == last ? 1.0 : (x(j) - shift(j)) * scale(j); });
        break;
      }
    }
  }
  void check_cols(std::size_t cols, std::size_t expected) const {
    expects<shape_error>(
        cols == expected, "normalizer: rows have ", cols, " columns, it was fitted on ", cols_,
        expected == cols_ ? "" : ::hint::detail::concat(" and makes ", expected, " of them"));
  }

  scaling scaling_ = scaling::none;
  std::size_t cols_ = 0;
  std::vector<double> shift_;
  std::vector<float> scale_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
