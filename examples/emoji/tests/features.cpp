// SPDX-License-Identifier: MIT
// Words, texts and pictures as numbers.
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>

#include "files.hpp"
#include "image_features.hpp"
#include "latent.hpp"
#include "learning.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "vocabulary.hpp"

using namespace emoji;
using hint_tests::message_of;

TEST_CASE("terms: stems, stop words, accents, characters and pairs") {
  using strings = std::vector<std::string>;
  CHECK(terms_of("The Smiling cats, smile!") == strings{"cat", "smil"});
  CHECK(terms_of("cherries cherry running run glass red crossed") ==
        strings{"cherry", "cross", "glass", "red", "run"});
  CHECK(terms_of("C\xC5\x92UR \xC3\xA9toile") == strings{"coeur", "etoil"});
  CHECK(terms_of("\xE9\x9B\xBB\xE8\xBB\x8A x \xE7\x8C\xAB") ==
        strings{"x", "\xE7\x8C\xAB", "\xE8\xBB\x8A", "\xE9\x9B\xBB", "\xE9\x9B\xBB\xE8\xBB\x8A"});
  CHECK(terms_of(" |,- ").empty());
}

TEST_CASE("a vocabulary weighs rare words more, knows nothing new, and survives a file") {
  const std::vector<std::string> texts = {"cat face", "dog face", "cat | heart"};
  const vocabulary words(texts);
  REQUIRE(words.size() == 4);  // cat dog face heart, stemmed
  const sparse rows = words.vectors(texts);
  for (int i = 0; i < 3; ++i) CHECK(rows.row(i).norm() == Approx(1));
  const double cat = 1 + std::log(1.5), dog = 1 + std::log(3.0);
  CHECK(rows.coeff(1, 1) == Approx(dog / std::hypot(cat, dog)));
  CHECK(words.vectors(std::string("zebra")).nonZeros() == 0);
  CHECK(words.unknown("cat zebra") == std::vector<std::string>{"zebra"});
  CHECK(vocabulary(texts, 2).size() == 2);
  CHECK(vocabulary(texts, 2, std::span(texts).subspan(2)).size() == 3);

  const hint_tests::temporary_folder folder;
  words.save(folder / "words");
  const vocabulary again = vocabulary::load(folder / "words");
  CHECK(dense(again.vectors(texts)) == dense(rows));
  write_file(folder / "bad", "emoji vocabulary 1\n2\ncat\t1.5\ndog\n");
  CHECK(message_of<hint::format_error>([&] { return vocabulary::load(folder / "bad"); }) ==
        (folder / "bad").string() + ": line 4: expected a term, a tab and its weight");
}

TEST_CASE("the latent space keeps the distances that a few directions can keep") {
  // Texts of rank 3: nothing is lost in three directions, and no more than the smallest in two.
  const hint::random_stream random(7, 1);
  dense a(30, 3), b(3, 12);
  for (Eigen::Index i = 0; i < a.size(); ++i)
    a.data()[i] = static_cast<float>(hint::normal(random, static_cast<std::uint64_t>(i)));
  for (Eigen::Index i = 0; i < b.size(); ++i)
    b.data()[i] = static_cast<float>(hint::normal(random, 1000 + static_cast<std::uint64_t>(i)));
  const dense texts = a * b;
  const sparse rows = texts.sparseView();
  const latent_space three(rows, 3, 0);
  CHECK((three.directions().transpose() * three.directions() - Eigen::Matrix3f::Identity()).norm() <
        1e-4F);
  CHECK((three(rows) * three(rows).transpose() - texts * texts.transpose()).norm() <
        1e-4F * (texts * texts.transpose()).norm());
  CHECK(latent_space(rows, 3, 0).directions() == three.directions());
  CHECK(latent_space(rows, 500, 0).directions().cols() == 12);
  CHECK(message_of<hint::shape_error>([&] { return three(sparse(2, 5)); }) ==
        "latent_space: texts of 5 terms, expected 12");
}

TEST_CASE("image features: shape, scaling by training rows, empty pictures are harmless") {
  std::vector<bitmap> pictures(3, bitmap{8, 8, std::vector<std::uint8_t>(256)});
  for (std::size_t i = 0; i < 256; ++i)
    pictures[1].rgba[i] = i % 4 == 3 ? 255 : static_cast<std::uint8_t>(i % 4 == 0 ? 200 : 10);
  for (std::size_t i = 0; i < 256; ++i)
    pictures[2].rgba[i] = i % 4 == 3 ? 255 : static_cast<std::uint8_t>(i);
  const dense raw = raw_image_features(pictures);
  REQUIRE(raw.cols() == image_feature_columns);
  CHECK(raw.allFinite());
  CHECK(raw.row(1).head(116).squaredNorm() == Approx(1));
  CHECK(raw.row(0).head(116).squaredNorm() == Approx(0));
  const dense scaled = image_scaling(raw.bottomRows(2))(raw);
  Eigen::Index first = 0;
  for (const auto& group : image_feature_groups) {
    const auto part = scaled.bottomRows(2).middleCols(first, group.columns);
    CHECK(part.colwise().sum().norm() < 1e-5F);
    if (group.weight != 0.5F)
      CHECK(part.rowwise().norm().mean() == Approx(group.weight));  // alpha is constant here
    first += group.columns;
  }
  CHECK(first == image_feature_columns);
}

TEST_CASE("chance is exact: equal codes rank in every order alike") {
  catalogue emoji;
  for (std::uint32_t i = 0; i < 12; ++i) {
    item it;
    it.group = i % 3;
    it.subgroup = i % 6;
    emoji.items.push_back(it);
  }
  split parts;
  for (std::uint32_t i = 0; i < 12; ++i) (i < 6 ? parts.training : parts.held_out).push_back(i);
  const result r = evaluate("chance", chance_codes(12, 16), emoji, parts, 0, {});
  // One relevant item among six: the mean of 1/rank.
  CHECK(r.map_subgroup[0] == Approx((1 + 1 / 2. + 1 / 3. + 1 / 4. + 1 / 5. + 1 / 6.) / 6));
  CHECK(r.map_group[0] > r.map_subgroup[0]);
  CHECK(r.recall_at_10[1] == Approx(1));  // six items, all within ten
  CHECK(r.recall_at_100[1] == Approx(1));
  CHECK(r.recall_at_1[1] <= 1);
  CHECK(r.recall_at_1[1] >= 0);
}
