// SPDX-License-Identifier: MIT
/// \file
/// What makes a relation graph from a data set.
#ifndef HINT_GRAPH_CONCEPTS_HPP
#define HINT_GRAPH_CONCEPTS_HPP

#include <concepts>
#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/data/dataset.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbor_lists.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// Paired data to a weighted undirected graph.
///
/// | expression | meaning |
/// |---|---|
/// | `b(dataset, ctx)` | a `relation_graph` over either the n pairs (node i is pair i) or the 2n samples (node i is image i, node n + i is text i, groups() tell which); no self loops; O(n k) memory |
///
/// Same data and seed, same graph, for any number of threads. Const, thread-safe.
template <class B, class D = data::paired<>>
concept relation_builder =
    data::paired_dataset<D> && requires(const B& b, const D& d, const context& ctx) {
      { b(d, ctx) } -> std::same_as<relation_graph>;
    };

/// A relation builder that can take neighbour lists which are at hand, searched together with those that
/// others want.
///
/// | expression | meaning |
/// |---|---|
/// | `b.neighbors()`, `b.metric()` | how many neighbours of a row it wants, and by which distance |
/// | `b.from_lists(images, texts, image_weight)` | the graph from such lists of both modalities, given how much images count in [0, 1] |
template <class B>
concept list_relation_builder =
    relation_builder<B> && requires(const B& b, const neighbor_lists& lists, double image_weight) {
      { b.neighbors() } -> std::convertible_to<std::size_t>;
      { b.metric() } -> std::convertible_to<metric>;
      { b.from_lists(lists, lists, image_weight) } -> std::same_as<relation_graph>;
    };

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
