// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/map.hpp>
#include <hint/data/normalize.hpp>
#include <hint/data/read.hpp>
#include <hint/graph/approximate_nearest.hpp>
#include <hint/graph/fused.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/io/npy.hpp>
#include <hint/learn/checkpoint/rows_digest.hpp>
#include <hint/learn/hint.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/counted_memory.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace hint;
using data::block;
using hint_tests::dense_of;
using hint_tests::lists_of;
using hint_tests::rows_matrix;
using hint_tests::same_bits;

/// Half precision, of which NumPy makes "<f2"; `shift` bytes of spaces more in the header.
void write_npy_bytes(const std::filesystem::path& path, const std::string& type,
                     std::span<const std::byte> bytes, const std::string& shape,
                     std::size_t shift = 0) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(118 + shift - 1, ' ');
  header += '\n';
  std::string start("\x93NUMPY\1\0", 8);
  start += {static_cast<char>(header.size()), '\0'};
  start += header;
  io::atomic_file file(path);
  file.write(io::detail::as_bytes(start));
  file.write(bytes);
  file.commit();
}
std::vector<std::uint16_t> random_halves(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint16_t> out(count);
  const random_stream random(seed, 1);
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::uint16_t>(random.below(i, 0x10000));
    if ((out[i] >> 10 & 31) > 20) out[i] &= 0xbfff;  // numbers of ordinary size
  }
  return out;
}
void write_rows(const std::filesystem::path& path, const rows_matrix& x) {
  io::write_npy<float>(path, std::span<const float>(x.data(), static_cast<std::size_t>(x.size())),
                       {static_cast<std::size_t>(x.rows()), static_cast<std::size_t>(x.cols())});
}

/// The same rows of several kinds of files.
std::vector<std::pair<std::string, data::row_files>> kinds(
    const hint_tests::temporary_folder& folder) {
  const rows_matrix x = hint_tests::random_matrix<float>(150, 70, 1);
  write_rows(folder / "float.npy", x);
  write_rows(folder / "part-0.npy", x.topRows(40));
  write_rows(folder / "part-1.npy", x.topRows(0));
  write_rows(folder / "part-2.npy", x.bottomRows(110));
  const auto bytes = std::as_bytes(std::span(x.data(), static_cast<std::size_t>(x.size())));
  write_npy_bytes(folder / "odd.npy", "<f4", bytes, "(150, 70)", 3);
  const auto half = random_halves(150 * 70, 2);
  write_npy_bytes(folder / "half.npy", "<f2", std::as_bytes(std::span(half)), "(150, 70)");
  std::vector<std::uint16_t> swapped;
  for (const std::uint16_t h : half) swapped.push_back(static_cast<std::uint16_t>(h << 8 | h >> 8));
  write_npy_bytes(folder / "big.npy", ">f2", std::as_bytes(std::span(swapped)), "(150, 70)");
  std::vector<std::uint8_t> small_numbers(150 * 70);
  for (std::size_t i = 0; i < small_numbers.size(); ++i)
    small_numbers[i] = static_cast<std::uint8_t>(i * 37 % 251);
  io::write_npy<std::uint8_t>(folder / "bytes.npy", small_numbers, {150, 70});
  std::vector<double> numbers(x.data(), x.data() + x.size());
  io::write_npy<double>(folder / "double.npy", numbers, {150, 70});
  using paths = std::vector<std::filesystem::path>;
  return {{"float", folder / "float.npy"},
          {"shards", data::row_files::in(folder.path(), "part")},
          {"odd", folder / "odd.npy"},
          {"half", folder / "half.npy"},
          {"big", folder / "big.npy"},
          {"bytes", folder / "bytes.npy"},
          {"double", folder / "double.npy"},
          {"mixed", data::row_files(paths{folder / "float.npy", folder / "half.npy"})}};
}

TEST_CASE("mapped rows are those that were read", "[data][map]") {
  const hint_tests::temporary_folder folder;
  for (const auto& [name, files] : kinds(folder)) {
    CAPTURE(name);
    const block read = data::read(files), mapped = data::map(files);
    REQUIRE(mapped.rows() == read.rows());
    REQUIRE(mapped.cols() == read.cols());
    CHECK(mapped.is_contiguous() == (name == "float"));
    CHECK(mapped.is_stored() == (name == "float" || name == "shards"));
    CHECK(mapped.files() == read.files());
    CHECK(mapped.name_of_row(100) == read.name_of_row(100));
    CHECK(same_bits<float>(dense_of(mapped), dense_of(read)));
    const std::vector<data::row_id> some{149, 0, 7, 39, 40, 41, 7};
    CHECK(same_bits<float>(dense_of(mapped(some)), dense_of(read(some))));
    rows_matrix a(7, 70), b(7, 70);
    mapped.gather(some, a);
    read.gather(some, b);
    CHECK(same_bits<float>(a, b));
    for (const std::size_t row : {0U, 39U, 40U, 149U}) {
      std::vector<float> numbers;
      mapped.for_each_stored(row, [&](std::size_t j, float v) {
        CHECK(j == numbers.size());
        numbers.push_back(v);
      });
      const auto expected = read.stored(row);
      CHECK(numbers == std::vector<float>(expected.begin(), expected.end()));
      CHECK(mapped.count_in_row(row) == read.count_in_row(row));
      CHECK(mapped.stored(row).size() == (mapped.is_stored() || (name == "mixed") ? 70U : 0U));
    }
  }
}

