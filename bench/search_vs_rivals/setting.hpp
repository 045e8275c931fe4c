// SPDX-License-Identifier: MIT
// What every part of search_vs_rivals works with.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_SETTING_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_SETTING_HPP

#include <cstddef>

#include "../support/measure.hpp"
#include "../support/report.hpp"
#include "baseline.hpp"
#include "python_rival.hpp"

namespace search_vs_rivals {

struct setting {
  bench::report& out;
  python_rival* python;   // null where there is none
  const baseline* today;  // null where there is none
  bench::repeats repeats;
  /// Queries of a batch that the newest Faiss and the linked one are timed on; their times are
  /// scaled.
  std::size_t for_newest;
  std::size_t for_linked;
};

/// Seconds of a search for each of the first `count` queries, one at a time.
template <class Index>
double one_at_a_time(const Index& index, const hint::code_view& queries, std::size_t count,
                     std::size_t k, const hint::context& ctx = {}) {
  return bench::seconds_of([&] {
    for (std::size_t q = 0; q < count; ++q)
      static_cast<void>(index.search(queries.slice(q, 1), k, hint::search::accept_all{}, ctx));
  });
}

}  // namespace search_vs_rivals

#endif
