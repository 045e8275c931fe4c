// SPDX-License-Identifier: MIT
/// \file
/// What stands between the observer of an ensemble's training and a member that is trained.
#ifndef HINT_LEARN_ENSEMBLE_MEMBER_OBSERVER_HPP
#define HINT_LEARN_ENSEMBLE_MEMBER_OBSERVER_HPP

#include <concepts>
#include <cstddef>

#include <hint/core/config.hpp>
#include <hint/core/observer.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// Hands on all reports, the time left by the members that follow added, and remembers how far the member
/// came.
class member_observer {
 public:
  /// `after`: members that follow. What `outer` refers to must outlive it.
  member_observer(const observer_ref& outer, std::size_t after) noexcept
      : outer_(outer), after_(static_cast<double>(after)) {}

  void on(const phase_report& r) const { outer_.on(r); }
  void on(const part_report& r) const { outer_.on(r); }
  void on(const step_report& r) {
    stepped_ = true;
    outer_.on(r);
  }
  void on(const epoch_report& r) const {
    epoch_report of_all = r;
    of_all.seconds_left += after_ * (r.seconds + r.seconds_left);
    outer_.on(of_all);
  }
  void on(const end_report& r) {
    stepped_ = stepped_ || r.steps > 0;  // also those before a checkpoint that it went on from
    outer_.on(r);
  }
  [[nodiscard]] bool stop_requested() {
    const bool stop = outer_.stop_requested();
    stopped_ = stopped_ || stop;
    return stop;
  }
  [[nodiscard]] bool may_stop() const noexcept { return outer_.may_stop(); }
  [[nodiscard]] bool hears_parts() const noexcept { return outer_.hears_parts(); }

  /// Whether a stop left the member as it was before its first step, which may have been in an earlier run.
  [[nodiscard]] bool untrained() const noexcept { return stopped_ && !stepped_; }

 private:
  observer_ref outer_;
  double after_;
  bool stopped_ = false;
  bool stepped_ = false;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
