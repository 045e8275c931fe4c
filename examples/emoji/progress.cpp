// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include <algorithm>
#include <cstdio>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

#include <hint/core/error.hpp>

#include "chart.hpp"

namespace emoji {
namespace {

using hint::detail::concat;

std::string padded(std::string text, std::size_t width) {
  text.resize((std::max)(text.size(), width), ' ');
  return text;
}

std::string finished_line(const std::string& name, double seconds, const std::string& note) {
  return concat("    ", padded(name, 18), padded(fixed(seconds, 2) + " s", 10), note);
}

bool is_terminal() {
#if __has_include(<unistd.h>)
  return isatty(STDOUT_FILENO) != 0;
#else
  return false;
#endif
}

}  // namespace

progress::progress() : terminal_(is_terminal()) {}

void progress::on(const hint::phase_report& r) {
  if (r.phase != ended_phase_) flush();
  if (r.done >= 1) {
    ended_phase_ = r.phase;
    ended_line_ = finished_line(std::string(r.phase), r.seconds, std::string(r.note));
  } else if (terminal_ && r.done <= 0) {
    line(concat("    ", r.phase, " ..."), false);
  }
}

void progress::on(const hint::epoch_report& r) {
  const std::size_t tenth = r.epochs == 0 ? 10 : 10 * r.epoch / r.epochs;
  if (!terminal_ && tenth == tenth_ && r.epoch != 1) return;
  tenth_ = tenth;
  std::string terms;
  for (const hint::term& term : r.terms)
    terms += concat(terms.empty() ? " (" : ", ", term.name, " ", fixed(term.value, 3));
  line(concat("    epoch ", r.epoch, "/", r.epochs, "  loss ", fixed(r.loss, 3), terms,
              terms.empty() ? "  " : ")  ", fixed(r.seconds_left, 0), " s left"),
       !terminal_);
}

void progress::done(const std::string& name, double seconds, const std::string& note) {
  flush();
  line(finished_line(name, seconds, note), true);
}

void progress::flush() {
  if (!ended_line_.empty()) line(ended_line_, true);
  ended_line_.clear();
  ended_phase_.clear();
}

void progress::line(const std::string& text, bool last) {
  std::printf("%s%s%s", terminal_ ? "\r\x1b[K" : "", text.c_str(), last ? "\n" : "");
  std::fflush(stdout);
}

}  // namespace emoji
