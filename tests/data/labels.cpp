// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/data/labels.hpp>
#include <hint/eval/average_precision.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/relevance.hpp>
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

  CHECK_THROWS_AS(hint::data::read_labels(folder / "none.npy"), hint::io_error);
}

TEMPLATE_TEST_CASE("labels of 0 and 1 or of -1 and +1 are read from numbers of any type", "",
                   std::int8_t, std::int16_t, std::int64_t, float, double) {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "labels.npy";
  const auto read = [&](const std::vector<TestType>& values, std::size_t rows,
                        std::size_t classes) {
    hint::io::write_npy<TestType>(path, values, {rows, classes});
    return hint::data::read_labels(path);
  };
  CHECK(read({0, 1, 0, 1, 1, 0}, 2, 3) == bits_of({{0, 1, 0}, {1, 1, 0}}));
  CHECK(read({-1, 1, -1, 1, 1, -1}, 2, 3) == bits_of({{0, 1, 0}, {1, 1, 0}}));
  CHECK(read({-1, -1}, 1, 2) == bits_of({{0, 0}}));
  CHECK(read({1, 1}, 1, 2) == bits_of({{1, 1}}));
  CHECK(read({}, 0, 3).size() == 0);
  const auto refused = [&](const std::vector<TestType>& values, std::size_t classes) {
    return hint_tests::message_of<hint::format_error>(
        [&] { (void)read(values, values.size() / classes, classes); });
  };
  const std::string expected = ", expected 0 and 1, or -1 and +1";
  CHECK(refused({0, 1, 0, 7}, 2) == path.string() + ": row 1, column 1 is 7" + expected);
  CHECK(refused({1, 0, -1, 1}, 2) ==
        path.string() + ": row 0, column 1 is 0 where others are -1" + expected);
  CHECK_THROWS_MESSAGE(read({}, 4, 0), hint::format_error,
                       path.string() + ": labels have 0 classes, expected 1 to 65536");
}

TEST_CASE("bytes and bools are labels too, 255 is no -1") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "labels.npy";
  hint::io::write_npy<std::uint8_t>(path, bytes{0, 1, 1, 0}, {2, 2});
  CHECK(hint::data::read_labels(path) == bits_of({{0, 1}, {1, 0}}));
  const std::array<bool, 4> bools{false, true, true, false};
  hint::io::write_npy<bool>(path, bools, {2, 2});
  CHECK(hint::data::read_labels(path) == bits_of({{0, 1}, {1, 0}}));
  hint::io::write_npy<std::uint8_t>(path, bytes{0, 1, 255, 0}, {2, 2});
  CHECK_THROWS_MESSAGE(hint::data::read_labels(path), hint::format_error,
                       path.string() + ": row 1, column 0 is 255, expected 0 and 1, or -1 and +1");
}

TEST_CASE("labels that are fractions or no numbers are refused with their place") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "labels.npy";
  const auto refused = [&](double value) {
    hint::io::write_npy<double>(path, std::vector<double>{0, 1, value, 0}, {2, 2});
    return hint_tests::message_of<hint::format_error>([&] { (void)hint::data::read_labels(path); });
  };
  const std::string expected = ", expected 0 and 1, or -1 and +1";
  CHECK(refused(0.5) == path.string() + ": row 1, column 0 is 0.5" + expected);
  CHECK(refused(std::nan("")) == path.string() + ": row 1, column 0 is nan" + expected);
  hint::io::write_npy<double>(path, std::vector<double>{1}, {});
  CHECK_THROWS_MESSAGE(hint::data::read_labels(path), hint::format_error,
                       path.string() +
                           ": labels have shape (), expected n x classes of 0 and 1, "
                           "or n class numbers");
}

TEMPLATE_TEST_CASE("a vector or a column is the class of each row", "", std::uint16_t, std::int64_t,
                   float, double) {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "labels.npy";
  const auto read = [&](const std::vector<TestType>& values) {
    hint::io::write_npy<TestType>(path, values, {values.size()});
    return hint::data::read_labels(path);
  };
  CHECK(read({2, 0, 2}) == bits_of({{0, 0, 1}, {1, 0, 0}, {0, 0, 1}}));
  CHECK(read({0, 0}) == bits_of({{1}, {1}}));
  hint::io::write_npy<TestType>(path, std::vector<TestType>{1, 0, 2}, {3, 1});
  CHECK(hint::data::read_labels(path) == bits_of({{0, 1, 0}, {1, 0, 0}, {0, 0, 1}}));
  CHECK(read({}).size() == 0);
  const code_set many = read({4999, 0, 65});
  CHECK(many.bits() == 5000);
  CHECK((many.bit(0, 4999) && many.bit(1, 0) && many.bit(2, 65)));
}

