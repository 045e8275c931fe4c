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
#include <cstring>
#include <ctime>
#include <exception>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <new>
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

inline constexpr std::size_t max_bits = 4096;
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

 /// From rows of ceil(bits / 8) bytes, least significant bit first (as Faiss and
 /// `numpy.packbits(bitorder="little")` write them).
 [[nodiscard]] static code_set from_bytes(std::span<const std::byte> bytes, std::size_t bits) {
  code_set codes(bits);
  const std::size_t row = (bits + 7) / 8;
  expects<shape_error>(bytes.size() % row == 0, "code_set::from_bytes: ", bytes.size(),
             " bytes are not a multiple of ", row, " bytes per code of ", bits,
             " bits");
  codes.resize(bytes.size() / row);
  for (std::size_t i = 0; i < codes.size(); ++i) {
   std::memcpy(codes[i].data(), bytes.data() + i * row, row);
   codes[i].back() &= last_word_mask(bits);
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

// ---- hint/search/store/code_chunk.hpp
#ifndef HINT_SEARCH_STORE_CODE_CHUNK_HPP
#define HINT_SEARCH_STORE_CODE_CHUNK_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

class code_chunk {
 public:
 explicit code_chunk(std::size_t words) noexcept : words_(words) {}
 code_chunk(std::size_t words, const std::uint64_t* blocks, std::span<const std::int64_t> ids,
       std::shared_ptr<const void> keeper) noexcept
   : words_(words),
    rows_(ids.size()),
    blocks_(blocks),
    ids_(ids.data()),
    keeper_(std::move(keeper)) {}
 code_chunk(const code_chunk&) = delete;
 code_chunk& operator=(const code_chunk&) = delete;

 [[nodiscard]] std::size_t words() const noexcept { return words_; }
 [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
 [[nodiscard]] bool mapped() const noexcept { return keeper_ != nullptr; }
 [[nodiscard]] const std::uint64_t* blocks() const noexcept { return blocks_; }
 [[nodiscard]] std::span<const std::int64_t> ids() const noexcept { return {ids_, rows_}; }

 HINT_LAZY
 void reserve(std::size_t rows) {
  if (rows <= own_ids_.size()) return;
  own_blocks_.resize(block_words(words_, rows));
  blocks_ = own_blocks_.data();
  own_ids_.resize(rows);
  ids_ = own_ids_.data();
 }
 [[nodiscard]] std::size_t room() const noexcept { return own_ids_.size() - rows_; }
 void append(const code_view& codes, std::span<const std::int64_t> ids) noexcept {
  put_in_blocks(codes, rows_, own_blocks_.data());
  std::copy(ids.begin(), ids.end(), own_ids_.begin() + static_cast<std::ptrdiff_t>(rows_));
  rows_ += ids.size();
 }
 HINT_LAZY
 [[nodiscard]] std::shared_ptr<code_chunk> clone(std::size_t rows) const {
  auto copy = std::make_shared<code_chunk>(words_);
  copy->reserve((std::max)(rows, rows_));
  std::copy_n(blocks_, block_words(words_, rows_), copy->own_blocks_.begin());
  std::copy_n(ids_, rows_, copy->own_ids_.begin());
  copy->rows_ = rows_;
  return copy;
 }

 private:
 std::size_t words_;
 std::size_t rows_ = 0;
 const std::uint64_t* blocks_ = nullptr;
 const std::int64_t* ids_ = nullptr;
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
  for (std::size_t c = 0; c < chunks_.size(); ++c)
   for (std::size_t i = 0; i < chunks_[c]->rows(); ++i)
    if (live(firsts_[c] + i)) f(firsts_[c] + i, std::as_const(*chunks_[c]), i);
 }
 void code(std::size_t row, std::span<std::uint64_t> out) const noexcept {
  const std::size_t c = chunk_of(row);
  get_from_blocks(chunks_[c]->blocks(), row - firsts_[c], out);
 }
 HINT_LAZY
 [[nodiscard]] std::size_t find(std::int64_t id) const noexcept {
  if (ascending_) return find_ascending(id);
  if (!known_.rows.empty()) return known_.rows.find(id);
  for (std::size_t c = 0; c < chunks_.size(); ++c) {
   const auto ids = chunks_[c]->ids();
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
  const auto room = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)()) -
           static_cast<std::uint64_t>(largest_);
  expects(largest_ < 0 || codes.size() <= room, owner_, "::add: no ", codes.size(),
      " ids follow the largest so far, ", largest_);
  std::vector<std::int64_t> ids(codes.size());
  std::int64_t next = largest_;
  for (std::int64_t& id : ids) id = ++next;
  append(codes, ids, duplicates::refuse);
 }
 HINT_LAZY
 void add(const code_view& codes, std::span<const std::int64_t> ids, duplicates policy) {
  expects_codes(owner_, "::add", "codes", codes, bits_);
  expects<shape_error>(codes.size() == ids.size(), owner_, "::add: ", ids.size(), " ids for ",
             codes.size(), " codes");
  append(codes, ids, policy);
 }
 HINT_LAZY
 void add_mapped(const std::uint64_t* blocks, std::span<const std::int64_t> ids, bool in_order,
         std::shared_ptr<const void> keeper) {
  if (ids.empty()) return;
  const bool rising = in_order && (rows_ == 0 || (ascending_ && ids.front() > largest_));
  if (!rising) expects_new(ids);
  chunks_.reserve(chunks_.size() + 1);
  firsts_.reserve(chunks_.size() + 1);
  chunks_.push_back(std::make_shared<code_chunk>(words(), blocks, ids, std::move(keeper)));
  firsts_.push_back(rows_);
  rows_ += ids.size();
  ascending_ = rising;
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
    get_from_blocks(chunks_[c]->blocks(), i, codes[ids.size()]);
    ids.push_back(chunks_[c]->ids()[i]);
   }
   fresh.ascending_ =
     fresh.ascending_ && ascend(ids) &&
     (ids.empty() || fresh.rows_ == 0 || fresh.id(fresh.rows_ - 1) < ids.front());
   fresh.push(codes, ids);
  }
  fresh.largest_ = largest_;
  fresh.numbered_ = numbered_;
  *this = std::move(fresh);
 }

 private:
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
  return (std::size_t{4} << 20) / (8 * words()) / group_codes * group_codes;
 }

 HINT_LAZY
 [[nodiscard]] static bool ascend(std::span<const std::int64_t> ids) noexcept {
  return std::adjacent_find(ids.begin(), ids.end(), [](auto a, auto b) { return a >= b; }) ==
      ids.end();
 }
 HINT_LAZY
 [[nodiscard]] std::size_t find_ascending(std::int64_t id) const noexcept {
  const auto after = std::upper_bound(
    chunks_.begin(), chunks_.end(), id,
    [](std::int64_t value, const auto& chunk) { return value < chunk->ids().front(); });
  if (after == chunks_.begin()) return not_found;
  const auto c = static_cast<std::size_t>(after - chunks_.begin()) - 1;
  const auto ids = chunks_[c]->ids();
  const auto found = std::lower_bound(ids.begin(), ids.end(), id);
  const std::size_t row = firsts_[c] + static_cast<std::size_t>(found - ids.begin());
  return found != ids.end() && *found == id && live(row) ? row : not_found;
 }
 HINT_LAZY
 void remember() {
  if (!known_.rows.empty()) return;
  known_.rows.reserve(size());
  for_live([&](std::size_t row, const code_chunk& chunk, std::size_t i) {
   known_.rows.put(chunk.ids()[i], row);
  });
 }

 HINT_LAZY
 void append(const code_view& codes, std::span<const std::int64_t> ids, duplicates policy) {
  if (ids.empty()) return;
  const bool rising = (rows_ == 0 || ids.front() > largest_) && ascend(ids);
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
  note_largest(rising ? ids.back() : *std::max_element(ids.begin(), ids.end()));
 }
 HINT_LAZY
 [[nodiscard]] std::vector<std::size_t> claim(std::span<const std::int64_t> ids,
                        duplicates policy) {
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
 void expects_new(std::span<const std::int64_t> ids) const {
  std::vector<std::int64_t> all = this->ids();
  all.insert(all.end(), ids.begin(), ids.end());
  std::sort(all.begin(), all.end());
  const auto twice = std::adjacent_find(all.begin(), all.end());
  expects(twice == all.end(), owner_, ": id ", twice == all.end() ? 0 : *twice, " comes twice");
 }

 HINT_LAZY
 void push(const code_view& codes, std::span<const std::int64_t> ids) {
  const std::size_t most = chunk_rows();
  std::vector<std::shared_ptr<code_chunk>> fresh;
  std::size_t in_last = 0;
  if (!chunks_.empty() && !chunks_.back()->mapped() && chunks_.back()->rows() < most) {
   auto& last = chunks_.back();
   const std::size_t rows = last->rows();
   in_last = (std::min)(ids.size(), most - rows);
   const std::size_t wanted = (std::min)(most, (std::max)(rows + in_last, 2 * rows));
   if (last_chunk_mark_.copied) {
    last = last->clone(wanted);
    last_chunk_mark_.copied = false;
   } else if (last->room() < in_last) {
    last->reserve(wanted);
   }
  }
  for (std::size_t done = in_last; done < ids.size(); done += most) {
   fresh.push_back(std::make_shared<code_chunk>(words()));
   fresh.back()->reserve((std::min)(most, ids.size() - done));
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

}}}

