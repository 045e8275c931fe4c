// SPDX-License-Identifier: MIT
/// \file
/// The best tree of bounded height that can be made of a deeper one by taking communities out.
#ifndef HINT_TREE_MULTILEVEL_CONTRACTION_HPP
#define HINT_TREE_MULTILEVEL_CONTRACTION_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/build_tree.hpp>
#include <hint/tree/canonicalize.hpp>
#include <hint/tree/compress.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// A tree contracted to a height by `compress`, cheapest first.
[[nodiscard]] inline encoding_tree compressed(const relation_graph& graph, const encoding_tree& t,
                                              std::size_t height) {
  build_tree w(graph, t);
  compress c({.height = height});
  while (const auto found = c.best(w)) c.apply(w, found->move);
  return w.freeze();
}

/// Which communities of a tree to keep, so that of all trees that contracting the others makes, and
/// that are no higher than a limit, none has lower entropy.
///
/// Let b(v) be the weight of the edges between children of v. Where a is the lowest kept community
/// over v and leaves may be at most k edges below a, the communities from v down cost, in terms of
/// vol(G) H / 2,
///
///     f(v, a, k) = min(b(v) log2 vol(a) + sum over children c of f(c, a, k),        v is contracted
///                      b(v) log2 vol(v) + sum over children c of f(c, v, k - 1)),   v is kept, k > 1
///
/// of which the second term does not depend on a, and the first one grows with vol(a): v is kept
/// below all kept communities from some depth upwards. That depth is all that is remembered, for
/// each v and k. O(size x depth x height); memory: `height` bytes for each community.
class contraction {
 public:
  /// Trees that are higher are first compressed to this height.
  static constexpr std::size_t deepest = 64;

  contraction(const relation_graph& graph, const encoding_tree& t, std::size_t height)
      : tree_(&t),
        height_(height),
        between_(weights_between_children(graph, t.counted(), t.parents())),
        keepers_((t.size() - t.leaf_count()) * height) {
    search();
  }

  /// The tree as parents, for `canonicalize`.
  [[nodiscard]] std::vector<node_id> parents() const {
    const encoding_tree& t = *tree_;
    std::vector<node_id> out(t.parents().begin(), t.parents().end());
    std::vector<node_id> kept(t.size(), t.root());  // the lowest kept community, v itself or above
    std::vector<std::size_t> room(t.size(), height_);
    for (node_id v = t.root(); v-- > 0;) {
      const node_id above = kept[t.parent(v)];
      const std::size_t below = room[t.parent(v)];
      out[v] = above;
      if (t.is_leaf(v)) continue;
      const bool keep = t.depth(above) < keepers(v, below);
      kept[v] = keep ? v : above;
      room[v] = keep ? below - 1 : below;
    }
    return out;
  }

 private:
  /// Below kept communities of fewer edges from the root than this, v is kept.
  [[nodiscard]] std::uint8_t& keepers(node_id v, std::size_t room) {
    return keepers_[(v - tree_->leaf_count()) * height_ + room - 1];
  }
  [[nodiscard]] std::uint8_t keepers(node_id v, std::size_t room) const {
    return keepers_[(v - tree_->leaf_count()) * height_ + room - 1];
  }
  [[nodiscard]] double log_volume(node_id v) const {
    return tree_->volume(v) > 0 ? std::log2(tree_->volume(v)) : 0;
  }

  /// Walks the communities in depth-first order. `sums_[d]` belongs to the one on the path at depth
  /// d: entry a height + k - 1 is the sum of f(c, a, k) over its children c that are done, for the
  /// ancestor at depth a, itself included.
  void search() {
    const encoding_tree& t = *tree_;
    std::vector<std::size_t> next(t.height() + 1);  // by depth: the child to visit
    sums_.resize(t.height() + 1);
    logs_.resize(t.height() + 1);
    std::size_t depth = 0;
    enter(t.root(), depth);
    for (node_id v = t.root();;) {
      const auto children = t.children(v);
      while (next[depth] < children.size() && t.is_leaf(children[next[depth]])) ++next[depth];
      if (next[depth] < children.size()) {
        v = children[next[depth]++];
        enter(v, ++depth);
        next[depth] = 0;
      } else if (v == t.root()) {
        return;
      } else {
        leave(v, depth--);
        v = t.parent(v);
      }
    }
  }
  void enter(node_id v, std::size_t depth) {
    sums_[depth].assign((depth + 1) * height_, 0);
    logs_[depth] = log_volume(v);
  }
  /// Adds f of v, at `depth`, whose children are done, to the sums of its parent.
  void leave(node_id v, std::size_t depth) {
    const double weight = between_[v];
    const double* const mine = sums_[depth].data();
    const double* const below = mine + depth * height_;  // where v is kept
    double* const above = sums_[depth - 1].data();
    for (std::size_t a = 0; a < depth; ++a) {
      for (std::size_t k = 1; k <= height_; ++k) {
        const std::size_t at = a * height_ + k - 1;
        double cost = weight * logs_[a] + mine[at];
        if (k > 1) {
          const double kept = weight * logs_[depth] + below[k - 2];
          if (kept < cost) {
            cost = kept;
            keepers(v, k) = static_cast<std::uint8_t>(a + 1);
          }
        }
        above[at] += cost;
      }
    }
  }

  const encoding_tree* tree_;
  std::size_t height_;
  std::vector<double> between_;
  std::vector<std::uint8_t> keepers_;
  std::vector<std::vector<double>> sums_;
  std::vector<double> logs_;  ///< by depth on the path
};

/// Of all trees of this height, 1 to `contraction::deepest`, that contracting communities makes of
/// a tree, one of lowest entropy. (Of the tree that `compress` leaves at `deepest`, if it is
/// higher.)
[[nodiscard]] inline encoding_tree best_contraction(const relation_graph& graph, encoding_tree t,
                                                    std::size_t height) {
  if (t.height() > contraction::deepest) t = compressed(graph, t, contraction::deepest);
  if (t.height() <= height) return t;
  return canonicalize(graph, contraction(graph, t, height).parents(), t.root(), t.counted());
}

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
