// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <limits>
#include <list>
#include <span>
#include <vector>

#include <hint/search/ids.hpp>

#include "support/catch.hpp"

using hint::search::id_range;
using hint::search::detail::as_ids;

static_assert(id_range<std::vector<std::int64_t>>);
static_assert(id_range<std::span<const std::int64_t>>);
static_assert(id_range<std::list<std::uint8_t>>);
static_assert(id_range<int[3]>);
static_assert(!id_range<std::vector<double>>);
static_assert(!id_range<int>);

namespace {
template <class Ids>
std::vector<std::int64_t> copied(const Ids& ids) {
  const auto held = as_ids(ids, "he", "re");
  const std::span<const std::int64_t> span = held;
  return {span.begin(), span.end()};
}
}  // namespace

TEST_CASE("integers of any type and range become ids") {
  const std::vector<std::int64_t> expected{3, 1, 2};
  CHECK(copied(expected) == expected);
  CHECK(copied(std::list<std::uint8_t>{3, 1, 2}) == expected);
  CHECK(copied(std::vector<std::uint64_t>{3, 1, 2}) == expected);
  CHECK(copied(std::vector<int>{-1}) == std::vector<std::int64_t>{-1});
  CHECK(copied(std::vector<int>{}).empty());
}

TEST_CASE("a span of ids is not copied") {
  const std::vector<std::int64_t> ids{1, 2};
  const auto held = as_ids(ids, "he", "re");
  CHECK(std::span<const std::int64_t>(held).data() == ids.data());
}

TEST_CASE("an id beyond 63 bits is refused") {
  constexpr std::uint64_t most = (std::uint64_t{1} << 63) - 1;
  CHECK(copied(std::vector<std::uint64_t>{most}) ==
        std::vector<std::int64_t>{(std::numeric_limits<std::int64_t>::max)()});
  CHECK_THROWS_MESSAGE(as_ids(std::vector<std::uint64_t>{1, std::uint64_t{1} << 63}, "he", "re"),
                       hint::invalid_argument, "here: id 9223372036854775808 does not fit 63 bits");
}
