// SPDX-License-Identifier: MIT
#include <hint/core/communicator.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "support/catch.hpp"

namespace {

/// Rank 1 of 3, where all ranks always send the same.
struct three {
  std::size_t root = 0;
  std::size_t rank() const { return 1; }
  std::size_t size() const { return 3; }
  void all_reduce_sum(std::span<float> x) {
    for (float& v : x) v *= 3;
  }
  void all_reduce_sum(std::span<double> x) {
    for (double& v : x) v *= 3;
  }
  void broadcast(std::span<std::byte> x, std::size_t from) {
    root = from;
    for (std::byte& b : x) b = std::byte{7};
  }
  void all_gather(std::span<const std::byte> mine, std::span<std::byte> all) {
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = mine[i % mine.size()];
  }
};
struct lacks_gather {
  std::size_t rank() { return 0; }
  std::size_t size() { return 1; }
  void all_reduce_sum(std::span<double>) {}
  void broadcast(std::span<std::byte>, std::size_t) {}
};

}  // namespace

TEST_CASE("communicator: who models the concept", "[core]") {
  STATIC_REQUIRE(hint::communicator<hint::solo>);
  STATIC_REQUIRE(hint::communicator<three>);
  STATIC_REQUIRE(hint::communicator<const hint::communicator_ref>);
  STATIC_REQUIRE_FALSE(hint::communicator<lacks_gather>);
  STATIC_REQUIRE_FALSE(hint::communicator<const three>);
}

TEST_CASE("communicator: solo leaves everything as it is", "[core]") {
  const hint::communicator_ref c;
  CHECK(c.rank() == 0);
  CHECK(c.size() == 1);
  std::array<float, 2> f{1, 2};
  std::array<double, 2> d{3, 4};
  std::array<std::byte, 2> bytes{std::byte{5}, std::byte{6}};
  std::array<std::byte, 2> all{};
  c.all_reduce_sum(f);
  c.all_reduce_sum(d);
  c.broadcast(bytes, 0);
  c.all_gather(bytes, all);
  CHECK(f == std::array<float, 2>{1, 2});
  CHECK(d == std::array<double, 2>{3, 4});
  CHECK(bytes == std::array{std::byte{5}, std::byte{6}});
  CHECK(all == bytes);
  const hint::solo s;
  CHECK(hint::communicator_ref(s).size() == 1);
}

TEST_CASE("communicator: communicator_ref passes on every call", "[core]") {
  three t;
  const hint::communicator_ref c(t);
  CHECK(c.rank() == 1);
  CHECK(c.size() == 3);
  std::array<float, 1> f{1};
  std::array<double, 1> d{2};
  std::array<std::byte, 2> bytes{std::byte{1}, std::byte{2}};
  std::array<std::byte, 6> all{};
  c.all_reduce_sum(f);
  c.all_reduce_sum(d);
  c.all_gather(bytes, all);
  CHECK(f[0] == 3);
  CHECK(d[0] == 6);
  CHECK(all == std::array{bytes[0], bytes[1], bytes[0], bytes[1], bytes[0], bytes[1]});
  c.broadcast(bytes, 2);
  CHECK(t.root == 2);
  CHECK(bytes[0] == std::byte{7});
}
