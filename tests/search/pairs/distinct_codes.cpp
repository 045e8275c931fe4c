// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/pairs/distinct_codes.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using namespace hint::search::detail;

TEST_CASE("equal codes are one, in the order of the smallest ids that have them") {
  const std::uint64_t seed = 81;
  CAPTURE(seed);
  const auto few = random_codes(70, 50, {seed, 0});
  code_store store(70, "test");
  hint::code_set codes(70);
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < 1000; ++i) {
    codes.append(few.view().slice(hint::random_stream(seed, 1).below(i, 50), 1));
    ids.push_back(static_cast<std::int64_t>(i * 37 % 1000));
  }
  store.add(codes, ids, hint::search::duplicates::refuse);
  const std::vector<std::int64_t> gone{0, 10};
  store.remove(gone);
  const distinct_codes distinct(store);
  REQUIRE(distinct.ids().size() == 998);
  CHECK(distinct.codes().size() == 50);
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < 998; ++i) {
    if (i > 0) REQUIRE(distinct.ids()[i - 1] < distinct.ids()[i]);
    const std::uint32_t c = distinct.code_of(i);
    REQUIRE(c <= seen);
    seen += c == seen ? 1 : 0;
    std::vector<std::uint64_t> code(2);
    store.code(store.find(distinct.ids()[i]), code);
    REQUIRE(std::equal(code.begin(), code.end(), distinct.codes()[c].begin()));
  }
}

TEST_CASE("disjoint sets stand for their least") {
  disjoint_sets sets(10);
  sets.unite(9, 8);
  sets.unite(7, 8);
  sets.unite(3, 3);
  sets.unite(2, 4);
  CHECK(sets.find(9) == 7);
  sets.unite(4, 9);
  for (const std::uint32_t x : {2U, 4U, 7U, 8U, 9U}) CHECK(sets.find(x) == 2);
  for (const std::uint32_t x : {0U, 1U, 3U, 5U, 6U}) CHECK(sets.find(x) == x);
}
