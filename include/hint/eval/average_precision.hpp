// SPDX-License-Identifier: MIT
/// \file
/// Mean average precision (MAP) with every convention of the field by name, and ties treated exactly.
#ifndef HINT_EVAL_AVERAGE_PRECISION_HPP
#define HINT_EVAL_AVERAGE_PRECISION_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/ties.hpp>

namespace hint { inline namespace HINT_ABI { namespace eval {

/// What `average_precision_options::at` counts.
enum class cut : std::uint8_t {
  items,          ///< the ranking ends after `at` items
  relevant_items  ///< only the first `at` relevant items count, wherever they are
};
/// What the sum of precisions is divided by. All the same for a whole ranking.
enum class denominator : std::uint8_t {
  relevant_retrieved,     ///< relevant items before the cut
  all_relevant,           ///< relevant items of the database
  min_of_at_and_relevant  ///< the smaller of `at` and the relevant items of the database
};
/// What a query without any relevant item does to a mean over queries.
enum class empty_query : std::uint8_t {
  zero,  ///< counts as 0
  skip   ///< is left out
};

struct average_precision_options {
  /// R of MAP@R; 0 takes the whole ranking.
  std::size_t at = 0;
  eval::cut cut = eval::cut::items;
  eval::denominator denominator = eval::denominator::relevant_retrieved;
  eval::empty_query empty_query = eval::empty_query::zero;
  eval::ties ties = eval::ties::expected;

  /// DCMH `calc_map`; `calculate_map` of DJSRH and DGCPN; CICH: the whole ranking, empty queries 0.
  /// Like the other presets it takes ties by id; the originals leave their order to the sorting
  /// function, so compare them by `ties::expected`.
  [[nodiscard]] static average_precision_options dcmh() { return {.ties = eval::ties::by_id}; }
  /// UCCH: as DCMH, but queries without relevant items are left out.
  [[nodiscard]] static average_precision_options ucch() {
    return {.empty_query = eval::empty_query::skip, .ties = eval::ties::by_id};
  }
  /// `calculate_top_map` of DJSRH, JDSH, DGCPN: cut after k items, divide by the relevant among them.
  [[nodiscard]] static average_precision_options top_map(std::size_t k) {
    return {.at = k, .ties = eval::ties::by_id};
  }
  /// `calc_map_k` of DCMH-PyTorch, AGAH, DADH, DCHMT: no cut of the ranking, but the mean over the
  /// first k relevant items.
  [[nodiscard]] static average_precision_options map_k(std::size_t k) {
    return {.at = k, .cut = eval::cut::relevant_items, .ties = eval::ties::by_id};
  }
};

/// Mean over queries of average precision, the mean precision at the ranks of relevant items: a
/// `ranking_metric`. The default is DCMH's MAP (whole ranking, queries without relevant items count
/// as 0) with expected ties.
///
/// Exact for every rule of ties (expected: the mean over all orders; optimistic and pessimistic: the
/// highest and lowest value of any order), O(groups + items of the group that the cut divides) a
/// query. Const use is thread-safe.
class average_precision {
 public:
  using options = average_precision_options;
  using sum_type = mean_over_queries;
  /// `add` takes a `marked_ranking` as well.
  static constexpr bool adds_marks = true;

  average_precision() = default;
  explicit average_precision(const options& o) : options_(o) {}

  [[nodiscard]] ties tie_rule() const noexcept { return options_.ties; }

  /// The average precision of one ranking; 0 without relevant items.
  [[nodiscard]] double of(const ranking& r) const {
    if (r.relevant == 0) return 0;
    const std::uint64_t at =
        options_.at == 0 ? (std::numeric_limits<std::uint64_t>::max)() : options_.at;
    before b{0, 0, 0};
    for (const tie_group& g : r.groups) {
      if (options_.cut == cut::items && at - b.items < g.items)
        return divided_by_rank(b, g, at - b.items, r.relevant);
      if (options_.cut == cut::relevant_items && at - b.relevant < g.relevant)
        return (b.sum + first_relevant(b, g, at - b.relevant)) / divisor(at, r.relevant);
      if (g.relevant != 0) b.sum += whole(b, g);
      b.items += g.items;
      b.relevant += g.relevant;
    }
    return quotient(b.sum, b.relevant, r.relevant);
  }

  /// The same of a ranking by id, item by item, O(items).
  [[nodiscard]] double of(const marked_ranking& r) const {
    if (r.relevant == 0) return 0;
    detail::precision_sum sum;
    if (options_.at == 0) {
      for (const marked_word& w : r.words) sum.add(w.marks, w.items);
      return quotient(sum.value(), r.relevant, r.relevant);
    }
    constexpr auto all = (std::numeric_limits<std::uint64_t>::max)();
    const std::uint64_t last = options_.cut == cut::items ? options_.at : all;  // rank
    const std::uint64_t most = options_.cut == cut::items ? all : options_.at;  // relevant items
    std::uint64_t items = 0;
    std::uint64_t retrieved = 0;
    for (const marked_word& w : r.words) {
      std::uint64_t marks = w.marks;
      if (last - items < marked_word::most) marks &= (std::uint64_t{1} << (last - items)) - 1;
      while (static_cast<std::uint64_t>(std::popcount(marks)) > most - retrieved)
        marks ^= std::bit_floor(marks);
      sum.add(marks, w.items);
      items += w.items;
      retrieved += static_cast<std::uint64_t>(std::popcount(marks));
      if (items >= last || retrieved == most) break;
    }
    return quotient(sum.value(), retrieved, r.relevant);
  }

