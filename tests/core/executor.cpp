// SPDX-License-Identifier: MIT
#include <hint/core/executor.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>

#include "support/catch.hpp"

namespace {

/// As unlike `sequential` as the contract allows: last index first.
struct backwards {
  std::size_t concurrency() { return 3; }
  void bulk(std::size_t n, hint::task_ref f) {
    std::exception_ptr error;
    for (std::size_t i = n; i-- > 0;) {
      try {
        f(i);
      } catch (...) {
        error = std::current_exception();
      }
    }
    if (error) std::rethrow_exception(error);
  }
};

/// The order that `reduce_chunks` promises, by recursion: a node joins its two halves, where the left
/// one holds the largest power of two below its size.
float tree_sum(const std::vector<float>& parts, std::size_t begin, std::size_t end) {
  if (end - begin == 1) return parts[begin];
  std::size_t half = 1;
  while (2 * half < end - begin) half *= 2;
  return tree_sum(parts, begin, begin + half) + tree_sum(parts, begin + half, end);
}

}  // namespace

TEST_CASE("executor: sequential runs in order and alone", "[core]") {
  std::vector<std::size_t> seen;
  hint::sequential::bulk(5, [&](std::size_t i) { seen.push_back(i); });
  CHECK(seen == std::vector<std::size_t>{0, 1, 2, 3, 4});
  hint::sequential::bulk(0, [&](std::size_t) { seen.clear(); });
  CHECK(seen.size() == 5);
  STATIC_REQUIRE(hint::sequential::concurrency() == 1);
}

TEST_CASE("executor: after an exception the others still run and the lowest is thrown", "[core]") {
  int calls = 0;
  const auto task = [&](std::size_t i) {
    ++calls;
    if (i % 2 == 1) throw std::runtime_error(std::to_string(i));
  };
  CHECK_THROWS_MESSAGE(hint::sequential::bulk(6, task), std::runtime_error, "1");
  CHECK(calls == 6);
  CHECK_THROWS_MESSAGE(hint::executor_ref().bulk(6, task), std::runtime_error, "1");
  backwards b;
  CHECK_THROWS_MESSAGE(hint::executor_ref(b).bulk(6, task), std::runtime_error, "1");
}

TEST_CASE("executor: task_ref refers, it does not copy", "[core]") {
  struct counter {
    std::size_t sum = 0;
    void operator()(std::size_t i) { sum += i; }
  } c;
  const hint::task_ref f(c);
  const hint::task_ref copy = f;
  f(3);
  copy(4);
  CHECK(c.sum == 7);
}

TEST_CASE("executor: executor_ref passes on to any model, const ones too", "[core]") {
  backwards b;
  const hint::executor_ref r(b);
  CHECK(r.concurrency() == 3);
  std::vector<std::size_t> seen;
  r.bulk(3, [&](std::size_t i) { seen.push_back(i); });
  CHECK(seen == std::vector<std::size_t>{2, 1, 0});
  const hint::sequential s;
  CHECK(hint::executor_ref(s).concurrency() == 1);
  const hint::executor_ref again(r);
  CHECK(again.concurrency() == 3);
  CHECK(hint::executor_ref().concurrency() == 1);
}

TEST_CASE("executor: chunks cover everything once, in their own bounds", "[core]") {
  const std::size_t n = GENERATE(0U, 1U, 2U, 7U, 64U, 100U);
  const std::size_t chunk =
      GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{64}, std::size_t{1000},
               (std::numeric_limits<std::size_t>::max)());
  CAPTURE(n, chunk);
  std::vector<int> hits(n);
  hint::for_chunks({}, n, chunk, [&](std::size_t begin, std::size_t end) {
    REQUIRE(begin < end);
    REQUIRE(end <= n);
    REQUIRE((chunk == 0 ? begin : begin % chunk) == (chunk == 0 ? begin : 0));
    for (std::size_t i = begin; i < end; ++i) ++hits[i];
  });
  CHECK(hits == std::vector<int>(n, 1));
}

TEST_CASE("executor: reduce_chunks adds in one fixed tree", "[core]") {
  const std::size_t n = GENERATE(1U, 2U, 3U, 5U, 8U, 9U, 100U, 1000U);
  const std::size_t chunk = GENERATE(1U, 4U, 7U, 5000U);
  CAPTURE(n, chunk);
  const hint::random_stream random(n, chunk);
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<float>(hint::normal(random, i));
  const auto sum = [&](std::size_t begin, std::size_t end) {
    float s = 0;
    for (std::size_t i = begin; i < end; ++i) s += values[i];
    return s;
  };
  std::vector<float> parts;
  for (std::size_t i = 0; i < n; i += chunk) parts.push_back(sum(i, (std::min)(n, i + chunk)));
  backwards b;
  const float found = hint::reduce_chunks<float>({}, n, chunk, sum);
  CHECK(found == tree_sum(parts, 0, parts.size()));
  CHECK(found == hint::reduce_chunks<float>(b, n, chunk, sum));
}

TEST_CASE("executor: the sum of nothing is the default value", "[core]") {
  const auto fail = [](std::size_t, std::size_t) -> int { throw std::logic_error("called"); };
  CHECK(hint::reduce_chunks<int>({}, 0, 4, fail) == 0);
  CHECK(hint::reduce_chunks<int>(
            {}, 10, (std::numeric_limits<std::size_t>::max)(),
            [](std::size_t a, std::size_t b) { return static_cast<int>(b - a); }) == 10);
}
