// SPDX-License-Identifier: MIT
/// \file
/// DJSRH, deep joint-semantics reconstructing hashing (Su, Zhong, Zhang, ICCV 2019), on feature vectors.
#ifndef HINT_LEARN_DJSRH_HPP
#define HINT_LEARN_DJSRH_HPP

#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <hint/align/cosine_mse.hpp>
#include <hint/align/similarity.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/normalize.hpp>
#include <hint/learn/checkpoint/setting_text.hpp>
#include <hint/learn/checkpoint_options.hpp>
#include <hint/learn/early_stopping_options.hpp>
#include <hint/learn/pair_training.hpp>
#include <hint/learn/trained_hasher.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/schedule.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Weights and constants are the paper's for MIRFlickr; networks, optimiser and budget are those of HINT,
/// so that methods can be compared (the paper: SGD, batches of 32, 80 epochs, a fine-tuned AlexNet).
struct djsrh_options {
  std::size_t bits = 64;  ///< L; 1 .. 16384
  /// Similarities are cosines of the scaled features, and are taken to lie in [0, 1]: so nothing is centred.
  std::array<data::scaling, 2> scaling{data::scaling::l2, data::scaling::l2};
  double image_weight = 0.9;  ///< beta: of images' cosines against texts'; 0 .. 1
  double second_order = 0.4;  ///< eta: of the similarity of similarities; 0 .. 1
  double scale = 1.5;         ///< mu: times the target; 0 .. 100
  double within = 0.1;  ///< weight of the loss within each modality against 1 across; 0 .. 1000
  nn::mlp_options network = {};  ///< its last layer is linear, whatever it says
  nn::adam_options adam{.rate = 1e-3};
  std::optional<nn::schedule_options> schedule = {};  ///< of the rate, in place of adam.rate
  double clip = 1;                             ///< bound on the norm of all gradients; 0: none
  std::size_t batch = 256;                     ///< |B|; 2 .. 65536
  std::size_t steps = 400;                     ///< of the optimiser; 0 .. 10^9
  early_stopping_options early_stopping = {};  ///< none as it comes: all steps are taken
  checkpoint_options checkpoint = {};          ///< none as it comes
  /// Throws `invalid_option` naming the field, its value and its bounds.
  void validate() const {
    option_in("bits", bits, 1, max_bits);
    option_in("image_weight", image_weight, 0, 1);
    option_in("second_order", second_order, 0, 1);
    option_in("scale", scale, 0, 100);
    option_in("within", within, 0, 1000);
    network.validate();
    adam.validate();
    if (schedule) schedule->validate();
    option_in("batch", batch, 2, 65536);
    early_stopping.validate();
    trainer_options{.batch = batch, .steps = steps, .clip = clip, .checkpoint = checkpoint}
        .validate();
  }
};

/// The joint-semantics affinity of a batch (paper, section 3.2), B x B: S~ = beta (2 cos_image - 1) +
/// (1 - beta) (2 cos_text - 1), then mu ((1 - eta) S~ + eta S~ S~' / B). Rows of `image` and `text` are the
/// batch's features. O(B^2 (d + B)).
HINT_LAZY
[[nodiscard]] linalg::matrix<float> joint_semantics(const linalg::matrix_view<float>& image,
                                                    const linalg::matrix_view<float>& text,
                                                    const djsrh_options& o);

