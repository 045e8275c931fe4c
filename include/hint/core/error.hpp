// SPDX-License-Identifier: MIT
/// \file
/// What the library throws. Input is checked at the border of every public call; the message names
/// the argument, what was found and what was expected. `catch (hint::error const&)` catches all.
#ifndef HINT_CORE_ERROR_HPP
#define HINT_CORE_ERROR_HPP

#include <charconv>
#include <concepts>
#include <cstddef>
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

template <class T>
void append_text(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    out += value;
  } else if constexpr (std::is_arithmetic_v<T>) {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out.append(buffer, end);
  } else {
    out += std::string_view(value);
  }
}

/// Joins strings and numbers (shortest form that reads back the same) to one string.
template <class... Ts>
[[nodiscard]] std::string concat(const Ts&... parts) {
  std::string out;
  (append_text(out, parts), ...);
  return out;
}

template <class Error, class... Ts>
[[noreturn]] HINT_COLD void raise(const Ts&... parts) {
  throw Error(concat(parts...));
}

}  // namespace detail

/// Throws `Error` with the joined parts as message unless `condition` holds. The parts are turned
/// into text only on failure.
template <class Error = invalid_argument, class... Ts>
constexpr void expects(bool condition, const Ts&... parts) {
  if (!condition) [[unlikely]]
    detail::raise<Error>(parts...);
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
