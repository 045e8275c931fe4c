// EXPECT: satisfaction of 'proxy_sampler<S>' .with S = no_sampler|'no_sampler' does not satisfy 'proxy_sampler'
// SPDX-License-Identifier: MIT
// HINT says which of its parts is none.
#include <hint/learn/hint.hpp>

struct no_sampler {};

auto learner = hint::learn::hint{}.with_sampler(no_sampler{});
