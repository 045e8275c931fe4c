// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/data/block.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::data::block;
using hint::data::row_id;
using hint_tests::dense_of;
using hint_tests::matrix_of;
using hint_tests::rows_matrix;
using hint_tests::same_bits;
using hint_tests::sparse_of;

const rows_matrix five = matrix_of({{1, 0, 2}, {0, 0, 0}, {0, 3, 0}, {4, 5, 6}, {0, 0, -7}});

/// Storage of one's own: numbers that nobody stores.
struct computed_rows {
  std::size_t rows() const { return 3; }
  std::size_t cols() const { return 2; }
  void copy_rows(std::size_t first, hint::linalg::matrix_ref<float> out) const {
    for (Eigen::Index i = 0; i < out.rows(); ++i)
      for (Eigen::Index j = 0; j < out.cols(); ++j)
        out(i, j) = static_cast<float>(10 * (static_cast<Eigen::Index>(first) + i) + j);
  }
};

}  // namespace

TEST_CASE("a default block has no rows") {
  const block b;
  CHECK(b.rows() == 0);
  CHECK(b.cols() == 0);
  CHECK_FALSE(b.is_sparse());
  CHECK(b.dense().rows() == 0);
  CHECK(b(std::vector<row_id>{}).rows() == 0);
  CHECK(block(rows_matrix(0, 4)).cols() == 4);
  CHECK(dense_of(block(sparse_of(rows_matrix(0, 4)))).cols() == 4);
  CHECK(dense_of(block(rows_matrix(4, 0))).rows() == 4);
}

TEST_CASE("dense and sparse rows read the same") {
  const block dense = five;
  const block sparse = sparse_of(five);
  CHECK_FALSE(dense.is_sparse());
  CHECK(dense.is_contiguous());
  CHECK(sparse.is_sparse());
  CHECK_FALSE(sparse.is_contiguous());
  CHECK(sparse.dense().rows() == 0);
  CHECK(same_bits<float>(dense.dense(), five));
  for (const block& b : {dense, sparse}) {
    CHECK(b.rows() == 5);
    CHECK(b.cols() == 3);
    CHECK(same_bits<float>(dense_of(b), five));
    rows_matrix two = rows_matrix::Constant(2, 3, 99);
    b.copy_rows(1, two);
    CHECK(same_bits<float>(two, five.middleRows(1, 2)));
    const std::vector<row_id> ids{4, 0, 4};
    rows_matrix three = rows_matrix::Constant(3, 3, 99);
    b.gather(ids, three);
    CHECK(same_bits<float>(three, matrix_of({{0, 0, -7}, {1, 0, 2}, {0, 0, -7}})));
  }
  std::vector<std::pair<std::size_t, float>> seen;
  const auto note = [&](std::size_t column, float value) { seen.emplace_back(column, value); };
  dense.for_each_in_row(0, note);
  CHECK(seen == std::vector<std::pair<std::size_t, float>>{{0, 1.0F}, {1, 0.0F}, {2, 2.0F}});
  seen.clear();
  sparse.for_each_in_row(0, note);
  CHECK(seen == std::vector<std::pair<std::size_t, float>>{{0, 1.0F}, {2, 2.0F}});
  seen.clear();
  sparse.for_each_in_row(1, note);
  CHECK(seen.empty());
}

TEST_CASE("a selection has its own order, repeats rows, and can be selected from") {
  const std::vector<row_id> ids{3, 0, 3, 2};
  for (const block& b : {block(five), block(sparse_of(five))}) {
    const block some = b(ids);
    CHECK(some.rows() == 4);
    CHECK(some.cols() == 3);
    CHECK_FALSE(some.is_contiguous());
    CHECK(some.is_sparse() == b.is_sparse());
    CHECK(some.dense().rows() == 0);
    CHECK(
        same_bits<float>(dense_of(some), matrix_of({{4, 5, 6}, {1, 0, 2}, {4, 5, 6}, {0, 3, 0}})));
    const block fewer = some(std::vector<row_id>{3, 1});
    CHECK(same_bits<float>(dense_of(fewer), matrix_of({{0, 3, 0}, {1, 0, 2}})));
    CHECK(some(std::vector<row_id>{}).rows() == 0);
    CHECK_THROWS_MESSAGE(some(std::vector<row_id>{0, 4}), hint::invalid_argument,
                         "block: selected row 4 of 4 rows");
  }
}

TEST_CASE("copies and selections keep the features alive") {
  std::optional<block> whole(five);
  const block copy = *whole;
  const block some = (*whole)(std::vector<row_id>{4});
  whole.reset();
  CHECK(same_bits<float>(dense_of(copy), five));
  CHECK(same_bits<float>(dense_of(some), matrix_of({{0, 0, -7}})));
}

