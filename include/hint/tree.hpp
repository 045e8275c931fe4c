// SPDX-License-Identifier: MIT
/// \file
/// Structural entropy and encoding trees, for any graph.
#ifndef HINT_TREE_HPP
#define HINT_TREE_HPP

#include <hint/tree/build_tree.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/canonicalize.hpp>
#include <hint/tree/compress.hpp>
#include <hint/tree/concepts.hpp>
#include <hint/tree/describe.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/export.hpp>
#include <hint/tree/lift.hpp>
#include <hint/tree/merge.hpp>
#include <hint/tree/multilevel.hpp>
#include <hint/tree/presets.hpp>
#include <hint/tree/refine.hpp>
#include <hint/tree/structural_entropy.hpp>
#include <hint/tree/updatable_tree.hpp>

#endif
