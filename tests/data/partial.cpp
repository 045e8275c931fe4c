// SPDX-License-Identifier: MIT
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/data/labels.hpp>
#include <hint/data/partial.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::code_set;
using hint::image;
using hint::text;
using hint::data::all_present;
using hint::data::block;
using hint::data::complete_rows;
using hint::data::labelled;
using hint::data::paired;
using hint::data::partial;
using hint::data::presence;
using hint::data::row_id;
using hint_tests::dense_of;
using hint_tests::matrix_of;
using hint_tests::rows_matrix;
using hint_tests::same_bits;
using hint_tests::sparse_of;
using ids = std::vector<row_id>;
using bytes = std::vector<std::uint8_t>;

ids list(std::span<const row_id> rows) { return {rows.begin(), rows.end()}; }

const std::vector<presence> five{presence::text_only, presence::both, presence::image_only,
                                 presence::both, presence::text_only};
const rows_matrix images = matrix_of({{1, 10}, {2, 20}, {3, 30}});  // of items 1, 2, 3
const rows_matrix texts = matrix_of({{0}, {1}, {3}, {4}});          // of items 0, 1, 3, 4

/// A block of one's own: row i is i, i.
struct numbers {
  std::size_t n;
  std::size_t rows() const { return n; }
  std::size_t cols() const { return 2; }
  void copy_rows(std::size_t first, hint::linalg::matrix_ref<float> out) const {
    for (Eigen::Index i = 0; i < out.rows(); ++i)
      out.row(i).setConstant(static_cast<float>(first) + static_cast<float>(i));
  }
};

}  // namespace

TEST_CASE("partial by hand: who has what, and where") {
  const partial d(images, sparse_of(texts), five);
  STATIC_REQUIRE(std::same_as<decltype(d), const partial<block, block>>);
  CHECK(d.size() == 5);
  CHECK(same_bits<float>(dense_of(d.images()), images));
  CHECK(d.texts().is_sparse());
  CHECK(list(d.items(image)) == ids{1, 2, 3});
  CHECK(list(d.items(text)) == ids{0, 1, 3, 4});
  CHECK(list(d.paired_items()) == ids{1, 3});
  CHECK(list(d.image_only()) == ids{2});
  CHECK(list(d.text_only()) == ids{0, 4});
  const bool has_image[] = {false, true, true, true, false};
  const bool has_text[] = {true, true, false, true, true};
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(d.present(image, i) == has_image[i]);
    CHECK(d.present(text, i) == has_text[i]);
  }
  const partial copy = d;
  CHECK(copy.items(image).data() == d.items(image).data());
}

TEST_CASE("the maps between items and rows are each other's inverse") {
  constexpr std::size_t n = 300;
  const hint::random_stream random(3, 1);
  std::vector<presence> items;
  std::size_t rows[2] = {0, 0};
  for (std::size_t i = 0; i < n; ++i) {
    items.push_back(static_cast<presence>(random.below(i, 3)));
    rows[0] += items.back() != presence::text_only;
    rows[1] += items.back() != presence::image_only;
  }
  const partial d(numbers{rows[0]}, rows_matrix(static_cast<Eigen::Index>(rows[1]), 1), items);
  STATIC_REQUIRE(std::same_as<decltype(d), const partial<numbers, block>>);
  for (const hint::modality m : hint::modalities) {
    const auto of_rows = d.items(m);
    REQUIRE(of_rows.size() == rows[hint::index_of(m)]);
    for (std::size_t r = 0; r < of_rows.size(); ++r) {
      CHECK(d.present(m, of_rows[r]));
      CHECK(d.row_of(m, of_rows[r]) == r);
      CHECK((r == 0 || of_rows[r - 1] < of_rows[r]));
    }
  }
  std::vector<int> seen(n);
  for (const auto& set : {d.paired_items(), d.image_only(), d.text_only()})
    for (const row_id i : set) ++seen[i];
  CHECK(seen == std::vector<int>(n, 1));
}

TEST_CASE("complete_rows gives the items that have both") {
  const partial d(images, texts, five);
  const auto pairs = complete_rows(d);
  STATIC_REQUIRE(std::same_as<decltype(pairs), const paired<>>);
  CHECK(same_bits<float>(dense_of(pairs.image()), matrix_of({{1, 10}, {3, 30}})));
  CHECK(same_bits<float>(dense_of(pairs.text()), matrix_of({{1}, {3}})));

  const code_set labels = hint::data::pack_labels(bytes{0, 1, 1, 0, 1, 1, 0, 1, 0, 0}, 2);
  const auto with_labels = complete_rows(labelled(d, labels));
  STATIC_REQUIRE(std::same_as<decltype(with_labels), const labelled<paired<>>>);
  CHECK(same_bits<float>(dense_of(with_labels.text()), matrix_of({{1}, {3}})));
  CHECK(code_set(with_labels.labels()) == hint::data::pack_labels(bytes{1, 0, 0, 1}, 2));

  const auto computed = complete_rows(partial(numbers{3}, texts, five));
  CHECK(same_bits<float>(dense_of(computed.image()), matrix_of({{0, 0}, {2, 2}})));
  const std::vector<presence> gaps{presence::text_only, presence::image_only};
  CHECK(complete_rows(partial(rows_matrix(1, 2), rows_matrix(1, 3), gaps)).size() == 0);
}

TEST_CASE("all_present has no gaps, and complete_rows undoes it") {
  const rows_matrix x = images, y = texts.topRows(3);
  const auto d = all_present(paired(x, y));
  STATIC_REQUIRE(std::same_as<decltype(d), const partial<block, block>>);
  CHECK(d.size() == 3);
  CHECK(list(d.paired_items()) == ids{0, 1, 2});
  CHECK(d.image_only().empty());
  CHECK(d.text_only().empty());
  CHECK(d.row_of(text, 2) == 2);
  CHECK(same_bits<float>(dense_of(complete_rows(d).image()), x));
  CHECK(same_bits<float>(dense_of(complete_rows(d).text()), y));

  const code_set labels = hint::data::pack_labels(bytes{0, 1, 1}, 1);
  const auto with_labels = all_present(labelled(paired(x, y), labels));
  STATIC_REQUIRE(std::same_as<decltype(with_labels), const labelled<partial<>>>);
  CHECK(code_set(with_labels.labels()) == labels);
  CHECK(with_labels.present(image, 1));
  CHECK(code_set(complete_rows(with_labels).labels()) == labels);
  CHECK(all_present(paired(numbers{3}, y)).images().rows() == 3);
  CHECK(all_present(paired(rows_matrix(0, 2), rows_matrix(0, 1))).size() == 0);
}

TEST_CASE("partial refuses what does not fit") {
  CHECK_THROWS_MESSAGE(partial(rows_matrix(4, 2), texts, five), hint::shape_error,
                       "partial: image has 4 rows, 3 of 5 items have that modality");
  CHECK_THROWS_MESSAGE(partial(images, rows_matrix(3, 2), five), hint::shape_error,
                       "partial: text has 3 rows, 4 of 5 items have that modality");
  std::vector<presence> wrong = five;
  wrong[3] = static_cast<presence>(7);
  CHECK_THROWS_MESSAGE(
      partial(images, texts, wrong), hint::invalid_argument,
      "partial: item 3 has presence 7, expected 0 (both), 1 (image only) or 2 (text only)");
  CHECK_THROWS_MESSAGE(labelled(partial(images, texts, five), code_set(3, 4)), hint::shape_error,
                       "labelled: labels have 4 rows, the data set has 5 items");
}
