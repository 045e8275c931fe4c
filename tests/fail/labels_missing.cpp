// EXPECT: satisfaction of 'labelled_dataset<D>' .with D = .*paired|'(hint::data::)?paired<.*>' does not satisfy 'labelled_dataset'
// SPDX-License-Identifier: MIT
// Who needs labels says so in the type, and pairs without labels are refused by name.
#include <hint/data/labelled.hpp>

template <hint::data::labelled_dataset D>
void learn(const D&) {}

void f(const hint::data::paired<>& pairs) { learn(pairs); }
