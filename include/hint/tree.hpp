// SPDX-License-Identifier: MIT
/// \file
/// Structural entropy and encoding trees, for any graph.
#ifndef HINT_TREE_HPP
#define HINT_TREE_HPP

#include <hint/tree/assemble.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/compress.hpp>
#include <hint/tree/concepts.hpp>
#include <hint/tree/cut_row.hpp>
#include <hint/tree/describe.hpp>
#include <hint/tree/dynamic_graph.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/export.hpp>
#include <hint/tree/hub_row.hpp>
#include <hint/tree/layer.hpp>
#include <hint/tree/least_heap.hpp>
#include <hint/tree/level_search.hpp>
#include <hint/tree/lift.hpp>
#include <hint/tree/links.hpp>
#include <hint/tree/merge.hpp>
#include <hint/tree/merge_queue.hpp>
#include <hint/tree/multilevel.hpp>
#include <hint/tree/mutable_tree.hpp>
#include <hint/tree/node_table.hpp>
#include <hint/tree/pair_key.hpp>
#include <hint/tree/path_moves.hpp>
#include <hint/tree/placement.hpp>
#include <hint/tree/presets.hpp>
#include <hint/tree/refine.hpp>
#include <hint/tree/regroup.hpp>
#include <hint/tree/sibling_cuts.hpp>
#include <hint/tree/storeys.hpp>
#include <hint/tree/structural_entropy.hpp>
#include <hint/tree/tree_repair.hpp>
#include <hint/tree/tree_version.hpp>
#include <hint/tree/unfold.hpp>
#include <hint/tree/updatable_tree.hpp>
#include <hint/tree/windows.hpp>
#include <hint/tree/work_tree.hpp>

#endif
