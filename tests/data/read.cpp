// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <hint/data/check_finite.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/labels.hpp>
#include <hint/data/normalize.hpp>
#include <hint/data/partial.hpp>
#include <hint/data/read.hpp>
#include <hint/data/split.hpp>
#include <hint/io/npy.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::data::block;
using hint::data::row_files;
using hint_tests::dense_of;
using hint_tests::matrix_of;
using hint_tests::rows_matrix;
using hint_tests::same_bits;

std::size_t stored(const block& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < b.rows(); ++i)
    b.for_each_in_row(i, [&](std::size_t, float) { ++count; });
  return count;
}

}  // namespace

TEST_CASE("a .npy file reads as dense or sparse rows") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.npy";
  const rows_matrix x = matrix_of({{0, 1, 0}, {0, 0, 0}, {2, 0, -3}, {0, 0, 0}});
  hint::io::write_npy<float>(
      path, std::span<const float>(x.data(), static_cast<std::size_t>(x.size())), {4, 3});
  const block dense = hint::data::read(path);
  CHECK(dense.is_contiguous());
  CHECK(same_bits<float>(dense_of(dense), x));
  CHECK(same_bits<float>(dense_of(hint::data::read<float>(path)), x));
  const block sparse = hint::data::read_sparse(path);
  CHECK(sparse.is_sparse());
  CHECK(same_bits<float>(dense_of(sparse), x));
  CHECK(stored(sparse) == 3);
}

TEST_CASE("numbers of other types are converted") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.npy";
  const rows_matrix x = matrix_of({{1, 2, 3}, {4, 5, 6}});
  hint::io::write_npy<std::uint8_t>(path, std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6}, {2, 3});
  CHECK(same_bits<float>(dense_of(hint::data::read(path)), x));
  hint::io::write_npy<double>(path, std::vector<double>{1, 4, 2, 5, 3, 6}, {2, 3},
                              hint::io::npy_order::fortran);
  CHECK(same_bits<float>(dense_of(hint::data::read(path)), x));
  CHECK(same_bits<float>(dense_of(hint::data::read_sparse<float>(path)), x));
}

TEST_CASE("files without rows or columns") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.npy";
  for (const std::vector<std::size_t>& shape :
       {std::vector<std::size_t>{0, 3}, std::vector<std::size_t>{3, 0}}) {
    hint::io::write_npy<float>(path, std::vector<float>{}, shape);
    for (const block& b : {hint::data::read(path), hint::data::read_sparse(path)}) {
      CHECK(b.rows() == shape[0]);
      CHECK(b.cols() == shape[1]);
      CHECK(stored(b) == 0);
    }
  }
}

TEST_CASE("files that cannot be features are refused") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.npy";
  hint::io::write_npy<float>(path, std::vector<float>{1}, {});
  const std::string message =
      path.string() + ": features have shape (), expected rows x columns, or one row";
  CHECK_THROWS_MESSAGE(hint::data::read(path), hint::format_error, message);
  CHECK_THROWS_MESSAGE(hint::data::read_sparse(path), hint::format_error, message);
  const auto mat = folder / "x.mat";
  CHECK_THROWS_MESSAGE(hint::data::read(mat), hint::format_error,
                       mat.string() + ": cannot read .mat files, expected .npy");
  const auto bare = folder / "x";
  CHECK_THROWS_MESSAGE(hint::data::read(bare), hint::format_error,
                       bare.string() + ": cannot read files without extension, expected .npy");
  CHECK_THROWS_AS(hint::data::read(folder / "none.npy"), hint::io_error);
  hint_tests::write_file(path, "this is no array");
  CHECK_THROWS_AS(hint::data::read(path), hint::format_error);
}

TEST_CASE("shards are joined in the order of the files, whatever their types and orders") {
  const hint_tests::temporary_folder folder;
  hint::io::write_npy<float>(folder / "a.npy", std::vector<float>{1, 0, 2, 3}, {2, 2});
  hint::io::write_npy<double>(folder / "b.npy", std::vector<double>{4, 6, 8, 0, 7, 9}, {3, 2},
                              hint::io::npy_order::fortran);
  hint::io::write_npy<float>(folder / "none.npy", std::vector<float>{}, {0, 2});
  const row_files files({folder / "b.npy", folder / "none.npy", folder / "a.npy"});
  const rows_matrix joined = matrix_of({{4, 0}, {6, 7}, {8, 9}, {1, 0}, {2, 3}});
  CHECK(hint::data::read(files).is_contiguous());
  CHECK(same_bits<float>(dense_of(hint::data::read(files)), joined));
  const block sparse = hint::data::read_sparse(files);
  CHECK(sparse.is_sparse());
  CHECK(same_bits<float>(dense_of(sparse), joined));
  CHECK(stored(sparse) == 8);
  CHECK(files.text() ==
        (folder / "b.npy").string() + " to " + (folder / "a.npy").string() + " (3 files)");
  CHECK(row_files("x.npy").text() == "x.npy");
  CHECK(row_files().text() == "no file");
}

