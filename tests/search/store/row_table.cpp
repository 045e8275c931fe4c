// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <limits>
#include <unordered_map>

#include <hint/core/random.hpp>
#include <hint/search/store/row_table.hpp>

#include "support/catch.hpp"

using hint::search::detail::row_table;

TEST_CASE("a row table does what std::unordered_map does") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const hint::random_stream random(seed, 6);
    // Few ids, so that they come again; on even seeds far apart, on odd ones side by side.
    const std::int64_t step = seed % 2 == 0 ? 1'000'000'007'000 : 1;
    row_table table;
    std::unordered_map<std::int64_t, std::size_t> truth;
    bool good = true;
    for (std::uint64_t i = 0; i < 5000; ++i) {
      const std::int64_t id = (static_cast<std::int64_t>(random.below(i, 300)) - 100) * step;
      const auto known = truth.find(id);
      const std::size_t row = known == truth.end() ? row_table::none : known->second;
      good = good && table.find(id) == row;
      // Grows in one half of the time and shrinks in the other.
      if (random.fork(1).below(i, 100) < (i / 1000 % 2 == 0 ? 70U : 30U)) {
        table.reserve(table.size() + 1);
        good = good && table.put(id, i) == row;
        truth[id] = i;
      } else {
        table.erase(id);
        truth.erase(id);
      }
      good = good && table.size() == truth.size();
    }
    CHECK(good);
    for (std::int64_t id = -100; id < 200; ++id) {
      const auto known = truth.find(id * step);
      CHECK(table.find(id * step) == (known == truth.end() ? row_table::none : known->second));
    }
    table.clear();
    CHECK(table.empty());
    CHECK(table.find(0) == row_table::none);
  }
}

TEST_CASE("a row table takes all ids") {
  row_table table;
  table.erase(5);
  CHECK(table.empty());
  table.reserve(3);
  const std::int64_t least = (std::numeric_limits<std::int64_t>::min)();
  CHECK(table.put(least, 1) == row_table::none);
  CHECK(table.put(0, 2) == row_table::none);
  CHECK(table.put(0, 3) == 2);
  CHECK(table.find(least) == 1);
  CHECK(table.find(0) == 3);
  CHECK(table.size() == 2);
}
