// SPDX-License-Identifier: MIT
/// \file
/// Search by the weighted Hamming distance: bits count as much as their weights.
#ifndef HINT_SEARCH_WEIGHTED_SEARCH_HPP
#define HINT_SEARCH_WEIGHTED_SEARCH_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
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
#include <hint/search/filter.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/scan/scan_rounds.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// An item found and its weighted distance. Ordered by (distance, id).
struct weighted_hit {
  float distance = 0;  ///< sum of the weights of differing bits
  std::int64_t id = 0;
  friend bool operator==(const weighted_hit&, const weighted_hit&) = default;
};

namespace detail {

[[nodiscard]] inline bool nearer(const weighted_hit& a, const weighted_hit& b) noexcept {
  return a.distance != b.distance ? a.distance < b.distance : a.id < b.id;
}

/// Sums of the weights of differing bits, from tables of every possible byte of a XOR b: one for all queries. (Sums
/// of signed weights less that of all would lose small distances beside large weights.)
class weight_table {
 public:
  /// O(32 * bits); 8 KiB for each word of a code.
  explicit weight_table(std::span<const float> weights)
      : table_(words_for(weights.size()) * bytes * entries) {
    for (std::size_t first = 0; first < weights.size(); first += 8) {
      float* const sums = table_.data() + first / 8 * entries;
      for (std::size_t j = first, half = 1; j < (std::min)(first + 8, weights.size());
           ++j, half *= 2)
        for (std::size_t x = 0; x < half; ++x) sums[half + x] = sums[x] + weights[j];
    }
  }
  /// Of two codes of as many bits, zero past their ends; unchecked. O(words).
  [[nodiscard]] float distance(std::span<const std::uint64_t> a,
                               std::span<const std::uint64_t> b) const noexcept {
    // One sum for each byte of a word: they do not wait for each other.
    float sum[bytes] = {};
    const float* at = table_.data();
    for (std::size_t w = 0; w < a.size(); ++w, at += bytes * entries) {
      const std::uint64_t differing = a[w] ^ b[w];
      for (std::size_t i = 0; i < bytes; ++i)
        sum[i] += at[i * entries + (differing >> (8 * i) & 0xff)];
    }
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
  }

 private:
  static constexpr std::size_t bytes = 8;  // in a word
  static constexpr std::size_t entries = 256;
  std::vector<float> table_;  // entry (byte of the code, its differing bits)
};

/// The k nearest of what is offered, within a radius: a heap with the farthest on top.
class nearest_weighted {
 public:
  nearest_weighted(std::size_t k, float radius) noexcept : k_(k), radius_(radius) {}
  [[nodiscard]] bool admits(const weighted_hit& h) const noexcept {
    return h.distance <= radius_ && k_ > 0 && (heap_.size() < k_ || nearer(h, heap_.front()));
  }
  void add(const weighted_hit& h) {
    if (heap_.size() == k_) {
      std::pop_heap(heap_.begin(), heap_.end(), nearer);
      heap_.pop_back();
    }
    heap_.push_back(h);
    std::push_heap(heap_.begin(), heap_.end(), nearer);
  }
  /// In ascending order, in no more memory than they take.
  [[nodiscard]] std::vector<weighted_hit> take() {
    std::sort_heap(heap_.begin(), heap_.end(), nearer);
    return {heap_.begin(), heap_.end()};
  }

 private:
  std::size_t k_;
  float radius_;
  std::vector<weighted_hit> heap_;
};

}  // namespace detail

/// For every query the min(k, accepted) nearest accepted items no farther than `radius`, by ascending
/// (distance, id): the distance of two codes is the sum of the weights of the bits in which they differ.
/// `weights` has one for each bit, for all queries; `index` is one of the library's, of which all codes are
/// scored, whatever tables it has.
///
/// Exact: every code is looked at, and a distance depends on nothing but the query, the weights and the code,
/// being a sum of floats in a fixed order: small beside small weights, however large others are, and without error
/// for whole numbers up to 2^24 in all. O(queries * size * words), 8 table look-ups for a word, on the context's executor;
/// 8 KiB for each word of a code. Asked to stop, it returns the answers to the first queries. Throws
/// `shape_error` for queries of another length and another number of weights, `invalid_argument` for weights
/// that are negative or not finite, or add up to more than half of the largest float.
/// \code
/// auto found = hint::search::search_weighted(index, queries, weights, 10);
/// \endcode
template <detail::stores_codes Index, search_filter Filter = accept_all>
[[nodiscard]] std::vector<std::vector<weighted_hit>> search_weighted(
    const Index& index, const code_view& queries, std::span<const float> weights, std::size_t k,
    float radius, const Filter& filter = {}, const context& ctx = {}) {
  constexpr std::string_view where = "search_weighted";
  const detail::code_store& store = index.store();
  expects_codes(where, "", "queries", queries, store.bits());
  expects<shape_error>(weights.size() == store.bits(), where, ": ", weights.size(), " weights for ",
                       store.bits(), " bits");
  constexpr float most = (std::numeric_limits<float>::max)() / 2;
  double sum = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    expects(is_finite(weights[j]) && weights[j] >= 0, where, ": weight ", j, " is ", weights[j],
            ", expected a finite number from 0 on");
    sum += static_cast<double>(weights[j]);
    expects(sum <= static_cast<double>(most), where, ": weight ", j, " is ", weights[j],
            "; the weights up to it add up to more than ", most);
  }
  expects(!is_nan(radius), where, ": radius is ", radius, ", expected a number");

  struct state {
    std::vector<detail::nearest_weighted> found;
    std::vector<std::uint64_t> code;
  };
  k = (std::min)(k, store.size());
  const detail::weight_table table(weights);
  watched_phase phase(ctx.observer, "search");
  std::vector<std::vector<weighted_hit>> rows(queries.size());
  const auto plan = detail::scan_plan::of_chunks(queries.size(), store, 16);
  const std::size_t done = detail::run_in_rounds(
      phase, plan, store, ctx.executor,
      [&](const detail::scan_part& part) {
        state mine;
        mine.code.resize(store.words());
        mine.found.assign(part.end - part.begin, detail::nearest_weighted(k, radius));
        return mine;
      },
      [&](state& mine, const detail::scan_part& part) {
        store.for_live(part.first, part.last,
                       [&](std::size_t, const detail::code_chunk& chunk, std::size_t place) {
                         chunk.code(place, mine.code);
                         for (std::size_t i = 0; i < mine.found.size(); ++i) {
                           const weighted_hit h{table.distance(queries[part.begin + i], mine.code),
                                                chunk.ids()[place]};
                           if (mine.found[i].admits(h) && accepts(filter, part.begin + i, h.id))
                             mine.found[i].add(h);
                         }
                       });
      },
      [&](std::size_t task, state& mine) {
        const std::size_t first = plan.part(task).begin;
        for (std::size_t i = 0; i < mine.found.size(); ++i) rows[first + i] = mine.found[i].take();
      });
  if (done < plan.tasks()) rows.resize(plan.part(done).begin);
  phase.end();
  return rows;
}
/// The same at any distance.
template <detail::stores_codes Index, search_filter Filter = accept_all>
[[nodiscard]] std::vector<std::vector<weighted_hit>> search_weighted(
    const Index& index, const code_view& queries, std::span<const float> weights, std::size_t k,
    const Filter& filter = {}, const context& ctx = {}) {
  return search_weighted(index, queries, weights, k, (std::numeric_limits<float>::infinity)(),
                         filter, ctx);
}

}}}  // namespace hint::HINT_ABI::search

#endif
