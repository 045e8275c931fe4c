// SPDX-License-Identifier: MIT
/// \file
/// Builds and improves encoding trees by multilevel local search on the exact entropy.
#ifndef HINT_TREE_MULTILEVEL_HPP
#define HINT_TREE_MULTILEVEL_HPP

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/canonicalize.hpp>
#include <hint/tree/compress.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/merge.hpp>
#include <hint/tree/structural_entropy.hpp>

#if !defined(HINT_ELSEWHERE)
#include <hint/tree/multilevel/contraction.hpp>
#include <hint/tree/multilevel/deepen.hpp>
#include <hint/tree/multilevel/levels.hpp>
#include <hint/tree/multilevel/quotient_graph.hpp>
#include <hint/tree/multilevel/subtree_search.hpp>
#endif

namespace hint { inline namespace HINT_ABI { namespace tree {

/// Where the multilevel search of a new tree starts.
enum class search_start : std::uint8_t {
  leaves,     ///< from single leaves; levels are put in where they gain
  deep_trees  ///< from the best of deep trees contracted to the height; see `multilevel`
};

struct multilevel_options {
  /// Edges from the root to the deepest leaf that are allowed, 1 to `unbounded`. 2 is a partition.
  std::size_t height = 3;
  counted_edges edges = counted_edges::all;
  /// Leaves that a community below the root may have, 1 to `unbounded`.
  std::size_t largest = unbounded;
  /// Leaves that a community must have, or it is dissolved into the one above, 1 to `unbounded`.
  std::size_t smallest = 1;
  /// How often the search starts again from what it has, at most, 0 to 10000. 0 goes by the size of
  /// the graph: 4 for some hundred nodes, 9 for 2,000, 24 for 20,000, 26 for more, as larger ones
  /// need more.
  std::size_t rounds = 0;
  /// How often parts may move between the communities of all levels, for each level that is put in,
  /// at most, 0 to 10000. Of no influence up to height 2.
  std::size_t turns = 16;
  /// The search ends with a turn that gains less, in bits, or two rounds that do on average, 0 to
  /// 1.
  double tolerance = 0.0003;
  /// The search takes random turns: other seeds give other trees of about the same entropy.
  std::uint64_t seed = 0;
  search_start start = search_start::leaves;

  void validate() const {
    option_in("height", height, 1, unbounded);
    option_in("largest", largest, 1, unbounded);
    option_in("smallest", smallest, 1, largest);
    option_in("rounds", rounds, 0, 10000);
    option_in("turns", turns, 0, 10000);
    option_in("tolerance", tolerance, 0.0, 1.0);
  }
};

/// A `tree_builder`. Starts from single leaves, lets them move between communities as long as the
/// exact entropy falls, then parts of communities, parts of parts and so on, and starts again with
/// other parts; puts in a level wherever it gains most, and lets parts move on all levels. Time
/// about O(rounds E) for each level of a bounded tree.
///
/// With `search_start::deep_trees` and a height above 2, a quick search (`quick_rounds` rounds for
/// each level) comes first, and in its tree communities are put in wherever that gains, at any
/// height. Of all trees of the height asked for that contracting communities makes of this deep one,
/// the best is found (`detail::contraction`), likewise of the binary tree of `merge`, and the better
/// one of the two is improved on all levels at once. So the tree is never worse than that of the
/// quick search, and no worse than what `compress` makes of the binary tree: that one is left out
/// where it never helped, at height 3 in graphs of more than 500 edges and two for each node, at
/// height 2 in graphs of more than 500 edges.
/// \code
/// hint::tree::encoding_tree t = hint::tree::multilevel{{.height = 2}}(graph);
/// \endcode
/// Equal graphs and options give equal trees, for any executor; context and its seed are not asked.
/// Nodes without edges stay under the root. Reports phase "tree"; asked to stop, it returns what it
/// has, never higher than the limit. Const and thread-safe.
/// Sources: the search is that of Blondel et al., "Fast unfolding of communities in large
/// networks", 2008, and Traag, Waltman and van Eck, "From Louvain to Leiden", 2019, on the entropy
/// of Li and Pan 2016 (Eq. 4); docs/concepts/tree_builder.md has the gains.
class multilevel {
 public:
  using options = multilevel_options;
  /// Rounds for each level of a quick search.
  static constexpr std::size_t quick_rounds = 3;

