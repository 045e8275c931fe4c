// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/index_interface.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index/adaptive_index.hpp>
#include <hint/testing/search_axioms.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

namespace detail = hint::search::detail;
using hint::search::duplicates;

namespace {

/// Answers by lists where it can, and by tables within small radii; scans when it must.
using engine = detail::adaptive_index<detail::structures::tables_and_lists>;
class forced_index : public hint::search::index_interface<forced_index, engine> {
 public:
  static constexpr std::string_view name = "test";
  explicit forced_index(std::size_t bits) : index_interface({bits, 1, false, name}) {}
  const engine& adaptive() const { return engine_; }
};

}  // namespace

TEST_CASE("answers by lists and tables obey the axioms") {
  const std::uint64_t seed = 12;
  CAPTURE(seed);
  for (const std::size_t bits : {1U, 5U, 33U, 64U, 65U, 128U, 200U, 513U}) {
    const hint::random_stream random(seed, bits);
    const std::size_t n = 75 + bits % 60;
    CAPTURE(bits, n);
    const auto make = [](std::size_t length) { return forced_index(length); };
    CHECK(hint::testing::violated_search_axioms(make, clustered(bits, n, 5, 6, random.fork(0)),
                                                clustered(bits, 7, 5, 6, random.fork(0)),
                                                random) == std::vector<std::string>{});
  }
}

TEST_CASE(
    "tables and lists are built at the first codes, and again when there are an eighth more") {
  const hint::random_stream random(13, 0);
  const auto codes = clustered(64, 3000, 10, 8, random);
  const auto queries = clustered(64, 9, 10, 8, random);
  forced_index index(64);
  hint::search::linear_scan scan(64);
  const auto add = [&](std::size_t first, std::size_t count) {
    index.add(codes.view().slice(first, count));
    scan.add(codes.view().slice(first, count));
  };
  add(0, 32);
  CHECK(index.adaptive().tables() == 0);
  add(32, 1);
  CHECK(index.adaptive().tables() == 1);
  CHECK(index.adaptive().lists() > 1);
  CHECK(index.adaptive().covered() == 32);
  add(33, 767);
  CHECK(index.adaptive().covered() == 800);
  add(800, 100);  // an eighth
  CHECK(index.adaptive().covered() == 800);
  CHECK(index.search(queries, 950) == scan.search(queries, 950));
  CHECK(index.search_radius(queries, 3) == scan.search_radius(queries, 3));
  add(900, 1);
  CHECK(index.adaptive().covered() == 896);
  CHECK(index.search(queries, 950) == scan.search(queries, 950));

  add(901, 2099);
  const auto all = scan.ids();
  index.remove(std::span(all).first(2000));
  scan.remove(std::span(all).first(2000));
  CHECK(index.adaptive().covered() == 2976);  // removed codes are passed over
  CHECK(index.search(queries, 950) == scan.search(queries, 950));
  index.remove(std::span(all).first(2050));
  scan.remove(std::span(all).first(2050));
  CHECK(index.adaptive().covered() == 928);  // most had gone
  CHECK(index.store().rows() == 950);
  CHECK(index.search(queries, 950) == scan.search(queries, 950));
}

TEST_CASE("nothing is built for few codes, nor for an empty store") {
  detail::adaptive_index<detail::structures::tables_and_lists> store(64, 0, true, "test");
  store.build();
  CHECK(store.covered() == 0);
  store.store().add(clustered(64, 5000, 5, 8, hint::random_stream(14, 0)));
  store.refresh();
  CHECK(store.tables() == 0);
  CHECK(store.lists() == 0);
  CHECK(store.nearest(hint::code_set(64, 2), 3, hint::search::accept_all{}, {}).all().size() == 6);
}

