// SPDX-License-Identifier: MIT
/// \file
/// Multi-index hashing: finds the codes near a query by looking up its substrings, and those that
/// differ from them in a few bits, in tables.
#ifndef HINT_SEARCH_MULTI_INDEX_MIH_SEARCH_HPP
#define HINT_SEARCH_MULTI_INDEX_MIH_SEARCH_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/search/kernels/kernels.hpp>
#include <hint/search/kernels/portable.hpp>
#include <hint/search/multi_index/mih_plan.hpp>
#include <hint/search/multi_index/substring_tables.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Places begin .. end - 1 of a table.
struct run {
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t table;
  std::uint32_t shell;         ///< its place in the plan
  const std::uint64_t* codes;  ///< those of the table
  const std::uint32_t* rows;
};
/// A code that a table led to.
struct mih_candidate {
  const std::uint64_t* code;
  std::uint32_t row;
  std::uint32_t shell;
  std::uint32_t distance;  ///< once it is known
};
/// A query, and the distance from which on codes are of no use.
struct verify_job {
  const std::uint64_t* query;
  std::size_t words;
  std::uint32_t limit;
};

/// A kernel returns when it holds so many; one more run may come on top.
inline constexpr std::size_t enough_mih_candidates = 64;
inline constexpr std::size_t longest_run = 64;
inline constexpr std::size_t most_mih_candidates = enough_mih_candidates + longest_run;

// Hot loops, please measure impact of changes.

/// Codes in the tables: finds those below the limit in runs i, i + 1, ...; returns the run to go on
/// with.
template <std::size_t Words>
HINT_INLINE std::size_t near_in_runs(const verify_job& job, const run* runs, std::size_t i,
                                     std::size_t count, mih_candidate* out,
                                     std::size_t& found) noexcept {
  std::size_t n = 0;
  for (; i < count && n < enough_mih_candidates; ++i) {
    const run& r = runs[i];
    for (std::uint32_t p = r.begin; p < r.end; ++p) {
      const std::uint64_t* code = r.codes + p * Words;
      std::uint32_t d = count_bits(code[0] ^ job.query[0]);
      if constexpr (Words == 2) d += count_bits(code[1] ^ job.query[1]);
      if (d < job.limit) [[unlikely]]
        out[n++] = {code, r.rows[p], r.shell, d};
    }
  }
  found = n;
  return i;
}
/// Codes elsewhere: drops those that reach the limit, returns how many are left.
HINT_INLINE std::size_t near_of(const verify_job& job, mih_candidate* list,
                                std::size_t count) noexcept {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    mih_candidate x = list[i];
    x.distance = 0;
    for (std::size_t w = 0; w < job.words && x.distance < job.limit; ++w)
      x.distance += count_bits(x.code[w] ^ job.query[w]);
    list[kept] = x;
    kept += x.distance < job.limit ? 1 : 0;
  }
  return kept;
}

/// The kernels for one instruction set.
struct verify_kernels {
  std::size_t (*near_in_runs)(const verify_job& job, const run* runs, std::size_t i,
                              std::size_t count, mih_candidate* out, std::size_t& found) noexcept;
  std::size_t (*near_of)(const verify_job& job, mih_candidate* list, std::size_t count) noexcept;
};

inline std::size_t near_in_runs_portable(const verify_job& job, const run* runs, std::size_t i,
                                         std::size_t count, mih_candidate* out,
                                         std::size_t& found) noexcept {
  return job.words == 1 ? near_in_runs<1>(job, runs, i, count, out, found)
                        : near_in_runs<2>(job, runs, i, count, out, found);
}
inline std::size_t near_of_portable(const verify_job& job, mih_candidate* list,
                                    std::size_t count) noexcept {
  return near_of(job, list, count);
}
inline constexpr verify_kernels portable_verify{&near_in_runs_portable, &near_of_portable};

