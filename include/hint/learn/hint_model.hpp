// SPDX-License-Identifier: MIT
/// \file
/// What HINT returns: the hasher, and the record of how it came about.
#ifndef HINT_LEARN_HINT_MODEL_HPP
#define HINT_LEARN_HINT_MODEL_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/observer.hpp>
#include <hint/graph/modality_trust.hpp>
#include <hint/learn/mlp_hasher.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// How training went. Not saved with the model.
struct training_record {
  /// Seconds by phase, in order: "scale", "graph", "tree", "proxies", "train".
  std::vector<std::pair<std::string, double>> seconds;
  std::vector<epoch_report> epochs;
  graph::modality_trust trust;              ///< as used
  std::optional<tree::encoding_tree> tree;  ///< the last one built, if any
  std::size_t steps = 0;                    ///< taken
};

/// An `mlp_hasher` with its record. Saving it saves the hasher.
class hint_model : public mlp_hasher {
 public:
  hint_model(mlp_hasher hasher, training_record record)
      : mlp_hasher(std::move(hasher)), record_(std::move(record)) {}
  [[nodiscard]] const training_record& record() const noexcept { return record_; }

 private:
  training_record record_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
