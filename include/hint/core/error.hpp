// SPDX-License-Identifier: MIT
/// \file
/// What the library throws. Input is checked at the border of every public call; the message names
/// the argument, what was found and what was expected. `catch (hint::error const&)` catches all.
#ifndef HINT_CORE_ERROR_HPP
#define HINT_CORE_ERROR_HPP

#include <charconv>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <hint/core/config.hpp>
#include <hint/core/finite.hpp>

namespace hint { inline namespace HINT_ABI {

/// Base of everything that the library throws on purpose.
class error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// An argument has a value that the function cannot work with.
class invalid_argument : public error {
  using error::error;
};
/// Two arguments, or an argument and an object, do not fit together in size.
class shape_error : public invalid_argument {
  using invalid_argument::invalid_argument;
};
/// A field of an options aggregate is outside its bounds.
class invalid_option : public invalid_argument {
  using invalid_argument::invalid_argument;
};
/// The operating system refused to open, read, write or rename a file.
class io_error : public error {
  using error::error;
};
/// A file was read but its bytes are not what they should be.
class format_error : public io_error {
  using io_error::io_error;
};

namespace detail {

/// A piece of a message, whatever its type: messages are put together by one function for all.
class text_part {
 public:
  constexpr text_part(std::string_view s) noexcept : text_(s.data()), size_(s.size()) {}
  constexpr text_part(const char* s) noexcept : text_part(std::string_view(s)) {}
  text_part(const std::string& s) noexcept : text_part(std::string_view(s)) {}
  constexpr text_part(bool b) noexcept : text_part(b ? "true" : "false") {}
  text_part(const void*) = delete;  // no pointer is a bool
  constexpr text_part(char c) noexcept : kind_(kind::character), character_(c) {}
  constexpr text_part(int i) noexcept : text_part(static_cast<long long>(i)) {}
  constexpr text_part(long i) noexcept : text_part(static_cast<long long>(i)) {}
  constexpr text_part(long long i) noexcept : kind_(kind::integer), integer_(i) {}
  constexpr text_part(unsigned i) noexcept : text_part(static_cast<unsigned long long>(i)) {}
  constexpr text_part(unsigned long i) noexcept : text_part(static_cast<unsigned long long>(i)) {}
  constexpr text_part(unsigned long long i) noexcept : kind_(kind::natural), natural_(i) {}
  constexpr text_part(float x) noexcept : kind_(kind::single), single_(x) {}
  constexpr text_part(double x) noexcept : kind_(kind::real), real_(x) {}

  /// Numbers in the shortest form that reads back the same.
  void append_to(std::string& out) const {
    switch (kind_) {
      case kind::text:
        out.append(text_, size_);
        break;
      case kind::character:
        out += character_;
        break;
      case kind::integer:
        append(out, integer_);
        break;
      case kind::natural:
        append(out, natural_);
        break;
      case kind::single:
        append(out, single_);
        break;
      case kind::real:
        append(out, real_);
        break;
    }
  }

 private:
  enum class kind : unsigned char { text, character, integer, natural, single, real };
  template <class T>
  static void append(std::string& out, T value) {
    char buffer[64];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  }

  kind kind_ = kind::text;
  union {
    const char* text_;
    char character_;
    long long integer_;
    unsigned long long natural_;
    float single_;
    double real_;
  };
  std::size_t size_ = 0;
};

[[nodiscard]] inline std::string joined(std::initializer_list<text_part> parts) {
  std::string out;
  for (const text_part& part : parts) part.append_to(out);
  return out;
}

/// Joins strings and numbers (shortest form that reads back the same) to one string.
template <class... Ts>
[[nodiscard]] std::string concat(const Ts&... parts) {
  return joined({text_part(parts)...});
}

template <class Error>
[[noreturn]] HINT_COLD void raise_joined(std::initializer_list<text_part> parts) {
  throw Error(joined(parts));
}

template <class Error, class... Ts>
[[noreturn]] void raise(const Ts&... parts) {
  raise_joined<Error>({text_part(parts)...});
}

}  // namespace detail

/// Throws `Error` with the joined parts as message unless `condition` holds. The parts are turned
/// into text only on failure.
template <class Error = invalid_argument, class... Ts>
constexpr void expects(bool condition, const Ts&... parts) {
  if (!condition) [[unlikely]]
    detail::raise_joined<Error>({detail::text_part(parts)...});
}

/// Checks one field of an options aggregate: `option_in("neighbors", o.neighbors, 1, 1000)`.
template <class T>
  requires std::is_arithmetic_v<T>
constexpr void option_in(std::string_view field, T value, std::type_identity_t<T> low,
                         std::type_identity_t<T> high) {
  bool counts = true;
  if constexpr (std::floating_point<T>) counts = !is_nan(value);
  if (!(counts && value >= low && value <= high)) [[unlikely]]
    detail::raise<invalid_option>("option ", field, " is ", value, ", expected ", low, " to ",
                                  high);
}

}}  // namespace hint::HINT_ABI

#endif
