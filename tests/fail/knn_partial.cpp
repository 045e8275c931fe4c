// EXPECT: satisfaction of 'paired_dataset<D>' .with D = .*partial|'(hint::data::)?partial<.*>' does not satisfy 'paired_dataset'
// SPDX-License-Identifier: MIT
// Data with gaps are no pairs, though they have two blocks: row i of both is not item i.
#include <hint/data/partial.hpp>
#include <hint/graph/knn.hpp>

void f(const hint::data::partial<>& gaps) { (void)hint::graph::knn{}(gaps); }
