// SPDX-License-Identifier: MIT
/// \file
/// Kernels between rows and a fixed set of anchors: from features to the numbers that kernel methods project.
#ifndef HINT_LEARN_ANCHORED_KERNEL_HPP
#define HINT_LEARN_ANCHORED_KERNEL_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/data/normalize.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/reduce.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Kernels k(x, a) of two rows; h is the width. `linear` and `gaussian` are of rows scaled by a `data::normalizer`;
/// `hellinger` is for histograms and counts, where no number may be below 0, and of shares, x / (sum of x). The
/// numbers are part of the file format.
enum class kernel_kind : std::uint8_t {
  automatic = 0,  ///< whichever suits the features: what that is says the learner
  linear = 1,     ///< x^T a
  gaussian = 2,   ///< exp(-||x - a||^2 / h)
  hellinger = 3,  ///< exp(-sum (sqrt p - sqrt q)^2 / h), p and q the shares of x and a
};
inline constexpr std::array<std::string_view, 4> kernel_names{"automatic", "linear", "gaussian",
                                                              "hellinger"};

/// m anchors and a kernel; `values` gives k(x, a_1) .. k(x, a_m). Anchors of wide sparse rows (`block::is_mostly_zero`)
/// stay sparse. Numbers of a row depend on that row alone, dense or sparse. Const use is thread-safe.
class anchored_kernel {
 public:
  anchored_kernel() = default;

