// SPDX-License-Identifier: MIT
#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "support/catch.hpp"

using hint::random_stream;
using hint::stream_id;
using words4 = std::array<std::uint32_t, 4>;

TEST_CASE("random: Philox4x32-10 gives the published test vectors", "[core]") {
  // Random123 1.14, tests/kat_vectors.
  CHECK(hint::philox4x32({0, 0, 0, 0}, {0, 0}) ==
        words4{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(hint::philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                         {0xffffffff, 0xffffffff}) ==
        words4{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(hint::philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                         {0xa4093822, 0x299f31d0}) ==
        words4{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  STATIC_REQUIRE(hint::philox4x32({0, 0, 0, 0}, {0, 0})[0] == 0x6627e8d5);
}

TEST_CASE("random: stream_id is FNV-1a", "[core]") {
  STATIC_REQUIRE(stream_id("") == 0xcbf29ce484222325ULL);
  STATIC_REQUIRE(stream_id("a") == 0xaf63dc4c8601ec8cULL);
  STATIC_REQUIRE(stream_id("foobar") == 0x85944171f73967e8ULL);
}

TEST_CASE("random: a number is Philox of (seed, stream, index)", "[core]") {
  const std::uint64_t seed = 0x0123456789abcdefULL;
  const std::uint64_t stream = 0xfedcba9876543210ULL;
  const random_stream r(seed, stream);
  for (const std::uint64_t i : {0ULL, 1ULL, 0xffffffffULL, 0x100000000ULL, ~0ULL}) {
    CAPTURE(i);
    const auto w = hint::philox4x32({static_cast<std::uint32_t>(i),
                                     static_cast<std::uint32_t>(i >> 32), 0x76543210, 0xfedcba98},
                                    {0x89abcdef, 0x01234567});
    CHECK(r.words(i) == w);
    CHECK(r.bits(i) == (w[0] | std::uint64_t{w[1]} << 32));
    CHECK(r.uniform(i) == std::ldexp(static_cast<double>(r.bits(i) >> 11), -53));
  }
}

TEST_CASE("words side by side are those one by one", "[core][random]") {
  const hint::random_stream r(0x123456789abcdefULL, 99);
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{0xfffffff8}})
    for (const std::size_t n : {0U, 1U, 15U, 16U, 17U, 40U}) {
      CAPTURE(first, n);
      std::vector<std::uint32_t> found(4 * n + 3, 7);  // no room for another four
      r.words(first, found);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t w = 0; w < 4; ++w) CHECK(found[4 * i + w] == r.words(first + i)[w]);
      CHECK(found[4 * n] == 7);
    }
}

TEST_CASE("random: golden numbers, which saved models rely on", "[core]") {
  const random_stream r(42, stream_id("weights"));
  CHECK(r.bits(0) == 0x27a8990911dbf26eULL);
  CHECK(r.bits(1) == 0x4aab2c8b0e1dc9e8ULL);
  CHECK(r.fork(7).bits(0) == 0x4b114729e387adf9ULL);
  CHECK(hint::permutation(8, r) == std::vector<std::uint32_t>{4, 7, 3, 0, 5, 6, 2, 1});
}

#ifdef __SIZEOF_INT128__
TEST_CASE("random: below is the upper half of the product", "[core]") {
  __extension__ using u128 = unsigned __int128;
  const random_stream r(5, 6);
  const random_stream bounds(7, 8);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const std::uint64_t n = (bounds.bits(i) >> (i % 64)) | 1;
    CAPTURE(i, n);
    REQUIRE(r.below(i, n) == static_cast<std::uint64_t>(u128{r.bits(i)} * n >> 64));
    REQUIRE(r.below(i, n) < n);
  }
  CHECK(r.below(3, 1) == 0);
  CHECK(r.below(3, ~0ULL) < ~0ULL);
}
#endif

