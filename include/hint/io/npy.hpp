// SPDX-License-Identifier: MIT
/// \file
/// NumPy's `.npy` files.
///
/// Reading converts to the type that is asked for, by these rules; what they forbid throws
/// `format_error` and nothing is read:
/// - any number to floating point: rounded to nearest; a finite number must stay finite;
/// - integers and bools to integers: the value must fit; bools become 0 and 1;
/// - floating point to integers: never.
///
/// Half precision converts exactly. NaN and infinity pass; whoever uses the numbers refuses them.
#ifndef HINT_IO_NPY_HPP
#define HINT_IO_NPY_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/io/element.hpp>
#include <hint/io/npy_convert.hpp>
#include <hint/io/npy_header.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// An array of 0 to 2 dimensions, in C order (row after row) whatever the file's order. Of more dimensions
/// those that are 1 are left out, except the first: (n, 1, d) is read as (n, d).
template <class T>
struct npy_array {
  std::vector<std::size_t> shape;
  std::vector<T> values;

  [[nodiscard]] std::size_t rows() const noexcept { return shape.empty() ? 1 : shape[0]; }
  [[nodiscard]] std::size_t cols() const noexcept { return shape.size() < 2 ? 1 : shape[1]; }
};

/// A `.npy` file in memory, not yet converted. Refers to the bytes that it was made from; const use
/// from many threads is safe.
class npy_view {
 public:
  /// `file` is the name for messages. Throws `format_error`.
  explicit npy_view(std::span<const std::byte> bytes, std::string_view file = "npy data")
      : header_(parse_npy_header(bytes, file)),
        data_(bytes.subspan(header_.data_offset)),
        file_(file) {}

  [[nodiscard]] const npy_type& type() const noexcept { return header_.type; }
  [[nodiscard]] std::span<const std::size_t> shape() const noexcept { return header_.shape; }
  [[nodiscard]] bool fortran_order() const noexcept { return header_.fortran_order; }
  [[nodiscard]] std::size_t size() const noexcept { return data_.size() / header_.type.size; }
  /// The values as stored.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return data_; }

  /// All values in C order, converted by the rules above; the way to fill memory of one's own.
  /// Throws `shape_error` unless out.size() == size(), `format_error` when a value does not convert
  /// (`out` is then partly written).
  template <element T>
  void copy_to(std::span<T> out) const {
    expects<shape_error>(out.size() == size(), file_, ": ", size(), " values, given room for ",
                         out.size());
    const auto convert = converter_to<T>();
    if (is_transposed()) {
      transpose(convert, out);
    } else {
      copy(convert, 0, out);
    }
  }

  /// The same in an array of its own. Memory: the array; large files are read once.
  template <element T>
  [[nodiscard]] npy_array<T> to_array() const {
    npy_array<T> out{header_.shape, {}};
    if (is_transposed()) {
      out.values.resize(size());
      copy_to(std::span<T>(out.values));
      return out;
    }
    const auto convert = converter_to<T>();
    out.values.reserve(size());
    std::array<T, 4096 / sizeof(T)> block;  // appended while in the cache: no pass to zero memory
    while (out.values.size() < size()) {
      const std::size_t first = out.values.size();
      const auto part = std::span<T>(block).first((std::min)(block.size(), size() - first));
      copy(convert, first, part);
      out.values.insert(out.values.end(), part.begin(), part.end());
    }
    return out;
  }

 private:
  [[nodiscard]] bool is_transposed() const noexcept {
    return header_.fortran_order && header_.shape.size() == 2 && header_.shape[0] > 1 &&
           header_.shape[1] > 1;
  }

  template <element T>
  [[nodiscard]] detail::converter<T> converter_to() const {
    const auto convert = detail::converter_from<T>(header_.type);
    expects<format_error>(convert != nullptr, file_, ": holds ", header_.type.name(),
                          ", which does not convert to the integers asked for (", element_name<T>(),
                          ")");
    return convert;
  }

  /// Stored elements first .. first + out.size() - 1.
  template <element T>
  void copy(detail::converter<T> convert, std::size_t first, std::span<T> out) const {
    const std::size_t bad =
        convert(data_.data() + first * header_.type.size, header_.type.big_endian, out);
    if (bad < out.size()) refuse(first + bad, element_name<T>());
  }

