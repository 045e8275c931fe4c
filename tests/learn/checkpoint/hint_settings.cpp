// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include <hint/learn/checkpoint/hint_settings.hpp>

#include "support/catch.hpp"

using namespace hint;

TEST_CASE("each of HINT's options is a setting, or the trainer's", "[learn][checkpoint]") {
  using learn::hint_options;
  using learn::detail::settings_of;
  const auto changed = [](auto change) {
    hint_options o;
    change(o);
    const auto mine = settings_of(o), usual = settings_of({});
    std::vector<std::string> names;
    for (const auto& [name, value] : mine)
      if (usual.at(name) != value) names.push_back(name);
    return names;
  };
  using names = std::vector<std::string>;
  CHECK(changed([](hint_options& o) { o.bits = 7; }) == names{"bits"});
  CHECK(changed([](hint_options& o) { o.scaling[1] = data::scaling::l2; }) == names{"scaling"});
  CHECK(changed([](hint_options& o) { o.graph.neighbors = 9; }) == names{"graph"});
  CHECK(changed([](hint_options& o) { o.image_weight = 0.5; }) == names{"image_weight"});
  CHECK(changed([](hint_options& o) { o.trust.items = 9; }) == names{"trust"});
  CHECK(changed([](hint_options& o) { o.tree_height = 4; }) == names{"tree_height"});
  CHECK(changed([](hint_options& o) { o.keep_tree = false; }) == names{"keep_tree"});
  CHECK(changed([](hint_options& o) { o.target = align::target_kind::tanh; }) == names{"target"});
  CHECK(changed([](hint_options& o) { o.curriculum.end = 1; }) == names{"curriculum"});
  CHECK(changed([](hint_options& o) { o.discrepancy.kernels = 2; }) == names{"discrepancy"});
  CHECK(changed([](hint_options& o) { o.hash.temperature = 2; }) == names{"hash"});
  CHECK(changed([](hint_options& o) { o.community_negatives = false; }) ==
        names{"community_negatives"});
  CHECK(changed([](hint_options& o) { o.consistency.temperature = 2; }) == names{"consistency"});
  CHECK(changed([](hint_options& o) { o.consistency_weight = 2; }) == names{"consistency_weight"});
  CHECK(changed([](hint_options& o) { o.granularity = 1; }) == names{"granularity"});
  CHECK(changed([](hint_options& o) { o.pair.temperature = 2; }) == names{"pair"});
  CHECK(changed([](hint_options& o) { o.rebuild_every = 2; }) == names{"rebuild_every"});
  CHECK(changed([](hint_options& o) { o.early_stopping.patience = 2; }) == names{"early_stopping"});
  CHECK(changed([](hint_options& o) { o.checkpoint.file = "x"; }).empty());
}
