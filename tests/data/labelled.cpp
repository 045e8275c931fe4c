// SPDX-License-Identifier: MIT
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/data/labelled.hpp>
#include <hint/data/labels.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::code_set;
using hint::data::block;
using hint::data::labelled;
using hint::data::pack_labels;
using hint::data::paired;
using hint_tests::dense_of;
using hint_tests::matrix_of;
using hint_tests::rows_matrix;
using hint_tests::same_bits;
using hint_tests::sparse_of;
using bytes = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("labelled is its pairs and the labels") {
  const rows_matrix x = matrix_of({{1, 2}, {3, 4}, {5, 6}});
  const rows_matrix y = matrix_of({{5, 0, 6}, {0, 0, 7}, {1, 1, 1}});
  const code_set labels = pack_labels(bytes{1, 0, 0, 1, 1, 0}, 2);
  const labelled d(block(x), block(y), labels);
  STATIC_REQUIRE(std::same_as<decltype(d), const labelled<paired<block, block>>>);
  CHECK(d.size() == 3);
  CHECK(same_bits<float>(dense_of(d.image()), x));
  CHECK(same_bits<float>(dense_of(d.text()), y));
  CHECK(code_set(d.labels()) == labels);
  CHECK_FALSE(d.relevant(0, 1));
  CHECK(d.relevant(0, 2));

  const labelled of_pairs(paired(x, sparse_of(y)), labels);
  STATIC_REQUIRE(std::same_as<decltype(of_pairs), const labelled<paired<block, block>>>);
  CHECK(of_pairs.text().is_sparse());
  const labelled of_matrices(x, sparse_of(y), labels);
  STATIC_REQUIRE(std::same_as<decltype(of_matrices), const labelled<paired<block, block>>>);

  const labelled copy = d;  // shares them
  CHECK(copy.labels().data() == d.labels().data());
}

TEST_CASE("relevant: the items share a class, whatever the number of classes") {
  for (const std::size_t classes : {1U, 24U, 64U, 65U, 200U}) {
    constexpr std::size_t n = 40;
    const hint::random_stream random(classes, 1);
    bytes marks(n * classes);
    for (std::size_t i = 0; i < marks.size(); ++i) marks[i] = random.below(i, classes) < 2;
    const labelled d(rows_matrix(n, 1), rows_matrix(n, 1), pack_labels(marks, classes));
    std::size_t wrong = 0, relevant = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        bool expected = false;
        for (std::size_t c = 0; c < classes; ++c)
          expected = expected || (marks[i * classes + c] != 0 && marks[j * classes + c] != 0);
        wrong += d.relevant(i, j) != expected;
        relevant += expected;
      }
    CAPTURE(classes);
    CHECK(wrong == 0);
    CHECK(relevant > n);
    if (classes > 1) CHECK(relevant < n * n);
  }
}

TEST_CASE("labelled refuses what does not belong together") {
  const rows_matrix x(3, 2), y(3, 4);
  CHECK_THROWS_MESSAGE(labelled(paired(x, y), code_set(5, 2)), hint::shape_error,
                       "labelled: labels have 2 rows, the data set has 3 items");
  CHECK_THROWS_MESSAGE(labelled(x, y, code_set(5, 4)), hint::shape_error,
                       "labelled: labels have 4 rows, the data set has 3 items");
  CHECK_THROWS_MESSAGE(labelled(x, rows_matrix(2, 4), code_set(5, 3)), hint::shape_error,
                       "paired: image has 3 rows of 2, text has 2 rows of 4");
}
