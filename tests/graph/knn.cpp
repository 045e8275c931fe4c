// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/data/dataset.hpp>
#include <hint/graph/knn.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::relation_graph;
using hint::weighted_edge;
using hint::data::block;
using hint::data::paired;
using hint::graph::knn;
using hint::graph::knn_options;
using hint::graph::symmetry;
using hint::graph::vertices;
using hint_tests::brute_force;
using hint_tests::lists_of_rows;
using hint_tests::matrix_of;
using hint_tests::metric;
using hint_tests::rows_matrix;
using hint_tests::small_integers;
using hint_tests::sparse_of;
using edge_weights = std::map<std::pair<hint::node_id, hint::node_id>, double>;

bool lists(const lists_of_rows& all, std::size_t i, std::size_t j) {
  for (const auto& n : all[i])
    if (n.row == j) return true;
  return false;
}

/// Eq. 2 as sets, pair by pair.
edge_weights expected_edges(const std::array<rows_matrix, 2>& x, const knn_options& o) {
  edge_weights out;
  const auto n = static_cast<std::size_t>(x[0].rows());
  const bool samples = o.vertices == vertices::samples;
  for (std::size_t m = 0; m < 2; ++m) {
    const lists_of_rows near = brute_force(x[m], o.neighbors, o.metric);
    const double weight = m == 0 ? 2 * o.image_weight : 2 * (1 - o.image_weight);
    const std::size_t offset = samples ? m * n : 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j) {
        const bool a = lists(near, i, j);
        const bool b = lists(near, j, i);
        if ((o.symmetry == symmetry::either ? a || b : a && b) && weight > 0)
          out[{static_cast<hint::node_id>(offset + i), static_cast<hint::node_id>(offset + j)}] +=
              weight;
      }
  }
  for (std::size_t i = 0; i < n && samples && o.pair_weight > 0; ++i)
    out[{static_cast<hint::node_id>(i), static_cast<hint::node_id>(n + i)}] = o.pair_weight;
  return out;
}

edge_weights edges_of(const relation_graph& g) {
  edge_weights out;
  for (const auto& [a, b, weight] : g.edges()) out[{a, b}] = weight;
  return out;
}

}  // namespace

TEST_CASE("the graph is the one of the definition") {
  const std::size_t n = 90;
  const std::array<rows_matrix, 2> x{small_integers(n, 6, 1), small_integers(n, 9, 2)};
  const paired dense(x[0], x[1]);
  const paired sparse(x[0], sparse_of(x[1]));
  for (const symmetry rule : {symmetry::either, symmetry::mutual})
    for (const vertices nodes : {vertices::samples, vertices::pairs})
      for (const double share : {0.0, 0.3, 0.5, 1.0})
        for (const double pair_weight : {0.0, 1.0, 2.5}) {
          knn_options o;
          o.symmetry = rule;
          o.vertices = nodes;
          o.image_weight = share;
          o.pair_weight = pair_weight;
          o.neighbors = 4;
          o.metric = share < 0.4 ? metric::l1 : metric::cosine;
          CAPTURE(static_cast<int>(rule), static_cast<int>(nodes), share, pair_weight);
          const edge_weights expected = expected_edges(x, o);
          const relation_graph g = knn(o)(dense);
          CHECK(g.size() == (nodes == vertices::samples ? 2 * n : n));
          CHECK(edges_of(g) == expected);
          CHECK(edges_of(knn(o)(sparse)) == expected);
        }
}

TEST_CASE("defaults are k = 3, cosine, the union, a node a sample, pairs of weight 2") {
  const std::array<rows_matrix, 2> x{small_integers(40, 6, 3), small_integers(40, 6, 4)};
  knn_options o;
  o.neighbors = 3;
  o.metric = metric::cosine;
  o.symmetry = symmetry::either;
  o.vertices = vertices::samples;
  o.pair_weight = 2;
  o.image_weight = 0.5;
  const relation_graph g = knn()(paired(x[0], x[1]));
  CHECK(edges_of(g) == expected_edges(x, o));
  REQUIRE(g.groups().size() == 80);
  for (std::size_t i = 0; i < 80; ++i) CHECK(g.groups()[i] == (i < 40 ? 0 : 1));
  o.vertices = vertices::pairs;
  CHECK(knn(o)(paired(x[0], x[1])).groups().empty());
}

TEST_CASE("an edge of the worked example") {
  // images on a line: 0, 1, 3, 7; texts: 0, 10, 11, 100. One neighbour each, by L1.
  const rows_matrix images = matrix_of({{0}, {1}, {3}, {7}});
  const rows_matrix texts = matrix_of({{0}, {10}, {11}, {100}});
  knn_options o;
  o.neighbors = 1;
  o.metric = metric::l1;
  o.image_weight = 0.75;
  const auto graph = [&] { return knn(o)(paired(images, texts)); };
  CHECK(edges_of(graph()) == edge_weights{{{0, 1}, 1.5},
                                          {{1, 2}, 1.5},
                                          {{2, 3}, 1.5},
                                          {{4, 5}, .5},
                                          {{5, 6}, .5},
                                          {{6, 7}, .5},
                                          {{0, 4}, 2},
                                          {{1, 5}, 2},
                                          {{2, 6}, 2},
                                          {{3, 7}, 2}});
  o.symmetry = symmetry::mutual;
  CHECK(edges_of(graph()) ==
        edge_weights{
            {{0, 1}, 1.5}, {{5, 6}, .5}, {{0, 4}, 2}, {{1, 5}, 2}, {{2, 6}, 2}, {{3, 7}, 2}});
  o.vertices = vertices::pairs;
  o.symmetry = symmetry::either;
  CHECK(edges_of(graph()) == edge_weights{{{0, 1}, 2}, {{1, 2}, 2}, {{2, 3}, 2}});
}

