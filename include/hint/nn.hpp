// SPDX-License-Identifier: MIT
/// \file
/// Neural networks: layers, activations, optimisers.
#ifndef HINT_NN_HPP
#define HINT_NN_HPP

#include <hint/nn/activation.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/clip.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/dense_layer.hpp>
#include <hint/nn/dropout.hpp>
#include <hint/nn/elementwise_optimizer.hpp>
#include <hint/nn/gradient_check.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/network_gradient.hpp>
#include <hint/nn/optimizer_state.hpp>
#include <hint/nn/row_sparse_gradient.hpp>
#include <hint/nn/schedule.hpp>
#include <hint/nn/sgd.hpp>
#include <hint/nn/sparse_batch.hpp>

#endif
