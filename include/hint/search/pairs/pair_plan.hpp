// SPDX-License-Identifier: MIT
/// \file
/// In which substrings near codes are compared, and whether that is cheaper than looking at all pairs.
#ifndef HINT_SEARCH_PAIRS_PAIR_PLAN_HPP
#define HINT_SEARCH_PAIRS_PAIR_PLAN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/hash.hpp>
#include <hint/search/histograms.hpp>
#include <hint/search/kernels/kernels.hpp>
#include <hint/search/kernels/portable.hpp>
#include <hint/search/multi_index/mih_plan.hpp>
#include <hint/search/multi_index/substring_tables.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// A substring, and how far codes may be apart in it to be compared.
struct near_substring {
  substring cut;
  std::uint32_t radius;
};

/// Substrings such that any two codes within `radius` are near in one of them: when they are further apart
/// than r_i in every substring i, they are by the sum of r_i + 1 in all, which is radius + 1.
/// Source: Norouzi, Punjani, Fleet, "Fast exact search in Hamming space with multi-index hashing", TPAMI
/// 2014, section 3, here with radii that differ by one.
HINT_LAZY
[[nodiscard]] std::vector<near_substring> near_substrings(std::size_t bits, std::size_t tables,
                                                          std::size_t widest, std::size_t radius) {
  std::vector<near_substring> out;
  for (const substring cut : cut_codes(bits, tables, widest)) {
    const std::size_t i = out.size();
    // radius + 1 - tables in all, the first of them one more.
    out.push_back({cut, static_cast<std::uint32_t>((radius + 1 - tables) / tables +
                                                   (i < (radius + 1) % tables ? 1 : 0))});
  }
  return out;
}

/// Numbers of so many bits with at most `radius` of them set, ascending by how many.
HINT_LAZY
[[nodiscard]] std::vector<std::uint32_t> masks_within(std::uint32_t bits, std::uint32_t radius) {
  std::vector<std::uint32_t> out{0};
  std::size_t first = 0;  // of those with one bit less
  for (std::uint32_t r = 1; r <= (std::min)(bits, radius); ++r) {
    const std::size_t last = out.size();
    for (std::size_t i = first; i < last; ++i)
      for (std::uint32_t b = 0; b < bits; ++b)
        if (out[i] >> b == 0) out.push_back(out[i] | std::uint32_t{1} << b);
    first = last;
  }
  return out;
}

/// What steps of a search for pairs take, in nanoseconds: fixed, so that the choice is the same in every run.
struct pair_costs {
  double group;         ///< a word of 32 codes against four queries, by the kernels of this machine
  double run = 15;      ///< beginning with a bucket
  double lookup = 1.5;  ///< a value in a table
  double bucket = 40;   ///< queries that are laid out
  double entry = 12;    ///< a code that is put into a table
  double meeting = 20;  ///< a pair within the radius, in each table that has it
};
[[nodiscard]] inline pair_costs costs_of(const kernel_set& kernel) noexcept {
  return {kernel.name == "avx512" ? 6.0 : kernel.name == "portable" ? 300.0 : 35.0};
}

/// Up to `most` codes of rows that are there, from all of the store.
HINT_LAZY
[[nodiscard]] code_set spread_codes(const code_store& store, std::size_t most) {
  code_set out(store.bits());
  std::vector<std::uint64_t> code(store.words());
  most = (std::min)(most, store.rows());
  for (std::size_t i = 0; i < most; ++i) {
    const std::size_t row = store.rows() / most * i + store.rows() % most * i / most;
    if (!store.live(row)) continue;
    store.code(row, code);
    out.append(code_view(code, store.bits()));
  }
  if (out.empty()) out.resize(1);  // none is there: a zero code does for an estimate
  return out;
}

