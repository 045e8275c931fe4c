// SPDX-License-Identifier: MIT
/// \file
/// One result from those of several indexes.
#ifndef HINT_SEARCH_MERGE_HPP
#define HINT_SEARCH_MERGE_HPP

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/hits.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// The k first of what several indexes found for the same queries. When each was asked for at least k,
/// and no id is in two of them, that is what one index of all their codes finds; for results of
/// `search_radius` leave out k. Throws `shape_error` unless all have as many queries.
/// O(indexes * hits) time; no memory but for the result.
HINT_LAZY
[[nodiscard]] hits merge(std::span<const hits> results,
                         std::size_t k = (std::numeric_limits<std::size_t>::max)()) {
  const std::size_t queries = results.empty() ? 0 : results.front().size();
  for (const hits& part : results)
    expects<shape_error>(part.size() == queries, "merge: results of ", part.size(),
                         " queries among results of ", queries);
  const auto merged_size = [&](std::size_t q) {
    std::size_t sum = 0;
    for (const hits& part : results) sum += part[q].size();
    return (std::min)(k, sum);
  };
  std::size_t all = 0;
  for (std::size_t q = 0; q < queries; ++q) all += merged_size(q);
  hits out;
  out.reserve(queries, all);
  std::vector<std::span<const hit>> left(results.size());
  for (std::size_t q = 0; q < queries; ++q) {
    for (std::size_t i = 0; i < results.size(); ++i) left[i] = results[i][q];
    out.append_row({});
    for (std::size_t n = merged_size(q); n > 0; --n) {
      std::size_t first = 0;
      for (std::size_t i = 1; i < left.size(); ++i)
        if (!left[i].empty() && (left[first].empty() || left[i].front() < left[first].front()))
          first = i;
      out.append_to_last(left[first].front());
      left[first] = left[first].subspan(1);
    }
  }
  return out;
}

}}}  // namespace hint::HINT_ABI::search

#endif
