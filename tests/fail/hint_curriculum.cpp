// EXPECT: satisfaction of 'curriculum<C>' .with C = constant_weight|'constant_weight' does not satisfy 'curriculum'
// SPDX-License-Identifier: MIT
// A curriculum is asked with the modality, the step, the steps and what was measured.
#include <hint/learn/hint.hpp>

struct constant_weight {
  bool measures() const { return false; }
  double weight() const { return 0.5; }
};

auto learner = hint::learn::hint{}.with_curriculum(constant_weight{});
