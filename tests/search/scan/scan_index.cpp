// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/scan/scan_index.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::search::accept_all;
using hint::search::detail::scan_index;

TEST_CASE("a scan_index searches all of its store") {
  const std::uint64_t seed = 21;
  CAPTURE(seed);
  scan_index index(70, "test");
  index.store().add(random_codes(70, 500, hint::random_stream(seed, 0)));
  index.refresh();
  const auto queries = random_codes(70, 6, hint::random_stream(seed, 1));
  CHECK(index.nearest(queries, 9, accept_all{}, {}) ==
        hint::search::detail::scan_nearest(index.store(), queries, 9, accept_all{}, {}));
  CHECK(index.within(queries, 25, accept_all{}, {}) ==
        hint::search::detail::scan_radius(index.store(), queries, 25, accept_all{}, {}));
}

TEST_CASE("a scan_index drops removed rows when they are more than those left and 1024") {
  scan_index index(64, "test");
  index.store().add(hint::code_set(64, 1100));
  std::vector<std::int64_t> ids(1062);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
  index.store().remove(ids);  // 1062 removed, 38 left: as many as 38 + 1024
  index.refresh();
  CHECK(index.store().rows() == 1100);
  index.store().remove(std::vector<std::int64_t>{1062});
  index.refresh();
  CHECK(index.store().rows() == 37);
  CHECK(index.store().removed() == 0);
  CHECK(index.store().ids().front() == 1063);
}
