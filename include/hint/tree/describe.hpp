// SPDX-License-Identifier: MIT
/// \file
/// What an encoding tree looks like, in figures and for people: sizes and entropy by level, and
/// whether the two halves of pairs stay together.
#ifndef HINT_TREE_DESCRIBE_HPP
#define HINT_TREE_DESCRIBE_HPP

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/structural_entropy.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

struct describe_options {
  /// Leaves i and pairs + i are a pair (image and text, say), for i below `pairs`, and there are no
  /// others. 0: there are no pairs.
  std::size_t pairs = 0;

  void validate() const noexcept {}
};

/// The nodes at one depth. A leaf that hangs higher than others counts at its own depth alone; it
/// is in no community further down.
struct tree_level {
  std::size_t depth = 0;  ///< edges from the root, which is at depth 0
  std::size_t leaves = 0;
  std::size_t communities = 0;
  /// Leaves below each of the communities; 0 where there are none. The median of an even number of
  /// them is the mean of the middle two.
  std::size_t smallest = 0;
  double median = 0;
  double mean = 0;
  std::size_t largest = 0;
  /// Terms of Eq. 4 of all nodes here, in bits.
  double entropy = 0;
  /// Share of the pairs with both halves in one community here: 1 at the root, never rising, 0
  /// among the deepest leaves. NaN where there are no pairs.
  double pairs_together = std::numeric_limits<double>::quiet_NaN();
};

/// What `describe` finds.
struct tree_description {
  std::size_t leaves = 0;
  std::size_t communities = 0;  ///< with the root
  std::size_t height = 0;
  double entropy = 0;       ///< bits, Eq. 4
  double flat_entropy = 0;  ///< bits, without the tree (`tree::flat_entropy`)
  /// 1 - entropy / flat_entropy: how much of the cost of a step the tree saves; 0 without edges.
  double share = 0;
  std::size_t pairs = 0;
  /// Share of the leaves whose lowest community holds no leaf of the other half of the pairs. NaN
  /// where there are no pairs.
  double one_sided = std::numeric_limits<double>::quiet_NaN();
  std::vector<tree_level> levels;  ///< depths 0 to height

  /// Two lines on the whole, a table of the levels, and a line on the pairs if there are any. Of
  /// more than 24 levels it has the first 20 and the last.
  HINT_LAZY
  [[nodiscard]] std::string text() const;
};

namespace detail {

/// `value` with this many digits after the point.
HINT_LAZY
[[nodiscard]] std::string fixed(double value, int digits) {
  char buffer[64];
  const auto format = std::chars_format::fixed;
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value, format, digits).ptr};
}
[[nodiscard]] inline std::string percent(double share) { return fixed(100 * share, 1) + " %"; }

/// Community sizes by depth, one stretch for each: depth d's are from begin[d] to begin[d + 1].
struct sizes_by_depth {
  std::vector<std::size_t> begin;
  std::vector<node_id> sizes;

  explicit sizes_by_depth(const encoding_tree& tree)
      : begin(tree.height() + 2), sizes(tree.size() - tree.leaf_count()) {
    const auto n = static_cast<node_id>(tree.leaf_count());
    for (node_id v = n; v < tree.size(); ++v) ++begin[tree.depth(v) + 1];
    for (std::size_t d = 0; d + 1 < begin.size(); ++d) begin[d + 1] += begin[d];
    auto next = begin;
    for (node_id v = n; v < tree.size(); ++v)
      sizes[next[tree.depth(v)]++] = static_cast<node_id>(tree.leaves(v).size());
  }
};

HINT_LAZY
void describe_sizes(const encoding_tree& tree, std::vector<tree_level>& levels) {
  sizes_by_depth all(tree);
  for (tree_level& level : levels) {
    const auto first = all.sizes.begin() + static_cast<std::ptrdiff_t>(all.begin[level.depth]);
    const auto last = all.sizes.begin() + static_cast<std::ptrdiff_t>(all.begin[level.depth + 1]);
    level.communities = static_cast<std::size_t>(last - first);
    if (first == last) continue;
    std::sort(first, last);
    level.smallest = *first;
    level.largest = *(last - 1);
    const auto middle = first + (last - first) / 2;
    level.median = (last - first) % 2 == 1 ? *middle : (*middle + *(middle - 1)) / 2.0;
    double sum = 0;
    for (auto size = first; size != last; ++size) sum += *size;
    level.mean = sum / static_cast<double>(level.communities);
  }
}

