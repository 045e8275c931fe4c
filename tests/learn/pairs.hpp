// SPDX-License-Identifier: MIT
/// \file
/// Paired features with classes, and small models, for the tests of learn.
#ifndef HINT_TESTS_LEARN_PAIRS_HPP
#define HINT_TESTS_LEARN_PAIRS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/random.hpp>
#include <hint/data/dataset.hpp>
#include <hint/linalg/matrix.hpp>

#include "linalg/random_matrix.hpp"

namespace hint_tests {

/// Item i is of class i % classes: 12 numbers per image, 9 per text, each around its class' centre.
struct clustered_pairs {
  clustered_pairs(std::size_t items, std::size_t classes, std::uint64_t seed, float noise = 0.7F)
      : size(items), classes_(classes) {
    for (std::size_t m = 0; m < 2; ++m) {
      const Eigen::Index d = m == 0 ? 12 : 9;
      const auto centers = random_matrix<float>(static_cast<Eigen::Index>(classes), d, 100 + m);
      features[m] = random_matrix<float>(static_cast<Eigen::Index>(items), d, 2 * seed + m);
      for (std::size_t i = 0; i < items; ++i)
        for (Eigen::Index c = 0; c < d; ++c) {
          float& x = features[m](static_cast<Eigen::Index>(i), c);
          x = noise * x + centers(static_cast<Eigen::Index>(i % classes), c);
        }
    }
  }
  [[nodiscard]] hint::data::paired<> pairs() const { return {features[0], features[1]}; }
  [[nodiscard]] std::size_t label(std::size_t item) const { return item % classes_; }

  std::size_t size;
  std::array<hint::linalg::matrix<float>, 2> features;

 private:
  std::size_t classes_;
};

/// Selected codes, in that order.
inline hint::code_set selected(const hint::code_set& codes,
                               const std::vector<std::uint32_t>& rows) {
  hint::code_set out(codes.bits(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t w = 0; w < codes.words_per_code(); ++w) out[i][w] = codes[rows[i]][w];
  return out;
}

/// Whether `encode` keeps its promise: a code depends on its row alone.
template <class Hasher>
bool codes_rows_alone(const Hasher& hasher, hint::modality m,
                      const hint::linalg::matrix<float>& features) {
  using hint::data::block;
  const block rows(features);
  const hint::code_set all = hasher.encode(m, rows);
  const auto order = hint::permutation(static_cast<std::uint32_t>(rows.rows()), {3, 4});
  if (hasher.encode(m, rows(order)) != selected(all, order)) return false;
  for (const std::uint32_t i : {0U, 1U, order[0], order[1]}) {
    const std::vector<std::uint32_t> one{i};
    if (hasher.encode(m, rows(one)) != selected(all, one)) return false;
  }
  const std::vector<std::uint32_t> few(order.begin(), order.begin() + 7);
  return hasher.encode(m, rows(few)) == selected(all, few);
}

}  // namespace hint_tests

#endif
