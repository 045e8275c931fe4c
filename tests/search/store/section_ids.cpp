// SPDX-License-Identifier: MIT
#include <hint/search/store/section_ids.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using namespace hint::search::detail;
using id_list = std::vector<std::int64_t>;

namespace {

struct some_runs {
  std::vector<id_list> lists;
  std::vector<id_run> runs() const {
    std::vector<id_run> out;
    for (const id_list& ids : lists)
      out.push_back(
          {std::span<const std::int64_t>(ids),
           std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) == ids.end()});
    return out;
  }
};
/// Up to 8 runs, each without repeats: ascending or not, apart from each other or not.
some_runs random_runs(std::uint64_t seed) {
  struct {
    hint::random_stream stream;
    std::uint64_t at = 0;
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(stream.below(at++, n)); }
  } random{{seed, 1}};
  some_runs out;
  const std::size_t count = random.below(9);
  const std::int64_t width = static_cast<std::int64_t>(random.below(2) == 0 ? 1000 : 30);
  for (std::size_t r = 0; r < count; ++r) {
    const std::int64_t from =
        random.below(3) == 0 ? 0 : 20 * static_cast<std::int64_t>(random.below(8));
    std::set<std::int64_t> ids;
    for (std::size_t i = random.below(6); i > 0; --i)
      ids.insert(from + static_cast<std::int64_t>(random.below(static_cast<std::size_t>(width))) -
                 50);
    id_list list(ids.begin(), ids.end());
    if (random.below(2) == 0)
      for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random.below(i)]);
    out.lists.push_back(std::move(list));
  }
  return out;
}
std::optional<repeated_id> repeated_by_definition(const some_runs& some) {
  std::map<std::int64_t, std::vector<std::size_t>> where;
  for (std::size_t r = 0; r < some.lists.size(); ++r)
    for (const std::int64_t id : some.lists[r]) where[id].push_back(r);
  for (const auto& [id, runs] : where)
    if (runs.size() > 1) return repeated_id{runs[1], id};
  return std::nullopt;
}

}  // namespace

TEST_CASE("find_repeated equals its definition", "[search]") {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    const some_runs some = random_runs(seed);
    const auto expected = repeated_by_definition(some);
    const auto repeated = find_repeated(some.runs());
    REQUIRE(repeated.has_value() == expected.has_value());
    if (!expected) continue;
    ++found;
    // The smallest in the first group of runs that overlap: any id that does come twice is right.
    std::size_t times = 0, last = 0;
    for (std::size_t r = 0; r < some.lists.size(); ++r)
      for (const std::int64_t id : some.lists[r])
        if (id == repeated->id && ++times == 2) last = r;
    REQUIRE(times >= 2);
    REQUIRE(repeated->run == last);
    REQUIRE(repeated->id == expected->id);
  }
  CHECK((found > 50 && found < 1900));
}

TEST_CASE("find_repeated: the ends", "[search]") {
  CHECK_FALSE(find_repeated({}));
  const auto low = (std::numeric_limits<std::int64_t>::min)();
  const auto high = (std::numeric_limits<std::int64_t>::max)();
  CHECK_FALSE(find_repeated(some_runs{{{}, {low, high}, {}, {0}}}.runs()));
  CHECK(find_repeated(some_runs{{{high}, {low, high}}}.runs())->run == 1);
  CHECK(find_repeated(some_runs{{{3, 1, 3}}}.runs())->id == 3);  // within one
  // Ids that are said to ascend are believed where nothing else is near.
  const id_list lie{4, 4};
  CHECK_FALSE(find_repeated(std::vector<id_run>{{std::span<const std::int64_t>(lie), true}}));
}

TEST_CASE("find_shared equals its definition", "[search]") {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    const some_runs some = random_runs(seed);
    const some_runs others = random_runs(seed + 100000);
    const id_list mine = others.lists.empty() ? id_list{} : others.lists.back();
    const auto shared = find_shared(mine, some.runs());
    const auto has = [&](std::int64_t id) {
      return std::any_of(some.lists.begin(), some.lists.end(), [&](const id_list& list) {
        return std::find(list.begin(), list.end(), id) != list.end();
      });
    };
    REQUIRE(shared.has_value() == std::any_of(mine.begin(), mine.end(), has));
    if (!shared) continue;
    ++found;
    REQUIRE(has(*shared));
    REQUIRE(std::find(mine.begin(), mine.end(), *shared) != mine.end());
  }
  CHECK((found > 50 && found < 1900));
}

TEST_CASE("expects_ids_left", "[search]") {
  const auto high = (std::numeric_limits<std::int64_t>::max)();
  expects_ids_left("index", "::add", high - 2, 2);
  expects_ids_left("index", "::add", -1, 5);
  expects_ids_left("index", "::add", high, 0);
  CHECK_THROWS_MESSAGE(expects_ids_left("index", "::add", high - 2, 3), hint::invalid_argument,
                       "index::add: no 3 ids follow the largest so far, 9223372036854775805");
}
