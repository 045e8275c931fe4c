// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/multi_index/mih_plan.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

namespace detail = hint::search::detail;
using detail::distance_profile;
using detail::flip_masks;
using detail::mih_plan;
using detail::search_costs;

namespace {

constexpr double no_limit = (std::numeric_limits<double>::max)();

/// `n` random codes around each sample: binomial(bits, 1/2).
distance_profile random_codes(std::size_t bits, double n) {
  std::vector<std::uint64_t> histogram(bits + 1);
  double p = n;
  for (std::size_t i = 0; i < bits; ++i) p /= 2;
  for (std::size_t d = 0; d <= bits; ++d) {
    histogram[d] = static_cast<std::uint64_t>(p + 0.5);
    p *= static_cast<double>(bits - d) / static_cast<double>(d + 1);
  }
  return distance_profile({histogram});
}

}  // namespace

TEST_CASE("distance_profile tells the k-th distance") {
  const distance_profile profile({{0, 2, 0, 5}, {0, 0, 0, 1}});
  CHECK(profile.samples() == 2);
  CHECK(profile.kth(0, 1) == 1);
  CHECK(profile.kth(0, 2) == 1);
  CHECK(profile.kth(0, 3) == 3);
  CHECK(profile.kth(0, 100) == 3);
  CHECK(profile.kth(1, 1) == 3);
  CHECK(profile.nearer(0, 0) == 0);
  CHECK(profile.nearer(0, 2) == 2);
  CHECK(profile.nearer(0, 99) == 7);
}

TEST_CASE("distance_profile expects in substrings what random codes have there") {
  // Of 2^20 random codes of 64 bits, C(16, r) / 2^16 are at distance r in 16 bits.
  const auto found = random_codes(64, 1 << 20).in_substring(16, 3);
  REQUIRE(found.size() == 4);
  double expected = 16;
  for (std::size_t r = 0; r < 4; ++r) {
    CHECK(found[r] == Approx(expected).epsilon(0.01));
    expected *= static_cast<double>(16 - r) / static_cast<double>(r + 1);
  }
  // Equal and opposite codes, and all of a short substring.
  CHECK(distance_profile({{3, 0, 5}}).in_substring(1, 9) == std::vector<double>{3, 5});
}

TEST_CASE("a plan takes the cheapest shell next, and each once") {
  const auto profile = random_codes(64, 100'000);
  const auto cuts = detail::cut_codes(64, 5, 24);
  const mih_plan plan(cuts, profile, {.lookup = 10, .candidate = 5}, no_limit);
  std::vector<std::uint32_t> next(cuts.size(), 0);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    CAPTURE(i);
    REQUIRE(plan[i].radius == next[plan[i].table]++);
    CHECK(plan.position(plan[i].table, plan[i].radius) == i);
    CHECK(plan.cost(i + 1) > plan.cost(i));
    if (i > 0 && plan[i].table != plan[i - 1].table)  // else the other way round
      CHECK(plan.cost(i + 1) - plan.cost(i) >= 0.999 * (plan.cost(i) - plan.cost(i - 1)));
  }
  for (std::size_t t = 0; t < cuts.size(); ++t) CHECK(plan.position(t, next[t]) == mih_plan::never);
  CHECK(plan.cost(0) == 0);

  const mih_plan part(cuts, profile, {.lookup = 10, .candidate = 5}, plan.cost(7) + 1);
  CHECK(part.size() == 7);
  CHECK_FALSE(part.complete());
  CHECK(part.cost(7) == plan.cost(7));
  CHECK(part.cost(8) == no_limit);
}

TEST_CASE("a plan is complete when it has all values of a table") {
  const auto profile = random_codes(12, 4096);
  const mih_plan plan(detail::cut_codes(12, 2, 24), profile, {}, no_limit);
  CHECK(plan.complete());
  CHECK(plan.size() == 14);
  CHECK(plan.cost(1000) == plan.cost(14));
  CHECK_FALSE(mih_plan(detail::cut_codes(64, 2, 24), profile, {}, no_limit).complete());
}

