// SPDX-License-Identifier: MIT
// The rest of it is tested through its learners.
#include <hint/learn/pair_training.hpp>
#include <hint/nn/sgd.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"

namespace {

namespace learn = hint::learn;
using hint::nn::sgd;

/// Trains a third network alone, to give 1 for the codes of images.
struct third_alone {
  template <class Trainer>
  double cost(Trainer& t) const {
    const hint::linalg::matrix<float> codes = t.forward(0).output();
    const auto& p = t.forward(2, codes);
    const hint::linalg::matrix<float> d = p.output().array() - 1;
    t.backward(p, d);
    return static_cast<double>(d.squaredNorm()) / 2;
  }
};

TEST_CASE("networks of the method's own are trained beside", "[learn][pair_training]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  const sgd plain{{.rate = 0.05}};
  const learn::pair_training_options o{.bits = 8, .loop = {.batch = 20, .steps = 40, .clip = 0}};
  learn::pair_training<sgd> training(o, data.pairs(), {plain, plain}, {});
  training.add({hint::nn::mlp<float>(8, 1, {.hidden = {}}, {1, 1}), plain});
  CHECK(training.networks() == 3);
  third_alone method;
  training.run(method);
  CHECK(training.record().epochs.back().loss < training.record().epochs.front().loss);
  CHECK_THROWS_MESSAGE(training.run(method), hint::invalid_argument,
                       "pair_training: run was called before");
  // The two others are as they were drawn.
  learn::pair_training<sgd> untrained(o, data.pairs(), {plain, plain}, {});
  CHECK(training.finish("x").encode(hint::text, data.pairs().text()) ==
        untrained.finish("x").encode(hint::text, data.pairs().text()));
}

TEST_CASE("networks of images and texts may differ", "[learn][pair_training]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  learn::pair_training<sgd> training(
      {.bits = 8,
       .networks = {hint::nn::mlp_options{.hidden = {}}, hint::nn::mlp_options{.hidden = {4}}}},
      data.pairs(), {sgd{}, sgd{}}, {});
  CHECK(training.parameters(0).size() == 13 * 8);
  CHECK(training.parameters(1).size() == 10 * 4 + 5 * 8);
}

}  // namespace