TEST_CASE("what is no class number is refused, with what makes one of it") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "labels.npy";
  const std::string expected =
      ", expected a class number from 0 to 65535 (numpy.unique(labels, return_inverse=True)[1] "
      "makes them of others)";
  for (const auto& [value, text] : std::vector<std::pair<double, std::string>>{
           {-1, "-1"}, {0.5, "0.5"}, {65536, "65536"}, {std::nan(""), "nan"}}) {
    hint::io::write_npy<double>(path, std::vector<double>{3, value}, {2});
    CHECK_THROWS_MESSAGE(hint::data::read_labels(path), hint::format_error,
                         path.string() + ": row 1 is " + text + expected);
  }
  hint::io::write_npy<double>(path, std::vector<double>{65535}, {1});
  CHECK(hint::data::read_labels(path).bits() == 65536);

  std::string names("\x93NUMPY\1\0", 8);  // two names of two characters
  const std::string header = "{'descr': '<U2', 'fortran_order': False, 'shape': (2,), }\n";
  names += {static_cast<char>(header.size()), '\0'};
  hint_tests::write_file(path, names + header + std::string(16, 'a'));
  CHECK_THROWS_MESSAGE(
      hint::data::read_labels(path), hint::format_error,
      path.string() +
          ": element type is '<U2', expected '<' or '>' with b1, i1, i2, i4, i8, u1, u2, u4, u8, "
          "f2, f4 or f8 (text; numpy.unique(names, return_inverse=True)[1] makes class numbers of "
          "names)");
}

TEST_CASE("twenty thousand classes are read, selected and compared like few") {
  constexpr std::size_t classes = 20000, rows = 40;
  const hint_tests::temporary_folder folder;
  const auto path = folder / "labels.npy";
  bytes multi_hot(rows * classes, 0);
  const hint::random_stream random(3, 0);
  for (std::size_t i = 0; i < rows; ++i)  // one of eight classes each, far apart
    multi_hot[i * classes + 2800 * random.below(i, 8)] = 1;
  hint::io::write_npy<std::uint8_t>(path, multi_hot, {rows, classes});
  const code_set labels = hint::data::read_labels(path);
  CHECK(labels.bits() == classes);
  CHECK(labels == hint::data::pack_labels(multi_hot, classes));
  const hint::data::row_selection half({1, 3, 5, 39}, rows);
  const code_set queries = hint::data::select(labels, half);
  const hint::eval::shared_label judgements{queries, labels};
  for (std::size_t q = 0; q < queries.size(); ++q)
    for (std::size_t i = 0; i < rows; ++i) {
      bool shared = false;
      for (std::size_t c = 0; c < classes; ++c)
        shared =
            shared || (multi_hot[half[q] * classes + c] != 0 && multi_hot[i * classes + c] != 0);
      CHECK(judgements.relevant(q, i) == shared);
    }
  // Equal codes for equal labels: all relevant rows are found first.
  code_set codes(3, rows);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t b = 0; b < 3; ++b) codes.set_bit(i, b, (random.below(i, 8) >> b & 1) != 0);
  const code_set asked = hint::data::select(codes, half);
  CHECK(hint::eval::run(hint::eval::average_precision{}, asked, codes, judgements).value ==
        Approx(1));
  CHECK_THROWS_MESSAGE(
      hint::eval::run(hint::eval::average_precision{}, queries, labels, judgements),
      hint::invalid_argument, "code_blocks: codes have 20000 bits, expected 1 to 16384");
}

TEST_CASE("the labels of real data") {
  const auto folder = hint_tests::data_folder("mirflickr20k");
  if (!folder) return;
  const code_set labels = hint::data::read_labels(*folder / "labels.npy");
  CHECK(labels.size() == 13218);
  CHECK(labels.bits() == 24);
}

TEST_CASE("labels that floats would round are no labels") {
  const hint_tests::temporary_folder folder;
  const auto file = folder / "labels.npy";
  hint::io::write_npy<std::int64_t>(file, std::vector<std::int64_t>{1, 0, 16777217, 0}, {2, 2});
  CHECK_THROWS_MESSAGE(
      hint::data::read_labels(file), hint::format_error,
      file.string() + ": row 1, column 0 is 16777217, expected 0 and 1, or -1 and +1");
  hint::io::write_npy<double>(file, std::vector<double>{1, 0, 1 + 1e-12, 0}, {2, 2});
  CHECK_THROWS_AS(hint::data::read_labels(file), hint::format_error);
}
