// SPDX-License-Identifier: MIT
// All headers in two translation units of one program: nothing may be defined twice, and both must mean
// the same.
#include "poison.hpp"
#include <hint/hint.hpp>

hint::code_set codes_of_the_other();

int main() { return codes_of_the_other() == hint::code_set(64, 3) ? 0 : 1; }
