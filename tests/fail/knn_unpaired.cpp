// EXPECT: satisfaction of 'paired_dataset<D>' .with D = .*block|'hint::data::block' does not satisfy 'paired_dataset'
// SPDX-License-Identifier: MIT
// A graph over pairs needs both modalities.
#include <hint/data/block.hpp>
#include <hint/graph/knn.hpp>

void f(const hint::data::block& texts) { (void)hint::graph::knn{}(texts); }
