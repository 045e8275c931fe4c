// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/random.hpp>
#include <hint/search/scan/masked_scan.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

namespace detail = hint::search::detail;
using hint::code_set;

TEST_CASE("a layout's mask leaves the same bits of queries as of codes, and no unit without any") {
  const hint::random_stream random(61, 0);
  for (const std::size_t bits : {24U, 64U, 200U, 320U}) {
    for (const auto& layout :
         {detail::code_layout::best(bits), detail::code_layout::by_words(bits)}) {
      code_set mask(bits, 1);
      const std::size_t first = bits / 3, last = bits / 3 + 11;
      for (std::size_t j = first; j < last; ++j) mask.set_bit(0, j, j % 5 != 0);
      const detail::layout_mask some(layout, mask[0]);
      const std::size_t unit = layout.in_planes() ? 8 : 64;
      CAPTURE(bits, unit);
      CHECK(some.length() == (last - 1) / unit - first / unit + 1);
      const detail::layout_mask none(layout, code_set(bits, 1)[0]);
      CHECK(none.length() == 1);

      const code_set codes = random_codes(bits, 64, random.fork(bits));
      hint::aligned_buffer<std::uint64_t> blocks(layout.room(64)), left(layout.room(64));
      layout.put(codes, 0, blocks.data());
      some.apply(blocks.data(), layout.room(64) / 8, left.data());
      const auto smaller = layout.in_planes() ? detail::code_layout::best(8 * some.length())
                                              : detail::code_layout::by_words(64 * some.length());
      std::vector<std::uint64_t> query(some.words()), code(smaller.words());
      for (std::size_t i = 0; i < 64; ++i) {
        some.apply(codes[i], query);
        smaller.get(left.data(), i, code);
        CHECK(std::vector<std::uint64_t>(
                  code.begin(), code.begin() + static_cast<std::ptrdiff_t>(query.size())) == query);
        int expected = 0, found = 0;
        for (std::size_t j = 0; j < bits; ++j)
          expected += codes.bit(i, j) && mask.bit(0, j) ? 1 : 0;
        for (const std::uint64_t w : query) found += static_cast<int>(detail::count_bits(w));
        CHECK(found == expected);
      }
    }
  }
}

TEST_CASE("a masked scan offers what is below the limit, in chunks of any layout") {
  const std::size_t bits = 100, n = 3000;
  const hint::random_stream random(62, 0);
  const code_set codes = random_codes(bits, 2 * n, random);
  const auto layout = detail::code_layout::by_words(bits);
  hint::aligned_buffer<std::uint64_t> blocks(layout.room(n));
  layout.put(codes.view().slice(0, n), 0, blocks.data());
  detail::code_store store(bits, "test");
  store.add_mapped(layout, blocks.data(), detail::row_ids::consecutive(0, n), true,
                   std::make_shared<int>(0));
  store.add(codes.view().slice(n, n));  // in planes, or whatever is best
  store.remove(std::vector<std::int64_t>{4, 4000});
  struct collector {
    std::vector<std::uint64_t> seen;
    [[nodiscard]] std::uint32_t limit(std::size_t query) const {
      return 20 + static_cast<std::uint32_t>(query);
    }
    void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
      seen.push_back((query * 100000 + static_cast<std::uint64_t>(id)) * 100 + distance);
    }
  };
  const code_set queries = random_codes(bits, 9, random.fork(1));
  for (const std::size_t masks : {1U, 9U}) {
    const code_set mask = random_codes(bits, masks, random.fork(2));
    collector found, expected;
    detail::scan_masked(store, queries, mask, {1, 9, 10, 5990}, found);
    // Rows are cut at whole groups of each chunk.
    detail::for_block_runs(store, 10, 5990, 1, [&](std::size_t c, std::size_t b, std::size_t end) {
      for (std::size_t i = b * 8; i < end * 8 && i < n; ++i)
        for (std::size_t q = 1; q < 9; ++q) {
          const std::size_t row = c * n + i;
          std::uint32_t d = 0;
          for (std::size_t w = 0; w < 2; ++w)
            d += detail::count_bits((queries[q][w] ^ codes[row][w]) & mask[masks == 1 ? 0 : q][w]);
          if (d < expected.limit(q) && store.live(row))
            expected.offer(q, d, static_cast<std::int64_t>(row));
        }
    });
    std::sort(found.seen.begin(), found.seen.end());
    std::sort(expected.seen.begin(), expected.seen.end());
    CHECK(found.seen == expected.seen);
    CHECK(found.seen.size() > 100);
  }
}
