// SPDX-License-Identifier: MIT
/// \file
/// How codes lie in memory and in files: by words (block_layout.hpp), or by bytes where words would be
/// filled in part only.
#ifndef HINT_SEARCH_KERNELS_CODE_LAYOUT_HPP
#define HINT_SEARCH_KERNELS_CODE_LAYOUT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/search/kernels/block_layout.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Codes in a group of byte planes: byte p of all of them is the group's cache line p. So 64 distances
/// grow at once, each in a byte.
inline constexpr std::size_t plane_codes = 64;
/// Bytes of the longest codes that are laid out in planes: 31 * 8 fits a byte.
inline constexpr std::size_t most_planes = 31;

/// The layout of the codes of a chunk. Blocks are counted alike in both, eight codes each; in planes
/// they begin and end at multiples of eight only.
class code_layout {
 public:
  /// The one that takes less memory; the faster one, too.
  [[nodiscard]] static constexpr code_layout best(std::size_t bits) noexcept {
    const std::size_t bytes = (bits + 7) / 8;
    return {words_for(bits), bytes % 8 != 0 && bytes <= most_planes ? bytes : 0};
  }
  /// By words, whatever the length.
  [[nodiscard]] static constexpr code_layout by_words(std::size_t bits) noexcept {
    return {words_for(bits), 0};
  }

  [[nodiscard]] constexpr bool in_planes() const noexcept { return planes_ != 0; }
  /// Of a code that is put in or taken out.
  [[nodiscard]] constexpr std::size_t words() const noexcept { return words_; }
  /// What kernels take as the length of a code: planes or words.
  [[nodiscard]] constexpr std::size_t length() const noexcept {
    return in_planes() ? planes_ : words_;
  }
  /// Memory of a code, and 64-bit words of a block.
  [[nodiscard]] constexpr std::size_t bytes() const noexcept {
    return in_planes() ? planes_ : 8 * words_;
  }
  /// Codes that are filled up together. Scans are cut in front of whole groups.
  [[nodiscard]] constexpr std::size_t group() const noexcept {
    return in_planes() ? plane_codes : group_codes;
  }
  /// Rows with the filling.
  [[nodiscard]] constexpr std::size_t padded(std::size_t rows) const noexcept {
    return (rows + group() - 1) / group() * group();
  }
  /// 64-bit words for so many rows. Unchecked: rows * bytes() must fit.
  [[nodiscard]] constexpr std::size_t room(std::size_t rows) const noexcept {
    return padded(rows) / 8 * bytes();
  }

  /// Writes codes as rows first, first + 1, ... of `blocks`. O(codes * bytes).
  void put(const code_view& codes, std::size_t first, std::uint64_t* blocks) const noexcept {
    if (!in_planes()) return put_in_blocks(codes, first, blocks);
    auto* const lines = reinterpret_cast<unsigned char*>(blocks);
    const auto* code = reinterpret_cast<const unsigned char*>(codes.data());
    for (std::size_t row = first; row < first + codes.size(); ++row, code += 8 * words_)
      for (std::size_t p = 0; p < planes_; ++p) lines[place(row, p)] = code[p];
  }
  /// Reads the code of a row; out.size() == words().
  void get(const std::uint64_t* blocks, std::size_t row,
           std::span<std::uint64_t> out) const noexcept {
    if (!in_planes()) return get_from_blocks(blocks, row, out);
    const auto* const lines = reinterpret_cast<const unsigned char*>(blocks);
    auto* const code = reinterpret_cast<unsigned char*>(out.data());
    for (std::size_t p = 0; p < 8 * words_; ++p)
      code[p] = p < planes_ ? lines[place(row, p)] : static_cast<unsigned char>(0);
  }

  friend constexpr bool operator==(const code_layout&, const code_layout&) = default;

 private:
  constexpr code_layout(std::size_t words, std::size_t planes) noexcept
      : words_(words), planes_(planes) {}
  [[nodiscard]] constexpr std::size_t place(std::size_t row, std::size_t p) const noexcept {
    return (row / plane_codes * planes_ + p) * plane_codes + row % plane_codes;
  }
  std::size_t words_;
  std::size_t planes_;  // 0: by words
};

/// Byte p of query q, of `together` queries with their words interleaved.
[[nodiscard]] inline std::uint8_t query_byte(const std::uint64_t* queries, std::size_t together,
                                             std::size_t q, std::size_t p) noexcept {
  return static_cast<std::uint8_t>(queries[p / 8 * together + q] >> (8 * (p % 8)));
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
