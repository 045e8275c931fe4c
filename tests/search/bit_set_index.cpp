// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/bit_set_index.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"
#include "support/sets.hpp"
#include "support/temporary_folder.hpp"

namespace {

/// Goes on once, then asks to stop.
struct stopping {
  int asked = 0;
  bool stop_requested() { return ++asked > 1; }
};

}  // namespace

namespace search = hint::search;
using hint::code_set;
using search::bit_set_index;
using search::set_hit;

namespace {

/// Every kind with the weights that define it.
struct kind {
  search::set_similarity similarity;
  search::tversky weights;
};
const kind kinds[] = {{search::jaccard{}, {1, 1}},
                      {search::subset{}, {0, 1}},
                      {search::superset{}, {1, 0}},
                      {search::tversky{0.3, 0.7}, {0.3, 0.7}},
                      {search::tversky{0.9, 0.1}, {0.9, 0.1}},
                      {search::tversky{2.5, 0}, {2.5, 0}}};

std::vector<set_hit> first(std::vector<set_hit> ranked, std::size_t k, double threshold) {
  std::erase_if(ranked, [=](const set_hit& h) { return h.similarity < threshold; });
  if (ranked.size() > k) ranked.resize(k);
  return ranked;
}
std::vector<std::int64_t> numbers(std::size_t n, std::int64_t from = 0) {
  std::vector<std::int64_t> ids(n);
  for (std::size_t i = 0; i < n; ++i) ids[i] = from + static_cast<std::int64_t>(i);
  return ids;
}

/// Searches of all kinds against the definition; `ids` and `items` are what should be in the index.
template <class F>
void check_all(const bit_set_index& index, const code_set& items,
               const std::vector<std::int64_t>& ids, const code_set& queries, F&& accepted) {
  for (const kind& kind : kinds) {
    std::vector<std::vector<set_hit>> ranked;
    for (std::size_t q = 0; q < queries.size(); ++q)
      ranked.push_back(ranked_sets(items, ids, queries[q], kind.weights,
                                   [&](std::int64_t id) { return accepted(q, id); }));
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}, std::size_t{10},
                                items.size() / 3 + 1, items.size() + 5}) {
      const auto found = index.search(queries, k, kind.similarity, accepted);
      REQUIRE(found.size() == queries.size());
      for (std::size_t q = 0; q < queries.size(); ++q) {
        CAPTURE(kind.weights.alpha, kind.weights.beta, k, q);
        CHECK(found[q] == first(ranked[q], k, 0));
      }
    }
    for (const double threshold : {0.0, 0.1, 1.0 / 3, 0.5, 0.7, 1.0}) {
      const auto found = index.search_threshold(queries, threshold, kind.similarity, accepted);
      const auto few = index.search_threshold(queries, threshold, kind.similarity, accepted, {}, 3);
      for (std::size_t q = 0; q < queries.size(); ++q) {
        CAPTURE(kind.weights.alpha, kind.weights.beta, threshold, q);
        CHECK(found[q] == first(ranked[q], items.size(), threshold));
        CHECK(few[q] == first(ranked[q], 3, threshold));
      }
    }
  }
}
constexpr auto all = [](std::size_t, std::int64_t) { return true; };
constexpr auto some = [](std::size_t query, std::int64_t id) {
  return (static_cast<std::size_t>(id) + query) % 3 != 0;
};

}  // namespace

TEST_CASE("the largest sets of the longest codes are found, by all kernels") {
  code_set items(hint::max_bits, 40);
  for (std::uint64_t& word : items.words()) word = ~std::uint64_t{0};
  items.set_bit(3, 77, false);
  search::bit_set_index index(hint::max_bits);
  index.add(items);
  for (const std::size_t queries : {1U, 4U, 9U}) {
    const auto found = index.search(items.view().slice(0, queries), 100);
    for (std::size_t q = 0; q < queries; ++q) {
      REQUIRE(found[q].size() == 40);
      CHECK(found[q][0].similarity == 1);
      CHECK(found[q][39].common == 16383);
    }
  }
}

TEST_CASE("searches of sets find what the definition ranks first, of all kinds") {
  const std::uint64_t seed = 91;
  CAPTURE(seed);
  struct {
    std::size_t bits, n, mean;
  } const cases[] = {{1, 30, 1},      {64, 0, 5},      {64, 1, 5},     {65, 300, 20},
                     {200, 300, 150}, {2048, 300, 40}, {16384, 70, 60}};
  for (const auto& c : cases) {
    CAPTURE(c.bits, c.n, c.mean);
    const hint::random_stream random(seed, c.bits);
    const code_set items = random_sets(c.bits, c.n, 5, c.mean, random);
    code_set queries = random_sets(c.bits, 7, 5, c.mean, random, 1);
    if (c.n > 2) queries.append(items.view().slice(1, 2));
    queries.resize(queries.size() + 1);  // empty
    for (const bool sorted : {false, true}) {
      bit_set_index index(c.bits);
      index.add(items);
      if (sorted) index.build();
      CHECK(index.sorted() == (sorted ? c.n : 0));
      check_all(index, items, numbers(c.n), queries, all);
      check_all(index, items, numbers(c.n), queries, some);
    }
  }
}

