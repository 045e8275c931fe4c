// SPDX-License-Identifier: MIT
#include <hint/core/normal.hpp>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>

#include "support/catch.hpp"

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HINT_TEST_SANITIZED
#endif
#endif
#ifndef HINT_TEST_SANITIZED
#define HINT_TEST_THREAD_LIMIT
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>
#endif
#endif

TEST_CASE("thread_pool: runs every index exactly once", "[core]") {
  const std::size_t threads = GENERATE(1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U);
  const std::size_t n = GENERATE(0U, 1U, 2U, 7U, 1000U);
  CAPTURE(threads, n);
  hint::thread_pool pool(threads);
  CHECK(pool.concurrency() == threads);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::atomic<int>> hits(n);
    pool.bulk(n, [&](std::size_t i) { ++hits[i]; });
    for (const auto& h : hits) REQUIRE(h == 1);
  }
}

TEST_CASE("thread_pool: one thread is the caller's own", "[core]") {
  hint::thread_pool pool(1);
  std::set<std::thread::id> ids;
  pool.bulk(100, [&](std::size_t) { ids.insert(std::this_thread::get_id()); });
  CHECK(ids == std::set{std::this_thread::get_id()});
}

TEST_CASE("thread_pool: tasks run side by side", "[core]") {
  hint::thread_pool pool(3);
  std::atomic<int> inside = 0;
  std::atomic<bool> met = true;
  pool.bulk(3, [&](std::size_t) {
    ++inside;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (inside < 3 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    if (inside < 3) met = false;
  });
  CHECK(met);
}

TEST_CASE("thread_pool: all run, and the exception of the lowest index comes out", "[core]") {
  const std::size_t threads = GENERATE(1U, 2U, 4U, 8U);
  CAPTURE(threads);
  hint::thread_pool pool(threads);
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> calls = 0;
    const auto task = [&](std::size_t i) {
      ++calls;
      if (i >= 10 && i % 3 == 0) throw std::runtime_error(std::to_string(i));
    };
    REQUIRE_THROWS_MESSAGE(pool.bulk(200, task), std::runtime_error, "12");
    REQUIRE(calls == 200);
  }
  std::atomic<int> calls = 0;  // and the pool is as good as new
  pool.bulk(10, [&](std::size_t) { ++calls; });
  CHECK(calls == 10);
}

TEST_CASE("thread_pool: bulk within bulk, three deep", "[core]") {
  const std::size_t threads = GENERATE(1U, 2U, 3U, 8U);
  CAPTURE(threads);
  hint::thread_pool pool(threads);
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> calls = 0;
    pool.bulk(5, [&](std::size_t) {
      pool.bulk(6, [&](std::size_t) { pool.bulk(7, [&](std::size_t) { ++calls; }); });
    });
    REQUIRE(calls == 5 * 6 * 7);
  }
  const auto nested = [&](std::size_t i) {
    pool.bulk(4, [&](std::size_t j) {
      if (j == 2) throw std::runtime_error(std::to_string(i) + "/2");
    });
  };
  CHECK_THROWS_MESSAGE(pool.bulk(4, nested), std::runtime_error, "0/2");
}

TEST_CASE("thread_pool: many callers share one pool", "[core]") {
  hint::thread_pool pool(3);
  std::vector<std::uint64_t> sums(6);
  std::vector<std::thread> callers;
  for (std::size_t c = 0; c < sums.size(); ++c)
    callers.emplace_back([&pool, &sums, c] {
      for (int round = 0; round < 50; ++round) {
        std::vector<std::uint64_t> out(100);
        pool.bulk(out.size(), [&](std::size_t i) { out[i] = c * 1000 + i; });
        for (const std::uint64_t x : out) sums[c] += x;
      }
    });
  for (std::thread& t : callers) t.join();
  for (std::size_t c = 0; c < sums.size(); ++c) CHECK(sums[c] == 50 * (c * 100000 + 4950));
}

TEST_CASE("thread_pool: what tasks wrote is there after bulk", "[core]") {
  hint::thread_pool pool(4);
  std::vector<int> plain(5000);  // not atomic: the thread sanitizer would object
  for (int round = 0; round < 20; ++round)
    pool.bulk(plain.size(), [&](std::size_t i) { ++plain[i]; });
  CHECK(plain == std::vector<int>(plain.size(), 20));
}

TEST_CASE("thread_pool: sums have the same bits for any number of threads", "[core]") {
  const hint::random_stream random(3, 4);
  std::vector<float> values(100003);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(hint::normal(random, i) * std::exp(8 * random.uniform(i)));
  const auto sum = [&](std::size_t begin, std::size_t end) {
    float s = 0;
    for (std::size_t i = begin; i < end; ++i) s += values[i];
    return s;
  };
  const auto alone = hint::reduce_chunks<float>({}, values.size(), 97, sum);
  for (const std::size_t threads : {1U, 2U, 3U, 7U}) {
    CAPTURE(threads);
    hint::thread_pool pool(threads);
    for (int round = 0; round < 10; ++round)
      REQUIRE(hint::reduce_chunks<float>(pool, values.size(), 97, sum) == alone);
  }
}

TEST_CASE("thread_pool: pools come and go", "[core]") {
  for (std::size_t i = 0; i < 200; ++i) {
    hint::thread_pool pool(1 + i % 8);
    std::atomic<std::size_t> calls = 0;
    if (i % 3 != 0) pool.bulk(i % 5, [&](std::size_t) { ++calls; });
    REQUIRE(calls == (i % 3 != 0 ? i % 5 : 0));
  }
  CHECK(hint::thread_pool().concurrency() >= 1);
}

TEST_CASE("thread_pool: bad numbers of threads", "[core]") {
  CHECK_THROWS_MESSAGE(hint::thread_pool(0), hint::invalid_argument,
                       "thread_pool: threads is 0, expected 1 to 4096");
  CHECK_THROWS_MESSAGE(hint::thread_pool(4097), hint::invalid_argument,
                       "thread_pool: threads is 4097, expected 1 to 4096");
}

#ifdef HINT_TEST_THREAD_LIMIT
TEST_CASE("thread_pool: a system without more threads is an exception, not the end", "[core]") {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  statm >> pages;
  REQUIRE(pages > 0);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_AS, &before) == 0);
  rlimit tight = before;  // room for a few stacks
  tight.rlim_cur = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + (256U << 20);
  REQUIRE(setrlimit(RLIMIT_AS, &tight) == 0);
  bool refused = false;
  try {
    const hint::thread_pool pool(4096);
  } catch (const std::system_error&) {
    refused = true;
  }
  REQUIRE(setrlimit(RLIMIT_AS, &before) == 0);
  CHECK(refused);
}
#endif
