// SPDX-License-Identifier: MIT
#include <hint/tree/greedy/pair_key.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <hint/tree/structural_entropy.hpp>

#include "support/catch.hpp"
#include "tree/graphs.hpp"
#include "tree/naive.hpp"

using namespace hint;
using namespace hint_tests;
using tree::build_tree;
using tree::detail::pair_key;

TEST_CASE("pair_key: merge is the change of the two-dimensional entropy", "[tree]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const relation_graph g = random_graph(seed, 12, 30, true);
    build_tree t(g);
    t.merge(0, 1);
    const node_id a = t.merge(2, 3);
    const node_id b = t.merge(t.merge(4, 5), 6);
    const double before = tree::structural_entropy(t.freeze());
    const double key = pair_key{}(t, a, b, t.cut_between(a, b));
    const double leaf = pair_key{}(t, 7, b, t.cut_between(7, b));
    build_tree other = t;
    other.merge(7, b);
    t.merge(a, b);
    REQUIRE(tree::structural_entropy(t.freeze()) - before == Approx(key).margin(1e-12));
    REQUIRE(tree::structural_entropy(other.freeze()) - before == Approx(leaf).margin(1e-12));
  }
}

TEST_CASE("pair_key: combine is the change of the tree's entropy", "[tree]") {
  const relation_graph g = random_graph(1, 12, 30, true);
  build_tree t(g);
  const node_id a = t.combine(0, 1);
  for (const node_id b : {2U, 3U, 4U}) {
    build_tree other = t;
    const double before = tree::structural_entropy(t.freeze());
    const double key = pair_key{tree::merge_key::combine}(t, a, b, t.cut_between(a, b));
    other.combine(a, b);
    REQUIRE(tree::structural_entropy(other.freeze()) - before == Approx(key).margin(1e-12));
  }
}

TEST_CASE("pair_key: with smoothing 1 it is SEP's, and symmetric to the bit", "[tree]") {
  const relation_graph g = random_graph(2, 15, 50, false);
  const naive_tree reference(g);
  const build_tree t(g);
  for (const double smoothing : {0.0, 1.0})
    for (node_id a = 0; a < g.size(); ++a)
      for (node_id b = 0; b < a; ++b) {
        if (!(t.cut_between(a, b) > 0)) continue;
        const pair_key key{tree::merge_key::merge, true, smoothing};
        REQUIRE(key(t, a, b, t.cut_between(a, b)) ==
                Approx(reference.merge_key_of(a, b, smoothing)).margin(1e-13));
        REQUIRE(key(t, a, b, t.cut_between(a, b)) == key(t, b, a, t.cut_between(a, b)));
      }
  REQUIRE(pair_key::value(3.3, 10, 1.7, 20, 0.3, 99) == pair_key::value(1.7, 20, 3.3, 10, 0.3, 99));
}

TEST_CASE("pair_key: the rough logarithm is as close as it says", "[tree]") {
  const random_stream random{3, stream_id("log")};
  double worst = 0;
  const auto measure = [&](double x) {
    const double log = std::log2(x);
    worst = (std::max)(worst, std::abs(pair_key::rough_log2(x) - log) - 1e-15 * std::abs(log));
  };
  for (std::uint64_t i = 0; i < 200000; ++i)
    measure(std::ldexp(1 + random.uniform(2 * i),
                       static_cast<int>(random.below(2 * i + 1, 2000)) - 1000));
  for (double x = 1e-300; x < 1e300; x *= 2 * std::numbers::sqrt2) measure(x);
  REQUIRE(worst < 4e-11);
  REQUIRE(pair_key::rough_log2(1) == 0);
}

TEST_CASE("pair_key: lower bounds are below the keys, and close", "[tree]") {
  const random_stream random{4, stream_id("bounds")};
  for (std::uint64_t i = 0; i < 100000; ++i) {
    CAPTURE(i);
    // From two leaves to communities of most of a large graph, weights of all sizes.
    const auto draw = [&](std::uint64_t k) { return random.uniform(8 * i + k); };
    const double unit = std::pow(10., std::floor(60 * draw(0)) - 30);
    const double total = unit * std::pow(10., 1 + 7 * draw(1));
    const double volume_x = total / 2 * std::pow(10., -6 * draw(2));
    const double volume_y = total / 2 * std::pow(10., -6 * draw(3));
    const bool combine = i % 5 == 0;
    const double cut = (std::min)(volume_x, volume_y) * draw(4);
    const double inside_x = combine ? 0 : (volume_x - cut) / 2 * draw(5);
    const double inside_y = combine ? 0 : (volume_y - cut) / 2 * draw(6);
    const double key = pair_key::value(inside_x, volume_x, inside_y, volume_y, cut, total);
    const pair_key::lower_bound bound{inside_x, volume_x, total};
    const auto low = static_cast<double>(bound(inside_y, volume_y, cut));
    REQUIRE(low <= key);
    REQUIRE(key - low <= 2e-9 * (inside_x + inside_y + cut) / total + 3e-7 * std::abs(key) + 1e-43);
  }
  const pair_key::lower_bound bound{0, 1, 10};
  REQUIRE(bound(0, 1e-310, 1e-310) == std::numeric_limits<float>::lowest());  // unknown
}
