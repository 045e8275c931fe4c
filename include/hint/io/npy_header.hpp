// SPDX-License-Identifier: MIT
/// \file
/// The header of a `.npy` file: a Python dictionary that says type, order and shape.
/// Source: NumPy, numpy.lib.format, versions 1.0, 2.0 and 3.0.
#ifndef HINT_IO_NPY_HEADER_HPP
#define HINT_IO_NPY_HEADER_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/io/element.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// How a `.npy` file stores a number.
struct npy_type {
  char kind = 'f';        ///< 'b' bool, 'i' signed, 'u' unsigned, 'f' floating point
  std::uint8_t size = 4;  ///< bytes
  bool big_endian = false;

  /// As in the file: "<f4", "|u1", ">i8".
  [[nodiscard]] std::string name() const {
    const char order = size == 1 ? '|' : big_endian ? '>' : '<';
    return {order, kind, static_cast<char>('0' + size)};
  }
};

/// What the header says.
struct npy_header {
  npy_type type;
  bool fortran_order = false;
  std::vector<std::size_t> shape;  ///< 0 to 2 dimensions; (n, 1, d) and the like as (n, d)
  std::size_t data_offset = 0;     ///< of the first value, from the start of the file
};

namespace detail {

inline constexpr std::string_view npy_magic = "\x93NUMPY";

/// Reads the few kinds of Python literals that a header holds.
class npy_dictionary {
 public:
  npy_dictionary(std::string_view text, std::string_view file) : rest_(text), file_(file) {}

  [[nodiscard]] npy_header parse() {
    npy_header header;
    bool has_type = false;
    bool has_order = false;
    bool has_shape = false;
    need('{');
    while (!accept('}')) {
      const std::string_view key = string("a key");
      need(':');
      if (key == "descr" && !has_type) {
        header.type = type();
        has_type = true;
      } else if (key == "fortran_order" && !has_order) {
        header.fortran_order = boolean();
        has_order = true;
      } else if (key == "shape" && !has_shape) {
        header.shape = shape();
        has_shape = true;
      } else {
        hint::detail::raise<format_error>(file_, ": .npy header has a key '", printable(key),
                                          "', expected descr, fortran_order and shape once each");
      }
      if (!accept(',')) {
        need('}');
        break;
      }
    }
    skip_space();
    if (!rest_.empty()) wrong("nothing after '}'");
    expects<format_error>(has_type, file_, ": .npy header lacks the key 'descr'");
    expects<format_error>(has_order, file_, ": .npy header lacks the key 'fortran_order'");
    expects<format_error>(has_shape, file_, ": .npy header lacks the key 'shape'");
    return header;
  }

