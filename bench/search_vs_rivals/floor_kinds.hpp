// SPDX-License-Identifier: MIT
// What each instruction set allows: plain kernels that do nothing but distances and their minimum. The best of
// them is the floor of that set, so a search that is faster than all of them shows that one is missing here.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_FLOOR_KINDS_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_FLOOR_KINDS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/search/kernels/block_layout.hpp>

#include "floor.hpp"

namespace search_vs_rivals {

/// A plain kernel. It lowers best[q] to the distance of query q, of `together`, from any code of `count`
/// blocks, a multiple of 8. Word w of query q is queries[w * together + q].
struct plain_kernel {
  std::string_view kind;  ///< the instruction set
  std::string_view name;
  std::size_t together;
  /// Whether blocks are by bytes: byte p of the 32 codes of four blocks are the 32 bytes at 32 p.
  bool by_bytes;
  bool (*fits)(std::size_t words);
  void (*run)(const std::uint64_t* blocks, std::size_t words, std::size_t count,
              const std::uint64_t* queries, std::uint64_t* best);
};

#ifdef HINT_BENCH_X86

#define HINT_BENCH_AVX2 __attribute__((target("avx2,popcnt")))
#define HINT_BENCH_POPCNT __attribute__((target("popcnt")))
#define HINT_BENCH_INLINE __attribute__((always_inline)) inline

// POPCNT.

template <std::size_t Together, std::size_t Words>
HINT_BENCH_POPCNT void popcnt_minima(const std::uint64_t* blocks, std::size_t words,
                                     std::size_t count, const std::uint64_t* queries,
                                     std::uint64_t* best) {
  if constexpr (Words != 0) words = Words;
  std::uint64_t low[Together];
  std::copy_n(best, Together, low);
  for (std::size_t b = 0; b < count; ++b, blocks += words * block_codes)
#pragma GCC unroll 8
    for (std::size_t i = 0; i < block_codes; ++i) {
      std::uint64_t sums[Together];
#pragma GCC unroll 4
      for (std::size_t q = 0; q < Together; ++q)
        sums[q] = static_cast<std::uint64_t>(__builtin_popcountll(blocks[i] ^ queries[q]));
      for (std::size_t w = 1; w < words; ++w)
#pragma GCC unroll 4
        for (std::size_t q = 0; q < Together; ++q)
          sums[q] += static_cast<std::uint64_t>(
              __builtin_popcountll(blocks[w * block_codes + i] ^ queries[w * Together + q]));
#pragma GCC unroll 4
      for (std::size_t q = 0; q < Together; ++q)
        if (sums[q] < low[q]) [[unlikely]]
          low[q] = sums[q];
    }
  std::copy_n(low, Together, best);
}

// AVX2.

HINT_BENCH_AVX2 HINT_BENCH_INLINE __m256i half_counts(__m256i halves) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2,
                                         1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  return _mm256_shuffle_epi8(table, halves);
}
HINT_BENCH_AVX2 HINT_BENCH_INLINE __m256i low_halves(__m256i x) {
  return _mm256_and_si256(x, _mm256_set1_epi8(15));
}
HINT_BENCH_AVX2 HINT_BENCH_INLINE __m256i high_halves(__m256i x) {
  return low_halves(_mm256_srli_epi64(x, 4));
}
HINT_BENCH_AVX2 HINT_BENCH_INLINE __m256i bit_counts(__m256i x) {
  return _mm256_add_epi8(half_counts(low_halves(x)), half_counts(high_halves(x)));
}
HINT_BENCH_AVX2 HINT_BENCH_INLINE __m256i from(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
/// The least of four sums of 64 bits, or of 32 bytes.
HINT_BENCH_AVX2 inline std::uint64_t least_word(__m256i x) {
  std::uint64_t all[4];
  std::memcpy(all, &x, sizeof all);
  return *std::min_element(all, all + 4);
}
HINT_BENCH_AVX2 inline std::uint64_t least_byte(__m256i x) {
  std::uint8_t all[32];
  std::memcpy(all, &x, sizeof all);
  return *std::min_element(all, all + 32);
}

/// Words side by side, four queries; halves of the codes' bytes are taken apart once for all of them.
template <std::size_t Words>
HINT_BENCH_AVX2 void words_avx2_four(const std::uint64_t* blocks, std::size_t words,
                                     std::size_t count, const std::uint64_t* queries,
                                     std::uint64_t* best) {
  if constexpr (Words != 0) words = Words;
  const __m256i none = _mm256_setzero_si256();
  __m256i m0 = _mm256_set1_epi64x(0xffff), m1 = m0, m2 = m0, m3 = m0;
  for (std::size_t b = 0; b < count; ++b, blocks += words * block_codes)
    for (std::size_t half = 0; half < block_codes; half += 4) {
      __m256i s0 = none, s1 = none, s2 = none, s3 = none;
      for (std::size_t w = 0; w < words; ++w) {
        const __m256i x = from(blocks + w * block_codes + half);
        const auto counts = [&](std::size_t q) HINT_BENCH_AVX2 {
          return bit_counts(
              _mm256_xor_si256(x, _mm256_set1_epi64x(static_cast<long long>(queries[4 * w + q]))));
        };
        s0 = _mm256_add_epi8(s0, counts(0)), s1 = _mm256_add_epi8(s1, counts(1));
        s2 = _mm256_add_epi8(s2, counts(2)), s3 = _mm256_add_epi8(s3, counts(3));
      }
      m0 = _mm256_min_epu32(m0, _mm256_sad_epu8(s0, none));
      m1 = _mm256_min_epu32(m1, _mm256_sad_epu8(s1, none));
      m2 = _mm256_min_epu32(m2, _mm256_sad_epu8(s2, none));
      m3 = _mm256_min_epu32(m3, _mm256_sad_epu8(s3, none));
    }
  best[0] = (std::min)(best[0], least_word(m0)), best[1] = (std::min)(best[1], least_word(m1));
  best[2] = (std::min)(best[2], least_word(m2)), best[3] = (std::min)(best[3], least_word(m3));
}
/// Words side by side, one query.
template <std::size_t Words>
HINT_BENCH_AVX2 void words_avx2_one(const std::uint64_t* blocks, std::size_t words,
                                    std::size_t count, const std::uint64_t* query,
                                    std::uint64_t* best) {
  if constexpr (Words != 0) words = Words;
  const __m256i none = _mm256_setzero_si256();
  __m256i low = _mm256_set1_epi64x(0xffff), high = low;
  for (std::size_t b = 0; b < count; ++b, blocks += words * block_codes) {
    __m256i s = none, t = none;
    for (std::size_t w = 0; w < words; ++w) {
      const __m256i q = _mm256_set1_epi64x(static_cast<long long>(query[w]));
      s = _mm256_add_epi8(s, bit_counts(_mm256_xor_si256(from(blocks + w * block_codes), q)));
      t = _mm256_add_epi8(t, bit_counts(_mm256_xor_si256(from(blocks + w * block_codes + 4), q)));
    }
    low = _mm256_min_epu32(low, _mm256_sad_epu8(s, none));
    high = _mm256_min_epu32(high, _mm256_sad_epu8(t, none));
  }
  *best = (std::min)(*best, least_word(_mm256_min_epu32(low, high)));
}

/// A full adder of bits.
struct adder {
  __m256i sum, carry;
};
HINT_BENCH_AVX2 HINT_BENCH_INLINE adder add_bits(__m256i a, __m256i b, __m256i c) {
  const __m256i u = _mm256_xor_si256(a, b);
  return {_mm256_xor_si256(u, c), _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(u, c))};
}
/// One query, eight words at a time through carry-save adders (Harley and Seal).
HINT_BENCH_AVX2 inline void adders_avx2_one(const std::uint64_t* blocks, std::size_t words,
                                            std::size_t count, const std::uint64_t* query,
                                            std::uint64_t* best) {
  const __m256i none = _mm256_setzero_si256();
  __m256i low = _mm256_set1_epi64x(0xffff);
  for (std::size_t b = 0; b < count; ++b, blocks += words * block_codes)
    for (std::size_t half = 0; half < block_codes; half += 4) {
      __m256i sum = none;
      for (std::size_t w = 0; w < words; w += 8) {
        const auto x = [&](std::size_t i) HINT_BENCH_AVX2 {
          return _mm256_xor_si256(from(blocks + (w + i) * block_codes + half),
                                  _mm256_set1_epi64x(static_cast<long long>(query[w + i])));
        };
        const adder a = add_bits(x(0), x(1), x(2)), c = add_bits(x(3), x(4), x(5));
        const adder ones = add_bits(a.sum, c.sum, x(6));
        const adder twos = add_bits(a.carry, c.carry, ones.carry);
        __m256i s = bit_counts(twos.carry);
        s = _mm256_add_epi8(_mm256_add_epi8(s, s), bit_counts(twos.sum));
        s = _mm256_add_epi8(_mm256_add_epi8(s, s), bit_counts(ones.sum));
        sum = _mm256_add_epi64(sum, _mm256_sad_epu8(_mm256_add_epi8(s, bit_counts(x(7))), none));
      }
      low = _mm256_min_epu32(low, sum);
    }
  *best = (std::min)(*best, least_word(low));
}

