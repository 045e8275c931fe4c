// SPDX-License-Identifier: MIT
/// \file
/// Search by real-valued queries: the nearest codes by Hamming distance, ties by asymmetric score.
#ifndef HINT_SEARCH_SCORED_SEARCH_HPP
#define HINT_SEARCH_SCORED_SEARCH_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/asymmetric.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/scan/scan_rounds.hpp>
#include <hint/search/scan/store_scan.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

namespace detail {

/// Everything up to a distance of each query's own, with scores.
template <search_filter Filter>
struct scoring_collector {
  std::span<const std::uint32_t> limits;
  const code_store& store;
  const Filter& filter;
  std::size_t first;
  std::vector<asymmetric_scorer> scorers;  // of queries from `first` on
  std::vector<std::vector<scored_hit>> found;

  [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept { return limits[query]; }
  void offer(std::size_t query, std::uint32_t distance, std::int64_t id, std::size_t row) {
    if (accepts(filter, query, id))
      found[query - first].push_back(
          {distance, id, score_of_row(scorers[query - first], store, row)});
  }
};

}  // namespace detail

/// Real-valued queries, query after query, and the threshold at which their values become bits: 1 for values
/// >= threshold. Non-owning.
class real_queries {
 public:
  /// Values around 0: signs count. When each is 0 or 1 and one is 0 they are bits already, of which a search
  /// refuses to make all ones; say `{values, 0.5F}` (or `{values, 0}` if 0 and more shall be ones).
  template <class Values>
    requires std::convertible_to<const Values&, std::span<const float>> &&
                 (!std::same_as<Values, real_queries>)
  real_queries(const Values& values) noexcept : values_(values), by_sign_(true) {}  // NOLINT
  /// Values around a threshold of one's own.
  real_queries(std::span<const float> values, float threshold) noexcept
      : values_(values), threshold_(threshold) {}

  [[nodiscard]] std::span<const float> values() const noexcept { return values_; }
  [[nodiscard]] float threshold() const noexcept { return threshold_; }
  /// The codes of the queries, of `bits` values each. Errors begin with `where`. Throws `shape_error` for a
  /// number of values that is no multiple of `bits`, `invalid_argument` for a threshold that is not finite
  /// and for zeros and ones without a threshold.
  [[nodiscard]] code_set binarised(std::size_t bits, std::string_view where) const {
    expects<shape_error>(values_.size() % bits == 0, where, ": ", values_.size(),
                         " values are not a multiple of ", bits, " bits");
    expects(is_finite(threshold_), where, ": threshold is ", threshold_,
            ", expected a finite number");
    bool zero = false, other = !by_sign_;
    for (std::size_t i = 0; i < values_.size() && !other; ++i) {
      other = !is_finite(values_[i]) || (values_[i] != 0 && values_[i] != 1);
      zero = zero || (!other && values_[i] == 0);
    }
    expects(other || !zero, where,
            ": every value is 0 or 1, which the threshold 0 would make ones; expected values "
            "around 0, or a threshold with them, such as 0.5");
    code_set codes(bits, values_.size() / bits);
    for (std::size_t i = 0; i < values_.size(); ++i)
      codes.set_bit(i / bits, i % bits, values_[i] >= threshold_);
    return codes;
  }

 private:
  std::span<const float> values_;
  float threshold_ = 0;
  bool by_sign_ = false;
};

/// For every query the min(k, accepted) first accepted items by (distance ascending, score descending, id
/// ascending): distances are those of the binarised query, 1 for values at the threshold and above, and what
/// is equally far is ranked by how far values are from it (`asymmetric_scorer`), also at the k-th place.
/// `queries` has index.bits() values for each query; `index` is one of the library's.
///
/// Two scans, the second for what is as near as the k-th; O(queries * size * words), and 8 KiB for each
/// word of each query in flight. Asked to stop, it returns the answers to the first queries. Throws
/// `shape_error` for another number of values and `invalid_argument` for values that are not finite, or zeros
/// and ones without a threshold.
/// \code
/// auto found = hint::search::search_scored(index, values, 10);           // by signs
/// auto others = hint::search::search_scored(index, {values, 0.5F}, 10);  // outputs of a logistic function
/// \endcode
template <detail::stores_codes Index, search_filter Filter = accept_all>
[[nodiscard]] std::vector<std::vector<scored_hit>> search_scored(const Index& index,
                                                                 const real_queries& queries,
                                                                 std::size_t k,
                                                                 const Filter& filter = {},
                                                                 const context& ctx = {}) {
  const detail::code_store& store = index.store();
  const std::size_t bits = store.bits();
  const code_set codes = queries.binarised(bits, "search_scored");

  watched_phase phase(ctx.observer, "search");
  phase_share first_scan(phase, 0, 0.5), second_scan(phase, 0.5, 1);
  context scans = ctx;
  scans.observer = first_scan.ref();
  const hits nearest = detail::scan_nearest(store, codes, k, filter, scans);
  const code_view answered = codes.view().slice(0, nearest.size());  // fewer when asked to stop
  std::vector<std::uint32_t> limits(answered.size());
  for (std::size_t q = 0; q < answered.size(); ++q)
    limits[q] = nearest[q].empty() ? 0 : nearest[q].back().distance + 1;

  std::vector<std::vector<scored_hit>> rows(answered.size());
  scans.observer = second_scan.ref();
  watched_phase scoring(scans.observer, "search");
  const detail::scan_plan plan = detail::scan_plan::of_chunks(answered.size(), store, 16);
  const std::size_t done = detail::run_in_rounds(
      scoring, plan, store, ctx.executor,
      [&](const detail::scan_part& part) {
        detail::scoring_collector<Filter> collector{limits, store, filter, part.begin, {}, {}};
        for (std::size_t q = part.begin; q < part.end; ++q)
          collector.scorers.emplace_back(queries.values().subspan(q * bits, bits),
                                         queries.threshold());
        collector.found.resize(part.end - part.begin);
        return collector;
      },
      [&](auto& collector, const detail::scan_part& part) {
        detail::scan(store, answered, part, collector);
      },
      [&](std::size_t task, auto& collector) {
        for (std::size_t i = 0; i < collector.found.size(); ++i) {
          std::vector<scored_hit>& found = collector.found[i];
          const std::size_t q = plan.part(task).begin + i;
          std::sort(found.begin(), found.end(), detail::by_distance_and_score);
          // In no more memory than they take: there may be many ties behind the k-th.
          const std::size_t count = (std::min)(found.size(), nearest[q].size());
          rows[q].assign(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count));
          found = {};
        }
      });
  if (done < plan.tasks()) rows.resize(plan.part(done).begin);
  phase.end();
  return rows;
}

}}}  // namespace hint::HINT_ABI::search

#endif
