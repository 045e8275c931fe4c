// SPDX-License-Identifier: MIT
#include <cstddef>
#include <utility>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/learn/instances.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"

using namespace hint;

TEST_CASE("instances has as many networks as its bits allow", "[learn][instances]") {
  const std::vector<std::pair<std::size_t, std::size_t>> expected{
      {1, 1},   {24, 1},  {64, 1},  {127, 1}, {128, 2}, {192, 3},  {193, 1},
      {200, 2}, {256, 4}, {260, 4}, {512, 8}, {516, 6}, {4096, 8}, {4093, 1}};
  for (const auto& [bits, members] : expected) {
    CAPTURE(bits);
    CHECK(learn::instance_members(bits) == members);
  }
  // By the definition.
  for (std::size_t bits = 1; bits <= max_bits; ++bits) {
    std::size_t most = 1;
    for (std::size_t m = 2; m <= 8; ++m)
      if (bits % m == 0 && bits / m >= 64) most = m;
    REQUIRE(learn::instance_members(bits) == most);
    const auto learner = learn::instances(bits);
    REQUIRE(learner.members().size() == most);
    REQUIRE(learner.members().back().get_options().bits * most == bits);
  }
  const auto learner = learn::instances();
  CHECK(learner.members().size() == 4);
  const auto& o = learner.members()[3].get_options();
  CHECK(o.bits == 64);
  CHECK(o.granularity == learn::hint_options::instances().granularity);
  CHECK(o.network.hidden == learn::hint_options::instances().network.hidden);
  CHECK_THROWS_MESSAGE(learn::instances(0), invalid_option,
                       "option bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(learn::instances(16385), invalid_option,
                       "option bits is 16385, expected 1 to 16384");
}

TEST_CASE("instances trains on pairs", "[learn][instances]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  struct four_steps {  // of each network: enough to see that it runs
    std::size_t steps = 0, ends = 0;
    void on(const step_report& r) { steps = r.step; }
    void on(const end_report&) {
      ++ends;
      steps = 0;
    }
    bool stop_requested() const { return steps >= 4; }
  } observer;
  sequential here;
  const auto model = learn::instances(128).fit(data.pairs(), context{here, observer});
  CHECK(observer.ends == 2);
  CHECK(model.bits() == 128);
  CHECK(model.members().size() == 2);
  CHECK(model.encode(text, data.pairs().text()).size() == 40);
}
