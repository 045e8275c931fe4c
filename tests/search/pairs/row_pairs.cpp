// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/pairs/row_pairs.hpp>

#include "support/catch.hpp"

using namespace hint::search::detail;

namespace {

/// Task t finds t * 7 % 1000 pairs (t, 0), (t, 1), ..., at most 100 in one go.
bool find(std::size_t task, std::size_t& at, std::vector<row_pair>& found) {
  const std::size_t all = task * 7 % 1000;
  for (std::size_t i = 0; i < 100 && at < all; ++i, ++at)
    found.push_back({static_cast<std::uint32_t>(task), static_cast<std::uint32_t>(at), 0});
  return at == all;
}

}  // namespace

TEST_CASE("what tasks find is handed on in their order, however often they must be called") {
  hint::thread_pool three(3);
  for (const hint::context& ctx : {hint::context{}, hint::context{three}}) {
    std::size_t task = 0, next = 0;
    const bool done = in_rounds<std::vector<row_pair>>(
        ctx, 2000, find,
        [&](const std::vector<row_pair>& found) {
          CHECK(found.size() <= 100);
          for (const row_pair& x : found) {
            while (next == task * 7 % 1000) ++task, next = 0;
            REQUIRE(x.first == task);
            REQUIRE(x.second == next++);
          }
          return true;
        },
        [](std::size_t) { return true; });
    CHECK(done);
    CHECK(task == 1999);
    CHECK(next == 1999 * 7 % 1000);
  }
}

TEST_CASE("no more tasks begin while much is held") {
  std::size_t held = 0, most = 0;
  const auto work = [&](std::size_t, std::size_t&, std::vector<row_pair>& found) {
    found.resize(50'000);
    most = (std::max)(most, held += found.size());
    return true;
  };
  std::size_t taken = 0;
  CHECK(in_rounds<std::vector<row_pair>>(
      {}, 500, work,
      [&](const std::vector<row_pair>& found) {
        held -= found.size();
        ++taken;
        return true;
      },
      [](std::size_t) { return true; }));
  CHECK(taken == 500);
  CHECK(most <= 262'144 + 2 * 50'000);
}

TEST_CASE("tasks end when nobody takes more, or somebody asks to stop") {
  std::size_t taken = 0;
  const auto always = [](std::size_t) { return true; };
  CHECK_FALSE(in_rounds<std::vector<row_pair>>(
      {}, 2000, find, [&](const std::vector<row_pair>&) { return ++taken < 5; }, always));
  CHECK(taken == 5);
  taken = 0;
  CHECK_FALSE(in_rounds<std::vector<row_pair>>(
      {}, 2000, find, [&](const std::vector<row_pair>&) { return ++taken > 0; },
      [](std::size_t done) { return done < 40; }));
  CHECK(taken >= 40);
  CHECK(taken < 2000);
}

TEST_CASE("what queries find is put in their order, each one's in the order of finding") {
  std::vector<query_row> list{{2, 5, 1}, {0, 7, 1}, {2, 3, 1}, {1, 1, 1}, {0, 2, 1}}, spare;
  std::vector<std::uint32_t> queries, rows;
  by_query(list, 3, spare, [&](const query_row& x) {
    queries.push_back(x.query);
    rows.push_back(x.row);
  });
  CHECK(queries == std::vector<std::uint32_t>{0, 0, 1, 2, 2});
  CHECK(rows == std::vector<std::uint32_t>{7, 2, 1, 5, 3});
  CHECK(list.empty());
}

TEST_CASE("who goes on has told what share is done, and was not asked to stop") {
  struct watcher {
    void on(const hint::phase_report& r) { last = r.done; }
    bool stop_requested() { return stop; }
    double last = -1;
    bool stop = false;
  } seen;
  hint::watched_phase phase(seen, "x");
  CHECK(seen.last == 0);
  while (seen.last == 0) CHECK(goes_on(phase, 1.5));
  CHECK(seen.last == 1);
  seen.stop = true;
  CHECK_FALSE(goes_on(phase, 1));
}