TEST_CASE("random: uniform fills 100 bins evenly", "[core]") {
  const std::uint64_t seed = GENERATE(0ULL, 1ULL, 0xffffffffffffffffULL);
  CAPTURE(seed);
  const random_stream r(seed, stream_id("uniform"));
  constexpr std::size_t n = 100000;
  std::vector<double> bins(100);
  for (std::uint64_t i = 0; i < n; ++i) {
    const double u = r.uniform(i);
    REQUIRE(u >= 0);
    REQUIRE(u < 1);
    ++bins[static_cast<std::size_t>(u * 100)];
  }
  double chi2 = 0;
  for (const double b : bins) chi2 += (b - n / 100.0) * (b - n / 100.0) / (n / 100.0);
  CHECK(chi2 > 99 - 5 * 14.1);  // mean 99, standard deviation sqrt(2 * 99)
  CHECK(chi2 < 99 + 5 * 14.1);
}

TEST_CASE("random: neighbours, streams, forks and seeds do not correlate", "[core]") {
  const random_stream a(1, stream_id("a"));
  const random_stream b(1, stream_id("b"));
  const random_stream c(2, stream_id("a"));
  const random_stream f = a.fork(0);
  const random_stream g = a.fork(1);
  constexpr std::uint64_t n = 100000;
  std::array<double, 6> sums{};
  for (std::uint64_t i = 0; i < n; ++i) {
    const double x = hint::normal(a, i);
    const std::array<double, 6> other{hint::normal(a, i + 1), hint::normal(b, i),
                                      hint::normal(c, i),     hint::normal(f, i),
                                      hint::normal(g, i),     hint::normal(f, i)};
    for (std::size_t k = 0; k < 5; ++k) sums[k] += x * other[k];
    sums[5] += hint::normal(g, i) * other[5];
  }
  for (const double s : sums) CHECK(std::abs(s) < 5 * std::sqrt(static_cast<double>(n)));
}

TEST_CASE("random: forks of forks are all different", "[core]") {
  const random_stream root(9, 0);
  std::set<std::uint64_t> firsts{root.bits(0)};
  for (std::uint64_t i = 0; i < 100; ++i) {
    firsts.insert(root.fork(i).bits(0));
    for (std::uint64_t j = 0; j < 100; ++j) firsts.insert(root.fork(i).fork(j).bits(0));
  }
  CHECK(firsts.size() == 1 + 100 + 100 * 100);
}

TEST_CASE("random: permutation holds every number once", "[core]") {
  const std::uint32_t n = GENERATE(0U, 1U, 2U, 3U, 10U, 1000U);
  const std::uint64_t seed = GENERATE(0ULL, 3ULL);
  CAPTURE(n, seed);
  auto order = hint::permutation(n, random_stream(seed, 1));
  CHECK(order == hint::permutation(n, random_stream(seed, 1)));
  if (n == 1000) CHECK(order != hint::permutation(n, random_stream(seed + 1, 1)));
  std::sort(order.begin(), order.end());
  REQUIRE(order.size() == n);
  for (std::uint32_t i = 0; i < n; ++i) REQUIRE(order[i] == i);
}

TEST_CASE("random: all orders of three are equally frequent", "[core]") {
  std::map<std::vector<std::uint32_t>, double> count;
  constexpr std::uint64_t n = 60000;
  for (std::uint64_t i = 0; i < n; ++i) ++count[hint::permutation(3, random_stream(4, i))];
  REQUIRE(count.size() == 6);
  for (const auto& [order, times] : count)
    CHECK(std::abs(times - n / 6.0) < 5 * std::sqrt(n * (1 / 6.0) * (5 / 6.0)));
}

TEST_CASE("random: shuffle moves whatever can be swapped", "[core]") {
  std::vector<int> values{5, 5, 6, 7};
  hint::shuffle(std::span<int>(values), random_stream(1, 2));
  std::sort(values.begin(), values.end());
  CHECK(values == std::vector<int>{5, 5, 6, 7});
  hint::shuffle(std::span<int>(), random_stream(1, 2));
}
