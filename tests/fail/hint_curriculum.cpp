// EXPECT: satisfaction of 'curriculum_like<Curriculum>' .with Curriculum = constant_weight|'constant_weight' does not satisfy 'curriculum_like'
// SPDX-License-Identifier: MIT
// A curriculum is asked with the modality, the step, the steps and what was measured.
#include <hint/learn/hint.hpp>

struct constant_weight {
  bool measures() const { return false; }
  double weight() const { return 0.5; }
};

hint::learn::hint<hint::graph::knn, hint::learn::default_tree_builder, hint::align::proxy_sampler,
                  hint::align::mmd, constant_weight>
    learner;
