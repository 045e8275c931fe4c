// SPDX-License-Identifier: MIT
#include <limits>

#include <hint/core/error.hpp>
#include <hint/learn/hint_options.hpp>

#include "support/catch.hpp"

namespace {

using hint::learn::hint_options;
namespace align = hint::align;

template <class Change>
void check_refused(Change&& change, const char* message) {
  hint_options o;
  change(o);
  CHECK_THROWS_MESSAGE(o.validate(), hint::invalid_option, message);
}

TEST_CASE("options name the field, its value and its bounds", "[learn][hint_options]") {
  check_refused([](auto& o) { o.bits = 0; }, "option bits is 0, expected 1 to 16384");
  check_refused([](auto& o) { o.bits = 16385; }, "option bits is 16385, expected 1 to 16384");
  check_refused([](auto& o) { o.graph.neighbors = 0; },
                "option neighbors is 0, expected 1 to 1000");
  check_refused([](auto& o) { o.image_weight = 1.25; },
                "option image_weight is 1.25, expected 0 to 1");
  check_refused([](auto& o) { o.trust.exponent = -1; }, "option exponent is -1, expected 0 to 100");
  check_refused([](auto& o) { o.tree_height = 1; }, "option tree_height is 1, expected 2 to 64");
  check_refused([](auto& o) { o.proxies.max_members = 0; },
                "option max_members is 0, expected 1 to 10000");
  check_refused([](auto& o) { o.curriculum.start = 2; }, "option start is 2, expected 0 to 1");
  check_refused([](auto& o) { o.discrepancy.kernels = 33; },
                "option kernels is 33, expected 1 to 32");
  check_refused([](auto& o) { o.hash.temperature = 0; },
                "option temperature is 0, expected 0.001 to 1000");
  check_refused([](auto& o) { o.consistency.temperature = 1e4; },
                "option temperature is 10000, expected 0.001 to 1000");
  check_refused([](auto& o) { o.consistency_weight = -0.5; },
                "option consistency_weight is -0.5, expected 0 to 1000");
  check_refused([](auto& o) { o.granularity = 1.5; }, "option granularity is 1.5, expected 0 to 1");
  check_refused([](auto& o) { o.pair.temperature = 0; },
                "option temperature is 0, expected 0.001 to 1000");
  check_refused([](auto& o) { o.network.dropout = 1; },
                "option dropout is 1, expected 0 <= dropout < 1");
  check_refused([](auto& o) { o.network.hidden = {5, 0}; },
                "option hidden is 0, expected 1 to 1048576");
  check_refused([](auto& o) { o.adam.rate = -1; }, "option rate is -1, expected 0 to 1000");
  check_refused([](auto& o) { o.clip = -1; }, "option clip is -1, expected 0 to 1e+30");
  check_refused([](auto& o) { o.batch = 1; }, "option batch is 1, expected 2 to 65536");
  check_refused([](auto& o) { o.steps = 1000000001; },
                "option steps is 1000000001, expected 0 to 1000000000");
  check_refused([](auto& o) { o.rebuild_every = 1000001; },
                "option rebuild_every is 1000001, expected 0 to 1000000");
  hint_options nan;
  nan.clip = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(nan.validate(), hint::invalid_option);
}

TEST_CASE("presets are valid and of the length asked for", "[learn][hint_options]") {
  for (const hint_options& o : {hint_options::fused(24), hint_options::tree(24),
                                hint_options::paper(24), hint_options::instances(24),
                                hint_options::ablation(1, 24), hint_options::ablation(5, 24)}) {
    CHECK_NOTHROW(o.validate());
    CHECK(o.bits == 24);
  }
  CHECK(hint_options::fused().proxies.source == align::proxy_source::fused);
  CHECK(hint_options::tree().proxies.source == align::proxy_source::tree);
}

TEST_CASE("the preset paper is the paper's", "[learn][hint_options]") {
  const hint_options o = hint_options::paper();
  CHECK(o.graph.neighbors == 3);
  CHECK(o.graph.metric == hint::graph::metric::cosine);
  CHECK(o.graph.vertices == hint::graph::vertices::samples);
  CHECK(o.graph.pair_weight == 1.0);
  CHECK(o.proxies.source == align::proxy_source::tree);
  CHECK(o.proxies.pick == align::community_pick::all);
  CHECK(o.proxies.self_weight == 0.0);
  CHECK(o.target == align::target_kind::tanh);
  CHECK(o.curriculum.kind == align::mixing_kind::measured_gap);
  CHECK(o.hash.temperature == 0.3);
  CHECK(o.consistency_weight == 1.0);
  CHECK(o.network.dropout == 0.0);
}

TEST_CASE("the ladder of ablations", "[learn][hint_options]") {
  const auto variant = [](std::size_t r) { return hint_options::ablation(r); };
  CHECK(variant(1).proxies.source == align::proxy_source::pair);
  CHECK(variant(2).proxies.source == align::proxy_source::modality_lists);
  for (const std::size_t r : {3U, 4U, 5U})
    CHECK(variant(r).proxies.source == align::proxy_source::tree);
  for (const std::size_t r : {1U, 2U, 3U})
    CHECK(variant(r).curriculum.kind == align::mixing_kind::fixed);
  CHECK(variant(1).curriculum.start == 0.0);  // all cross-modal
  CHECK(variant(3).curriculum.start == 0.5);
  for (const std::size_t r : {4U, 5U})
    CHECK(variant(r).curriculum.kind == align::mixing_kind::measured_gap);
  for (const std::size_t r : {1U, 2U, 3U, 4U}) CHECK(variant(r).consistency_weight == 0.0);
  CHECK(variant(5).consistency_weight == 1.0);
  CHECK_THROWS_MESSAGE(variant(0), hint::invalid_option, "option variant is 0, expected 1 to 5");
  CHECK_THROWS_MESSAGE(variant(6), hint::invalid_option, "option variant is 6, expected 1 to 5");
}

}  // namespace
