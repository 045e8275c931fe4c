// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <hint/search/filter.hpp>

#include "support/catch.hpp"

namespace search = hint::search;

TEST_CASE("accept_bits accepts exactly the ids whose bits are set") {
  const std::array<std::uint64_t, 2> words{0b101, std::uint64_t{1} << 63};
  const search::accept_bits filter(words);
  for (std::int64_t id = -70; id < 200; ++id) {
    CAPTURE(id);
    CHECK(filter(id) == (id == 0 || id == 2 || id == 127));
  }
  CHECK_FALSE(filter((std::numeric_limits<std::int64_t>::min)()));
  CHECK_FALSE(filter((std::numeric_limits<std::int64_t>::max)()));
  CHECK_FALSE(search::accept_bits({})(0));
}

TEST_CASE("accept_ids accepts the ids of its list, in any order and repeated") {
  const search::accept_ids filter({9, -4, 9, 0});
  for (std::int64_t id = -10; id < 20; ++id) {
    CAPTURE(id);
    CHECK(filter(id) == (id == 9 || id == -4 || id == 0));
  }
  CHECK_FALSE(search::accept_ids({})(0));
}

TEST_CASE("filters of both kinds are asked alike") {
  CHECK(search::accepts(search::accept_all{}, 3, -1));
  CHECK(search::accepts([](std::int64_t id) { return id == 5; }, 3, 5));
  CHECK(search::accepts([](std::size_t query, std::int64_t id) { return query == 3 && id == 5; }, 3,
                        5));
  CHECK_FALSE(search::accepts([](std::size_t query, std::int64_t) { return query == 4; }, 3, 5));
}
