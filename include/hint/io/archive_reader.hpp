// SPDX-License-Identifier: MIT
/// \file
/// Reads our own files (archive_format.hpp), in place.
#ifndef HINT_IO_ARCHIVE_READER_HPP
#define HINT_IO_ARCHIVE_READER_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_metadata.hpp>
#include <hint/io/archive_section.hpp>
#include <hint/io/element.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// `skip` opens a large file without reading it; sizes and places are checked all the same.
enum class checksum_check : std::uint8_t { verify, skip };

/// A memory-mapped archive: a whole file, or a section of one. Copies cost next to nothing and
/// share the map; spans and views that any of them hands out are valid as long as one of them
/// lives, also when the file is appended to or replaced meanwhile. Const use from many threads is
/// safe.
///
/// Opening checks everything against the file's true length, in arithmetic that cannot overflow,
/// before anything is used. Whatever is wrong with a file throws `format_error`, which names the
/// path, the section where there are several, what was found and what was expected.
class archive_reader {
 public:
  using array_info = archive_array;

  /// A file of one section. Throws `io_error` when the system refuses, `format_error` for a broken
  /// or foreign file and for one of several sections. O(file) when it verifies, else O(metadata).
  explicit archive_reader(const std::filesystem::path& path,
                          checksum_check check = checksum_check::verify)
      : archive_reader(std::make_shared<const mapped_file>(path), path.string(), 0, 0, check) {}

  /// A file of any number of sections, from the first to the last; at least one. Throws as the
  /// constructor does, also when sections differ in kind. What it says of a section after the first
  /// ends with the number of bytes before it, which are whole: a program that was killed while it
  /// appended leaves a part of a section behind, and cutting the file to that length undoes it.
  [[nodiscard]] static std::vector<archive_reader> sections(
      const std::filesystem::path& path, checksum_check check = checksum_check::verify) {
    const auto file = std::make_shared<const mapped_file>(path);
    const std::string name = path.string();
    std::vector<archive_reader> all;
    std::size_t offset = 0;
    do {
      try {
        all.push_back(archive_reader(file, name, all.size() + 1, offset, check));
      } catch (const format_error& e) {
        if (all.empty()) throw;
        throw format_error(
            hint::detail::concat(e.what(), "; the first ", offset,
                                 " bytes of the file are whole sections, cut it there"
                                 " if an append was interrupted"));
      }
      all.back().require(all.back().kind() == all.front().kind(), "holds ",
                         kind_name(all.back().kind()), ", the section before ",
                         kind_name(all.front().kind()));
      offset += detail::section_bytes(all.back().header());
    } while (offset < file->bytes().size());
    return all;
  }

  [[nodiscard]] const std::string& path() const noexcept { return it_->path; }
  [[nodiscard]] const archive_header& header() const noexcept { return it_->header; }
  [[nodiscard]] std::uint32_t kind() const noexcept { return header().kind; }
  /// Whether the checksum was verified: if not, values are to be believed.
  [[nodiscard]] bool verified() const noexcept { return it_->verified; }
  /// All entries and arrays by name, for those who list them.
  [[nodiscard]] const auto& entries() const noexcept { return it_->metadata.entries; }
  [[nodiscard]] const auto& arrays() const noexcept { return it_->metadata.arrays; }

  /// Throws `format_error` with the path in front unless `condition` holds. For types that read
  /// themselves from an archive and find it lacking.
  template <class... Ts>
  void require(bool condition, const Ts&... parts) const {
    it_->place.require(condition, parts...);
  }
  void require_kind(std::uint32_t expected) const {
    require(kind() == expected, "holds ", kind_name(kind()), ", expected ", kind_name(expected));
  }

