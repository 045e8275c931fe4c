// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>
#include <hint/search/kernels/block_layout.hpp>

#include "support/catch.hpp"

using namespace hint::search::detail;  // NOLINT

TEST_CASE("word w of eight codes lies side by side") {
  CHECK(block_word(2, 0, 0) == 0);
  CHECK(block_word(2, 1, 0) == 1);
  CHECK(block_word(2, 0, 1) == 8);
  CHECK(block_word(2, 8, 0) == 16);
  CHECK(block_word(3, 17, 2) == 2 * 24 + 16 + 1);
  CHECK(padded_rows(0) == 0);
  CHECK(padded_rows(1) == 32);
  CHECK(padded_rows(32) == 32);
  CHECK(block_words(3, 33) == 192);
}

TEST_CASE("codes come back from blocks as they went in, whatever the portions") {
  const std::uint64_t seed = 3;
  CAPTURE(seed);
  for (const std::size_t bits : {1U, 64U, 65U, 300U, 4096U, 16384U}) {
    const hint::random_stream random(seed, bits);
    hint::code_set codes(bits, 77);
    for (std::size_t i = 0; i < 77; ++i)
      for (std::size_t j = 0; j < bits; ++j)
        codes.set_bit(i, j, random.below(i * bits + j, 2) == 1);
    const std::size_t words = codes.words_per_code();
    std::vector<std::uint64_t> blocks(block_words(words, 77));
    put_in_blocks(codes.view().slice(0, 13), 0, blocks.data());
    put_in_blocks(codes.view().slice(13, 64), 13, blocks.data());
    hint::code_set back(bits, 77);
    for (std::size_t i = 0; i < 77; ++i) get_from_blocks(blocks.data(), i, back[i]);
    CHECK(back == codes);
    for (std::size_t row = 77; row < padded_rows(77); ++row) {
      hint::code_set filling(bits, 1);
      get_from_blocks(blocks.data(), row, filling[0]);
      CHECK(filling == hint::code_set(bits, 1));
    }
  }
}
