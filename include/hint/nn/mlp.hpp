// SPDX-License-Identifier: MIT
/// \file
/// A multilayer perceptron with a tanh output in (-1, 1): the smooth stand-in for the bits of a code.
#ifndef HINT_NN_MLP_HPP
#define HINT_NN_MLP_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/reduce.hpp>
#include <hint/nn/activation.hpp>
#include <hint/nn/dense_layer.hpp>
#include <hint/nn/dropout.hpp>
#include <hint/nn/row_sparse_gradient.hpp>
#include <hint/nn/sparse_batch.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace nn {

struct mlp_options {
  /// Width of each hidden layer, first to last, each 1 to 2^20; empty: one layer in all. The HINT
  /// paper: "two-layer MLPs with a dimension of 512".
  std::vector<std::size_t> hidden{512};
  activation hidden_activation = activation::relu;
  /// Of the last layer: tanh for codes in (-1, 1), identity for methods that squash them themselves.
  activation output_activation = activation::tanh;
  /// Probability of dropping a hidden value while training, in [0, 1). Not in the paper; without it
  /// (or stopping early) retrieval gets worse with every further step.
  double dropout = 0.5;

  void validate() const {
    for (const std::size_t width : hidden) option_in("hidden", width, 1, std::size_t{1} << 20);
    expects<invalid_option>(is_finite(dropout) && dropout >= 0 && dropout < 1, "option dropout is ",
                            dropout, ", expected 0 <= dropout < 1");
  }
};

/// x -> g(W_n f(... f(W_1 x + b_1) ...) + b_n), g = tanh unless the options say otherwise. Models `differentiable`. Const use from many
/// threads is safe. Parameters are one flat array, layer after layer, in each the weights (inputs x
/// outputs, row after row) and then the biases.
template <linalg::real T>
class mlp {
 public:
  using value_type = T;

  /// What one training pass leaves behind for `backward`; reuse it to save allocations.
  struct tape {
    /// n x outputs.
    [[nodiscard]] const linalg::matrix<T>& output() const noexcept { return values.back(); }
    std::vector<linalg::matrix<T>> values;  ///< what each layer gives to the next
    std::vector<nn::dropout> drops;         ///< what of it was dropped
  };

  /// Weights and biases start uniform in +-1 / sqrt(inputs of the layer). Throws `invalid_argument`,
  /// `invalid_option`.
  mlp(std::size_t inputs, std::size_t outputs, mlp_options options, random_stream init)
      : mlp(inputs, outputs, std::move(options)) {
    for (std::size_t l = 0; l < layers_.size(); ++l)
      layers_[l].initialize(part(std::span<T>(parameters_), l), init.fork(l));
  }

  [[nodiscard]] std::size_t inputs() const noexcept { return layers_.front().inputs; }
  [[nodiscard]] std::size_t outputs() const noexcept { return layers_.back().outputs; }
  [[nodiscard]] const mlp_options& options() const noexcept { return options_; }
  [[nodiscard]] std::span<T> parameters() noexcept { return parameters_; }
  [[nodiscard]] std::span<const T> parameters() const noexcept { return parameters_; }

  /// Inference, without dropout: x is n x inputs, h becomes n x outputs. A row of h has the same bits
  /// whatever the other rows are and however many. Throws `shape_error`. Memory for 2048 rows of
  /// hidden values at most.
  void forward(const linalg::matrix_view<T>& x, linalg::matrix_ref<T> h,
               const executor_ref& e = {}) const {
    check_input(x.rows(), x.cols());
    check_output("h", h.rows(), h.cols(), x.rows());
    linalg::matrix<T> in, out;
    for (linalg::index begin = 0; begin < x.rows(); begin += 2048) {
      const linalg::index n = (std::min)(linalg::index{2048}, x.rows() - begin);
      for (std::size_t l = 0; l < layers_.size(); ++l) {
        const bool last = l + 1 == layers_.size();
        if (!last) out.resize(n, static_cast<linalg::index>(layers_[l].outputs));
        const auto from =
            l == 0 ? linalg::matrix_view<T>(x.middleRows(begin, n)) : linalg::matrix_view<T>(in);
        auto to = last ? linalg::matrix_ref<T>(h.middleRows(begin, n)) : linalg::matrix_ref<T>(out);
        layer_sums(l, from, to, e);
        for_rows(n, e, [&](linalg::index i) { finish_row(l, linalg::row_span<T>(to, i)); });
        std::swap(in, out);
      }
    }
  }