  multilevel() = default;
  /// Throws `invalid_option`.
  explicit multilevel(const options& o) : options_(o) { o.validate(); }

  [[nodiscard]] const options& parameters() const noexcept { return options_; }

  /// Throws `invalid_argument` for `counted_edges::intra` and a graph without groups.
  HINT_LAZY
  [[nodiscard]] encoding_tree operator()(const relation_graph& graph,
                                         const context& ctx = {}) const;

  /// A tree of lower entropy than this one, or the same tree. Levels are put in while it is lower
  /// than `height`; a higher one gets no higher. Communities that are larger than allowed do not
  /// grow. `edges` are those of the tree.
  /// Throws `shape_error` unless the tree has one leaf per node.
  HINT_LAZY
  [[nodiscard]] encoding_tree improve(const relation_graph& graph, encoding_tree t,
                                      const context& ctx = {}) const;

 private:
  /// Trees up to this height are searched as a whole.
  static constexpr std::size_t low = 4;
  /// Up to this height levels are put in one by one.
  static constexpr std::size_t middle = 12;

#if !defined(HINT_ELSEWHERE)
  template <class = void>  // as HINT_LAZY
  class run {
   public:
    run(const options& o, const relation_graph& graph, counted_edges counted, observer_ref observer)
        : graph_(graph),
          counted_(counted),
          observer_(observer),
          height_(o.height),
          smallest_(o.smallest),
          start_(o.start),
          effort_{o.rounds > 0 ? o.rounds : rounds_for(graph.size()), o.turns, o.tolerance, o.seed,
                  o.largest} {}

    /// From a tree, or from single leaves.
    [[nodiscard]] encoding_tree operator()(std::optional<encoding_tree> t) {
      tell(0);
      if (t) height_ = (std::max)(height_, t->height());
      if (graph_.edge_count() > 0 && height_ > 1) {
        if (!t && start_ == search_start::deep_trees)
          search_from_deep_trees(t);
        else
          search(t);
      }
      if (!t) t = encoding_tree::flat(graph_, counted_);
      if (smallest_ > 1) t = dissolve_small(graph_, *t, smallest_);
      done_ = 1;
      if (!stopped_) tell(0);
      return *std::move(t);
    }

   private:
    [[nodiscard]] static std::size_t rounds_for(std::size_t nodes) noexcept {
      const double doublings = std::log2(static_cast<double>(nodes) + 1);
      return static_cast<std::size_t>(std::clamp(4.75 * doublings - 43, 4.0, 26.0));
    }
    void tell(double done) {
      const std::chrono::duration<double> since = std::chrono::steady_clock::now() - begin_;
      told_ = (std::max)(told_, done_ + share_ * done);
      observer_.on(phase_report{"tree", told_, since.count()});
      stopped_ = stopped_ || observer_.stop_requested();
    }

    void search(std::optional<encoding_tree>& t) {
      if (!t || t->height() <= low) search_levels(t);
      if (height_ > low) search_all_subtrees(*t);
    }
    void search_all_subtrees(encoding_tree& t) {
      search_subtrees(t, height_ > middle);
      if (t.height() <= height_) return;
      t = lowered(std::move(t));
      search_subtrees(t, false);
    }

