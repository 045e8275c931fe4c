// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/bit_set_index.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>
#include <hint/search/neighbor_graph.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"
#include "support/random_codes.hpp"

namespace search = hint::search;
using search::hit;

template <class Codes>
concept has_neighbors = requires(const Codes& codes) { search::nearest_neighbors(codes, 1); };
static_assert(has_neighbors<search::automatic> && has_neighbors<search::linear_scan> &&
              has_neighbors<hint::code_set> && has_neighbors<hint::code_view>);
static_assert(!has_neighbors<search::bit_set_index>);  // searches, but not by Hamming distance

TEST_CASE("neighbours are the nearest others, of equal codes too") {
  const std::uint64_t seed = 71;
  CAPTURE(seed);
  hint::thread_pool three(3);
  for (const std::size_t bits : {5U, 64U})
    for (const std::size_t n : {0U, 1U, 2U, 800U, 5000U}) {
      const auto codes = clustered(bits, n, 60, 12, {seed, bits});
      std::vector<std::int64_t> ids, left;
      for (std::size_t i = 0; i < n; ++i)
        ids.push_back(static_cast<std::int64_t>(i * 31 % (n + 1)));
      search::linear_scan index(bits);
      index.add(codes, ids);
      if (n > 2) index.remove({ids[1]});
      const auto even = [](std::int64_t id) { return id % 2 == 0; };
      const std::size_t k = n == 5000 ? 3 : 10;
      const auto graph = search::nearest_neighbors(index, k);
      const auto some = search::nearest_neighbors(index, k, even);
      REQUIRE(graph.size() == index.size());
      REQUIRE(graph.neighbors().size() == index.size());
      CHECK(search::nearest_neighbors(index, k, search::accept_all{}, hint::context{three})
                .neighbors() == graph.neighbors());
      for (std::size_t row = 0, i = 0; row < n; ++row) {
        if (n > 2 && row == 1) continue;
        REQUIRE(graph.ids()[i] == ids[row]);
        if (n == 5000 && row % 50 != 0) {
          ++i;
          continue;
        }
        std::vector<hit> all, accepted;
        for (std::size_t j = 0; j < n; ++j) {
          if (j == row || (n > 2 && j == 1)) continue;
          const hit h{search::hamming_distance(codes[row], codes[j]), ids[j]};
          all.push_back(h);
          if (even(h.id)) accepted.push_back(h);
        }
        std::sort(all.begin(), all.end());
        std::sort(accepted.begin(), accepted.end());
        all.resize((std::min)(all.size(), k));
        accepted.resize((std::min)(accepted.size(), k));
        REQUIRE(std::ranges::equal(graph[i], all));
        REQUIRE(std::ranges::equal(some[i], accepted));
        ++i;
      }
    }
}

TEST_CASE("neighbours do not depend on the index, nor on whether there is one") {
  const auto codes = clustered(64, 40'000, 2000, 16, {72, 0});
  search::multi_index tables(64);
  tables.add(codes);
  const auto graph = search::nearest_neighbors(codes, 2);
  CHECK(graph.neighbors() == search::nearest_neighbors(tables, 2).neighbors());
  CHECK(graph.ids()[39'999] == 39'999);
}

TEST_CASE("edges and the relation graph of neighbours") {
  hint::code_set codes(64, 4);
  codes[1][0] = 1;    // one bit from item 0
  codes[2][0] = 7;    // two from item 1
  codes[3][0] = 255;  // five from item 2
  search::linear_scan index(64);
  index.add(codes, {30, 10, 20, 40});
  const auto graph = search::nearest_neighbors(index, 1);
  const auto weight = [](std::uint32_t d) { return 1.0 / d; };
  CHECK(graph.edges(weight) ==
        std::vector<hint::weighted_edge>{{0, 1, 1}, {1, 0, 1}, {2, 1, 0.5}, {3, 2, 0.2}});
  const hint::relation_graph relations = graph.to_relation_graph(weight);
  CHECK(relations.size() == 4);
  CHECK(relations.edges() == std::vector<hint::weighted_edge>{{0, 1, 1}, {1, 2, 0.5}, {2, 3, 0.2}});
  CHECK(search::neighbor_graph().to_relation_graph(weight).size() == 0);
}

TEST_CASE("asked to stop, the first items have their rows") {
  struct stopper {
    bool stop_requested() { return ++asked > 1; }
    int asked = 0;
  } stop;
  hint::sequential here;
  const auto codes = random_codes(64, 20'000, {73, 0});
  search::linear_scan index(64);
  index.add(codes);
  const auto some =
      search::nearest_neighbors(index, 5, search::accept_all{}, hint::context{here, stop});
  CHECK(some.size() == 20'000);
  CHECK(some.neighbors().size() < 20'000);
}

TEST_CASE("bad input of nearest_neighbors") {
  hint::code_set padded(3, 2);
  padded[1][0] = 8;
  CHECK_THROWS_MESSAGE(search::nearest_neighbors(padded, 1), hint::invalid_argument,
                       "nearest_neighbors: code 1 of codes has bits set past its end, bit 2");
}