TEST_CASE("queries for which tables give up are scanned for, with their own filter") {
  // Half the queries are codes, with near neighbours; half are far from all.
  const hint::random_stream random(15, 0);
  const auto codes = clustered(128, 40'000, 400, 16, random);
  auto queries = clustered(128, 20, 400, 16, random);
  queries.append(clustered(128, 20, 1000, 2, random.fork(9)));
  hint::search::linear_scan scan(128);
  scan.add(codes);
  const auto mixed = [](std::size_t query, std::int64_t id) {
    return (static_cast<std::uint64_t>(id) + query) % 3 != 0;
  };
  // Two tables of 17 bits find what is nearer than 34, so the last time it does not depend on the clock
  // which queries are scanned for.
  const auto check = [&](auto store, std::size_t tables) {
    store.store().add(codes);
    store.refresh();
    CHECK(store.tables() == tables);
    hint::thread_pool pool{3};
    for (const std::size_t k : {1U, 10U, 3000U}) {
      CAPTURE(k);
      CHECK(store.nearest(queries, k, mixed, {}) == scan.search(queries, k, mixed));
      CHECK(store.nearest(queries, k, mixed, hint::context{pool}) ==
            scan.search(queries, k, mixed));
      const auto one = queries.view().slice(k % 7, 1);
      CHECK(store.nearest(one, k, mixed, hint::context{pool}) == scan.search(one, k, mixed));
    }
    for (const std::size_t radius : {2U, 14U, 40U, 128U})
      CHECK(store.within(queries, radius, mixed, {}) == scan.search_radius(queries, radius, mixed));
  };
  using detail::structures, detail::adaptive_index;
  check(adaptive_index<structures::tables>(128, 6, true, "test"), 6);
  check(adaptive_index<structures::tables_and_lists>(128, 6, true, "test"), 6);
  check(adaptive_index<structures::tables>(128, 2, false, "test"), 2);
}

namespace {
struct listener {
  std::size_t answers = 0;  // "go on", before it asks to stop
  std::size_t asked = 0;
  double last = -1;
  bool stop_requested() { return asked++ >= answers; }
  void on(const hint::phase_report& r) {
    if (r.phase == "index") last = r.done;
  }
};
}  // namespace

TEST_CASE("who stops an add has the codes all the same, and what was not built is built later") {
  const hint::random_stream random(14, 0);
  const auto codes = clustered(64, 9000, 10, 8, random);
  const auto queries = clustered(64, 9, 10, 8, random);
  hint::search::linear_scan scan(64);
  scan.add(codes);
  std::size_t needed = 0;
  for (const std::size_t threads : {1U, 3U}) {
    hint::thread_pool pool{threads};
    listener patient{.answers = 1000000};
    forced_index whole(64);
    whole.add(codes, hint::context(pool, patient));
    CHECK(whole.adaptive().tables() == 1);
    CHECK(whole.adaptive().lists() > 1);
    CHECK(patient.last == 1);
    needed = patient.asked;
    CHECK(needed > 10);
    for (std::size_t answers = 0; answers < (std::min<std::size_t>)(needed, 90); answers += 3) {
      CAPTURE(threads, answers, needed);
      listener user{.answers = answers};
      forced_index index(64);
      index.add(codes, hint::context(pool, user));
      REQUIRE(index.size() == codes.size());
      // How often it asks depends on the machine, but not whether it does.
      if (answers < 10) REQUIRE(user.asked == answers + 1);
      REQUIRE((index.adaptive().tables() + index.adaptive().lists() == 0) ==
              (user.asked > answers));
      REQUIRE(index.search(queries, 5) == scan.search(queries, 5));
      if (answers % 5 != 0) continue;
      index.add(codes.view().slice(0, 1), {-1}, duplicates::refuse, hint::context(pool));
      REQUIRE(index.adaptive().tables() == 1);
      index.remove({-1});
      REQUIRE(index.search(queries, 5) == scan.search(queries, 5));
    }
  }
}

TEST_CASE("tables and lists answer watched searches as others, until they are stopped") {
  const hint::random_stream random(15, 0);
  const auto codes = clustered(64, 5000, 10, 8, random);
  const auto queries = clustered(64, 200, 10, 8, random);
  forced_index index(64);
  index.add(codes);
  REQUIRE(index.adaptive().lists() > 1);
  const auto mine = [](std::size_t query, std::int64_t id) {
    return (query + static_cast<std::size_t>(id)) % 3 != 0;
  };
  const auto nearest = index.search(queries, 5, mine);
  const auto within = index.search_radius(queries, 4, mine);
  for (const std::size_t threads : {1U, 2U})
    for (const std::size_t answers : {0U, 1U, 2U, 3U, 5U, 100000U}) {
      CAPTURE(threads, answers);
      hint::thread_pool pool{threads};
      listener a{.answers = answers}, b{.answers = answers};
      const auto some = index.search(queries, 5, mine, hint::context(pool, a));
      const auto others = index.search_radius(queries, 4, mine, hint::context(pool, b));
      CHECK((some.size() == 200) == (answers == 100000));
      if (answers == 0) CHECK((some.empty() && others.empty()));
      bool equal = true;
      for (std::size_t q = 0; q < some.size(); ++q)
        equal = equal &&
                std::equal(some[q].begin(), some[q].end(), nearest[q].begin(), nearest[q].end());
      for (std::size_t q = 0; q < others.size(); ++q)
        equal = equal &&
                std::equal(others[q].begin(), others[q].end(), within[q].begin(), within[q].end());
      CHECK(equal);
    }
}
