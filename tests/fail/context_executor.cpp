// EXPECT: no known conversion for argument 1 from 'not_an_executor' to .*executor_ref|no known conversion from 'not_an_executor' to 'hint::executor_ref'
// SPDX-License-Identifier: MIT
// A context takes executors only.
#include <hint/core/context.hpp>

struct not_an_executor {
  int concurrency() { return 1; }  // but no bulk
};

void f() {
  not_an_executor e;
  hint::context ctx{e};
}
