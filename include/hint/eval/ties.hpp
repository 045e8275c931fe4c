// SPDX-License-Identifier: MIT
/// \file
/// Rankings with ties, and the exact sums over all orders of tied items that metrics need.
///
/// With L bits there are only L + 1 distances, so a ranking is a short list of groups of tied items,
/// and every metric is computed from it without sorting. N and Rb in the comments: items and relevant
/// items before the group; n and r: in the group.
#ifndef HINT_EVAL_TIES_HPP
#define HINT_EVAL_TIES_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>

namespace hint { inline namespace HINT_ABI { namespace eval {

/// How items at the same distance are put in order.
enum class ties : std::uint8_t {
  by_id,       ///< by row of the database: one arbitrary, but stable order
  expected,    ///< the exact mean over all orders
  optimistic,  ///< the order with the highest value
  pessimistic  ///< the order with the lowest value
};
[[nodiscard]] constexpr std::string_view name(ties rule) noexcept {
  return rule == ties::by_id        ? "by id"
         : rule == ties::expected   ? "expected"
         : rule == ties::optimistic ? "optimistic"
                                    : "pessimistic";
}

/// Items that share a distance.
struct tie_group {
  std::uint32_t distance = 0;
  std::uint64_t items = 0;     ///< at least 1
  std::uint64_t relevant = 0;  ///< among them
};

/// What one query sees of a database: groups by ascending distance. A ranking `ties::by_id` has groups
/// of only relevant or only irrelevant items, in their order, so the order within a group does not
/// matter; several of them may have the same distance.
struct ranking {
  std::span<const tie_group> groups;
  std::uint64_t items = 0;     ///< in all groups
  std::uint64_t relevant = 0;  ///< in all groups
  std::size_t bits = 0;        ///< no distance is larger
};

/// Whether each of up to 64 items in a row is relevant; they share a distance.
struct marked_word {
  static constexpr std::size_t most = 63;
  std::uint64_t marks = 0;  ///< that of the first item lowest, zeros above the last
  std::uint32_t items = 0;  ///< at most `most`
  std::uint32_t distance = 0;
};

/// A ranking `ties::by_id`, item by item: what `ranking` says by runs.
struct marked_ranking {
  std::span<const marked_word> words;  ///< in the order of the ranking
  std::uint64_t items = 0;             ///< in all words
  std::uint64_t relevant = 0;          ///< in all words
  std::size_t bits = 0;                ///< no distance is larger
};

namespace detail {

/// Appends the runs of relevant and of other items at a distance.
inline void append_runs(const marked_ranking& r, std::vector<tie_group>& groups) {
  for (const marked_word& w : r.words) {
    std::uint64_t rest = w.marks;
    for (int left = static_cast<int>(w.items); left > 0;) {
      const bool relevant = (rest & 1) != 0;
      const int run = (std::min)(left, relevant ? std::countr_one(rest) : std::countr_zero(rest));
      const auto items = static_cast<std::uint64_t>(run);
      rest >>= run;
      left -= run;
      if (!groups.empty() && groups.back().distance == w.distance &&
          (groups.back().relevant != 0) == relevant) {
        groups.back().items += items;
        groups.back().relevant += relevant ? items : 0;
      } else {
        groups.push_back({w.distance, items, relevant ? items : 0});
      }
    }
  }
}

/// Fewer instructions than from unsigned; no rank has more than 63 bits.
[[nodiscard]] inline double real(std::uint64_t x) noexcept {
  return static_cast<double>(static_cast<std::int64_t>(x));
}

/// 1/(first + 1) + ... + 1/(first + count), to full precision, O(1).
[[nodiscard]] inline double harmonic_span(std::uint64_t first, std::uint64_t count) noexcept {
  double sum = 0;
  for (; count > 0 && (first < 32 || count <= 4); --count) sum += 1.0 / real(++first);
  if (count == 0) return sum;
  // H(b) - H(a) from the asymptotic series of H, term by term, so that nothing cancels.
  const auto a = static_cast<double>(first);
  const double b = a + static_cast<double>(count);
  const double x = 1 / (a * a);
  const double y = 1 / (b * b);
  return sum + std::log1p(static_cast<double>(count) / a) -
         static_cast<double>(count) / (2 * a * b) + (x - y) / 12 - (x * x - y * y) / 120 +
         (x * x * x - y * y * y) / 252;
}

/// Sum over j = 1..count of (Rb + j) / (N + j): the precisions at `count` relevant items in a row.
[[nodiscard]] inline double precision_run(std::uint64_t N, std::uint64_t Rb,
                                          std::uint64_t count) noexcept {
  if (count == 0) return 0;
  if (count <= 4) {
    // Mostly one or two; which of these, the processor cannot foresee, so it is not asked.
    const double n = real(N), r = real(Rb);
    double sum = (r + 1) / (n + 1) + real(count > 1 ? 1 : 0) * ((r + 2) / (n + 2));
    for (double j = 3; j <= real(count); ++j) sum += (r + j) / (n + j);
    return sum;
  }
  return real(count) - real(N - Rb) * harmonic_span(N, count);
}

#if defined(__GNUC__) || defined(__clang__)
/// Two numbers that are added and divided together.
using double_lanes = double __attribute__((vector_size(16)));
#else
struct double_lanes {
  double x[2];
  double operator[](std::size_t i) const noexcept { return x[i]; }
  friend double_lanes operator+(double_lanes a, double_lanes b) noexcept {
    return {a.x[0] + b.x[0], a.x[1] + b.x[1]};
  }
  friend double_lanes operator+(double_lanes a, double b) noexcept {
    return a + double_lanes{b, b};
  }
  friend double_lanes operator/(double_lanes a, double_lanes b) noexcept {
    return {a.x[0] / b.x[0], a.x[1] / b.x[1]};
  }
};
#endif

/// For each byte the places of its set bits, ascending, in front of anything.
struct set_bits_table {
  std::int32_t of[256][8] = {};
  constexpr set_bits_table() noexcept {
    for (std::uint32_t byte = 0; byte < 256; ++byte)
      for (std::int32_t bit = 0, n = 0; bit < 8; ++bit)
        if ((byte >> bit & 1) != 0) of[byte][n++] = bit;
  }
};
inline constexpr set_bits_table set_bits;

/// Sum of the precisions at the relevant items of a ranking that comes by and by. Marks are packed into whole
/// words and ranks are gathered: several divisions at once take the time of one.
class precision_sum {
 public:
  /// The next `items`, at most 63, are relevant where bits of `marks` are set; no others are.
  void add(std::uint64_t marks, std::uint32_t items) noexcept {
    // No branch asks whether a word is full: the processor could not foresee it.
    const std::uint64_t word = open_ | marks << filled_;
    const std::uint64_t next = marks >> 1 >> (63 - filled_);
    const std::uint32_t end = filled_ + items;
    words_[full_] = word;
    open_ = end >= 64 ? next : word;
    full_ += end / 64;
    filled_ = end % 64;
    if (full_ == most_words) gather();
  }
  /// The sum; the last call.
  [[nodiscard]] double value() noexcept {
    words_[full_++] = open_;
    gather();
    divide_all();
    const double_lanes s = sums_[0] + sums_[1];
    return s[0] + s[1];
  }

