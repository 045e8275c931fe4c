// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <hint/data/read_set.hpp>
#include <hint/io/npy.hpp>
#include <hint/learn/cvh.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::image;
using hint::text;
using hint::data::block;
using hint::data::read_set;
using hint::data::set_files;
using hint_tests::dense_of;
using hint_tests::matrix_of;
using hint_tests::same_bits;
using bytes = std::vector<std::uint8_t>;
using int64s = std::vector<std::int64_t>;

/// Five items: images are 0 .. 4, texts ten times that.
class five_items {
 public:
  five_items() {
    write<float>("image.npy", {0, 1, 2, 3, 4}, {5, 1});
    write<std::int32_t>("text.npy", {0, 9, 10, 0, 20, 0, 30, 0, 40, 0}, {5, 2});
    write<std::uint8_t>("labels.npy", {1, 0, 0, 1, 1, 1, 0, 1, 1, 0}, {5, 2});
    write<std::uint8_t>("split.npy", {2, 0, 1, 0, 2}, {5});
    write<std::int16_t>("ids.npy", {100, 101, 102, 103, 104}, {5});
  }
  template <class T>
  void write(const char* name, const std::vector<T>& values,
             const std::vector<std::size_t>& shape) const {
    hint::io::write_npy<T>(path(name), values, shape);
  }
  void remove(const char* name) const { std::filesystem::remove(path(name)); }
  [[nodiscard]] std::filesystem::path path(const char* name) const { return folder_ / name; }
  [[nodiscard]] std::filesystem::path folder() const { return path("image.npy").parent_path(); }
  [[nodiscard]] std::string refusal(const char* name, int rows) const {
    return "read_set: " + path("image.npy").string() + " has 5 rows, " + path(name).string() +
           " has " + std::to_string(rows) + ", expected equally many";
  }

 private:
  hint_tests::temporary_folder folder_;
};

}  // namespace

TEST_CASE("read_set reads a folder and hands out its parts") {
  const five_items files;
  const auto set = read_set(files.folder());
  CHECK(set.size() == 5);
  CHECK(same_bits<float>(dense_of(set.image()), matrix_of({{0}, {1}, {2}, {3}, {4}})));
  CHECK(set.text().cols() == 2);
  CHECK(&set.rows(image) == &set.image());
  CHECK(&set.rows(text) == &set.text());
  CHECK(set.split().marks() == bytes{2, 0, 1, 0, 2});
  CHECK(set.has_labels());
  CHECK(set.labels() == hint::data::pack_labels(bytes{1, 0, 0, 1, 1, 1, 0, 1, 1, 0}, 2));
  CHECK(set.ids() == int64s{100, 101, 102, 103, 104});

  const auto train = set.labelled_train();
  CHECK(same_bits<float>(dense_of(train.image()), matrix_of({{1}, {3}})));
  CHECK(same_bits<float>(dense_of(train.text()), matrix_of({{10, 0}, {30, 0}})));
  CHECK(hint::code_set(train.labels()) == hint::data::pack_labels(bytes{0, 1, 0, 1}, 2));
  CHECK(same_bits<float>(dense_of(set.train().image()), dense_of(train.image())));
  CHECK(same_bits<float>(dense_of(set.train().text()), dense_of(train.text())));

  CHECK(same_bits<float>(dense_of(set.query(image)), matrix_of({{0}, {4}})));
  CHECK(same_bits<float>(dense_of(set.query(text)), matrix_of({{0, 9}, {40, 0}})));
  CHECK(same_bits<float>(dense_of(set.database(image)), matrix_of({{1}, {2}, {3}})));
  CHECK(same_bits<float>(dense_of(set.database(text)), matrix_of({{10, 0}, {20, 0}, {30, 0}})));
  CHECK(set.query_labels() == hint::data::pack_labels(bytes{1, 0, 1, 0}, 2));
  CHECK(set.database_labels() == hint::data::pack_labels(bytes{0, 1, 1, 1, 0, 1}, 2));
  CHECK(set.query_ids() == int64s{100, 104});
  CHECK(set.database_ids() == int64s{101, 102, 103});
}

TEST_CASE("read_set without labels, split and ids") {
  const five_items files;
  for (const char* name : {"labels.npy", "split.npy", "ids.npy"}) files.remove(name);
  const auto set = read_set(files.folder());
  CHECK_FALSE(set.has_labels());
  CHECK(set.split().marks() == bytes(5, 0));
  CHECK(set.train().size() == 5);
  CHECK(set.query(image).rows() == 0);
  CHECK(set.database_ids() == int64s{0, 1, 2, 3, 4});
  const std::string message = "read_set: labels were asked for, but there is no file of labels";
  CHECK_THROWS_MESSAGE(set.labels(), hint::invalid_argument, message);
  CHECK_THROWS_MESSAGE(set.labelled_train(), hint::invalid_argument, message);
  CHECK_THROWS_MESSAGE(set.query_labels(), hint::invalid_argument, message);
  CHECK_THROWS_MESSAGE(set.database_labels(), hint::invalid_argument, message);
  files.remove("text.npy");
  CHECK_THROWS_AS(read_set(files.folder()), hint::io_error);
}

