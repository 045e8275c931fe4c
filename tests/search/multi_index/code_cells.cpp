// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/multi_index/code_cells.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/hamming.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

namespace detail = hint::search::detail;
using hint::search::hamming_distance;

namespace {

constexpr std::size_t no_limit = (std::numeric_limits<std::size_t>::max)();
using found = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // distance, row

struct collector {
  std::uint32_t most;
  found list;
  [[nodiscard]] std::uint32_t limit() const { return most; }
  void offer(std::uint32_t distance, std::uint32_t row) { list.emplace_back(distance, row); }
};

}  // namespace

TEST_CASE("cell_centres know distances and the nearest, the first of equals") {
  const hint::random_stream random(1, 0);
  for (const std::size_t count : {1U, 7U, 32U, 33U, 100U}) {
    auto centres = clustered(90, count, count, 2, random.fork(count));
    std::copy(centres[0].begin(), centres[0].end(), centres[count - 1].begin());
    const detail::cell_centres cells(centres);
    CHECK(cells.size() == count);
    const auto codes = clustered(90, 50, 9, 4, random.fork(1000));
    std::vector<std::uint16_t> distances;
    for (std::size_t i = 0; i < 50; ++i) {
      cells.distances(codes[i].data(), distances);
      std::size_t best = 0;
      for (std::size_t c = 0; c < count; ++c) {
        REQUIRE(distances[c] == hamming_distance(codes[i], centres[c]));
        if (distances[c] < distances[best]) best = c;
      }
      CHECK(detail::cell_centres::nearest(distances) == best);
    }
    cells.distances(centres[0].data(), distances);
    CHECK(detail::cell_centres::nearest(distances) == 0);
  }
}

TEST_CASE("choose_centres finds the centres of clusters") {
  const hint::random_stream random(2, 0);
  const auto codes = clustered(128, 2000, 20, 12, random);
  const auto truth = clustered(128, 200, 20, 1U << 30, random);  // without noise
  const auto centres = detail::choose_centres(codes, 60);
  CHECK(centres.bits() == 128);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    std::uint32_t nearest = 128;
    for (std::size_t c = 0; c < centres.size(); ++c)
      nearest = (std::min)(nearest, hamming_distance(truth[i], centres[c]));
    CHECK(nearest <= 6);
  }
  // No more centres than different codes.
  CHECK(detail::choose_centres(hint::code_set(64, 9), 5).size() == 1);
}

TEST_CASE("code_cells have every live row once, in the nearest cell, by distance") {
  for (const std::size_t bits : {8U, 64U, 130U}) {
    const hint::random_stream random(3, bits);
    const auto codes = clustered(bits, 1000, 30, 8, random);
    hint::search::code_store store(bits, "test");
    store.add(codes);
    store.remove(std::vector<std::int64_t>{5, 500});
    const auto centres = clustered(bits, 40, 30, 8, random);
    const detail::code_cells cells(store, 960, centres);
    REQUIRE(cells.size() == 40);
    CHECK(cells.rows() == 960);
    std::set<std::uint32_t> rows;
    std::vector<std::uint64_t> code(codes.words_per_code());
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const auto& cell = cells[c];
      CHECK(cell.first % hint::search::group_codes == 0);
      const auto distances = cells.distances(cell);
      REQUIRE(distances.size() == cell.size);
      CHECK(std::is_sorted(distances.begin(), distances.end()));
      for (std::size_t i = 0; i < cell.size; ++i) {
        const std::uint32_t row = cells.row(cell.first + i);
        REQUIRE(rows.insert(row).second);
        hint::search::get_from_blocks(cells.blocks(), cell.first + i, code);
        REQUIRE(std::equal(code.begin(), code.end(), codes[row].begin()));
        REQUIRE(distances[i] == hamming_distance(codes[row], centres[c]));
        for (std::size_t other = 0; other < cells.size(); ++other)
          REQUIRE(distances[i] <= hamming_distance(codes[row], centres[other]));
      }
      if (cell.size > 0) {
        CHECK(cell.least == distances.front());
        CHECK(cell.most == distances.back());
      }
    }
    CHECK(rows.size() == 958);
    CHECK(rows.count(5) + rows.count(500) == 0);
    CHECK(*rows.rbegin() == 959);
  }
}

TEST_CASE("a cell_prober offers everything below the limit, each row once") {
  for (const std::size_t bits : {16U, 64U, 128U, 400U}) {
    const hint::random_stream random(4, bits);
    const auto codes = clustered(bits, 3000, 12, 9, random);
    hint::search::code_store store(bits, "test");
    store.add(codes);
    for (const std::size_t count : {1U, 10U, 200U}) {
      const detail::code_cells cells(store, 3000, detail::choose_centres(codes, count));
      detail::cell_prober probe(cells);
      for (const std::uint32_t limit : {0U, 1U, 2U, 9U, 17U, 60U, 5000U}) {
        for (std::size_t q = 0; q < 6; ++q) {
          collector c{limit, {}};
          REQUIRE(probe(codes[q].data(), c, no_limit));
          found expected;
          for (std::uint32_t i = 0; i < codes.size(); ++i)
            if (const auto d = hamming_distance(codes[q], codes[i]); d < limit)
              expected.emplace_back(d, i);
          std::sort(c.list.begin(), c.list.end());
          std::sort(expected.begin(), expected.end());
          CAPTURE(bits, count, limit, q);
          REQUIRE(c.list == expected);
          const std::size_t reach = cells.within_reach(codes[q].data(), limit);
          CHECK(reach >= expected.size());
          CHECK(cells.within_reach(codes[q].data(), limit, 1) >= reach + (reach > 0 ? 1 : 0));
        }
      }
    }
  }
}

TEST_CASE("cells leave out most of what is far away; where they cannot, a cell_prober gives up") {
  const hint::random_stream random(5, 0);
  const auto codes = clustered(128, 4000, 40, 8, random);
  hint::search::code_store store(128, "test");
  store.add(codes);
  const detail::code_cells cells(store, 4000, detail::choose_centres(codes, 60));
  CHECK(cells.within_reach(codes[0].data(), 15) < 800);
  detail::cell_prober probe(cells);
  CHECK(probe(codes[0].data(), collector{15, {}}, 4000));
  CHECK_FALSE(probe(codes[0].data(), collector{64, {}}, 1000));
}
