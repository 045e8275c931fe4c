// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/network_gradient.hpp>
#include <hint/nn/sgd.hpp>

#include "linalg/random_matrix.hpp"
#include "nn/sparse_and_dense.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::matrix;
using hint::nn::network_gradient;
using hint::nn::row_sparse_gradient;
using hint_tests::random_matrix;

static_assert(hint::nn::row_sparse_optimizer<hint::nn::adam> &&
              hint::nn::row_sparse_optimizer<hint::nn::sgd, double> &&
              !hint::nn::row_sparse_optimizer<hint::nn::no_optimizer>);

constexpr std::size_t inputs = 60, outputs = 5, total = inputs * outputs + 23;

/// One to three inputs in each row.
hint::nn::sparse_batch<float> batch(std::uint64_t step, std::span<const float> shift) {
  hint::nn::sparse_batch<float> x(inputs, shift);
  const hint::random_stream random(7, step);
  for (std::uint64_t i = 0; i < 3; ++i) {
    x.begin_row(shift.empty() ? 0.0F : 0.5F + static_cast<float>(i));
    const std::size_t first = random.below(2 * i, inputs / 3);
    for (std::size_t j = first; j < inputs; j += 25)
      x.add(j, static_cast<float>(random.uniform(10 * i + j) - 0.5));
  }
  return x;
}

/// Ten steps, with the first weights' gradient sparse or all of it flat; `read(step, parameters, optimiser)`
/// before each.
template <class Optimizer, class Read>
std::vector<float> parameters_after(Optimizer o, bool sparse, bool shifted,
                                    const hint::executor_ref& e, Read read) {
  const matrix<float> start = random_matrix<float>(1, total, 3);
  const matrix<float> shift = random_matrix<float>(1, inputs, 4);
  const std::span<const float> mean(shift.data(), shifted ? inputs : 0);
  std::vector<float> p(start.data(), start.data() + total);
  row_sparse_gradient<float> first;
  for (std::uint64_t step = 0; step < 10; ++step) {
    read(step, p, o);
    o.set_rate(0.01 / static_cast<double>(step + 1));
    const auto x = batch(step, mean);
    first.assign(x, random_matrix<float>(3, outputs, 20 + step), e);
    matrix<float> flat = random_matrix<float>(1, total, 50 + step);
    std::span<float> numbers(flat.data(), total);
    if (sparse)
      for (float& g : numbers.first(inputs * outputs)) g = NAN;  // is not to be looked at
    else
      first.copy_to(numbers.first(inputs * outputs));
    o.step(std::span<float>(p), network_gradient<float>{numbers, sparse ? &first : nullptr, 0.75F},
           e);
  }
  o.catch_up(std::span<float>(p), e);
  return p;
}

template <class Optimizer>
void check_same_bits(const Optimizer& o) {
  const auto nobody = [](std::uint64_t, std::span<float>, Optimizer&) {};
  hint::thread_pool three(3);
  for (const bool shifted : {false, true}) {
    CAPTURE(shifted);
    const std::vector<float> expected = parameters_after(o, false, shifted, {}, nobody);
    CHECK(parameters_after(o, true, shifted, {}, nobody) == expected);
    CHECK(parameters_after(o, true, shifted, three, nobody) == expected);
    // Some rows are made ready before every step, and all of them before the fourth.
    std::vector<std::vector<float>> seen[2];
    for (const bool sparse : {false, true})
      CHECK(parameters_after(o, sparse, shifted, {},
                             [&](std::uint64_t step, std::span<float> p, Optimizer& mine) {
                               const std::vector<std::uint32_t> rows{
                                   static_cast<std::uint32_t>(step), 40, 59};
                               if (step == 3)
                                 mine.catch_up(p);
                               else
                                 mine.catch_up(p, rows);
                               auto& out = seen[sparse].emplace_back();
                               for (const std::uint32_t j : rows)
                                 for (std::size_t i = 0; i < outputs; ++i)
                                   out.push_back(p[j * outputs + i]);
                             }) == expected);
    CHECK(seen[0] == seen[1]);
  }
}

