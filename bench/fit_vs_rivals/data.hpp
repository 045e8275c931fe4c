// SPDX-License-Identifier: MIT
// The data of fit_vs_rivals: real pairs where HINT_DATA has them, else made up ones of the same sizes, in
// clusters and with as many words in a text. Never zeros alone: some processors multiply them faster.
#ifndef HINT_BENCH_FIT_VS_RIVALS_DATA_HPP
#define HINT_BENCH_FIT_VS_RIVALS_DATA_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <hint/core/executor.hpp>
#include <hint/core/random.hpp>
#include <hint/data/block.hpp>
#include <hint/data/split.hpp>
#include <hint/io/npy.hpp>
#include <hint/linalg/matrix.hpp>

namespace fit_vs_rivals {

namespace fs = std::filesystem;
using matrix = hint::linalg::matrix<float>;
using sparse_matrix = hint::linalg::sparse_matrix<float>;

inline constexpr std::uint64_t seed = 2026;
inline constexpr std::size_t classes = 24;

/// The class of row i, equal in all data of a size.
inline std::size_t class_of(std::size_t i) {
  return hint::random_stream(seed, hint::stream_id("class")).below(i, classes);
}

/// Rows around the centre of their class: all numbers differ from 0. `out` has any number of rows, the first of
/// which is row `first` of the whole.
inline void fill_clustered(const std::string& name, std::size_t first,
                           hint::linalg::matrix_ref<float> out, const hint::executor_ref& e = {}) {
  const hint::random_stream random(seed, hint::stream_id(name));
  const auto d = static_cast<std::size_t>(out.cols());
  const auto uniform = [](std::uint32_t word) {
    return static_cast<float>(word) * 0x1p-32F - 0.5F;
  };
  matrix centres(static_cast<hint::linalg::index>(classes), out.cols());
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t j = 0; j < d; ++j)
      centres.data()[c * d + j] = 0.7F * uniform(random.fork(c).words(j)[0]);
  const hint::random_stream noise = random.fork(classes);
  const std::size_t blocks = (d + 3) / 4;
  hint::for_chunks(e, static_cast<std::size_t>(out.rows()), 256,
                   [&](std::size_t begin, std::size_t end) {
                     for (std::size_t i = begin; i < end; ++i) {
                       float* const row = &out(static_cast<hint::linalg::index>(i), 0);
                       const float* const centre = centres.data() + class_of(first + i) * d;
                       for (std::size_t b = 0; b < blocks; ++b) {
                         const auto words = noise.words((first + i) * blocks + b);
                         for (std::size_t j = 4 * b; j < (std::min)(d, 4 * b + 4); ++j)
                           row[j] = centre[j] + uniform(words[j % 4]);
                       }
                     }
                   });
}
inline matrix clustered_rows(std::size_t n, std::size_t d, const std::string& name) {
  matrix rows(static_cast<hint::linalg::index>(n), static_cast<hint::linalg::index>(d));
  fill_clustered(name, 0, rows);
  return rows;
}

/// Texts as bags of words: ones at some 0.4% of the columns (2 to 2 * 0.004 d), two thirds of them words of the
/// class, frequent words more often, so that rows repeat as real ones do.
inline sparse_matrix bags_of_words(std::size_t n, std::size_t d) {
  const hint::random_stream random(seed, hint::stream_id("words"));
  const std::size_t own = (std::max<std::size_t>)(d / classes, 1);
  sparse_matrix rows(static_cast<hint::linalg::index>(n), static_cast<hint::linalg::index>(d));
  std::vector<Eigen::Triplet<float, int>> ones;
  std::vector<std::size_t> words;
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto most = static_cast<std::size_t>(std::lround(0.008 * static_cast<double>(d))) + 1;
    const std::size_t count = 1 + random.below(next++, most);
    words.clear();
    for (std::size_t w = 0; w < count; ++w) {
      const double u = random.uniform(next++);
      const double rank = u * u;  // low numbers are frequent words
      words.push_back(random.below(next++, 3) == 0
                          ? static_cast<std::size_t>(rank * static_cast<double>(d))
                          : class_of(i) * own +
                                static_cast<std::size_t>(rank * static_cast<double>(own)));
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    for (const std::size_t w : words)
      ones.emplace_back(static_cast<int>(i), static_cast<int>(w), 1.0F);
  }
  rows.setFromTriplets(ones.begin(), ones.end());
  rows.makeCompressed();
  return rows;
}

/// image.npy, text.npy, labels.npy and split.npy of 10,000 pairs to train on and 1,000 to search: those of
/// mirflickr20k in $HINT_DATA, or, written to `scratch`, made up ones of as many columns.
inline fs::path mirflickr20k(const fs::path& scratch) {
  if (const char* root = std::getenv("HINT_DATA"))
    if (fs::is_directory(fs::path(root) / "mirflickr20k")) return fs::path(root) / "mirflickr20k";
  const fs::path folder = scratch / "like_mirflickr20k";
  if (fs::exists(folder)) return folder;
  fs::create_directories(folder);
  constexpr std::size_t n = 11'000;
  const matrix image = clustered_rows(n, 859, "image");
  hint::io::write_npy<float>(folder / "image.npy",
                             {image.data(), static_cast<std::size_t>(image.size())}, {n, 859});
  const Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> text =
      matrix(bags_of_words(n, 731)).cast<std::uint8_t>();
  hint::io::write_npy<std::uint8_t>(folder / "text.npy",
                                    {text.data(), static_cast<std::size_t>(text.size())}, {n, 731});
  std::vector<std::uint8_t> labels(n * classes);
  for (std::size_t i = 0; i < n; ++i) labels[i * classes + class_of(i)] = 1;
  hint::io::write_npy<std::uint8_t>(folder / "labels.npy", labels, {n, classes});
  hint::data::split::random(n, 500, 10'000, {seed, 1}).write(folder / "split.npy");
  return folder;
}

/// All rows, dense.
inline matrix dense_rows(const hint::data::block& rows) {
  matrix out(static_cast<hint::linalg::index>(rows.rows()),
             static_cast<hint::linalg::index>(rows.cols()));
  rows.copy_rows(0, out);
  return out;
}

}  // namespace fit_vs_rivals

#endif
