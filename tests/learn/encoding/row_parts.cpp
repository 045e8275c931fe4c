// SPDX-License-Identifier: MIT
#include <cstddef>

#include <hint/core/thread_pool.hpp>
#include <hint/data/block.hpp>
#include <hint/learn/encoding/row_parts.hpp>

#include "data/rows.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

using namespace hint;

TEST_CASE("parts follow each other and are all rows", "[learn][encoding]") {
  const auto x = hint_tests::random_matrix<float>(1700, 4096, 3);
  const data::block rows(x);
  thread_pool pool(3);
  for (const bool threads : {false, true}) {
    const context ctx = threads ? context(pool) : context();
    learn::detail::row_parts<data::block> parts(rows, ctx.executor);
    std::size_t done = 0;
    while (done < 1700) {
      const data::block part = parts.next(done, ctx);
      CHECK(part.rows() == (std::min)(threads ? std::size_t{1536} : std::size_t{512}, 1700 - done));
      CHECK(part.name_of_row(1) == "row " + std::to_string(done + 1));
      CHECK(hint_tests::dense_of(part) == x.middleRows(static_cast<linalg::index>(done),
                                                       static_cast<linalg::index>(part.rows())));
      done += part.rows();
    }
  }
}
