// SPDX-License-Identifier: MIT
// What all indexes of the library share; the axioms for each of them are in its own test.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>

#include "support/catch.hpp"
#include "support/counted_memory.hpp"
#include "support/random_codes.hpp"

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
                       name + ": bits is 0, expected 1 to 16384");
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

namespace {

/// Codes of which the nearest to most queries come last, so that a search keeps many for a while.
code_set nearer_and_nearer() {
  code_set codes(64, 512);
  for (std::size_t i = 0; i < codes.size(); ++i)
    for (std::size_t j = 0; j < 60 - i / 10; ++j) codes.set_bit(i, (i + j) % 64, true);
  return codes;
}
template <class Index>
Index that_gets_nearer() {
  Index index(64);
  index.add(nearer_and_nearer());
  return index;
}
template <>
multi_index that_gets_nearer() {
  multi_index index(64, {.tables = 4, .fallback = hint::search::scan_fallback::when_needed});
  index.add(nearer_and_nearer());
  index.build();
  return index;
}

}  // namespace

TEMPLATE_TEST_CASE("a batch takes at most twice the memory of its result", "", linear_scan,
                   multi_index, automatic) {
  const TestType index = that_gets_nearer<TestType>();
  code_set queries(64, 40000);
  for (std::size_t i = 0; i < queries.size(); ++i) queries.set_bit(i, i % 64, true);
  const auto bytes = [](const hint::search::hits& found) {
    return found.all().size() * sizeof(hint::search::hit) + found.size() * sizeof(std::size_t);
  };
  for (const std::size_t threads : {1U, 3U}) {
    hint::thread_pool pool{threads};
    const hint::context ctx(pool);
    // For each of 512 queries in flight of a thread twice k + 256 candidates, counts by distance and more.
    const std::size_t in_flight = threads * 512 * (2 * (10 + 256) * 16 + 65 * 8 + 512);
    hint::search::hits found;
    std::size_t peak = counted_memory::peak_of([&] { found = index.search(queries, 10, {}, ctx); });
    CAPTURE(threads, peak, bytes(found), in_flight);
    CHECK(found.all().size() == 400000);
    CHECK(peak <= 2 * bytes(found) + in_flight);

    found = {};
    const auto few = queries.view().slice(0, 4000);
    peak = counted_memory::peak_of([&] { found = index.search_radius(few, 40, {}, ctx); });
    CAPTURE(peak, bytes(found));
    CHECK(found.all().size() > 1000000);
    CHECK(peak <= 2 * bytes(found) + in_flight);

    // One query whose answer is all there is to keep.
    linear_scan large(64);
    large.add(random_codes(64, 300000, hint::random_stream(17, 0)));
    found = {};
    peak = counted_memory::peak_of(
        [&] { found = large.search_radius(queries.view().slice(0, 1), 64, {}, ctx); });
    CAPTURE(peak, bytes(found));
    CHECK(found.all().size() == 300000);
    CHECK(peak <= 2 * bytes(found) + threads * 100000);
  }
}

namespace {
struct listener {
  std::size_t asked = 0;
  std::size_t told = 0;
  bool stop_requested() { return ++asked == 0; }
  void on(const hint::phase_report& r) {
    ++told;
    last = r.done;
  }
  double last = -1;
};
}  // namespace

TEMPLATE_TEST_CASE("every search tells and asks its observer, and finds the same", "", linear_scan,
                   multi_index, automatic) {
  const TestType index = that_gets_nearer<TestType>();
  const code_set queries = random_codes(64, 700, hint::random_stream(18, 0));
  for (const std::size_t threads : {1U, 2U}) {
    hint::thread_pool pool{threads};
    listener a, b, c;
    CHECK(index.search(queries, 5, {}, hint::context(pool, a)) == index.search(queries, 5));
    CHECK(index.search_radius(queries, 20, {}, hint::context(pool, b)) ==
          index.search_radius(queries, 20));
    CHECK(index.histograms(queries, hint::context(pool, c)) == index.histograms(queries));
    for (const listener* user : {&a, &b, &c}) {
      CHECK(user->asked > 2);
      CHECK(user->told >= 2);
      CHECK(user->last == 1);
    }
  }
}
