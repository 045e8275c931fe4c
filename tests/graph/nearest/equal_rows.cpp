// SPDX-License-Identifier: MIT
#include <cstddef>
#include <map>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/graph/nearest/equal_rows.hpp>

#include "data/rows.hpp"
#include "support/catch.hpp"

using hint::data::block;
using hint::data::row_id;
using hint::graph::detail::equal_rows;
using hint_tests::matrix_of;
using hint_tests::sparse_of;
using groups_of_rows = std::vector<std::vector<row_id>>;

namespace {
groups_of_rows groups(const block& rows, const hint::context& ctx = {}) {
  const equal_rows found(rows, ctx);
  groups_of_rows out;
  for (std::size_t g = 0; g < found.size(); ++g) out.emplace_back(found[g].begin(), found[g].end());
  return out;
}
}  // namespace

TEST_CASE("equal rows are grouped in the order of the first", "[graph][equal_rows]") {
  const auto x = matrix_of({{0, 1}, {1, 0}, {0, 1}, {0, 0}, {1, 0}, {0, 1}, {0, 2}});
  const groups_of_rows expected{{0, 2, 5}, {1, 4}, {3}, {6}};
  hint::thread_pool two(2);
  for (const block& rows : {block(x), block(sparse_of(x))}) {
    CHECK(groups(rows) == expected);
    CHECK(groups(rows, hint::context{two}) == expected);
  }
  CHECK(groups(block()).empty());
  const std::vector<row_id> selected{5, 3, 2};
  CHECK(groups(block(x)(selected)) == groups_of_rows{{0, 2}, {1}});
}

TEST_CASE("groups of many rows are those of a map", "[graph][equal_rows]") {
  const auto x = hint_tests::small_integers(2000, 3, 5);
  std::map<std::vector<float>, std::vector<row_id>> expected;
  for (Eigen::Index i = 0; i < 2000; ++i)
    expected[{x.row(i).data(), x.row(i).data() + 3}].push_back(static_cast<row_id>(i));
  const groups_of_rows found = groups(block(x));
  CHECK(found.size() == expected.size());
  for (const auto& group : found) {
    const float* const row = x.row(static_cast<Eigen::Index>(group.front())).data();
    CHECK(group == expected[{row, row + 3}]);
  }
}

TEST_CASE("stored zeros do not count, factors of centred rows do", "[graph][equal_rows]") {
  hint::linalg::sparse_matrix<float> x(3, 2);
  x.insert(0, 0) = 1;
  x.insert(1, 0) = 1;
  x.insert(1, 1) = 0;
  x.insert(2, 0) = 1;
  x.makeCompressed();
  CHECK(groups(block(x)) == groups_of_rows{{0, 1, 2}});
  CHECK(groups(block(x, block::centering{{0.5F, 0.5F}, {1, 1, 2}})) == groups_of_rows{{0, 1}, {2}});
}

TEST_CASE("a grouping that is asked to stop has the first rows", "[graph][equal_rows]") {
  struct stops {
    static bool stop_requested() { return true; }
  } observer;
  hint::sequential here;
  CHECK(groups(block(matrix_of({{1}, {1}})), hint::context(here, observer)).empty());
}
