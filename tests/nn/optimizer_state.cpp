// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/optimizer_state.hpp>
#include <hint/nn/sgd.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

static_assert(nn::resumable_optimizer<nn::adam> && nn::resumable_optimizer<nn::adam, double>);
static_assert(nn::resumable_optimizer<nn::sgd> && !nn::resumable_optimizer<nn::no_optimizer>);

namespace {

template <class O, class T>
void goes_on(const O& fresh, std::size_t steps_before) {
  const hint_tests::temporary_folder folder;
  constexpr std::size_t n = 1001;
  std::vector<T> p(n), g(n);
  const auto step = [&](O& o, std::vector<T>& to, std::size_t number) {
    for (std::size_t i = 0; i < n; ++i) g[i] = static_cast<T>((i * 37 + number * 101) % 19) - T{9};
    o.step(std::span<T>(to), std::span<const T>(g));
  };
  O o = fresh;
  for (std::size_t s = 0; s < steps_before; ++s) step(o, p, s);
  io::archive_writer writer(1000);
  nn::write_state<T>(writer, "a", o);
  writer.save(folder / "x");
  O other = fresh;
  nn::read_state<T>(io::archive_reader(folder / "x"), "a", n, other);
  CHECK(other.steps() == steps_before);
  std::vector<T> q = p;
  for (std::size_t s = steps_before; s < steps_before + 5; ++s) {
    step(o, p, s);
    step(other, q, s);
  }
  CHECK(p == q);
}

}  // namespace

TEST_CASE("optimisers go on from an archive with the same bits", "[nn][optimizer_state]") {
  for (const std::size_t steps : {0U, 1U, 7U}) {
    CAPTURE(steps);
    goes_on<nn::adam, float>(nn::adam({.rate = 0.01}), steps);
    goes_on<nn::adam, double>(nn::adam({.weight_decay = 0.1}), steps);
    goes_on<nn::sgd, float>(nn::sgd(), steps);
  }
}

TEST_CASE("the state of another network is refused", "[nn][optimizer_state]") {
  const hint_tests::temporary_folder folder;
  std::vector<float> p(10), g(10, 1.0F);
  nn::adam o;
  o.step(std::span<float>(p), g);
  io::archive_writer writer(1000);
  nn::write_state<float>(writer, "a", o);
  writer.save(folder / "x");
  nn::adam other;
  const io::archive_reader reader(folder / "x");
  CHECK_THROWS_MESSAGE((nn::read_state<float>(reader, "a", 11, other), 0), format_error,
                       (folder / "x").string() +
                           ": array 'a.optimizer0' has 10 numbers for 11 parameters after 1 steps");
  CHECK(other.steps() == 0);
  CHECK_THROWS_AS(nn::read_state<float>(reader, "b", 10, other), format_error);
}
