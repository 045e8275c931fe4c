// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>
#include <hint/search/asymmetric.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"

namespace search = hint::search;
using hint::code_set;
using search::asymmetric_scorer;
using search::hit;
using search::scored_hit;

namespace {

code_set random_codes(std::size_t bits, std::size_t n, hint::random_stream random) {
  code_set codes(bits, n);
  for (std::size_t i = 0; i < codes.words().size(); ++i) codes.words()[i] = random.bits(i);
  for (std::size_t i = 0; i < n; ++i) codes[i].back() &= hint::last_word_mask(bits);
  return codes;
}

std::vector<float> random_values(std::size_t bits, hint::random_stream random) {
  std::vector<float> out(bits);
  for (std::size_t j = 0; j < bits; ++j) out[j] = static_cast<float>(hint::normal(random, j));
  return out;
}

/// The definition, in double precision.
double plain_score(const std::vector<float>& values, const code_set& codes, std::size_t i) {
  double sum = 0;
  for (std::size_t j = 0; j < values.size(); ++j)
    sum += codes.bit(i, j) ? double{values[j]} : -double{values[j]};
  return sum;
}

std::vector<std::int64_t> ids_of(const std::vector<scored_hit>& list) {
  std::vector<std::int64_t> out;
  for (const scored_hit& h : list) out.push_back(h.id);
  return out;
}

struct code_by_words {
  std::vector<std::uint64_t> operator()(std::int64_t) const;
};
struct code_by_set {
  const code_set& operator()(std::int64_t) const;
};
struct row_number {
  std::size_t operator()(std::int64_t) const;
};
static_assert(search::code_lookup<code_by_words> && search::code_lookup<code_by_set>);
static_assert(!search::code_lookup<row_number> && !search::code_lookup<code_set>);

const auto lengths = {1U,   2U,   7U,   8U,   9U,    15U,   16U,   63U,   64U,   65U,   100U,
                      127U, 128U, 200U, 256U, 1000U, 1024U, 2049U, 4095U, 4096U, 16384U};

}  // namespace

TEST_CASE("a score adds the values of set bits and takes away the others") {
  const std::vector<float> values{0.5F, -2, 4, 0.25F, 1, 8, -16, 32, 0.125F};
  code_set codes(9, 3);
  codes[1][0] = 0b1'1111'1111;
  codes[2][0] = 0b1'0000'0110;  // bits 1, 2 and 8
  const asymmetric_scorer scorer(values);
  CHECK(scorer.bits() == 9);
  CHECK(scorer.score(codes[0]) == -27.875F);
  CHECK(scorer.score(codes[1]) == 27.875F);
  CHECK(scorer.score(codes[2]) == -0.5F - 2 + 4 - 0.25F - 1 - 8 + 16 - 32 + 0.125F);
}

TEST_CASE("scores equal the plain sum in double precision, for every length") {
  for (const std::size_t bits : lengths) {
    for (const std::uint64_t seed : {1U, 2U}) {
      CAPTURE(bits, seed);
      const auto values = random_values(bits, {seed, 1});
      const auto codes = random_codes(bits, 40, {seed, 2});
      double size = 0;
      for (const float v : values) size += std::abs(double{v});
      const asymmetric_scorer scorer(values);
      std::vector<float> out(codes.size());
      scorer.scores(codes, out);
      // 8 additions for a byte, one for each word, 3 for the sums of the bytes' places.
      const double most = size * 0x1p-24 * static_cast<double>(8 + codes.words_per_code() + 3);
      for (std::size_t i = 0; i < codes.size(); ++i) {
        CAPTURE(i);
        CHECK(std::abs(double{out[i]} - plain_score(values, codes, i)) <= most);
        CHECK(scorer.score(codes[i]) == out[i]);
      }
    }
  }
}

TEST_CASE("for values of +1 and -1 a score is bits - 2 * distance") {
  for (const std::size_t bits : lengths) {
    const std::uint64_t seed = bits;
    CAPTURE(seed);
    const auto codes = random_codes(bits, 30, {seed, 3});
    const auto query = random_codes(bits, 1, {seed, 4});
    std::vector<float> signs(bits);
    for (std::size_t j = 0; j < bits; ++j) signs[j] = query.bit(0, j) ? 1.0F : -1.0F;
    const asymmetric_scorer scorer(signs);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const auto distance = static_cast<float>(search::hamming_distance(query[0], codes[i]));
      CHECK(scorer.score(codes[i]) == static_cast<float>(bits) - 2 * distance);
    }
    CHECK(scorer.score(query[0]) == static_cast<float>(bits));
  }
}

TEST_CASE("a code and its complement have opposite scores, to the last bit") {
  for (const std::size_t bits : {3U, 64U, 100U, 4096U}) {
    CAPTURE(bits);
    const auto codes = random_codes(bits, 20, {9, bits});
    auto others = codes;
    for (std::uint64_t& word : others.words()) word = ~word;
    for (std::size_t i = 0; i < others.size(); ++i) others[i].back() &= hint::last_word_mask(bits);
    const asymmetric_scorer scorer(random_values(bits, {9, 1}));
    for (std::size_t i = 0; i < codes.size(); ++i)
      CHECK(scorer.score(others[i]) == -scorer.score(codes[i]));
  }
}

