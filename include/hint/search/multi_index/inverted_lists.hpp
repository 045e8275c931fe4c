// SPDX-License-Identifier: MIT
/// \file
/// An inverted file (IVF): codes sorted into lists around coarse centroids, so that a search can leave out
/// what is too far away by the triangle inequality. Unlike most of its kind it is exact.
#ifndef HINT_SEARCH_MULTI_INDEX_INVERTED_LISTS_HPP
#define HINT_SEARCH_MULTI_INDEX_INVERTED_LISTS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/kernels.hpp>
#include <hint/search/kernels/portable.hpp>
#include <hint/search/multi_index/coarse_centroids.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// For each centroid the list of the codes that are nearer to it than to others, by their distance from it.
/// Never changes once built. Memory: the codes once more, and 6 bytes for each.
///
/// Inverted lists are those of Sivic, Zisserman, "Video Google: a text retrieval approach to object matching
/// in videos", ICCV 2003.
class inverted_lists {
 public:
  struct list {
    std::size_t first;  ///< place of the first code, a multiple of group_codes
    std::size_t size;
    std::uint16_t least;  ///< distances to the centroid
    std::uint16_t most;
  };

  /// Of the rows 0 .. rows - 1 that have not been removed; fewer than 2^32. O(rows * lists * words), on the
  /// context's executor. Asked to stop, it leaves lists that are of no use.
  HINT_LAZY
  inverted_lists(const code_store& store, std::size_t rows, const code_view& centroids,
                 const context& ctx = {})
      : centroids_(centroids), words_(store.words()), row_count_(rows), lists_(centroids.size()) {
    watched_phase phase(ctx.observer, "lists");
    constexpr std::size_t chunk = 1024;
    constexpr std::size_t least = std::size_t{1} << 18;  // rows of a part, some milliseconds
    // Sorted by counting: by list, distance and row.
    const std::size_t distances = 64 * words_ + 1;
    std::vector<std::uint32_t> starts(lists_.size() * distances + 1, 0), keys(rows, none);
    phase.in_chunks(
        ctx.executor, rows, chunk,
        [&](std::size_t begin, std::size_t end) {
          std::vector<std::uint16_t> found;
          std::vector<std::uint64_t> code(words_);
          store.for_live(begin, end, [&](std::size_t row, const code_chunk& from, std::size_t i) {
            from.code(i, code);
            centroids_.distances(code, found);
            const std::size_t nearest = coarse_centroids::nearest(found);
            keys[row] = static_cast<std::uint32_t>(nearest * distances + found[nearest]);
          });
        },
        0, 0.8);
    phase.in_parts(
        rows, least,
        [&](std::size_t begin, std::size_t end) {
          for (std::size_t row = begin; row < end; ++row)
            if (keys[row] != none) ++starts[keys[row]];
        },
        0.8, 0.85);
    if (phase.stopped()) return;
    std::size_t places = 0;
    for (std::size_t c = 0; c < lists_.size(); ++c) {
      lists_[c].first = places;
      for (std::size_t d = 0; d < distances; ++d) {
        const std::uint32_t count =
            std::exchange(starts[c * distances + d],
                          static_cast<std::uint32_t>(lists_[c].first + lists_[c].size));
        lists_[c].size += count;
      }
      places += padded_rows(lists_[c].size);
    }
    blocks_.resize(places * words_);
    rows_.resize(places, none);
    distances_.resize(places);
    phase.in_parts(
        rows, least,
        [&](std::size_t begin, std::size_t end) {
          for (std::size_t row = begin; row < end; ++row) {
            if (keys[row] == none) continue;
            const std::uint32_t place = starts[keys[row]]++;
            rows_[place] = static_cast<std::uint32_t>(row);
            distances_[place] = static_cast<std::uint16_t>(keys[row] % distances);
            keys[row] = place;
          }
        },
        0.85, 0.9);
    phase.in_chunks(
        ctx.executor, rows, chunk,
        [&](std::size_t begin, std::size_t end) {
          std::vector<std::uint64_t> code(words_);
          store.for_live(begin, end, [&](std::size_t row, const code_chunk& from, std::size_t i) {
            from.code(i, code);
            put_in_blocks(code_view(code, 64 * words_), keys[row], blocks_.data());
          });
        },
        0.9, 1);
    for (list& x : lists_) {
      if (x.size == 0) continue;
      x.least = distances_[x.first];
      x.most = distances_[x.first + x.size - 1];
    }
  }

  static constexpr std::uint32_t none = (std::numeric_limits<std::uint32_t>::max)();
  [[nodiscard]] std::size_t size() const noexcept { return lists_.size(); }
  /// Rows that the lists know of.
  [[nodiscard]] std::size_t rows() const noexcept { return row_count_; }
  [[nodiscard]] std::size_t words() const noexcept { return words_; }
  [[nodiscard]] const coarse_centroids& centroids() const noexcept { return centroids_; }
  [[nodiscard]] const list& operator[](std::size_t c) const noexcept { return lists_[c]; }
  /// How many codes the triangle inequality cannot tell to be at `limit` or beyond, and `each` for
  /// every list that has some.
  HINT_LAZY
  [[nodiscard]] std::size_t within_reach(const std::uint64_t* query, std::uint32_t limit,
                                         std::size_t each = 0) const {
    std::vector<std::uint16_t> found;
    centroids_.distances({query, words_}, found);
    std::size_t sum = 0;
    for (std::size_t c = 0; c < lists_.size(); ++c) {
      std::size_t count = 0;
      for (const std::uint16_t d : distances(lists_[c]))
        count += found[c] < d + limit && d < found[c] + limit ? 1U : 0U;
      if (count > 0) sum += count + each;
    }
    return sum;
  }
  /// All lists one after the other.
  [[nodiscard]] const std::uint64_t* blocks() const noexcept { return blocks_.data(); }
  /// The row at a place; `none` where a list is filled up.
  [[nodiscard]] std::uint32_t row(std::size_t place) const noexcept { return rows_[place]; }
  /// Distances of a list's codes to its centroid, by place.
  [[nodiscard]] std::span<const std::uint16_t> distances(const list& c) const noexcept {
    return std::span(distances_).subspan(c.first, c.size);
  }

