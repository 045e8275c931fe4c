// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/eval/ndcg.hpp>

#include "eval/orders.hpp"
#include "support/catch.hpp"

namespace eval = hint::eval;
using eval::ties;

TEST_CASE("NDCG equals the definition over all orders") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto g = hint_tests::random_groups(hint::random_stream(seed, 5));
    const auto r = hint_tests::ranking_of(g);
    for (std::size_t k = 1; k <= r.items + 2; ++k) {
      CAPTURE(seed, k);
      const auto v = hint_tests::over_orders(g, [&](const std::vector<bool>& order) {
        double gain = 0;
        double ideal = 0;
        std::size_t relevant = 0;
        for (std::size_t i = 0; i < order.size(); ++i) {
          if (!order[i]) continue;
          if (i < k) gain += 1 / std::log2(static_cast<double>(i) + 2);
          if (relevant++ < k) ideal += 1 / std::log2(static_cast<double>(relevant) + 1);
        }
        return relevant == 0 ? 0 : gain / ideal;
      });
      CHECK(eval::ndcg{{.at = k}}.of(r) == Approx(v.mean).margin(1e-13));
      CHECK(eval::ndcg{{.at = k, .ties = ties::optimistic}}.of(r) ==
            Approx(v.highest).margin(1e-13));
      CHECK(eval::ndcg{{.at = k, .ties = ties::pessimistic}}.of(r) ==
            Approx(v.lowest).margin(1e-13));
    }
  }
}

TEST_CASE("NDCG of a ranking worked out by hand") {
  const hint_tests::groups g{{0, 1, 0}, {1, 1, 1}};
  CHECK(eval::ndcg{}.of(hint_tests::ranking_of(g)) == Approx(1 / std::log2(3.0)));
}

TEST_CASE("NDCG checks and prints its options") {
  CHECK_THROWS_MESSAGE(eval::ndcg{{.at = 0}}, hint::invalid_option,
                       "option at is 0, expected 1 to 10000000");
  CHECK(eval::ndcg{}.conventions() == "NDCG@100, gain 1, ties expected, empty queries 0");
}
