// SPDX-License-Identifier: MIT
/// \file
/// Compress: removes communities, the cheapest first, until the tree is no higher than wanted.
#ifndef HINT_TREE_COMPRESS_HPP
#define HINT_TREE_COMPRESS_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/concepts.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/greedy/least_heap.hpp>
#include <hint/tree/greedy/tree_version.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

struct compress_options {
  /// Edges from the root to the deepest leaf that are allowed, 1 to `unbounded`. 2 is a partition,
  /// 3 is root, community, sub-community, leaf.
  std::size_t height = 3;
  /// Added to the volumes in the key, 0 to 1e6. 1 gives the trees of SEP's implementation; gains
  /// are exact with any value.
  double smoothing = 0;

  void validate() const {
    option_in("height", height, 1, unbounded);
    option_in("smoothing", smoothing, 0.0, 1e6);
  }
};

namespace detail {

/// Depths of leaves in leaf order: add to a range, ask for the largest of a range, both O(log n).
class leaf_depths {
 public:
  leaf_depths() = default;
  explicit leaf_depths(const std::vector<int>& depths)
      : width_(std::bit_ceil((std::max<std::size_t>)(depths.size(), 1))),
        largest_(2 * width_),
        added_(width_) {
    std::copy(depths.begin(), depths.end(), largest_.begin() + static_cast<std::ptrdiff_t>(width_));
    for (std::size_t i = width_; i-- > 1;)
      largest_[i] = (std::max)(largest_[2 * i], largest_[2 * i + 1]);
  }
  void lower(std::size_t begin, std::size_t end) {
    std::size_t l = begin + width_;
    std::size_t r = end + width_;
    for (std::size_t a = l, b = r; a < b; a /= 2, b /= 2) {
      if (a & 1) lower_node(a++);
      if (b & 1) lower_node(--b);
    }
    for (std::size_t i = l / 2; i > 0; i /= 2) update(i);
    for (std::size_t i = (r - 1) / 2; i > 0; i /= 2) update(i);
  }
  [[nodiscard]] int largest(std::size_t begin, std::size_t end) const {
    int found = 0;
    const auto see = [&](std::size_t i) {
      int value = largest_[i];
      for (std::size_t above = i / 2; above > 0; above /= 2) value += added_[above];
      found = (std::max)(found, value);
    };
    for (std::size_t a = begin + width_, b = end + width_; a < b; a /= 2, b /= 2) {
      if (a & 1) see(a++);
      if (b & 1) see(--b);
    }
    return found;
  }
  [[nodiscard]] int largest() const { return largest_.empty() ? 0 : largest_[1]; }

 private:
  void lower_node(std::size_t i) {
    --largest_[i];
    if (i < width_) --added_[i];
  }
  void update(std::size_t i) {
    largest_[i] = (std::max)(largest_[2 * i], largest_[2 * i + 1]) + added_[i];
  }
  std::size_t width_ = 0;
  std::vector<int> largest_;
  std::vector<int> added_;
};

}  // namespace detail

/// A `tree_operator` that contracts communities. Only those count through which a path from the
/// root to a leaf is longer than allowed; of these the one whose removal costs least entropy goes
/// first, ties to the lowest number. Gains are negative or 0. Done when the tree is no higher than
/// `height`.
///
/// The first `best` on a tree costs O(size log size), all further ones together too, as the cost of
/// a community only grows while others are contracted; after somebody else's edit it starts again.
/// Source: Wu et al., "Structural entropy guided graph hierarchical pooling" (SEP), 2022; gain as
/// derived in docs/concepts/tree_operator.md.
class compress {
 public:
  using options = compress_options;
  struct move {
    node_id node;
    friend bool operator==(const move&, const move&) = default;
  };

  compress() = default;
  /// Throws `invalid_option`.
  explicit compress(const options& o) : options_(o) { o.validate(); }

  [[nodiscard]] const options& parameters() const noexcept { return options_; }

  HINT_LAZY
  [[nodiscard]] std::optional<proposal<move>> best(const build_tree& tree) {
    if (options_.height == unbounded) return std::nullopt;
    if (!(now_->version == tree.version())) remember(tree);
    const auto coming = [&](const detail::scored_pair& e, int depth) {
      tree.expect_edit(e.a, depth);
    };
    while (!now_->heap.empty()) {
      const node_id v = now_->heap.front().a;
      if (!tree.contains(v)) {
        now_->heap.pop(coming);
        continue;
      }
      const double key = cost(tree, v, options_.smoothing);
      if (key != now_->heap.front().key)
        now_->heap.replace(entry(key, v), coming);  // it has grown since; the next may be cheaper
      else if (too_deep(tree, v))
        return proposal<move>{{v}, options_.smoothing == 0 ? loss(tree, key) : gain(tree, {v})};
      else
        now_->heap.pop(coming);  // for good: depths only shrink
    }
    return std::nullopt;
  }

