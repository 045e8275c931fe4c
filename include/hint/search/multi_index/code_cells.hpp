// SPDX-License-Identifier: MIT
/// \file
/// Codes sorted into cells around centres, so that a search can leave out those cells that are too far
/// away by the triangle inequality.
#ifndef HINT_SEARCH_MULTI_INDEX_CODE_CELLS_HPP
#define HINT_SEARCH_MULTI_INDEX_CODE_CELLS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/random.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/kernels/kernels.hpp>
#include <hint/search/scan/store_scan.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Centres of cells, and which is nearest.
class cell_centres {
 public:
  explicit cell_centres(const code_view& centres)
      : words_(centres.words_per_code()),
        size_(centres.size()),
        blocks_(block_words(words_, size_)) {
    put_in_blocks(centres, 0, blocks_.data());
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Distances to all centres; `out` has room for padded_rows(size()), those past the end are largest.
  void distances(const std::uint64_t* code, std::vector<std::uint16_t>& out) const {
    out.resize(padded_rows(size_));
    kernels().distances(blocks_.data(), words_, out.size() / block_codes, code, out.data());
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(size_), out.end(), farthest);
  }
  /// The first place of the least of the distances; they are as many as a multiple of group_codes.
  [[nodiscard]] static std::size_t nearest(std::span<const std::uint16_t> distances) noexcept {
#if defined(__GNUC__) || defined(__clang__)
    // Which 32 have the least: eight minima at once, in registers that every x86-64 and ARM has.
    using s16x8 = std::int16_t __attribute__((vector_size(16)));
    std::uint16_t best = (std::numeric_limits<std::int16_t>::max)();
    std::size_t first = 0;
    for (std::size_t i = 0; i < distances.size(); i += group_codes) {
      s16x8 v[4];
      std::memcpy(v, distances.data() + i, sizeof v);
      v[0] = v[0] < v[1] ? v[0] : v[1];
      v[2] = v[2] < v[3] ? v[2] : v[3];
      v[0] = v[0] < v[2] ? v[0] : v[2];
      const s16x8 below = v[0] < static_cast<std::int16_t>(best);
      std::uint64_t any[2];
      std::memcpy(any, &below, sizeof any);
      if ((any[0] | any[1]) == 0) continue;
      for (int j = 0; j < 8; ++j) best = (std::min)(best, static_cast<std::uint16_t>(v[0][j]));
      first = i;
    }
    distances = distances.subspan(first, group_codes);
#else
    const std::size_t first = 0;
#endif
    return first + static_cast<std::size_t>(std::min_element(distances.begin(), distances.end()) -
                                            distances.begin());
  }

 private:
  static constexpr std::uint16_t farthest = (std::numeric_limits<std::int16_t>::max)();
  std::size_t words_;
  std::size_t size_;
  aligned_buffer<std::uint64_t> blocks_;
};

/// Centres for codes like these: some of the codes, each far from those before, then twice moved to the
/// majority of their cell, bit by bit. O(count * codes * words).
HINT_LAZY
[[nodiscard]] code_set choose_centres(const code_view& codes, std::size_t count) {
  const random_stream random(0, stream_id("cells"));
  const std::size_t words = codes.words_per_code();
  aligned_buffer<std::uint64_t> blocks(block_words(words, codes.size()));
  put_in_blocks(codes, 0, blocks.data());
  std::vector<std::uint16_t> found(padded_rows(codes.size())), least(codes.size(), 0x7fff);
  std::vector<std::uint64_t> luck(codes.size());
  for (std::size_t i = 0; i < luck.size(); ++i) luck[i] = random.below(i, 1 << 14);
  code_set centres(codes.bits());
  for (std::size_t c = 0, next = 0; c < count; ++c) {
    centres.append(codes.slice(next, 1));
    kernels().distances(blocks.data(), words, found.size() / block_codes, codes[next].data(),
                        found.data());
    // Far ones are likelier; always the farthest would choose the odd ones out.
    std::uint64_t highest = 0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      least[i] = (std::min)(least[i], found[i]);
      const std::uint64_t d = least[i];
      const std::uint64_t score = d * d * d * luck[(i + c * 977) % codes.size()];  // below 2^50
      if (score > highest) highest = score, next = i;
    }
    if (highest == 0) break;  // a centre at every code
  }
  for (int round = 0; round < 2; ++round) {
    const cell_centres cells(centres);
    std::vector<std::int32_t> balance(centres.size() * codes.bits(), 0);  // ones less zeros
    std::vector<std::uint16_t> distances;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      cells.distances(codes[i].data(), distances);
      std::int32_t* mine = balance.data() + cell_centres::nearest(distances) * codes.bits();
      for (std::size_t j = 0; j < codes.bits(); ++j) mine[j] += codes.bit(i, j) ? 1 : -1;
    }
    for (std::size_t c = 0; c < centres.size(); ++c)
      for (std::size_t j = 0; j < codes.bits(); ++j)
        if (const std::int32_t b = balance[c * codes.bits() + j]; b != 0)
          centres.set_bit(c, j, b > 0);
  }
  return centres;
}

