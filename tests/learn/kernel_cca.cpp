// SPDX-License-Identifier: MIT
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/SVD>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/kernel_cca.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace hint;
using data::block;
using data::paired;
using learn::kernel_cca;
using learn::kernel_cca_options;
using learn::kernel_hasher;
using learn::kernel_kind;
using dense = Eigen::MatrixXd;

dense centered(const dense& x) { return x.rowwise() - x.colwise().mean(); }
/// Exact canonical correlations of centred kernels K and Q (n x n) with K^2 + kappa s K: K = F F^T gives features F
/// whose regularised covariance F^T F + kappa s I has a Cholesky factor.
dense exact_correlations(const std::array<dense, 2>& kernels, double kappa) {
  std::array<dense, 2> f;
  std::array<Eigen::LLT<dense>, 2> root;
  for (std::size_t m = 0; m < 2; ++m) {
    const dense k = centered(dense(centered(kernels[m]).transpose()));
    const Eigen::SelfAdjointEigenSolver<dense> e(k);
    f[m] = e.eigenvectors() * e.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal();
    dense c = f[m].transpose() * f[m];
    c.diagonal().array() += kappa * e.eigenvalues().maxCoeff();
    root[m].compute(c);
  }
  dense t = root[0].matrixL().solve(dense(f[0].transpose() * f[1]));
  t = root[1].matrixL().solve(dense(t.transpose()));
  return Eigen::JacobiSVD<dense>(t).singularValues();
}
/// Kernel values among all training rows, by the model's own kernel, whose anchors are these rows in random order.
dense kernel_of(const kernel_hasher& h, modality m, const linalg::matrix<float>& x) {
  const auto n = static_cast<std::uint32_t>(x.rows());
  linalg::matrix<float> k(x.rows(), x.rows());
  h.get(m).kernel.values(block(x), 0, "x", k);
  const auto order = permutation(n, context().random("kernel cca anchors"));
  dense out(x.rows(), x.rows());
  for (std::uint32_t j = 0; j < n; ++j) out.col(order[j]) = k.col(j).cast<double>();
  return out;
}
double mean_rank_of_own(const kernel_hasher& h, const hint_tests::clustered_pairs& d) {
  const code_set a = h.encode(image, block(d.features[0])),
                 b = h.encode(text, block(d.features[1]));
  double before = 0;
  const auto distance = [&](std::size_t i, std::size_t j) {
    int sum = 0;
    for (std::size_t w = 0; w < a.words_per_code(); ++w) sum += std::popcount(a[i][w] ^ b[j][w]);
    return sum;
  };
  for (std::size_t i = 0; i < d.size; ++i)
    for (std::size_t j = 0; j < d.size; ++j) before += distance(i, j) < distance(i, i) ? 1 : 0;
  return before / static_cast<double>(d.size * d.size);
}

}  // namespace

TEST_CASE("with all rows as anchors the correlations are those of kernel CCA",
          "[learn][kernel_cca]") {
  // The functions a of images and b of texts are scaled by their correlations rho, so a^T K Q b = rho^3, and
  // with as many bits as directions a rotation of both that keeps singular values.
  const hint_tests::clustered_pairs d(60, 5, 1);
  for (const kernel_kind kind : {kernel_kind::linear, kernel_kind::gaussian})
    for (const double kappa : {0.1, 1.0}) {
      CAPTURE(learn::kernel_names[static_cast<std::size_t>(kind)], kappa);
      kernel_cca_options o;
      o.bits = o.directions = 5;
      o.regularization = kappa;
      o.kernel = {kind, kind};
      o.scaling = {data::scaling::none, data::scaling::none};
      const kernel_hasher h = kernel_cca(o).fit(d.pairs());
      const dense expected = exact_correlations(
          {kernel_of(h, image, d.features[0]), kernel_of(h, text, d.features[1])}, kappa);
      const dense p = centered(h.project(image, block(d.features[0])).cast<double>());
      const dense q = centered(h.project(text, block(d.features[1])).cast<double>());
      const Eigen::JacobiSVD<dense> found(dense(p.transpose() * q));
      for (Eigen::Index i = 0; i < 5; ++i)
        CHECK(found.singularValues()(i) == Approx(std::pow(expected(i), 3)).epsilon(1e-3));
      CHECK(expected(0) < 0.999);  // regularised
      CHECK(p.cwiseAbs().maxCoeff() > 1e-3);
    }
}