  [[nodiscard]] bool has(std::string_view key) const {
    return entries().find(key) != entries().end();
  }
  [[nodiscard]] bool has_array(std::string_view name) const {
    return arrays().find(name) != arrays().end();
  }
  /// Throws `format_error` when there is no such entry.
  [[nodiscard]] const std::string& meta(std::string_view key) const {
    const auto found = entries().find(key);
    require(found != entries().end(), "no entry '", key, "'");
    return found->second;
  }
  /// Throws `format_error` when there is no such entry or it is not a number that fits T. bool
  /// reads "true" and "false".
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
      good = detail::parse_number(text, value);
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
  /// rows x cols values in the map, row after row, on a 64-byte boundary. Throws `format_error`
  /// when there is no such array or it holds another type.
  template <element T>
  [[nodiscard]] std::span<const T> array(std::string_view name) const {
    const array_info& a = info(name);
    require(a.type == element_name<T>(), "array '", name, "' holds ", a.type, ", expected ",
            element_name<T>());
    const auto bytes = it_->payload.subspan(a.offset, a.bytes);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  /// The codes in the map. Throws `format_error` when the archive has none.
  [[nodiscard]] code_view codes() const {
    require(header().bits > 0, "holds no codes");
    return {array<std::uint64_t>(detail::codes_name), header().bits};
  }

 private:
  struct contents {
    std::shared_ptr<const mapped_file> file;
    std::string path;
    archive_header header;
    detail::section_place place;
    std::span<const std::byte> payload;
    archive_metadata metadata;
    bool verified;
  };

  /// The section at `offset`, which is within the file unless it is 0; `number` counts from 1, 0:
  /// there may be no other.
  archive_reader(std::shared_ptr<const mapped_file> file, const std::string& path,
                 std::size_t number, std::size_t offset, checksum_check check) {
    const auto rest = file->bytes().subspan(offset);
    // A first section goes without a number as long as no second is in sight.
    detail::section_place place(path, number > 1 ? number : 0, offset);
    const archive_header header = detail::read_header(rest, place);
    const auto bytes = rest.first(detail::section_bytes(header));
    const auto behind = rest.subspan(bytes.size());
    if (number == 0)
      place.require(behind.empty(), behind.size(), " bytes after the end of the payload",
                    detail::begins_section(behind)
                        ? ", which begin like a further section; expected a single one"
                        : "");
    if (number == 1 && !behind.empty()) place = detail::section_place(path, 1, 0);
    if (check == checksum_check::verify) detail::verify_checksum(bytes, header, place);
    const auto text_bytes = static_cast<std::size_t>(header.payload_offset) - detail::header_bytes;
    const auto payload = bytes.subspan(detail::header_bytes + text_bytes);
    auto metadata = detail::parse_metadata(
        detail::as_text(bytes.subspan(detail::header_bytes, text_bytes)), payload.size(), place);
    it_ = std::make_shared<const contents>(contents{std::move(file), path, header, std::move(place),
                                                    payload, std::move(metadata),
                                                    check == checksum_check::verify});
    check_codes(check);
  }

  [[nodiscard]] const array_info& info(std::string_view name) const {
    const auto found = arrays().find(name);
    require(found != arrays().end(), "no array '", name, "'");
    return found->second;
  }

  void check_codes(checksum_check check) const {
    const archive_header& h = header();
    if (h.bits == 0) return;
    const array_info& a = info(detail::codes_name);
    require(a.type == "u8" && a.rows == h.rows && a.cols == h.words_per_row, "array 'codes' is ",
            a.rows, " x ", a.cols, " ", a.type, ", the header says ", h.rows, " x ",
            h.words_per_row, " u8");
    if (check == checksum_check::skip || h.bits % 64 == 0) return;
    const code_view all = codes();
    for (std::size_t i = 0; i < all.size(); ++i)
      require((all[i].back() & ~last_word_mask(all.bits())) == 0, "code ", i,
              " has bits set beyond ", all.bits());
  }

  std::shared_ptr<const contents> it_;
};

}}}  // namespace hint::HINT_ABI::io

#endif
