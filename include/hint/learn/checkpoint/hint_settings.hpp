// SPDX-License-Identifier: MIT
/// \file
/// HINT's options by name, for checkpoints.
#ifndef HINT_LEARN_CHECKPOINT_HINT_SETTINGS_HPP
#define HINT_LEARN_CHECKPOINT_HINT_SETTINGS_HPP

#include <map>
#include <string>

#include <hint/core/config.hpp>
#include <hint/learn/checkpoint/setting_text.hpp>
#include <hint/learn/hint_options.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// All but those that the trainer lists (network, optimiser and its schedule, batch, steps, clip) and where
/// checkpoints are. The bindings do not compile any more when an option is added.
HINT_LAZY
[[nodiscard]] std::map<std::string, std::string> settings_of(const hint_options& o) {
  const auto& [bits, scaling, graph, image_weight, trust, tree_height, keep_tree, proxies, target,
               curriculum, discrepancy, hash, community_negatives, consistency, consistency_weight,
               granularity, pair, network, adam, schedule, clip, batch, steps, rebuild_every,
               early_stopping, checkpoint] = o;
  return {{"method", "HINT"},
          {"bits", setting_text(bits)},
          {"scaling", setting_text(scaling)},
          {"graph", setting_text(graph)},
          {"image_weight", setting_text(image_weight)},
          {"trust", setting_text(trust)},
          {"tree_height", setting_text(tree_height)},
          {"keep_tree", setting_text(keep_tree)},
          {"proxies", setting_text(proxies)},
          {"target", setting_text(target)},
          {"curriculum", setting_text(curriculum)},
          {"discrepancy", setting_text(discrepancy)},
          {"hash", setting_text(hash)},
          {"community_negatives", setting_text(community_negatives)},
          {"consistency", setting_text(consistency)},
          {"consistency_weight", setting_text(consistency_weight)},
          {"granularity", setting_text(granularity)},
          {"pair", setting_text(pair)},
          {"rebuild_every", setting_text(rebuild_every)},
          {"early_stopping", setting_text(early_stopping)}};
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
