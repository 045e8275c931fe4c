// SPDX-License-Identifier: MIT
/// \file
/// Kernel canonical correlation analysis (Hardoon, Szedmak, Shawe-Taylor, Neural Computation 2004) on a set of
/// anchors, with rotated signs: the method that finds single items best for its time.
#ifndef HINT_LEARN_KERNEL_CCA_HPP
#define HINT_LEARN_KERNEL_CCA_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/random.hpp>
#include <hint/data/block.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/normalize.hpp>
#include <hint/learn/anchored_kernel.hpp>
#include <hint/learn/kernel/rotation.hpp>
#include <hint/learn/kernel_hasher.hpp>
#include <hint/learn/scaled_rows.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/reduce.hpp>
#include <hint/linalg/subspace.hpp>
#include <hint/linalg/whitening.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Arrays hold one value for images, one for texts.
struct kernel_cca_options {
  std::size_t bits = 64;        ///< L; 1 .. 16384
  std::size_t directions = 64;  ///< r, canonical directions that all bits are made of; 1 .. 1024
  std::size_t anchors = 2000;   ///< m, training pairs that carry the solution; 2 .. 8192
  std::size_t components =
      500;  ///< p, leading eigenvectors of the kernels of anchors that are kept; 1 .. 8192
  /// kappa, in units of the largest eigenvalue of the centred kernel; 1e-6 .. 1e6
  double regularization = 0.1;
  /// `automatic`: hellinger for features without numbers below 0, else gaussian.
  std::array<kernel_kind, 2> kernel{kernel_kind::automatic, kernel_kind::automatic};
  /// h in units of the mean distance; 1e-3 .. 1e3, or 0: 0.3 for hellinger, else 0.4
  std::array<double, 2> width{0, 0};
  /// What linear and gaussian kernels compare.
  std::array<data::scaling, 2> scaling{data::scaling::centered_l2, data::scaling::centered_l2};
  std::size_t rotation_rounds = 20;  ///< of iterative quantization; 0: random rotations; 0 .. 1000

  void validate() const {
    option_in("bits", bits, 1, max_bits);
    option_in("directions", directions, 1, 1024);
    option_in("anchors", anchors, 2, 8192);
    option_in("components", components, 1, 8192);
    option_in("regularization", regularization, 1e-6, 1e6);
    for (const double w : width)
      if (w != 0) option_in("width", w, 1e-3, 1e3);
    option_in("rotation_rounds", rotation_rounds, 0, 1000);
  }
};

/// Functions f(x) = a^T k(x) and g(y) = b^T q(y), k and q being the kernels of a row with the m anchors, the same
/// random pairs in both modalities (all, where there are no more): those of largest covariance over all n pairs, less their
/// means, among which a^T (K^T K + kappa s K_m) a = 1, b likewise; K (n x m) is the centred kernel of all rows with the
/// anchors, K_m that among anchors, s the largest eigenvalue of the centred n x n kernel, estimated from the anchors. With
/// all rows as anchors this is Hardoon's problem with K^2 + kappa s K; with fewer it is that of the functions that anchors
/// span.
///
/// The r leading pairs of functions, times their correlations, are rotated by iterative quantization (Gong and Lazebnik,
/// CVPR 2011) and replaced by their signs, as otherwise weak directions would count as much as strong ones; for
/// each r bits from another random rotation.
///
/// Features are scaled by the kernel, so raw ones are handed in. Where those of a modality are too wide
/// and sparse for `centered_l2` (`block::is_mostly_zero`), `l2` takes its place; where rows are multiples of one, a gaussian kernel
/// on `homogeneous` rows does.
class kernel_cca {
 public:
  using options = kernel_cca_options;
  /// Throws `invalid_option`.
  explicit kernel_cca(kernel_cca_options o = {}) : options_(o) { options_.validate(); }
  [[nodiscard]] const kernel_cca_options& get_options() const noexcept { return options_; }