HINT_BENCH_AVX2 HINT_BENCH_INLINE __m256i add_halves(__m256i sum, const __m256i* tables,
                                                     __m256i low, __m256i high) {
  return _mm256_adds_epu8(sum, _mm256_add_epi8(_mm256_shuffle_epi8(tables[0], low),
                                               _mm256_shuffle_epi8(tables[1], high)));
}
/// Bytes side by side, distances of half bytes from tables of each query, two times 32 codes and four queries
/// at once. Sums stay at 255, so the least distance has to be below.
template <std::size_t Words>
HINT_BENCH_AVX2 void bytes_avx2_four(const std::uint64_t* blocks, std::size_t words,
                                     std::size_t count, const std::uint64_t* queries,
                                     std::uint64_t* best) {
  if constexpr (Words != 0) words = Words;
  const std::size_t bytes = 8 * words;
  __m256i tables[8 * 8 * 8];
  const __m256i numbers = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0,
                                           1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (std::size_t p = 0; p < bytes; ++p)
    for (std::size_t half = 0; half < 8; ++half) {
      const std::uint64_t query = queries[p / 8 * 4 + half / 2] >> (p % 8 * 8 + half % 2 * 4) & 15;
      tables[8 * p + half] =
          half_counts(_mm256_xor_si256(numbers, _mm256_set1_epi8(static_cast<char>(query))));
    }
  __m256i m0 = _mm256_set1_epi8(-1), m1 = m0, m2 = m0, m3 = m0;
  const auto* a = reinterpret_cast<const __m256i*>(blocks);
  for (std::size_t i = 0; i < count; i += 8, a += 2 * bytes) {
    const __m256i* const b = a + bytes;
    const __m256i none = _mm256_setzero_si256();
    __m256i s0 = none, s1 = none, s2 = none, s3 = none, t0 = none, t1 = none, t2 = none, t3 = none;
    const __m256i* t = tables;
    for (std::size_t p = 0; p < bytes; ++p, t += 8) {
      const __m256i al = low_halves(a[p]), ah = high_halves(a[p]);
      const __m256i bl = low_halves(b[p]), bh = high_halves(b[p]);
      s0 = add_halves(s0, t, al, ah), t0 = add_halves(t0, t, bl, bh);
      s1 = add_halves(s1, t + 2, al, ah), t1 = add_halves(t1, t + 2, bl, bh);
      s2 = add_halves(s2, t + 4, al, ah), t2 = add_halves(t2, t + 4, bl, bh);
      s3 = add_halves(s3, t + 6, al, ah), t3 = add_halves(t3, t + 6, bl, bh);
    }
    m0 = _mm256_min_epu8(m0, _mm256_min_epu8(s0, t0));
    m1 = _mm256_min_epu8(m1, _mm256_min_epu8(s1, t1));
    m2 = _mm256_min_epu8(m2, _mm256_min_epu8(s2, t2));
    m3 = _mm256_min_epu8(m3, _mm256_min_epu8(s3, t3));
  }
  best[0] = (std::min)(best[0], least_byte(m0)), best[1] = (std::min)(best[1], least_byte(m1));
  best[2] = (std::min)(best[2], least_byte(m2)), best[3] = (std::min)(best[3], least_byte(m3));
}

