// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/align/mixup.hpp>
#include <hint/align/mmd.hpp>
#include <hint/learn/hint_objective.hpp>
#include <hint/nn/gradient_check.hpp>
#include <hint/nn/mlp.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

namespace align = hint::align;
using hint::learn::hint_objective;
using hint::learn::per_modality;
using hint::linalg::matrix;
using hint_tests::random_matrix;

double cosine(const matrix<double>& x, Eigen::Index i, const matrix<double>& y, Eigen::Index j) {
  double product = 0, xx = 0, yy = 0;
  for (Eigen::Index c = 0; c < x.cols(); ++c) {
    product += x(i, c) * y(j, c);
    xx += x(i, c) * x(i, c);
    yy += y(j, c) * y(j, c);
  }
  return product / std::sqrt(xx * yy);
}

TEST_CASE("the objective adds up Eq. 7 and Eq. 10 over both modalities",
          "[learn][hint_objective]") {
  const per_modality<double> h{random_matrix<double>(6, 4, 1), random_matrix<double>(6, 4, 2)};
  const per_modality<double> targets{random_matrix<double>(6, 4, 3),
                                     random_matrix<double>(6, 4, 4)};
  const per_modality<double> cross{random_matrix<double>(6, 4, 5), random_matrix<double>(6, 4, 6)};
  double hash = 0, consistency = 0;
  for (std::size_t m = 0; m < 2; ++m)
    for (Eigen::Index i = 0; i < 6; ++i) {
      std::array<double, 3> sums{};
      for (Eigen::Index j = 0; j < 6; ++j) {
        sums[0] += std::exp(cosine(h[m], i, targets[m], j) / 0.4);
        sums[1] += std::exp(cosine(h[m], i, h[1 - m], j) / 0.6);
        sums[2] += std::exp(cosine(cross[m], i, h[1 - m], j) / 0.6);
      }
      hash -= std::log(std::exp(cosine(h[m], i, targets[m], i) / 0.4) / sums[0]) / 6;
      for (Eigen::Index j = 0; j < 6; ++j) {
        const double p = std::exp(cosine(h[m], i, h[1 - m], j) / 0.6) / sums[1];
        const double q = std::exp(cosine(cross[m], i, h[1 - m], j) / 0.6) / sums[2];
        consistency += p * std::log(p / q) / 6;
      }
    }
  const align::contrastive first({.temperature = 0.4});
  const align::consistency second({.temperature = 0.6});
  per_modality<double> gradients;
  const auto both =
      hint_objective(first, second, 0.8).value_and_gradient(h, targets, cross, gradients);
  CHECK(both.hash == Approx(hash).epsilon(1e-11));
  CHECK(both.consistency == Approx(consistency).epsilon(1e-11));
  CHECK(both.total == Approx(hash + 0.8 * consistency).epsilon(1e-11));
  per_modality<double> again{matrix<double>::Ones(1, 1), matrix<double>::Ones(6, 4)};
  hint_objective(first, second, 0.8).value_and_gradient(h, targets, cross, again);
  CHECK(hint_tests::same_bits(again[0], gradients[0]));  // overwritten, not added to
  CHECK(hint_tests::same_bits(again[1], gradients[1]));

  const auto hash_only =
      hint_objective(first, second, 0).value_and_gradient(h, targets, cross, again);
  CHECK(hash_only.total == Approx(hash).epsilon(1e-11));
  CHECK(hash_only.consistency == 0.0);
}

