// SPDX-License-Identifier: MIT
/// \file
/// Maximum mean discrepancy with Gaussian kernels: how far two samples are from having one
/// distribution (Gretton et al., JMLR 2012; in HINT the measure of the modality gap, Eq. 6).
#ifndef HINT_ALIGN_MMD_HPP
#define HINT_ALIGN_MMD_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

enum class mmd_estimator : std::uint8_t {
  biased,    ///< V-statistic, >= 0; O(n^2)
  unbiased,  ///< U-statistic, may be negative; O(n^2)
  linear,    ///< unbiased, over consecutive disjoint pairs of rows; O(n), noisier
};
enum class bandwidth_rule : std::uint8_t {
  mean,    ///< mean squared distance of the pooled rows (Long et al., ICML 2015)
  median,  ///< median of the squared distances of the pooled rows
  fixed,   ///< as given
};

struct mmd_options {
  mmd_estimator estimator = mmd_estimator::biased;
  std::size_t kernels = 5;  ///< summed Gaussians exp(-d^2 / s_q); 1 .. 32
  double ratio = 2;         ///< s_q = s ratio^(q - floor(kernels / 2)); 1 .. 100
  bandwidth_rule rule = bandwidth_rule::mean;
  double bandwidth = 1;  ///< s, squared, for bandwidth_rule::fixed; > 0

  void validate() const {
    option_in("kernels", kernels, 1, 32);
    option_in("ratio", ratio, 1, 100);
    option_in("bandwidth", bandwidth, 1e-30, 1e30);
  }
};

/// The squared discrepancy of two samples. Models `discrepancy`. Stateless; const use is thread-safe.
class mmd {
 public:
  using options = mmd_options;
  mmd() = default;
  /// Throws `invalid_option`.
  explicit mmd(mmd_options o) : options_(o) { options_.validate(); }

  /// a: n x d, b: m x d rows. 0 when either is too small for the estimator (unbiased and linear need
  /// two rows each; linear uses min(n, m) rows). Throws `shape_error`.
  template <class T>
  [[nodiscard]] T value(const linalg::matrix_view<T>& a, const linalg::matrix_view<T>& b) const {
    return evaluate<T, false>(a, b, nullptr, nullptr);
  }
  /// Adds the gradients to `da` (n x d) and `db` (m x d). The bandwidth is held constant.
  template <class T>
  T value_and_gradient(const linalg::matrix_view<T>& a, const linalg::matrix_view<T>& b,
                       linalg::matrix_ref<T> da, linalg::matrix_ref<T> db) const {
    return evaluate<T, true>(a, b, &da, &db);
  }

 private:
  /// Sum of kernels and its derivative by the squared distance.
  template <class T>
  struct kernel {
    std::vector<T> rates;  // 1 / s_q
    T value(T squared) const {
      T sum = 0;
      for (const T r : rates) sum += std::exp(-squared * r);
      return sum;
    }
    T slope(T squared) const {
      T sum = 0;
      for (const T r : rates) sum -= r * std::exp(-squared * r);
      return sum;
    }
  };

  template <class T>
  [[nodiscard]] kernel<T> kernel_for(T s) const {
    kernel<T> k;
    const int middle = static_cast<int>(options_.kernels) / 2;
    for (int q = 0; q < static_cast<int>(options_.kernels); ++q)
      k.rates.push_back(1 / (s * static_cast<T>(std::pow(options_.ratio, q - middle))));
    return k;
  }
  template <class T>
  [[nodiscard]] T bandwidth(std::vector<T> squared) const {
    if (options_.rule == bandwidth_rule::fixed) return static_cast<T>(options_.bandwidth);
    if (squared.empty()) return T(1);
    T s = 0;
    if (options_.rule == bandwidth_rule::median) {
      const auto middle = squared.begin() + static_cast<std::ptrdiff_t>(squared.size() / 2);
      std::nth_element(squared.begin(), middle, squared.end());
      s = *middle;
    } else {
      for (const T x : squared) s += x;
      s /= static_cast<T>(squared.size());
    }
    return s > 0 ? s : T(1);  // all rows equal: any kernel gives 0
  }
  template <class T>
  static linalg::matrix<T> squared_distances(const linalg::matrix_view<T>& a,
                                             const linalg::matrix_view<T>& b) {
    linalg::matrix<T> d(a.rows(), b.rows());
    linalg::multiply_transposed<T>(a, b, d);
    d *= T(-2);
    d.colwise() += a.rowwise().squaredNorm();
    d.rowwise() += b.rowwise().squaredNorm().transpose();
    return d.cwiseMax(T(0));
  }

