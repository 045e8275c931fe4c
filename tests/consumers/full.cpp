// SPDX-License-Identifier: MIT
// A user of hint::hint.
#include <cstdio>

#include <hint/hint.hpp>

int main() {
  const hint::linalg::matrix<float> rows = hint::linalg::matrix<float>::Ones(2, 3);
  std::printf("hint %s\n", HINT_VERSION);
  return rows.sum() == 6.0F ? 0 : 1;
}
