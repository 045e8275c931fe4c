// SPDX-License-Identifier: MIT
#include <cstddef>
#include <utility>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/core/until_stopped.hpp>

#include "support/catch.hpp"

namespace {

using hint::context;
using hint::for_chunks_until_stopped;
using hint::until_stopped;
using parts = std::vector<std::pair<std::size_t, std::size_t>>;

struct patient {
  std::size_t answers = 0;  ///< "go on", before it asks to stop
  std::size_t asked = 0;
  bool stop_requested() { return asked++ >= answers; }
};

TEST_CASE("who cannot stop gets all in one part") {
  struct deaf {
    void on(const hint::step_report&) {}
  } observer;
  parts seen;
  const auto note = [&](std::size_t begin, std::size_t end) { seen.emplace_back(begin, end); };
  CHECK(until_stopped(observer, 100, 3, note) == 100);
  CHECK(seen == parts{{0, 100}});
  CHECK(until_stopped(hint::observer_ref(), 7, 0, note) == 7);
  seen.clear();
  CHECK(until_stopped(observer, 0, 3, note) == 0);
  CHECK(seen.empty());
}

TEST_CASE("parts follow one another until the observer has had enough") {
  for (const std::size_t answers : {0U, 1U, 2U, 3U, 50U})
    for (const std::size_t n : {0U, 1U, 5U, 100U}) {
      CAPTURE(answers, n);
      patient observer{answers};
      std::size_t next = 0;
      const std::size_t done =
          until_stopped(observer, n, 2, [&](std::size_t begin, std::size_t end) {
            CHECK(begin == next);
            CHECK(end > begin);
            CHECK(end <= n);
            next = end;
          });
      CHECK(done == next);
      CHECK((done == n) == (answers == 50 || n == 0 || observer.asked <= answers));
      if (answers == 0) CHECK(done == 0);
      if (answers == 1 && n > 0) CHECK(done == (n < 2 ? n : 2));
    }
}

TEST_CASE("chunks that are done are the first ones, each once, for any executor") {
  for (const std::size_t threads : {1U, 2U, 4U})
    for (const std::size_t answers : {0U, 1U, 2U, 1000U}) {
      CAPTURE(threads, answers);
      hint::thread_pool pool(threads);
      patient observer{answers};
      std::vector<int> times(103, 0);
      const std::size_t done = for_chunks_until_stopped(context(pool, observer), times.size(), 5,
                                                        [&](std::size_t begin, std::size_t end) {
                                                          for (std::size_t i = begin; i < end; ++i)
                                                            ++times[i];
                                                        });
      for (std::size_t i = 0; i < times.size(); ++i) CHECK(times[i] == (i < done ? 1 : 0));
      if (answers == 0) CHECK(done == 0);
      if (answers == 1) CHECK(done == 5 * threads);
      if (answers == 1000) CHECK(done == times.size());
    }
}

TEST_CASE("a latch goes on asking to stop") {
  struct once {
    std::size_t asked = 0;
    bool stop_requested() { return asked++ == 1; }
  } observer;
  hint::stop_latch latch{observer};
  const hint::observer_ref r = latch;
  CHECK(r.may_stop());
  CHECK_FALSE(r.stop_requested());
  CHECK(r.stop_requested());
  CHECK(r.stop_requested());
  hint::silent silent;
  struct hears_steps {
    std::size_t steps = 0;
    void on(const hint::step_report&) { ++steps; }
  } steps;
  hint::stop_latch never{steps};
  const hint::observer_ref n = never;
  CHECK_FALSE(n.may_stop());
  CHECK_FALSE(n.stop_requested());
  n.on(hint::step_report{});
  CHECK(steps.steps == 1);
  hint::observers none{steps}, some{steps, observer};
  CHECK_FALSE(hint::observer_ref(none).may_stop());
  CHECK(hint::observer_ref(some).may_stop());
  CHECK_FALSE(hint::observer_ref(silent).may_stop());
}

}  // namespace
