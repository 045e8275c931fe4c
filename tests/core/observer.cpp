// SPDX-License-Identifier: MIT
#include <hint/core/observer.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace {

struct listener {
  std::vector<std::string> heard;
  bool stop = false;
  void on(const hint::phase_report& r) { heard.emplace_back(r.phase); }
  void on(const hint::epoch_report& r) { heard.push_back("epoch " + std::to_string(r.epoch)); }
  void on(const hint::end_report&) { heard.emplace_back("end"); }
  bool stop_requested() const { return stop; }
};
struct steps_only {
  std::size_t* last;
  void on(const hint::step_report& r) const { *last = r.step; }
};
struct ends_only {
  void on(const hint::end_report&) const;
};
struct deaf {};

}  // namespace

TEST_CASE("observer: who models the concept", "[core]") {
  STATIC_REQUIRE(hint::observer<hint::silent>);
  STATIC_REQUIRE(hint::observer<listener>);
  STATIC_REQUIRE(hint::observer<const steps_only>);
  STATIC_REQUIRE(hint::observer<const hint::observer_ref>);
  STATIC_REQUIRE_FALSE(hint::observer<deaf>);
  STATIC_REQUIRE(hint::observer<ends_only>);
  STATIC_REQUIRE(hint::hears<listener, hint::phase_report>);
  STATIC_REQUIRE_FALSE(hint::hears<listener, hint::step_report>);
}

TEST_CASE("observer: the default is silent and never stops", "[core]") {
  const hint::observer_ref r;
  r.on(hint::phase_report{.phase = "graph"});
  r.on(hint::step_report{});
  r.on(hint::epoch_report{});
  CHECK_FALSE(r.stop_requested());
  hint::silent s;
  CHECK_FALSE(hint::observer_ref(s).stop_requested());
}

TEST_CASE("observer: events go where they are heard, others cost nothing", "[core]") {
  listener l;
  const hint::observer_ref r(l);
  r.on(hint::phase_report{.phase = "graph", .done = 0.5});
  r.on(hint::step_report{.step = 1});
  r.on(hint::epoch_report{.epoch = 3});
  CHECK(l.heard == std::vector<std::string>{"graph", "epoch 3"});
  CHECK_FALSE(r.stop_requested());
  l.stop = true;
  CHECK(r.stop_requested());
}

TEST_CASE("observer: several as one", "[core]") {
  listener a, b;
  std::size_t last = 0;
  const steps_only s{&last};
  hint::observers all{a, s, b};
  STATIC_REQUIRE(hint::observer<hint::observers>);
  const hint::observer_ref r(all);
  r.on(hint::phase_report{.phase = "tree"});
  r.on(hint::step_report{.step = 4});
  r.on(hint::epoch_report{.epoch = 2});
  r.on(hint::end_report{.steps = 4});
  CHECK(a.heard == std::vector<std::string>{"tree", "epoch 2", "end"});
  CHECK(b.heard == a.heard);
  CHECK(last == 4);
  CHECK_FALSE(r.stop_requested());
  b.stop = true;
  CHECK(r.stop_requested());
  hint::observers copy = all;
  copy.on(hint::phase_report{.phase = "again"});
  CHECK(a.heard.back() == "again");
}

TEST_CASE("observer: a const observer will do, and copies refer to the same", "[core]") {
  std::size_t last = 0;
  const steps_only s{&last};
  const hint::observer_ref r(s);
  const hint::observer_ref copy = r;
  copy.on(hint::step_report{.step = 9});
  CHECK(last == 9);
  CHECK_FALSE(copy.stop_requested());
}
