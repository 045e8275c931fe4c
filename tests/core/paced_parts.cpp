// SPDX-License-Identifier: MIT
#include <hint/core/paced_parts.hpp>

#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <hint/core/thread_pool.hpp>

#include "support/catch.hpp"

namespace {

using hint::detail::chunks_in_parts;
using hint::detail::paced_parts;
using counts = std::vector<std::size_t>;

TEST_CASE("parts of work are asked for before and told of after") {
  for (const std::size_t least : {0U, 1U, 3U, 200U})
    for (const std::size_t n : {0U, 1U, 100U})
      for (const std::size_t allowed : {0U, 1U, 2U, 1000U}) {
        CAPTURE(least, n, allowed);
        std::size_t asked = 0, next = 0;
        counts told;
        const std::size_t done = paced_parts(
            n, least, [&] { return asked++ < allowed; },
            [&](std::size_t begin, std::size_t end) {
              CHECK(begin == next);
              CHECK(end > begin);
              CHECK((end - begin >= least || end == n));
              CHECK(told.size() + 1 == asked);
              next = end;
            },
            [&](std::size_t part) { told.push_back(part); });
        CHECK(done == next);
        CHECK((done == n || told.size() == allowed));
        CHECK((told.empty() ? 0 : told.back()) == done);
      }
}

TEST_CASE("chunks of parts are cut at the end, and none is left out") {
  hint::thread_pool pool{2};
  for (const std::size_t n : {0U, 1U, 7U, 8U, 9U})
    for (const std::size_t chunk : {std::size_t{0}, std::size_t{1}, std::size_t{4},
                                    (std::numeric_limits<std::size_t>::max)()})
      for (const std::size_t only : {0U, 1U, 100U}) {  // chunks that are done
        CAPTURE(n, chunk, only);
        counts seen(n);
        const std::size_t done = chunks_in_parts(
            pool, n, chunk,
            [&](std::size_t chunks, std::size_t least, auto&& part) {
              CHECK(least == 2);
              const std::size_t some = chunks < only ? chunks : only;
              for (std::size_t c = 0; c < some; ++c) part(c, c + 1);
              return some;
            },
            [&](std::size_t begin, std::size_t end) {
              for (std::size_t i = begin; i < end; ++i) ++seen[i];
            });
        const std::size_t size = chunk == 0 ? 1 : chunk;
        CHECK(done == (n / size < only ? n : only * size));
        for (std::size_t i = 0; i < n; ++i) CHECK(seen[i] == (i < done ? 1 : 0));
      }
}

}  // namespace
