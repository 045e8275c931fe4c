// SPDX-License-Identifier: MIT
// hint::compiled: defines what headers declare behind HINT_EXTERN.
#define HINT_EXTERN  // nothing, where users have `extern`
#include <hint/hint.hpp>