#undef HINT_BENCH_AVX2
#undef HINT_BENCH_POPCNT
#undef HINT_BENCH_INLINE

#endif

/// Those of an instruction set for codes of so many words, 8 at most.
[[nodiscard]] inline std::vector<plain_kernel> plain_kernels([[maybe_unused]] std::string_view kind,
                                                             [[maybe_unused]] std::size_t words) {
  std::vector<plain_kernel> fitting;
#ifdef HINT_BENCH_X86
  constexpr auto any = +[](std::size_t) { return true; };
  constexpr auto one = +[](std::size_t w) { return w == 1; };
  constexpr auto two = +[](std::size_t w) { return w == 2; };
  constexpr auto four = +[](std::size_t w) { return w == 4; };
  constexpr auto eight = +[](std::size_t w) { return w == 8; };
  constexpr auto eights = +[](std::size_t w) { return w % 8 == 0; };
  const plain_kernel all[] = {{"popcnt", "4 queries", 4, false, any, &popcnt_minima<4, 0>},
                              {"popcnt", "4 queries", 4, false, one, &popcnt_minima<4, 1>},
                              {"popcnt", "4 queries", 4, false, two, &popcnt_minima<4, 2>},
                              {"popcnt", "4 queries", 4, false, four, &popcnt_minima<4, 4>},
                              {"popcnt", "4 queries", 4, false, eight, &popcnt_minima<4, 8>},
                              {"popcnt", "1 query", 1, false, any, &popcnt_minima<1, 0>},
                              {"popcnt", "1 query", 1, false, one, &popcnt_minima<1, 1>},
                              {"popcnt", "1 query", 1, false, two, &popcnt_minima<1, 2>},
                              {"popcnt", "1 query", 1, false, four, &popcnt_minima<1, 4>},
                              {"popcnt", "1 query", 1, false, eight, &popcnt_minima<1, 8>},
                              {"avx2", "words, 4 queries", 4, false, any, &words_avx2_four<0>},
                              {"avx2", "words, 4 queries", 4, false, one, &words_avx2_four<1>},
                              {"avx2", "words, 1 query", 1, false, any, &words_avx2_one<0>},
                              {"avx2", "words, 1 query", 1, false, one, &words_avx2_one<1>},
                              {"avx2", "adders, 1 query", 1, false, eights, &adders_avx2_one},
                              {"avx2", "bytes, 4 queries", 4, true, any, &bytes_avx2_four<0>},
                              {"avx2", "bytes, 4 queries", 4, true, one, &bytes_avx2_four<1>},
                              {"avx2", "bytes, 4 queries", 4, true, two, &bytes_avx2_four<2>},
                              {"avx2", "bytes, 4 queries", 4, true, four, &bytes_avx2_four<4>},
                              {"avx2", "bytes, 4 queries", 4, true, eight, &bytes_avx2_four<8>}};
  for (const plain_kernel& k : all)
    if (k.kind == kind && k.fits(words)) fitting.push_back(k);
#endif
  return fitting;
}

