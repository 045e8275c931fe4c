// SPDX-License-Identifier: MIT
// All headers; the flags of this file are those of careful people who include ours with -I.
#include <hint/hint.hpp>
#include <hint/testing.hpp>
