// SPDX-License-Identifier: MIT
/// \file
/// What the demo prints while it works: every phase of a long call, every epoch of training.
#ifndef EMOJI_PROGRESS_HPP
#define EMOJI_PROGRESS_HPP

#include <cstddef>
#include <string>

#include <hint/core/observer.hpp>

namespace emoji {

/// Listens to the library. On a terminal the line of a running phase is written over and over; into a
/// file or pipe goes one line per phase and one for every tenth of the epochs.
class progress {
 public:
  progress();

  void on(const hint::phase_report& r);
  void on(const hint::epoch_report& r);

  /// A finished step of the demo itself.
  void done(const std::string& name, double seconds, const std::string& note = {});

 private:
  void line(const std::string& text, bool last);
  void flush();

  bool terminal_;
  std::size_t tenth_ = 0;
  // A phase may say several times that it has ended, each part of it for itself: the last word counts.
  std::string ended_phase_;
  std::string ended_line_;
};

}  // namespace emoji

#endif
