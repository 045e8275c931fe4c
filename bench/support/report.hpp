// SPDX-License-Identifier: MIT
// What benchmarks print at the end: figures by name, and which targets they meet.
#ifndef HINT_BENCH_SUPPORT_REPORT_HPP
#define HINT_BENCH_SUPPORT_REPORT_HPP

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace bench {

class report {
 public:
  /// `RATIO name ours rival ratio` with ratio = rival / ours, to be above or at `target`.
  void ratio(const std::string& name, double ours, double rival, double target,
             bool reaching_counts = true) {
    ratio(name, ours, rival);
    const double value = rival / ours;
    judge(name, value, reaching_counts ? value >= target : value > target,
          (reaching_counts ? ">= " : "> ") + number(target));
  }
  /// `RATIO` without a target.
  void ratio(const std::string& name, double ours, double rival) {
    lines_.push_back("RATIO " + name + " " + number(ours) + " " + number(rival) + " " +
                     number(rival / ours));
  }
  /// `FIGURE name value`, to be at most `target`.
  void figure_at_most(const std::string& name, double value, double target) {
    figure(name, value);
    judge(name, value, value <= target, "<= " + number(target));
  }
  void figure_at_least(const std::string& name, double value, double target) {
    figure(name, value);
    judge(name, value, value >= target, ">= " + number(target));
  }
  void figure_within(const std::string& name, double value, double least, double most) {
    figure(name, value);
    judge(name, value, value >= least && value <= most, number(least) + " to " + number(most));
  }
  /// `FIGURE` without a target.
  void figure(const std::string& name, double value) {
    lines_.push_back("FIGURE " + name + " " + number(value));
  }
  /// Something that was not measured, for the summary.
  void missing(const std::string& what) { missing_.push_back(what); }

  void print() const {
    std::puts("");
    for (const std::string& line : lines_) std::puts(line.c_str());
    std::puts("\nTargets");
    std::size_t met = 0;
    for (const verdict& v : verdicts_) {
      if (v.met) ++met;
      std::printf("  %-6s %-40s %12s  wanted %s\n", v.met ? "met" : "MISSED", v.name.c_str(),
                  number(v.value).c_str(), v.wanted.c_str());
    }
    for (const std::string& what : missing_) std::printf("  %-6s %s\n", "-", what.c_str());
    std::printf("%zu of %zu targets met, %zu not measured\n", met, verdicts_.size(),
                missing_.size());
  }

 private:
  struct verdict {
    std::string name;
    double value;
    bool met;
    std::string wanted;
  };

  [[nodiscard]] static std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
  }
  void judge(const std::string& name, double value, bool met, const std::string& wanted) {
    verdicts_.push_back({name, value, met, wanted});
  }

  std::vector<std::string> lines_;
  std::vector<verdict> verdicts_;
  std::vector<std::string> missing_;
};

}  // namespace bench

#endif
