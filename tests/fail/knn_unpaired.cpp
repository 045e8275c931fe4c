// EXPECT: 'image' (is )?(not |is not )|no member named 'image'|d.image\(\)
// SPDX-License-Identifier: MIT
// A graph over pairs needs both modalities.
#include <hint/data/block.hpp>
#include <hint/graph/knn.hpp>

void f(const hint::data::block& texts) { (void)hint::graph::knn{}(texts); }
