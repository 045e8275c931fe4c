// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/data/npy_rows.hpp>
#include <hint/data/read.hpp>
#include <hint/io/npy.hpp>

#include "data/rows.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

static_assert(data::feature_block<data::npy_rows>);

namespace {

template <class T>
void write(const std::filesystem::path& path, std::size_t rows, std::size_t cols,
           io::npy_order order = io::npy_order::c) {
  std::vector<T> values(rows * cols);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<T>(i * 7 % 251);
  io::write_npy(path, std::span<const T>(values), {rows, cols}, order);
}

}  // namespace

TEST_CASE("rows in files are those that read gives", "[data][npy_rows]") {
  const hint_tests::temporary_folder folder;
  write<float>(folder / "x-0.npy", 100, 5);
  write<double>(folder / "x-1.npy", 3, 5);
  write<std::uint8_t>(folder / "x-2.npy", 150, 5);
  write<float>(folder / "x-3.npy", 90, 5, io::npy_order::fortran);
  const auto files = data::row_files::in(folder.path(), "x");
  const linalg::matrix<float> all = hint_tests::dense_of(data::read(files));
  const data::npy_rows rows(files);
  REQUIRE(rows.rows() == 343);
  REQUIRE(rows.cols() == 5);
  thread_pool pool(2);
  const context ctx(pool);
  for (const std::size_t first : {0U, 1U, 99U, 100U, 102U, 250U, 253U, 300U, 343U})
    for (const std::size_t count : {0U, 1U, 2U, 40U, 150U, 343U}) {
      if (first + count > 343) continue;
      CAPTURE(first, count);
      const auto expected =
          all.middleRows(static_cast<linalg::index>(first), static_cast<linalg::index>(count));
      CHECK(hint_tests::dense_of(rows.part(first, count)) == expected);
      CHECK(hint_tests::dense_of(rows.part(first, count, ctx)) == expected);
      linalg::matrix<float> wide(static_cast<linalg::index>(count), 8);
      rows.copy_rows(first, wide.middleCols(0, 5));
      CHECK(wide.leftCols(5) == expected);
      rows.release(first, count);
      CHECK(hint_tests::dense_of(rows.part(first, count)) == expected);
    }
  CHECK(rows.part(99, 3).name_of_row(0) == "row 99 of " + (folder / "x-0.npy").string());
  CHECK(rows.part(99, 3).name_of_row(2) == "row 1 of " + (folder / "x-1.npy").string());
  CHECK(rows.part(200, 3).name_of_row(2) == "row 99 of " + (folder / "x-2.npy").string());
  CHECK_THROWS_MESSAGE(rows.part(343, 1), invalid_argument,
                       "npy_rows: 1 rows from row 343 on, of 343");
}

TEST_CASE("plain floats are not copied, and keep their file", "[data][npy_rows]") {
  const hint_tests::temporary_folder folder;
  write<float>(folder / "x.npy", 40, 6);
  data::block kept;
  {
    const data::npy_rows rows(folder / "x.npy");
    kept = rows.part(10, 20);
    CHECK(rows.part(12, 1).stored(0).data() == kept.stored(2).data());
  }
  CHECK(kept.stored(3)[2] == static_cast<float>((13 * 6 + 2) * 7 % 251));
  write<float>(folder / "q.npy", 1, 6);
  io::write_npy(folder / "v.npy", std::span<const float>(std::vector<float>{1, 2, 3}), {3});
  const data::npy_rows query(folder / "v.npy");
  CHECK(query.rows() == 1);
  CHECK(query.part(0, 1).stored(0)[1] == 2);
}

TEST_CASE("a number that is no float is told of when it is read", "[data][npy_rows]") {
  const hint_tests::temporary_folder folder;
  std::vector<double> values(60, 1);
  values[3 * 17 + 1] = 1e300;
  io::write_npy(folder / "x.npy", std::span<const double>(values), {20, 3});
  const data::npy_rows rows(folder / "x.npy");
  CHECK(rows.part(0, 17).rows() == 17);
  CHECK_THROWS_MESSAGE(
      rows.part(10, 10), format_error,
      (folder / "x.npy").string() + ": element (17, 1) is 1e+300, outside the range of f4");
  CHECK_THROWS_AS(data::npy_rows(folder / "y.npy"), io_error);
}