  template <class Ranking>
  void add(sum_type& sum, const Ranking& r) const {
    if (r.relevant == 0 && options_.empty_query == empty_query::skip) return;
    sum += {of(r), 1};
  }
  [[nodiscard]] double value(const sum_type& sum) const noexcept { return sum.mean(); }

  [[nodiscard]] std::string conventions() const {
    std::string text = "MAP@all";
    if (options_.at != 0)
      text = hint::detail::concat("MAP@", options_.at,
                                  options_.cut == cut::items ? ", over " : " relevant items, over ",
                                  divisor_name());
    return hint::detail::concat(text, ", ties ", name(options_.ties), ", empty queries ",
                                options_.empty_query == empty_query::zero ? "0" : "skipped");
  }

 private:
  /// What comes before a group.
  struct before {
    std::uint64_t items;
    std::uint64_t relevant;
    double sum;  // of precisions
  };

  [[nodiscard]] const char* divisor_name() const noexcept {
    switch (options_.denominator) {
      case denominator::relevant_retrieved:
        return "relevant retrieved";
      case denominator::all_relevant:
        return "all relevant";
      default:
        return "min(at, relevant)";
    }
  }
  [[nodiscard]] double divisor(std::uint64_t retrieved, std::uint64_t relevant) const noexcept {
    switch (options_.denominator) {
      case denominator::relevant_retrieved:
        return static_cast<double>(retrieved);
      case denominator::all_relevant:
        break;
      case denominator::min_of_at_and_relevant:
        if (options_.at != 0) relevant = (std::min<std::uint64_t>)(options_.at, relevant);
    }
    return static_cast<double>(relevant);
  }
  [[nodiscard]] double quotient(double sum, std::uint64_t retrieved,
                                std::uint64_t relevant) const noexcept {
    return retrieved == 0 ? 0 : sum / divisor(retrieved, relevant);
  }

  /// The precisions in a whole group.
  [[nodiscard]] double whole(const before& b, const tie_group& g) const noexcept {
    switch (options_.ties) {
      case ties::expected:
        return detail::expected_precision_run(b.items, b.relevant, g.items, g.relevant);
      case ties::pessimistic:
        return detail::precision_run(b.items + g.items - g.relevant, b.relevant, g.relevant);
      default:
        return detail::precision_run(b.items, b.relevant, g.relevant);
    }
  }

  /// The value for a ranking that ends after m items of a group. How many of them are relevant, x, is
  /// open, and the divisor may depend on it.
  [[nodiscard]] double divided_by_rank(const before& b, const tie_group& g, std::uint64_t m,
                                       std::uint64_t relevant) const {
    if (options_.ties == ties::expected) {
      const auto chances = detail::relevant_in_front(g.items, g.relevant, m);
      double mean = 0;
      for (std::size_t i = 0; i < chances.weights.size(); ++i) {
        const std::uint64_t x = chances.low + i;
        const double sum = b.sum + detail::expected_precision_run(b.items, b.relevant, m, x);
        mean += chances.weights[i] * quotient(sum, b.relevant + x, relevant);
      }
      return mean;
    }
    const std::uint64_t others = g.items - g.relevant;
    const std::uint64_t least = m > others ? m - others : 0;
    const std::uint64_t most = (std::min)(m, g.relevant);
    const bool worst = options_.ties == ties::pessimistic;
    double best = 0;
    for (std::uint64_t x = least; x <= most; ++x) {
      const double sum =
          b.sum + detail::precision_run(b.items + (worst ? m - x : 0), b.relevant, x);
      const double candidate = quotient(sum, b.relevant + x, relevant);
      if (x == least || (worst ? candidate < best : candidate > best)) best = candidate;
    }
    return best;
  }

  /// The precisions at the first q of a group's relevant items.
  [[nodiscard]] double first_relevant(const before& b, const tie_group& g, std::uint64_t q) const {
    if (q == 0) return 0;
    if (options_.ties == ties::pessimistic)
      return detail::precision_run(b.items + g.items - g.relevant, b.relevant, q);
    if (options_.ties != ties::expected) return detail::precision_run(b.items, b.relevant, q);
    // Given the position of the q-th, the q - 1 others are anywhere before it.
    const auto chances = detail::position_of_relevant(g.items, g.relevant, q);
    double mean = 0;
    for (std::size_t i = 0; i < chances.weights.size(); ++i) {
      const std::uint64_t p = chances.low + i;
      mean += chances.weights[i] *
              (static_cast<double>(b.relevant + q) / static_cast<double>(b.items + p) +
               detail::expected_precision_run(b.items, b.relevant, p - 1, q - 1));
    }
    return mean;
  }

  options options_{};
};

}}}  // namespace hint::HINT_ABI::eval

#endif
