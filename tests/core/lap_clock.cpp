// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <hint/core/lap_clock.hpp>

#include "support/catch.hpp"

namespace {

struct part_listener {
  bool listens = true;
  std::vector<std::string> heard;
  double seconds = 0;
  void on(const hint::part_report& r) {
    heard.emplace_back(r.part);
    seconds += r.seconds;
  }
  bool hears_parts() const { return listens; }
};
struct phases_only {
  void on(const hint::phase_report&) {}
};

}  // namespace

TEST_CASE("laps are told by name and divide up the time", "[core][lap_clock]") {
  part_listener all;
  const double begin = hint::detail::now_ns();
  hint::lap_clock laps(all);
  laps.lap("a");
  laps.lap({});
  volatile double work = 0;
  for (int i = 0; i < 1'000'000; ++i) work = work + 1;
  laps.lap("b");
  laps.lap("a");
  const double whole = (hint::detail::now_ns() - begin) * 1e-9;
  CHECK(all.heard == std::vector<std::string>{"a", "b", "a"});
  CHECK(all.seconds > 0);
  CHECK(all.seconds <= whole);
}

TEST_CASE("who does not hear of parts is not told, directly or through others",
          "[core][lap_clock]") {
  part_listener deaf{.listens = false, .heard = {}}, other;
  phases_only phases;
  CHECK_FALSE(hint::observer_ref().hears_parts());
  CHECK_FALSE(hint::observer_ref(phases).hears_parts());
  CHECK_FALSE(hint::observer_ref(deaf).hears_parts());
  CHECK(hint::observer_ref(other).hears_parts());
  hint::observers none{deaf, phases}, both{phases, other};
  CHECK_FALSE(hint::observer_ref(none).hears_parts());
  CHECK(hint::observer_ref(both).hears_parts());
  hint::stop_latch latched_none{none}, latched{both};
  CHECK_FALSE(hint::observer_ref(latched_none).hears_parts());
  CHECK(hint::observer_ref(latched).hears_parts());
  hint::lap_clock(none).lap("a");
  hint::lap_clock(latched).lap("b");
  CHECK(deaf.heard.empty());
  CHECK(other.heard == std::vector<std::string>{"b"});
}