#if defined(HINT_SEARCH_X86)
__attribute__((target("popcnt"))) inline std::size_t near_in_runs_popcnt(
    const verify_job& job, const run* runs, std::size_t i, std::size_t count, mih_candidate* out,
    std::size_t& found) noexcept {
  return job.words == 1 ? near_in_runs<1>(job, runs, i, count, out, found)
                        : near_in_runs<2>(job, runs, i, count, out, found);
}
__attribute__((target("popcnt"))) inline std::size_t near_of_popcnt(const verify_job& job,
                                                                    mih_candidate* list,
                                                                    std::size_t count) noexcept {
  return near_of(job, list, count);
}
inline constexpr verify_kernels popcnt_verify{&near_in_runs_popcnt, &near_of_popcnt};
#endif

/// Those to go with a set of scan kernels.
[[nodiscard]] inline const verify_kernels& verify_for(const kernel_set& kernels) noexcept {
#if defined(HINT_SEARCH_X86)
  if (&kernels != &portable_kernels) return popcnt_verify;
#endif
  static_cast<void>(kernels);
  return portable_verify;
}

/// Looks up one query after the other. Not thread-safe: each thread has its own.
class mih_search {
 public:
  HINT_LAZY
  mih_search(const substring_tables& tables, const mih_plan& plan, const flip_masks& masks,
             const search_costs& costs)
      : tables_(tables),
        plan_(plan),
        masks_(masks),
        costs_(costs),
        verify_(verify_for(kernels())),
        values_(tables.size()) {}

  /// Offers rows to a collector, each once, in the order in which they are found:
  ///
  /// | expression | meaning |
  /// |---|---|
  /// | `c.limit()` | distances below it are wanted, now; never rises |
  /// | `c.offer(distance, row)` | one of them; also some that are no longer wanted |
  ///
  /// Returns true when all that are wanted have been offered. Gives up, with false, when a scan should
  /// take less than going on.
  template <class Collector>
  [[nodiscard]] bool operator()(const std::uint64_t* query, Collector&& c,
                                const search_budget& budget) {
    for (std::size_t t = 0; t < tables_.size(); ++t)
      values_[t] = value_of(query, tables_.cuts()[t]);
    const double spent_before = spent_;
    std::size_t done = 0;
    while (done < c.limit()) {
      if (done == plan_.size()) return plan_.complete();
      // A few shells at once, so that there is something to do while memory answers.
      constexpr std::size_t least_lookups = 64;
      std::size_t next = done;
      lookups_.clear();
      while (next < plan_.size() && next < c.limit() && lookups_.size() < least_lookups) {
        const shell s = plan_[next];
        if (done == 0 && s.radius > 0 && next > 0) break;  // equal substrings tell much already
        for (const std::uint32_t mask : masks_(tables_.cuts()[s.table].bits, s.radius))
          lookups_.push_back({values_[s.table] ^ mask, s.table, static_cast<std::uint32_t>(next)});
        ++next;
      }
      const double soon = spent_ - spent_before + plan_.cost(next) - plan_.cost(done);
      if (soon > budget.trial && !worth_going_on(plan_, done, c.limit(), budget)) return false;
      for (std::size_t first = 0; first < lookups_.size(); first += most_lookups)
        if (!look_up(query, c, budget.scan, first,
                     (std::min)(lookups_.size(), first + most_lookups)))
          return false;
      done = next;
    }
    return true;
  }

  /// Nanoseconds that all calls should have taken by what they did.
  [[nodiscard]] double spent() const noexcept { return spent_; }

 private:
  static constexpr std::size_t most_lookups = 128;
  static constexpr double offer_cost = 40;  // nanoseconds: ids are far away

  struct lookup {
    std::uint32_t value;
    std::uint32_t table;
    std::uint32_t shell;
  };