TEST_CASE("codes are scored where they lie in a store") {
  for (const std::size_t bits : {7U, 64U, 190U, 4096U}) {
    CAPTURE(bits);
    const std::size_t n = bits == 4096 ? 9000 : 77;  // two chunks and more for the longest
    const auto codes = random_codes(bits, n, {4, bits});
    const asymmetric_scorer scorer(random_values(bits, {4, 1}));
    search::detail::code_store store(bits, "store");
    store.add(codes);
    CHECK((bits < 4096 || store.chunk_count() > 1));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < n; ++i)
      wrong +=
          hint::search::detail::score_of_row(scorer, store, i) != scorer.score(codes[i]) ? 1 : 0;
    CHECK(wrong == 0);
  }
}

TEST_CASE("no score of values that are taken overflows") {
  const float large = (std::numeric_limits<float>::max)() / 2 / 64;
  std::vector<float> values(64, large);
  code_set codes(64, 2);
  codes[1][0] = ~std::uint64_t{0};
  const asymmetric_scorer scorer(values);
  CHECK(scorer.score(codes[0]) == -64 * large);
  CHECK(scorer.score(codes[1]) == 64 * large);
  values[63] = 2 * large;
  CHECK_THROWS_MESSAGE(
      asymmetric_scorer(values), hint::invalid_argument,
      "asymmetric_scorer: value 63 is 5.3169117e+36; the magnitudes up to it add up "
      "to more than 1.7014117e+38");
}

TEST_CASE("asymmetric_scorer checks what it is given") {
  using limits = std::numeric_limits<float>;
  std::vector<float> values(100, 1);
  values[70] = limits::quiet_NaN();
  CHECK_THROWS_MESSAGE(asymmetric_scorer(values), hint::invalid_argument,
                       "asymmetric_scorer: value 70 is nan, expected a finite number");
  values[69] = limits::infinity();
  CHECK_THROWS_MESSAGE(asymmetric_scorer(values), hint::invalid_argument,
                       "asymmetric_scorer: value 69 is inf, expected a finite number");
  values[0] = -limits::infinity();
  CHECK_THROWS_MESSAGE(asymmetric_scorer(values), hint::invalid_argument,
                       "asymmetric_scorer: value 0 is -inf, expected a finite number");
  CHECK_THROWS_MESSAGE(asymmetric_scorer(std::span<const float>()), hint::invalid_argument,
                       "asymmetric_scorer: 0 values, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(asymmetric_scorer(std::vector<float>(16385)), hint::invalid_argument,
                       "asymmetric_scorer: 16385 values, expected 1 to 16384");

  const asymmetric_scorer scorer(std::vector<float>(60, 1));
  std::vector<float> out(2);
  CHECK_THROWS_MESSAGE(scorer.scores(code_set(61, 2), out), hint::shape_error,
                       "asymmetric_scorer::scores: codes have 61 bits, expected 60");
  CHECK_THROWS_MESSAGE(scorer.scores(code_set(60, 3), out), hint::shape_error,
                       "asymmetric_scorer::scores: room for 2 scores of 3 codes");
  code_set beyond(60, 2);
  beyond[1][0] = std::uint64_t{1} << 60;
  CHECK_THROWS_MESSAGE(
      scorer.scores(beyond, out), hint::invalid_argument,
      "asymmetric_scorer::scores: code 1 of codes has bits set past its end, bit 59");
  CHECK_NOTHROW(scorer.scores(code_set(60), {}));
}

TEST_CASE("ties are ranked by score, then by id, and distances stay in order") {
  // Query (1, 1, -1, -1) in signs; the second bit is almost undecided.
  const asymmetric_scorer scorer(std::vector<float>{3, 0.5F, -2, -3});
  code_set codes(4, 5);
  codes[0][0] = 0b0010;  // distance 1, wrong in bit 0: -3 + 0.5 + 2 + 3
  codes[1][0] = 0b0001;  // distance 1, wrong in bit 1: 7.5
  codes[2][0] = 0b0111;  // distance 1, wrong in bit 2: 4.5
  codes[3][0] = 0b0101;  // distance 2, wrong in bits 1 and 2: 3.5
  codes[4][0] = 0b0001;  // as code 1
  const std::vector<hit> row{{1, 0}, {1, 1}, {1, 2}, {1, 4}, {2, 3}};
  const auto code_of = [&](std::int64_t id) { return codes[static_cast<std::size_t>(id)]; };
  CHECK(search::rank_ties(row, scorer, code_of) ==
        std::vector<scored_hit>{
            {1, 1, 7.5F}, {1, 4, 7.5F}, {1, 2, 4.5F}, {1, 0, 2.5F}, {2, 3, 3.5F}});
  CHECK(search::rank_by_score(row, scorer, code_of) ==
        std::vector<scored_hit>{
            {1, 1, 7.5F}, {1, 4, 7.5F}, {1, 2, 4.5F}, {2, 3, 3.5F}, {1, 0, 2.5F}});
  CHECK(search::rank_ties({}, scorer, code_of).empty());
  CHECK(search::rank_by_score({}, scorer, code_of).empty());
}