  /// O(n m (d + m) + m^3) time, O(m (d + m)) memory; the same bits for any number of threads. Tells the observer
  /// (phase "kernel") how far it is, and (phase "scale") what is odd about features. Throws
  /// `invalid_argument` for fewer than two pairs, no columns, NaN or infinity, numbers below 0 for kernels of shares that
  /// were asked for, `shape_error` for modalities of different size, `error` when asked to stop, since half a
  /// decomposition is no model: the observer is asked between blocks of rows and before each
  /// factorisation.
  template <data::paired_dataset D>
  [[nodiscard]] kernel_hasher fit(const D& dataset, const context& ctx = {}) const {
    return fit_rows(data::paired<>(data::as_block(dataset.image()), data::as_block(dataset.text())),
                    ctx);
  }

 private:
  using matrix = linalg::matrix<double>;
  using row = linalg::row_vector<double>;
  /// One modality on the way: functions are combinations of the leading eigenvectors of the anchors' kernel.
  struct side {
    anchored_kernel kernel;
    matrix of_anchors;           ///< the kernel of anchors with anchors, m x m
    linalg::eigenvectors basis;  ///< m x p, of that matrix, centred
    row mean;                    ///< of the rows' values, p
    matrix own;                  ///< their covariance times n, p x p
  };

  static void go_on(const context& ctx) {
    expects<error>(!ctx.observer.stop_requested(),
                   "fit: asked to stop before kernel CCA had a model");
  }
  static void tell(const context& ctx, double done) {
    ctx.observer.on(phase_report{.phase = "kernel", .done = done});
    go_on(ctx);
  }

