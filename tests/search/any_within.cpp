// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/any_within.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"
#include "support/random_codes.hpp"

namespace search = hint::search;
using search::pair_method;

namespace {

constexpr std::array methods{pair_method::automatic, pair_method::scan, pair_method::tables,
                             pair_method::cells};

template <class Accepts>
search::first_items by_definition(const hint::code_view& queries, const hint::code_view& items,
                                  const std::vector<std::int64_t>& ids, std::size_t radius,
                                  Accepts&& accepts) {
  search::first_items out(queries.size());
  for (std::size_t q = 0; q < queries.size(); ++q)
    for (std::size_t i = 0; i < items.size(); ++i)
      if (search::hamming_distance(queries[q], items[i]) <= radius && accepts(q, ids[i])) {
        out.set(q, ids[i]);
        break;
      }
  return out;
}

}  // namespace

TEST_CASE("any_within finds the first that was added, as a loop does") {
  const std::uint64_t seed = 61;
  CAPTURE(seed);
  hint::thread_pool three(3);
  for (const std::size_t bits : {10U, 64U, 129U})
    for (const std::size_t n : {0U, 1U, 500U, 3000U})
      for (const std::size_t asked : {0U, 1U, 6U, 700U}) {
        const auto items = clustered(bits, n, 50, 14, {seed, bits});
        const auto queries = clustered(bits, asked, 80, 14, {seed, bits});
        search::linear_scan index(bits);
        std::vector<std::int64_t> ids;
        for (std::size_t i = 0; i < n; ++i)
          ids.push_back(static_cast<std::int64_t>(i * 997 % (n + 1)) - 40);
        index.add(items, ids);
        const auto third = [](std::size_t q, std::int64_t id) {
          return (q + static_cast<std::size_t>(id + 40)) % 3 == 1;
        };
        for (const std::size_t radius : {std::size_t{0}, bits / 16 + 1, bits}) {
          if (radius == bits && asked > 6) continue;
          const auto all = by_definition(queries, items, ids, radius,
                                         [](std::size_t, std::int64_t) { return true; });
          const auto some = by_definition(queries, items, ids, radius, third);
          for (const pair_method method : methods) {
            CAPTURE(bits, n, asked, radius, static_cast<int>(method));
            REQUIRE(search::any_within(queries, index, {radius, method}) == all);
            REQUIRE(search::any_within(queries, index, {radius, method}, third) == some);
            struct {  // for whom queries go by parts
              bool stop_requested() const { return false; }
            } patient;
            hint::sequential here;
            REQUIRE(search::any_within(queries, index, {radius, method}, third,
                                       hint::context{here, patient}) == some);
            REQUIRE(search::any_within(queries, index, {radius, method}, search::accept_all{},
                                       hint::context{three}) == all);
          }
        }
      }
}

TEST_CASE("removed items are not there, and their neighbours still are") {
  hint::code_set items(64, 5);
  search::linear_scan index(64);
  index.add(items);
  index.remove({0, 1});
  const auto found = search::any_within(items.view().slice(0, 1), index, {.radius = 0});
  CHECK((found[0] && found.id(0) == 2 && found.count() == 1 && found.size() == 1));
  index.remove({2, 3, 4});
  CHECK(!search::any_within(items, index, {.radius = 64})[4]);
}

TEST_CASE("a scan for any looks no further than the first") {
  // 20 million candidates if it did not stop: the filter counts.
  const hint::code_set items(64, 200'000), queries(64, 100);
  std::size_t asked = 0;
  const auto found = search::any_within(queries, items, {0, pair_method::scan}, [&](std::int64_t) {
    ++asked;
    return true;
  });
  CHECK(found.count() == 100);
  CHECK(asked == 100);
}

TEST_CASE("asked to stop, any_within answers the first queries") {
  struct stopper {
    bool stop_requested() { return ++asked > most; }
    int most;
    int asked = 0;
  };
  hint::sequential here;
  const auto items = random_codes(64, 200'000, {62, 0});
  const auto queries = random_codes(64, 20'000, {63, 0});
  for (const pair_method method : {pair_method::scan, pair_method::tables}) {
    stopper at_once{0}, later{1};
    CHECK(search::any_within(queries, items, {16, method}, search::accept_all{},
                             hint::context{here, at_once})
              .size() == 0);
    const auto some = search::any_within(queries, items, {16, method}, search::accept_all{},
                                         hint::context{here, later});
    CHECK(some.size() < queries.size());
    if (some.size() > 0)
      CHECK(some == search::any_within(queries.view().slice(0, some.size()), items, {16}));
  }
}

TEST_CASE("bad input of any_within") {
  const hint::code_set items(64, 3), queries(65, 3);
  CHECK_THROWS_MESSAGE(search::any_within(queries, items, {1}), hint::shape_error,
                       "any_within: queries have 65 bits, expected 64");
}
