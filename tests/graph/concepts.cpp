// SPDX-License-Identifier: MIT
// The concepts themselves are tested in tests/static/graph.cpp; here a builder of one's own is used
// through them alone, next to the one of the library.
#include <cstddef>
#include <vector>

#include <hint/data/dataset.hpp>
#include <hint/graph/concepts.hpp>
#include <hint/graph/knn.hpp>

#include "data/rows.hpp"
#include "support/catch.hpp"

namespace {

/// Storage of one's own: the square of the row's number.
struct squares {
  std::size_t rows() const { return 6; }
  std::size_t cols() const { return 2; }
  void copy_rows(std::size_t first, hint::linalg::matrix_ref<float> out) const {
    for (Eigen::Index i = 0; i < out.rows(); ++i) {
      const auto row = static_cast<float>(static_cast<Eigen::Index>(first) + i);
      out(i, 0) = row;
      out(i, 1) = row * row;
    }
  }
};

/// A data set of one's own.
struct number_pairs {
  std::size_t size() const { return 6; }
  squares image() const { return {}; }
  squares text() const { return {}; }
};

/// Pairs in a chain: what comes in order belongs together.
struct chain {
  template <hint::data::paired_dataset D>
  hint::relation_graph operator()(const D& dataset, const hint::context&) const {
    std::vector<hint::weighted_edge> edges;
    for (hint::node_id i = 1; i < dataset.size(); ++i) edges.push_back({i - 1, i, 1});
    return hint::relation_graph::from_edges(dataset.size(), edges);
  }
};

template <hint::data::paired_dataset D, hint::graph::relation_builder<D> B>
std::vector<hint::weighted_edge> edges(const D& dataset, const B& builder) {
  return builder(dataset, hint::context{}).edges();
}

}  // namespace

TEST_CASE("builders and data sets of one's own go together") {
  const number_pairs own;
  const hint::data::paired copied(hint_tests::dense_of(own.image()),
                                  hint_tests::dense_of(own.text()));
  CHECK(edges(own, chain{}).size() == 5);
  CHECK(edges(own, chain{}) == edges(copied, chain{}));
  CHECK(edges(own, hint::graph::knn{}) == edges(copied, hint::graph::knn{}));
}