 private:
  static constexpr std::size_t most_words = 32;
  static constexpr std::size_t most = 256;  // ranks
  static constexpr std::int32_t far = std::int32_t{1} << 30;

  /// Writes eight ranks, those of the set bits of a byte in front.
  static void put(std::uint64_t byte, std::int32_t first, std::int32_t* out) noexcept {
    const std::int32_t* const bits = set_bits.of[byte & 0xff];
    for (int i = 0; i < 8; ++i) out[i] = bits[i] + first;
  }
  /// The ranks of the relevant items in full words.
  void gather() noexcept {
    for (std::size_t w = 0; w < full_; ++w, next_ += 64) {
      const std::uint64_t marks = words_[w];
      if (next_ > far) [[unlikely]] {
        divide_all();
        before_ += static_cast<std::uint64_t>(next_);
        next_ = 0;
      }
      // How many bits are set in each byte and those below it.
      std::uint64_t ends = marks - ((marks >> 1) & 0x5555555555555555ULL);
      ends = (ends & 0x3333333333333333ULL) + ((ends >> 2) & 0x3333333333333333ULL);
      ends = ((ends + (ends >> 4)) & 0x0f0f0f0f0f0f0f0fULL) * 0x0101010101010101ULL;
      std::int32_t* const out = ranks_ + gathered_;
      put(marks, next_ + 1, out);
      for (int i = 8; i < 64; i += 8)
        put(marks >> i, next_ + 1 + i, out + (ends >> (i - 8) & 0xff));
      gathered_ += ends >> 56;
      if (gathered_ < most) continue;
      divide(most);
      gathered_ -= most;
      std::copy_n(ranks_ + most, 64, ranks_);
    }
    full_ = 0;
  }
  void divide(std::size_t count) noexcept {
    double_lanes s = sums_[0], t = sums_[1];
    double_lanes r = {real(divided_) + 1, real(divided_) + 2};
    const double before = real(before_);
    for (std::size_t i = 0; i < count; i += 4) {
      const double_lanes a = {static_cast<double>(ranks_[i]), static_cast<double>(ranks_[i + 1])};
      const double_lanes b = {static_cast<double>(ranks_[i + 2]),
                              static_cast<double>(ranks_[i + 3])};
      s = s + r / (a + before);
      t = t + (r + 2) / (b + before);
      r = r + 4;
    }
    sums_[0] = s, sums_[1] = t;
    divided_ += count;
  }
  void divide_all() noexcept {
    const std::size_t whole = gathered_ / 4 * 4;
    divide(whole);
    for (std::size_t i = whole; i < gathered_; ++i)
      sums_[0] = sums_[0] + double_lanes{real(++divided_) / (real(before_) + ranks_[i]), 0};
    gathered_ = 0;
  }

