// SPDX-License-Identifier: MIT
/// \file
/// The axioms of `search::hamming_index` as executable checks, for indexes of your own.
#ifndef HINT_TESTING_SEARCH_AXIOMS_HPP
#define HINT_TESTING_SEARCH_AXIOMS_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/search/concepts.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/merge.hpp>
#include <hint/search/nearest_within.hpp>

namespace hint { inline namespace HINT_ABI { namespace testing {

namespace detail {

using row = std::vector<search::hit>;
using rows = std::vector<row>;

/// Every query's whole ranking, by definition.
[[nodiscard]] inline rows sorted_by_definition(const code_view& queries, const code_view& codes,
                                               std::span<const std::int64_t> ids) {
  rows all(queries.size());
  for (std::size_t q = 0; q < queries.size(); ++q) {
    for (std::size_t i = 0; i < codes.size(); ++i)
      all[q].push_back({search::hamming_distance(queries[q], codes[i]), ids[i]});
    std::sort(all[q].begin(), all[q].end());
  }
  return all;
}
/// The first k of each row that `keep(query, hit)` lets pass.
template <class Keep>
[[nodiscard]] search::hits first_of(const rows& all, std::size_t k, Keep&& keep) {
  rows out(all.size());
  for (std::size_t q = 0; q < all.size(); ++q)
    for (const search::hit& h : all[q])
      if (out[q].size() < k && keep(q, h)) out[q].push_back(h);
  return search::hits(out);
}
/// code'[j] = code[order[j]] ^ mask[j].
[[nodiscard]] inline code_set permuted_and_masked(const code_view& codes,
                                                  std::span<const std::uint32_t> order,
                                                  const code_view& mask) {
  code_set out(codes.bits(), codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i)
    for (std::size_t j = 0; j < codes.bits(); ++j)
      out.set_bit(i, j, codes.bit(i, order[j]) != mask.bit(0, j));
  return out;
}
[[nodiscard]] inline code_set picked(const code_view& codes, std::span<const std::uint32_t> order) {
  code_set out(codes.bits(), order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    std::copy(codes[order[i]].begin(), codes[order[i]].end(), out[i].begin());
  return out;
}
template <class Error, class F>
[[nodiscard]] bool throws(F&& f) {
  try {
    f();
  } catch (const Error&) {
    return true;
  }
  return false;
}

/// The axioms of `removable`, on copies of an index that holds `codes` under `ids`.
template <search::removable Index, class Holds>
void check_changes(const Index& index, const code_view& codes, const code_view& queries,
                   std::span<const std::int64_t> ids, Holds&& holds) {
  const std::size_t n = codes.size();
  const search::hits before = index.search(queries, n);
  // What is there afterwards, by definition.
  const auto expected = [&](const code_view& now, auto&& keep) {
    return first_of(sorted_by_definition(queries, now, ids), n,
                    [&](std::size_t, const search::hit& h) { return keep(h.id); });
  };
  const auto odd = [](std::int64_t id) { return id % 2 != 0; };
  std::vector<std::int64_t> evens{-99, -99};  // one that is not there, twice
  std::vector<std::int64_t> others;
  for (const std::int64_t id : ids) (odd(id) ? others : evens).push_back(id);

  Index changed = index;
  holds("remove", changed.remove(std::span<const std::int64_t>(evens)) == evens.size() - 2);
  holds("remove",
        changed.size() == others.size() && changed.search(queries, n + 3) == expected(codes, odd));
  for (std::size_t i = 0; i < n; ++i) holds("remove", changed.contains(ids[i]) == odd(ids[i]));
  holds("snapshot", index.size() == n && index.search(queries, n) == before);
  const Index snapshot = changed;
  Index assigned = index;
  std::int64_t back = 0;               // the even id that is in `assigned`
  for (std::size_t i = 0; i < n; ++i)  // back again, one by one
    if (!odd(ids[i])) {
      holds("remove", !throws<error>([&] { changed.add(codes.slice(i, 1), ids.subspan(i, 1)); }));
      // Not at first: a copy that was constructed must not be what keeps this one safe.
      if (assigned.size() == n) assigned = changed, back = ids[i];
    }
  const auto odd_or_back = [&](std::int64_t id) { return odd(id) || id == back; };
  holds("remove", changed.search(queries, n) == before);
  holds("snapshot", snapshot.search(queries, n) == expected(codes, odd));
  holds("snapshot", assigned.search(queries, n) == expected(codes, odd_or_back));
  holds("remove", changed.remove(ids) == n && changed.size() == 0);
  holds("snapshot", assigned.search(queries, n) == expected(codes, odd_or_back));
  holds("remove", changed.search(queries, 1) ==
                      search::hits(std::vector<std::vector<search::hit>>(queries.size())));
  holds("remove", !throws<error>([&] { changed.add(codes, ids); }));
  holds("remove", changed.search(queries, n) == before);

  if (n < 3) return;
  // Rows 0 .. n/2 get the code of the row behind; the last comes twice, first under a wrong code.
  const std::size_t some = n / 2;
  code_set now(codes);
  for (std::size_t i = 0; i < some; ++i)
    std::copy(codes[i + 1].begin(), codes[i + 1].end(), now[i].begin());
  code_set moved(codes.slice(0, 1));
  moved.append(now.view().slice(0, some));
  std::vector<std::int64_t> moved_ids{ids[some - 1]};
  moved_ids.insert(moved_ids.end(), ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(some));
  changed.add(moved, std::span<const std::int64_t>(moved_ids), search::duplicates::replace);
  const auto all = [](std::int64_t) { return true; };
  holds("replace", changed.size() == n && changed.search(queries, n) == expected(now, all));
  holds("snapshot", index.search(queries, n) == before);
}

}  // namespace detail

/// Runs every axiom on an index that `make(bits)` makes, empty, with these codes and queries; codes
/// with many equal distances make the sharpest test. Returns the names of the axioms that do not hold:
/// empty is good. O(n log n * queries), for small n.
///
/// | name | axiom |
/// |---|---|
/// | exact | the results are those of sorting all items by (distance, id) |
/// | prefix | search(k) is the first k of search(K) for k < K; k > size gives all |
/// | running ids | `add(codes)` numbers codes from 0 and goes on from the largest id |
/// | xor | flipping the same bits of all codes and queries changes nothing |
/// | permutation | nor does permuting the bits of all codes and queries |
/// | filter | a filter in the search equals a filter of the whole ranking, by id and by query |
/// | add order | the order and the portions in which codes are added do not matter |
/// | shards | the best of the results of parts are the results of the whole |
/// | threads | nor does the executor |
/// | radius | (range_searchable) search_radius(r) is what search finds up to distance r |
/// | radii | (with a `search_radius` that takes them) a radius for each query finds what it finds for that query alone |
/// | within | (with a `search` that takes `nearest_within`) the k nearest within a radius are the first k of what is within it |
/// | remove | (removable) what is left after removals is what adding the others gives; ids can come back |
/// | replace | (removable) replacing is removing, then adding; of several under one id the last counts |
/// | snapshot | (removable) a copy, constructed or assigned, stays as it was when the original changes, and the other way round |
/// | refusal | repeated ids and codes of another length throw and change nothing |
template <class Make>
  requires std::invocable<Make&, std::size_t> &&
           search::hamming_index<std::invoke_result_t<Make&, std::size_t>>
[[nodiscard]] std::vector<std::string> violated_search_axioms(Make&& make, const code_view& codes,
                                                              const code_view& queries,
                                                              random_stream random) {
  using detail::first_of, detail::rows, detail::throws;
  std::vector<std::string> violated;
  const auto holds = [&](const char* axiom, bool good) {
    if (!good && (violated.empty() || violated.back() != axiom)) violated.emplace_back(axiom);
  };
  const std::size_t n = codes.size();
  const std::size_t bits = codes.bits();
  const auto everything = [](std::size_t, const search::hit&) { return true; };

  // Ids that are neither the rows nor in their order, some of them negative, some beyond 32 bits.
  const auto order = permutation(static_cast<std::uint32_t>(n), random.fork(0));
  std::vector<std::int64_t> ids(n);
  for (std::size_t i = 0; i < n; ++i) ids[i] = (std::int64_t{order[i]} - 3) * 3'000'000'019;

  const rows truth = detail::sorted_by_definition(queries, codes, ids);
  auto index = make(bits);
  index.add(codes, std::span<const std::int64_t>(ids));
  holds("exact", index.size() == n && index.bits() == bits &&
                     index.search(queries, n) == first_of(truth, n, everything));
  for (const std::size_t k :
       {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{10}, n / 2, n + 7})
    holds("prefix", index.search(queries, k) == first_of(truth, k, everything));

  auto numbered = make(bits);
  const std::size_t half = n / 2;
  numbered.add(codes.slice(0, half));
  numbered.add(codes.slice(half, n - half));
  std::vector<std::int64_t> running(n);
  std::iota(running.begin(), running.end(), std::int64_t{0});
  holds("running ids",
        numbered.search(queries, n) ==
            first_of(detail::sorted_by_definition(queries, codes, running), n, everything));

  std::vector<std::uint32_t> bit_order(bits);
  std::iota(bit_order.begin(), bit_order.end(), 0U);
  code_set mask(bits, 1);
  const auto moved = [&](const char* axiom) {
    auto other = make(bits);
    other.add(detail::permuted_and_masked(codes, bit_order, mask),
              std::span<const std::int64_t>(ids));
    holds(axiom, other.search(detail::permuted_and_masked(queries, bit_order, mask), n) ==
                     index.search(queries, n));
  };
  for (std::size_t j = 0; j < bits; ++j) mask.set_bit(0, j, random.fork(1).below(j, 2) == 1);
  moved("xor");
  mask = code_set(bits, 1);
  shuffle(std::span(bit_order), random.fork(2));
  moved("permutation");

  const auto third = [](std::int64_t id) { return id % 3 == 0; };
  const auto by_query = [](std::size_t q, std::int64_t id) {
    return (static_cast<std::uint64_t>(id) + q) % 2 == 0;
  };
  for (const std::size_t k : {std::size_t{5}, n}) {
    holds("filter",
          index.search(queries, k, third) ==
              first_of(truth, k, [&](std::size_t, const search::hit& h) { return third(h.id); }));
    holds("filter", index.search(queries, k, by_query) ==
                        first_of(truth, k, [&](std::size_t q, const search::hit& h) {
                          return by_query(q, h.id);
                        }));
  }

  auto shuffled = make(bits);
  const auto row_order = permutation(static_cast<std::uint32_t>(n), random.fork(3));
  std::vector<std::int64_t> shuffled_ids(n);
  for (std::size_t i = 0; i < n; ++i) shuffled_ids[i] = ids[row_order[i]];
  const code_set shuffled_codes = detail::picked(codes, row_order);
  for (std::size_t first = 0, portion = 1; first < n; first += portion, portion += 3) {
    const std::size_t count = (std::min)(portion, n - first);
    shuffled.add(shuffled_codes.view().slice(first, count),
                 std::span<const std::int64_t>(shuffled_ids).subspan(first, count));
  }
  holds("add order", shuffled.search(queries, n) == index.search(queries, n));

  const std::size_t k = (std::min<std::size_t>)(n, 10);
  std::vector<search::hits> parts;
  for (std::size_t shard = 0; shard < 2; ++shard) {
    auto part = make(bits);
    const std::size_t first = shard == 0 ? 0 : half;
    const std::size_t count = shard == 0 ? half : n - half;
    part.add(codes.slice(first, count), std::span<const std::int64_t>(ids).subspan(first, count));
    parts.push_back(part.search(queries, k));
  }
  holds("shards", search::merge(parts, k) == index.search(queries, k));

  for (const std::size_t threads : {std::size_t{2}, std::size_t{3}}) {
    thread_pool pool{threads};
    holds("threads", index.search(queries, k, search::accept_all{}, context{pool}) ==
                         index.search(queries, k));
  }

  if constexpr (search::range_searchable<std::remove_cvref_t<decltype(index)>>) {
    for (const std::size_t radius : {std::size_t{0}, bits / 4, bits / 2, bits, bits + 1}) {
      const auto near = [&](std::size_t, const search::hit& h) { return h.distance <= radius; };
      holds("radius", index.search_radius(queries, radius) == first_of(truth, n, near));
      holds("radius", index.search_radius(queries, radius, third) ==
                          first_of(truth, n, [&](std::size_t q, const search::hit& h) {
                            return near(q, h) && third(h.id);
                          }));
    }
  }

  std::vector<std::size_t> radii(queries.size());
  for (std::size_t q = 0; q < radii.size(); ++q)
    radii[q] = random.fork(4).below(q, bits + 2) * (1 + q % 2) / 2;
  const auto in_own = [&](std::size_t q, const search::hit& h) { return h.distance <= radii[q]; };
  if constexpr (requires { index.search_radius(queries, std::span<const std::size_t>(radii)); })
    holds("radii", index.search_radius(queries, std::span<const std::size_t>(radii)) ==
                       first_of(truth, n, in_own));
  if constexpr (requires { index.search(queries, search::nearest_within{}); })
    for (const std::size_t radius : {std::size_t{0}, bits / 3, bits})
      for (const std::size_t some : {std::size_t{0}, k, n + 1})
        holds("within", index.search(queries, search::nearest_within{some, radius}, third) ==
                            first_of(truth, some, [&](std::size_t, const search::hit& h) {
                              return h.distance <= radius && third(h.id);
                            }));

  if constexpr (search::removable<std::remove_cvref_t<decltype(index)>>) {
    detail::check_changes(index, codes, queries, ids, holds);
  }

  if (n >= 2) {
    const std::array<std::int64_t, 2> fresh_and_old{-123456789, ids[0]};
    const std::array<std::int64_t, 2> twice{-123456789, -123456789};
    const code_view two = codes.slice(0, 2);
    holds("refusal", throws<invalid_argument>(
                         [&] { index.add(two, std::span<const std::int64_t>(fresh_and_old)); }));
    holds("refusal",
          throws<invalid_argument>([&] { index.add(two, std::span<const std::int64_t>(twice)); }));
  }
  const code_set longer(bits == max_bits ? bits - 1 : bits + 1, 1);
  holds("refusal", throws<shape_error>([&] { index.add(longer); }));
  holds("refusal", throws<shape_error>([&] { static_cast<void>(index.search(longer, 1)); }));
  holds("refusal", index.search(queries, n) == first_of(truth, n, everything));
  return violated;
}

}}}  // namespace hint::HINT_ABI::testing

#endif
