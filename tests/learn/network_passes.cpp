// SPDX-License-Identifier: MIT
#include <cstddef>
#include <vector>

#include <hint/data/block.hpp>
#include <hint/learn/network_passes.hpp>
#include <hint/nn/mlp.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::learn::network_passes;
using hint_tests::random_matrix;
using matrix = hint::linalg::matrix<float>;
using net = hint::nn::mlp<float>;

TEST_CASE("inference over a block is that of the network", "[learn][network_passes]") {
  const net n(5, 3, {.hidden = {7}}, {1, 2});
  for (const Eigen::Index rows : {0, 1, 1500}) {  // more than a tile
    const matrix x = random_matrix<float>(rows, 5, 3);
    matrix found, expected(rows, 3);
    hint::learn::infer(n, hint::data::block(x), found);
    n.forward(x, expected);
    CHECK(hint_tests::same_bits(found, expected));
  }
}

TEST_CASE("passes and gradients last a step", "[learn][network_passes]") {
  const net n(5, 3, {.hidden = {8}, .dropout = 0.5}, {1, 2});
  const matrix x = random_matrix<float>(6, 5, 3), d = random_matrix<float>(6, 3, 4);
  network_passes<net> passes(2);
  std::vector<std::vector<float>> gradients;
  for (const std::uint64_t step : {1U, 1U, 2U}) {
    passes.begin_step({9, step});
    CHECK_FALSE(passes.changed(0));
    auto& p = passes.next(0);
    p.input = x;
    passes.forward(p, n, {});
    passes.backward(p, n, d, {});
    CHECK(passes.changed(0));
    CHECK_FALSE(passes.changed(1));
    const std::span<const float> g = passes.flat_gradient(0, {});
    gradients.emplace_back(g.begin(), g.end());
  }
  CHECK(gradients[0] == gradients[1]);  // nothing is left of the step before
  CHECK(gradients[0] != gradients[2]);  // another dropout
}

}  // namespace
