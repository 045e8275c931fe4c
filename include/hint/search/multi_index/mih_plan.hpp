// SPDX-License-Identifier: MIT
/// \file
/// In which order substring tables are asked, what that costs, and how many tables there should be.
#ifndef HINT_SEARCH_MULTI_INDEX_MIH_PLAN_HPP
#define HINT_SEARCH_MULTI_INDEX_MIH_PLAN_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/search/multi_index/substring_tables.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// What things take, in nanoseconds. Measured when tables are built; these are where measuring begins.
struct search_costs {
  double lookup = 12;     ///< one value in one table
  double candidate = 8;   ///< one row found there
  double scan = 0;        ///< one query against all codes
  double batch_scan = 0;  ///< the same for one of many queries
};

/// How far apart codes are: for some stored codes, how many of the others are at each distance.
class distance_profile {
 public:
  /// One histogram of bits + 1 distances per code, the code itself left out.
  HINT_LAZY
  explicit distance_profile(std::vector<std::vector<std::uint64_t>> histograms)
      : histograms_(std::move(histograms)), mean_(histograms_.front().size()) {
    for (const auto& h : histograms_)
      for (std::size_t d = 0; d < mean_.size(); ++d)
        mean_[d] += static_cast<double>(h[d]) / static_cast<double>(histograms_.size());
  }
  [[nodiscard]] std::size_t samples() const noexcept { return histograms_.size(); }
  /// The distance of the k-th nearest of a sample; all bits when there are fewer.
  [[nodiscard]] std::size_t kth(std::size_t sample, std::uint64_t k) const noexcept {
    std::uint64_t within = 0;
    for (std::size_t d = 0; d + 1 < mean_.size(); ++d)
      if ((within += histograms_[sample][d]) >= k) return d;
    return mean_.size() - 1;
  }
  /// How many are nearer to a sample than `limit`.
  [[nodiscard]] std::uint64_t nearer(std::size_t sample, std::size_t limit) const noexcept {
    std::uint64_t count = 0;
    for (std::size_t d = 0; d < (std::min)(limit, mean_.size()); ++d)
      count += histograms_[sample][d];
    return count;
  }
  /// How many codes to expect at each distance 0, 1, ... up to `radius` in a substring of so many bits,
  /// if these were drawn at random from all bits.
  HINT_LAZY
  [[nodiscard]] std::vector<double> in_substring(std::size_t bits, std::size_t radius) const {
    std::vector<double> out((std::min)(bits, radius) + 1);
    const std::size_t others = mean_.size() - 1 - bits;
    for (std::size_t d = 0; d < mean_.size(); ++d) {
      if (mean_[d] == 0) continue;
      // The hypergeometric distribution, from the least number of flips that there can be.
      std::size_t r = d > others ? d - others : 0;
      double term = mean_[d];
      for (std::size_t i = 0; i < bits - r; ++i)
        term *= static_cast<double>(r == 0 ? mean_.size() - 1 - d - i : bits - i) /
                static_cast<double>(mean_.size() - 1 - i);
      for (; r < out.size() && r <= d; ++r) {
        out[r] += term;
        term *= static_cast<double>((bits - r) * (d - r)) /
                (static_cast<double>(r + 1) * static_cast<double>(others + r + 1 - d));
      }
    }
    return out;
  }

 private:
  std::vector<std::vector<std::uint64_t>> histograms_;
  std::vector<double> mean_;
};

/// All values of one substring at one distance from the query's.
struct shell {
  std::uint32_t table;
  std::uint32_t radius;
};

/// The order in which shells are asked for: always the one of least cost among the next of each table.
///
/// When the first s shells of a plan are done, every code at a distance below s has been found: one
/// that has not differs from the query by more than was looked at in every table, that is by as many
/// bits as the table has shells done, and by s in all. This holds for substrings of any lengths, in
/// any order.
/// Source: Norouzi, Punjani, Fleet, "Fast exact search in Hamming space with multi-index hashing",
/// TPAMI 2014, proposition 1, here by single tables.
class mih_plan {
 public:
  static constexpr std::uint32_t never = (std::numeric_limits<std::uint32_t>::max)();
  /// Of shells that can be asked for: 0 .. radii - 1.
  static constexpr std::size_t radii = 17;
  /// Values in a shell; larger ones end the plan.
  static constexpr double most_values = 1 << 16;

