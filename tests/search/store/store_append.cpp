// SPDX-License-Identifier: MIT
// An index added to another in memory: the same as code after code, and as their files appended.
#include <hint/search/store/store_append.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;
using hint::code_set;
using hint::search::duplicates;
using hint::search::linear_scan;
using id_list = std::vector<std::int64_t>;

namespace {

/// n codes with ids from a range, in order or not, some of them removed.
linear_scan random_index(std::size_t n, std::int64_t from, bool in_order, std::uint64_t seed) {
  linear_scan index(70);
  const hint::random_stream random(seed, n);
  const code_set codes = random_codes(70, n, random);
  id_list ids(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t place = in_order ? i : (i * 7 + 3) % n;  // n is no multiple of 7
    ids[i] = from + static_cast<std::int64_t>(place);
  }
  index.add(codes, ids);
  for (std::size_t i = 0; i < n; i += 5) index.remove({ids[i]});
  return index;
}
/// Equal in all that can be asked, and in the id that comes next.
template <class Index>
void check_equal(Index found, linear_scan expected) {
  for (int round = 0; round < 2; ++round) {
    REQUIRE(found.ids() == expected.ids());
    for (const std::int64_t id : expected.ids())
      if (!found.contains(id) || found.code(id) != expected.code(id)) FAIL("id " << id);
    const code_set queries = random_codes(70, 3, hint::random_stream(1, 9));
    REQUIRE(found.search(queries, 12) == expected.search(queries, 12));
    found.add(queries);
    expected.add(queries);
  }
}
linear_scan one_by_one(linear_scan index, const linear_scan& other, duplicates policy) {
  for (const std::int64_t id : other.ids()) index.add(other.code(id), {id}, policy);
  return index;
}

}  // namespace

TEMPLATE_TEST_CASE("an index added to another equals its codes added", "", linear_scan,
                   hint::search::multi_index, hint::search::automatic) {
  for (const bool in_order : {true, false}) {
    for (const std::size_t n : {0U, 1U, 33U, 500U}) {
      for (const std::int64_t from : {-1000, 100, 1000}) {
        CAPTURE(in_order, n, from);
        const linear_scan first = random_index(200, 0, in_order, 1);
        const linear_scan second = random_index(n, from, in_order, 2);
        TestType index(70);
        index.add(first);
        check_equal(index, first);
        const TestType snapshot = index;
        const bool overlap = from == 100 && n > 1;  // of one the only is removed
        if (overlap) {
          CHECK_THROWS_AS(index.add(second), hint::invalid_argument);
          check_equal(index, first);
          index.add(second, duplicates::replace);
        } else {
          index.add(second);
        }
        linear_scan expected = one_by_one(first, second, duplicates::replace);
        if (n > 0) {  // the largest id may have been removed, it is not given again
          const code_set any(70, 1);
          const std::int64_t last = from + static_cast<std::int64_t>(n) - 1;
          if (!expected.contains(last)) {
            expected.add(any, {last});
            expected.remove({last});
          }
        }
        check_equal(index, expected);
        check_equal(snapshot, first);
      }
    }
  }
}

TEST_CASE("an index added to another equals the file of the one appended to that of the other") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  for (const bool in_order : {true, false}) {
    const linear_scan first = random_index(200, 0, in_order, 1);
    const linear_scan second = random_index(123, -500, in_order, 2);
    linear_scan index = first;
    index.add(second);
    io::save(path, first);
    io::append(path, second);
    check_equal(io::load<linear_scan>(path), index);

    const std::int64_t next = index.add_renumbered(second);
    CHECK(io::append_renumbered(path, second) == next);
    check_equal(io::load<linear_scan>(path), index);
    // Mapped ones can be added, and be added to.
    const linear_scan mapped = io::map<linear_scan>(path);
    linear_scan copied(70);
    copied.add(mapped);
    check_equal(copied, index);
    linear_scan grown = mapped;
    CHECK(grown.add_renumbered(mapped) == next + static_cast<std::int64_t>(second.size()));
    CHECK(grown.size() == 2 * index.size());
    check_equal(mapped, index);
  }
}

TEST_CASE("an index can be added to itself") {
  linear_scan index = random_index(90, 5, false, 3);
  const linear_scan before = index;
  CHECK_THROWS_AS(index.add(index), hint::invalid_argument);
  check_equal(index, before);
  index.add(index, duplicates::replace);
  check_equal(index, before);
  CHECK(index.add_renumbered(index) == 95);
  CHECK(index.size() == 2 * before.size());
  id_list ids = before.ids();
  CHECK(index.code(95) == before.code(ids.front()));
  CHECK(index.code(95 + static_cast<std::int64_t>(before.size()) - 1) == before.code(ids.back()));
}

TEST_CASE("an index added to another: what is refused") {
  linear_scan index(70), longer(71), full(70);
  index.add(code_set(70, 2));
  longer.add(code_set(71, 1));
  CHECK_THROWS_MESSAGE(index.add(longer), hint::shape_error,
                       "linear_scan::add: codes have 71 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.add_renumbered(longer), hint::shape_error,
                       "linear_scan::add: codes have 71 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.add(linear_scan(index)), hint::invalid_argument,
                       "linear_scan::add: id 0 is in the index already");
  full.add(code_set(70, 1), {(std::numeric_limits<std::int64_t>::max)()});
  CHECK_THROWS_MESSAGE(full.add_renumbered(index), hint::invalid_argument,
                       "linear_scan::add: no 2 ids follow the largest so far, "
                       "9223372036854775807");
  full.add_renumbered(linear_scan(70));  // of nothing
  CHECK(full.size() == 1);
  CHECK(index.size() == 2);
}
