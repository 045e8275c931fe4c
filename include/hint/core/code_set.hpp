// SPDX-License-Identifier: MIT
/// \file
/// Packed binary codes: `code_set` owns them, `code_view` looks at them (in a `code_set`, in a mapped
/// file, in anyone's memory).
///
/// Layout: bit i of a code is bit (i mod 64), least significant first, of its 64-bit little-endian
/// word i / 64; 1 stands for a real value >= 0; bits past the end of a code are 0. The first
/// ceil(bits / 8) bytes of a row equal Faiss' binary format.
#ifndef HINT_CORE_CODE_SET_HPP
#define HINT_CORE_CODE_SET_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/bit_order.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>

namespace hint { inline namespace HINT_ABI {

static_assert(std::endian::native == std::endian::little,
              "hint: big-endian machines are not supported");

/// Bits to a code at most. Distances are 16-bit numbers, of which scans compare 15 bits and 32,767 stands
/// for none; buffers for one code lie on the stack, 2 KiB. Longer fingerprints are folded or hashed.
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

/// n codes of `bits` bits somewhere in memory, row after row. Non-owning, two words to copy.
class code_view {
 public:
  code_view() = default;
  /// `words`: n * words_for(bits) words with zero padding. Throws `invalid_argument` for bits outside
  /// 1 .. 16384, `shape_error` when the number of words is not a multiple of words_for(bits).
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
  /// Codes first .. first + count - 1. Throws `invalid_argument` when there are fewer.
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

/// n codes of equal length, owned. Converts to `code_view` at no cost. Not thread-safe while written.
class code_set {
 public:
  /// No codes; of `bits` bits once some are added. Throws `invalid_argument` for bits outside
  /// 1 .. 16384.
  explicit code_set(std::size_t bits = 64, std::size_t size = 0) : bits_(bits) {
    expects(bits >= 1 && bits <= max_bits, "code_set: bits is ", bits, ", expected 1 to ",
            max_bits);
    resize(size);
  }
  explicit code_set(const code_view& codes)
      : words_(codes.words().begin(), codes.words().end()), bits_(codes.bits()) {}
  /// `size` rows without a label, of `classes` bits: 1 .. `max_labels`, more than codes have. Searches,
  /// distances and files refuse rows of more than 16384. Throws `invalid_argument` for other numbers.
  [[nodiscard]] static code_set labels(std::size_t classes, std::size_t size = 0) {
    expects(classes >= 1 && classes <= max_labels, "code_set::labels: ", classes,
            " classes, expected 1 to ", max_labels);
    code_set rows;
    rows.bits_ = classes;
    rows.resize(size);
    return rows;
  }

  /// From rows of ceil(bits / 8) bytes, packed in this order; `to_bytes` is the way back.
  /// Throws `shape_error` when the number of bytes is not a multiple of the row's length,
  /// `invalid_argument` for padding bits that are set: such rows were packed in another order (where
  /// bits % 8 == 0 nothing can tell), or are of longer codes. O(bytes).
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
  /// Writable words of code i. Bits past the end must stay 0.
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
  /// New codes are all zero. Throws `invalid_argument` for more codes than any memory holds.
  void resize(std::size_t size) { words_.resize(words_of(size)); }
  void reserve(std::size_t size) { words_.reserve(words_of(size)); }
  /// `codes` must not be part of this set. Throws `shape_error` when they are of another length.
  void append(const code_view& codes) {
    expects<shape_error>(codes.bits() == bits_, "code_set::append: codes of ", codes.bits(),
                         " bits to a set of ", bits_, " bits");
    words_.insert(words_.end(), codes.words().begin(), codes.words().end());
  }

  [[nodiscard]] code_view view() const noexcept { return {words_.data(), size(), bits_}; }
  operator code_view() const { return view(); }  // NOLINT: implicit on purpose

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

/// size() rows of ceil(bits / 8) bytes, packed in this order, padding bits 0. O(bytes).
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

/// Checks codes where they enter `function` of `owner`, whose names begin the message, as does `name` for
/// the codes. Throws `shape_error` unless they have `bits` bits, `invalid_argument` for bits set past a
/// code's end. O(codes).
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

}}  // namespace hint::HINT_ABI

#endif
