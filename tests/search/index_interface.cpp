// SPDX-License-Identifier: MIT
// What all indexes of the library share; the axioms for each of them are in its own test.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hint/io/archive.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>

#include "support/catch.hpp"

using hint::code_set;
using hint::search::automatic;
using hint::search::linear_scan;
using hint::search::multi_index;

static_assert(hint::io::appendable<linear_scan> && hint::io::mappable<linear_scan>);
static_assert(hint::io::appendable<multi_index> && hint::io::appendable<automatic>);

TEMPLATE_TEST_CASE("every index names itself in its errors", "", linear_scan, multi_index,
                   automatic) {
  const std::string name(TestType::name);
  TestType index(64);
  index.add(code_set(64, 2), {1, 2});
  CHECK_THROWS_MESSAGE(TestType(0), hint::invalid_argument,
                       name + ": bits is 0, expected 1 to 4096");
  CHECK_THROWS_MESSAGE(index.add(code_set(65, 1)), hint::shape_error,
                       name + "::add: codes have 65 bits, expected 64");
  CHECK_THROWS_MESSAGE(index.add(code_set(64, 1), {2}), hint::invalid_argument,
                       name + "::add: id 2 is in the index already");
  CHECK_THROWS_MESSAGE(index.add(code_set(64, 1), std::vector<std::uint64_t>{~0ULL}),
                       hint::invalid_argument,
                       name + "::add: id 18446744073709551615 does not fit 63 bits");
  CHECK_THROWS_MESSAGE(index.remove(std::vector<std::uint64_t>{~0ULL}), hint::invalid_argument,
                       name + "::remove: id 18446744073709551615 does not fit 63 bits");
  CHECK_THROWS_MESSAGE(index.search(code_set(63, 1), 1), hint::shape_error,
                       name + "::search: queries have 63 bits, expected 64");
  CHECK_THROWS_MESSAGE(index.search_radius(code_set(63, 1), 1), hint::shape_error,
                       name + "::search_radius: queries have 63 bits, expected 64");
  CHECK_THROWS_MESSAGE(index.histograms(code_set(63, 1)), hint::shape_error,
                       name + "::histograms: queries have 63 bits, expected 64");
  CHECK_THROWS_MESSAGE(index.code(7), hint::invalid_argument, name + "::code: no id 7");
}

TEMPLATE_TEST_CASE("every index gives back codes and ids", "", linear_scan, multi_index,
                   automatic) {
  TestType index(70);
  CHECK(index.empty());
  CHECK(index.ids().empty());
  code_set codes(70, 3);
  codes.set_bit(1, 69, true);
  codes.set_bit(2, 0, true);
  index.add(codes, {5, -3, 9});
  CHECK(index.ids() == std::vector<std::int64_t>{5, -3, 9});
  CHECK(index.code(-3) == code_set(codes.view().slice(1, 1)));
  CHECK(index.remove({5, 6}) == 1);
  CHECK_FALSE(index.contains(5));
  CHECK(index.size() == 2);
  const auto counts = index.histograms(code_set(70, 1));
  CHECK(counts[0][0] == 0);
  CHECK(counts[0][1] == 2);
}