TEST_CASE("shards that do not fit together are refused by name") {
  const hint_tests::temporary_folder folder;
  const auto a = folder / "a.npy", b = folder / "b.npy";
  hint::io::write_npy<float>(a, std::vector<float>{1, 2}, {1, 2});
  hint::io::write_npy<float>(b, std::vector<float>{1, 2, 3}, {1, 3});
  const std::string columns =
      b.string() + " has 3 columns, " + a.string() + " has 2, expected equally many";
  CHECK_THROWS_MESSAGE(hint::data::read(row_files({a, a, b})), hint::shape_error, columns);
  CHECK_THROWS_MESSAGE(hint::data::read_sparse(row_files({a, a, b})), hint::shape_error, columns);
  CHECK_THROWS_AS(hint::data::read(row_files({a, folder / "none.npy"})), hint::io_error);
  CHECK_THROWS_MESSAGE(hint::data::read(row_files()), hint::invalid_argument,
                       "data::read: no file was given");
}

TEST_CASE("a vector is one row, a query") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.npy";
  hint::io::write_npy<double>(path, std::vector<double>{0, 5, 0}, {3});
  const rows_matrix row = matrix_of({{0, 5, 0}});
  CHECK(same_bits<float>(dense_of(hint::data::read(path)), row));
  CHECK(same_bits<float>(dense_of(hint::data::read_sparse(path)), row));
  CHECK(stored(hint::data::read_sparse(path)) == 1);
  hint::io::write_npy<float>(folder / "y.npy", std::vector<float>{1, 2, 3, 4, 5, 6}, {2, 3});
  const row_files both({path, folder / "y.npy", path});
  const rows_matrix joined = matrix_of({{0, 5, 0}, {1, 2, 3}, {4, 5, 6}, {0, 5, 0}});
  CHECK(same_bits<float>(dense_of(hint::data::read(both)), joined));
  CHECK(same_bits<float>(dense_of(hint::data::read_sparse(both)), joined));
  hint::io::write_npy<float>(path, std::vector<float>{}, {0});
  CHECK(hint::data::read(path).rows() == 1);
  CHECK(hint::data::read(path).cols() == 0);
}

TEST_CASE("rows with a middle dimension of one are rows") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.npy";
  std::string file("\x93NUMPY\1\0", 8);
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 3), }\n";
  file += {static_cast<char>(header.size()), '\0'};
  hint_tests::write_file(path, file + header + "\1\2\3\4\5\6");
  const rows_matrix x = matrix_of({{1, 2, 3}, {4, 5, 6}});
  CHECK(same_bits<float>(dense_of(hint::data::read(path)), x));
  CHECK(same_bits<float>(dense_of(hint::data::read_sparse(path)), x));
}

TEST_CASE("endings may be in capitals") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.NPY";
  hint::io::write_npy<float>(path, std::vector<float>{1, 2}, {1, 2});
  CHECK(hint::data::read(path).cols() == 2);
  CHECK(row_files::in(folder.path(), "x").paths == std::vector<std::filesystem::path>{path});
  hint::io::write_npy<float>(folder / "y-0.Npy", std::vector<float>{1, 2}, {1, 2});
  hint::io::write_npy<float>(folder / "y-1.npy", std::vector<float>{3, 4}, {1, 2});
  CHECK(hint::data::read(row_files::in(folder.path(), "y")).rows() == 2);
}

TEST_CASE("NaN in files is found where the rows are used, by file and row") {
  const hint_tests::temporary_folder folder;
  const auto a = folder / "a.npy", b = folder / "b.npy";
  const float nan = std::numeric_limits<float>::quiet_NaN();
  hint::io::write_npy<float>(a, std::vector<float>{1, 2, 3, 4}, {2, 2});
  hint::io::write_npy<float>(b, std::vector<float>{1, 2, 3, nan}, {2, 2});
  for (const block& all :
       {hint::data::read(row_files({a, b})), hint::data::read_sparse(row_files({a, b}))}) {
    const std::string message =
        "image: row 1 of " + b.string() + ", column 1 is nan, expected finite numbers";
    CHECK_THROWS_MESSAGE(hint::data::check_finite(all, "image"), hint::invalid_argument, message);
    const block some = all(hint::data::row_selection({3, 0}, 4));
    CHECK_THROWS_MESSAGE(hint::data::check_finite(some, "image"), hint::invalid_argument, message);
    CHECK_THROWS_MESSAGE(hint::data::normalizer::fit(some, hint::data::scaling::l2, "image"),
                         hint::invalid_argument, message);
    hint::data::check_finite(all(hint::data::row_selection({2, 0, 1}, 4)), "image");
  }
}