#if !defined(HINT_ELSEWHERE)
template <class>
linalg::matrix<float> joint_semantics(const linalg::matrix_view<float>& image,
                                      const linalg::matrix_view<float>& text,
                                      const djsrh_options& o) {
  const std::array<const linalg::matrix_view<float>*, 2> rows{&image, &text};
  linalg::matrix<float> s = linalg::matrix<float>::Constant(image.rows(), image.rows(), -1);
  linalg::matrix<float> product(image.rows(), image.rows());
  for (std::size_t m = 0; m < 2; ++m) {
    const align::directions<float> unit(*rows[m], align::similarity::cosine);
    linalg::multiply_transposed<float>(unit.rows, unit.rows, product);
    s += static_cast<float>(2 * (m == 0 ? o.image_weight : 1 - o.image_weight)) * product;
  }
  linalg::multiply_transposed<float>(s, s, product);
  const double share = o.second_order / static_cast<double>((std::max<linalg::index>)(1, s.rows()));
  return static_cast<float>(o.scale * (1 - o.second_order)) * s +
         static_cast<float>(o.scale * share) * product;
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template linalg::matrix<float> joint_semantics<>(const linalg::matrix_view<float>&,
                                                             const linalg::matrix_view<float>&,
                                                             const djsrh_options&);
#endif

/// What a batch costs: cosines of the codes tanh(alpha u), within and across modalities, against the joint
/// semantics. alpha = sqrt(epochs so far + 1) lets codes become binary as training goes on.
class djsrh_method {
 public:
  explicit djsrh_method(djsrh_options o) : options_(std::move(o)) {}

  template <class Trainer>
  double cost(Trainer& t) const {
    const std::array passes{&t.forward(0), &t.forward(1)};
    std::array<linalg::matrix<float>, 2> dense;  // of wide rows, which networks take as they are
    const auto features = [&](std::size_t m) -> const linalg::matrix<float>& {
      if constexpr (requires { passes[m]->sparse; })
        if (const auto& sparse = passes[m]->sparse) {
          dense[m].resize(sparse->rows(), sparse->cols());
          t.rows(m).gather(t.batch(), dense[m]);
          return dense[m];
        }
      return passes[m]->input;
    };
    const linalg::matrix<float> s = joint_semantics(features(0), features(1), options_);
    const auto alpha = static_cast<float>(std::sqrt(static_cast<double>(t.epoch() + 1)));
    std::array<linalg::matrix<float>, 2> h, dh;
    for (std::size_t m = 0; m < 2; ++m) {
      h[m] = (alpha * passes[m]->output().array()).tanh();
      dh[m].setZero(h[m].rows(), h[m].cols());
    }
    const auto part = [&](std::size_t a, std::size_t c, double weight) {
      return weight * static_cast<double>(align::cosine_mse<float>(
                          h[a], h[c], s, static_cast<float>(weight), dh[a], dh[c]));
    };
    const double loss = part(0, 0, options_.within) + part(0, 1, 1) + part(1, 1, options_.within);
    for (std::size_t m = 0; m < 2; ++m) {
      dh[m].array() *= alpha * (1 - h[m].array().square());
      t.backward(*passes[m], dh[m]);
    }
    return loss;
  }

  // For checkpoints: nothing changes in here, and the options are the trainer's but for those of the loss.
  template <class Writer>
  void write(Writer&) const {}
  template <class Reader, class Trainer>
  void read(const Reader&, Trainer&) {}
  [[nodiscard]] std::map<std::string, std::string> settings() const {
    using detail::setting_text;
    return {{"method", "DJSRH"},
            {"bits", setting_text(options_.bits)},
            {"scaling", setting_text(options_.scaling)},
            {"image_weight", setting_text(options_.image_weight)},
            {"second_order", setting_text(options_.second_order)},
            {"scale", setting_text(options_.scale)},
            {"within", setting_text(options_.within)},
            {"early_stopping", setting_text(options_.early_stopping)}};
  }

 private:
  djsrh_options options_;
};

/// The learner. Const: one learner may train many models.
class djsrh {
 public:
  using options = djsrh_options;
  /// Throws `invalid_option`.
  explicit djsrh(djsrh_options o = {}) : options_(std::move(o)) {
    options_.network.output_activation = nn::activation::identity;
    options_.validate();
  }

  /// Trains on all pairs; reports to ctx.observer, which may stop it early. Time: `steps` batches. Memory:
  /// scaled features and the networks four times. The same bits for any number of threads. Throws
  /// `invalid_argument` for fewer than two pairs, NaN or infinity, or several processes.
  template <data::paired_dataset D>
  [[nodiscard]] trained_hasher fit(const D& dataset, const context& ctx = {}) const {
    return trained(dataset, nn::adam{options_.adam}, ctx);
  }

 private:
  template <data::paired_dataset D, nn::optimizer Optimizer>
  [[nodiscard]] trained_hasher trained(const D& dataset, const Optimizer& optimizer,
                                       const context& ctx) const {
    pair_training<Optimizer> training({.bits = options_.bits,
                                       .scaling = options_.scaling,
                                       .networks = {options_.network, options_.network},
                                       .schedule = options_.schedule,
                                       .loop = {.batch = options_.batch,
                                                .steps = options_.steps,
                                                .clip = options_.clip,
                                                .checkpoint = options_.checkpoint},
                                       .early_stopping = options_.early_stopping},
                                      dataset, {optimizer, optimizer}, ctx);
    djsrh_method method(options_);
    training.run(method);
    return training.finish("DJSRH");
  }

  djsrh_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
