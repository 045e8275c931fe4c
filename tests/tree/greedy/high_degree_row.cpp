// SPDX-License-Identifier: MIT
#include <hint/tree/greedy/high_degree_row.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using namespace hint;
using tree::detail::high_degree_row;
using tree::detail::pair_key;

TEST_CASE("high_degree_row: finds what a full search finds, while the hub grows", "[tree]") {
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("hub")};
    const bool ties = seed % 3 == 0;
    const bool key_combine = seed % 4 == 1;
    const double total = 20000;
    double inside = 0;
    double volume = 500;
    std::uint64_t draw = 0;
    high_degree_row row(inside, volume, total);
    std::map<node_id, high_degree_row::key_terms> members;
    node_id next = 0;
    const auto insert = [&] {
      const double cut =
          ties ? 1 + static_cast<double>(random.below(draw++, 3)) : 0.1 + random.uniform(draw++);
      const double more =
          ties ? static_cast<double>(random.below(draw++, 3)) : 5 * random.uniform(draw++);
      const high_degree_row::key_terms l{cut, cut + 2 * more, key_combine ? 0 : more * 0.5};
      row.insert(next, l);
      members[next++] = l;
    };
    for (int i = 0; i < 300; ++i) insert();
    while (!members.empty()) {
      std::pair best(std::numeric_limits<double>::infinity(), tree::no_node);
      for (const auto& [id, l] : members)
        best =
            (std::min)(best,
                       std::pair(pair_key::value(inside, volume, l.inside, l.volume, l.cut, total),
                                 id));
      std::pair found(std::numeric_limits<double>::infinity(), tree::no_node);
      row.search(
          found.first, [&](node_id id) { return members.count(id) > 0; },
          [&](double key, node_id id) {
            found = (std::min)(found, std::pair(key, id));
            return found.first;
          });
      REQUIRE(found == best);
      const high_degree_row::key_terms l = members[best.second];
      members.erase(best.second);
      if (draw % 5 == 0) {  // a member changes its key_terms
        const node_id id = members.empty() ? next : members.rbegin()->first;
        if (id != next) {
          const high_degree_row::key_terms old = members[id];
          row.erase(id, old);
          members[id] = {old.cut + 0.5, old.volume + 1, old.inside};
          row.insert(id, members[id]);
        }
      }
      if (random.below(draw++, 3) == 0 && next < 450) insert();
      if (!key_combine) inside += l.inside + l.cut;
      volume += l.volume + (random.below(draw++, 20) == 0 ? 150 : 0);  // and something loose
      row.grow(inside, volume);
    }
  }
}
