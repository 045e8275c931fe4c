// SPDX-License-Identifier: MIT
#include <hint/tree/dynamic/live_nodes.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using namespace hint;
using tree::no_node;
using tree::detail::live_nodes;
using tree::detail::tree_item;

TEST_CASE("live_nodes: lists of children, against vectors", "[tree]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("live nodes")};
    constexpr node_id parents = 3;
    constexpr node_id items = 12;
    live_nodes nodes;
    nodes.leaves.resize(items);
    nodes.communities.resize(parents + items);
    std::vector<node_id> leaves[parents];  // the first child last
    std::vector<node_id> communities[parents];
    for (std::uint64_t step = 0; step < 300; ++step) {
      const bool leaf = random.below(3 * step, 2) == 0;
      const auto v = static_cast<node_id>(random.below(3 * step + 1, items));
      const tree_item item{leaf ? v : parents + v, leaf};
      if (const node_id p = nodes.parent(item); p == no_node) {
        const auto to = static_cast<node_id>(random.below(3 * step + 2, parents));
        nodes.add_child(item, to);
        (leaf ? leaves : communities)[to].push_back(item.id);
      } else {
        nodes.remove_child(item);
        std::erase((leaf ? leaves : communities)[p], item.id);
        REQUIRE(nodes.parent(item) == no_node);
      }
      for (node_id p = 0; p < parents; ++p) {
        const auto& above = nodes.communities[p];
        REQUIRE(above.leaves == leaves[p].size());
        REQUIRE(above.communities == communities[p].size());
        std::vector<node_id> found;
        for (node_id c = above.first_leaf; c != no_node; c = nodes.leaves[c].next)
          found.insert(found.begin(), c);
        REQUIRE(found == leaves[p]);
        found.clear();
        for (node_id c = above.first_community; c != no_node; c = nodes.communities[c].next)
          found.insert(found.begin(), c);
        REQUIRE(found == communities[p]);
        for (const node_id c : leaves[p]) REQUIRE(nodes.parent({c, true}) == p);
        for (const node_id c : communities[p]) REQUIRE(nodes.parent({c, false}) == p);
      }
    }
  }
}
