// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <span>

#include <hint/learn/encoding/outputs_in_double.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

using namespace hint;

TEST_CASE("outputs in double are those of a network of doubles", "[learn][encoding]") {
  for (const auto f : {nn::activation::tanh, nn::activation::identity, nn::activation::relu}) {
    const nn::mlp<float> net(7, 5, {.hidden = {6, 4}, .output_activation = f}, {3, 4});
    nn::mlp<double> wide(7, 5, net.options(), {0, 0});
    std::ranges::copy(net.parameters(), wide.parameters().begin());
    const auto x = hint_tests::random_matrix<float>(1, 7, 9);
    linalg::matrix<double> expected(1, 5);
    wide.forward(linalg::matrix<double>(x.cast<double>()), expected);
    const auto found = learn::detail::outputs_in_double(net, std::span(x.data(), 7));
    REQUIRE(found.size() == 5);
    for (std::size_t j = 0; j < 5; ++j)
      CHECK(found[j] == Approx(expected(0, static_cast<linalg::index>(j))).epsilon(1e-12));
  }
}
