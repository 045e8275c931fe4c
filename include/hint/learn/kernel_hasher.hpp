// SPDX-License-Identifier: MIT
/// \file
/// A trained pair of projections of kernels: the model of `kernel_cca`.
#ifndef HINT_LEARN_KERNEL_HASHER_HPP
#define HINT_LEARN_KERNEL_HASHER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/learn/anchored_kernel.hpp>
#include <hint/learn/binarize.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// code = sign(W k(x) - t) per modality, k(x) being the kernel of x with m anchors. Models `cross_modal_hasher`; can
/// be saved and loaded. Const use is thread-safe.
class kernel_hasher {
 public:
  static constexpr std::uint32_t archive_kind = io::model_kind;
  /// What an archive calls it.
  static constexpr std::string_view model_name = "kernel_hasher";

  /// One modality: a kernel with m anchors, L x m weights W and L thresholds t.
  struct projection {
    anchored_kernel kernel;
    linalg::matrix<float> weights;
    linalg::vector<float> thresholds;
  };

  /// Throws `shape_error` when the projections differ in L, have no threshold per row or no column per
  /// anchor.
  explicit kernel_hasher(std::array<projection, 2> projections)
      : projections_(std::move(projections)) {
    for (const modality m : modalities) {
      const projection& p = projections_[index_of(m)];
      const auto anchors = static_cast<linalg::index>(p.kernel.size());
      expects<shape_error>(p.weights.rows() == p.thresholds.size() && p.weights.cols() == anchors &&
                               p.weights.rows() == projections_[0].weights.rows(),
                           "kernel_hasher: ", name_of(m), " has ", p.weights.rows(), " x ",
                           p.weights.cols(), " weights and ", p.thresholds.size(),
                           " thresholds, expected ", projections_[0].weights.rows(), " x ",
                           anchors);
    }
  }

  [[nodiscard]] std::size_t bits() const noexcept {
    return static_cast<std::size_t>(projections_[0].weights.rows());
  }
  [[nodiscard]] std::size_t cols(modality m) const noexcept {
    return projections_[index_of(m)].kernel.cols();
  }
  [[nodiscard]] const projection& get(modality m) const noexcept {
    return projections_[index_of(m)];
  }
  /// Free text that travels with the model: method, options, seed, what it was trained on.
  [[nodiscard]] const std::string& description() const noexcept { return description_; }
  void set_description(std::string text) { description_ = std::move(text); }

  /// W k(x) - t, n x bits. Asked to stop and throws as `encode`.
  template <data::feature_block B>
  [[nodiscard]] linalg::matrix<float> project(modality m, const B& rows,
                                              const context& ctx = {}) const {
    linalg::matrix<float> out(static_cast<linalg::index>(rows.rows()),
                              static_cast<linalg::index>(bits()));
    const std::size_t done = for_tiles(
        m, data::as_block(rows), ctx, [&](std::size_t first, const linalg::matrix<float>& h) {
          out.middleRows(static_cast<linalg::index>(first), h.rows()) = h;
        });
    out.conservativeResize(static_cast<linalg::index>(done), Eigen::NoChange);
    return out;
  }
  /// n codes. See `cross_modal_hasher`. O(n m (d + L)), or O(m) for a stored number in place of d where the anchors
  /// are sparse; a tile of memory per thread. Throws `invalid_argument`, naming the row, also for
  /// numbers below 0 of which the kernel takes shares.
  template <data::feature_block B>
  [[nodiscard]] code_set encode(modality m, const B& rows, const context& ctx = {}) const {
    const data::block b = data::as_block(rows);
    code_set out(bits(), b.rows());
    out.resize(for_tiles(m, b, ctx, [&](std::size_t first, const linalg::matrix<float>& h) {
      binarize(h, out, first);
    }));
    return out;
  }

  template <class Writer>
  void write(Writer& writer) const {
    writer.meta("model", model_name);
    writer.meta("bits", bits());
    writer.meta("description", description_);
    for (const modality m : modalities) {
      const projection& p = projections_[index_of(m)];
      const std::string name(name_of(m));
      p.kernel.write(writer, name);
      writer.array(
          name + ".weights",
          std::span<const float>(p.weights.data(), static_cast<std::size_t>(p.weights.size())),
          bits(), p.kernel.size());
      writer.array(name + ".thresholds", std::span<const float>(p.thresholds.data(), bits()), 1,
                   bits());
    }
  }
  /// Throws `format_error` when the archive holds another kind of model.
  template <class Reader>
  [[nodiscard]] static kernel_hasher read(const Reader& reader) {
    reader.require(reader.meta("model") == model_name, "the model is a ", reader.meta("model"),
                   ", expected ", model_name);
    std::array<projection, 2> all;
    for (const modality m : modalities) {
      const std::string name(name_of(m));
      projection& p = all[index_of(m)];
      p.kernel = anchored_kernel::read(reader, name);
      const auto w = reader.template array<float>(name + ".weights");
      const auto t = reader.template array<float>(name + ".thresholds");
      p.weights = Eigen::Map<const linalg::matrix<float>>(
          w.data(), static_cast<linalg::index>(reader.rows(name + ".weights")),
          static_cast<linalg::index>(reader.cols(name + ".weights")));
      p.thresholds =
          Eigen::Map<const linalg::vector<float>>(t.data(), static_cast<linalg::index>(t.size()));
    }
    kernel_hasher model(std::move(all));
    model.description_ = reader.meta("description");
    return model;
  }

 private:
  /// Calls f(first row, W k(x) - t) for tiles of rows, in parallel, until asked to stop; how many rows are done.
  template <class F>
  std::size_t for_tiles(modality m, const data::block& rows, const context& ctx, F&& f) const {
    expects<shape_error>(rows.cols() == cols(m), "encode: ", name_of(m), " features have ",
                         rows.cols(), " columns, the model was trained on ", cols(m));
    data::check_finite(rows, name_of(m), ctx);
    const projection& p = projections_[index_of(m)];
    return for_chunks_until_stopped(
        ctx, rows.rows(), anchored_kernel::rows_at_once, [&](std::size_t begin, std::size_t end) {
          linalg::matrix<float> k(static_cast<linalg::index>(end - begin),
                                  static_cast<linalg::index>(p.kernel.size()));
          p.kernel.values(rows, begin, name_of(m), k);
          linalg::matrix<float> h(k.rows(), p.weights.rows());
          linalg::multiply_transposed<float>(k, p.weights, h);
          h.rowwise() -= p.thresholds.transpose();
          for (linalg::index i = 0; i < h.rows(); ++i)
            expects(all_finite(h.row(i).data(), bits()), "encode: ", name_of(m), ": ",
                    rows.name_of_row(begin + static_cast<std::size_t>(i)),
                    " is too large for the kernel");
          f(begin, h);
        });
  }

  std::array<projection, 2> projections_;
  std::string description_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