TEST_CASE("equal scores are ranked by distance, then by id") {
  const asymmetric_scorer scorer(std::vector<float>(8, 0));
  const code_set codes(8, 1);
  const auto code_of = [&](std::int64_t) { return codes[0]; };
  const std::vector<hit> row{{2, 5}, {1, 7}, {2, -1}, {1, 6}};
  const std::vector<std::int64_t> expected{6, 7, -1, 5};
  CHECK(ids_of(search::rank_ties(row, scorer, code_of)) == expected);
  CHECK(ids_of(search::rank_by_score(row, scorer, code_of)) == expected);
}

TEST_CASE("a whole ranking refined by scores agrees with sorting by the plain sum") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const std::size_t bits = std::vector<std::size_t>{8, 16, 100}[seed % 3];
    CAPTURE(seed, bits);
    // Small integers, so that both sums are exact, and many scores are equal.
    std::vector<float> values(bits);
    for (std::size_t j = 0; j < bits; ++j)
      values[j] = static_cast<float>(hint::random_stream(seed, 1).below(j, 7)) - 3;
    code_set query(bits, 1);
    for (std::size_t j = 0; j < bits; ++j) query.set_bit(0, j, values[j] >= 0);
    const auto codes = random_codes(bits, 500, {seed, 2});
    std::vector<std::int64_t> ids(500);
    for (std::size_t i = 0; i < ids.size(); ++i)
      ids[i] = (seed < 3 ? 1 : -1) * static_cast<std::int64_t>(i) * 3;  // ascending or not
    search::linear_scan index(bits);
    index.add(codes, ids);
    const auto found = index.search(query, 500);

    std::vector<scored_hit> expected;
    for (std::size_t i = 0; i < 500; ++i)
      expected.push_back({search::hamming_distance(query[0], codes[i]), ids[i],
                          static_cast<float>(plain_score(values, codes, i))});
    std::sort(expected.begin(), expected.end(), [](const scored_hit& a, const scored_hit& b) {
      return std::vector<double>{double(a.distance), -double{a.score}, double(a.id)} <
             std::vector<double>{double(b.distance), -double{b.score}, double(b.id)};
    });
    const asymmetric_scorer scorer(values);
    CHECK(search::rank_ties(found[0], scorer, index.store()) == expected);
    // What a look-up returns may be a view or an owner.
    CHECK(search::rank_ties(found[0], scorer, [&](std::int64_t id) { return index.code(id); }) ==
          expected);
    const auto words = [&](std::int64_t id) {
      const code_set code = index.code(id);
      return std::vector<std::uint64_t>(code.words().begin(), code.words().end());
    };
    CHECK(search::rank_ties(found[0], scorer, words) == expected);

    std::sort(expected.begin(), expected.end(), [](const scored_hit& a, const scored_hit& b) {
      return std::vector<double>{-double{a.score}, double(a.distance), double(a.id)} <
             std::vector<double>{-double{b.score}, double(b.distance), double(b.id)};
    });
    CHECK(search::rank_by_score(found[0], scorer, index.store()) == expected);
    CHECK(search::rank_by_score(found[0], scorer, words) == expected);
  }
}

TEST_CASE("rankings check the codes that are looked up") {
  const asymmetric_scorer scorer(std::vector<float>(70, 1));
  const std::vector<hit> row{{0, 5}};
  const std::vector<std::uint64_t> words(3);
  CHECK_THROWS_MESSAGE(
      search::rank_ties(row, scorer, [&](std::int64_t) { return std::span(words); }),
      hint::shape_error, "rank_ties: the code of id 5 has 3 words, expected 2");
  CHECK_THROWS_MESSAGE(search::rank_ties(row, scorer, [](std::int64_t) { return code_set(71, 1); }),
                       hint::shape_error, "rank_ties: codes have 71 bits, expected 70");
  CHECK_THROWS_MESSAGE(
      search::rank_by_score(row, scorer, [](std::int64_t) { return code_set(70, 2); }),
      hint::shape_error, "rank_by_score: id 5 has 2 codes, expected 1");
  search::detail::code_store store(71, "store");
  CHECK_THROWS_MESSAGE(search::rank_ties(row, scorer, store), hint::shape_error,
                       "rank_ties: codes have 71 bits, expected 70");
  search::detail::code_store fitting(70, "store");
  CHECK_THROWS_MESSAGE(search::rank_by_score(row, scorer, fitting), hint::invalid_argument,
                       "rank_by_score: no code has id 5");
}
