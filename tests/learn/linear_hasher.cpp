// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/linear_hasher.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::image;
using hint::text;
using hint::learn::linear_hasher;
using hint::linalg::matrix;
using hint_tests::random_matrix;

linear_hasher random_hasher(Eigen::Index bits) {
  std::array<linear_hasher::projection, 2> p;
  for (std::size_t m = 0; m < 2; ++m) {
    p[m].weights = random_matrix<float>(bits, m == 0 ? 12 : 9, m + 1);
    p[m].thresholds = random_matrix<float>(bits, 1, m + 3);
  }
  return linear_hasher(std::move(p));
}

TEST_CASE("a linear hasher's bit is the sign of w x - t", "[learn][linear_hasher]") {
  const linear_hasher h = random_hasher(70);
  CHECK(h.bits() == 70);
  CHECK(h.cols(image) == 12);
  CHECK(h.cols(text) == 9);
  for (const hint::modality m : hint::modalities) {
    const auto x = random_matrix<float>(300, static_cast<Eigen::Index>(h.cols(m)), 9);
    const hint::code_set codes = h.encode(m, hint::data::block(x));
    const auto& p = h.get(m);
    std::size_t wrong = 0;
    for (Eigen::Index i = 0; i < 300; ++i)
      for (Eigen::Index j = 0; j < 70; ++j) {
        double sum = -static_cast<double>(p.thresholds(j));
        for (Eigen::Index c = 0; c < x.cols(); ++c)
          sum += static_cast<double>(p.weights(j, c)) * static_cast<double>(x(i, c));
        if (std::abs(sum) > 1e-4 &&
            codes.bit(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) != (sum > 0))
          ++wrong;
      }
    CHECK(wrong == 0);
    CHECK(hint_tests::codes_rows_alone(h, m, x));
    hint::thread_pool pool(3);
    CHECK(h.encode(m, hint::data::block(x), hint::context(pool)) == codes);
    CHECK(h.encode(m, hint::data::block(matrix<float>(0, x.cols()))).empty());
  }
}

TEST_CASE("a linear hasher survives a file", "[learn][linear_hasher]") {
  const hint_tests::temporary_folder folder;
  linear_hasher h = random_hasher(33);
  h.set_description("cvh, seed 3\nand a line");
  hint::io::save(folder / "h.hint", h);
  const auto loaded = hint::io::load<linear_hasher>(folder / "h.hint");
  CHECK(loaded.description() == "cvh, seed 3\nand a line");
  for (const hint::modality m : hint::modalities) {
    CHECK(hint_tests::same_bits(loaded.get(m).weights, h.get(m).weights));
    CHECK(loaded.get(m).thresholds == h.get(m).thresholds);
  }
}

TEST_CASE("a linear hasher's file of the first version has no description", "[learn]") {
  const hint_tests::temporary_folder folder;
  hint::io::archive_writer writer(hint::io::model_kind);
  writer.meta("model", "linear_hasher");
  writer.meta("bits", 2);
  for (const char* m : {"image", "text"}) {
    writer.array(std::string(m) + ".weights", std::vector<float>{1, 2, 3, 4, 5, 6}, 2, 3);
    writer.array(std::string(m) + ".thresholds", std::vector<float>{7, 8}, 1, 2);
  }
  writer.save(folder / "h.hint");
  const auto loaded = hint::io::load<linear_hasher>(folder / "h.hint");
  CHECK(loaded.description().empty());
  CHECK(loaded.get(text).weights(1, 0) == 4);
}

TEST_CASE("a linear hasher refuses what does not fit", "[learn][linear_hasher]") {
  const linear_hasher h = random_hasher(8);
  matrix<float> x = matrix<float>::Zero(4, 12);
  CHECK_THROWS_MESSAGE(h.encode(text, hint::data::block(x)), hint::shape_error,
                       "encode: text features have 12 columns, the model was trained on 9");
  x(2, 7) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_MESSAGE(h.encode(image, hint::data::block(x)), hint::invalid_argument,
                       "image: row 2, column 7 is inf, expected finite numbers");

  std::array<linear_hasher::projection, 2> p{h.get(image), h.get(text)};
  p[1].thresholds.conservativeResize(7);
  CHECK_THROWS_MESSAGE(linear_hasher(p), hint::shape_error,
                       "linear_hasher: text has 8 weights, 7 thresholds, expected 8");
}

