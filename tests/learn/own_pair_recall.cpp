// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/learn/own_pair_recall.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using namespace hint;

TEST_CASE("own pair recall by hand", "[learn][own_pair_recall]") {
  code_set images(3, 3), texts(3, 3);
  // Distances 0 1 3 / 1 0 2 / 3 2 0 with images 000 001 111 and texts alike.
  for (code_set* c : {&images, &texts}) {
    c->set_bit(1, 0, true);
    for (std::size_t j = 0; j < 3; ++j) c->set_bit(2, j, true);
  }
  CHECK(learn::own_pair_recall(images, texts, 1) == 1);
  const code_set same(3, 3);
  CHECK(learn::own_pair_recall(same, same, 1) == Approx(1.0 / 3));
  CHECK(learn::own_pair_recall(same, same, 2) == Approx(2.0 / 3));
  CHECK(learn::own_pair_recall(same, same, 3) == 1);
  CHECK(learn::own_pair_recall(code_set(3), code_set(3), 1) == 0);
  CHECK_THROWS_MESSAGE(learn::own_pair_recall(images, code_set(3, 2), 1), shape_error,
                       "own_pair_recall: 3 images of 3 bits, 2 texts of 3");
}

TEST_CASE("own pair recall is the mean over random orders of equals", "[learn][own_pair_recall]") {
  const code_set images = random_codes(5, 40, {3, 1}), texts = random_codes(5, 40, {3, 2});
  const auto place = [&](std::size_t i, bool from_text, const std::vector<std::uint32_t>& order) {
    const auto distance = [&](std::size_t j) {
      const auto a = from_text ? texts[i][0] : images[i][0];
      return std::popcount(a ^ (from_text ? images[j][0] : texts[j][0]));
    };
    std::size_t before = 0;
    for (std::size_t j = 0; j < 40; ++j)
      before += std::pair(distance(j), order[j]) < std::pair(distance(i), order[i]);
    return before;
  };
  for (const std::size_t k : {1U, 4U, 20U, 40U, 100U}) {
    double hits = 0;
    constexpr std::size_t orders = 2000;
    for (std::size_t o = 0; o < orders; ++o) {
      const auto order = permutation(40, random_stream(9, o));
      for (std::size_t i = 0; i < 40; ++i)
        hits += (place(i, false, order) < k) + (place(i, true, order) < k);
    }
    CAPTURE(k);
    CHECK(learn::own_pair_recall(images, texts, k) ==
          Approx(hits / static_cast<double>(80 * orders)).margin(0.005));
  }
  thread_pool pool(3);
  const code_set a = random_codes(70, 300, {4, 1}), b = random_codes(70, 300, {4, 2});
  CHECK(learn::own_pair_recall(a, b, 10) == learn::own_pair_recall(a, b, 10, context(pool)));
}
