// EXPECT: satisfaction of 'proxy_sampler_like<Sampler>' .with Sampler = no_sampler|'no_sampler' does not satisfy 'proxy_sampler_like'
// SPDX-License-Identifier: MIT
// HINT says which of its parts is none.
#include <hint/learn/hint.hpp>

struct no_sampler {};

hint::learn::hint<hint::graph::knn, hint::learn::default_tree_builder, no_sampler> learner;
