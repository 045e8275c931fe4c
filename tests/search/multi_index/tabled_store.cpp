// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/index_interface.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index/tabled_store.hpp>
#include <hint/testing/search_axioms.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

namespace detail = hint::search::detail;
using hint::search::duplicates;
using hint::search::scan_fallback;

namespace {

/// The least index on a tabled store; answers by cells where it can, and by tables within small radii.
class forced_index : public detail::index_interface<forced_index> {
 public:
  static constexpr std::string_view name = "test";
  explicit forced_index(std::size_t bits) : tabled_(bits, 1, scan_fallback::when_needed, name) {}
  const hint::search::code_store& store() const { return tabled_.store(); }
  const auto& tabled() const { return tabled_; }

 private:
  friend detail::index_interface<forced_index>;
  hint::search::code_store& mutable_store() { return tabled_.store(); }
  void changed() { tabled_.refresh(); }
  template <class Filter>
  hint::search::hits nearest(const hint::code_view& queries, std::size_t k, const Filter& filter,
                             const hint::context& ctx) const {
    return tabled_.nearest(queries, k, filter, ctx);
  }
  template <class Filter>
  hint::search::hits within(const hint::code_view& queries, std::size_t radius,
                            const Filter& filter, const hint::context& ctx) const {
    return tabled_.within(queries, radius, filter, ctx);
  }

  detail::tabled_store<detail::structures::tables_and_cells> tabled_;
};

}  // namespace

TEST_CASE("answers by cells and tables obey the axioms") {
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
    "tables and cells are built at the first codes, and again when there are an eighth more") {
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
  CHECK(index.tabled().tables() == 0);
  add(32, 1);
  CHECK(index.tabled().tables() == 1);
  CHECK(index.tabled().cells() > 1);
  CHECK(index.tabled().covered() == 32);
  add(33, 767);
  CHECK(index.tabled().covered() == 800);
  add(800, 100);  // an eighth
  CHECK(index.tabled().covered() == 800);
  CHECK(index.search(queries, 950) == scan.search(queries, 950));
  CHECK(index.search_radius(queries, 3) == scan.search_radius(queries, 3));
  add(900, 1);
  CHECK(index.tabled().covered() == 896);
  CHECK(index.search(queries, 950) == scan.search(queries, 950));

  add(901, 2099);
  const auto all = scan.ids();
  index.remove(std::span(all).first(2000));
  scan.remove(std::span(all).first(2000));
  CHECK(index.tabled().covered() == 2976);  // removed codes are passed over
  CHECK(index.search(queries, 950) == scan.search(queries, 950));
  index.remove(std::span(all).first(2050));
  scan.remove(std::span(all).first(2050));
  CHECK(index.tabled().covered() == 928);  // most had gone
  CHECK(index.store().rows() == 950);
  CHECK(index.search(queries, 950) == scan.search(queries, 950));
}

TEST_CASE("nothing is built for few codes, nor for an empty store") {
  detail::tabled_store<detail::structures::tables_and_cells> store(
      64, 0, scan_fallback::when_faster, "test");
  store.build();
  CHECK(store.covered() == 0);
  store.store().add(clustered(64, 5000, 5, 8, hint::random_stream(14, 0)));
  store.refresh();
  CHECK(store.tables() == 0);
  CHECK(store.cells() == 0);
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
  using detail::structures, detail::tabled_store;
  check(tabled_store<structures::tables>(128, 6, scan_fallback::when_faster, "test"), 6);
  check(tabled_store<structures::tables_and_cells>(128, 6, scan_fallback::when_faster, "test"), 6);
  check(tabled_store<structures::tables>(128, 2, scan_fallback::when_needed, "test"), 2);
}
