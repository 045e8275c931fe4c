// SPDX-License-Identifier: MIT
/// \file
/// Pairs of rows as they are found: by tasks on any thread, handed on by one thread in the order of the tasks.
#ifndef HINT_SEARCH_PAIRS_ROW_PAIRS_HPP
#define HINT_SEARCH_PAIRS_ROW_PAIRS_HPP

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/wall_clock.hpp>
#include <hint/core/watched_phase.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Two rows and the distance of their codes.
struct row_pair {
  std::uint32_t first;
  std::uint32_t second;
  std::uint32_t distance;
};

/// A buffer of pairs for those who only want their number; it models what is used of
/// std::vector<row_pair>.
class pair_counter {
 public:
  void push_back(const row_pair&) noexcept { ++count_; }
  /// How much memory it holds, in pairs.
  [[nodiscard]] static constexpr std::size_t size() noexcept { return 0; }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  std::uint64_t count_ = 0;
};

/// Tells that the share `done` of a phase is done; returns whether to go on.
[[nodiscard]] inline bool goes_on(watched_phase& phase, double done) {
  phase.tell((std::min)(done, 1.0));
  return !phase.stopped();
}

/// Runs tasks 0 .. tasks - 1 on the executor's threads and hands on what they find, task after task, from the
/// calling thread.
///
/// | expression | meaning |
/// |---|---|
/// | `work(task, at, found)` | goes on with a task from `at`, 0 at first, which it moves; appends to `found` (a `Found`); false when it came to many pairs and wants to be called again |
/// | `take(found)` | takes what is there; false to end |
/// | `go_on(tasks done)` | false to end |
///
/// Returns whether all is done. Tasks go by rounds, whose length changes no result. What is held in memory
/// is what the tasks of one round find, of which no more begin once it is `most_held` pairs.
template <class Found, class Work, class Take, class GoOn>
[[nodiscard]] bool in_rounds(const context& ctx, std::size_t tasks, Work&& work, Take&& take,
                             GoOn&& go_on) {
  constexpr std::size_t most_held = std::size_t{1} << 18;
  struct slot {
    Found found;
    std::size_t at = 0;
    bool begun = false;
    bool done = false;
  };
  const std::size_t threads = (std::max<std::size_t>)(1, ctx.executor.concurrency());
  std::size_t round = threads;
  std::vector<slot> slots;
  for (std::size_t first = 0; first < tasks;) {
    if (!go_on(first)) return false;
    const std::size_t count = (std::min)(round, tasks - first);
    slots.clear();
    slots.resize(count);
    std::atomic<std::size_t> held = 0;
    const double begin = ::hint::detail::now_ns();
    ctx.executor.bulk(count, [&](std::size_t i) {
      if (held.load(std::memory_order_relaxed) >= most_held) return;  // begun below
      slot& s = slots[i];
      s.begun = true;
      s.done = work(first + i, s.at, s.found);
      held.fetch_add(s.found.size(), std::memory_order_relaxed);
    });
    const double took = ::hint::detail::now_ns() - begin;
    for (std::size_t i = 0; i < count; ++i) {
      slot& s = slots[i];
      for (;;) {
        if (s.begun && !take(s.found)) return false;
        s.begun = true;
        s.found = Found();
        if (s.done) break;
        if (!go_on(first + i)) return false;
        s.done = work(first + i, s.at, s.found);
      }
    }
    first += count;
    if (took < 5e6 && round < 64 * threads) round *= 2;
    if (took > 15e6 && round > threads) round /= 2;
  }
  return true;
}

/// What queries that are looked at together find, each in the order in which it finds it.
struct query_row {
  std::uint32_t query;
  std::uint32_t row;
  std::uint32_t distance;
};
/// Puts it in the order of the queries, by counting: kernels differ in how they interleave queries, and
/// pairs are to come in one order on all machines. `f(query_row)` takes them. O(list + queries).
template <class F>
void by_query(std::vector<query_row>& list, std::size_t queries, std::vector<query_row>& spare,
              F&& f) {
  if (list.size() > 1) {
    std::vector<std::size_t> start(queries + 1, 0);
    for (const query_row& x : list) ++start[x.query + 1];
    for (std::size_t q = 0; q < queries; ++q) start[q + 1] += start[q];
    spare.resize(list.size());
    for (const query_row& x : list) spare[start[x.query]++] = x;
    list.swap(spare);
  }
  for (const query_row& x : list) f(x);
  list.clear();
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