  /// The plan up to a cost, or with all shells.
  HINT_LAZY
  mih_plan(std::span<const substring> cuts, const distance_profile& profile,
           const search_costs& costs, double most_cost) {
    // By length of the substring and radius; a shell that is never asked for costs more than all.
    constexpr std::size_t lengths = 33;
    std::vector<double> costs_of(lengths * radii, 0);
    for (const substring& s : cuts) {
      double* const mine = costs_of.data() + s.bits * radii;
      if (mine[0] != 0) continue;
      std::fill(mine, mine + radii, (std::numeric_limits<double>::max)());
      const auto expected = profile.in_substring(s.bits, radii - 1);
      double values = 1;
      for (std::size_t r = 0; r < expected.size() && values <= most_values; ++r) {
        mine[r] = values * costs.lookup + expected[r] * costs.candidate;
        values *= static_cast<double>(s.bits - r) / static_cast<double>(r + 1);
      }
    }
    const auto cost_of = [&](std::uint32_t table, std::uint32_t radius) {
      return radius < radii ? costs_of[cuts[table].bits * radii + radius]
                            : (std::numeric_limits<double>::max)();
    };
    std::vector<std::uint32_t> next(cuts.size(), 0);
    positions_.resize(cuts.size() * radii, never);
    cost_.push_back(0);
    for (;;) {
      std::uint32_t best = 0;
      for (std::uint32_t t = 1; t < cuts.size(); ++t)
        if (cost_of(t, next[t]) < cost_of(best, next[best])) best = t;
      if (cuts.empty() || cost_of(best, next[best]) == (std::numeric_limits<double>::max)()) break;
      const double sum = cost_.back() + cost_of(best, next[best]);
      if (sum > most_cost) break;
      positions_[best * radii + next[best]] = static_cast<std::uint32_t>(shells_.size());
      shells_.push_back(best * static_cast<std::uint32_t>(radii) + next[best]++);
      cost_.push_back(sum);
    }
    for (std::size_t t = 0; t < cuts.size(); ++t)
      complete_ = complete_ || next[t] == cuts[t].bits + 1;  // all values of a table are all codes
  }

  [[nodiscard]] std::size_t size() const noexcept { return shells_.size(); }
  [[nodiscard]] shell operator[](std::size_t i) const noexcept {
    constexpr auto each = static_cast<std::uint32_t>(radii);
    return {shells_[i] / each, shells_[i] % each};
  }
  /// Whether the whole plan finds every code, however far away.
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  /// The place of a shell in the plan, or `never`.
  [[nodiscard]] std::uint32_t position(std::size_t table, std::size_t radius) const noexcept {
    return radius < radii ? positions_[table * radii + radius] : never;
  }
  /// Nanoseconds that the first `shells` should take; without end when there are not so many.
  [[nodiscard]] double cost(std::size_t shells) const noexcept {
    return shells < cost_.size() ? cost_[shells]
           : complete_           ? cost_.back()
                                 : (std::numeric_limits<double>::max)();
  }

 private:
  std::vector<std::uint32_t> shells_;     // table * radii + radius
  std::vector<std::uint32_t> positions_;  // by table and radius
  std::vector<double> cost_;              // of the first 0, 1, ... shells
  bool complete_ = false;
};

/// What a query may cost.
struct search_budget {
  double scan;   ///< nanoseconds that it takes to scan instead
  double trial;  ///< that may be spent in any case
  std::vector<std::uint32_t>
      limits;  ///< distances behind which such searches for stored codes ended
};

/// Whether going on with a plan is cheaper than scanning, when the first `done` shells have been asked
/// and distances below `limit` are wanted so far. The limit sinks while codes are found, so it may end
/// where searches for stored codes did: that counts as long as it takes no more than a third of a scan,
/// since the query may be of another kind.
[[nodiscard]] inline bool worth_going_on(const mih_plan& plan, std::size_t done,
                                         std::uint32_t limit,
                                         const search_budget& budget) noexcept {
  constexpr double doubt = 0.7;  // costs are estimates
  const double spent = plan.cost(done);
  if (plan.cost(limit) - spent <= doubt * budget.scan) return true;
  for (const std::uint32_t stop : budget.limits) {
    if (stop <= done || stop >= limit || plan.cost(stop) > budget.scan / 3) continue;
    double going_on = 0, scanning = 0;  // summed up over what may come
    for (const std::uint32_t end : budget.limits) {
      if (end <= done) continue;  // it did not
      going_on += plan.cost((std::min)(end, stop)) - spent + (end > stop ? budget.scan : 0);
      scanning += budget.scan;
    }
    if (going_on < doubt * scanning) return true;
  }
  return false;
}

