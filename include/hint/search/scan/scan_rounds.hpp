// SPDX-License-Identifier: MIT
/// \file
/// How the parts of a scan are run: all at once, or, when somebody watches, in rounds and slices of rows
/// between which the observer is asked.
#ifndef HINT_SEARCH_SCAN_SCAN_ROUNDS_HPP
#define HINT_SEARCH_SCAN_SCAN_ROUNDS_HPP

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Queries of a part of a scan when somebody watches: as many as make the pass over memory cheap, so that few
/// are lost when it stops.
inline constexpr std::size_t watched_queries = 64;

/// The plan for a scan in a phase.
[[nodiscard]] inline scan_plan plan_for(const watched_phase& phase, std::size_t queries,
                                        const code_store& store, const executor_ref& executor) {
  return phase.watched() ? scan_plan(queries, store, executor.concurrency(), watched_queries)
                         : scan_plan(queries, store, executor.concurrency());
}

/// For every task of a plan: a state that `begin(part)` makes, `run(state, part)` for all its rows in order,
/// and `end(task, state)`. When nobody watches a task is run as one and its state lives no longer. Else as
/// many tasks as there are threads are run together, by slices of rows that take some 20 ms. Returns how many
/// tasks are done: the first ones, with all row parts of their queries.
template <class Begin, class Run, class End>
std::size_t run_in_rounds(watched_phase& phase, const scan_plan& plan, const code_store& store,
                          const executor_ref& executor, Begin&& begin, Run&& run, End&& end) {
  if (!phase.watched()) {
    executor.bulk(plan.tasks(), [&](std::size_t task) {
      const scan_part part = plan.part(task);
      auto state = begin(part);
      run(state, part);
      end(task, state);
    });
    return plan.tasks();
  }
  using state = decltype(begin(plan.part(0)));
  constexpr std::size_t least_words = std::size_t{1} << 17;  // of a slice of rows, for a task
  const std::size_t parts = plan.row_parts();
  const std::size_t most =
      (std::max<std::size_t>)(1, executor.concurrency() / parts) * parts;  // tasks of a round
  const std::size_t least = least_words / store.words() * parts + 1;
  const double all = static_cast<double>(plan.tasks());
  for (std::size_t first = 0; first < plan.tasks(); first += most) {
    const std::size_t count = (std::min)(most, plan.tasks() - first);
    std::vector<std::unique_ptr<state>> states(count);
    if (phase.stopped()) return first;
    for (std::size_t i = 0; i < count; ++i)
      states[i] = std::make_unique<state>(begin(plan.part(first + i)));
    const std::size_t done = phase.in_parts(
        store.rows(), least,
        [&](std::size_t row, std::size_t last) {
          executor.bulk(count,
                        [&](std::size_t i) { run(*states[i], plan.part(first + i, row, last)); });
        },
        static_cast<double>(first) / all, static_cast<double>(first + count) / all);
    if (done < store.rows()) return first;
    executor.bulk(count, [&](std::size_t i) {
      end(first + i, *states[i]);
      states[i].reset();
    });
  }
  return plan.tasks();
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
