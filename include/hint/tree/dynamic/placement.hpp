// SPDX-License-Identifier: MIT
/// \file
/// Where in a tree an item costs least entropy: the exact cost of every place that may be best.
#ifndef HINT_TREE_DYNAMIC_PLACEMENT_HPP
#define HINT_TREE_DYNAMIC_PLACEMENT_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <tuple>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/dynamic/live_tree.hpp>
#include <hint/tree/edges.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// The kinds of place an item can be put.
enum class placing : std::uint8_t {
  inside,            ///< as a child of community `at`
  merged,            ///< its children become children of community `at`
  beside_community,  ///< with community `at` below a new community, which takes the place of `at`
  beside_leaf        ///< the same with a leaf
};

/// A place and what it is worth.
struct placement {
  placing how = placing::inside;
  node_id at = no_node;
  /// By how much vol(G) H / 2 falls against where the item is now; the largest number if it is nowhere yet.
  double gain = 0;
};

/// Let the item have volume d and W(a) be the weight of its counting edges to leaves below
/// community a; between and vol are those without the item. Below p it costs
///
///     sum over a from p up to below the root of  between(a) log2((vol(a) + d) / vol(a))
///                                    - W(a) log2((vol(parent(a)) + d) / (vol(a) + d))
///
/// and what is the same everywhere. Where W(a) is 0, nothing is saved by being below a, so only the
/// communities above the other ends of its edges are tried. A new community over the item and a
/// child s of p saves W(s) log2((vol(p) + d) / (vol(s) + d)) more; giving up the item itself for
/// its children costs between(item) log2((vol(p) + d) / d).
class placement_search {
 public:
  /// The place of least entropy. `out`: the boundary edges of the item. No leaf will be deeper than
  /// `height`, where what is above the item counts as being as deep as with the item in it.
  /// `beside_leaf` is for leaves. Equal costs go to the first of `placing`, then the lowest number.
  /// O(edges x height).
  [[nodiscard]] placement best(const live_tree& tree, tree_item item,
                               std::span<const boundary_edge> out, std::size_t height) {
    look_around(tree, item, out);
    const double d = tree.volume(item);
    const std::size_t reach = tree.height(item);
    candidate least;
    for (const node_id c : touched_) {
      spot& here = spots_[c];
      const node_id p = tree.parent(c);
      double saved = 0;  // by the edges, against the place beside c
      if (p != no_node) {
        const spot& above = spots_[p];
        here.depth = above.depth + 1;
        here.cost = above.cost;
        if (here.between > 0 && here.volume > 0)
          here.cost += here.between * std::log1p(d / here.volume) / std::numbers::ln2;
        if (here.weight > 0)
          saved = here.weight * std::log2((above.volume + d) / (here.volume + d));
        here.cost -= saved;
        const std::size_t deepest = here.depth + 1 + (std::max)(reach, tree.height({c, false}));
        if (saved > 0 && deepest <= height)
          least = (std::min)(least, {above.cost - saved, placing::beside_community, c});
      }
      if (here.depth + 1 + reach <= height)
        least = (std::min)(least, {here.cost, placing::inside, c});
      if (!item.leaf && here.depth + reach <= height) {
        const double between = tree.between(item.id);
        const double lost = between > 0 ? between * std::log2((here.volume + d) / d) : 0;
        least = (std::min)(least, {here.cost + lost, placing::merged, c});
      }
    }
    if (item.leaf)
      for (const boundary_edge& l : out) {
        if (!l.counts) continue;
        const spot& above = spots_[tree.parent_of_leaf(l.leaf)];
        const double both = tree.volume(tree_item{l.leaf, true}) + d;
        const double saved = l.weight * std::log2((above.volume + d) / both);
        if (above.depth + 2 <= height && saved > 0)
          least = (std::min)(least, {above.cost - saved, placing::beside_leaf, l.leaf});
      }
    const node_id from = tree.parent(item);
    const double now = from == no_node ? (std::numeric_limits<double>::max)() : spots_[from].cost;
    return {least.how, least.at, now - least.cost};
  }

  /// The sibling of the item last looked at that has most weight of counting edges with it, ties to
  /// the lowest number; `no_node` when none has any.
  [[nodiscard]] node_id nearest_sibling(const live_tree& tree, tree_item item) const {
    node_id found = no_node;
    double most = 0;
    for (const node_id c : touched_) {
      const double weight = spots_[c].weight;
      if (tree.parent(c) != tree.parent(item) || tree_item{c, false} == item) continue;
      if (weight > most || (weight == most && c < found && weight > 0)) {
        found = c;
        most = weight;
      }
    }
    return found;
  }

 private:
  struct candidate {
    double cost = (std::numeric_limits<double>::max)();
    placing how = placing::inside;
    node_id at = no_node;
    friend bool operator<(const candidate& x, const candidate& y) {
      return std::tie(x.cost, x.how, x.at) < std::tie(y.cost, y.how, y.at);
    }
  };
  /// What is known of a community above the item or the other end of one of its edges.
  struct spot {
    std::uint64_t round = 0;
    bool above_item = false;
    std::size_t depth = 0;
    double volume = 0;   // without the item
    double between = 0;  // without its edges
    double weight = 0;   // W
    double cost = 0;
  };

  /// Lists the communities above the item and its edges, parents first, with their weights.
  void look_around(const live_tree& tree, tree_item item, std::span<const boundary_edge> out) {
    ++round_;
    spots_.resize(tree.community_count());
    touched_.clear();
    const node_id from = tree.parent(item);
    climb(tree, from == no_node ? tree.root() : from, 0);
    if (from != no_node)
      for (const node_id c : touched_) {
        spots_[c].above_item = true;
        spots_[c].volume = (std::max)(0.0, spots_[c].volume - tree.volume(item));
      }
    for (const boundary_edge& l : out)
      if (l.counts) climb(tree, tree.parent_of_leaf(l.leaf), l.weight);
  }
  /// Adds `weight` to W of c and all above it, and takes it from `between` of the lowest community
  /// over both the item and c. Communities met for the first time are listed, the highest first.
  void climb(const live_tree& tree, node_id c, double weight) {
    const auto start = static_cast<std::ptrdiff_t>(touched_.size());
    bool met = false;
    for (; c != no_node; c = tree.parent(c)) {
      spot& s = spots_[c];
      if (s.round != round_) {
        s = {round_, false, 0, tree.volume(c), tree.between(c), 0, 0};
        touched_.push_back(c);
      }
      s.weight += weight;
      if (s.above_item && !met) {
        s.between = (std::max)(0.0, s.between - weight);
        met = true;
      }
    }
    std::reverse(touched_.begin() + start, touched_.end());
  }

  std::vector<spot> spots_;
  std::vector<node_id> touched_;
  std::uint64_t round_ = 0;
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
