// SPDX-License-Identifier: MIT
// What is to be fitted, for this version of hint and for an older one: plain numbers only, so that it can pass
// between the two.
#ifndef HINT_BENCH_FIT_VS_RIVALS_FIT_REQUEST_HPP
#define HINT_BENCH_FIT_VS_RIVALS_FIT_REQUEST_HPP

namespace fit_vs_rivals {

struct fit_request {
  int variant = 0;  ///< 0: the default; 1: V1, pairs alone
  int bits = 64;
  int steps = 400;
  int threads = 2;
  int seed = 1;
};

}  // namespace fit_vs_rivals

#endif
