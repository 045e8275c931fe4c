// SPDX-License-Identifier: MIT
// What trains a method is tested in trainer.cpp; here the smallest one through a learner of one's own, as
// docs/concepts/training_method.md shows it.
#include <hint/learn/pair_training.hpp>
#include <hint/nn/adam.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"

namespace {

namespace learn = hint::learn;

/// Pulls the codes of a pair towards each other's signs.
struct agree {
  template <class Trainer>
  double cost(Trainer& t) const {
    const auto& image = t.forward(0);
    const auto& text = t.forward(1);
    const hint::linalg::matrix<float> d = image.output() - text.output();
    t.backward(image, d);
    t.backward(text, -d);
    return static_cast<double>(d.squaredNorm()) / 2;
  }
};

TEST_CASE("a learner of one's own in a few lines", "[learn][training_method]") {
  const hint_tests::clustered_pairs data(60, 4, 1);
  const hint::nn::adam adam{};
  learn::pair_training<hint::nn::adam> training(
      {.bits = 16, .loop = {.batch = 20, .steps = 60, .clip = 1}}, data.pairs(), {adam, adam}, {});
  agree method;
  training.run(method);
  const auto model = training.finish("agree", ", nothing more");
  CHECK(model.record().epochs.back().loss < 0.5 * model.record().epochs.front().loss);
  CHECK(model.description() ==
        "agree, 16 bits, 60 pairs, 60 steps of batch 20, seed 0, nothing more");
}

}  // namespace