TEST_CASE("a linear hasher's center lets features lie far from 0", "[learn][linear_hasher]") {
  const auto w = random_matrix<float>(40, 12, 1), rows = random_matrix<float>(200, 12, 2);
  for (const float offset : {1e3F, 1e6F}) {
    std::array<linear_hasher::projection, 2> p;
    for (auto& one : p) {
      one.weights = w;
      one.thresholds = random_matrix<float>(40, 1, 3);
      one.center = hint::linalg::row_vector<float>::Constant(12, offset);
    }
    const linear_hasher h(p);
    const matrix<float> x = rows.array() + offset;
    const hint::code_set codes = h.encode(image, hint::data::block(x));
    std::size_t wrong = 0;
    for (Eigen::Index i = 0; i < 200; ++i)
      for (Eigen::Index j = 0; j < 40; ++j) {
        double sum = -static_cast<double>(p[0].thresholds(j));
        for (Eigen::Index c = 0; c < 12; ++c)
          sum += static_cast<double>(w(j, c)) *
                 (static_cast<double>(x(i, c)) - static_cast<double>(offset));
        wrong += std::abs(sum) > 1e-5 &&
                 codes.bit(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) != (sum > 0);
      }
    CHECK(wrong == 0);
    CHECK(hint_tests::codes_rows_alone(h, image, x));
    const hint_tests::temporary_folder folder;
    hint::io::save(folder / "h.hint", h);
    const auto loaded = hint::io::load<linear_hasher>(folder / "h.hint");
    CHECK(loaded.get(text).center == p[1].center);
    CHECK(loaded.encode(image, hint::data::block(x)) == codes);
    p[1].center.conservativeResize(11);
    CHECK_THROWS_MESSAGE(linear_hasher(p), hint::shape_error,
                         "linear_hasher: text has a center of 11 numbers, expected 12");
  }
}

TEST_CASE("a linear hasher's codes of huge rows are right", "[learn][linear_hasher]") {
  const linear_hasher h = random_hasher(40);
  const auto x = random_matrix<float>(60, 12, 4);
  auto p = h.get(image);
  p.thresholds.setZero();
  p.center = random_matrix<float>(1, 12, 5).row(0);
  const linear_hasher centered({p, h.get(text)});
  // Beside rows so long a threshold is nothing: the code is that of the direction.
  p.center.setZero();
  const hint::code_set expected =
      linear_hasher({p, h.get(text)}).encode(image, hint::data::block(x));
  for (const float unit : {1e30F, 8e37F}) {
    const hint::data::block rows(matrix<float>(x * unit));
    CHECK(h.encode(image, rows) == expected);
    CHECK(centered.encode(image, rows) == expected);
    CHECK(h.encode(image, hint::data::block(hint::linalg::sparse_matrix<float>(
                              matrix<float>(x * unit).sparseView()))) == expected);
  }
  p.weights(3, 2) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_MESSAGE(
      linear_hasher({p, h.get(text)})
          .encode(image, hint::data::block(matrix<float>(matrix<float>::Ones(2, 12)))),
      hint::invalid_argument,
      "encode: image: row 0 has no bit 3, expected a model of finite numbers");
}

TEST_CASE("encode gives the first codes when it is asked to stop", "[learn][linear_hasher]") {
  std::array<linear_hasher::projection, 2> p;
  for (auto& each : p) {
    each.weights = matrix<float>::Identity(3, 3);
    each.thresholds.setZero(3);
  }
  const linear_hasher model(p);
  const hint::data::block rows(matrix<float>(matrix<float>::Random(600, 3)));
  struct patient {
    std::size_t answers;
    bool stop_requested() { return answers == 0 || answers-- == 0; }
  };
  const hint::code_set all = model.encode(hint::image, rows);
  // Asked before the check of the rows (two parts), and before each 256 of them are encoded.
  for (const auto& [answers, done] :
       std::array<std::array<std::size_t, 2>, 2>{{{0, 0}, {100, 600}}}) {
    patient observer{answers};
    hint::sequential here;
    const hint::code_set some = model.encode(hint::image, rows, hint::context(here, observer));
    CHECK(some == hint::code_set(all.view().slice(0, done)));
  }
}

}  // namespace
