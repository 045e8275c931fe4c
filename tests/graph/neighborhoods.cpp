// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>

#include <hint/graph/nearest.hpp>
#include <hint/graph/neighborhoods.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using namespace hint;
using graph::metric;
using graph::neighbor_lists;

bool same(const neighbor_lists& a, const neighbor_lists& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!std::equal(a[i].begin(), a[i].end(), b[i].begin(), b[i].end())) return false;
  return true;
}

TEST_CASE("lists are those of a search, whatever was asked before", "[graph][neighborhoods]") {
  const std::array<data::block, 2> rows{data::block(hint_tests::random_matrix<float>(30, 4, 1)),
                                        data::block(hint_tests::random_matrix<float>(30, 6, 2))};
  const context ctx;
  graph::neighborhoods near(rows, ctx);
  near.announce(7);
  for (const std::size_t k : {3U, 7U, 12U, 2U, 40U})
    for (const modality m : modalities)
      for (const metric how : {metric::cosine, metric::l1}) {
        CAPTURE(k, name_of(m));
        const neighbor_lists found = near.nearest(m, k, how);
        CHECK(same(found, graph::nearest(rows[index_of(m)], k, how)));
        CHECK(found.length() <= k);
      }
  CHECK(same(near.longest(text), graph::nearest(rows[1], 40, metric::cosine)));
  CHECK(near.longest(text, metric::l2).length() == 7);
  CHECK_THROWS_MESSAGE((void)near.nearest(text, 0), invalid_argument,
                       "neighborhoods: k is 0, expected at least 1");
}

TEST_CASE("lists are searched as was asked for, and tell how", "[graph][neighborhoods]") {
  const std::array<data::block, 2> rows{data::block(hint_tests::random_matrix<float>(3000, 100, 1)),
                                        data::block(hint_tests::random_matrix<float>(3000, 6, 2))};
  const graph::neighborhoods automatic(rows, {}), exact(rows, {}, graph::search_kind::exact),
      approximate(rows, {}, graph::search_kind::approximate);
  CHECK(same(exact.nearest(image, 5), graph::nearest(rows[0], 5, metric::cosine)));
  CHECK(same(automatic.nearest(image, 5), exact.nearest(image, 5)));
  CHECK(automatic.found(image).text() == "exact (cheaper than approximate search)");
  CHECK(same(approximate.nearest(image, 5),
             graph::approximate_nearest(rows[0], 5, metric::cosine).lists));
  CHECK(approximate.found(image).text().starts_with("approximate, recall 0.9"));
  CHECK(approximate.how() == graph::search_kind::approximate);
}

TEST_CASE("each modality is searched once for the longest list announced",
          "[graph][neighborhoods]") {
  const std::array<data::block, 2> rows{data::block(hint_tests::random_matrix<float>(30, 4, 1)),
                                        data::block(hint_tests::random_matrix<float>(30, 6, 2))};
  struct counting : sequential {  // a search shares its work out once
    std::size_t searches = 0;
    void bulk(std::size_t n, task_ref f) {
      ++searches;
      sequential::bulk(n, f);
    }
  } executor;
  const context ctx{executor};
  graph::neighborhoods near(rows, ctx);
  near.announce(5);
  near.announce(9);
  near.announce(2);
  (void)near.nearest(image, 5);
  const std::size_t once = executor.searches;
  CHECK(once > 0);
  (void)near.nearest(image, 9);
  (void)near.nearest(image, 1);
  (void)near.longest(image);
  CHECK(executor.searches == once);
  (void)near.nearest(text, 1);
  CHECK(executor.searches == 2 * once);
  (void)near.nearest(image, 10);  // nobody announced that
  CHECK(executor.searches == 3 * once);
  (void)near.nearest(image, 1000);  // more than there are
  (void)near.nearest(image, 1000);
  CHECK(executor.searches == 4 * once);
}

}  // namespace
