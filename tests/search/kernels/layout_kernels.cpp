// SPDX-License-Identifier: MIT
// Every set of kernels for byte planes against a count bit by bit.
#include <hint/search/kernels/layout_kernels.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>

#include "support/catch.hpp"

namespace detail = hint::search::detail;
using detail::candidate;
using detail::code_layout;
using detail::kernel_set;

namespace {

/// Those for planes that this machine can run.
std::vector<const kernel_set*> plane_kernels() {
  std::vector<const kernel_set*> all;
  for (const kernel_set* words : detail::usable_kernels()) {
    const kernel_set& planes = detail::plane_kernels_for(*words);
    if (std::find(all.begin(), all.end(), &planes) == all.end()) all.push_back(&planes);
  }
  return all;
}
/// Codes of which each bit is set with chance odds/256, so that distances spread; odds 0 and 256 too.
hint::code_set spread_codes(std::size_t bits, std::size_t n, hint::random_stream random) {
  hint::code_set codes(bits, n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto odds = i == 0 ? 0 : i == 1 ? 256 : random.fork(0).below(i, 257);
    for (std::size_t j = 0; j < bits; ++j)
      codes.set_bit(i, j, random.fork(1).below(i * bits + j, 256) < odds);
  }
  return codes;
}
std::uint16_t counted(hint::code_view a, std::size_t i, hint::code_view b, std::size_t j) {
  std::uint32_t sum = 0;
  for (std::size_t bit = 0; bit < a.bits(); ++bit) sum += a.bit(i, bit) != b.bit(j, bit) ? 1 : 0;
  return static_cast<std::uint16_t>(sum);
}
std::vector<std::size_t> lengths() {
  std::vector<std::size_t> all;
  for (std::size_t bits = 1; bits <= 248; bits += bits < 40 ? 1 : 13)
    if (code_layout::best(bits).in_planes()) all.push_back(bits);
  all.insert(all.end(), {48, 96, 120, 247, 248});
  return all;
}
bool before(const candidate& a, const candidate& b) {
  return a.query != b.query ? a.query < b.query : a.row < b.row;
}
bool same(const candidate& a, const candidate& b) {
  return a.row == b.row && a.query == b.query && a.distance == b.distance;
}

}  // namespace

TEST_CASE("each layout has the kernels of its own, of the instruction set in use") {
  CHECK(&detail::kernels_for(code_layout::best(64)) == &detail::kernels());
  CHECK(&detail::kernels_for(code_layout::by_words(8)) == &detail::kernels());
  CHECK(&detail::kernels_for(code_layout::best(8)) ==
        &detail::plane_kernels_for(detail::kernels()));
  CHECK(&detail::plane_kernels_for(detail::portable_kernels) == &detail::portable_plane_kernels);
#if defined(HINT_SEARCH_X86)
  CHECK(&detail::plane_kernels_for(detail::avx2_kernels) == &detail::avx2_plane_kernels);
#endif
}

TEST_CASE("planes: all kernels agree with a count bit by bit") {
  const std::uint64_t seed = 21;
  CAPTURE(seed);
  for (const std::size_t bits : lengths()) {
    const hint::random_stream random(seed, bits);
    const std::size_t n = 2 + random.below(0, 200);
    const auto codes = spread_codes(bits, n, random.fork(0));
    const auto queries = spread_codes(bits, 4, random.fork(1));
    const code_layout layout = code_layout::best(bits);
    hint::aligned_buffer<std::uint64_t> blocks(layout.room(n));
    layout.put(codes, 0, blocks.data());
    for (const kernel_set* k : plane_kernels()) {
      CAPTURE(bits, n, std::string(k->name));
      std::vector<std::uint16_t> found(layout.padded(n));
      bool good = true;
      for (std::size_t q = 0; q < 4; ++q) {
        k->distances(blocks.data(), layout.length(), found.size() / detail::block_codes,
                     queries[q].data(), found.data());
        for (std::size_t i = 0; i < n; ++i)
          good = good && found[i] == counted(queries, q, codes, i);
      }
      CHECK(good);
    }
  }
}

TEST_CASE("planes: all scans find what lies below the limits, by ascending row, in portions") {
  const std::uint64_t seed = 22;
  CAPTURE(seed);
  for (const std::size_t bits : lengths()) {
    const hint::random_stream random(seed, bits);
    for (const std::size_t n : {2U, 64U, 65U, 700U}) {
      const auto codes = spread_codes(bits, n, random.fork(0));
      const auto queries = spread_codes(bits, 4, random.fork(1));
      const code_layout layout = code_layout::best(bits);
      hint::aligned_buffer<std::uint64_t> blocks(layout.room(n));
      layout.put(codes, 0, blocks.data());
      const std::size_t all = layout.padded(n) / detail::block_codes;
      std::vector<std::uint64_t> interleaved(4 * layout.words());
      for (std::size_t q = 0; q < 4; ++q)
        for (std::size_t w = 0; w < layout.words(); ++w) interleaved[4 * w + q] = queries[q][w];
      for (std::uint64_t round = 0; round < 4; ++round) {
        std::array<std::uint32_t, 4> limits{};
        for (std::size_t q = 0; q < 4; ++q) {
          const auto any =
              static_cast<std::uint32_t>(random.fork(2).below(4 * round + q, bits + 1));
          const auto half = static_cast<std::uint32_t>(126 + q);  // where a byte's top bit is set
          const auto all_codes = static_cast<std::uint32_t>(64 * layout.words() + 1);
          limits[q] =
              std::array{any, half, static_cast<std::uint32_t>(bits * q / 2), all_codes}[round];
        }
        for (const std::size_t together : {1U, 4U}) {
          const detail::scan_job job{
              blocks.data(), layout.length(),
              all,           together == 1 ? queries.words().data() : interleaved.data(),
              limits.data(), 0};
          std::vector<candidate> expected;
          for (std::size_t q = 0; q < together; ++q)
            for (std::size_t i = 0; i < n; ++i)
              if (const auto d = counted(queries, q, codes, i); d < limits[q])
                expected.push_back(
                    {static_cast<std::uint32_t>(i), static_cast<std::uint16_t>(q), d});
          for (const kernel_set* k : plane_kernels()) {
            CAPTURE(bits, n, round, together, std::string(k->name));
            std::vector<candidate> found;
            bool in_bounds = true;
            for (std::size_t b = 0; b < all;) {
              std::array<candidate, detail::most_candidates> part;
              std::size_t count = 0;
              const std::size_t next =
                  (together == 1 ? k->scan_one : k->scan_four)(job, b, part.data(), count);
              in_bounds = in_bounds && next > b && next % 8 == 0 && count <= part.size();
              for (std::size_t i = 0; i < count; ++i)
                if (part[i].row < n) found.push_back(part[i]);
              b = next;
            }
            // Stable: that rows ascend for each query is the kernel's work.
            std::stable_sort(
                found.begin(), found.end(),
                [](const candidate& a, const candidate& b) { return a.query < b.query; });
            CHECK(in_bounds);
            CHECK(std::is_sorted(found.begin(), found.end(), before));
            CHECK(std::equal(found.begin(), found.end(), expected.begin(), expected.end(), same));
          }
        }
      }
    }
  }
}