TEST_CASE("read_set takes files by name, sparse if wanted") {
  const five_items files;
  const auto set = read_set({.image = files.path("image.npy"),
                             .text = files.path("text.npy"),
                             .split = files.path("split.npy"),
                             .sparse_text = true});
  CHECK_FALSE(set.has_labels());
  CHECK_FALSE(set.image().is_sparse());
  CHECK(set.text().is_sparse());
  CHECK(same_bits<float>(dense_of(set.query(text)), matrix_of({{0, 9}, {40, 0}})));
  set_files other = set_files::in(files.folder());
  CHECK(other.ids == files.path("ids.npy"));
  CHECK(other.text.text() == files.path("text.npy").string());
  other.sparse_image = true;
  CHECK(read_set(other).image().is_sparse());
}

TEST_CASE("read_set drops the zeros of features that are mostly zero") {
  const five_items files;
  hint_tests::rows_matrix words = hint_tests::rows_matrix::Zero(5, 300);
  words(0, 299) = 2, words(4, 17) = -1;
  hint::io::write_npy<float>(files.path("text.npy"), std::span<const float>(words.data(), 1500),
                             {5, 300});
  const auto set = read_set(files.folder());
  CHECK_FALSE(set.image().is_sparse());
  CHECK(set.text().is_mostly_zero());
  CHECK(same_bits<float>(dense_of(set.text()), words));
  CHECK(set.text().files() == files.path("text.npy").string());
}

TEST_CASE("read_set refuses files of different numbers of rows before it selects") {
  const five_items files;
  SECTION("texts, too many") {
    files.write<float>("text.npy", std::vector<float>(6), {6, 1});
    CHECK_THROWS_MESSAGE(read_set(files.folder()), hint::shape_error, files.refusal("text.npy", 6));
  }
  SECTION("labels") {
    files.write<std::uint8_t>("labels.npy", bytes(8), {4, 2});
    CHECK_THROWS_MESSAGE(read_set(files.folder()), hint::shape_error,
                         files.refusal("labels.npy", 4));
  }
  SECTION("a split that is short") {
    files.write<std::uint8_t>("split.npy", {2, 0, 1, 0}, {4});
    CHECK_THROWS_MESSAGE(read_set(files.folder()), hint::shape_error,
                         files.refusal("split.npy", 4));
  }
  SECTION("ids") {
    files.write<std::int64_t>("ids.npy", int64s(7), {7});
    CHECK_THROWS_MESSAGE(read_set(files.folder()), hint::shape_error, files.refusal("ids.npy", 7));
    files.write<std::int64_t>("ids.npy", int64s(10), {5, 2});
    CHECK_THROWS_MESSAGE(read_set(files.folder()), hint::format_error,
                         files.path("ids.npy").string() +
                             ": ids have shape (5, 2), expected one number for each item, (n,) or "
                             "(n, 1)");
  }
  SECTION("a column that lost its second dimension") {
    files.write<float>("text.npy", {0, 1, 2, 3, 4}, {5});
    CHECK_THROWS_MESSAGE(
        read_set(files.folder()), hint::shape_error,
        files.refusal("text.npy", 1) + " (a vector of n numbers is one row; a column is n x 1)");
  }
  SECTION("class numbers") {
    files.write<std::int64_t>("labels.npy", int64s(4), {4});
    CHECK_THROWS_MESSAGE(read_set(files.folder()), hint::shape_error,
                         files.refusal("labels.npy", 4));
  }
}

TEST_CASE("read_set refuses two rows of one id, wherever they are") {
  const five_items files;
  const auto refused = [&](const int64s& ids, const std::string& rows) {
    files.write<std::int64_t>("ids.npy", ids, {5});
    CHECK_THROWS_MESSAGE(
        read_set(files.folder()), hint::format_error,
        files.path("ids.npy").string() + ": rows " + rows + ", expected different ones");
  };
  constexpr auto least = (std::numeric_limits<std::int64_t>::min)();
  refused({1, 2, 3, 3, 4}, "2 and 3 have the same id, 3");
  refused({7, 2, 9, 0, 7}, "0 and 4 have the same id, 7");
  refused({5, 5, 5, 1, 1}, "3 and 4 have the same id, 1");  // the smallest id, its first two rows
  refused({least, 0, 1, 2, least}, "0 and 4 have the same id, -9223372036854775808");
  files.write<std::int64_t>("ids.npy", {4, -1, 3, 0, least}, {5});  // in any order
  CHECK(read_set(files.folder()).ids() == int64s{4, -1, 3, 0, least});
}

