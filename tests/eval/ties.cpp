// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/eval/ties.hpp>

#include "eval/orders.hpp"
#include "support/catch.hpp"

namespace detail = hint::eval::detail;
using hint::eval::ties;

TEST_CASE("harmonic_span equals the sum, term by term") {
  for (const std::uint64_t first : {0U, 1U, 5U, 31U, 32U, 33U, 1000U, 123456U}) {
    long double sum = 0;
    for (std::uint64_t count = 1; count <= 3000; ++count) {
      sum += 1.0L / static_cast<long double>(first + count);
      if (count > 40 && count % 97 != 0) continue;
      CAPTURE(first, count);
      CHECK(std::abs(detail::harmonic_span(first, count) / static_cast<double>(sum) - 1) < 1e-13);
    }
  }
  CHECK(detail::harmonic_span(7, 0) == 0);
  CHECK(detail::harmonic_span(100, 0) == 0);
  CHECK(detail::harmonic_span(1'000'000'000'000, 1) == Approx(1e-12).epsilon(1e-11));
}

TEST_CASE("precision runs equal their sums") {
  for (const std::uint64_t N : {0U, 3U, 50U, 4000U}) {
    for (const std::uint64_t Rb : {0U, 1U, 3U}) {
      if (Rb > N) continue;
      for (const std::uint64_t n : {1U, 2U, 7U, 60U, 500U}) {
        CAPTURE(N, Rb, n);
        long double sum = 0;
        for (std::uint64_t j = 1; j <= n; ++j)
          sum += static_cast<long double>(Rb + j) / static_cast<long double>(N + j);
        CHECK(detail::precision_run(N, Rb, n) ==
              Approx(static_cast<double>(sum)).epsilon(1e-12).margin(1e-12));
        for (const std::uint64_t r : {std::uint64_t{0}, std::uint64_t{1}, n / 2, n}) {
          long double expected = 0;  // position by position
          for (std::uint64_t j = 1; j <= n; ++j) {
            const long double more = n == 1 || r == 0 ? 0
                                                      : static_cast<long double>(j - 1) *
                                                            static_cast<long double>(r - 1) /
                                                            static_cast<long double>(n - 1);
            expected += static_cast<long double>(r) / static_cast<long double>(n) *
                        (static_cast<long double>(Rb + 1) + more) / static_cast<long double>(N + j);
          }
          CHECK(detail::expected_precision_run(N, Rb, n, r) ==
                Approx(static_cast<double>(expected)).epsilon(1e-12).margin(1e-12));
        }
      }
    }
  }
}

TEST_CASE("both distributions equal counting over all orders") {
  for (std::uint64_t n = 1; n <= 8; ++n)
    for (std::uint64_t r = 0; r <= n; ++r) {
      const hint_tests::groups one{{0, n, r}};
      for (std::uint64_t m = 0; m <= n; ++m) {
        std::vector<double> seen(n + 1, 0);
        double orders = 0;
        hint_tests::for_each_order(one, [&](const std::vector<bool>& order) {
          std::size_t x = 0;
          for (std::size_t i = 0; i < m; ++i) x += order[i] ? 1 : 0;
          ++seen[x];
          ++orders;
        });
        const auto d = detail::relevant_in_front(n, r, m);
        CAPTURE(n, r, m);
        for (std::uint64_t x = 0; x <= n; ++x) {
          const double p = x < d.low || x - d.low >= d.weights.size() ? 0 : d.weights[x - d.low];
          CHECK(p == Approx(seen[x] / orders).margin(1e-14));
        }
      }
      for (std::uint64_t q = 1; q <= r; ++q) {
        std::vector<double> seen(n + 1, 0);
        double orders = 0;
        hint_tests::for_each_order(one, [&](const std::vector<bool>& order) {
          std::size_t position = 0;
          for (std::uint64_t found = 0; found < q; ++position) found += order[position] ? 1 : 0;
          ++seen[position];
          ++orders;
        });
        const auto d = detail::position_of_relevant(n, r, q);
        CAPTURE(n, r, q);
        for (std::uint64_t p = 1; p <= n; ++p) {
          const double w = p < d.low || p - d.low >= d.weights.size() ? 0 : d.weights[p - d.low];
          CHECK(w == Approx(seen[p] / orders).margin(1e-14));
        }
      }
    }
}

TEST_CASE("distributions of large groups have the right means") {
  const std::uint64_t n = 100000;
  const std::uint64_t r = 700;
  double mean = 0;
  const auto d = detail::relevant_in_front(n, r, 30000);
  for (std::size_t i = 0; i < d.weights.size(); ++i)
    mean += d.weights[i] * static_cast<double>(d.low + i);
  CHECK(mean == Approx(210).epsilon(1e-12));
  mean = 0;
  const auto p = detail::position_of_relevant(n, r, 350);
  for (std::size_t i = 0; i < p.weights.size(); ++i)
    mean += p.weights[i] * static_cast<double>(p.low + i);
  CHECK(mean == Approx(350.0 * (n + 1) / (r + 1)).epsilon(1e-11));
}

TEST_CASE("relevant_within equals counting over all orders") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const auto g = hint_tests::random_groups(hint::random_stream(seed, 1));
    const auto r = hint_tests::ranking_of(g);
    for (std::size_t rank = 0; rank <= r.items + 2; ++rank) {
      CAPTURE(rank);
      const auto v = hint_tests::over_orders(g, [&](const std::vector<bool>& order) {
        double hits = 0;
        for (std::size_t i = 0; i < order.size() && i < rank; ++i) hits += order[i] ? 1 : 0;
        return hits;
      });
      CHECK(hint::eval::relevant_within(r, rank, ties::expected) == Approx(v.mean).margin(1e-12));
      CHECK(hint::eval::relevant_within(r, rank, ties::optimistic) == v.highest);
      CHECK(hint::eval::relevant_within(r, rank, ties::pessimistic) == v.lowest);
    }
  }
}

TEST_CASE("rules of ties have names") {
  CHECK(name(ties::by_id) == "by id");
  CHECK(name(ties::expected) == "expected");
  CHECK(name(ties::optimistic) == "optimistic");
  CHECK(name(ties::pessimistic) == "pessimistic");
}
