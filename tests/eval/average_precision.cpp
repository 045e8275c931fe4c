// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/eval/average_precision.hpp>

#include "eval/orders.hpp"
#include "support/catch.hpp"

namespace eval = hint::eval;
using eval::average_precision;
using eval::average_precision_options;
using eval::ties;

namespace {

/// From the definition, for one order of all items.
double by_definition(const std::vector<bool>& order, const average_precision_options& o) {
  const auto all = static_cast<std::size_t>(std::count(order.begin(), order.end(), true));
  std::size_t found = 0;
  double sum = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (o.at != 0 && o.cut == eval::cut::items && i == o.at) break;
    if (o.at != 0 && o.cut == eval::cut::relevant_items && found == o.at) break;
    if (order[i]) sum += static_cast<double>(++found) / static_cast<double>(i + 1);
  }
  const std::size_t divisor = o.denominator == eval::denominator::relevant_retrieved ? found
                              : o.denominator == eval::denominator::all_relevant || o.at == 0
                                  ? all
                                  : (std::min)(o.at, all);
  return found == 0 ? 0 : sum / static_cast<double>(divisor);
}

}  // namespace

TEST_CASE("average precision of a ranking worked out by hand") {
  // Relevant, then two tied of which one is relevant, then irrelevant:
  // (1 + 2/2)/2 or (1 + 2/3)/2.
  const hint_tests::groups g{{1, 1, 1}, {2, 2, 1}, {5, 1, 0}};
  const auto r = hint_tests::ranking_of(g);
  CHECK(average_precision{{.ties = ties::optimistic}}.of(r) == Approx(1));
  CHECK(average_precision{{.ties = ties::pessimistic}}.of(r) == Approx(5.0 / 6));
  CHECK(average_precision{}.of(r) == Approx(11.0 / 12));
  // Cut after two items: (1 + 1)/2, or 1/1.
  CHECK(average_precision{{.at = 2}}.of(r) == Approx(1));
  CHECK(average_precision{{.at = 2, .denominator = eval::denominator::all_relevant}}.of(r) ==
        Approx(0.75));
}

TEST_CASE("expected, optimistic and pessimistic are mean, highest and lowest over all orders") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto g = hint_tests::random_groups(hint::random_stream(seed, 0));
    const auto r = hint_tests::ranking_of(g);
    for (std::size_t at = 0; at <= r.items + 1; ++at)
      for (const auto cut : {eval::cut::items, eval::cut::relevant_items})
        for (const auto d : {eval::denominator::relevant_retrieved, eval::denominator::all_relevant,
                             eval::denominator::min_of_at_and_relevant}) {
          average_precision_options o{.at = at, .cut = cut, .denominator = d};
          const auto v = hint_tests::over_orders(
              g, [&](const std::vector<bool>& order) { return by_definition(order, o); });
          CAPTURE(seed, at, static_cast<int>(cut), static_cast<int>(d));
          CHECK(average_precision{o}.of(r) == Approx(v.mean).margin(1e-12));
          o.ties = ties::optimistic;
          CHECK(average_precision{o}.of(r) == Approx(v.highest).margin(1e-12));
          o.ties = ties::pessimistic;
          CHECK(average_precision{o}.of(r) == Approx(v.lowest).margin(1e-12));
        }
  }
}

TEST_CASE("without ties all rules agree with the definition") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const hint::random_stream random(seed, 1);
    hint_tests::groups g;
    std::vector<bool> order;
    for (std::uint32_t i = 0; i < 50; ++i) {
      order.push_back(random.below(i, 3) == 0);
      g.push_back({i, 1, order.back() ? std::uint64_t{1} : std::uint64_t{0}});
    }
    const auto r = hint_tests::ranking_of(g);
    for (const std::size_t at : {0U, 1U, 7U, 50U, 60U})
      for (const auto cut : {eval::cut::items, eval::cut::relevant_items})
        for (const auto rule : {ties::by_id, ties::expected, ties::optimistic, ties::pessimistic}) {
          const average_precision_options o{.at = at, .cut = cut, .ties = rule};
          CHECK(average_precision{o}.of(r) == Approx(by_definition(order, o)).margin(1e-13));
        }
  }
}

TEST_CASE("rankings at the ends") {
  const hint_tests::groups none;
  const hint_tests::groups irrelevant{{0, 5, 0}, {3, 2, 0}};
  const hint_tests::groups relevant{{0, 5, 5}, {3, 2, 2}};
  for (const auto rule : {ties::by_id, ties::expected, ties::optimistic, ties::pessimistic})
    for (const std::size_t at : {0U, 1U, 6U, 7U, 100U}) {
      CAPTURE(at, static_cast<int>(rule));
      CHECK(average_precision{{.at = at, .ties = rule}}.of(hint_tests::ranking_of(none)) == 0);
      CHECK(average_precision{{.at = at, .ties = rule}}.of(hint_tests::ranking_of(irrelevant)) ==
            0);
      CHECK(average_precision{{.at = at, .ties = rule}}.of(hint_tests::ranking_of(relevant)) ==
            Approx(1));
    }
}

