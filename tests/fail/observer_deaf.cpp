// EXPECT: satisfaction of 'observer<O>' .with O = deaf|'deaf' does not satisfy 'observer'
// SPDX-License-Identifier: MIT
// An observer hears at least one kind of report, or may ask to stop.
#include <hint/core/observer.hpp>

struct deaf {
  void on(int) {}
};

void f() {
  deaf o;
  hint::observer_ref ref{o};
}
