// SPDX-License-Identifier: MIT
/// \file
/// The whole library. Not in it, include by name: hint/testing.hpp.
#ifndef HINT_HINT_HPP
#define HINT_HINT_HPP

#include <hint/align.hpp>
#include <hint/core.hpp>
#include <hint/data.hpp>
#include <hint/eval.hpp>
#include <hint/graph.hpp>
#include <hint/io.hpp>
#include <hint/learn.hpp>
#include <hint/linalg.hpp>
#include <hint/nn.hpp>
#include <hint/search.hpp>
#include <hint/tree.hpp>

#endif