HINT_LAZY
void describe_pairs(const encoding_tree& tree, tree_description& out) {
  const auto pairs = static_cast<node_id>(out.pairs);
  std::vector<std::size_t> lowest(out.levels.size());  // pairs by the depth down to which they stay
  for (node_id i = 0; i < pairs; ++i)
    ++lowest[tree.depth(tree.lowest_common_ancestor(i, pairs + i))];
  std::size_t together = 0;
  for (std::size_t d = out.levels.size(); d-- > 0;) {
    together += lowest[d];
    out.levels[d].pairs_together = static_cast<double>(together) / static_cast<double>(pairs);
  }

  std::vector<node_id> first_half(tree.size());  // leaves of it, below each node
  for (node_id v = 0; v < tree.root(); ++v) {
    if (v < pairs) first_half[v] = 1;
    first_half[tree.parent(v)] += first_half[v];
  }
  std::size_t alone = 0;
  for (node_id v = 0; v < tree.leaf_count(); ++v) {
    const node_id community = tree.parent(v);
    const node_id found = first_half[community];
    if (found == 0 || found == tree.leaves(community).size()) ++alone;
  }
  out.one_sided = static_cast<double>(alone) / static_cast<double>(tree.leaf_count());
}

}  // namespace detail

/// Figures on a tree and its levels. O(size log size), whatever the height; memory 12 bytes a node
/// and 100 a level. Throws `shape_error` unless there are no pairs or as many as half the leaves.
/// \code
/// std::puts(hint::tree::describe(tree, {.pairs = images.rows()}).text().c_str());
/// \endcode
HINT_LAZY
[[nodiscard]] tree_description describe(const encoding_tree& tree,
                                        const describe_options& options = {}) {
  const std::size_t n = tree.leaf_count();
  expects<shape_error>(options.pairs == 0 || (n % 2 == 0 && options.pairs == n / 2),
                       "describe: ", options.pairs, " pairs for ", n,
                       " leaves, expected half as many");
  tree_description out;
  out.leaves = n;
  out.communities = tree.size() - n;
  out.height = tree.height();
  out.entropy = structural_entropy(tree);
  out.flat_entropy = flat_entropy(tree);
  // No tree costs more than none, but rounding may say so.
  if (out.flat_entropy > 0) out.share = (std::max)(0.0, 1 - out.entropy / out.flat_entropy);
  out.pairs = options.pairs;
  out.levels.resize(tree.height() + 1);
  const auto entropy = entropy_by_depth(tree);
  for (std::size_t d = 0; d < out.levels.size(); ++d) {
    out.levels[d].depth = d;
    out.levels[d].entropy = entropy[d];
  }
  for (node_id leaf = 0; leaf < n; ++leaf) ++out.levels[tree.depth(leaf)].leaves;
  detail::describe_sizes(tree, out.levels);
  if (options.pairs > 0) detail::describe_pairs(tree, out);
  return out;
}

template <class>
std::string tree_description::text() const {
  using detail::fixed;
  using detail::percent;
  using hint::detail::concat;
  using row = std::array<std::string, 9>;
  const std::size_t columns = pairs > 0 ? 9 : 8;
  std::vector<row> rows{{"depth", "leaves", "communities", "of leaves: min", "median", "mean",
                         "max", "entropy (bits)", "pairs together"}};
  const bool abridged = levels.size() > 24;
  for (const tree_level& level : levels) {
    if (abridged && level.depth >= 20 && level.depth != height) continue;
    row& cells = rows.emplace_back(row{concat(level.depth), concat(level.leaves),
                                       concat(level.communities), "-", "-", "-", "-",
                                       fixed(level.entropy, 4), percent(level.pairs_together)});
    if (level.communities == 0) continue;
    cells[3] = concat(level.smallest);
    cells[4] = fixed(level.median, 1);
    cells[5] = fixed(level.mean, 1);
    cells[6] = concat(level.largest);
  }
  std::array<std::size_t, 9> widths{};
  for (const row& cells : rows)
    for (std::size_t c = 0; c < columns; ++c) widths[c] = (std::max)(widths[c], cells[c].size());

  std::string out =
      concat("encoding tree: ", leaves, leaves == 1 ? " leaf, " : " leaves, ", communities,
             communities == 1 ? " community" : " communities", ", height ", height,
             "\nentropy: ", fixed(entropy, 4), " bits a step, ", fixed(flat_entropy, 4),
             " without the tree: ", percent(share), " less\n");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (abridged && r + 1 == rows.size())
      out += concat("... ", levels.size() - 21, " levels left out\n");
    for (std::size_t c = 0; c < columns; ++c) {
      out.append((c > 0 ? 2 : 0) + widths[c] - rows[r][c].size(), ' ');
      out += rows[r][c];
    }
    out += '\n';
  }
  if (pairs > 0)
    out += concat(
        "leaves whose lowest community holds none of the other half: ", percent(one_sided), "\n");
  return out;
}

}}}  // namespace hint::HINT_ABI::tree

#endif
