// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/multi_index/coarse_centroids.hpp>

#include "support/catch.hpp"
#include "support/clusters.hpp"

namespace detail = hint::search::detail;
using hint::search::hamming_distance;

TEST_CASE("coarse_centroids know distances and the nearest, the first of equals") {
  const hint::random_stream random(1, 0);
  for (const std::size_t count : {1U, 7U, 32U, 33U, 100U}) {
    auto centres = clustered(90, count, count, 2, random.fork(count));
    std::copy(centres[0].begin(), centres[0].end(), centres[count - 1].begin());
    const detail::coarse_centroids centroids(centres);
    CHECK(centroids.size() == count);
    const auto codes = clustered(90, 50, 9, 4, random.fork(1000));
    std::vector<std::uint16_t> distances;
    for (std::size_t i = 0; i < 50; ++i) {
      centroids.distances(codes.view()[i], distances);
      std::size_t best = 0;
      for (std::size_t c = 0; c < count; ++c) {
        REQUIRE(distances[c] == hamming_distance(codes[i], centres[c]));
        if (distances[c] < distances[best]) best = c;
      }
      CHECK(detail::coarse_centroids::nearest(distances) == best);
    }
    centroids.distances(centres.view()[0], distances);
    CHECK(detail::coarse_centroids::nearest(distances) == 0);
  }
}

TEST_CASE("choose_centroids finds the centres of clusters") {
  const hint::random_stream random(2, 0);
  const auto codes = clustered(128, 2000, 20, 12, random);
  const auto truth = clustered(128, 200, 20, 1U << 30, random);  // without noise
  const auto centres = detail::choose_centroids(codes, 60);
  CHECK(centres.bits() == 128);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    std::uint32_t nearest = 128;
    for (std::size_t c = 0; c < centres.size(); ++c)
      nearest = (std::min)(nearest, hamming_distance(truth[i], centres[c]));
    CHECK(nearest <= 6);
  }
  // No more centres than different codes.
  CHECK(detail::choose_centroids(hint::code_set(64, 9), 5).size() == 1);
}
