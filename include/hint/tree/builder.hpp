// SPDX-License-Identifier: MIT
/// \file
/// Builds encoding trees by a chain of tree operators.
#ifndef HINT_TREE_BUILDER_HPP
#define HINT_TREE_BUILDER_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <tuple>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/compress.hpp>
#include <hint/tree/concepts.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/merge.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

struct builder_options {
  /// What g_alpha counts (Eq. 4). The paper's text says intra, all code that is known counts all;
  /// intra makes it worthless to join an image with its own text.
  counted_edges edges = counted_edges::all;

  void validate() const noexcept {}
};

/// A `tree_builder`: starts from the flat tree and lets each operator work until it proposes
/// nothing more, one after the other; operators that offer `run` are run once. `builder{}` merges
/// by the two-dimensional key down to one
/// root and contracts to height 3, as the paper; `builder<>{}` gives the flat tree.
/// \code
/// hint::tree::builder paper{};
/// hint::tree::builder higher{hint::tree::merge{}, hint::tree::compress{{.height = 4}}};
/// hint::tree::encoding_tree tree = higher(graph);
/// \endcode
/// Sends `phase_report`s of phase "tree" at the start, at most every 4096 edits and at the end.
/// When asked to stop it returns the tree as it is then, which may be higher than the limit.
template <tree_operator... Operators>
class builder {
 public:
  using options = builder_options;

  builder() = default;
  explicit builder(Operators... operators)
    requires(sizeof...(Operators) > 0)
      : operators_(std::move(operators)...) {}
  explicit builder(const options& o)
    requires(sizeof...(Operators) > 0)
      : options_(o) {}
  explicit builder(const options& o, Operators... operators)
      : options_(o), operators_(std::move(operators)...) {}

  /// Throws `invalid_argument` for `counted_edges::intra` and a graph without groups.
  [[nodiscard]] encoding_tree operator()(const relation_graph& graph,
                                         const context& ctx = {}) const {
    build_tree tree(graph, options_.edges);
    auto operators = operators_;  // with what they remember of this tree
    progress told(graph.size(), ctx.observer);
    const bool finished =
        std::apply([&](auto&... each) { return (run(each, tree, told) && ...); }, operators);
    encoding_tree built = tree.freeze();
    if (finished) told.end();
    return built;
  }

 private:
  class progress {
   public:
    progress(std::size_t nodes, observer_ref observer)
        : observer_(observer), nodes_((std::max<std::size_t>)(nodes, 1)) {
      tell(0);
    }
    /// After each edit; false when asked to stop. An operator is expected to edit once for each
    /// node.
    bool step() {
      if (++steps_ % 4096 != 0) return true;
      const auto work = static_cast<double>(nodes_);
      const double share = (std::min)(static_cast<double>(steps_) / work, 1.0);
      tell((static_cast<double>(operators_) + share) / static_cast<double>(sizeof...(Operators)));
      return go_on();
    }
    [[nodiscard]] bool go_on() const { return !observer_.stop_requested(); }
    void next() {
      ++operators_;
      steps_ = 0;
    }
    void end() { tell(1); }

   private:
    void tell(double done) const {
      const std::chrono::duration<double> since = std::chrono::steady_clock::now() - begin_;
      observer_.on(phase_report{"tree", done, since.count()});
    }
    observer_ref observer_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    std::size_t nodes_;
    std::size_t steps_ = 0;
    std::size_t operators_ = 0;
  };

  template <class Operator>
  static bool run(Operator& op, build_tree& tree, progress& told) {
    if constexpr (requires { op.run(tree); }) {
      op.run(tree);
      told.next();
      return told.go_on();
    }
    while (const auto found = op.best(tree)) {
      op.apply(tree, found->move);
      if (!told.step()) return false;
    }
    told.next();
    return true;
  }

  options options_;
  std::tuple<Operators...> operators_;
};

builder() -> builder<merge, compress>;
builder(builder_options) -> builder<merge, compress>;
template <tree_operator... Operators>
builder(Operators...) -> builder<Operators...>;
template <tree_operator... Operators>
builder(builder_options, Operators...) -> builder<Operators...>;

/// The two-dimensional partition at which greedy fusing stops to lower the entropy: a tree of
/// height 2, in which a node that joined nobody hangs under the root. Cost as `merge`. Reports nothing, but
/// asks the context's observer whether to stop.
HINT_LAZY
[[nodiscard]] encoding_tree greedy_partition(const relation_graph& graph,
                                             counted_edges counted = counted_edges::all,
                                             const context& ctx = {}) {
  struct quiet {
    observer_ref asked;
    [[nodiscard]] bool stop_requested() const { return asked.stop_requested(); }
    [[nodiscard]] bool may_stop() const { return asked.may_stop(); }
  } observer{ctx.observer};
  context silently = ctx;
  silently.observer = observer;
  const merge by_merging({.edit = merge_edit::merge, .stop = merge_stop::no_gain});
  return builder<merge>({.edges = counted}, by_merging)(graph, silently);
}

}}}  // namespace hint::HINT_ABI::tree

#endif
