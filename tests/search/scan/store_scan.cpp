// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/scan/store_scan.hpp>

#include "support/catch.hpp"

namespace detail = hint::search::detail;
using hint::code_set;
using hint::search::detail::code_store;

namespace {

code_store filled(std::size_t bits, std::size_t n, std::size_t portion) {
  code_store store(bits, "store");
  for (std::size_t first = 0; first < n; first += portion) {
    const std::size_t count = (std::min)(portion, n - first);
    code_set codes(bits, count);
    for (std::size_t i = 0; i < codes.words().size(); ++i)
      codes.words()[i] = hint::random_stream(first, 3).bits(i);
    for (std::size_t i = 0; i < count; ++i) codes[i].back() &= hint::last_word_mask(bits);
    store.add(codes);
  }
  return store;
}
/// Wants everything below a fixed limit and notes it.
struct notebook {
  std::uint32_t most;
  std::vector<std::array<std::int64_t, 3>> seen;  // query, distance, id
  std::uint32_t limit(std::size_t) const { return most; }
  void offer(std::size_t query, std::uint32_t distance, std::int64_t id) {
    seen.push_back({static_cast<std::int64_t>(query), distance, id});
  }
};

}  // namespace

TEST_CASE("a plan covers every query and row once") {
  const code_store small = filled(64, 100, 100);
  const code_store large = filled(4096, 20000, 5000);  // three chunks
  for (const code_store* store : {&small, &large}) {
    for (const std::size_t queries : {0U, 1U, 3U, 4U, 5U, 64U, 65U, 1000U}) {
      for (const std::size_t threads : {1U, 2U, 3U, 16U}) {
        const detail::scan_plan plan(queries, *store, threads);
        CAPTURE(store->rows(), queries, threads, plan.tasks(), plan.row_parts());
        CHECK(plan.row_parts() >= 1);
        std::vector<std::size_t> covered(queries);
        std::size_t last = 0;
        for (std::size_t task = 0; task < plan.tasks(); ++task) {
          const auto part = plan.part(task);
          CHECK(part.begin < part.end);
          CHECK(part.end <= queries);
          CHECK(part.first == (task % plan.row_parts() == 0 ? 0 : last));
          last = part.last;
          for (std::size_t q = part.begin; q < part.end; ++q) covered[q] += part.last - part.first;
        }
        CHECK(covered == std::vector<std::size_t>(queries, store->rows()));
        // Enough for all threads, as far as parts of rows are worth one.
        if (queries > 0 && store == &large)
          CHECK(plan.tasks() >= (std::min<std::size_t>)(threads, 4));
      }
    }
  }
}

TEST_CASE("runs of blocks cover each group once, wherever rows are cut") {
  const code_store words = filled(4096, 20000, 5000), planes = filled(24, 20000, 5000);
  for (const code_store* store : {&words, &planes}) {
    const auto layout = store->chunk(0).layout();
    const std::size_t group = layout.group() / 8;
    for (const std::size_t most : {1U, 4U, 100U, 100000U}) {
      for (const std::size_t cut :
           {0U, 1U, 31U, 32U, 64U, 8191U, 8192U, 8200U, 16384U, 19999U, 20000U}) {
        std::vector<std::vector<int>> blocks;
        for (std::size_t c = 0; c < store->chunk_count(); ++c)
          blocks.emplace_back(layout.padded(store->chunk(c).rows()) / 8);
        bool whole_groups = true;
        const auto note = [&](std::size_t c, std::size_t b, std::size_t end) {
          whole_groups = whole_groups && b % group == 0 && end % group == 0 && b < end &&
                         end - b <= (std::max)(most, group);
          for (; b < end; ++b) ++blocks[c][b];
        };
        detail::for_block_runs(*store, 0, cut, most, note);
        detail::for_block_runs(*store, cut, store->rows(), most, note);
        CAPTURE(group, most, cut);
        CHECK(whole_groups);
        for (const auto& b : blocks) CHECK(b == std::vector<int>(b.size(), 1));
      }
    }
  }
}

TEST_CASE("a scan offers exactly what lies below the limit, by ascending row") {
  for (const std::size_t bits : {8U, 64U, 100U, 256U, 4096U, 16384U}) {
    code_store store = filled(bits, 700, 100);
    store.remove(std::vector<std::int64_t>{5, 6, 699});
    const std::size_t words = store.words();
    for (const std::size_t queries : {1U, 2U, 3U, 4U, 5U, 7U, 9U}) {
      code_set asked(store.bits(), queries);
      for (std::size_t i = 0; i < asked.words().size(); ++i)
        asked.words()[i] = hint::random_stream(8, bits).bits(i);
      for (std::size_t i = 0; i < queries; ++i) asked[i].back() &= hint::last_word_mask(bits);
      const std::vector<std::uint32_t> limits{0, 1, static_cast<std::uint32_t>(32 * words - 4),
                                              static_cast<std::uint32_t>(64 * words + 1)};
      for (const std::uint32_t limit : limits) {
        CAPTURE(bits, queries, limit);
        notebook found{limit, {}};
        detail::scan(store, asked, {0, queries, 0, store.rows()}, found);
        std::stable_sort(found.seen.begin(), found.seen.end(),
                         [](const auto& a, const auto& b) { return a[0] < b[0]; });
        std::vector<std::array<std::int64_t, 3>> expected;
        std::vector<std::uint64_t> code(words);
        for (std::size_t q = 0; q < queries; ++q)
          for (std::size_t row = 0; row < store.rows(); ++row) {
            store.code(row, code);
            const std::uint32_t d = hint::search::hamming_distance(asked[q], code);
            if (d < limit && store.live(row))
              expected.push_back({static_cast<std::int64_t>(q), d, store.id(row)});
          }
        CHECK(found.seen == expected);
      }
    }
  }
}

TEST_CASE("the early look comes where unrelated codes are beyond the limit") {
  CHECK(detail::check_after(16, 100) == 5);  // 5 * 32 - 100 >= 4 * 4 * sqrt(5)
  CHECK(detail::check_after(16, 435) == 0);
  CHECK(detail::check_after(2, 1) == 0);
  CHECK(detail::check_after(64, 64) > 0);
  for (std::size_t words = 1; words <= 64; ++words)
    for (std::uint32_t limit = 0; limit <= 64 * words; ++limit) {
      const std::size_t w = detail::check_after(words, limit);
      REQUIRE((w == 0 || (w + 2 <= words && 32 * w > limit)));
    }
}
