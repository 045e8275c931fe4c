// SPDX-License-Identifier: MIT
/// \file
/// A trained pair of networks: features in, codes out (paper, Eq. 1).
#ifndef HINT_LEARN_MLP_HASHER_HPP
#define HINT_LEARN_MLP_HASHER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/data/normalize.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/learn/binarize.hpp>
#include <hint/learn/encoding/row_projector.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/mlp.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// One scaling and one network per modality. Models `cross_modal_hasher`; can be saved and loaded
/// (`io::save`, `io::load<learn::mlp_hasher>`). Const use is thread-safe. The first rows of a modality that are
/// encoded make a second copy of its weights, in the order in which products read them; copies of the hasher share it.
class mlp_hasher {
 public:
  static constexpr std::uint32_t archive_kind = io::model_kind;
  /// What an archive calls it.
  static constexpr std::string_view model_name = "mlp_hasher";

  /// Throws `shape_error` when a network does not take what its scaling gives, or the networks give
  /// codes of different length.
  mlp_hasher(std::array<data::normalizer, 2> scalings, std::array<nn::mlp<float>, 2> networks)
      : scalings_(std::move(scalings)), networks_(std::move(networks)) {
    for (const modality m : modalities)
      expects<shape_error>(scaling(m).outputs() == network(m).inputs(), "mlp_hasher: the ",
                           name_of(m), " scaling has ", scaling(m).outputs(),
                           " columns, the network takes ", network(m).inputs());
    expects<shape_error>(network(image).outputs() == network(text).outputs(),
                         "mlp_hasher: image codes of ", network(image).outputs(),
                         " bits, text codes of ", network(text).outputs());
  }

  [[nodiscard]] std::size_t bits() const noexcept { return networks_[0].outputs(); }
  /// Columns that features of a modality must have.
  [[nodiscard]] std::size_t cols(modality m) const noexcept { return scaling(m).cols(); }
  [[nodiscard]] const data::normalizer& scaling(modality m) const noexcept {
    return scalings_[index_of(m)];
  }
  [[nodiscard]] const nn::mlp<float>& network(modality m) const noexcept {
    return networks_[index_of(m)];
  }
  /// Free text that travels with the model: options, seed, what it was trained on.
  [[nodiscard]] const std::string& description() const noexcept { return description_; }
  void set_description(std::string text) { description_ = std::move(text); }

  /// The networks' outputs before the sign, n x bits: in (-1, 1) with a tanh at the end (HINT), any
  /// number with a linear layer (DJSRH). For re-ranking equal Hamming distances, say.
  /// Asked to stop, as `encode`. Throws as `encode`.
  template <data::feature_block B>
  [[nodiscard]] linalg::matrix<float> project(modality m, const B& rows,
                                              const context& ctx = {}) const {
    linalg::matrix<float> out(static_cast<linalg::index>(rows.rows()),
                              static_cast<linalg::index>(bits()));
    const std::size_t done =
        for_tiles(m, data::as_block(rows), ctx, [&](std::size_t first, const auto& h) {
          out.middleRows(static_cast<linalg::index>(first), h.rows()) = h;
        });
    out.conservativeResize(static_cast<linalg::index>(done), Eigen::NoChange);
    return out;
  }
  /// n codes. See `cross_modal_hasher`. O(n parameters) time, a tile of memory per thread. Rows whose
  /// sums might overflow floats are summed up in double; `invalid_argument` names the row when not even
  /// that helps.
  template <data::feature_block B>
  [[nodiscard]] code_set encode(modality m, const B& rows, const context& ctx = {}) const;

  template <class Writer>
  void write(Writer& writer) const {
    writer.meta("model", model_name);
    writer.meta("bits", bits());
    writer.meta("description", description_);
    for (const modality m : modalities) {
      scaling(m).write(writer, std::string(name_of(m)));
      network(m).write(writer, name_of(m));
    }
  }
  /// Throws `format_error` when the archive holds another kind of model.
  template <class Reader>
  [[nodiscard]] static mlp_hasher read(const Reader& reader) {
    reader.require(reader.meta("model") == model_name, "the model is a ", reader.meta("model"),
                   ", expected ", model_name);
    mlp_hasher model(
        {data::normalizer::read(reader, "image"), data::normalizer::read(reader, "text")},
        {nn::mlp<float>::read(reader, "image"), nn::mlp<float>::read(reader, "text")});
    model.description_ = reader.meta("description");
    return model;
  }

 private:
  /// Calls f(first row, real-valued codes) for tiles of rows, in parallel, until asked to stop; how many rows
  /// are done.
  template <class F>
  std::size_t for_tiles(modality m, const data::block& rows, const context& ctx, F&& f) const {
    expects<shape_error>(rows.cols() == cols(m), "encode: ", name_of(m), " features have ",
                         rows.cols(), " columns, the model was trained on ", cols(m));
    const detail::row_projector project(scaling(m), network(m), packed(m), m);
    return for_chunks_until_stopped(ctx, rows.rows(), 256, [&](std::size_t begin, std::size_t end) {
      linalg::matrix<float> h;
      project(rows, begin, end, h);
      f(begin, h);
    });
  }

  /// Made by the first who asks.
  [[nodiscard]] const nn::mlp<float>::packed_weights& packed(modality m) const {
    packed_once& p = (*packed_)[index_of(m)];
    std::call_once(p.once, [&] { p.weights = network(m).pack(); });
    return p.weights;
  }
  struct packed_once {
    std::once_flag once;
    nn::mlp<float>::packed_weights weights;
  };

  std::array<data::normalizer, 2> scalings_;
  std::array<nn::mlp<float>, 2> networks_;
  std::shared_ptr<std::array<packed_once, 2>> packed_ =
      std::make_shared<std::array<packed_once, 2>>();
  std::string description_;
};

template <data::feature_block B>
code_set mlp_hasher::encode(modality m, const B& rows, const context& ctx) const {
  code_set out(bits(), rows.rows());
  out.resize(for_tiles(m, data::as_block(rows), ctx,
                       [&](std::size_t first, const auto& h) { binarize(h, out, first); }));
  return out;
}

#if defined(HINT_COMPILED)
HINT_EXTERN template code_set mlp_hasher::encode(modality, const data::block&,
                                                 const context&) const;
#endif

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
