// SPDX-License-Identifier: MIT
/// \file
/// What HINT returns: the hasher, how training went, and what was found out about the data.
#ifndef HINT_LEARN_HINT_MODEL_HPP
#define HINT_LEARN_HINT_MODEL_HPP

#include <optional>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/graph/modality_trust.hpp>
#include <hint/learn/trained_hasher.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// A `trained_hasher` with the trust and the tree that its proxies came from. Saving it saves the hasher.
class hint_model : public trained_hasher {
 public:
  hint_model(trained_hasher hasher, graph::modality_trust trust,
             std::optional<tree::encoding_tree> tree)
      : trained_hasher(std::move(hasher)), trust_(trust), tree_(std::move(tree)) {}
  /// As used in training.
  [[nodiscard]] const graph::modality_trust& trust() const noexcept { return trust_; }
  /// The last one that was built, if any.
  [[nodiscard]] const std::optional<tree::encoding_tree>& tree() const noexcept { return tree_; }

 private:
  graph::modality_trust trust_;
  std::optional<tree::encoding_tree> tree_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
