// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/eval/average_precision.hpp>
#include <hint/eval/ndcg.hpp>
#include <hint/eval/precision_at.hpp>
#include <hint/eval/precision_recall.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/recall.hpp>
#include <hint/search/hamming.hpp>

#include "support/catch.hpp"

namespace eval = hint::eval;
using eval::average_precision;
using eval::average_precision_options;
using eval::ties;
using hint::code_set;

namespace {

code_set random_bits(std::size_t bits, std::size_t n, std::uint64_t one_in,
                     const hint::random_stream& random) {
  code_set out(bits, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < bits; ++j)
      out.set_bit(i, j, random.below(i * bits + j, one_in) == 0);
  return out;
}

struct problem {
  explicit problem(std::uint64_t seed, std::size_t bits = 16, std::size_t queries = 37,
                   std::size_t items = 200)
      : random(seed, 0),
        q(random_bits(bits, queries, 2, random.fork(0))),
        d(random_bits(bits, items, 2, random.fork(1))),
        q_labels(random_bits(24, queries, 15, random.fork(2))),
        d_labels(random_bits(24, items, 15, random.fork(3))),
        judgements(q_labels, d_labels) {}
  /// gnd: relevance in the order of a stable sort by distance.
  std::vector<bool> ranked(std::size_t query) const {
    std::vector<std::size_t> order(d.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return hint::search::hamming_distance(q[query], d[a]) <
             hint::search::hamming_distance(q[query], d[b]);
    });
    std::vector<bool> gnd;
    for (const std::size_t i : order) gnd.push_back(judgements.relevant(query, i));
    return gnd;
  }
  hint::random_stream random;
  code_set q, d, q_labels, d_labels;
  eval::shared_label judgements;
};

/// What the published scripts do, with a stable sort: `calc_map` (skip = false), UCCH (skip = true),
/// `calculate_top_map` (top > 0), `calc_map_k` (first > 0).
double script(const problem& p, bool skip, std::size_t top, std::size_t first) {
  double map = 0;
  double queries = 0;
  for (std::size_t i = 0; i < p.q.size(); ++i) {
    std::vector<bool> gnd = p.ranked(i);
    if (top > 0) gnd.resize((std::min)(top, gnd.size()));
    auto tsum = static_cast<std::size_t>(std::count(gnd.begin(), gnd.end(), true));
    if (tsum == 0) {
      queries += skip ? 0 : 1;
      continue;
    }
    if (first > 0) tsum = (std::min)(first, tsum);
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t r = 0; r < gnd.size() && count < tsum; ++r)
      if (gnd[r]) sum += static_cast<double>(++count) / static_cast<double>(r + 1);
    map += sum / static_cast<double>(tsum);
    ++queries;
  }
  return map / queries;
}

double map_of(const problem& p, const average_precision_options& o) {
  return eval::run(average_precision{o}, p.q, p.d, p.judgements).value;
}

// The example of docs/concepts/ranking_metric.md.
struct worst_first_rank {
  using sum_type = hint::eval::mean_over_queries;
  void add(sum_type& sum, const hint::eval::ranking& r) const {
    std::uint64_t before = 0;
    for (const auto& g : r.groups) {
      before += g.items - g.relevant;
      if (g.relevant > 0) {
        sum += {static_cast<double>(before + 1), 1};
        return;
      }
    }
  }
  double value(const sum_type& sum) const { return sum.mean(); }
  hint::eval::ties tie_rule() const { return hint::eval::ties::pessimistic; }
  std::string conventions() const { return "rank of the first relevant item, ties pessimistic"; }
};

}  // namespace

TEST_CASE("a metric of one's own") {
  const problem p(17);
  double ranks = 0;
  double queries = 0;
  for (std::size_t i = 0; i < p.q.size(); ++i) {
    // The nearest relevant item comes after everything irrelevant that is not farther.
    std::uint32_t nearest = 1000;
    for (std::size_t j = 0; j < p.d.size(); ++j)
      if (p.judgements.relevant(i, j))
        nearest = (std::min)(nearest, hint::search::hamming_distance(p.q[i], p.d[j]));
    if (nearest == 1000) continue;
    double rank = 1;
    for (std::size_t j = 0; j < p.d.size(); ++j)
      rank +=
          !p.judgements.relevant(i, j) && hint::search::hamming_distance(p.q[i], p.d[j]) <= nearest;
    ranks += rank;
    ++queries;
  }
  CHECK(eval::run(worst_first_rank{}, p.q, p.d, p.judgements).value == Approx(ranks / queries));
}

