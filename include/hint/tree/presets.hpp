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
#include <hint/tree/links.hpp>
#include <hint/tree/merge.hpp>
#include <hint/tree/multilevel.hpp>

namespace hint::inline HINT_ABI::tree {

struct preset_options {
  /// Links from the root to the deepest leaf that are allowed, 1 to `unbounded`.
  std::size_t height = 3;
  link_counts links = link_counts::all;

  void validate() const { option_in("height", height, 1, unbounded); }
};

/// Merge down to a binary tree, then Compress to the height limit, as the paper.
[[nodiscard]] inline auto paper(const preset_options& o = {}) {
  o.validate();
  return builder{builder_options{.links = o.links}, merge{}, compress{{.height = o.height}}};
}

[[nodiscard]] inline auto fast(const preset_options& o = {}) { return multilevel({.height=o.height,.links=o.links,.rounds=3,.tolerance=0}); }
[[nodiscard]] inline auto best(const preset_options& o = {}) { return multilevel({.height=o.height,.links=o.links}); }

}  // namespace hint::inline HINT_ABI::tree

#endif
