// SPDX-License-Identifier: MIT
#include "poison.hpp"
#include <hint/hint.hpp>
#include <hint/hint.hpp>  // twice: the guards hold

hint::code_set codes_of_the_other();
hint::code_set codes_of_the_other() { return hint::code_set(64, 3); }
