// SPDX-License-Identifier: MIT
// Rivals in Python, torch and the newest Faiss: a child process that lives as long as the benchmark, gets its data
// through files and takes its own time, so that its turns come between ours.
#ifndef HINT_BENCH_FIT_VS_RIVALS_PYTHON_RIVAL_HPP
#define HINT_BENCH_FIT_VS_RIVALS_PYTHON_RIVAL_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>

#include "../support/python_child.hpp"

namespace fit_vs_rivals {

/// A training of two networks of one hidden layer by torch: symmetric InfoNCE between the codes of pairs, Adam, no
/// dropout, no clipping.
struct torch_training {
  std::size_t steps = 400;
  std::size_t batch = 256;
  std::size_t hidden = 512;
  std::size_t bits = 64;
  int threads = 2;
  bool compiled = false;  ///< by torch.compile; compiling is not timed
};

class python_rival {
 public:
  /// Throws `error` with what the child says when it can do nothing.
  explicit python_rival(const std::filesystem::path& python)
      : child_(python, HINT_BENCH_FOLDER "/fit_vs_rivals/rival.py", 2) {}

  /// Versions of what is there.
  [[nodiscard]] const std::string& name() const noexcept { return child_.name(); }
  [[nodiscard]] bool has_torch() const { return name().find("torch") != std::string::npos; }
  [[nodiscard]] bool has_faiss() const { return name().find("Faiss") != std::string::npos; }

  /// The rows for `train`: as many of each, dense.
  void pairs(const hint::linalg::matrix<float>& image, const hint::linalg::matrix<float>& text) {
    send("image", image);
    send("text", text);
  }
  /// Seconds of the training loop alone: batches are gathered from the rows that `pairs` gave.
  double train(const torch_training& t) {
    return std::stod(ask("train " + std::to_string(t.steps) + " " + std::to_string(t.batch) + " " +
                         std::to_string(t.hidden) + " " + std::to_string(t.bits) + " " +
                         std::to_string(t.threads) + (t.compiled ? " compiled" : " eager")));
  }

  /// The rows for `knn`.
  void rows(const hint::linalg::matrix<float>& rows) { send("rows", rows); }
  /// Seconds of Faiss's exact search for the k highest inner products of each row, itself among them: adding the
  /// rows and searching.
  double knn(std::size_t k, int threads) {
    return std::stod(ask("knn " + std::to_string(k) + " " + std::to_string(threads)));
  }
  /// What the last `knn` found, k for each row.
  [[nodiscard]] std::vector<std::int64_t> neighbors() {
    const std::filesystem::path file = folder_ / "neighbors";
    ask("neighbors " + file.string());
    std::vector<std::int64_t> ids(std::filesystem::file_size(file) / sizeof(std::int64_t));
    std::ifstream in(file, std::ios::binary);
    in.read(reinterpret_cast<char*>(ids.data()),
            static_cast<std::streamsize>(ids.size() * sizeof(std::int64_t)));
    hint::expects<hint::io_error>(in.good(), file.string(), " is too short");
    return ids;
  }

 private:
  void send(const std::string& command, const hint::linalg::matrix<float>& rows) {
    const std::filesystem::path file = folder_ / command;
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(rows.data()),
               static_cast<std::streamsize>(static_cast<std::size_t>(rows.size()) * sizeof(float)));
    ask(command + " " + file.string() + " " + std::to_string(rows.cols()));
    std::filesystem::remove(file);
  }
  std::string ask(const std::string& command) { return child_.ask(command); }

  bench::scratch_folder folder_{"fit_vs_rivals_python"};
  bench::python_child child_;
};

}  // namespace fit_vs_rivals

#endif
