// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/sparse_batch.hpp>

#include "linalg/random_matrix.hpp"
#include "nn/sparse_and_dense.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::index;
using hint::linalg::matrix;
using hint::nn::mlp;
using hint::nn::sparse_batch;
using hint_tests::random_matrix;
using hint_tests::sparse_and_dense;

static_assert(hint::nn::sparse_differentiable<mlp<float>>);

TEST_CASE("a network takes sparse rows for the dense ones that they are") {
  for (const bool shifted : {false, true})
    for (const std::vector<std::size_t>& hidden :
         {std::vector<std::size_t>{}, std::vector<std::size_t>{7}, std::vector<std::size_t>{9, 5}})
      for (const std::size_t threads : {1U, 3U}) {
        CAPTURE(shifted, hidden.size(), threads);
        hint::thread_pool pool(threads);
        const sparse_and_dense x(6, 40, shifted, 5);
        const mlp<double> net(40, 3, {.hidden = hidden}, {1, 2});
        matrix<double> h(6, 3), expected(6, 3);
        net.forward(x.sparse, h, pool);
        net.forward(x.dense, expected);
        CHECK((h - expected).cwiseAbs().maxCoeff() < 1e-13);

        mlp<double>::tape mine, theirs;
        net.forward(x.sparse, mine, {3, 4}, pool);
        net.forward(x.dense, theirs, {3, 4});
        CHECK((mine.output() - theirs.output()).cwiseAbs().maxCoeff() < 1e-13);
        const matrix<double> dh = random_matrix<double>(6, 3, 8);
        std::vector<double> g(net.parameters().size(), 7), wanted(net.parameters().size(), 9);
        net.backward(x.sparse, dh, mine, g, pool);
        net.backward(x.dense, dh, theirs, wanted);
        for (std::size_t i = 0; i < g.size(); ++i) CHECK(g[i] == Approx(wanted[i]).margin(1e-12));
      }
}

TEST_CASE("a sparse row's bits are its own") {
  const sparse_and_dense x(6, 40, true, 6);
  const mlp<double> net(40, 3, {.hidden = {7}}, {1, 2});
  matrix<double> all(6, 3), one(1, 3);
  net.forward(x.sparse, all);
  for (index i = 0; i < 6; ++i) {
    sparse_batch<double> alone(40, x.shift);
    alone.begin_row(x.sparse.amount(i));
    for (const auto& [column, value] : x.sparse[i]) alone.add(column, value);
    net.forward(alone, one);
    CHECK(one.row(0) == all.row(i));
  }
  CHECK_THROWS_MESSAGE(net.forward(sparse_batch<double>(41), one), hint::shape_error,
                       "mlp: x is 0 x 41, expected 40 columns");
}

}  // namespace