  HINT_LAZY
  [[nodiscard]] kernel_hasher fit_rows(const data::paired<>& rows, const context& ctx) const {
    const std::size_t n = rows.size();
    expects(n >= 2, "fit: the data set has ", n, " pairs, expected at least 2");
    std::vector<data::row_id> anchors =
        permutation(static_cast<std::uint32_t>(n), ctx.random("kernel cca anchors"));
    anchors.resize((std::min)(n, options_.anchors));
    std::array<side, 2> sides;
    for (const modality m : modalities) {
      tell(ctx, 0.1 * static_cast<double>(index_of(m)));
      sides[index_of(m)] = begin_side(m == image ? rows.image() : rows.text(), m, anchors, ctx);
    }
    matrix cross = covariances(rows, sides, ctx);
    std::array<std::optional<linalg::whitening>, 2> whiten;
    for (std::size_t m = 0; m < 2; ++m) {
      const linalg::vector<double>& values = sides[m].basis.values;
      const double share = static_cast<double>(n) / static_cast<double>(anchors.size());
      sides[m].own.diagonal() += options_.regularization * share * values(0) * values;
      whiten[m].emplace(std::move(sides[m].own), 1e-12);
      go_on(ctx);
    }
    whiten[0]->whiten(cross);
    matrix t = cross.transpose();
    whiten[1]->whiten(t);
    linalg::singular_vectors found =
        linalg::truncated_svd(t, static_cast<linalg::index>(options_.directions), 1e-6,
                              ctx.random("kernel cca directions"), ctx.executor);
    go_on(ctx);
    std::array<matrix, 2> directions{std::move(found.right), std::move(found.left)};
    for (std::size_t m = 0; m < 2; ++m) {
      whiten[m]->directions(directions[m]);
      directions[m].array().rowwise() *= found.values.transpose().array();
    }
    kernel_hasher model = hasher(sides, directions, ctx);
    model.set_description(::hint::detail::concat(
        "kernel CCA: bits ", options_.bits, ", directions ", found.values.size(), ", kernels ",
        kernel_names[static_cast<std::size_t>(sides[0].kernel.kind())], " and ",
        kernel_names[static_cast<std::size_t>(sides[1].kernel.kind())], ", regularization ",
        options_.regularization, ", ", anchors.size(), " anchors of ", n, " pairs, seed ",
        ctx.seed));
    ctx.observer.on(phase_report{.phase = "kernel", .done = 1});
    return model;
  }
  /// The kernel that options and features ask for.
  HINT_LAZY
  [[nodiscard]] anchored_kernel kernel_of(const data::block& rows, modality m,
                                          const std::vector<data::row_id>& anchors,
                                          const context& ctx) const {
    expects(rows.cols() >= 1, "fit: ", name_of(m), " has no columns");
    data::check_finite(rows, name_of(m), ctx);
    const bool asked = options_.kernel[index_of(m)] != kernel_kind::automatic;
    kernel_kind kind = options_.kernel[index_of(m)];
    const bool multiples = data::multiples_of_one(rows, ctx);
    if (!asked)
      kind = multiples || !no_number_below_0(rows, ctx) ? kernel_kind::gaussian
                                                        : kernel_kind::hellinger;
    data::scaling how = options_.scaling[index_of(m)];
    if (kind == kernel_kind::hellinger) how = data::scaling::none;
    if (rows.is_mostly_zero() && how == data::scaling::centered_l2) how = data::scaling::l2;
    std::string remark;
    if (detail::rows_equal(rows, ctx)) {
      remark = detail::all_rows_equal(m, rows.rows());
    } else if (multiples && data::drops_lengths(how)) {
      remark = ::hint::detail::concat(
          name_of(m), ": all rows are multiples of one; the scaling homogeneous tells them apart");
      how = data::scaling::homogeneous;
    }
    if (!remark.empty()) ctx.observer.on(phase_report{.phase = "scale", .done = 1, .note = remark});
    double width = options_.width[index_of(m)];
    if (width == 0) width = kind == kernel_kind::hellinger ? 0.3 : 0.4;
    return anchored_kernel::fit(rows, anchors, kind,
                                data::normalizer::fit(rows, how, name_of(m), ctx), width,
                                name_of(m), ctx);
  }
  HINT_LAZY
  [[nodiscard]] static bool no_number_below_0(const data::block& rows, const context& ctx) {
    return data::detail::holds_for_all(rows.rows(), ctx, [&](std::size_t i) {
      bool all = true;
      rows.for_each_in_row(i, [&](std::size_t, float v) { all = all && v >= 0; });
      return all;
    });
  }
  /// Kernel, values of the anchors, and their leading eigenvectors.
  HINT_LAZY
  [[nodiscard]] side begin_side(const data::block& rows, modality m,
                                const std::vector<data::row_id>& anchors,
                                const context& ctx) const {
    side s;
    s.kernel = kernel_of(rows, m, anchors, ctx);
    go_on(ctx);
    s.of_anchors = values(s.kernel, rows(anchors), 0, anchors.size(), m, ctx);
    s.of_anchors = matrix((s.of_anchors + s.of_anchors.transpose()) / 2);
    go_on(ctx);
    const row mean = s.of_anchors.colwise().mean();
    matrix centered = s.of_anchors.rowwise() - mean;
    centered.colwise() -= linalg::vector<double>(mean.transpose().array() - mean.mean());
    s.basis =
        linalg::leading_eigenvectors(centered, static_cast<linalg::index>(options_.components),
                                     1e-6, ctx.random("kernel cca components"), ctx.executor);
    go_on(ctx);
    return s;
  }
  /// The kernel's values of some rows, as doubles.
  HINT_LAZY
  [[nodiscard]] static matrix values(const anchored_kernel& kernel, const data::block& rows,
                                     std::size_t begin, std::size_t count, modality m,
                                     const context& ctx) {
    linalg::matrix<float> k(static_cast<linalg::index>(count),
                            static_cast<linalg::index>(kernel.size()));
    for_chunks_until_stopped(
        ctx, count, anchored_kernel::rows_at_once, [&](std::size_t first, std::size_t last) {
          kernel.values(rows, begin + first, name_of(m),
                        k.middleRows(static_cast<linalg::index>(first),
                                     static_cast<linalg::index>(last - first)));
        });
    go_on(ctx);
    return k.cast<double>();
  }
  /// Means and covariances of each modality into `sides`, in one pass over all rows; returns the covariance of
  /// images with texts. Times n.
  HINT_LAZY
  [[nodiscard]] matrix covariances(const data::paired<>& rows, std::array<side, 2>& sides,
                                   const context& ctx) const {
    constexpr std::size_t step = 256;
    const std::size_t n = rows.size();
    matrix cross = matrix::Zero(sides[0].basis.values.size(), sides[1].basis.values.size());
    for (side& s : sides) {
      const linalg::index p = s.basis.values.size();
      s.mean.setZero(p);
      s.own.setZero(p, p);
    }
    const auto add = [&](const matrix& a, const matrix& b, matrix& sum) {
      matrix part(a.cols(), b.cols());
      linalg::transposed_multiply<double>(a, b, part, ctx.executor);
      sum += part;
    };
    for (std::size_t begin = 0; begin < n; begin += step) {
      const std::size_t count = (std::min)(step, n - begin);
      std::array<matrix, 2> f;
      for (const modality m : modalities) {
        side& s = sides[index_of(m)];
        const matrix k =
            values(s.kernel, m == image ? rows.image() : rows.text(), begin, count, m, ctx);
        matrix& mine = f[index_of(m)];
        mine.resize(k.rows(), s.mean.size());
        linalg::multiply<double>(k, s.basis.vectors, mine, ctx.executor);
        s.mean += linalg::column_sums<double>(mine);
        add(mine, mine, s.own);
      }
      add(f[0], f[1], cross);
      tell(ctx, 0.2 + 0.7 * static_cast<double>(begin + count) / static_cast<double>(n));
    }
    const auto count = static_cast<double>(n);
    for (side& s : sides) {
      s.mean /= count;
      s.own.noalias() -= count * s.mean.transpose() * s.mean;
    }
    cross.noalias() -= count * sides[0].mean.transpose() * sides[1].mean;
    return cross;
  }
  /// Bits are signs of rotated functions, from their means on.
  HINT_LAZY
  [[nodiscard]] kernel_hasher hasher(const std::array<side, 2>& sides,
                                     const std::array<matrix, 2>& directions,
                                     const context& ctx) const {
    const linalg::index size = sides[0].of_anchors.rows(), r = directions[0].cols();
    matrix z(2 * size, r);  // the functions' values at the anchors, as unit vectors
    std::array<matrix, 2> functions{matrix(size, r), matrix(size, r)};
    for (std::size_t m = 0; m < 2; ++m) {
      linalg::multiply<double>(sides[m].basis.vectors, directions[m], functions[m], ctx.executor);
      linalg::matrix_ref<double> mine = z.middleRows(static_cast<linalg::index>(m) * size, size);
      linalg::multiply<double>(sides[m].of_anchors, functions[m], mine, ctx.executor);
      mine.rowwise() -= row(sides[m].mean * directions[m]);
    }
    linalg::normalize_rows<double>(z, ctx.executor);
    const auto bits = static_cast<linalg::index>(options_.bits);
    matrix rotation(r, bits);
    const random_stream random = ctx.random("kernel cca rotations");
    for (linalg::index begin = 0; begin < bits; begin += r) {
      go_on(ctx);
      const linalg::index width = (std::min)(r, bits - begin);
      matrix part =
          linalg::random_orthonormal(r, width, random.fork(static_cast<std::uint64_t>(begin)));
      detail::fit_rotation(z, part, options_.rotation_rounds, ctx.executor);
      rotation.middleCols(begin, width) = part;
    }
    std::array<kernel_hasher::projection, 2> out;
    for (std::size_t m = 0; m < 2; ++m) {
      const matrix mixed = directions[m] * rotation;
      out[m].kernel = sides[m].kernel;
      out[m].weights = (sides[m].basis.vectors * mixed).transpose().cast<float>();
      out[m].thresholds = (sides[m].mean * mixed).transpose().cast<float>();
    }
    return kernel_hasher(std::move(out));
  }

  kernel_cca_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
