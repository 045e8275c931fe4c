// SPDX-License-Identifier: MIT
// What the machine allows: distances with nothing but their minimum, and reads of memory.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_FLOOR_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_FLOOR_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/executor.hpp>
#include <hint/search/kernels/block_layout.hpp>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HINT_BENCH_X86 1
#include <immintrin.h>
#endif

namespace search_vs_rivals {

using hint::search::detail::block_codes;

/// Queries that share a pass of the pure kernel.
inline constexpr std::size_t pass_queries = 8;

/// Lowers best[q * 8 + lane] to the distance of query q from any code in that lane of blocks 0 ..
/// count-1 (hint/search/kernels/block_layout.hpp). Word w of query q is queries[w * 8 + q].
using minima_kernel = void (*)(const std::uint64_t* blocks, std::size_t words, std::size_t count,
                               const std::uint64_t* queries, std::uint64_t* best);

inline void minima_portable(const std::uint64_t* blocks, std::size_t words, std::size_t count,
                            const std::uint64_t* queries, std::uint64_t* best) {
  for (std::size_t b = 0; b < count; ++b, blocks += words * block_codes)
    for (std::size_t q = 0; q < pass_queries; ++q)
      for (std::size_t lane = 0; lane < block_codes; ++lane) {
        std::uint64_t sum = 0;
        for (std::size_t w = 0; w < words; ++w)
          sum += static_cast<std::uint64_t>(
              std::popcount(blocks[w * block_codes + lane] ^ queries[w * pass_queries + q]));
        std::uint64_t& lowest = best[q * block_codes + lane];
        lowest = (std::min)(lowest, sum);
      }
}

#ifdef HINT_BENCH_X86

#define HINT_BENCH_AVX512 __attribute__((target("avx512f,avx512vpopcntdq")))
#define HINT_BENCH_INLINE __attribute__((always_inline)) inline

using u64x8 = std::uint64_t __attribute__((vector_size(64)));

HINT_BENCH_AVX512 HINT_BENCH_INLINE u64x8 bits_apart(u64x8 codes, std::uint64_t query) {
  return reinterpret_cast<u64x8>(_mm512_popcnt_epi64(reinterpret_cast<__m512i>(codes ^ query)));
}
HINT_BENCH_AVX512 HINT_BENCH_INLINE void lower_to(u64x8& lowest, u64x8 x) {
  lowest = x < lowest ? x : lowest;
}

// Variables instead of arrays, which compilers may keep in memory. `Words` is 0 when known only at
// run time: unrolled loops are slower (by a quarter at 512 bits) when codes are long.
template <std::size_t Words>
HINT_BENCH_AVX512 void minima_avx512(const std::uint64_t* blocks, std::size_t words,
                                     std::size_t count, const std::uint64_t* queries,
                                     std::uint64_t* best) {
  if constexpr (Words != 0) words = Words;
  const auto* c = reinterpret_cast<const u64x8*>(blocks);
  auto* lowest = reinterpret_cast<u64x8*>(best);
  u64x8 m0 = lowest[0], m1 = lowest[1], m2 = lowest[2], m3 = lowest[3];
  u64x8 m4 = lowest[4], m5 = lowest[5], m6 = lowest[6], m7 = lowest[7];
  for (std::size_t b = 0; b < count; ++b, c += words) {
    const std::uint64_t* q = queries;
    u64x8 s0 = bits_apart(c[0], q[0]), s1 = bits_apart(c[0], q[1]);
    u64x8 s2 = bits_apart(c[0], q[2]), s3 = bits_apart(c[0], q[3]);
    u64x8 s4 = bits_apart(c[0], q[4]), s5 = bits_apart(c[0], q[5]);
    u64x8 s6 = bits_apart(c[0], q[6]), s7 = bits_apart(c[0], q[7]);
    for (std::size_t w = 1; w < words; ++w) {
      q += pass_queries;
      s0 += bits_apart(c[w], q[0]), s1 += bits_apart(c[w], q[1]);
      s2 += bits_apart(c[w], q[2]), s3 += bits_apart(c[w], q[3]);
      s4 += bits_apart(c[w], q[4]), s5 += bits_apart(c[w], q[5]);
      s6 += bits_apart(c[w], q[6]), s7 += bits_apart(c[w], q[7]);
    }
    lower_to(m0, s0), lower_to(m1, s1), lower_to(m2, s2), lower_to(m3, s3);
    lower_to(m4, s4), lower_to(m5, s5), lower_to(m6, s6), lower_to(m7, s7);
  }
  lowest[0] = m0, lowest[1] = m1, lowest[2] = m2, lowest[3] = m3;
  lowest[4] = m4, lowest[5] = m5, lowest[6] = m6, lowest[7] = m7;
}

/// Ors all words of a run together, from `Streams` places of it in turns.
template <std::size_t Streams>
HINT_BENCH_AVX512 std::uint64_t read_avx512(const std::uint64_t* words, std::size_t count) {
  const std::size_t part = count / Streams / 32 * 4;  // lines of the cache
  const auto* lines = reinterpret_cast<const u64x8*>(words);
  u64x8 a = {}, b = {}, c = {}, d = {};
  for (std::size_t i = 0; i < part; i += 4)
    for (std::size_t s = 0; s < Streams; ++s) {
      const u64x8* at = lines + s * part + i;
      a |= at[0], b |= at[1], c |= at[2], d |= at[3];
    }
  a |= b | c | d;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < 8; ++i) all |= a[i];
  for (std::size_t i = Streams * part * 8; i < count; ++i) all |= words[i];
  return all;
}

