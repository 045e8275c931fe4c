// SPDX-License-Identifier: MIT
#include <hint/tree/greedy/least_heap.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"

using namespace hint;

namespace {

using entry = std::pair<std::uint64_t, int>;
using tree::detail::least_heap;

/// A heap and a set beside it.
struct both {
  least_heap<entry> heap;
  std::multiset<entry> expected;
  int made = 0;

  void check() const {
    REQUIRE(heap.empty() == expected.empty());
    if (!expected.empty()) REQUIRE(heap.front() == *expected.begin());
  }
  /// The last that is said to come with depth 0 is the new front, if any is.
  struct witness {
    entry* front;
    int* depths;
    void operator()(const entry& e, int depth) const {
      REQUIRE(depth >= 0);
      REQUIRE(depth <= 4);
      ++*depths;
      if (depth == 0) *front = e;
    }
  };
  void push(std::uint64_t key) {
    heap.push({key, made});
    expected.insert({key, made++});
  }
  void pop() {
    entry front{0, -1};
    int depths = 0;
    heap.pop(witness{&front, &depths});
    expected.erase(expected.begin());
    if (depths > 0) REQUIRE(front == heap.front());
  }
  void replace(std::uint64_t key) {
    entry front{0, -1};
    int depths = 0;
    heap.replace({key, made}, witness{&front, &depths});
    expected.erase(expected.begin());
    expected.insert({key, made++});
    if (depths > 0) REQUIRE(front == heap.front());
  }
};

}  // namespace

TEST_CASE("least_heap: any changes in any order, as an ordered set", "[tree]") {
  // Up to 60,000 entries: far more than what is kept as a heap.
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("heap")};
    const std::uint64_t keys = seed == 0 ? 5 : std::uint64_t{1} << 40;
    both b;
    std::vector<entry> first;
    for (std::size_t i = 0; i < (seed % 2 == 0 ? 30000U : 0U); ++i) {
      first.push_back({random.below(i, keys), b.made++});
      b.expected.insert(first.back());
    }
    b.heap.assign(first);
    b.check();
    std::uint64_t draw = 100000;
    for (int i = 0; i < 60000; ++i) {
      const bool growing = i < 30000;
      const std::uint64_t kind = random.below(draw++, 10);
      // Keys that rise with time, as those of a greedy search, or fall, or neither.
      std::uint64_t key = random.below(draw++, keys);
      if (seed == 2 || seed == 3) key = key / 4 + static_cast<std::uint64_t>(i) * (keys / 80000);
      if (seed == 4) key = keys - static_cast<std::uint64_t>(i);
      if (b.expected.empty() || kind < (growing ? 6U : 2U))
        b.push(key);
      else if (kind < 8)
        b.replace(key);
      else
        b.pop();
      b.check();
    }
    while (!b.expected.empty()) {
      b.pop();
      b.check();
    }
  }
}

TEST_CASE("least_heap: a few by hand", "[tree]") {
  least_heap<int> heap;
  REQUIRE(heap.empty());
  heap.assign({3, 1, 2});
  REQUIRE(heap.front() == 1);
  heap.push(0);
  REQUIRE(heap.front() == 0);
  heap.pop();
  REQUIRE(heap.front() == 1);
  heap.replace(5, [](int, int) {});
  REQUIRE(heap.front() == 2);
  heap.assign({});
  REQUIRE(heap.empty());
  heap.push(7);
  REQUIRE(heap.front() == 7);
  heap.pop();
  REQUIRE(heap.empty());
}
