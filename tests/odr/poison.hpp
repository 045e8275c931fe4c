// SPDX-License-Identifier: MIT
/// \file
/// Macros as windows.h defines them: what our headers write as (std::min), they survive.
#include "foreign_headers.hpp"

#define min(a, b) hint_poison(a, b)
#define max(a, b) hint_poison(a, b)
#define small hint poison
