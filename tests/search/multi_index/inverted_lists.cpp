// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/multi_index/inverted_lists.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/hamming.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

namespace detail = hint::search::detail;
using hint::search::hamming_distance;

namespace {

constexpr std::size_t no_limit = (std::numeric_limits<std::size_t>::max)();
using found = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // distance, row

struct collector {
  std::uint32_t most;
  found list;
  [[nodiscard]] std::uint32_t limit() const { return most; }
  void offer(std::uint32_t distance, std::uint32_t row) { list.emplace_back(distance, row); }
};

}  // namespace

TEST_CASE("inverted_lists have every live row once, in the nearest list, by distance") {
  for (const std::size_t bits : {8U, 64U, 130U}) {
    const hint::random_stream random(3, bits);
    const auto codes = clustered(bits, 1000, 30, 8, random);
    hint::search::detail::code_store store(bits, "test");
    store.add(codes);
    store.remove(std::vector<std::int64_t>{5, 500});
    const auto centres = clustered(bits, 40, 30, 8, random);
    const detail::inverted_lists lists(store, 960, centres);
    REQUIRE(lists.size() == 40);
    CHECK(lists.rows() == 960);
    std::set<std::uint32_t> rows;
    std::vector<std::uint64_t> code(codes.words_per_code());
    for (std::size_t c = 0; c < lists.size(); ++c) {
      const auto& list = lists[c];
      CHECK(list.first % hint::search::detail::group_codes == 0);
      const auto distances = lists.distances(list);
      REQUIRE(distances.size() == list.size);
      CHECK(std::is_sorted(distances.begin(), distances.end()));
      for (std::size_t i = 0; i < list.size; ++i) {
        const std::uint32_t row = lists.row(list.first + i);
        REQUIRE(rows.insert(row).second);
        hint::search::detail::get_from_blocks(lists.blocks(), list.first + i, code);
        REQUIRE(std::equal(code.begin(), code.end(), codes[row].begin()));
        REQUIRE(distances[i] == hamming_distance(codes[row], centres[c]));
        for (std::size_t other = 0; other < lists.size(); ++other)
          REQUIRE(distances[i] <= hamming_distance(codes[row], centres[other]));
      }
      if (list.size > 0) {
        CHECK(list.least == distances.front());
        CHECK(list.most == distances.back());
      }
    }
    CHECK(rows.size() == 958);
    CHECK(rows.count(5) + rows.count(500) == 0);
    CHECK(*rows.rbegin() == 959);
  }
}

TEST_CASE("a list_search offers everything below the limit, each row once") {
  for (const std::size_t bits : {16U, 64U, 128U, 400U}) {
    const hint::random_stream random(4, bits);
    const auto codes = clustered(bits, 3000, 12, 9, random);
    hint::search::detail::code_store store(bits, "test");
    store.add(codes);
    for (const std::size_t count : {1U, 10U, 200U}) {
      const detail::inverted_lists lists(store, 3000, detail::choose_centroids(codes, count));
      detail::list_search probe(lists);
      for (const std::uint32_t limit : {0U, 1U, 2U, 9U, 17U, 60U, 5000U}) {
        for (std::size_t q = 0; q < 6; ++q) {
          collector c{limit, {}};
          REQUIRE(probe(codes[q].data(), c, no_limit));
          found expected;
          for (std::uint32_t i = 0; i < codes.size(); ++i)
            if (const auto d = hamming_distance(codes[q], codes[i]); d < limit)
              expected.emplace_back(d, i);
          std::sort(c.list.begin(), c.list.end());
          std::sort(expected.begin(), expected.end());
          CAPTURE(bits, count, limit, q);
          REQUIRE(c.list == expected);
          const std::size_t reach = lists.within_reach(codes[q].data(), limit);
          CHECK(reach >= expected.size());
          CHECK(lists.within_reach(codes[q].data(), limit, 1) >= reach + (reach > 0 ? 1 : 0));
        }
      }
    }
  }
}

TEST_CASE("lists leave out most of what is far away; where they cannot, a list_search gives up") {
  const hint::random_stream random(5, 0);
  const auto codes = clustered(128, 4000, 40, 8, random);
  hint::search::detail::code_store store(128, "test");
  store.add(codes);
  const detail::inverted_lists lists(store, 4000, detail::choose_centroids(codes, 60));
  CHECK(lists.within_reach(codes[0].data(), 15) < 800);
  detail::list_search probe(lists);
  CHECK(probe(codes[0].data(), collector{15, {}}, 4000));
  CHECK_FALSE(probe(codes[0].data(), collector{64, {}}, 1000));
}

TEST_CASE("lists and their centroids are the same for any executor") {
  const hint::random_stream random(6, 0);
  const auto codes = clustered(130, 3000, 30, 20, random);
  hint::search::detail::code_store store(130, "test");
  store.add(codes);
  store.remove(std::vector<std::int64_t>{7});
  const auto centres = detail::choose_centroids(codes, 50);
  const detail::inverted_lists one(store, 2976, centres);
  hint::thread_pool pool{3};
  const hint::context ctx(pool);
  REQUIRE(detail::choose_centroids(codes, 50, ctx) == centres);
  const detail::inverted_lists many(store, 2976, centres, ctx);
  REQUIRE(many.size() == one.size());
  for (std::size_t c = 0; c < one.size(); ++c) {
    CHECK(many[c].first == one[c].first);
    CHECK(many[c].size == one[c].size);
    CHECK(many[c].most == one[c].most);
    const std::size_t first = one[c].first, last = first + one[c].size;
    bool equal = true;
    for (std::size_t place = first; place < last; ++place)
      equal = equal && many.row(place) == one.row(place);
    CHECK(equal);
    CHECK(std::equal(one.blocks() + first * 3,
                     one.blocks() + hint::search::detail::padded_rows(last) * 3,
                     many.blocks() + first * 3));
  }
}
