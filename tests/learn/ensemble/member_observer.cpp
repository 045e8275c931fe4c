// SPDX-License-Identifier: MIT
#include <hint/learn/ensemble/member_observer.hpp>

#include "support/catch.hpp"

using namespace hint;
using learn::detail::member_observer;

namespace {

struct counting {
  int phases = 0, steps = 0, epochs = 0, ends = 0;
  double left = 0;
  bool stop = false;
  void on(const phase_report&) { ++phases; }
  void on(const step_report&) { ++steps; }
  void on(const epoch_report& r) {
    ++epochs;
    left = r.seconds_left;
  }
  void on(const end_report&) { ++ends; }
  bool stop_requested() const { return stop; }
};

}  // namespace

TEST_CASE("a member's observer hands on what it hears", "[learn][ensemble]") {
  counting outer;
  member_observer member(outer, 3);
  const observer_ref o(member);
  o.on(phase_report{"train"});
  o.on(step_report{1, 2, 0.5});
  o.on(epoch_report{.seconds = 2, .seconds_left = 4});
  o.on(end_report{1});
  CHECK(outer.phases + outer.steps + outer.epochs + outer.ends == 4);
  CHECK(outer.left == 4 + 3 * (2 + 4));
  CHECK(!member.untrained());
  CHECK(!o.stop_requested());
}

TEST_CASE("it knows whether a stop came before the first step", "[learn][ensemble]") {
  counting outer;
  member_observer quiet(outer, 0), early(outer, 0), late(outer, 0);
  CHECK(!quiet.stop_requested());
  CHECK(!quiet.untrained());  // no steps, and nobody stopped it: it takes none
  outer.stop = true;
  CHECK(!early.untrained());  // not asked
  CHECK(early.stop_requested());
  CHECK(early.untrained());
  outer.stop = false;
  CHECK(!early.stop_requested());
  CHECK(early.untrained());
  late.on(step_report{});
  outer.stop = true;
  CHECK(late.stop_requested());
  CHECK(!late.untrained());
}

TEST_CASE("steps before a checkpoint are the member's, too", "[learn][ensemble]") {
  counting outer;
  outer.stop = true;
  member_observer resumed(outer, 0), begun(outer, 0);
  CHECK(resumed.stop_requested());
  resumed.on(end_report{9});
  CHECK(!resumed.untrained());
  CHECK(begun.stop_requested());
  begun.on(end_report{0});
  CHECK(begun.untrained());
}

TEST_CASE("it stops nobody when its own observer cannot", "[learn][ensemble]") {
  member_observer silent_one(observer_ref{}, 1);
  CHECK(!observer_ref(silent_one).may_stop());
  counting outer;
  member_observer other(outer, 1);
  CHECK(observer_ref(other).may_stop());
}