TEST_CASE("weights that wait get the bits of those that do not", "[nn][network_gradient]") {
  check_same_bits(hint::nn::adam());
  check_same_bits(hint::nn::adam({.beta1 = 0.5, .weight_decay = 0.1}));
  check_same_bits(hint::nn::sgd());
  check_same_bits(hint::nn::sgd({.momentum = 0, .weight_decay = 0.1}));
}

TEST_CASE("weights of inputs that do not occur do wait", "[nn][network_gradient]") {
  hint::nn::adam o;
  std::vector<float> p(total, 1);
  hint::nn::sparse_batch<float> x(inputs);
  x.begin_row(0);
  x.add(2, 1);
  row_sparse_gradient<float> first;
  first.assign(x, matrix<float>::Ones(1, outputs), {});
  const std::vector<float> flat(total, 1), start = p;
  o.step(std::span<float>(p), network_gradient<float>{flat, &first});
  hint::nn::sparse_batch<float> other(inputs);
  other.begin_row(0);
  other.add(3, 1);
  first.assign(other, matrix<float>::Ones(1, outputs), {});
  const std::vector<float> once = p;
  o.step(std::span<float>(p), network_gradient<float>{flat, &first});
  CHECK(once[2 * outputs] != 1);
  CHECK(p[2 * outputs] == once[2 * outputs]);  // has still a step to go by its moments
  CHECK(p[3 * outputs] != 1);
  hint::nn::adam copy = o;  // also of what waits
  std::vector<float> q = p;
  o.catch_up(std::span<float>(p));
  CHECK(p[2 * outputs] < once[2 * outputs]);
  CHECK(p[4 * outputs] == 1);
  copy.catch_up(std::span<float>(q));
  CHECK(p == q);
}

TEST_CASE("an optimiser that is put back forgets what waits", "[nn][network_gradient]") {
  hint::nn::adam o;
  std::vector<float> p(total, 1);
  const std::vector<float> flat(total, 1);
  hint::nn::sparse_batch<float> x(inputs), other(inputs);
  for (auto* b : {&x, &other}) b->begin_row(0);
  x.add(2, 1);
  other.add(3, 1);
  row_sparse_gradient<float> first;
  first.assign(x, matrix<float>::Ones(1, outputs), {});
  o.step(std::span<float>(p), network_gradient<float>{flat, &first});
  o.catch_up(std::span<float>(p));
  const auto steps = o.steps();
  const auto state = o.state<float>();
  const std::vector<float> then = p;
  first.assign(other, matrix<float>::Ones(1, outputs), {});
  o.step(std::span<float>(p), network_gradient<float>{flat, &first});  // weights of input 2 wait
  o.restore<float>(steps, state);
  p = then;
  o.catch_up(std::span<float>(p));
  CHECK(p == then);
  hint::nn::adam fresh;
  fresh.restore<float>(steps, state);
  std::vector<float> q = then;
  for (auto* both : {&o, &fresh}) {
    std::vector<float>& mine = both == &o ? p : q;
    both->step(std::span<float>(mine), network_gradient<float>{flat, &first});
    both->catch_up(std::span<float>(mine));
  }
  CHECK(p == q);
}

TEST_CASE("the norm of a gradient", "[nn][network_gradient]") {
  const hint_tests::sparse_and_dense x(6, 40, true, 5);
  const matrix<double> d = random_matrix<double>(6, 3, 8);
  row_sparse_gradient<double> first;
  first.assign(x.sparse, d, {});
  std::vector<double> flat(123, 2);
  CHECK(network_gradient<double>{flat}.squared_norm() == 4 * 123);
  CHECK(network_gradient<double>{flat}.first_size() == 0);
  for (double& g : std::span(flat).first(120)) g = NAN;
  const network_gradient<double> both{flat, &first, 0.5};
  CHECK(both.first_size() == 120);
  CHECK(both.squared_norm() ==
        Approx((x.dense.transpose() * d).squaredNorm() + 3 * 4).epsilon(1e-12));
}

}  // namespace
