// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/graph/modality_trust.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::row_id;
using hint::graph::entropy_reduction;
using hint::graph::measure_trust;
using hint::graph::modality_trust;
using hint::graph::neighbor_lists;
using hint::graph::trust_options;
using hint_tests::matrix_of;
using hint_tests::metric;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

/// n rows around `clusters` centres; `of_row` says which. Spread 0 would make them equal.
rows_matrix clustered(Eigen::Index n, Eigen::Index d, std::uint64_t clusters, float spread,
                      std::uint64_t seed) {
  const rows_matrix centres = random_matrix<float>(static_cast<Eigen::Index>(clusters), d, seed);
  rows_matrix x = spread * random_matrix<float>(n, d, seed + 1);
  const hint::random_stream of_row(seed, hint::stream_id("cluster"));
  for (Eigen::Index i = 0; i < n; ++i)
    x.row(i) += centres.row(
        static_cast<Eigen::Index>(of_row.below(static_cast<std::uint64_t>(i), clusters)));
  return x;
}

neighbor_lists near(const block& b, const trust_options& o = {}) {
  return nearest(b, o.neighbors, metric::cosine);
}

modality_trust trust(const block& images, const block& texts, const trust_options& o = {},
                     const hint::context& ctx = {}) {
  return measure_trust({images, texts}, {near(images, o), near(texts, o)}, o, ctx);
}

/// The chance over all items, all their neighbours and all other items.
double exact_agreement(const std::array<rows_matrix, 2>& x, std::size_t k) {
  double mean = 0;
  for (std::size_t m = 0; m < 2; ++m) {
    const auto lists = hint_tests::brute_force(x[m], k, metric::cosine);
    double wins = 0;
    double trials = 0;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      const auto far = [&](std::size_t j) {
        return hint_tests::distance(x[1 - m], static_cast<Eigen::Index>(i),
                                    static_cast<Eigen::Index>(j), metric::cosine)
            .value_or(1);
      };
      for (const auto& j : lists[i])
        for (std::size_t r = 0; r < lists.size(); ++r)
          if (r != i) {
            wins += far(j.row) < far(r) ? 1 : far(j.row) == far(r) ? 0.5 : 0;
            trials += 1;
          }
    }
    mean += wins / trials / 2;
  }
  return mean;
}

}  // namespace

TEST_CASE("entropy_reduction of separate cliques by hand") {
  // 4 cliques of 4: H1 = log2 16, and the communities are the cliques, H2 = log2 4
  rows_matrix x(16, 5);
  for (Eigen::Index i = 0; i < 16; ++i)
    for (Eigen::Index j = 0; j < 5; ++j)
      x(i, j) = j == i / 4 ? 10 : j == 4 ? static_cast<float>(i % 4) : 0;
  trust_options o;
  o.neighbors = 3;
  CHECK(entropy_reduction(x, near(x, o), o) == Approx(0.5));
  CHECK(entropy_reduction(sparse_of(x), near(sparse_of(x), o), o) == Approx(0.5));
}

TEST_CASE("trust goes to the modality that is clear") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    const block clean = clustered(400, 30, 50, 0.1F, seed);
    const block noise = random_matrix<float>(400, 30, seed + 50);
    const modality_trust t = trust(clean, noise);
    CHECK(t.entropy_reduction[0] > t.entropy_reduction[1] + 0.1);
    CHECK(t.entropy_reduction[1] >= 0);
    CHECK(t.entropy_reduction[0] <= 1);
    CHECK(t.image_weight > 0.9);
    const modality_trust swapped = trust(noise, clean);
    CHECK(swapped.entropy_reduction[1] == t.entropy_reduction[0]);
    CHECK(swapped.image_weight == Approx(1 - t.image_weight));
    // g = D_v^p / (D_v^p + D_t^p)
    for (const double exponent : {0.0, 1.0, 3.0}) {
      trust_options o;
      o.exponent = exponent;
      const double v = std::pow(t.entropy_reduction[0], exponent);
      const double w = std::pow(t.entropy_reduction[1], exponent);
      CHECK(trust(clean, noise, o).image_weight == Approx(v / (v + w)));
    }
    CHECK(trust(clean, clean).image_weight == 0.5);
  }
}