TEST_CASE("what the first shells of a plan do not find is as far away as they are many") {
  const std::uint64_t seed = 3;
  CAPTURE(seed);
  const hint::random_stream random(seed, 0);
  for (const std::size_t bits : {5U, 30U, 64U, 100U}) {
    const auto codes = clustered(bits, 2000, 20, 5, random.fork(bits));
    for (const std::size_t tables : {1U, 2U, 3U, 5U}) {
      const auto cuts = detail::cut_codes(bits, tables, 13);
      const mih_plan plan(cuts, random_codes(bits, 2000), {}, no_limit);
      for (std::size_t i = 1; i < codes.size(); ++i) {
        std::size_t first_met = plan.size();
        for (std::size_t t = 0; t < tables; ++t) {
          const std::uint32_t flips = detail::value_of(codes[0].data(), cuts[t]) ^
                                      detail::value_of(codes[i].data(), cuts[t]);
          first_met =
              (std::min<std::size_t>)(first_met, plan.position(t, static_cast<std::size_t>(
                                                                      std::popcount(flips))));
        }
        REQUIRE(hint::search::hamming_distance(codes[0], codes[i]) >= first_met);
      }
    }
  }
}

TEST_CASE("worth_going_on weighs what may come against a scan") {
  const mih_plan plan(detail::cut_codes(64, 4, 24), random_codes(64, 100'000), {}, no_limit);
  const double scan = plan.cost(9);
  // The end is known.
  CHECK(worth_going_on(plan, 0, 7, {scan, 0, {}}));
  CHECK_FALSE(worth_going_on(plan, 0, 14, {scan, 0, {}}));
  CHECK(worth_going_on(plan, 13, 14, {plan.cost(14), 0, {}}));  // what is spent does not count
  CHECK(worth_going_on(plan, 0, 14, {no_limit, 0, {}}));
  // Searches have ended early: always, mostly, seldom; or that is over; or takes too long.
  CHECK(worth_going_on(plan, 0, 14, {scan, 0, {3, 3, 3, 3, 3, 3}}));
  CHECK(worth_going_on(plan, 0, 14, {scan, 0, {3, 3, 3, 20, 20, 20}}));
  CHECK_FALSE(worth_going_on(plan, 0, 14, {scan, 0, {3, 20, 20, 20, 20, 20}}));
  CHECK_FALSE(worth_going_on(plan, 3, 14, {scan, 0, {3, 3, 3, 20, 20, 20}}));
  CHECK_FALSE(worth_going_on(plan, 0, 14, {2.9 * plan.cost(3), 0, {3, 3, 3, 3, 3, 3}}));
}

TEST_CASE("flip_masks are all numbers with so many bits, ascending") {
  const auto cuts = detail::cut_codes(21, 2, 24);  // of 10 and 11 bits
  const mih_plan plan(cuts, random_codes(21, 1000), {}, no_limit);
  const flip_masks masks(cuts, plan);
  for (const std::size_t bits : {10U, 11U}) {
    std::vector<std::uint32_t> all;
    for (std::size_t radius = 0; radius <= bits; ++radius) {
      const auto some = masks(bits, radius);
      CHECK(std::is_sorted(some.begin(), some.end()));
      for (const std::uint32_t m : some) {
        REQUIRE(static_cast<std::size_t>(std::popcount(m)) == radius);
        all.push_back(m);
      }
    }
    std::sort(all.begin(), all.end());
    REQUIRE(all.size() == std::size_t{1} << bits);
    for (std::uint32_t i = 0; i < all.size(); ++i) REQUIRE(all[i] == i);
  }
}

TEST_CASE("choose_tables: none where nothing is near, some where much is") {
  const search_costs slow_scan{
      .lookup = 12, .candidate = 8, .scan = 200'000, .batch_scan = 100'000};
  const search_costs fast_scan{.lookup = 12, .candidate = 8, .scan = 20, .batch_scan = 10};
  const auto choose = [](const distance_profile& profile, const search_costs& costs) {
    return detail::choose_tables(128, 1'000'000, profile, costs);
  };
  // All but a hundred codes half the bits away, these at a distance of 16.
  std::vector<std::uint64_t> near(129);
  near[64] = 999'900;
  near[16] = 100;
  const auto some = choose(distance_profile({near}), slow_scan);
  CHECK(some.tables >= 2);
  CHECK(some.cost < 100'000);
  CHECK(choose(distance_profile({near}), fast_scan).tables == 0);
  // No neighbours, but searches within a few bits are still far cheaper than a scan.
  const auto far = choose(random_codes(128, 1'000'000), slow_scan);
  CHECK(far.tables >= 1);
  CHECK(far.cost == 200'000);
}

TEST_CASE("widest_substring grows with the rows") {
  CHECK(detail::widest_substring(1) == 4);
  CHECK(detail::widest_substring(1 << 20) == 22);
  CHECK(detail::widest_substring(std::size_t{1} << 40) == 24);
}
