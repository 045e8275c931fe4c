// SPDX-License-Identifier: MIT
#include <hint/core/code_set.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using hint::bit_order;
using hint::code_set;
using hint::code_view;

namespace {

using bit_rows = std::vector<std::vector<bool>>;

bit_rows random_bits(std::size_t rows, std::size_t bits, std::uint64_t seed) {
  const hint::random_stream random(seed, 0);
  bit_rows out(rows, std::vector<bool>(bits));
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < bits; ++j) out[i][j] = random.bits(i * bits + j) % 2 == 1;
  return out;
}
code_set from_rows(const bit_rows& rows, std::size_t bits) {
  code_set codes(bits, rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < bits; ++j) codes.set_bit(i, j, rows[i][j]);
  return codes;
}
bool padding_is_zero(const code_view& codes) {
  for (std::size_t i = 0; i < codes.size(); ++i)
    if ((codes[i].back() & ~hint::last_word_mask(codes.bits())) != 0) return false;
  return true;
}

}  // namespace

TEST_CASE("code_set: words and masks", "[core]") {
  STATIC_REQUIRE(hint::words_for(1) == 1);
  STATIC_REQUIRE(hint::words_for(64) == 1);
  STATIC_REQUIRE(hint::words_for(65) == 2);
  STATIC_REQUIRE(hint::words_for(4096) == 64);
  STATIC_REQUIRE(hint::last_word_mask(1) == 1);
  STATIC_REQUIRE(hint::last_word_mask(63) == 0x7fffffffffffffffULL);
  STATIC_REQUIRE(hint::last_word_mask(64) == ~0ULL);
  STATIC_REQUIRE(hint::last_word_mask(65) == 1);
}

TEST_CASE("code_set: bit i is bit i mod 64 of word i / 64", "[core]") {
  for (const std::size_t bits : {1U, 7U, 8U, 63U, 64U, 65U, 130U, 16384U}) {
    for (std::size_t j = 0; j < bits; j += bits > 200 ? 61 : 1) {
      CAPTURE(bits, j);
      code_set codes(bits, 3);
      codes.set_bit(1, j, true);
      for (std::size_t w = 0; w < codes.words().size(); ++w)
        REQUIRE(codes.words()[w] ==
                (w == hint::words_for(bits) + j / 64 ? std::uint64_t{1} << (j % 64) : 0));
      REQUIRE(codes.bit(1, j));
      REQUIRE_FALSE(codes.bit(0, j));
      REQUIRE(codes.view().bit(1, j));
      codes.set_bit(1, j, false);
      REQUIRE(codes == code_set(bits, 3));
    }
  }
}

TEST_CASE("code_set: bytes in and out against single bits, in every order", "[core]") {
  const std::size_t bits = GENERATE(1U, 5U, 8U, 12U, 16U, 63U, 64U, 65U, 100U, 128U, 1000U);
  const std::uint64_t seed = GENERATE(1ULL, 2ULL);
  const bit_order order = GENERATE(bit_order::least_significant_first,
                                   bit_order::most_significant_first, bit_order::big_endian);
  CAPTURE(bits, seed, hint::name_of(order));
  const bit_rows rows = random_bits(9, bits, seed);
  const std::size_t in_row = (bits + 7) / 8;
  std::vector<std::byte> bytes;
  for (const auto& row : rows) {
    for (std::size_t b = 0; b < in_row; ++b) {
      unsigned value = 0;
      for (std::size_t k = 0; k < 8; ++k) {  // from the least significant
        const std::size_t j = order == bit_order::least_significant_first ? 8 * b + k
                              : order == bit_order::most_significant_first
                                  ? 8 * b + 7 - k
                                  : 8 * (in_row - 1 - b) + k;
        value |= (j < bits && row[j] ? 1U : 0U) << k;
      }
      bytes.push_back(static_cast<std::byte>(value));
    }
  }
  const code_set codes = code_set::from_bytes(bytes, bits, order);
  CHECK(codes == from_rows(rows, bits));
  CHECK(padding_is_zero(codes));
  CHECK(hint::to_bytes(codes, order) == bytes);
  CHECK(code_set::from_bytes(hint::to_bytes(codes), bits) == codes);
  CHECK(code_set::from_bytes({}, bits, order).size() == 0);
  CHECK(hint::to_bytes(code_set(bits), order).empty());

  // Every padding bit is noticed, in the place where this order has it.
  for (std::size_t j = bits; j < 8 * in_row; ++j) {
    auto set = bytes;
    const std::size_t at =
        7 * in_row + (order == bit_order::big_endian ? in_row - 1 - j / 8 : j / 8);
    set[at] |= static_cast<std::byte>(
        1U << (order == bit_order::most_significant_first ? 7 - j % 8 : j % 8));
    CHECK_THROWS_MESSAGE(
        code_set::from_bytes(set, bits, order), hint::invalid_argument,
        "code_set::from_bytes: code 7 has bits set past its end, bit " + std::to_string(bits - 1) +
            ", if it is packed " + std::string(hint::name_of(order)) +
            "; numpy.packbits packs bit_order::most_significant_first, with bitorder='little' and "
            "as Faiss bit_order::least_significant_first");
  }
}

