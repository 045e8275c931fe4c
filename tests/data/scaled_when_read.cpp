// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/data/normalize.hpp>
#include <hint/data/scaled_when_read.hpp>
#include <hint/graph/approximate_nearest.hpp>
#include <hint/graph/fused.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/learn/hint.hpp>

#include "data/rows.hpp"
#include "graph/brute_force.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/memory_counters.hpp"

namespace {

using namespace hint;
using data::block;
using data::normalizer;
using data::row_id;
using data::scaling;
using hint_tests::dense_of;
using hint_tests::lists_of;
using hint_tests::random_matrix;
using hint_tests::rows_matrix;
using hint_tests::same_bits;

/// Rows far from 0, one of zeros, one that is constant and one very long.
rows_matrix rows_of_all_kinds(Eigen::Index n, Eigen::Index d) {
  rows_matrix x = random_matrix<float>(n, d, 1).array() + 3;
  x.row(1).setZero();
  x.row(2).setConstant(5);
  x.row(3) *= 1e18F;
  return x;
}

}  // namespace

TEST_CASE("rows that are scaled when they are read have the bits of a scaled copy",
          "[data][scaled_when_read]") {
  for (const Eigen::Index d : {1, 5, 16, 70, 259}) {
    const rows_matrix x = rows_of_all_kinds(80, d);
    for (std::size_t s = 0; s < data::scaling_names.size(); ++s) {
      CAPTURE(d, data::scaling_names[s]);
      const normalizer by = normalizer::fit(block(x), static_cast<scaling>(s));
      for (const block& from : {block(x), block(x)(std::vector<row_id>{79, 3, 3, 1}),
                                block(hint_tests::sparse_of(x))}) {
        const block read = data::scaled_when_read(from, by), copied = by.transform(from);
        REQUIRE(read.rows() == copied.rows());
        REQUIRE(read.cols() == copied.cols());
        CHECK(same_bits<float>(dense_of(read), dense_of(copied)));
        const std::array<row_id, 3> some{3, 0, 3};
        CHECK(same_bits<float>(dense_of(read(some)), dense_of(copied(some))));
        for (std::size_t i = 0; i < 4; ++i) {
          rows_matrix row = rows_matrix::Zero(1, static_cast<Eigen::Index>(read.cols()));
          read.for_each_stored(
              i, [&](std::size_t j, float v) { row(0, static_cast<Eigen::Index>(j)) = v; });
          CHECK(same_bits<float>(row, dense_of(copied).row(static_cast<Eigen::Index>(i))));
        }
      }
    }
  }
}

TEST_CASE("searches and fits by rows that are scaled when they are read have the bits of others",
          "[data][scaled_when_read]") {
  const rows_matrix x = random_matrix<float>(150, 40, 2), y = random_matrix<float>(150, 30, 3);
  std::array<block, 2> read, copied;
  for (std::size_t m = 0; m < 2; ++m) {
    const block rows(m == 0 ? x : y);
    const normalizer by = normalizer::fit(rows, scaling::centered_l2);
    read[m] = data::scaled_when_read(rows, by);
    copied[m] = by.transform(rows);
  }
  thread_pool pool(2);
  for (const context& ctx : {context{}, context{pool}}) {
    for (const graph::metric how : hint_tests::all_metrics) {
      CHECK(lists_of(graph::nearest(read[0], 4, how, ctx)) ==
            lists_of(graph::nearest(copied[0], 4, how)));
      const graph::approximate_options o{.trees = 2, .leaf = 16};
      CHECK(lists_of(graph::approximate_nearest(read[0], 4, how, o, ctx).lists) ==
            lists_of(graph::approximate_nearest(copied[0], 4, how, o).lists));
    }
    CHECK(lists_of(graph::nearest_fused(read, 0.3, 4, ctx)) ==
          lists_of(graph::nearest_fused(copied, 0.3, 4)));
    CHECK(lists_of(graph::approximate_fused(read, 0.3, 4, {}, ctx).lists) ==
          lists_of(graph::approximate_fused(copied, 0.3, 4, {}).lists));
    learn::hint_options o = learn::hint_options::fused(16);
    o.scaling = {scaling::none, scaling::none};
    o.network.hidden = {8};
    o.batch = 32;
    o.steps = 6;
    const auto a = learn::hint(o).fit(data::paired<>(read[0], read[1]), ctx);
    const auto b = learn::hint(o).fit(data::paired<>(copied[0], copied[1]));
    for (const modality m : modalities)
      CHECK(a.encode(m, read[index_of(m)]) == b.encode(m, copied[index_of(m)]));
  }
}

TEST_CASE("rows that are scaled when they are read need no memory", "[data][scaled_when_read]") {
  const block rows(random_matrix<float>(3000, 64, 4));
  const normalizer by = normalizer::fit(rows, scaling::centered_l2);
  block read;
  CHECK(counted_memory::peak_of([&] { read = data::scaled_when_read(rows, by); }) < 10000);
  CHECK_THROWS_MESSAGE(data::scaled_when_read(block(rows_matrix(2, 3)), by), shape_error,
                       "scaled_when_read: rows have 3 columns, the scaling was fitted on 64");
}
