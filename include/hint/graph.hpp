// SPDX-License-Identifier: MIT
/// \file
/// From data sets to weighted graphs of relations.
#ifndef HINT_GRAPH_HPP
#define HINT_GRAPH_HPP

#include <hint/graph/approximate_nearest.hpp>
#include <hint/graph/concepts.hpp>
#include <hint/graph/fused.hpp>
#include <hint/graph/knn.hpp>
#include <hint/graph/modality_trust.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/graph/neighborhoods.hpp>
#include <hint/graph/neighbors_by_cost.hpp>

#endif