    /// See `multilevel`. Of the trees that come up, `t` keeps the lowest.
    void search_from_deep_trees(std::optional<encoding_tree>& t) {
      const bool bounded = height_ <= middle;
      const std::size_t limit = std::exchange(height_, bounded ? height_ : low);
      std::vector<encoding_tree> deep;
      share_ = 0.4;
      if (height_ == 2) {
        search_levels(t);
      } else {
        const detail::search_effort effort = std::exchange(effort_, quick_effort());
        search(t);
        effort_ = effort;
        deep.push_back(deepened(*t, bounded ? 1 : quick_rounds));
      }
      if (stopped_) return;
      if (merging_pays()) deep.push_back(merged(bounded ? unbounded : limit));
      if (!bounded) height_ = std::clamp((effort_.rounds + 1) / 2, low, std::size_t{6});
      for (const encoding_tree& d : deep)
        keep_lower(*t, detail::best_contraction(graph_, d, height_));
      done_ = std::exchange(share_, 0.3);
      if (!deep.empty()) improve_levels(*t);
      done_ += share_;
      if (stopped_) return;
      if (!bounded) {
        height_ = limit;
        improve_subtrees(*t);
        for (encoding_tree& d : deep)
          if (keep_lower(*t, lowered(std::move(d)))) improve_subtrees(*t);
      } else if (height_ > 3 &&
                 keep_lower(*t, detail::best_contraction(graph_, deepened(*t, 1), height_))) {
        improve_levels(*t);
      }
    }
    [[nodiscard]] detail::search_effort quick_effort() const noexcept {
      return {quick_rounds, 0, 0, effort_.seed, effort_.largest};
    }
    /// With communities put in wherever that gains.
    [[nodiscard]] encoding_tree deepened(encoding_tree t, std::size_t rounds) {
      const detail::search_effort effort = std::exchange(effort_, quick_effort());
      effort_.rounds = rounds;
      deepen_all(t);
      effort_ = effort;
      return t;
    }
    /// Whether the tree of `merge` may be better than what the search finds, for its time: in small
    /// graphs, in long ones without cycles to speak of, and in higher trees.
    [[nodiscard]] bool merging_pays() const noexcept {
      const std::size_t edges = graph_.edge_count();
      return height_ > 3 || edges <= 500 || (height_ == 3 && edges <= 2 * graph_.size());
    }
    [[nodiscard]] encoding_tree merged(std::size_t height) const {
      return builder{builder_options{.edges = counted_}, merge{{.largest = effort_.largest}},
                     compress{{.height = height}}}(graph_);
    }
    [[nodiscard]] encoding_tree lowered(encoding_tree t) const {
      return t.height() > height_ ? detail::compressed(graph_, t, height_) : std::move(t);
    }
    void improve_subtrees(encoding_tree& t) {
      encoding_tree other = t;
      search_all_subtrees(other);
      keep_lower(t, std::move(other));
    }
    /// In half the turns at most, and in fewer than there are rounds: the tree is a good one already.
    void improve_levels(encoding_tree& t) {
      const std::size_t turns = effort_.turns;
      effort_.turns = (std::min)((turns + 1) / 2, (std::max<std::size_t>)(effort_.rounds, 2) - 1);
      std::optional<encoding_tree> other = t;
      search_levels(other);
      effort_.turns = turns;
      keep_lower(t, *std::move(other));
    }
    /// Keeps the better one of two trees. Returns whether that is the other.
    static bool keep_lower(encoding_tree& t, encoding_tree&& other) {
      if (!(structural_entropy(other) < structural_entropy(t))) return false;
      t = std::move(other);
      return true;
    }