TEST_CASE("files that are read one by one are named where their rows do not fit together") {
  const hint_tests::temporary_folder folder;
  const auto write = [&](const char* name, std::size_t rows) {
    hint::io::write_npy<float>(folder / name, std::vector<float>(2 * rows), {rows, 2});
    return (folder / name).string();
  };
  const std::string image = write("image.npy", 4), a = write("a.npy", 3), b = write("b.npy", 2);
  const std::string marks = (folder / "split.npy").string();
  hint::io::write_npy<std::uint8_t>(marks, std::vector<std::uint8_t>{0, 0, 1, 2}, {4});
  const auto split = hint::data::split::read(marks);
  const block images = hint::data::read(image);
  const std::string texts_files = a + " to " + b + " (2 files)";
  for (const block& texts :
       {hint::data::read(row_files({a, b})), hint::data::read_sparse(row_files({a, b}))}) {
    CHECK(texts.files() == texts_files);
    CHECK(images(split.train).rows() == 2);
    CHECK_THROWS_MESSAGE(texts(split.train), hint::shape_error,
                         texts_files + ": 5 rows, the rows were selected from 4 by " + marks);
    CHECK_THROWS_MESSAGE((hint::data::paired{images, texts}), hint::shape_error,
                         "paired: image (" + image + ") has 4 rows of 2, text (" + texts_files +
                             ") has 5 rows of 2");
    using hint::data::presence;
    const std::vector<presence> items(4, presence::both);
    CHECK_THROWS_MESSAGE(
        (hint::data::partial{images, texts, items}), hint::shape_error,
        "partial: text (" + texts_files + ") has 5 rows, 4 of 4 items have that modality");
  }
  CHECK_THROWS_MESSAGE(hint::data::select(hint::code_set(8, 5), split.query), hint::shape_error,
                       "select: 5 rows, the rows were selected from 4 by " + marks);
  CHECK(block().files().empty());
}

TEST_CASE("shards of a folder are found by their numbers, and a missing one is noticed") {
  const hint_tests::temporary_folder folder;
  const auto make = [&](const char* name) { hint_tests::write_file(folder / name, ""); };
  const auto found = [&] { return row_files::in(folder.path(), "x").paths; };
  using paths = std::vector<std::filesystem::path>;
  CHECK(found() == paths{folder / "x.npy"});
  CHECK(row_files::in(folder / "none", "x").paths == paths{folder / "none" / "x.npy"});
  for (const char* name : {"x-mean.npy", "x-.npy", "x-0.txt", "y-0.npy", "x-1.npy.bak"}) make(name);
  CHECK(found() == paths{folder / "x.npy"});

  paths eleven;
  for (int i = 0; i <= 10; ++i) {  // 10 comes after 9, not after 1
    make(("x-" + std::to_string(i) + ".npy").c_str());
    eleven.push_back(folder / ("x-" + std::to_string(i) + ".npy"));
  }
  CHECK(found() == eleven);
  make("x.npy");
  CHECK_THROWS_MESSAGE(
      found(), hint::format_error,
      folder.path().string() + ": has x.npy and x-0.npy, expected one file or shards");
  std::filesystem::remove(folder / "x-3.npy");
  CHECK_THROWS_MESSAGE(
      found(), hint::format_error,
      folder.path().string() + ": has 10 shards of x.npy, expected all from x-0.npy to x-9.npy");
  for (int i = 0; i <= 10; ++i)
    std::filesystem::remove(folder / ("x-" + std::to_string(i) + ".npy"));
  make("x-00.npy");
  CHECK_THROWS_MESSAGE(
      found(), hint::format_error,
      folder.path().string() + ": has 1 shards of x.npy, expected all from x-0.npy to x-0.npy");
}

TEST_CASE("real features: half precision to float, a bag of tags to sparse rows") {
  const auto folder = hint_tests::data_folder("mirflickr20k");
  if (!folder) return;
  const block images = hint::data::read(*folder / "image.npy");
  CHECK(images.rows() == 13218);
  CHECK(images.cols() == 859);
  hint::data::check_finite(images, "images");
  const block texts = hint::data::read_sparse(*folder / "text.npy");
  CHECK(texts.rows() == 13218);
  CHECK(texts.cols() == 731);
  const auto cells = static_cast<double>(texts.rows() * texts.cols());
  CHECK(static_cast<double>(stored(texts)) / cells == Approx(0.004).margin(0.001));
  CHECK(same_bits<float>(dense_of(texts), dense_of(hint::data::read(*folder / "text.npy"))));
}
