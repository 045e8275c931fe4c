// SPDX-License-Identifier: MIT
// Every set of kernels against a count bit by bit, on the same blocks.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/kernels/kernels.hpp>

#include "support/catch.hpp"

using namespace hint::search;          // NOLINT
using namespace hint::search::detail;  // NOLINT

namespace {

/// Codes of which each bit is set with chance odds/256, so that distances spread.
hint::code_set random_codes(std::size_t bits, std::size_t n, hint::random_stream random) {
  hint::code_set codes(bits, n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto odds = random.fork(0).below(i, 257);
    for (std::size_t j = 0; j < bits; ++j)
      codes.set_bit(i, j, random.fork(1).below(i * bits + j, 256) < odds);
  }
  return codes;
}
std::uint32_t counted(hint::code_view a, std::size_t i, hint::code_view b, std::size_t j) {
  std::uint32_t sum = 0;
  for (std::size_t bit = 0; bit < a.bits(); ++bit) sum += a.bit(i, bit) != b.bit(j, bit) ? 1 : 0;
  return sum;
}
struct blocks_of {
  explicit blocks_of(const hint::code_view& codes)
      : words(block_words(codes.words_per_code(), codes.size())) {
    put_in_blocks(codes, 0, words.data());
  }
  hint::aligned_buffer<std::uint64_t> words;
};
/// All kernels, and whether on blocks that they have arranged.
std::vector<std::pair<const detail::kernel_set*, bool>> ways(std::size_t words,
                                                             std::size_t together) {
  std::vector<std::pair<const detail::kernel_set*, bool>> all;
  for (const detail::kernel_set* k : detail::usable_kernels()) {
    all.emplace_back(k, false);
    if (together == 4 && k->arranges(words)) all.emplace_back(k, true);
  }
  return all;
}
bool same(const detail::candidate& a, const detail::candidate& b) {
  return a.row == b.row && a.query == b.query && a.distance == b.distance;
}

}  // namespace

TEST_CASE("the fastest kernels come first, the portable ones last") {
  const auto usable = detail::usable_kernels();
  REQUIRE(!usable.empty());
  CHECK(usable.front()->name == instruction_set());
  CHECK(usable.back()->name == "portable");
}

TEST_CASE("HINT_KERNELS names the kernels that are used") {
  const auto usable = detail::usable_kernels();
  CHECK(&detail::kernels_for(nullptr) == usable.front());
  CHECK(&detail::kernels_for("") == usable.front());
  std::string names;
  for (const detail::kernel_set* k : usable) {
    CHECK(&detail::kernels_for(std::string(k->name).c_str()) == k);
    names += (names.empty() ? "" : ", ") + std::string(k->name);
  }
  CHECK_THROWS_MESSAGE(detail::kernels_for("avx"), hint::invalid_argument,
                       "environment variable HINT_KERNELS: \"avx\" is not the name of any kernels, "
                       "expected " +
                           names);
  for (const std::string other : {"avx512", "avx2", "popcnt", "neon"})
    if (std::none_of(usable.begin(), usable.end(), [&](auto* k) { return k->name == other; }))
      CHECK_THROWS_MESSAGE(detail::kernels_for(other.c_str()), hint::invalid_argument,
                           "environment variable HINT_KERNELS: \"" + other +
                               "\" kernels do not run on this machine, expected " + names);
}

TEST_CASE("all kernels agree with a count bit by bit") {
  const std::uint64_t seed = 17;
  CAPTURE(seed);
  std::vector<std::size_t> lengths{192,  200,  256,  320,  512,  1000,  1024,
                                   1984, 1985, 2048, 4095, 4096, 16383, 16384};
  for (std::size_t bits = 1; bits <= 130; ++bits) lengths.push_back(bits);
  for (const std::size_t bits : lengths) {
    const hint::random_stream random(seed, bits);
    const std::size_t n = 1 + random.below(0, 200);
    const auto codes = random_codes(bits, n, random.fork(0));
    const auto queries = random_codes(bits, 4, random.fork(1));
    const blocks_of blocks(codes);
    const std::size_t words = codes.words_per_code();
    for (const detail::kernel_set* k : detail::usable_kernels()) {
      CAPTURE(bits, n, std::string(k->name));
      std::vector<std::uint16_t> found(padded_rows(n));
      bool good = true;
      hint::aligned_buffer<std::uint64_t> arranged(blocks.words.size());
      if (k->arranges(words))
        k->arrange(blocks.words.data(), words, found.size() / block_codes, arranged.data());
      for (std::size_t q = 0; q < 4; ++q)
        for (const bool own : {false, true}) {
          if (own && !k->arranges(words)) continue;
          (own ? k->distances_arranged : k->distances)(own ? arranged.data() : blocks.words.data(),
                                                       words, found.size() / block_codes,
                                                       queries[q].data(), found.data());
          for (std::size_t i = 0; i < n; ++i)
            good = good && found[i] == counted(queries, q, codes, i);
        }
      CHECK(good);
    }
  }
}