 private:
  coarse_centroids centroids_;
  std::size_t words_;
  std::size_t row_count_;
  std::vector<list> lists_;
  aligned_buffer<std::uint64_t> blocks_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint16_t> distances_;
};

/// Looks through inverted lists for one query after the other. Not thread-safe: each thread has its own.
class list_search {
 public:
  /// What it costs to begin with a list, in codes to look at.
  static constexpr std::size_t overhead = 256;

  explicit list_search(const inverted_lists& lists) : lists_(lists) {}

  /// Offers rows to a collector as `mih_search` does. Returns true when all that are wanted have been
  /// offered; gives up, with false, when a sixteenth of `most` codes has been looked at and more than
  /// `most` would still have to be.
  ///
  /// A code x at a distance below the limit from q has d(x, c) between d(q, c) - limit and d(q, c) + limit,
  /// both excluded, for its centroid c: the triangle inequality. In each list these are a stretch.
  template <class Collector>
  [[nodiscard]] bool operator()(const std::uint64_t* query, Collector&& c, std::size_t most) {
    lists_.centroids().distances({query, lists_.words()}, distances_);
    todo_.clear();
    const std::size_t nearest = coarse_centroids::nearest(distances_);
    std::size_t looked_at = look_at(query, c, nearest);
    for (std::size_t i = 0; i < lists_.size(); ++i)
      if (i != nearest && reaches(i, c.limit()))
        todo_.push_back({distances_[i], static_cast<std::uint32_t>(i)});
    // Further lists may bring nearer codes and so leave out others, but not most.
    if (c.limit() <= 64 * lists_.words() && ahead(c.limit()) / 4 > most) return false;
    // A heap, since few of many lists will be wanted.
    std::make_heap(todo_.begin(), todo_.end(), later{});
    for (std::size_t next_check = most / 16; !todo_.empty(); todo_.pop_back()) {
      if (looked_at > next_check) {
        const std::size_t left = ahead(c.limit());
        if (left > most) return false;
        next_check = looked_at + (std::max)(left / 2, most / 16);
      }
      std::pop_heap(todo_.begin(), todo_.end(), later{});
      if (reaches(todo_.back().list, c.limit())) looked_at += look_at(query, c, todo_.back().list);
    }
    return true;
  }

 private:
  struct near_list {
    std::uint16_t distance;
    std::uint32_t list;
  };
  struct later {
    [[nodiscard]] bool operator()(const near_list& a, const near_list& b) const noexcept {
      return a.distance != b.distance ? a.distance > b.distance : a.list > b.list;
    }
  };

  [[nodiscard]] bool reaches(std::size_t i, std::uint32_t limit) const noexcept {
    const std::uint32_t d = distances_[i];
    return lists_[i].size > 0 && d < lists_[i].most + limit && lists_[i].least < d + limit;
  }
  /// How many codes would still have to be looked at, by some of the lists.
  HINT_LAZY
  [[nodiscard]] std::size_t ahead(std::uint32_t limit) const noexcept {
    const std::size_t step = todo_.size() / 64 + 1;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < todo_.size(); i += step)
      if (reaches(todo_[i].list, limit)) sum += in_ring(todo_[i].list, limit).size() + overhead;
    return sum * step;
  }
  struct places {
    std::size_t first;
    std::size_t last;
    [[nodiscard]] std::size_t size() const noexcept { return last - first; }
  };
  /// Places in the list, of codes that may be near enough.
  HINT_LAZY
  [[nodiscard]] places in_ring(std::size_t i, std::uint32_t limit) const noexcept {
    const std::uint32_t d = distances_[i];
    const auto all = lists_.distances(lists_[i]);
    const auto first = std::partition_point(all.begin(), all.end(),
                                            [&](std::uint32_t x) { return x + limit <= d; });
    const auto last =
        std::partition_point(first, all.end(), [&](std::uint32_t x) { return x < d + limit; });
    return {static_cast<std::size_t>(first - all.begin()),
            static_cast<std::size_t>(last - all.begin())};
  }
  /// Returns how many codes were looked at, and what it costs to begin in terms of codes.
  template <class Collector>
  std::size_t look_at(const std::uint64_t* query, Collector&& c, std::size_t i) {
    const places ring = in_ring(i, c.limit());
    if (ring.size() == 0) return 0;
    const std::size_t first = lists_[i].first + ring.first / group_codes * group_codes;
    const std::size_t last = lists_[i].first + padded_rows(ring.last);
    const auto limits_now = [&](std::array<std::uint32_t, 4>& limits) {
      return limits[0] = c.limit();
    };
    scan_blocks(kernels().scan_one, lists_.blocks(), lists_.words(), first / block_codes,
                last / block_codes, query, limits_now, [&](const candidate& x) {
                  if (const std::uint32_t row = lists_.row(x.row); row != inverted_lists::none)
                    c.offer(std::uint32_t{x.distance}, row);
                });
    return last - first + overhead;
  }

  const inverted_lists& lists_;
  std::vector<std::uint16_t> distances_;
  std::vector<near_list> todo_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
