// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/anchored_kernel.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::data::block;
using hint::data::normalizer;
using hint::data::scaling;
using hint::learn::anchored_kernel;
using hint::learn::kernel_kind;
using hint::linalg::matrix;
using hint::linalg::sparse_matrix;
using ids = std::vector<hint::data::row_id>;

matrix<float> counts(Eigen::Index n, Eigen::Index d, std::uint64_t seed) {
  return hint_tests::random_matrix<float>(n, d, seed).cwiseMax(0);
}
matrix<float> values(const anchored_kernel& k, const block& rows, std::size_t first,
                     std::size_t count) {
  matrix<float> out(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(k.size()));
  k.values(rows, first, "rows", out);
  return out;
}
/// By the definition, in doubles.
double exponent(kernel_kind kind, const matrix<float>& x, Eigen::Index i, Eigen::Index j) {
  double sum = 0;
  const double total_i = x.row(i).cast<double>().sum(), total_j = x.row(j).cast<double>().sum();
  for (Eigen::Index c = 0; c < x.cols(); ++c) {
    const auto a = static_cast<double>(x(i, c)), b = static_cast<double>(x(j, c));
    const double difference = kind == kernel_kind::hellinger
                                  ? (total_i > 0 ? std::sqrt(a / total_i) : 0) -
                                        (total_j > 0 ? std::sqrt(b / total_j) : 0)
                                  : a - b;
    sum += difference * difference;
  }
  return sum;
}

}  // namespace

TEST_CASE("kernels are what they are defined to be", "[learn][anchored_kernel]") {
  matrix<float> x = counts(40, 7, 1);
  x.row(3).setZero();
  x.row(8) = 2 * x.row(5);  // equal shares
  const ids anchors{8, 3, 30, 0, 11};
  for (const kernel_kind kind :
       {kernel_kind::linear, kernel_kind::gaussian, kernel_kind::hellinger}) {
    CAPTURE(hint::learn::kernel_names[static_cast<std::size_t>(kind)]);
    const auto k = anchored_kernel::fit(block(x), anchors, kind,
                                        normalizer::fit(block(x), scaling::none), 0.5, "x");
    CHECK(k.size() == 5);
    CHECK(k.cols() == 7);
    CHECK(k.kind() == kind);
    CHECK(!k.is_sparse());
    double mean = 0;
    for (const auto i : anchors)
      for (const auto j : anchors) mean += exponent(kind, x, i, j) / 25;
    if (kind != kernel_kind::linear) CHECK(k.width() == Approx(0.5 * mean).epsilon(1e-5));
    const matrix<float> got = values(k, block(x), 0, 40);
    for (Eigen::Index i = 0; i < 40; ++i)
      for (Eigen::Index j = 0; j < 5; ++j) {
        const auto a = static_cast<Eigen::Index>(anchors[static_cast<std::size_t>(j)]);
        const double expected = kind == kernel_kind::linear
                                    ? x.row(i).cast<double>().dot(x.row(a).cast<double>())
                                    : std::exp(-exponent(kind, x, i, a) / k.width());
        CHECK(static_cast<double>(got(i, j)) == Approx(expected).epsilon(1e-5).margin(1e-6));
      }
    if (kind == kernel_kind::hellinger) CHECK(got(5, 0) == Approx(1).margin(1e-6));
    // Alone, in any block, stored in any way: the same bits.
    CHECK(hint_tests::same_bits<float>(values(k, block(x), 17, 3), got.middleRows(17, 3)));
    const sparse_matrix<float> sparse = x.sparseView();
    CHECK(hint_tests::same_bits(values(k, block(sparse), 0, 40), got));
    CHECK(hint_tests::same_bits<float>(values(k, block(x)(ids{29}), 0, 1), got.row(29)));
  }
}

TEST_CASE("gaussian kernels are of scaled rows", "[learn][anchored_kernel]") {
  const matrix<float> x = hint_tests::random_matrix<float>(30, 6, 2);
  for (const scaling how : {scaling::l2, scaling::centered_l2, scaling::homogeneous}) {
    const auto scale = normalizer::fit(block(x), how);
    const auto k = anchored_kernel::fit(block(x), ids{4, 9}, kernel_kind::gaussian, scale, 1, "x");
    CHECK(k.scaling() == how);
    CHECK(k.cols() == 6);
    const block scaled = scale.transform(block(x));
    const matrix<float> y = scaled.dense();
    const matrix<float> got = values(k, block(x), 0, 30);
    for (Eigen::Index i = 0; i < 30; ++i)
      CHECK(static_cast<double>(got(i, 1)) ==
            Approx(std::exp(-exponent(kernel_kind::gaussian, y, i, 9) / k.width())).margin(1e-5));
  }
}

TEST_CASE("equal anchors have a width, too", "[learn][anchored_kernel]") {
  const matrix<float> x = matrix<float>::Ones(3, 2);
  const auto k = anchored_kernel::fit(block(x), ids{0, 1, 2}, kernel_kind::hellinger,
                                      normalizer::fit(block(x), scaling::none), 0.3, "x");
  CHECK(values(k, block(x), 0, 3).cwiseAbs().minCoeff() > 0.999F);
  CHECK(std::isfinite(k.width()));
}