TEST_CASE("code_set: rows of numpy.packbits keep all their bits", "[core]") {
  // numpy.packbits of three codes of 12 bits, the second with 4 and the third with 1 bit more than the first.
  const std::vector<std::byte> packed{std::byte{0xff}, std::byte{0x00}, std::byte{0xff},
                                      std::byte{0xf0}, std::byte{0xff}, std::byte{0x80}};
  CHECK_THROWS_AS(code_set::from_bytes(packed, 12), hint::invalid_argument);
  const code_set codes = code_set::from_bytes(packed, 12, bit_order::most_significant_first);
  CHECK(codes.words()[0] == 0xff);
  CHECK(codes.words()[1] == 0xfff);
  CHECK(codes.words()[2] == 0x1ff);
}

TEST_CASE("code_set: rows begin on 64-byte boundaries of the whole, size and growth", "[core]") {
  code_set codes(70);
  CHECK(codes.size() == 0);
  CHECK(codes.empty());
  CHECK(codes.words_per_code() == 2);
  codes.reserve(10);
  codes.resize(3);
  CHECK(codes.size() == 3);
  CHECK(reinterpret_cast<std::uintptr_t>(codes.words().data()) % 64 == 0);
  CHECK(codes == code_set(70, 3));
  codes[2][1] = 3;
  CHECK(codes.bit(2, 65));
  codes.resize(1);
  codes.resize(3);
  CHECK(codes == code_set(70, 3));  // what comes back is zero
  CHECK(code_set().bits() == 64);
}

TEST_CASE("code_set: append, slice, copy of a view", "[core]") {
  const std::size_t bits = GENERATE(3U, 64U, 90U);
  CAPTURE(bits);
  const bit_rows rows = random_bits(10, bits, 5);
  const code_set all = from_rows(rows, bits);
  code_set again(bits);
  again.append(all.view().slice(0, 4));
  again.append(all.view().slice(4, 0));
  again.append(all.view().slice(4, 6));
  CHECK(again == all);
  CHECK(code_set(all.view().slice(2, 3)) == from_rows({rows[2], rows[3], rows[4]}, bits));
  CHECK(all.view().slice(10, 0).empty());
  CHECK_FALSE(all == from_rows(random_bits(10, bits, 6), bits));
}

TEST_CASE("code_set: codes of other lengths are not equal", "[core]") {
  CHECK_FALSE(code_set(63, 2) == code_set(64, 2));
  CHECK_FALSE(code_set(64, 2) == code_set(64, 3));
  CHECK(code_set(64, 2) == code_set(64, 2));
}