  /// Without gradients `da` and `db` are null, and no code is made for them.
  template <class T, bool Gradients>
  T evaluate(const linalg::matrix_view<T>& a, const linalg::matrix_view<T>& b,
             linalg::matrix_ref<T>* da, linalg::matrix_ref<T>* db) const {
    expects<shape_error>(a.cols() == b.cols(), "mmd: samples of ", a.rows(), " x ", a.cols(),
                         " and ", b.rows(), " x ", b.cols());
    if (options_.estimator == mmd_estimator::linear) return linear<T, Gradients>(a, b, da, db);
    const bool biased = options_.estimator == mmd_estimator::biased;
    const linalg::index least = biased ? 1 : 2;
    if (a.rows() < least || b.rows() < least) return 0;
    linalg::matrix<T> aa = squared_distances<T>(a, a);
    linalg::matrix<T> bb = squared_distances<T>(b, b);
    linalg::matrix<T> ab = squared_distances<T>(a, b);
    aa.diagonal().setZero();
    bb.diagonal().setZero();

    std::vector<T> pooled;
    if (options_.rule != bandwidth_rule::fixed) {
      for (linalg::index i = 0; i < aa.rows(); ++i)
        for (linalg::index j = i + 1; j < aa.cols(); ++j) pooled.push_back(aa(i, j));
      for (linalg::index i = 0; i < bb.rows(); ++i)
        for (linalg::index j = i + 1; j < bb.cols(); ++j) pooled.push_back(bb(i, j));
      pooled.insert(pooled.end(), ab.data(), ab.data() + ab.size());
    }
    const kernel<T> k = kernel_for(bandwidth(std::move(pooled)));

    const auto mean_weight = [&](linalg::index n) {
      return T(1) / static_cast<T>(biased ? n * n : n * (n - 1));
    };
    const T wa = mean_weight(a.rows());
    const T wb = mean_weight(b.rows());
    const T wab = T(-2) / static_cast<T>(ab.size());
    const auto sum = [&](const linalg::matrix<T>& d, bool with_diagonal) {
      T all = 0;
      for (const T rate : k.rates) all += (d.array() * -rate).exp().sum();
      return with_diagonal ? all : all - static_cast<T>(d.rows()) * k.value(0);
    };
    const T value = wa * sum(aa, biased) + wb * sum(bb, biased) + wab * sum(ab, true);
    if constexpr (Gradients) {
      const auto slope = [&](T x) { return k.slope(x); };
      // d k(x, y) / dx = 2 slope (x - y); each row meets every other one twice within its sample.
      const auto pull = [](const linalg::matrix<T>& w, const linalg::matrix_view<T>& x,
                           const linalg::matrix_view<T>& y, linalg::matrix_ref<T> out) {
        linalg::matrix<T> mean(x.rows(), x.cols());
        linalg::multiply<T>(w, y, mean);
        out.array() += x.array().colwise() * w.rowwise().sum().array() - mean.array();
      };
      const linalg::matrix<T> cross = T(2) * wab * ab.unaryExpr(slope);
      pull(T(4) * wa * aa.unaryExpr(slope), a, a, *da);
      pull(cross, a, b, *da);
      pull(T(4) * wb * bb.unaryExpr(slope), b, b, *db);
      pull(cross.transpose(), b, a, *db);
    }
    return value;
  }

  /// mean over disjoint pairs of k(x, x') + k(y, y') - k(x, y') - k(x', y).
  template <class T, bool Gradients>
  T linear(const linalg::matrix_view<T>& a, const linalg::matrix_view<T>& b,
           linalg::matrix_ref<T>* da, linalg::matrix_ref<T>* db) const {
    const linalg::index pairs = (std::min)(a.rows(), b.rows()) / 2;
    if (pairs == 0) return 0;
    std::vector<T> squared;
    for (linalg::index i = 0; i < pairs; ++i) {
      squared.push_back((a.row(2 * i) - a.row(2 * i + 1)).squaredNorm());
      squared.push_back((b.row(2 * i) - b.row(2 * i + 1)).squaredNorm());
      squared.push_back((a.row(2 * i) - b.row(2 * i + 1)).squaredNorm());
      squared.push_back((a.row(2 * i + 1) - b.row(2 * i)).squaredNorm());
    }
    const kernel<T> k = kernel_for(bandwidth(squared));
    const T w = T(1) / static_cast<T>(pairs);
    T value = 0;
    const auto term = [&](T sign, T distance, const auto& x, const auto& y, linalg::index i,
                          linalg::index j, [[maybe_unused]] linalg::matrix_ref<T>* dx,
                          [[maybe_unused]] linalg::matrix_ref<T>* dy) {
      value += sign * w * k.value(distance);
      if constexpr (Gradients) {
        const auto slope = 2 * sign * w * k.slope(distance) * (x.row(i) - y.row(j));
        dx->row(i) += slope;
        dy->row(j) -= slope;
      }
    };
    for (linalg::index i = 0; i < pairs; ++i) {
      const auto d = squared.data() + 4 * i;
      term(T(1), d[0], a, a, 2 * i, 2 * i + 1, da, da);
      term(T(1), d[1], b, b, 2 * i, 2 * i + 1, db, db);
      term(T(-1), d[2], a, b, 2 * i, 2 * i + 1, da, db);
      term(T(-1), d[3], a, b, 2 * i + 1, 2 * i, da, db);
    }
    return value;
  }

  mmd_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