TEST_CASE("searches among many sets, sorted, with removed, replaced and later ones") {
  const std::uint64_t seed = 92;
  CAPTURE(seed);
  struct {
    std::size_t bits, mean;
  } const cases[] = {{128, 30}, {1024, 30}, {229, 8}};
  for (const auto& c : cases) {
    CAPTURE(c.bits, c.mean);
    const hint::random_stream random(seed, c.bits);
    code_set items = random_sets(c.bits, 5000, 400, c.mean, random);
    const code_set queries = random_sets(c.bits, 6, 400, c.mean, random, 1);
    bit_set_index index(c.bits);
    index.add(items);
    CHECK(index.sorted() == 5000);
    check_all(index, items, numbers(5000), queries, all);

    const bit_set_index snapshot = index;
    const code_set more = random_sets(c.bits, 300, 400, c.mean, random, 2);
    index.add(more, numbers(300, 4900), search::duplicates::replace);  // 100 of them
    CHECK(index.sorted() == 5000);
    std::vector<std::int64_t> ids = numbers(4900);
    for (const std::int64_t id : {0, 17, 18, 4000})
      ids.erase(std::find(ids.begin(), ids.end(), id));
    CHECK(index.remove({0, 17, 18, 4000, 9999}) == 4);
    code_set left(c.bits);
    for (const std::int64_t id : ids)
      left.append(items.view().slice(static_cast<std::size_t>(id), 1));
    left.append(more);
    for (const std::int64_t id : numbers(300, 4900)) ids.push_back(id);
    CHECK(index.size() == ids.size());
    check_all(index, left, ids, queries, some);
    check_all(snapshot, items, numbers(5000), queries, some);

    index.build();
    CHECK(index.sorted() == 5300);
    check_all(index, left, ids, queries, some);
    index.remove(numbers(4800));  // most: rows are dropped
    CHECK(index.sorted() == 0);
    CHECK(index.size() == 400);
    CHECK(index.search(queries, 1000)[0].size() == 400);
  }
}

TEST_CASE("results are the same by any number of threads, together or one by one") {
  const std::uint64_t seed = 93;
  CAPTURE(seed);
  const hint::random_stream random(seed, 0);
  bit_set_index index(512);
  index.add(random_sets(512, 6000, 500, 20, random));
  const code_set queries = random_sets(512, 100, 500, 20, random, 1);
  const auto together = index.search(queries, 20);
  const auto above = index.search_threshold(queries, 0.4);
  for (const std::size_t threads : {2U, 3U}) {
    hint::thread_pool pool{threads};
    const hint::context ctx{pool};
    CHECK(index.search(queries, 20, search::jaccard{}, search::accept_all{}, ctx) == together);
    CHECK(index.search_threshold(queries, 0.4, search::jaccard{}, search::accept_all{}, ctx) ==
          above);
  }
  for (std::size_t q = 0; q < queries.size(); ++q)
    CHECK(index.search(queries.view().slice(q, 1), 20).front() == together[q]);
}

TEST_CASE("thresholds are compared with rounded similarities") {
  // 1 / 10 is below the double 0.1, and is meant; so is 2 / 3.
  bit_set_index index(16);
  code_set item(16, 1);
  for (std::size_t j = 0; j < 10; ++j) item.set_bit(0, j, true);
  index.add(item);
  code_set query(16, 2);
  query.set_bit(0, 0, true);
  for (std::size_t j = 4; j < 12; ++j) query.set_bit(1, j, true);  // 6 of 12
  CHECK(index.search_threshold(query, 0.1)[0].size() == 1);
  CHECK(index.search_threshold(query, 0.1 + 1e-16)[0].empty());
  CHECK(index.search_threshold(query, 0.5)[1].size() == 1);
  CHECK(index.search_threshold(query, 6.0 / 8, search::superset{})[1].size() == 1);
}

TEST_CASE("a search of sets that is asked to stop has the first answers") {
  bit_set_index index(64);
  index.add(random_sets(64, 100, 5, 9, hint::random_stream(94, 0)));
  const code_set queries = random_sets(64, 20, 5, 9, hint::random_stream(95, 0));
  const auto whole = index.search(queries, 3);
  stopping observer;
  hint::context ctx;
  ctx.observer = observer;
  const auto found = index.search(queries, 3, search::jaccard{}, search::accept_all{}, ctx);
  REQUIRE(found.size() < whole.size());
  CHECK(std::equal(found.begin(), found.end(), whole.begin()));
}