TEST_CASE("no rows, one, two, rows without direction") {
  for (const vertices nodes : {vertices::samples, vertices::pairs}) {
    knn_options o;
    o.vertices = nodes;
    const std::size_t per_pair = nodes == vertices::samples ? 2 : 1;
    CHECK(knn(o)(paired(rows_matrix(0, 2), rows_matrix(0, 3))).size() == 0);
    const relation_graph one = knn(o)(paired(matrix_of({{1}}), matrix_of({{1}})));
    CHECK(one.size() == per_pair);
    CHECK(one.edge_count() == per_pair - 1);
    const rows_matrix zeros = rows_matrix::Zero(2, 1);
    const relation_graph two = knn(o)(paired(matrix_of({{1}, {-1}}), zeros));
    CHECK(two.size() == 2 * per_pair);
    CHECK(two.edge_count() == (nodes == vertices::samples ? 3 : 1));
  }
}

TEST_CASE("from lists of any length, with a share of one's own") {
  const std::array<rows_matrix, 2> x{small_integers(50, 6, 5), small_integers(50, 6, 6)};
  knn_options o;
  o.neighbors = 7;
  o.image_weight = 0.9;
  o.metric = metric::l2;
  const edge_weights expected = expected_edges(x, o);
  const auto images = hint::graph::nearest(block(x[0]), 7, metric::l2);
  const auto texts = hint::graph::nearest(block(x[1]), 7, metric::l2);
  CHECK(edges_of(knn().from_lists(images, texts, 0.9)) == expected);
  CHECK_THROWS_MESSAGE(knn().from_lists(images, hint::graph::neighbor_lists(49, 3), 0.5),
                       hint::shape_error, "knn: image lists of 50 rows, text lists of 49");
  CHECK_THROWS_MESSAGE(knn().from_lists(images, texts, 1.5), hint::invalid_argument,
                       "knn: image_weight is 1.5, expected 0 to 1");
  CHECK_THROWS_MESSAGE(knn().from_lists(images, texts, std::nan("")), hint::invalid_argument,
                       "knn: image_weight is nan, expected 0 to 1");
  // one modality alone
  const relation_graph own = hint::graph::neighbor_graph(images);
  CHECK(own.size() == 50);
  for (const weighted_edge& e : own.edges()) {
    CHECK(e.weight == 1);
    CHECK(expected.count({e.a, e.b}) == 1);
  }
  o.symmetry = symmetry::mutual;
  o.image_weight = 1;
  o.pair_weight = 0;
  CHECK(hint::graph::neighbor_graph(images, symmetry::mutual).edge_count() ==
        expected_edges(x, o).size());
}

TEST_CASE("the same graph for any number of threads") {
  const rows_matrix x = hint_tests::random_matrix<float>(300, 20, 1);
  const rows_matrix y = hint_tests::random_matrix<float>(300, 30, 2);
  const auto expected = knn()(paired(x, y)).edges();
  hint::thread_pool two(2);
  hint::thread_pool three(3);
  for (hint::thread_pool* pool : {&two, &three})
    CHECK(knn()(paired(x, y), hint::context{*pool}).edges() == expected);
}

TEST_CASE("bad options and bad numbers are refused") {
  const auto refused = [](auto change) {
    knn_options o;
    change(o);
    return hint_tests::message_of<hint::invalid_option>([&] { static_cast<void>(knn(o)); });
  };
  CHECK(refused([](knn_options& o) { o.neighbors = 0; }) ==
        "option neighbors is 0, expected 1 to 1000");
  CHECK(refused([](knn_options& o) { o.pair_weight = -1; }) ==
        "option pair_weight is -1, expected 0 to 1e+09");
  CHECK(refused([](knn_options& o) { o.image_weight = 1.5; }) ==
        "option image_weight is 1.5, expected 0 to 1");
  CHECK(refused([](knn_options& o) { o.image_weight = std::nan(""); }) ==
        "option image_weight is nan, expected 0 to 1");

  rows_matrix bad = rows_matrix::Zero(3, 2);
  bad(2, 1) = std::numeric_limits<float>::quiet_NaN();
  const rows_matrix good = rows_matrix::Zero(3, 2);
  CHECK_THROWS_MESSAGE((knn()(paired(good, bad))), hint::invalid_argument,
                       "text: row 2, column 1 is nan, expected finite numbers");
  CHECK_THROWS_MESSAGE((knn()(paired(bad, good))), hint::invalid_argument,
                       "image: row 2, column 1 is nan, expected finite numbers");
}
