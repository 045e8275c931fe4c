// SPDX-License-Identifier: MIT
/// \file
/// One archive of a file (archive_format.hpp) as bytes: is it all there, is it undamaged.
#ifndef HINT_IO_ARCHIVE_SECTION_HPP
#define HINT_IO_ARCHIVE_SECTION_HPP

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/version.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/element.hpp>
#include <hint/io/xxh64.hpp>

namespace hint { inline namespace HINT_ABI { namespace io::detail {

/// Where a section is, for messages: "file.hint", "file.hint: section 2 at byte 320".
class section_place {
 public:
  /// `number` 0: the only one, not worth mentioning.
  explicit section_place(std::string path, std::size_t number = 0, std::size_t offset = 0)
      : text_(std::move(path)) {
    if (number > 0) text_ += hint::detail::concat(": section ", number, " at byte ", offset);
  }
  /// Throws `format_error` with the place in front unless `condition` holds.
  template <class... Ts>
  void require(bool condition, const Ts&... parts) const {
    if (!condition) [[unlikely]]
      hint::detail::raise<format_error>(text_, ": ", parts...);
  }

 private:
  std::string text_;
};

/// Whether bytes begin as every section does.
[[nodiscard]] inline bool begins_section(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= archive_magic.size() &&
         as_text(bytes.first(archive_magic.size())) == archive_magic;
}

/// The header of the section that begins at `bytes`, which go on to the end of the file. Checks
/// every field and that the section ends within them, in arithmetic that cannot overflow.
[[nodiscard]] inline archive_header read_header(std::span<const std::byte> bytes,
                                                const section_place& place) {
  const std::string_view start =
      as_text(bytes.first((std::min)(bytes.size(), archive_magic.size())));
  place.require(!start.empty() && start == archive_magic.substr(0, start.size()),
                "not a hint archive: begins with '", printable(start), "', expected '",
                printable(archive_magic), "'");
  place.require(bytes.size() >= header_bytes, "truncated: ", bytes.size(),
                " bytes, expected a header of ", header_bytes);
  const archive_header h = decode(bytes);
  place.require(h.version <= archive_version, "format version ", h.version,
                " is newer than this library (", HINT_VERSION, "), which reads up to ",
                archive_version);
  place.require(h.version >= 1, "format version is 0, expected 1 to ", archive_version);
  place.require(h.kind >= 1, "kind is 0, expected 1 or more");
  place.require(h.bit_order == least_significant_first, "bit order is ", h.bit_order, ", expected ",
                least_significant_first, " (least significant first)");
  place.require(h.bits <= max_bits, "bits is ", h.bits, ", expected 0 to ", max_bits);
  place.require(h.words_per_row == words_for(h.bits), "words per row is ", h.words_per_row,
                ", expected ", words_for(h.bits), " for ", h.bits, " bits");
  place.require(h.bits > 0 || h.rows == 0, "rows is ", h.rows,
                ", expected 0 when there are no codes");
  place.require(h.reserved == 0, "reserved field is ", h.reserved, ", expected 0");
  place.require(h.payload_offset % archive_alignment == 0 && h.payload_offset >= header_bytes,
                "payload offset is ", h.payload_offset, ", expected a multiple of ",
                archive_alignment, " from ", header_bytes, " on");
  place.require(h.payload_bytes % archive_alignment == 0, "payload is ", h.payload_bytes,
                " bytes, expected a multiple of ", archive_alignment);
  place.require(h.payload_offset <= bytes.size(), "truncated: ", bytes.size(),
                " bytes, but the payload begins at ", h.payload_offset);
  const std::uint64_t found = bytes.size() - h.payload_offset;
  place.require(found >= h.payload_bytes, "truncated: payload has ", found, " bytes, expected ",
                h.payload_bytes);
  return h;
}
/// The length of a section whose header `read_header` has passed.
[[nodiscard]] inline std::size_t section_bytes(const archive_header& header) noexcept {
  return header.payload_offset + header.payload_bytes;
}

[[nodiscard]] inline std::string hex(std::uint64_t value) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return std::string(digits.data(), end);
}
/// `section`: all its bytes, and no more. O(bytes).
inline void verify_checksum(std::span<const std::byte> section, const archive_header& header,
                            const section_place& place) {
  archive_header zeroed = header;
  zeroed.checksum = 0;
  xxh64 sum;
  sum.update(encode(zeroed));
  sum.update(section.subspan(header_bytes));
  place.require(sum.digest() == header.checksum, "damaged: checksum is ", hex(sum.digest()),
                ", expected ", hex(header.checksum));
}

}}}  // namespace hint::HINT_ABI::io::detail

#endif
