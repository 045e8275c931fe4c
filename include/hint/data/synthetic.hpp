// SPDX-License-Identifier: MIT
/// \file
/// Paired data that can be made anywhere: for first steps, tests and benchmarks. No substitute for
/// real data when methods are compared.
#ifndef HINT_DATA_SYNTHETIC_HPP
#define HINT_DATA_SYNTHETIC_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>
#include <hint/data/block.hpp>
#include <hint/data/labels.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

struct synthetic_options {
  std::size_t items = 1000;
  std::size_t classes = 10;     ///< 1 .. 4096
  std::size_t image_cols = 64;  ///< at least 1
  std::size_t text_cols = 48;   ///< at least 1
  double spread = 0.5;          ///< of items around the centre of their class, which has spread 1
  double noise = 0.5;           ///< of features, in each modality for itself

  void validate() const {
    option_in("items", items, 0, 1000000000);
    option_in("classes", classes, 1, max_bits);
    option_in("image_cols", image_cols, 1, 1000000);
    option_in("text_cols", text_cols, 1, 1000000);
    option_in("spread", spread, 0, 1e6);
    option_in("noise", noise, 0, 1e6);
  }
};

/// Pairs and the class of each.
struct synthetic_set {
  block image;
  block text;
  code_set labels;
};

/// Every item has 16 hidden coordinates, scattered around its class; both modalities see them through
/// random linear maps of their own, with noise. A pure function of options and stream. Throws
/// `invalid_option`. O(items (image_cols + text_cols)).
HINT_LAZY
[[nodiscard]] synthetic_set synthetic_pairs(const synthetic_options& o, random_stream random);

#if !defined(HINT_ELSEWHERE)
template <class>
synthetic_set synthetic_pairs(const synthetic_options& o, random_stream random) {
  o.validate();
  constexpr std::size_t hidden = 16;
  const std::array<std::size_t, 2> cols{o.image_cols, o.text_cols};
  const random_stream centres = random.fork(0);
  const random_stream scatter = random.fork(1);
  std::vector<std::uint32_t> classes(o.items);
  std::array<linalg::matrix<float>, 2> rows;
  std::array<std::vector<double>, 2> maps;
  for (std::size_t m = 0; m < 2; ++m) {
    rows[m].resize(static_cast<linalg::index>(o.items), static_cast<linalg::index>(cols[m]));
    for (std::size_t e = 0; e < cols[m] * hidden; ++e)
      maps[m].push_back(normal(random.fork(2 + m), e) / 4);  // 1 / sqrt(hidden)
  }
  for (std::size_t i = 0; i < o.items; ++i) {
    classes[i] = static_cast<std::uint32_t>(random.below(i, o.classes));
    std::array<double, hidden> z;
    for (std::size_t d = 0; d < hidden; ++d)
      z[d] = normal(centres, classes[i] * hidden + d) + o.spread * normal(scatter, i * hidden + d);
    for (std::size_t m = 0; m < 2; ++m) {
      const random_stream noise = random.fork(4 + m);
      for (std::size_t j = 0; j < cols[m]; ++j) {
        double sum = o.noise * normal(noise, i * cols[m] + j);
        for (std::size_t d = 0; d < hidden; ++d) sum += maps[m][j * hidden + d] * z[d];
        rows[m](static_cast<linalg::index>(i), static_cast<linalg::index>(j)) =
            static_cast<float>(sum);
      }
    }
  }
  return {block(std::move(rows[0])), block(std::move(rows[1])), one_hot_labels(classes, o.classes)};
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template synthetic_set synthetic_pairs<>(const synthetic_options&, random_stream);
#endif

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
