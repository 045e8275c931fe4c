// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"

using hint::code_set;
namespace search = hint::search;

namespace {

code_set random_codes(std::size_t bits, std::size_t n, const hint::random_stream& random) {
  code_set codes(bits, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < bits; ++j) codes.set_bit(i, j, random.below(i * bits + j, 2) == 1);
  return codes;
}

}  // namespace

TEST_CASE("hamming distances equal a count bit by bit, for every length") {
  const std::uint64_t seed = 1;
  CAPTURE(seed);
  const hint::random_stream random(seed, 0);
  std::vector<std::size_t> lengths{191, 192,  193,  255,  256,   257,
                                   320, 1000, 4095, 4096, 16383, 16384};
  for (std::size_t bits = 1; bits <= 130; ++bits) lengths.push_back(bits);
  for (const std::size_t bits : lengths) {
    CAPTURE(bits);
    const code_set codes = random_codes(bits, 5, random.fork(bits));
    const code_set query = random_codes(bits, 1, random.fork(bits + 5000));
    std::vector<std::uint32_t> out(codes.size());
    search::hamming_distances(query.view()[0], codes, out);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      std::uint32_t expected = 0;
      for (std::size_t j = 0; j < bits; ++j) expected += codes.bit(i, j) != query.bit(0, j) ? 1 : 0;
      CHECK(out[i] == expected);
      CHECK(search::hamming_distance(query.view()[0], codes.view()[i]) == expected);
    }
  }
}

TEST_CASE("opposite codes are as far apart as they have bits, equal ones at 0") {
  for (const std::size_t bits : {1U, 63U, 64U, 65U, 128U, 129U, 256U, 4096U, 16384U}) {
    CAPTURE(bits);
    code_set codes(bits, 2);
    for (std::size_t j = 0; j < bits; ++j) codes.set_bit(1, j, true);
    std::vector<std::uint32_t> out(2);
    search::hamming_distances(codes.view()[1], codes, out);
    CHECK(out == std::vector<std::uint32_t>{static_cast<std::uint32_t>(bits), 0});
  }
}

TEST_CASE("count_bits is std::popcount") {
  const hint::random_stream random(3, 0);
  CHECK(search::detail::count_bits(0) == 0);
  CHECK(search::detail::count_bits(~std::uint64_t{0}) == 64);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const std::uint64_t x = random.bits(i) & random.bits(i + 10000 * (i % 3));
    CHECK(search::detail::count_bits(x) == static_cast<std::uint32_t>(std::popcount(x)));
    CHECK(search::detail::count_bits(std::uint64_t{1} << (i % 64)) == 1);
  }
}

TEST_CASE("code_blocks give the distances of all codes, from every place that they may begin at") {
  const std::uint64_t seed = 2;
  CAPTURE(seed);
  STATIC_REQUIRE(search::code_blocks::padded(0) == 0);
  STATIC_REQUIRE(search::code_blocks::padded(1) == 32);
  STATIC_REQUIRE(search::code_blocks::padded(64) == 64);
  for (const std::size_t bits : {1U, 64U, 65U, 300U, 4096U, 16384U}) {
    for (const std::size_t n : {0U, 1U, 31U, 32U, 33U, 100U}) {
      CAPTURE(bits, n);
      const hint::random_stream random(seed, bits + 5000 * n);
      const code_set codes = random_codes(bits, n, random.fork(0));
      const code_set query = random_codes(bits, 1, random.fork(1));
      const search::code_blocks blocks(codes);
      CHECK(blocks.size() == n);
      for (std::size_t first = 0; first <= search::code_blocks::padded(n); first += 32) {
        std::vector<std::uint16_t> out(search::code_blocks::padded(n) - first);
        blocks.distances(query.view()[0], first, out);
        for (std::size_t i = first; i < n; ++i)
          REQUIRE(out[i - first] == search::hamming_distance(query.view()[0], codes.view()[i]));
      }
    }
  }
}

TEST_CASE("code_blocks give the same distances with every instruction set") {
  const std::string usual(search::instruction_set());
  const hint::random_stream random(6, 0);
  for (const std::size_t bits : {64U, 128U, 192U, 256U, 1000U, 1024U, 1088U}) {
    const code_set codes = random_codes(bits, 200, random.fork(bits));
    const code_set query = random_codes(bits, 1, random.fork(bits + 5000));
    for (const std::string_view name : search::instruction_sets()) {
      CAPTURE(bits, std::string(name));
      search::force_instruction_set(name);
      const search::code_blocks blocks(codes);
      search::force_instruction_set(usual);  // blocks stay with theirs
      std::vector<std::uint16_t> out(search::code_blocks::padded(200));
      blocks.distances(query.view()[0], 0, out);
      for (std::size_t i = 0; i < 200; ++i)
        REQUIRE(out[i] == search::hamming_distance(query.view()[0], codes.view()[i]));
    }
  }
}