  /// Column after column, in tiles that fit the cache.
  template <element T>
  void transpose(detail::converter<T> convert, std::span<T> out) const {
    constexpr std::size_t tile = 64;
    const std::size_t rows = header_.shape[0];
    const std::size_t cols = header_.shape[1];
    std::array<T, tile> part;
    for (std::size_t r = 0; r < rows; r += tile) {
      const std::size_t height = (std::min)(tile, rows - r);
      for (std::size_t c = 0; c < cols; ++c) {
        copy(convert, c * rows + r, std::span<T>(part).first(height));
        for (std::size_t i = 0; i < height; ++i) out[(r + i) * cols + c] = part[i];
      }
    }
  }

  template <element T>
  [[nodiscard]] std::string text_of(std::size_t i) const {
    std::array<T, 1> value{};
    copy(converter_to<T>(), i, std::span<T>(value));
    return hint::detail::concat(value[0]);
  }
  HINT_LAZY
  [[noreturn]] HINT_COLD void refuse(std::size_t i, std::string_view type) const {
    const std::string value = header_.type.kind == 'f'   ? text_of<double>(i)
                              : header_.type.kind == 'i' ? text_of<std::int64_t>(i)
                                                         : text_of<std::uint64_t>(i);
    std::vector<std::size_t> place;
    if (header_.shape.size() == 1) place = {i};
    if (header_.shape.size() == 2) {
      const std::size_t minor = header_.shape[header_.fortran_order ? 0 : 1];
      place = {i / minor, i % minor};
      if (header_.fortran_order) std::swap(place[0], place[1]);
    }
    hint::detail::raise<format_error>(file_, ": element ", detail::shape_text(place), " is ", value,
                                      ", outside the range of ", type);
  }

  npy_header header_;
  std::span<const std::byte> data_;
  std::string file_;
};

/// A `.npy` file that is in memory already. `file` is its name for messages. Throws `format_error`.
[[nodiscard]] inline npy_view parse_npy(std::span<const std::byte> bytes,
                                        std::string_view file = "npy data") {
  return npy_view(bytes, file);
}

/// Reads a file whole. Throws `io_error` when the system refuses, `format_error` when the file is
/// not a whole, valid `.npy` file, has another shape (see `npy_array`) or a value does not convert to T.
template <element T>
[[nodiscard]] npy_array<T> read_npy(const std::filesystem::path& path) {
  const mapped_file file(path);
  return parse_npy(file.bytes(), path.string()).to_array<T>();
}

/// The order of the values handed to `write_npy`, kept in the file.
enum class npy_order : std::uint8_t { c, fortran };

/// Writes a version 1.0 file of the values' own type, whole or not at all unless `mode` says otherwise
/// (`atomic_file`).
/// Throws `shape_error` when the shape does not fit the values or has more than 2 dimensions,
/// `io_error` when the system refuses.
template <class T>
  requires element<T> || std::same_as<T, bool>
void write_npy(const std::filesystem::path& path, std::span<const T> values,
               const std::vector<std::size_t>& shape, npy_order order = npy_order::c,
               write_mode mode = write_mode::replace) {
  expects<shape_error>(shape.size() <= 2, "write_npy: shape ", detail::shape_text(shape), " has ",
                       shape.size(), " dimensions, expected 0 to 2");
  expects<shape_error>(detail::bytes_of(shape, sizeof(T)) == values.size_bytes(),
                       "write_npy: ", values.size(), " values for shape ",
                       detail::shape_text(shape));
  std::string type;
  if constexpr (std::same_as<T, bool>) {
    type = "|b1";
  } else {
    type = npy_type{element_name<T>()[0], sizeof(T), false}.name();
  }
  std::string header = "{'descr': '" + type +
                       "', 'fortran_order': " + (order == npy_order::fortran ? "True" : "False") +
                       ", 'shape': " + detail::shape_text(shape) + ", }";
  const std::size_t prefix = detail::npy_magic.size() + 4;
  header.resize((prefix + header.size() + 64) / 64 * 64 - prefix, ' ');  // values on a 64-byte line
  header.back() = '\n';
  std::string start(detail::npy_magic);
  start += {'\1', '\0', static_cast<char>(header.size()), '\0'};  // two dimensions need 118 at most
  start += header;
  atomic_file file(path, mode);
  file.write(detail::as_bytes(start));
  file.write(std::as_bytes(values));
  file.commit();
}

template <element T>
void write_npy(const std::filesystem::path& path, const npy_array<T>& array,
               write_mode mode = write_mode::replace) {
  write_npy(path, std::span<const T>(array.values), array.shape, npy_order::c, mode);
}

}}}  // namespace hint::HINT_ABI::io

#endif
