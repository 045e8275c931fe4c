// SPDX-License-Identifier: MIT
#include <hint/tree/greedy/node_table.hpp>

#include <algorithm>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using hint::node_id;
using hint::tree::no_node;
using hint::tree::detail::node_table;

namespace {

std::vector<node_id> children(const node_table& t, node_id p) {
  std::vector<node_id> out;
  for (node_id c = t[p].first; c != no_node; c = t[c].next) {
    out.push_back(c);
    REQUIRE(t.owner(t[c].parent) == p);
  }
  REQUIRE(out.size() == t[p].children);
  if (!out.empty()) REQUIRE(t[t[p].first].previous == out.back());
  return out;
}

}  // namespace

TEST_CASE("node_table: lists of children, as plain vectors hold them", "[tree]") {
  constexpr node_id leaves = 20;
  constexpr node_id parents = 4;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const hint::random_stream random(seed, 1);
    node_table t;
    t.assign(leaves + parents, leaves);
    std::vector<std::vector<node_id>> lists(parents);
    for (node_id v = 0; v < leaves; ++v) {
      const auto p = static_cast<node_id>(random.below(v, parents));
      t.append_child(leaves + p, v);
      lists[p].push_back(v);
    }
    for (std::uint64_t edit = 0; edit < 60; ++edit) {
      const std::size_t p = random.below(1000 + 3 * edit, parents);
      const std::size_t q = random.below(1001 + 3 * edit, parents);
      if (lists[p].empty()) continue;
      const std::size_t at = random.below(1002 + 3 * edit, lists[p].size());
      const node_id v = lists[p][at];
      t.remove_child(static_cast<node_id>(leaves + p), v);
      lists[p].erase(lists[p].begin() + static_cast<std::ptrdiff_t>(at));
      t.append_child(static_cast<node_id>(leaves + q), v);
      lists[q].push_back(v);
      for (int others = 0; others < 5; ++others) t.expect(v, others);
      for (std::size_t i = 0; i < parents; ++i) {
        REQUIRE(children(t, static_cast<node_id>(leaves + i)) == lists[i]);
        REQUIRE(t[static_cast<node_id>(leaves + i)].communities == 0);
      }
    }
  }
}

TEST_CASE("node_table: one community takes another's children and place", "[tree]") {
  node_table t;
  t.assign(6, 4);  // leaves 0 .. 3, communities 4 and 5
  t.append_child(4, 0);
  t.append_child(5, 1);
  t.append_child(5, 2);
  t.add(1);
  REQUIRE(t.size() == 7);
  t.append_child(5, 6);
  REQUIRE(t[5].communities == 1);
  t.take_children(4, 5);
  t[5].owner = 4;
  REQUIRE(children(t, 4) == std::vector<node_id>{0, 1, 2, 6});
  REQUIRE(t[4].communities == 1);
  REQUIRE(t.owner(5) == 4);
  REQUIRE(t.owner(6) == 6);
}