/// How the pairs of two stores, or of one with itself (the same object), are looked for.
class pair_plan {
 public:
  /// A plan by tables, the one of least cost. O(rows words + 10^5).
  HINT_LAZY
  pair_plan(const code_store& a, const code_store& b, std::size_t radius)
      : same_(&a == &b), costs_(costs_of(kernels())), words_(static_cast<double>(a.words())) {
    na_ = static_cast<double>(a.size());
    nb_ = static_cast<double>(b.size());
    scan_cost_ = na_ * nb_ / 128 * words_ * costs_.group * (same_ ? 0.5 : 1);
    const code_set samples = spread_codes(a, 16);
    const distance_profile profile = profile_of(b, samples);
    const std::size_t bits = a.bits();
    const std::size_t widest = widest_substring((std::max)(a.size(), b.size()));
    double within = 0;  // pairs
    for (std::size_t i = 0; i < profile.samples(); ++i)
      within += static_cast<double>(profile.nearer(i, radius + 1)) /
                static_cast<double>(profile.samples()) * na_ * (same_ ? 0.5 : 1);
    cost_ = (std::numeric_limits<double>::max)();
    std::size_t best_tables = 0, best_width = 0;
    for (std::size_t width = 1; width <= (std::min)(bits, widest); ++width) {
      const auto near = profile.in_substring(width, most_radius);
      for (std::size_t m = 1; m <= (std::min)({radius + 1, bits / width, most_tables}); ++m) {
        const std::size_t r = (radius + 1 - m) / m, more = (radius + 1) % m;
        double cost = static_cast<double>(m - more) * cost_of(width, r, near) +
                      (more > 0 ? static_cast<double>(more) * cost_of(width, r + 1, near) : 0);
        cost += static_cast<double>(m) * within * costs_.meeting;
        if (cost < cost_) cost_ = cost, best_tables = m, best_width = width;
      }
    }
    if (best_tables == 0) {  // nothing is cheap: one table of all there is
      best_tables = 1;
      best_width = (std::min<std::size_t>)(bits, 8);
    }
    substrings_ = near_substrings(bits, best_tables, best_width, radius);
    cost_ = (std::max)(cost_, cost_by_samples(a, b));
  }

  [[nodiscard]] const std::vector<near_substring>& substrings() const noexcept {
    return substrings_;
  }
  /// Nanoseconds that they should take, and that looking at all pairs should.
  [[nodiscard]] double cost() const noexcept { return cost_; }
  [[nodiscard]] double scan_cost() const noexcept { return scan_cost_; }
  /// Whether tables should be faster than looking at all pairs.
  [[nodiscard]] bool worth_it() const noexcept { return cost_ < 0.7 * scan_cost_; }

 private:
  static constexpr std::size_t most_radius = 6;
  static constexpr std::size_t most_tables = 40;
  static constexpr double most_masks = 1 << 14;

  /// Of one table, when `near[d]` codes are d bits away in the substring.
  [[nodiscard]] double cost_of(std::size_t width, std::size_t radius,
                               const std::vector<double>& near) const {
    constexpr double never = 1e300;
    radius = (std::min)(radius, width);
    if (radius >= near.size()) return never;
    double masks = 0, within = 0, shell = 1;
    for (std::size_t d = 0; d <= radius; ++d) {
      masks += shell;
      within += near[d];
      shell *= static_cast<double>(width - d) / static_cast<double>(d + 1);
    }
    if (masks > most_masks) return never;
    if (same_) masks = (masks + 1) / 2, within /= 2;
    const auto values = static_cast<double>(std::uint64_t{1} << width);
    // About 1 - exp(-n / values) of the values are there; <cmath> would cost more time to compile.
    const double filled_a = values * na_ / (na_ + values);
    const double filled_b = nb_ / (nb_ + values);
    const double fours = na_ / filled_a / 4 + 0.6;
    const double runs = filled_a * masks * filled_b;
    const double groups =
        (std::max)(runs * fours * (nb_ / values / filled_b / 32 + 1), na_ * within / 128);
    return (na_ + (same_ ? 0 : nb_)) * costs_.entry + values + filled_a * costs_.bucket +
           filled_a * masks * costs_.lookup + runs * fours * costs_.run +
           groups * words_ * costs_.group;
  }
  /// What comparing alone takes by how many of some pairs are near in the substrings. The profile thinks of
  /// substrings as drawn at random from all bits; that bits go together only this tells.
  [[nodiscard]] double cost_by_samples(const code_store& a, const code_store& b) const {
    constexpr std::size_t pairs = 4096;
    std::array<std::uint64_t, words_for(max_bits)> x{}, y{};
    double met = 0;
    for (std::size_t i = 0; i < pairs; ++i) {
      const std::size_t row = mix64(2 * i) % a.rows();
      const std::size_t other = mix64(2 * i + 1) % b.rows();
      if (same_ && row == other) continue;
      a.code(row, {x.data(), a.words()});
      b.code(other, {y.data(), b.words()});
      for (const auto& [cut, radius] : substrings_)
        met += count_bits(value_of(x.data(), cut) ^ value_of(y.data(), cut)) <= radius ? 1 : 0;
    }
    return met / static_cast<double>(pairs) * scan_cost_;
  }
  [[nodiscard]] distance_profile profile_of(const code_store& b, const code_view& samples) const {
    const distance_histograms counts = count_distances(b, samples, context{});
    std::vector<std::vector<std::uint64_t>> histograms;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      histograms.emplace_back(counts[i].begin(), counts[i].end());
      if (same_ && histograms.back().front() > 0) --histograms.back().front();  // the code itself
    }
    return distance_profile(std::move(histograms));
  }

  bool same_;
  pair_costs costs_;
  double words_;
  double na_ = 0;
  double nb_ = 0;
  double scan_cost_ = 0;
  double cost_ = 0;
  std::vector<near_substring> substrings_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
