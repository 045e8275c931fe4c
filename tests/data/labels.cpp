// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/data/labels.hpp>
#include <hint/io/npy.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::code_set;
using hint::data::row_id;
using bytes = std::vector<std::uint8_t>;

code_set bits_of(const std::vector<std::vector<int>>& rows) {
  code_set out(rows[0].size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t c = 0; c < rows[i].size(); ++c) out.set_bit(i, c, rows[i][c] != 0);
  return out;
}

}  // namespace

TEST_CASE("pack_labels sets a bit for each number that is not 0") {
  const bytes multi_hot{0, 1, 0, 7, 255, 0};
  CHECK(hint::data::pack_labels(multi_hot, 3) == bits_of({{0, 1, 0}, {1, 1, 0}}));
  CHECK(hint::data::pack_labels(multi_hot, 1) == bits_of({{0}, {1}, {0}, {1}, {1}, {0}}));
  CHECK(hint::data::pack_labels(bytes{}, 3).size() == 0);
  CHECK(hint::data::pack_labels(bytes{}, 3).bits() == 3);
  CHECK_THROWS_MESSAGE(hint::data::pack_labels(multi_hot, 4), hint::shape_error,
                       "pack_labels: 6 values are not a multiple of 4 classes");
  CHECK_THROWS_AS(hint::data::pack_labels(multi_hot, 0), hint::invalid_argument);
}

TEST_CASE("pack_labels with more classes than a word has bits") {
  bytes multi_hot(3 * 70, 0);
  multi_hot[0 * 70 + 69] = 1;
  multi_hot[2 * 70 + 63] = 1;
  multi_hot[2 * 70 + 64] = 1;
  const code_set labels = hint::data::pack_labels(multi_hot, 70);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t c = 0; c < 70; ++c) CHECK(labels.bit(i, c) == (multi_hot[i * 70 + c] != 0));
}

TEST_CASE("one_hot_labels sets one bit a row") {
  const std::vector<std::uint32_t> classes{2, 0, 2};
  CHECK(hint::data::one_hot_labels(classes, 3) == bits_of({{0, 0, 1}, {1, 0, 0}, {0, 0, 1}}));
  CHECK(hint::data::one_hot_labels({}, 3).size() == 0);
  CHECK_THROWS_MESSAGE(hint::data::one_hot_labels(classes, 2), hint::invalid_argument,
                       "one_hot_labels: row 0 has class 2, expected below 2");
}

TEST_CASE("select takes rows in the order given") {
  const code_set all = bits_of({{1, 0}, {0, 1}, {1, 1}});
  CHECK(hint::data::select(all, std::vector<row_id>{2, 0, 2}) == bits_of({{1, 1}, {1, 0}, {1, 1}}));
  CHECK(hint::data::select(all, std::vector<row_id>{}).size() == 0);
  CHECK_THROWS_MESSAGE(hint::data::select(all, std::vector<row_id>{0, 3}), hint::invalid_argument,
                       "select: row 3 of 3 rows");
  const hint::data::row_selection two({2, 0}, 3);
  CHECK(hint::data::select(all, two) == bits_of({{1, 1}, {1, 0}}));
  CHECK_THROWS_MESSAGE(hint::data::select(all.view().slice(0, 2), two), hint::shape_error,
                       "select: 2 rows, the rows were selected from 3");
}

TEST_CASE("read_labels reads multi-hot files of whole numbers") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "labels.npy";
  const std::vector<std::int64_t> wide{0, 1, 0, 1, 1, 0};
  hint::io::write_npy<std::int64_t>(path, wide, {2, 3});
  CHECK(hint::data::read_labels(path) == bits_of({{0, 1, 0}, {1, 1, 0}}));
  hint::io::write_npy<std::uint8_t>(path, bytes{}, {0, 3});
  CHECK(hint::data::read_labels(path).size() == 0);

  hint::io::write_npy<std::uint8_t>(path, bytes{1, 0}, {2});
  CHECK_THROWS_MESSAGE(
      hint::data::read_labels(path), hint::format_error,
      path.string() +
          ": labels have 1 dimensions, expected rows x classes, multi-hot (from one "
          "class number per row `one_hot_labels` makes them)");
  hint::io::write_npy<std::uint8_t>(path, bytes{}, {4, 0});
  CHECK_THROWS_MESSAGE(hint::data::read_labels(path), hint::format_error,
                       path.string() + ": labels have 0 classes, expected 1 to 4096");
  hint::io::write_npy<std::uint8_t>(path, bytes(2 * 5000), {2, 5000});
  CHECK_THROWS_MESSAGE(hint::data::read_labels(path), hint::format_error,
                       path.string() + ": labels have 5000 classes, expected 1 to 4096");
  hint::io::write_npy<float>(path, std::vector<float>{1, 0}, {1, 2});
  CHECK_THROWS_AS(hint::data::read_labels(path), hint::format_error);
  CHECK_THROWS_AS(hint::data::read_labels(folder / "none.npy"), hint::io_error);
}

TEST_CASE("the labels of real data") {
  const auto folder = hint_tests::data_folder("mirflickr20k");
  if (!folder) return;
  const code_set labels = hint::data::read_labels(*folder / "labels.npy");
  CHECK(labels.size() == 13218);
  CHECK(labels.bits() == 24);
}