[[nodiscard]] inline bool has_avx512() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq");
}

#undef HINT_BENCH_AVX512
#undef HINT_BENCH_INLINE

#endif

[[nodiscard]] inline minima_kernel minima([[maybe_unused]] std::size_t words) {
#ifdef HINT_BENCH_X86
  if (has_avx512())
    return words == 1 ? &minima_avx512<1> : words == 2 ? &minima_avx512<2> : &minima_avx512<0>;
#endif
  return &minima_portable;
}

/// The pure kernel over a database in the layout of hint::search, in tiles that stay in the cache
/// while all queries pass, as many as a whole number of passes.
class pure_kernel {
 public:
  pure_kernel(const hint::code_view& codes, const hint::code_view& queries)
      : words_(codes.words_per_code()),
        blocks_(hint::search::detail::block_words(words_, codes.size())),
        queries_(queries.size() / pass_queries * pass_queries * words_),
        best_(queries.size() / pass_queries * pass_queries * block_codes),
        codes_(codes.size() / block_codes * block_codes),
        run_(minima(words_)) {
    hint::search::detail::put_in_blocks(codes, 0, blocks_.data());
    for (std::size_t q = 0; q < queries_.size() / words_; ++q)
      for (std::size_t w = 0; w < words_; ++w)
        queries_[(q / pass_queries * words_ + w) * pass_queries + q % pass_queries] = queries[q][w];
  }
  /// Whole blocks and whole passes.
  [[nodiscard]] std::size_t codes() const noexcept { return codes_; }
  [[nodiscard]] std::size_t queries() const noexcept { return queries_.size() / words_; }

  void operator()() {
    std::fill(best_.begin(), best_.end(), ~std::uint64_t{0});
    const std::size_t tile = (std::max)(std::size_t{1}, 1024 / words_);  // blocks: 64 KiB
    const std::size_t blocks = codes_ / block_codes;
    for (std::size_t b = 0; b < blocks; b += tile)
      for (std::size_t q = 0; q < queries(); q += pass_queries)
        run_(blocks_.data() + b * words_ * block_codes, words_, (std::min)(tile, blocks - b),
             queries_.data() + q * words_, best_.data() + q * block_codes);
  }
  /// The distance of the nearest code to a query.
  [[nodiscard]] std::uint64_t nearest(std::size_t query) const {
    const auto lanes = std::span(best_).subspan(query * block_codes, block_codes);
    return *std::min_element(lanes.begin(), lanes.end());
  }

 private:
  std::size_t words_;
  hint::aligned_buffer<std::uint64_t> blocks_;
  std::vector<std::uint64_t> queries_;
  hint::aligned_buffer<std::uint64_t> best_;
  std::size_t codes_;
  minima_kernel run_;
};

/// All words or'ed together, in plain C++: SSE2 by default flags, which keeps memory busy too.
inline std::uint64_t read_portable(const std::uint64_t* words, std::size_t count) {
  std::array<std::uint64_t, 16> sums{};
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (std::size_t j = 0; j < 16; ++j) sums[j] |= words[i + j];
  std::uint64_t all = 0;
  for (; i < count; ++i) all |= words[i];
  for (const std::uint64_t s : sums) all |= s;
  return all;
}

using reader = std::uint64_t (*)(const std::uint64_t*, std::size_t);

/// Ways to read memory; which is the fastest depends on the machine.
[[nodiscard]] inline std::vector<reader> readers() {
  std::vector<reader> all{&read_portable};
#ifdef HINT_BENCH_X86
  if (has_avx512())
    all.insert(all.end(), {&read_avx512<1>, &read_avx512<2>, &read_avx512<4>, &read_avx512<8>});
#endif
  return all;
}

/// Reads all words with every thread of the executor, each a run of its own.
[[nodiscard]] inline std::uint64_t read_all(reader read, std::span<const std::uint64_t> words,
                                            const hint::executor_ref& executor) {
  const std::size_t threads = executor.concurrency();
  std::vector<std::uint64_t> found(threads);
  executor.bulk(threads, [&](std::size_t t) {
    const std::size_t part = words.size() / threads / 8 * 8;  // whole cache lines
    const std::size_t begin = part * t;
    const std::size_t end = t + 1 == threads ? words.size() : begin + part;
    found[t] = read(words.data() + begin, end - begin);
  });
  return std::accumulate(found.begin(), found.end(), std::uint64_t{0}, std::bit_or<>());
}

}  // namespace search_vs_rivals

#endif
