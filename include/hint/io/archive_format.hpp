// SPDX-License-Identifier: MIT
/// \file
/// The layout of our own files: packed codes, models, indexes.
///
/// A file is one archive or several of one kind after one another, its sections: whoever appends to
/// an index adds a section and changes nothing before it. Each section is complete in itself:
///
/// | bytes of the section | what |
/// |---|---|
/// | 0 .. 63 | header, see `archive_header` |
/// | 64 .. | text: lines `key value`, keys ascending, then one line `array name type rows cols offset` per array; line feeds fill up to a multiple of 64 |
/// | payload_offset .. | the arrays in the order of their lines, each row after row and filled up with zeros to a multiple of 64 |
///
/// Everything is little-endian. `type` is NumPy's name (f4, u8, ...); `offset` counts from the
/// payload's start and is always the end of the array before. Line feeds in values are written \n,
/// backslashes \\. The payload can be memory-mapped and used in place: sections are multiples of 64
/// bytes long, so that every array of every section lies on a 64-byte boundary of the file. The
/// checksum is XXH64 (seed 0) of the whole section with the checksum's own 8 bytes taken as zero.
///
/// Versions of the format have this frame in common. What version 2 adds is in indexes: codes laid out by
/// bytes and ids that are not a list, see search/store/store_archive.hpp and ids_archive.hpp.
///
/// By convention the entries `type` and `bits` say what sections of one file have in common.
#ifndef HINT_IO_ARCHIVE_FORMAT_HPP
#define HINT_IO_ARCHIVE_FORMAT_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/io/element.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// The newest format that this library reads and writes. It reads all older ones, and writes them where
/// they do: see `archive_writer::needs_version`.
inline constexpr std::uint32_t archive_version = 2;
inline constexpr std::uint32_t oldest_archive_version = 1;

/// What an archive holds. Numbers from 1000 on are for users' own types.
inline constexpr std::uint32_t codes_kind = 1;
inline constexpr std::uint32_t model_kind = 2;
inline constexpr std::uint32_t index_kind = 3;
inline constexpr std::uint32_t checkpoint_kind = 4;

/// "codes", "model", "index", "checkpoint", "kind 1000".
[[nodiscard]] inline std::string kind_name(std::uint32_t kind) {
  constexpr std::array<std::string_view, 5> names{"", "codes", "model", "index", "checkpoint"};
  return kind >= 1 && kind < names.size() ? std::string(names[kind])
                                          : "kind " + std::to_string(kind);
}

/// Like PNG's: not text, and changed by every transfer that changes line ends.
inline constexpr std::string_view archive_magic = "\x89HINT\r\n\x1a";

/// Alignment of the payload and of every array in it.
inline constexpr std::size_t archive_alignment = 64;

/// Bit i of a code is bit i mod 64, least significant first, of its word i / 64.
inline constexpr std::uint32_t least_significant_first = 1;

/// The first 64 bytes after the magic, in this order.
struct archive_header {
  std::uint32_t version = archive_version;
  std::uint32_t kind = 0;
  std::uint32_t bit_order = least_significant_first;
  std::uint32_t bits = 0;           ///< of a code; 0 when the archive holds no codes
  std::uint64_t rows = 0;           ///< codes
  std::uint32_t words_per_row = 0;  ///< words_for(bits)
  std::uint32_t reserved = 0;
  std::uint64_t payload_offset = 0;  ///< from the section's start, a multiple of 64
  std::uint64_t payload_bytes = 0;   ///< up to the section's end, a multiple of 64
  std::uint64_t checksum = 0;
};

namespace detail {

inline constexpr std::size_t header_bytes = 64;
inline constexpr std::size_t checksum_offset = 56;
inline constexpr std::string_view codes_name = "codes";
inline constexpr std::string_view array_key = "array";
inline constexpr std::string_view library_key = "library";

/// Calls f(field) for every field in the order of the file.
template <class Header, class F>
constexpr void for_fields(Header& h, F&& f) {
  f(h.version), f(h.kind), f(h.bit_order), f(h.bits), f(h.rows), f(h.words_per_row), f(h.reserved);
  f(h.payload_offset), f(h.payload_bytes), f(h.checksum);
}
[[nodiscard]] inline std::array<std::byte, header_bytes> encode(const archive_header& header) {
  std::array<std::byte, header_bytes> out{};
  std::memcpy(out.data(), archive_magic.data(), archive_magic.size());
  std::size_t at = archive_magic.size();
  for_fields(header, [&](const auto& field) {
    std::memcpy(out.data() + at, &field, sizeof field);
    at += sizeof field;
  });
  return out;
}
/// `bytes`: at least 64.
[[nodiscard]] inline archive_header decode(std::span<const std::byte> bytes) {
  archive_header header;
  std::size_t at = archive_magic.size();
  for_fields(header, [&](auto& field) {
    std::memcpy(&field, bytes.data() + at, sizeof field);
    at += sizeof field;
  });
  return header;
}

[[nodiscard]] constexpr std::size_t padding_for(std::size_t bytes) noexcept {
  return (archive_alignment - bytes % archive_alignment) % archive_alignment;
}
/// Keys and names: letters, digits and . _ -
[[nodiscard]] constexpr bool is_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

}  // namespace detail

}}}  // namespace hint::HINT_ABI::io

#endif
