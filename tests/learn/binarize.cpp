// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <limits>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/learn/binarize.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::code_set;
using hint::learn::binarize;
using hint::linalg::matrix;

TEST_CASE("bits are signs, and the sign of 0 is +1", "[learn][binarize]") {
  matrix<float> rows(1, 8);
  rows << 0.0F, -0.0F, 1e-30F, -1e-30F, std::numeric_limits<float>::infinity(),
      -std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(), 5.0F;
  const code_set codes = binarize(rows);
  CHECK(codes.bits() == 8);
  CHECK(codes[0][0] == 0b10010111U);
}

TEST_CASE("bit j of code i is the sign of row i, column j; padding is 0", "[learn][binarize]") {
  for (const std::size_t bits : {1U, 7U, 63U, 64U, 65U, 130U}) {
    CAPTURE(bits);
    const auto rows = hint_tests::random_matrix<float>(9, static_cast<Eigen::Index>(bits), bits);
    const code_set codes = binarize(rows);
    REQUIRE(codes.size() == 9);
    bool equal = true;
    for (std::size_t i = 0; i < 9; ++i) {
      for (std::size_t j = 0; j < bits; ++j)
        equal = equal && codes.bit(i, j) == (rows(static_cast<Eigen::Index>(i),
                                                  static_cast<Eigen::Index>(j)) >= 0);
      CHECK((codes[i].back() & ~hint::last_word_mask(bits)) == 0);
    }
    CHECK(equal);
  }
}

TEST_CASE("binarize writes some codes and leaves the others alone", "[learn][binarize]") {
  code_set codes(70, 5);
  for (auto& word : codes.words()) word = 42;
  const matrix<float> minus = matrix<float>::Constant(2, 70, -1.0F);
  binarize(minus, codes, 2);
  for (std::size_t i = 0; i < 5; ++i)
    for (const std::uint64_t word : codes[i]) CHECK(word == (i == 2 || i == 3 ? 0U : 42U));
  binarize(matrix<float>(0, 70), codes, 5);
  CHECK(binarize(matrix<float>(0, 70)).empty());
}

TEST_CASE("binarize refuses what does not fit", "[learn][binarize]") {
  code_set codes(16, 4);
  const matrix<float> rows = matrix<float>::Zero(3, 16), narrow = matrix<float>::Zero(3, 15);
  CHECK_THROWS_MESSAGE(binarize(rows, codes, 2), hint::shape_error,
                       "binarize: rows 2 to 5 of 16 columns into 4 codes of 16 bits");
  CHECK_THROWS_MESSAGE(binarize(narrow, codes), hint::shape_error,
                       "binarize: rows 0 to 3 of 15 columns into 4 codes of 16 bits");
}

}  // namespace