TEST_CASE("the presets give what the published scripts give with a stable sort") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CAPTURE(seed);
    const problem p(seed);
    CHECK(map_of(p, average_precision_options::dcmh()) == Approx(script(p, false, 0, 0)));
    CHECK(map_of(p, average_precision_options::ucch()) == Approx(script(p, true, 0, 0)));
    CHECK(map_of(p, average_precision_options::ucch()) != Approx(script(p, false, 0, 0)));
    for (const std::size_t k : {1U, 10U, 50U, 500U}) {
      CAPTURE(k);
      CHECK(map_of(p, average_precision_options::top_map(k)) == Approx(script(p, false, k, 0)));
      CHECK(map_of(p, average_precision_options::map_k(k)) == Approx(script(p, false, 0, k)));
    }
  }
}

TEST_CASE("ties by id, and their mean, lie between the bounds") {
  for (const std::size_t at : {0U, 5U, 60U}) {
    const problem p(21, 8);
    CAPTURE(at);
    const double lowest = map_of(p, {.at = at, .ties = ties::pessimistic});
    const double highest = map_of(p, {.at = at, .ties = ties::optimistic});
    CHECK(lowest < highest);
    for (const ties rule : {ties::by_id, ties::expected}) {
      const double value = map_of(p, {.at = at, .ties = rule});
      CHECK(lowest < value);
      CHECK(value < highest);
    }
  }
}

