// SPDX-License-Identifier: MIT
/// \file
/// Writes our own files (archive_format.hpp).
#ifndef HINT_IO_ARCHIVE_WRITER_HPP
#define HINT_IO_ARCHIVE_WRITER_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
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
#include <hint/core/version.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/io/element.hpp>
#include <hint/io/xxh64.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// Whether an archive keeps the values it is given. By reference they must outlive the writing.
enum class hold : std::uint8_t { copy, reference };

namespace detail {

/// A container that owns its values: they are const when it is.
template <class C>
concept owning_container = !std::is_reference_v<C> && requires(C& c, const C& constant) {
  requires element<std::remove_pointer_t<decltype(c.data())>>;
  requires !std::same_as<decltype(c.data()), decltype(constant.data())>;
  std::span(constant);
};

}  // namespace detail

/// Collects entries and arrays, then writes them whole or not at all. Equal content gives equal
/// bytes.
/// \code
/// io::archive_writer w{io::model_kind};
/// w.meta("rate", 1e-4);
/// w.array("weights", weights, 512, 64);
/// w.save("model.hint");
/// \endcode
class archive_writer {
 public:
  /// Throws `invalid_argument` for kind 0.
  explicit archive_writer(std::uint32_t kind) {
    expects(kind != 0,
            "archive_writer: kind is 0, expected 1 (codes), 2 (model), 3 (index) or "
            "1000 and more for types of your own");
    header_.version = oldest_archive_version;
    header_.kind = kind;
    meta_.emplace(detail::library_key, HINT_VERSION);
  }

  /// Any text under a key of letters, digits, '.', '_' and '-'. Throws `invalid_argument` for other
  /// keys and for one that is there already ("library" always is, "array" is taken).
  void meta(std::string_view key, std::string_view value) {
    expects(detail::is_name(key), "archive_writer: key '", key,
            "', expected letters, digits, '.', '_' and '-'");
    const bool fresh = key != detail::array_key && meta_.emplace(key, value).second;
    expects(fresh, "archive_writer: key '", key, "' is taken");
  }
  /// The shortest text that reads back as the same number; "true" and "false".
  template <class T>
    requires std::is_arithmetic_v<T>
  void meta(std::string_view key, T value) {
    meta(key, std::string_view(hint::detail::concat(value)));
  }

  /// rows x cols values, row after row. Throws `shape_error` unless there are rows * cols,
  /// `invalid_argument` for a name of other characters than keys have or that is taken.
  template <element T>
  void array(std::string_view name, std::span<const T> values, std::size_t rows, std::size_t cols,
             hold how = hold::copy) {
    check(name, values, rows, cols);
    if (how == hold::copy) {
      keep(name, std::vector<T>(values.begin(), values.end()), rows, cols);
    } else {
      arrays_.push_back(
          {std::string(name), element_name<T>(), rows, cols, std::as_bytes(values), nullptr, 0});
    }
  }
  /// The same from a container that is given away, as by `std::move(values)`: kept without copying.
  /// When it throws, the container is as it was.
  template <detail::owning_container C>
  void array(std::string_view name, C&& values, std::size_t rows, std::size_t cols) {
    using T = std::remove_pointer_t<decltype(values.data())>;
    check(name, std::span<const T>(values), rows, cols);
    keep(name, std::move(values), rows, cols);  // NOLINT: C&& is no forwarding reference here
  }
  /// The same from anything that converts to a span: a vector, a span of non-const.
  template <class R>
    requires requires(const R& r) { std::span(r); }
  void array(std::string_view name, const R& values, std::size_t rows, std::size_t cols,
             hold how = hold::copy) {
    const auto view = std::span(values);
    using T = std::remove_cv_t<typename decltype(view)::element_type>;
    array(name, std::span<const T>(view), rows, cols, how);
  }

  /// Codes, as the array "codes" and in the header. Once per archive. Throws `invalid_argument` for rows
  /// of labels that are longer than codes can be.
  void codes(const code_view& codes, hold how = hold::copy) {
    expects(codes.bits() <= max_bits, "archive_writer: codes have ", codes.bits(),
            " bits, expected 1 to ", max_bits);
    array(detail::codes_name, codes.words(), codes.size(), codes.words_per_code(), how);
    set_codes(codes.bits(), codes.size());
  }

  /// Says that an array follows whose values come piece by piece (`archive_stream`). The last of the archive. Throws
  /// as `array`.
  template <element T>
  void array_to_come(std::string_view name, std::size_t rows, std::size_t cols) {
    check_name(name);
    const auto bytes = detail::bytes_of(std::array{rows, cols}, sizeof(T));
    expects<shape_error>(bytes.has_value(), "archive_writer: array '", name, "' of ", rows, " x ",
                         cols, " is larger than any file");
    arrays_.push_back({std::string(name), element_name<T>(), rows, cols, {}, nullptr, *bytes});
  }
  /// The same of codes, which are `codes(...)` of an archive that is written at once.
  void codes_to_come(std::size_t bits, std::size_t rows) {
    expects(bits >= 1 && bits <= max_bits, "archive_writer: codes have ", bits,
            " bits, expected 1 to ", max_bits);
    array_to_come<std::uint64_t>(detail::codes_name, rows, words_for(bits));
    set_codes(bits, rows);
  }

