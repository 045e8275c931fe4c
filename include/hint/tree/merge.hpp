// SPDX-License-Identifier: MIT
/// \file
/// Merge: joins two communities under the root, the best pair first. From a flat tree it makes the
/// binary tree of the paper, or the partition at which joining stops to pay.
#ifndef HINT_TREE_MERGE_HPP
#define HINT_TREE_MERGE_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/concepts.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/greedy/merge_queue.hpp>
#include <hint/tree/greedy/pair_key.hpp>
#include <hint/tree/greedy/tree_version.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// What a merge does to the tree. Li et al., "Decoding topologically associating domains with
/// ultra-low resolution Hi-C data by graph structural entropy" (deDoc), 2018, call the two the
/// combining and the merging operator; the Merge of SEP and HINT is the first one.
enum class merge_edit : std::uint8_t {
  combine,  ///< a new community over the two, which stay; from a flat tree comes a binary one
  merge     ///< one community in place of the two; the partition keeps its height
};

/// When merging ends.
enum class merge_stop : std::uint8_t {
  one_root,  ///< when the root has two children or no two of its children are connected
  no_gain    ///< also when the best key no longer promises a lower entropy
};

struct merge_options {
  /// The order in which pairs are merged: lowest key first.
  merge_key key = merge_key::merge;
  /// The edit made, and the one whose gain is reported.
  merge_edit edit = merge_edit::combine;
  merge_stop stop = merge_stop::one_root;
  /// Added to the volumes in the key, 0 to 1e6. 1 gives the trees of SEP's implementation; gains
  /// are exact with any value.
  double smoothing = 0;
  /// Pairs that would have more leaves together are never merged, 1 to `unbounded`.
  std::size_t largest = unbounded;

  void validate() const {
    option_in("smoothing", smoothing, 0.0, 1e6);
    option_in("largest", largest, 1, unbounded);
  }
};

/// A `tree_operator` on the children of the root. Ties go to the pair with the lowest smaller
/// number, then the lowest larger one. Pairs without an edge between them are never merged, nor are
/// the only two children of the root: that would leave the entropy as it is.
///
/// The first `best` on a tree costs O(E), each further one O(neighbours log n) where both were
/// merged by this operator; after somebody else's edit it starts again. The partners of a hub,
/// which has hundreds of neighbours or more, are searched by bounds instead of one by one.
/// Source: Li and Pan, "Structural information and dynamical complexity of networks", 2016; keys
/// and gains as derived in docs/concepts/tree_operator.md.
class merge {
 public:
  using options = merge_options;
  struct move {
    node_id a;
    node_id b;
    friend bool operator==(const move&, const move&) = default;
  };

  merge() = default;
  /// Throws `invalid_option`.
  explicit merge(const options& o) : options_(o) { o.validate(); }

  [[nodiscard]] const options& parameters() const noexcept { return options_; }

  HINT_LAZY
  [[nodiscard]] std::optional<proposal<move>> best(const build_tree& tree) {
    if (tree.child_count(tree.root()) <= 2) return std::nullopt;
    if (!queue_->fits(tree))
      *queue_ = detail::merge_queue(
          tree, {options_.key, options_.edit == merge_edit::combine, options_.smoothing},
          options_.largest);
    const auto found = queue_->top(tree);
    if (!found || (options_.stop == merge_stop::no_gain && found->key >= 0)) return std::nullopt;
    const move m{found->a, found->b};
    return proposal<move>{m, gain(tree, m)};
  }

  HINT_LAZY
  void apply(build_tree& tree, const move& m) {
    const auto join = [&] {
      return options_.edit == merge_edit::combine ? tree.combine(m.a, m.b) : tree.merge(m.a, m.b);
    };
    if (queue_->fits(tree) && tree.can_join(m.a, m.b) && tree.parent(m.a) == tree.root())
      queue_->join(tree, m.a, m.b, join);
    else
      join();
  }

  /// By how much the entropy falls when two children of the root are merged. O(1).
  [[nodiscard]] double gain(const build_tree& tree, const move& m) const {
    const double cut = tree.cut_between(m.a, m.b);
    const double total = tree.volume(tree.root());
    const double volume = tree.volume(m.a) + tree.volume(m.b);
    if (!(total > 0) || !(volume > 0)) return 0;
    double fall = cut * std::log2(total / volume);
    if (options_.edit == merge_edit::merge)
      for (const node_id v : {m.a, m.b})
        if (tree.between(v) > 0) fall -= tree.between(v) * std::log2(volume / tree.volume(v));
    return 2 * fall / total;
  }

 private:
  options options_;
  detail::memory_of_tree<detail::merge_queue> queue_;
};

}}}  // namespace hint::HINT_ABI::tree

#endif