 private:
  [[noreturn]] HINT_COLD void wrong(std::string_view expected) const {
    hint::detail::raise<format_error>(file_, ": .npy header ",
                                      rest_.empty() ? "ends" : "has '" + printable(rest_) + "'",
                                      ", expected ", expected);
  }
  void skip_space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t'))
      rest_.remove_prefix(1);
  }
  [[nodiscard]] bool accept(char c) {
    skip_space();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char c) {
    if (!accept(c)) wrong(std::string{'\'', c, '\''});
  }
  [[nodiscard]] std::string_view string(std::string_view what) {
    skip_space();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) wrong(what);
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == std::string_view::npos) wrong("a closing quote");
    const std::string_view value = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return value;
  }
  [[nodiscard]] bool boolean() {
    skip_space();
    for (const std::string_view word : {"True", "False"})
      if (rest_.substr(0, word.size()) == word) {
        rest_.remove_prefix(word.size());
        return word == "True";
      }
    wrong("True or False");
  }
  [[nodiscard]] std::size_t number() {
    skip_space();
    std::size_t value = 0;
    const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (code != std::errc{}) wrong("a number that fits 64 bits");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    if (!rest_.empty() && rest_[0] == 'L') rest_.remove_prefix(1);  // written by Python 2
    return value;
  }
  [[nodiscard]] std::vector<std::size_t> shape() {
    std::vector<std::size_t> out;
    need('(');
    while (!accept(')')) {
      out.push_back(number());
      if (!accept(',')) {
        need(')');
        break;
      }
    }
    return out.size() <= 2 ? out : rows_and_columns(out);
  }
  /// What is left of more than two dimensions without those of 1; the first, of rows, always stays.
  [[nodiscard]] std::vector<std::size_t> rows_and_columns(
      const std::vector<std::size_t>& all) const {
    std::vector<std::size_t> out{all[0]};
    for (std::size_t i = 1; i < all.size(); ++i)
      if (all[i] != 1) out.push_back(all[i]);
    if (out.size() == 1) out.push_back(1);
    expects<format_error>(out.size() == 2, file_, ": array has shape ", shape_text(all),
                          ", expected 0 to 2 dimensions, or more if all but the first and one"
                          " other are 1");
    return out;
  }
  [[nodiscard]] npy_type type() {
    const std::string_view name = string("a type such as '<f4' (records are not supported)");
    // Other programs than NumPy write '=', or '|' before several bytes, for the machine's order.
    const bool has_order = !name.empty() && std::string_view("<>=|").find(name[0]) != name.npos;
    const std::string_view bare = name.substr(has_order ? 1 : 0);
    for (const std::string_view known :
         {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"})
      if (has_order && bare == known)
        return {known[0], static_cast<std::uint8_t>(known[1] - '0'),
                name[0] == '>' && known[1] != '1'};
    hint::detail::raise<format_error>(
        file_, ": element type is '", printable(name),
        "', expected '<' or '>' with b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 or f8",
        advice_for(bare));
  }
  /// What to do about types that people do have.
  [[nodiscard]] static std::string_view advice_for(std::string_view bare) noexcept {
    switch (bare.empty() ? '\0' : bare[0]) {
      case 'U':
      case 'S':
        return " (text; numpy.unique(names, return_inverse=True)[1] makes class numbers of names)";
      case 'O':
        return " (Python objects; save an array of numbers, rows of equal length)";
      case 'V':
        return " (raw bytes, as NumPy saves bfloat16; save .astype(numpy.float32))";
      case 'f':
        return bare == "f1" || bare == "f16" ? " (save .astype(numpy.float32))" : "";
      default:
        return {};
    }
  }

  std::string_view rest_;
  std::string_view file_;
};

}  // namespace detail

/// Reads the header at the start of `bytes` and checks that the shape fits their number exactly.
/// `file` is for messages. Allocates nothing that depends on what the header claims.
/// Throws `format_error` for anything that is not a whole, valid `.npy` file.
[[nodiscard]] inline npy_header parse_npy_header(std::span<const std::byte> bytes,
                                                 std::string_view file = "npy data") {
  const std::string_view text = detail::as_text(bytes);
  const std::size_t magic = detail::npy_magic.size();
  expects<format_error>(
      text.substr(0, magic) == detail::npy_magic.substr(0, text.size()) && !text.empty(), file,
      ": not a .npy file: begins with '", detail::printable(text.substr(0, magic)), "', expected '",
      detail::printable(detail::npy_magic), "'");
  expects<format_error>(bytes.size() >= magic + 4, file, ": ", bytes.size(),
                        " bytes, too short for the header of a .npy file");
  const auto major = std::to_integer<unsigned>(bytes[magic]);
  const auto minor = std::to_integer<unsigned>(bytes[magic + 1]);
  expects<format_error>(major >= 1 && major <= 3 && minor == 0, file, ": .npy version ", major, ".",
                        minor, ", expected 1.0, 2.0 or 3.0");
  const std::size_t begin = magic + (major == 1 ? 4U : 6U);
  expects<format_error>(bytes.size() >= begin, file, ": ", bytes.size(),
                        " bytes, too short for the header of a .npy file");
  const std::size_t length = major == 1 ? detail::load<std::uint16_t>(bytes, magic + 2)
                                        : detail::load<std::uint32_t>(bytes, magic + 2);
  expects<format_error>(length <= bytes.size() - begin, file, ": .npy header has ", length,
                        " bytes, but the file ends after ", bytes.size() - begin);

  npy_header header = detail::npy_dictionary(text.substr(begin, length), file).parse();
  header.data_offset = begin + length;
  const std::size_t found = bytes.size() - header.data_offset;
  const auto expected = detail::bytes_of(header.shape, header.type.size);
  expects<format_error>(expected.has_value(), file, ": shape ", detail::shape_text(header.shape),
                        " of ", header.type.name(), " is larger than any file");
  expects<format_error>(found == *expected, file, ": holds ", found, " bytes of values, expected ",
                        *expected, " for shape ", detail::shape_text(header.shape), " of ",
                        header.type.name());
  return header;
}

}}}  // namespace hint::HINT_ABI::io

#endif
