// SPDX-License-Identifier: MIT
/// \file
/// The forward and backward passes of one optimiser step, through any number of networks.
#ifndef HINT_LEARN_NETWORK_PASSES_HPP
#define HINT_LEARN_NETWORK_PASSES_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/random.hpp>
#include <hint/data/block.hpp>
#include <hint/learn/sparse_rows.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/clip.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/network_gradient.hpp>
#include <hint/nn/row_sparse_gradient.hpp>
#include <hint/nn/sparse_batch.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// One run of a network over some rows; valid until the step ends.
template <nn::differentiable Net>
struct forward_pass {
  std::size_t network = 0;
  linalg::matrix<float> input;  ///< no rows when `sparse` has them
  std::optional<nn::sparse_batch<float>>
      sparse;  ///< of wide blocks, see `data::block::is_mostly_zero`
  typename Net::tape tape;
  [[nodiscard]] const linalg::matrix<float>& output() const noexcept { return tape.output(); }

  /// input = these rows of a block. Throws `shape_error` when it has not all of them.
  void load(const data::block& from, std::span<const data::row_id> rows,
            const executor_ref& e = {}) {
    for (const data::row_id i : rows)
      expects<shape_error>(i < from.rows(), "trainer: row ", i, " of network ", network,
                           ", which has ", from.rows());
    sparse.reset();
    if constexpr (nn::sparse_differentiable<Net>) {
      if (from.is_mostly_zero()) {
        sparse = sparse_rows(from, rows);
        input.resize(0, 0);
        return;
      }
    }
    input.resize(static_cast<linalg::index>(rows.size()), static_cast<linalg::index>(from.cols()));
    for_chunks(e, rows.size(), 32, [&](std::size_t begin, std::size_t end) {
      from.gather(rows.subspan(begin, end - begin),
                  input.middleRows(static_cast<linalg::index>(begin),
                                   static_cast<linalg::index>(end - begin)));
    });
  }
};

/// out = a network, without dropout, over all rows of a block: rows x outputs. A tile of memory beside it.
/// When the observer asks to stop, later rows of `out` stay as they are, or unset when its size changes.
template <nn::differentiable Net>
void infer(const Net& network, const data::block& rows, linalg::matrix<float>& out,
           const executor_ref& e = {}, const observer_ref& observer = {}) {
  out.resize(static_cast<linalg::index>(rows.rows()),
             static_cast<linalg::index>(network.outputs()));
  linalg::matrix<float> part;
  // Few enough rows to hear a stop in time.
  const std::size_t tile = observer.may_stop() ? 256 : 1024;
  for (std::size_t first = 0; first < rows.rows() && !observer.stop_requested(); first += tile) {
    const std::size_t tile_rows = (std::min)(tile, rows.rows() - first);
    const auto count = static_cast<linalg::index>(tile_rows);
    linalg::matrix_ref<float> to = out.middleRows(static_cast<linalg::index>(first), count);
    if constexpr (nn::sparse_differentiable<Net>) {
      if (rows.is_mostly_zero()) {
        network.forward(sparse_rows(rows, first, tile_rows), to, e);
        continue;
      }
    }
    part.resize(count, static_cast<linalg::index>(rows.cols()));
    rows.copy_rows(first, part);
    network.forward(part, to, e);
  }
}

/// Keeps the passes of a step and sums up their gradients. Memory is kept from step to step. Not
/// thread-safe; the same bits for any number of threads.
template <nn::differentiable Net>
class network_passes {
 public:
  /// `row_sparse`: whether gradients by sparse rows may stay sparse, for a `nn::row_sparse_optimizer`.
  explicit network_passes(std::size_t networks, bool row_sparse = false)
      : gradients_(networks),
        firsts_(networks),
        row_sparse_(row_sparse),
        is_sparse_(networks),
        runs_(networks),
        changed_(networks) {}

