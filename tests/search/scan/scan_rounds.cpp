// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/histograms.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/scan/scan_rounds.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

namespace {

namespace detail = hint::search::detail;
using hint::search::accept_all;

struct listener {
  std::size_t answers = 1000000;  // "go on", before it asks to stop
  std::size_t asked = 0;
  std::size_t told = 0;
  bool stop_requested() { return asked++ >= answers; }
  void on(const hint::phase_report&) { ++told; }
};
struct only_hears {
  std::size_t told = 0;
  void on(const hint::phase_report&) { ++told; }
};

detail::code_store large_store() {
  detail::code_store store(1024, "store");  // 7.7 MB in two chunks
  store.add(random_codes(1024, 60000, hint::random_stream(31, 0)));
  store.remove(std::vector<std::int64_t>{1, 30000, 59999});
  return store;
}

}  // namespace

TEST_CASE("a watched scan finds what one that nobody watches finds") {
  const detail::code_store store = large_store();
  const auto queries = random_codes(1024, 150, hint::random_stream(31, 1));
  for (const std::size_t count : {0U, 1U, 3U, 150U}) {
    const auto some = queries.view().slice(0, count);
    const auto nearest = detail::scan_nearest(store, some, 7, accept_all{}, {});
    const auto within = detail::scan_radius(store, some, 470, accept_all{}, {});
    const auto counts = detail::count_distances(store, some, {});
    for (const std::size_t threads : {1U, 2U, 3U}) {
      CAPTURE(count, threads);
      hint::thread_pool pool{threads};
      listener user;
      only_hears other;
      const hint::context ctx(pool, user), heard(pool, other);
      CHECK(detail::scan_nearest(store, some, 7, accept_all{}, ctx) == nearest);
      CHECK(detail::scan_radius(store, some, 470, accept_all{}, ctx) == within);
      CHECK(detail::count_distances(store, some, ctx) == counts);
      CHECK(detail::scan_nearest(store, some, 7, accept_all{}, heard) == nearest);
      CHECK(other.told >= 2);
      CHECK(user.told >= 6);
    }
  }
}

TEST_CASE("one query over many rows asks the observer between slices of them") {
  const detail::code_store store = large_store();
  const auto query = random_codes(1024, 1, hint::random_stream(31, 2));
  for (const std::size_t threads : {1U, 2U}) {
    hint::thread_pool pool{threads};
    // However fast the machine: a slice has no more than twice the words of the one before.
    for (int what = 0; what < 3; ++what) {
      listener user;
      const hint::context ctx(pool, user);
      if (what == 0) static_cast<void>(detail::scan_nearest(store, query, 7, accept_all{}, ctx));
      if (what == 1) static_cast<void>(detail::scan_radius(store, query, 470, accept_all{}, ctx));
      if (what == 2) static_cast<void>(detail::count_distances(store, query, ctx));
      CHECK(user.asked >= 3);
      listener impatient{.answers = 3};
      const hint::context stop(pool, impatient);
      if (what == 0) CHECK(detail::scan_nearest(store, query, 7, accept_all{}, stop).empty());
      if (what == 1) CHECK(detail::scan_radius(store, query, 470, accept_all{}, stop).empty());
      if (what == 2) CHECK(detail::count_distances(store, query, stop).size() == 0);
      CHECK(impatient.asked == 4);
    }
  }
}

TEST_CASE("a stopped scan has whole answers to the first queries") {
  const detail::code_store store = large_store();
  const auto queries = random_codes(1024, 300, hint::random_stream(31, 3));
  const auto nearest = detail::scan_nearest(store, queries, 7, accept_all{}, {});
  const auto counts = detail::count_distances(store, queries, {});
  std::size_t most = 0;
  for (const std::size_t answers : {0U, 1U, 5U, 20U, 40U}) {
    for (const std::size_t threads : {1U, 3U}) {
      hint::thread_pool pool{threads};
      listener a{.answers = answers}, b{.answers = answers};
      const auto some =
          detail::scan_nearest(store, queries, 7, accept_all{}, hint::context(pool, a));
      const auto others = detail::count_distances(store, queries, hint::context(pool, b));
      CAPTURE(answers, threads, some.size(), others.size());
      CHECK((answers > 0 || (some.empty() && others.size() == 0)));
      most = (std::max)(most, some.size());
      bool equal = true;
      for (std::size_t q = 0; q < some.size(); ++q)
        equal = equal &&
                std::equal(some[q].begin(), some[q].end(), nearest[q].begin(), nearest[q].end());
      for (std::size_t q = 0; q < others.size(); ++q)
        equal = equal &&
                std::equal(others[q].begin(), others[q].end(), counts[q].begin(), counts[q].end());
      CHECK(equal);
    }
  }
  CHECK(most > 0);
}