/// A plain kernel over a database, in tiles that stay in the cache while all queries pass; blocks are arranged
/// beforehand.
class plain_scan {
 public:
  plain_scan(const plain_kernel& kernel, const hint::code_view& codes,
             const hint::code_view& queries)
      : kernel_(kernel),
        words_(codes.words_per_code()),
        codes_(codes.size() / (8 * block_codes) * (8 * block_codes)),
        blocks_(codes_ * words_),
        queries_(queries.size() / kernel.together * kernel.together * words_),
        best_(queries_.size() / words_) {
    const hint::code_view whole = codes.slice(0, codes_);
    if (kernel.by_bytes) {
      auto* bytes = reinterpret_cast<std::uint8_t*>(blocks_.data());
      const auto* from = reinterpret_cast<const std::uint8_t*>(whole.data());
      for (std::size_t i = 0; i < codes_; ++i)
        for (std::size_t p = 0; p < 8 * words_; ++p)
          bytes[(i / 32 * 8 * words_ + p) * 32 + i % 32] = *from++;
    } else {
      hint::search::detail::put_in_blocks(whole, 0, blocks_.data());
    }
    for (std::size_t q = 0; q < best_.size(); ++q)
      for (std::size_t w = 0; w < words_; ++w)
        queries_[(q / kernel.together * words_ + w) * kernel.together + q % kernel.together] =
            queries[q][w];
  }
  /// Whole groups and whole passes.
  [[nodiscard]] std::size_t codes() const noexcept { return codes_; }
  [[nodiscard]] std::size_t queries() const noexcept { return best_.size(); }
  [[nodiscard]] const plain_kernel& kernel() const noexcept { return kernel_; }

  void operator()() {
    std::fill(best_.begin(), best_.end(), ~std::uint64_t{0});
    const std::size_t tile = 2048 / words_;  // blocks: 128 KiB
    const std::size_t blocks = codes_ / block_codes;
    for (std::size_t b = 0; b < blocks; b += tile) {
      // The next tile comes from memory meanwhile, as in hint's scan.
      const std::uint64_t* next =
          blocks_.data() + (std::min)(blocks, b + tile) * words_ * block_codes;
      const std::size_t lines =
          ((std::min)(blocks, b + 2 * tile) - (std::min)(blocks, b + tile)) * words_;
      const std::size_t passes = queries() / kernel_.together;
      for (std::size_t q = 0; q < queries(); q += kernel_.together) {
        kernel_.run(blocks_.data() + b * words_ * block_codes, words_, (std::min)(tile, blocks - b),
                    queries_.data() + q * words_, best_.data() + q);
        const std::size_t pass = q / kernel_.together;
        for (std::size_t line = lines * pass / passes; line < lines * (pass + 1) / passes; ++line)
          hint::detail::prefetch(next + line * block_codes);
      }
    }
  }
  /// The distance of the nearest code to a query.
  [[nodiscard]] std::uint64_t nearest(std::size_t query) const { return best_[query]; }

 private:
  plain_kernel kernel_;
  std::size_t words_;
  std::size_t codes_;
  hint::aligned_buffer<std::uint64_t> blocks_;
  std::vector<std::uint64_t> queries_;
  std::vector<std::uint64_t> best_;
};

}  // namespace search_vs_rivals

#endif