  /// Says that only readers of this format or a newer one understand what is written. Archives are of the
  /// oldest format that does, so that older versions of the library read all that they can. Throws
  /// `invalid_argument` for formats that this library does not write.
  void needs_version(std::uint32_t version) {
    expects(version >= 1 && version <= archive_version, "archive_writer: format version is ",
            version, ", expected 1 to ", archive_version);
    header_.version = (std::max)(header_.version, version);
  }

  [[nodiscard]] std::uint32_t kind() const noexcept { return header_.kind; }
  /// The entries so far, as text by key.
  [[nodiscard]] const auto& entries() const noexcept { return meta_; }

  /// Hands the archive to `file.write(std::span<const std::byte>)`, piece by piece in order: a
  /// multiple of 64 bytes in all, whatever came before. Two passes over the values, for the
  /// checksum comes first.
  template <class File>
  void write_to(File& file) const {
    expects(bytes_to_come() == 0, "archive_writer: an array is still to come");
    archive_header header = header_;
    const std::string text = metadata(header.payload_bytes);
    header.payload_offset = detail::header_bytes + text.size();

    xxh64 checksum;
    checksum.update(detail::encode(header));
    checksum.update(detail::as_bytes(text));
    for_payload([&](std::span<const std::byte> bytes) { checksum.update(bytes); });
    header.checksum = checksum.digest();

    file.write(detail::encode(header));
    file.write(detail::as_bytes(text));
    for_payload([&](std::span<const std::byte> bytes) { file.write(bytes); });
  }
  /// Throws `io_error` naming the path and the system's reason; then nothing is left behind. What
  /// happens to what is there already: see `atomic_file`.
  void save(const std::filesystem::path& path, write_mode mode = write_mode::replace) const {
    atomic_file file(path, mode);
    write_to(file);
    file.commit();
  }

 private:
  struct entry {
    std::string name;
    std::string_view type;
    std::size_t rows;
    std::size_t cols;
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;  // of the bytes; never changed, so that copies can share it
    std::size_t to_come = 0;            // bytes, where there are none yet

    [[nodiscard]] std::size_t size() const noexcept { return bytes.size() + to_come; }
  };
  friend class archive_stream;

  [[nodiscard]] std::size_t bytes_to_come() const noexcept {
    return arrays_.empty() ? 0 : arrays_.back().to_come;
  }
  void set_codes(std::size_t bits, std::size_t rows) noexcept {
    header_.bits = static_cast<std::uint32_t>(bits);
    header_.rows = rows;
    header_.words_per_row = static_cast<std::uint32_t>(words_for(bits));
  }
  void check_name(std::string_view name) const {
    expects(detail::is_name(name), "archive_writer: array '", name,
            "', expected letters, digits, '.', '_' and '-'");
    const bool taken =
        std::any_of(arrays_.begin(), arrays_.end(), [&](const entry& e) { return e.name == name; });
    expects(!taken, "archive_writer: array '", name, "' is taken");
    expects(bytes_to_come() == 0, "archive_writer: array '", name,
            "' after one whose values are to come");
  }

  template <element T>
  void check(std::string_view name, std::span<const T> values, std::size_t rows,
             std::size_t cols) const {
    check_name(name);
    const auto expected = detail::bytes_of(std::array{rows, cols}, sizeof(T));
    expects<shape_error>(expected == values.size_bytes(), "archive_writer: array '", name, "' has ",
                         values.size(), " values, expected ", rows, " x ", cols);
  }
  template <class C>
  void keep(std::string_view name, C&& values, std::size_t rows, std::size_t cols) {
    using T = std::remove_pointer_t<decltype(values.data())>;
    arrays_.reserve(arrays_.size() + 1);
    entry e{std::string(name), element_name<T>(), rows, cols, {}, nullptr, 0};
    const auto owner = std::make_shared<const C>(std::move(values));
    e.bytes = std::as_bytes(std::span(*owner));
    e.owner = owner;
    arrays_.push_back(std::move(e));
  }
  [[nodiscard]] std::string metadata(std::uint64_t& payload_bytes) const {
    std::string text;
    for (const auto& [key, value] : meta_) {
      text += key + ' ';
      for (const char c : value) {
        if (c == '\\')
          text += "\\\\";
        else if (c == '\n')
          text += "\\n";
        else
          text += c;
      }
      text += '\n';
    }
    payload_bytes = 0;
    for (const entry& e : arrays_) {
      text += hint::detail::concat(detail::array_key, ' ', e.name, ' ', e.type, ' ', e.rows, ' ',
                                   e.cols, ' ', payload_bytes, '\n');
      payload_bytes += e.size() + detail::padding_for(e.size());
    }
    return text.append(detail::padding_for(text.size()), '\n');
  }
  template <class F>
  void for_payload(F&& f) const {
    constexpr std::array<std::byte, archive_alignment> zeros{};
    for (const entry& e : arrays_) {
      f(e.bytes);
      f(std::span(zeros).first(detail::padding_for(e.bytes.size())));
    }
  }

  archive_header header_;
  std::map<std::string, std::string, std::less<>> meta_;
  std::vector<entry> arrays_;
};

}}}  // namespace hint::HINT_ABI::io

#endif
