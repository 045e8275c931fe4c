// SPDX-License-Identifier: MIT
/// \file
/// An observer that finds out where a long call spends its time and memory.
#ifndef HINT_CORE_PHASE_PROFILE_HPP
#define HINT_CORE_PHASE_PROFILE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/resident_memory.hpp>

namespace hint { inline namespace HINT_ABI {

struct phase_profile_options {
  bool parts = true;  ///< also parts of phases, which makes them read a clock some ten times a step
  /// Start the peak of the process anew at each phase, so that each has its own; else a peak is that of the process
  /// so far. Others in the process who look at the peak see it start anew, too.
  bool own_peaks = false;
};

/// A phase, or a part of one.
struct profile_entry {
  std::string name;
  std::size_t depth = 0;  ///< 0 for what is inside no other phase
  std::size_t times = 0;  ///< that it was begun, or a part done
  double seconds = 0;     ///< in all, with what is inside
  std::size_t bytes =
      0;  ///< the most memory that the process held, see `own_peaks`; 0 for parts and where unknown
};

/// Adds up seconds by phase and by part, over as many calls as it observes. Phases that begin while another one lasts
/// are inside it; one that was stopped has no time of its own. Not thread-safe, as calls to observers come one at a time.
/// \code
/// hint::phase_profile profile;
/// hint::context ctx{pool, profile};
/// const auto model = hint::learn::hint{}.fit(pairs, ctx);
/// std::fputs(profile.text().c_str(), stdout);
/// \endcode
class phase_profile {
 public:
  using options = phase_profile_options;

  explicit phase_profile(phase_profile_options o = {}) : options_(o) {}

  void on(const phase_report& r) {
    if (r.done <= 0) begin(r.phase);
    if (r.done >= 1) end(r.phase, r.seconds);
  }
  void on(const part_report& r) {
    node& part = nodes_[child(open_.empty() ? root : open_.back(), r.part)];
    ++part.times;
    part.seconds += r.seconds;
  }
  [[nodiscard]] bool hears_parts() const noexcept { return options_.parts; }

  /// In the order in which they first began, each followed by what was inside it.
  [[nodiscard]] std::vector<profile_entry> entries() const {
    std::vector<profile_entry> out;
    for (const std::size_t child : nodes_[root].inside) list(child, 0, out);
    return out;
  }
  /// Seconds of all phases together.
  [[nodiscard]] double seconds() const { return seconds_inside(root); }
  /// A table for people, one line an entry; where a phase has parts, what they leave of its time is "other".
  [[nodiscard]] std::string text() const {
    const std::vector<profile_entry> all = entries();
    std::size_t width = 5;
    bool has_bytes = false;
    for (const profile_entry& e : all) {
      width = (std::max)(width, e.name.size() + 2 * e.depth + 2);
      has_bytes = has_bytes || e.bytes > 0;
    }
    std::string out = line("phase", width, "seconds", "share", "times", has_bytes ? "MB" : "");
    for (const std::size_t child : nodes_[root].inside) add_lines(child, 0, width, out);
    return out + line("all", width, number(seconds(), 3), "", "", "");
  }
  /// Forgets all that it heard.
  void clear() {
    nodes_.assign(1, {});
    open_.clear();
    ended_ = root;
  }

 private:
  static constexpr std::size_t root = 0;
  struct node {
    std::string name{};
    std::size_t times = 0;
    double seconds = 0;
    double last = 0;  // of the seconds, those of the last time
    std::size_t bytes = 0;
    std::vector<std::size_t> inside{};
  };

  [[nodiscard]] std::size_t child(std::size_t parent, std::string_view name) {
    for (const std::size_t c : nodes_[parent].inside)
      if (nodes_[c].name == name) return c;
    nodes_.push_back({.name = std::string(name)});
    nodes_[parent].inside.push_back(nodes_.size() - 1);
    return nodes_.size() - 1;
  }
  void begin(std::string_view name) {
    look_at_memory();
    if (options_.own_peaks) reset_peak_resident_bytes();
    const std::size_t parent = open_.empty() ? root : open_.back();
    // Told twice that it has begun, before anything happened.
    if (parent != root && nodes_[parent].name == name) return;
    open_.push_back(child(parent, name));
    ++nodes_[open_.back()].times;
    ended_ = root;
  }
  void end(std::string_view name, double seconds) {
    const auto found = std::find_if(open_.rbegin(), open_.rend(),
                                    [&](std::size_t n) { return nodes_[n].name == name; });
    std::size_t of = ended_;
    if (found != open_.rend()) {
      look_at_memory();
      of = *found;
      open_.erase(found.base() - 1, open_.end());  // with those inside that were stopped
      nodes_[of].last = 0;
    } else if (of == root || nodes_[of].name != name) {
      return;  // it began before anybody listened
    }  // else told twice that it has ended: the last word counts
    nodes_[of].seconds += seconds - std::exchange(nodes_[of].last, seconds);
    ended_ = of;
  }
  /// The peak is that of all phases that last.
  void look_at_memory() {
    if (open_.empty()) return;
    const std::size_t peak = peak_resident_bytes().value_or(0);
    for (const std::size_t n : open_) nodes_[n].bytes = (std::max)(nodes_[n].bytes, peak);
  }

  void list(std::size_t at, std::size_t depth, std::vector<profile_entry>& out) const {
    const node& n = nodes_[at];
    out.push_back({n.name, depth, n.times, n.seconds, n.bytes});
    for (const std::size_t child : n.inside) list(child, depth + 1, out);
  }
  [[nodiscard]] double seconds_inside(std::size_t at) const {
    double sum = 0;
    for (const std::size_t child : nodes_[at].inside) sum += nodes_[child].seconds;
    return sum;
  }
  void add_lines(std::size_t at, std::size_t depth, std::size_t width, std::string& out) const {
    const node& n = nodes_[at];
    const std::string indent(2 * depth, ' ');
    const auto add = [&](const std::string& name, double of, const std::string& times,
                         const std::string& bytes) {
      const double all = seconds();
      out += line(name, width, number(of, 3), all > 0 ? number(100 * of / all, 1) + "%" : "", times,
                  bytes);
    };
    add(indent + n.name, n.seconds, std::to_string(n.times),
        n.bytes > 0 ? number(static_cast<double>(n.bytes) / 1e6, 0) : "");
    for (const std::size_t child : n.inside) add_lines(child, depth + 1, width, out);
    if (!n.inside.empty())
      add(indent + "  other", (std::max)(0.0, n.seconds - seconds_inside(at)), "", "");
  }
  [[nodiscard]] static std::string number(double value, int digits) {
    char written[64];
    std::snprintf(written, sizeof written, "%.*f", digits, value);
    return written;
  }
  [[nodiscard]] static std::string line(std::string name, std::size_t width,
                                        const std::string& seconds, const std::string& share,
                                        const std::string& times, const std::string& bytes) {
    name.resize((std::max)(width, name.size()), ' ');
    for (const auto& [cell, cells] :
         {std::pair(&seconds, 10), {&share, 8}, {&times, 8}, {&bytes, 8}})
      name += std::string(static_cast<std::size_t>(cells) -
                              (std::min)(cell->size(), static_cast<std::size_t>(cells)),
                          ' ') +
              *cell;
    name.erase(name.find_last_not_of(' ') + 1);
    return name + "\n";
  }

  phase_profile_options options_;
  std::vector<node> nodes_ = std::vector<node>(1);
  std::vector<std::size_t> open_;  // those that last, each inside the one before
  std::size_t ended_ = root;       // the phase that ended last, if nothing began since
};

}}  // namespace hint::HINT_ABI

#endif
