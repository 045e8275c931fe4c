// SPDX-License-Identifier: MIT
// Rivals in Python: one child process that lives as long as the benchmark, gets its data through
// files and takes its own time, so that its turns come between ours.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_PYTHON_RIVAL_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_PYTHON_RIVAL_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/io/atomic_file.hpp>

#include "codes.hpp"

namespace search_vs_rivals {

namespace fs = std::filesystem;

/// A folder for this run, removed at its end.
class scratch_folder {
 public:
  scratch_folder()
      : path_(fs::temp_directory_path() / ("search_vs_rivals." + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

class python_rival {
 public:
  /// Throws `error` with what the child says when it cannot do the work.
  explicit python_rival(const fs::path& python) {
    hint::expects<hint::error>(access(python.c_str(), X_OK) == 0, python.string(), " is not there");
    std::signal(SIGPIPE, SIG_IGN);  // a child that died is an error of `ask`
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    hint::expects<hint::error>(pipe(in.data()) == 0 && pipe(out.data()) == 0, "no pipe");
    child_ = fork();
    hint::expects<hint::error>(child_ >= 0, "no process");
    if (child_ == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      for (const int end : {in[0], in[1], out[0], out[1]}) close(end);
      // Products of a row and a matrix gain little from numpy's second thread (15% on an idle
      // machine) and lose a lot from it on a busy one. Whoever sets the variable decides.
      setenv("OPENBLAS_NUM_THREADS", "1", 0);
      execl(python.c_str(), python.c_str(), HINT_BENCH_FOLDER "/search_vs_rivals/rival.py",
            static_cast<char*>(nullptr));
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    to_.reset(fdopen(in[1], "w"));
    from_.reset(fdopen(out[0], "r"));
    name_ = answer("start");
  }
  python_rival(const python_rival&) = delete;
  python_rival& operator=(const python_rival&) = delete;
  ~python_rival() {
    to_.reset();  // the end of its input is the end of the child
    waitpid(child_, nullptr, 0);
  }

  /// Versions.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  void codes(const hint::code_view& codes) { send("codes", codes); }
  void queries(const hint::code_view& queries) { send("queries", queries); }
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

 private:
  struct closer {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
  };

  [[nodiscard]] fs::path write(const std::string& name, const hint::code_view& codes) const {
    fs::path file = folder_ / name;
    hint::io::atomic_file out(file);
    out.write(std::as_bytes(codes.words()));
    out.commit();
    return file;
  }
  void send(const std::string& command, const hint::code_view& codes) {
    const fs::path file = write(command, codes);
    ask(command + " " + file.string() + " " + std::to_string(64 * codes.words_per_code()));
    fs::remove(file);
  }
  double seconds(const std::string& command, std::size_t count, std::size_t k) {
    return std::stod(ask(command + " " + std::to_string(count) + " " + std::to_string(k)));
  }
  std::string ask(const std::string& command) {
    std::fputs((command + "\n").c_str(), to_.get());
    std::fflush(to_.get());
    return answer(command);
  }
  std::string answer(const std::string& command) {
    std::string line;
    for (int c = 0; (c = std::fgetc(from_.get())) != EOF && c != '\n';)
      line.push_back(static_cast<char>(c));
    hint::expects<hint::error>(line.rfind("ok ", 0) == 0, "Python, ", command, ": ",
                               line.empty() ? "it ended" : line);
    return line.substr(3);
  }

  scratch_folder folder_;
  pid_t child_ = -1;
  std::unique_ptr<std::FILE, closer> to_;
  std::unique_ptr<std::FILE, closer> from_;
  std::string name_;
};

}  // namespace search_vs_rivals

#endif
