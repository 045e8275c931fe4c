// SPDX-License-Identifier: MIT
#include <hint/tree/greedy/tree_version.hpp>

#include <utility>

#include "support/catch.hpp"

using hint::tree::tree_version;
using hint::tree::detail::own_version;

TEST_CASE("tree_version: states of one tree and other trees", "[tree]") {
  own_version a;
  const tree_version first = a.now();
  REQUIRE(first == a.now());
  REQUIRE_FALSE(first == tree_version());
  a.advance();
  REQUIRE_FALSE(first == a.now());
  own_version b;
  REQUIRE_FALSE(b.now() == a.now());
  REQUIRE_FALSE(b.now() == first);
  const own_version copy = a;
  REQUIRE_FALSE(copy.now() == a.now());
  const tree_version before = b.now();
  b = a;
  REQUIRE_FALSE(b.now() == a.now());
  REQUIRE_FALSE(b.now() == before);
}