TEST_CASE("one large group of ties: the bounds enclose the mean, and the mean is near chance") {
  const hint_tests::groups g{{32, 1'000'000, 10'000}};
  const auto r = hint_tests::ranking_of(g);
  const double expected = average_precision{}.of(r);
  CHECK(expected == Approx(0.01).epsilon(0.02));
  CHECK(average_precision{{.ties = ties::optimistic}}.of(r) == Approx(1));
  CHECK(average_precision{{.ties = ties::pessimistic}}.of(r) < expected);
  // An all-relevant divisor makes every position's share 1e-4 of the sum, so MAP@k is below k/R.
  CHECK(average_precision{{.at = 100, .denominator = eval::denominator::all_relevant}}.of(r) <
        0.01);
}

TEST_CASE("queries without relevant items count as 0 or are left out") {
  const hint_tests::groups good{{0, 2, 2}};
  const hint_tests::groups bad{{0, 2, 0}};
  const average_precision zero;
  const average_precision skip{{.empty_query = eval::empty_query::skip}};
  eval::mean_over_queries a;
  eval::mean_over_queries b;
  for (const auto* g : {&good, &bad}) {
    zero.add(a, hint_tests::ranking_of(*g));
    skip.add(b, hint_tests::ranking_of(*g));
  }
  CHECK(zero.value(a) == Approx(0.5));
  CHECK(skip.value(b) == Approx(1));
}

TEST_CASE("average precision prints its conventions") {
  CHECK(average_precision{}.conventions() == "MAP@all, ties expected, empty queries 0");
  CHECK(average_precision{average_precision_options::dcmh()}.conventions() ==
        "MAP@all, ties by id, empty queries 0");
  CHECK(average_precision{average_precision_options::ucch()}.conventions() ==
        "MAP@all, ties by id, empty queries skipped");
  CHECK(average_precision{average_precision_options::top_map(50)}.conventions() ==
        "MAP@50, over relevant retrieved, ties by id, empty queries 0");
  CHECK(average_precision{average_precision_options::map_k(50)}.conventions() ==
        "MAP@50 relevant items, over relevant retrieved, ties by id, empty queries 0");
  CHECK(average_precision{{.at = 9, .denominator = eval::denominator::min_of_at_and_relevant}}
            .conventions() == "MAP@9, over min(at, relevant), ties expected, empty queries 0");
}

TEST_CASE("a ranking by id has the same average precision item by item as by runs") {
  const std::uint64_t seed = 33;
  CAPTURE(seed);
  for (const std::size_t n : {1U, 5U, 63U, 64U, 65U, 300U, 2000U}) {
    const hint::random_stream random(seed, n);
    const std::uint64_t odds = random.below(0, 17);
    std::vector<eval::marked_word> words;
    std::vector<bool> order;
    while (order.size() < n) {
      eval::marked_word w;
      w.distance = static_cast<std::uint32_t>(random.fork(1).below(words.size(), 2)) +
                   (words.empty() ? 0 : words.back().distance);
      w.items = static_cast<std::uint32_t>(
          (std::min<std::uint64_t>)(1 + random.fork(2).below(words.size(), 63), n - order.size()));
      for (std::uint32_t i = 0; i < w.items; ++i) {
        order.push_back(random.fork(3).below(order.size(), 16) < odds);
        w.marks |= std::uint64_t{order.back() ? 1U : 0U} << i;
      }
      words.push_back(w);
    }
    const auto relevant = static_cast<std::uint64_t>(std::count(order.begin(), order.end(), true));
    const eval::marked_ranking marked{words, n, relevant, 8000};
    std::vector<eval::tie_group> groups;
    eval::detail::append_runs(marked, groups);
    const eval::ranking runs{groups, n, relevant, 8000};
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{62}, std::size_t{63},
          std::size_t{64}, std::size_t{65}, std::size_t{130}, n, n + 1})
      for (const auto cut : {eval::cut::items, eval::cut::relevant_items})
        for (const auto denominator :
             {eval::denominator::relevant_retrieved, eval::denominator::all_relevant,
              eval::denominator::min_of_at_and_relevant}) {
          CAPTURE(n, odds, at, static_cast<int>(cut), static_cast<int>(denominator));
          const average_precision_options o{
              .at = at, .cut = cut, .denominator = denominator, .ties = ties::by_id};
          const average_precision metric(o);
          CHECK(std::abs(metric.of(marked) - by_definition(order, o)) < 1e-13);
          CHECK(std::abs(metric.of(marked) - metric.of(runs)) < 1e-13);
        }
  }
}
