// SPDX-License-Identifier: MIT
/// \file
/// Executable axioms and archetypes, for models of the concepts that are your own.
#ifndef HINT_TESTING_HPP
#define HINT_TESTING_HPP

#include <hint/testing/index_file_axioms.hpp>
#include <hint/testing/search_axioms.hpp>
#include <hint/testing/tree_axioms.hpp>

#endif