TEST_CASE("read_set reads columns as vectors, classes by number, and endings in capitals") {
  const five_items files;
  files.write<std::int64_t>("ids.npy", {5, 6, 7, 8, 9}, {5, 1});
  files.write<std::int32_t>("split.npy", {0, 0, 1, 2, 2}, {5, 1});
  files.write<double>("labels.npy", {2, 0, 1, 1, 2}, {5});
  for (const char* name : {"image", "labels", "split"})
    std::filesystem::rename(files.path((name + std::string(".npy")).c_str()),
                            files.path((name + std::string(".NPY")).c_str()));
  const auto set = read_set(files.folder());
  CHECK(set.ids() == int64s{5, 6, 7, 8, 9});
  CHECK(set.split().marks() == bytes{0, 0, 1, 2, 2});
  CHECK(set.labels() == hint::data::one_hot_labels(std::vector<std::uint32_t>{2, 0, 1, 1, 2}, 3));
}

TEST_CASE("read_set refuses a split or labels that are meant to be there and are not") {
  const five_items files;
  for (const char* name : {"split.npy", "labels.npy", "ids.npy"}) {
    std::filesystem::rename(files.path(name), files.path("away"));
    std::filesystem::create_symlink("gone", files.path(name));
    CHECK_THROWS_MESSAGE(
        read_set(files.folder()), hint::io_error,
        "cannot open " + files.path(name).string() + ": No such file or directory");
    std::filesystem::rename(files.path("away"), files.path(name));
  }
  CHECK(read_set(files.folder()).size() == 5);
}

TEST_CASE("read_set refuses labels, split and ids in several files") {
  for (const char* name : {"labels", "split", "ids"}) {
    const five_items files;
    const std::string whole = std::string(name) + ".npy", part = std::string(name) + "-0.npy";
    std::filesystem::rename(files.path(whole.c_str()), files.path(part.c_str()));
    CHECK_THROWS_WITH(set_files::in(files.folder()),
                      files.folder().string() + ": has " + part + " but no " + whole +
                          "; only image and text may be in several files");
  }
}

TEST_CASE("a learner names file and row of what is no number, not the row of the selection") {
  const five_items files;
  files.write<float>("image.npy", {0, 1, 2, std::numeric_limits<float>::infinity(), 4}, {5, 1});
  const auto set = read_set(files.folder());  // row 3 is the second that trains
  CHECK_THROWS_MESSAGE(hint::learn::cvh{{.bits = 1}}.fit(set.train()), hint::invalid_argument,
                       "image: row 3 of " + files.path("image.npy").string() +
                           ", column 0 is inf, expected finite numbers");
}

TEST_CASE("read_set joins shards, and names them when their rows are too few") {
  const five_items files;
  files.remove("image.npy");
  files.write<float>("image-0.npy", {0, 1, 2}, {3, 1});
  files.write<float>("image-1.npy", {3, 4}, {2, 1});
  const auto set = read_set(files.folder());
  CHECK(same_bits<float>(dense_of(set.image()), matrix_of({{0}, {1}, {2}, {3}, {4}})));
  CHECK(same_bits<float>(dense_of(set.query(image)), matrix_of({{0}, {4}})));
  files.remove("image-1.npy");  // as after a copy that broke off
  CHECK_THROWS_MESSAGE(read_set(files.folder()), hint::shape_error,
                       "read_set: " + files.path("image-0.npy").string() + " has 3 rows, " +
                           files.path("text.npy").string() + " has 5, expected equally many");
  files.write<float>("image-1.npy", {3}, {1, 1});
  CHECK_THROWS_MESSAGE(read_set(files.folder()), hint::shape_error,
                       "read_set: " + files.path("image-0.npy").string() + " to " +
                           files.path("image-1.npy").string() + " (2 files) has 4 rows, " +
                           files.path("text.npy").string() + " has 5, expected equally many");
}

TEST_CASE("read_set of real data, whole and with ten rows too many") {
  const auto folder = hint_tests::data_folder("uci_digits");
  if (!folder) return;
  const auto set = read_set(*folder);
  CHECK(set.size() == 2000);
  CHECK(set.image().cols() == 76);
  CHECK(set.text().cols() == 64);
  CHECK(set.labels().bits() == 10);
  CHECK(set.train().size() == set.split().train.size());
  CHECK(set.query(image).rows() + set.database(image).rows() == 2000);

  const hint_tests::temporary_folder other;
  auto rows = hint::io::read_npy<float>(*folder / "image.npy");
  rows.values.insert(rows.values.begin(), 10 * 76, 0.0F);  // as after a wrong export
  rows.shape[0] += 10;
  set_files files = set_files::in(*folder);
  const auto image_path = other / "image.npy";
  files.image = image_path;
  hint::io::write_npy(image_path, rows);
  CHECK_THROWS_MESSAGE(read_set(files), hint::shape_error,
                       "read_set: " + image_path.string() + " has 2010 rows, " + files.text.text() +
                           " has 2000, expected equally many");
}