TEST_CASE("code_blocks give the distances of several queries together as one by one") {
  const std::string usual(search::instruction_set());
  const hint::random_stream random(7, 0);
  for (const std::size_t bits : {1U, 64U, 128U, 192U, 255U, 256U, 1024U, 1088U}) {
    const code_set codes = random_codes(bits, 200, random.fork(bits));
    code_set queries = random_codes(bits, 4, random.fork(bits + 5000));
    for (std::size_t j = 0; j < bits; ++j)
      queries.set_bit(2, j, !codes.bit(3, j));  // as far as can be
    for (const std::string_view name : search::instruction_sets()) {
      search::force_instruction_set(name);
      const search::code_blocks blocks(codes);
      search::force_instruction_set(usual);
      for (std::size_t asked = 0; asked <= 4; ++asked)
        for (const std::size_t first : {0U, 32U, 96U})
          for (const std::size_t rows : {0U, 32U, 64U, 96U}) {
            CAPTURE(bits, std::string(name), asked, first, rows);
            constexpr std::size_t stride = 100;
            std::vector<std::uint16_t> out(4 * stride, 0xffff);
            blocks.distances(queries.view().slice(0, asked), first, rows, out, stride);
            bool good = true;
            for (std::size_t q = 0; q < 4; ++q)
              for (std::size_t i = 0; i < stride; ++i)
                good = good &&
                       out[q * stride + i] == (q < asked && i < rows
                                                   ? search::hamming_distance(
                                                         queries.view()[q], codes.view()[first + i])
                                                   : 0xffff);
            CHECK(good);
          }
    }
  }
}

TEST_CASE("instruction_set names one of the sets that there are") {
  const std::string name(search::instruction_set());
  const std::vector<std::string> names{"avx512", "avx2", "popcnt", "neon", "portable"};
  CHECK(std::find(names.begin(), names.end(), name) != names.end());
}

TEST_CASE("no codes, no distances") {
  const code_set query(70, 1);
  std::vector<std::uint32_t> out;
  search::hamming_distances(query.view()[0], code_set(70), out);
  CHECK(out.empty());
}

TEST_CASE("code_blocks refuses rows of labels that are longer than codes") {
  CHECK_THROWS_MESSAGE(hint::search::code_blocks(hint::code_set::labels(16385, 2)),
                       hint::invalid_argument,
                       "code_blocks: codes have 16385 bits, expected 1 to 16384");
  CHECK(hint::search::code_blocks(hint::code_set::labels(16384, 2)).size() == 2);
}

TEST_CASE("searches use the instruction set that is asked for, with the same results") {
  const hint::random_stream random(5, 0);
  const code_set codes = random_codes(192, 700, random.fork(0));
  const code_set queries = random_codes(192, 13, random.fork(1));
  search::linear_scan index(192);
  index.add(codes);
  const std::string usual(search::instruction_set());
  const auto all = search::instruction_sets();
  CHECK(std::find(all.begin(), all.end(), usual) != all.end());
  search::force_instruction_set("portable");
  const auto expected = index.search(queries, 20);
  const auto expected_counts = index.histograms(queries);
  for (const std::string_view name : all) {
    search::force_instruction_set(name);
    CHECK(search::instruction_set() == name);
    CHECK(index.search(queries, 20) == expected);
    CHECK(index.histograms(queries) == expected_counts);
  }
  search::force_instruction_set(usual);
  CHECK_THROWS_AS(search::force_instruction_set("sse9"), hint::invalid_argument);
  CHECK(search::instruction_set() == usual);
}

TEST_CASE("rows with a bit in common are marked") {
  const std::vector<std::uint64_t> rows{0, 1, 6, 8, 12, ~std::uint64_t{0}};
  std::vector<std::uint8_t> out(rows.size(), 9);
  search::mark_common_bits(rows, 6, out);
  CHECK(out == std::vector<std::uint8_t>{0, 0, 1, 0, 1, 1});
}
