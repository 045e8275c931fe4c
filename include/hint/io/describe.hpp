// SPDX-License-Identifier: MIT
/// \file
/// What is in an archive, for people.
#ifndef HINT_IO_DESCRIBE_HPP
#define HINT_IO_DESCRIBE_HPP

#include <filesystem>
#include <string>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/element.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// Header, entries and arrays of each section as lines of text. Throws as `archive_reader` does; the
/// checksums are verified.
[[nodiscard]] inline std::string describe(const std::filesystem::path& path) {
  using hint::detail::concat;
  std::string out;
  for (const archive_reader& section : archive_reader::sections(path)) {
    const archive_header& h = section.header();
    out += concat(section.path(), ": hint archive, format ", h.version, ", ", kind_name(h.kind),
                  ", ", h.payload_offset + h.payload_bytes, " bytes, checksum ok\n");
    if (h.bits > 0)
      out += concat("codes: ", h.rows, " of ", h.bits, " bits, ", h.words_per_row,
                    " words each, least significant bit first\n");
    for (const auto& [key, value] : section.entries())
      out += concat(key, ": ", detail::printable(value, 200), "\n");
    for (const auto& [name, a] : section.arrays())
      out += concat("array ", name, ": ", a.rows, " x ", a.cols, " ", a.type, "\n");
  }
  return out;
}

}}}  // namespace hint::HINT_ABI::io

#endif
