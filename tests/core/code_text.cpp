// SPDX-License-Identifier: MIT
#include <hint/core/code_text.hpp>

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using hint::bit_order;
using hint::code_set;
using texts = std::vector<std::string>;

namespace {

constexpr std::array<bit_order, 3> orders{bit_order::least_significant_first,
                                          bit_order::most_significant_first, bit_order::big_endian};

code_set random_codes(std::size_t bits, std::size_t n, std::uint64_t seed) {
  const hint::random_stream random(seed, bits);
  code_set codes(bits, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < bits; ++j) codes.set_bit(i, j, random.bits(i * bits + j) % 2 == 1);
  return codes;
}
/// Two digits a byte, by printf.
texts printed(const code_set& codes, bit_order order) {
  texts out(codes.size());
  const auto bytes = hint::to_bytes(codes, order);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", std::to_integer<unsigned>(bytes[i]));
    out[i / (bytes.size() / codes.size())] += digits.data();
  }
  return out;
}
texts upper(texts all) {
  for (std::string& text : all)
    for (char& c : text)
      if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  return all;
}
texts without(texts all, char unwanted) {
  for (std::string& text : all) std::erase(text, unwanted);
  return all;
}
/// The bits of a base64 text, one after another: sets of six, by position in the alphabet.
std::string bits_of(const std::string& base64) {
  const std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (const char c : base64)
    if (c != '=') out += std::bitset<6>(alphabet.find(c)).to_string();
  return out;
}

}  // namespace

TEST_CASE("code_text: every text reads back as the code, and is what its bytes say", "[core]") {
  for (const std::size_t bits :
       {1U, 3U, 4U, 7U, 8U, 9U, 12U, 16U, 20U, 24U, 36U, 63U, 64U, 65U, 100U, 128U, 1001U, 4096U}) {
    for (const std::uint64_t seed : {1U, 2U}) {
      for (const bit_order order : orders) {
        CAPTURE(bits, seed, hint::name_of(order));
        const code_set codes = random_codes(bits, 5, seed);
        const texts binary = hint::to_binary(codes, order);
        const texts hex = hint::to_hex(codes, order);
        const texts base64 = hint::to_base64(codes, order);
        REQUIRE(hint::codes_from_binary(binary, bits, order) == codes);
        REQUIRE(hint::codes_from_hex(hex, bits, order) == codes);
        REQUIRE(hint::codes_from_hex(upper(hex), bits, order) == codes);
        REQUIRE(hint::codes_from_base64(base64, bits, order) == codes);
        REQUIRE(hint::codes_from_base64(without(base64, '='), bits, order) == codes);

        REQUIRE(hex == printed(codes, order));
        const auto bytes = hint::to_bytes(codes, order);
        const std::size_t row = (bits + 7) / 8;
        for (std::size_t i = 0; i < codes.size(); ++i) {
          REQUIRE(binary[i].size() == bits);
          for (std::size_t j = 0; j < bits; ++j)
            REQUIRE((binary[i][order == bit_order::big_endian ? bits - 1 - j : j] == '1') ==
                    codes.bit(i, j));
          REQUIRE(base64[i].size() == (row + 2) / 3 * 4);
          std::string all;
          for (std::size_t b = 0; b < row; ++b)
            all += std::bitset<8>(std::to_integer<unsigned>(bytes[i * row + b])).to_string();
          all.resize((all.size() + 5) / 6 * 6, '0');
          REQUIRE(bits_of(base64[i]) == all);
        }
      }
    }
  }
}

TEST_CASE("code_text: what others write", "[core]") {
  // printf("%016llx") and std::bitset of a number whose bits are the code's.
  code_set codes(64, 1);
  codes[0][0] = 0x0123456789abcdefULL;
  CHECK(hint::to_hex(codes, bit_order::big_endian) == texts{"0123456789abcdef"});
  CHECK(hint::to_binary(codes, bit_order::big_endian) ==
        texts{std::bitset<64>(codes[0][0]).to_string()});
  CHECK(hint::to_hex(codes) == texts{"efcdab8967452301"});
  CHECK(hint::to_hex(codes, bit_order::most_significant_first) == texts{"f7b3d591e6a2c480"});
  // RFC 4648, section 10, as bytes.
  const auto base64 = [](std::string_view text) {
    return hint::to_base64(
        code_set::from_bytes(std::as_bytes(std::span(text.data(), text.size())), 8 * text.size()));
  };
  CHECK(base64("f") == texts{"Zg=="});
  CHECK(base64("fo") == texts{"Zm8="});
  CHECK(base64("foo") == texts{"Zm9v"});
  CHECK(base64("foob") == texts{"Zm9vYg=="});
  CHECK(base64("fooba") == texts{"Zm9vYmE="});
  CHECK(base64("foobar") == texts{"Zm9vYmFy"});
  // Both alphabets.
  CHECK(hint::codes_from_base64({"-_-_"}, 24) == hint::codes_from_base64({"+/+/"}, 24));
  // ImageHash's text of 6 x 6 bits has nine digits: int("".join(bits), 2), the first bit in front.
  const code_set nine = hint::codes_from_hex({"800000001"}, 36, bit_order::most_significant_first);
  CHECK(nine.words()[0] == (1ULL | 1ULL << 35));
  CHECK(hint::codes_from_hex({"8000000010"}, 36, bit_order::most_significant_first) == nine);
  // and a number of 36 bits as well.
  CHECK(hint::codes_from_hex({"800000002"}, 36, bit_order::big_endian).words()[0] ==
        0x800000002ULL);
  CHECK(hint::codes_from_hex({"0800000002"}, 36, bit_order::big_endian).words()[0] ==
        0x800000002ULL);
}

