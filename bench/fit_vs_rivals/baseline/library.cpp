// SPDX-License-Identifier: MIT
// An older version of hint as a shared library with a C interface, for bench/fit_vs_rivals: CMake compiles this file
// with that version's headers (HINT_BENCH_BASELINE) and keeps all symbols but these to itself.
#include <exception>

#include "../whole_fit.hpp"

#define HINT_BASELINE extern "C" __attribute__((visibility("default")))

using fit_vs_rivals::fit_request;
using fit_vs_rivals::whole_fit;

HINT_BASELINE void* hint_baseline_open(const char* folder) {
  try {
    return new whole_fit(folder);
  } catch (const std::exception&) {
    return nullptr;
  }
}
HINT_BASELINE void hint_baseline_close(void* data) { delete static_cast<whole_fit*>(data); }
HINT_BASELINE int hint_baseline_fit(void* data, const fit_request* request) {
  try {
    static_cast<whole_fit*>(data)->fit(*request);
    return 0;
  } catch (const std::exception&) {
    return 1;
  }
}
HINT_BASELINE double hint_baseline_map(const void* data) {
  return static_cast<const whole_fit*>(data)->map();
}
