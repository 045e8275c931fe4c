// SPDX-License-Identifier: MIT
/// \file
/// Where the time of a loop goes, at no cost when nobody wants to know.
#ifndef HINT_CORE_LAP_CLOCK_HPP
#define HINT_CORE_LAP_CLOCK_HPP

#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/wall_clock.hpp>

namespace hint { inline namespace HINT_ABI {

/// Divides the time of a loop among its parts: whoever has done one says so, and the observer hears of all time
/// since the lap before. No clock is read for an observer that does not hear of parts. To be used by the thread that
/// made the long call; the observer must outlive it.
/// \code
/// hint::lap_clock laps(ctx.observer);
/// for (const auto& item : items) {
///   load(item);
///   laps.lap("load");
///   work(item);
///   laps.lap("work");
/// }
/// \endcode
class lap_clock {
 public:
  explicit lap_clock(const observer_ref& observer)
      : observer_(observer), heard_(observer.hears_parts()) {
    lap({});
  }
  /// What went by since then was `part`; without a name, nobody hears of it.
  void lap(std::string_view part) {
    if (!heard_) return;
    const double now = detail::now_ns();
    if (!part.empty()) observer_.on(part_report{part, (now - begin_) * 1e-9});
    begin_ = now;
  }

 private:
  observer_ref observer_;
  bool heard_;
  double begin_ = 0;
};

}}  // namespace hint::HINT_ABI

#endif
