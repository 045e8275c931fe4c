// EXPECT: satisfaction of 'paired_dataset<D>' .with D = images_only|'images_only' does not satisfy 'paired_dataset'
// SPDX-License-Identifier: MIT
// HINT learns from pairs.
#include <hint/learn/hint.hpp>

struct images_only {
  std::size_t size() const { return 0; }
  hint::data::block image() const { return {}; }
};

void f() { (void)hint::learn::hint{{.bits = 16}}.fit(images_only{}); }