TEST_CASE("whatever is done with mapped rows has the bits of rows that were read", "[data][map]") {
  const hint_tests::temporary_folder folder;
  for (const auto& [name, files] : kinds(folder)) {
    if (name == "mixed") continue;
    CAPTURE(name);
    const block read = data::read(files), mapped = data::map(files);
    CHECK(learn::detail::rows_digest(mapped) == learn::detail::rows_digest(read));
    for (const graph::metric how : hint_tests::all_metrics) {
      CHECK(lists_of(graph::nearest(mapped, 4, how)) == lists_of(graph::nearest(read, 4, how)));
      CHECK(lists_of(graph::approximate_nearest(mapped, 4, how, {.trees = 2, .leaf = 16}).lists) ==
            lists_of(graph::approximate_nearest(read, 4, how, {.trees = 2, .leaf = 16}).lists));
    }
    CHECK(lists_of(graph::nearest_fused({mapped, read}, 0.3, 4)) ==
          lists_of(graph::nearest_fused({read, read}, 0.3, 4)));
    CHECK(lists_of(graph::approximate_fused({mapped, read}, 0.3, 4).lists) ==
          lists_of(graph::approximate_fused({read, read}, 0.3, 4).lists));
    for (const data::scaling how : {data::scaling::centered_l2, data::scaling::z_score,
                                    data::scaling::tf_idf, data::scaling::none}) {
      const auto a = data::normalizer::fit(mapped, how), b = data::normalizer::fit(read, how);
      CHECK(same_bits<float>(dense_of(a.transform(mapped)), dense_of(b.transform(read))));
    }
  }
}

TEST_CASE("a fit of mapped rows has the bits of one of rows that were read", "[data][map]") {
  const hint_tests::temporary_folder folder;
  const auto all = kinds(folder);
  learn::hint_options o = learn::hint_options::fused(16);
  o.network.hidden = {8};
  o.batch = 32;
  o.steps = 6;
  const auto fitted = [&](auto open) {
    const block image = open(all[1].second), text = open(all[3].second);
    const auto model = learn::hint(o).fit(data::paired<>(image, text));
    return std::pair(model.encode(hint::image, image), model.encode(hint::text, text));
  };
  const auto read = fitted([](const data::row_files& f) { return data::read(f); });
  const auto mapped = fitted([](const data::row_files& f) { return data::map(f); });
  CHECK(read.first == mapped.first);
  CHECK(read.second == mapped.second);
}

TEST_CASE("mapped rows need no memory and keep their file", "[data][map]") {
  const hint_tests::temporary_folder folder;
  const rows_matrix x = hint_tests::random_matrix<float>(4000, 128, 1);
  write_rows(folder / "x.npy", x);
  std::optional<block> kept;
  CHECK(counted_memory::peak_of([&] {
          const block mapped = data::map(folder / "x.npy");
          kept = mapped(std::vector<data::row_id>{3999, 0});
        }) < 10000);
  std::filesystem::remove(folder / "x.npy");
  CHECK(dense_of(*kept).row(0) == x.row(3999));
}

TEST_CASE("files without rows or columns are mapped, and one vector is a row", "[data][map]") {
  const hint_tests::temporary_folder folder;
  io::write_npy<float>(folder / "none.npy", std::span<const float>(), {0, 5});
  io::write_npy<float>(folder / "narrow.npy", std::span<const float>(), {4, 0});
  io::write_npy<double>(folder / "one.npy", std::vector<double>{1, 2, 3}, {3});
  CHECK(data::map(folder / "none.npy").rows() == 0);
  CHECK(data::map(folder / "none.npy").cols() == 5);
  const block narrow = data::map(folder / "narrow.npy");
  CHECK(narrow.rows() == 4);
  CHECK(dense_of(narrow).size() == 0);
  CHECK(dense_of(data::map(folder / "one.npy")) == hint_tests::matrix_of({{1, 2, 3}}));
}

TEST_CASE("what cannot be mapped is refused when it is opened", "[data][map]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "x.npy").string();
  const rows_matrix x = rows_matrix::Ones(3, 2);
  write_rows(path, x);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  CHECK_THROWS_MESSAGE(data::map(path), format_error,
                       path + ": holds 23 bytes of values, expected 24 for shape (3, 2) of <f4");
  io::write_npy<float>(path, std::vector<float>{1, 2, 3, 4}, {2, 2}, io::npy_order::fortran);
  CHECK_THROWS_MESSAGE(data::map(path), format_error,
                       path +
                           ": holds column after column (Fortran order), expected row after"
                           " row; data::read can read it");
  CHECK_THROWS_MESSAGE(data::map(data::row_files()), invalid_argument,
                       "data::map: no file was given");
  CHECK_THROWS_MESSAGE(
      data::map(folder / "missing.npy"), io_error,
      "cannot open " + (folder / "missing.npy").string() + ": No such file or directory");
  io::write_npy<float>(folder / "y.npy", std::vector<float>{1, 2, 3}, {1, 3});
  io::write_npy<float>(path, std::vector<float>{1, 2}, {1, 2});
  CHECK_THROWS_MESSAGE(
      data::map(data::row_files(std::vector<std::filesystem::path>{path, folder / "y.npy"})),
      shape_error,
      (folder / "y.npy").string() + " has 3 columns, " + path + " has 2, expected equally many");
}

TEST_CASE("numbers that are not finite in a mapped file are named by file and row", "[data][map]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "x.npy").string();
  io::write_npy<double>(path, std::vector<double>{1, 2, 3, 1e300}, {2, 2});
  CHECK_THROWS_MESSAGE(data::check_finite(data::map(path), "image"), invalid_argument,
                       "image: row 1 of " + path + ", column 1 is inf, expected finite numbers");
  io::write_npy<float>(path, std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()},
                       {1, 2});
  CHECK_THROWS_MESSAGE(graph::nearest(data::map(path), 1, graph::metric::l2), invalid_argument,
                       "nearest: row 0 of " + path + ", column 1 is nan, expected finite numbers");
}

}  // namespace
