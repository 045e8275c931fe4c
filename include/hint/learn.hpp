// SPDX-License-Identifier: MIT
/// \file
/// Learners: from a data set to a model that hashes.
#ifndef HINT_LEARN_HPP
#define HINT_LEARN_HPP

#include <hint/learn/any_hasher.hpp>
#include <hint/learn/binarize.hpp>
#include <hint/learn/checkpoint_options.hpp>
#include <hint/learn/concepts.hpp>
#include <hint/learn/cvh.hpp>
#include <hint/learn/djsrh.hpp>
#include <hint/learn/encode_file.hpp>
#include <hint/learn/ensemble.hpp>
#include <hint/learn/ensemble_hasher.hpp>
#include <hint/learn/hint.hpp>
#include <hint/learn/hint_method.hpp>
#include <hint/learn/hint_model.hpp>
#include <hint/learn/hint_objective.hpp>
#include <hint/learn/hint_options.hpp>
#include <hint/learn/instances.hpp>
#include <hint/learn/linear_hasher.hpp>
#include <hint/learn/mlp_hasher.hpp>
#include <hint/learn/model_in_training.hpp>
#include <hint/learn/monitors.hpp>
#include <hint/learn/network_passes.hpp>
#include <hint/learn/pair_training.hpp>
#include <hint/learn/scaled_rows.hpp>
#include <hint/learn/sparse_rows.hpp>
#include <hint/learn/trained_hasher.hpp>
#include <hint/learn/trainer.hpp>
#include <hint/learn/training_method.hpp>
#include <hint/learn/training_record.hpp>

#endif