  std::uint64_t open_ = 0;    // marks that do not fill a word
  std::uint32_t filled_ = 0;  // how many
  std::int32_t next_ = 0;     // items in words that were gathered, counted from before_
  std::uint64_t before_ = 0;
  std::size_t full_ = 0;
  std::size_t gathered_ = 0;
  std::uint64_t divided_ = 0;
  double_lanes sums_[2] = {};
  std::uint64_t words_[most_words + 1];
  std::int32_t ranks_[most + 64 + 8];  // counted from before_
};

/// The same for r relevant among n items in random order, expected: sum over j = 1..n of
/// (r/n) (Rb + 1 + (j-1)(r-1)/(n-1)) / (N + j).
[[nodiscard]] inline double expected_precision_run(std::uint64_t N, std::uint64_t Rb,
                                                   std::uint64_t n, std::uint64_t r) noexcept {
  if (r == 0) return 0;
  const double harmonic = harmonic_span(N, n);
  double sum = static_cast<double>(Rb + 1) * harmonic;
  if (r > 1)
    sum += static_cast<double>(r - 1) / static_cast<double>(n - 1) *
           (static_cast<double>(n) - static_cast<double>(N + 1) * harmonic);
  return static_cast<double>(r) / static_cast<double>(n) * sum;
}

/// A probability for each whole number low .. low + weights.size() - 1.
struct distribution {
  std::uint64_t low = 0;
  std::vector<double> weights;
};

/// From the ratios p(x) / p(x-1) alone, starting at the mode so that nothing overflows.
template <class Ratio>
[[nodiscard]] distribution from_ratios(std::uint64_t low, std::uint64_t high, double mode,
                                       Ratio&& ratio) {
  distribution d{low, std::vector<double>(high - low + 1, 1.0)};
  const auto start = (std::min)(static_cast<std::size_t>(
                                    (std::max)(0.0, std::floor(mode) - static_cast<double>(low))),
                                d.weights.size() - 1);
  for (std::size_t i = start + 1; i < d.weights.size(); ++i)
    d.weights[i] = d.weights[i - 1] * ratio(static_cast<double>(low + i));
  for (std::size_t i = start; i > 0; --i)
    d.weights[i - 1] = d.weights[i] / ratio(static_cast<double>(low + i));
  double sum = 0;
  for (const double w : d.weights) sum += w;
  for (double& w : d.weights) w /= sum;
  return d;
}

/// How many of r relevant among n items in random order are among the first m (hypergeometric).
[[nodiscard]] inline distribution relevant_in_front(std::uint64_t n, std::uint64_t r,
                                                    std::uint64_t m) {
  const std::uint64_t low = m > n - r ? m - (n - r) : 0;
  const auto nd = static_cast<double>(n);
  const auto rd = static_cast<double>(r);
  const auto md = static_cast<double>(m);
  return from_ratios(low, (std::min)(r, m), (md + 1) * (rd + 1) / (nd + 2), [=](double x) {
    return (rd - x + 1) * (md - x + 1) / (x * (nd - rd - md + x));
  });
}

/// The position, 1 .. n, of the q-th of r relevant among n items in random order, 1 <= q <= r
/// (negative hypergeometric).
[[nodiscard]] inline distribution position_of_relevant(std::uint64_t n, std::uint64_t r,
                                                       std::uint64_t q) {
  const auto nd = static_cast<double>(n);
  const auto rd = static_cast<double>(r);
  const auto qd = static_cast<double>(q);
  const double mode = r == 1 ? 1 : ((qd - 1) * (nd + 1) + rd - qd) / (rd - 1);
  return from_ratios(q, n - r + q, mode, [=](double p) {
    return (p - 1) / (p - qd) * (nd - p + 1 - rd + qd) / (nd - p + 1);
  });
}

}  // namespace detail

/// Relevant items among the first `rank` of a ranking. For `ties::expected` this may be a fraction.
/// O(groups).
[[nodiscard]] inline double relevant_within(const ranking& r, std::uint64_t rank, ties rule) {
  std::uint64_t items = 0;
  std::uint64_t relevant = 0;
  for (const tie_group& g : r.groups) {
    if (items + g.items > rank) {
      const std::uint64_t m = rank - items;  // only so many of the group
      const std::uint64_t others = g.items - g.relevant;
      if (rule == ties::expected)
        return static_cast<double>(relevant) + static_cast<double>(m) *
                                                   static_cast<double>(g.relevant) /
                                                   static_cast<double>(g.items);
      if (rule == ties::pessimistic)
        return static_cast<double>(relevant + (m > others ? m - others : 0));
      return static_cast<double>(relevant + (std::min)(m, g.relevant));
    }
    items += g.items;
    relevant += g.relevant;
  }
  return static_cast<double>(relevant);
}

}}}  // namespace hint::HINT_ABI::eval

#endif