  HINT_LAZY
  void apply(build_tree& tree, const move& m) {
    const bool known = now_->version == tree.version();
    tree.contract(m.node);
    if (!known) return;
    if (!shallow()) now_->depths.lower(now_->begin[m.node], now_->end[m.node]);
    now_->version = tree.version();
  }

  /// By how much the entropy falls when a community is contracted: 0 or less. O(1).
  [[nodiscard]] static double gain(const build_tree& tree, const move& m) {
    return loss(tree, cost(tree, m.node, 0));
  }

 private:
  struct remembered {
    tree_version version;
    detail::least_heap<detail::scored_pair> heap;  // of communities, by their costs
    // Where the leaves of a community are in the leaf order, and their depths.
    std::vector<std::size_t> begin;
    std::vector<std::size_t> end;
    detail::leaf_depths depths;
  };
  /// The entry of a community in the heap, by its cost.
  [[nodiscard]] static detail::scored_pair entry(double key, node_id v) noexcept {
    return {key, v, v};
  }

  [[nodiscard]] static double loss(const build_tree& tree, double cost) {
    return cost > 0 ? -2 * cost / tree.volume(tree.root()) : 0;
  }
  /// Half the rise of entropy by contraction, times the volume of the graph.
  [[nodiscard]] static double cost(const build_tree& tree, node_id v, double smoothing) {
    const double weight = tree.between(v);
    if (!(weight > 0)) return 0;
    return weight *
           std::log2((tree.volume(tree.parent(v)) + smoothing) / (tree.volume(v) + smoothing));
  }

  /// Whether few steps up or down tell if a path is too long. Else the depths of all leaves are
  /// kept.
  [[nodiscard]] bool shallow() const noexcept { return options_.height <= 16; }

  /// Whether a path through a community is too long.
  [[nodiscard]] bool too_deep(const build_tree& tree, node_id v) {
    if (!shallow())
      return static_cast<std::size_t>(now_->depths.largest(now_->begin[v], now_->end[v])) >
             options_.height;
    std::size_t depth = 1;
    for (node_id up = tree.parent(v); depth < options_.height && up != tree.root();
         up = tree.parent(up))
      ++depth;
    if (depth == options_.height) return true;  // and a leaf is deeper still
    return reaches(tree, v, options_.height - depth);
  }
  /// Whether a community lies `steps` (one or more) below v. Each community is asked about once or
  /// twice before it is contracted or dropped.
  [[nodiscard]] static bool reaches(const build_tree& tree, node_id v, std::size_t steps) {
    std::size_t depth = 0;
    for (node_id at = v;;) {
      node_id next = no_node;
      if (tree.community_count(at) > 0) {
        if (depth + 1 == steps) return true;
        next = tree.first_child(at);
        ++depth;
      }
      while (next == no_node) {
        if (at == v) return false;
        next = tree.next_sibling(at);
        if (next == no_node) {
          at = tree.parent(at);
          --depth;
        }
      }
      at = next;
    }
  }

  HINT_LAZY
  void remember(const build_tree& tree) {
    now_->version = tree.version();
    std::vector<detail::scored_pair> entries;
    for (node_id v = 0; v < tree.id_count(); ++v)
      if (tree.contains(v) && !tree.is_leaf(v) && v != tree.root())
        entries.push_back(entry(cost(tree, v, options_.smoothing), v));
    now_->heap.assign(std::move(entries));
    if (!shallow()) measure(tree);
  }
  /// One walk in depth-first order gives every community its stretch of the leaf order.
  HINT_LAZY
  void measure(const build_tree& tree) {
    now_->begin.assign(tree.id_count(), 0);
    now_->end.assign(tree.id_count(), 0);
    std::vector<int> depths;
    depths.reserve(tree.graph().size());
    int depth = 0;
    for (node_id v = tree.root(); v != no_node;) {
      now_->begin[v] = depths.size();
      if (tree.is_leaf(v)) depths.push_back(depth);
      node_id next = tree.first_child(v);
      if (next != no_node) ++depth;
      while (next == no_node && v != no_node) {
        now_->end[v] = depths.size();
        next = v == tree.root() ? no_node : tree.next_sibling(v);
        if (next == no_node) {
          v = tree.parent(v);
          --depth;
        }
      }
      v = next;
    }
    now_->depths = detail::leaf_depths(depths);
  }

  options options_;
  detail::memory_of_tree<remembered> now_;
};

}}}  // namespace hint::HINT_ABI::tree

#endif