TEST_CASE("duplicates do not make a modality look clear") {
  const rows_matrix once = random_matrix<float>(150, 12, 4);
  rows_matrix repeated(600, 12);
  for (Eigen::Index i = 0; i < 600; ++i) repeated.row(i) = once.row(i % 150);
  const trust_options o;
  const double expected = entropy_reduction(once, near(once), o);
  CHECK(entropy_reduction(repeated, near(repeated), o) == expected);
  CHECK(entropy_reduction(sparse_of(repeated), near(sparse_of(repeated)), o) ==
        Approx(expected).margin(0.02));
  const auto g = hint::graph::neighbor_graph(near(repeated));
  const double naive = 1 - hint::tree::structural_entropy(hint::tree::greedy_partition(g)) /
                               hint::tree::structural_entropy(g);
  CHECK(naive > expected + 0.1);  // which is why
}

TEST_CASE("distinct rows are the first of each kind, dense or sparse") {
  rows_matrix x = matrix_of({{1, 0}, {0, 1}, {1, 0}, {0, 0}, {-0.0F, 1}, {0, 0}, {1, 1}, {0, -1}});
  const std::vector<row_id> expected{0, 1, 3, 6, 7};
  CHECK(hint::graph::detail::distinct_rows(x) == expected);
  CHECK(hint::graph::detail::distinct_rows(sparse_of(x)) == expected);
  hint::linalg::sparse_matrix<float> stored_zeros(8, 2);
  for (Eigen::Index i = 0; i < x.size(); ++i) stored_zeros.insert(i / 2, i % 2) = x.data()[i];
  CHECK(hint::graph::detail::distinct_rows(stored_zeros) == expected);
  CHECK(hint::graph::detail::distinct_rows(block()).empty());
}

TEST_CASE("agreement is a half for strangers and about 1 for twins") {
  const block a = clustered(500, 12, 10, 0.5F, 5);
  const block b = clustered(500, 12, 10, 0.5F, 55);
  const modality_trust strangers = trust(a, b);
  CHECK(strangers.agreement == Approx(0.5).margin(0.03));
  CHECK(strangers.self_weight == Approx(0.25).margin(0.1));
  const modality_trust twins = trust(a, a);
  CHECK(twins.agreement > 0.98);
  CHECK(twins.agreement <= 1);
  CHECK(twins.self_weight == Approx(4 * (2 * twins.agreement - 1)));
}

TEST_CASE("agreement is the chance that it estimates") {
  for (const float noise : {0.3F, 1.0F, 3.0F}) {
    const rows_matrix a = clustered(250, 12, 6, 0.7F, 6);
    std::array<rows_matrix, 2> x{a, a + noise * random_matrix<float>(250, 12, 60)};
    for (Eigen::Index i = 0; i < 250; i += 9) x[1].row(i).setZero();
    const double expected = exact_agreement(x, 5);
    const modality_trust t = trust(x[0], x[1]);
    CAPTURE(noise, expected);
    CHECK(expected > 0.55);
    CHECK(expected < 0.99);
    CHECK(t.agreement == Approx(expected).margin(0.015));
    CHECK(trust(sparse_of(x[0]), sparse_of(x[1])).agreement == Approx(expected).margin(0.015));
    const double balance = 4 * t.image_weight * (1 - t.image_weight);
    CHECK(balance < 1);
    CHECK(t.self_weight ==
          Approx(std::clamp(4 * (2 * t.agreement - 1) * balance, 0.25, 4.0)).epsilon(1e-12));
    trust_options few;
    few.items = 100;
    few.others = 10;
    CHECK(trust(x[0], x[1], few).agreement == Approx(expected).margin(0.06));
  }
}

TEST_CASE("an item is compared with all others, and never with itself") {
  // Any two different items are equally near, so that every comparison is a tie, however it is drawn;
  // an item itself would be nearer.
  const rows_matrix apart = rows_matrix::Identity(7, 7);
  std::vector<std::vector<hint::graph::near_row>> next(7);
  neighbor_lists lists(7, 1);
  for (std::size_t i = 0; i < 7; ++i) {
    next[i] = {{static_cast<row_id>((i + 1) % 7), 0.0F}};
    lists.set(i, next[i]);
  }
  trust_options o;
  o.others = 200;
  CHECK(hint::graph::agreement({apart, apart}, {lists, lists}, o) == 0.5);

  // Few items and many comparisons: the exact share, of which the last item is a part. With six items
  // one comparison in five decides, and standard errors are below 0.001.
  const rows_matrix a = random_matrix<float>(6, 4, 21);
  const std::array<rows_matrix, 2> x{a, a + 0.8F * random_matrix<float>(6, 4, 22)};
  o.neighbors = 2;
  o.others = 50000;
  const std::array<neighbor_lists, 2> near_lists{near(x[0], o), near(x[1], o)};
  const double found = hint::graph::agreement({x[0], x[1]}, near_lists, o);
  CHECK(found == Approx(exact_agreement(x, 2)).margin(0.005));
  // The last item's row decides: turned round, it changes the share by more than that margin.
  std::array<rows_matrix, 2> turned = x;
  turned[1].row(5) *= -1;
  const double other = exact_agreement(turned, 2);
  CHECK(std::abs(other - found) > 0.02);
  CHECK(hint::graph::agreement({turned[0], turned[1]}, {near(turned[0], o), near(turned[1], o)},
                               o) == Approx(other).margin(0.005));
}

