// SPDX-License-Identifier: MIT
/// \file
/// The text of an archive (archive_format.hpp): its entries, and where its arrays are.
#ifndef HINT_IO_ARCHIVE_METADATA_HPP
#define HINT_IO_ARCHIVE_METADATA_HPP

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_section.hpp>
#include <hint/io/element.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// An array of an archive.
struct archive_array {
  std::string type;  ///< NumPy's name: f4, u8, ...
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t offset = 0;  ///< from the payload's start
  std::size_t bytes = 0;
};

/// All entries and arrays by name.
struct archive_metadata {
  std::map<std::string, std::string, std::less<>> entries;
  std::map<std::string, archive_array, std::less<>> arrays;
};

namespace detail {

/// The whole text as a number.
template <class T>
[[nodiscard]] bool parse_number(std::string_view text, T& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc{} && end == text.data() + text.size();
}

/// Reads the text of a section line by line and checks every array against the payload's true
/// length.
class metadata_parser {
 public:
  metadata_parser(std::size_t payload_bytes, const section_place& place)
      : payload_bytes_(payload_bytes), place_(place) {}

  [[nodiscard]] archive_metadata parse(std::string_view text) && {
    place_.require(text.empty() || text.back() == '\n', "metadata does not end with a line feed");
    std::size_t number = 1;
    for (; !text.empty() && text[0] != '\n'; ++number) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(line.size() + 1);
      const std::size_t space = line.find(' ');
      const std::string_view key = line.substr(0, space);
      place_.require(space != std::string_view::npos && is_name(key), "metadata line ", number,
                     " is '", printable(line, 60), "', expected 'key value'");
      const std::string_view value = line.substr(space + 1);
      const bool fresh = key == array_key ? add_array(value, number)
                                          : found_.entries.emplace(key, unescape(value)).second;
      place_.require(fresh, "metadata line ", number, " repeats '", printable(line, 60), "'");
    }
    place_.require(text.find_first_not_of('\n') == std::string_view::npos, "metadata line ", number,
                   " is empty");
    place_.require(used_ == payload_bytes_, "payload has ", payload_bytes_,
                   " bytes, its arrays need ", used_);
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::string unescape(std::string_view value) const {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] != '\\') {
        out += value[i];
        continue;
      }
      ++i;
      place_.require(i < value.size() && (value[i] == '\\' || value[i] == 'n'), "metadata value '",
                     printable(value, 60), "' has an unknown escape");
      out += value[i] == 'n' ? '\n' : '\\';
    }
    return out;
  }
  /// One `name type rows cols offset`; false when the name is there already.
  [[nodiscard]] bool add_array(std::string_view value, std::size_t line) {
    std::array<std::string_view, 5> words;
    std::string_view rest = value;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::size_t end = i + 1 < words.size() ? rest.find(' ') : rest.size();
      words[i] = rest.substr(0, end);
      rest.remove_prefix((std::min)(rest.size(), words[i].size() + 1));
    }
    archive_array a;
    a.type = words[1];
    place_.require(is_name(words[0]) && parse_number(words[2], a.rows) &&
                       parse_number(words[3], a.cols) && parse_number(words[4], a.offset),
                   "metadata line ", line, " is 'array ", printable(value, 60),
                   "', expected 'array name type rows cols offset'");
    constexpr std::array<std::string_view, 10> types{"f4", "f8", "i1", "i2", "i4",
                                                     "i8", "u1", "u2", "u4", "u8"};
    place_.require(std::find(types.begin(), types.end(), a.type) != types.end(), "array '",
                   words[0], "' has type '", printable(a.type),
                   "', expected f4, f8, i1 to i8 or u1 to u8");
    const auto bytes =
        bytes_of(std::array{a.rows, a.cols}, static_cast<std::size_t>(a.type[1] - '0'));
    place_.require(a.offset == used_, "array '", words[0], "' is at ", a.offset,
                   " of the payload, expected ", used_);
    const std::size_t room = payload_bytes_ - used_;
    // Padding fits too: payload and offsets are multiples of 64.
    place_.require(bytes && *bytes <= room, "array '", words[0], "' of ", a.rows, " x ", a.cols,
                   " ", a.type, " does not fit the ", room, " bytes left of the payload");
    a.bytes = *bytes;
    used_ += *bytes + padding_for(*bytes);
    return found_.arrays.emplace(words[0], std::move(a)).second;
  }

  std::size_t payload_bytes_;
  const section_place& place_;
  archive_metadata found_;
  std::size_t used_ = 0;  // of the payload
};

/// `payload_bytes`: a multiple of 64 that `read_header` has passed.
[[nodiscard]] inline archive_metadata parse_metadata(std::string_view text,
                                                     std::size_t payload_bytes,
                                                     const section_place& place) {
  return metadata_parser(payload_bytes, place).parse(text);
}

}  // namespace detail

}}}  // namespace hint::HINT_ABI::io

#endif