TEST_CASE("expected is the mean of by id over shuffled databases") {
  const problem p(3, 4, 1, 7);  // 7 items: all 5040 orders
  std::vector<std::uint32_t> order(7);
  std::iota(order.begin(), order.end(), 0U);
  code_set all_labels(24, 7);
  for (std::size_t i = 0; i < 7; ++i) all_labels.set_bit(i, 0, i % 3 == 0);
  code_set label(24, 1);
  label.set_bit(0, 0, true);
  double sum = 0;
  double count = 0;
  do {
    code_set d(4, 7);
    code_set l(24, 7);
    for (std::size_t i = 0; i < 7; ++i) {
      d[i][0] = p.d[order[i]][0];
      l[i][0] = all_labels[order[i]][0];
    }
    sum += eval::run(average_precision{{.ties = ties::by_id}}, p.q, d, eval::shared_label{label, l})
               .value;
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  CHECK(eval::run(average_precision{}, p.q, p.d, eval::shared_label{label, all_labels}).value ==
        Approx(sum / count).epsilon(1e-12));
}

TEST_CASE("metrics have the same bits for 1, 2 and 3 threads") {
  const problem p(6, 130, 101, 3000);
  const auto run = [&](const auto& metric, std::size_t threads) {
    hint::thread_pool pool{threads};
    return eval::run(metric, p.q, p.d, p.judgements, hint::context{pool}).value;
  };
  for (const std::size_t threads : {2U, 3U}) {
    CHECK(run(average_precision{}, threads) == run(average_precision{}, 1));
    CHECK(run(average_precision{{.ties = ties::by_id}}, threads) ==
          run(average_precision{{.ties = ties::by_id}}, 1));
    CHECK(run(eval::recall_at{}, threads) == run(eval::recall_at{}, 1));
    CHECK(run(eval::radius_curve{}, threads).precision == run(eval::radius_curve{}, 1).precision);
  }
  hint::thread_pool pool{2};
  CHECK(run(average_precision{}, 2) ==
        eval::run(average_precision{}, p.q, p.d, p.judgements).value);
}

TEST_CASE("flipping and permuting bits does not change a figure") {
  const problem p(12, 70);
  const auto moved = [](const code_set& codes) {
    code_set out(70, codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i)
      for (std::size_t j = 0; j < 70; ++j)
        out.set_bit(i, j, codes.bit(i, (j * 11) % 70) != (j % 3 == 0));
    return out;
  };
  for (const ties rule : {ties::by_id, ties::expected})
    CHECK(
        eval::run(average_precision{{.ties = rule}}, moved(p.q), moved(p.d), p.judgements).value ==
        eval::run(average_precision{{.ties = rule}}, p.q, p.d, p.judgements).value);
}

TEST_CASE("recall of the own pair by search and by evaluation agree") {
  const hint::random_stream random(14, 0);
  const code_set d = random_bits(12, 60, 2, random.fork(0));
  code_set q = d;
  for (std::size_t i = 0; i < q.size(); ++i) q.set_bit(i, i % 12, !q.bit(i, i % 12));
  const auto found =
      eval::run(eval::recall_at{{.at = {5}, .ties = ties::by_id}}, q, d, eval::same_row{});
  double expected = 0;
  for (std::size_t i = 0; i < q.size(); ++i) {
    std::size_t before = 0;
    for (std::size_t j = 0; j < d.size(); ++j) {
      const auto dist = hint::search::hamming_distance(q[i], d[j]);
      before += dist < 1 || (dist == 1 && j < i) ? 1 : 0;
    }
    expected += before < 5 ? 1 : 0;
  }
  CHECK(found.value[0] == Approx(expected / 60));
}

TEST_CASE("codes equal to the labels rank perfectly, equal codes rank at chance") {
  code_set labels(10, 100);
  for (std::size_t i = 0; i < 100; ++i) labels.set_bit(i, i % 10, true);
  const eval::shared_label judgements{labels};
  for (const ties rule : {ties::by_id, ties::expected, ties::optimistic, ties::pessimistic})
    CHECK(eval::run(average_precision{{.ties = rule}}, labels, labels, judgements).value ==
          Approx(1));
  const code_set same(32, 100);
  const double chance = eval::run(average_precision{}, same, same, judgements).value;
  CHECK(chance > 0.1);
  CHECK(chance < 0.2);
  // Without the own row 9 of 99 are left.
  const eval::without_self others{judgements};
  CHECK(eval::run(eval::precision_at{{.at = {99}}}, same, same, others).value[0] ==
        Approx(9.0 / 99));
}

TEST_CASE("nothing to rank and nothing to ask") {
  const code_set none(8, 0);
  const code_set some(8, 3);
  const auto all = eval::relevant_if{[](std::size_t, std::size_t) { return true; }};
  for (const ties rule : {ties::by_id, ties::expected}) {
    CHECK(eval::run(average_precision{{.ties = rule}}, some, none, all).value == 0);
    CHECK_THROWS_MESSAGE(eval::run(average_precision{{.ties = rule}}, none, some, all),
                         hint::invalid_argument,
                         "eval::run: there are no queries, expected at least one");
    CHECK(std::isnan(
        eval::run(average_precision{{.empty_query = eval::empty_query::skip, .ties = rule}}, some,
                  none, all)
            .value));
  }
  CHECK_THROWS_AS(eval::run(eval::recall_at{}, none, some, all), hint::invalid_argument);
}

TEST_CASE("a value says how it was come by") {
  code_set labels(3, 2);
  labels.set_bit(0, 0, true);
  labels.set_bit(1, 0, true);
  const code_set codes(16, 2);
  CHECK(eval::run(average_precision{}, codes, codes, eval::shared_label{labels}).describe() ==
        "1.0000 MAP@all, ties expected, empty queries 0; relevant: share a label; 2 queries, 2 "
        "items, "
        "16 bits");
  CHECK(
      eval::run(eval::recall_at{{.at = {1, 2}}}, codes, codes, eval::same_row{}).describe() ==
      "[0.5000, 1.0000] recall@1,2, ties expected, empty queries 0; relevant: same row; 2 queries, "
      "2 items, 16 bits");
  CHECK(eval::run(eval::ndcg{{.at = 1}}, codes, codes,
                  eval::relevant_if{[](std::size_t, std::size_t) { return true; }})
            .describe() ==
        "1.0000 NDCG@1, gain 1, ties expected, empty queries 0; relevant: by the caller's "
        "judgements; 2 queries, 2 items, 16 bits");
  const code_set one(1, 1);
  CHECK(
      eval::run(eval::radius_curve{}, one, one, eval::same_row{}).describe() ==
      "recall [1.0000, 1.0000] precision [1.0000, 1.0000] precision-recall by radius, micro mean; "
      "relevant: same row; 1 queries, 1 items, 1 bits");
}

TEST_CASE("run refuses what does not fit together") {
  const code_set a(16, 2);
  CHECK_THROWS_MESSAGE(eval::run(average_precision{}, a, code_set(17, 2), eval::same_row{}),
                       hint::shape_error, "eval::run: queries have 16 bits, the database 17");
  CHECK_THROWS_MESSAGE(eval::run(average_precision{}, a, a, eval::shared_label{code_set(3, 9)}),
                       hint::shape_error,
                       "shared_label: labels of 9 queries and 9 items, expected 2 and 2");
}

TEST_CASE("a metric that is asked to stop tells of how many queries it is the mean") {
  const problem p(5, 16, 100, 200);
  const average_precision map;
  struct patient {
    std::size_t answers;
    std::size_t asked = 0;
    bool stop_requested() { return asked++ >= answers; }
  } observer{1};
  hint::sequential here;
  const auto found = eval::run(map, p.q, p.d, p.judgements, hint::context(here, observer));
  const code_set first(p.q.view().slice(0, 16)), labels(p.q_labels.view().slice(0, 16));
  const auto expected = eval::run(map, first, p.d, eval::shared_label{labels, p.d_labels});
  CHECK(found.value == expected.value);
  CHECK(found.conventions.find("; 16 queries (then stopped), 200 items") != std::string::npos);
}
