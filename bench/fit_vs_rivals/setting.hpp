// SPDX-License-Identifier: MIT
// What every part of fit_vs_rivals works with.
#ifndef HINT_BENCH_FIT_VS_RIVALS_SETTING_HPP
#define HINT_BENCH_FIT_VS_RIVALS_SETTING_HPP

#include <filesystem>

#include <hint/core/context.hpp>

#include "../support/measure.hpp"
#include "../support/report.hpp"
#include "baseline.hpp"
#include "data.hpp"
#include "faiss_linked.hpp"
#include "python_rival.hpp"

namespace fit_vs_rivals {

struct setting {
  bench::report& out;
  python_rival* faiss;     ///< the newest Faiss; null where there is none
  python_rival* torch;     ///< null where there is none; may be the same process as `faiss`
  const baseline* before;  ///< the older version of hint; null where there is none
  bool quick;
  bench::repeats repeats;    ///< for programs of some 0.01 to 1 s; seconds are those of all turns
  const hint::context& one;  ///< one thread, seed 2026, silent
  const hint::context& two;  ///< two threads
  std::filesystem::path folder;  ///< scratch, removed at the end
};

}  // namespace fit_vs_rivals

#endif
