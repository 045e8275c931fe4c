// SPDX-License-Identifier: MIT
// From .npy files of your own to a model and two indexes. Explained in docs/tutorial.md.
//
//   05_train FOLDER               reads the files in FOLDER
//   05_train FOLDER --make N      writes N made-up pairs there first (without arguments: 1000 in tutorial/)
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/hint.hpp>

namespace {

namespace fs = std::filesystem;

constexpr const char* usage = "usage: 05_train [FOLDER [--make N]]\n";

/// Rows first .. first + count - 1 of a block as a .npy file.
void write_rows(const fs::path& path, const hint::data::block& rows, std::size_t first,
                std::size_t count) {
  hint::linalg::matrix<float> part(count, rows.cols());
  rows.copy_rows(first, part);
  const std::span<const float> values(part.data(), count * rows.cols());
  hint::io::write_npy(path, values, {count, rows.cols()});
}

/// What the Python lines of the tutorial write: images in two shards, texts, ids, split, labels.
void make(const fs::path& folder, std::size_t n) {
  constexpr std::size_t classes = 10;
  fs::create_directories(folder);
  const auto pairs = hint::data::synthetic_pairs({.items = n, .classes = classes}, {7, 0});
  write_rows(folder / "image-0.npy", pairs.image, 0, n / 2);
  write_rows(folder / "image-1.npy", pairs.image, n / 2, n - n / 2);
  write_rows(folder / "text.npy", pairs.text, 0, n);
  std::vector<std::int64_t> ids(n);
  for (std::size_t i = 0; i < n; ++i) ids[i] = 500000 + 7 * static_cast<std::int64_t>(i);
  hint::io::write_npy<std::int64_t>(folder / "ids.npy", ids, {n});
  hint::data::split::random(n, n / 10, n - n / 10, {7, 1}).write(folder / "split.npy");
  std::vector<std::uint8_t> labels(n * classes);
  for (std::size_t i = 0; i < labels.size(); ++i)
    labels[i] = pairs.labels.bit(i / classes, i % classes) ? 1 : 0;
  hint::io::write_npy<std::uint8_t>(folder / "labels.npy", labels, {n, classes});
}

/// How often an item of one modality has its own pair among the n nearest of the other, in percent: needs
/// no labels.
double pair_recall(const hint::search::linear_scan& index, const hint::code_set& queries,
                   const std::vector<std::int64_t>& ids, std::size_t n, const hint::context& ctx) {
  const auto found = index.search(queries, n, hint::search::accept_all{}, ctx);
  std::size_t hits = 0;
  for (std::size_t query = 0; query < found.size(); ++query)
    hits +=
        std::ranges::any_of(found[query], [&](const auto& hit) { return hit.id == ids[query]; });
  return 100 * static_cast<double>(hits) / static_cast<double>(found.size());
}

}  // namespace

int main(int count, char** arguments) try {
  const std::span given(arguments, static_cast<std::size_t>(count));
  if (count == 2 && std::string_view(given[1]) == "--help") return std::fputs(usage, stdout) < 0;
  const fs::path folder = count > 1 ? given[1] : "tutorial";
  if (count == 4 && std::string_view(given[2]) == "--make" && std::atoi(given[3]) > 0) {
    make(folder, static_cast<std::size_t>(std::atoi(given[3])));
  } else if (count == 1) {
    make(folder, 1000);
  } else if (count > 2) {
    std::fputs(usage, stderr);
    return 1;
  }

  // Joins shards, and refuses files of different numbers of rows.
  const auto set = hint::data::read_set(folder);
  std::printf("%zu pairs of %zu and %zu features, %zu train, %zu ask\n", set.size(),
              set.image().cols(), set.text().cols(), set.split().train.size(),
              set.split().query.size());

  hint::thread_pool pool;
  hint::phase_profile profile;  // where the time goes
  hint::context ctx{pool, profile};
  ctx.seed = 42;
  const auto model = hint::learn::hint{{.bits = 64}}.fit(set.train(), ctx);
  hint::io::save(folder / "model.hint", model);
  std::fputs(profile.text().c_str(), stdout);

  // All items can be found, by the ids of ids.npy: texts by images, and images by texts.
  std::array<hint::code_set, 2> codes;
  for (const hint::modality m : hint::modalities) {
    codes[index_of(m)] = model.encode(m, set.rows(m), ctx);
    hint::search::linear_scan index{model.bits()};
    index.add(codes[index_of(m)], set.ids());
    hint::io::save(folder / (std::string(name_of(m)) + "_index.hint"), index);
  }

  // The rows that ask were kept out of training.
  const auto& asking = set.split().query;
  if (asking.empty()) return 0;
  const auto queries = hint::data::select(codes[0], asking);
  const auto texts = hint::io::map<hint::search::linear_scan>(folder / "text_index.hint");
  for (const std::size_t n : {1U, 10U, 100U})
    std::printf(
        "query images: own text among the %zu nearest of %zu: %.1f %% (by chance %.1f %%)\n", n,
        set.size(), pair_recall(texts, queries, set.query_ids(), n, ctx),
        100 * static_cast<double>(n) / static_cast<double>(set.size()));
  if (set.has_labels()) {
    const auto database = hint::data::select(codes[1], set.split().database);
    const auto query_labels = set.query_labels(), database_labels = set.database_labels();
    const auto map = hint::eval::run(hint::eval::average_precision{}, queries, database,
                                     hint::eval::shared_label{query_labels, database_labels}, ctx);
    std::puts(map.describe().c_str());
  }
  return 0;
} catch (const std::exception& e) {  // hint::error, or a number that is none
  std::fprintf(stderr, "05_train: %s\n", e.what());
  return 1;
}
