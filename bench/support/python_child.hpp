// SPDX-License-Identifier: MIT
// A program in Python that a benchmark talks to: one command a line, one answer a line, "ok ..." or
// "error ...". It lives as long as the benchmark, so that its turns come between ours.
#ifndef HINT_BENCH_SUPPORT_PYTHON_CHILD_HPP
#define HINT_BENCH_SUPPORT_PYTHON_CHILD_HPP

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <hint/core/error.hpp>

namespace bench {

/// A folder for this run, removed at its end.
class scratch_folder {
 public:
  explicit scratch_folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / (name + "." + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

class python_child {
 public:
  /// `threads`: what the libraries in it may use at most, unless OPENBLAS_NUM_THREADS and OMP_NUM_THREADS are set.
  /// (One by default: products of a row and a matrix gain little from numpy's second thread, 15% on an idle
  /// machine, and lose a lot from it on a busy one.) Throws `error` with what the child says when it cannot do
  /// the work.
  python_child(const std::filesystem::path& python, const std::filesystem::path& script,
               int threads = 1) {
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
      for (const char* variable : {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"})
        setenv(variable, std::to_string(threads).c_str(), 0);
      execl(python.c_str(), python.c_str(), script.c_str(), static_cast<char*>(nullptr));
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    to_.reset(fdopen(in[1], "w"));
    from_.reset(fdopen(out[0], "r"));
    name_ = answer("start");
  }
  python_child(const python_child&) = delete;
  python_child& operator=(const python_child&) = delete;
  ~python_child() {
    to_.reset();  // the end of its input is the end of the child
    waitpid(child_, nullptr, 0);
  }

  /// Versions.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// What comes after "ok "; throws `error` for anything else.
  std::string ask(const std::string& command) {
    std::fputs((command + "\n").c_str(), to_.get());
    std::fflush(to_.get());
    return answer(command);
  }

 private:
  struct closer {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
  };

  std::string answer(const std::string& command) {
    std::string line;
    for (int c = 0; (c = std::fgetc(from_.get())) != EOF && c != '\n';)
      line.push_back(static_cast<char>(c));
    hint::expects<hint::error>(line.rfind("ok ", 0) == 0, "Python, ", command, ": ",
                               line.empty() ? "it ended" : line);
    return line.substr(3);
  }

  pid_t child_ = -1;
  std::unique_ptr<std::FILE, closer> to_;
  std::unique_ptr<std::FILE, closer> from_;
  std::string name_;
};

}  // namespace bench

#endif
