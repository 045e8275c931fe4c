// SPDX-License-Identifier: MIT
/// \file
/// A phase of a long call that its observer may watch and stop, at no cost when nobody does.
#ifndef HINT_CORE_WATCHED_PHASE_HPP
#define HINT_CORE_WATCHED_PHASE_HPP

#include <concepts>
#include <cstddef>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/paced_parts.hpp>
#include <hint/core/wall_clock.hpp>

namespace hint { inline namespace HINT_ABI {

/// Tells an observer of a phase while it lasts, and asks it whether to go on. An observer that neither hears
/// of phases nor can stop costs nothing: no clock is read and no work is cut into parts. To be used by the
/// thread that made the long call; the observer must outlive it.
/// \code
/// hint::watched_phase phase(ctx.observer, "count");
/// const std::size_t done = phase.in_parts(n, 1000, [&](std::size_t begin, std::size_t end) { ... });
/// phase.end();
/// \endcode
class watched_phase {
 public:
  /// Tells that the phase begins.
  watched_phase(const observer_ref& observer, std::string_view name)
      : observer_(observer), name_(name), watched_(observer.may_stop() || observer.hears_phases()) {
    if (!watched_) return;
    begin_ = told_ = detail::now_ns();
    observer_.on(phase_report{name_});
  }

  /// Whether anybody hears of the phase or may stop it.
  [[nodiscard]] bool watched() const noexcept { return watched_; }
  /// Asks whether to stop. Who wanted to once is not asked again.
  [[nodiscard]] bool stopped() {
    if (watched_ && !stopped_) stopped_ = observer_.stop_requested();
    return stopped_;
  }
  /// Tells what share of the phase is done, but not more often than every 10 ms.
  void tell(double done) {
    if (!watched_) return;
    const double now = detail::now_ns();
    if (now < told_ + 10e6) return;
    told_ = now;
    observer_.on(phase_report{name_, done, (now - begin_) * 1e-9});
  }
  /// Tells that the phase has ended, and what was found; not when it was stopped.
  void end(std::string_view note = {}) {
    if (watched_ && !stopped_)
      observer_.on(phase_report{name_, 1, (detail::now_ns() - begin_) * 1e-9, note});
  }

  /// Calls f(begin, end) for parts of 0 .. n-1, one after the other, and asks and tells between them. Parts
  /// grow or shrink, not below `least`, to take some 20 ms; when nobody watches there is one part. They are
  /// the shares from `from` to `to` of the phase. Returns how many are done: n, or fewer when asked to stop.
  template <class F>
    requires std::invocable<F&, std::size_t, std::size_t>
  std::size_t in_parts(std::size_t n, std::size_t least, F&& f, double from = 0, double to = 1) {
    if (!watched_) {
      if (n > 0) f(std::size_t{0}, n);
      return n;
    }
    return detail::paced_parts(
        n, least, [&] { return !stopped(); }, f,
        [&](std::size_t done) {
          tell(from + (to - from) * static_cast<double>(done) / static_cast<double>(n));
        });
  }
  /// `for_chunks` that can be watched and stopped: as `in_parts`, with chunks of `chunk` on an executor; the
  /// observer is asked on the calling thread while no chunk is at work. Returns how many of 0 .. n-1 are done.
  template <class F>
    requires std::invocable<F&, std::size_t, std::size_t>
  std::size_t in_chunks(const executor_ref& executor, std::size_t n, std::size_t chunk, F&& f,
                        double from = 0, double to = 1) {
    return detail::chunks_in_parts(
        executor, n, chunk,
        [&](std::size_t chunks, std::size_t least, auto&& part) {
          return in_parts(chunks, least, part, from, to);
        },
        f);
  }

 private:
  observer_ref observer_;
  std::string_view name_;
  bool watched_;
  bool stopped_ = false;
  double begin_ = 0;
  double told_ = 0;  // when last
};

/// The observer of a call that is a part of a phase: its own phases are shares of that one. Give `ref()` to
/// the call's context.
class phase_share {
 public:
  /// From share `from` to share `to` of a phase, which must outlive it.
  phase_share(watched_phase& whole, double from, double to) noexcept
      : whole_(whole), from_(from), to_(to) {}

  void on(const phase_report& r) { whole_.tell(from_ + (to_ - from_) * r.done); }
  [[nodiscard]] bool stop_requested() { return whole_.stopped(); }
  /// Silent when nobody watches the whole.
  [[nodiscard]] observer_ref ref() noexcept {
    return whole_.watched() ? observer_ref(*this) : observer_ref();
  }

 private:
  watched_phase& whole_;
  double from_;
  double to_;
};

}}  // namespace hint::HINT_ABI

#endif
