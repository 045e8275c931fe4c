// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/linear_hasher.hpp>
#include <hint/learn/mlp_hasher.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::image;
using hint::text;
using hint::data::block;
using hint::data::normalizer;
using hint::data::scaling;
using hint::learn::mlp_hasher;
using hint::linalg::matrix;
using network = hint::nn::mlp<float>;

network net(std::size_t inputs, std::size_t bits, std::uint64_t seed) {
  hint::nn::mlp_options o;
  o.hidden = {10};
  return {inputs, bits, o, {seed, 1}};
}
const hint_tests::clustered_pairs data(300, 4, 1);

mlp_hasher untrained(std::size_t bits = 70) {
  const auto d = data.pairs();
  return {
      {normalizer::fit(d.image(), scaling::centered_l2), normalizer::fit(d.text(), scaling::l2)},
      {net(12, bits, 1), net(9, bits, 2)}};
}

TEST_CASE("an mlp hasher scales, forwards and takes signs", "[learn][mlp_hasher]") {
  const mlp_hasher h = untrained();
  CHECK(h.bits() == 70);
  CHECK(h.cols(image) == 12);
  CHECK(h.cols(text) == 9);
  for (const hint::modality m : hint::modalities) {
    const matrix<float>& x = data.features[hint::index_of(m)];
    matrix<float> scaled = x;
    h.scaling(m).apply(scaled);
    matrix<float> expected(300, 70);
    h.network(m).forward(scaled, expected);
    const matrix<float> real = h.project(m, block(x));
    CHECK(hint_tests::same_bits(real, expected));
    CHECK(h.encode(m, block(x)) == hint::learn::binarize(expected));
    CHECK(hint_tests::codes_rows_alone(h, m, x));

    hint::thread_pool pool(3);
    const hint::context ctx(pool);
    CHECK(h.encode(m, block(x), ctx) == hint::learn::binarize(expected));
    CHECK(hint_tests::same_bits(h.project(m, block(x), ctx), expected));
    CHECK(h.encode(m, block(matrix<float>(0, x.cols()))).empty());

    const hint::linalg::sparse_matrix<float> sparse = x.sparseView();
    CHECK(h.encode(m, block(sparse)) == h.encode(m, block(x)));
  }
}

TEST_CASE("an mlp hasher survives a file", "[learn][mlp_hasher]") {
  const hint_tests::temporary_folder folder;
  mlp_hasher h = untrained();
  h.set_description("pairs of = signs,\nand a line");
  hint::io::save(folder / "h.hint", h);
  const auto loaded = hint::io::load<mlp_hasher>(folder / "h.hint");
  CHECK(loaded.description() == h.description());
  for (const hint::modality m : hint::modalities) {
    const block x(data.features[hint::index_of(m)]);
    CHECK(loaded.encode(m, x) == h.encode(m, x));
    CHECK(hint_tests::same_bits(loaded.project(m, x), h.project(m, x)));
  }
}

TEST_CASE("models of another kind are told apart", "[learn][mlp_hasher]") {
  const hint_tests::temporary_folder folder;
  using hint::learn::linear_hasher;
  std::array<linear_hasher::projection, 2> p;
  for (auto& projection : p) {
    projection.weights = matrix<float>::Ones(8, 3);
    projection.thresholds = hint::linalg::vector<float>::Ones(8);
  }
  hint::io::save(folder / "linear.hint", linear_hasher(p));
  hint::io::save(folder / "mlp.hint", untrained());
  CHECK_THROWS_MESSAGE(
      hint::io::load<mlp_hasher>(folder / "linear.hint"), hint::format_error,
      (folder / "linear.hint").string() + ": the model is a linear_hasher, expected mlp_hasher");
  CHECK_THROWS_MESSAGE(
      hint::io::load<linear_hasher>(folder / "mlp.hint"), hint::format_error,
      (folder / "mlp.hint").string() + ": the model is a mlp_hasher, expected linear_hasher");
}

TEST_CASE("an mlp hasher refuses what does not fit", "[learn][mlp_hasher]") {
  const mlp_hasher h = untrained();
  matrix<float> x = matrix<float>::Zero(300, 9);
  CHECK_THROWS_MESSAGE(h.encode(image, block(x)), hint::shape_error,
                       "encode: image features have 9 columns, the model was trained on 12");
  x(280, 3) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_MESSAGE(h.encode(text, block(x)), hint::invalid_argument,
                       "text: row 280, column 3 is nan, expected finite numbers");
  CHECK_THROWS_AS(h.project(text, block(x)), hint::invalid_argument);

  const auto make = [&](std::size_t cols, std::size_t bits) {
    return mlp_hasher({h.scaling(image), h.scaling(text)}, {net(cols, 70, 1), net(9, bits, 2)});
  };
  CHECK_THROWS_MESSAGE(make(11, 70), hint::shape_error,
                       "mlp_hasher: the image scaling has 12 columns, the network takes 11");
  CHECK_THROWS_MESSAGE(make(12, 64), hint::shape_error,
                       "mlp_hasher: image codes of 70 bits, text codes of 64");
}