TEST_CASE("modalities that contradict each other keep the least own weight") {
  // What is near in one modality is opposite in the other.
  rows_matrix x(100, 2);
  rows_matrix y(100, 2);
  for (Eigen::Index i = 0; i < 100; ++i) {
    const float angle = 0.06F * static_cast<float>(i);
    const float turned = static_cast<float>(i % 2) * 3.14159F + angle;
    x.row(i) << std::cos(angle), std::sin(angle);
    y.row(i) << std::cos(turned), std::sin(turned);
  }
  trust_options o;
  o.neighbors = 2;
  const modality_trust t = trust(x, y, o);
  CHECK(t.agreement < 0.5);
  CHECK(t.self_weight == 0.25);
}

TEST_CASE("nothing to see: few rows, equal rows, rows of zeros") {
  for (const Eigen::Index n : {0, 1, 2, 3, 30})
    for (const float value : {0.0F, 2.0F}) {
      CAPTURE(n, value);
      const block same = rows_matrix(rows_matrix::Constant(n, 3, value));
      const modality_trust t = trust(same, same);
      CHECK(t.entropy_reduction == std::array{0.0, 0.0});
      CHECK(t.image_weight == 0.5);
      CHECK(t.agreement == Approx(0.5));
      CHECK(t.self_weight == 0.25);
    }
  // one modality alone has something to say
  const block clean = clustered(60, 5, 3, 0.1F, 9);
  const block zeros = rows_matrix(rows_matrix::Zero(60, 5));
  CHECK(trust(clean, zeros).image_weight == 1);
  CHECK(trust(zeros, clean).image_weight == 0);
  CHECK(trust(clean, zeros).agreement == Approx(0.5));
}

TEST_CASE("the same trust for any number of threads; the sample depends on the seed") {
  const block a = clustered(300, 12, 6, 0.7F, 10);
  rows_matrix repeated = clustered(300, 12, 6, 0.9F, 10);
  repeated.bottomRows(100) = repeated.topRows(100).eval();
  const block b = repeated;
  trust_options o;
  o.items = 120;
  const modality_trust expected = trust(a, b, o);
  hint::thread_pool two(2);
  hint::thread_pool three(3);
  for (hint::thread_pool* pool : {&two, &three}) {
    const modality_trust found = trust(a, b, o, hint::context{*pool});
    CHECK(found.entropy_reduction == expected.entropy_reduction);
    CHECK(found.image_weight == expected.image_weight);
    CHECK(found.agreement == expected.agreement);
    CHECK(found.self_weight == expected.self_weight);
  }
  hint::context other;
  other.seed = 1;
  const modality_trust found = trust(a, b, o, other);
  CHECK(found.entropy_reduction == expected.entropy_reduction);
  CHECK(found.agreement != expected.agreement);
  CHECK(found.agreement == Approx(expected.agreement).margin(0.05));
}

TEST_CASE("what does not fit is refused") {
  const block a = rows_matrix(rows_matrix::Zero(4, 2));
  const block b = rows_matrix(rows_matrix::Zero(5, 2));
  CHECK_THROWS_MESSAGE(trust(a, b), hint::shape_error,
                       "agreement: text has 5 rows and 5 neighbour lists, expected 4");
  CHECK_THROWS_MESSAGE(entropy_reduction(a, near(b), {}), hint::shape_error,
                       "entropy_reduction: 5 neighbour lists for 4 rows");
  const auto refused = [&](auto change) {
    trust_options o;
    change(o);
    return hint_tests::message_of<hint::invalid_option>(
        [&] { static_cast<void>(measure_trust({a, a}, {near(a), near(a)}, o)); });
  };
  CHECK(refused([](trust_options& o) { o.neighbors = 1001; }) ==
        "option neighbors is 1001, expected 1 to 1000");
  CHECK(refused([](trust_options& o) { o.exponent = -1; }) ==
        "option exponent is -1, expected 0 to 100");
  CHECK(refused([](trust_options& o) { o.items = 0; }) ==
        "option items is 0, expected 1 to 100000000");
  CHECK(refused([](trust_options& o) { o.others = 0; }) ==
        "option others is 0, expected 1 to 1000000");
}
