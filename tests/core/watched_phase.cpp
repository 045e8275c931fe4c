// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/core/watched_phase.hpp>

#include "support/catch.hpp"

namespace {

using hint::phase_report;
using hint::watched_phase;

struct listener {
  std::size_t answers = 1000000;  // "go on", before it asks to stop
  std::size_t asked = 0;
  std::vector<std::string> heard = {};
  std::vector<double> shares = {};
  bool stop_requested() { return asked++ >= answers; }
  void on(const phase_report& r) {
    heard.push_back(std::string(r.phase) + ":" + std::string(r.note));
    shares.push_back(r.done);
  }
};
struct only_hears {
  std::size_t heard = 0;
  void on(const phase_report&) { ++heard; }
};
struct deaf {
  void on(const hint::step_report&) {}
};

}  // namespace

TEST_CASE("a phase that nobody watches is one part") {
  deaf unmoved;
  for (const hint::observer_ref& o : {hint::observer_ref(), hint::observer_ref(unmoved)}) {
    watched_phase phase(o, "count");
    CHECK_FALSE(phase.watched());
    std::size_t calls = 0;
    CHECK(phase.in_parts(100, 3, [&](std::size_t begin, std::size_t end) {
      CHECK(begin == 0);
      CHECK(end == 100);
      ++calls;
    }) == 100);
    CHECK(calls == 1);
    CHECK(phase.in_parts(0, 3, [&](std::size_t, std::size_t) { ++calls; }) == 0);
    CHECK(calls == 1);
    CHECK_FALSE(phase.stopped());
    hint::phase_share share(phase, 0, 1);
    CHECK_FALSE(share.ref().may_stop());
    CHECK_FALSE(share.ref().hears_phases());
    phase.end();
  }
}

TEST_CASE("a watched phase tells of its beginning and end, and stops when asked to") {
  for (const std::size_t answers : {0U, 1U, 2U, 3U, 1000U}) {
    CAPTURE(answers);
    listener user{.answers = answers};
    watched_phase phase(user, "count");
    CHECK(phase.watched());
    std::size_t next = 0;
    const std::size_t done = phase.in_parts(50, 2, [&](std::size_t begin, std::size_t end) {
      CHECK(begin == next);
      CHECK(end > begin);
      next = end;
    });
    CHECK(done == next);
    CHECK((done == 50) == (answers == 1000));
    if (answers == 0) CHECK(done == 0);
    if (answers == 1) CHECK(done == 2);
    const std::size_t asked = user.asked;
    CHECK(phase.stopped() == (answers != 1000));
    CHECK(user.asked ==
          asked + (answers == 1000 ? 1 : 0));  // who wanted to stop is not asked again
    phase.end("all");
    CHECK(user.heard.front() == "count:");
    CHECK(user.shares.front() == 0);
    CHECK((user.heard.back() == "count:all") == (answers == 1000));
  }
  only_hears user;
  watched_phase phase(user, "count");
  CHECK(phase.watched());
  std::size_t parts = 0;
  CHECK(phase.in_parts(50, 1, [&](std::size_t, std::size_t) { ++parts; }) == 50);
  CHECK(parts > 1);
  phase.end();
  CHECK(user.heard >= 2);
}

TEST_CASE("a share passes on stops, and its phases as shares of the whole") {
  listener user{.answers = 2};
  watched_phase phase(user, "whole");
  hint::phase_share share(phase, 0.5, 0.75);
  {
    watched_phase inner(share.ref(), "part");
    CHECK(inner.watched());
    CHECK_FALSE(inner.stopped());
    inner.end();
  }
  for (const std::string& heard : user.heard) CHECK(heard == "whole:");
  for (const double done : user.shares) CHECK((done == 0 || done == 0.5 || done == 0.75));
  CHECK_FALSE(share.stop_requested());
  CHECK(share.stop_requested());
  CHECK(phase.stopped());
  CHECK(user.asked == 3);
}

TEST_CASE("chunks of a phase are the same whether watched or not, each once, for any executor") {
  for (const std::size_t threads : {1U, 3U})
    for (const std::size_t n : {0U, 1U, 9U, 10U, 95U})
      for (const std::size_t answers : {0U, 1U, 1000U}) {
        CAPTURE(threads, n, answers);
        hint::thread_pool pool{threads};
        listener user{.answers = answers};
        for (const hint::observer_ref& o : {hint::observer_ref(), hint::observer_ref(user)}) {
          watched_phase phase(o, "count");
          std::vector<std::size_t> seen(n);
          const std::size_t done =
              phase.in_chunks(pool, n, 10, [&](std::size_t begin, std::size_t end) {
                CHECK(begin % 10 == 0);
                CHECK((end == n || end == begin + 10));
                for (std::size_t i = begin; i < end; ++i) ++seen[i];
              });
          std::vector<std::size_t> expected(n);
          for (std::size_t i = 0; i < done; ++i) expected[i] = 1;
          CHECK(seen == expected);
          if (!phase.watched() || answers == 1000) CHECK(done == n);
          if (phase.watched() && answers == 0) CHECK(done == 0);
        }
      }
}
