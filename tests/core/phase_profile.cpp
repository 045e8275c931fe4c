// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/phase_profile.hpp>
#include <hint/core/watched_phase.hpp>

#include "support/catch.hpp"

namespace {

using hint::phase_profile;

void begin(phase_profile& p, std::string_view name) { p.on(hint::phase_report{.phase = name}); }
void end(phase_profile& p, std::string_view name, double seconds) {
  p.on(hint::phase_report{.phase = name, .done = 1, .seconds = seconds});
}
/// "graph 1 0.5, search 2 0.25 inside": name, times, seconds, and how deep.
std::string told(const phase_profile& p) {
  std::string out;
  for (const hint::profile_entry& e : p.entries()) {
    std::string seconds = std::to_string(e.seconds);
    seconds.erase(seconds.find_last_not_of('0') + 1);
    out += (out.empty() ? "" : ", ") + std::string(e.depth, '>') + e.name + " " +
           std::to_string(e.times) + " " + seconds;
  }
  return out;
}

}  // namespace

TEST_CASE("a profile adds up phases, and parts inside the phase that lasts",
          "[core][phase_profile]") {
  phase_profile p;
  CHECK(p.entries().empty());
  CHECK(p.seconds() == 0);
  begin(p, "graph");
  end(p, "graph", 0.5);
  begin(p, "train");
  p.on(hint::part_report{"forward", 0.25});
  p.on(hint::phase_report{.phase = "train", .done = 0.5, .seconds = 1});  // moves on
  p.on(hint::part_report{"backward", 0.5});
  p.on(hint::part_report{"forward", 0.25});
  end(p, "train", 1.5);
  CHECK(told(p) == "graph 1 0.5, train 1 1.5, >forward 2 0.5, >backward 1 0.5");
  CHECK(p.seconds() == 2);
  begin(p, "graph");  // another call
  end(p, "graph", 0.25);
  p.on(hint::part_report{"alone", 0.125});
  CHECK(told(p) == "graph 2 0.75, train 1 1.5, >forward 2 0.5, >backward 1 0.5, alone 1 0.125");
  p.clear();
  CHECK(p.entries().empty());
}

TEST_CASE("phases that begin while another lasts are inside it", "[core][phase_profile]") {
  phase_profile p;
  begin(p, "graph");
  for (const double seconds : {0.25, 0.5}) {
    begin(p, "search");
    p.on(hint::part_report{"block", 0.125});
    end(p, "search", seconds);
  }
  end(p, "graph", 1);
  begin(p, "search");  // of its own
  end(p, "search", 2);
  CHECK(told(p) == "graph 1 1., >search 2 0.75, >>block 2 0.25, search 1 2.");
  CHECK(p.seconds() == 3);
}

TEST_CASE("reports that come twice, late or never do no harm", "[core][phase_profile]") {
  phase_profile p;
  end(p, "unseen", 1);  // it began before anybody listened
  CHECK(p.entries().empty());
  begin(p, "tables");
  begin(p, "tables");
  end(p, "tables", 0.25);
  end(p, "tables", 0.5);  // its last part: the last word counts
  CHECK(told(p) == "tables 1 0.5");
  begin(p, "tables");
  end(p, "tables", 0.125);
  CHECK(told(p) == "tables 2 0.625");
  begin(p, "outer");
  begin(p, "stopped");  // never ends
  end(p, "outer", 1);
  begin(p, "next");
  end(p, "next", 1);
  CHECK(told(p) == "tables 2 0.625, outer 1 1., >stopped 1 0., next 1 1.");
}

TEST_CASE("a profile hears watched phases and shares of them", "[core][phase_profile]") {
  phase_profile p;
  hint::watched_phase whole(p, "whole");
  {
    hint::phase_share half(whole, 0, 1);
    hint::watched_phase inner(half.ref(), "inner");
    CHECK(inner.in_parts(10, 1, [](std::size_t, std::size_t) {}) == 10);
    inner.end();
  }
  whole.end();
  const auto all = p.entries();
  REQUIRE(all.size() == 1);
  CHECK(all[0].name == "whole");
  CHECK(all[0].times == 1);
  CHECK(all[0].seconds >= 0);
}

TEST_CASE("a profile may leave parts alone", "[core][phase_profile]") {
  phase_profile with, without({.parts = false});
  CHECK(hint::observer_ref(with).hears_parts());
  CHECK_FALSE(hint::observer_ref(without).hears_parts());
}

TEST_CASE("each phase has a peak of its own if wanted", "[core][phase_profile]") {
  if (!hint::reset_peak_resident_bytes()) {
    WARN("this system does not let the peak start anew");
    return;
  }
  constexpr std::size_t size = 200'000'000;
  phase_profile own({.own_peaks = true}), of_process;
  hint::observers both{of_process, own};
  const auto run = [&](std::string_view name, std::size_t bytes) {
    both.on(hint::phase_report{.phase = name});
    {
      CHECK(std::vector<char>(bytes, 1)[bytes / 2] == 1);
    }
    both.on(hint::phase_report{.phase = name, .done = 1, .seconds = 1});
  };
  both.on(hint::phase_report{.phase = "outer"});
  run("large", size);
  if (hint::resident_bytes().value_or(0) >= size) {
    WARN("the allocator keeps what was given back");
    return;
  }
  run("little", 1000);
  both.on(hint::phase_report{.phase = "outer", .done = 1, .seconds = 1});
  const auto found = own.entries();
  REQUIRE(found.size() == 3);
  CHECK(found[0].bytes >= found[1].bytes);  // what was inside it counts
  CHECK(found[1].bytes >= size);
  CHECK(found[2].bytes > 0);
  CHECK(found[2].bytes + size / 2 <= found[1].bytes);
}

TEST_CASE("the table of a profile", "[core][phase_profile]") {
  phase_profile p;
  CHECK(p.text() ==
        "phase   seconds   share   times\n"
        "all       0.000\n");
  begin(p, "graph");
  end(p, "graph", 1);
  begin(p, "train");
  p.on(hint::part_report{"forward", 2});
  end(p, "train", 3);
  std::string text;  // without the column of memory, which differs
  for (std::size_t at = 0; const char c : p.text()) {
    at = c == '\n' ? 0 : at + 1;
    if (at <= 37) text += c;
  }
  CHECK(text ==
        "phase         seconds   share   times\n"
        "graph           1.000   25.0%       1\n"
        "train           3.000   75.0%       1\n"
        "  forward       2.000   50.0%       1\n"
        "  other         1.000   25.0%\n"
        "all             4.000\n");
}