/// Codes by cell, and in each by their distance to its centre. Never changes once built.
///
/// Memory: the codes once more, and 6 bytes for each.
class code_cells {
 public:
  struct cell {
    std::size_t first;  ///< place of the first code, a multiple of group_codes
    std::size_t size;
    std::uint16_t least;  ///< distances to the centre
    std::uint16_t most;
  };

  /// Of the rows 0 .. rows - 1 that have not been removed; fewer than 2^32. O(rows * cells * words).
  HINT_LAZY
  code_cells(const code_store& store, std::size_t rows, const code_view& centres)
      : centres_(centres), words_(store.words()), row_count_(rows), cells_(centres.size()) {
    // Sorted by counting: by cell, distance and row.
    const std::size_t distances = 64 * words_ + 1;
    std::vector<std::uint32_t> starts(cells_.size() * distances + 1, 0), keys(rows, none);
    std::vector<std::uint16_t> found;
    std::vector<std::uint64_t> code(words_);
    const auto for_live = [&](auto&& f) {
      store.for_live([&](std::size_t row, const code_chunk& chunk, std::size_t i) {
        if (row >= rows) return;
        get_from_blocks(chunk.blocks(), i, code);
        f(row);
      });
    };
    for_live([&](std::size_t row) {
      centres_.distances(code.data(), found);
      const std::size_t nearest = cell_centres::nearest(found);
      keys[row] = static_cast<std::uint32_t>(nearest * distances + found[nearest]);
      ++starts[keys[row]];
    });
    std::size_t places = 0;
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      cells_[c].first = places;
      for (std::size_t d = 0; d < distances; ++d) {
        const std::uint32_t count =
            std::exchange(starts[c * distances + d],
                          static_cast<std::uint32_t>(cells_[c].first + cells_[c].size));
        cells_[c].size += count;
      }
      places += padded_rows(cells_[c].size);
    }
    blocks_.resize(places * words_);
    rows_.resize(places, none);
    distances_.resize(places);
    for_live([&](std::size_t row) {
      const std::size_t place = starts[keys[row]]++;
      put_in_blocks(code_view(code, 64 * words_), place, blocks_.data());
      rows_[place] = static_cast<std::uint32_t>(row);
      distances_[place] = static_cast<std::uint16_t>(keys[row] % distances);
    });
    for (cell& x : cells_) {
      if (x.size == 0) continue;
      x.least = distances_[x.first];
      x.most = distances_[x.first + x.size - 1];
    }
  }

  static constexpr std::uint32_t none = (std::numeric_limits<std::uint32_t>::max)();
  [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }
  /// Rows that the cells know of.
  [[nodiscard]] std::size_t rows() const noexcept { return row_count_; }
  [[nodiscard]] std::size_t words() const noexcept { return words_; }
  [[nodiscard]] const cell_centres& centres() const noexcept { return centres_; }
  [[nodiscard]] const cell& operator[](std::size_t c) const noexcept { return cells_[c]; }
  /// How many codes the triangle inequality cannot tell to be at `limit` or beyond, and `each` for
  /// every cell that has some.
  HINT_LAZY
  [[nodiscard]] std::size_t within_reach(const std::uint64_t* query, std::uint32_t limit,
                                         std::size_t each = 0) const {
    std::vector<std::uint16_t> found;
    centres_.distances(query, found);
    std::size_t sum = 0;
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      std::size_t count = 0;
      for (const std::uint16_t d : distances(cells_[c]))
        count += found[c] < d + limit && d < found[c] + limit ? 1 : 0;
      if (count > 0) sum += count + each;
    }
    return sum;
  }
  /// All cells one after the other.
  [[nodiscard]] const std::uint64_t* blocks() const noexcept { return blocks_.data(); }
  /// The row at a place; `none` where a cell is filled up.
  [[nodiscard]] std::uint32_t row(std::size_t place) const noexcept { return rows_[place]; }
  /// Distances to the centres, by place.
  [[nodiscard]] std::span<const std::uint16_t> distances(const cell& c) const noexcept {
    return std::span(distances_).subspan(c.first, c.size);
  }

 private:
  cell_centres centres_;
  std::size_t words_;
  std::size_t row_count_;
  std::vector<cell> cells_;
  aligned_buffer<std::uint64_t> blocks_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint16_t> distances_;
};

