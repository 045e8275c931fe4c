// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hint/data/read.hpp>
#include <hint/io/npy.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::data::block;
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
  hint::io::write_npy<float>(path, std::vector<float>{1, 2}, {2});
  CHECK_THROWS_MESSAGE(hint::data::read(path), hint::format_error,
                       path.string() + ": features have 1 dimensions, expected rows x columns");
  CHECK_THROWS_MESSAGE(hint::data::read_sparse(path), hint::format_error,
                       path.string() + ": features have 1 dimensions, expected rows x columns");
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
