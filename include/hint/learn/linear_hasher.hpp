// SPDX-License-Identifier: MIT
/// \file
/// A trained pair of linear projections: the model of the classical methods.
#ifndef HINT_LEARN_LINEAR_HASHER_HPP
#define HINT_LEARN_LINEAR_HASHER_HPP

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
#include <hint/learn/binarize.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// code = sign(W (x - c) - t) per modality. Models `cross_modal_hasher`; can be saved and loaded. Const use
/// is thread-safe.
class linear_hasher {
 public:
  static constexpr std::uint32_t archive_kind = io::model_kind;
  /// What an archive calls it.
  static constexpr std::string_view model_name = "linear_hasher";

  /// One modality: L x d weights W, L thresholds t and, unless it is empty (0), a center c of d numbers.
  /// Features far from 0 need one: floats cannot tell W x from thresholds as large.
  struct projection {
    linalg::matrix<float> weights;
    linalg::vector<float> thresholds;
    linalg::row_vector<float> center = {};
  };

  /// Throws `shape_error` when the projections differ in L, have no threshold per row or a center of
  /// another length than their rows.
  explicit linear_hasher(std::array<projection, 2> projections)
      : projections_(std::move(projections)) {
    for (const modality m : modalities) {
      const projection& p = projections_[index_of(m)];
      expects<shape_error>(p.weights.rows() == p.thresholds.size() &&
                               p.weights.rows() == projections_[0].weights.rows(),
                           "linear_hasher: ", name_of(m), " has ", p.weights.rows(), " weights, ",
                           p.thresholds.size(), " thresholds, expected ",
                           projections_[0].weights.rows());
      expects<shape_error>(p.center.size() == 0 || p.center.size() == p.weights.cols(),
                           "linear_hasher: ", name_of(m), " has a center of ", p.center.size(),
                           " numbers, expected ", p.weights.cols());
    }
  }

  [[nodiscard]] std::size_t bits() const noexcept {
    return static_cast<std::size_t>(projections_[0].weights.rows());
  }
  [[nodiscard]] std::size_t cols(modality m) const noexcept {
    return static_cast<std::size_t>(projections_[index_of(m)].weights.cols());
  }
  [[nodiscard]] const projection& get(modality m) const noexcept {
    return projections_[index_of(m)];
  }
  /// Free text that travels with the model: method, options, seed, what it was trained on.
  [[nodiscard]] const std::string& description() const noexcept { return description_; }
  void set_description(std::string text) { description_ = std::move(text); }

  /// n codes. See `cross_modal_hasher`. Rows whose products overflow floats are multiplied in double. O(n
  /// L d).
  template <data::feature_block B>
  [[nodiscard]] code_set encode(modality m, const B& features, const context& ctx = {}) const {
    const data::block rows = data::as_block(features);
    expects<shape_error>(rows.cols() == cols(m), "encode: ", name_of(m), " features have ",
                         rows.cols(), " columns, the model was trained on ", cols(m));
    data::check_finite(rows, name_of(m), ctx);
    const projection& p = projections_[index_of(m)];
    code_set out(bits(), rows.rows());
    const auto encode_rows = [&](std::size_t begin, std::size_t end) {
      linalg::matrix<float> x(static_cast<linalg::index>(end - begin),
                              static_cast<linalg::index>(rows.cols()));
      rows.copy_rows(begin, x);
      if (p.center.size() > 0) x.rowwise() -= p.center;
      linalg::matrix<float> h(x.rows(), p.weights.rows());
      linalg::multiply_transposed<float>(x, p.weights, h);
      h.rowwise() -= p.thresholds.transpose();
      for (linalg::index i = 0; i < h.rows(); ++i)
        if (!all_finite(h.row(i).data(), bits()))
          project_in_double(p, m, rows, begin + static_cast<std::size_t>(i), h.row(i));
      binarize(h, out, begin);
    };
    out.resize(for_chunks_until_stopped(ctx, rows.rows(), 256, encode_rows));
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
      writer.array(
          name + ".weights",
          std::span<const float>(p.weights.data(), static_cast<std::size_t>(p.weights.size())),
          bits(), cols(m));
      writer.array(name + ".thresholds", std::span<const float>(p.thresholds.data(), bits()), 1,
                   bits());
      if (p.center.size() > 0)
        writer.array(name + ".center", std::span<const float>(p.center.data(), cols(m)), 1,
                     cols(m));
    }
  }
  /// Throws `format_error` when the archive holds another kind of model.
  template <class Reader>
  [[nodiscard]] static linear_hasher read(const Reader& reader) {
    reader.require(reader.meta("model") == model_name, "the model is a ", reader.meta("model"),
                   ", expected ", model_name);
    std::array<projection, 2> all;
    for (const modality m : modalities) {
      const std::string name(name_of(m));
      const auto w = reader.template array<float>(name + ".weights");
      const auto t = reader.template array<float>(name + ".thresholds");
      projection& p = all[index_of(m)];
      p.weights = Eigen::Map<const linalg::matrix<float>>(
          w.data(), static_cast<linalg::index>(reader.rows(name + ".weights")),
          static_cast<linalg::index>(reader.cols(name + ".weights")));
      p.thresholds =
          Eigen::Map<const linalg::vector<float>>(t.data(), static_cast<linalg::index>(t.size()));
      if (!reader.has_array(name + ".center")) continue;  // files of the first version have none
      const auto c = reader.template array<float>(name + ".center");
      p.center = Eigen::Map<const linalg::row_vector<float>>(c.data(),
                                                             static_cast<linalg::index>(c.size()));
    }
    linear_hasher model(std::move(all));
    // Files of the first version have none.
    if (reader.has("description")) model.description_ = reader.meta("description");
    return model;
  }

 private:
  /// h = signs of row `i`, as +1 and -1. Throws `invalid_argument` when the model is not finite.
  static void project_in_double(const projection& p, modality m, const data::block& rows,
                                std::size_t i, linalg::matrix_ref<float> h) {
    for (linalg::index j = 0; j < p.weights.rows(); ++j) {
      double sum = -static_cast<double>(p.thresholds(j));
      rows.for_each_in_row(i, [&](std::size_t c, float v) {
        sum += static_cast<double>(p.weights(j, static_cast<linalg::index>(c))) *
               static_cast<double>(v);
      });
      for (linalg::index c = 0; c < p.center.size(); ++c)
        sum -= static_cast<double>(p.weights(j, c)) * static_cast<double>(p.center(c));
      expects(is_finite(sum), "encode: ", name_of(m), ": ", rows.name_of_row(i), " has no bit ", j,
              ", expected a model of finite numbers");
      h(0, j) = sum >= 0 ? 1.0F : -1.0F;
    }
  }

  std::array<projection, 2> projections_;
  std::string description_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
