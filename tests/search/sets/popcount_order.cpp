// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/sets/popcount_order.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"
#include "support/sets.hpp"

namespace detail = hint::search::detail;
using detail::popcount_order;

TEST_CASE("folded codes differ in no more bits than codes, and in as many or an even number less") {
  const auto codes = random_codes(448, 50, hint::random_stream(61, 0));
  for (const std::size_t words : {1U, 2U, 4U, 7U}) {
    std::vector<std::uint64_t> a(words), b(words);
    for (std::size_t i = 1; i < codes.size(); ++i) {
      detail::fold_code(codes[i - 1], a);
      detail::fold_code(codes[i], b);
      const auto whole = hint::search::hamming_distance(codes[i - 1], codes[i]);
      const auto folded = hint::search::hamming_distance(a, b);
      CAPTURE(words, i);
      CHECK(folded <= whole);
      CHECK((whole - folded) % 2 == 0);
      if (words == 7) CHECK(folded == whole);
    }
  }
}

TEST_CASE("a popcount_order has every live row once, in buckets by size, with its sketch") {
  const std::uint64_t seed = 62;
  CAPTURE(seed);
  struct {
    std::size_t bits, n, mean, words;
  } const cases[] = {{64, 0, 3, 1},         {64, 5, 3, 1},       {1, 100, 1, 1},
                     {2048, 40'000, 40, 4}, {1024, 3000, 20, 2}, {1024, 3000, 300, 16}};
  for (const auto& c : cases) {
    CAPTURE(c.bits, c.n, c.mean);
    const auto sets = random_sets(c.bits, c.n, 50, c.mean, hint::random_stream(seed, c.bits));
    detail::code_store store(c.bits, "test");
    store.add(sets);
    if (c.n > 100) store.remove(std::vector<std::int64_t>{0, 77, 78});
    const popcount_order order(store);
    CHECK(order.rows() == c.n);
    CHECK(order.sketches().words() == c.words);
    std::vector<int> seen(c.n);
    std::size_t next = 0, last_size = 0, last_sizes = 0;
    for (const auto& bucket : order.buckets()) {
      CHECK(bucket.first == next);
      CHECK(bucket.sizes == last_sizes);
      CHECK(bucket.first % detail::group_codes == 0);
      CHECK(bucket.last % detail::group_codes == 0);
      next = bucket.last;
      last_sizes = bucket.sizes_end;
      std::vector<std::uint64_t> sketch(c.words), folded(c.words);
      for (std::size_t p = bucket.first; p < bucket.last; ++p) {
        const std::uint32_t row = order.row(p);
        order.sketches().code(p, sketch);
        if (row == popcount_order::filler) {
          CHECK(sketch == std::vector<std::uint64_t>(c.words));
          continue;
        }
        ++seen[row];
        std::size_t size = 0;
        for (const std::uint64_t w : sets[row]) size += static_cast<std::size_t>(std::popcount(w));
        CHECK(order.size(p) == size);
        CHECK(size >= last_size);
        last_size = size;
        const auto sizes = order.sizes().subspan(bucket.sizes, bucket.sizes_end - bucket.sizes);
        CHECK(std::count(sizes.begin(), sizes.end(), size) == 1);
        detail::fold_code(sets[row], folded);
        CHECK(sketch == folded);
      }
    }
    CHECK(next == order.sketches().rows());
    CHECK(last_sizes == order.sizes().size());
    CHECK(next <= c.n + order.buckets().size() * detail::group_codes);
    for (std::size_t row = 0; row < c.n; ++row) CHECK(seen[row] == (store.live(row) ? 1 : 0));
  }
}