TEST_CASE("all scans find what lies below the limits, in portions") {
  const std::uint64_t seed = 18;
  CAPTURE(seed);
  for (const std::size_t bits :
       {1U, 13U, 64U, 65U, 128U, 192U, 256U, 500U, 512U, 1024U, 4096U, 16384U}) {
    const hint::random_stream random(seed, bits);
    for (const std::size_t n : {1U, 7U, 32U, 33U, 64U, 97U, 500U}) {
      const auto codes = random_codes(bits, n, random.fork(0));
      const auto queries = random_codes(bits, 4, random.fork(1));
      const blocks_of blocks(codes);
      const std::size_t words = codes.words_per_code();
      const std::size_t all = padded_rows(n) / block_codes;
      std::vector<std::uint64_t> interleaved(4 * words);
      for (std::size_t q = 0; q < 4; ++q)
        for (std::size_t w = 0; w < words; ++w) interleaved[4 * w + q] = queries[q][w];

      for (std::uint64_t round = 0; round < 4; ++round) {
        std::array<std::uint32_t, 4> limits{};
        for (std::size_t q = 0; q < 4; ++q)
          limits[q] =
              round == 3
                  ? static_cast<std::uint32_t>(bits + 1)  // everything
                  : static_cast<std::uint32_t>(random.fork(2).below(4 * round + q, bits + 1));
        const std::size_t check = random.fork(3).below(round, words + 2);
        for (const std::size_t together : {1U, 4U}) {
          const detail::scan_job job{blocks.words.data(),
                                     words,
                                     all,
                                     together == 1 ? queries.words().data() : interleaved.data(),
                                     limits.data(),
                                     check};
          std::vector<detail::candidate> expected;
          for (std::size_t q = 0; q < together; ++q)
            for (std::size_t i = 0; i < n; ++i)
              if (const auto d = counted(queries, q, codes, i); d < limits[q])
                expected.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint16_t>(q),
                                    static_cast<std::uint16_t>(d)});
          const auto order = [](const detail::candidate& a, const detail::candidate& b) {
            return a.row != b.row ? a.row < b.row : a.query < b.query;
          };
          std::sort(expected.begin(), expected.end(), order);

          for (const auto& [k, arranged] : ways(words, together)) {
            CAPTURE(bits, n, round, together, check, std::string(k->name), arranged);
            std::vector<detail::candidate> found;
            bool in_bounds = true;
            detail::scan_job mine = job;
            hint::aligned_buffer<std::uint64_t> own(arranged ? blocks.words.size() : 0);
            if (arranged) {
              k->arrange(job.blocks, words, all, own.data());
              mine.blocks = own.data();
            }
            const auto scan = arranged        ? k->scan_arranged
                              : together == 1 ? k->scan_one
                                              : k->scan_four;
            std::array<std::size_t, 4> before{};
            for (std::size_t b = 0; b < all;) {
              std::array<detail::candidate, detail::most_candidates> part;
              std::size_t count = 0;
              const std::size_t next = scan(mine, b, part.data(), count);
              in_bounds = in_bounds && next > b && next % 4 == 0 && count <= part.size();
              for (std::size_t i = 0; i < count; ++i) {
                if (part[i].row < n) found.push_back(part[i]);
                // Rows of a query ascend.
                in_bounds = in_bounds && part[i].row + 1 > before[part[i].query];
                before[part[i].query] = part[i].row + 1;
              }
              b = next;
            }
            std::sort(found.begin(), found.end(), order);
            CHECK(in_bounds);
            CHECK(found.size() == expected.size());
            CHECK(std::equal(found.begin(), found.end(), expected.begin(), expected.end(), same));
          }
        }
      }
    }
  }
}

TEST_CASE("all kernels mark the rows that have a bit in common with a mask") {
  const hint::random_stream random(19, 0);
  for (std::size_t n = 0; n < 140; ++n) {
    std::vector<std::uint64_t> rows(n);
    for (std::size_t i = 0; i < n; ++i)
      rows[i] = random.fork(n).below(i, 3) == 0 ? 0 : std::uint64_t{1} << random.below(i, 64);
    const std::uint64_t mask = random.bits(n) & random.fork(1).bits(n);
    std::vector<std::uint8_t> expected(n);
    for (std::size_t i = 0; i < n; ++i) expected[i] = (rows[i] & mask) != 0 ? 1 : 0;
    for (const detail::kernel_set* k : detail::usable_kernels()) {
      CAPTURE(n, std::string(k->name));
      std::vector<std::uint8_t> found(n, 7);
      k->any_common(rows.data(), n, mask, found.data());
      CHECK(found == expected);
    }
  }
}
