// SPDX-License-Identifier: MIT
/// \file
/// NDCG@K: discounted gain of the first K, relative to the best possible.
#ifndef HINT_EVAL_NDCG_HPP
#define HINT_EVAL_NDCG_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/eval/average_precision.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/ties.hpp>

namespace hint { inline namespace HINT_ABI { namespace eval {

struct ndcg_options {
  /// K, 1 to 10^7. (CICH: 100.)
  std::size_t at = 100;
  eval::empty_query empty_query = eval::empty_query::zero;
  eval::ties ties = eval::ties::expected;

  void validate() const { option_in("at", at, 1, 10'000'000); }
};

/// Mean over queries of DCG@K / ideal DCG@K with gain 1 for a relevant item and discount
/// 1 / log2(rank + 1); the ideal ranking has min(K, relevant) relevant items in front: a
/// `ranking_metric`. O(groups) a query, O(K) memory. Const use is thread-safe.
class ndcg {
 public:
  using options = ndcg_options;
  using sum_type = mean_over_queries;

  /// Throws `invalid_option`.
  explicit ndcg(const options& o = {}) : options_(o) {
    options_.validate();
    gain_.reserve(options_.at + 1);
    gain_.push_back(0);
    for (std::size_t rank = 1; rank <= options_.at; ++rank)
      gain_.push_back(gain_.back() + 1 / std::log2(static_cast<double>(rank) + 1));
  }

  [[nodiscard]] ties tie_rule() const noexcept { return options_.ties; }

  /// NDCG of one ranking; 0 without relevant items.
  [[nodiscard]] double of(const ranking& r) const {
    if (r.relevant == 0) return 0;
    double sum = 0;
    std::uint64_t items = 0;
    for (const tie_group& g : r.groups) {
      if (items >= options_.at) break;
      if (options_.ties == ties::expected) {
        sum +=
            static_cast<double>(g.relevant) / static_cast<double>(g.items) * gain(items, g.items);
      } else {
        const bool last = options_.ties == ties::pessimistic;
        sum += gain(items + (last ? g.items - g.relevant : 0), g.relevant);
      }
      items += g.items;
    }
    return sum / gain(0, r.relevant);
  }
  void add(sum_type& sum, const ranking& r) const {
    if (r.relevant == 0 && options_.empty_query == empty_query::skip) return;
    sum += {of(r), 1};
  }
  [[nodiscard]] double value(const sum_type& sum) const noexcept { return sum.mean(); }
  [[nodiscard]] std::string conventions() const {
    return hint::detail::concat("NDCG@", options_.at, ", gain 1, ties ", name(options_.ties),
                                ", empty queries ",
                                options_.empty_query == empty_query::zero ? "0" : "skipped");
  }

 private:
  /// Sum of the discounts of ranks first + 1 .. first + count, as far as they are within K.
  [[nodiscard]] double gain(std::uint64_t first, std::uint64_t count) const noexcept {
    const auto within = [&](std::uint64_t rank) {
      return gain_[static_cast<std::size_t>((std::min<std::uint64_t>)(rank, options_.at))];
    };
    return within(first + count) - within(first);
  }

  options options_;
  std::vector<double> gain_;  // sum of the discounts of ranks 1 .. i
};

}}}  // namespace hint::HINT_ABI::eval

#endif
