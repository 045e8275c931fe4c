// SPDX-License-Identifier: MIT
// A user of hint::base: none of its headers may need Eigen or xsimd.
#include <hint/core.hpp>
#include <hint/eval.hpp>
#include <hint/io.hpp>
#include <hint/search.hpp>
#include <hint/tree.hpp>

#if defined(EIGEN_WORLD_VERSION) || defined(XSIMD_VERSION_MAJOR)
#error "hint::base includes Eigen or xsimd"
#endif

int main() {
  hint::thread_pool pool{2};
  hint::context ctx{pool};
  hint::code_set codes(64, 3);
  codes.set_bit(1, 63, true);
  return ctx.executor.concurrency() == 2 && codes.bit(1, 63) ? 0 : 1;
}