    /// Searches all levels of a low tree together, putting in new ones where they gain most.
    void search_levels(std::optional<encoding_tree>& t) {
      const std::size_t goal = height_ <= middle ? height_ : low;
      std::vector<node_id> order = detail::canonical_order(graph_);
      detail::quotient_graph leaves = detail::leaf_graph(graph_, counted_, order);
      std::vector<node_id> nodes = order;
      detail::level_hierarchy levels(std::move(leaves), std::move(order), graph_.volume(), effort_);
      std::vector<node_id> scratch;
      for (std::size_t depth = t ? t->height() : 0; depth-- > 1;) {
        std::vector<node_id> of(nodes.size());
        for (std::size_t u = 0; u < of.size(); ++u) of[u] = t->ancestor(nodes[u], depth);
        const std::vector<node_id> communities = of;
        nodes.resize(detail::renumber(of, t->size(), scratch));
        for (std::size_t u = 0; u < of.size(); ++u) nodes[of[u]] = communities[u];
        levels.add(std::move(of));
      }
      nodes = {};
      double gain = levels.height() > 1 ? levels.improve() : 0;
      while (levels.height() < goal && !stopped_) {
        const double more = levels.insert();
        gain += more;
        if (more <= effort_.tolerance) break;
        tell(0.9 * static_cast<double>(levels.height() - 1) / static_cast<double>(goal));
        if (levels.height() > 2 && levels.height() <= low) gain += levels.improve();
      }
      if (t && gain <= 0) return;
      const std::vector<node_id> parents = std::move(levels).parents();
      t = detail::canonicalize(graph_, parents, static_cast<node_id>(graph_.size()), counted_);
    }

    /// Puts grandchildren into other communities, below parents of even and of odd depths in turn;
    /// with `grow`, also puts in communities wherever that gains.
    void search_subtrees(encoding_tree& t, bool grow) {
      const std::size_t height = grow ? unbounded : height_;
      for (std::size_t turn = 0; turn <= effort_.turns && !stopped_; ++turn) {
        double gain = 0;
        if (grow) gain += deepen_all(t);
        for (std::size_t parity = 0; parity < 2 && effort_.turns > 0; ++parity) {
          detail::search_effort effort = effort_;
          effort.seed += 2 * turn + parity;
          effort.rounds = 2;
          gain += detail::two_level_subtrees(graph_, t, parity, height).improve(t, effort);
        }
        tell(0.9 + 0.1 * static_cast<double>(turn) / static_cast<double>(effort_.turns + 1));
        if (gain <= effort_.tolerance) break;
      }
    }
    /// Puts in communities wherever that gains. Returns by how many bits the entropy fell.
    double deepen_all(encoding_tree& t) {
      std::vector<node_id> parents(t.parents().begin(), t.parents().end());
      detail::deepener deepen(parents, t.volume(t.root()), effort_);
      deepen(detail::sibling_graph_of(graph_, t, effort_.largest < graph_.size()));
      const double before = structural_entropy(t);
      t = detail::canonicalize(graph_, parents, t.root(), t.counted());
      return before - structural_entropy(t);
    }

    const relation_graph& graph_;
    counted_edges counted_;
    observer_ref observer_;
    std::size_t height_;
    std::size_t smallest_;
    search_start start_;
    detail::search_effort effort_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    // Of the work: what was done before this part of it, and what it is a share of.
    double done_ = 0;
    double share_ = 1;
    double told_ = 0;
    bool stopped_ = false;
  };
#endif

  options options_;
};

#if !defined(HINT_ELSEWHERE)
template <class>
encoding_tree multilevel::operator()(const relation_graph& graph, const context& ctx) const {
  detail::check_counted_edges(graph, options_.edges);
  return run<>(options_, graph, options_.edges, ctx.observer)(std::nullopt);
}

template <class>
encoding_tree multilevel::improve(const relation_graph& graph, encoding_tree t,
                                  const context& ctx) const {
  expects<shape_error>(t.leaf_count() == graph.size(), "multilevel: the tree has ", t.leaf_count(),
                       " leaves for a graph of ", graph.size(), " nodes");
  const counted_edges counted = t.counted();
  return run<>(options_, graph, counted, ctx.observer)(std::move(t));
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template encoding_tree multilevel::operator()<>(const relation_graph&,
                                                            const context&) const;
HINT_EXTERN template encoding_tree multilevel::improve<>(const relation_graph&, encoding_tree,
                                                         const context&) const;
#endif

}}}  // namespace hint::HINT_ABI::tree

#endif
