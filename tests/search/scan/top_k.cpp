// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/scan/top_k.hpp>

#include "support/catch.hpp"

using hint::search::hit;

namespace {

/// Candidates with different ids: rising, falling or shuffled.
std::vector<hit> candidates(std::size_t n, std::size_t bits, int order,
                            hint::random_stream random) {
  std::vector<std::uint32_t> ids = hint::permutation(static_cast<std::uint32_t>(n), random.fork(1));
  if (order == 0) std::sort(ids.begin(), ids.end());
  if (order == 1) std::sort(ids.rbegin(), ids.rend());
  std::vector<hit> out;
  for (std::size_t i = 0; i < n; ++i)
    out.push_back(
        {static_cast<std::uint32_t>(random.below(i, bits + 1)), std::int64_t{ids[i]} - 100});
  return out;
}

}  // namespace

TEST_CASE("top_k is the first k of the sorted candidates") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const std::size_t bits = std::vector<std::size_t>{1, 3, 64, 16384}[seed % 4];
    for (const int order : {0, 1, 2}) {
      const auto all = candidates(3000, bits, order, hint::random_stream(seed, 7));
      auto sorted = all;
      std::sort(sorted.begin(), sorted.end());
      for (const std::size_t k :
           {std::size_t{0}, std::size_t{1}, std::size_t{10}, std::size_t{257}, std::size_t{2999},
            std::size_t{3000}, std::size_t{5000}, (std::numeric_limits<std::size_t>::max)()}) {
        CAPTURE(bits, order, k);
        const std::size_t size = (std::min)(k, all.size());
        const std::vector<hit> expected(sorted.begin(),
                                        sorted.begin() + static_cast<std::ptrdiff_t>(size));
        using hint::search::detail::id_order;
        for (const id_order known : {id_order::any, id_order::ascending}) {
          if (known == id_order::ascending && order != 0) continue;
          hint::search::detail::top_k best(bits, k, known);
          bool sinks = true;
          for (const hit& h : all) {
            const auto limit = best.limit();
            if (best.admits(h)) best.add(h);
            sinks = sinks && best.limit() <= limit;
          }
          CHECK(sinks);
          CHECK(best.take() == expected);
        }
      }
    }
  }
}

TEST_CASE("top_k turns away what cannot be among the first any more") {
  hint::search::detail::top_k best(8, 1);
  for (std::int64_t id = 0; id < 1000; ++id) {
    const hit h{3, id};
    if (best.admits(h)) best.add(h);
  }
  CHECK(best.limit() == 4);
  CHECK_FALSE(best.admits({3, 5000}));
  CHECK_FALSE(best.admits({4, -1}));
  CHECK(best.admits({3, -1}));
  CHECK(best.take() == std::vector<hit>{{3, 0}});
}

TEST_CASE("top_k knows the distance of the k-th at once, and wants no ties of later ids") {
  using hint::search::detail::id_order;
  hint::search::detail::top_k any(8, 2);
  hint::search::detail::top_k ascending(8, 2, id_order::ascending);
  for (auto* best : {&any, &ascending}) {
    CHECK(best->limit() == 9);
    best->add({5, 1});
    CHECK(best->limit() == 9);
    best->add({3, 2});
  }
  CHECK(any.limit() == 6);
  CHECK(ascending.limit() == 5);
  ascending.add({4, 3});
  CHECK(ascending.limit() == 4);
  CHECK(ascending.take() == std::vector<hit>{{3, 2}, {4, 3}});
}

TEST_CASE("top_k of nothing is empty") {
  CHECK(hint::search::detail::top_k(64, 5).take().empty());
  CHECK_FALSE(
      hint::search::detail::top_k(64, 0).admits({0, (std::numeric_limits<std::int64_t>::min)()}));
}

TEST_CASE("sort_hits sorts short and long lists") {
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{64}, std::size_t{65}, std::size_t{2000}}) {
    for (const int order : {0, 1, 2}) {
      CAPTURE(n, order);
      auto list = candidates(n, 64, order, hint::random_stream(n, 3));
      auto expected = list;
      std::sort(expected.begin(), expected.end());
      hint::search::detail::sort_hits(list, 64);
      CHECK(list == expected);
    }
  }
}
