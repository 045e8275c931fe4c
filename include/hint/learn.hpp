// SPDX-License-Identifier: MIT
/// \file
/// Learners: from a data set to a model that hashes.
#ifndef HINT_LEARN_HPP
#define HINT_LEARN_HPP

#include <hint/learn/any_hasher.hpp>
#include <hint/learn/binarize.hpp>
#include <hint/learn/concepts.hpp>
#include <hint/learn/cvh.hpp>
#include <hint/learn/hint.hpp>
#include <hint/learn/hint_model.hpp>
#include <hint/learn/hint_objective.hpp>
#include <hint/learn/hint_options.hpp>
#include <hint/learn/hint_run.hpp>
#include <hint/learn/linear_hasher.hpp>
#include <hint/learn/mlp_hasher.hpp>

#endif
