// SPDX-License-Identifier: MIT
/// \file
/// What makes a relation graph from a data set.
#ifndef HINT_GRAPH_CONCEPTS_HPP
#define HINT_GRAPH_CONCEPTS_HPP

#include <concepts>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/data/dataset.hpp>

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

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
