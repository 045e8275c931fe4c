// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/nn/row_sparse_gradient.hpp>

#include "linalg/random_matrix.hpp"
#include "nn/sparse_and_dense.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::index;
using hint::linalg::matrix;
using hint::nn::row_sparse_gradient;
using hint_tests::random_matrix;
using hint_tests::sparse_and_dense;

TEST_CASE("a row-sparse gradient is the product of the dense rows", "[nn][row_sparse_gradient]") {
  hint::thread_pool three(3);
  row_sparse_gradient<double> g, other;  // used again and again
  for (const bool shifted : {true, false})
    for (const index outputs : {1, 3, 37}) {
      CAPTURE(shifted, outputs);
      const sparse_and_dense x(6, 40, shifted, 5);
      const matrix<double> d = random_matrix<double>(6, outputs, 8);
      g.assign(x.sparse, d, {});
      CHECK(g.inputs() == 40);
      CHECK(g.outputs() == static_cast<std::size_t>(outputs));
      CHECK(g.is_shifted() == shifted);
      const matrix<double> expected = x.dense.transpose() * d;
      std::vector<double> found(static_cast<std::size_t>(40 * outputs), 7);
      g.copy_to(found);
      const Eigen::Map<const matrix<double>> all(found.data(), 40, outputs);
      CHECK((all - expected).cwiseAbs().maxCoeff() < 1e-13);
      CHECK(g.squared_norm() == Approx(expected.squaredNorm()).epsilon(1e-12));

      std::vector<std::uint32_t> occurring;
      for (std::uint32_t j = 0; j < 40; ++j)
        for (index i = 0; i < 6; ++i)
          if (i != 1 && (i + static_cast<index>(j)) % 8 == 0) occurring.push_back(j);
      CHECK(std::vector<std::uint32_t>(g.occurring().begin(), g.occurring().end()) == occurring);
      CHECK(x.sparse.occurring() == occurring);
      std::size_t next = 5;
      g.for_rows(5, 19, [&](std::size_t j, std::span<const double> row) {
        CHECK(j == next++);
        REQUIRE(row.size() == g.outputs());
        for (std::size_t o = 0; o < row.size(); ++o) CHECK(row[o] == found[j * row.size() + o]);
      });
      CHECK(next == 19);

      other.assign(x.sparse, d, three);
      std::vector<double> bits(found.size());
      other.copy_to(bits, three);
      CHECK(bits == found);
      CHECK(other.squared_norm(three) == g.squared_norm());
    }
}

TEST_CASE("a row-sparse gradient of nothing", "[nn][row_sparse_gradient]") {
  row_sparse_gradient<float> g;
  g.assign(hint::nn::sparse_batch<float>(3), matrix<float>(0, 2), {});
  CHECK(g.occurring().empty());
  CHECK(g.squared_norm() == 0);
  std::vector<float> all(6, 1);
  g.copy_to(all);
  CHECK(all == std::vector<float>(6, 0));
  const std::vector<float> shift{1, 2, 3};  // a row of which nothing is stored
  hint::nn::sparse_batch<float> x(3, shift);
  x.begin_row(2);
  g.assign(x, matrix<float>::Ones(1, 2), {});
  g.copy_to(all);
  CHECK(all == std::vector<float>{-2, -2, -4, -4, -6, -6});
  CHECK(g.squared_norm() == 112);
}

}  // namespace