TEST_CASE("kernel CCA finds own pairs better than chance", "[learn][kernel_cca]") {
  const hint_tests::clustered_pairs train(300, 5, 1), held_out(100, 5, 2);
  const kernel_hasher h = kernel_cca({.bits = 32}).fit(train.pairs());
  CHECK(mean_rank_of_own(h, held_out) < 0.3);
  kernel_cca_options few;
  few.bits = 32;
  few.anchors = 60;
  few.components = 20;
  const kernel_hasher small_model = kernel_cca(few).fit(train.pairs());
  CHECK(small_model.get(image).kernel.size() == 60);
  CHECK(mean_rank_of_own(small_model, held_out) < 0.35);
}

TEST_CASE("kernel CCA: same bits for any number of threads, and after a file",
          "[learn][kernel_cca]") {
  const hint_tests::clustered_pairs d(300, 5, 6);
  kernel_cca_options o;
  o.bits = 70;
  o.directions = 20;
  o.anchors = 150;
  const kernel_hasher one = kernel_cca(o).fit(d.pairs());
  CHECK(one.bits() == 70);
  for (const std::size_t threads : {2U, 3U}) {
    thread_pool pool(threads);
    const kernel_hasher h = kernel_cca(o).fit(d.pairs(), context(pool));
    for (const modality m : modalities) {
      CHECK(hint_tests::same_bits(h.get(m).weights, one.get(m).weights));
      CHECK(h.get(m).thresholds == one.get(m).thresholds);
    }
  }
  context other;
  other.seed = 1;
  CHECK(!hint_tests::same_bits(kernel_cca(o).fit(d.pairs(), other).get(image).weights,
                               one.get(image).weights));
  for (const modality m : modalities)
    CHECK(hint_tests::codes_rows_alone(one, m, d.features[index_of(m)]));
  const hint_tests::temporary_folder folder;
  io::save(folder / "k.hint", one);
  CHECK(io::load<kernel_hasher>(folder / "k.hint").encode(text, d.pairs().text()) ==
        one.encode(text, d.pairs().text()));
  CHECK(one.description() ==
        "kernel CCA: bits 70, directions 20, kernels gaussian and gaussian, regularization 0.1, "
        "150 anchors of 300 pairs, seed 0");
}

TEST_CASE("kernel CCA chooses kernels by the features", "[learn][kernel_cca]") {
  hint_tests::clustered_pairs d(40, 4, 1);
  d.features[1] = d.features[1].cwiseAbs();
  const kernel_hasher h = kernel_cca({.bits = 8}).fit(d.pairs());
  CHECK(h.get(image).kernel.kind() == kernel_kind::gaussian);
  CHECK(h.get(image).kernel.scaling() == data::scaling::centered_l2);
  CHECK(h.get(text).kernel.kind() == kernel_kind::hellinger);
  // Sparse text of very many columns stays sparse.
  std::vector<Eigen::Triplet<float>> numbers;
  for (int i = 0; i < 40; ++i)
    for (int c = 0; c < 9; ++c) numbers.emplace_back(i, 11111 * c, d.features[1](i, c));
  linalg::sparse_matrix<float> wide(40, 100000);
  wide.setFromTriplets(numbers.begin(), numbers.end());
  const kernel_hasher w = kernel_cca({.bits = 8}).fit(paired<>(block(d.features[0]), block(wide)));
  CHECK(w.get(text).kernel.is_sparse());
  CHECK(w.encode(text, block(wide)).size() == 40);
  // One positive column: shares say nothing, numbers do.
  linalg::matrix<float> one = d.features[1].leftCols(1);
  const kernel_hasher single = kernel_cca({.bits = 8}).fit(paired<>(block(one), block(one)));
  CHECK(single.get(image).kernel.scaling() == data::scaling::homogeneous);
  const code_set codes = single.encode(image, block(one));
  std::size_t other = 0;
  for (std::size_t i = 0; i < 40; ++i)
    if (codes[i][0] != codes[0][0]) ++other;
  CHECK(other > 10);
}

