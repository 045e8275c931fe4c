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
/// O(indexes * hits).
HINT_LAZY
[[nodiscard]] hits merge(std::span<const hits> results,
                         std::size_t k = (std::numeric_limits<std::size_t>::max)()) {
  std::vector<std::vector<hit>> rows(results.empty() ? 0 : results.front().size());
  for (const hits& part : results)
    expects<shape_error>(part.size() == rows.size(), "merge: results of ", part.size(),
                         " queries among results of ", rows.size());
  for (std::size_t q = 0; q < rows.size(); ++q) {
    std::vector<hit>& row = rows[q];
    for (const hits& part : results) {
      std::vector<hit> both(row.size() + part[q].size());
      std::merge(row.begin(), row.end(), part[q].begin(), part[q].end(), both.begin());
      if (both.size() > k) both.resize(k);
      row.swap(both);
    }
  }
  return hits(rows);
}

}}}  // namespace hint::HINT_ABI::search

#endif
