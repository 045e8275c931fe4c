// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <limits>
#include <utility>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/any_hasher.hpp>
#include <hint/learn/kernel_hasher.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace hint;
using learn::anchored_kernel;
using learn::kernel_hasher;
using learn::kernel_kind;

const hint_tests::clustered_pairs pairs(200, 4, 1);

kernel_hasher::projection projection(modality m, Eigen::Index bits,
                                     kernel_kind kind = kernel_kind::gaussian) {
  const data::block rows(pairs.features[index_of(m)]);
  const std::vector<data::row_id> anchors{3, 1, 4, 15, 92};
  kernel_hasher::projection p;
  p.kernel = anchored_kernel::fit(rows, anchors, kind,
                                  data::normalizer::fit(rows, data::scaling::none), 1, "x");
  p.weights = hint_tests::random_matrix<float>(bits, 5, 7 + index_of(m));
  p.thresholds = hint_tests::random_matrix<float>(bits, 1, 9 + index_of(m));
  return p;
}
kernel_hasher model(Eigen::Index bits = 70) {
  return kernel_hasher({projection(image, bits), projection(text, bits)});
}

}  // namespace

TEST_CASE("a kernel hasher projects kernels", "[learn][kernel_hasher]") {
  const kernel_hasher h = model();
  CHECK(h.bits() == 70);
  for (const modality m : modalities) {
    const auto& features = pairs.features[index_of(m)];
    const data::block rows(features);
    CHECK(h.cols(m) == rows.cols());
    linalg::matrix<float> k(200, 5);
    h.get(m).kernel.values(rows, 0, "x", k);
    const Eigen::MatrixXd expected =
        (k.cast<double>() * h.get(m).weights.cast<double>().transpose()).rowwise() -
        h.get(m).thresholds.cast<double>().transpose();
    const linalg::matrix<float> got = h.project(m, rows);
    CHECK((got.cast<double>() - expected).cwiseAbs().maxCoeff() < 1e-5);
    const code_set codes = h.encode(m, rows);
    for (std::size_t i = 0; i < 200; ++i)
      for (std::size_t j = 0; j < 70; ++j)
        REQUIRE(codes.bit(i, j) ==
                (got(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) >= 0));
    CHECK(hint_tests::codes_rows_alone(h, m, features));
    for (const std::size_t threads : {2U, 3U}) {
      thread_pool pool(threads);
      CHECK(h.encode(m, rows, context(pool)) == codes);
    }
    const linalg::sparse_matrix<float> sparse = features.sparseView();
    CHECK(h.encode(m, data::block(sparse)) == codes);
    CHECK(h.encode(m, data::block(linalg::matrix<float>(0, features.cols()))).size() == 0);
  }
}

TEST_CASE("a kernel hasher is saved and loaded", "[learn][kernel_hasher]") {
  kernel_hasher h = model();
  h.set_description("by hand");
  const hint_tests::temporary_folder folder;
  io::save(folder / "h", h);
  const auto same = io::load<kernel_hasher>(folder / "h");
  const auto any = io::load_hasher(folder / "h");
  CHECK(same.description() == "by hand");
  for (const modality m : modalities) {
    const data::block rows(pairs.features[index_of(m)]);
    CHECK(hint_tests::same_bits(same.project(m, rows), h.project(m, rows)));
    CHECK(any.encode(m, rows) == h.encode(m, rows));
  }
  io::save(folder / "again", same);
  CHECK(io::archive_reader(folder / "again").meta("model") == "kernel_hasher");
}

TEST_CASE("what a kernel hasher cannot be, and cannot encode", "[learn][kernel_hasher]") {
  CHECK_THROWS_MESSAGE(kernel_hasher({projection(image, 3), projection(text, 4)}), shape_error,
                       "kernel_hasher: text has 4 x 5 weights and 4 thresholds, expected 3 x 5");
  auto bad = projection(image, 3);
  bad.weights.conservativeResize(3, 4);
  CHECK_THROWS_MESSAGE(kernel_hasher({bad, projection(text, 3)}), shape_error,
                       "kernel_hasher: image has 3 x 4 weights and 3 thresholds, expected 3 x 5");
  const kernel_hasher h = model();
  CHECK_THROWS_MESSAGE(h.encode(image, data::block(pairs.features[1])), shape_error,
                       "encode: image features have 9 columns, the model was trained on 12");
  linalg::matrix<float> x = pairs.features[0];
  x(130, 2) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_MESSAGE(h.encode(image, data::block(x)), invalid_argument,
                       "image: row 130, column 2 is nan, expected finite numbers");
  const kernel_hasher linear(
      {projection(image, 3, kernel_kind::linear), projection(text, 3, kernel_kind::linear)});
  x.row(130).setConstant(3e38F);
  CHECK_THROWS_MESSAGE(linear.encode(image, data::block(x)), invalid_argument,
                       "encode: image: row 130 is too large for the kernel");
}

TEST_CASE("a kernel hasher stops when it is asked to", "[learn][kernel_hasher]") {
  struct patient {
    std::size_t answers;
    bool stop_requested() { return answers == 0 || answers-- == 0; }
  };
  const kernel_hasher h = model();
  const data::block rows(pairs.features[0]);
  const code_set all = h.encode(image, rows);
  for (std::size_t answers = 0; answers < 8; ++answers) {
    patient observer{answers};
    sequential here;
    const code_set some = h.encode(image, rows, context(here, observer));
    REQUIRE(some.size() <= 200);
    for (std::size_t i = 0; i < some.size(); ++i) REQUIRE(some[i][0] == all[i][0]);
    if (answers == 0) CHECK(some.size() == 0);
  }
}