TEST_CASE("kernel CCA on data at its ends", "[learn][kernel_cca]") {
  const auto a = hint_tests::random_matrix<float>(5, 12, 1);
  std::vector<std::string> notes;
  struct listener {
    std::vector<std::string>& notes;
    void on(const phase_report& r) const {
      if (r.phase == "scale") notes.emplace_back(r.note);
    }
  } observer{notes};
  sequential here;
  const auto fit = [&](const linalg::matrix<float>& x, const linalg::matrix<float>& y) {
    const kernel_hasher h =
        kernel_cca({.bits = 100}).fit(paired<>(block(x), block(y)), context(here, observer));
    for (const modality m : modalities) {
      CHECK(h.get(m).weights.allFinite());
      CHECK(h.get(m).thresholds.allFinite());
      CHECK(h.encode(m, block(m == image ? x : y)).size() == static_cast<std::size_t>(x.rows()));
    }
  };
  fit(a, a.leftCols(3));
  fit(a.topRows(2), a.topRows(2));
  CHECK(notes.empty());
  fit(a, linalg::matrix<float>::Ones(5, 3));
  fit(linalg::matrix<float>::Zero(5, 4), a);
  CHECK(notes == std::vector<std::string>{
                     "text: all 5 rows are equal, so nothing can be learnt from them",
                     "image: all 5 rows are equal, so nothing can be learnt from them"});
  linalg::matrix<float> twice(10, 12);
  twice << a, a;
  fit(twice, twice);  // duplicates
}

TEST_CASE("kernel CCA refuses what it cannot learn from", "[learn][kernel_cca]") {
  kernel_cca_options o;
  o.bits = 0;
  CHECK_THROWS_MESSAGE(kernel_cca(o), invalid_option, "option bits is 0, expected 1 to 16384");
  o = {};
  o.directions = 0;
  CHECK_THROWS_MESSAGE(kernel_cca(o), invalid_option, "option directions is 0, expected 1 to 1024");
  o = {};
  o.anchors = 1;
  CHECK_THROWS_MESSAGE(kernel_cca(o), invalid_option, "option anchors is 1, expected 2 to 8192");
  o = {};
  o.components = 0;
  CHECK_THROWS_MESSAGE(kernel_cca(o), invalid_option, "option components is 0, expected 1 to 8192");
  o = {};
  o.regularization = 0;
  CHECK_THROWS_MESSAGE(kernel_cca(o), invalid_option,
                       "option regularization is 0, expected 1e-06 to 1e+06");
  o = {};
  o.width = {0, 1e4};
  CHECK_THROWS_MESSAGE(kernel_cca(o), invalid_option,
                       "option width is 10000, expected 0.001 to 1000");
  o = {};
  o.rotation_rounds = 1001;
  CHECK_THROWS_MESSAGE(kernel_cca(o), invalid_option,
                       "option rotation_rounds is 1001, expected 0 to 1000");
  linalg::matrix<float> x = hint_tests::random_matrix<float>(4, 3, 1).cwiseAbs();
  CHECK_THROWS_MESSAGE(kernel_cca().fit(paired(linalg::matrix<float>(x.topRows(1)),
                                               linalg::matrix<float>(x.topRows(1)))),
                       invalid_argument, "fit: the data set has 1 pairs, expected at least 2");
  CHECK_THROWS_MESSAGE(kernel_cca().fit(paired(x, linalg::matrix<float>(4, 0))), invalid_argument,
                       "fit: text has no columns");
  linalg::matrix<float> bad = x;
  bad(3, 1) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_MESSAGE(kernel_cca().fit(paired(x, bad)), invalid_argument,
                       "text: row 3, column 1 is inf, expected finite numbers");
  bad(3, 1) = -1;
  o = {};
  o.kernel[1] = kernel_kind::hellinger;
  CHECK_THROWS_AS(kernel_cca(o).fit(paired(x, bad)), invalid_argument);
}

TEST_CASE("kernel CCA has no half model", "[learn][kernel_cca]") {
  const hint_tests::clustered_pairs d(40, 4, 1);
  struct patient {
    std::size_t answers;
    bool stop_requested() { return answers == 0 || answers-- == 0; }
  };
  std::size_t answers = 0;
  for (bool stopped = true; stopped; ++answers) {
    REQUIRE(answers < 80);
    patient observer{answers};
    sequential here;
    stopped = false;
    try {
      (void)kernel_cca{{.bits = 8}}.fit(d.pairs(), context(here, observer));
    } catch (const error& e) {
      stopped = true;
      CHECK(std::string(e.what()) == "fit: asked to stop before kernel CCA had a model");
    }
  }
  CHECK(answers > 8);
}