TEST_CASE("code_text: any range of texts, and none", "[core]") {
  const code_set two = hint::codes_from_hex({"01", "80"}, 8);
  CHECK(two.size() == 2);
  CHECK(hint::codes_from_hex(std::list<const char*>{"01", "80"}, 8) == two);
  const std::array<std::string_view, 2> views{"01", "80"};
  CHECK(hint::codes_from_hex(std::span(views), 8) == two);
  CHECK(hint::codes_from_hex(texts{}, 8) == code_set(8));
  CHECK(hint::to_hex(code_set(8)).empty());
  CHECK(hint::to_binary(code_set(8)).empty());
  CHECK(hint::to_base64(code_set(8)).empty());
  STATIC_REQUIRE_FALSE(hint::text_range<std::string>);  // a range of characters
}

TEST_CASE("code_text: what is wrong, and where", "[core]") {
  const auto lsb = bit_order::least_significant_first;
  CHECK_THROWS_MESSAGE(hint::codes_from_binary({"0101", "01x1"}, 4), hint::invalid_argument,
                       "codes_from_binary: text 1, character 2 is 'x', expected 0 or 1");
  CHECK_THROWS_MESSAGE(hint::codes_from_binary({"01011"}, 4), hint::shape_error,
                       "codes_from_binary: text 0 has 5 characters, expected 4 for 4 bits");
  CHECK_THROWS_MESSAGE(hint::codes_from_binary({""}, 4), hint::shape_error,
                       "codes_from_binary: text 0 has 0 characters, expected 4 for 4 bits");
  const std::string expected = ", expected 0 to 9, a to f or A to F";
  CHECK_THROWS_MESSAGE(hint::codes_from_hex({"0x0f"}, 16), hint::invalid_argument,
                       "codes_from_hex: text 0, character 1 is 'x'" + expected);
  CHECK_THROWS_MESSAGE(hint::codes_from_hex({"0f", "g0"}, 8), hint::invalid_argument,
                       "codes_from_hex: text 1, character 0 is 'g'" + expected);
  CHECK_THROWS_MESSAGE(hint::codes_from_hex({"0f\n"}, 8), hint::invalid_argument,
                       "codes_from_hex: text 0, character 2 is '\\x0a'" + expected);
  CHECK_THROWS_MESSAGE(hint::codes_from_hex({" 0f"}, 8), hint::invalid_argument,
                       "codes_from_hex: text 0, character 0 is ' '" + expected);
  for (const char c : {'/', ':', '@', 'G', '`', '\x80', '\xff'})
    CHECK_THROWS_AS(hint::codes_from_hex(texts{std::string{'0', c}}, 8), hint::invalid_argument);
  for (const bit_order order : orders) {
    CHECK_THROWS_MESSAGE(hint::codes_from_hex({"123"}, 16, order), hint::shape_error,
                         "codes_from_hex: text 0 has 3 characters, expected 4 for 16 bits");
    CHECK_THROWS_MESSAGE(hint::codes_from_hex({"12345"}, 16, order), hint::shape_error,
                         "codes_from_hex: text 0 has 5 characters, expected 4 for 16 bits");
  }
  // A missing digit would be the first of the last byte: not an end of the text.
  CHECK_THROWS_AS(hint::codes_from_hex({"123"}, 12, lsb), hint::shape_error);
  CHECK_THROWS_MESSAGE(
      hint::codes_from_hex({"0100", "ffff"}, 12), hint::invalid_argument,
      "codes_from_hex: text 1 has bits set past the end of its code, bit 11, if it "
      "is written least_significant_first");
  CHECK_THROWS_AS(hint::codes_from_hex({"fff1"}, 12, bit_order::most_significant_first),
                  hint::invalid_argument);
  CHECK_THROWS_AS(hint::codes_from_hex({"1fff"}, 12, bit_order::big_endian),
                  hint::invalid_argument);
  const std::string digits = ", expected a base64 digit: A to Z, a to z, 0 to 9, + or -, / or _";
  CHECK_THROWS_MESSAGE(hint::codes_from_base64({"Zm=v"}, 24), hint::invalid_argument,
                       "codes_from_base64: text 0, character 2 is '='" + digits);
  CHECK_THROWS_MESSAGE(hint::codes_from_base64({"Zm 9"}, 24), hint::invalid_argument,
                       "codes_from_base64: text 0, character 2 is ' '" + digits);
  CHECK_THROWS_MESSAGE(hint::codes_from_base64({"ZgA="}, 8), hint::invalid_argument,
                       "codes_from_base64: text 0, character 2 is 'A', expected '='");
  CHECK_THROWS_MESSAGE(hint::codes_from_base64({"Zg="}, 8), hint::invalid_argument,
                       "codes_from_base64: text 0, character 2 is '='" + digits);
  CHECK_THROWS_MESSAGE(hint::codes_from_base64({"Zm9vYg"}, 24), hint::shape_error,
                       "codes_from_base64: text 0 has 6 characters, expected 4 for 24 bits");
  CHECK_THROWS_MESSAGE(hint::codes_from_base64({"Zh=="}, 8), hint::invalid_argument,
                       "codes_from_base64: text 0, character 1 is 'h', expected a digit without "
                       "bits beyond the last byte");
  CHECK_THROWS_MESSAGE(hint::codes_from_base64({"/w=="}, 7), hint::invalid_argument,
                       "codes_from_base64: text 0 has bits set past the end of its code, bit 6, if "
                       "it is written least_significant_first");
  CHECK_THROWS_MESSAGE(hint::codes_from_binary({"0"}, 0), hint::invalid_argument,
                       "code_set: bits is 0, expected 1 to 16384");
}
