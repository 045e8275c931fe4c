// SPDX-License-Identifier: MIT
// The main of all test programs, for version 2 of Catch2; version 3 brings its own and ignores this.
#define CATCH_CONFIG_MAIN
#include "support/catch.hpp"