TEST_CASE("codes of huge rows are right, or an error names the row", "[learn][mlp_hasher]") {
  const auto d = data.pairs();
  const auto hasher = [&](scaling how) {
    return mlp_hasher({normalizer::fit(d.image(), how), normalizer::fit(d.text(), how)},
                      {net(12, 70, 1), net(9, 70, 2)});
  };
  const mlp_hasher as_they_are = hasher(scaling::none);
  matrix<float> x = data.features[0].topRows(20);
  for (const float unit : {1e10F, 1e20F, 1e30F, 3e37F}) {
    CAPTURE(unit);
    matrix<float> huge = x * unit;
    if (!huge.allFinite()) huge = huge.cwiseMax(-3e38F).cwiseMin(3e38F);
    const hint::code_set codes = as_they_are.encode(image, block(huge));
    const auto& n = as_they_are.network(image);
    hint::nn::mlp<double> wide(12, 70, n.options(), {0, 0});
    std::copy(n.parameters().begin(), n.parameters().end(), wide.parameters().begin());
    matrix<double> expected(20, 70);
    wide.forward(matrix<double>(huge.cast<double>()), expected);
    std::size_t wrong = 0;
    for (Eigen::Index i = 0; i < 20; ++i)
      for (Eigen::Index j = 0; j < 70; ++j)
        wrong += codes.bit(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) !=
                 (expected(i, j) >= 0);
    CHECK(wrong == 0);
    for (const scaling how : {scaling::l2, scaling::centered_l2, scaling::tf_idf}) {
      const mlp_hasher h = hasher(how);
      CHECK(h.project(image, block(huge)).allFinite());
    }
  }
  // A column of training that hardly varied, and a row far beyond it.
  matrix<float> narrow = data.features[0];
  narrow.col(4) *= 1e-6F;
  const mlp_hasher z({normalizer::fit(block(narrow), scaling::z_score),
                      normalizer::fit(d.text(), scaling::z_score)},
                     {net(12, 70, 1), net(9, 70, 2)});
  narrow(278, 4) = -3e38F;
  CHECK_THROWS_MESSAGE(z.encode(image, block(narrow)), hint::invalid_argument,
                       "encode: image: row 278, column 4 is -inf after the scaling z_score, "
                       "expected a number that float can hold");
  narrow(278, 4) = -3e30F;
  CHECK(z.project(image, block(narrow)).allFinite());
}

}  // namespace

TEST_CASE("a code of a wide row depends on that row alone", "[learn][mlp_hasher]") {
  constexpr std::size_t cols = 4096, bits = 64;
  hint::nn::mlp_options o;
  o.hidden = {};
  network linear(cols, bits, o, {1, 1});
  std::size_t k = 0;  // weights and numbers whose sums depend on the order of adding
  for (float& w : linear.parameters()) w = 0.1F * static_cast<float>(k++ * 7919 % 9) - 0.4F;
  matrix<float> x = matrix<float>::Zero(60, cols);
  for (int i = 0; i < 60; ++i)
    for (int j = 0; j < (i < 20 ? 70 : 5); ++j)
      x(i, j * 58 + i % 50) = static_cast<float>(1 + i * j % 3);
  for (const scaling how : {scaling::none, scaling::l2, scaling::centered_l2, scaling::z_score}) {
    CAPTURE(how);
    const normalizer scale = normalizer::fit(block(x), how);
    const mlp_hasher model({scale, scale}, {linear, linear});
    const auto sparse = [](const matrix<float>& rows) {
      return block(hint::linalg::sparse_matrix<float>(rows.sparseView()));
    };
    const auto codes = model.encode(text, sparse(x));
    CHECK(model.encode(text, block(x)) == codes);
    matrix<float> huge = x;
    huge(40, 9) = 1e20F;
    const auto beside_huge = model.encode(text, sparse(huge));
    for (std::size_t i = 0; i < 60; ++i) {
      CAPTURE(i);
      const matrix<float> row = x.row(static_cast<Eigen::Index>(i));
      CHECK(model.encode(text, sparse(row)) == hint::code_set(codes.view().slice(i, 1)));
      if (i != 40) CHECK(std::ranges::equal(beside_huge[i], codes[i]));
    }
  }
}