  /// A new step, whose dropout is drawn from `dropout`.
  void begin_step(random_stream dropout) {
    dropout_ = dropout;
    used_ = 0;
    scale_ = 1;
    std::fill(runs_.begin(), runs_.end(), 0);
    std::fill(changed_.begin(), changed_.end(), false);
    std::fill(is_sparse_.begin(), is_sparse_.end(), false);
  }
  /// A pass of network k, whose `input` is to be filled before `forward`. Throws `invalid_argument`.
  [[nodiscard]] forward_pass<Net>& next(std::size_t k) {
    expects(k < runs_.size(), "trainer: network ", k, " of ", runs_.size());
    if (used_ == passes_.size()) passes_.emplace_back();
    passes_[used_].network = k;
    return passes_[used_++];
  }
  /// Further runs of a network in the same step drop other values than its first.
  void forward(forward_pass<Net>& p, const Net& network, const executor_ref& e) {
    const std::size_t k = p.network;
    const random_stream dropout = dropout_.fork(k + runs_.size() * runs_[k]++);
    if constexpr (nn::sparse_differentiable<Net>)
      if (p.sparse) return network.forward(*p.sparse, p.tape, dropout, e);
    network.forward(p.input, p.tape, dropout, e);
  }
  /// Adds to the network's gradient, from d loss / d output. `to_input`: empty, or the matrix that becomes
  /// d loss / d input.
  template <class... Matrix>
  void backward(const forward_pass<Net>& p, const Net& network,
                const linalg::matrix_view<float>& d_output, const executor_ref& e,
                Matrix*... to_input) {
    const std::size_t k = p.network;
    if (changed_[k]) make_flat(k, e);
    aligned_buffer<float>& to = changed_[k] ? more_ : gradients_[k];
    to.resize(network.parameters().size());
    if constexpr (nn::sparse_differentiable<Net> && sizeof...(to_input) == 0) {
      if (!p.sparse)
        network.backward(p.input, d_output, p.tape, to, e);
      else if (!sparse_backward(p, network, d_output, e))
        network.backward(*p.sparse, d_output, p.tape, to, e);
    } else {
      expects(!p.sparse, "trainer: sparse rows of network ", k, " have no gradient");
      network.backward(p.input, d_output, p.tape, to, e, to_input...);
    }
    if (changed_[k])
      for_chunks(e, to.size(), linalg::elementwise_chunk, [&](std::size_t begin, std::size_t end) {
        linalg::add_multiple<float>(1, std::span(to).subspan(begin, end - begin),
                                    std::span(gradients_[k]).subspan(begin, end - begin));
      });
    changed_[k] = true;
  }
  /// Scales the gradients of the step so that their joint norm is at most `bound` (0: none). Returns the
  /// norm that they had.
  double clip(double bound, const executor_ref& e) {
    double squares = 0;
    for (std::size_t k = 0; k < gradients_.size(); ++k)
      if (changed_[k]) squares += gradient(k).squared_norm(e);
    const double norm = std::sqrt(squares);
    if (bound > 0) scale_ = static_cast<float>(nn::clip_factor(norm, bound));
    return norm;
  }
  /// Whether network k has a gradient in this step, and the gradient.
  [[nodiscard]] bool changed(std::size_t k) const noexcept { return changed_[k]; }
  [[nodiscard]] nn::network_gradient<float> gradient(std::size_t k) const noexcept {
    return {gradients_[k], is_sparse_[k] ? &firsts_[k] : nullptr, scale_};
  }
  /// The same for optimisers that take flat gradients alone. Once, as the gradient itself is scaled.
  [[nodiscard]] std::span<const float> flat_gradient(std::size_t k, const executor_ref& e) {
    make_flat(k, e);
    if (scale_ != 1)
      for_chunks(e, gradients_[k].size(), linalg::elementwise_chunk,
                 [&](std::size_t begin, std::size_t end) {
                   for (std::size_t i = begin; i < end; ++i) gradients_[k][i] *= scale_;
                 });
    return gradients_[k];
  }

 private:
  /// The pass back where the gradient may stay sparse; false where it may not.
  bool sparse_backward(const forward_pass<Net>& p, const Net& network,
                       const linalg::matrix_view<float>& d_output, const executor_ref& e) {
    const std::size_t k = p.network;
    is_sparse_[k] = nn::row_sparse_differentiable<Net> && row_sparse_ && !changed_[k];
    if constexpr (nn::row_sparse_differentiable<Net>)
      if (is_sparse_[k])
        network.backward(*p.sparse, d_output, p.tape, firsts_[k], gradients_[k], e);
    return is_sparse_[k];
  }
  void make_flat(std::size_t k, const executor_ref& e) {
    if (is_sparse_[k])
      firsts_[k].copy_to(std::span(gradients_[k]).first(gradient(k).first_size()), e);
    is_sparse_[k] = false;
  }

  std::vector<aligned_buffer<float>> gradients_;
  std::vector<nn::row_sparse_gradient<float>> firsts_;  // of first layers, where `is_sparse_`
  bool row_sparse_;
  std::vector<bool> is_sparse_;
  float scale_ = 1;  // of all gradients of the step
  std::vector<std::size_t> runs_;
  std::vector<bool> changed_;
  aligned_buffer<float> more_;
  std::deque<forward_pass<Net>> passes_;  // references to it stay valid
  std::size_t used_ = 0;
  random_stream dropout_{0, 0};
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
