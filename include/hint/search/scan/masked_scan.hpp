// SPDX-License-Identifier: MIT
/// \file
/// A scan that looks at some bits only: codes are copied without the others, a tile at a time, and scanned by
/// the kernels of all scans.
#ifndef HINT_SEARCH_SCAN_MASKED_SCAN_HPP
#define HINT_SEARCH_SCAN_MASKED_SCAN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/kernels/layout_kernels.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// A mask in a layout. In any layout a cache line has one unit of several codes, a word of eight or a byte of
/// sixty-four, and the units of a code follow each other: line i has unit i mod `layout.length()`. Units of
/// which no bit counts are left out.
class layout_mask {
 public:
  layout_mask(const code_layout& layout, std::span<const std::uint64_t> mask)
      : in_planes_(layout.in_planes()), length_(layout.length()) {
    for (std::size_t u = 0; u < length_; ++u)
      if (unit(mask, u) != 0) add(u, unit(mask, u));
    if (units_.empty()) add(0, 0);  // kernels want one: of zeros
  }
  /// Units that are left, what kernels take as the length of a code.
  [[nodiscard]] std::size_t length() const noexcept { return units_.size(); }
  /// Words of a query that is left.
  [[nodiscard]] std::size_t words() const noexcept {
    return in_planes_ ? (units_.size() + 7) / 8 : units_.size();
  }
  /// The bits of a query that count; out.size() == words().
  void apply(std::span<const std::uint64_t> query, std::span<std::uint64_t> out) const noexcept {
    std::fill(out.begin(), out.end(), std::uint64_t{0});
    for (std::size_t t = 0; t < units_.size(); ++t) {
      if (in_planes_) {
        out[t / 8] |= (unit(query, units_[t]) & (patterns_[t] & 0xff)) << (8 * (t % 8));
      } else {
        out[t] = query[units_[t]] & patterns_[t];
      }
    }
  }
  /// The same of whole lines of codes, `lines` a multiple of the layout's length. Hot loop.
  void apply(const std::uint64_t* blocks, std::size_t lines, std::uint64_t* out) const noexcept {
    for (std::size_t line = 0; line < lines; line += length_)
      for (std::size_t t = 0; t < units_.size(); ++t, out += line_words) {
        const std::uint64_t* const from = blocks + (line + units_[t]) * line_words;
        for (std::size_t i = 0; i < line_words; ++i) out[i] = from[i] & patterns_[t];
      }
  }
  static constexpr std::size_t line_words = 8;

 private:
  [[nodiscard]] std::uint64_t unit(std::span<const std::uint64_t> code,
                                   std::size_t u) const noexcept {
    return in_planes_ ? query_byte(code.data(), 1, 0, u) : code[u];
  }
  void add(std::size_t unit, std::uint64_t bits) {
    units_.push_back(unit);
    patterns_.push_back(in_planes_ ? bits * 0x0101010101010101ULL : bits);
  }
  bool in_planes_;
  std::size_t length_;
  std::vector<std::size_t> units_;
  std::vector<std::uint64_t> patterns_;
};

/// Masks and queries of a part of a scan in a layout: one mask for all queries, or one for each.
class masked_queries {
 public:
  masked_queries(const code_layout& layout, const code_view& queries, const code_view& masks,
                 const scan_part& part) {
    for (std::size_t m = 0; m < (masks.size() == 1 ? 1 : part.end - part.begin); ++m)
      masks_.emplace_back(layout, masks[masks.size() == 1 ? 0 : part.begin + m]);
    std::size_t words = 0;
    for (const layout_mask& mask : masks_) words = (std::max)(words, mask.words());
    asked_ = code_set(64 * words, part.end - part.begin);
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      const layout_mask& mask = masks_[one_mask() ? 0 : i];
      mask.apply(queries[part.begin + i], asked_[i].first(mask.words()));
    }
    fours_ = std::make_unique<interleaved_queries>(asked_, 0, one_mask() ? asked_.size() : 0);
  }
  [[nodiscard]] bool one_mask() const noexcept { return masks_.size() == 1; }
  [[nodiscard]] const layout_mask& mask(std::size_t i) const noexcept {
    return masks_[one_mask() ? 0 : i];
  }
  [[nodiscard]] const std::uint64_t* query(std::size_t i) const noexcept {
    return asked_[i].data();
  }
  /// Queries by fours, when all have one mask.
  [[nodiscard]] const interleaved_queries& fours() const noexcept { return *fours_; }

 private:
  std::vector<layout_mask> masks_;
  code_set asked_;
  std::unique_ptr<interleaved_queries> fours_;
};

/// As `scan`, with distances in the bits of `masks`: of one for all queries, or of one for each.
template <class Collector>
void scan_masked(const code_store& store, const code_view& queries, const code_view& masks,
                 const scan_part& part, Collector&& collector) {
  std::array<std::unique_ptr<masked_queries>, 2> prepared;  // by words, in planes
  aligned_buffer<std::uint64_t> tile;
  const std::size_t blocks = 2048 / store.words();  // 128 KiB
  for_block_runs(
      store, part.first, part.last, blocks, [&](std::size_t c, std::size_t b, std::size_t end) {
        const code_chunk& chunk = store.chunk(c);
        const code_layout& layout = chunk.layout();
        auto& asked = prepared[layout.in_planes() ? 1 : 0];
        if (asked == nullptr)
          asked = std::make_unique<masked_queries>(layout, queries, masks, part);
        const kernel_set& kernel = kernels_for(layout);
        const std::size_t lines = (end - b) * layout.bytes() / layout_mask::line_words;
        tile.resize((std::max)(tile.size(), (end - b) * layout.bytes()));
        const auto fill = [&](std::size_t i) {
          asked->mask(i).apply(chunk.blocks() + b * layout.bytes(), lines, tile.data());
        };
        const auto pass = [&](scan_kernel go, const std::uint64_t* query, std::size_t first,
                              std::size_t together) {
          const auto limits_now = [&](std::array<std::uint32_t, 4>& limits) {
            std::uint32_t highest = 0;
            for (std::size_t q = 0; q < together && first + q < part.end; ++q)
              highest = (std::max)(highest, limits[q] = collector.limit(first + q));
            return highest;
          };
          scan_blocks(go, tile.data(), asked->mask(first - part.begin).length(), 0, end - b, query,
                      limits_now, [&](const candidate& x) {
                        const std::size_t in_chunk = b * block_codes + x.row;
                        if (in_chunk >= chunk.rows() || !store.live(store.first_row(c) + in_chunk))
                          return;
                        collector.offer(first + x.query, x.distance, chunk.ids()[in_chunk]);
                      });
        };
        if (asked->one_mask()) fill(0);
        const std::size_t fours = asked->fours().fours();
        for (std::size_t g = 0; g < fours; ++g)
          pass(kernel.scan_four, asked->fours().four(g), part.begin + g * 4, 4);
        for (std::size_t i = fours * 4; i < part.end - part.begin; ++i) {
          if (!asked->one_mask()) fill(i);
          pass(kernel.scan_one, asked->query(i), part.begin + i, 1);
        }
      });
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
