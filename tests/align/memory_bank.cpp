// SPDX-License-Identifier: MIT
#include <vector>

#include <hint/align/memory_bank.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::image;
using hint::text;
using hint::linalg::matrix;
using hint_tests::same_bits;

TEST_CASE("a bank starts with zeros and keeps the latest codes", "[align][memory_bank]") {
  hint::align::memory_bank<float> bank(5, 3);
  const matrix<float> zeros = matrix<float>::Zero(5, 3);
  CHECK(same_bits(bank.codes(image), zeros));
  CHECK(same_bits(bank.codes(text), zeros));

  const matrix<float> h = hint_tests::random_matrix<float>(2, 3, 1);
  bank.update(text, std::vector<hint::data::row_id>{4, 1}, h);
  matrix<float> expected = zeros;
  for (Eigen::Index c = 0; c < 3; ++c) {
    expected(4, c) = h(0, c);
    expected(1, c) = h(1, c);
  }
  CHECK(same_bits(bank.codes(text), expected));
  CHECK(same_bits(bank.codes(image), zeros));

  bank.codes(image).setOnes();
  const auto& constant = bank;
  CHECK(constant.codes(image)(2, 2) == 1.0F);
  bank.update(image, {}, matrix<float>(0, 3));
  CHECK(bank.codes(image)(0, 0) == 1.0F);
}

}  // namespace
