// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/pairs/pair_cells.hpp>
#include <hint/search/pairs/pair_plan.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"
#include "support/random_codes.hpp"

using namespace hint::search::detail;

namespace {

code_store stored(const hint::code_view& codes) {
  code_store store(codes.bits(), "test");
  store.add(codes);
  return store;
}

}  // namespace

TEST_CASE("cells should cost less where codes lie in clusters, and no less where they do not") {
  const auto clusters = stored(clustered(128, 40'000, 500, 12, {1, 0}));
  const auto random = stored(random_codes(128, 40'000, {2, 0}));
  const cell_plan good(clusters, clusters, 25), bad(random, random, 25);
  CHECK(good.centroids().size() <= 1024);
  CHECK(good.cost() < 0.5 * bad.cost());
  CHECK(bad.cost() > pair_plan(random, random, 25).scan_cost());
}

TEST_CASE(
    "a task through cells that comes to many pairs gives back control, and goes on where it was") {
  const auto store = stored(hint::code_set(64, 3000));
  const cell_plan plan(store, store, 0);
  const inverted_lists lists(store, store.rows(), plan.centroids());
  const pair_cells find(store, store, lists, 1);
  std::size_t all = 0, calls = 0;
  for (std::size_t task = 0; task < find.tasks(); ++task) {
    std::size_t at = 0;
    for (bool done = false; !done; ++calls) {
      std::vector<row_pair> found;
      done = find(task, at, found);
      CHECK(found.size() < 70'000);
      for (const row_pair& x : found) REQUIRE(x.first < x.second);
      all += found.size();
    }
  }
  CHECK(all == 3000U * 2999 / 2);
  CHECK(calls > find.tasks());
}
