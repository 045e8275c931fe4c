// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/data/dataset.hpp>
#include <hint/learn/djsrh.hpp>
#include <hint/learn/hint.hpp>
#include <hint/learn/sparse_rows.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::paired;
using hint::data::row_id;
using hint::data::scaling;
using hint_tests::dense_of;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::sparse_of;

/// Texts of 30 words out of 5,000, ten of which tell the class; images that tell it, too.
struct wide_pairs {
  static constexpr std::size_t n = 120, classes = 6;
  static constexpr Eigen::Index words = 5000;
  wide_pairs() : images(random_matrix<float>(n, 12, 1)), texts(rows_matrix::Zero(n, words)) {
    const hint::random_stream random(2, 3);
    for (std::size_t i = 0; i < n; ++i) {
      images(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(i % classes)) += 4;
      for (std::size_t w = 0; w < 30; ++w) {
        const std::uint64_t r = random.below(i * 30 + w, w < 10 ? 40 : 5000);
        texts(static_cast<Eigen::Index>(i),
              static_cast<Eigen::Index>(w < 10 ? 40 * (i % classes) + r : r)) += 1;
      }
    }
  }
  rows_matrix images, texts;
};

TEST_CASE("a batch of sparse rows is those rows") {
  const wide_pairs data;
  const auto n = hint::data::normalizer::fit(sparse_of(data.texts), scaling::centered_l2);
  for (const block& b : {block(sparse_of(data.texts)), n.transform_sparse(sparse_of(data.texts))}) {
    CHECK(b.is_mostly_zero());
    const std::vector<row_id> some{5, 0, 5, 119};
    const auto batch = hint::learn::sparse_rows(b, some);
    rows_matrix expected(4, wide_pairs::words), found(4, wide_pairs::words);
    b.gather(some, expected);
    for (Eigen::Index i = 0; i < 4; ++i) {
      found.row(i).setZero();
      for (std::size_t j = 0; j < batch.shift().size(); ++j)
        found(i, static_cast<Eigen::Index>(j)) = -batch.amount(i) * batch.shift()[j];
      for (const auto& [column, value] : batch[i]) found(i, column) += value;
    }
    CHECK((found - expected).cwiseAbs().maxCoeff() < 1e-6F);
  }
  CHECK_FALSE(block(data.texts).is_mostly_zero());
  CHECK_FALSE(block(sparse_of(data.texts.leftCols(255))).is_mostly_zero());
  CHECK_FALSE(block(sparse_of(rows_matrix::Ones(3, 5000))).is_mostly_zero());
}

TEST_CASE("texts of few words train one network and get one code, however they are stored") {
  const wide_pairs data;
  hint::learn::hint_options o;
  o.bits = 16;
  o.network.hidden = {20};
  o.batch = 40;
  o.steps = 6;
  hint::thread_pool pool(2);
  for (const scaling how : {scaling::centered_l2, scaling::l2, scaling::z_score, scaling::none}) {
    CAPTURE(static_cast<int>(how));
    o.scaling[1] = how;
    const hint::learn::hint learner{o};
    const auto sparse =
        learner.fit(paired(data.images, sparse_of(data.texts)), hint::context(pool));
    const auto dense = learner.fit(paired(data.images, data.texts));
    const auto again = learner.fit(paired(data.images, sparse_of(data.texts)));
    CHECK(again.trust().image_weight == sparse.trust().image_weight);
    CHECK(dense.trust().image_weight == sparse.trust().image_weight);
    const auto mine = sparse.project(hint::text, block(sparse_of(data.texts)));
    CHECK(mine.array().abs().sum() > 1);
    CHECK(dense.project(hint::text, block(data.texts)) == mine);
    CHECK(again.project(hint::text, block(sparse_of(data.texts))) == mine);
    CHECK(sparse.project(hint::text, block(data.texts)) == mine);
  }
}

TEST_CASE("a wide text's code is its own, whatever the others are") {
  const wide_pairs data;
  hint::learn::hint_options o;
  o.bits = 16;
  o.network.hidden = {20};
  o.steps = 2;
  const auto model = hint::learn::hint{o}.fit(paired(data.images, sparse_of(data.texts)));
  const block texts(sparse_of(data.texts));
  const auto all = model.encode(hint::text, texts);
  for (const row_id i : {0U, 77U, 119U})
    CHECK(model.encode(hint::text, texts(std::vector<row_id>{i})) ==
          hint::code_set(all.view().slice(i, 1)));
}

TEST_CASE("DJSRH takes texts of few words") {
  const wide_pairs data;
  hint::learn::djsrh_options o;
  o.bits = 16;
  o.network.hidden = {20};
  o.batch = 40;
  o.steps = 3;
  const hint::learn::djsrh learner{o};
  const auto sparse = learner.fit(paired(data.images, sparse_of(data.texts)));
  const auto dense = learner.fit(paired(data.images, data.texts));
  const auto found = sparse.project(hint::text, block(data.texts));
  CHECK(found.array().abs().sum() > 1);
  CHECK(dense.project(hint::text, block(data.texts)) == found);
}

}  // namespace
