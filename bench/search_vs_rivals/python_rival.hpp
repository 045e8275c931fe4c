// SPDX-License-Identifier: MIT
// Rivals in Python: one child process that lives as long as the benchmark, gets its data through
// files and takes its own time, so that its turns come between ours.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_PYTHON_RIVAL_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_PYTHON_RIVAL_HPP

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/io/atomic_file.hpp>

#include "../support/python_child.hpp"
#include "codes.hpp"
#include "popcount_loop.hpp"

namespace search_vs_rivals {

namespace fs = std::filesystem;

class python_rival {
 public:
  /// Throws `error` with what the child says when it cannot do the work.
  explicit python_rival(const fs::path& python)
      : child_(python, HINT_BENCH_FOLDER "/search_vs_rivals/rival.py") {}

  /// Versions.
  [[nodiscard]] const std::string& name() const noexcept { return child_.name(); }

  void codes(const hint::code_view& codes) { send("codes", codes); }
  void queries(const hint::code_view& queries) { send("queries", queries); }
  /// Holds Faiss to an instruction set, or with an empty name to none; whether it can.
  bool level(const std::string& name) {
    return ask(name.empty() ? "level" : "level " + name) == "1";
  }
  /// Searches are timed by the clock on the wall or, on one thread, by the processor's.
  void clock(const std::string& name) { ask("clock " + name); }
  /// Seconds of a search for the first `count` queries, all at once or one at a time.
  double batch(std::size_t count, std::size_t k) { return seconds("batch", count, k); }
  double single(std::size_t count, std::size_t k) { return seconds("single", count, k); }
  /// What the last search found, its rows one after the other.
  [[nodiscard]] answers found() {
    const fs::path file = folder_ / "found";
    ask("found " + file.string());
    answers all(fs::file_size(file) / (sizeof(std::int32_t) + sizeof(std::int64_t)));
    std::ifstream in(file, std::ios::binary);
    for (answer_row& a : all) in.read(reinterpret_cast<char*>(&a.distance), sizeof a.distance);
    for (answer_row& a : all) in.read(reinterpret_cast<char*>(&a.id), sizeof a.id);
    hint::expects<hint::io_error>(in.good(), file.string(), " is too short");
    return all;
  }

  /// One word of labels for each query and item, whose codes were given before.
  void labels(const hint::code_view& of_queries, const hint::code_view& of_items) {
    const fs::path a = write("query_labels", of_queries);
    const fs::path b = write("item_labels", of_items);
    ask("labels " + a.string() + " " + b.string());
  }
  struct map_result {
    double seconds, map;
  };
  map_result map(std::size_t count, bool stable) {
    const std::string said = ask("map " + std::to_string(count) + (stable ? " stable" : ""));
    map_result r{};
    hint::expects<hint::error>(std::sscanf(said.c_str(), "%lf %lf", &r.seconds, &r.map) == 2,
                               "Python: ", said, " is no MAP");
    return r;
  }

  /// Sets of bits for RDKit, and queries; returns its version.
  std::string sets(const hint::code_view& items, const hint::code_view& queries) {
    send("asked_sets", queries);
    return send("fingerprints", items);
  }
  /// Seconds of one search for each of the first `count`.
  double tanimoto(std::size_t count, std::size_t k) { return seconds("tanimoto", count, k); }
  double tanimoto_above(std::size_t count, double threshold) {
    return std::stod(
        ask("tanimoto_above " + std::to_string(count) + " " + std::to_string(threshold)));
  }
  /// What the last of these found, its rows one after the other.
  [[nodiscard]] std::vector<similar_row> similar() {
    const fs::path file = folder_ / "similar";
    ask("similar " + file.string());
    std::vector<similar_row> all(fs::file_size(file) / (sizeof(double) + sizeof(std::int64_t)));
    std::ifstream in(file, std::ios::binary);
    for (similar_row& s : all) in.read(reinterpret_cast<char*>(&s.similarity), sizeof s.similarity);
    for (similar_row& s : all) {
      std::int64_t row = 0;
      in.read(reinterpret_cast<char*>(&row), sizeof row);
      s.row = static_cast<std::uint32_t>(row);
    }
    hint::expects<hint::io_error>(in.good(), file.string(), " is too short");
    return all;
  }

 private:
  [[nodiscard]] fs::path write(const std::string& name, const hint::code_view& codes) const {
    fs::path file = folder_ / name;
    hint::io::atomic_file out(file);
    out.write(std::as_bytes(codes.words()));
    out.commit();
    return file;
  }
  std::string send(const std::string& command, const hint::code_view& codes) {
    const fs::path file = write(command, codes);
    std::string said =
        ask(command + " " + file.string() + " " + std::to_string(64 * codes.words_per_code()));
    fs::remove(file);
    return said;
  }
  double seconds(const std::string& command, std::size_t count, std::size_t k) {
    return std::stod(ask(command + " " + std::to_string(count) + " " + std::to_string(k)));
  }
  std::string ask(const std::string& command) { return child_.ask(command); }

  bench::scratch_folder folder_{"search_vs_rivals"};
  bench::python_child child_;
};

}  // namespace search_vs_rivals

#endif