TEST_CASE("wide sparse anchors stay sparse and give the same numbers", "[learn][anchored_kernel]") {
  constexpr Eigen::Index d = 5000;
  sparse_matrix<float> x(30, d);
  std::vector<Eigen::Triplet<float>> numbers;
  const auto values_of = counts(30, 12, 3);
  for (int i = 0; i < 30; ++i)
    for (int c = 0; c < 12; ++c)
      numbers.emplace_back(i, (c * 400 + i % 3 * 7) % static_cast<int>(d), values_of(i, c));
  x.setFromTriplets(numbers.begin(), numbers.end());
  const matrix<float> dense = x.toDense();
  REQUIRE(block(x).is_mostly_zero());
  const ids anchors{1, 2, 3, 28};
  for (const kernel_kind kind :
       {kernel_kind::linear, kernel_kind::gaussian, kernel_kind::hellinger}) {
    const auto how = kind == kernel_kind::gaussian ? scaling::l2 : scaling::none;
    const auto wide =
        anchored_kernel::fit(block(x), anchors, kind, normalizer::fit(block(x), how), 0.4, "x");
    const auto plain = anchored_kernel::fit(block(dense), anchors, kind,
                                            normalizer::fit(block(dense), how), 0.4, "x");
    CHECK(wide.is_sparse());
    CHECK(!plain.is_sparse());
    const matrix<float> got = values(wide, block(x), 0, 30);
    CHECK((got - values(plain, block(dense), 0, 30)).cwiseAbs().maxCoeff() < 1e-5F);
    CHECK(hint_tests::same_bits(values(wide, block(dense), 0, 30), got));
    // After a file.
    const hint_tests::temporary_folder folder;
    for (const auto* k : {&wide, &plain}) {
      hint::io::archive_writer writer(1000);
      k->write(writer, "part");
      writer.save(folder / "k");
      const hint::io::archive_reader reader(folder / "k");
      const auto same = anchored_kernel::read(reader, "part");
      CHECK(same.is_sparse() == k->is_sparse());
      CHECK(same.width() == k->width());
      CHECK(hint_tests::same_bits(values(same, block(x), 0, 30), values(*k, block(x), 0, 30)));
    }
  }
}

TEST_CASE("shares of negative numbers are refused", "[learn][anchored_kernel]") {
  matrix<float> x = counts(5, 3, 1);
  const auto none = normalizer::fit(block(x), scaling::none);
  const auto k = anchored_kernel::fit(block(x), ids{0, 1}, kernel_kind::hellinger, none, 1, "x");
  x(4, 1) = -2;
  CHECK_THROWS_MESSAGE(values(k, block(x), 3, 2), hint::invalid_argument,
                       "rows: row 4, column 1 is -2, expected no number below 0 for the kernel "
                       "hellinger");
  CHECK_THROWS_MESSAGE(
      anchored_kernel::fit(block(x), ids{4}, kernel_kind::hellinger, none, 1, "image"),
      hint::invalid_argument,
      "image: row 0, column 1 is -2, expected no number below 0 for the kernel hellinger");
}

TEST_CASE("files that hold no kernel", "[learn][anchored_kernel]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "k";
  const auto read = [&](auto change) {
    hint::io::archive_writer writer(1000);
    change(writer);
    writer.save(path);
    const hint::io::archive_reader reader(path);
    return anchored_kernel::read(reader, "p").size();
  };
  const auto begin = [](auto& w, const char* kernel, double width) {
    w.meta("p.kernel", kernel);
    w.meta("p.width", width);
    w.meta("p.scaling", "none");
    w.meta("p.cols", 3);
  };
  CHECK_THROWS_MESSAGE(read([&](auto& w) { begin(w, "automatic", 1); }), hint::format_error,
                       path.string() + ": p.kernel is automatic, which this version does not know");
  CHECK_THROWS_MESSAGE(read([&](auto& w) { begin(w, "gaussian", 0); }), hint::format_error,
                       path.string() + ": p.width is 0, expected a number above 0");
  CHECK_THROWS_MESSAGE(read([&](auto& w) {
                         begin(w, "gaussian", 1);
                         w.array("p.anchors", std::vector<float>(4), 2, 2);
                       }),
                       hint::format_error,
                       path.string() + ": p has 2 anchors of 2 columns, expected some of 3");
  const auto sparse = [&](std::vector<std::uint64_t> starts, std::vector<std::uint32_t> columns) {
    return read([&](auto& w) {
      begin(w, "linear", 1);
      w.array("p.anchor_starts", starts, 1, starts.size());
      w.array("p.anchor_columns", columns, 1, columns.size());
      w.array("p.anchor_numbers", std::vector<float>(3, 1.0F), 1, 3);
    });
  };
  CHECK(sparse({0, 1, 3}, {2, 0, 2}) == 2);
  const std::string message = path.string() + ": p: the anchors are no sparse rows of 3 columns";
  CHECK_THROWS_MESSAGE(sparse({0, 1, 3}, {2, 0, 3}), hint::format_error, message);
  CHECK_THROWS_MESSAGE(sparse({0, 1, 3}, {2, 2, 0}), hint::format_error, message);
  CHECK_THROWS_MESSAGE(sparse({0, 4, 3}, {2, 0, 2}), hint::format_error, message);
  CHECK_THROWS_MESSAGE(sparse({1, 2, 3}, {2, 0, 2}), hint::format_error, message);
  CHECK_THROWS_MESSAGE(sparse({0, 1}, {2, 0, 2}), hint::format_error, message);
}
