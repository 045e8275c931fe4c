// SPDX-License-Identifier: MIT
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <hint/align/proxy_table.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::align::proxies;
using hint::align::proxy_table;
using hint::linalg::matrix;
using entries = std::vector<std::vector<proxy_table::entry>>;

TEST_CASE("a table divides weights by their sum and averages", "[align][proxy_table]") {
  const proxy_table t(entries{{{2, 3}, {0, 1}}, {{1, 0.5F}}, {{0, 2}, {1, 0}, {2, 2}, {0, 4}}});
  REQUIRE(t.size() == 3);
  REQUIRE(t[0].size() == 2);
  CHECK(t[0][0].row == 2);
  CHECK(t[0][0].weight == 0.75F);
  CHECK(t[0][1].weight == 0.25F);
  CHECK(t[1][0].weight == 1.0F);
  CHECK(t[2].size() == 3);  // without the weight of 0

  const matrix<double> codes = hint_tests::random_matrix<double>(3, 4, 1);
  matrix<double> out = matrix<double>::Constant(4, 4, 9);
  t.average<double>(std::vector<hint::data::row_id>{2, 0, 0, 1}, codes, out);
  for (Eigen::Index c = 0; c < 4; ++c) {
    CHECK(out(0, c) == Approx(0.75 * codes(0, c) + 0.25 * codes(2, c)));
    CHECK(out(1, c) == Approx(0.75 * codes(2, c) + 0.25 * codes(0, c)));
    CHECK(out(2, c) == out(1, c));
    CHECK(out(3, c) == codes(1, c));
  }
  CHECK(proxy_table(entries{}).size() == 0);
}

TEST_CASE("averages are those of a dense product, with the same bits for any number of threads",
          "[align][proxy_table]") {
  const hint::random_stream random(7, 1);
  entries members(300);
  matrix<double> weights = matrix<double>::Zero(300, 300);
  for (std::size_t i = 0; i < 300; ++i)
    for (std::size_t k = 0; k <= i % 23; ++k)
      members[i].push_back({static_cast<hint::data::row_id>(random.below(i * 23 + k, 300)),
                            static_cast<float>(1 + random.below(i * 23 + k, 3))});
  const proxy_table t(members);
  for (Eigen::Index i = 0; i < 300; ++i)
    for (const proxy_table::entry& e : t[static_cast<std::size_t>(i)])
      weights(i, e.row) += static_cast<double>(e.weight);
  std::vector<hint::data::row_id> items(500);
  for (std::size_t b = 0; b < 500; ++b)
    items[b] = static_cast<hint::data::row_id>(random.fork(2).below(b, 300));
  hint::thread_pool two(2), three(3);
  for (const Eigen::Index bits : {1, 16, 37}) {
    const matrix<float> codes = hint_tests::random_matrix<float>(300, bits, 3);
    const matrix<double> expected = weights * codes.cast<double>();
    matrix<float> one(500, bits), found(500, bits);
    t.average<float>(items, codes, one);
    for (Eigen::Index b = 0; b < 500; ++b)
      CHECK((one.row(b).cast<double>() - expected.row(items[static_cast<std::size_t>(b)]))
                .cwiseAbs()
                .maxCoeff() < 1e-6);
    for (hint::thread_pool* pool : {&two, &three}) {
      t.average<float>(items, codes, found, *pool);
      CHECK(hint_tests::same_bits(found, one));
    }
  }
}

TEST_CASE("shared proxies are one table", "[align][proxy_table]") {
  const proxies p = proxies::shared(proxy_table(entries{{{0, 1}}}));
  CHECK(p.same[0] == p.same[1]);
  CHECK(p.same[0] == p.cross[0]);
  CHECK(p.same[0] == p.cross[1]);
}

TEST_CASE("a table refuses weights that are none", "[align][proxy_table]") {
  CHECK_THROWS_MESSAGE(proxy_table(entries{{{0, 1}}, {}}), hint::invalid_argument,
                       "proxy_table: the weights of item 1 add up to 0, expected more than 0");
  CHECK_THROWS_MESSAGE(proxy_table(entries{{{0, 0}}}), hint::invalid_argument,
                       "proxy_table: the weights of item 0 add up to 0, expected more than 0");
  CHECK_THROWS_MESSAGE(
      proxy_table(entries{{{0, 1}}, {{0, 2}, {5, -1}}}), hint::invalid_argument,
      "proxy_table: row 5 has weight -1 for item 1, expected a finite number >= 0");
  CHECK_THROWS_AS(proxy_table(entries{{{0, std::numeric_limits<float>::infinity()}}}),
                  hint::invalid_argument);
  CHECK_THROWS_AS(proxy_table(entries{{{0, std::numeric_limits<float>::quiet_NaN()}}}),
                  hint::invalid_argument);
}

TEST_CASE("a table refuses codes without its rows", "[align][proxy_table]") {
  const proxy_table t(entries{{{0, 1}, {3, 1}}});
  const matrix<float> codes = matrix<float>::Zero(3, 4);
  matrix<float> out(1, 4);
  CHECK_THROWS_MESSAGE(
      (t.average<float>(std::vector<hint::data::row_id>{0}, codes, out)), hint::shape_error,
      "proxy_table: codes of 3 x 4 for members below row 4, out of 1 x 4 for 1 items");
}

}  // namespace
