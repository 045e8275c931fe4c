// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/pairs/find_row_pairs.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using namespace hint::search;
using namespace hint::search::detail;

namespace {

code_store stored(const hint::code_view& codes) {
  code_store store(codes.bits(), "test");
  store.add(codes);
  return store;
}
pair_method chosen(const code_store& store, const pair_options& o) {
  return find_row_pairs<pair_counter>(store, store, o, {}, [](const pair_counter&) { return true; })
      .method;
}

}  // namespace

TEST_CASE("the way is the one that is asked for, or by cost") {
  const auto many = stored(random_codes(64, 20000, {1, 0}));
  const auto few = stored(random_codes(64, 500, {2, 0}));
  CHECK(chosen(many, {2}) == pair_method::tables);
  CHECK(chosen(many, {30}) == pair_method::scan);
  CHECK(chosen(few, {2}) == pair_method::scan);
  CHECK(chosen(few, {2, pair_method::tables}) == pair_method::tables);
  CHECK(chosen(many, {2, pair_method::scan}) == pair_method::scan);
}

TEST_CASE("pairs of rows come by ascending row, of two stores in their order") {
  const auto a = stored(hint::code_set(64, 30)), b = stored(hint::code_set(64, 20));
  for (const pair_method method : {pair_method::scan, pair_method::tables}) {
    std::size_t count = 0;
    const auto take = [&](const std::vector<row_pair>& found) {
      for (const row_pair& x : found) {
        CHECK(x.first == count / 20);
        CHECK(x.second == count % 20);
        ++count;
      }
      return true;
    };
    CHECK(find_row_pairs<std::vector<row_pair>>(a, b, {0, method}, {}, take).complete);
    CHECK(count == 600);
  }
}
