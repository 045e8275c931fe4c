// SPDX-License-Identifier: MIT
/// \file
/// A trained pair of networks: features in, codes out (paper, Eq. 1).
#ifndef HINT_LEARN_MLP_HASHER_HPP
#define HINT_LEARN_MLP_HASHER_HPP

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

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/data/compact.hpp>
#include <hint/data/normalize.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/learn/binarize.hpp>
#include <hint/learn/sparse_rows.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/mlp.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// One scaling and one network per modality. Models `cross_modal_hasher`; can be saved and loaded
/// (`io::save`, `io::load<learn::mlp_hasher>`). Const use is thread-safe.
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
  /// Sums over larger numbers may overflow within a network, and what comes out need not show it.
  static constexpr float largest_input = 1e15F;

  /// The network's outputs for one row, summed up in double by plain loops, where nothing overflows that
  /// floats can hold. O(parameters).
  HINT_LAZY
  static std::vector<double> outputs_in_double(const nn::mlp<float>& net,
                                               std::span<const float> x) {
    std::vector<double> in(x.begin(), x.end()), out;
    const nn::mlp_options& o = net.options();
    const float* p = net.parameters().data();
    for (std::size_t l = 0; l <= o.hidden.size(); ++l) {
      const bool last = l == o.hidden.size();
      const nn::activation f = last ? o.output_activation : o.hidden_activation;
      out.assign(last ? net.outputs() : o.hidden[l], 0.0);
      for (double& sum : out)
        for (const double v : in) sum += static_cast<double>(*p++) * v;
      for (double& sum : out) {
        sum += static_cast<double>(*p++);
        if (f == nn::activation::relu) sum = (std::max)(0.0, sum);
        if (f == nn::activation::tanh) sum = std::tanh(sum);
      }
      std::swap(in, out);
    }
    return in;
  }
  /// h = the outputs for the scaled row x that floats might not reach; `row` is its name. Throws
  /// `invalid_argument` when x or h is too large for floats.
  HINT_LAZY
  static void project_in_double(const nn::mlp<float>& net, data::scaling how, modality m,
                                const std::string& row, std::span<const float> x,
                                std::span<float> h) {
    for (std::size_t c = 0; c < x.size(); ++c)
      expects(is_finite(x[c]), "encode: ", name_of(m), ": ", row, ", column ", c, " is ", x[c],
              " after the scaling ", data::scaling_names[static_cast<std::size_t>(how)],
              ", expected a number that float can hold");
    const std::vector<double> wide = outputs_in_double(net, x);
    for (std::size_t j = 0; j < h.size(); ++j) h[j] = static_cast<float>(wide[j]);
    expects(all_finite(h.data(), h.size()), "encode: ", name_of(m), ": ", row,
            ": the network's output is no finite float");
  }
  /// Calls f(first row, real-valued codes) for tiles of rows, in parallel, until asked to stop; how many rows
  /// are done.
  template <class F>
  std::size_t for_tiles(modality m, const data::block& rows, const context& ctx, F&& f) const {
    expects<shape_error>(rows.cols() == cols(m), "encode: ", name_of(m), " features have ",
                         rows.cols(), " columns, the model was trained on ", cols(m));
    data::check_finite(rows, name_of(m), ctx);
    const data::scaling how = scaling(m).how();
    const bool unit_length = data::drops_lengths(how) || how == data::scaling::homogeneous;
    const auto fits = [&](std::span<const float> in, std::span<const float> out) {
      if (!all_finite(out.data(), out.size())) return false;
      if (unit_length) return true;
      return all_finite(in.data(), in.size()) && std::all_of(in.begin(), in.end(), [](float v) {
               return std::abs(v) <= largest_input;
             });
    };
    // Rows of a dense network input.
    const auto encode_dense = [&](std::span<const data::row_id> ids, linalg::matrix<float>& h) {
      const auto n = static_cast<linalg::index>(ids.size());
      linalg::matrix<float> x(n, static_cast<linalg::index>(scaling(m).outputs()));
      rows.gather(ids, x.leftCols(static_cast<linalg::index>(rows.cols())));
      scaling(m).apply(x);
      h.resize(n, static_cast<linalg::index>(bits()));
      network(m).forward(x, h);
      for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto k = static_cast<linalg::index>(i);
        const std::span<const float> in(x.row(k).data(), scaling(m).outputs());
        const std::span<float> out(h.row(k).data(), bits());
        if (!fits(in, out))
          project_in_double(network(m), how, m, rows.name_of_row(ids[i]), in, out);
      }
    };
    // Rows by their numbers that are not 0; of `ids` those remain that have to be summed up otherwise.
    const auto encode_sparse = [&](std::vector<data::row_id>& ids, std::size_t begin,
                                   linalg::matrix<float>& h) {
      const data::block scaled = scaling(m).transform_sparse(data::only_numbers(rows, ids));
      linalg::matrix<float> found(static_cast<linalg::index>(ids.size()), h.cols());
      network(m).forward(sparse_rows(scaled, 0, ids.size()), found);
      std::size_t left = 0;
      for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto k = static_cast<linalg::index>(i);
        if (fits(scaled.stored(i), {found.row(k).data(), bits()}))
          h.row(static_cast<linalg::index>(ids[i] - begin)) = found.row(k);
        else
          ids[left++] = ids[i];
      }
      ids.resize(left);
    };
    // How a row is summed up follows from the row alone, and so does its code.
    const auto encode_rows = [&](std::size_t begin, std::size_t end) {
      std::vector<data::row_id> sparse, others;
      for (std::size_t i = begin; i < end; ++i)
        (scaling(m).outputs() == rows.cols() && rows.is_mostly_zero_row(i) ? sparse : others)
            .push_back(static_cast<data::row_id>(i));
      linalg::matrix<float> h, dense;
      if (sparse.empty()) {
        encode_dense(others, h);
        return f(begin, h);
      }
      h.resize(static_cast<linalg::index>(end - begin), static_cast<linalg::index>(bits()));
      encode_sparse(sparse, begin, h);
      others.insert(others.end(), sparse.begin(), sparse.end());
      if (!others.empty()) encode_dense(others, dense);
      for (std::size_t i = 0; i < others.size(); ++i)
        h.row(static_cast<linalg::index>(others[i] - begin)) =
            dense.row(static_cast<linalg::index>(i));
      f(begin, h);
    };
    return for_chunks_until_stopped(ctx, rows.rows(), 256, encode_rows);
  }

  std::array<data::normalizer, 2> scalings_;
  std::array<nn::mlp<float>, 2> networks_;
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
