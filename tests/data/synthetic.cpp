// SPDX-License-Identifier: MIT
#include <hint/data/synthetic.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

#include <hint/graph/nearest.hpp>

#include "support/catch.hpp"

using namespace hint;

namespace {

std::vector<float> values(const data::block& b) {
  std::vector<float> out;
  for (std::size_t i = 0; i < b.rows(); ++i)
    b.for_each_in_row(i, [&](std::size_t, float v) { out.push_back(v); });
  return out;
}

/// The share of neighbours that have the class of their item.
double purity(const data::block& rows, const code_set& labels) {
  const auto lists = graph::nearest(rows, 5, graph::metric::cosine);
  double hits = 0;
  for (std::size_t i = 0; i < lists.size(); ++i)
    for (const auto& near : lists[i]) hits += labels[i][0] == labels[near.row][0] ? 1 : 0;
  return hits / (5.0 * static_cast<double>(lists.size()));
}

}  // namespace

TEST_CASE("synthetic pairs have the sizes asked for and one class each") {
  const auto set =
      data::synthetic_pairs({.items = 50, .classes = 3, .image_cols = 7, .text_cols = 4}, {1, 2});
  CHECK(set.image.rows() == 50);
  CHECK(set.image.cols() == 7);
  CHECK(set.text.rows() == 50);
  CHECK(set.text.cols() == 4);
  CHECK(set.labels.size() == 50);
  CHECK(set.labels.bits() == 3);
  for (std::size_t i = 0; i < 50; ++i) {
    const int set_bits = set.labels.bit(i, 0) + set.labels.bit(i, 1) + set.labels.bit(i, 2);
    CHECK(set_bits == 1);
  }
  CHECK(data::synthetic_pairs({.items = 0}, {1, 2}).image.rows() == 0);
}

TEST_CASE("synthetic pairs are a function of options and stream") {
  const data::synthetic_options o{.items = 20};
  CHECK(values(data::synthetic_pairs(o, {1, 2}).image) ==
        values(data::synthetic_pairs(o, {1, 2}).image));
  CHECK(values(data::synthetic_pairs(o, {1, 2}).image) !=
        values(data::synthetic_pairs(o, {2, 2}).image));
  CHECK(values(data::synthetic_pairs(o, {1, 2}).text) !=
        values(data::synthetic_pairs(o, {1, 3}).text));
}

TEST_CASE("neighbours of synthetic items share their class, until noise hides it") {
  const auto clean = data::synthetic_pairs({.items = 300, .classes = 5}, {3, 0});
  CHECK(purity(clean.image, clean.labels) > 0.8);
  CHECK(purity(clean.text, clean.labels) > 0.8);
  const auto noisy = data::synthetic_pairs({.items = 300, .classes = 5, .noise = 100}, {3, 0});
  CHECK(purity(noisy.image, noisy.labels) < 0.35);  // chance is 0.2
}

TEST_CASE("synthetic options are checked") {
  CHECK_THROWS_MESSAGE(data::synthetic_pairs({.classes = 0}, {1, 2}), invalid_option,
                       "option classes is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(data::synthetic_pairs({.noise = -1}, {1, 2}), invalid_option,
                       "option noise is -1, expected 0 to 1e+06");
}
