// SPDX-License-Identifier: MIT
// MIT License
//
// Copyright (c) 2026 The hint authors
//
// Permission is hereby granted, free of charge, to any person obtaining a copy
// of this software and associated documentation files (the "Software"), to deal
// in the Software without restriction, including without limitation the rights
// to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
// copies of the Software, and to permit persons to whom the Software is
// furnished to do so, subject to the following conditions:
//
// The above copyright notice and this permission notice shall be included in all
// copies or substantial portions of the Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
// IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
// FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
// AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
// LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
// OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
// SOFTWARE.
//
// The library hint 0.1.0, <hint/search.hpp> with all that it includes, in one file. Made by
// scripts/amalgamate.py: change the headers that it is made of, not this one.
#ifndef HINT_SEARCH_HPP
#define HINT_SEARCH_HPP

// ---- hint/core/version.hpp
#ifndef HINT_CORE_VERSION_HPP
#define HINT_CORE_VERSION_HPP

#define HINT_VERSION_MAJOR 0
#define HINT_VERSION_MINOR 1
#define HINT_VERSION_PATCH 0

#define HINT_DETAIL_STRING_(x) #x
#define HINT_DETAIL_STRING(x) HINT_DETAIL_STRING_(x)
#define HINT_VERSION                     \
 HINT_DETAIL_STRING(HINT_VERSION_MAJOR) \
 "." HINT_DETAIL_STRING(HINT_VERSION_MINOR) "." HINT_DETAIL_STRING(HINT_VERSION_PATCH)

#endif

// ---- hint/core/config.hpp
#ifndef HINT_CORE_CONFIG_HPP
#define HINT_CORE_CONFIG_HPP

#if __cplusplus < 202002L && !(defined(_MSVC_LANG) && _MSVC_LANG >= 202002L)
#error "hint needs C++20: compile with -std=c++20 or later, by g++ 11, clang 14 or later"
#define HINT_DETAIL_STOP <hint needs C++20>
#include HINT_DETAIL_STOP
#endif

#define HINT_DETAIL_JOIN_(a, b) a##b
#define HINT_DETAIL_JOIN(a, b) HINT_DETAIL_JOIN_(a, b)

#define HINT_DETAIL_IS_1 ,
#define HINT_DETAIL_SECOND_(first, second, ...) second
#define HINT_DETAIL_SECOND(...) HINT_DETAIL_SECOND_(__VA_ARGS__)
#define HINT_DETAIL_IF_(value, letter) HINT_DETAIL_SECOND(HINT_DETAIL_IS_##value letter, , )
#define HINT_DETAIL_IF(macro, letter) HINT_DETAIL_IF_(macro, letter)
#define HINT_DETAIL_WORD_(a, b, c, d, e, f, g, h, i) a##b##c##d##e##f##g##h##i
#define HINT_DETAIL_WORD(a, b, c, d, e, f, g, h, i) HINT_DETAIL_WORD_(a, b, c, d, e, f, g, h, i)

#define HINT_DETAIL_SSE HINT_DETAIL_WORD( \
 HINT_DETAIL_IF(__SSE3__, 0a), HINT_DETAIL_IF(__SSSE3__, 0b), HINT_DETAIL_IF(__SSE4_1__, 0c), \
 HINT_DETAIL_IF(__SSE4_2__, 0d), HINT_DETAIL_IF(__POPCNT__, 0e), HINT_DETAIL_IF(__LZCNT__, 0f), \
 HINT_DETAIL_IF(__BMI__, 0g), HINT_DETAIL_IF(__BMI2__, 0h), HINT_DETAIL_IF(__MOVBE__, 0i))
#define HINT_DETAIL_AVX HINT_DETAIL_WORD( \
 HINT_DETAIL_IF(__AVX__, 0j), HINT_DETAIL_IF(__AVX2__, 0k), HINT_DETAIL_IF(__FMA__, 0l), \
 HINT_DETAIL_IF(__F16C__, 0m), HINT_DETAIL_IF(__FMA4__, 0n), HINT_DETAIL_IF(__XOP__, 0o), \
 HINT_DETAIL_IF(__TBM__, 0p), HINT_DETAIL_IF(__AVXVNNI__, 0q), HINT_DETAIL_IF(__GFNI__, 0r))
#define HINT_DETAIL_AVX512 HINT_DETAIL_WORD( \
 HINT_DETAIL_IF(__AVX512F__, 0s), HINT_DETAIL_IF(__AVX512CD__, 0t), HINT_DETAIL_IF(__AVX512BW__, 0u), \
 HINT_DETAIL_IF(__AVX512DQ__, 0v), HINT_DETAIL_IF(__AVX512VL__, 0w), HINT_DETAIL_IF(__AVX512IFMA__, 0x), \
 HINT_DETAIL_IF(__AVX512VBMI__, 0y), HINT_DETAIL_IF(__AVX512VBMI2__, 0z), HINT_DETAIL_IF(__AVX512VNNI__, 0A))
#define HINT_DETAIL_NEWER HINT_DETAIL_WORD( \
 HINT_DETAIL_IF(__AVX512BITALG__, 0B), HINT_DETAIL_IF(__AVX512VPOPCNTDQ__, 0C), \
 HINT_DETAIL_IF(__AVX512BF16__, 0D), HINT_DETAIL_IF(__AVX512FP16__, 0E), HINT_DETAIL_IF(__APX_F__, 0F), \
 HINT_DETAIL_IF(__AVX10_1__, 0G), HINT_DETAIL_IF(__AVX10_2__, 0H), HINT_DETAIL_IF(__SSE4A__, 0I), \
 HINT_DETAIL_IF(__riscv_vector, 0J))
#define HINT_DETAIL_ARM HINT_DETAIL_WORD( \
 HINT_DETAIL_IF(__ARM_FEATURE_ATOMICS, 0K), HINT_DETAIL_IF(__ARM_FEATURE_DOTPROD, 0L), \
 HINT_DETAIL_IF(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC, 0M), HINT_DETAIL_IF(__ARM_FEATURE_SVE, 0N), \
 HINT_DETAIL_IF(__ARM_FEATURE_SVE2, 0O), HINT_DETAIL_IF(__ARM_FEATURE_QRDMX, 0P), \
 HINT_DETAIL_IF(__ARM_FEATURE_MATMUL_INT8, 0Q), HINT_DETAIL_IF(__ARM_FEATURE_BF16, 0R), \
 HINT_DETAIL_IF(__ARM_FEATURE_SME, 0S))
#define HINT_DETAIL_ROUNDING HINT_DETAIL_WORD( \
 HINT_DETAIL_IF(__FINITE_MATH_ONLY__, 0T), HINT_DETAIL_IF(__FAST_MATH__, 0U), \
 HINT_DETAIL_IF(__ASSOCIATIVE_MATH__, 0V), HINT_DETAIL_IF(__RECIPROCAL_MATH__, 0W), \
 HINT_DETAIL_IF(__NO_SIGNED_ZEROS__, 0X), , , , )

#define HINT_ABI HINT_DETAIL_WORD( \
 HINT_DETAIL_JOIN(v, HINT_VERSION_MAJOR), HINT_DETAIL_JOIN(_, HINT_VERSION_MINOR), _, HINT_DETAIL_SSE, \
 HINT_DETAIL_AVX, HINT_DETAIL_AVX512, HINT_DETAIL_NEWER, HINT_DETAIL_ARM, HINT_DETAIL_ROUNDING)

/// In front of a function: HINT_COLD keeps it out of its callers; HINT_INLINE, in place of
/// `inline`, puts it into them, also into those that are compiled for another instruction set.
#if defined(__GNUC__) || defined(__clang__)
#define HINT_COLD [[gnu::cold, gnu::noinline]]
#define HINT_INLINE __attribute__((always_inline)) inline
#else
#define HINT_COLD
#define HINT_INLINE inline
#endif

/// In front of a function, in place of `inline`: makes it a template, so that only programs that
/// call it compile what it needs.
#define HINT_LAZY template <class = void>

/// Programs that link hint::compiled define HINT_COMPILED: what headers declare behind HINT_EXTERN
/// is then compiled once, with that library (src/compiled.cpp), and not again in every file that
/// calls it.
#if defined(HINT_COMPILED) && !defined(HINT_EXTERN)
#define HINT_EXTERN extern
#define HINT_ELSEWHERE
#endif

/// Cross-modal hashing: short binary codes by which items of one modality find items of another.
namespace hint { inline namespace HINT_ABI {
}}

#endif

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <charconv>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// ---- hint/core/aligned_buffer.hpp
#ifndef HINT_CORE_ALIGNED_BUFFER_HPP
#define HINT_CORE_ALIGNED_BUFFER_HPP

namespace hint { inline namespace HINT_ABI {

/// Bytes; the size of a cache line and of the widest vector register in use.
inline constexpr std::size_t buffer_alignment = 64;

/// A standard allocator that aligns to `buffer_alignment`.
template <class T>
struct aligned_allocator {
 using value_type = T;
 aligned_allocator() = default;
 template <class U>
 constexpr aligned_allocator(const aligned_allocator<U>&) noexcept {}

 [[nodiscard]] T* allocate(std::size_t n) {
  if (n > (std::numeric_limits<std::size_t>::max)() / sizeof(T))
   throw std::bad_array_new_length();
  return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{buffer_alignment}));
 }
 void deallocate(T* p, std::size_t) noexcept {
  ::operator delete(p, std::align_val_t{buffer_alignment});
 }
 template <class U>
 bool operator==(const aligned_allocator<U>&) const noexcept {
  return true;
 }
};

/// `std::vector` on 64-byte boundaries.
template <class T>
using aligned_buffer = std::vector<T, aligned_allocator<T>>;

}}

#endif

// ---- hint/core/bit_order.hpp
#ifndef HINT_CORE_BIT_ORDER_HPP
#define HINT_CORE_BIT_ORDER_HPP

namespace hint { inline namespace HINT_ABI {

/// Where bit i of a code of n bytes is.
enum class bit_order : std::uint8_t {
 /// Bit i mod 8 of byte i / 8, counted from the least significant.
 least_significant_first,
 /// Bit i mod 8 of byte i / 8, counted from the most significant.
 most_significant_first,
 /// The code as a number, its first byte the most significant: bit i mod 8 of byte n - 1 - i / 8,
 /// counted from the least significant.
 big_endian
};

/// "least_significant_first", ...
[[nodiscard]] constexpr std::string_view name_of(bit_order order) noexcept {
 return order == bit_order::least_significant_first  ? "least_significant_first"
     : order == bit_order::most_significant_first ? "most_significant_first"
                           : "big_endian";
}

namespace detail {

[[nodiscard]] constexpr std::byte reversed(std::byte byte) noexcept {
 auto b = std::to_integer<unsigned>(byte);
 b = (b & 0x55U) << 1 | (b >> 1 & 0x55U);
 b = (b & 0x33U) << 2 | (b >> 2 & 0x33U);
 return static_cast<std::byte>((b & 0x0fU) << 4 | b >> 4);
}
constexpr void reorder(std::span<std::byte> code, bit_order order) noexcept {
 if (order == bit_order::most_significant_first)
  for (std::byte& byte : code) byte = reversed(byte);
 if (order == bit_order::big_endian) std::reverse(code.begin(), code.end());
}

}

}}

#endif

// ---- hint/core/finite.hpp
#ifndef HINT_CORE_FINITE_HPP
#define HINT_CORE_FINITE_HPP

namespace hint { inline namespace HINT_ABI {

namespace detail {

template <std::floating_point T>
 requires(std::numeric_limits<T>::is_iec559 && (sizeof(T) == 4 || sizeof(T) == 8))
struct float_bits {
 using type = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
 static constexpr type sign = type{1} << (8 * sizeof(T) - 1);
 static constexpr type carry = type{1} << (std::numeric_limits<T>::digits - 1);
 static constexpr type infinity = sign - carry;
};

template <class T>
[[nodiscard]] inline const T* unforeseen(const T* p) noexcept {
 const T* volatile hidden = p;
 return hidden;
}

template <class T>
[[nodiscard]] constexpr auto magnitude_bits(const T* x) noexcept {
 return std::bit_cast<typename float_bits<T>::type>(*x) & ~float_bits<T>::sign;
}
template <class T>
[[nodiscard]] constexpr auto unforeseen_bits(const T& x) noexcept {
 return magnitude_bits(std::is_constant_evaluated() ? &x : unforeseen(&x));
}

}

/// Whether all of x[0 .. n-1] are finite: neither infinite nor NaN.
template <std::floating_point T>
[[nodiscard]] inline bool all_finite(const T* x, std::size_t n) noexcept {
 using bits = detail::float_bits<T>;
 constexpr std::size_t step = 16;
 x = detail::unforeseen(x);
 typename bits::type sums[step] = {};
 for (; n >= step; n -= step, x += step)
  for (std::size_t i = 0; i < step; ++i) sums[i] |= detail::magnitude_bits(x + i) + bits::carry;
 for (std::size_t i = 0; i < n; ++i) sums[0] |= detail::magnitude_bits(x + i) + bits::carry;
 for (std::size_t i = 1; i < step; ++i) sums[0] |= sums[i];
 return (sums[0] & bits::sign) == 0;
}

/// Whether `x` is neither infinite nor NaN.
template <std::floating_point T>
[[nodiscard]] constexpr bool is_finite(const T& x) noexcept {
 return detail::unforeseen_bits(x) < detail::float_bits<T>::infinity;
}

/// Whether `x` is NaN.
template <std::floating_point T>
[[nodiscard]] constexpr bool is_nan(const T& x) noexcept {
 return detail::unforeseen_bits(x) > detail::float_bits<T>::infinity;
}

}}

#endif

// ---- hint/core/error.hpp
#ifndef HINT_CORE_ERROR_HPP
#define HINT_CORE_ERROR_HPP

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

class text_part {
 public:
 constexpr text_part(std::string_view s) noexcept : text_(s.data()), size_(s.size()) {}
 constexpr text_part(const char* s) noexcept : text_part(std::string_view(s)) {}
 text_part(const std::string& s) noexcept : text_part(std::string_view(s)) {}
 constexpr text_part(bool b) noexcept : text_part(b ? "true" : "false") {}
 text_part(const void*) = delete;
 constexpr text_part(char c) noexcept : kind_(kind::character), character_(c) {}
 constexpr text_part(int i) noexcept : text_part(static_cast<long long>(i)) {}
 constexpr text_part(long i) noexcept : text_part(static_cast<long long>(i)) {}
 constexpr text_part(long long i) noexcept : kind_(kind::integer), integer_(i) {}
 constexpr text_part(unsigned i) noexcept : text_part(static_cast<unsigned long long>(i)) {}
 constexpr text_part(unsigned long i) noexcept : text_part(static_cast<unsigned long long>(i)) {}
 constexpr text_part(unsigned long long i) noexcept : kind_(kind::natural), natural_(i) {}
 constexpr text_part(float x) noexcept : kind_(kind::single), single_(x) {}
 constexpr text_part(double x) noexcept : kind_(kind::real), real_(x) {}

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

}

/// Throws `Error` with the joined parts as message unless `condition` holds.
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

}}

#endif

// ---- hint/core/code_set.hpp
#ifndef HINT_CORE_CODE_SET_HPP
#define HINT_CORE_CODE_SET_HPP

namespace hint { inline namespace HINT_ABI {

static_assert(std::endian::native == std::endian::little,
       "hint: big-endian machines are not supported");

/// Bits to a code at most.
inline constexpr std::size_t max_bits = 16384;
/// Labels to a row at most, one bit for each: see `code_set::labels`.
inline constexpr std::size_t max_labels = 65536;

/// 64-bit words that hold one code of `bits` bits.
[[nodiscard]] constexpr std::size_t words_for(std::size_t bits) noexcept {
 return (bits + 63) / 64;
}
/// The bits of a code's last word that are in use.
[[nodiscard]] constexpr std::uint64_t last_word_mask(std::size_t bits) noexcept {
 return bits % 64 == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << (bits % 64)) - 1;
}

/// n codes of `bits` bits somewhere in memory, row after row.
class code_view {
 public:
 code_view() = default;
 /// `words`: n * words_for(bits) words with zero padding.
 code_view(std::span<const std::uint64_t> words, std::size_t bits) : bits_(bits) {
  expects(bits >= 1 && bits <= max_bits, "code_view: bits is ", bits, ", expected 1 to ",
      max_bits);
  expects<shape_error>(words.size() % words_for(bits) == 0, "code_view: ", words.size(),
             " words are not a multiple of ", words_for(bits), " words per code of ",
             bits, " bits");
  data_ = words.data();
  size_ = words.size() / words_for(bits);
 }

 [[nodiscard]] std::size_t size() const noexcept { return size_; }
 [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
 [[nodiscard]] std::size_t bits() const noexcept { return bits_; }
 [[nodiscard]] std::size_t words_per_code() const noexcept { return words_for(bits_); }
 [[nodiscard]] const std::uint64_t* data() const noexcept { return data_; }
 /// All words, size() * words_per_code().
 [[nodiscard]] std::span<const std::uint64_t> words() const noexcept {
  return {data_, size_ * words_per_code()};
 }
 /// The words of code i, unchecked.
 [[nodiscard]] std::span<const std::uint64_t> operator[](std::size_t i) const noexcept {
  return {data_ + i * words_per_code(), words_per_code()};
 }
 /// Bit j of code i, unchecked.
 [[nodiscard]] bool bit(std::size_t i, std::size_t j) const noexcept {
  return (data_[i * words_per_code() + j / 64] >> (j % 64) & 1) != 0;
 }
 /// Codes first .. first + count - 1.
 [[nodiscard]] code_view slice(std::size_t first, std::size_t count) const {
  expects(first <= size_ && count <= size_ - first, "code_view::slice: ", count,
      " codes from code ", first, " on, of ", size_);
  return {data_ + first * words_per_code(), count, bits_};
 }

 private:
 friend class code_set;
 code_view(const std::uint64_t* data, std::size_t size, std::size_t bits) noexcept
   : data_(data), size_(size), bits_(bits) {}

 const std::uint64_t* data_ = nullptr;
 std::size_t size_ = 0;
 std::size_t bits_ = 1;
};

/// n codes of equal length, owned.
class code_set {
 public:
 /// No codes; of `bits` bits once some are added.
 explicit code_set(std::size_t bits = 64, std::size_t size = 0) : bits_(bits) {
  expects(bits >= 1 && bits <= max_bits, "code_set: bits is ", bits, ", expected 1 to ",
      max_bits);
  resize(size);
 }
 explicit code_set(const code_view& codes)
   : words_(codes.words().begin(), codes.words().end()), bits_(codes.bits()) {}
 /// `size` rows without a label, of `classes` bits: 1 .. `max_labels`, more than codes have.
 [[nodiscard]] static code_set labels(std::size_t classes, std::size_t size = 0) {
  expects(classes >= 1 && classes <= max_labels, "code_set::labels: ", classes,
      " classes, expected 1 to ", max_labels);
  code_set rows;
  rows.bits_ = classes;
  rows.resize(size);
  return rows;
 }

 /// From rows of ceil(bits / 8) bytes, packed in this order; `to_bytes` is the way back.
 [[nodiscard]] static code_set from_bytes(std::span<const std::byte> bytes, std::size_t bits,
                      bit_order order = bit_order::least_significant_first) {
  code_set codes(bits);
  const std::size_t row = (bits + 7) / 8;
  expects<shape_error>(bytes.size() % row == 0, "code_set::from_bytes: ", bytes.size(),
             " bytes are not a multiple of ", row, " bytes per code of ", bits,
             " bits");
  codes.resize(bytes.size() / row);
  for (std::size_t i = 0; i < codes.size(); ++i) {
   std::memcpy(codes[i].data(), bytes.data() + i * row, row);
   detail::reorder(std::as_writable_bytes(codes[i]).first(row), order);
   expects((codes[i].back() & ~last_word_mask(bits)) == 0, "code_set::from_bytes: code ", i,
       " has bits set past its end, bit ", bits - 1, ", if it is packed ", name_of(order),
       "; numpy.packbits packs bit_order::most_significant_first, with bitorder='little' "
       "and as Faiss bit_order::least_significant_first");
  }
  return codes;
 }

 [[nodiscard]] std::size_t size() const noexcept { return words_.size() / words_per_code(); }
 [[nodiscard]] bool empty() const noexcept { return words_.empty(); }
 [[nodiscard]] std::size_t bits() const noexcept { return bits_; }
 [[nodiscard]] std::size_t words_per_code() const noexcept { return words_for(bits_); }
 [[nodiscard]] std::span<const std::uint64_t> words() const noexcept { return words_; }
 [[nodiscard]] std::span<std::uint64_t> words() noexcept { return words_; }
 [[nodiscard]] std::span<const std::uint64_t> operator[](std::size_t i) const noexcept {
  return words().subspan(i * words_per_code(), words_per_code());
 }
 /// Writable words of code i.
 [[nodiscard]] std::span<std::uint64_t> operator[](std::size_t i) noexcept {
  return words().subspan(i * words_per_code(), words_per_code());
 }
 [[nodiscard]] bool bit(std::size_t i, std::size_t j) const noexcept {
  return (words_[i * words_per_code() + j / 64] >> (j % 64) & 1) != 0;
 }
 void set_bit(std::size_t i, std::size_t j, bool value) noexcept {
  std::uint64_t& word = words_[i * words_per_code() + j / 64];
  const std::uint64_t mask = std::uint64_t{1} << (j % 64);
  word = value ? word | mask : word & ~mask;
 }
 /// New codes are all zero.
 void resize(std::size_t size) { words_.resize(words_of(size)); }
 void reserve(std::size_t size) { words_.reserve(words_of(size)); }
 /// `codes` must not be part of this set.
 void append(const code_view& codes) {
  expects<shape_error>(codes.bits() == bits_, "code_set::append: codes of ", codes.bits(),
             " bits to a set of ", bits_, " bits");
  words_.insert(words_.end(), codes.words().begin(), codes.words().end());
 }

 [[nodiscard]] code_view view() const noexcept { return {words_.data(), size(), bits_}; }
 operator code_view() const { return view(); }

 [[nodiscard]] friend bool operator==(const code_set& a, const code_set& b) noexcept {
  return a.bits_ == b.bits_ && a.words_ == b.words_;
 }

 private:
 [[nodiscard]] std::size_t words_of(std::size_t size) const {
  expects(size <= words_.max_size() / words_per_code(), "code_set: ", size, " codes of ", bits_,
      " bits are more than memory can hold");
  return size * words_per_code();
 }

 aligned_buffer<std::uint64_t> words_;
 std::size_t bits_;
};

/// size() rows of ceil(bits / 8) bytes, packed in this order, padding bits 0.
[[nodiscard]] inline std::vector<std::byte> to_bytes(
  const code_view& codes, bit_order order = bit_order::least_significant_first) {
 const std::size_t row = (codes.bits() + 7) / 8;
 std::vector<std::byte> bytes(codes.size() * row);
 for (std::size_t i = 0; i < codes.size(); ++i) {
  const auto out = std::span(bytes).subspan(i * row, row);
  std::memcpy(out.data(), codes[i].data(), row);
  detail::reorder(out, order);
 }
 return bytes;
}

/// Checks codes where they enter `function` of `owner`, whose names begin the message, as does
/// `name` for the codes.
inline void expects_codes(std::string_view owner, std::string_view function, std::string_view name,
             const code_view& codes, std::size_t bits) {
 expects<shape_error>(codes.bits() == bits, owner, function, ": ", name, " have ", codes.bits(),
            " bits, expected ", bits);
 const std::uint64_t padding = ~last_word_mask(bits);
 if (padding == 0) return;
 for (std::size_t i = 0; i < codes.size(); ++i)
  expects((codes[i].back() & padding) == 0, owner, function, ": code ", i, " of ", name,
      " has bits set past its end, bit ", bits - 1);
}

}}

#endif

// ---- hint/search/kernels/block_layout.hpp
#ifndef HINT_SEARCH_KERNELS_BLOCK_LAYOUT_HPP
#define HINT_SEARCH_KERNELS_BLOCK_LAYOUT_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

inline constexpr std::size_t block_codes = 8;
inline constexpr std::size_t group_codes = 32;

[[nodiscard]] constexpr std::size_t block_word(std::size_t words, std::size_t row,
                        std::size_t w) noexcept {
 return (row / block_codes * words + w) * block_codes + row % block_codes;
}
[[nodiscard]] constexpr std::size_t padded_rows(std::size_t rows) noexcept {
 return (rows + group_codes - 1) / group_codes * group_codes;
}
[[nodiscard]] constexpr std::size_t block_words(std::size_t words, std::size_t rows) noexcept {
 return padded_rows(rows) * words;
}

inline void put_in_blocks(const code_view& codes, std::size_t first,
             std::uint64_t* blocks) noexcept {
 const std::size_t words = codes.words_per_code();
 const std::uint64_t* code = codes.data();
 for (std::size_t row = first; row < first + codes.size(); ++row)
  for (std::size_t w = 0; w < words; ++w) blocks[block_word(words, row, w)] = *code++;
}
inline void get_from_blocks(const std::uint64_t* blocks, std::size_t row,
              std::span<std::uint64_t> out) noexcept {
 const std::uint64_t* word = blocks + block_word(out.size(), row, 0);
 for (std::size_t w = 0; w < out.size(); ++w) out[w] = word[w * block_codes];
}

}}}

#endif

// ---- hint/search/kernels/code_layout.hpp
#ifndef HINT_SEARCH_KERNELS_CODE_LAYOUT_HPP
#define HINT_SEARCH_KERNELS_CODE_LAYOUT_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

inline constexpr std::size_t plane_codes = 64;
inline constexpr std::size_t most_planes = 31;

class code_layout {
 public:
 [[nodiscard]] static constexpr code_layout best(std::size_t bits) noexcept {
  const std::size_t bytes = (bits + 7) / 8;
  return {words_for(bits), bytes % 8 != 0 && bytes <= most_planes ? bytes : 0};
 }
 [[nodiscard]] static constexpr code_layout by_words(std::size_t bits) noexcept {
  return {words_for(bits), 0};
 }

 [[nodiscard]] constexpr bool in_planes() const noexcept { return planes_ != 0; }
 [[nodiscard]] constexpr std::size_t words() const noexcept { return words_; }
 [[nodiscard]] constexpr std::size_t length() const noexcept {
  return in_planes() ? planes_ : words_;
 }
 [[nodiscard]] constexpr std::size_t bytes() const noexcept {
  return in_planes() ? planes_ : 8 * words_;
 }
 [[nodiscard]] constexpr std::size_t group() const noexcept {
  return in_planes() ? plane_codes : group_codes;
 }
 [[nodiscard]] constexpr std::size_t padded(std::size_t rows) const noexcept {
  return (rows + group() - 1) / group() * group();
 }
 [[nodiscard]] constexpr std::size_t room(std::size_t rows) const noexcept {
  return padded(rows) / 8 * bytes();
 }

 void put(const code_view& codes, std::size_t first, std::uint64_t* blocks) const noexcept {
  if (!in_planes()) return put_in_blocks(codes, first, blocks);
  auto* const lines = reinterpret_cast<unsigned char*>(blocks);
  const auto* code = reinterpret_cast<const unsigned char*>(codes.data());
  for (std::size_t row = first; row < first + codes.size(); ++row, code += 8 * words_)
   for (std::size_t p = 0; p < planes_; ++p) lines[place(row, p)] = code[p];
 }
 void get(const std::uint64_t* blocks, std::size_t row,
      std::span<std::uint64_t> out) const noexcept {
  if (!in_planes()) return get_from_blocks(blocks, row, out);
  const auto* const lines = reinterpret_cast<const unsigned char*>(blocks);
  auto* const code = reinterpret_cast<unsigned char*>(out.data());
  for (std::size_t p = 0; p < 8 * words_; ++p)
   code[p] = p < planes_ ? lines[place(row, p)] : static_cast<unsigned char>(0);
 }

 friend constexpr bool operator==(const code_layout&, const code_layout&) = default;

 private:
 constexpr code_layout(std::size_t words, std::size_t planes) noexcept
   : words_(words), planes_(planes) {}
 [[nodiscard]] constexpr std::size_t place(std::size_t row, std::size_t p) const noexcept {
  return (row / plane_codes * planes_ + p) * plane_codes + row % plane_codes;
 }
 std::size_t words_;
 std::size_t planes_;
};

[[nodiscard]] inline std::uint8_t query_byte(const std::uint64_t* queries, std::size_t together,
                       std::size_t q, std::size_t p) noexcept {
 return static_cast<std::uint8_t>(queries[p / 8 * together + q] >> (8 * (p % 8)));
}

}}}

#endif

// ---- hint/core/prefetch.hpp
#ifndef HINT_CORE_PREFETCH_HPP
#define HINT_CORE_PREFETCH_HPP

namespace hint { inline namespace HINT_ABI { namespace detail {

inline void prefetch([[maybe_unused]] const void* address) noexcept {
#if defined(__GNUC__) || defined(__clang__)
 __builtin_prefetch(address);
 __asm__ volatile("" : : "r"(address));
#endif
}

}}}

#endif

// ---- hint/search/store/row_ids.hpp
#ifndef HINT_SEARCH_STORE_ROW_IDS_HPP
#define HINT_SEARCH_STORE_ROW_IDS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class row_ids {
 public:
 struct run {
  std::int64_t row;
  std::int64_t id;
 };

 row_ids() = default;
 template <std::same_as<std::span<const std::int64_t>> List>
 row_ids(List list) noexcept
   : form_(form::list), size_(list.size()), data_(list.data()) {}
 [[nodiscard]] static row_ids consecutive(std::int64_t first, std::size_t size) noexcept {
  return {form::consecutive, size, nullptr, 0, first};
 }
 [[nodiscard]] static row_ids offsets(std::int64_t least,
                    std::span<const std::uint32_t> offsets) noexcept {
  return {form::offsets, offsets.size(), offsets.data(), 0, least};
 }
 [[nodiscard]] static row_ids in_runs(std::span<const run> runs, std::size_t size) noexcept {
  return {form::runs, size, runs.data(), runs.size(), 0};
 }

 [[nodiscard]] std::size_t size() const noexcept { return size_; }
 [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
 [[nodiscard]] std::int64_t operator[](std::size_t i) const noexcept {
  i += begins_;
  switch (form_) {
   case form::list:
    return static_cast<const std::int64_t*>(data_)[i];
   case form::offsets:
    return plus(base_, static_cast<const std::uint32_t*>(data_)[i]);
   case form::runs:
    return in_run(i);
   case form::consecutive:
    break;
  }
  return plus(base_, i);
 }
 void prefetch(std::size_t i) const noexcept {
  i += begins_;
  if (form_ == form::list)
   hint::detail::prefetch(static_cast<const std::int64_t*>(data_) + i);
  else if (form_ == form::offsets)
   hint::detail::prefetch(static_cast<const std::uint32_t*>(data_) + i);
 }
 [[nodiscard]] std::int64_t front() const noexcept { return (*this)[0]; }
 [[nodiscard]] std::int64_t back() const noexcept { return (*this)[size_ - 1]; }
 [[nodiscard]] row_ids subspan(std::size_t first, std::size_t count) const noexcept {
  row_ids part = *this;
  part.begins_ += first;
  part.size_ = count;
  return part;
 }
 [[nodiscard]] row_ids first(std::size_t count) const noexcept { return subspan(0, count); }
 HINT_LAZY
 [[nodiscard]] bool follow() const noexcept {
  if (form_ == form::consecutive) return true;
  for (std::size_t i = 1; i < size_; ++i)
   if ((*this)[i] != plus((*this)[i - 1], 1)) return false;
  return true;
 }
 HINT_LAZY
 [[nodiscard]] bool ascend() const noexcept {
  if (form_ == form::consecutive) return true;
  return std::adjacent_find(begin(), end(), [](auto a, auto b) { return a >= b; }) == end();
 }

 class iterator {
  public:
  using iterator_category = std::random_access_iterator_tag;
  using value_type = std::int64_t;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = std::int64_t;

  iterator() = default;
  iterator(const row_ids& ids, std::size_t at) noexcept : ids_(&ids), at_(at) {}
  std::int64_t operator*() const noexcept { return (*ids_)[at_]; }
  std::int64_t operator[](std::ptrdiff_t n) const noexcept { return *(*this + n); }
  iterator& operator+=(std::ptrdiff_t n) noexcept {
   at_ += static_cast<std::size_t>(n);
   return *this;
  }
  iterator& operator-=(std::ptrdiff_t n) noexcept { return *this += -n; }
  iterator& operator++() noexcept { return *this += 1; }
  iterator& operator--() noexcept { return *this += -1; }
  iterator operator++(int) noexcept {
   const iterator old = *this;
   ++*this;
   return old;
  }
  iterator operator--(int) noexcept {
   const iterator old = *this;
   --*this;
   return old;
  }
  friend iterator operator+(iterator a, std::ptrdiff_t n) noexcept { return a += n; }
  friend iterator operator+(std::ptrdiff_t n, iterator a) noexcept { return a += n; }
  friend iterator operator-(iterator a, std::ptrdiff_t n) noexcept { return a -= n; }
  friend std::ptrdiff_t operator-(const iterator& a, const iterator& b) noexcept {
   return static_cast<std::ptrdiff_t>(a.at_) - static_cast<std::ptrdiff_t>(b.at_);
  }
  friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }
  friend std::strong_ordering operator<=>(const iterator& a, const iterator& b) noexcept {
   return a.at_ <=> b.at_;
  }

  private:
  const row_ids* ids_ = nullptr;
  std::size_t at_ = 0;
 };
 [[nodiscard]] iterator begin() const noexcept { return {*this, 0}; }
 [[nodiscard]] iterator end() const noexcept { return {*this, size_}; }

 private:
 enum class form : std::uint8_t { consecutive, list, offsets, runs };

 row_ids(form f, std::size_t size, const void* data, std::size_t runs, std::int64_t base) noexcept
   : form_(f), size_(size), data_(data), runs_(runs), base_(base) {}
 [[nodiscard]] static std::int64_t plus(std::int64_t id, std::uint64_t n) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(id) + n);
 }
 [[nodiscard]] std::int64_t in_run(std::size_t i) const noexcept {
  const std::span<const run> runs(static_cast<const run*>(data_), runs_);
  const auto row = static_cast<std::int64_t>(i);
  const auto after = std::upper_bound(runs.begin() + 1, runs.end(), row,
                    [](std::int64_t r, const run& x) { return r < x.row; });
  const run& mine = *(after - 1);
  return plus(mine.id, static_cast<std::uint64_t>(row) - static_cast<std::uint64_t>(mine.row));
 }

 form form_ = form::consecutive;
 std::size_t size_ = 0;
 const void* data_ = nullptr;
 std::size_t runs_ = 0;
 std::int64_t base_ = 0;
 std::size_t begins_ = 0;
};

}}}

#endif

// ---- hint/search/store/code_chunk.hpp
#ifndef HINT_SEARCH_STORE_CODE_CHUNK_HPP
#define HINT_SEARCH_STORE_CODE_CHUNK_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class code_chunk {
 public:
 explicit code_chunk(const code_layout& layout) noexcept : layout_(layout) {}
 code_chunk(const code_layout& layout, const std::uint64_t* blocks, const row_ids& ids,
       std::shared_ptr<const void> keeper) noexcept
   : layout_(layout), blocks_(blocks), ids_(ids), keeper_(std::move(keeper)) {}
 code_chunk(const code_chunk&) = delete;
 code_chunk& operator=(const code_chunk&) = delete;

 [[nodiscard]] const code_layout& layout() const noexcept { return layout_; }
 [[nodiscard]] std::size_t rows() const noexcept { return ids_.size(); }
 [[nodiscard]] bool mapped() const noexcept { return keeper_ != nullptr; }
 [[nodiscard]] const std::uint64_t* blocks() const noexcept { return blocks_; }
 [[nodiscard]] const row_ids& ids() const noexcept { return ids_; }
 void code(std::size_t row, std::span<std::uint64_t> out) const noexcept {
  layout_.get(blocks_, row, out);
 }

 HINT_LAZY
 void reserve(std::size_t rows, const row_ids& next) {
  if (rows > room_) {
   own_blocks_.resize(layout_.room(rows));
   blocks_ = own_blocks_.data();
  }
  room_ = (std::max)(room_, rows);
  if (own_ids_.empty() && continues(next)) return;
  if (own_ids_.size() >= room_) return;
  const bool listed = !own_ids_.empty();
  own_ids_.resize(room_);
  if (!listed) std::copy(ids_.begin(), ids_.end(), own_ids_.begin());
  ids_ = std::span<const std::int64_t>(own_ids_).first(this->rows());
 }
 [[nodiscard]] std::size_t room() const noexcept { return room_ - rows(); }
 void append(const code_view& codes, const row_ids& ids) noexcept {
  if (ids.empty()) return;
  const std::size_t rows = this->rows();
  layout_.put(codes, rows, own_blocks_.data());
  if (own_ids_.empty()) {
   ids_ = row_ids::consecutive(rows == 0 ? ids.front() : ids_.front(), rows + ids.size());
  } else {
   std::copy(ids.begin(), ids.end(), own_ids_.begin() + static_cast<std::ptrdiff_t>(rows));
   ids_ = std::span<const std::int64_t>(own_ids_).first(rows + ids.size());
  }
 }
 HINT_LAZY
 [[nodiscard]] std::shared_ptr<code_chunk> clone(std::size_t rows,
                         const row_ids& next = {}) const {
  auto copy = std::make_shared<code_chunk>(layout_);
  copy->reserve((std::max)(rows, this->rows()), ids_);
  std::copy_n(blocks_, layout_.room(this->rows()), copy->own_blocks_.begin());
  if (!copy->own_ids_.empty()) std::copy(ids_.begin(), ids_.end(), copy->own_ids_.begin());
  copy->ids_ = copy->own_ids_.empty()
           ? row_ids::consecutive(rows_begin(), this->rows())
           : row_ids(std::span<const std::int64_t>(copy->own_ids_).first(this->rows()));
  copy->reserve(rows, next);
  return copy;
 }

 private:
 [[nodiscard]] std::int64_t rows_begin() const noexcept { return rows() == 0 ? 0 : ids_.front(); }
 [[nodiscard]] bool continues(const row_ids& next) const noexcept {
  if (next.empty()) return true;
  return next.follow() &&
      (rows() == 0 || (next.front() > ids_.back() && next.front() - 1 == ids_.back()));
 }

 code_layout layout_;
 std::size_t room_ = 0;
 const std::uint64_t* blocks_ = nullptr;
 row_ids ids_;
 std::shared_ptr<const void> keeper_;
 aligned_buffer<std::uint64_t> own_blocks_;
 std::vector<std::int64_t> own_ids_;
};

}}}

#endif

// ---- hint/search/duplicates.hpp
#ifndef HINT_SEARCH_DUPLICATES_HPP
#define HINT_SEARCH_DUPLICATES_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// What `add` does with an id that is in the index already, or comes twice.
enum class duplicates : std::uint8_t {
 refuse,  ///< throws `invalid_argument` and adds nothing
 replace  ///< the last code that comes under an id is the one that stays
};

}}}

#endif

// ---- hint/core/hash.hpp
#ifndef HINT_CORE_HASH_HPP
#define HINT_CORE_HASH_HPP

namespace hint { inline namespace HINT_ABI {

/// FNV-1a with 64 bits over a sequence of bytes: `add` them one after the other, then read `value`.
struct fnv1a {
 std::uint64_t value = 0xcbf29ce484222325ULL;
 constexpr void add(std::uint64_t part) noexcept { value = (value ^ part) * 0x100000001b3ULL; }
};

/// The finaliser of SplitMix64: a bijection under which every bit of the result depends on all bits
/// of x.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
 x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
 x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
 return x ^ (x >> 31);
}

/// Closes the gap that a removed entry leaves in a table with open addressing and linear probing,
/// whose size is mask + 1, a power of two: entries that it had pushed on move back, so that no
/// search meets a gap and no mark of the dead is needed.
template <class Used, class Home, class Move>
constexpr std::size_t close_gap(std::size_t hole, std::size_t mask, Used used, Home home,
                Move move) {
 for (std::size_t i = (hole + 1) & mask; used(i); i = (i + 1) & mask)
  if (((i - home(i)) & mask) >= ((i - hole) & mask)) {
   move(i, hole);
   hole = i;
  }
 return hole;
}

}}

#endif

// ---- hint/search/store/row_table.hpp
#ifndef HINT_SEARCH_STORE_ROW_TABLE_HPP
#define HINT_SEARCH_STORE_ROW_TABLE_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class row_table {
 public:
 static constexpr std::size_t none = (std::numeric_limits<std::size_t>::max)();

 [[nodiscard]] std::size_t size() const noexcept { return size_; }
 [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
 [[nodiscard]] std::size_t find(std::int64_t id) const noexcept {
  return rows_.empty() ? none : rows_[place_of(id)];
 }
 void reserve(std::size_t ids) {
  if (2 * ids <= rows_.size()) return;
  std::size_t places = 16;
  while (places < 2 * ids) places *= 2;
  row_table larger;
  larger.ids_.resize(places);
  larger.rows_.resize(places, none);
  for (std::size_t i = 0; i < rows_.size(); ++i)
   if (rows_[i] != none) larger.put(ids_[i], rows_[i]);
  *this = std::move(larger);
 }
 std::size_t put(std::int64_t id, std::size_t row) noexcept {
  const std::size_t at = place_of(id);
  if (rows_[at] == none) ++size_;
  ids_[at] = id;
  return std::exchange(rows_[at], row);
 }
 void erase(std::int64_t id) noexcept {
  if (find(id) == none) return;
  const std::size_t mask = rows_.size() - 1;
  const std::size_t hole = close_gap(
    place_of(id), mask, [&](std::size_t i) { return rows_[i] != none; },
    [&](std::size_t i) { return hash(ids_[i]) & mask; },
    [&](std::size_t from, std::size_t to) {
     ids_[to] = ids_[from];
     rows_[to] = rows_[from];
    });
  rows_[hole] = none;
  --size_;
 }
 void clear() noexcept { *this = row_table(); }

 private:
 [[nodiscard]] static std::size_t hash(std::int64_t id) noexcept {
  return mix64(static_cast<std::uint64_t>(id) + 0x9e3779b97f4a7c15ULL);
 }
 [[nodiscard]] std::size_t place_of(std::int64_t id) const noexcept {
  const std::size_t mask = rows_.size() - 1;
  std::size_t at = hash(id) & mask;
  while (rows_[at] != none && ids_[at] != id) at = (at + 1) & mask;
  return at;
 }

 std::vector<std::int64_t> ids_;
 std::vector<std::size_t> rows_;
 std::size_t size_ = 0;
};

}}}

#endif

// ---- hint/search/store/ids_archive.hpp
#ifndef HINT_SEARCH_STORE_IDS_ARCHIVE_HPP
#define HINT_SEARCH_STORE_IDS_ARCHIVE_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

inline constexpr std::uint32_t short_format = 2;

template <class Writer, class ForEach>
void write_ids(Writer& archive, std::size_t size, ForEach&& for_each) {
 std::size_t runs = 0;
 std::int64_t least = 0, largest = 0, last = 0;
 for_each([&](std::int64_t id) {
  const bool follows = runs > 0 && id > last && id - 1 == last;
  least = runs == 0 ? id : (std::min)(least, id);
  largest = runs == 0 ? id : (std::max)(largest, id);
  if (!follows) ++runs;
  last = id;
 });
 const auto distance = [&](std::int64_t id) {
  return static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(least);
 };
 if (runs == 1) {
  archive.meta("first_id", least);
 } else if (runs > 0 && 16 * runs <= size) {
  std::vector<std::int64_t> list;
  list.reserve(2 * runs);
  std::int64_t row = 0;
  for_each([&](std::int64_t id) {
   if (row == 0 || !(id > last && id - 1 == last)) list.insert(list.end(), {row, id});
   last = id;
   ++row;
  });
  archive.array("id_runs", std::move(list), runs, std::size_t{2});
 } else if (runs > 0 && distance(largest) <= (std::numeric_limits<std::uint32_t>::max)()) {
  std::vector<std::uint32_t> list;
  list.reserve(size);
  for_each([&](std::int64_t id) { list.push_back(static_cast<std::uint32_t>(distance(id))); });
  archive.meta("least_id", least);
  archive.array("id_offsets", std::move(list), size, std::size_t{1});
 } else {
  std::vector<std::int64_t> list;
  list.reserve(size);
  for_each([&](std::int64_t id) { list.push_back(id); });
  archive.array("ids", std::move(list), size, std::size_t{1});
  return;
 }
 archive.needs_version(short_format);
}

template <class Reader>
[[nodiscard]] row_ids read_ids(const Reader& archive, std::size_t rows) {
 const auto expect = [&](const char* name, std::size_t cols) {
  archive.require(archive.rows(name) == rows && archive.cols(name) == cols, "array '", name,
          "' is ", archive.rows(name), " x ", archive.cols(name), ", expected ", rows,
          " x ", cols);
 };
 if (archive.has("first_id")) {
  const auto first = archive.template number<std::int64_t>("first_id");
  const auto room = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)()) -
           static_cast<std::uint64_t>(first);
  archive.require(rows == 0 || rows - 1 <= room, "entry 'first_id' is ", first, ", which no ",
          rows, " ids can begin with");
  return row_ids::consecutive(first, rows);
 }
 if (archive.has_array("id_runs")) {
  const auto numbers = archive.template array<std::int64_t>("id_runs");
  archive.require(archive.cols("id_runs") == 2, "array 'id_runs' is ", archive.rows("id_runs"),
          " x ", archive.cols("id_runs"), ", expected 2 columns");
  const std::span<const row_ids::run> runs(reinterpret_cast<const row_ids::run*>(numbers.data()),
                       archive.rows("id_runs"));
  bool good = !runs.empty() && runs.front().row == 0;
  for (std::size_t i = 1; good && i < runs.size(); ++i)
   good = runs[i - 1].row < runs[i].row && static_cast<std::size_t>(runs[i].row) < rows;
  archive.require(good, "array 'id_runs' does not begin with row 0 and ascend to rows below ",
          rows);
  return row_ids::in_runs(runs, rows);
 }
 if (archive.has_array("id_offsets")) {
  expect("id_offsets", 1);
  return row_ids::offsets(archive.template number<std::int64_t>("least_id"),
              archive.template array<std::uint32_t>("id_offsets"));
 }
 const auto list = archive.template array<std::int64_t>("ids");
 expect("ids", 1);
 return list;
}

}}}

#endif

// ---- hint/search/store/section_ids.hpp
#ifndef HINT_SEARCH_STORE_SECTION_IDS_HPP
#define HINT_SEARCH_STORE_SECTION_IDS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

struct id_run {
 row_ids ids;
 bool ascending = false;  ///< is believed

 [[nodiscard]] std::int64_t smallest() const noexcept {
  return ascending ? ids.front() : *std::min_element(ids.begin(), ids.end());
 }
 [[nodiscard]] std::int64_t largest() const noexcept {
  return ascending ? ids.back() : *std::max_element(ids.begin(), ids.end());
 }
};

struct repeated_id {
 std::size_t run;
 std::int64_t id;
};

HINT_LAZY
[[nodiscard]] std::optional<repeated_id> find_repeated(std::span<const id_run> runs) {
 struct range {
  std::int64_t first, last;
  std::size_t run;
 };
 std::vector<range> ranges;
 for (std::size_t r = 0; r < runs.size(); ++r)
  if (!runs[r].ids.empty()) ranges.push_back({runs[r].smallest(), runs[r].largest(), r});
 std::sort(ranges.begin(), ranges.end(),
      [](const range& a, const range& b) { return a.first < b.first; });
 std::vector<std::int64_t> all;
 for (std::size_t begin = 0, end = 0; begin < ranges.size(); begin = end) {
  std::int64_t last = ranges[begin].last;
  for (end = begin + 1; end < ranges.size() && ranges[end].first <= last; ++end)
   last = (std::max)(last, ranges[end].last);
  if (end - begin == 1 && runs[ranges[begin].run].ascending) continue;
  all.clear();
  for (std::size_t i = begin; i < end; ++i) {
   const row_ids& ids = runs[ranges[i].run].ids;
   all.insert(all.end(), ids.begin(), ids.end());
  }
  std::sort(all.begin(), all.end());
  const auto twice = std::adjacent_find(all.begin(), all.end());
  if (twice == all.end()) continue;
  std::ptrdiff_t count = 0;
  for (std::size_t r = 0; r < runs.size(); ++r) {
   count += std::count(runs[r].ids.begin(), runs[r].ids.end(), *twice);
   if (count > 1) return repeated_id{r, *twice};
  }
 }
 return std::nullopt;
}

HINT_LAZY
[[nodiscard]] std::optional<std::int64_t> find_shared(std::vector<std::int64_t> mine,
                           std::span<const id_run> runs) {
 if (mine.empty()) return std::nullopt;
 std::sort(mine.begin(), mine.end());
 row_table table;
 for (const id_run& run : runs) {
  if (run.ids.empty()) continue;
  if (run.ascending) {
   if (run.ids.back() < mine.front() || run.ids.front() > mine.back()) continue;
   auto at = run.ids.begin();
   for (const std::int64_t id : mine) {
    at = std::lower_bound(at, run.ids.end(), id);
    if (at == run.ids.end()) break;
    if (*at == id) return id;
   }
   continue;
  }
  if (table.empty()) {
   table.reserve(mine.size());
   for (const std::int64_t id : mine) table.put(id, 0);
  }
  for (const std::int64_t id : run.ids)
   if (table.find(id) != row_table::none) return id;
 }
 return std::nullopt;
}

template <class Reader>
[[nodiscard]] id_run stored_ids(const Reader& archive) {
 const auto rows = archive.template number<std::size_t>("rows");
 return {read_ids(archive, rows), archive.template number<bool>("ids_ascend")};
}
template <class Reader>
[[nodiscard]] std::vector<id_run> all_stored_ids(std::span<const Reader> sections) {
 std::vector<id_run> runs;
 runs.reserve(sections.size());
 for (const Reader& archive : sections) runs.push_back(stored_ids(archive));
 return runs;
}

template <class Reader>
void expects_ids_differ(std::span<const Reader> sections, std::string_view owner) {
 if (const auto twice = find_repeated(all_stored_ids(sections)))
  sections[twice->run].require(false, owner, ": id ", twice->id, " comes twice");
}
template <class Reader>
void expects_ids_new(std::vector<std::int64_t> ids, std::span<const Reader> sections) {
 if (const auto shared = find_shared(std::move(ids), all_stored_ids(sections)))
  expects(
    false, sections.front().path(), ": id ", *shared,
    " is in the file already, nothing was appended; io::append_renumbered gives the ids that "
    "follow the largest in the file");
}

inline void expects_ids_left(std::string_view owner, std::string_view function,
               std::int64_t largest, std::size_t count) {
 const auto room = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)()) -
          static_cast<std::uint64_t>(largest);
 expects(largest < 0 || count <= room, owner, function, ": no ", count,
     " ids follow the largest so far, ", largest);
}
[[nodiscard]] constexpr std::int64_t id_after(std::int64_t largest) noexcept {
 return largest < (std::numeric_limits<std::int64_t>::max)() ? largest + 1 : largest;
}
template <class Reader>
[[nodiscard]] std::int64_t id_to_follow(std::span<const Reader> sections, std::string_view owner,
                    std::size_t count) {
 bool numbered = false;
 std::int64_t largest = -1;
 const auto note = [&](std::int64_t id) {
  largest = numbered ? (std::max)(largest, id) : id;
  numbered = true;
 };
 for (const Reader& archive : sections) {
  const id_run run = stored_ids(archive);
  if (!run.ids.empty()) note(run.largest());
  if (archive.has("largest_id")) note(archive.template number<std::int64_t>("largest_id"));
 }
 expects_ids_left(owner, "::append", largest, count);
 return id_after(largest);
}

}}}

#endif

// ---- hint/search/store/shared_rows.hpp
#ifndef HINT_SEARCH_STORE_SHARED_ROWS_HPP
#define HINT_SEARCH_STORE_SHARED_ROWS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

struct known_rows {
 known_rows() = default;
 known_rows(const known_rows&) noexcept {}
 known_rows(known_rows&&) = default;
 known_rows& operator=(const known_rows& other) noexcept {
  if (this != &other) rows.clear();
  return *this;
 }
 known_rows& operator=(known_rows&&) = default;
 row_table rows;
};

class shared_rows {
 public:
 shared_rows() = default;
 shared_rows(const shared_rows&) = delete;
 shared_rows& operator=(const shared_rows&) = delete;
 ~shared_rows() { delete made_.load(); }

 template <class Fill>
 [[nodiscard]] const row_table* get(Fill&& fill) noexcept {
  if (const row_table* made = made_.load(std::memory_order_acquire)) return made;
  if (taken_.exchange(true)) return nullptr;
  try {
   auto table = std::make_unique<row_table>();
   fill(*table);
   made_.store(table.get(), std::memory_order_release);
   return table.release();
  } catch (...) {
   taken_ = false;
   return nullptr;
  }
 }

 private:
 std::atomic<const row_table*> made_ = nullptr;
 std::atomic<bool> taken_ = false;
};

}}}

#endif

// ---- hint/search/store/code_store.hpp
#ifndef HINT_SEARCH_STORE_CODE_STORE_HPP
#define HINT_SEARCH_STORE_CODE_STORE_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class code_store {
 public:
 static constexpr std::size_t not_found = row_table::none;

 code_store(std::size_t bits, std::string_view owner) : bits_(bits), owner_(owner) {
  expects(bits >= 1 && bits <= max_bits, owner, ": bits is ", bits, ", expected 1 to ", max_bits);
 }

 [[nodiscard]] std::size_t bits() const noexcept { return bits_; }
 [[nodiscard]] std::size_t words() const noexcept { return words_for(bits_); }
 [[nodiscard]] std::size_t bytes_per_code() const noexcept {
  std::size_t most = code_layout::best(bits_).bytes();
  for (const auto& chunk : chunks_) most = (std::max)(most, chunk->layout().bytes());
  return most;
 }
 [[nodiscard]] std::size_t size() const noexcept { return rows_ - removed_; }
 [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
 [[nodiscard]] std::size_t removed() const noexcept { return removed_; }
 [[nodiscard]] bool mostly_removed() const noexcept {
  return removed_ > size() + 1024 && !mapped();
 }
 [[nodiscard]] bool ascending() const noexcept { return ascending_; }
 [[nodiscard]] bool mapped() const noexcept {
  return std::any_of(chunks_.begin(), chunks_.end(), [](const auto& c) { return c->mapped(); });
 }

 [[nodiscard]] std::size_t chunk_count() const noexcept { return chunks_.size(); }
 [[nodiscard]] const code_chunk& chunk(std::size_t i) const noexcept { return *chunks_[i]; }
 [[nodiscard]] std::size_t first_row(std::size_t chunk) const noexcept { return firsts_[chunk]; }
 [[nodiscard]] std::size_t chunk_of(std::size_t row) const noexcept {
  return static_cast<std::size_t>(std::upper_bound(firsts_.begin(), firsts_.end(), row) -
                  firsts_.begin()) -
      1;
 }

 [[nodiscard]] bool live(std::size_t row) const noexcept {
  return removed_ == 0 || row / 64 >= tombstones_->size() ||
      ((*tombstones_)[row / 64] >> (row % 64) & 1) == 0;
 }
 [[nodiscard]] std::int64_t id(std::size_t row) const noexcept {
  const std::size_t c = chunk_of(row);
  return chunks_[c]->ids()[row - firsts_[c]];
 }
 template <class F>
 void for_live(F&& f) const {
  for_live(0, rows_, std::forward<F>(f));
 }
 template <class F>
 void for_live(std::size_t first, std::size_t last, F&& f) const {
  if (first >= last) return;
  for (std::size_t c = chunk_of(first); c < chunks_.size() && firsts_[c] < last; ++c) {
   const std::size_t end = (std::min)(chunks_[c]->rows(), last - firsts_[c]);
   for (std::size_t i = first > firsts_[c] ? first - firsts_[c] : 0; i < end; ++i)
    if (live(firsts_[c] + i)) f(firsts_[c] + i, std::as_const(*chunks_[c]), i);
  }
 }
 void code(std::size_t row, std::span<std::uint64_t> out) const noexcept {
  const std::size_t c = chunk_of(row);
  chunks_[c]->code(row - firsts_[c], out);
 }
 HINT_LAZY
 [[nodiscard]] std::size_t find(std::int64_t id) const noexcept {
  if (ascending_) return find_ascending(id);
  if (!known_.rows.empty()) return known_.rows.find(id);
  if (lookup_ != nullptr)
   if (const row_table* rows = lookup_->get([this](row_table& table) { enter_all(table); }))
    return rows->find(id);
  for (std::size_t c = 0; c < chunks_.size(); ++c) {
   const row_ids& ids = chunks_[c]->ids();
   for (std::size_t i = 0; i < ids.size(); ++i)
    if (ids[i] == id && live(firsts_[c] + i)) return firsts_[c] + i;
  }
  return not_found;
 }

 HINT_LAZY
 [[nodiscard]] std::vector<std::int64_t> ids() const {
  std::vector<std::int64_t> out;
  out.reserve(size());
  for_live([&](std::size_t, const code_chunk& chunk, std::size_t i) {
   out.push_back(chunk.ids()[i]);
  });
  return out;
 }

 HINT_LAZY
 void add(const code_view& codes) {
  expects_codes(owner_, "::add", "codes", codes, bits_);
  expects_ids_left(owner_, "::add", largest_, codes.size());
  if (codes.empty()) return;
  append(codes, row_ids::consecutive(largest_ + 1, codes.size()), duplicates::refuse);
 }
 void add(const code_view& codes, std::span<const std::int64_t> ids, duplicates policy) {
  add(codes, row_ids(ids), policy);
 }
 HINT_LAZY
 void add(const code_view& codes, const row_ids& ids, duplicates policy) {
  expects_codes(owner_, "::add", "codes", codes, bits_);
  expects<shape_error>(codes.size() == ids.size(), owner_, "::add: ", ids.size(), " ids for ",
             codes.size(), " codes");
  append(codes, ids, policy);
 }
 HINT_LAZY
 void add_mapped(const code_layout& layout, const std::uint64_t* blocks, const row_ids& ids,
         bool in_order, std::shared_ptr<const void> keeper) {
  if (ids.empty()) return;
  const bool rising = in_order && (rows_ == 0 || (ascending_ && ids.front() > largest_));
  auto fresh_lookup = lookup_for(rising);
  firsts_.push_back(rows_);
  try {
   chunks_.push_back(std::make_shared<code_chunk>(layout, blocks, ids, std::move(keeper)));
  } catch (...) {
   firsts_.pop_back();
   throw;
  }
  rows_ += ids.size();
  ascending_ = rising;
  lookup_ = std::move(fresh_lookup);
  known_.rows.clear();
  note_largest(in_order ? ids.back() : *std::max_element(ids.begin(), ids.end()));
 }
 void note_largest(std::int64_t id) noexcept {
  largest_ = numbered_ ? (std::max)(largest_, id) : id;
  numbered_ = true;
 }
 [[nodiscard]] std::int64_t largest() const noexcept { return largest_; }
 [[nodiscard]] bool numbered() const noexcept { return numbered_; }

 HINT_LAZY
 std::size_t remove(std::span<const std::int64_t> ids) {
  if (!ascending_) remember();
  lookup_ = lookup_for(ascending_);
  make_tombstones_writable();
  std::size_t count = 0;
  for (const std::int64_t id : ids) {
   const std::size_t row = find(id);
   if (row == not_found) continue;
   mark_removed(row);
   known_.rows.erase(id);
   ++count;
  }
  return count;
 }
 HINT_LAZY
 void compact() {
  if (removed_ == 0) return;
  code_store fresh(bits_, owner_);
  for (std::size_t c = 0; c < chunks_.size(); ++c) {
   code_set codes(bits_);
   std::vector<std::int64_t> ids;
   for (std::size_t i = 0; i < chunks_[c]->rows(); ++i) {
    if (!live(firsts_[c] + i)) continue;
    codes.resize(ids.size() + 1);
    chunks_[c]->code(i, codes[ids.size()]);
    ids.push_back(chunks_[c]->ids()[i]);
   }
   fresh.ascending_ =
     fresh.ascending_ && row_ids(std::span<const std::int64_t>(ids)).ascend() &&
     (ids.empty() || fresh.rows_ == 0 || fresh.id(fresh.rows_ - 1) < ids.front());
   fresh.push(codes, std::span<const std::int64_t>(ids));
  }
  fresh.lookup_ = lookup_for(fresh.ascending_);
  fresh.largest_ = largest_;
  fresh.numbered_ = numbered_;
  *this = std::move(fresh);
 }

 private:
 struct copy_mark {
  copy_mark() = default;
  copy_mark(const copy_mark& other) noexcept : copied(true) { other.copied = true; }
  copy_mark(copy_mark&& other) noexcept : copied(other.copied.load()) {}
  copy_mark& operator=(const copy_mark& other) noexcept {
   copied = other.copied = true;
   return *this;
  }
  copy_mark& operator=(copy_mark&& other) noexcept {
   copied = other.copied.load();
   return *this;
  }
  mutable std::atomic<bool> copied = false;
 };

 [[nodiscard]] std::size_t chunk_rows() const noexcept {
  const std::size_t group = code_layout::best(bits_).group();
  return (std::size_t{4} << 20) / (8 * words()) / group * group;
 }

 HINT_LAZY
 [[nodiscard]] std::size_t find_ascending(std::int64_t id) const noexcept {
  const auto after = std::upper_bound(
    chunks_.begin(), chunks_.end(), id,
    [](std::int64_t value, const auto& chunk) { return value < chunk->ids().front(); });
  if (after == chunks_.begin()) return not_found;
  const auto c = static_cast<std::size_t>(after - chunks_.begin()) - 1;
  const row_ids& ids = chunks_[c]->ids();
  const auto found = std::lower_bound(ids.begin(), ids.end(), id);
  const std::size_t row = firsts_[c] + static_cast<std::size_t>(found - ids.begin());
  return found != ids.end() && *found == id && live(row) ? row : not_found;
 }
 HINT_LAZY
 void remember() {
  if (!known_.rows.empty()) return;
  enter_all(known_.rows);
 }
 HINT_LAZY
 void enter_all(row_table& table) const {
  table.reserve(size());
  for_live([&](std::size_t row, const code_chunk& chunk, std::size_t i) {
   table.put(chunk.ids()[i], row);
  });
 }
 [[nodiscard]] static std::shared_ptr<shared_rows> lookup_for(bool ascending) {
  return ascending ? nullptr : std::make_shared<shared_rows>();
 }

 HINT_LAZY
 void append(const code_view& codes, const row_ids& ids, duplicates policy) {
  if (ids.empty()) return;
  const bool rising = (rows_ == 0 || ids.front() > largest_) && ids.ascend();
  auto fresh_lookup = lookup_for(ascending_ && rising);
  std::vector<std::size_t> replaced;
  if (!rising || !known_.rows.empty()) remember();
  try {
   if (!rising || !known_.rows.empty()) replaced = claim(ids, policy);
   if (!replaced.empty()) make_tombstones_writable(ids.size());
   push(codes, ids);
  } catch (const invalid_argument&) {
   throw;
  } catch (...) {
   known_.rows.clear();
   throw;
  }
  for (const std::size_t row : replaced) mark_removed(row);
  ascending_ = ascending_ && rising;
  lookup_ = std::move(fresh_lookup);
  note_largest(rising ? ids.back() : *std::max_element(ids.begin(), ids.end()));
 }
 HINT_LAZY
 [[nodiscard]] std::vector<std::size_t> claim(const row_ids& ids, duplicates policy) {
  std::vector<std::size_t> replaced;
  known_.rows.reserve(known_.rows.size() + ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
   const std::size_t before = known_.rows.put(ids[i], rows_ + i);
   if (before == not_found) continue;
   if (policy == duplicates::replace) {
    replaced.push_back(before);
    continue;
   }
   known_.rows.put(ids[i], before);
   for (std::size_t j = 0; j < i; ++j) known_.rows.erase(ids[j]);
   expects(before >= rows_, owner_, "::add: id ", ids[i], " is in the index already");
   expects(false, owner_, "::add: id ", ids[i], " comes twice");
  }
  return replaced;
 }
 HINT_LAZY
 void push(const code_view& codes, const row_ids& ids) {
  const std::size_t most = chunk_rows();
  std::vector<std::shared_ptr<code_chunk>> fresh;
  std::size_t in_last = 0;
  if (!chunks_.empty() && !chunks_.back()->mapped() && chunks_.back()->rows() < most) {
   auto& last = chunks_.back();
   const std::size_t rows = last->rows();
   in_last = (std::min)(ids.size(), most - rows);
   const std::size_t wanted = (std::min)(most, (std::max)(rows + in_last, 2 * rows));
   if (last_chunk_mark_.copied) {
    last = last->clone(wanted, ids.first(in_last));
    last_chunk_mark_.copied = false;
   } else {
    last->reserve(last->room() < in_last ? wanted : rows + in_last, ids.first(in_last));
   }
  }
  for (std::size_t done = in_last; done < ids.size(); done += most) {
   const std::size_t count = (std::min)(most, ids.size() - done);
   fresh.push_back(std::make_shared<code_chunk>(code_layout::best(bits_)));
   fresh.back()->reserve(count, ids.subspan(done, count));
  }
  chunks_.reserve(chunks_.size() + fresh.size());
  firsts_.reserve(chunks_.size() + fresh.size());

  if (in_last > 0) chunks_.back()->append(codes.slice(0, in_last), ids.first(in_last));
  rows_ += in_last;
  for (std::size_t i = 0, done = in_last; i < fresh.size(); ++i) {
   const std::size_t count = (std::min)(most, ids.size() - done);
   fresh[i]->append(codes.slice(done, count), ids.subspan(done, count));
   chunks_.push_back(std::move(fresh[i]));
   firsts_.push_back(rows_);
   last_chunk_mark_.copied = false;
   rows_ += count;
   done += count;
  }
 }
 HINT_LAZY
 void make_tombstones_writable(std::size_t more = 0) {
  const std::size_t words = (rows_ + more + 63) / 64;
  if (tombstones_ == nullptr) {
   tombstones_ = std::make_shared<std::vector<std::uint64_t>>(words);
  } else if (tombstone_mark_.copied) {
   tombstones_ = std::make_shared<std::vector<std::uint64_t>>(*tombstones_);
  }
  tombstone_mark_.copied = false;
  if (tombstones_->size() < words) tombstones_->resize(words);
 }
 void mark_removed(std::size_t row) noexcept {
  (*tombstones_)[row / 64] |= std::uint64_t{1} << (row % 64);
  ++removed_;
 }

 std::size_t bits_;
 std::string_view owner_;
 std::vector<std::shared_ptr<code_chunk>> chunks_;
 std::vector<std::size_t> firsts_;
 copy_mark last_chunk_mark_;
 std::size_t rows_ = 0;
 std::size_t removed_ = 0;
 std::shared_ptr<std::vector<std::uint64_t>> tombstones_;
 copy_mark tombstone_mark_;
 known_rows known_;
 std::shared_ptr<shared_rows>
   lookup_;
 std::int64_t largest_ = -1;
 bool numbered_ = false;
 bool ascending_ = true;
};

}}}

#endif

// ---- hint/search/hits.hpp
#ifndef HINT_SEARCH_HITS_HPP
#define HINT_SEARCH_HITS_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// One item found.
struct hit {
 std::uint32_t distance = 0;  ///< differing bits
 std::int64_t id = 0;         ///< as given to `add`
 friend auto operator<=>(const hit&, const hit&) = default;
};

/// The hits of several queries.
class hits {
 public:
 /// No queries.
 hits() : offsets_(1, 0) {}
 /// One row per query.
 HINT_LAZY
 explicit hits(const std::vector<std::vector<hit>>& rows) : hits() {
  offsets_.reserve(rows.size() + 1);
  for (const auto& row : rows) offsets_.push_back(offsets_.back() + row.size());
  all_.reserve(offsets_.back());
  for (const auto& row : rows) all_.insert(all_.end(), row.begin(), row.end());
 }

 /// Of all queries, the hits of query q being those from offsets[q] up to offsets[q + 1];
 /// unchecked.
 [[nodiscard]] static hits from_parts(std::vector<hit> all, std::vector<std::size_t> offsets) {
  hits out;
  out.all_ = std::move(all);
  out.offsets_ = std::move(offsets);
  return out;
 }

 /// Makes room for the answers to so many queries, of so many hits in all: adding them takes no
 /// memory.
 void reserve(std::size_t queries, std::size_t hits_in_all) {
  offsets_.reserve(queries + 1);
  all_.reserve(hits_in_all);
 }
 /// The answer to one more query, by ascending (distance, id), unchecked.
 void append_row(std::span<const hit> row) {
  all_.insert(all_.end(), row.begin(), row.end());
  offsets_.push_back(all_.size());
 }
 /// One more hit of the last query, not before those that it has; unchecked.
 void append_to_last(const hit& h) {
  all_.push_back(h);
  ++offsets_.back();
 }
 /// The answers to further queries.
 void append(const hits& more) {
  for (std::size_t q = 1; q < more.offsets_.size(); ++q)
   offsets_.push_back(all_.size() + more.offsets_[q]);
  all_.insert(all_.end(), more.all_.begin(), more.all_.end());
 }

 /// The number of queries.
 [[nodiscard]] std::size_t size() const noexcept { return offsets_.size() - 1; }
 [[nodiscard]] bool empty() const noexcept { return size() == 0; }
 /// The hits of a query by ascending (distance, id), unchecked.
 [[nodiscard]] std::span<const hit> operator[](std::size_t query) const noexcept {
  return std::span(all_).subspan(offsets_[query], offsets_[query + 1] - offsets_[query]);
 }
 /// The hits of all queries, one row after the other.
 [[nodiscard]] std::span<const hit> all() const noexcept { return all_; }

 [[nodiscard]] friend bool operator==(const hits&, const hits&) = default;

 private:
 std::vector<hit> all_;
 std::vector<std::size_t> offsets_;
};

namespace detail {

HINT_LAZY
[[nodiscard]] hits joined(std::vector<hits> parts) {
 if (parts.size() == 1) return std::move(parts.front());
 std::size_t queries = 0, all = 0;
 for (const hits& part : parts) queries += part.size(), all += part.all().size();
 hits out;
 out.reserve(queries, all);
 for (hits& part : parts) {
  out.append(part);
  part = hits();
 }
 return out;
}

}

}}}

#endif

// ---- hint/search/asymmetric.hpp
#ifndef HINT_SEARCH_ASYMMETRIC_HPP
#define HINT_SEARCH_ASYMMETRIC_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// Asymmetric distance computation (Gordo, Perronnin, Gong, Lazebnik, "Asymmetric distances for
/// binary embeddings", TPAMI 2014): the score of a query v and a code b is the sum over all bits j
/// of (v_j - t) (2 b_j - 1); more is nearer.
class asymmetric_scorer {
 public:
 /// O(32 * bits), and 8 KiB of memory for each word of a code.
 explicit asymmetric_scorer(std::span<const float> values, float threshold = 0)
   : bits_(checked(values, threshold)), table_(words_for(bits_) * bytes * entries) {
  float some[8] = {};
  for (std::size_t first = 0; first < bits_; first += 8) {
   const std::size_t count = (std::min)(std::size_t{8}, bits_ - first);
   for (std::size_t i = 0; i < count; ++i) some[i] = values[first + i] - threshold;
   fill({some, count}, table_.data() + first / 8 * entries);
  }
 }

 [[nodiscard]] std::size_t bits() const noexcept { return bits_; }

 /// The score of a code of words_for(bits()) words, zero past its end; both unchecked.
 [[nodiscard]] float score(std::span<const std::uint64_t> code) const noexcept {
  return score(code.data(), 1);
 }
 /// The same for a code whose words lie `stride` apart, unchecked.
 [[nodiscard]] float score(const std::uint64_t* word, std::size_t stride) const noexcept {
  float sum[bytes] = {};
  const float* at = table_.data();
  for (std::size_t w = 0; w < words_for(bits_); ++w, at += bytes * entries)
   for (std::size_t i = 0; i < bytes; ++i)
    sum[i] += at[i * entries + (word[w * stride] >> (8 * i) & 0xff)];
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
 }
 /// out[i] = score of codes[i].
 void scores(const code_view& codes, std::span<float> out) const {
  expects_codes("asymmetric_scorer", "::scores", "codes", codes, bits_);
  expects<shape_error>(out.size() == codes.size(), "asymmetric_scorer::scores: room for ",
             out.size(), " scores of ", codes.size(), " codes");
  for (std::size_t i = 0; i < codes.size(); ++i) out[i] = score(codes[i]);
 }

 private:
 static constexpr std::size_t bytes = 8;
 static constexpr std::size_t entries = 256;

 [[nodiscard]] static std::size_t checked(std::span<const float> values, float threshold) {
  expects(is_finite(threshold), "asymmetric_scorer: threshold is ", threshold,
      ", expected a finite number");
  expects(!values.empty() && values.size() <= max_bits, "asymmetric_scorer: ", values.size(),
      " values, expected 1 to ", max_bits);
  constexpr float largest = (std::numeric_limits<float>::max)();
  double sum = 0;
  for (std::size_t j = 0; j < values.size(); ++j) {
   const double less = static_cast<double>(values[j]) - static_cast<double>(threshold);
   expects(is_finite(values[j]), "asymmetric_scorer: value ", j, " is ", values[j],
       ", expected a finite number");
   sum += less < 0 ? -less : less;
   expects(sum <= static_cast<double>(largest / 2), "asymmetric_scorer: value ", j, " is ",
       values[j], "; the magnitudes up to it add up to more than ", largest / 2);
  }
  return values.size();
 }
 /// The 256 sums of up to 8 values, each from the first to the last: those of one value more are
 /// those so far, less it and plus it.
 static void fill(std::span<const float> values, float* table) noexcept {
  for (std::size_t j = 0, half = 1; j < values.size(); ++j, half *= 2) {
   for (std::size_t x = 0; x < half; ++x) {
    table[half + x] = table[x] + values[j];
    table[x] -= values[j];
   }
  }
 }

 std::size_t bits_;
 std::vector<float> table_;
};

/// An item found and its asymmetric score.
struct scored_hit {
 std::uint32_t distance = 0;  ///< differing bits
 std::int64_t id = 0;
 float score = 0;  ///< of `asymmetric_scorer`, more is nearer
 friend bool operator==(const scored_hit&, const scored_hit&) = default;
};

/// Gives the code of an id: a callable `f(id)` whose result converts to a span of the code's words,
/// or to a `code_view` of one code, as what `linear_scan::code` returns does.
template <class F>
concept code_lookup = requires(const F& f, std::int64_t id) {
 { f(id) } -> std::convertible_to<std::span<const std::uint64_t>>;
} || requires(const F& f, std::int64_t id) {
 { f(id) } -> std::convertible_to<code_view>;
};

namespace detail {

[[nodiscard]] inline bool by_distance_and_score(const scored_hit& a, const scored_hit& b) noexcept {
 if (a.distance != b.distance) return a.distance < b.distance;
 return a.score != b.score ? a.score > b.score : a.id < b.id;
}

[[nodiscard]] inline float score_of_row(const asymmetric_scorer& scorer, const code_store& store,
                    std::size_t row) noexcept {
 const std::size_t c = store.chunk_of(row);
 const code_chunk& chunk = store.chunk(c);
 const std::size_t place = row - store.first_row(c);
 if (chunk.layout().in_planes()) {
  std::uint64_t code[words_for(8 * most_planes)];
  chunk.code(place, std::span(code, chunk.layout().words()));
  return scorer.score(code, 1);
 }
 return scorer.score(chunk.blocks() + block_word(store.words(), place, 0), block_codes);
}
template <code_lookup F>
[[nodiscard]] float score_of(std::string_view where, const asymmetric_scorer& scorer,
               const F& code_of, std::int64_t id) {
 const auto& code = code_of(id);
 code_view view;
 if constexpr (std::convertible_to<decltype(code), code_view>) {
  view = code;
 } else {
  const std::span<const std::uint64_t> words = code;
  expects<shape_error>(words.size() == words_for(scorer.bits()), where, ": the code of id ", id,
             " has ", words.size(), " words, expected ", words_for(scorer.bits()));
  view = code_view(words, scorer.bits());
 }
 expects<shape_error>(view.size() == 1, where, ": id ", id, " has ", view.size(),
            " codes, expected 1");
 expects_codes(where, "", "codes", view, scorer.bits());
 return scorer.score(view[0]);
}
[[nodiscard]] inline float score_of(std::string_view where, const asymmetric_scorer& scorer,
                  const code_store& store, std::int64_t id) {
 expects<shape_error>(store.bits() == scorer.bits(), where, ": codes have ", store.bits(),
            " bits, expected ", scorer.bits());
 const std::size_t row = store.find(id);
 expects(row != code_store::not_found, where, ": no code has id ", id);
 return score_of_row(scorer, store, row);
}

template <class Codes>
[[nodiscard]] std::vector<scored_hit> with_scores(std::string_view where, std::span<const hit> row,
                         const asymmetric_scorer& scorer,
                         const Codes& codes) {
 std::vector<scored_hit> out;
 out.reserve(row.size());
 for (const auto& [distance, id] : row)
  out.push_back({distance, id, score_of(where, scorer, codes, id)});
 return out;
}

}

/// Hits by (distance ascending, score descending, id ascending): equal distances in the order of
/// their scores.
template <class Codes>
 requires code_lookup<Codes> || std::same_as<Codes, detail::code_store>
[[nodiscard]] std::vector<scored_hit> rank_ties(std::span<const hit> row,
                        const asymmetric_scorer& scorer,
                        const Codes& codes) {
 auto out = detail::with_scores("rank_ties", row, scorer, codes);
 std::sort(out.begin(), out.end(), detail::by_distance_and_score);
 return out;
}
/// Hits by (score descending, distance ascending, id ascending).
template <class Codes>
 requires code_lookup<Codes> || std::same_as<Codes, detail::code_store>
[[nodiscard]] std::vector<scored_hit> rank_by_score(std::span<const hit> row,
                          const asymmetric_scorer& scorer,
                          const Codes& codes) {
 auto out = detail::with_scores("rank_by_score", row, scorer, codes);
 std::sort(out.begin(), out.end(), [](const scored_hit& a, const scored_hit& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.distance != b.distance ? a.distance < b.distance : a.id < b.id;
 });
 return out;
}

}}}

#endif

// ---- hint/core/communicator.hpp
#ifndef HINT_CORE_COMMUNICATOR_HPP
#define HINT_CORE_COMMUNICATOR_HPP

namespace hint { inline namespace HINT_ABI {

/// A group of processes, each with a rank.
template <class C>
concept communicator =
  requires(C& c, std::span<float> f, std::span<double> d, std::span<std::byte> bytes,
       std::span<const std::byte> mine, std::size_t root) {
   { c.rank() } -> std::convertible_to<std::size_t>;
   { c.size() } -> std::convertible_to<std::size_t>;
   c.all_reduce_sum(f);
   c.all_reduce_sum(d);
   c.broadcast(bytes, root);
   c.all_gather(mine, bytes);
  };

/// One process alone: the default, and the archetype.
struct solo {
 [[nodiscard]] static constexpr std::size_t rank() noexcept { return 0; }
 [[nodiscard]] static constexpr std::size_t size() noexcept { return 1; }
 static void all_reduce_sum(std::span<float>) noexcept {}
 static void all_reduce_sum(std::span<double>) noexcept {}
 static void broadcast(std::span<std::byte>, std::size_t) noexcept {}
 static void all_gather(std::span<const std::byte> mine, std::span<std::byte> all) noexcept {
  std::copy(mine.begin(), mine.end(), all.begin());
 }
};

/// A non-owning reference to any communicator, the type in which `context` keeps it.
class communicator_ref {
 public:
 communicator_ref() noexcept : communicator_ref(instance()) {}
 template <communicator C>
  requires(!std::same_as<C, communicator_ref>)
 communicator_ref(C& c) noexcept
   : object_(const_cast<void*>(static_cast<const void*>(std::addressof(c)))),
    table_(&table<C>) {}

 [[nodiscard]] std::size_t rank() const { return table_->rank(object_); }
 [[nodiscard]] std::size_t size() const { return table_->size(object_); }
 void all_reduce_sum(std::span<float> x) const { table_->sum_float(object_, x); }
 void all_reduce_sum(std::span<double> x) const { table_->sum_double(object_, x); }
 void broadcast(std::span<std::byte> x, std::size_t root) const {
  table_->broadcast(object_, x, root);
 }
 void all_gather(std::span<const std::byte> mine, std::span<std::byte> all) const {
  table_->all_gather(object_, mine, all);
 }

 private:
 struct functions {
  std::size_t (*rank)(void*);
  std::size_t (*size)(void*);
  void (*sum_float)(void*, std::span<float>);
  void (*sum_double)(void*, std::span<double>);
  void (*broadcast)(void*, std::span<std::byte>, std::size_t);
  void (*all_gather)(void*, std::span<const std::byte>, std::span<std::byte>);
 };
 template <class C>
 static constexpr functions table{
   [](void* o) -> std::size_t { return static_cast<C*>(o)->rank(); },
   [](void* o) -> std::size_t { return static_cast<C*>(o)->size(); },
   [](void* o, std::span<float> x) { static_cast<C*>(o)->all_reduce_sum(x); },
   [](void* o, std::span<double> x) { static_cast<C*>(o)->all_reduce_sum(x); },
   [](void* o, std::span<std::byte> x, std::size_t r) { static_cast<C*>(o)->broadcast(x, r); },
   [](void* o, std::span<const std::byte> m, std::span<std::byte> a) {
    static_cast<C*>(o)->all_gather(m, a);
   }};
 static solo& instance() noexcept {
  static solo one;
  return one;
 }

 void* object_;
 const functions* table_;
};

}}

#endif

// ---- hint/core/executor.hpp
#ifndef HINT_CORE_EXECUTOR_HPP
#define HINT_CORE_EXECUTOR_HPP

namespace hint { inline namespace HINT_ABI {

/// A non-owning reference to a callable `void(Args...)`; valid as long as the callable lives.
template <class... Args>
class call_ref {
 public:
 template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, call_ref>) && std::invocable<F&, Args...>
 call_ref(F&& f) noexcept
   : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
    call_([](void* object, Args... args) {
     (*static_cast<std::remove_reference_t<F>*>(object))(args...);
    }) {}
 void operator()(Args... args) const { call_(object_, args...); }

 private:
 void* object_;
 void (*call_)(void*, Args...);
};

/// A task of an executor, called with its number.
using task_ref = call_ref<std::size_t>;
/// Work on begin .. end - 1, called with the two.
using range_ref = call_ref<std::size_t, std::size_t>;

/// Runs independent tasks.
template <class E>
concept executor = requires(E& e, std::size_t n, task_ref f) {
 { e.concurrency() } -> std::convertible_to<std::size_t>;
 e.bulk(n, f);
};

/// Runs everything in order on the calling thread: the default, and the archetype of an executor.
struct sequential {
 [[nodiscard]] static constexpr std::size_t concurrency() noexcept { return 1; }
 static void bulk(std::size_t n, task_ref f);
};

/// A non-owning reference to any executor, the type in which `context` keeps it.
class executor_ref {
 public:
 /// Refers to `sequential`.
 executor_ref() noexcept
   : object_(nullptr),
    concurrency_([](void*) -> std::size_t { return 1; }),
    bulk_([](void*, std::size_t n, task_ref f) { sequential::bulk(n, f); }) {}
 template <executor E>
  requires(!std::same_as<E, executor_ref>)
 executor_ref(E& e) noexcept
   : object_(const_cast<void*>(static_cast<const void*>(std::addressof(e)))),
    concurrency_([](void* o) -> std::size_t { return static_cast<E*>(o)->concurrency(); }),
    bulk_([](void* o, std::size_t n, task_ref f) { static_cast<E*>(o)->bulk(n, f); }) {}

 [[nodiscard]] std::size_t concurrency() const { return concurrency_(object_); }
 void bulk(std::size_t n, task_ref f) const { bulk_(object_, n, f); }

 private:
 void* object_;
 std::size_t (*concurrency_)(void*);
 void (*bulk_)(void*, std::size_t, task_ref);
};

/// Splits 0 .. n-1 into chunks of `chunk` (the last may be shorter) and calls f(begin, end) for
/// each.
inline void for_chunks(const executor_ref& e, std::size_t n, std::size_t chunk, range_ref f) {
 chunk = (std::max<std::size_t>)(chunk, 1);
 e.bulk(n / chunk + (n % chunk != 0), [&](std::size_t c) {
  const std::size_t begin = c * chunk;
  f(begin, begin + (std::min)(chunk, n - begin));
 });
}

/// The sum of all, added pairwise in a fixed tree; T{} of none.
template <class T>
[[nodiscard]] T sum_pairwise(std::vector<T> parts) {
 for (std::size_t width = 1; width < parts.size(); width *= 2)
  for (std::size_t i = 0; i + width < parts.size(); i += 2 * width) parts[i] += parts[i + width];
 return parts.empty() ? T{} : std::move(parts.front());
}

/// Sums up f(begin, end) over fixed chunks, always in the same order: chunk results are added
/// pairwise in a fixed tree.
template <class T, class F>
[[nodiscard]] T reduce_chunks(const executor_ref& e, std::size_t n, std::size_t chunk, F&& f) {
 static_assert(!std::same_as<T, bool>, "hint: chunks may not write to std::vector<bool>");
 chunk = (std::max<std::size_t>)(chunk, 1);
 std::vector<T> parts(n / chunk + (n % chunk != 0));
 for_chunks(e, n, chunk,
       [&](std::size_t begin, std::size_t end) { parts[begin / chunk] = f(begin, end); });
 return sum_pairwise(std::move(parts));
}

inline void sequential::bulk(std::size_t n, task_ref f) {
 std::exception_ptr first;
 for (std::size_t i = 0; i < n; ++i) {
  try {
   f(i);
  } catch (...) {
   if (!first) first = std::current_exception();
  }
 }
 if (first) std::rethrow_exception(first);
}

}}

#endif

// ---- hint/core/observer.hpp
#ifndef HINT_CORE_OBSERVER_HPP
#define HINT_CORE_OBSERVER_HPP

namespace hint { inline namespace HINT_ABI {

/// A phase ("graph", "tree", "train", ...) has begun, moved on or ended.
struct phase_report {
 std::string_view phase;
 double done = 0;             ///< share of the phase that is done, 0 .. 1
 double seconds = 0;          ///< since the phase began
 std::string_view note = {};  ///< what was found, for people ("12034 edges"); may be empty
};

/// A part of the current phase that comes again and again ("forward", "backward", ... of a step of
/// training) has been done once more.
struct part_report {
 std::string_view part;
 double seconds = 0;  ///< that it took this time
};

/// One optimiser step of training.
struct step_report {
 std::size_t step = 0;   ///< 1 .. steps
 std::size_t steps = 0;  ///< planned in all
 double loss = 0;        ///< of the batch
};

/// The model as it stands in training, for observers that judge it or keep its parameters.
class model_in_training;

/// A named figure of a method's own: "hash loss", say.
struct term {
 std::string_view name;
 double value = 0;
};

/// One epoch of training.
struct epoch_report {
 std::size_t epoch = 0;               ///< 1 .. epochs
 std::size_t epochs = 0;              ///< planned in all
 double loss = 0;                     ///< the whole objective, mean over the epoch's batches
 double seconds = 0;                  ///< since training began
 double seconds_left = 0;             ///< estimated
 std::span<const term> terms = {};    ///< the method's own figures, means over the batches
 model_in_training* model = nullptr;  ///< null when the learner does not offer it
};

/// Training has ended, by its budget or by request: the last moment at which parameters may change.
struct end_report {
 std::size_t steps = 0;  ///< taken
 model_in_training* model = nullptr;
};

/// The null observer: hears nothing, never stops.
struct silent {
 [[nodiscard]] static constexpr bool stop_requested() noexcept { return false; }
 [[nodiscard]] static constexpr bool may_stop() noexcept { return false; }
};

template <class O, class Report>
concept hears = requires(O& o, const Report& r) { o.on(r); };

template <class O>
concept observer = hears<O, phase_report> || hears<O, part_report> || hears<O, step_report> ||
          hears<O, epoch_report> || hears<O, end_report> || requires(O& o) {
           { o.stop_requested() } -> std::convertible_to<bool>;
          };

/// A non-owning reference to any observer, the type in which `context` keeps it.
class observer_ref {
 public:
 observer_ref() noexcept = default;
 template <observer O>
  requires(!std::same_as<O, observer_ref>)
 observer_ref(O& o) noexcept
   : object_(const_cast<void*>(static_cast<const void*>(std::addressof(o)))) {
  if constexpr (hears<O, phase_report>) phase_ = &tell<O, phase_report>;
  if constexpr (hears<O, part_report>) part_ = &tell<O, part_report>;
  if constexpr (requires { o.hears_parts(); })
   if (!o.hears_parts()) part_ = nullptr;
  if constexpr (hears<O, step_report>) step_ = &tell<O, step_report>;
  if constexpr (hears<O, epoch_report>) epoch_ = &tell<O, epoch_report>;
  if constexpr (hears<O, end_report>) end_ = &tell<O, end_report>;
  if constexpr (requires { o.stop_requested(); })
   stop_ = [](void* p) { return static_cast<bool>(static_cast<O*>(p)->stop_requested()); };
  if constexpr (requires { o.may_stop(); })
   if (!o.may_stop()) stop_ = nullptr;
 }

 void on(const phase_report& r) const {
  if (phase_) phase_(object_, r);
 }
 void on(const part_report& r) const {
  if (part_) part_(object_, r);
 }
 void on(const step_report& r) const {
  if (step_) step_(object_, r);
 }
 void on(const epoch_report& r) const {
  if (epoch_) epoch_(object_, r);
 }
 void on(const end_report& r) const {
  if (end_) end_(object_, r);
 }
 [[nodiscard]] bool stop_requested() const { return stop_ && stop_(object_); }
 /// Whether it can ask to stop at all: else nobody needs to work in parts.
 [[nodiscard]] bool may_stop() const noexcept { return stop_ != nullptr; }
 /// Whether it hears of phases at all: else nobody needs to look at a clock for it.
 [[nodiscard]] bool hears_phases() const noexcept { return phase_ != nullptr; }
 /// The same for parts of phases.
 [[nodiscard]] bool hears_parts() const noexcept { return part_ != nullptr; }

 private:
 template <class O, class Report>
 static void tell(void* object, const Report& r) {
  static_cast<O*>(object)->on(r);
 }

 void* object_ = nullptr;
 void (*phase_)(void*, const phase_report&) = nullptr;
 void (*part_)(void*, const part_report&) = nullptr;
 void (*step_)(void*, const step_report&) = nullptr;
 void (*epoch_)(void*, const epoch_report&) = nullptr;
 void (*end_)(void*, const end_report&) = nullptr;
 bool (*stop_)(void*) = nullptr;
};

/// Several observers as one: all hear, each may ask to stop.
class observers {
 public:
 template <observer... Os>
  requires(sizeof...(Os) != 1 || !(std::same_as<std::remove_const_t<Os>, observers> && ...))
 explicit observers(Os&... all) : all_{observer_ref(all)...} {}

 template <class Report>
  requires hears<const observer_ref, Report>
 void on(const Report& r) const {
  for (const observer_ref& o : all_) o.on(r);
 }
 [[nodiscard]] bool stop_requested() const {
  for (const observer_ref& o : all_)
   if (o.stop_requested()) return true;
  return false;
 }
 [[nodiscard]] bool may_stop() const noexcept {
  for (const observer_ref& o : all_)
   if (o.may_stop()) return true;
  return false;
 }
 [[nodiscard]] bool hears_parts() const noexcept {
  for (const observer_ref& o : all_)
   if (o.hears_parts()) return true;
  return false;
 }

 private:
 std::vector<observer_ref> all_;
};

/// Another observer whose wish to stop is kept: what calls of several phases hand to each of them,
/// so that none begins on what another one left unfinished.
class stop_latch {
 public:
 explicit stop_latch(observer_ref o) noexcept : observer_(o) {}

 template <class Report>
  requires hears<const observer_ref, Report>
 void on(const Report& r) const {
  observer_.on(r);
 }
 [[nodiscard]] bool stop_requested() {
  stopped_ = stopped_ || observer_.stop_requested();
  return stopped_;
 }
 [[nodiscard]] bool may_stop() const noexcept { return observer_.may_stop(); }
 [[nodiscard]] bool hears_parts() const noexcept { return observer_.hears_parts(); }

 private:
 observer_ref observer_;
 bool stopped_ = false;
};

}}

#endif

// ---- hint/core/random.hpp
#ifndef HINT_CORE_RANDOM_HPP
#define HINT_CORE_RANDOM_HPP

namespace hint { inline namespace HINT_ABI {

namespace detail {
template <std::size_t Lanes>
constexpr void philox_rounds(std::uint32_t (&c)[4][Lanes],
               std::array<std::uint32_t, 2> key) noexcept {
 for (int round = 0; round < 10; ++round) {
  for (std::size_t i = 0; i < Lanes; ++i) {
   const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0][i];
   const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c[2][i];
   c[0][i] = static_cast<std::uint32_t>(p1 >> 32) ^ c[1][i] ^ key[0];
   c[1][i] = static_cast<std::uint32_t>(p1);
   c[2][i] = static_cast<std::uint32_t>(p0 >> 32) ^ c[3][i] ^ key[1];
   c[3][i] = static_cast<std::uint32_t>(p0);
  }
  key = {key[0] + 0x9E3779B9U, key[1] + 0xBB67AE85U};
 }
}
}

/// Philox4x32-10: a bijection of 128-bit counters under a 64-bit key.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox4x32(
  std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) noexcept {
 std::uint32_t c[4][1] = {{counter[0]}, {counter[1]}, {counter[2]}, {counter[3]}};
 detail::philox_rounds(c, key);
 return {c[0][0], c[1][0], c[2][0], c[3][0]};
}

/// A 64-bit number for a stream's name (FNV-1a), to be used as `random_stream{seed,
/// stream_id("x")}`.
[[nodiscard]] constexpr std::uint64_t stream_id(std::string_view name) noexcept {
 fnv1a hash;
 for (const char c : name) hash.add(static_cast<unsigned char>(c));
 return hash.value;
}

/// An endless, randomly accessible sequence of random numbers.
class random_stream {
 public:
 constexpr random_stream(std::uint64_t seed, std::uint64_t stream) noexcept
   : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
    stream_(stream) {}

 /// A stream of its own for every `index` (an epoch, a step, a layer).
 [[nodiscard]] constexpr random_stream fork(std::uint64_t index) const noexcept {
  random_stream child = *this;
  child.stream_ = join(block(index, 1)[0], block(index, 1)[1]) ^ (stream_ << 1);
  return child;
 }

 /// 64 random bits.
 [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t index) const noexcept {
  const auto b = block(index, 0);
  return join(b[0], b[1]);
 }
 /// Uniform in [0, 1), 53 bits.
 [[nodiscard]] constexpr double uniform(std::uint64_t index) const noexcept {
  return static_cast<double>(bits(index) >> 11) * 0x1p-53;
 }
 /// Uniform in 0 .. n-1 (n > 0).
 [[nodiscard]] constexpr std::uint64_t below(std::uint64_t index, std::uint64_t n) const noexcept {
  return high_product(bits(index), n);
 }
 /// Four 32-bit words at once, the fastest way to many numbers.
 [[nodiscard]] constexpr std::array<std::uint32_t, 4> words(std::uint64_t index) const noexcept {
  return block(index, 0);
 }

 /// words(first), words(first + 1) .. to `out`, four numbers each: as many as there is room for.
 constexpr void words(std::uint64_t first, std::span<std::uint32_t> out) const noexcept {
  constexpr std::size_t lanes = 16;
  for (std::size_t done = 0; 4 * done + 3 < out.size(); done += lanes) {
   std::uint32_t c[4][lanes]{};
   for (std::size_t i = 0; i < lanes; ++i) {
    c[0][i] = static_cast<std::uint32_t>(first + done + i);
    c[1][i] = static_cast<std::uint32_t>((first + done + i) >> 32);
    c[2][i] = static_cast<std::uint32_t>(stream_);
    c[3][i] = static_cast<std::uint32_t>(stream_ >> 32);
   }
   detail::philox_rounds(c, key_);
   const std::size_t n = (std::min)(lanes, out.size() / 4 - done);
   for (std::size_t i = 0; i < n; ++i)
    for (std::size_t w = 0; w < 4; ++w) out[4 * (done + i) + w] = c[w][i];
  }
 }

 private:
 [[nodiscard]] constexpr std::array<std::uint32_t, 4> block(std::uint64_t index,
                               std::uint64_t domain) const noexcept {
  const std::uint64_t s = stream_ + domain * 0x9E3779B97F4A7C15ULL;
  return philox4x32({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
            static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(s >> 32)},
           key_);
 }
 [[nodiscard]] static constexpr std::uint64_t join(std::uint32_t low,
                          std::uint32_t high) noexcept {
  return low | (std::uint64_t{high} << 32);
 }
 /// The upper 64 bits of a 128-bit product, without 128-bit integers.
 [[nodiscard]] static constexpr std::uint64_t high_product(std::uint64_t a,
                              std::uint64_t b) noexcept {
  constexpr std::uint64_t mask = 0xffffffffULL;
  const std::uint64_t low = (a & mask) * (b & mask);
  const std::uint64_t m1 = (a >> 32) * (b & mask) + (low >> 32);
  const std::uint64_t m2 = (a & mask) * (b >> 32) + (m1 & mask);
  return (a >> 32) * (b >> 32) + (m1 >> 32) + (m2 >> 32);
 }

 std::array<std::uint32_t, 2> key_;
 std::uint64_t stream_;
};

/// Shuffles in place (Fisher and Yates), using indices 0 .. size-2 of `random`.
template <class T>
constexpr void shuffle(std::span<T> values, random_stream random) noexcept {
 for (std::size_t i = values.size(); i > 1; --i)
  std::swap(values[i - 1], values[static_cast<std::size_t>(random.below(values.size() - i, i))]);
}

/// The numbers 0 .. n-1 in random order.
[[nodiscard]] inline std::vector<std::uint32_t> permutation(std::uint32_t n, random_stream random) {
 std::vector<std::uint32_t> order(n);
 for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
 shuffle(std::span<std::uint32_t>(order), random);
 return order;
}

}}

#endif

// ---- hint/core/context.hpp
#ifndef HINT_CORE_CONTEXT_HPP
#define HINT_CORE_CONTEXT_HPP

namespace hint { inline namespace HINT_ABI {

/// Non-owning: the executor, observer and communicator must outlive it.
struct context {
 context() = default;
 explicit context(executor_ref e, observer_ref o = {}, communicator_ref c = {})
   : executor(e), observer(o), communicator(c) {}

 std::uint64_t seed = 0;
 executor_ref executor;
 observer_ref observer;
 communicator_ref communicator;

 /// The random numbers for one purpose, by name.
 [[nodiscard]] random_stream random(std::string_view purpose) const noexcept {
  return {seed, stream_id(purpose)};
 }
};

}}

#endif

// ---- hint/search/filter.hpp
#ifndef HINT_SEARCH_FILTER_HPP
#define HINT_SEARCH_FILTER_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// A filter that looks at the query too: `f(query, id)`, query being its row.
template <class F>
concept query_filter = requires(const F& f, std::size_t query, std::int64_t id) {
 { f(query, id) } -> std::convertible_to<bool>;
};
/// A filter that treats all queries alike: `f(id)`.
template <class F>
concept id_filter = requires(const F& f, std::int64_t id) {
 { f(id) } -> std::convertible_to<bool>;
};
/// Any callable `f(id)` or `f(query, id)` that answers whether a search may return the item (one
/// that can do both is asked with the query).
template <class F>
concept search_filter = query_filter<F> || id_filter<F>;

/// The null filter: the default, and the archetype.
struct accept_all {
 [[nodiscard]] constexpr bool operator()(std::int64_t) const noexcept { return true; }
};

/// Accepts id i when bit (i mod 64) of word i / 64 is set; ids outside the bitset are not accepted.
class accept_bits {
 public:
 explicit accept_bits(std::span<const std::uint64_t> words) noexcept : words_(words) {}
 [[nodiscard]] bool operator()(std::int64_t id) const noexcept {
  const auto i = static_cast<std::uint64_t>(id);
  return i / 64 < words_.size() && (words_[i / 64] >> (i % 64) & 1) != 0;
 }

 private:
 std::span<const std::uint64_t> words_;
};

/// Accepts the ids of a list, in O(log size).
class accept_ids {
 public:
 explicit accept_ids(std::vector<std::int64_t> ids) : ids_(std::move(ids)) {
  std::sort(ids_.begin(), ids_.end());
 }
 [[nodiscard]] bool operator()(std::int64_t id) const noexcept {
  return std::binary_search(ids_.begin(), ids_.end(), id);
 }

 private:
 std::vector<std::int64_t> ids_;
};

/// Asks a filter of either kind.
template <search_filter F>
[[nodiscard]] constexpr bool accepts(const F& filter, std::size_t query, std::int64_t id) {
 if constexpr (query_filter<F>) {
  return filter(query, id);
 } else {
  return filter(id);
 }
}

}}}

#endif

// ---- hint/core/wall_clock.hpp
#ifndef HINT_CORE_WALL_CLOCK_HPP
#define HINT_CORE_WALL_CLOCK_HPP

#if defined(_WIN32)
#include <chrono>
#endif

namespace hint { inline namespace HINT_ABI { namespace detail {

[[nodiscard]] inline double now_ns() noexcept {
#if defined(_WIN32)
 return std::chrono::duration<double, std::nano>(
       std::chrono::system_clock::now().time_since_epoch())
   .count();
#else
 std::timespec t{};
 std::timespec_get(&t, TIME_UTC);
 return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
#endif
}

}}}

#endif

// ---- hint/core/paced_parts.hpp
#ifndef HINT_CORE_PACED_PARTS_HPP
#define HINT_CORE_PACED_PARTS_HPP

namespace hint { inline namespace HINT_ABI { namespace detail {

template <class GoOn, class F, class Told>
std::size_t paced_parts(std::size_t n, std::size_t least, GoOn&& go_on, F&& f, Told&& told) {
 least = (std::max<std::size_t>)(least, 1);
 std::size_t part = least;
 std::size_t done = 0;
 while (done < n && go_on()) {
  const std::size_t end = done + (std::min)(part, n - done);
  const double begin = now_ns();
  f(done, end);
  const double took = now_ns() - begin;
  if (took < 10e6 && part < n) part *= 2;
  if (took > 30e6) part = (std::max)(part / 2, least);
  done = end;
  told(done);
 }
 return done;
}

template <class InParts, class F>
std::size_t chunks_in_parts(const executor_ref& executor, std::size_t n, std::size_t chunk,
              InParts&& in_parts, F&& f) {
 chunk = (std::max<std::size_t>)(chunk, 1);
 const std::size_t done =
   in_parts(n / chunk + (n % chunk != 0), executor.concurrency(),
        [&](std::size_t first, std::size_t last) {
         const std::size_t begin = first * chunk;
         for_chunks(executor, (std::min)(n, last * chunk) - begin, chunk,
              [&](std::size_t b, std::size_t e) { f(begin + b, begin + e); });
        });
 return (std::min)(n, done * chunk);
}

}}}

#endif

// ---- hint/core/watched_phase.hpp
#ifndef HINT_CORE_WATCHED_PHASE_HPP
#define HINT_CORE_WATCHED_PHASE_HPP

namespace hint { inline namespace HINT_ABI {

/// Tells an observer of a phase while it lasts, and asks it whether to go on.
class watched_phase {
 public:
 /// Tells that the phase begins.
 watched_phase(const observer_ref& observer, std::string_view name)
   : observer_(observer), name_(name), watched_(observer.may_stop() || observer.hears_phases()) {
  if (!watched_) return;
  begin_ = told_ = detail::now_ns();
  observer_.on(phase_report{name_});
 }

 /// Whether anybody hears of the phase or may stop it.
 [[nodiscard]] bool watched() const noexcept { return watched_; }
 /// Asks whether to stop.
 [[nodiscard]] bool stopped() {
  if (watched_ && !stopped_) stopped_ = observer_.stop_requested();
  return stopped_;
 }
 /// Tells what share of the phase is done, but not more often than every 10 ms.
 void tell(double done) {
  if (!watched_) return;
  const double now = detail::now_ns();
  if (now < told_ + 10e6) return;
  told_ = now;
  observer_.on(phase_report{name_, done, (now - begin_) * 1e-9});
 }
 /// Tells that the phase has ended, and what was found; not when it was stopped.
 void end(std::string_view note = {}) {
  if (watched_ && !stopped_)
   observer_.on(phase_report{name_, 1, (detail::now_ns() - begin_) * 1e-9, note});
 }

 /// Calls f(begin, end) for parts of 0 .. n-1, one after the other, and asks and tells between
 /// them.
 template <class F>
  requires std::invocable<F&, std::size_t, std::size_t>
 std::size_t in_parts(std::size_t n, std::size_t least, F&& f, double from = 0, double to = 1) {
  if (!watched_) {
   if (n > 0) f(std::size_t{0}, n);
   return n;
  }
  return detail::paced_parts(
    n, least, [&] { return !stopped(); }, f,
    [&](std::size_t done) {
     tell(from + (to - from) * static_cast<double>(done) / static_cast<double>(n));
    });
 }
 /// `for_chunks` that can be watched and stopped: as `in_parts`, with chunks of `chunk` on an
 /// executor; the observer is asked on the calling thread while no chunk is at work.
 template <class F>
  requires std::invocable<F&, std::size_t, std::size_t>
 std::size_t in_chunks(const executor_ref& executor, std::size_t n, std::size_t chunk, F&& f,
            double from = 0, double to = 1) {
  return detail::chunks_in_parts(
    executor, n, chunk,
    [&](std::size_t chunks, std::size_t least, auto&& part) {
     return in_parts(chunks, least, part, from, to);
    },
    f);
 }

 private:
 observer_ref observer_;
 std::string_view name_;
 bool watched_;
 bool stopped_ = false;
 double begin_ = 0;
 double told_ = 0;
};

/// The observer of a call that is a part of a phase: its own phases are shares of that one.
class phase_share {
 public:
 /// From share `from` to share `to` of a phase, which must outlive it.
 phase_share(watched_phase& whole, double from, double to) noexcept
   : whole_(whole), from_(from), to_(to) {}

 void on(const phase_report& r) { whole_.tell(from_ + (to_ - from_) * r.done); }
 [[nodiscard]] bool stop_requested() { return whole_.stopped(); }
 /// Silent when nobody watches the whole.
 [[nodiscard]] observer_ref ref() noexcept {
  return whole_.watched() ? observer_ref(*this) : observer_ref();
 }

 private:
 watched_phase& whole_;
 double from_;
 double to_;
};

}}

#endif

// ---- hint/search/kernels/portable.hpp
#ifndef HINT_SEARCH_KERNELS_PORTABLE_HPP
#define HINT_SEARCH_KERNELS_PORTABLE_HPP

#if defined(__GNUC__) || defined(__clang__)
#if defined(__x86_64__)
#define HINT_SEARCH_X86 1
#elif defined(__aarch64__)
#define HINT_SEARCH_NEON 1
#endif
#endif

namespace hint { inline namespace HINT_ABI { namespace search::detail {

[[nodiscard]] constexpr std::uint32_t count_bits(std::uint64_t x) noexcept {
 x -= (x >> 1) & 0x5555555555555555ULL;
 x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
 x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
 return static_cast<std::uint32_t>((x * 0x0101010101010101ULL) >> 56);
}

struct candidate {
 std::uint32_t row;    ///< counted from the first block that the kernel was given
 std::uint16_t query;  ///< of those scanned together
 std::uint16_t distance;
};

inline constexpr std::size_t enough_candidates = 64;
inline constexpr std::size_t most_candidates = enough_candidates + 4 * 64;

struct scan_job {
 const std::uint64_t* blocks;
 std::size_t words;  ///< of a code
 std::size_t end;    ///< block behind the last, a multiple of group_codes / block_codes
 const std::uint64_t* queries;
 const std::uint32_t* limits;  ///< of each query: distances below it are candidates
 std::size_t check;            ///< words after which to look whether all are beyond their limits
};

using distances_kernel = void (*)(const std::uint64_t* blocks, std::size_t words, std::size_t count,
                 const std::uint64_t* query, std::uint16_t* out) noexcept;
using four_distances_kernel = void (*)(const std::uint64_t* blocks, std::size_t words,
                    std::size_t count, const std::uint64_t* queries,
                    std::uint16_t* out, std::size_t stride) noexcept;
using scan_kernel = std::size_t (*)(const scan_job& job, std::size_t begin, candidate* out,
                  std::size_t& count) noexcept;

using arrange_kernel = void (*)(const std::uint64_t* blocks, std::size_t words, std::size_t count,
                std::uint64_t* out) noexcept;

using any_common_kernel = void (*)(const std::uint64_t* rows, std::size_t count, std::uint64_t mask,
                  std::uint8_t* out) noexcept;
inline void any_common_portable(const std::uint64_t* rows, std::size_t count, std::uint64_t mask,
                std::uint8_t* out) noexcept {
 for (std::size_t i = 0; i < count; ++i) out[i] = (rows[i] & mask) != 0 ? 1 : 0;
}

struct kernel_set {
 std::string_view name;
 distances_kernel distances;
 scan_kernel scan_one;   ///< one query
 scan_kernel scan_four;  ///< four, with one pass over the blocks
 arrange_kernel arrange = nullptr;
 distances_kernel distances_arranged = nullptr;
 four_distances_kernel four_distances_arranged = nullptr;  ///< null where one by one is as fast
 scan_kernel scan_arranged = nullptr;
 std::size_t arranged_fours = 0;
 std::size_t arranged_words = 0;
 any_common_kernel any_common = &any_common_portable;

 [[nodiscard]] constexpr bool arranges(std::size_t words) const noexcept {
  return arrange != nullptr && words <= arranged_words;
 }
};

inline void distances_portable(const std::uint64_t* blocks, std::size_t words, std::size_t count,
                const std::uint64_t* query, std::uint16_t* out) noexcept {
 for (std::size_t b = 0; b < count; ++b, out += block_codes) {
  std::uint32_t sums[block_codes] = {};
  for (std::size_t w = 0; w < words; ++w, blocks += block_codes)
   for (std::size_t i = 0; i < block_codes; ++i) sums[i] += count_bits(query[w] ^ blocks[i]);
  for (std::size_t i = 0; i < block_codes; ++i) out[i] = static_cast<std::uint16_t>(sums[i]);
 }
}

template <distances_kernel Distances, std::size_t Queries>
std::size_t scan_by_distances(const scan_job& job, std::size_t begin, candidate* out,
               std::size_t& count) noexcept {
 constexpr std::size_t step = 8;
 constexpr std::uint64_t ones = 0x0001000100010001ULL;
 constexpr std::uint64_t tops = 0x8000 * ones;
 std::uint16_t found[step * block_codes];
 std::uint64_t query[Queries][words_for(max_bits)];
 for (std::size_t q = 0; q < Queries; ++q)
  for (std::size_t w = 0; w < job.words; ++w) query[q][w] = job.queries[w * Queries + q];
 count = 0;
 for (std::size_t b = begin; b < job.end;) {
  const std::size_t blocks = (std::min)(step, job.end - b);
  for (std::size_t q = 0; q < Queries; ++q) {
   Distances(job.blocks + b * job.words * block_codes, job.words, blocks, query[q], found);
   for (std::size_t i = 0; i < blocks * block_codes; i += 16) {
    std::uint64_t parts[4];
    std::memcpy(parts, found + i, sizeof parts);
    for (std::uint64_t& four : parts) four = (four | tops) - job.limits[q] * ones;
    if ((parts[0] & parts[1] & parts[2] & parts[3] & tops) == tops) continue;
    for (std::size_t at = i; at < i + 16; ++at)
     if (found[at] < job.limits[q])
      out[count++] = {static_cast<std::uint32_t>(b * block_codes + at),
              static_cast<std::uint16_t>(q), found[at]};
   }
  }
  b += blocks;
  if (count >= enough_candidates) return b;
 }
 return job.end;
}

inline constexpr kernel_set portable_kernels{"portable", &distances_portable,
                       &scan_by_distances<&distances_portable, 1>,
                       &scan_by_distances<&distances_portable, 4>};

}}}

#endif

// ---- hint/search/kernels/neon.hpp
#ifndef HINT_SEARCH_KERNELS_NEON_HPP
#define HINT_SEARCH_KERNELS_NEON_HPP

#if defined(HINT_SEARCH_NEON)
#include <cstddef>
#include <cstdint>

#include <arm_neon.h>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

inline void distances_neon(const std::uint64_t* blocks, std::size_t words, std::size_t count,
              const std::uint64_t* query, std::uint16_t* out) noexcept {
 for (std::size_t b = 0; b < count; ++b, out += block_codes) {
  uint64x2_t sums[4] = {vdupq_n_u64(0), vdupq_n_u64(0), vdupq_n_u64(0), vdupq_n_u64(0)};
  for (std::size_t w = 0; w < words;) {
   const std::size_t stop = words - w < 31 ? words : w + 31;
   uint8x16_t bytes[4] = {vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0)};
   for (; w < stop; ++w, blocks += block_codes) {
    const uint64x2_t q = vdupq_n_u64(query[w]);
    for (std::size_t i = 0; i < 4; ++i)
     bytes[i] = vaddq_u8(
       bytes[i], vcntq_u8(vreinterpretq_u8_u64(veorq_u64(vld1q_u64(blocks + 2 * i), q))));
   }
   for (std::size_t i = 0; i < 4; ++i)
    sums[i] = vaddq_u64(sums[i], vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(bytes[i]))));
  }
  for (std::size_t i = 0; i < 4; ++i) {
   out[2 * i] = static_cast<std::uint16_t>(vgetq_lane_u64(sums[i], 0));
   out[2 * i + 1] = static_cast<std::uint16_t>(vgetq_lane_u64(sums[i], 1));
  }
 }
}

inline constexpr kernel_set neon_kernels{"neon", &distances_neon,
                     &scan_by_distances<&distances_neon, 1>,
                     &scan_by_distances<&distances_neon, 4>};

}}}

#endif

#endif

// ---- hint/search/kernels/popcnt.hpp
#ifndef HINT_SEARCH_KERNELS_POPCNT_HPP
#define HINT_SEARCH_KERNELS_POPCNT_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <cstddef>
#include <cstdint>
#include <cstring>

#define HINT_POPCNT __attribute__((target("popcnt")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

HINT_POPCNT HINT_INLINE std::uint64_t popcnt(std::uint64_t x) noexcept {
 return static_cast<std::uint64_t>(__builtin_popcountll(x));
}
struct popcnt_sums {
 std::uint64_t s04, s15, s26, s37;
};
HINT_POPCNT HINT_INLINE popcnt_sums block_sums(const std::uint64_t* block, std::size_t words,
                        const std::uint64_t* query) noexcept {
 std::uint64_t s04 = 0, s15 = 0, s26 = 0, s37 = 0;
 for (std::size_t w = 0; w < words; ++w, block += block_codes) {
  const std::uint64_t q = query[w];
  s04 += popcnt(q ^ block[0]) + (popcnt(q ^ block[4]) << 32);
  s15 += popcnt(q ^ block[1]) + (popcnt(q ^ block[5]) << 32);
  s26 += popcnt(q ^ block[2]) + (popcnt(q ^ block[6]) << 32);
  s37 += popcnt(q ^ block[3]) + (popcnt(q ^ block[7]) << 32);
 }
 return {s04, s15, s26, s37};
}
HINT_POPCNT inline void distances_popcnt(const std::uint64_t* blocks, std::size_t words,
                     std::size_t count, const std::uint64_t* query,
                     std::uint16_t* out) noexcept {
 for (std::size_t b = 0; b < count; ++b, blocks += words * block_codes, out += block_codes) {
  const auto [s04, s15, s26, s37] = block_sums(blocks, words, query);
  constexpr std::uint64_t low = 0xffffffffULL;
  const std::uint64_t first = (s04 & low) | (s15 & low) << 16 | (s26 & low) << 32 | s37 << 48;
  const std::uint64_t last = s04 >> 32 | s15 >> 32 << 16 | s26 >> 32 << 32 | s37 >> 32 << 48;
  std::memcpy(out, &first, sizeof first);
  std::memcpy(out + 4, &last, sizeof last);
 }
}

HINT_POPCNT HINT_INLINE std::uint64_t eight_codes_below(const std::uint64_t* block,
                            const std::uint64_t* query,
                            std::size_t words,
                            std::uint64_t limit) noexcept {
 constexpr std::uint64_t tops = 0x8000000080000000ULL;
 const std::uint64_t limits = limit | limit << 32;
 const auto [s04, s15, s26, s37] = block_sums(block, words, query);
 const std::uint64_t far = ((s04 | tops) - limits) & ((s15 | tops) - limits) &
              ((s26 | tops) - limits) & ((s37 | tops) - limits) & tops;
 return far == tops ? 0 : std::uint64_t{1} << 63;
}
template <std::size_t Words>
HINT_POPCNT HINT_INLINE std::uint64_t four_codes_below(const std::uint64_t* codes,
                            const std::uint64_t* query,
                            std::size_t words,
                            std::uint64_t limit) noexcept {
 if constexpr (Words != 0) words = Words;
 std::uint64_t s0 = popcnt(codes[0] ^ query[0]), s1 = popcnt(codes[1] ^ query[0]);
 std::uint64_t s2 = popcnt(codes[2] ^ query[0]), s3 = popcnt(codes[3] ^ query[0]);
 for (std::size_t w = 1; w < words; ++w) {
  codes += block_codes;
  s0 += popcnt(codes[0] ^ query[w]), s1 += popcnt(codes[1] ^ query[w]);
  s2 += popcnt(codes[2] ^ query[w]), s3 += popcnt(codes[3] ^ query[w]);
 }
 return (s0 - limit) | (s1 - limit) | (s2 - limit) | (s3 - limit);
}
HINT_POPCNT __attribute__((noinline)) inline candidate* put_block_below(const scan_job& job,
                                    std::size_t block,
                                    std::size_t q,
                                    std::size_t stride,
                                    candidate* out) noexcept {
 const std::uint64_t* code = job.blocks + block * job.words * block_codes;
 for (std::size_t i = 0; i < block_codes; ++i, ++code) {
  std::uint64_t sum = 0;
  for (std::size_t w = 0; w < job.words; ++w)
   sum += popcnt(code[w * block_codes] ^ job.queries[w * stride + q]);
  if (sum < job.limits[q])
   *out++ = {static_cast<std::uint32_t>(block * block_codes + i), static_cast<std::uint16_t>(q),
        static_cast<std::uint16_t>(sum)};
 }
 return out;
}

template <std::size_t Words, std::size_t Queries>
HINT_POPCNT std::size_t scan_words_popcnt(const scan_job& job, std::size_t begin, candidate* out,
                     std::size_t& count) noexcept {
 const std::size_t words = Words != 0 ? Words : job.words;
 std::uint64_t limits[Queries];
 for (std::size_t q = 0; q < Queries; ++q) limits[q] = job.limits[q];
 candidate* next = out;
 std::size_t b = begin;
 const std::uint64_t* c = job.blocks + b * words * block_codes;
 for (; b < job.end; ++b, c += words * block_codes) {
  if constexpr (Queries == 1 && Words == 0) {
   if (eight_codes_below(c, job.queries, words, limits[0]) != 0) [[unlikely]]
    next = put_block_below(job, b, 0, 1, next);
  } else {
#pragma GCC unroll 8
   for (std::size_t i = 0; i < block_codes; ++i) {
    std::uint64_t sums[Queries];
#pragma GCC unroll 4
    for (std::size_t q = 0; q < Queries; ++q) sums[q] = popcnt(c[i] ^ job.queries[q]);
    for (std::size_t w = 1; w < words; ++w)
#pragma GCC unroll 4
     for (std::size_t q = 0; q < Queries; ++q)
      sums[q] += popcnt(c[w * block_codes + i] ^ job.queries[w * Queries + q]);
#pragma GCC unroll 4
    for (std::size_t q = 0; q < Queries; ++q)
     if (sums[q] < limits[q]) [[unlikely]]
      *next++ = {static_cast<std::uint32_t>(b * block_codes + i),
            static_cast<std::uint16_t>(q), static_cast<std::uint16_t>(sums[q])};
   }
  }
  if (b % 4 == 3 && static_cast<std::size_t>(next - out) >= enough_candidates) {
   ++b;
   break;
  }
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}
template <std::size_t Queries>
HINT_POPCNT std::size_t scan_popcnt(const scan_job& job, std::size_t begin, candidate* out,
                  std::size_t& count) noexcept {
 switch (job.words) {
  case 1:
   return scan_words_popcnt<1, Queries>(job, begin, out, count);
  case 2:
   return scan_words_popcnt<2, Queries>(job, begin, out, count);
  case 4:
   return scan_words_popcnt<4, Queries>(job, begin, out, count);
  default:
   return scan_words_popcnt<0, Queries>(job, begin, out, count);
 }
}

inline constexpr kernel_set popcnt_kernels{"popcnt", &distances_popcnt, &scan_popcnt<1>,
                      &scan_popcnt<4>};

}}}

#undef HINT_POPCNT

#endif

#endif

// ---- hint/search/kernels/avx2.hpp
#ifndef HINT_SEARCH_KERNELS_AVX2_HPP
#define HINT_SEARCH_KERNELS_AVX2_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#define HINT_AVX2 __attribute__((target("avx2,popcnt")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

using u64x4 = std::uint64_t __attribute__((vector_size(32)));
using s64x4 = long long __attribute__((vector_size(32)));
using s8x32 = char __attribute__((vector_size(32)));
using f64x4 = double __attribute__((vector_size(32)));
using u32x8 = std::uint32_t __attribute__((vector_size(32)));
using u8x32 = std::uint8_t __attribute__((vector_size(32)));
using u16x16 = std::uint16_t __attribute__((vector_size(32)));

HINT_AVX2 HINT_INLINE u64x4 half_byte_counts(u64x4 x) noexcept {
 constexpr s8x32 table = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
              0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
 return reinterpret_cast<u64x4>(__builtin_ia32_pshufb256(table, reinterpret_cast<s8x32>(x)));
}
HINT_AVX2 HINT_INLINE u64x4 half_byte_table(std::uint8_t half) noexcept {
 constexpr u64x4 numbers = {0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL, 0x0706050403020100ULL,
               0x0f0e0d0c0b0a0908ULL};
 return half_byte_counts(numbers ^ half * std::uint64_t{0x0101010101010101});
}
HINT_AVX2 HINT_INLINE u64x4 look_up(u64x4 table, u64x4 halves) noexcept {
 return reinterpret_cast<u64x4>(
   __builtin_ia32_pshufb256(reinterpret_cast<s8x32>(table), reinterpret_cast<s8x32>(halves)));
}
HINT_AVX2 HINT_INLINE u64x4 byte_counts(u64x4 x) noexcept {
 constexpr std::uint64_t low = 0x0f0f0f0f0f0f0f0fULL;
 return half_byte_counts(x & low) + half_byte_counts((x >> 4) & low);
}
HINT_AVX2 HINT_INLINE u64x4 word_counts(u64x4 bytes) noexcept {
 return reinterpret_cast<u64x4>(__builtin_ia32_psadbw256(reinterpret_cast<s8x32>(bytes), s8x32{}));
}
HINT_AVX2 inline void distances_avx2(const std::uint64_t* blocks, std::size_t words,
                   std::size_t count, const std::uint64_t* query,
                   std::uint16_t* out) noexcept {
 const auto* at = reinterpret_cast<const u64x4*>(blocks);
 for (std::size_t b = 0; b < count; ++b, out += block_codes) {
  u64x4 low = {}, high = {};
  for (std::size_t w = 0; w < words;) {
   const std::size_t stop = words - w < 31 ? words : w + 31;
   u64x4 low_bytes = {}, high_bytes = {};
   for (; w < stop; ++w, at += 2) {
    low_bytes += byte_counts(at[0] ^ query[w]);
    high_bytes += byte_counts(at[1] ^ query[w]);
   }
   low += word_counts(low_bytes);
   high += word_counts(high_bytes);
  }
#if defined(__clang__) || __GNUC__ >= 12
  const auto sums = __builtin_shufflevector(
    reinterpret_cast<u16x16>(low), reinterpret_cast<u16x16>(high), 0, 4, 8, 12, 16, 20, 24, 28);
#else
  const auto sums =
    __builtin_shuffle(reinterpret_cast<u16x16>(low), reinterpret_cast<u16x16>(high),
             u16x16{0, 4, 8, 12, 16, 20, 24, 28});
#endif
  std::memcpy(out, &sums, block_codes * sizeof *out);
 }
}

struct avx2_block {
 u64x4 low, high;
};

HINT_AVX2 HINT_INLINE std::uint32_t lanes_below(u64x4 sums, std::uint32_t limit) noexcept {
 return static_cast<std::uint32_t>(
   __builtin_ia32_movmskpd256(reinterpret_cast<f64x4>(sums - limit)));
}
HINT_AVX2 __attribute__((noinline)) inline candidate* put_words_below(
  u64x4 s0, u64x4 s1, u64x4 s2, u64x4 s3, u64x4 s4, u64x4 s5, u64x4 s6, u64x4 s7,
  std::uint32_t limit, std::size_t block, candidate* out) noexcept {
 const u64x4 sums[8] = {s0, s1, s2, s3, s4, s5, s6, s7};
 std::uint32_t near = 0;
 for (std::size_t i = 0; i < 8; ++i) near |= lanes_below(sums[i], limit) << 4 * i;
 for (; near != 0; near &= near - 1) {
  const auto i = static_cast<std::size_t>(std::countr_zero(near));
  *out++ = {static_cast<std::uint32_t>(block * block_codes + i), 0,
       static_cast<std::uint16_t>(sums[i / 4][i % 4])};
 }
 return out;
}

HINT_AVX2 HINT_INLINE u64x4 lower_sums(u64x4 a, u64x4 b) noexcept {
 const auto x = reinterpret_cast<u32x8>(a), y = reinterpret_cast<u32x8>(b);
 return reinterpret_cast<u64x4>(x < y ? x : y);
}
HINT_AVX2 HINT_INLINE void add_words(avx2_block& sums, const u64x4* block,
                   const std::uint64_t* query, std::size_t w,
                   std::size_t end) noexcept {
 while (w < end) {
  const std::size_t stop = end - w < 31 ? end : w + 31;
  u64x4 low = {}, high = {};
  for (; w < stop; ++w) {
   low += byte_counts(block[2 * w] ^ query[w]);
   high += byte_counts(block[2 * w + 1] ^ query[w]);
  }
  sums.low += word_counts(low);
  sums.high += word_counts(high);
 }
}
template <std::size_t Words>
HINT_AVX2 HINT_INLINE u64x4 half_distances(const u64x4* half, const std::uint64_t* query) noexcept {
 u64x4 bytes = byte_counts(half[0] ^ query[0]);
 for (std::size_t w = 1; w < Words; ++w) bytes += byte_counts(half[2 * w] ^ query[w]);
 return word_counts(bytes);
}
template <std::size_t Words>
HINT_AVX2 std::size_t scan_one_words(const scan_job& job, std::size_t begin, candidate* out,
                   std::size_t& count) noexcept {
 constexpr std::size_t block = 2 * Words;
 const std::uint64_t* query = job.queries;
 const std::uint32_t limit = job.limits[0];
 candidate* next = out;
 std::size_t b = begin;
 const auto* c = reinterpret_cast<const u64x4*>(job.blocks) + b * block;
 for (; b < job.end; c += 4 * block) {
  const u64x4 s0 = half_distances<Words>(c, query);
  const u64x4 s1 = half_distances<Words>(c + 1, query);
  const u64x4 s2 = half_distances<Words>(c + block, query);
  const std::uint64_t n3 = four_codes_below<Words>(
    reinterpret_cast<const std::uint64_t*>(c + block + 1), query, Words, limit);
  const u64x4 s4 = half_distances<Words>(c + 2 * block, query);
  const u64x4 s5 = half_distances<Words>(c + 2 * block + 1, query);
  const u64x4 s6 = half_distances<Words>(c + 3 * block, query);
  const std::uint64_t n7 = four_codes_below<Words>(
    reinterpret_cast<const std::uint64_t*>(c + 3 * block + 1), query, Words, limit);
  b += 4;
  const u64x4 least =
    lower_sums(lower_sums(lower_sums(s0, s1), s2), lower_sums(lower_sums(s4, s5), s6));
  if ((lanes_below(least, limit) | (n3 | n7) >> 63) != 0) [[unlikely]] {
   next = put_words_below(s0, s1, s2, half_distances<Words>(c + block + 1, query), s4, s5, s6,
               half_distances<Words>(c + 3 * block + 1, query), limit, b - 4, next);
   if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

HINT_AVX2 inline std::size_t scan_one_any(const scan_job& job, std::size_t begin, candidate* out,
                     std::size_t& count) noexcept {
 const std::size_t words = job.words;
 const std::size_t check = job.check == 0 || job.check > words ? words : job.check;
 const std::uint64_t* query = job.queries;
 const std::uint32_t limit = job.limits[0];
 candidate* next = out;
 std::size_t b = begin;
 const auto* c = reinterpret_cast<const u64x4*>(job.blocks) + b * words * 2;
 while (b < job.end) {
  avx2_block d[4];
  u64x4 least = u64x4{} + 0xffff;
  for (std::size_t i = 0; i < 4; ++i, c += 2 * words) {
   avx2_block sums = {};
   add_words(sums, c, query, 0, check);
   if (check < words && lanes_below(lower_sums(sums.low, sums.high), limit) != 0)
    add_words(sums, c, query, check, words);
   least = lower_sums(least, lower_sums(sums.low, sums.high));
   d[i] = sums;
  }
  b += 4;
  if (lanes_below(least, limit) != 0) [[unlikely]] {
   next = put_words_below(d[0].low, d[0].high, d[1].low, d[1].high, d[2].low, d[2].high,
               d[3].low, d[3].high, limit, b - 4, next);
   if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

HINT_AVX2 inline std::size_t scan_one_avx2(const scan_job& job, std::size_t begin, candidate* out,
                      std::size_t& count) noexcept {
 switch (job.words) {
  case 1:
   return scan_one_words<1>(job, begin, out, count);
  case 2:
   return scan_one_words<2>(job, begin, out, count);
  case 4:
   return scan_one_words<4>(job, begin, out, count);
  default:
   return scan_one_any(job, begin, out, count);
 }
}

}}}

#undef HINT_AVX2

#endif

#endif

// ---- hint/search/kernels/avx2_layout.hpp
#ifndef HINT_SEARCH_KERNELS_AVX2_LAYOUT_HPP
#define HINT_SEARCH_KERNELS_AVX2_LAYOUT_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <cstddef>
#include <cstdint>
#include <cstring>

#define HINT_AVX2 __attribute__((target("avx2,popcnt")))
#if defined(__clang__) || __GNUC__ >= 12
#define HINT_SHUFFLE(type, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define HINT_SHUFFLE(type, a, b, ...) __builtin_shuffle(a, b, type{__VA_ARGS__})
#endif

namespace hint { inline namespace HINT_ABI { namespace search::detail {

using u64x2 = std::uint64_t __attribute__((vector_size(16)));

HINT_AVX2 HINT_INLINE u64x4 codes_of_lanes(const std::uint64_t* low,
                      const std::uint64_t* high) noexcept {
 u64x2 a, b;
 std::memcpy(&a, low, sizeof a);
 std::memcpy(&b, high, sizeof b);
#if defined(__clang__) || __GNUC__ >= 12
 return __builtin_shufflevector(a, b, 0, 1, 2, 3);
#else
 return u64x4{a[0], a[1], b[0], b[1]};
#endif
}
HINT_AVX2 HINT_INLINE u16x16 bytes_in_pairs(u64x4 codes) noexcept {
 constexpr s8x32 pairs = {0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15,
              0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15};
 return reinterpret_cast<u16x16>(__builtin_ia32_pshufb256(reinterpret_cast<s8x32>(codes), pairs));
}
HINT_AVX2 HINT_INLINE u16x16 low_of(u8x32 a, u8x32 b) noexcept {
 return reinterpret_cast<u16x16>(HINT_SHUFFLE(u8x32, a, b, 0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5,
                        37, 6, 38, 7, 39, 16, 48, 17, 49, 18, 50, 19, 51, 20,
                        52, 21, 53, 22, 54, 23, 55));
}
HINT_AVX2 HINT_INLINE u16x16 high_of(u8x32 a, u8x32 b) noexcept {
 return reinterpret_cast<u16x16>(HINT_SHUFFLE(u8x32, a, b, 8, 40, 9, 41, 10, 42, 11, 43, 12, 44,
                        13, 45, 14, 46, 15, 47, 24, 56, 25, 57, 26, 58, 27,
                        59, 28, 60, 29, 61, 30, 62, 31, 63));
}
HINT_AVX2 HINT_INLINE u32x8 low_of(u16x16 a, u16x16 b) noexcept {
 return reinterpret_cast<u32x8>(
   HINT_SHUFFLE(u16x16, a, b, 0, 16, 1, 17, 2, 18, 3, 19, 8, 24, 9, 25, 10, 26, 11, 27));
}
HINT_AVX2 HINT_INLINE u32x8 high_of(u16x16 a, u16x16 b) noexcept {
 return reinterpret_cast<u32x8>(
   HINT_SHUFFLE(u16x16, a, b, 4, 20, 5, 21, 6, 22, 7, 23, 12, 28, 13, 29, 14, 30, 15, 31));
}
HINT_AVX2 HINT_INLINE u64x4 low_of(u32x8 a, u32x8 b) noexcept {
 return reinterpret_cast<u64x4>(HINT_SHUFFLE(u32x8, a, b, 0, 8, 1, 9, 4, 12, 5, 13));
}
HINT_AVX2 HINT_INLINE u64x4 high_of(u32x8 a, u32x8 b) noexcept {
 return reinterpret_cast<u64x4>(HINT_SHUFFLE(u32x8, a, b, 2, 10, 3, 11, 6, 14, 7, 15));
}
HINT_AVX2 HINT_INLINE u64x4 low_of(u64x4 a, u64x4 b) noexcept {
 return HINT_SHUFFLE(u64x4, a, b, 0, 4, 2, 6);
}
HINT_AVX2 HINT_INLINE u64x4 high_of(u64x4 a, u64x4 b) noexcept {
 return HINT_SHUFFLE(u64x4, a, b, 1, 5, 3, 7);
}

HINT_AVX2 HINT_INLINE void put_widened(u8x32 bytes, std::uint16_t* out) noexcept {
 const auto a = reinterpret_cast<u64x4>(low_of(bytes, u8x32{}));
 const auto b = reinterpret_cast<u64x4>(high_of(bytes, u8x32{}));
 const u64x4 first = HINT_SHUFFLE(u64x4, a, b, 0, 1, 4, 5);
 const u64x4 second = HINT_SHUFFLE(u64x4, a, b, 2, 3, 6, 7);
 std::memcpy(out, &first, sizeof first);
 std::memcpy(out + 16, &second, sizeof second);
}

HINT_AVX2 inline void arrange_avx2(const std::uint64_t* blocks, std::size_t words,
                  std::size_t count, std::uint64_t* out) noexcept {
 const std::size_t block = words * block_codes;
 auto* at = reinterpret_cast<u64x4*>(out);
 for (std::size_t b = 0; b < count; b += 4, blocks += 4 * block)
  for (std::size_t w = 0; w < words; ++w, at += 8) {
   const std::uint64_t* c = blocks + w * block_codes;
   const std::uint64_t *d = c + block, *e = d + block, *f = e + block;
   const u16x16 r0 = bytes_in_pairs(codes_of_lanes(c, e));
   const u16x16 r1 = bytes_in_pairs(codes_of_lanes(c + 2, e + 2));
   const u16x16 r2 = bytes_in_pairs(codes_of_lanes(c + 4, e + 4));
   const u16x16 r3 = bytes_in_pairs(codes_of_lanes(c + 6, e + 6));
   const u16x16 r4 = bytes_in_pairs(codes_of_lanes(d, f));
   const u16x16 r5 = bytes_in_pairs(codes_of_lanes(d + 2, f + 2));
   const u16x16 r6 = bytes_in_pairs(codes_of_lanes(d + 4, f + 4));
   const u16x16 r7 = bytes_in_pairs(codes_of_lanes(d + 6, f + 6));
   const u32x8 l01 = low_of(r0, r1), l23 = low_of(r2, r3);
   const u32x8 l45 = low_of(r4, r5), l67 = low_of(r6, r7);
   const u32x8 h01 = high_of(r0, r1), h23 = high_of(r2, r3);
   const u32x8 h45 = high_of(r4, r5), h67 = high_of(r6, r7);
   at[0] = low_of(low_of(l01, l23), low_of(l45, l67));
   at[1] = high_of(low_of(l01, l23), low_of(l45, l67));
   at[2] = low_of(high_of(l01, l23), high_of(l45, l67));
   at[3] = high_of(high_of(l01, l23), high_of(l45, l67));
   at[4] = low_of(low_of(h01, h23), low_of(h45, h67));
   at[5] = high_of(low_of(h01, h23), low_of(h45, h67));
   at[6] = low_of(high_of(h01, h23), high_of(h45, h67));
   at[7] = high_of(high_of(h01, h23), high_of(h45, h67));
  }
}

using s16x16 = short __attribute__((vector_size(32)));
using s32x8 = int __attribute__((vector_size(32)));
using u16x8 = std::uint16_t __attribute__((vector_size(16)));

HINT_AVX2 HINT_INLINE s32x8 none_common(const std::uint64_t* rows, u64x4 mask) noexcept {
 u64x4 a, b;
 std::memcpy(&a, rows, sizeof a);
 std::memcpy(&b, rows + 4, sizeof b);
 const auto x = reinterpret_cast<u32x8>((a & mask) == 0),
       y = reinterpret_cast<u32x8>((b & mask) == 0);
 return reinterpret_cast<s32x8>(HINT_SHUFFLE(u32x8, x, y, 0, 2, 8, 10, 4, 6, 12, 14));
}
HINT_AVX2 inline void any_common_avx2(const std::uint64_t* rows, std::size_t count,
                   std::uint64_t mask, std::uint8_t* out) noexcept {
 const u64x4 all = u64x4{} + mask;
 std::size_t i = 0;
 for (; i + 32 <= count; i += 32, rows += 32, out += 32) {
  const s16x16 low =
    __builtin_ia32_packssdw256(none_common(rows, all), none_common(rows + 8, all));
  const s16x16 high =
    __builtin_ia32_packssdw256(none_common(rows + 16, all), none_common(rows + 24, all));
  const auto marks = reinterpret_cast<u8x32>(__builtin_ia32_packsswb256(low, high)) + 1;
  u16x8 half[2];
  std::memcpy(half, &marks, sizeof half);
  const u16x8 first = HINT_SHUFFLE(u16x8, half[0], half[1], 0, 8, 1, 9, 2, 10, 3, 11);
  const u16x8 second = HINT_SHUFFLE(u16x8, half[0], half[1], 4, 12, 5, 13, 6, 14, 7, 15);
  std::memcpy(out, &first, sizeof first);
  std::memcpy(out + 16, &second, sizeof second);
 }
 any_common_portable(rows, count - i, mask, out);
}

}}}

#undef HINT_AVX2
#undef HINT_SHUFFLE

#endif

#endif

// ---- hint/search/kernels/avx2_batch.hpp
#ifndef HINT_SEARCH_KERNELS_AVX2_BATCH_HPP
#define HINT_SEARCH_KERNELS_AVX2_BATCH_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#define HINT_AVX2 __attribute__((target("avx2,popcnt")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

inline constexpr std::size_t avx2_arranged_words = 16;

HINT_AVX2 HINT_INLINE u8x32 look_up(u8x32 table, u8x32 halves) noexcept {
 return reinterpret_cast<u8x32>(
   look_up(reinterpret_cast<u64x4>(table), reinterpret_cast<u64x4>(halves)));
}
HINT_AVX2 HINT_INLINE u8x32 sum_at_most_255(u8x32 a, u8x32 b) noexcept {
#if defined(__has_builtin) && __has_builtin(__builtin_elementwise_add_sat)
 return __builtin_elementwise_add_sat(a, b);
#else
 return reinterpret_cast<u8x32>(
   __builtin_ia32_paddusb256(reinterpret_cast<s8x32>(a), reinterpret_cast<s8x32>(b)));
#endif
}

HINT_AVX2 HINT_INLINE void make_tables(std::uint8_t byte, u8x32* tables) noexcept {
 tables[0] = reinterpret_cast<u8x32>(half_byte_table(byte & 0x0f));
 tables[1] = reinterpret_cast<u8x32>(half_byte_table(byte >> 4));
}
HINT_AVX2 HINT_INLINE u8x32 look_up_both(const u8x32* tables, u8x32 bytes) noexcept {
 constexpr std::uint64_t half = 0x0f0f0f0f0f0f0f0fULL;
 const auto x = reinterpret_cast<u64x4>(bytes);
 return look_up(tables[0], reinterpret_cast<u8x32>(x & half)) +
     look_up(tables[1], reinterpret_cast<u8x32>((x >> 4) & half));
}
HINT_AVX2 inline void make_tables(const std::uint64_t* queries, std::size_t words,
                 u8x32* tables) noexcept {
 for (std::size_t w = 0; w < words; ++w, queries += 4)
  for (std::size_t shift = 0; shift < 64; shift += 8)
   for (std::size_t q = 0; q < 4; ++q, tables += 2)
    make_tables(static_cast<std::uint8_t>(queries[q] >> shift), tables);
}

struct avx2_sums {
 u8x32 a0, a1, a2, a3, b0, b1, b2, b3;
};

HINT_AVX2 HINT_INLINE void add_bytes(avx2_sums& s, const u8x32* a, const u8x32* b,
                   const u8x32* tables, std::size_t count) noexcept {
 for (std::size_t i = 0; i < count; ++i, tables += 8) {
  const auto x = reinterpret_cast<u64x4>(a[i]);
  const auto y = reinterpret_cast<u64x4>(b[i]);
  constexpr std::uint64_t half = 0x0f0f0f0f0f0f0f0fULL;
  const auto xl = reinterpret_cast<u8x32>(x & half),
        xh = reinterpret_cast<u8x32>((x >> 4) & half);
  const auto yl = reinterpret_cast<u8x32>(y & half),
        yh = reinterpret_cast<u8x32>((y >> 4) & half);
  s.a0 = sum_at_most_255(s.a0, look_up(tables[0], xl) + look_up(tables[1], xh));
  s.b0 = sum_at_most_255(s.b0, look_up(tables[0], yl) + look_up(tables[1], yh));
  s.a1 = sum_at_most_255(s.a1, look_up(tables[2], xl) + look_up(tables[3], xh));
  s.b1 = sum_at_most_255(s.b1, look_up(tables[2], yl) + look_up(tables[3], yh));
  s.a2 = sum_at_most_255(s.a2, look_up(tables[4], xl) + look_up(tables[5], xh));
  s.b2 = sum_at_most_255(s.b2, look_up(tables[4], yl) + look_up(tables[5], yh));
  s.a3 = sum_at_most_255(s.a3, look_up(tables[6], xl) + look_up(tables[7], xh));
  s.b3 = sum_at_most_255(s.b3, look_up(tables[6], yl) + look_up(tables[7], yh));
 }
}
HINT_AVX2 HINT_INLINE u8x32 lower(u8x32 a, u8x32 b) noexcept { return a < b ? a : b; }
HINT_AVX2 HINT_INLINE u8x32 below(u8x32 a, u8x32 b, u8x32 limit) noexcept {
 const u8x32 m = lower(a, b);
 return lower(m, limit) ^ limit;
}
HINT_AVX2 HINT_INLINE bool all_zero(u8x32 x) noexcept {
 const auto y = reinterpret_cast<s64x4>(x);
 return __builtin_ia32_ptestz256(y, y) != 0;
}

HINT_AVX2 __attribute__((noinline)) inline candidate* put_bytes_below(
  u8x32 sums, std::uint32_t limit, std::size_t row, std::size_t query, candidate* out) noexcept {
 const auto far = reinterpret_cast<s8x32>(
   lower(sums, u8x32{} + static_cast<std::uint8_t>(limit)) == static_cast<std::uint8_t>(limit));
 for (auto near = ~static_cast<std::uint32_t>(__builtin_ia32_pmovmskb256(far)); near != 0;
    near &= near - 1) {
  const auto lane = static_cast<std::size_t>(std::countr_zero(near));
  *out++ = {static_cast<std::uint32_t>(row + lane), static_cast<std::uint16_t>(query),
       sums[lane]};
 }
 return out;
}

HINT_AVX2 inline std::size_t scan_arranged_near(const scan_job& job, std::size_t begin,
                        const u8x32* tables, candidate* out,
                        std::size_t& count) noexcept {
 const std::size_t bytes = 8 * job.words;
 const std::size_t check = job.check == 0 || job.check > job.words ? bytes : 8 * job.check;
 const std::uint32_t* limits = job.limits;
 const u8x32 l0 = u8x32{} + static_cast<std::uint8_t>(limits[0]);
 const u8x32 l1 = u8x32{} + static_cast<std::uint8_t>(limits[1]);
 const u8x32 l2 = u8x32{} + static_cast<std::uint8_t>(limits[2]);
 const u8x32 l3 = u8x32{} + static_cast<std::uint8_t>(limits[3]);
 candidate* next = out;
 std::size_t b = begin;
 const auto* a = reinterpret_cast<const u8x32*>(job.blocks) + b * job.words * 2;
 while (b < job.end) {
  const bool two = b + 8 <= job.end;
  const u8x32* const other = two ? a + bytes : a;
  avx2_sums s = {};
  bool any = false;
  for (std::size_t at = 0, stop = check;; stop = bytes) {
   add_bytes(s, a + at, other + at, tables + 8 * at, stop - at);
   at = stop;
   any = !all_zero(below(s.a0, s.b0, l0) | below(s.a1, s.b1, l1) | below(s.a2, s.b2, l2) |
           below(s.a3, s.b3, l3));
   if (!any || at == bytes) break;
  }
  if (any) [[unlikely]] {
   const std::size_t row = b * block_codes;
   next = put_bytes_below(s.a0, limits[0], row, 0, next);
   next = put_bytes_below(s.a1, limits[1], row, 1, next);
   next = put_bytes_below(s.a2, limits[2], row, 2, next);
   next = put_bytes_below(s.a3, limits[3], row, 3, next);
   if (two) {
    next = put_bytes_below(s.b0, limits[0], row + 32, 0, next);
    next = put_bytes_below(s.b1, limits[1], row + 32, 1, next);
    next = put_bytes_below(s.b2, limits[2], row + 32, 2, next);
    next = put_bytes_below(s.b3, limits[3], row + 32, 3, next);
   }
  }
  b += two ? 8 : 4, a += 2 * bytes;
  if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

HINT_AVX2 HINT_INLINE void add_wide(u16x16* wide, u8x32 sums) noexcept {
 wide[0] += low_of(sums, u8x32{});
 wide[1] += high_of(sums, u8x32{});
}
HINT_AVX2 HINT_INLINE void put_wide(const u16x16* wide, std::uint16_t* out) noexcept {
 const auto* from = reinterpret_cast<const unsigned char*>(wide);
 std::memcpy(out, from, 16), std::memcpy(out + 8, from + 32, 16);
 std::memcpy(out + 16, from + 16, 16), std::memcpy(out + 24, from + 48, 16);
}
HINT_AVX2 __attribute__((noinline)) inline candidate* put_wide_below(const u16x16* wide,
                                   std::uint32_t limit,
                                   std::size_t row,
                                   std::size_t query,
                                   candidate* out) noexcept {
 for (std::size_t lane = 0; lane < 32; ++lane) {
  const std::uint16_t sum = wide[lane / 8 % 2][lane % 8 + lane / 16 * 8];
  if (sum < limit)
   *out++ = {static_cast<std::uint32_t>(row + lane), static_cast<std::uint16_t>(query), sum};
 }
 return out;
}

HINT_AVX2 inline std::size_t scan_arranged_far(const scan_job& job, std::size_t begin,
                        const u8x32* tables, candidate* out,
                        std::size_t& count) noexcept {
 constexpr std::size_t most = 31;
 const std::size_t bytes = 8 * job.words;
 candidate* next = out;
 std::size_t b = begin;
 const auto* a = reinterpret_cast<const u8x32*>(job.blocks) + b * job.words * 2;
 while (b < job.end) {
  const bool two = b + 8 <= job.end;
  const u8x32* const other = two ? a + bytes : a;
  u16x16 wide[8][2] = {};
  for (std::size_t at = 0; at < bytes;) {
   const std::size_t part = bytes - at < most ? bytes - at : most;
   avx2_sums s = {};
   add_bytes(s, a + at, other + at, tables + 8 * at, part);
   at += part;
   add_wide(wide[0], s.a0), add_wide(wide[1], s.a1), add_wide(wide[2], s.a2),
     add_wide(wide[3], s.a3);
   add_wide(wide[4], s.b0), add_wide(wide[5], s.b1), add_wide(wide[6], s.b2),
     add_wide(wide[7], s.b3);
  }
  for (std::size_t i = 0; i < (two ? 8U : 4U); ++i) {
   const std::uint32_t limit = job.limits[i % 4];
   const u16x16 l = u16x16{} + static_cast<std::uint16_t>(limit);
   const u16x16 m = wide[i][0] < wide[i][1] ? wide[i][0] : wide[i][1];
   if (!all_zero(reinterpret_cast<u8x32>((m < l ? m : l) ^ l))) [[unlikely]]
    next = put_wide_below(wide[i], limit, b * block_codes + i / 4 * 32, i % 4, next);
  }
  b += two ? 8 : 4, a += 2 * bytes;
  if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

HINT_AVX2 inline std::size_t scan_arranged_with(const scan_job& job, std::size_t begin,
                        const u8x32* tables, candidate* out,
                        std::size_t& count) noexcept {
 bool near = true;
 for (std::size_t q = 0; q < 4; ++q) near = near && job.limits[q] <= 255;
 return near ? scan_arranged_near(job, begin, tables, out, count)
       : scan_arranged_far(job, begin, tables, out, count);
}

HINT_AVX2 inline std::size_t scan_arranged_avx2(const scan_job& job, std::size_t begin,
                        candidate* out, std::size_t& count) noexcept {
 u8x32 tables[64 * avx2_arranged_words];
 make_tables(job.queries, job.words, tables);
 return scan_arranged_with(job, begin, tables, out, count);
}

HINT_AVX2 inline std::size_t scan_four_avx2(const scan_job& job, std::size_t begin, candidate* out,
                      std::size_t& count) noexcept {
 if (job.words > avx2_arranged_words)
  return scan_by_distances<&distances_avx2, 4>(job, begin, out, count);
 constexpr std::size_t most_words = 2 * group_codes * avx2_arranged_words;
 alignas(64) std::uint64_t arranged[most_words];
 u8x32 tables[64 * avx2_arranged_words];
 make_tables(job.queries, job.words, tables);
 const std::size_t step = most_words / (2 * group_codes * job.words) * 8;
 const std::size_t block = job.words * block_codes;
 std::size_t found = 0;
 while (begin < job.end && found < enough_candidates) {
  const std::size_t blocks = job.end - begin < step ? job.end - begin : step;
  arrange_avx2(job.blocks + begin * block, job.words, blocks, arranged);
  const scan_job part{arranged, job.words, blocks, job.queries, job.limits, job.check};
  std::size_t here = 0;
  const std::size_t done = scan_arranged_with(part, 0, tables, out + found, here);
  for (std::size_t i = 0; i < here; ++i)
   out[found + i].row += static_cast<std::uint32_t>(begin * block_codes);
  begin += done;
  found += here;
 }
 count = found;
 return begin;
}

HINT_AVX2 inline void distances_arranged_avx2(const std::uint64_t* blocks, std::size_t words,
                       std::size_t count, const std::uint64_t* query,
                       std::uint16_t* out) noexcept {
 constexpr std::size_t most = 31;
 u8x32 tables[16 * avx2_arranged_words];
 const std::size_t bytes = 8 * words;
 for (std::size_t i = 0; i < bytes; ++i)
  make_tables(static_cast<std::uint8_t>(query[i / 8] >> i % 8 * 8), tables + 2 * i);
 const auto* a = reinterpret_cast<const u8x32*>(blocks);
 for (std::size_t b = 0; b < count; b += 8, a += 2 * bytes, out += 2 * group_codes) {
  const bool two = b + 8 <= count;
  const u8x32* const other = two ? a + bytes : a;
  u16x16 low[2] = {}, high[2] = {};
  for (std::size_t at = 0; at < bytes;) {
   const std::size_t stop = bytes - at < most ? bytes : at + most;
   u8x32 x = {}, y = {};
   for (; at < stop; ++at) {
    x += look_up_both(tables + 2 * at, a[at]);
    y += look_up_both(tables + 2 * at, other[at]);
   }
   add_wide(low, x);
   add_wide(high, y);
  }
  put_wide(low, out);
  if (two) put_wide(high, out + group_codes);
 }
}

HINT_AVX2 inline void four_distances_near(const u8x32* a, std::size_t bytes, std::size_t count,
                     const u8x32* tables, std::uint16_t* out,
                     std::size_t stride) noexcept {
 for (std::size_t b = 0; b < count; b += 8, a += 2 * bytes, out += 2 * group_codes) {
  const bool two = b + 8 <= count;
  avx2_sums s = {};
  add_bytes(s, a, two ? a + bytes : a, tables, bytes);
  put_widened(s.a0, out), put_widened(s.a1, out + stride);
  put_widened(s.a2, out + 2 * stride), put_widened(s.a3, out + 3 * stride);
  if (!two) break;
  std::uint16_t* const next = out + group_codes;
  put_widened(s.b0, next), put_widened(s.b1, next + stride);
  put_widened(s.b2, next + 2 * stride), put_widened(s.b3, next + 3 * stride);
 }
}
HINT_AVX2 inline void four_distances_avx2(const std::uint64_t* blocks, std::size_t words,
                     std::size_t count, const std::uint64_t* queries,
                     std::uint16_t* out, std::size_t stride) noexcept {
 constexpr std::size_t most = 31;
 u8x32 tables[64 * avx2_arranged_words];
 make_tables(queries, words, tables);
 const std::size_t bytes = 8 * words;
 const auto* a = reinterpret_cast<const u8x32*>(blocks);
 if (bytes <= most) return four_distances_near(a, bytes, count, tables, out, stride);
 for (std::size_t b = 0; b < count; b += 8, a += 2 * bytes, out += 2 * group_codes) {
  const bool two = b + 8 <= count;
  const u8x32* const other = two ? a + bytes : a;
  u16x16 wide[8][2] = {};
  for (std::size_t at = 0; at < bytes;) {
   const std::size_t part = bytes - at < most ? bytes - at : most;
   avx2_sums s = {};
   add_bytes(s, a + at, other + at, tables + 8 * at, part);
   at += part;
   add_wide(wide[0], s.a0), add_wide(wide[1], s.a1), add_wide(wide[2], s.a2),
     add_wide(wide[3], s.a3);
   add_wide(wide[4], s.b0), add_wide(wide[5], s.b1), add_wide(wide[6], s.b2),
     add_wide(wide[7], s.b3);
  }
  for (std::size_t q = 0; q < 4; ++q) {
   put_wide(wide[q], out + q * stride);
   if (two) put_wide(wide[4 + q], out + q * stride + group_codes);
  }
 }
}

inline constexpr kernel_set avx2_kernels{.name = "avx2",
                     .distances = &distances_avx2,
                     .scan_one = &scan_one_avx2,
                     .scan_four = &scan_four_avx2,
                     .arrange = &arrange_avx2,
                     .distances_arranged = &distances_arranged_avx2,
                     .four_distances_arranged = &four_distances_avx2,
                     .scan_arranged = &scan_arranged_avx2,
                     .arranged_fours = 2,
                     .arranged_words = avx2_arranged_words,
                     .any_common = &any_common_avx2};

}}}

#undef HINT_AVX2

#endif

#endif

// ---- hint/search/kernels/x86.hpp
#ifndef HINT_SEARCH_KERNELS_X86_HPP
#define HINT_SEARCH_KERNELS_X86_HPP

#if defined(HINT_SEARCH_X86)
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#define HINT_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vpopcntdq")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

using u64x8 = std::uint64_t __attribute__((vector_size(64)));
using s64x8 = long long __attribute__((vector_size(64)));

HINT_AVX512 HINT_INLINE u64x8 bit_counts(u64x8 x) noexcept {
#if defined(__has_builtin) && __has_builtin(__builtin_elementwise_popcount)
 return __builtin_elementwise_popcount(x);
#elif defined(__clang__)
 return reinterpret_cast<u64x8>(__builtin_ia32_vpopcntq_512(reinterpret_cast<s64x8>(x)));
#else
 return reinterpret_cast<u64x8>(__builtin_ia32_vpopcountq_v8di(reinterpret_cast<s64x8>(x)));
#endif
}
HINT_AVX512 HINT_INLINE std::uint32_t negatives(u64x8 x) noexcept {
 return __builtin_ia32_cvtq2mask512(reinterpret_cast<s64x8>(x));
}
HINT_AVX512 HINT_INLINE u64x8 all_of(std::uint64_t x) noexcept { return u64x8{} + x; }
HINT_AVX512 HINT_INLINE u64x8 lower(u64x8 a, u64x8 b) noexcept { return a < b ? a : b; }

HINT_AVX512 inline void distances_avx512(const std::uint64_t* blocks, std::size_t words,
                     std::size_t count, const std::uint64_t* query,
                     std::uint16_t* out) noexcept {
 const auto* at = reinterpret_cast<const u64x8*>(blocks);
 for (std::size_t b = 0; b < count; ++b, out += block_codes) {
  u64x8 sum = bit_counts(*at++ ^ query[0]);
  for (std::size_t w = 1; w < words; ++w) sum += bit_counts(*at++ ^ query[w]);
  const auto narrow = __builtin_convertvector(sum, u16x8);
  std::memcpy(out, &narrow, sizeof narrow);
 }
}

HINT_AVX512 __attribute__((noinline)) inline candidate* put_candidates(u64x8 distances,
                                    std::uint32_t limit,
                                    std::size_t block,
                                    std::size_t query,
                                    candidate* out) noexcept {
 for (std::uint32_t lanes = negatives(distances - limit); lanes != 0; lanes &= lanes - 1) {
  const auto lane = static_cast<std::size_t>(std::countr_zero(lanes));
  *out++ = {static_cast<std::uint32_t>(block * block_codes + lane),
       static_cast<std::uint16_t>(query), static_cast<std::uint16_t>(distances[lane])};
 }
 return out;
}

HINT_AVX512 HINT_INLINE u64x8 block_distances(const u64x8* block, const std::uint64_t* query,
                       std::size_t words, std::size_t check,
                       std::uint32_t limit) noexcept {
 u64x8 sum = bit_counts(block[0] ^ query[0]);
 std::size_t w = 1;
 for (; w < check; ++w) sum += bit_counts(block[w] ^ query[w]);
 if (w < words && negatives(sum - limit) != 0)
  for (; w < words; ++w) sum += bit_counts(block[w] ^ query[w]);
 return sum;
}
HINT_AVX512 inline std::size_t scan_one_avx512(const scan_job& job, std::size_t begin,
                        candidate* out, std::size_t& count) noexcept {
 const std::size_t words = job.words;
 const std::size_t check = job.check == 0 || job.check > words ? words : job.check;
 const std::uint64_t* query = job.queries;
 const std::uint32_t limit = job.limits[0];
 candidate* next = out;
 std::size_t b = begin;
 const auto* c = reinterpret_cast<const u64x8*>(job.blocks) + b * words;
 while (b < job.end) {
  const u64x8 d0 = block_distances(c, query, words, check, limit);
  const u64x8 d1 = block_distances(c + words, query, words, check, limit);
  const u64x8 d2 = block_distances(c + 2 * words, query, words, check, limit);
  const u64x8 d3 = block_distances(c + 3 * words, query, words, check, limit);
  c += 4 * words;
  b += 4;
  if (negatives(lower(lower(d0, d1), lower(d2, d3)) - limit) != 0) [[unlikely]] {
   next = put_candidates(d0, limit, b - 4, 0, next);
   next = put_candidates(d1, limit, b - 3, 0, next);
   next = put_candidates(d2, limit, b - 2, 0, next);
   next = put_candidates(d3, limit, b - 1, 0, next);
   if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

HINT_AVX512 inline std::size_t scan_four_avx512(const scan_job& job, std::size_t begin,
                        candidate* out, std::size_t& count) noexcept {
 const std::size_t words = job.words;
 const std::size_t check = job.check == 0 || job.check > words ? words : job.check;
 const std::uint32_t* limit = job.limits;
 const u64x8 l0 = all_of(limit[0]), l1 = all_of(limit[1]);
 const u64x8 l2 = all_of(limit[2]), l3 = all_of(limit[3]);
 candidate* next = out;
 std::size_t b = begin;
 const auto* c = reinterpret_cast<const u64x8*>(job.blocks) + b * words;
 while (b < job.end) {
  const u64x8* const e = c + words;
  const std::uint64_t* q = job.queries;
  u64x8 c0 = bit_counts(c[0] ^ q[0]), c1 = bit_counts(c[0] ^ q[1]);
  u64x8 c2 = bit_counts(c[0] ^ q[2]), c3 = bit_counts(c[0] ^ q[3]);
  u64x8 e0 = bit_counts(e[0] ^ q[0]), e1 = bit_counts(e[0] ^ q[1]);
  u64x8 e2 = bit_counts(e[0] ^ q[2]), e3 = bit_counts(e[0] ^ q[3]);
  std::uint32_t below = 0;
  for (std::size_t w = 1, stop = check;; stop = words) {
   for (; w < stop; ++w) {
    q += 4;
    c0 += bit_counts(c[w] ^ q[0]), c1 += bit_counts(c[w] ^ q[1]);
    c2 += bit_counts(c[w] ^ q[2]), c3 += bit_counts(c[w] ^ q[3]);
    e0 += bit_counts(e[w] ^ q[0]), e1 += bit_counts(e[w] ^ q[1]);
    e2 += bit_counts(e[w] ^ q[2]), e3 += bit_counts(e[w] ^ q[3]);
   }
   below = negatives((lower(c0, e0) - l0) | (lower(c1, e1) - l1) | (lower(c2, e2) - l2) |
            (lower(c3, e3) - l3));
   if (below == 0 || w >= words) break;
  }
  if (below != 0) [[unlikely]] {
   next = put_candidates(c0, limit[0], b, 0, next);
   next = put_candidates(c1, limit[1], b, 1, next);
   next = put_candidates(c2, limit[2], b, 2, next);
   next = put_candidates(c3, limit[3], b, 3, next);
   next = put_candidates(e0, limit[0], b + 1, 0, next);
   next = put_candidates(e1, limit[1], b + 1, 1, next);
   next = put_candidates(e2, limit[2], b + 1, 2, next);
   next = put_candidates(e3, limit[3], b + 1, 3, next);
  }
  b += 2, c += 2 * words;
  if (b % 4 == 0 && static_cast<std::size_t>(next - out) >= enough_candidates) break;
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

inline constexpr kernel_set avx512_kernels{.name = "avx512",
                      .distances = &distances_avx512,
                      .scan_one = &scan_one_avx512,
                      .scan_four = &scan_four_avx512,
                      .any_common = &any_common_avx2};

}}}

#undef HINT_AVX512

#endif

#endif

// ---- hint/search/kernels/kernels.hpp
#ifndef HINT_SEARCH_KERNELS_KERNELS_HPP
#define HINT_SEARCH_KERNELS_KERNELS_HPP

#if !defined(HINT_ELSEWHERE)
#endif

namespace hint { inline namespace HINT_ABI { namespace search::detail {

HINT_LAZY
[[nodiscard]] std::vector<const kernel_set*> usable_kernels();

#if !defined(HINT_ELSEWHERE)
template <class>
std::vector<const kernel_set*> usable_kernels() {
 std::vector<const kernel_set*> usable;
#if defined(HINT_SEARCH_X86)
 __builtin_cpu_init();
 if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vpopcntdq"))
  usable.push_back(&avx512_kernels);
 if (__builtin_cpu_supports("avx2")) usable.push_back(&avx2_kernels);
 if (__builtin_cpu_supports("popcnt")) usable.push_back(&popcnt_kernels);
#elif defined(HINT_SEARCH_NEON)
 usable.push_back(&neon_kernels);
#endif
 usable.push_back(&portable_kernels);
 return usable;
}
#endif
#if defined(HINT_COMPILED)
HINT_EXTERN template std::vector<const kernel_set*> usable_kernels<>();
#endif

HINT_LAZY
[[nodiscard]] const kernel_set& kernels_named(std::string_view who, std::string_view name) {
 std::string names;
 for (const kernel_set* k : usable_kernels()) {
  if (k->name == name) return *k;
  names.append(names.empty() ? "" : ", ").append(k->name);
 }
 bool known = false;
 for (const char* other : {"avx512", "avx2", "popcnt", "neon", "portable"})
  known = known || name == other;
 hint::detail::raise<invalid_argument>(who, ": \"", name,
                    known ? "\" kernels do not run on this machine, expected "
                       : "\" is not the name of any kernels, expected ",
                    names);
}

[[nodiscard]] inline const kernel_set& kernels_for(const char* asked) {
 if (asked == nullptr || *asked == '\0') return *usable_kernels().front();
 return kernels_named("environment variable HINT_KERNELS", asked);
}

[[nodiscard]] inline std::atomic<const kernel_set*>& kernels_in_use() noexcept {
 static std::atomic<const kernel_set*> chosen = nullptr;
 return chosen;
}
[[nodiscard]] inline const kernel_set& kernels() {
 const kernel_set* chosen = kernels_in_use().load(std::memory_order_relaxed);
 if (chosen == nullptr) [[unlikely]] {
  const kernel_set* const asked = &kernels_for(std::getenv("HINT_KERNELS"));
  if (kernels_in_use().compare_exchange_strong(chosen, asked)) chosen = asked;
 }
 return *chosen;
}

}}}

#endif

// ---- hint/search/kernels/planes.hpp
#ifndef HINT_SEARCH_KERNELS_PLANES_HPP
#define HINT_SEARCH_KERNELS_PLANES_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

#if defined(__GNUC__) || defined(__clang__)
using byte_lanes = std::uint64_t __attribute__((vector_size(16)));
#else
using byte_lanes = std::uint64_t;
#endif
inline constexpr std::size_t lane_parts = plane_codes / sizeof(byte_lanes);

HINT_INLINE byte_lanes lane_counts(byte_lanes x) noexcept {
#if defined(HINT_SEARCH_NEON)
 return reinterpret_cast<byte_lanes>(vcntq_u8(reinterpret_cast<uint8x16_t>(x)));
#else
 x -= (x >> 1) & 0x5555555555555555ULL;
 x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
 return (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
#endif
}
[[nodiscard]] constexpr std::uint64_t byte_everywhere(std::uint32_t byte) noexcept {
 return byte * std::uint64_t{0x0101010101010101};
}
HINT_INLINE byte_lanes lanes_at(const unsigned char* p) noexcept {
 byte_lanes x;
 std::memcpy(&x, p, sizeof x);
 return x;
}

inline candidate* put_lanes(std::uint64_t lanes, const std::uint8_t* distances, std::size_t block,
              std::size_t query, candidate* out) noexcept {
 for (; lanes != 0; lanes &= lanes - 1) {
  const auto lane = static_cast<std::size_t>(std::countr_zero(lanes));
  *out++ = {static_cast<std::uint32_t>(block * block_codes + lane),
       static_cast<std::uint16_t>(query), distances[lane]};
 }
 return out;
}

HINT_INLINE candidate* put_lanes_of(const std::uint64_t* lanes, std::size_t queries,
                  const std::uint8_t* distances, std::size_t width,
                  std::size_t block, candidate* out) noexcept {
 constexpr std::uint64_t stop = std::uint64_t{1} << 63;
 std::uint64_t more = 0;
 for (std::size_t q = 0; q < queries; ++q) {
  const auto lane = static_cast<std::size_t>(std::countr_zero(lanes[q] | stop)) & (width - 1);
  *out = {static_cast<std::uint32_t>(block * block_codes + lane), static_cast<std::uint16_t>(q),
      distances[q * width + lane]};
  out += lanes[q] != 0 ? 1 : 0;
  more |= lanes[q] & (lanes[q] - 1);
 }
 if (more != 0)
  for (std::size_t q = 0; q < queries; ++q)
   out = put_lanes(lanes[q] & (lanes[q] - 1), distances + q * width, block, q, out);
 return out;
}

HINT_INLINE void plane_sums(const unsigned char* group, std::size_t planes, const byte_lanes* query,
              std::size_t step, byte_lanes* sums) noexcept {
 for (std::size_t i = 0; i < lane_parts; ++i, group += sizeof(byte_lanes)) {
  byte_lanes sum = lane_counts(lanes_at(group) ^ query[0]);
  for (std::size_t p = 1; p < planes; ++p)
   sum += lane_counts(lanes_at(group + p * plane_codes) ^ query[p * step]);
  sums[i] = sum;
 }
}
HINT_INLINE std::uint64_t lanes_below(const byte_lanes* sums, std::uint32_t limit) noexcept {
 constexpr std::uint64_t tops = byte_everywhere(0x80);
 const std::uint64_t bound = byte_everywhere(limit & 0x7f);
 const std::uint64_t beyond = limit < 0x80 ? ~std::uint64_t{0} : 0;
 byte_lanes reach[lane_parts];
 byte_lanes all = byte_lanes{} + tops;
 for (std::size_t i = 0; i < lane_parts; ++i) {
  const byte_lanes rest = (sums[i] | tops) - bound;
  reach[i] = (sums[i] & rest) | ((sums[i] | rest) & beyond);
  all &= reach[i];
 }
 std::uint64_t words[plane_codes / 8];
 std::memcpy(words, &all, sizeof all);
 std::uint64_t both = words[0];
 for (std::size_t i = 1; i < sizeof all / 8; ++i) both &= words[i];
 if (both == tops) return 0;
 std::memcpy(words, reach, sizeof words);
 std::uint64_t lanes = 0;
 for (std::size_t i = 0; i < plane_codes / 8; ++i)
  lanes |= (((~words[i] & tops) >> 7) * 0x0102040810204080ULL) >> 56 << (8 * i);
 return lanes;
}

HINT_INLINE void fill_lanes(const std::uint64_t* queries, std::size_t together, std::size_t planes,
              byte_lanes* out) noexcept {
 for (std::size_t p = 0; p < planes; ++p)
  for (std::size_t q = 0; q < together; ++q)
   *out++ = byte_lanes{} + byte_everywhere(query_byte(queries, together, q, p));
}
HINT_INLINE void put_distances(const byte_lanes* sums, std::uint16_t* out) noexcept {
 std::uint8_t found[plane_codes];
 std::memcpy(found, sums, sizeof found);
 for (std::size_t i = 0; i < plane_codes; ++i) out[i] = found[i];
}
HINT_INLINE candidate* put_below(const byte_lanes* sums, std::uint32_t limit, std::size_t block,
                 std::size_t query, candidate* out) noexcept {
 const std::uint64_t lanes = lanes_below(sums, (std::min)(limit, std::uint32_t{0xff}));
 if (lanes == 0) return out;
 std::uint8_t found[plane_codes];
 std::memcpy(found, sums, sizeof found);
 return put_lanes(lanes, found, block, query, out);
}

inline void plane_distances_portable(const std::uint64_t* blocks, std::size_t planes,
                   std::size_t count, const std::uint64_t* query,
                   std::uint16_t* out) noexcept {
 byte_lanes asked[most_planes], sums[lane_parts];
 fill_lanes(query, 1, planes, asked);
 const auto* group = reinterpret_cast<const unsigned char*>(blocks);
 for (std::size_t b = 0; b < count; b += 8, group += planes * plane_codes, out += plane_codes) {
  plane_sums(group, planes, asked, 1, sums);
  put_distances(sums, out);
 }
}
template <std::size_t Queries>
std::size_t scan_planes_portable(const scan_job& job, std::size_t begin, candidate* out,
                 std::size_t& count) noexcept {
 const std::size_t planes = job.words;
 byte_lanes asked[most_planes * Queries], sums[lane_parts];
 fill_lanes(job.queries, Queries, planes, asked);
 const auto* group = reinterpret_cast<const unsigned char*>(job.blocks + begin * planes);
 candidate* next = out;
 std::size_t b = begin;
 while (b < job.end) {
  for (std::size_t q = 0; q < Queries; ++q) {
   plane_sums(group, planes, asked + q, Queries, sums);
   next = put_below(sums, job.limits[q], b, q, next);
  }
  b += plane_codes / block_codes, group += planes * plane_codes;
  if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

inline constexpr kernel_set portable_plane_kernels{
  "portable", &plane_distances_portable, &scan_planes_portable<1>, &scan_planes_portable<4>};

}}}

#endif

// ---- hint/search/kernels/planes_x86.hpp
#ifndef HINT_SEARCH_KERNELS_PLANES_X86_HPP
#define HINT_SEARCH_KERNELS_PLANES_X86_HPP

#if defined(HINT_SEARCH_X86)

#include <cstddef>
#include <cstdint>
#include <cstring>

#define HINT_SSSE3 __attribute__((target("ssse3")))
#define HINT_AVX2 __attribute__((target("avx2")))
#define HINT_BITALG \
 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vpopcntdq,avx512bitalg")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

using u8x16 = std::uint8_t __attribute__((vector_size(16)));
using u8x64 = std::uint8_t __attribute__((vector_size(64)));
using s8x64 = char __attribute__((vector_size(64)));
using u16x32 = std::uint16_t __attribute__((vector_size(64)));

inline constexpr std::uint64_t low_halves = 0x0f0f0f0f0f0f0f0fULL;

HINT_SSSE3 HINT_INLINE byte_lanes look_up_ssse3(byte_lanes table, byte_lanes halves) noexcept {
 using s8x16 = char __attribute__((vector_size(16)));
 return reinterpret_cast<byte_lanes>(
   __builtin_ia32_pshufb128(reinterpret_cast<s8x16>(table), reinterpret_cast<s8x16>(halves)));
}
HINT_SSSE3 HINT_INLINE void fill_tables_ssse3(const std::uint64_t* queries, std::size_t together,
                       std::size_t planes, byte_lanes* tables) noexcept {
 constexpr byte_lanes numbers = {0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};
 constexpr byte_lanes counts = {0x0302020102010100ULL, 0x0403030203020201ULL};
 for (std::size_t p = 0; p < planes; ++p)
  for (std::size_t q = 0; q < together; ++q) {
   const std::uint8_t byte = query_byte(queries, together, q, p);
   *tables++ = look_up_ssse3(counts, numbers ^ byte_everywhere(byte & 0x0f));
   *tables++ = look_up_ssse3(counts, numbers ^ byte_everywhere(byte >> 4));
  }
}
HINT_SSSE3 HINT_INLINE byte_lanes quarter_sums(const unsigned char* at, std::size_t planes,
                        const byte_lanes* tables) noexcept {
 byte_lanes sum = {};
 for (std::size_t p = 0; p < planes; ++p, at += plane_codes, tables += 2) {
  const byte_lanes c = lanes_at(at);
  sum += look_up_ssse3(tables[0], c & low_halves);
  sum += look_up_ssse3(tables[1], (c >> 4) & low_halves);
 }
 return sum;
}
HINT_SSSE3 HINT_INLINE std::uint32_t quarter_below(byte_lanes sums, std::uint32_t limit) noexcept {
 using s8x16 = char __attribute__((vector_size(16)));
 const u8x16 all = u8x16{} + static_cast<std::uint8_t>(limit < 0xff ? limit : 0xff);
 return static_cast<std::uint32_t>(
   __builtin_ia32_pmovmskb128(reinterpret_cast<s8x16>(reinterpret_cast<u8x16>(sums) < all)));
}
HINT_SSSE3 __attribute__((noinline)) inline candidate* put_quarter(const byte_lanes* sums,
                                  const std::uint64_t* lanes,
                                  std::size_t queries,
                                  std::size_t block,
                                  candidate* out) noexcept {
 return put_lanes_of(lanes, queries, reinterpret_cast<const unsigned char*>(sums), 16, block, out);
}

HINT_SSSE3 inline void plane_distances_ssse3(const std::uint64_t* blocks, std::size_t planes,
                       std::size_t count, const std::uint64_t* query,
                       std::uint16_t* out) noexcept {
 byte_lanes tables[2 * most_planes], sums[lane_parts];
 fill_tables_ssse3(query, 1, planes, tables);
 const auto* group = reinterpret_cast<const unsigned char*>(blocks);
 for (std::size_t b = 0; b < count; b += 8, group += planes * plane_codes, out += plane_codes) {
  for (std::size_t i = 0; i < lane_parts; ++i)
   sums[i] = quarter_sums(group + 16 * i, planes, tables);
  put_distances(sums, out);
 }
}
HINT_SSSE3 inline std::size_t scan_planes_one_ssse3(const scan_job& job, std::size_t begin,
                          candidate* out, std::size_t& count) noexcept {
 const std::size_t planes = job.words;
 byte_lanes tables[2 * most_planes];
 fill_tables_ssse3(job.queries, 1, planes, tables);
 const auto* group = reinterpret_cast<const unsigned char*>(job.blocks + begin * planes);
 candidate* next = out;
 std::size_t b = begin;
 while (b < job.end) {
  for (std::size_t i = 0; i < lane_parts; ++i) {
   const byte_lanes sum = quarter_sums(group + 16 * i, planes, tables);
   const std::uint64_t lanes = quarter_below(sum, job.limits[0]);
   if (lanes != 0) [[unlikely]]
    next = put_quarter(&sum, &lanes, 1, b + 2 * i, next);
  }
  b += 8, group += planes * plane_codes;
  if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}
HINT_SSSE3 inline std::size_t scan_planes_four_ssse3(const scan_job& job, std::size_t begin,
                           candidate* out, std::size_t& count) noexcept {
 const std::size_t planes = job.words;
 byte_lanes tables[8 * most_planes];
 fill_tables_ssse3(job.queries, 4, planes, tables);
 const auto* group = reinterpret_cast<const unsigned char*>(job.blocks + begin * planes);
 candidate* next = out;
 std::size_t b = begin;
 while (b < job.end) {
  for (std::size_t i = 0; i < lane_parts; ++i) {
   const unsigned char* at = group + 16 * i;
   const byte_lanes* t = tables;
   byte_lanes s0 = {}, s1 = {}, s2 = {}, s3 = {};
   for (std::size_t p = 0; p < planes; ++p, at += plane_codes, t += 8) {
    const byte_lanes c = lanes_at(at);
    const byte_lanes low = c & low_halves, high = (c >> 4) & low_halves;
    s0 += look_up_ssse3(t[0], low), s1 += look_up_ssse3(t[2], low);
    s2 += look_up_ssse3(t[4], low), s3 += look_up_ssse3(t[6], low);
    s0 += look_up_ssse3(t[1], high), s1 += look_up_ssse3(t[3], high);
    s2 += look_up_ssse3(t[5], high), s3 += look_up_ssse3(t[7], high);
   }
   const std::uint64_t lanes[4] = {
     quarter_below(s0, job.limits[0]), quarter_below(s1, job.limits[1]),
     quarter_below(s2, job.limits[2]), quarter_below(s3, job.limits[3])};
   if ((lanes[0] | lanes[1] | lanes[2] | lanes[3]) != 0) [[unlikely]] {
    const byte_lanes sums[4] = {s0, s1, s2, s3};
    next = put_quarter(sums, lanes, 4, b + 2 * i, next);
   }
  }
  b += 8, group += planes * plane_codes;
  if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

HINT_AVX2 HINT_INLINE u64x4 u64x4_at(const std::uint64_t* p) noexcept {
 u64x4 x;
 std::memcpy(&x, p, sizeof x);
 return x;
}
HINT_AVX2 HINT_INLINE u64x4 half_group_sums(const std::uint64_t* at, std::size_t planes,
                      const u64x4* tables) noexcept {
 u64x4 sum = {};
 for (std::size_t p = 0; p < planes; ++p, at += plane_codes / 8, tables += 2) {
  const u64x4 c = u64x4_at(at);
  sum += look_up(tables[0], c & low_halves) + look_up(tables[1], (c >> 4) & low_halves);
 }
 return sum;
}
HINT_AVX2 HINT_INLINE void fill_tables(const std::uint64_t* queries, std::size_t together,
                    std::size_t planes, u64x4* tables) noexcept {
 for (std::size_t p = 0; p < planes; ++p)
  for (std::size_t q = 0; q < together; ++q) {
   const std::uint8_t byte = query_byte(queries, together, q, p);
   *tables++ = half_byte_table(byte & 0x0f);
   *tables++ = half_byte_table(byte >> 4);
  }
}
HINT_AVX2 HINT_INLINE std::uint32_t bytes_below(u64x4 sums, u8x32 limit) noexcept {
 return static_cast<std::uint32_t>(
   __builtin_ia32_pmovmskb256(reinterpret_cast<s8x32>(reinterpret_cast<u8x32>(sums) < limit)));
}
HINT_AVX2 HINT_INLINE u8x32 byte_limit(std::uint32_t limit) noexcept {
 return u8x32{} + static_cast<std::uint8_t>(limit < 0xff ? limit : 0xff);
}
HINT_AVX2 __attribute__((noinline)) inline candidate* put_half_group(const u64x4* sums,
                                   const std::uint64_t* lanes,
                                   std::size_t queries,
                                   std::size_t block,
                                   candidate* out) noexcept {
 return put_lanes_of(lanes, queries, reinterpret_cast<const unsigned char*>(sums), 32, block, out);
}

HINT_AVX2 inline void plane_distances_avx2(const std::uint64_t* blocks, std::size_t planes,
                      std::size_t count, const std::uint64_t* query,
                      std::uint16_t* out) noexcept {
 u64x4 tables[2 * most_planes];
 fill_tables(query, 1, planes, tables);
 for (std::size_t b = 0; b < count; b += 8, blocks += planes * (plane_codes / 8))
  for (std::size_t half = 0; half < 2; ++half, out += 32) {
   const u64x4 sums = half_group_sums(blocks + 4 * half, planes, tables);
   u8x16 halves[2];
   std::memcpy(halves, &sums, sizeof halves);
   const auto low = __builtin_convertvector(halves[0], u16x16);
   const auto high = __builtin_convertvector(halves[1], u16x16);
   std::memcpy(out, &low, sizeof low);
   std::memcpy(out + 16, &high, sizeof high);
  }
}
HINT_AVX2 inline std::size_t scan_planes_one_avx2(const scan_job& job, std::size_t begin,
                         candidate* out, std::size_t& count) noexcept {
 const std::size_t planes = job.words;
 u64x4 tables[2 * most_planes];
 fill_tables(job.queries, 1, planes, tables);
 const u8x32 limit = byte_limit(job.limits[0]);
 candidate* next = out;
 std::size_t b = begin;
 const std::uint64_t* at = job.blocks + b * planes;
 while (b < job.end) {
  u64x4 s0 = {}, s1 = {};
  const u64x4* t = tables;
  for (std::size_t p = 0; p < planes; ++p, t += 2) {
   const u64x4 c0 = u64x4_at(at + 8 * p), c1 = u64x4_at(at + 8 * p + 4);
   s0 += look_up(t[0], c0 & low_halves) + look_up(t[1], (c0 >> 4) & low_halves);
   s1 += look_up(t[0], c1 & low_halves) + look_up(t[1], (c1 >> 4) & low_halves);
  }
  const std::uint32_t m0 = bytes_below(s0, limit), m1 = bytes_below(s1, limit);
  if ((m0 | m1) != 0) [[unlikely]] {
   const std::uint64_t lanes[2] = {m0, m1};
   next = put_half_group(&s0, lanes, 1, b, next);
   next = put_half_group(&s1, lanes + 1, 1, b + 4, next);
   if (static_cast<std::size_t>(next - out) >= enough_candidates) {
    b += 8;
    break;
   }
  }
  b += 8, at += planes * 8;
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}
HINT_AVX2 __attribute__((noinline)) inline candidate* put_whole_group(const u64x4* sums,
                                   const std::uint64_t* lanes,
                                   std::size_t block,
                                   candidate* out) noexcept {
 return put_lanes_of(lanes, 4, reinterpret_cast<const unsigned char*>(sums), plane_codes, block,
           out);
}
HINT_AVX2 inline std::size_t scan_planes_four_avx2(const scan_job& job, std::size_t begin,
                          candidate* out, std::size_t& count) noexcept {
 const std::size_t planes = job.words;
 u64x4 tables[8 * most_planes];
 fill_tables(job.queries, 4, planes, tables);
 const u8x32 l0 = byte_limit(job.limits[0]), l1 = byte_limit(job.limits[1]);
 const u8x32 l2 = byte_limit(job.limits[2]), l3 = byte_limit(job.limits[3]);
 candidate* next = out;
 std::size_t b = begin;
 const std::uint64_t* group = job.blocks + b * planes;
 while (b < job.end) {
  u64x4 sums[8];
  std::uint64_t lanes[4] = {};
  for (std::size_t half = 0; half < 2; ++half) {
   const std::uint64_t* at = group + 4 * half;
   const u64x4* t = tables;
   u64x4 s0 = {}, s1 = {}, s2 = {}, s3 = {};
   for (std::size_t p = 0; p < planes; ++p, at += plane_codes / 8, t += 8) {
    const u64x4 c = u64x4_at(at);
    const u64x4 low = c & low_halves, high = (c >> 4) & low_halves;
    s0 += look_up(t[0], low) + look_up(t[1], high);
    s1 += look_up(t[2], low) + look_up(t[3], high);
    s2 += look_up(t[4], low) + look_up(t[5], high);
    s3 += look_up(t[6], low) + look_up(t[7], high);
   }
   sums[half] = s0, sums[2 + half] = s1, sums[4 + half] = s2, sums[6 + half] = s3;
   lanes[0] |= std::uint64_t{bytes_below(s0, l0)} << 32 * half;
   lanes[1] |= std::uint64_t{bytes_below(s1, l1)} << 32 * half;
   lanes[2] |= std::uint64_t{bytes_below(s2, l2)} << 32 * half;
   lanes[3] |= std::uint64_t{bytes_below(s3, l3)} << 32 * half;
  }
  if ((lanes[0] | lanes[1] | lanes[2] | lanes[3]) != 0) [[unlikely]]
   next = put_whole_group(sums, lanes, b, next);
  b += 8, group += planes * 8;
  if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

HINT_BITALG HINT_INLINE u64x8 byte_bit_counts(u64x8 x) noexcept {
#if defined(__has_builtin) && __has_builtin(__builtin_elementwise_popcount)
 return reinterpret_cast<u64x8>(__builtin_elementwise_popcount(reinterpret_cast<u8x64>(x)));
#elif defined(__clang__)
 return reinterpret_cast<u64x8>(__builtin_ia32_vpopcntb_512(reinterpret_cast<s8x64>(x)));
#else
 return reinterpret_cast<u64x8>(__builtin_ia32_vpopcountb_v64qi(reinterpret_cast<s8x64>(x)));
#endif
}
HINT_BITALG HINT_INLINE std::uint64_t group_below(u64x8 sums, u64x8 limit) noexcept {
 return __builtin_ia32_ucmpb512_mask(reinterpret_cast<s8x64>(sums), reinterpret_cast<s8x64>(limit),
                   1, ~0ULL);
}
HINT_BITALG HINT_INLINE u64x8 all_bytes(std::uint32_t x) noexcept {
 return u64x8{} + byte_everywhere(x < 0xff ? x : 0xff);
}
HINT_BITALG HINT_INLINE u64x8 u64x8_at(const std::uint64_t* p) noexcept {
 u64x8 x;
 std::memcpy(&x, p, sizeof x);
 return x;
}
HINT_BITALG HINT_INLINE void fill_bytes(const std::uint64_t* queries, std::size_t together,
                    std::size_t planes, u64x8* bytes) noexcept {
 for (std::size_t p = 0; p < planes; ++p)
  for (std::size_t q = 0; q < together; ++q)
   *bytes++ = all_bytes(query_byte(queries, together, q, p));
}
HINT_BITALG HINT_INLINE u64x8 group_sums(const std::uint64_t* at, std::size_t planes,
                     const u64x8* query) noexcept {
 u64x8 sum = byte_bit_counts(u64x8_at(at) ^ query[0]);
 for (std::size_t p = 1; p < planes; ++p) sum += byte_bit_counts(u64x8_at(at + 8 * p) ^ query[p]);
 return sum;
}
HINT_BITALG __attribute__((noinline)) inline candidate* put_group(const u64x8* sums,
                                 const std::uint64_t* lanes,
                                 std::size_t queries,
                                 std::size_t block,
                                 candidate* out) noexcept {
 return put_lanes_of(lanes, queries, reinterpret_cast<const unsigned char*>(sums), plane_codes,
           block, out);
}

HINT_BITALG inline void plane_distances_avx512(const std::uint64_t* blocks, std::size_t planes,
                        std::size_t count, const std::uint64_t* query,
                        std::uint16_t* out) noexcept {
 u64x8 asked[most_planes];
 fill_bytes(query, 1, planes, asked);
 for (std::size_t b = 0; b < count; b += 8, blocks += planes * 8, out += plane_codes) {
  const u64x8 sums = group_sums(blocks, planes, asked);
  u8x32 halves[2];
  std::memcpy(halves, &sums, sizeof halves);
  const auto low = __builtin_convertvector(halves[0], u16x32);
  const auto high = __builtin_convertvector(halves[1], u16x32);
  std::memcpy(out, &low, sizeof low);
  std::memcpy(out + 32, &high, sizeof high);
 }
}
HINT_BITALG inline std::size_t scan_planes_one_avx512(const scan_job& job, std::size_t begin,
                           candidate* out, std::size_t& count) noexcept {
 const std::size_t planes = job.words;
 u64x8 asked[most_planes];
 fill_bytes(job.queries, 1, planes, asked);
 const u64x8 limit = all_bytes(job.limits[0]);
 candidate* next = out;
 std::size_t b = begin;
 const std::uint64_t* at = job.blocks + b * planes;
 while (b < job.end) {
  const u64x8 sums = group_sums(at, planes, asked);
  const std::uint64_t lanes = group_below(sums, limit);
  b += 8, at += planes * 8;
  if (lanes != 0) [[unlikely]] {
   next = put_group(&sums, &lanes, 1, b - 8, next);
   if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}
HINT_BITALG inline std::size_t scan_planes_four_avx512(const scan_job& job, std::size_t begin,
                            candidate* out,
                            std::size_t& count) noexcept {
 const std::size_t planes = job.words;
 u64x8 asked[4 * most_planes];
 fill_bytes(job.queries, 4, planes, asked);
 const u64x8 l0 = all_bytes(job.limits[0]), l1 = all_bytes(job.limits[1]);
 const u64x8 l2 = all_bytes(job.limits[2]), l3 = all_bytes(job.limits[3]);
 candidate* next = out;
 std::size_t b = begin;
 const std::uint64_t* at = job.blocks + b * planes;
 while (b < job.end) {
  const u64x8* q = asked;
  const u64x8 first = u64x8_at(at);
  u64x8 s0 = byte_bit_counts(first ^ q[0]), s1 = byte_bit_counts(first ^ q[1]);
  u64x8 s2 = byte_bit_counts(first ^ q[2]), s3 = byte_bit_counts(first ^ q[3]);
  for (std::size_t p = 1; p < planes; ++p) {
   q += 4;
   const u64x8 c = u64x8_at(at + 8 * p);
   s0 += byte_bit_counts(c ^ q[0]), s1 += byte_bit_counts(c ^ q[1]);
   s2 += byte_bit_counts(c ^ q[2]), s3 += byte_bit_counts(c ^ q[3]);
  }
  const std::uint64_t m0 = group_below(s0, l0), m1 = group_below(s1, l1);
  const std::uint64_t m2 = group_below(s2, l2), m3 = group_below(s3, l3);
  b += 8, at += planes * 8;
  if ((m0 | m1 | m2 | m3) != 0) [[unlikely]] {
   const u64x8 sums[4] = {s0, s1, s2, s3};
   const std::uint64_t lanes[4] = {m0, m1, m2, m3};
   next = put_group(sums, lanes, 4, b - 8, next);
   if (static_cast<std::size_t>(next - out) >= enough_candidates) break;
  }
 }
 count = static_cast<std::size_t>(next - out);
 return b;
}

inline constexpr kernel_set ssse3_plane_kernels{"ssse3", &plane_distances_ssse3,
                        &scan_planes_one_ssse3, &scan_planes_four_ssse3};
inline constexpr kernel_set avx2_plane_kernels{"avx2", &plane_distances_avx2, &scan_planes_one_avx2,
                        &scan_planes_four_avx2};
inline constexpr kernel_set avx512_plane_kernels{"avx512", &plane_distances_avx512,
                         &scan_planes_one_avx512, &scan_planes_four_avx512};

}}}

#undef HINT_SSSE3
#undef HINT_AVX2
#undef HINT_BITALG

#endif

#endif

// ---- hint/search/kernels/layout_kernels.hpp
#ifndef HINT_SEARCH_KERNELS_LAYOUT_KERNELS_HPP
#define HINT_SEARCH_KERNELS_LAYOUT_KERNELS_HPP

#if !defined(HINT_ELSEWHERE)
#endif

namespace hint { inline namespace HINT_ABI { namespace search::detail {

HINT_LAZY
[[nodiscard]] const kernel_set& plane_kernels_for(const kernel_set& words) noexcept;

#if !defined(HINT_ELSEWHERE)
template <class>
const kernel_set& plane_kernels_for([[maybe_unused]] const kernel_set& words) noexcept {
#if defined(HINT_SEARCH_X86)
 if (words.name == avx512_kernels.name && __builtin_cpu_supports("avx512bitalg"))
  return avx512_plane_kernels;
 if (words.name == avx512_kernels.name || words.name == avx2_kernels.name)
  return avx2_plane_kernels;
 if (words.name == popcnt_kernels.name && __builtin_cpu_supports("ssse3"))
  return ssse3_plane_kernels;
#endif
 return portable_plane_kernels;
}
#endif
#if defined(HINT_COMPILED)
HINT_EXTERN template const kernel_set& plane_kernels_for<>(const kernel_set&) noexcept;
#endif

[[nodiscard]] inline const kernel_set& kernels_for(const code_layout& layout) {
 const kernel_set& words = kernels();
 return layout.in_planes() ? plane_kernels_for(words) : words;
}

}}}

#endif

// ---- hint/search/scan/store_scan.hpp
#ifndef HINT_SEARCH_SCAN_STORE_SCAN_HPP
#define HINT_SEARCH_SCAN_STORE_SCAN_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

struct scan_part {
 std::size_t begin;
 std::size_t end;
 std::size_t first;
 std::size_t last;
 std::size_t row_part = 0;  ///< which of a plan's parts of the rows this is
};

class scan_plan {
 public:
 scan_plan(std::size_t queries, const code_store& store, std::size_t threads,
      std::size_t most_queries = 512) noexcept
   : queries_(queries), rows_(store.rows()) {
  constexpr std::size_t least_words = std::size_t{1} << 18;
  threads = (std::max<std::size_t>)(threads, 1);
  if (queries == 0) return;
  const std::size_t rounds = (queries - 1) / (threads * most_queries) + 1;
  const std::size_t each = (queries - 1) / (threads * rounds) + 1;
  chunk_ = (each + 3) / 4 * 4;
  const std::size_t chunks = (queries + chunk_ - 1) / chunk_;
  parts_ =
    (std::max<std::size_t>)(1, (std::min)((threads + chunks - 1) / chunks,
                       rows_ * store.bytes_per_code() / 8 / least_words));
 }
 [[nodiscard]] static scan_plan of_chunks(std::size_t queries, const code_store& store,
                      std::size_t chunk) noexcept {
  scan_plan plan(0, store, 1);
  plan.queries_ = queries;
  plan.chunk_ = chunk;
  return plan;
 }
 [[nodiscard]] std::size_t row_parts() const noexcept { return parts_; }
 [[nodiscard]] std::size_t tasks() const noexcept {
  return (queries_ + chunk_ - 1) / chunk_ * parts_;
 }
 [[nodiscard]] scan_part part(std::size_t task) const noexcept { return part(task, 0, rows_); }
 [[nodiscard]] scan_part part(std::size_t task, std::size_t first,
                std::size_t last) const noexcept {
  const std::size_t begin = task / parts_ * chunk_;
  const std::size_t p = task % parts_;
  return {begin, (std::min)(queries_, begin + chunk_), first + split(p, last - first),
      first + split(p + 1, last - first), p};
 }

 private:
 [[nodiscard]] std::size_t split(std::size_t p, std::size_t rows) const noexcept {
  return rows / parts_ * p + (std::min)(p, rows % parts_);
 }
 std::size_t queries_;
 std::size_t rows_;
 std::size_t chunk_ = 4;
 std::size_t parts_ = 1;
};

template <class F>
void for_block_runs(const code_store& store, std::size_t first, std::size_t last, std::size_t most,
          F&& f) {
 if (first >= last) return;
 for (std::size_t c = store.chunk_of(first); c < store.chunk_count(); ++c) {
  const std::size_t begins = store.first_row(c);
  if (begins >= last) return;
  const code_chunk& chunk = store.chunk(c);
  const code_layout& layout = chunk.layout();
  const auto cut = [&](std::size_t row) {
   return layout.padded((std::min)(row, chunk.rows())) / block_codes;
  };
  const std::size_t group = layout.group() / block_codes;
  const std::size_t step = (std::max)(group, most / group * group);
  const std::size_t stop = cut(last - begins);
  for (std::size_t b = first > begins ? cut(first - begins) : 0; b < stop; b += step)
   f(c, b, (std::min)(stop, b + step));
 }
}

[[nodiscard]] constexpr std::size_t check_after(std::size_t words, std::uint32_t limit) noexcept {
 for (std::size_t w = limit / 32 + 1; w + 2 <= words; ++w)
  if (32 * w > limit && (32 * w - limit) * (32 * w - limit) >= 256 * w) return w;
 return 0;
}

struct no_preparation {
 void operator()(const candidate&) const noexcept {}
};

template <class Limits, class Offer, class Soon = no_preparation>
void scan_blocks(scan_kernel kernel, const std::uint64_t* blocks, std::size_t words,
         std::size_t begin, std::size_t end, const std::uint64_t* queries,
         Limits&& limits_now, Offer&& offer, const Soon& soon = {}) {
 std::array<candidate, most_candidates> found;
 std::array<std::uint32_t, 4> limits{};
 while (begin < end) {
  const std::uint32_t highest = limits_now(limits);
  if (highest == 0) return;
  std::size_t count = 0;
  begin = kernel({blocks, words, end, queries, limits.data(), check_after(words, highest)}, begin,
          found.data(), count);
  for (std::size_t i = 0; i < count; ++i) soon(std::as_const(found[i]));
  for (std::size_t i = 0; i < count; ++i) offer(std::as_const(found[i]));
 }
}

class interleaved_queries {
 public:
 HINT_LAZY
 interleaved_queries(const code_view& queries, std::size_t begin, std::size_t end)
   : words_(queries.words_per_code()), fours_((end - begin + 1) / 4) {
  interleaved_.resize(fours_ * 4 * words_);
  for (std::size_t i = 0; i < (std::min)(end - begin, fours_ * 4); ++i)
   for (std::size_t w = 0; w < words_; ++w)
    interleaved_[(i / 4 * words_ + w) * 4 + i % 4] = queries[begin + i][w];
 }
 [[nodiscard]] std::size_t fours() const noexcept { return fours_; }
 [[nodiscard]] const std::uint64_t* four(std::size_t i) const noexcept {
  return interleaved_.data() + i * 4 * words_;
 }

 private:
 std::size_t words_;
 std::size_t fours_;
 std::vector<std::uint64_t> interleaved_;
};

template <class Collector>
void scan(const code_store& store, const code_view& queries, const scan_part& part,
     Collector&& collector) {
 const interleaved_queries interleaved(queries, part.begin, part.end);
 const std::size_t fours = interleaved.fours();
 const std::size_t tile = part.end - part.begin > 1 ? 2048 / store.words() : std::size_t{1} << 30;
 aligned_buffer<std::uint64_t> arranged;
 for_block_runs(
   store, part.first, part.last, tile, [&](std::size_t c, std::size_t b, std::size_t end) {
    const code_chunk& chunk = store.chunk(c);
    const code_layout& layout = chunk.layout();
    const kernel_set& kernel = kernels_for(layout);
    const std::uint64_t* blocks = chunk.blocks() + b * layout.bytes();
    scan_kernel scan_four = kernel.scan_four;
    if (fours >= kernel.arranged_fours && kernel.arranges(layout.length())) {
     arranged.resize((std::max)(arranged.size(), (end - b) * layout.bytes()));
     kernel.arrange(blocks, layout.length(), end - b, arranged.data());
     scan_four = kernel.scan_arranged;
    }
    const std::uint64_t* const for_four =
      scan_four == kernel.scan_four ? blocks : arranged.data();
    const auto pass = [&](scan_kernel go, const std::uint64_t* from, const std::uint64_t* asked,
               std::size_t first, std::size_t together) {
     const auto limits_now = [&](std::array<std::uint32_t, 4>& limits) {
      std::uint32_t highest = 0;
      for (std::size_t q = 0; q < together && first + q < part.end; ++q)
       highest = (std::max)(highest, limits[q] = collector.limit(first + q));
      return highest;
     };
     scan_blocks(
       go, from, layout.length(), 0, end - b, asked, limits_now,
       [&](const candidate& x) {
        const std::size_t in_chunk = b * block_codes + x.row;
        const std::size_t row = store.first_row(c) + in_chunk;
        if (in_chunk >= chunk.rows() || !store.live(row)) return;
        const std::int64_t id = chunk.ids()[in_chunk];
        if constexpr (requires { collector.offer(0U, 0U, id, row); }) {
         collector.offer(first + x.query, x.distance, id, row);
        } else {
         collector.offer(first + x.query, x.distance, id);
        }
       },
       [&](const candidate& x) { chunk.ids().prefetch(b * block_codes + x.row); });
    };
    const std::uint64_t* next = chunk.blocks() + end * layout.bytes();
    const std::size_t next_end =
      (std::min)(2 * end - b, layout.padded(chunk.rows()) / block_codes);
    const std::size_t lines =
      fours > 1 ? (next_end - end) * layout.bytes() / 8 : 0;
    for (std::size_t g = 0; g < fours; ++g) {
     pass(scan_four, for_four, interleaved.four(g), part.begin + g * 4, 4);
     for (std::size_t line = lines * g / fours; line < lines * (g + 1) / fours; ++line)
      hint::detail::prefetch(next + line * block_codes);
    }
    for (std::size_t q = part.begin + fours * 4; q < part.end; ++q)
     pass(kernel.scan_one, blocks, queries[q].data(), q, 1);
   });
}

}}}

#endif

// ---- hint/search/scan/scan_rounds.hpp
#ifndef HINT_SEARCH_SCAN_SCAN_ROUNDS_HPP
#define HINT_SEARCH_SCAN_SCAN_ROUNDS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

inline constexpr std::size_t watched_queries = 64;

[[nodiscard]] inline scan_plan plan_for(const watched_phase& phase, std::size_t queries,
                    const code_store& store, const executor_ref& executor) {
 return phase.watched() ? scan_plan(queries, store, executor.concurrency(), watched_queries)
             : scan_plan(queries, store, executor.concurrency());
}

template <class Begin, class Run, class End>
std::size_t run_in_rounds(watched_phase& phase, const scan_plan& plan, const code_store& store,
             const executor_ref& executor, Begin&& begin, Run&& run, End&& end) {
 if (!phase.watched()) {
  executor.bulk(plan.tasks(), [&](std::size_t task) {
   const scan_part part = plan.part(task);
   auto state = begin(part);
   run(state, part);
   end(task, state);
  });
  return plan.tasks();
 }
 using state = decltype(begin(plan.part(0)));
 constexpr std::size_t least_words = std::size_t{1} << 17;
 const std::size_t parts = plan.row_parts();
 const std::size_t most =
   (std::max<std::size_t>)(1, executor.concurrency() / parts) * parts;
 const std::size_t least = least_words / store.words() * parts + 1;
 const double all = static_cast<double>(plan.tasks());
 for (std::size_t first = 0; first < plan.tasks(); first += most) {
  const std::size_t count = (std::min)(most, plan.tasks() - first);
  std::vector<std::unique_ptr<state>> states(count);
  if (phase.stopped()) return first;
  for (std::size_t i = 0; i < count; ++i)
   states[i] = std::make_unique<state>(begin(plan.part(first + i)));
  const std::size_t done = phase.in_parts(
    store.rows(), least,
    [&](std::size_t row, std::size_t last) {
     executor.bulk(count,
            [&](std::size_t i) { run(*states[i], plan.part(first + i, row, last)); });
    },
    static_cast<double>(first) / all, static_cast<double>(first + count) / all);
  if (done < store.rows()) return first;
  executor.bulk(count, [&](std::size_t i) {
   end(first + i, *states[i]);
   states[i].reset();
  });
 }
 return plan.tasks();
}

}}}

#endif

// ---- hint/search/histograms.hpp
#ifndef HINT_SEARCH_HISTOGRAMS_HPP
#define HINT_SEARCH_HISTOGRAMS_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// Counts of small numbers, a histogram with a bin for each: of the distances of a ranking, say.
class bin_counts {
 public:
 /// For the numbers 0 .. bins - 1.
 explicit bin_counts(std::size_t bins) : bins_(bins), counts_(4 * bins) {}

 /// Counts every number of a list; unchecked.
 void add(std::span<const std::uint16_t> list) noexcept {
  std::uint32_t *t0 = counts_.data(), *t1 = t0 + bins_, *t2 = t1 + bins_, *t3 = t2 + bins_;
  std::size_t i = 0;
  for (; i + 4 <= list.size(); i += 4)
   ++t0[list[i]], ++t1[list[i + 1]], ++t2[list[i + 2]], ++t3[list[i + 3]];
  for (; i < list.size(); ++i) ++t0[list[i]];
 }
 /// Counts 2 list[i] + marks[i] for marks of 0 and 1 and numbers below 2^15; unchecked.
 void add(std::span<const std::uint16_t> list, std::span<const std::uint8_t> marks) noexcept {
  std::uint32_t *t0 = counts_.data(), *t1 = t0 + bins_, *t2 = t1 + bins_, *t3 = t2 + bins_;
  std::size_t i = 0;
  if constexpr (std::endian::native == std::endian::little) {
   for (; i + 4 <= list.size(); i += 4) {
    std::uint64_t four = 0, m = 0;
    std::memcpy(&four, list.data() + i, 8);
    std::memcpy(&m, marks.data() + i, 4);
    m = (m | m << 16) & 0x0000ffff0000ffffULL;
    four = 2 * four + ((m | m << 8) & 0x00ff00ff00ff00ffULL);
    ++t0[four & 0xffff], ++t1[four >> 16 & 0xffff], ++t2[four >> 32 & 0xffff], ++t3[four >> 48];
   }
  }
  for (; i < list.size(); ++i) ++t0[2U * list[i] + marks[i]];
 }
 void add(std::uint16_t number) noexcept { ++counts_[number]; }
 /// Adds the counts of the first out.size() bins to `out` and begins anew.
 void move_to(std::span<std::uint64_t> out) noexcept {
  for (std::size_t t = 0; t < 4; ++t)
   for (std::size_t bin = 0; bin < out.size(); ++bin) out[bin] += counts_[t * bins_ + bin];
  std::fill(counts_.begin(), counts_.end(), 0U);
 }

 private:
 std::size_t bins_;
 std::vector<std::uint32_t> counts_;
};

/// One histogram per query.
class distance_histograms {
 public:
 distance_histograms(std::size_t queries, std::size_t bits)
   : distances_(bits + 1), counts_(queries * distances_) {}
 /// The number of queries.
 [[nodiscard]] std::size_t size() const noexcept { return counts_.size() / distances_; }
 /// Items at distance 0, 1, ..., bits, unchecked.
 [[nodiscard]] std::span<const std::uint64_t> operator[](std::size_t query) const noexcept {
  return std::span(counts_).subspan(query * distances_, distances_);
 }
 [[nodiscard]] std::span<std::uint64_t> operator[](std::size_t query) noexcept {
  return std::span(counts_).subspan(query * distances_, distances_);
 }
 /// Drops those of all but the first queries.
 void keep_first(std::size_t queries) { counts_.resize(queries * distances_); }
 [[nodiscard]] friend bool operator==(const distance_histograms&,
                    const distance_histograms&) = default;

 private:
 std::size_t distances_;
 std::vector<std::uint64_t> counts_;
};

namespace detail {

HINT_LAZY
[[nodiscard]] distance_histograms count_distances(const code_store& store, const code_view& queries,
                         const context& ctx) {
 constexpr std::size_t tile = 1024;
 watched_phase phase(ctx.observer, "histograms");
 const scan_plan plan = plan_for(phase, queries.size(), store, ctx.executor);
 std::vector<distance_histograms> found(plan.row_parts(),
                     distance_histograms(queries.size(), store.bits()));
 struct scratch {
  bin_counts counts;
  std::vector<std::uint16_t> distances;
 };
 const std::size_t done = run_in_rounds(
   phase, plan, store, ctx.executor,
   [&](const scan_part&) {
    return scratch{bin_counts(64 * store.words() + 1),
            std::vector<std::uint16_t>(tile * block_codes)};
   },
   [&](scratch& mine, const scan_part& part) {
    for_block_runs(
      store, part.first, part.last, tile, [&](std::size_t c, std::size_t b, std::size_t end) {
       const code_chunk& chunk = store.chunk(c);
       const code_layout& layout = chunk.layout();
       const std::size_t first = b * block_codes;
       const std::size_t rows = (std::min)(end * block_codes, chunk.rows()) - first;
       for (std::size_t q = part.begin; q < part.end; ++q) {
        kernels_for(layout).distances(chunk.blocks() + b * layout.bytes(), layout.length(),
                       end - b, queries[q].data(), mine.distances.data());
        if (store.removed() == 0) {
         mine.counts.add(std::span(mine.distances).first(rows));
        } else {
         for (std::size_t i = 0; i < rows; ++i)
          if (store.live(store.first_row(c) + first + i))
           mine.counts.add(mine.distances[i]);
        }
        mine.counts.move_to(found[part.row_part][q]);
       }
      });
   },
   [](std::size_t, scratch&) {});
 for (std::size_t p = 1; p < found.size(); ++p)
  for (std::size_t q = 0; q < queries.size(); ++q)
   for (std::size_t d = 0; d <= store.bits(); ++d) found[0][q][d] += found[p][q][d];
 if (done < plan.tasks()) found.front().keep_first(plan.part(done).begin);
 phase.end();
 return std::move(found.front());
}

}

}}}

#endif

// ---- hint/search/ids.hpp
#ifndef HINT_SEARCH_IDS_HPP
#define HINT_SEARCH_IDS_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// Anything that a range-based for takes and that gives integers: a vector, a span, a view.
template <class R>
concept id_range = requires(const R& r) {
 { *std::begin(r) } -> std::convertible_to<std::int64_t>;
 requires std::integral<std::remove_cvref_t<decltype(*std::begin(r))>>;
 std::end(r);
};

namespace detail {

class id_span {
 public:
 explicit id_span(std::span<const std::int64_t> ids) noexcept : ids_(ids) {}
 explicit id_span(std::vector<std::int64_t> ids) noexcept : own_(std::move(ids)), ids_(own_) {}
 id_span(const id_span&) = delete;
 id_span& operator=(const id_span&) = delete;
 operator std::span<const std::int64_t>() const noexcept { return ids_; }

 private:
 std::vector<std::int64_t> own_;
 std::span<const std::int64_t> ids_;
};

template <id_range Ids>
[[nodiscard]] id_span as_ids(const Ids& ids, std::string_view owner, std::string_view function) {
 if constexpr (std::convertible_to<const Ids&, std::span<const std::int64_t>>) {
  return id_span(std::span<const std::int64_t>(ids));
 } else {
  std::vector<std::int64_t> own;
  for (const auto id : ids) {
   expects(std::cmp_less_equal(id, (std::numeric_limits<std::int64_t>::max)()), owner, function,
       ": id ", id, " does not fit 63 bits");
   own.push_back(static_cast<std::int64_t>(id));
  }
  return id_span(std::move(own));
 }
}

}

}}}

#endif

// ---- hint/search/nearest_within.hpp
#ifndef HINT_SEARCH_NEAREST_WITHIN_HPP
#define HINT_SEARCH_NEAREST_WITHIN_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// What a search is to find: the k nearest, but none beyond the radius.
struct nearest_within {
 std::size_t k = 0;
 std::size_t radius = 0;  ///< a distance, itself included
};

}}}

#endif

// ---- hint/search/store/store_append.hpp
#ifndef HINT_SEARCH_STORE_STORE_APPEND_HPP
#define HINT_SEARCH_STORE_STORE_APPEND_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

HINT_LAZY
[[nodiscard]] code_set codes_of(const code_store& store) {
 code_set codes(store.bits(), store.size());
 std::size_t next = 0;
 store.for_live(
   [&](std::size_t, const code_chunk& chunk, std::size_t i) { chunk.code(i, codes[next++]); });
 return codes;
}

HINT_LAZY
void append_store(code_store& store, const code_store& other, duplicates policy) {
 const bool numbered = other.numbered();
 const std::int64_t largest = other.largest();
 store.add(codes_of(other), std::span<const std::int64_t>(other.ids()), policy);
 if (numbered) store.note_largest(largest);
}
HINT_LAZY
[[nodiscard]] std::int64_t append_store_renumbered(code_store& store, const code_store& other) {
 const std::int64_t first = id_after(store.largest());
 store.add(codes_of(other));
 return first;
}

}}}

#endif

// ---- hint/search/store/store_archive.hpp
#ifndef HINT_SEARCH_STORE_STORE_ARCHIVE_HPP
#define HINT_SEARCH_STORE_STORE_ARCHIVE_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

enum class where : std::uint8_t { memory, file };

template <class Writer>
void write_store(Writer& archive, const code_store& store,
         std::optional<std::int64_t> first = std::nullopt) {
 const code_layout layout = code_layout::best(store.bits());
 const std::size_t rows = store.size();
 const auto fill = [&](std::uint64_t* blocks) {
  std::vector<std::uint64_t> code(store.words());
  std::size_t row = 0;
  store.for_live([&](std::size_t, const code_chunk& chunk, std::size_t i) {
   chunk.code(i, code);
   layout.put(code_view(code, 64 * code.size()), row++, blocks);
  });
 };
 archive.meta("bits", store.bits());
 archive.meta("rows", rows);
 if (!first && store.numbered()) archive.meta("largest_id", store.largest());
 if (first && rows > 0) archive.meta("largest_id", *first + static_cast<std::int64_t>(rows - 1));
 archive.meta("ids_ascend", first || store.ascending());
 if (layout.in_planes()) {
  aligned_buffer<std::uint8_t> planes(8 * layout.room(rows));
  fill(reinterpret_cast<std::uint64_t*>(planes.data()));
  archive.array("planes", std::move(planes), layout.padded(rows) / plane_codes,
         plane_codes * layout.length());
  archive.needs_version(short_format);
 } else {
  aligned_buffer<std::uint64_t> blocks(layout.room(rows));
  fill(blocks.data());
  archive.array("blocks", std::move(blocks), layout.padded(rows) / block_codes,
         block_codes * layout.length());
 }
 write_ids(archive, rows, [&](auto&& f) {
  if (first)
   for (std::size_t i = 0; i < rows; ++i) f(*first + static_cast<std::int64_t>(i));
  else
   store.for_live(
     [&](std::size_t, const code_chunk& chunk, std::size_t i) { f(chunk.ids()[i]); });
 });
}

struct stored_codes {
 code_layout layout;
 const std::uint64_t* blocks;
};
template <class Reader>
[[nodiscard]] stored_codes read_codes(const Reader& archive, std::size_t bits, std::size_t rows) {
 const bool in_planes = archive.has_array("planes");
 const code_layout layout = in_planes ? code_layout::best(bits) : code_layout::by_words(bits);
 archive.require(layout.in_planes() == in_planes, "codes of ", bits,
         " bits are in array 'planes', expected 'blocks'");
 const char* const name = in_planes ? "planes" : "blocks";
 const std::uint64_t* blocks = nullptr;
 if (in_planes)
  blocks =
    reinterpret_cast<const std::uint64_t*>(archive.template array<std::uint8_t>(name).data());
 else
  blocks = archive.template array<std::uint64_t>(name).data();
 const std::size_t together = in_planes ? layout.group() : block_codes;
 const std::size_t expected =
   (rows / layout.group() + (rows % layout.group() != 0 ? 1 : 0)) * (layout.group() / together);
 archive.require(
   archive.rows(name) == expected && archive.cols(name) == together * layout.length(), "array '",
   name, "' is ", archive.rows(name), " x ", archive.cols(name), ", expected ", expected, " x ",
   together * layout.length(), " for ", rows, " codes of ", bits, " bits");
 return {layout, blocks};
}

template <class Reader>
[[nodiscard]] std::size_t stored_bits(std::span<const Reader> sections, std::string_view type) {
 expects(!sections.empty(), type, ": no archive to read from");
 std::size_t bits = 0;
 for (const Reader& archive : sections) {
  const std::string found(archive.meta("type"));
  archive.require(found == type, "type is '", found, "', expected '", type, "'");
  const auto mine = archive.template number<std::size_t>("bits");
  archive.require(mine >= 1 && mine <= max_bits, "bits is ", mine, ", expected 1 to ", max_bits);
  archive.require(bits == 0 || bits == mine, "codes have ", mine, " bits, those before ", bits);
  bits = mine;
 }
 return bits;
}

template <class Reader>
void read_store(const Reader& archive, code_store& store, where place) {
 const auto rows = archive.template number<std::size_t>("rows");
 const auto [ids, ascend] = stored_ids(archive);
 const auto [layout, blocks] = read_codes(archive, store.bits(), rows);
 try {
  if (place == where::file) {
   store.add_mapped(layout, blocks, ids, ascend, std::make_shared<Reader>(archive));
  } else {
   constexpr std::size_t portion = 4096;
   code_set codes(store.bits());
   for (std::size_t first = 0; first < rows; first += portion) {
    codes.resize((std::min)(portion, rows - first));
    for (std::size_t i = 0; i < codes.size(); ++i) layout.get(blocks, first + i, codes[i]);
    store.add(codes, ids.subspan(first, codes.size()), duplicates::refuse);
   }
  }
 } catch (const invalid_argument& e) {
  archive.require(false, e.what());
 }
 if (archive.has("largest_id"))
  store.note_largest(archive.template number<std::int64_t>("largest_id"));
}

}}}

#endif

// ---- hint/search/index_interface.hpp
#ifndef HINT_SEARCH_INDEX_INTERFACE_HPP
#define HINT_SEARCH_INDEX_INTERFACE_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// All that users call of an index of the library's, such as `Index`.
template <class Index, class Engine>
class index_interface {
 public:
 /// `io::index_kind`, what the archive format calls an index (io/archive_format.hpp).
 static constexpr std::uint32_t archive_kind = 3;

 [[nodiscard]] std::size_t bits() const noexcept { return store().bits(); }
 [[nodiscard]] std::size_t size() const noexcept { return store().size(); }
 [[nodiscard]] bool empty() const noexcept { return size() == 0; }
 /// O(log n) when ids came in ascending order; else expected O(1), after O(n) and some 32 bytes an
 /// id once, which all copies share until they change.
 [[nodiscard]] bool contains(std::int64_t id) const noexcept {
  return store().find(id) != detail::code_store::not_found;
 }
 /// A copy of the code of an id.
 [[nodiscard]] code_set code(std::int64_t id) const {
  const std::size_t row = store().find(id);
  expects(row != detail::code_store::not_found, Index::name, "::code: no id ", id);
  code_set out(bits(), 1);
  store().code(row, out[0]);
  return out;
 }
 /// All ids, in the order of adding.
 [[nodiscard]] std::vector<std::int64_t> ids() const { return store().ids(); }
 /// The codes as they are kept, of an inner type: to be handed to `rank_ties` and `rank_by_score`.
 [[nodiscard]] const detail::code_store& store() const noexcept { return engine_.store(); }

 /// Adds codes under the ids that follow the largest so far: 0, 1, ... in a new index.
 void add(const code_view& codes, const context& ctx = {}) {
  engine_.store().add(codes);
  engine_.refresh(ctx);
 }
 /// Adds codes under ids of one's own, a range of any integers.
 template <id_range Ids>
 void add(const code_view& codes, const Ids& ids, duplicates policy = duplicates::refuse,
      const context& ctx = {}) {
  engine_.store().add(codes, detail::as_ids(ids, Index::name, "::add"), policy);
  engine_.refresh(ctx);
 }
 void add(const code_view& codes, std::initializer_list<std::int64_t> ids,
      duplicates policy = duplicates::refuse, const context& ctx = {}) {
  add(codes, std::span(ids.begin(), ids.size()), policy, ctx);
 }
 /// Adds the codes of another index of the library's, of any kind, under their ids; running ids
 /// then follow the largest ever in either.
 template <class Other, class OtherEngine>
 void add(const index_interface<Other, OtherEngine>& other, duplicates policy = duplicates::refuse,
      const context& ctx = {}) {
  detail::append_store(engine_.store(), other.store(), policy);
  engine_.refresh(ctx);
 }
 /// The same under the ids that follow the largest so far, in the other's order of adding.
 template <class Other, class OtherEngine>
 std::int64_t add_renumbered(const index_interface<Other, OtherEngine>& other,
               const context& ctx = {}) {
  const std::int64_t first = detail::append_store_renumbered(engine_.store(), other.store());
  engine_.refresh(ctx);
  return first;
 }
 /// Removes the codes of these ids, those that are there; returns how many that were.
 template <id_range Ids>
 std::size_t remove(const Ids& ids, const context& ctx = {}) {
  const std::size_t count = engine_.store().remove(detail::as_ids(ids, Index::name, "::remove"));
  engine_.refresh(ctx);
  return count;
 }
 std::size_t remove(std::initializer_list<std::int64_t> ids, const context& ctx = {}) {
  return remove(std::span(ids.begin(), ids.size()), ctx);
 }

 /// For every query the min(k, accepted) nearest accepted items by ascending (distance, id).
 template <search_filter Filter = accept_all>
 [[nodiscard]] hits search(const code_view& queries, std::size_t k, const Filter& filter = {},
              const context& ctx = {}) const {
  expects_codes(Index::name, "::search", "queries", queries, bits());
  return engine_.nearest(queries, k, filter, ctx);
 }
 /// The same, of what is no farther than a radius.
 template <search_filter Filter = accept_all>
 [[nodiscard]] hits search(const code_view& queries, const nearest_within& wanted,
              const Filter& filter = {}, const context& ctx = {}) const {
  expects_codes(Index::name, "::search", "queries", queries, bits());
  return engine_.nearest(queries, wanted.k, filter, ctx, wanted.radius);
 }
 /// For every query all accepted items with distance <= radius by ascending (distance, id).
 template <search_filter Filter = accept_all>
 [[nodiscard]] hits search_radius(const code_view& queries, std::size_t radius,
                  const Filter& filter = {}, const context& ctx = {}) const {
  expects_codes(Index::name, "::search_radius", "queries", queries, bits());
  return engine_.within(queries, radius, filter, ctx);
 }
 /// The same with a radius for each query.
 template <search_filter Filter = accept_all>
 [[nodiscard]] hits search_radius(const code_view& queries, std::span<const std::size_t> radii,
                  const Filter& filter = {}, const context& ctx = {}) const {
  expects_codes(Index::name, "::search_radius", "queries", queries, bits());
  expects<shape_error>(radii.size() == queries.size(), Index::name,
             "::search_radius: ", radii.size(), " radii for ", queries.size(),
             " queries");
  return engine_.within(queries, radii, filter, ctx);
 }
 /// For every query how many items are at each distance.
 [[nodiscard]] distance_histograms histograms(const code_view& queries,
                        const context& ctx = {}) const {
  expects_codes(Index::name, "::histograms", "queries", queries, bits());
  return detail::count_distances(store(), queries, ctx);
 }

 /// Writes the index to an archive (see io/archive.hpp): its codes and ids; whatever else it has is
 /// built again by `read`.
 template <class Writer>
 void write(Writer& archive) const {
  archive.meta("type", Index::name);
  self().describe(archive);
  detail::write_store(archive, store());
 }
 /// As `write`, with ids that follow the largest ever in these sections of a file, in the order of
 /// adding; returns the first.
 template <class Writer, class Reader>
 std::int64_t write_renumbered(Writer& archive, std::span<const Reader> sections) const {
  static_cast<void>(detail::stored_bits(sections, Index::name));
  const std::int64_t first = detail::id_to_follow(sections, Index::name, size());
  archive.meta("type", Index::name);
  self().describe(archive);
  detail::write_store(archive, store(), first);
  return first;
 }
 /// Throws `invalid_argument` when these sections of a file have one of the index's ids.
 template <class Reader>
 void expects_new_to(std::span<const Reader> sections) const {
  detail::expects_ids_new(ids(), sections);
 }
 /// Reads what `write` wrote, from one archive or from several after one another in a file.
 template <class Reader>
 [[nodiscard]] static Index read(std::span<const Reader> sections) {
  return from(sections, detail::where::memory);
 }

 protected:
 explicit index_interface(Engine engine) : engine_(std::move(engine)) {}

 template <class Reader>
 [[nodiscard]] static Index from(std::span<const Reader> sections, detail::where place) {
  Index index = Index::made_for(detail::stored_bits(sections, Index::name), sections.front());
  Engine& engine = index.engine_;
  if (place == detail::where::file && sections.front().verified())
   detail::expects_ids_differ(sections, Index::name);
  for (const Reader& archive : sections) detail::read_store(archive, engine.store(), place);
  engine.refresh();
  return index;
 }
 /// Writes what an archive has besides the type and the codes.
 template <class Writer>
 void describe(Writer&) const {}
 /// An empty index with what `describe` wrote.
 template <class Reader>
 [[nodiscard]] static Index made_for(std::size_t bits, const Reader&) {
  return Index(bits);
 }

 Engine engine_;

 private:
 [[nodiscard]] const Index& self() const noexcept { return static_cast<const Index&>(*this); }
};

}}}

#endif

// ---- hint/search/hamming.hpp
#ifndef HINT_SEARCH_HAMMING_HPP
#define HINT_SEARCH_HAMMING_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// The instruction set that searches use: "avx512", "avx2", "popcnt", "neon" or "portable".
[[nodiscard]] inline std::string_view instruction_set() { return detail::kernels().name; }

/// Those that this machine has, the fastest first, "portable" last.
HINT_LAZY
[[nodiscard]] std::vector<std::string_view> instruction_sets() {
 std::vector<std::string_view> names;
 for (const detail::kernel_set* k : detail::usable_kernels()) names.push_back(k->name);
 return names;
}

/// Makes all searches of this program that begin from now on use an instruction set: to measure
/// what machines without the fastest would take, or to test all of them on one.
HINT_LAZY
void force_instruction_set(std::string_view name) {
 detail::kernels_in_use() = &detail::kernels_named("force_instruction_set", name);
}

/// The number of differing bits of two codes of the same number of words.
[[nodiscard]] inline std::uint32_t hamming_distance(std::span<const std::uint64_t> a,
                          std::span<const std::uint64_t> b) noexcept {
 int sum = 0;
 for (std::size_t w = 0; w < a.size(); ++w) sum += std::popcount(a[w] ^ b[w]);
 return static_cast<std::uint32_t>(sum);
}

namespace detail {

template <std::size_t Words>
void distances_to_run(const std::uint64_t* query, const std::uint64_t* codes, std::size_t count,
           std::size_t words, std::uint32_t* out) noexcept {
 if constexpr (Words != 0) words = Words;
 for (std::size_t i = 0; i < count; ++i, codes += words) {
  std::uint32_t sum = 0;
  for (std::size_t w = 0; w < words; ++w) sum += count_bits(query[w] ^ codes[w]);
  out[i] = sum;
 }
}

}

/// out[i] = distance of `query` to codes[i], for out.size() == codes.size() and a query of
/// codes.words_per_code() words, both unchecked.
inline void hamming_distances(std::span<const std::uint64_t> query, const code_view& codes,
               std::span<std::uint32_t> out) noexcept {
 const std::size_t words = codes.words_per_code();
 const auto kernel = words == 1   ? &detail::distances_to_run<1>
           : words == 2 ? &detail::distances_to_run<2>
           : words == 4 ? &detail::distances_to_run<4>
                  : &detail::distances_to_run<0>;
 kernel(query.data(), codes.data(), codes.size(), words, out.data());
}

/// out[i] = 1 if rows[i] and `mask` have a bit in common, else 0: which items have one of a query's
/// labels.
inline void mark_common_bits(std::span<const std::uint64_t> rows, std::uint64_t mask,
               std::span<std::uint8_t> out) {
 detail::kernels().any_common(rows.data(), rows.size(), mask, out.data());
}

/// A copy of codes in the layout of the scan kernels (words of eight codes side by side, one for
/// each lane of a vector register), for whoever wants the distances of all of them from many
/// queries: the kernels of `instruction_set()` take several distances at once.
class code_blocks {
 public:
 /// O(codes * words) time and memory.
 explicit code_blocks(const code_view& codes)
   : size_(codes.size()), blocks_(detail::block_words(codes.words_per_code(), size_)) {
  expects(codes.bits() <= max_bits, "code_blocks: codes have ", codes.bits(),
      " bits, expected 1 to ", max_bits);
  const detail::kernel_set& kernels = detail::kernels();
  const std::size_t words = codes.words_per_code();
  detail::put_in_blocks(codes, 0, blocks_.data());
  distances_ = kernels.distances;
  if (!kernels.arranges(words)) return;
  const std::size_t group = detail::group_codes * words;
  std::vector<std::uint64_t> one(group);
  for (auto at = blocks_.begin(); at != blocks_.end(); at += static_cast<std::ptrdiff_t>(group)) {
   std::copy_n(at, group, one.begin());
   kernels.arrange(one.data(), words, detail::group_codes / detail::block_codes, &*at);
  }
  distances_ = kernels.distances_arranged;
  four_distances_ = kernels.four_distances_arranged;
 }

 /// Codes.
 [[nodiscard]] std::size_t size() const noexcept { return size_; }
 /// How many distances are written for `rows` codes: `rows` rounded up to a multiple of 32.
 [[nodiscard]] static constexpr std::size_t padded(std::size_t rows) noexcept {
  return detail::padded_rows(rows);
 }
 /// out[i] = distance of `query` to code first + i; for those past the last code anything.
 void distances(std::span<const std::uint64_t> query, std::size_t first,
         std::span<std::uint16_t> out) const noexcept {
  distances_(blocks_.data() + first * query.size(), query.size(),
        out.size() / detail::block_codes, query.data(), out.data());
 }
 /// The same of up to four queries, together where that is faster: those of queries[q] go to out[q
 /// * stride + i] for i < rows.
 void distances(const code_view& queries, std::size_t first, std::size_t rows,
         std::span<std::uint16_t> out, std::size_t stride) const {
  const std::size_t words = queries.words_per_code();
  if (queries.size() == 4 && four_distances_ != nullptr) {
   std::array<std::uint64_t, 4 * words_for(max_bits)> four;
   for (std::size_t q = 0; q < 4; ++q)
    for (std::size_t w = 0; w < words; ++w) four[4 * w + q] = queries[q][w];
   four_distances_(blocks_.data() + first * words, words, rows / detail::block_codes,
           four.data(), out.data(), stride);
   return;
  }
  for (std::size_t q = 0; q < queries.size(); ++q)
   distances(queries[q], first, out.subspan(q * stride, rows));
 }

 private:
 detail::distances_kernel distances_;
 detail::four_distances_kernel four_distances_ = nullptr;
 std::size_t size_;
 aligned_buffer<std::uint64_t> blocks_;
};

}}}

#endif

// ---- hint/search/multi_index/coarse_centroids.hpp
#ifndef HINT_SEARCH_MULTI_INDEX_COARSE_CENTROIDS_HPP
#define HINT_SEARCH_MULTI_INDEX_COARSE_CENTROIDS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class coarse_centroids {
 public:
 explicit coarse_centroids(const code_view& centroids) : blocks_(centroids) {}
 [[nodiscard]] std::size_t size() const noexcept { return blocks_.size(); }
 void distances(std::span<const std::uint64_t> code, std::vector<std::uint16_t>& out) const {
  out.resize(code_blocks::padded(size()));
  blocks_.distances(code, 0, out);
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(size()), out.end(), farthest);
 }
 [[nodiscard]] static std::size_t nearest(std::span<const std::uint16_t> distances) noexcept {
#if defined(__GNUC__) || defined(__clang__)
  using s16x8 = std::int16_t __attribute__((vector_size(16)));
  std::uint16_t best = (std::numeric_limits<std::int16_t>::max)();
  std::size_t first = 0;
  for (std::size_t i = 0; i < distances.size(); i += group_codes) {
   s16x8 v[4];
   std::memcpy(v, distances.data() + i, sizeof v);
   v[0] = v[0] < v[1] ? v[0] : v[1];
   v[2] = v[2] < v[3] ? v[2] : v[3];
   v[0] = v[0] < v[2] ? v[0] : v[2];
   const s16x8 below = v[0] < static_cast<std::int16_t>(best);
   std::uint64_t any[2];
   std::memcpy(any, &below, sizeof any);
   if ((any[0] | any[1]) == 0) continue;
   for (int j = 0; j < 8; ++j) best = (std::min)(best, static_cast<std::uint16_t>(v[0][j]));
   first = i;
  }
  distances = distances.subspan(first, group_codes);
#else
  const std::size_t first = 0;
#endif
  return first + static_cast<std::size_t>(std::min_element(distances.begin(), distances.end()) -
                      distances.begin());
 }

 private:
 static constexpr std::uint16_t farthest = (std::numeric_limits<std::int16_t>::max)();
 code_blocks blocks_;
};

HINT_LAZY
[[nodiscard]] code_set choose_centroids(const code_view& codes, std::size_t count,
                    const context& ctx = {}) {
 const random_stream random(0, stream_id("cells"));
 const code_blocks blocks(codes);
 std::vector<std::uint16_t> found(code_blocks::padded(codes.size())), least(codes.size(), 0x7fff);
 std::vector<std::uint64_t> luck(codes.size());
 for (std::size_t i = 0; i < luck.size(); ++i) luck[i] = random.below(i, 1 << 14);
 code_set centroids(codes.bits());
 watched_phase phase(ctx.observer, "centroids");
 std::size_t next = 0;
 bool everywhere = false;
 phase.in_parts(
   count, 16,
   [&](std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end && !everywhere; ++c) {
     centroids.append(codes.slice(next, 1));
     blocks.distances(codes[next], 0, found);
     std::uint64_t highest = 0;
     for (std::size_t i = 0; i < codes.size(); ++i) {
      least[i] = (std::min)(least[i], found[i]);
      const std::uint64_t d = least[i];
      const std::uint64_t score = d * d * d * luck[(i + c * 977) % codes.size()];
      if (score > highest) highest = score, next = i;
     }
     everywhere = highest == 0;
    }
   },
   0, 0.5);
 for (int round = 0; round < 2 && !phase.stopped(); ++round) {
  const coarse_centroids nearest_to(centroids);
  std::vector<std::int32_t> balance(centroids.size() * codes.bits(), 0);
  std::vector<std::size_t> nearest(codes.size());
  phase.in_chunks(
    ctx.executor, codes.size(), 256,
    [&](std::size_t begin, std::size_t end) {
     std::vector<std::uint16_t> distances;
     for (std::size_t i = begin; i < end; ++i) {
      nearest_to.distances(codes[i], distances);
      nearest[i] = coarse_centroids::nearest(distances);
     }
    },
    0.5, 1);
  phase.in_parts(
    codes.size(), 256,
    [&](std::size_t begin, std::size_t end) {
     for (std::size_t i = begin; i < end; ++i) {
      std::int32_t* mine = balance.data() + nearest[i] * codes.bits();
      for (std::size_t j = 0; j < codes.bits(); ++j) mine[j] += codes.bit(i, j) ? 1 : -1;
     }
    },
    0.5, 1);
  for (std::size_t c = 0; c < centroids.size(); ++c)
   for (std::size_t j = 0; j < codes.bits(); ++j)
    if (const std::int32_t b = balance[c * codes.bits() + j]; b != 0)
     centroids.set_bit(c, j, b > 0);
 }
 return centroids;
}

}}}

#endif

// ---- hint/search/multi_index/inverted_lists.hpp
#ifndef HINT_SEARCH_MULTI_INDEX_INVERTED_LISTS_HPP
#define HINT_SEARCH_MULTI_INDEX_INVERTED_LISTS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class inverted_lists {
 public:
 struct list {
  std::size_t first;  ///< place of the first code, a multiple of group_codes
  std::size_t size;
  std::uint16_t least;  ///< distances to the centroid
  std::uint16_t most;
 };

 HINT_LAZY
 inverted_lists(const code_store& store, std::size_t rows, const code_view& centroids,
         const context& ctx = {})
   : centroids_(centroids), words_(store.words()), row_count_(rows), lists_(centroids.size()) {
  watched_phase phase(ctx.observer, "lists");
  constexpr std::size_t chunk = 1024;
  constexpr std::size_t least = std::size_t{1} << 18;
  const std::size_t distances = 64 * words_ + 1;
  std::vector<std::uint32_t> starts(lists_.size() * distances + 1, 0), keys(rows, none);
  phase.in_chunks(
    ctx.executor, rows, chunk,
    [&](std::size_t begin, std::size_t end) {
     std::vector<std::uint16_t> found;
     std::vector<std::uint64_t> code(words_);
     store.for_live(begin, end, [&](std::size_t row, const code_chunk& from, std::size_t i) {
      from.code(i, code);
      centroids_.distances(code, found);
      const std::size_t nearest = coarse_centroids::nearest(found);
      keys[row] = static_cast<std::uint32_t>(nearest * distances + found[nearest]);
     });
    },
    0, 0.8);
  phase.in_parts(
    rows, least,
    [&](std::size_t begin, std::size_t end) {
     for (std::size_t row = begin; row < end; ++row)
      if (keys[row] != none) ++starts[keys[row]];
    },
    0.8, 0.85);
  if (phase.stopped()) return;
  std::size_t places = 0;
  for (std::size_t c = 0; c < lists_.size(); ++c) {
   lists_[c].first = places;
   for (std::size_t d = 0; d < distances; ++d) {
    const std::uint32_t count =
      std::exchange(starts[c * distances + d],
             static_cast<std::uint32_t>(lists_[c].first + lists_[c].size));
    lists_[c].size += count;
   }
   places += padded_rows(lists_[c].size);
  }
  blocks_.resize(places * words_);
  rows_.resize(places, none);
  distances_.resize(places);
  phase.in_parts(
    rows, least,
    [&](std::size_t begin, std::size_t end) {
     for (std::size_t row = begin; row < end; ++row) {
      if (keys[row] == none) continue;
      const std::uint32_t place = starts[keys[row]]++;
      rows_[place] = static_cast<std::uint32_t>(row);
      distances_[place] = static_cast<std::uint16_t>(keys[row] % distances);
      keys[row] = place;
     }
    },
    0.85, 0.9);
  phase.in_chunks(
    ctx.executor, rows, chunk,
    [&](std::size_t begin, std::size_t end) {
     std::vector<std::uint64_t> code(words_);
     store.for_live(begin, end, [&](std::size_t row, const code_chunk& from, std::size_t i) {
      from.code(i, code);
      put_in_blocks(code_view(code, 64 * words_), keys[row], blocks_.data());
     });
    },
    0.9, 1);
  for (list& x : lists_) {
   if (x.size == 0) continue;
   x.least = distances_[x.first];
   x.most = distances_[x.first + x.size - 1];
  }
 }

 static constexpr std::uint32_t none = (std::numeric_limits<std::uint32_t>::max)();
 [[nodiscard]] std::size_t size() const noexcept { return lists_.size(); }
 [[nodiscard]] std::size_t rows() const noexcept { return row_count_; }
 [[nodiscard]] std::size_t words() const noexcept { return words_; }
 [[nodiscard]] const coarse_centroids& centroids() const noexcept { return centroids_; }
 [[nodiscard]] const list& operator[](std::size_t c) const noexcept { return lists_[c]; }
 HINT_LAZY
 [[nodiscard]] std::size_t within_reach(const std::uint64_t* query, std::uint32_t limit,
                     std::size_t each = 0) const {
  std::vector<std::uint16_t> found;
  centroids_.distances({query, words_}, found);
  std::size_t sum = 0;
  for (std::size_t c = 0; c < lists_.size(); ++c) {
   std::size_t count = 0;
   for (const std::uint16_t d : distances(lists_[c]))
    count += found[c] < d + limit && d < found[c] + limit ? 1U : 0U;
   if (count > 0) sum += count + each;
  }
  return sum;
 }
 [[nodiscard]] const std::uint64_t* blocks() const noexcept { return blocks_.data(); }
 [[nodiscard]] std::uint32_t row(std::size_t place) const noexcept { return rows_[place]; }
 [[nodiscard]] std::span<const std::uint16_t> distances(const list& c) const noexcept {
  return std::span(distances_).subspan(c.first, c.size);
 }

 private:
 coarse_centroids centroids_;
 std::size_t words_;
 std::size_t row_count_;
 std::vector<list> lists_;
 aligned_buffer<std::uint64_t> blocks_;
 std::vector<std::uint32_t> rows_;
 std::vector<std::uint16_t> distances_;
};

class list_search {
 public:
 static constexpr std::size_t overhead = 256;

 explicit list_search(const inverted_lists& lists) : lists_(lists) {}

 template <class Collector>
 [[nodiscard]] bool operator()(const std::uint64_t* query, Collector&& c, std::size_t most) {
  lists_.centroids().distances({query, lists_.words()}, distances_);
  todo_.clear();
  const std::size_t nearest = coarse_centroids::nearest(distances_);
  std::size_t looked_at = look_at(query, c, nearest);
  for (std::size_t i = 0; i < lists_.size(); ++i)
   if (i != nearest && reaches(i, c.limit()))
    todo_.push_back({distances_[i], static_cast<std::uint32_t>(i)});
  if (c.limit() <= 64 * lists_.words() && ahead(c.limit()) / 4 > most) return false;
  std::make_heap(todo_.begin(), todo_.end(), later{});
  for (std::size_t next_check = most / 16; !todo_.empty(); todo_.pop_back()) {
   if (looked_at > next_check) {
    const std::size_t left = ahead(c.limit());
    if (left > most) return false;
    next_check = looked_at + (std::max)(left / 2, most / 16);
   }
   std::pop_heap(todo_.begin(), todo_.end(), later{});
   if (reaches(todo_.back().list, c.limit())) looked_at += look_at(query, c, todo_.back().list);
  }
  return true;
 }

 private:
 struct near_list {
  std::uint16_t distance;
  std::uint32_t list;
 };
 struct later {
  [[nodiscard]] bool operator()(const near_list& a, const near_list& b) const noexcept {
   return a.distance != b.distance ? a.distance > b.distance : a.list > b.list;
  }
 };

 [[nodiscard]] bool reaches(std::size_t i, std::uint32_t limit) const noexcept {
  const std::uint32_t d = distances_[i];
  return lists_[i].size > 0 && d < lists_[i].most + limit && lists_[i].least < d + limit;
 }
 HINT_LAZY
 [[nodiscard]] std::size_t ahead(std::uint32_t limit) const noexcept {
  const std::size_t step = todo_.size() / 64 + 1;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < todo_.size(); i += step)
   if (reaches(todo_[i].list, limit)) sum += in_ring(todo_[i].list, limit).size() + overhead;
  return sum * step;
 }
 struct places {
  std::size_t first;
  std::size_t last;
  [[nodiscard]] std::size_t size() const noexcept { return last - first; }
 };
 HINT_LAZY
 [[nodiscard]] places in_ring(std::size_t i, std::uint32_t limit) const noexcept {
  const std::uint32_t d = distances_[i];
  const auto all = lists_.distances(lists_[i]);
  const auto first = std::partition_point(all.begin(), all.end(),
                      [&](std::uint32_t x) { return x + limit <= d; });
  const auto last =
    std::partition_point(first, all.end(), [&](std::uint32_t x) { return x < d + limit; });
  return {static_cast<std::size_t>(first - all.begin()),
      static_cast<std::size_t>(last - all.begin())};
 }
 template <class Collector>
 std::size_t look_at(const std::uint64_t* query, Collector&& c, std::size_t i) {
  const places ring = in_ring(i, c.limit());
  if (ring.size() == 0) return 0;
  const std::size_t first = lists_[i].first + ring.first / group_codes * group_codes;
  const std::size_t last = lists_[i].first + padded_rows(ring.last);
  const auto limits_now = [&](std::array<std::uint32_t, 4>& limits) {
   return limits[0] = c.limit();
  };
  scan_blocks(kernels().scan_one, lists_.blocks(), lists_.words(), first / block_codes,
        last / block_codes, query, limits_now, [&](const candidate& x) {
         if (const std::uint32_t row = lists_.row(x.row); row != inverted_lists::none)
          c.offer(std::uint32_t{x.distance}, row);
        });
  return last - first + overhead;
 }

 const inverted_lists& lists_;
 std::vector<std::uint16_t> distances_;
 std::vector<near_list> todo_;
};

}}}

#endif

// ---- hint/search/multi_index/substring_tables.hpp
#ifndef HINT_SEARCH_MULTI_INDEX_SUBSTRING_TABLES_HPP
#define HINT_SEARCH_MULTI_INDEX_SUBSTRING_TABLES_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

struct substring {
 std::uint32_t first;
 std::uint32_t bits;
 [[nodiscard]] friend bool operator==(const substring&, const substring&) = default;
};

HINT_LAZY
[[nodiscard]] std::vector<substring> cut_codes(std::size_t bits, std::size_t tables,
                        std::size_t widest) {
 std::vector<substring> cuts;
 const std::size_t covered = (std::min)(bits, tables * widest);
 for (std::size_t i = 0, first = 0; i < tables; ++i) {
  const std::size_t end = covered * (i + 1) / tables;
  cuts.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end - first)});
  first = end;
 }
 return cuts;
}

[[nodiscard]] inline std::uint32_t value_of(const std::uint64_t* code, substring s) noexcept {
 const std::uint32_t w = s.first / 64;
 const std::uint32_t shift = s.first % 64;
 std::uint64_t value = code[w] >> shift;
 if (shift + s.bits > 64) value |= code[w + 1] << (64 - shift);
 return static_cast<std::uint32_t>(value & ((std::uint64_t{1} << s.bits) - 1));
}

class substring_tables {
 public:
 static constexpr std::size_t most_words_inside = 2;

 HINT_LAZY
 substring_tables(const code_store& store, std::size_t rows, std::vector<substring> cuts,
          const context& ctx = {})
   : cuts_(std::move(cuts)),
    words_(store.words()),
    row_count_(rows),
    codes_(rows * store.words()),
    starts_(cuts_.size()),
    rows_(cuts_.size()),
    inside_(cuts_.size()) {
  watched_phase phase(ctx.observer, "tables");
  constexpr std::size_t least = std::size_t{1} << 16;
  std::vector<std::uint32_t> live;
  live.reserve(rows);
  phase.in_parts(
    rows, least,
    [&](std::size_t begin, std::size_t end) {
     store.for_live(begin, end, [&](std::size_t row, const code_chunk& chunk, std::size_t i) {
      chunk.code(i, std::span(codes_).subspan(row * words_, words_));
      live.push_back(static_cast<std::uint32_t>(row));
     });
    },
    0, 0.2);
  const auto for_tables = [&](auto&& f) { ctx.executor.bulk(cuts_.size(), f); };
  for_tables([&](std::size_t t) { starts_[t].assign((std::size_t{1} << cuts_[t].bits) + 1, 0); });
  phase.in_parts(
    live.size(), least,
    [&](std::size_t begin, std::size_t end) {
     for_tables([&](std::size_t t) {
      count(codes_.data(), words_, std::span(live).subspan(begin, end - begin), cuts_[t],
         starts_[t].data());
     });
    },
    0.2, 0.4);
  if (phase.stopped()) return;
  for_tables([&](std::size_t t) {
   std::uint32_t sum = 0;
   for (std::uint32_t& start : starts_[t]) sum += std::exchange(start, sum);
   rows_[t].resize(live.size());
   if (inside()) inside_[t].resize(live.size() * words_);
  });
  phase.in_parts(
    live.size(), least,
    [&](std::size_t begin, std::size_t end) {
     for_tables([&](std::size_t t) {
      place(codes_.data(), words_, std::span(live).subspan(begin, end - begin), cuts_[t],
         starts_[t].data(), rows_[t].data(), inside() ? inside_[t].data() : nullptr);
     });
    },
    0.4, 1);
  for_tables([&](std::size_t t) {
   std::copy_backward(starts_[t].begin(), starts_[t].end() - 1, starts_[t].end());
   starts_[t].front() = 0;
  });
  if (inside()) codes_ = {};
 }

 [[nodiscard]] std::size_t size() const noexcept { return cuts_.size(); }
 [[nodiscard]] std::span<const substring> cuts() const noexcept { return cuts_; }
 [[nodiscard]] std::size_t words() const noexcept { return words_; }
 [[nodiscard]] std::size_t rows() const noexcept { return row_count_; }
 [[nodiscard]] bool inside() const noexcept { return words_ <= most_words_inside; }
 [[nodiscard]] const std::uint64_t* codes() const noexcept { return codes_.data(); }
 [[nodiscard]] const std::uint64_t* codes_of(std::size_t t) const noexcept {
  return inside_[t].data();
 }
 [[nodiscard]] const std::uint32_t* starts(std::size_t t) const noexcept {
  return starts_[t].data();
 }
 [[nodiscard]] const std::uint32_t* rows_of(std::size_t t) const noexcept {
  return rows_[t].data();
 }

 private:

 HINT_LAZY
 static void count(const std::uint64_t* codes, std::size_t words,
          std::span<const std::uint32_t> some, substring cut, std::uint32_t* counts) {
  for (const std::uint32_t row : some) ++counts[value_of(codes + row * words, cut)];
 }
 HINT_LAZY
 static void place(const std::uint64_t* codes, std::size_t words,
          std::span<const std::uint32_t> some, substring cut, std::uint32_t* next,
          std::uint32_t* rows, std::uint64_t* inside) {
  for (const std::uint32_t row : some) {
   const std::uint64_t* const code = codes + row * words;
   const std::size_t at = next[value_of(code, cut)]++;
   rows[at] = row;
   if (inside == nullptr) continue;
   for (std::size_t w = 0; w < words; ++w) inside[at * words + w] = code[w];
  }
 }

 std::vector<substring> cuts_;
 std::size_t words_;
 std::size_t row_count_;
 aligned_buffer<std::uint64_t> codes_;
 std::vector<std::vector<std::uint32_t>> starts_;
 std::vector<std::vector<std::uint32_t>> rows_;
 std::vector<aligned_buffer<std::uint64_t>> inside_;
};

}}}

#endif

// ---- hint/search/multi_index/mih_plan.hpp
#ifndef HINT_SEARCH_MULTI_INDEX_MIH_PLAN_HPP
#define HINT_SEARCH_MULTI_INDEX_MIH_PLAN_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

struct search_costs {
 double lookup = 12;     ///< one value in one table
 double candidate = 8;   ///< one row found there
 double scan = 0;        ///< one query against all codes
 double batch_scan = 0;  ///< the same for one of many queries
};

class distance_profile {
 public:
 HINT_LAZY
 explicit distance_profile(std::vector<std::vector<std::uint64_t>> histograms)
   : histograms_(std::move(histograms)), mean_(histograms_.front().size()) {
  for (const auto& h : histograms_)
   for (std::size_t d = 0; d < mean_.size(); ++d)
    mean_[d] += static_cast<double>(h[d]) / static_cast<double>(histograms_.size());
 }
 [[nodiscard]] std::size_t samples() const noexcept { return histograms_.size(); }
 [[nodiscard]] std::size_t kth(std::size_t sample, std::uint64_t k) const noexcept {
  std::uint64_t within = 0;
  for (std::size_t d = 0; d + 1 < mean_.size(); ++d)
   if ((within += histograms_[sample][d]) >= k) return d;
  return mean_.size() - 1;
 }
 [[nodiscard]] std::uint64_t nearer(std::size_t sample, std::size_t limit) const noexcept {
  std::uint64_t count = 0;
  for (std::size_t d = 0; d < (std::min)(limit, mean_.size()); ++d)
   count += histograms_[sample][d];
  return count;
 }
 HINT_LAZY
 [[nodiscard]] std::vector<double> in_substring(std::size_t bits, std::size_t radius) const {
  std::vector<double> out((std::min)(bits, radius) + 1);
  const std::size_t others = mean_.size() - 1 - bits;
  for (std::size_t d = 0; d < mean_.size(); ++d) {
   if (mean_[d] == 0) continue;
   std::size_t r = d > others ? d - others : 0;
   double term = mean_[d];
   for (std::size_t i = 0; i < bits - r; ++i)
    term *= static_cast<double>(r == 0 ? mean_.size() - 1 - d - i : bits - i) /
        static_cast<double>(mean_.size() - 1 - i);
   for (; r < out.size() && r <= d; ++r) {
    out[r] += term;
    term *= static_cast<double>((bits - r) * (d - r)) /
        (static_cast<double>(r + 1) * static_cast<double>(others + r + 1 - d));
   }
  }
  return out;
 }

 private:
 std::vector<std::vector<std::uint64_t>> histograms_;
 std::vector<double> mean_;
};

struct shell {
 std::uint32_t table;
 std::uint32_t radius;
};

class mih_plan {
 public:
 static constexpr std::uint32_t never = (std::numeric_limits<std::uint32_t>::max)();
 static constexpr std::size_t radii = 17;
 static constexpr double most_values = 1 << 16;

 HINT_LAZY
 mih_plan(std::span<const substring> cuts, const distance_profile& profile,
      const search_costs& costs, double most_cost) {
  constexpr std::size_t lengths = 33;
  std::vector<double> costs_of(lengths * radii, 0);
  for (const substring& s : cuts) {
   double* const mine = costs_of.data() + s.bits * radii;
   if (mine[0] != 0) continue;
   std::fill(mine, mine + radii, (std::numeric_limits<double>::max)());
   const auto expected = profile.in_substring(s.bits, radii - 1);
   double values = 1;
   for (std::size_t r = 0; r < expected.size() && values <= most_values; ++r) {
    mine[r] = values * costs.lookup + expected[r] * costs.candidate;
    values *= static_cast<double>(s.bits - r) / static_cast<double>(r + 1);
   }
  }
  const auto cost_of = [&](std::uint32_t table, std::uint32_t radius) {
   return radius < radii ? costs_of[cuts[table].bits * radii + radius]
              : (std::numeric_limits<double>::max)();
  };
  std::vector<std::uint32_t> next(cuts.size(), 0);
  positions_.resize(cuts.size() * radii, never);
  cost_.push_back(0);
  for (;;) {
   std::uint32_t best = 0;
   for (std::uint32_t t = 1; t < cuts.size(); ++t)
    if (cost_of(t, next[t]) < cost_of(best, next[best])) best = t;
   if (cuts.empty() || cost_of(best, next[best]) == (std::numeric_limits<double>::max)()) break;
   const double sum = cost_.back() + cost_of(best, next[best]);
   if (sum > most_cost) break;
   positions_[best * radii + next[best]] = static_cast<std::uint32_t>(shells_.size());
   shells_.push_back(best * static_cast<std::uint32_t>(radii) + next[best]++);
   cost_.push_back(sum);
  }
  for (std::size_t t = 0; t < cuts.size(); ++t)
   complete_ = complete_ || next[t] == cuts[t].bits + 1;
 }

 [[nodiscard]] std::size_t size() const noexcept { return shells_.size(); }
 [[nodiscard]] shell operator[](std::size_t i) const noexcept {
  constexpr auto each = static_cast<std::uint32_t>(radii);
  return {shells_[i] / each, shells_[i] % each};
 }
 [[nodiscard]] bool complete() const noexcept { return complete_; }
 [[nodiscard]] std::uint32_t position(std::size_t table, std::size_t radius) const noexcept {
  return radius < radii ? positions_[table * radii + radius] : never;
 }
 [[nodiscard]] double cost(std::size_t shells) const noexcept {
  return shells < cost_.size() ? cost_[shells]
      : complete_           ? cost_.back()
                 : (std::numeric_limits<double>::max)();
 }

 private:
 std::vector<std::uint32_t> shells_;
 std::vector<std::uint32_t> positions_;
 std::vector<double> cost_;
 bool complete_ = false;
};

struct search_budget {
 double scan;   ///< nanoseconds that it takes to scan instead
 double trial;  ///< that may be spent in any case
 std::vector<std::uint32_t>
   limits;  ///< distances behind which such searches for stored codes ended
};

[[nodiscard]] inline bool worth_going_on(const mih_plan& plan, std::size_t done,
                     std::uint32_t limit,
                     const search_budget& budget) noexcept {
 constexpr double doubt = 0.7;
 const double spent = plan.cost(done);
 if (plan.cost(limit) - spent <= doubt * budget.scan) return true;
 for (const std::uint32_t stop : budget.limits) {
  if (stop <= done || stop >= limit || plan.cost(stop) > budget.scan / 3) continue;
  double going_on = 0, scanning = 0;
  for (const std::uint32_t end : budget.limits) {
   if (end <= done) continue;
   going_on += plan.cost((std::min)(end, stop)) - spent + (end > stop ? budget.scan : 0);
   scanning += budget.scan;
  }
  if (going_on < doubt * scanning) return true;
 }
 return false;
}

class flip_masks {
 public:
 flip_masks() = default;
 HINT_LAZY
 flip_masks(std::span<const substring> cuts, const mih_plan& plan)
   : starts_(lengths * mih_plan::radii), ends_(starts_.size()) {
  for (std::size_t i = 0; i < plan.size(); ++i) {
   const std::uint32_t bits = cuts[plan[i].table].bits;
   const std::size_t at = bits * mih_plan::radii + plan[i].radius;
   if (ends_[at] != 0) continue;
   starts_[at] = static_cast<std::uint32_t>(masks_.size());
   append(bits, plan[i].radius);
   ends_[at] = static_cast<std::uint32_t>(masks_.size());
  }
 }
 [[nodiscard]] std::span<const std::uint32_t> operator()(std::size_t bits,
                             std::size_t radius) const noexcept {
  const std::size_t at = bits * mih_plan::radii + radius;
  return {masks_.data() + starts_[at], masks_.data() + ends_[at]};
 }

 private:
 static constexpr std::size_t lengths = 33;

 HINT_LAZY
 void append(std::uint32_t bits, std::uint32_t radius) {
  const std::uint64_t end = std::uint64_t{1} << bits;
  for (std::uint64_t x = (std::uint64_t{1} << radius) - 1; x < end;) {
   masks_.push_back(static_cast<std::uint32_t>(x));
   if (x == 0) return;
   const std::uint64_t lowest = std::uint64_t{1} << std::countr_zero(x);
   const std::uint64_t next = x + lowest;
   x = next | (((x ^ next) >> std::countr_zero(x)) >> 2);
  }
 }
 std::vector<std::uint32_t> masks_;
 std::vector<std::uint32_t> starts_;
 std::vector<std::uint32_t> ends_;
};

[[nodiscard]] inline std::size_t widest_substring(std::size_t rows) noexcept {
 const auto width = static_cast<unsigned>(std::bit_width(rows));
 return (std::min<std::size_t>)(24, (std::max<std::size_t>)(4, width + 1));
}

struct table_choice {
 std::size_t tables;
 double cost;  ///< nanoseconds that a search for the 10 nearest should take, scans included
};

HINT_LAZY
[[nodiscard]] table_choice choose_tables(std::size_t bits, std::size_t rows,
                     const distance_profile& profile,
                     const search_costs& costs) {
 constexpr std::size_t most_tables = 24;
 constexpr std::uint64_t k = 10;
 table_choice best{0, costs.scan}, best_near{0, 0.5 * costs.scan};
 for (std::size_t m = 1; m <= (std::min)(bits, most_tables); ++m) {
  const auto cuts = cut_codes(bits, m, widest_substring(rows));
  const mih_plan plan(cuts, profile, costs, costs.scan);
  double mean = 0;
  for (std::size_t j = 0; j < profile.samples(); ++j)
   mean += (std::min)(plan.cost(profile.kth(j, k) + 1), 1.05 * costs.scan) /
       static_cast<double>(profile.samples());
  if (mean < 0.95 * best.cost) best = {m, mean};
  const double within = plan.cost(bits / 16 + 1);
  if (within < 0.9 * best_near.cost) best_near = {m, within};
 }
 if (best.tables == 0) best.tables = best_near.tables;
 return best;
}

}}}

#endif

// ---- hint/search/multi_index/mih_search.hpp
#ifndef HINT_SEARCH_MULTI_INDEX_MIH_SEARCH_HPP
#define HINT_SEARCH_MULTI_INDEX_MIH_SEARCH_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

struct run {
 std::uint32_t begin;
 std::uint32_t end;
 std::uint32_t table;
 std::uint32_t shell;         ///< its place in the plan
 const std::uint64_t* codes;  ///< those of the table
 const std::uint32_t* rows;
};
struct mih_candidate {
 const std::uint64_t* code;
 std::uint32_t row;
 std::uint32_t shell;
 std::uint32_t distance;  ///< once it is known
};
struct verify_job {
 const std::uint64_t* query;
 std::size_t words;
 std::uint32_t limit;
};

inline constexpr std::size_t enough_mih_candidates = 64;
inline constexpr std::size_t longest_run = 64;
inline constexpr std::size_t most_mih_candidates = enough_mih_candidates + longest_run;

template <std::size_t Words>
HINT_INLINE std::size_t near_in_runs(const verify_job& job, const run* runs, std::size_t i,
                   std::size_t count, mih_candidate* out,
                   std::size_t& found) noexcept {
 std::size_t n = 0;
 for (; i < count && n < enough_mih_candidates; ++i) {
  const run& r = runs[i];
  for (std::uint32_t p = r.begin; p < r.end; ++p) {
   const std::uint64_t* code = r.codes + p * Words;
   std::uint32_t d = count_bits(code[0] ^ job.query[0]);
   if constexpr (Words == 2) d += count_bits(code[1] ^ job.query[1]);
   if (d < job.limit) [[unlikely]]
    out[n++] = {code, r.rows[p], r.shell, d};
  }
 }
 found = n;
 return i;
}
HINT_INLINE std::size_t near_of(const verify_job& job, mih_candidate* list,
                std::size_t count) noexcept {
 std::size_t kept = 0;
 for (std::size_t i = 0; i < count; ++i) {
  mih_candidate x = list[i];
  x.distance = 0;
  for (std::size_t w = 0; w < job.words && x.distance < job.limit; ++w)
   x.distance += count_bits(x.code[w] ^ job.query[w]);
  list[kept] = x;
  kept += x.distance < job.limit ? 1 : 0;
 }
 return kept;
}

struct verify_kernels {
 std::size_t (*near_in_runs)(const verify_job& job, const run* runs, std::size_t i,
               std::size_t count, mih_candidate* out, std::size_t& found) noexcept;
 std::size_t (*near_of)(const verify_job& job, mih_candidate* list, std::size_t count) noexcept;
};

inline std::size_t near_in_runs_portable(const verify_job& job, const run* runs, std::size_t i,
                     std::size_t count, mih_candidate* out,
                     std::size_t& found) noexcept {
 return job.words == 1 ? near_in_runs<1>(job, runs, i, count, out, found)
            : near_in_runs<2>(job, runs, i, count, out, found);
}
inline std::size_t near_of_portable(const verify_job& job, mih_candidate* list,
                  std::size_t count) noexcept {
 return near_of(job, list, count);
}
inline constexpr verify_kernels portable_verify{&near_in_runs_portable, &near_of_portable};

#if defined(HINT_SEARCH_X86)
__attribute__((target("popcnt"))) inline std::size_t near_in_runs_popcnt(
  const verify_job& job, const run* runs, std::size_t i, std::size_t count, mih_candidate* out,
  std::size_t& found) noexcept {
 return job.words == 1 ? near_in_runs<1>(job, runs, i, count, out, found)
            : near_in_runs<2>(job, runs, i, count, out, found);
}
__attribute__((target("popcnt"))) inline std::size_t near_of_popcnt(const verify_job& job,
                                  mih_candidate* list,
                                  std::size_t count) noexcept {
 return near_of(job, list, count);
}
inline constexpr verify_kernels popcnt_verify{&near_in_runs_popcnt, &near_of_popcnt};
#endif

[[nodiscard]] inline const verify_kernels& verify_for(const kernel_set& kernels) noexcept {
#if defined(HINT_SEARCH_X86)
 if (&kernels != &portable_kernels) return popcnt_verify;
#endif
 static_cast<void>(kernels);
 return portable_verify;
}

class mih_search {
 public:
 HINT_LAZY
 mih_search(const substring_tables& tables, const mih_plan& plan, const flip_masks& masks,
       const search_costs& costs)
   : tables_(tables),
    plan_(plan),
    masks_(masks),
    costs_(costs),
    verify_(verify_for(kernels())),
    values_(tables.size()) {}

 template <class Collector>
 [[nodiscard]] bool operator()(const std::uint64_t* query, Collector&& c,
                const search_budget& budget) {
  for (std::size_t t = 0; t < tables_.size(); ++t)
   values_[t] = value_of(query, tables_.cuts()[t]);
  const double spent_before = spent_;
  std::size_t done = 0;
  while (done < c.limit()) {
   if (done == plan_.size()) return plan_.complete();
   constexpr std::size_t least_lookups = 64;
   std::size_t next = done;
   lookups_.clear();
   while (next < plan_.size() && next < c.limit() && lookups_.size() < least_lookups) {
    const shell s = plan_[next];
    if (done == 0 && s.radius > 0 && next > 0) break;
    for (const std::uint32_t mask : masks_(tables_.cuts()[s.table].bits, s.radius))
     lookups_.push_back({values_[s.table] ^ mask, s.table, static_cast<std::uint32_t>(next)});
    ++next;
   }
   const double soon = spent_ - spent_before + plan_.cost(next) - plan_.cost(done);
   if (soon > budget.trial && !worth_going_on(plan_, done, c.limit(), budget)) return false;
   for (std::size_t first = 0; first < lookups_.size(); first += most_lookups)
    if (!look_up(query, c, budget.scan, first,
           (std::min)(lookups_.size(), first + most_lookups)))
     return false;
   done = next;
  }
  return true;
 }

 [[nodiscard]] double spent() const noexcept { return spent_; }

 private:
 static constexpr std::size_t most_lookups = 128;
 static constexpr double offer_cost = 40;

 struct lookup {
  std::uint32_t value;
  std::uint32_t table;
  std::uint32_t shell;
 };

 template <class Collector>
 bool look_up(const std::uint64_t* query, Collector&& c, double scan, std::size_t first,
        std::size_t last) {
  for (std::size_t i = first; i < last; ++i)
   hint::detail::prefetch(tables_.starts(lookups_[i].table) + lookups_[i].value);
  runs_.clear();
  std::size_t rows = 0;
  const std::size_t words = tables_.words();
  for (std::size_t i = first; i < last; ++i) {
   const lookup& x = lookups_[i];
   const std::uint32_t* starts = tables_.starts(x.table) + x.value;
   const std::uint32_t begin = starts[0], end = starts[1];
   if (begin == end) continue;
   rows += end - begin;
   const run found{
     begin, end, x.table, x.shell, tables_.codes_of(x.table), tables_.rows_of(x.table)};
   if (tables_.inside()) {
    hint::detail::prefetch(found.codes + begin * words);
    hint::detail::prefetch(found.codes + end * words - 1);
   } else {
    hint::detail::prefetch(found.rows + begin);
   }
   runs_.push_back(found);
  }
  const double candidates = static_cast<double>(rows) * costs_.candidate;
  if (candidates > scan) return false;
  spent_ += candidates + static_cast<double>(last - first) * costs_.lookup;
  if (tables_.inside()) {
   verify_inside(query, c);
  } else {
   verify_outside(query, c);
  }
  return true;
 }

 template <class Collector>
 void verify_inside(const std::uint64_t* query, Collector&& c) {
  for (std::size_t i = 0; i < runs_.size(); ++i)
   while (runs_[i].end - runs_[i].begin > longest_run) {
    run rest = runs_[i];
    runs_[i].end = rest.begin += longest_run;
    runs_.push_back(rest);
   }
  for (std::size_t i = 0, found = 0; i < runs_.size();) {
   i = verify_.near_in_runs({query, tables_.words(), c.limit()}, runs_.data(), i, runs_.size(),
                found_[0].data(), found);
   offer(c, found_[0].data(), found);
  }
 }
 template <class Collector>
 void verify_outside(const std::uint64_t* query, Collector&& c) {
  std::size_t filled = 0, current = 0, waiting = 0;
  const std::size_t words = tables_.words();
  const auto verify = [&](std::size_t which, std::size_t count) {
   count = verify_.near_of({query, words, c.limit()}, found_[which].data(), count);
   offer(c, found_[which].data(), count);
  };
  for (const run& r : runs_) {
   for (std::uint32_t p = r.begin; p < r.end; ++p) {
    const std::uint64_t* code = tables_.codes() + r.rows[p] * words;
    hint::detail::prefetch(code);
    found_[current][filled] = {code, r.rows[p], r.shell, 0};
    if (++filled < enough_mih_candidates) continue;
    current ^= 1;
    verify(current, waiting);
    waiting = filled;
    filled = 0;
   }
  }
  verify(current ^ 1, waiting);
  verify(current, filled);
 }
 template <class Collector>
 void offer(Collector&& c, const mih_candidate* list, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
   if (list[i].distance < c.limit() && first_met(list[i])) {
    c.offer(list[i].distance, list[i].row);
    spent_ += offer_cost;
   }
 }
 [[nodiscard]] bool first_met(const mih_candidate& x) const noexcept {
  for (std::size_t t = 0; t < tables_.size(); ++t) {
   const std::uint32_t flips = values_[t] ^ value_of(x.code, tables_.cuts()[t]);
   if (plan_.position(t, count_bits(flips)) < x.shell) return false;
  }
  return true;
 }

 const substring_tables& tables_;
 const mih_plan& plan_;
 const flip_masks& masks_;
 search_costs costs_;
 const verify_kernels& verify_;
 std::vector<std::uint32_t> values_;
 std::vector<lookup> lookups_;
 std::vector<run> runs_;
 std::array<std::array<mih_candidate, most_mih_candidates>, 2> found_;
 double spent_ = 0;
};

}}}

#endif

// ---- hint/search/merge.hpp
#ifndef HINT_SEARCH_MERGE_HPP
#define HINT_SEARCH_MERGE_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// The k first of what several indexes found for the same queries.
HINT_LAZY
[[nodiscard]] hits merge(std::span<const hits> results,
             std::size_t k = (std::numeric_limits<std::size_t>::max)()) {
 const std::size_t queries = results.empty() ? 0 : results.front().size();
 for (const hits& part : results)
  expects<shape_error>(part.size() == queries, "merge: results of ", part.size(),
             " queries among results of ", queries);
 const auto merged_size = [&](std::size_t q) {
  std::size_t sum = 0;
  for (const hits& part : results) sum += part[q].size();
  return (std::min)(k, sum);
 };
 std::size_t all = 0;
 for (std::size_t q = 0; q < queries; ++q) all += merged_size(q);
 hits out;
 out.reserve(queries, all);
 std::vector<std::span<const hit>> left(results.size());
 for (std::size_t q = 0; q < queries; ++q) {
  for (std::size_t i = 0; i < results.size(); ++i) left[i] = results[i][q];
  out.append_row({});
  for (std::size_t n = merged_size(q); n > 0; --n) {
   std::size_t first = 0;
   for (std::size_t i = 1; i < left.size(); ++i)
    if (!left[i].empty() && (left[first].empty() || left[i].front() < left[first].front()))
     first = i;
   out.append_to_last(left[first].front());
   left[first] = left[first].subspan(1);
  }
 }
 return out;
}

}}}

#endif

// ---- hint/search/scan/radii.hpp
#ifndef HINT_SEARCH_SCAN_RADII_HPP
#define HINT_SEARCH_SCAN_RADII_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class radii {
 public:
 radii(std::size_t all) noexcept : all_(all) {}
 radii(std::span<const std::size_t> each) noexcept
   : all_(0), each_(each) {}
 [[nodiscard]] std::size_t operator[](std::size_t query) const noexcept {
  return each_.empty() ? all_ : each_[query];
 }
 [[nodiscard]] std::size_t most() const noexcept {
  return each_.empty() ? all_ : *std::max_element(each_.begin(), each_.end());
 }
 static constexpr std::size_t any = (std::numeric_limits<std::size_t>::max)();

 private:
 std::size_t all_;
 std::span<const std::size_t> each_;
};

}}}

#endif

// ---- hint/search/scan/segmented_hits.hpp
#ifndef HINT_SEARCH_SCAN_SEGMENTED_HITS_HPP
#define HINT_SEARCH_SCAN_SEGMENTED_HITS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class segmented_hits {
 public:
 void add(std::uint32_t query, const hit& h) {
  if (segments_.empty() || segments_.back().size() == segments_.back().capacity()) grow();
  segments_.back().push_back({h.distance | query << 16, h.id});
  ++size_;
 }
 [[nodiscard]] std::size_t size() const noexcept { return size_; }
 template <class F>
 void for_each(F&& f) const {
  for (const auto& segment : segments_)
   for (const hit& h : segment) f(h.distance >> 16, hit{h.distance & 0xffff, h.id});
 }
 template <class F>
 void drain(F&& f) {
  for (auto& segment : segments_) {
   for (const hit& h : segment) f(h.distance >> 16, hit{h.distance & 0xffff, h.id});
   segment = {};
  }
  segments_.clear();
  size_ = 0;
 }

 private:
 HINT_LAZY
 void grow() {
  std::vector<hit> segment;
  segment.reserve((std::min<std::size_t>)(4096, (std::max<std::size_t>)(16, size_)));
  segments_.push_back(std::move(segment));
 }
 std::vector<std::vector<hit>> segments_;
 std::size_t size_ = 0;
};

}}}

#endif

// ---- hint/search/scan/top_k.hpp
#ifndef HINT_SEARCH_SCAN_TOP_K_HPP
#define HINT_SEARCH_SCAN_TOP_K_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

template <class Count, class Move>
void sort_by_counting(std::span<hit> list, std::size_t bits, Count&& for_each, Move&& drain) {
 std::vector<std::size_t> start(bits + 2, 0);
 for_each([&](const hit& h) { ++start[h.distance + 1]; });
 for (std::size_t d = 0; d <= bits; ++d) start[d + 1] += start[d];
 drain([&](const hit& h) { list[start[h.distance]++] = h; });
 auto first = list.begin();
 for (std::size_t d = 0; d <= bits; ++d) {
  const auto last = list.begin() + static_cast<std::ptrdiff_t>(start[d]);
  if (!std::is_sorted(first, last)) std::sort(first, last);
  first = last;
 }
}
HINT_LAZY
void sort_hits(std::span<hit> list, std::size_t bits) {
 if (list.size() <= bits) {
  std::sort(list.begin(), list.end());
  return;
 }
 std::vector<hit> sorted(list.size());
 const auto each = [&](auto&& f) {
  for (const hit& h : list) f(h);
 };
 sort_by_counting(sorted, bits, each, each);
 std::copy(sorted.begin(), sorted.end(), list.begin());
}

enum class id_order : std::uint8_t { any, ascending };

class top_k {
 public:
 top_k(std::size_t bits, std::size_t k, id_order order = id_order::any,
    std::size_t radius = (std::numeric_limits<std::size_t>::max)())
   : counts_(bits + 1),
    k_(k),
    most_(k + (std::max<std::size_t>)(k, 256)),
    bound_(static_cast<std::uint32_t>((std::min)(bits, radius))),
    limit_(k == 0 ? 0 : bound_ + 1),
    order_(order) {
  if (most_ < k) most_ = (std::numeric_limits<std::size_t>::max)();
 }

 [[nodiscard]] std::uint32_t limit() const noexcept { return limit_; }
 [[nodiscard]] bool admits(const hit& candidate) const noexcept {
  return candidate.distance < limit_ && candidate < last_;
 }
 HINT_LAZY
 void add(const hit& candidate) {
  kept_.push_back(candidate);
  ++counts_[candidate.distance];
  if (++within_ < k_) return;
  while (within_ - counts_[bound_] >= k_) within_ -= counts_[bound_--];
  limit_ = order_ == id_order::ascending ? bound_ : bound_ + 1;
  if (kept_.size() >= most_) select();
 }
 [[nodiscard]] std::size_t size() const noexcept { return (std::min)(k_, kept_.size()); }
 HINT_LAZY
 [[nodiscard]] std::vector<hit> take() {
  if (kept_.size() > k_) select();
  sort_hits(kept_, counts_.size() - 1);
  return std::move(kept_);
 }

 private:
 HINT_LAZY
 void select() {
  const auto tied = std::partition(kept_.begin(), kept_.end(),
                   [this](const hit& h) { return h.distance < bound_; });
  const auto rest =
    std::partition(tied, kept_.end(), [this](const hit& h) { return h.distance == bound_; });
  const auto kth = kept_.begin() + static_cast<std::ptrdiff_t>(k_) - 1;
  std::nth_element(tied, kth, rest);
  last_ = *kth;
  kept_.resize(k_);
  counts_[bound_] -= within_ - k_;
  within_ = k_;
 }

 std::vector<hit> kept_;
 std::vector<std::size_t> counts_;
 std::size_t k_;
 std::size_t most_;
 std::size_t within_ = 0;
 std::uint32_t bound_;
 std::uint32_t limit_;
 id_order order_;
 hit last_{(std::numeric_limits<std::uint32_t>::max)(),
      (std::numeric_limits<std::int64_t>::max)()};
};

}}}

#endif

// ---- hint/search/scan/collectors.hpp
#ifndef HINT_SEARCH_SCAN_COLLECTORS_HPP
#define HINT_SEARCH_SCAN_COLLECTORS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

[[nodiscard]] inline std::size_t most_distance(const code_store& store) noexcept {
 return 64 * store.words();
}
[[nodiscard]] inline id_order order_of(const code_store& store) noexcept {
 return store.ascending() ? id_order::ascending : id_order::any;
}

template <search_filter Filter>
class nearest_collector {
 public:
 nearest_collector(const code_store& store, const scan_part& part, std::size_t k,
          const Filter& filter, id_order order, const radii& within = radii::any)
   : first_(part.begin), filter_(filter) {
  best_.reserve(part.end - part.begin);
  for (std::size_t q = part.begin; q < part.end; ++q)
   best_.emplace_back(most_distance(store), k, order, within[q]);
 }
 [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept {
  return best_[query - first_].limit();
 }
 void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
  top_k& best = best_[query - first_];
  const hit candidate{distance, id};
  if (best.admits(candidate) && accepts(filter_, query, id)) best.add(candidate);
 }
 [[nodiscard]] std::vector<hit> take(std::size_t query) { return best_[query - first_].take(); }
 [[nodiscard]] hits take() {
  std::size_t all = 0;
  for (const top_k& best : best_) all += best.size();
  hits out;
  out.reserve(best_.size(), all);
  for (top_k& best : best_) out.append_row(best.take());
  return out;
 }

 private:
 std::size_t first_;
 std::vector<top_k> best_;
 const Filter& filter_;
};

template <search_filter Filter>
class radius_collector {
 public:
 radius_collector(const code_store& store, const scan_part& part, const radii& within,
          const Filter& filter)
   : first_(part.begin), bits_(most_distance(store)), filter_(filter) {
  limits_.reserve(part.end - part.begin);
  for (std::size_t q = part.begin; q < part.end; ++q)
   limits_.push_back(static_cast<std::uint32_t>((std::min)(within[q], bits_)) + 1);
 }
 [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept {
  return limits_[query - first_];
 }
 void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
  if (accepts(filter_, query, id))
   found_.add(static_cast<std::uint32_t>(query - first_), {distance, id});
 }
 [[nodiscard]] std::vector<hit> take(std::size_t) {
  std::vector<hit> out(found_.size());
  if (out.size() <= bits_) {
   std::size_t i = 0;
   found_.drain([&](std::uint32_t, const hit& h) { out[i++] = h; });
   std::sort(out.begin(), out.end());
   return out;
  }
  sort_by_counting(
    out, bits_, [&](auto&& f) { found_.for_each([&](std::uint32_t, const hit& h) { f(h); }); },
    [&](auto&& f) { found_.drain([&](std::uint32_t, const hit& h) { f(h); }); });
  return out;
 }
 [[nodiscard]] hits take() {
  std::vector<std::size_t> offsets(limits_.size() + 1, 0);
  if (limits_.size() == 1) {
   offsets[1] = found_.size();
   return hits::from_parts(take(first_), std::move(offsets));
  }
  found_.for_each([&](std::uint32_t query, const hit&) { ++offsets[query + 1]; });
  for (std::size_t q = 1; q < offsets.size(); ++q) offsets[q] += offsets[q - 1];
  std::vector<hit> all(found_.size());
  found_.drain([&](std::uint32_t query, const hit& h) { all[offsets[query]++] = h; });
  std::copy_backward(offsets.begin(), offsets.end() - 1, offsets.end());
  offsets.front() = 0;
  for (std::size_t q = 0; q < limits_.size(); ++q)
   sort_hits(std::span(all).subspan(offsets[q], offsets[q + 1] - offsets[q]), bits_);
  return hits::from_parts(std::move(all), std::move(offsets));
 }

 private:
 std::size_t first_;
 std::size_t bits_;
 std::vector<std::uint32_t> limits_;
 segmented_hits found_;
 const Filter& filter_;
};

template <class Index>
concept stores_codes = requires(const Index& i) {
 { i.store() } -> std::same_as<const code_store&>;
};

template <class Make, class Run>
[[nodiscard]] hits scan_in_parts(const code_store& store, std::size_t queries, std::size_t k,
                 const context& ctx, Make&& make, Run&& run) {
 watched_phase phase(ctx.observer, "search");
 const scan_plan plan = plan_for(phase, queries, store, ctx.executor);
 std::vector<hits> found(plan.tasks());
 const std::size_t done =
   run_in_rounds(phase, plan, store, ctx.executor, make, run,
          [&](std::size_t task, auto& collector) { found[task] = collector.take(); });
 found.resize(done);
 if (const std::size_t parts = plan.row_parts(); parts > 1) {
  std::vector<hits> merged;
  for (std::size_t i = 0; i < found.size(); i += parts) {
   const auto same = std::span(found).subspan(i, parts);
   merged.push_back(merge(same, k));
   for (hits& part : same) part = hits();
  }
  found = std::move(merged);
 }
 hits out = joined(std::move(found));
 phase.end();
 return out;
}

template <search_filter Filter>
[[nodiscard]] hits scan_nearest(const code_store& store, const code_view& queries, std::size_t k,
                const Filter& filter, const context& ctx,
                const radii& within = radii::any) {
 k = (std::min)(k, store.size());
 return scan_in_parts(
   store, queries.size(), k, ctx,
   [&](const scan_part& part) {
    return nearest_collector<Filter>(store, part, k, filter, order_of(store), within);
   },
   [&](auto& collector, const scan_part& part) { scan(store, queries, part, collector); });
}
template <search_filter Filter>
[[nodiscard]] hits scan_radius(const code_store& store, const code_view& queries,
                const radii& within, const Filter& filter, const context& ctx) {
 return scan_in_parts(
   store, queries.size(), store.size(), ctx,
   [&](const scan_part& part) { return radius_collector<Filter>(store, part, within, filter); },
   [&](auto& collector, const scan_part& part) { scan(store, queries, part, collector); });
}

#if defined(HINT_COMPILED)
HINT_EXTERN template hits scan_nearest(const code_store&, const code_view&, std::size_t,
                    const accept_all&, const context&, const radii&);
HINT_EXTERN template hits scan_radius(const code_store&, const code_view&, const radii&,
                   const accept_all&, const context&);
#endif

}}}

#endif

// ---- hint/search/scan/row_collectors.hpp
#ifndef HINT_SEARCH_SCAN_ROW_COLLECTORS_HPP
#define HINT_SEARCH_SCAN_ROW_COLLECTORS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

template <class Collector>
class by_row {
 public:
 by_row(const code_store& store, std::size_t query, Collector collector)
   : store_(store), query_(query), collector_(std::move(collector)) {}
 [[nodiscard]] std::uint32_t limit(std::size_t = 0) const noexcept {
  return collector_.limit(query_);
 }
 void offer(std::uint32_t distance, std::uint32_t row) {
  if (store_.live(row)) offer(query_, distance, store_.id(row));
 }
 void offer(std::size_t, std::uint32_t distance, std::int64_t id) {
  collector_.offer(query_, distance, id);
 }
 [[nodiscard]] std::vector<hit> take() { return collector_.take(query_); }

 private:
 const code_store& store_;
 std::size_t query_;
 Collector collector_;
};

template <search_filter Filter>
struct nearest_rows : by_row<nearest_collector<Filter>> {
 nearest_rows(const code_store& store, std::size_t query, std::size_t k, const Filter& filter,
        const radii& within = radii::any)
   : by_row<nearest_collector<Filter>>(
      store, query, {store, {query, query + 1, 0, 0}, k, filter, id_order::any, within}) {}
};
template <search_filter Filter>
struct rows_within : by_row<radius_collector<Filter>> {
 rows_within(const code_store& store, std::size_t query, const radii& within, const Filter& filter)
   : by_row<radius_collector<Filter>>(store, query,
                     {store, {query, query + 1, 0, 0}, within, filter}) {}
};

}}}

#endif

// ---- hint/search/multi_index/measured_costs.hpp
#ifndef HINT_SEARCH_MULTI_INDEX_MEASURED_COSTS_HPP
#define HINT_SEARCH_MULTI_INDEX_MEASURED_COSTS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

using ::hint::detail::now_ns;

inline constexpr double longest_unheard = 15e6;

HINT_LAZY
[[nodiscard]] code_set sample_of(const code_store& store, std::size_t most) {
 code_set out(store.bits());
 std::vector<std::uint64_t> words(store.words());
 most = (std::min)(most, store.rows());
 for (std::size_t i = 0; i < most; ++i) {
  const auto row =
    static_cast<std::size_t>((static_cast<double>(i) + 0.5) *
                 static_cast<double>(store.rows()) / static_cast<double>(most));
  if (!store.live(row)) continue;
  store.code(row, words);
  out.append(code_view(words, store.bits()));
 }
 if (out.empty()) out.resize(1);
 return out;
}

HINT_LAZY
[[nodiscard]] std::vector<std::vector<std::uint64_t>> count_others(const code_store& store,
                                  const code_view& samples,
                                  const context& ctx) {
 const distance_histograms counts = count_distances(store, samples, ctx);
 std::vector<std::vector<std::uint64_t>> histograms;
 for (std::size_t i = 0; i < counts.size(); ++i) {
  histograms.emplace_back(counts[i].begin(), counts[i].end());
  if (histograms.back().front() > 0) --histograms.back().front();
 }
 return histograms;
}

HINT_LAZY
[[nodiscard]] search_costs time_scans(const code_store& store, const code_view& samples,
                   const context& ctx) {
 context alone;
 alone.observer = ctx.observer;
 search_costs costs;
 costs.scan = costs.batch_scan = (std::numeric_limits<double>::max)();
 for (int run = 0; run < 3; ++run) {
  const double start = now_ns();
  static_cast<void>(scan_nearest(store, samples.slice(0, 1), 10, accept_all{}, alone));
  const double middle = now_ns();
  static_cast<void>(scan_nearest(store, samples, 10, accept_all{}, alone));
  const auto count = static_cast<double>(samples.size());
  costs.scan = (std::min)(costs.scan, (std::max)(middle - start, 100.0));
  costs.batch_scan = (std::min)(costs.batch_scan, (std::max)((now_ns() - middle) / count, 100.0));
 }
 costs.batch_scan = (std::min)(costs.batch_scan, costs.scan);
 return costs;
}

HINT_LAZY
[[nodiscard]] double time_lookups(const substring_tables& tables, const mih_plan& plan,
                 const flip_masks& masks, const search_costs& costs,
                 const code_view& samples, const context& ctx) {
 struct counter {
  std::uint32_t most;
  std::size_t found = 0;
  [[nodiscard]] std::uint32_t limit() const noexcept { return most; }
  void offer(std::uint32_t, std::uint32_t) noexcept { ++found; }
 };
 watched_phase phase(ctx.observer, "lookups");
 double scan = costs.scan;
 if (phase.watched()) scan = (std::min)(scan, longest_unheard / 4);
 std::uint32_t most = 1;
 while (most < plan.size() && plan.cost(most + 1) < scan / 2) ++most;
 mih_search probe(tables, plan, masks, costs);
 const search_budget budget{4 * scan, 4 * scan, {}};
 double took = 0;
 phase.in_parts(2 * samples.size(), 1, [&](std::size_t begin, std::size_t end) {
  const double start = now_ns();
  for (std::size_t i = begin; i < end; ++i)
   static_cast<void>(probe(samples[i % samples.size()].data(), counter{most}, budget));
  took += now_ns() - start;
 });
 return probe.spent() > 0 ? (std::min)(4.0, (std::max)(0.25, took / probe.spent())) : 1.0;
}

HINT_LAZY
[[nodiscard]] double time_lists(const code_store& store, const inverted_lists& lists,
                const code_view& samples, const context& ctx) {
 watched_phase phase(ctx.observer, "lists");
 list_search probe(lists);
 const accept_all all;
 double took = 0;
 phase.in_parts(samples.size(), 1, [&](std::size_t begin, std::size_t end) {
  const double start = now_ns();
  for (std::size_t i = begin; i < end; ++i) {
   nearest_rows<accept_all> collector(store, i, 10, all);
   static_cast<void>(probe(samples[i].data(), collector, lists.rows()));
  }
  took += now_ns() - start;
 });
 return took / static_cast<double>(samples.size());
}

}}}

#endif

// ---- hint/search/multi_index/adaptive_index.hpp
#ifndef HINT_SEARCH_MULTI_INDEX_ADAPTIVE_INDEX_HPP
#define HINT_SEARCH_MULTI_INDEX_ADAPTIVE_INDEX_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

struct mih_tables {
 substring_tables tables;
 mih_plan plan;
 flip_masks masks;
 search_costs costs;
 distance_profile profile;
};

enum class structures : std::uint8_t { tables, tables_and_lists };

template <structures Allowed>
class adaptive_index {
 public:
 adaptive_index(std::size_t bits, std::size_t tables, bool scan_when_faster,
         std::string_view owner)
   : store_(bits, owner), wanted_(tables), scan_when_faster_(scan_when_faster) {}

 [[nodiscard]] const code_store& store() const noexcept { return store_; }
 [[nodiscard]] code_store& store() noexcept { return store_; }
 [[nodiscard]] std::size_t tables() const noexcept {
  return tables_ == nullptr ? 0 : tables_->tables.size();
 }
 [[nodiscard]] std::size_t covered() const noexcept { return covered_; }
 [[nodiscard]] std::size_t lists() const noexcept {
  return lists_ == nullptr ? 0 : lists_->size();
 }

 void refresh(const context& ctx = {}) {
  if (store_.mostly_removed()) {
   forget();
   store_.compact();
  }
  const std::size_t least = wanted_ == 0 ? (std::size_t{1} << 15) : group_codes;
  if (store_.rows() - seen_ > (std::max)(least, seen_ / 8)) build(ctx);
 }
 void build(const context& ctx = {}) {
  forget();
  const std::size_t last =
    store_.chunk_count() == 0 ? 0 : store_.first_row(store_.chunk_count() - 1);
  const std::size_t group =
    store_.chunk_count() == 0 ? 1 : store_.chunk(store_.chunk_count() - 1).layout().group();
  const std::size_t rows = last + (store_.rows() - last) / group * group;
  seen_ = store_.rows();
  if (rows == 0 || store_.size() == 0 || rows >= inverted_lists::none) return;
  watched_phase phase(ctx.observer, "index");
  const auto part = [&](double from, double to, auto&& f) {
   phase_share share(phase, from, to);
   context mine = ctx;
   mine.observer = share.ref();
   if (!phase.stopped()) f(mine);
   return !phase.stopped();
  };
  if (!build(rows, part)) return forget();
  phase.end();
 }

 template <search_filter Filter>
 [[nodiscard]] hits nearest(const code_view& queries, std::size_t k, const Filter& filter,
               const context& ctx, const radii& reach = radii::any) const {
  k = (std::min)(k, store_.size());
  const bool by_lists = lists_ != nullptr && k <= list_k_;
  if (covered_ == 0 || k == 0 || queries.empty() || (!by_lists && tables_ == nullptr))
   return scan_nearest(store_, queries, k, filter, ctx, reach);
  std::vector<std::uint32_t> limits;
  for (std::size_t i = 0; tables_ != nullptr && i < tables_->profile.samples(); ++i)
   limits.push_back(
     static_cast<std::uint32_t>((std::min)(tables_->profile.kth(i, k), reach.most()) + 1));
  return search_or_scan(
    queries, ctx, by_lists ? with::lists : with::tables, limits, reach,
    [&](std::size_t query) { return nearest_rows<Filter>(store_, query, k, filter, reach); },
    [&](const code_view& rest, const radii& their, const auto& rest_filter, const context& c) {
     return scan_nearest(store_, rest, k, rest_filter, c, their);
    },
    filter);
 }
 template <search_filter Filter>
 [[nodiscard]] hits within(const code_view& queries, const radii& reach, const Filter& filter,
              const context& ctx) const {
  if (covered_ == 0 || queries.empty()) return scan_radius(store_, queries, reach, filter, ctx);
  const std::size_t radius = (std::min)(reach.most(), most_distance(store_));
  const double scan_ns = scan_cost(queries.size(), ctx);
  with by = with::tables;
  double cost = tables_ == nullptr ? scan_ns : tables_->plan.cost(radius + 1);
  if (lists_ != nullptr && radius < list_limit_ && list_cost_ < cost) {
   by = with::lists;
   cost = list_cost_;
  }
  if (cost >= scan_ns) return scan_radius(store_, queries, reach, filter, ctx);
  return search_or_scan(
    queries, ctx, by, {}, reach,
    [&](std::size_t query) { return rows_within<Filter>(store_, query, reach, filter); },
    [&](const code_view& rest, const radii& their, const auto& rest_filter, const context& c) {
     return scan_radius(store_, rest, their, rest_filter, c);
    },
    filter);
 }

 private:
 enum class with : std::uint8_t { tables, lists };

 [[nodiscard]] double scan_cost(std::size_t queries, const context& ctx) const {
  if (!scan_when_faster_) return (std::numeric_limits<double>::max)();
  const double alone = queries < 4 ? costs_.scan : costs_.batch_scan;
  const std::size_t threads = ctx.executor.concurrency();
  return queries >= threads ? alone
               : alone * static_cast<double>((std::max<std::size_t>)(queries, 1)) /
                  static_cast<double>(threads);
 }

 template <class Make, class ScanRest, class Filter>
 [[nodiscard]] hits search_or_scan(const code_view& queries, const context& ctx, with by,
                  const std::vector<std::uint32_t>& limits, const radii& reach,
                  Make&& make, ScanRest&& scan_rest, const Filter& filter) const {
  watched_phase phase(ctx.observer, "search");
  double scan_ns = scan_cost(queries.size(), ctx);
  if (phase.watched()) scan_ns = (std::min)(scan_ns, longest_unheard);
  std::vector<hits> found;
  phase.in_parts(queries.size(), ctx.executor.concurrency(),
          [&](std::size_t begin, std::size_t end) {
           const double all = static_cast<double>(queries.size());
           phase_share share(phase, static_cast<double>(begin) / all,
                    static_cast<double>(end) / all);
           context scans = ctx;
           scans.observer = share.ref();
           hits some = answer_part(queries, begin, end, scans, by, scan_ns, limits, reach,
                       make, scan_rest, filter);
           if (some.size() == end - begin)
            found.push_back(std::move(some));
          });
  hits out = joined(std::move(found));
  phase.end();
  return out;
 }
 template <class Make, class ScanRest, class Filter>
 [[nodiscard]] hits answer_part(const code_view& queries, std::size_t begin, std::size_t end,
                 const context& ctx, with by, double scan_ns,
                 const std::vector<std::uint32_t>& limits, const radii& reach,
                 Make&& make, ScanRest&& scan_rest, const Filter& filter) const {
  const std::size_t count = end - begin;
  const std::size_t each =
    (std::min<std::size_t>)(64, count / (4 * (std::max<std::size_t>)(ctx.executor.concurrency(),
                                     1)) +
                    1);
  std::vector<hits> found((count + each - 1) / each);
  std::vector<std::uint16_t> given_up(count, 0);
  for_chunks(ctx.executor, count, each, [&](std::size_t first, std::size_t last) {
   std::vector<std::vector<hit>> rows(last - first);
   const auto answer = [&](auto&& probe, const auto& most) {
    for (std::size_t i = first; i < last; ++i) {
     const std::size_t q = begin + i;
     auto collector = make(q);
     const scan_part rest{q, q + 1, covered_, store_.rows()};
     if (rest.first < rest.last) detail::scan(store_, queries, rest, collector);
     if (probe(queries[q].data(), collector, most)) {
      rows[i - first] = collector.take();
     } else {
      given_up[i] = 1;
     }
    }
   };
   if (by == with::lists) {
    answer(list_search(*lists_), worth_looking_at(scan_ns));
   } else {
    answer(mih_search(tables_->tables, tables_->plan, tables_->masks, tables_->costs),
        search_budget{scan_ns, scan_ns / 128, limits});
   }
   found[first / each] = hits(rows);
  });
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < count; ++i)
   if (given_up[i] != 0) rest.push_back(begin + i);
  if (rest.empty()) return joined(std::move(found));
  if (rest.size() == queries.size()) return scan_rest(queries, reach, filter, ctx);
  code_set left(queries.bits(), rest.size());
  std::vector<std::size_t> their(rest.size());
  for (std::size_t i = 0; i < rest.size(); ++i) {
   std::copy(queries[rest[i]].begin(), queries[rest[i]].end(), left[i].begin());
   their[i] = reach[rest[i]];
  }
  const hits scanned = scan_rest(
    left, std::span<const std::size_t>(their),
    [&](std::size_t query, std::int64_t id) { return accepts(filter, rest[query], id); }, ctx);
  if (scanned.size() < rest.size()) return scanned;
  std::size_t all = scanned.all().size();
  for (const hits& part : found) all += part.all().size();
  hits out;
  out.reserve(count, all);
  for (std::size_t i = 0, next = 0; i < count; ++i)
   out.append_row(given_up[i] != 0 ? scanned[next++] : found[i / each][i % each]);
  return out;
 }

 [[nodiscard]] std::size_t worth_looking_at(double scan_ns) const noexcept {
  if (scan_ns == (std::numeric_limits<double>::max)())
   return (std::numeric_limits<std::size_t>::max)();
  const double share = (std::min)(1.0, scan_ns / costs_.scan);
  return static_cast<std::size_t>(0.75 * share * static_cast<double>(covered_));
 }

 void forget() noexcept {
  tables_.reset();
  lists_.reset();
  covered_ = seen_ = 0;
 }
 template <class Part>
 [[nodiscard]] bool build(std::size_t rows, Part&& part) {
  const code_set samples = sample_of(store_, 16);
  std::vector<std::vector<std::uint64_t>> counts;
  if (!part(0, 0.1, [&](const context& ctx) { counts = count_others(store_, samples, ctx); }) ||
    !part(0.1, 0.2, [&](const context& ctx) { costs_ = time_scans(store_, samples, ctx); }))
   return false;
  const distance_profile profile(std::move(counts));
  search_costs costs = costs_;
  if (store_.words() <= substring_tables::most_words_inside)
   costs.lookup = 16, costs.candidate = 4;
  table_choice choice = choose_tables(store_.bits(), rows, profile, costs);
  if (wanted_ != 0) choice.tables = wanted_;
  covered_ = rows;
  if constexpr (Allowed == structures::tables_and_lists)
   if (!build_lists(samples, profile, choice.cost, part)) return false;
  if (choice.tables != 0 && !build_tables(choice.tables, samples, profile, costs, part))
   return false;
  if (tables_ == nullptr && lists_ == nullptr) covered_ = 0;
  return true;
 }
 template <class Part>
 [[nodiscard]] bool build_tables(std::size_t count, const code_view& samples,
                 const distance_profile& profile, search_costs costs,
                 Part&& part) {
  const auto cuts = cut_codes(store_.bits(), count, widest_substring(covered_));
  const double most = !scan_when_faster_ ? 1e9 : 2 * costs.scan;
  std::unique_ptr<substring_tables> tables;
  if (!part(0.7, 0.95, [&](const context& ctx) {
     tables = std::make_unique<substring_tables>(store_, covered_, cuts, ctx);
    }))
   return false;
  mih_plan plan(cuts, profile, costs, most);
  flip_masks masks(cuts, plan);
  double factor = 1;
  if (!part(0.95, 1, [&](const context& ctx) {
     factor = time_lookups(*tables, plan, masks, costs, samples, ctx);
    }))
   return false;
  costs.lookup *= factor;
  costs.candidate *= factor;
  plan = mih_plan(cuts, profile, costs, most * (std::min)(1.0, factor));
  masks = flip_masks(cuts, plan);
  tables_ = std::make_shared<const mih_tables>(
    mih_tables{std::move(*tables), std::move(plan), std::move(masks), costs, profile});
  return true;
 }
 template <class Part>
 [[nodiscard]] bool build_lists(const code_view& samples, const distance_profile& profile,
                 double most, Part&& part) {
  constexpr std::size_t count = 1024;
  constexpr std::size_t in_each = 8;
  const code_set some = sample_of(store_, count * in_each);
  code_set centroids(store_.bits());
  if (!part(0.2, 0.25,
       [&](const context& ctx) { centroids = choose_centroids(some, count, ctx); }))
   return false;
  code_store few(store_.bits(), "lists");
  few.add(some);
  const inverted_lists lists_of_few(few, some.size(), centroids);
  const std::size_t each = list_search::overhead * some.size() / covered_;
  std::vector<std::int64_t> limits, counts;
  for (std::size_t i = 0; i < samples.size(); ++i) {
   std::uint32_t low = 0, high = static_cast<std::uint32_t>(store_.bits()) + 1;
   while (low < high) {
    const std::uint32_t middle = (low + high + 1) / 2;
    const std::size_t reach = lists_of_few.within_reach(samples[i].data(), middle, each);
    const bool little = 10 * reach <= 3 * some.size();
    (little ? low : high) = little ? middle : middle - 1;
   }
   limits.push_back(low);
   counts.push_back(static_cast<std::int64_t>(profile.nearer(i, low)));
  }
  const auto quartile = [](std::vector<std::int64_t>& list) {
   std::sort(list.begin(), list.end());
   return static_cast<std::uint64_t>(list[list.size() / 4]);
  };
  list_limit_ = quartile(limits);
  list_k_ = quartile(counts);
  const bool always = !scan_when_faster_;
  if (always) list_limit_ = list_k_ = (std::numeric_limits<std::uint64_t>::max)();
  if (list_k_ < 10) return true;
  std::shared_ptr<const inverted_lists> lists;
  if (!part(0.25, 0.65,
       [&](const context& ctx) {
        lists = std::make_shared<const inverted_lists>(store_, covered_, centroids, ctx);
       }) ||
    !part(0.65, 0.7,
       [&](const context& ctx) { list_cost_ = time_lists(store_, *lists, samples, ctx); }))
   return false;
  if (always || list_cost_ < most) lists_ = std::move(lists);
  return true;
 }

 code_store store_;
 std::size_t wanted_;
 bool scan_when_faster_;
 std::size_t seen_ = 0;
 std::size_t covered_ = 0;
 search_costs costs_;
 double list_cost_ = 0;
 std::uint64_t list_limit_ = 0;
 std::uint64_t list_k_ = 0;
 std::shared_ptr<const mih_tables> tables_;
 std::shared_ptr<const inverted_lists> lists_;
};

}}}

#endif

// ---- hint/search/automatic.hpp
#ifndef HINT_SEARCH_AUTOMATIC_HPP
#define HINT_SEARCH_AUTOMATIC_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// Exact Hamming search in whichever way is fastest; models `hamming_index`, `range_searchable` and
/// `removable`.
class automatic
  : public index_interface<automatic,
               detail::adaptive_index<detail::structures::tables_and_lists>> {
 public:
 static constexpr std::string_view name = "automatic";

 /// Throws `invalid_argument` for bits outside 1 .. 16384.
 explicit automatic(std::size_t bits) : index_interface({bits, 0, true, name}) {}

 /// How many tables and inverted lists there are now.
 [[nodiscard]] std::size_t tables() const noexcept { return engine_.tables(); }
 [[nodiscard]] std::size_t lists() const noexcept { return engine_.lists(); }
 /// Builds tables and lists for all codes now, without waiting for more of them.
 HINT_LAZY
 void build(const context& ctx = {}) { engine_.build(ctx); }
};

}}}

#endif

// ---- hint/search/concepts.hpp
#ifndef HINT_SEARCH_CONCEPTS_HPP
#define HINT_SEARCH_CONCEPTS_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// Finds the nearest codes, exactly.
template <class I>
concept hamming_index =
  requires(I& i, const I& c, const code_view& codes, std::span<const std::int64_t> ids,
       std::size_t k, const accept_bits& filter, const context& ctx) {
   { c.bits() } -> std::convertible_to<std::size_t>;
   { c.size() } -> std::convertible_to<std::size_t>;
   i.add(codes);
   i.add(codes, ids);
   { c.search(codes, k) } -> std::same_as<hits>;
   { c.search(codes, k, accept_all{}, ctx) } -> std::same_as<hits>;
   { c.search(codes, k, filter, ctx) } -> std::same_as<hits>;
  };

/// A `hamming_index` that also finds everything within a radius: `c.search_radius(queries, radius,
/// filter, context)` has all accepted items with distance <= radius.
template <class I>
concept range_searchable =
  hamming_index<I> && requires(const I& c, const code_view& codes, std::size_t radius,
                 const accept_bits& filter, const context& ctx) {
   { c.search_radius(codes, radius) } -> std::same_as<hits>;
   { c.search_radius(codes, radius, filter, ctx) } -> std::same_as<hits>;
  };

/// A `hamming_index` whose codes can be removed and replaced.
template <class I>
concept removable =
  hamming_index<I> && std::copyable<I> &&
  requires(I& i, const I& c, const code_view& codes, std::span<const std::int64_t> ids) {
   { c.contains(std::int64_t{}) } -> std::convertible_to<bool>;
   { i.remove(ids) } -> std::convertible_to<std::size_t>;
   i.add(codes, ids, duplicates::replace);
  };

}}}

#endif

// ---- hint/search/hit_matrix.hpp
#ifndef HINT_SEARCH_HIT_MATRIX_HPP
#define HINT_SEARCH_HIT_MATRIX_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// What stands where a query has no further hits.
struct hit_filling {
 std::int64_t id = -1;                                                ///< as in Faiss
 std::int32_t distance = (std::numeric_limits<std::int32_t>::max)();  ///< as in Faiss
 friend bool operator==(const hit_filling&, const hit_filling&) = default;
};

/// Ids and distances of `rows` queries with `cols` places each, row after row.
struct hit_matrix {
 std::size_t rows = 0;
 std::size_t cols = 0;
 std::vector<std::int64_t> ids;
 std::vector<std::int32_t> distances;

 friend bool operator==(const hit_matrix&, const hit_matrix&) = default;
};

/// The first `cols` hits of every query, filled up behind the last.
HINT_LAZY
[[nodiscard]] hit_matrix to_matrix(const hits& found, std::size_t cols,
                  const hit_filling& filling = {}) {
 hit_matrix out{found.size(), cols, {}, {}};
 expects(cols == 0 || out.rows <= out.ids.max_size() / cols, "to_matrix: ", out.rows, " x ", cols,
     " places are more than memory can hold");
 out.ids.assign(out.rows * cols, filling.id);
 out.distances.assign(out.rows * cols, filling.distance);
 for (std::size_t q = 0; q < out.rows; ++q) {
  const std::size_t count = (std::min)(cols, found[q].size());
  for (std::size_t i = 0; i < count; ++i) {
   const auto [distance, id] = found[q][i];
   expects(std::in_range<std::int32_t>(distance), "to_matrix: hit ", i, " of query ", q,
       " has distance ", distance, ", expected no more than 2147483647");
   expects(id != filling.id || std::cmp_not_equal(distance, filling.distance), "to_matrix: hit ",
       i, " of query ", q, " has id ", id, " and distance ", distance,
       ", as the filling has; take another");
   out.ids[q * cols + i] = id;
   out.distances[q * cols + i] = static_cast<std::int32_t>(distance);
  }
 }
 return out;
}
/// The same with as many columns as the longest row has hits, so that nothing is left out.
HINT_LAZY
[[nodiscard]] hit_matrix to_matrix(const hits& found, const hit_filling& filling = {}) {
 std::size_t cols = 0;
 for (std::size_t q = 0; q < found.size(); ++q) cols = (std::max)(cols, found[q].size());
 return to_matrix(found, cols, filling);
}

/// The way back: every row up to its first filling, put in the order of all hits, by (distance,
/// id); other programs leave those of equal distance in any order.
HINT_LAZY
[[nodiscard]] hits to_hits(const hit_matrix& matrix, const hit_filling& filling = {}) {
 const auto fits = [&](std::size_t values) {
  return matrix.rows == 0 || matrix.cols == 0
        ? values == 0
        : values % matrix.cols == 0 && values / matrix.cols == matrix.rows;
 };
 expects<shape_error>(fits(matrix.ids.size()) && fits(matrix.distances.size()),
            "to_hits: ", matrix.ids.size(), " ids and ", matrix.distances.size(),
            " distances, expected ", matrix.rows, " x ", matrix.cols, " each");
 std::vector<std::vector<hit>> rows(matrix.rows);
 for (std::size_t q = 0; q < matrix.rows; ++q) {
  bool filled = false;
  for (std::size_t i = 0; i < matrix.cols; ++i) {
   const hit_filling place{matrix.ids[q * matrix.cols + i],
               matrix.distances[q * matrix.cols + i]};
   if (place == filling) {
    filled = true;
    continue;
   }
   expects(!filled, "to_hits: query ", q, " has a hit in column ", i, ", behind the filling");
   expects(place.distance >= 0, "to_hits: distance ", place.distance, " of query ", q,
       " in column ", i, ", expected 0 or more");
   rows[q].push_back({static_cast<std::uint32_t>(place.distance), place.id});
  }
  if (!std::is_sorted(rows[q].begin(), rows[q].end())) std::sort(rows[q].begin(), rows[q].end());
 }
 return hits(rows);
}

}}}

#endif

// ---- hint/search/scan/scan_index.hpp
#ifndef HINT_SEARCH_SCAN_SCAN_INDEX_HPP
#define HINT_SEARCH_SCAN_SCAN_INDEX_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class scan_index {
 public:
 scan_index(std::size_t bits, std::string_view owner) : store_(bits, owner) {}

 [[nodiscard]] const code_store& store() const noexcept { return store_; }
 [[nodiscard]] code_store& store() noexcept { return store_; }
 HINT_LAZY
 void refresh(const context& = {}) {
  if (store_.mostly_removed()) store_.compact();
 }
 template <search_filter Filter>
 [[nodiscard]] hits nearest(const code_view& queries, std::size_t k, const Filter& filter,
               const context& ctx, const radii& within = radii::any) const {
  return scan_nearest(store_, queries, k, filter, ctx, within);
 }
 template <search_filter Filter>
 [[nodiscard]] hits within(const code_view& queries, const radii& within, const Filter& filter,
              const context& ctx) const {
  return scan_radius(store_, queries, within, filter, ctx);
 }

 private:
 code_store store_;
};

}}}

#endif

// ---- hint/search/linear_scan.hpp
#ifndef HINT_SEARCH_LINEAR_SCAN_HPP
#define HINT_SEARCH_LINEAR_SCAN_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// Exact Hamming search over all codes; models `hamming_index`, `range_searchable` and `removable`.
class linear_scan : public index_interface<linear_scan, detail::scan_index> {
 public:
 static constexpr std::string_view name = "linear_scan";

 /// Throws `invalid_argument` for bits outside 1 .. 16384.
 explicit linear_scan(std::size_t bits) : index_interface(detail::scan_index(bits, name)) {}

 /// As `read`, without copying: searches go to the mapped file, as long as this or a copy lives.
 template <class Reader>
 [[nodiscard]] static linear_scan map(std::span<const Reader> sections) {
  return from(sections, detail::where::file);
 }
};

}}}

#endif

// ---- hint/search/multi_index.hpp
#ifndef HINT_SEARCH_MULTI_INDEX_HPP
#define HINT_SEARCH_MULTI_INDEX_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// When an index scans although it has tables.
enum class scan_fallback : std::uint8_t {
 when_faster,  ///< as soon as the tables are foreseen to take longer
 when_needed   ///< only when the tables cannot answer; to measure them
};

struct multi_index_options {
 /// How many substrings of the codes have a table; 0: chosen by what searches among the first codes
 /// would cost, and none when no number is faster than scanning.
 std::size_t tables = 0;
 scan_fallback fallback = scan_fallback::when_faster;

 void validate() const { option_in("tables", tables, 0, 64); }
};

/// Exact Hamming search by multi-index hashing; models `hamming_index`, `range_searchable` and
/// `removable`.
class multi_index
  : public index_interface<multi_index, detail::adaptive_index<detail::structures::tables>> {
 public:
 static constexpr std::string_view name = "multi_index";
 using options = multi_index_options;

 /// Throws `invalid_argument` for bits outside 1 .. 16384, `invalid_option` for more tables than
 /// bits.
 explicit multi_index(std::size_t bits, const options& o = {})
   : index_interface(
      {bits, checked(bits, o).tables, o.fallback == scan_fallback::when_faster, name}),
    options_(o) {}

 /// How many tables there are now.
 [[nodiscard]] std::size_t tables() const noexcept { return engine_.tables(); }
 /// Builds tables for all codes now, without waiting for more of them.
 HINT_LAZY
 void build(const context& ctx = {}) { engine_.build(ctx); }

 private:
 friend index_interface;

 [[nodiscard]] static const options& checked(std::size_t bits, const options& o) {
  o.validate();
  expects<invalid_option>(o.tables <= bits || bits == 0, "option tables is ", o.tables,
              ", expected no more than the ", bits, " bits of a code");
  return o;
 }
 template <class Writer>
 void describe(Writer& archive) const {
  archive.meta("tables", options_.tables);
 }
 template <class Reader>
 [[nodiscard]] static multi_index made_for(std::size_t bits, const Reader& archive) {
  const auto tables = archive.template number<std::size_t>("tables");
  const std::size_t most = (std::min<std::size_t>)(bits, 64);
  archive.require(tables <= most, "tables is ", tables, ", expected 0 to ", most);
  return multi_index(bits, {.tables = tables});
 }

 options options_;
};

}}}

#endif

// ---- hint/search/scored_search.hpp
#ifndef HINT_SEARCH_SCORED_SEARCH_HPP
#define HINT_SEARCH_SCORED_SEARCH_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

namespace detail {

template <search_filter Filter>
struct scoring_collector {
 std::span<const std::uint32_t> limits;
 const code_store& store;
 const Filter& filter;
 std::size_t first;
 std::vector<asymmetric_scorer> scorers;
 std::vector<std::vector<scored_hit>> found;

 [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept { return limits[query]; }
 void offer(std::size_t query, std::uint32_t distance, std::int64_t id, std::size_t row) {
  if (accepts(filter, query, id))
   found[query - first].push_back(
     {distance, id, score_of_row(scorers[query - first], store, row)});
 }
};

}

/// Real-valued queries, query after query, and the threshold at which their values become bits: 1
/// for values >= threshold.
class real_queries {
 public:
 /// Values around 0: signs count.
 template <class Values>
  requires std::convertible_to<const Values&, std::span<const float>> &&
         (!std::same_as<Values, real_queries>)
 real_queries(const Values& values) noexcept : values_(values), by_sign_(true) {}
 /// Values around a threshold of one's own.
 real_queries(std::span<const float> values, float threshold) noexcept
   : values_(values), threshold_(threshold) {}

 [[nodiscard]] std::span<const float> values() const noexcept { return values_; }
 [[nodiscard]] float threshold() const noexcept { return threshold_; }
 /// The codes of the queries, of `bits` values each.
 [[nodiscard]] code_set binarised(std::size_t bits, std::string_view where) const {
  expects<shape_error>(values_.size() % bits == 0, where, ": ", values_.size(),
             " values are not a multiple of ", bits, " bits");
  expects(is_finite(threshold_), where, ": threshold is ", threshold_,
      ", expected a finite number");
  bool zero = false, other = !by_sign_;
  for (std::size_t i = 0; i < values_.size() && !other; ++i) {
   other = !is_finite(values_[i]) || (values_[i] != 0 && values_[i] != 1);
   zero = zero || (!other && values_[i] == 0);
  }
  expects(other || !zero, where,
      ": every value is 0 or 1, which the threshold 0 would make ones; expected values "
      "around 0, or a threshold with them, such as 0.5");
  code_set codes(bits, values_.size() / bits);
  for (std::size_t i = 0; i < values_.size(); ++i)
   codes.set_bit(i / bits, i % bits, values_[i] >= threshold_);
  return codes;
 }

 private:
 std::span<const float> values_;
 float threshold_ = 0;
 bool by_sign_ = false;
};

/// For every query the min(k, accepted) first accepted items by (distance ascending, score
/// descending, id ascending): distances are those of the binarised query, 1 for values at the
/// threshold and above, and what is equally far is ranked by how far values are from it
/// (`asymmetric_scorer`), also at the k-th place.
template <detail::stores_codes Index, search_filter Filter = accept_all>
[[nodiscard]] std::vector<std::vector<scored_hit>> search_scored(const Index& index,
                                 const real_queries& queries,
                                 std::size_t k,
                                 const Filter& filter = {},
                                 const context& ctx = {}) {
 const detail::code_store& store = index.store();
 const std::size_t bits = store.bits();
 const code_set codes = queries.binarised(bits, "search_scored");

 watched_phase phase(ctx.observer, "search");
 phase_share first_scan(phase, 0, 0.5), second_scan(phase, 0.5, 1);
 context scans = ctx;
 scans.observer = first_scan.ref();
 const hits nearest = detail::scan_nearest(store, codes, k, filter, scans);
 const code_view answered = codes.view().slice(0, nearest.size());
 std::vector<std::uint32_t> limits(answered.size());
 for (std::size_t q = 0; q < answered.size(); ++q)
  limits[q] = nearest[q].empty() ? 0 : nearest[q].back().distance + 1;

 std::vector<std::vector<scored_hit>> rows(answered.size());
 scans.observer = second_scan.ref();
 watched_phase scoring(scans.observer, "search");
 const detail::scan_plan plan = detail::scan_plan::of_chunks(answered.size(), store, 16);
 const std::size_t done = detail::run_in_rounds(
   scoring, plan, store, ctx.executor,
   [&](const detail::scan_part& part) {
    detail::scoring_collector<Filter> collector{limits, store, filter, part.begin, {}, {}};
    for (std::size_t q = part.begin; q < part.end; ++q)
     collector.scorers.emplace_back(queries.values().subspan(q * bits, bits),
                     queries.threshold());
    collector.found.resize(part.end - part.begin);
    return collector;
   },
   [&](auto& collector, const detail::scan_part& part) {
    detail::scan(store, answered, part, collector);
   },
   [&](std::size_t task, auto& collector) {
    for (std::size_t i = 0; i < collector.found.size(); ++i) {
     std::vector<scored_hit>& found = collector.found[i];
     const std::size_t q = plan.part(task).begin + i;
     std::sort(found.begin(), found.end(), detail::by_distance_and_score);
     const std::size_t count = (std::min)(found.size(), nearest[q].size());
     rows[q].assign(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count));
     found = {};
    }
   });
 if (done < plan.tasks()) rows.resize(plan.part(done).begin);
 phase.end();
 return rows;
}

}}}

#endif

#endif