  /// The rows `anchors` of finite features are the anchors; `scaling` is `none` for the kernel `hellinger`. h is
  /// `width` times the mean distance within the first 1,000 of them (where that is 0, times the largest squared
  /// length, or 1), distances as in the exponents above. O(m d + 1000^2 d). Throws `invalid_argument` for numbers below 0 of which there are to be
  /// shares, with `name` in the message.
  HINT_LAZY
  [[nodiscard]] static anchored_kernel fit(const data::block& features,
                                           std::span<const data::row_id> anchors, kernel_kind kind,
                                           data::normalizer scaling, double width,
                                           std::string_view name, const context& ctx = {}) {
    anchored_kernel k;
    k.kind_ = kind;
    k.scaling_ = std::move(scaling);
    k.cols_ = features.cols();
    const data::scaling how = k.scaling_.how();
    k.wide_ = features.is_mostly_zero() && (how == data::scaling::none || how == data::scaling::l2);
    const data::block chosen = features(anchors);
    k.set_anchors(k.scaled(chosen, 0, chosen.rows(), name));
    if (kind == kernel_kind::linear) return k;
    const std::size_t some = (std::min<std::size_t>)(1000, anchors.size());
    std::vector<double> sums(some);
    for_chunks_until_stopped(ctx, some, rows_at_once, [&](std::size_t begin, std::size_t end) {
      linalg::matrix<float> d(static_cast<linalg::index>(end - begin),
                              static_cast<linalg::index>(k.size()));
      k.distances(chosen, begin, name, d);
      for (std::size_t i = begin; i < end; ++i)
        for (std::size_t j = 0; j < some; ++j)
          sums[i] += static_cast<double>(
              d(static_cast<linalg::index>(i - begin), static_cast<linalg::index>(j)));
    });
    const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) /
                        (static_cast<double>(some) * static_cast<double>(some));
    // Equal anchors are apart by what products of floats are rounded by.
    const double largest = *std::max_element(k.squares_.begin(), k.squares_.end());
    k.width_ = width * (mean > 1e-6 * largest ? mean : largest > 0 ? largest : 1);
    return k;
  }

  /// How many rows should be asked for at once.
  static constexpr std::size_t rows_at_once = 64;

  [[nodiscard]] kernel_kind kind() const noexcept { return kind_; }
  [[nodiscard]] data::scaling scaling() const noexcept { return scaling_.how(); }
  /// h.
  [[nodiscard]] double width() const noexcept { return width_; }
  /// m.
  [[nodiscard]] std::size_t size() const noexcept { return anchors_.rows(); }
  /// Columns that rows must have.
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
  /// Whether the anchors are kept sparse.
  [[nodiscard]] bool is_sparse() const noexcept { return wide_; }

  /// out (r x m) = the kernel of the anchors with rows first, first + 1, ... of finite features of `cols()` columns
  /// (unchecked). O(r m d), or O(m) for every stored number. Throws `invalid_argument`, with `name` in the
  /// message, for numbers below 0 of which there are to be shares.
  void values(const data::block& rows, std::size_t first, std::string_view name,
              linalg::matrix_ref<float> out) const {
    if (kind_ == kernel_kind::linear)
      return products(scaled(rows, first, static_cast<std::size_t>(out.rows()), name), out);
    distances(rows, first, name, out);
    for (linalg::index i = 0; i < out.rows(); ++i)
      for (float& x : linalg::row_span<float>(out, i))
        x = static_cast<float>(std::exp(static_cast<double>(x) / -width_));
  }

  /// For an archive, under names that begin with `prefix`.
  template <class Writer>
  void write(Writer& writer, std::string_view prefix) const {
    const std::string p(prefix);
    writer.meta(p + ".kernel", kernel_names[static_cast<std::size_t>(kind_)]);
    writer.meta(p + ".width", width_);
    scaling_.write(writer, p);
    if (!wide_) {
      const auto a = anchors_.dense();
      writer.array(p + ".anchors", std::span<const float>(a.data(), size() * anchors_.cols()),
                   size(), anchors_.cols());
      return;
    }
    std::vector<std::uint64_t> starts{0};
    std::vector<std::uint32_t> where;
    std::vector<float> numbers;
    for (std::size_t i = 0; i < size(); ++i) {
      anchors_.for_each_stored(i, [&](std::size_t j, float v) {
        where.push_back(static_cast<std::uint32_t>(j));
        numbers.push_back(v);
      });
      starts.push_back(numbers.size());
    }
    writer.array(p + ".anchor_starts", starts, 1, starts.size());
    writer.array(p + ".anchor_columns", where, 1, where.size());
    writer.array(p + ".anchor_numbers", numbers, 1, numbers.size());
  }
  /// Throws `format_error` when the archive does not hold a kernel under this prefix.
  template <class Reader>
  [[nodiscard]] static anchored_kernel read(const Reader& reader, std::string_view prefix) {
    const std::string p(prefix);
    anchored_kernel k;
    const std::string name = reader.meta(p + ".kernel");
    const auto found = std::find(kernel_names.begin() + 1, kernel_names.end(), name);
    reader.require(found != kernel_names.end(), p, ".kernel is ", name,
                   ", which this version does not know");
    k.kind_ = static_cast<kernel_kind>(found - kernel_names.begin());
    k.width_ = reader.template number<double>(p + ".width");
    reader.require(is_finite(k.width_) && k.width_ > 0, p, ".width is ", k.width_,
                   ", expected a number above 0");
    k.scaling_ = data::normalizer::read(reader, p);
    k.cols_ = k.scaling_.cols();
    k.wide_ = reader.has_array(p + ".anchor_starts");
    data::block anchors = k.wide_ ? read_sparse(reader, p, k.scaling_.outputs()) : [&] {
      const auto a = reader.template array<float>(p + ".anchors");
      return data::block(linalg::matrix<float>(Eigen::Map<const linalg::matrix<float>>(
          a.data(), static_cast<linalg::index>(reader.rows(p + ".anchors")),
          static_cast<linalg::index>(reader.cols(p + ".anchors")))));
    }();
    reader.require(anchors.rows() >= 1 && anchors.cols() == k.scaling_.outputs(), p, " has ",
                   anchors.rows(), " anchors of ", anchors.cols(), " columns, expected some of ",
                   k.scaling_.outputs());
    k.set_anchors(std::move(anchors));
    return k;
  }

 private:
  using columns = Eigen::SparseMatrix<float, Eigen::ColMajor, int>;

  template <class Reader>
  static data::block read_sparse(const Reader& reader, const std::string& p, std::size_t cols) {
    const auto starts = reader.template array<std::uint64_t>(p + ".anchor_starts");
    const auto where = reader.template array<std::uint32_t>(p + ".anchor_columns");
    const auto numbers = reader.template array<float>(p + ".anchor_numbers");
    bool good = !starts.empty() && starts.front() == 0 && starts.back() == numbers.size() &&
                where.size() == numbers.size() && std::is_sorted(starts.begin(), starts.end());
    for (std::size_t i = 0; good && i + 1 < starts.size(); ++i)
      for (std::size_t at = starts[i]; at < starts[i + 1]; ++at)
        good = good && where[at] < cols && (at == starts[i] || where[at - 1] < where[at]);
    reader.require(good, p, ": the anchors are no sparse rows of ", cols, " columns");
    linalg::sparse_matrix<float> rows(static_cast<linalg::index>(starts.size() - 1),
                                      static_cast<linalg::index>(cols));
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
      rows.startVec(static_cast<linalg::index>(i));
      for (std::size_t at = starts[i]; at < starts[i + 1]; ++at)
        rows.insertBack(static_cast<linalg::index>(i), static_cast<linalg::index>(where[at])) =
            numbers[at];
    }
    rows.finalize();
    return data::block(std::move(rows));
  }

  void set_anchors(data::block anchors) {
    if (!wide_ && !anchors.is_contiguous()) {
      linalg::matrix<float> rows(static_cast<linalg::index>(anchors.rows()),
                                 static_cast<linalg::index>(anchors.cols()));
      anchors.copy_rows(0, rows);
      anchors = data::block(std::move(rows));
    }
    anchors_ = std::move(anchors);
    squares_.resize(size());
    for (std::size_t i = 0; i < size(); ++i) squares_[i] = square_of(anchors_, i);
    if (!wide_) return;
    std::vector<Eigen::Triplet<float, int>> all;
    for (std::size_t i = 0; i < size(); ++i)
      anchors_.for_each_stored(i, [&](std::size_t j, float v) {
        all.emplace_back(static_cast<int>(i), static_cast<int>(j), v);
      });
    by_column_.resize(static_cast<linalg::index>(size()),
                      static_cast<linalg::index>(anchors_.cols()));
    by_column_.setFromTriplets(all.begin(), all.end());
  }
  /// The squared length of a scaled row.
  [[nodiscard]] double square_of(const data::block& rows, std::size_t i) const {
    double sum = 0;
    rows.for_each_in_row(
        i, [&](std::size_t, float v) { sum += static_cast<double>(v) * static_cast<double>(v); });
    return sum;
  }
  /// Some rows as the kernel takes them.
  HINT_LAZY
  [[nodiscard]] data::block scaled(const data::block& rows, std::size_t first, std::size_t count,
                                   std::string_view name) const {
    std::vector<data::row_id> ids(count);
    std::iota(ids.begin(), ids.end(), static_cast<data::row_id>(first));
    if (kind_ != kernel_kind::hellinger) return scaling_.transform(rows(ids));
    linalg::matrix<float> dense(wide_ ? 0 : static_cast<linalg::index>(count),
                                static_cast<linalg::index>(cols_));
    linalg::sparse_matrix<float> sparse(static_cast<linalg::index>(count),
                                        static_cast<linalg::index>(cols_));
    if (!wide_) dense.setZero();
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = static_cast<linalg::index>(i);
      double sum = 0;
      rows.for_each_in_row(first + i, [&](std::size_t j, float v) {
        expects(v >= 0, name, ": ", rows.name_of_row(first + i), ", column ", j, " is ", v,
                ", expected no number below 0 for the kernel hellinger");
        sum += static_cast<double>(v);
      });
      if (wide_) sparse.startVec(row);
      rows.for_each_in_row(first + i, [&](std::size_t j, float v) {
        if (!(v > 0)) return;
        const auto x = static_cast<float>(std::sqrt(static_cast<double>(v) / sum));
        if (wide_)
          sparse.insertBack(row, static_cast<linalg::index>(j)) = x;
        else
          dense(row, static_cast<linalg::index>(j)) = x;
      });
    }
    if (!wide_) return data::block(std::move(dense));
    sparse.finalize();
    return data::block(std::move(sparse));
  }
  /// out = x^T a of scaled rows and the anchors.
  HINT_LAZY
  void products(const data::block& x, linalg::matrix_ref<float> out) const {
    if (wide_) {
      std::vector<double> sums(size());
      for (linalg::index i = 0; i < out.rows(); ++i) {
        std::fill(sums.begin(), sums.end(), 0.0);
        x.for_each_in_row(static_cast<std::size_t>(i), [&](std::size_t j, float v) {
          if (v == 0) return;
          for (columns::InnerIterator it(by_column_, static_cast<linalg::index>(j)); it; ++it)
            sums[static_cast<std::size_t>(it.row())] +=
                static_cast<double>(it.value()) * static_cast<double>(v);
        });
        for (std::size_t j = 0; j < size(); ++j)
          out(i, static_cast<linalg::index>(j)) = static_cast<float>(sums[j]);
      }
      return;
    }
    const auto a = anchors_.dense();
    linalg::matrix<float> rows(out.rows(), a.cols());
    x.copy_rows(0, rows);
    linalg::multiply_transposed<float>(rows, a, out);
  }
  /// What stands in the exponents, without 1 / h.
  HINT_LAZY
  void distances(const data::block& rows, std::size_t first, std::string_view name,
                 linalg::matrix_ref<float> out) const {
    const data::block x = scaled(rows, first, static_cast<std::size_t>(out.rows()), name);
    products(x, out);
    for (linalg::index i = 0; i < out.rows(); ++i) {
      const double own = square_of(x, static_cast<std::size_t>(i));
      for (linalg::index j = 0; j < out.cols(); ++j) {
        const double sum = own + squares_[static_cast<std::size_t>(j)];
        out(i, j) = static_cast<float>((std::max)(0.0, sum - 2 * static_cast<double>(out(i, j))));
      }
    }
  }

  kernel_kind kind_ = kernel_kind::linear;
  data::normalizer scaling_;
  double width_ = 1;
  std::size_t cols_ = 0;
  bool wide_ = false;
  data::block anchors_;
  std::vector<double> squares_;
  columns by_column_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