TEST_CASE("sorting sets can be watched and stopped; what was added is there nevertheless") {
  const code_set sets = random_sets(64, 9000, 5, 9, hint::random_stream(96, 0));
  const code_set queries = random_sets(64, 5, 5, 9, hint::random_stream(97, 0));
  bit_set_index expected(64);
  expected.add(sets);
  REQUIRE(expected.sorted() == sets.size());
  struct patient {
    int answers = 0, asked = 0;
    double done = 0;
    bool stop_requested() { return asked++ >= answers; }
    void on(const hint::phase_report& r) { done = r.done; }
  };
  int stopped = 0;
  for (int answers = 0;; ++answers) {
    CAPTURE(answers);
    patient user{.answers = answers};
    hint::context ctx;
    ctx.observer = user;
    bit_set_index index(64);
    index.add(sets, ctx);
    CHECK(index.size() == sets.size());
    CHECK(index.search(queries, 9) == expected.search(queries, 9));
    if (index.sorted() != 0) {
      CHECK(index.sorted() == sets.size());
      CHECK(user.done == 1);
      index.remove({1, 2, 3});
      user.answers = 0;
      index.build(ctx);  // which leaves what was sorted
      CHECK(index.sorted() == sets.size());
      break;
    }
    CHECK(user.asked == answers + 1);
    ++stopped;
    index.build();
    CHECK(index.sorted() == sets.size());
    CHECK(index.search(queries, 9) == expected.search(queries, 9));
  }
  CHECK(stopped > 10);  // counting, arranging, sketches
}

TEST_CASE("sets in files: saved, loaded, mapped and appended to") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "sets.hint";
  const hint::random_stream random(96, 0);
  const code_set items = random_sets(300, 5000, 90, 25, random);
  const code_set queries = random_sets(300, 9, 90, 25, random, 1);
  bit_set_index index(300), front(300), back(300);
  index.add(items);
  front.add(items.view().slice(0, 4500));
  back.add(items.view().slice(4500, 500), numbers(500, 4500));
  const auto expected = index.search(queries, 25);
  hint::io::save(path, front);
  hint::io::append(path, back);
  const auto loaded = hint::io::load<bit_set_index>(path);
  CHECK(loaded.sorted() >= 4500);
  CHECK(loaded.search(queries, 25) == expected);
  auto mapped = hint::io::map<bit_set_index>(path);
  CHECK(mapped.sorted() == 0);
  CHECK(mapped.search(queries, 25) == expected);
  mapped.build();
  CHECK(mapped.sorted() == 5000);
  CHECK(mapped.search(queries, 25) == expected);
  CHECK(mapped.ids() == numbers(5000));
  CHECK(mapped.code(4999) == code_set(items.view().slice(4999, 1)));
  CHECK(mapped.contains(0));
  CHECK(mapped.remove({0}) == 1);
  CHECK(mapped.size() == 4999);
  CHECK_FALSE(mapped.empty());
}

TEST_CASE("sets of another index are added, of either kind, and files refuse their ids twice") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "sets.hint";
  const code_set items = random_sets(100, 60, 9, 12, hint::random_stream(97, 0));
  bit_set_index whole(100), half(100), other(100);
  whole.add(items);
  half.add(items.view().slice(0, 30));
  other.add(items.view().slice(30, 30));
  search::linear_scan codes(100);
  codes.add(items.view().slice(30, 30));
  CHECK_THROWS_AS(half.add(other), hint::invalid_argument);
  bit_set_index both = half;
  CHECK(both.add_renumbered(other) == 30);
  CHECK(both.search(items, 60) == whole.search(items, 60));
  both = half;
  CHECK(both.add_renumbered(codes) == 30);
  CHECK(both.search(items, 60) == whole.search(items, 60));
  bit_set_index empty(100);
  empty.add(half);
  CHECK(empty.search(items, 60) == half.search(items, 60));

  hint::io::save(path, half);
  CHECK_THROWS_AS(hint::io::append(path, other), hint::invalid_argument);
  CHECK(hint::io::load<bit_set_index>(path).size() == 30);
  CHECK(hint::io::append_renumbered(path, other) == 30);
  CHECK(hint::io::load<bit_set_index>(path).search(items, 60) == whole.search(items, 60));
}

TEST_CASE("bit_set_index checks its arguments") {
  CHECK_THROWS_MESSAGE(bit_set_index(0), hint::invalid_argument,
                       "bit_set_index: bits is 0, expected 1 to 16384");
  bit_set_index index(70);
  index.add(code_set(70, 2));
  CHECK_THROWS_MESSAGE(index.search(code_set(64, 1), 1), hint::shape_error,
                       "bit_set_index::search: queries have 64 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.search_threshold(code_set(64, 1), 1), hint::shape_error,
                       "bit_set_index::search_threshold: queries have 64 bits, expected 70");
  CHECK_THROWS_MESSAGE(index.search_threshold(code_set(70, 1), 1.5), hint::invalid_argument,
                       "bit_set_index::search_threshold: threshold is 1.5, expected 0 to 1");
  CHECK_THROWS_AS(index.search_threshold(code_set(70, 1), -0.1), hint::invalid_argument);
  CHECK_THROWS_AS(index.search_threshold(code_set(70, 1), std::numeric_limits<double>::quiet_NaN()),
                  hint::invalid_argument);
  CHECK_THROWS_MESSAGE(index.add(code_set(70, 1), {1}), hint::invalid_argument,
                       "bit_set_index::add: id 1 is in the index already");
  CHECK(index.search(code_set(70, 0), 3).empty());
}
