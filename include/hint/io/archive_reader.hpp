// SPDX-License-Identifier: MIT
/// \file
/// Reads our own files (archive_format.hpp), in place.
#ifndef HINT_IO_ARCHIVE_READER_HPP
#define HINT_IO_ARCHIVE_READER_HPP

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/core/version.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/element.hpp>
#include <hint/io/xxh64.hpp>

namespace hint::inline HINT_ABI::io {

/// `skip` opens a large file without reading it; sizes and places are checked all the same.
enum class checksum_check : std::uint8_t { verify, skip };

/// A memory-mapped archive. Spans and views that it hands out are valid as long as it lives (moving it
/// keeps them). Const use from many threads is safe.
///
/// The constructor checks everything against the file's true length, in arithmetic that cannot
/// overflow, before anything is used. Whatever is wrong with a file throws `format_error`, which names
/// the path, what was found and what was expected.
class archive_reader {
 public:
  struct array_info {
    std::string type;  ///< NumPy's name: f4, u8, ...
    std::size_t rows = 0;
    std::size_t cols = 0;
    std::size_t offset = 0;  ///< from the payload's start
    std::size_t bytes = 0;
  };

  /// Throws `io_error` when the system refuses, `format_error` for a broken or foreign file. O(file)
  /// when it verifies, else O(metadata).
  explicit archive_reader(const std::filesystem::path& path,
                          checksum_check check = checksum_check::verify)
      : file_(path), path_(path.string()) {
    read_header();
    if (check == checksum_check::verify) verify();
    read_metadata();
    check_codes(check);
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const archive_header& header() const noexcept { return header_; }
  [[nodiscard]] std::uint32_t kind() const noexcept { return header_.kind; }
  /// All entries and arrays by name, for those who list them.
  [[nodiscard]] const auto& entries() const noexcept { return meta_; }
  [[nodiscard]] const auto& arrays() const noexcept { return arrays_; }

  /// Throws `format_error` with the path in front unless `condition` holds. For types that read
  /// themselves from an archive and find it lacking.
  template <class... Ts>
  void require(bool condition, const Ts&... parts) const {
    if (!condition) [[unlikely]]
      hint::detail::raise<format_error>(path_, ": ", parts...);
  }
  void require_kind(std::uint32_t kind) const {
    require(header_.kind == kind, "holds ", kind_name(header_.kind), ", expected ",
            kind_name(kind));
  }

  [[nodiscard]] bool has(std::string_view key) const { return meta_.find(key) != meta_.end(); }
  [[nodiscard]] bool has_array(std::string_view name) const {
    return arrays_.find(name) != arrays_.end();
  }
  /// Throws `format_error` when there is no such entry.
  [[nodiscard]] const std::string& meta(std::string_view key) const {
    const auto found = meta_.find(key);
    require(found != meta_.end(), "no entry '", key, "'");
    return found->second;
  }
  /// Throws `format_error` when there is no such entry or it is not a number that fits T. bool reads
  /// "true" and "false".
  template <class T>
    requires std::is_arithmetic_v<T>
  [[nodiscard]] T number(std::string_view key) const {
    const std::string& text = meta(key);
    T value{};
    bool good = false;
    if constexpr (std::same_as<T, bool>) {
      value = text == "true";
      good = value || text == "false";
    } else {
      good = parse(text, value);
    }
    require(good, "entry '", key, "' is '", detail::printable(text), "', expected ",
            std::same_as<T, bool>    ? "true or false"
            : std::floating_point<T> ? "a number"
            : std::is_unsigned_v<T>  ? "a whole number >= 0 in range"
                                     : "a whole number in range");
    return value;
  }

  [[nodiscard]] std::size_t rows(std::string_view name) const { return info(name).rows; }
  [[nodiscard]] std::size_t cols(std::string_view name) const { return info(name).cols; }
  /// rows x cols values in the map, row after row, on a 64-byte boundary. Throws `format_error` when
  /// there is no such array or it holds another type.
  template <element T>
  [[nodiscard]] std::span<const T> array(std::string_view name) const {
    const array_info& a = info(name);
    require(a.type == element_name<T>(), "array '", name, "' holds ", a.type, ", expected ",
            element_name<T>());
    const auto bytes = payload().subspan(a.offset, a.bytes);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  /// The codes in the map. Throws `format_error` when the archive has none.
  [[nodiscard]] code_view codes() const {
    require(header_.bits > 0, "holds no codes");
    return {array<std::uint64_t>(detail::codes_name), header_.bits};
  }

 private:
  [[nodiscard]] std::span<const std::byte> payload() const noexcept {
    return file_.bytes().subspan(static_cast<std::size_t>(header_.payload_offset));
  }
  [[nodiscard]] const array_info& info(std::string_view name) const {
    const auto found = arrays_.find(name);
    require(found != arrays_.end(), "no array '", name, "'");
    return found->second;
  }
  template <class T>
  [[nodiscard]] static bool parse(std::string_view text, T& value) {
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc{} && end == text.data() + text.size();
  }
  [[nodiscard]] static std::string hex(std::uint64_t value) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return std::string(digits.data(), end);
  }

  void read_header() {
    const auto bytes = file_.bytes();
    const std::string_view start =
        detail::as_text(bytes.first((std::min)(bytes.size(), archive_magic.size())));
    require(!start.empty() && start == archive_magic.substr(0, start.size()),
            "not a hint archive: begins with '", detail::printable(start), "', expected '",
            detail::printable(archive_magic), "'");
    require(bytes.size() >= detail::header_bytes, "truncated: ", bytes.size(),
            " bytes, expected a header of ", detail::header_bytes);
    header_ = detail::decode(bytes);
    const archive_header& h = header_;
    require(h.version <= archive_version, "format version ", h.version,
            " is newer than this library (", HINT_VERSION, "), which reads up to ",
            archive_version);
    require(h.version >= 1, "format version is 0, expected 1 to ", archive_version);
    require(h.kind >= 1, "kind is 0, expected 1 or more");
    require(h.bit_order == least_significant_first, "bit order is ", h.bit_order, ", expected ",
            least_significant_first, " (least significant first)");
    require(h.bits <= max_bits, "bits is ", h.bits, ", expected 0 to ", max_bits);
    require(h.words_per_row == words_for(h.bits), "words per row is ", h.words_per_row,
            ", expected ", words_for(h.bits), " for ", h.bits, " bits");
    require(h.bits > 0 || h.rows == 0, "rows is ", h.rows, ", expected 0 when there are no codes");
    require(h.reserved == 0, "reserved field is ", h.reserved, ", expected 0");
    require(h.payload_offset % archive_alignment == 0 && h.payload_offset >= detail::header_bytes,
            "payload offset is ", h.payload_offset, ", expected a multiple of ", archive_alignment,
            " from ", detail::header_bytes, " on");
    require(h.payload_bytes % archive_alignment == 0, "payload is ", h.payload_bytes,
            " bytes, expected a multiple of ", archive_alignment);
    require(h.payload_offset <= bytes.size(), "truncated: ", bytes.size(),
            " bytes, but the payload begins at ", h.payload_offset);
    const std::uint64_t found = bytes.size() - h.payload_offset;
    require(found >= h.payload_bytes, "truncated: payload has ", found, " bytes, expected ",
            h.payload_bytes);
    require(found == h.payload_bytes, found - h.payload_bytes,
            " bytes after the end of the payload");
  }

  void verify() const {
    archive_header zeroed = header_;
    zeroed.checksum = 0;
    xxh64 sum;
    sum.update(detail::encode(zeroed));
    sum.update(file_.bytes().subspan(detail::header_bytes));
    require(sum.digest() == header_.checksum, "damaged: checksum is ", hex(sum.digest()),
            ", expected ", hex(header_.checksum));
  }

  void read_metadata() {
    std::string_view text = detail::as_text(file_.bytes().subspan(
        detail::header_bytes,
        static_cast<std::size_t>(header_.payload_offset) - detail::header_bytes));
    require(text.empty() || text.back() == '\n', "metadata does not end with a line feed");
    std::size_t used = 0;  // of the payload
    std::size_t number = 1;
    for (; !text.empty() && text[0] != '\n'; ++number) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(line.size() + 1);
      const std::size_t space = line.find(' ');
      const std::string_view key = line.substr(0, space);
      require(space != std::string_view::npos && detail::is_name(key), "metadata line ", number,
              " is '", detail::printable(line, 60), "', expected 'key value'");
      const std::string_view value = line.substr(space + 1);
      const bool fresh = key == detail::array_key ? add_array(value, number, used)
                                                  : meta_.emplace(key, unescape(value)).second;
      require(fresh, "metadata line ", number, " repeats '", detail::printable(line, 60), "'");
    }
    require(text.find_first_not_of('\n') == std::string_view::npos, "metadata line ", number,
            " is empty");
    require(used == header_.payload_bytes, "payload has ", header_.payload_bytes,
            " bytes, its arrays need ", used);
  }
  [[nodiscard]] std::string unescape(std::string_view value) const {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] != '\\') {
        out += value[i];
        continue;
      }
      ++i;
      require(i < value.size() && (value[i] == '\\' || value[i] == 'n'), "metadata value '",
              detail::printable(value, 60), "' has an unknown escape");
      out += value[i] == 'n' ? '\n' : '\\';
    }
    return out;
  }
  /// One `name type rows cols offset`; false when the name is there already.
  [[nodiscard]] bool add_array(std::string_view value, std::size_t line, std::size_t& used) {
    std::array<std::string_view, 5> words;
    std::string_view rest = value;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::size_t end = i + 1 < words.size() ? rest.find(' ') : rest.size();
      words[i] = rest.substr(0, end);
      rest.remove_prefix((std::min)(rest.size(), words[i].size() + 1));
    }
    array_info a;
    a.type = words[1];
    require(detail::is_name(words[0]) && parse(words[2], a.rows) && parse(words[3], a.cols) &&
                parse(words[4], a.offset),
            "metadata line ", line, " is 'array ", detail::printable(value, 60),
            "', expected 'array name type rows cols offset'");
    constexpr std::array<std::string_view, 10> types{"f4", "f8", "i1", "i2", "i4",
                                                     "i8", "u1", "u2", "u4", "u8"};
    require(std::find(types.begin(), types.end(), a.type) != types.end(), "array '", words[0],
            "' has type '", detail::printable(a.type), "', expected f4, f8, i1 to i8 or u1 to u8");
    const auto bytes =
        detail::bytes_of(std::array{a.rows, a.cols}, static_cast<std::size_t>(a.type[1] - '0'));
    require(a.offset == used, "array '", words[0], "' is at ", a.offset,
            " of the payload, expected ", used);
    const std::size_t room = payload().size() - used;
    // Padding fits too: payload and offsets are multiples of 64.
    require(bytes && *bytes <= room, "array '", words[0], "' of ", a.rows, " x ", a.cols, " ",
            a.type, " does not fit the ", room, " bytes left of the payload");
    a.bytes = *bytes;
    used += *bytes + detail::padding_for(*bytes);
    return arrays_.emplace(words[0], std::move(a)).second;
  }

  void check_codes(checksum_check check) const {
    if (header_.bits == 0) return;
    const array_info& a = info(detail::codes_name);
    require(a.type == "u8" && a.rows == header_.rows && a.cols == header_.words_per_row,
            "array 'codes' is ", a.rows, " x ", a.cols, " ", a.type, ", the header says ",
            header_.rows, " x ", header_.words_per_row, " u8");
    if (check == checksum_check::skip || header_.bits % 64 == 0) return;
    const code_view all = codes();
    for (std::size_t i = 0; i < all.size(); ++i)
      require((all[i].back() & ~last_word_mask(all.bits())) == 0, "code ", i,
              " has bits set beyond ", all.bits());
  }

  mapped_file file_;
  std::string path_;
  archive_header header_;
  std::map<std::string, std::string, std::less<>> meta_;
  std::map<std::string, array_info, std::less<>> arrays_;
};

}  // namespace hint::inline HINT_ABI::io

#endif
