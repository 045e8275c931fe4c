// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/pairs/bucket_table.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using namespace hint::search::detail;

TEST_CASE("a table has live rows by value, equal values by row") {
  const std::uint64_t seed = 6;
  CAPTURE(seed);
  for (const std::size_t bits : {40U, 130U}) {
    const auto codes = random_codes(bits, 2000, {seed, bits});
    code_store store(bits, "test");
    store.add(codes);
    const std::vector<std::int64_t> gone{0, 77, 1999};
    store.remove(gone);
    const substring cut{static_cast<std::uint32_t>(bits / 2 - 3), 9};
    int asked = 0;
    const bucket_table table(live_codes(store), cut, [&] { return ++asked > 0; });
    CHECK(asked > 0);
    REQUIRE(table.size() == 1997);
    CHECK(table.start(0) == 0);
    CHECK(table.start(512) == 1997);
    std::vector<std::uint64_t> code(store.words());
    for (std::size_t place = 0; place < table.size(); ++place) {
      const std::uint32_t row = table.row(place);
      REQUIRE(store.live(row));
      get_from_blocks(table.blocks(), place, code);
      REQUIRE(std::vector<std::uint64_t>(codes[row].begin(), codes[row].end()) == code);
      const std::uint32_t value = value_of(code.data(), cut);
      REQUIRE(table.value_at(place) == value);
      REQUIRE((table.start(value) <= place && place < table.start(value + 1)));
      if (place > table.start(value)) REQUIRE(table.row(place - 1) < row);
    }
  }
}

TEST_CASE("a table that nobody waits for is not finished") {
  code_store store(64, "test");
  store.add(random_codes(64, 300'000, {7, 0}));
  int asked = 0;
  const bucket_table table(live_codes(store), {0, 8}, [&] { return ++asked < 2; });
  CHECK(asked == 2);
}