TEST_CASE("code_set: a moved-from set is empty and usable", "[core]") {
  code_set a(10, 5);
  const code_set b = std::move(a);
  CHECK(b.size() == 5);
  CHECK(a.size() == 0);  // NOLINT: on purpose
  a.resize(2);
  CHECK(a == code_set(10, 2));
}

TEST_CASE("code_view: looks at words in place", "[core]") {
  const std::vector<std::uint64_t> words{1, 2, 3, 4};
  const code_view v(words, 128);
  CHECK(v.size() == 2);
  CHECK(v.data() == words.data());
  CHECK(v.words().data() == words.data());
  CHECK(v[1].data() == words.data() + 2);
  CHECK(v.bit(0, 65));
  CHECK(code_view().empty());
  CHECK(code_view().words().empty());
  CHECK(code_view({}, 5).empty());
}

TEST_CASE("code_set: bad input", "[core]") {
  CHECK_THROWS_MESSAGE(code_set(0), hint::invalid_argument,
                       "code_set: bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(code_set(16385, 1), hint::invalid_argument,
                       "code_set: bits is 16385, expected 1 to 16384");
  constexpr auto huge = (std::numeric_limits<std::size_t>::max)();
  CHECK_THROWS_MESSAGE(code_set(128, huge / 2 + 1), hint::invalid_argument,
                       "code_set: 9223372036854775808 codes of 128 bits are more than memory can "
                       "hold");
  code_set codes(8, 2);
  CHECK_THROWS_AS(codes.resize(huge), hint::invalid_argument);
  CHECK(codes.size() == 2);
  const std::vector<std::uint64_t> words(3);
  CHECK_THROWS_MESSAGE(code_view(words, 0), hint::invalid_argument,
                       "code_view: bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(code_view(words, 65), hint::shape_error,
                       "code_view: 3 words are not a multiple of 2 words per code of 65 bits");
  const std::vector<std::byte> bytes(5);
  CHECK_THROWS_MESSAGE(code_set::from_bytes(bytes, 9), hint::shape_error,
                       "code_set::from_bytes: 5 bytes are not a multiple of 2 bytes per code of 9 "
                       "bits");
  CHECK_THROWS_MESSAGE(code_set::from_bytes(bytes, 0), hint::invalid_argument,
                       "code_set: bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(codes.append(code_set(9, 1)), hint::shape_error,
                       "code_set::append: codes of 9 bits to a set of 8 bits");
  CHECK_THROWS_MESSAGE(codes.view().slice(1, 2), hint::invalid_argument,
                       "code_view::slice: 2 codes from code 1 on, of 2");
  CHECK_THROWS_MESSAGE(codes.view().slice(3, 0), hint::invalid_argument,
                       "code_view::slice: 0 codes from code 3 on, of 2");
  CHECK_THROWS_AS(codes.view().slice(1, huge), hint::invalid_argument);
}

TEST_CASE("rows of labels may be longer than codes") {
  code_set rows = code_set::labels(hint::max_labels, 2);
  CHECK(rows.bits() == 65536);
  CHECK(rows.size() == 2);
  rows.set_bit(0, 0, true);
  rows.set_bit(1, 65535, true);
  CHECK(rows.view().bits() == 65536);
  CHECK(rows.view().bit(1, 65535));
  CHECK_FALSE(rows.view().bit(0, 65535));
  CHECK(rows.view().slice(1, 1).bit(0, 65535));
  CHECK(code_set(rows.view()) == rows);
  code_set all = code_set::labels(5000);
  CHECK(all.empty());
  all.append(code_set::labels(5000, 3));
  CHECK(all.size() == 3);
  CHECK(code_set::labels(64, 3) == code_set(64, 3));
  CHECK_THROWS_MESSAGE(code_set::labels(0), hint::invalid_argument,
                       "code_set::labels: 0 classes, expected 1 to 65536");
  CHECK_THROWS_MESSAGE(code_set::labels(65537, 1), hint::invalid_argument,
                       "code_set::labels: 65537 classes, expected 1 to 65536");
}