/// Looks through cells for one query after the other. Not thread-safe: each thread has its own.
class cell_prober {
 public:
  /// What it costs to begin with a cell, in codes to look at.
  static constexpr std::size_t overhead = 256;

  explicit cell_prober(const code_cells& cells) : cells_(cells) {}

  /// Offers rows to a collector as `prober` does. Returns true when all that are wanted have been
  /// offered; gives up, with false, when a sixteenth of `most` codes has been looked at and more than
  /// `most` would still have to be.
  ///
  /// A code x near enough to q has d(x, c) between d(q, c) - limit and d(q, c) + limit, both excluded,
  /// for its centre c: the triangle inequality.
  template <class Collector>
  [[nodiscard]] bool operator()(const std::uint64_t* query, Collector&& c, std::size_t most) {
    cells_.centres().distances(query, distances_);
    todo_.clear();
    const std::size_t nearest = cell_centres::nearest(distances_);
    std::size_t looked_at = look_at(query, c, nearest);
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (i != nearest && reaches(i, c.limit()))
        todo_.push_back({distances_[i], static_cast<std::uint32_t>(i)});
    // Further cells may bring nearer codes and so leave out others, but not most.
    if (c.limit() <= 64 * cells_.words() && ahead(c.limit()) / 4 > most) return false;
    // A heap, since few of many cells will be wanted.
    std::make_heap(todo_.begin(), todo_.end(), later{});
    for (std::size_t next_check = most / 16; !todo_.empty(); todo_.pop_back()) {
      if (looked_at > next_check) {
        const std::size_t left = ahead(c.limit());
        if (left > most) return false;
        next_check = looked_at + (std::max)(left / 2, most / 16);
      }
      std::pop_heap(todo_.begin(), todo_.end(), later{});
      if (reaches(todo_.back().cell, c.limit())) looked_at += look_at(query, c, todo_.back().cell);
    }
    return true;
  }

 private:
  struct near_cell {
    std::uint16_t distance;
    std::uint32_t cell;
  };
  struct later {
    [[nodiscard]] bool operator()(const near_cell& a, const near_cell& b) const noexcept {
      return a.distance != b.distance ? a.distance > b.distance : a.cell > b.cell;
    }
  };

  [[nodiscard]] bool reaches(std::size_t i, std::uint32_t limit) const noexcept {
    const std::uint32_t d = distances_[i];
    return cells_[i].size > 0 && d < cells_[i].most + limit && cells_[i].least < d + limit;
  }
  /// How many codes would still have to be looked at, by some of the cells.
  HINT_LAZY
  [[nodiscard]] std::size_t ahead(std::uint32_t limit) const noexcept {
    const std::size_t step = todo_.size() / 64 + 1;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < todo_.size(); i += step)
      if (reaches(todo_[i].cell, limit)) sum += in_ring(todo_[i].cell, limit).size() + overhead;
    return sum * step;
  }
  struct places {
    std::size_t first;
    std::size_t last;
    [[nodiscard]] std::size_t size() const noexcept { return last - first; }
  };
  /// Places in the cell, of codes that may be near enough.
  HINT_LAZY
  [[nodiscard]] places in_ring(std::size_t i, std::uint32_t limit) const noexcept {
    const std::uint32_t d = distances_[i];
    const auto all = cells_.distances(cells_[i]);
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
    const std::size_t first = cells_[i].first + ring.first / group_codes * group_codes;
    const std::size_t last = cells_[i].first + padded_rows(ring.last);
    std::uint32_t limit = c.limit();
    for (std::size_t at = first / block_codes; at < last / block_codes && limit > 0;) {
      const scan_job job{cells_.blocks(), cells_.words(), last / block_codes,
                         query,           &limit,         check_after(cells_.words(), limit)};
      std::size_t n = 0;
      at = kernels().scan_one(job, at, found_.data(), n);
      for (std::size_t j = 0; j < n; ++j) {
        const std::uint32_t row = cells_.row(found_[j].row);
        if (row != code_cells::none && found_[j].distance < limit)
          c.offer(std::uint32_t{found_[j].distance}, row);
      }
      limit = c.limit();
    }
    return last - first + overhead;
  }

  const code_cells& cells_;
  std::vector<std::uint16_t> distances_;
  std::vector<near_cell> todo_;
  std::array<candidate, most_candidates> found_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