TEST_CASE("granularity shares the loss out between neighbours and the own pair",
          "[learn][hint_objective]") {
  const per_modality<double> h{random_matrix<double>(6, 4, 1), random_matrix<double>(6, 4, 2)};
  const per_modality<double> targets{random_matrix<double>(6, 4, 3),
                                     random_matrix<double>(6, 4, 4)};
  double pair = 0;
  for (std::size_t m = 0; m < 2; ++m)
    for (Eigen::Index i = 0; i < 6; ++i) {
      double sum = 0;
      for (Eigen::Index j = 0; j < 6; ++j) sum += std::exp(cosine(h[m], i, h[1 - m], j) / 0.2);
      pair -= std::log(std::exp(cosine(h[m], i, h[1 - m], i) / 0.2) / sum) / 6;
    }
  const align::contrastive first({.temperature = 0.4}), own({.temperature = 0.2});
  per_modality<double> none, half, all;
  const auto without =
      hint_objective(first, align::consistency{}, 0).value_and_gradient(h, targets, targets, none);
  const auto shared = hint_objective(first, align::consistency{}, 0, own, 0.25)
                          .value_and_gradient(h, targets, targets, half);
  const auto only = hint_objective(first, align::consistency{}, 0, own, 1)
                        .value_and_gradient(h, targets, targets, all);
  CHECK(without.pair == 0.0);
  CHECK(shared.pair == Approx(pair).epsilon(1e-11));
  CHECK(shared.hash == without.hash);
  CHECK(shared.total == Approx(0.75 * without.hash + 0.25 * pair).epsilon(1e-11));
  CHECK(only.total == Approx(pair).epsilon(1e-11));
  for (std::size_t m = 0; m < 2; ++m)
    CHECK((half[m] - 0.75 * none[m] - 0.25 * all[m]).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("the whole objective passes the gradient check", "[learn][hint_objective]") {
  using network = hint::nn::mlp<double>;
  const std::uint64_t seed = 51;
  CAPTURE(seed);
  const std::array<matrix<double>, 2> x{random_matrix<double>(9, 6, seed),
                                        random_matrix<double>(9, 5, seed + 1)};
  const per_modality<double> same{random_matrix<double>(9, 4, seed + 2),
                                  random_matrix<double>(9, 4, seed + 3)};
  const per_modality<double> cross{random_matrix<double>(9, 4, seed + 4),
                                   random_matrix<double>(9, 4, seed + 5)};
  const std::vector<std::uint32_t> communities{0, 1, 0, 2, 3, 1, 4, 5, 6};
  const hint::random_stream drop(seed, 9);
  for (const auto activation : {hint::nn::activation::tanh, hint::nn::activation::relu})
    for (const double dropout : {0.0, 0.5})
      for (const auto target : {align::target_kind::sign, align::target_kind::tanh}) {
        CAPTURE(name(activation), dropout, static_cast<int>(target));
        hint::nn::mlp_options o;
        o.hidden = {10};
        o.hidden_activation = activation;
        o.dropout = dropout;
        std::array<network, 2> nets{network(6, 4, o, {seed, 1}), network(5, 4, o, {seed, 2})};
        std::array<network::tape, 2> tapes;
        per_modality<double> targets, h, dh;
        for (std::size_t m = 0; m < 2; ++m)
          align::mix<double>(same[m], cross[m], 0.6, target, targets[m]);
        const bool grouped = dropout > 0;
        const hint_objective objective(align::contrastive{}, align::consistency{}, 0.7,
                                       align::contrastive({.temperature = 0.2}), grouped ? 0.4 : 0);
        const std::size_t split = nets[0].parameters().size();
        const auto loss = [&](std::span<const double> p) {
          std::copy_n(p.begin(), split, nets[0].parameters().begin());
          std::copy(p.begin() + static_cast<std::ptrdiff_t>(split), p.end(),
                    nets[1].parameters().begin());
          for (std::size_t m = 0; m < 2; ++m) {
            nets[m].forward(x[m], tapes[m], drop.fork(m));
            h[m] = tapes[m].output();
          }
          return objective
              .value_and_gradient(
                  h, targets, cross, dh,
                  grouped ? std::span(communities) : std::span<const std::uint32_t>())
              .total;
        };
        std::vector<double> start(nets[0].parameters().begin(), nets[0].parameters().end());
        start.insert(start.end(), nets[1].parameters().begin(), nets[1].parameters().end());
        loss(start);
        std::vector<double> gradient(start.size());
        nets[0].backward(x[0], dh[0], tapes[0], std::span(gradient).first(split));
        nets[1].backward(x[1], dh[1], tapes[1], std::span(gradient).subspan(split));
        const hint::nn::gradient_check_options some{.samples = 40, .seed = seed};
        CHECK(hint::nn::gradient_check(loss, start, gradient, some) < 1e-6);
        for (double& g : gradient) g *= 1.001;  // the check can fail
        CHECK(hint::nn::gradient_check(loss, start, gradient, some) > 1e-4);
      }
}

TEST_CASE("lambda compares how both proxies see the batch", "[learn][hint_objective]") {
  const matrix<double> same = random_matrix<double>(5, 4, 1),
                       cross = random_matrix<double>(5, 4, 2), h = random_matrix<double>(5, 4, 3);
  matrix<double> p(5, 5), q(5, 5);
  for (Eigen::Index i = 0; i < 5; ++i)
    for (Eigen::Index j = 0; j < 5; ++j) {
      p(i, j) = cosine(same, i, h, j);
      q(i, j) = cosine(cross, i, h, j);
    }
  const align::mmd mmd;
  const double gap = hint::learn::modality_gap(mmd, same, cross, h);
  CHECK(gap == Approx(mmd.value<double>(p, q)).epsilon(1e-11));
  CHECK(gap > 0);
  CHECK(hint::learn::modality_gap(mmd, same, matrix<double>(2 * same), h) ==
        Approx(0).margin(1e-12));
}

}  // namespace