  /// The same for sparse rows: equal up to rounding, since fewer numbers are added. Memory for the hidden
  /// values of all rows.
  void forward(const sparse_batch<T>& x, linalg::matrix_ref<T> h,
               const executor_ref& e = {}) const {
    check_input(x.rows(), x.cols());
    check_output("h", h.rows(), h.cols(), x.rows());
    linalg::matrix<T> in, out;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      out.resize(x.rows(), static_cast<linalg::index>(layers_[l].outputs));
      linalg::matrix_ref<T> to = out;
      if (l == 0)
        layers_[l].template forward<T>(part(parameters(), l), x, to, e);
      else
        layer_sums(l, in, to, e);
      for_rows(x.rows(), e, [&](linalg::index i) { finish_row(l, linalg::row_span<T>(to, i)); });
      std::swap(in, out);
    }
    h = in;
  }

  /// A training pass over rows that are dense or sparse (`sparse_batch`); `random` chooses what dropout
  /// drops, so give every step its own (`stream.fork(step)`). Throws `shape_error`.
  void forward(const linalg::matrix_view<T>& x, tape& t, random_stream random,
               const executor_ref& e = {}) const {
    run(x, t, random, e);
  }
  void forward(const sparse_batch<T>& x, tape& t, random_stream random,
               const executor_ref& e = {}) const {
    run(x, t, random, e);
  }

  /// From dh = d loss / d output (n x outputs) to the gradient by `parameters()`, in their order;
  /// overwrites `gradients` and, unless it is null, `dx` = d loss / d x (n x inputs). `x` and `t` are those
  /// of the forward pass. Throws `shape_error`.
  void backward(const linalg::matrix_view<T>& x, const linalg::matrix_view<T>& dh, const tape& t,
                std::span<T> gradients, const executor_ref& e = {},
                linalg::matrix<T>* dx = nullptr) const {
    go_back(x, dh, t, gradients, e, [&](const linalg::matrix<T>& d, std::span<T> to) {
      layers_[0].template backward<T>(part(parameters(), 0), x, d, to, dx, e);
    });
  }
  void backward(const sparse_batch<T>& x, const linalg::matrix_view<T>& dh, const tape& t,
                std::span<T> gradients, const executor_ref& e = {}) const {
    row_sparse_gradient<T> first;
    backward(x, dh, t, first, gradients, e);
    first.copy_to(gradients.first(inputs() * layers_.front().outputs), e);
  }
  /// The same, but the gradient by the weights of the first layer, which are the first parameters, goes to
  /// `first`, and their place in `gradients` is left alone.
  void backward(const sparse_batch<T>& x, const linalg::matrix_view<T>& dh, const tape& t,
                row_sparse_gradient<T>& first, std::span<T> gradients,
                const executor_ref& e = {}) const {
    go_back(x, dh, t, gradients, e, [&](const linalg::matrix<T>& d, std::span<T> to) {
      layers_[0].template backward<T>(x, d, first, to, e);
    });
  }

  /// Writes options and parameters to an archive under names that start with `prefix`.
  template <class Writer>
  void write(Writer& to, std::string_view prefix) const {
    std::string hidden;
    for (const std::size_t width : options_.hidden)
      hidden += detail::concat(hidden.empty() ? "" : " ", width);
    to.meta(detail::concat(prefix, ".inputs"), detail::concat(inputs()));
    to.meta(detail::concat(prefix, ".outputs"), detail::concat(outputs()));
    to.meta(detail::concat(prefix, ".hidden"), hidden);
    to.meta(detail::concat(prefix, ".activation"),
            detail::concat(name(options_.hidden_activation)));
    if (options_.output_activation != activation::tanh)  // as files of the first version had it
      to.meta(detail::concat(prefix, ".output_activation"),
              detail::concat(name(options_.output_activation)));
    to.meta(detail::concat(prefix, ".dropout"), detail::concat(options_.dropout));
    aligned_buffer<T> stored(parameters_.size());
    for (std::size_t l = 0; l < layers_.size(); ++l)
      layers_[l].template copy_to_archive<T>(part(parameters(), l), part(std::span<T>(stored), l));
    to.array(detail::concat(prefix, ".parameters"), std::span<const T>(stored), std::size_t{1},
             stored.size());
  }
  /// Reads what `write` wrote. Throws `format_error`, which begins with the prefix, for an activation
  /// or sizes that no network has and for a wrong number of parameters, and what the archive throws.
  template <class Reader>
  [[nodiscard]] static mlp read(const Reader& from, std::string_view prefix) {
    mlp_options options;
    options.hidden = widths(from.meta(detail::concat(prefix, ".hidden")), prefix);
    options.dropout = from.template number<double>(detail::concat(prefix, ".dropout"));
    const auto in = from.template number<std::size_t>(detail::concat(prefix, ".inputs"));
    const auto out = from.template number<std::size_t>(detail::concat(prefix, ".outputs"));
    const std::string& f = from.meta(detail::concat(prefix, ".activation"));
    std::size_t expected = 0;
    try {
      options.hidden_activation = activation_named(f);
      if (const std::string key = detail::concat(prefix, ".output_activation"); from.has(key))
        options.output_activation = activation_named(from.meta(key));
      expected = count(in, out, options);
    } catch (const invalid_argument& e) {  // nobody's argument here, but what the file says
      detail::raise<format_error>(prefix, ": ", e.what());
    }
    const std::string array = detail::concat(prefix, ".parameters");
    const std::span<const T> stored = from.template array<T>(array);
    expects<format_error>(stored.size() == expected, array, " has ", stored.size(),
                          " elements, expected ", expected);
    mlp net(in, out, std::move(options));
    for (std::size_t l = 0; l < net.layers_.size(); ++l)
      net.layers_[l].template copy_from_archive<T>(net.part(stored, l),
                                                   net.part(net.parameters(), l));
    return net;
  }

 private:
  mlp(std::size_t inputs, std::size_t outputs, mlp_options options)
      : options_(std::move(options)), parameters_(count(inputs, outputs, options_)) {
    std::size_t from = inputs;
    std::size_t offset = 0;
    for (std::size_t l = 0; l <= options_.hidden.size(); ++l) {
      layers_.push_back({from, l < options_.hidden.size() ? options_.hidden[l] : outputs});
      offsets_.push_back(offset);
      offset += layers_.back().parameter_count();
      from = layers_.back().outputs;
    }
  }

  /// The number of parameters of a network of that shape, after checking the shape.
  [[nodiscard]] static std::size_t count(std::size_t inputs, std::size_t outputs,
                                         const mlp_options& options) {
    constexpr std::size_t most = std::size_t{1} << 31;
    expects(inputs >= 1 && inputs <= most, "mlp: inputs is ", inputs, ", expected 1 to ", most);
    expects(outputs >= 1 && outputs <= (std::size_t{1} << 20), "mlp: outputs is ", outputs,
            ", expected 1 to ", std::size_t{1} << 20);
    options.validate();
    std::size_t sum = 0;
    std::size_t from = inputs;
    for (const std::size_t width : options.hidden) {
      sum += dense_layer{from, width}.parameter_count();
      from = width;
    }
    return sum + dense_layer{from, outputs}.parameter_count();
  }

  [[nodiscard]] static std::vector<std::size_t> widths(std::string_view text,
                                                       std::string_view prefix) {
    std::vector<std::size_t> out;
    const char* const end = text.data() + text.size();
    for (const char* p = text.data(); p != end;) {
      if (*p == ' ') ++p;
      std::size_t width = 0;
      const auto [next, error] = std::from_chars(p, end, width);
      expects<format_error>(error == std::errc{} && (next == end || *next == ' '), prefix,
                            ": hidden is \"", text, "\", expected numbers between blanks");
      out.push_back(width);
      p = next;
    }
    return out;
  }

  template <class Input>
  void run(const Input& x, tape& t, random_stream random, const executor_ref& e) const {
    check_input(x.rows(), x.cols());
    t.values.resize(layers_.size());
    t.drops.clear();
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      t.values[l].resize(x.rows(), static_cast<linalg::index>(layers_[l].outputs));
      linalg::matrix_ref<T> values = t.values[l];
      if (l == 0)
        layers_[l].template forward<T>(part(parameters(), l), x, values, e);
      else
        layer_sums(l, t.values[l - 1], values, e);
      const bool last = l + 1 == layers_.size();
      const dropout& drop = t.drops.emplace_back(last ? 0 : options_.dropout, random.fork(l));
      for_rows(x.rows(), e, [&](linalg::index i) {
        const std::span<T> value = linalg::row_span<T>(values, i);
        finish_row(l, value);
        drop.apply(static_cast<std::size_t>(i), value);
      });
    }
  }
  /// first(d loss / d its sums, gradient) goes through the first layer.
  template <class Input, class First>
  void go_back(const Input& x, const linalg::matrix_view<T>& dh, const tape& t,
               std::span<T> gradients, const executor_ref& e, First first) const {
    check_input(x.rows(), x.cols());
    check_output("dh", dh.rows(), dh.cols(), x.rows());
    expects<shape_error>(gradients.size() == parameters_.size(), "mlp: gradients has ",
                         gradients.size(), " elements, expected ", parameters_.size());
    expects<shape_error>(t.values.size() == layers_.size() && t.output().rows() == x.rows() &&
                             t.output().cols() == dh.cols(),
                         "mlp: the tape is not of this network and batch");
    linalg::matrix<T> d(dh.rows(), dh.cols()), below;
    for (std::size_t l = layers_.size(); l-- > 0;) {
      const bool last = l + 1 == layers_.size();
      const dropout& drop = t.drops[l];
      const linalg::matrix_view<T> values = t.values[l];
      linalg::matrix_ref<T> sums = d;
      for_rows(x.rows(), e, [&](linalg::index i) {
        const std::span<T> row = linalg::row_span<T>(sums, i);
        if (last) std::ranges::copy(linalg::row_span<T>(dh, i), row.begin());
        multiply_by_slope(activation_of(l), linalg::row_span<T>(values, i), drop.scale<T>(), row);
        // What ReLU dropped has no slope either.
        if (activation_of(l) != activation::relu) drop.drop(static_cast<std::size_t>(i), row);
      });
      if (l == 0) {
        first(d, part(gradients, l));
      } else {
        layers_[l].template backward<T>(part(parameters(), l), t.values[l - 1], d,
                                        part(gradients, l), &below, e);
        std::swap(d, below);
      }
    }
  }

  template <class U>
  [[nodiscard]] std::span<U> part(std::span<U> flat, std::size_t l) const noexcept {
    return flat.subspan(offsets_[l], layers_[l].parameter_count());
  }
  [[nodiscard]] activation activation_of(std::size_t l) const noexcept {
    return l + 1 == layers_.size() ? options_.output_activation : options_.hidden_activation;
  }
  void layer_sums(std::size_t l, const linalg::matrix_view<T>& x, linalg::matrix_ref<T> y,
                  const executor_ref& e) const {
    layers_[l].template forward<T>(part(parameters(), l), x, y, e);
  }
  /// From a row of x W^T to the layer's values.
  void finish_row(std::size_t l, std::span<T> row) const noexcept {
    const std::span<const T> bias = layers_[l].template bias<T>(part(parameters(), l));
    linalg::for_batches(
        row.size(), [](const auto& b, auto& v) { v = v + b; }, bias.data(), row.data());
    activate(activation_of(l), row);
  }
  template <class F>
  static void for_rows(linalg::index n, const executor_ref& e, F f) {
    for_chunks(e, static_cast<std::size_t>(n), 16, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) f(static_cast<linalg::index>(i));
    });
  }
  void check_input(linalg::index rows, linalg::index cols) const {
    expects<shape_error>(static_cast<std::size_t>(cols) == inputs(), "mlp: x is ", rows, " x ",
                         cols, ", expected ", inputs(), " columns");
  }
  void check_output(std::string_view name, linalg::index rows, linalg::index cols,
                    linalg::index n) const {
    expects<shape_error>(rows == n && static_cast<std::size_t>(cols) == outputs(), "mlp: ", name,
                         " is ", rows, " x ", cols, ", expected ", n, " x ", outputs());
  }

  mlp_options options_;
  aligned_buffer<T> parameters_;
  std::vector<dense_layer> layers_;
  std::vector<std::size_t> offsets_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::nn

#endif
