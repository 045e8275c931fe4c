// SPDX-License-Identifier: MIT
/// \file
/// Pairs within a small radius: only codes that are near in some substring are compared.
#ifndef HINT_SEARCH_PAIRS_PAIR_TABLES_HPP
#define HINT_SEARCH_PAIRS_PAIR_TABLES_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/kernels.hpp>
#include <hint/search/kernels/portable.hpp>
#include <hint/search/pairs/bucket_table.hpp>
#include <hint/search/pairs/pair_plan.hpp>
#include <hint/search/pairs/row_pairs.hpp>
#include <hint/search/scan/store_scan.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// The pairs below a limit that substring `pass` is the first to tell: near in it, in none before. For tables of
/// two sets, or of one (the same object), whose pairs come once, first < second. Tasks are stretches of 1024 places of
/// the first table; each bucket meets the buckets of near values, four queries at a time, by the scan
/// kernels. Const calls are safe from many threads.
class bucket_join {
 public:
  HINT_LAZY
  bucket_join(const bucket_table& a, const bucket_table& b,
              std::span<const near_substring> substrings, std::size_t pass, std::uint32_t limit)
      : a_(a),
        b_(b),
        before_(substrings.first(pass)),
        limit_(limit),
        same_(&a == &b),
        masks_(masks_within(substrings[pass].cut.bits, substrings[pass].radius)) {}

  [[nodiscard]] std::size_t tasks() const noexcept {
    return (a_.size() + places_each - 1) / places_each;
  }

  /// For `in_rounds`; gives back control with every 2^16 pairs or so.
  template <class Found>
  [[nodiscard]] bool operator()(std::size_t task, std::size_t& at, Found& found) const {
    constexpr std::size_t enough = std::size_t{1} << 16;
    std::size_t place = task * places_each + at;
    const std::size_t end = (std::min)(a_.size(), (task + 1) * places_each);
    worker w(a_.words());
    for (std::uint32_t value = a_.value_at(place); place < end; ++value) {
      const std::size_t last = (std::min<std::size_t>)(a_.start(value + 1), end);
      if (place == last) continue;
      const std::size_t partners = list_partners(value, a_.start(value + 1) - a_.start(value), w);
      // As many queries with one look at the partners as cannot bring too many pairs at once.
      const std::size_t together =
          (std::min)(most_together, (std::max<std::size_t>)(1, enough / (partners + 1) / 4) * 4);
      while (place < last) {
        const std::size_t count = partners == 0 ? last - place : (std::min)(together, last - place);
        if (partners != 0) compare(place, count, w, found);
        place += count;
        at = place - task * places_each;
        if (found.size() >= enough && place < end) return false;
      }
    }
    return true;
  }

 private:
  static constexpr std::size_t places_each = 1024;
  static constexpr std::size_t most_together = 32;

  struct run {
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct worker {
    explicit worker(std::size_t words) : codes(most_together * words), fours(codes.size()) {}
    std::vector<std::uint64_t> codes;  // of the queries
    std::vector<std::uint64_t> fours;  // the same, interleaved
    std::vector<run> runs;
    std::vector<query_row> list, spare;
  };

  /// Fills w.runs with the buckets that a bucket meets; returns how many codes they have.
  std::size_t list_partners(std::uint32_t value, std::size_t own, worker& w) const {
    w.runs.clear();
    std::size_t partners = 0;
    for (const std::uint32_t mask : masks_) {
      const std::uint32_t other = value ^ mask;
      if (same_ && (other < value || (mask == 0 && own == 1))) continue;
      const run r{b_.start(other), b_.start(other + 1)};
      if (r.begin == r.end) continue;
      w.runs.push_back(r);
      partners += r.end - r.begin;
    }
    return partners;
  }

  /// Queries place .. place + count - 1 against w.runs.
  template <class Found>
  void compare(std::size_t place, std::size_t count, worker& w, Found& found) const {
    const kernel_set& kernel = kernels();
    const std::size_t words = a_.words();
    for (std::size_t q = 0; q < count; ++q) {
      const std::span<std::uint64_t> code(w.codes.data() + q * words, words);
      get_from_blocks(a_.blocks(), place + q, code);
      std::uint64_t* four = w.fours.data() + q / 4 * 4 * words + q % 4;
      for (std::size_t i = 0; i < words; ++i) four[4 * i] = code[i];
    }
    for (std::size_t i = 0; i < w.runs.size(); ++i) {
      const run r = w.runs[i];
      if (i + 1 < w.runs.size())
        hint::detail::prefetch(b_.blocks() + block_word(words, w.runs[i + 1].begin, 0));
      const std::size_t first = r.begin / group_codes * (group_codes / block_codes);
      const std::size_t last = padded_rows(r.end) / block_codes;
      // One or two left over go one by one, as in `interleaved_queries`.
      const std::size_t in_fours = (count + 1) / 4 * 4;
      for (std::size_t q = 0; q < (std::min)(count, in_fours); q += 4)
        look(kernel.scan_four, w.fours.data() + q * words, q, (std::min<std::size_t>)(4, count - q),
             place, r, first, last, w);
      for (std::size_t q = in_fours; q < count; ++q)
        look(kernel.scan_one, w.codes.data() + q * words, q, 1, place, r, first, last, w);
    }
    by_query(w.list, count, w.spare, [&](const query_row& x) {
      const std::uint32_t first = a_.row(place + x.query), second = b_.row(x.row);
      const bool swapped = same_ && second < first;
      found.push_back(row_pair{swapped ? second : first, swapped ? first : second, x.distance});
    });
  }
  void look(scan_kernel go, const std::uint64_t* asked, std::size_t q, std::size_t together,
            std::size_t place, run r, std::size_t first, std::size_t last, worker& w) const {
    const std::size_t words = a_.words();
    const auto limits = [&](std::array<std::uint32_t, 4>& all) {
      for (std::size_t i = 0; i < together; ++i) all[i] = limit_;
      return limit_;
    };
    scan_blocks(go, b_.blocks(), words, first, last, asked, limits, [&](const candidate& x) {
      if (x.row < r.begin || x.row >= r.end) return;  // of a neighbouring bucket
      const std::size_t query = q + x.query;
      if (same_ && x.row <= place + query) return;
      if (!met_before(w.codes.data() + query * words, x.row))
        w.list.push_back({static_cast<std::uint32_t>(query), x.row, x.distance});
    });
  }
  /// Whether an earlier substring tells that the two codes are near.
  [[nodiscard]] bool met_before(const std::uint64_t* code, std::size_t place) const noexcept {
    std::array<std::uint64_t, words_for(max_bits)> other;
    get_from_blocks(b_.blocks(), place, {other.data(), b_.words()});
    for (const auto& [cut, radius] : before_)
      if (count_bits(value_of(code, cut) ^ value_of(other.data(), cut)) <= radius) return true;
    return false;
  }

  const bucket_table& a_;
  const bucket_table& b_;
  std::span<const near_substring> before_;
  std::uint32_t limit_;
  bool same_;
  std::vector<std::uint32_t> masks_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