  /// Of lookups first .. last - 1.
  template <class Collector>
  bool look_up(const std::uint64_t* query, Collector&& c, double scan, std::size_t first,
               std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      hint::detail::prefetch(tables_.starts(lookups_[i].table) + lookups_[i].value);
    runs_.clear();
    std::size_t rows = 0;
    const std::size_t words = tables_.words();
    for (std::size_t i = first; i < last; ++i) {
      const lookup& x = lookups_[i];
      const std::uint32_t* starts = tables_.starts(x.table) + x.value;
      const std::uint32_t begin = starts[0], end = starts[1];
      if (begin == end) continue;
      rows += end - begin;
      const run found{
          begin, end, x.table, x.shell, tables_.codes_of(x.table), tables_.rows_of(x.table)};
      if (tables_.inside()) {
        hint::detail::prefetch(found.codes + begin * words);
        hint::detail::prefetch(found.codes + end * words - 1);
      } else {
        hint::detail::prefetch(found.rows + begin);
      }
      runs_.push_back(found);
    }
    // A value that most codes have: reading them all in order is faster.
    const double candidates = static_cast<double>(rows) * costs_.candidate;
    if (candidates > scan) return false;
    spent_ += candidates + static_cast<double>(last - first) * costs_.lookup;
    if (tables_.inside()) {
      verify_inside(query, c);
    } else {
      verify_outside(query, c);
    }
    return true;
  }

  template <class Collector>
  void verify_inside(const std::uint64_t* query, Collector&& c) {
    for (std::size_t i = 0; i < runs_.size(); ++i)
      while (runs_[i].end - runs_[i].begin > longest_run) {
        run rest = runs_[i];
        runs_[i].end = rest.begin += longest_run;
        runs_.push_back(rest);
      }
    for (std::size_t i = 0, found = 0; i < runs_.size();) {
      i = verify_.near_in_runs({query, tables_.words(), c.limit()}, runs_.data(), i, runs_.size(),
                               found_[0].data(), found);
      offer(c, found_[0].data(), found);
    }
  }
  template <class Collector>
  void verify_outside(const std::uint64_t* query, Collector&& c) {
    // Two batches: while the codes of one are on their way from memory, the other is looked at.
    std::size_t filled = 0, current = 0, waiting = 0;
    const std::size_t words = tables_.words();
    const auto verify = [&](std::size_t which, std::size_t count) {
      count = verify_.near_of({query, words, c.limit()}, found_[which].data(), count);
      offer(c, found_[which].data(), count);
    };
    for (const run& r : runs_) {
      for (std::uint32_t p = r.begin; p < r.end; ++p) {
        const std::uint64_t* code = tables_.codes() + r.rows[p] * words;
        hint::detail::prefetch(code);
        found_[current][filled] = {code, r.rows[p], r.shell, 0};
        if (++filled < enough_mih_candidates) continue;
        current ^= 1;
        verify(current, waiting);
        waiting = filled;
        filled = 0;
      }
    }
    verify(current ^ 1, waiting);
    verify(current, filled);
  }
  template <class Collector>
  void offer(Collector&& c, const mih_candidate* list, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      if (list[i].distance < c.limit() && first_met(list[i])) {
        c.offer(list[i].distance, list[i].row);
        spent_ += offer_cost;
      }
  }
  /// Whether no shell before this one has the code. Asked only for codes that are near enough, this is
  /// cheaper than keeping in mind which have been met.
  [[nodiscard]] bool first_met(const mih_candidate& x) const noexcept {
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      const std::uint32_t flips = values_[t] ^ value_of(x.code, tables_.cuts()[t]);
      if (plan_.position(t, count_bits(flips)) < x.shell) return false;
    }
    return true;
  }

  const substring_tables& tables_;
  const mih_plan& plan_;
  const flip_masks& masks_;
  search_costs costs_;
  const verify_kernels& verify_;
  std::vector<std::uint32_t> values_;
  std::vector<lookup> lookups_;
  std::vector<run> runs_;
  std::array<std::array<mih_candidate, most_mih_candidates>, 2> found_;
  double spent_ = 0;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
