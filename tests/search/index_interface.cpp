// SPDX-License-Identifier: MIT
// What all indexes of the library share; the axioms for each of them are in its own test.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hint/core/context.hpp>
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

namespace {
struct patient {
  std::size_t answers;
  std::size_t asked = 0;
  bool stop_requested() { return asked++ >= answers; }
};
}  // namespace

TEMPLATE_TEST_CASE("every index answers the first queries until it is asked to stop", "",
                   linear_scan, multi_index, automatic) {
  TestType index(16);
  code_set codes(16, 300);
  for (std::size_t i = 0; i < 300; ++i) codes.words()[i] = (i * 40503) & 0xFFFF;
  index.add(codes);
  const auto odd = [](std::size_t query, std::int64_t id) {
    return (query + static_cast<std::size_t>(id)) % 2 == 1;
  };
  const auto nearest = index.search(codes, 4, odd);
  const auto within = index.search_radius(codes, 3, odd);
  for (const std::size_t answers : {0U, 1U, 2U, 4U, 100U}) {
    CAPTURE(answers);
    hint::sequential here;
    patient a{answers}, b{answers};
    const auto some = index.search(codes, 4, odd, hint::context(here, a));
    const auto others = index.search_radius(codes, 3, odd, hint::context(here, b));
    CHECK((some.size() == 300) == (answers == 100));
    CHECK((others.size() == 300) == (answers == 100));
    if (answers == 0) CHECK((some.empty() && others.empty()));
    for (std::size_t q = 0; q < some.size(); ++q)
      CHECK(std::equal(some[q].begin(), some[q].end(), nearest[q].begin(), nearest[q].end()));
    for (std::size_t q = 0; q < others.size(); ++q)
      CHECK(std::equal(others[q].begin(), others[q].end(), within[q].begin(), within[q].end()));
  }
}
