// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/testing/search_axioms.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

using hint::code_set;
using hint::search::automatic;
using hint::search::linear_scan;

namespace {

struct temporary {
  std::filesystem::path path = std::filesystem::temp_directory_path() / "hint_test_automatic.hint";
  ~temporary() { std::filesystem::remove(path); }
};

}  // namespace

static_assert(hint::search::range_searchable<automatic>);
static_assert(hint::search::removable<automatic>);

TEST_CASE("automatic obeys the axioms of a hamming_index") {
  const std::uint64_t seed = 16;
  CAPTURE(seed);
  for (const std::size_t bits : {1U, 16U, 64U, 65U, 128U, 1000U}) {
    for (const std::size_t n : {0U, 1U, 100U}) {
      const hint::random_stream random(seed, bits);
      CAPTURE(bits, n);
      const auto make = [](std::size_t length) { return automatic(length); };
      CHECK(hint::testing::violated_search_axioms(make, clustered(bits, n, 5, 6, random.fork(0)),
                                                  clustered(bits, 7, 5, 6, random.fork(0)),
                                                  random) == std::vector<std::string>{});
    }
  }
}

TEST_CASE("automatic finds what a scan finds among many codes, whatever it builds for them") {
  const hint::random_stream random(17, 0);
  for (const std::size_t bits : {20U, 64U, 128U}) {
    std::vector<code_set> sets;
    sets.push_back(clustered(bits, 66'000, 300, 8, random.fork(0)));
    sets.push_back(clustered(bits, 40'000, 40'000, 2, random.fork(1)));
    sets.push_back(clustered(bits, 40'000, 3, 1U << 30, random.fork(2)));  // three codes
    sets.push_back(code_set(bits, 40'000));
    for (std::size_t i = 0; i < sets.size(); ++i) {
      CAPTURE(bits, i);
      linear_scan scan(bits);
      automatic index(bits);
      scan.add(sets[i]);
      index.add(sets[i]);
      CAPTURE(index.lists(), index.tables());  // up to the machine; forced in adaptive_index.cpp
      code_set queries = clustered(bits, 10, 300, 8, random.fork(0));
      queries.append(sets[i].view().slice(5, 3));
      queries.append(clustered(bits, 3, 9, 2, random.fork(7)));
      const auto odd = [](std::int64_t id) { return id % 2 != 0; };
      for (const std::size_t k : {1U, 10U, 500U}) {
        CAPTURE(k);
        CHECK(index.search(queries, k) == scan.search(queries, k));
        CHECK(index.search(queries, k, odd) == scan.search(queries, k, odd));
        const auto one = queries.view().slice(2, 1);
        CHECK(index.search(one, k) == scan.search(one, k));
      }
      for (const std::size_t radius : {std::size_t{0}, std::size_t{3}, bits / 4})
        CHECK(index.search_radius(queries, radius, odd) ==
              scan.search_radius(queries, radius, odd));
      const automatic snapshot = index;
      const auto before = scan.search(queries, 20);
      for (auto id = std::int64_t{0}; id < 100; ++id) {
        index.remove({id});
        scan.remove({id});
      }
      index.add(sets[0].view().slice(0, 77));
      scan.add(sets[0].view().slice(0, 77));
      CHECK(index.search(queries, 20) == scan.search(queries, 20));
      CHECK(snapshot.search(queries, 20) == before);
      index.build();
      CHECK(index.search(queries, 20) == scan.search(queries, 20));
      CHECK(index.ids() == scan.ids());
    }
  }
}

TEST_CASE("automatic builds nothing for few codes") {
  automatic index(64);
  index.add(clustered(64, 20'000, 20, 10, hint::random_stream(18, 0)));
  CHECK(index.tables() == 0);
  CHECK(index.lists() == 0);
}

TEST_CASE("automatic checks codes and ids at the border") {
  CHECK_THROWS_MESSAGE(automatic(16385), hint::invalid_argument,
                       "automatic: bits is 16385, expected 1 to 16384");
  automatic index(70);
  index.add(code_set(70, 2));
  CHECK_THROWS_MESSAGE(index.search(code_set(64, 1), 1), hint::shape_error,
                       "automatic::search: queries have 64 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.search_radius(code_set(64, 1), 1), hint::shape_error,
                       "automatic::search_radius: queries have 64 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.add(code_set(70, 1), {1}), hint::invalid_argument,
                       "automatic::add: id 1 is in the index already");
  index.add(code_set(70, 1), {1}, hint::search::duplicates::replace);
  CHECK(index.size() == 2);
  CHECK(index.contains(1));
  CHECK_FALSE(index.contains(2));
  CHECK(index.remove({1, 2}) == 1);
}

TEST_CASE("an automatic index survives its file") {
  const hint::random_stream random(19, 0);
  automatic index(100);
  index.add(clustered(100, 500, 9, 8, random));
  index.remove({3, 499});
  const temporary file;
  hint::io::save(file.path, index);
  automatic back = hint::io::load<automatic>(file.path);
  CHECK(back.ids() == index.ids());
  const code_set queries = clustered(100, 9, 9, 8, random);
  CHECK(back.search(queries, 50) == index.search(queries, 50));
  back.add(code_set(100, 1));
  CHECK(back.ids().back() == 500);
  CHECK_THROWS_MESSAGE(hint::io::load<linear_scan>(file.path), hint::format_error,
                       file.path.string() + ": type is 'automatic', expected 'linear_scan'");
}