/// For each length of a substring and each radius the numbers with so many bits set, ascending: nearby
/// values of a table share cache lines.
class flip_masks {
 public:
  flip_masks() = default;
  HINT_LAZY
  flip_masks(std::span<const substring> cuts, const mih_plan& plan)
      : starts_(lengths * mih_plan::radii), ends_(starts_.size()) {
    for (std::size_t i = 0; i < plan.size(); ++i) {
      const std::uint32_t bits = cuts[plan[i].table].bits;
      const std::size_t at = bits * mih_plan::radii + plan[i].radius;
      if (ends_[at] != 0) continue;  // another table has the same
      starts_[at] = static_cast<std::uint32_t>(masks_.size());
      append(bits, plan[i].radius);
      ends_[at] = static_cast<std::uint32_t>(masks_.size());
    }
  }
  [[nodiscard]] std::span<const std::uint32_t> operator()(std::size_t bits,
                                                          std::size_t radius) const noexcept {
    const std::size_t at = bits * mih_plan::radii + radius;
    return {masks_.data() + starts_[at], masks_.data() + ends_[at]};
  }

 private:
  static constexpr std::size_t lengths = 33;

  HINT_LAZY
  void append(std::uint32_t bits, std::uint32_t radius) {
    const std::uint64_t end = std::uint64_t{1} << bits;
    for (std::uint64_t x = (std::uint64_t{1} << radius) - 1; x < end;) {
      masks_.push_back(static_cast<std::uint32_t>(x));
      if (x == 0) return;
      const std::uint64_t lowest = std::uint64_t{1} << std::countr_zero(x);
      const std::uint64_t next = x + lowest;  // the next larger number with as many bits
      x = next | (((x ^ next) >> std::countr_zero(x)) >> 2);
    }
  }
  std::vector<std::uint32_t> masks_;
  std::vector<std::uint32_t> starts_;  // of those of a length and a radius
  std::vector<std::uint32_t> ends_;
};

/// The widest substrings worth a table for so many rows: four values for each.
[[nodiscard]] inline std::size_t widest_substring(std::size_t rows) noexcept {
  const auto width = static_cast<unsigned>(std::bit_width(rows));  // an int in newer libraries
  return (std::min<std::size_t>)(24, (std::max<std::size_t>)(4, width + 1));
}

struct table_choice {
  std::size_t tables;
  double cost;  ///< nanoseconds that a search for the 10 nearest should take, scans included
};

/// How many tables find the 10 nearest of stored codes at the least cost, 0 when scanning is cheaper
/// and no number makes a search within a sixteenth of the bits cheaper than half a scan.
HINT_LAZY
[[nodiscard]] table_choice choose_tables(std::size_t bits, std::size_t rows,
                                         const distance_profile& profile,
                                         const search_costs& costs) {
  constexpr std::size_t most_tables = 24;
  constexpr std::uint64_t k = 10;
  table_choice best{0, costs.scan}, best_near{0, 0.5 * costs.scan};
  for (std::size_t m = 1; m <= (std::min)(bits, most_tables); ++m) {
    const auto cuts = cut_codes(bits, m, widest_substring(rows));
    const mih_plan plan(cuts, profile, costs, costs.scan);
    double mean = 0;
    for (std::size_t j = 0; j < profile.samples(); ++j)
      mean += (std::min)(plan.cost(profile.kth(j, k) + 1), 1.05 * costs.scan) /
              static_cast<double>(profile.samples());
    // A table more must be worth its memory.
    if (mean < 0.95 * best.cost) best = {m, mean};
    const double within = plan.cost(bits / 16 + 1);
    if (within < 0.9 * best_near.cost) best_near = {m, within};
  }
  if (best.tables == 0) best.tables = best_near.tables;
  return best;
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
