// SPDX-License-Identifier: MIT
/// \file
/// Sets of bits as users have them, and what a search of them should find.
#ifndef HINT_TESTS_SUPPORT_SETS_HPP
#define HINT_TESTS_SUPPORT_SETS_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>
#include <hint/search/set_similarity.hpp>

/// `n` sets around `scaffolds` of them, of some `mean` bits; sometimes a set is empty, full, a copy or a
/// subset of the one before, so that ties are many. Others with the same scaffolds: another `who`.
inline hint::code_set random_sets(std::size_t bits, std::size_t n, std::size_t scaffolds,
                                  std::size_t mean, hint::random_stream random,
                                  std::uint64_t who = 0) {
  hint::code_set sets(bits, n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto own = random.fork(who).fork(i);
    const auto kind = own.below(0, 40);
    if (kind == 0) continue;
    if (kind == 1)
      for (std::size_t j = 0; j < bits; ++j) sets.set_bit(i, j, true);
    if (kind <= 1) continue;
    if (kind <= 4 && i > 0) {
      for (std::size_t w = 0; w < sets.words_per_code(); ++w)
        sets[i][w] = sets[i - 1][w] & (kind == 2 ? ~std::uint64_t{0} : own.bits(w + 1));
      continue;
    }
    const auto scaffold = random.fork(~std::uint64_t{0}).fork(own.below(1, scaffolds));
    for (std::size_t j = 0; j < mean; ++j) {
      if (own.below(2 * j + 2, 4) != 0) sets.set_bit(i, scaffold.below(j, bits), true);
      if (own.below(2 * j + 3, 4) == 0) sets.set_bit(i, own.below(10'000 + j, bits), true);
    }
  }
  return sets;
}

/// All items that f(id) accepts, ranked by the definition: fractions by cross-multiplication, then ids. For
/// weights of up to three places.
template <class F>
std::vector<hint::search::set_hit> ranked_sets(const hint::code_view& items,
                                               const std::vector<std::int64_t>& ids,
                                               std::span<const std::uint64_t> query,
                                               hint::search::tversky weights, F&& f) {
  using hint::search::set_hit;
  struct entry {
    std::uint64_t above, below;
    set_hit hit;
  };
  std::vector<entry> all;
  const auto a = static_cast<std::uint64_t>(weights.alpha * 1000 + 0.5);
  const auto b = static_cast<std::uint64_t>(weights.beta * 1000 + 0.5);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!f(ids[i])) continue;
    std::uint64_t common = 0, mine = 0, its = 0;
    for (std::size_t w = 0; w < query.size(); ++w) {
      common += static_cast<std::uint64_t>(std::popcount(query[w] & items[i][w]));
      mine += static_cast<std::uint64_t>(std::popcount(query[w] & ~items[i][w]));
      its += static_cast<std::uint64_t>(std::popcount(items[i][w] & ~query[w]));
    }
    entry e{1000 * common, 1000 * common + a * mine + b * its, {}};
    if (e.below == 0) e.above = e.below = 1;
    e.hit = {static_cast<double>(e.above) / static_cast<double>(e.below),
             static_cast<std::uint32_t>(common), static_cast<std::uint32_t>(common + its), ids[i]};
    all.push_back(e);
  }
  std::sort(all.begin(), all.end(), [](const entry& x, const entry& y) {
    const auto left = x.above * y.below, right = y.above * x.below;
    return left != right ? left > right : x.hit.id < y.hit.id;
  });
  std::vector<set_hit> hits;
  for (const entry& e : all) hits.push_back(e.hit);
  return hits;
}

#endif