#endif

// ---- hint/search/asymmetric.hpp
#ifndef HINT_SEARCH_ASYMMETRIC_HPP
#define HINT_SEARCH_ASYMMETRIC_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// Asymmetric distance computation (Gordo, Perronnin, Gong, Lazebnik, "Asymmetric distances for
/// binary embeddings", TPAMI 2014): the score of a query v and a code b is the sum over all bits j
/// of v_j (2 b_j - 1); more is nearer.
class asymmetric_scorer {
 public:
 /// O(32 * bits), and 8 KiB of memory for each word of a code.
 explicit asymmetric_scorer(std::span<const float> values)
   : bits_(checked(values)), table_(words_for(bits_) * bytes * entries) {
  for (std::size_t first = 0; first < bits_; first += 8)
   fill(values.subspan(first, (std::min)(std::size_t{8}, bits_ - first)),
      table_.data() + first / 8 * entries);
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

 [[nodiscard]] static std::size_t checked(std::span<const float> values) {
  expects(!values.empty() && values.size() <= max_bits, "asymmetric_scorer: ", values.size(),
      " values, expected 1 to ", max_bits);
  constexpr float largest = (std::numeric_limits<float>::max)();
  double sum = 0;
  for (std::size_t j = 0; j < values.size(); ++j) {
   const float size = values[j] < 0 ? -values[j] : values[j];
   expects(is_finite(values[j]), "asymmetric_scorer: value ", j, " is ", values[j],
       ", expected a finite number");
   sum += static_cast<double>(size);
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
 return scorer.score(
   store.chunk(c).blocks() + block_word(store.words(), row - store.first_row(c), 0),
   block_codes);
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
concept observer = hears<O, phase_report> || hears<O, step_report> || hears<O, epoch_report> ||
          hears<O, end_report> || requires(O& o) {
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

 private:
 template <class O, class Report>
 static void tell(void* object, const Report& r) {
  static_cast<O*>(object)->on(r);
 }

 void* object_ = nullptr;
 void (*phase_)(void*, const phase_report&) = nullptr;
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

/// Philox4x32-10: a bijection of 128-bit counters under a 64-bit key.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox4x32(
  std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) noexcept {
 for (int round = 0; round < 10; ++round) {
  const std::uint64_t p0 = std::uint64_t{0xD2511F53} * counter[0];
  const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * counter[2];
  counter = {
    static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
    static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
  key = {key[0] + 0x9E3779B9U, key[1] + 0xBB67AE85U};
 }
 return counter;
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

// ---- hint/core/until_stopped.hpp
#ifndef HINT_CORE_UNTIL_STOPPED_HPP
#define HINT_CORE_UNTIL_STOPPED_HPP

namespace hint { inline namespace HINT_ABI {

/// Calls f(begin, end) for parts of 0 .. n-1, one after the other, and asks the observer before
/// each.
inline std::size_t until_stopped(const observer_ref& observer, std::size_t n, std::size_t least,
                 range_ref f) {
 std::size_t part = observer.may_stop() ? (std::max<std::size_t>)(least, 1) : n;
 std::size_t done = 0;
 while (done < n && !observer.stop_requested()) {
  const std::size_t end = done + (std::min)(part, n - done);
  const double begin = detail::now_ns();
  f(done, end);
  const double took = detail::now_ns() - begin;
  if (took < 10e6 && part < n) part *= 2;
  if (took > 30e6) part = (std::max)({part / 2, least, std::size_t{1}});
  done = end;
 }
 return done;
}

/// `for_chunks` that can be stopped: the observer is asked on the calling thread while no chunk is
/// at work, so a chunk should take no more than some 20 ms.
inline std::size_t for_chunks_until_stopped(const context& ctx, std::size_t n, std::size_t chunk,
                      range_ref f) {
 chunk = (std::max<std::size_t>)(chunk, 1);
 const std::size_t chunks =
   until_stopped(ctx.observer, n / chunk + (n % chunk != 0), ctx.executor.concurrency(),
          [&](std::size_t first, std::size_t last) {
           const std::size_t begin = first * chunk;
           const std::size_t end = (std::min)(n, last * chunk);
           for_chunks(ctx.executor, end - begin, chunk,
                 [&](std::size_t b, std::size_t e) { f(begin + b, begin + e); });
          });
 return (std::min)(n, chunks * chunk);
}

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

// ---- hint/search/kernels/portable.hpp
#ifndef HINT_SEARCH_KERNELS_PORTABLE_HPP
#define HINT_SEARCH_KERNELS_PORTABLE_HPP

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
using scan_kernel = std::size_t (*)(const scan_job& job, std::size_t begin, candidate* out,
                  std::size_t& count) noexcept;

struct kernel_set {
 std::string_view name;
 distances_kernel distances;
 scan_kernel scan_one;   ///< one query
 scan_kernel scan_four;  ///< four, with one pass over the blocks
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
 std::uint64_t query[Queries][64];
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

#if defined(__aarch64__) && (defined(__GNUC__) || defined(__clang__))
#define HINT_SEARCH_NEON 1

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

// ---- hint/search/kernels/x86.hpp
#ifndef HINT_SEARCH_KERNELS_X86_HPP
#define HINT_SEARCH_KERNELS_X86_HPP

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HINT_SEARCH_X86 1

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#define HINT_POPCNT __attribute__((target("popcnt")))
#define HINT_AVX2 __attribute__((target("avx2")))
#define HINT_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vpopcntdq")))

namespace hint { inline namespace HINT_ABI { namespace search::detail {

HINT_POPCNT HINT_INLINE std::uint64_t popcnt(std::uint64_t x) noexcept {
 return static_cast<std::uint64_t>(__builtin_popcountll(x));
}
HINT_POPCNT inline void distances_popcnt(const std::uint64_t* blocks, std::size_t words,
                     std::size_t count, const std::uint64_t* query,
                     std::uint16_t* out) noexcept {
 for (std::size_t b = 0; b < count; ++b, out += block_codes) {
  std::uint64_t s04 = 0, s15 = 0, s26 = 0, s37 = 0;
  for (std::size_t w = 0; w < words; ++w, blocks += block_codes) {
   const std::uint64_t q = query[w];
   s04 += popcnt(q ^ blocks[0]) + (popcnt(q ^ blocks[4]) << 32);
   s15 += popcnt(q ^ blocks[1]) + (popcnt(q ^ blocks[5]) << 32);
   s26 += popcnt(q ^ blocks[2]) + (popcnt(q ^ blocks[6]) << 32);
   s37 += popcnt(q ^ blocks[3]) + (popcnt(q ^ blocks[7]) << 32);
  }
  constexpr std::uint64_t low = 0xffffffffULL;
  const std::uint64_t first = (s04 & low) | (s15 & low) << 16 | (s26 & low) << 32 | s37 << 48;
  const std::uint64_t last = s04 >> 32 | s15 >> 32 << 16 | s26 >> 32 << 32 | s37 >> 32 << 48;
  std::memcpy(out, &first, sizeof first);
  std::memcpy(out + 4, &last, sizeof last);
 }
}

using u64x4 = std::uint64_t __attribute__((vector_size(32)));
using s8x32 = char __attribute__((vector_size(32)));
using u16x16 = std::uint16_t __attribute__((vector_size(32)));

HINT_AVX2 HINT_INLINE u64x4 half_byte_counts(u64x4 x) noexcept {
 constexpr s8x32 table = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
              0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
 return reinterpret_cast<u64x4>(__builtin_ia32_pshufb256(table, reinterpret_cast<s8x32>(x)));
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

using u64x8 = std::uint64_t __attribute__((vector_size(64)));
using s64x8 = long long __attribute__((vector_size(64)));
using u16x8 = std::uint16_t __attribute__((vector_size(16)));

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

inline constexpr kernel_set popcnt_kernels{"popcnt", &distances_popcnt,
                      &scan_by_distances<&distances_popcnt, 1>,
                      &scan_by_distances<&distances_popcnt, 4>};
inline constexpr kernel_set avx2_kernels{"avx2", &distances_avx2,
                     &scan_by_distances<&distances_avx2, 1>,
                     &scan_by_distances<&distances_avx2, 4>};
inline constexpr kernel_set avx512_kernels{"avx512", &distances_avx512, &scan_one_avx512,
                      &scan_four_avx512};

}}}

#undef HINT_POPCNT
#undef HINT_AVX2
#undef HINT_AVX512

#endif

#endif

// ---- hint/search/kernels/kernels.hpp
#ifndef HINT_SEARCH_KERNELS_KERNELS_HPP
#define HINT_SEARCH_KERNELS_KERNELS_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

[[nodiscard]] inline std::vector<const kernel_set*> usable_kernels() {
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

[[nodiscard]] inline const kernel_set& kernels() {
 static const kernel_set& best = *usable_kernels().front();
 return best;
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

// ---- hint/search/scan/store_scan.hpp
#ifndef HINT_SEARCH_SCAN_STORE_SCAN_HPP
#define HINT_SEARCH_SCAN_STORE_SCAN_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

struct scan_part {
 std::size_t begin;
 std::size_t end;
 std::size_t first;
 std::size_t last;
};

class scan_plan {
 public:
 scan_plan(std::size_t queries, const code_store& store, std::size_t threads) noexcept
   : queries_(queries), rows_(store.rows()) {
  constexpr std::size_t most_queries = 512;
  constexpr std::size_t least_words = std::size_t{1} << 18;
  threads = (std::max<std::size_t>)(threads, 1);
  if (queries == 0) return;
  const std::size_t rounds = (queries - 1) / (threads * most_queries) + 1;
  const std::size_t each = (queries - 1) / (threads * rounds) + 1;
  chunk_ = (each + 3) / 4 * 4;
  const std::size_t chunks = (queries + chunk_ - 1) / chunk_;
  parts_ = (std::max<std::size_t>)(1, (std::min)((threads + chunks - 1) / chunks,
                          rows_ * store.words() / least_words));
 }
 [[nodiscard]] std::size_t row_parts() const noexcept { return parts_; }
 [[nodiscard]] std::size_t tasks() const noexcept {
  return (queries_ + chunk_ - 1) / chunk_ * parts_;
 }
 [[nodiscard]] scan_part part(std::size_t task) const noexcept {
  const std::size_t begin = task / parts_ * chunk_;
  const std::size_t p = task % parts_;
  return {begin, (std::min)(queries_, begin + chunk_), split(p), split(p + 1)};
 }

 private:
 [[nodiscard]] std::size_t split(std::size_t p) const noexcept {
  return rows_ / parts_ * p + (std::min)(p, rows_ % parts_);
 }
 std::size_t queries_;
 std::size_t rows_;
 std::size_t chunk_ = 4;
 std::size_t parts_ = 1;
};

template <class F>
void for_block_runs(const code_store& store, std::size_t first, std::size_t last, std::size_t most,
          F&& f) {
 constexpr std::size_t group = group_codes / block_codes;
 most = (std::max)(group, most / group * group);
 if (first >= last) return;
 for (std::size_t c = store.chunk_of(first); c < store.chunk_count(); ++c) {
  const std::size_t begins = store.first_row(c);
  if (begins >= last) return;
  const std::size_t rows = store.chunk(c).rows();
  const std::size_t stop = padded_rows((std::min)(last - begins, rows)) / block_codes;
  std::size_t b =
    first > begins ? padded_rows((std::min)(first - begins, rows)) / block_codes : 0;
  for (; b < stop; b += most) f(c, b, (std::min)(stop, b + most));
 }
}

[[nodiscard]] constexpr std::size_t check_after(std::size_t words, std::uint32_t limit) noexcept {
 for (std::size_t w = limit / 32 + 1; w + 2 <= words; ++w)
  if (32 * w > limit && (32 * w - limit) * (32 * w - limit) >= 256 * w) return w;
 return 0;
}

template <class Limits, class Offer>
void scan_blocks(scan_kernel kernel, const std::uint64_t* blocks, std::size_t words,
         std::size_t begin, std::size_t end, const std::uint64_t* queries,
         Limits&& limits_now, Offer&& offer) {
 std::array<candidate, most_candidates> found;
 std::array<std::uint32_t, 4> limits{};
 while (begin < end) {
  const std::uint32_t highest = limits_now(limits);
  if (highest == 0) return;
  std::size_t count = 0;
  begin = kernel({blocks, words, end, queries, limits.data(), check_after(words, highest)}, begin,
          found.data(), count);
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
 const kernel_set& kernel = kernels();
 const std::size_t words = store.words();
 const interleaved_queries interleaved(queries, part.begin, part.end);
 const std::size_t fours = interleaved.fours();
 const std::size_t tile = part.end - part.begin > 1 ? 2048 / words : std::size_t{1} << 30;
 for_block_runs(
   store, part.first, part.last, tile, [&](std::size_t c, std::size_t b, std::size_t end) {
    const code_chunk& chunk = store.chunk(c);
    const std::size_t first_row = store.first_row(c);
    const auto pass = [&](scan_kernel go, const std::uint64_t* asked, std::size_t first,
               std::size_t together) {
     const auto limits_now = [&](std::array<std::uint32_t, 4>& limits) {
      std::uint32_t highest = 0;
      for (std::size_t q = 0; q < together && first + q < part.end; ++q)
       highest = (std::max)(highest, limits[q] = collector.limit(first + q));
      return highest;
     };
     scan_blocks(go, chunk.blocks(), words, b, end, asked, limits_now,
           [&](const candidate& x) {
            const std::size_t row = first_row + x.row;
            if (x.row >= chunk.rows() || !store.live(row)) return;
            const std::int64_t id = chunk.ids()[x.row];
            if constexpr (requires { collector.offer(0U, 0U, id, row); }) {
             collector.offer(first + x.query, x.distance, id, row);
            } else {
             collector.offer(first + x.query, x.distance, id);
            }
           });
    };
    const std::uint64_t* next = chunk.blocks() + end * words * block_codes;
    const std::size_t next_end =
      (std::min)(2 * end - b, padded_rows(chunk.rows()) / block_codes);
    const std::size_t lines = fours > 1 ? (next_end - end) * words : 0;
    for (std::size_t g = 0; g < fours; ++g) {
     pass(kernel.scan_four, interleaved.four(g), part.begin + g * 4, 4);
     for (std::size_t line = lines * g / fours; line < lines * (g + 1) / fours; ++line)
      hint::detail::prefetch(next + line * block_codes);
    }
    for (std::size_t q = part.begin + fours * 4; q < part.end; ++q)
     pass(kernel.scan_one, queries[q].data(), q, 1);
   });
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
 const kernel_set& kernel = kernels();
 const std::size_t words = store.words();
 const scan_plan plan(queries.size(), store, ctx.executor.concurrency());
 std::vector<distance_histograms> found(plan.row_parts(),
                     distance_histograms(queries.size(), store.bits()));
 ctx.executor.bulk(plan.tasks(), [&](std::size_t task) {
  const scan_part part = plan.part(task);
  auto& mine = found[task % plan.row_parts()];
  bin_counts counts(64 * words + 1);
  std::vector<std::uint16_t> distances(tile * block_codes);
  for_block_runs(store, part.first, part.last, tile,
          [&](std::size_t c, std::size_t b, std::size_t end) {
           const code_chunk& chunk = store.chunk(c);
           const std::size_t first = b * block_codes;
           const std::size_t rows = (std::min)(end * block_codes, chunk.rows()) - first;
           for (std::size_t q = part.begin; q < part.end; ++q) {
            kernel.distances(chunk.blocks() + first * words, words, end - b,
                    queries[q].data(), distances.data());
            if (store.removed() == 0) {
             counts.add(std::span(distances).first(rows));
            } else {
             for (std::size_t i = 0; i < rows; ++i)
              if (store.live(store.first_row(c) + first + i)) counts.add(distances[i]);
            }
            counts.move_to(mine[q]);
           }
          });
 });
 for (std::size_t p = 1; p < found.size(); ++p)
  for (std::size_t q = 0; q < queries.size(); ++q)
   for (std::size_t d = 0; d <= store.bits(); ++d) found[0][q][d] += found[p][q][d];
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

// ---- hint/search/store/store_archive.hpp
#ifndef HINT_SEARCH_STORE_STORE_ARCHIVE_HPP
#define HINT_SEARCH_STORE_STORE_ARCHIVE_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

enum class where : std::uint8_t { memory, file };

template <class Writer>
void write_store(Writer& archive, const code_store& store) {
 const std::size_t words = store.words();
 aligned_buffer<std::uint64_t> blocks(block_words(words, store.size()));
 std::vector<std::int64_t> ids(store.size());
 std::vector<std::uint64_t> code(words);
 std::size_t row = 0;
 store.for_live([&](std::size_t, const code_chunk& chunk, std::size_t i) {
  get_from_blocks(chunk.blocks(), i, code);
  put_in_blocks(code_view(code, 64 * words), row, blocks.data());
  ids[row++] = chunk.ids()[i];
 });
 archive.meta("bits", store.bits());
 archive.meta("rows", store.size());
 if (store.numbered()) archive.meta("largest_id", store.largest());
 archive.meta("ids_ascend", store.ascending());
 archive.array("blocks", std::move(blocks), padded_rows(row) / block_codes, block_codes * words);
 archive.array("ids", std::move(ids), row, std::size_t{1});
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
 const std::size_t words = store.words();
 const auto rows = archive.template number<std::size_t>("rows");
 const auto blocks = archive.template array<std::uint64_t>("blocks");
 const auto ids = archive.template array<std::int64_t>("ids");
 archive.require(archive.rows("ids") == rows && archive.cols("ids") == 1, "array 'ids' is ",
         archive.rows("ids"), " x ", archive.cols("ids"), ", expected ", rows, " x 1");
 constexpr std::size_t group_blocks = group_codes / block_codes;
 const std::size_t expected =
   (rows / group_codes + (rows % group_codes != 0 ? 1 : 0)) * group_blocks;
 archive.require(
   archive.rows("blocks") == expected && archive.cols("blocks") == block_codes * words,
   "array 'blocks' is ", archive.rows("blocks"), " x ", archive.cols("blocks"), ", expected ",
   expected, " x ", block_codes * words, " for ", rows, " codes of ", store.bits(), " bits");
 try {
  if (place == where::file) {
   store.add_mapped(blocks.data(), ids, archive.template number<bool>("ids_ascend"),
            std::make_shared<Reader>(archive));
  } else {
   constexpr std::size_t portion = 4096;
   code_set codes(store.bits());
   for (std::size_t first = 0; first < rows; first += portion) {
    codes.resize((std::min)(portion, rows - first));
    for (std::size_t i = 0; i < codes.size(); ++i)
     get_from_blocks(blocks.data(), first + i, codes[i]);
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
 /// O(log n) when ids came in ascending order, else O(n) until the first change by id.
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
 void add(const code_view& codes) {
  engine_.store().add(codes);
  engine_.refresh();
 }
 /// Adds codes under ids of one's own, a range of any integers.
 template <id_range Ids>
 void add(const code_view& codes, const Ids& ids, duplicates policy = duplicates::refuse) {
  engine_.store().add(codes, detail::as_ids(ids, Index::name, "::add"), policy);
  engine_.refresh();
 }
 void add(const code_view& codes, std::initializer_list<std::int64_t> ids,
      duplicates policy = duplicates::refuse) {
  add(codes, std::span(ids.begin(), ids.size()), policy);
 }
 /// Removes the codes of these ids, those that are there; returns how many that were.
 template <id_range Ids>
 std::size_t remove(const Ids& ids) {
  const std::size_t count = engine_.store().remove(detail::as_ids(ids, Index::name, "::remove"));
  engine_.refresh();
  return count;
 }
 std::size_t remove(std::initializer_list<std::int64_t> ids) {
  return remove(std::span(ids.begin(), ids.size()));
 }

 /// For every query the min(k, accepted) nearest accepted items by ascending (distance, id).
 template <search_filter Filter = accept_all>
 [[nodiscard]] hits search(const code_view& queries, std::size_t k, const Filter& filter = {},
              const context& ctx = {}) const {
  expects_codes(Index::name, "::search", "queries", queries, bits());
  return in_parts(queries, filter, ctx, [&](const code_view& some, const auto& accepting) {
   return engine_.nearest(some, k, accepting, ctx);
  });
 }
 /// For every query all accepted items with distance <= radius by ascending (distance, id).
 template <search_filter Filter = accept_all>
 [[nodiscard]] hits search_radius(const code_view& queries, std::size_t radius,
                  const Filter& filter = {}, const context& ctx = {}) const {
  expects_codes(Index::name, "::search_radius", "queries", queries, bits());
  return in_parts(queries, filter, ctx, [&](const code_view& some, const auto& accepting) {
   return engine_.within(some, radius, accepting, ctx);
  });
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
 /// search(some queries, filter for them) for parts of the queries, until asked to stop.
 template <search_filter Filter, class Search>
 [[nodiscard]] static hits in_parts(const code_view& queries, const Filter& filter,
                   const context& ctx, Search&& search) {
  hits found;
  until_stopped(ctx.observer, queries.size(), 1, [&](std::size_t begin, std::size_t end) {
   const code_view some = queries.slice(begin, end - begin);
   hits more;
   if constexpr (query_filter<Filter>)
    more = search(some, [&filter, begin](std::size_t query, std::int64_t id) {
     return static_cast<bool>(filter(begin + query, id));
    });
   else
    more = search(some, filter);
   if (begin == 0)
    found = std::move(more);
   else
    found.append(more);
  });
  return found;
 }
 [[nodiscard]] const Index& self() const noexcept { return static_cast<const Index&>(*this); }
};

}}}

#endif

// ---- hint/search/hamming.hpp
#ifndef HINT_SEARCH_HAMMING_HPP
#define HINT_SEARCH_HAMMING_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// The instruction set that searches use here: "avx512", "avx2", "popcnt", "neon" or "portable".
[[nodiscard]] inline std::string_view instruction_set() { return detail::kernels().name; }

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
  detail::put_in_blocks(codes, 0, blocks_.data());
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
  detail::kernels().distances(blocks_.data() + first * query.size(), query.size(),
                out.size() / detail::block_codes, query.data(), out.data());
 }

 private:
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
[[nodiscard]] code_set choose_centroids(const code_view& codes, std::size_t count) {
 const random_stream random(0, stream_id("cells"));
 const code_blocks blocks(codes);
 std::vector<std::uint16_t> found(code_blocks::padded(codes.size())), least(codes.size(), 0x7fff);
 std::vector<std::uint64_t> luck(codes.size());
 for (std::size_t i = 0; i < luck.size(); ++i) luck[i] = random.below(i, 1 << 14);
 code_set centroids(codes.bits());
 for (std::size_t c = 0, next = 0; c < count; ++c) {
  centroids.append(codes.slice(next, 1));
  blocks.distances(codes[next], 0, found);
  std::uint64_t highest = 0;
  for (std::size_t i = 0; i < codes.size(); ++i) {
   least[i] = (std::min)(least[i], found[i]);
   const std::uint64_t d = least[i];
   const std::uint64_t score = d * d * d * luck[(i + c * 977) % codes.size()];
   if (score > highest) highest = score, next = i;
  }
  if (highest == 0) break;
 }
 for (int round = 0; round < 2; ++round) {
  const coarse_centroids nearest_to(centroids);
  std::vector<std::int32_t> balance(centroids.size() * codes.bits(), 0);
  std::vector<std::uint16_t> distances;
  for (std::size_t i = 0; i < codes.size(); ++i) {
   nearest_to.distances(codes[i], distances);
   std::int32_t* mine = balance.data() + coarse_centroids::nearest(distances) * codes.bits();
   for (std::size_t j = 0; j < codes.bits(); ++j) mine[j] += codes.bit(i, j) ? 1 : -1;
  }
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
 inverted_lists(const code_store& store, std::size_t rows, const code_view& centroids)
   : centroids_(centroids), words_(store.words()), row_count_(rows), lists_(centroids.size()) {
  const std::size_t distances = 64 * words_ + 1;
  std::vector<std::uint32_t> starts(lists_.size() * distances + 1, 0), keys(rows, none);
  std::vector<std::uint16_t> found;
  std::vector<std::uint64_t> code(words_);
  const auto for_live = [&](auto&& f) {
   store.for_live([&](std::size_t row, const code_chunk& chunk, std::size_t i) {
    if (row >= rows) return;
    get_from_blocks(chunk.blocks(), i, code);
    f(row);
   });
  };
  for_live([&](std::size_t row) {
   centroids_.distances(code, found);
   const std::size_t nearest = coarse_centroids::nearest(found);
   keys[row] = static_cast<std::uint32_t>(nearest * distances + found[nearest]);
   ++starts[keys[row]];
  });
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
  for_live([&](std::size_t row) {
   const std::size_t place = starts[keys[row]]++;
   put_in_blocks(code_view(code, 64 * words_), place, blocks_.data());
   rows_[place] = static_cast<std::uint32_t>(row);
   distances_[place] = static_cast<std::uint16_t>(keys[row] % distances);
  });
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

// ---- hint/search/merge.hpp
#ifndef HINT_SEARCH_MERGE_HPP
#define HINT_SEARCH_MERGE_HPP

namespace hint { inline namespace HINT_ABI { namespace search {

/// The k first of what several indexes found for the same queries.
HINT_LAZY
[[nodiscard]] hits merge(std::span<const hits> results,
             std::size_t k = (std::numeric_limits<std::size_t>::max)()) {
 std::vector<std::vector<hit>> rows(results.empty() ? 0 : results.front().size());
 for (const hits& part : results)
  expects<shape_error>(part.size() == rows.size(), "merge: results of ", part.size(),
             " queries among results of ", rows.size());
 for (std::size_t q = 0; q < rows.size(); ++q) {
  std::vector<hit>& row = rows[q];
  for (const hits& part : results) {
   std::vector<hit> both(row.size() + part[q].size());
   std::merge(row.begin(), row.end(), part[q].begin(), part[q].end(), both.begin());
   if (both.size() > k) both.resize(k);
   row.swap(both);
  }
 }
 return hits(rows);
}

}}}

#endif

// ---- hint/search/scan/top_k.hpp
#ifndef HINT_SEARCH_SCAN_TOP_K_HPP
#define HINT_SEARCH_SCAN_TOP_K_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

HINT_LAZY
void sort_hits(std::vector<hit>& list, std::size_t bits) {
 if (list.size() <= bits) {
  std::sort(list.begin(), list.end());
  return;
 }
 std::vector<std::size_t> start(bits + 2, 0);
 for (const hit& h : list) ++start[h.distance + 1];
 for (std::size_t d = 0; d <= bits; ++d) start[d + 1] += start[d];
 std::vector<hit> sorted(list.size());
 for (const hit& h : list) sorted[start[h.distance]++] = h;
 auto first = sorted.begin();
 for (std::size_t d = 0; d <= bits; ++d) {
  const auto last = sorted.begin() + static_cast<std::ptrdiff_t>(start[d]);
  if (!std::is_sorted(first, last)) std::sort(first, last);
  first = last;
 }
 list.swap(sorted);
}

enum class id_order : std::uint8_t { any, ascending };

class top_k {
 public:
 top_k(std::size_t bits, std::size_t k, id_order order = id_order::any)
   : counts_(bits + 1),
    k_(k),
    most_(k + (std::max<std::size_t>)(k, 256)),
    bound_(static_cast<std::uint32_t>(bits)),
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
          const Filter& filter, id_order order)
   : first_(part.begin),
    best_(part.end - part.begin, top_k(most_distance(store), k, order)),
    filter_(filter) {}
 [[nodiscard]] std::uint32_t limit(std::size_t query) const noexcept {
  return best_[query - first_].limit();
 }
 void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
  top_k& best = best_[query - first_];
  const hit candidate{distance, id};
  if (best.admits(candidate) && accepts(filter_, query, id)) best.add(candidate);
 }
 [[nodiscard]] std::vector<hit> take(std::size_t query) { return best_[query - first_].take(); }

 private:
 std::size_t first_;
 std::vector<top_k> best_;
 const Filter& filter_;
};

template <search_filter Filter>
class radius_collector {
 public:
 radius_collector(const code_store& store, const scan_part& part, std::size_t radius,
          const Filter& filter)
   : first_(part.begin),
    limit_(static_cast<std::uint32_t>((std::min)(radius, most_distance(store))) + 1),
    bits_(most_distance(store)),
    found_(part.end - part.begin),
    filter_(filter) {}
 [[nodiscard]] std::uint32_t limit(std::size_t) const noexcept { return limit_; }
 void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
  if (accepts(filter_, query, id)) found_[query - first_].push_back({distance, id});
 }
 [[nodiscard]] std::vector<hit> take(std::size_t query) {
  sort_hits(found_[query - first_], bits_);
  return std::move(found_[query - first_]);
 }

 private:
 std::size_t first_;
 std::uint32_t limit_;
 std::size_t bits_;
 std::vector<std::vector<hit>> found_;
 const Filter& filter_;
};

template <class Make>
[[nodiscard]] hits scan_in_parts(const code_store& store, const code_view& queries, std::size_t k,
                 const context& ctx, Make&& make) {
 const scan_plan plan(queries.size(), store, ctx.executor.concurrency());
 std::vector<std::vector<std::vector<hit>>> found(plan.row_parts(),
                          std::vector<std::vector<hit>>(queries.size()));
 ctx.executor.bulk(plan.tasks(), [&](std::size_t task) {
  const scan_part part = plan.part(task);
  auto collector = make(part);
  scan(store, queries, part, collector);
  auto& mine = found[task % plan.row_parts()];
  for (std::size_t q = part.begin; q < part.end; ++q) mine[q] = collector.take(q);
 });
 if (found.size() == 1) return hits(found.front());
 std::vector<hits> parts;
 for (const auto& rows : found) parts.emplace_back(rows);
 return merge(parts, k);
}

template <search_filter Filter>
[[nodiscard]] hits scan_nearest(const code_store& store, const code_view& queries, std::size_t k,
                const Filter& filter, const context& ctx) {
 k = (std::min)(k, store.size());
 return scan_in_parts(store, queries, k, ctx, [&](const scan_part& part) {
  return nearest_collector<Filter>(store, part, k, filter, order_of(store));
 });
}
template <search_filter Filter>
[[nodiscard]] hits scan_radius(const code_store& store, const code_view& queries,
                std::size_t radius, const Filter& filter, const context& ctx) {
 return scan_in_parts(store, queries, store.size(), ctx, [&](const scan_part& part) {
  return radius_collector<Filter>(store, part, radius, filter);
 });
}

#if defined(HINT_COMPILED)
HINT_EXTERN template hits scan_nearest(const code_store&, const code_view&, std::size_t,
                    const accept_all&, const context&);
HINT_EXTERN template hits scan_radius(const code_store&, const code_view&, std::size_t,
                   const accept_all&, const context&);
#endif

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
 substring_tables(const code_store& store, std::size_t rows, std::vector<substring> cuts)
   : cuts_(std::move(cuts)),
    words_(store.words()),
    row_count_(rows),
    codes_(rows * store.words()),
    starts_(cuts_.size()),
    rows_(cuts_.size()),
    inside_(cuts_.size()) {
  std::vector<std::uint32_t> live;
  live.reserve(rows);
  for (std::size_t c = 0; c < store.chunk_count() && store.first_row(c) < rows; ++c) {
   const std::size_t first = store.first_row(c);
   const std::size_t count = (std::min)(store.chunk(c).rows(), rows - first);
   for (std::size_t i = 0; i < count; ++i) {
    get_from_blocks(store.chunk(c).blocks(), i,
            std::span(codes_).subspan((first + i) * words_, words_));
    if (store.live(first + i)) live.push_back(static_cast<std::uint32_t>(first + i));
   }
  }
  std::vector<std::uint32_t> values(live.size());
  for (std::size_t t = 0; t < cuts_.size(); ++t) {
   auto& starts = starts_[t];
   starts.assign((std::size_t{1} << cuts_[t].bits) + 1, 0);
   for (std::size_t i = 0; i < live.size(); ++i) {
    values[i] = value_of(codes_.data() + live[i] * words_, cuts_[t]);
    ++starts[values[i]];
   }
   std::uint32_t sum = 0;
   for (std::uint32_t& start : starts) sum += std::exchange(start, sum);
   rows_[t].resize(live.size());
   if (inside()) inside_[t].resize(live.size() * words_);
   for (std::size_t i = 0; i < live.size(); ++i) {
    const std::size_t place = starts[values[i]]++;
    rows_[t][place] = live[i];
    if (inside())
     std::copy_n(codes_.data() + live[i] * words_, words_, inside_[t].data() + place * words_);
   }
   std::copy_backward(starts.begin(), starts.end() - 1, starts.end());
   starts.front() = 0;
  }
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
 nearest_rows(const code_store& store, std::size_t query, std::size_t k, const Filter& filter)
   : by_row<nearest_collector<Filter>>(
      store, query, {store, {query, query + 1, 0, 0}, k, filter, id_order::any}) {}
};
template <search_filter Filter>
struct rows_within : by_row<radius_collector<Filter>> {
 rows_within(const code_store& store, std::size_t query, std::size_t radius, const Filter& filter)
   : by_row<radius_collector<Filter>>(store, query,
                     {store, {query, query + 1, 0, 0}, radius, filter}) {}
};

}}}

#endif

// ---- hint/search/multi_index/adaptive_index.hpp
#ifndef HINT_SEARCH_MULTI_INDEX_ADAPTIVE_INDEX_HPP
#define HINT_SEARCH_MULTI_INDEX_ADAPTIVE_INDEX_HPP

namespace hint { inline namespace HINT_ABI { namespace search::detail {

using ::hint::detail::now_ns;

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

 void refresh() {
  if (store_.mostly_removed()) {
   forget();
   store_.compact();
  }
  const std::size_t least = wanted_ == 0 ? (std::size_t{1} << 15) : group_codes;
  if (store_.rows() - seen_ > (std::max)(least, seen_ / 8)) build();
 }
 void build() {
  forget();
  seen_ = store_.rows();
  const std::size_t last =
    store_.chunk_count() == 0 ? 0 : store_.first_row(store_.chunk_count() - 1);
  const std::size_t rows = last + (store_.rows() - last) / group_codes * group_codes;
  if (rows == 0 || store_.size() == 0 || rows >= inverted_lists::none) return;
  const code_set samples = sample(16);
  const distance_profile profile = profile_of(samples);
  costs_ = time_scans(samples);
  search_costs costs = costs_;
  if (store_.words() <= substring_tables::most_words_inside)
   costs.lookup = 16, costs.candidate = 4;
  table_choice choice = choose_tables(store_.bits(), rows, profile, costs);
  if (wanted_ != 0) choice.tables = wanted_;
  covered_ = rows;
  if constexpr (Allowed == structures::tables_and_lists)
   build_lists(samples, profile, choice.cost);
  if (choice.tables != 0) build_tables(choice.tables, samples, profile, costs);
  if (tables_ == nullptr && lists_ == nullptr) covered_ = 0;
 }

 template <search_filter Filter>
 [[nodiscard]] hits nearest(const code_view& queries, std::size_t k, const Filter& filter,
               const context& ctx) const {
  k = (std::min)(k, store_.size());
  if (covered_ == 0 || k == 0) return scan_nearest(store_, queries, k, filter, ctx);
  const bool by_lists = lists_ != nullptr && k <= list_k_;
  if (!by_lists && tables_ == nullptr) return scan_nearest(store_, queries, k, filter, ctx);
  std::vector<std::uint32_t> limits;
  for (std::size_t i = 0; tables_ != nullptr && i < tables_->profile.samples(); ++i)
   limits.push_back(static_cast<std::uint32_t>(tables_->profile.kth(i, k) + 1));
  return search_or_scan(
    queries, ctx, by_lists ? with::lists : with::tables, limits,
    [&](std::size_t query) { return nearest_rows<Filter>(store_, query, k, filter); },
    [&](const code_view& rest, const auto& rest_filter) {
     return scan_nearest(store_, rest, k, rest_filter, ctx);
    },
    filter);
 }
 template <search_filter Filter>
 [[nodiscard]] hits within(const code_view& queries, std::size_t radius, const Filter& filter,
              const context& ctx) const {
  radius = (std::min)(radius, most_distance(store_));
  const double scan_ns = scan_cost(queries.size(), ctx);
  with by = with::tables;
  double cost = tables_ == nullptr ? scan_ns : tables_->plan.cost(radius + 1);
  if (lists_ != nullptr && radius < list_limit_ && list_cost_ < cost) {
   by = with::lists;
   cost = list_cost_;
  }
  if (covered_ == 0 || cost >= scan_ns) return scan_radius(store_, queries, radius, filter, ctx);
  return search_or_scan(
    queries, ctx, by, {},
    [&](std::size_t query) { return rows_within<Filter>(store_, query, radius, filter); },
    [&](const code_view& rest, const auto& rest_filter) {
     return scan_radius(store_, rest, radius, rest_filter, ctx);
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
                  const std::vector<std::uint32_t>& limits, Make&& make,
                  ScanRest&& scan_rest, const Filter& filter) const {
  const double scan_ns = scan_cost(queries.size(), ctx);
  const std::size_t each =
    (std::min<std::size_t>)(64, queries.size() /
                      (4 * (std::max<std::size_t>)(ctx.executor.concurrency(),
                                     1)) +
                    1);
  std::vector<std::vector<hit>> rows(queries.size());
  std::vector<std::uint16_t> given_up(queries.size(), 0);
  for_chunks(ctx.executor, queries.size(), each, [&](std::size_t begin, std::size_t end) {
   const auto answer = [&](auto&& probe, const auto& most) {
    for (std::size_t q = begin; q < end; ++q) {
     auto collector = make(q);
     const scan_part rest{q, q + 1, covered_, store_.rows()};
     if (rest.first < rest.last) detail::scan(store_, queries, rest, collector);
     if (probe(queries[q].data(), collector, most)) {
      rows[q] = collector.take();
     } else {
      given_up[q] = 1;
     }
    }
   };
   if (by == with::lists) {
    answer(list_search(*lists_), worth_looking_at(scan_ns));
   } else {
    answer(mih_search(tables_->tables, tables_->plan, tables_->masks, tables_->costs),
        search_budget{scan_ns, scan_ns / 128, limits});
   }
  });
  std::vector<std::size_t> rest;
  for (std::size_t q = 0; q < queries.size(); ++q)
   if (given_up[q] != 0) rest.push_back(q);
  if (rest.empty()) return hits(rows);
  if (rest.size() == queries.size()) return scan_rest(queries, filter);
  code_set left(queries.bits(), rest.size());
  for (std::size_t i = 0; i < rest.size(); ++i)
   std::copy(queries[rest[i]].begin(), queries[rest[i]].end(), left[i].begin());
  const hits found = scan_rest(
    left, [&](std::size_t query, std::int64_t id) { return accepts(filter, rest[query], id); });
  for (std::size_t i = 0; i < rest.size(); ++i)
   rows[rest[i]].assign(found[i].begin(), found[i].end());
  return hits(rows);
 }

 [[nodiscard]] std::size_t worth_looking_at(double scan_ns) const noexcept {
  if (!scan_when_faster_) return (std::numeric_limits<std::size_t>::max)();
  const double share = (std::min)(1.0, scan_ns / costs_.scan);
  return static_cast<std::size_t>(0.75 * share * static_cast<double>(covered_));
 }

 void forget() noexcept {
  tables_.reset();
  lists_.reset();
  covered_ = seen_ = 0;
 }
 void build_tables(std::size_t count, const code_view& samples, const distance_profile& profile,
          search_costs costs) {
  const auto cuts = cut_codes(store_.bits(), count, widest_substring(covered_));
  const double most = !scan_when_faster_ ? 1e9 : 2 * costs.scan;
  substring_tables tables(store_, covered_, cuts);
  mih_plan plan(cuts, profile, costs, most);
  flip_masks masks(cuts, plan);
  const double factor = time_lookups(tables, plan, masks, costs, samples);
  costs.lookup *= factor;
  costs.candidate *= factor;
  plan = mih_plan(cuts, profile, costs, most * (std::min)(1.0, factor));
  masks = flip_masks(cuts, plan);
  tables_ = std::make_shared<const mih_tables>(
    mih_tables{std::move(tables), std::move(plan), std::move(masks), costs, profile});
 }
 void build_lists(const code_view& samples, const distance_profile& profile, double most) {
  constexpr std::size_t count = 1024;
  constexpr std::size_t in_each = 8;
  const code_set some = sample(count * in_each);
  const code_set centroids = choose_centroids(some, count);
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
  if (list_k_ < 10) return;
  auto lists = std::make_shared<const inverted_lists>(store_, covered_, centroids);
  list_search probe(*lists);
  const accept_all all;
  const double start = now_ns();
  for (std::size_t i = 0; i < samples.size(); ++i) {
   nearest_rows<accept_all> collector(store_, i, 10, all);
   static_cast<void>(probe(samples[i].data(), collector, covered_));
  }
  list_cost_ = (now_ns() - start) / static_cast<double>(samples.size());
  if (always || list_cost_ < most) lists_ = std::move(lists);
 }

 [[nodiscard]] code_set sample(std::size_t most) const {
  code_set out(store_.bits());
  std::vector<std::uint64_t> words(store_.words());
  most = (std::min)(most, store_.rows());
  for (std::size_t i = 0; i < most; ++i) {
   const auto row =
     static_cast<std::size_t>((static_cast<double>(i) + 0.5) *
                  static_cast<double>(store_.rows()) / static_cast<double>(most));
   if (!store_.live(row)) continue;
   store_.code(row, words);
   out.append(code_view(words, store_.bits()));
  }
  if (out.empty()) out.resize(1);
  return out;
 }
 [[nodiscard]] distance_profile profile_of(const code_view& samples) const {
  const distance_histograms counts = count_distances(store_, samples, context{});
  std::vector<std::vector<std::uint64_t>> histograms;
  for (std::size_t i = 0; i < samples.size(); ++i) {
   histograms.emplace_back(counts[i].begin(), counts[i].end());
   if (histograms.back().front() > 0) --histograms.back().front();
  }
  return distance_profile(std::move(histograms));
 }
 [[nodiscard]] search_costs time_scans(const code_view& samples) const {
  search_costs costs;
  costs.scan = costs.batch_scan = (std::numeric_limits<double>::max)();
  for (int run = 0; run < 3; ++run) {
   const double start = now_ns();
   static_cast<void>(scan_nearest(store_, samples.slice(0, 1), 10, accept_all{}, context{}));
   const double middle = now_ns();
   static_cast<void>(scan_nearest(store_, samples, 10, accept_all{}, context{}));
   const auto count = static_cast<double>(samples.size());
   costs.scan = (std::min)(costs.scan, (std::max)(middle - start, 100.0));
   costs.batch_scan =
     (std::min)(costs.batch_scan, (std::max)((now_ns() - middle) / count, 100.0));
  }
  costs.batch_scan = (std::min)(costs.batch_scan, costs.scan);
  return costs;
 }
 [[nodiscard]] static double time_lookups(const substring_tables& tables, const mih_plan& plan,
                      const flip_masks& masks, const search_costs& costs,
                      const code_view& samples) {
  struct counter {
   std::uint32_t most;
   std::size_t found = 0;
   [[nodiscard]] std::uint32_t limit() const noexcept { return most; }
   void offer(std::uint32_t, std::uint32_t) noexcept { ++found; }
  };
  std::uint32_t most = 1;
  while (most < plan.size() && plan.cost(most + 1) < costs.scan / 2) ++most;
  mih_search probe(tables, plan, masks, costs);
  const search_budget budget{4 * costs.scan, 4 * costs.scan, {}};
  const double start = now_ns();
  for (std::size_t i = 0; i < 2 * samples.size(); ++i)
   static_cast<void>(probe(samples[i % samples.size()].data(), counter{most}, budget));
  const double took = now_ns() - start;
  return probe.spent() > 0 ? (std::min)(4.0, (std::max)(0.25, took / probe.spent())) : 1.0;
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

 /// Throws `invalid_argument` for bits outside 1 .. 4096.
 explicit automatic(std::size_t bits) : index_interface({bits, 0, true, name}) {}

 /// How many tables and inverted lists there are now.
 [[nodiscard]] std::size_t tables() const noexcept { return engine_.tables(); }
 [[nodiscard]] std::size_t lists() const noexcept { return engine_.lists(); }
 /// Builds tables and lists for all codes now, without waiting for more of them.
 HINT_LAZY
 void build() { engine_.build(); }
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
 void refresh() {
  if (store_.mostly_removed()) store_.compact();
 }
 template <search_filter Filter>
 [[nodiscard]] hits nearest(const code_view& queries, std::size_t k, const Filter& filter,
               const context& ctx) const {
  return scan_nearest(store_, queries, k, filter, ctx);
 }
 template <search_filter Filter>
 [[nodiscard]] hits within(const code_view& queries, std::size_t radius, const Filter& filter,
              const context& ctx) const {
  return scan_radius(store_, queries, radius, filter, ctx);
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

 /// Throws `invalid_argument` for bits outside 1 .. 4096.
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

 /// Throws `invalid_argument` for bits outside 1 .. 4096, `invalid_option` for more tables than
 /// bits.
 explicit multi_index(std::size_t bits, const options& o = {})
   : index_interface(
      {bits, checked(bits, o).tables, o.fallback == scan_fallback::when_faster, name}),
    options_(o) {}

 /// How many tables there are now.
 [[nodiscard]] std::size_t tables() const noexcept { return engine_.tables(); }
 /// Builds tables for all codes now, without waiting for more of them.
 HINT_LAZY
 void build() { engine_.build(); }

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

/// For every query the min(k, accepted) first accepted items by (distance ascending, score
/// descending, id ascending): distances are those of the binarised query, 1 for values >= 0, and
/// what is equally far is ranked by the real values, also at the k-th place.
template <class Index, search_filter Filter = accept_all>
 requires requires(const Index& i) {
  { i.store() } -> std::same_as<const detail::code_store&>;
 }
[[nodiscard]] std::vector<std::vector<scored_hit>> search_scored(const Index& index,
                                 std::span<const float> values,
                                 std::size_t k,
                                 const Filter& filter = {},
                                 const context& ctx = {}) {
 const detail::code_store& store = index.store();
 const std::size_t bits = store.bits();
 expects<shape_error>(values.size() % bits == 0, "search_scored: ", values.size(),
            " values are not a multiple of ", bits, " bits");
 code_set queries(bits, values.size() / bits);
 for (std::size_t i = 0; i < values.size(); ++i)
  queries.set_bit(i / bits, i % bits, values[i] >= 0);

 const hits nearest = detail::scan_nearest(store, queries, k, filter, ctx);
 std::vector<std::uint32_t> limits(queries.size());
 for (std::size_t q = 0; q < queries.size(); ++q)
  limits[q] = nearest[q].empty() ? 0 : nearest[q].back().distance + 1;

 std::vector<std::vector<scored_hit>> rows(queries.size());
 for_chunks(ctx.executor, queries.size(), 16, [&](std::size_t begin, std::size_t end) {
  detail::scoring_collector<Filter> collector{limits, store, filter, begin, {}, {}};
  for (std::size_t q = begin; q < end; ++q)
   collector.scorers.emplace_back(values.subspan(q * bits, bits));
  collector.found.resize(end - begin);
  detail::scan(store, queries, {begin, end, 0, store.rows()}, collector);
  for (std::size_t q = begin; q < end; ++q) {
   rows[q] = std::move(collector.found[q - begin]);
   std::sort(rows[q].begin(), rows[q].end(), detail::by_distance_and_score);
   if (rows[q].size() > nearest[q].size()) rows[q].resize(nearest[q].size());
  }
 });
 return rows;
}

}}}

#endif

#endif
