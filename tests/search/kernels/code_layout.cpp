// SPDX-License-Identifier: MIT
#include <hint/search/kernels/code_layout.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/random.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::search::detail::code_layout;

TEST_CASE("codes take the bytes that they need, or words where that makes little difference") {
  const auto bytes = [](std::size_t bits) { return code_layout::best(bits).bytes(); };
  CHECK(bytes(1) == 1);
  CHECK(bytes(8) == 1);
  CHECK(bytes(9) == 2);
  CHECK(bytes(32) == 4);
  CHECK(bytes(48) == 6);
  CHECK(bytes(57) == 8);
  CHECK(bytes(64) == 8);
  CHECK(bytes(65) == 9);
  CHECK(bytes(96) == 12);
  CHECK(bytes(128) == 16);
  CHECK(bytes(248) == 31);
  CHECK(bytes(249) == 32);
  CHECK(bytes(260) == 40);
  CHECK(bytes(4096) == 512);
  CHECK(code_layout::best(8).in_planes());
  CHECK_FALSE(code_layout::best(60).in_planes());
  CHECK_FALSE(code_layout::by_words(8).in_planes());
  CHECK(code_layout::best(8).length() == 1);
  CHECK(code_layout::best(65).words() == 2);
  CHECK(code_layout::by_words(65).length() == 2);
  CHECK(code_layout::best(128) == code_layout::by_words(128));
  CHECK(code_layout::best(8).padded(65) == 128);
  CHECK(code_layout::best(64).padded(65) == 96);
  CHECK(code_layout::best(24).room(1) == 24);     // 64 codes of 3 bytes
  CHECK(code_layout::best(128).room(33) == 128);  // 64 codes of 2 words
}

TEST_CASE("byte p of 64 codes is a cache line") {
  hint::code_set codes(24, 70);
  for (std::size_t i = 0; i < 70; ++i) codes[i][0] = i | (i + 100) << 8 | std::uint64_t{7} << 16;
  const code_layout layout = code_layout::best(24);
  hint::aligned_buffer<std::uint64_t> blocks(layout.room(70));
  layout.put(codes, 0, blocks.data());
  std::vector<unsigned char> bytes(8 * blocks.size());
  std::memcpy(bytes.data(), blocks.data(), bytes.size());
  CHECK(bytes[5] == 5);
  CHECK(bytes[64 + 5] == 105);
  CHECK(bytes[2 * 64 + 5] == 7);
  CHECK(bytes[3 * 64 + 2] == 66);
  CHECK(bytes[3 * 64 + 6] == 0);
}

TEST_CASE("codes come back from any layout as they went in, whatever the portions") {
  const std::uint64_t seed = 4;
  CAPTURE(seed);
  for (const std::size_t bits : {1U, 7U, 8U, 33U, 48U, 64U, 65U, 96U, 130U, 200U, 248U, 300U}) {
    const auto codes = random_codes(bits, 177, hint::random_stream(seed, bits));
    for (const code_layout& layout : {code_layout::best(bits), code_layout::by_words(bits)}) {
      hint::aligned_buffer<std::uint64_t> blocks(layout.room(177));
      layout.put(codes.view().slice(0, 13), 0, blocks.data());
      layout.put(codes.view().slice(13, 164), 13, blocks.data());
      hint::code_set back(bits, 177);
      for (std::uint64_t& word : back.words()) word = ~std::uint64_t{0};
      for (std::size_t i = 0; i < 177; ++i) layout.get(blocks.data(), i, back[i]);
      CHECK(back == codes);
      for (std::size_t row = 177; row < layout.padded(177); ++row) {
        hint::code_set filling(bits, 1);
        layout.get(blocks.data(), row, filling[0]);
        CHECK(filling == hint::code_set(bits, 1));
      }
    }
  }
}

TEST_CASE("bytes of queries whose words are interleaved") {
  const std::vector<std::uint64_t> two{0x0807060504030201, 0x1817161514131211, 0xaa, 0xbb};
  CHECK(hint::search::detail::query_byte(two.data(), 2, 0, 0) == 1);
  CHECK(hint::search::detail::query_byte(two.data(), 2, 1, 7) == 0x18);
  CHECK(hint::search::detail::query_byte(two.data(), 2, 1, 8) == 0xbb);
  CHECK(hint::search::detail::query_byte(two.data(), 1, 0, 9) == 0x12);
}
