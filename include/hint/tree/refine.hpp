// SPDX-License-Identifier: MIT
/// \file
/// Refine: the multilevel search as an edit of a tree that others have begun.
#ifndef HINT_TREE_REFINE_HPP
#define HINT_TREE_REFINE_HPP

#include <memory>
#include <optional>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/tree/concepts.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/multilevel.hpp>
#include <hint/tree/structural_entropy.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// A `tree_operator` whose move is a whole search: nodes and communities of all levels moved,
/// joined and parted, levels put in while the tree is lower than `height`. It proposes what
/// `multilevel::improve` finds, and is done when that gains no more than the tolerance. Offers
/// `run`, one search without asking for another, which is what builders call. Cost as `multilevel`.
/// \code
/// hint::tree::builder b{hint::tree::merge{}, hint::tree::compress{}, hint::tree::refine{}};
/// \endcode
/// The option `edges` is not asked: the tree tells which edges count.
class refine {
 public:
  using options = multilevel_options;
  struct move {
    std::shared_ptr<const encoding_tree> to;
  };

  refine() = default;
  /// Throws `invalid_option`.
  explicit refine(const options& o) : search_(o) {}

  [[nodiscard]] const options& parameters() const noexcept { return search_.parameters(); }

  [[nodiscard]] std::optional<proposal<move>> best(const build_tree& tree) const {
    encoding_tree before = tree.freeze();
    const double entropy = structural_entropy(before);
    auto after =
        std::make_shared<const encoding_tree>(search_.improve(tree.graph(), std::move(before)));
    const double gain = entropy - structural_entropy(*after);
    if (!(gain > least_gain && gain > parameters().tolerance)) return std::nullopt;
    return proposal<move>{{std::move(after)}, gain};
  }
  void apply(build_tree& tree, const move& m) const { tree.replace(*m.to); }

  /// Does what one `best` and `apply` would do, whatever it gains.
  void run(build_tree& tree) const { tree.replace(search_.improve(tree.graph(), tree.freeze())); }

 private:
  static constexpr double least_gain = 1e-9;
  multilevel search_;
};

}}}  // namespace hint::HINT_ABI::tree

#endif