TEST_CASE("a borrowed block looks at the rows themselves") {
  rows_matrix mine = five;
  const block whole = block::borrow(mine);
  const block right = block::borrow(mine.rightCols(2));  // rows further apart than they are long
  const block middle = block::borrow(mine.middleRows(2, 2));
  mine(3, 2) = 60;
  CHECK(whole.dense().data() == mine.data());
  CHECK(same_bits<float>(dense_of(whole), mine));
  CHECK(same_bits<float>(dense_of(right), mine.rightCols(2)));
  CHECK(same_bits<float>(dense_of(right(std::vector<row_id>{3})), matrix_of({{5, 60}})));
  CHECK(same_bits<float>(right.dense(), mine.rightCols(2)));
  CHECK(same_bits<float>(dense_of(middle), mine.middleRows(2, 2)));
  const Eigen::Map<const rows_matrix> map(mine.data(), 5, 3);
  CHECK(block::borrow(map).dense().data() == mine.data());

  auto sparse = sparse_of(five);
  CHECK(same_bits<float>(dense_of(block::borrow(sparse)), five));
  sparse.uncompress();
  CHECK_THROWS_MESSAGE(block::borrow(sparse), hint::invalid_argument,
                       "block::borrow: the sparse matrix is not compressed");
  CHECK(same_bits<float>(dense_of(block(sparse)), five));
}

TEST_CASE("any feature block becomes a block") {
  const block b = five;
  CHECK(hint::data::as_block(b).dense().data() == b.dense().data());
  CHECK(same_bits<float>(dense_of(hint::data::as_block(computed_rows{})),
                         matrix_of({{0, 1}, {10, 11}, {20, 21}})));
}

TEST_CASE("rows from files are called by them, selected or not") {
  const block plain = matrix_of({{0}, {1}, {2}, {3}, {4}});
  CHECK(plain.name_of_row(3) == "row 3");
  CHECK(plain(std::vector<row_id>{4, 2}).name_of_row(0) == "row 0");
  const block files = plain.from_files({{0, "a"}, {2, "none"}, {2, "b"}, {5, "none too"}});
  CHECK(files.name_of_row(0) == "row 0 of a");
  CHECK(files.name_of_row(1) == "row 1 of a");
  CHECK(files.name_of_row(2) == "row 0 of b");
  CHECK(files.name_of_row(4) == "row 2 of b");
  const block some = files(std::vector<row_id>{4, 1, 3});
  CHECK(some.name_of_row(0) == "row 2 of b");
  CHECK(some(std::vector<row_id>{1}).name_of_row(0) == "row 1 of a");
  CHECK(hint::data::as_block(some).name_of_row(2) == "row 1 of b");
  CHECK(plain.name_of_row(4) == "row 4");
}

TEST_CASE("a part is called by the numbers of the whole") {
  const block part = block(five).numbered_from(100);
  CHECK(part.name_of_row(2) == "row 102");
  CHECK(part(std::vector<row_id>{4, 2}).name_of_row(1) == "row 1");
  const block filed = block(five).from_files({{0, "a"}, {102, "b"}}).numbered_from(100);
  CHECK(filed.name_of_row(1) == "row 101 of a");
  CHECK(filed.name_of_row(3) == "row 1 of b");
  CHECK(filed(std::vector<row_id>{4, 2}).name_of_row(0) == "row 2 of b");
}

TEST_CASE("a borrowed block may keep its owner alive") {
  auto owner = std::make_shared<const rows_matrix>(five);
  const std::weak_ptr<const rows_matrix> watch = owner;
  block b = block::borrow(*owner, owner);
  owner.reset();
  CHECK(dense_of(b(std::vector<row_id>{3})) == five.row(3));
  b = block();
  CHECK(watch.expired());
}

TEST_CASE("what products of stored numbers lack makes them those of centred rows") {
  const auto x = hint_tests::matrix_of({{1, 0, 2}, {0, 3, 0}, {0, 0, 0}});
  const block rows(hint_tests::sparse_of(x), block::centering{{0.5F, 1, -1}, {2, 1, 3}});
  const std::vector<hint::data::row_id> order{2, 0, 1, 0};
  const block some = rows(order);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) {
      double stored = 0, real = 0;
      for (Eigen::Index c = 0; c < 3; ++c) {
        const auto a = static_cast<double>(x(order[i], c)), b = static_cast<double>(x(order[j], c));
        const auto shift = static_cast<double>(rows.shift()[static_cast<std::size_t>(c)]);
        stored += a * b;
        real += some.factor(i) * (a - shift) * some.factor(j) * (b - shift);
      }
      CHECK(some.factor(i) * some.factor(j) * (stored - some.lack(i) - some.lack(j)) ==
            Approx(real));
      CHECK(some.product(i, j, stored) == Approx(real));
    }
  CHECK(block(hint_tests::sparse_of(x)).lack(1) == 0);
  CHECK(block(x).lack(0) == 0);
}
