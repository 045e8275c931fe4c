// EXPECT: cannot bind non-const lvalue reference|no matching (function|constructor)
// SPDX-License-Identifier: MIT
// A context refers to its executor: a temporary one would be gone at once.
#include <hint/core/context.hpp>
#include <hint/core/thread_pool.hpp>

void f() { hint::context ctx{hint::thread_pool{2}}; }
