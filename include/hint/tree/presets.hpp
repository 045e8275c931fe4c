// SPDX-License-Identifier: MIT
/// \file
/// Tree builders for the usual wishes: the paper's greedy tree, a fast one, the best one.
#ifndef HINT_TREE_PRESETS_HPP
#define HINT_TREE_PRESETS_HPP

#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/compress.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/merge.hpp>
#include <hint/tree/multilevel.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

struct preset_options {
  /// Edges from the root to the deepest leaf that are allowed, 1 to `unbounded`. 2 is a partition,
  /// 3 is root, community, sub-community, leaf.
  std::size_t height = 3;
  /// What g_alpha counts (Eq. 4).
  counted_edges edges = counted_edges::all;
  /// Leaves that a community below the root may have, 1 to `unbounded`.
  std::size_t largest = unbounded;

  void validate() const {
    option_in("height", height, 1, unbounded);
    option_in("largest", largest, 1, unbounded);
  }
};

/// Merge down to a binary tree, then Compress to the height limit: the tree of the paper.
/// Throws `invalid_option`, as the others.
[[nodiscard]] inline auto paper(const preset_options& o = {}) {
  o.validate();
  return builder{builder_options{.edges = o.edges}, merge{{.largest = o.largest}},
                 compress{{.height = o.height}}};
}

/// Three rounds of the multilevel search for each level: far lower entropy than `paper` in less
/// time.
[[nodiscard]] inline multilevel fast(const preset_options& o = {}) {
  o.validate();
  return multilevel({.height = o.height,
                     .edges = o.edges,
                     .largest = o.largest,
                     .rounds = multilevel::quick_rounds,
                     .turns = 0,
                     .tolerance = 0});
}

/// The multilevel search until it finds hardly anything more, from the best that deep trees have to
/// offer. Above height 3 never worse than `fast` and `paper`, below never on the graphs of
/// `bench/tree_presets`.
[[nodiscard]] inline multilevel best(const preset_options& o = {}) {
  o.validate();
  return multilevel({.height = o.height,
                     .edges = o.edges,
                     .largest = o.largest,
                     .start = search_start::deep_trees});
}

}}}  // namespace hint::HINT_ABI::tree

#endif
