// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/elementwise_optimizer.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/network_gradient.hpp>
#include <hint/nn/row_sparse_gradient.hpp>
#include <hint/nn/sparse_batch.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

struct sum_options {
  double rate = 0.5;
  void validate() const { hint::option_in("rate", rate, 0, 1); }
};

/// p -= rate * steps * (sum of gradients), with the last gradient kept beside the sum.
class summing : public hint::nn::elementwise_optimizer<sum_options, 2> {
 public:
  explicit summing(sum_options o = {}) : elementwise_optimizer(o) {}
  template <hint::linalg::real T>
  void step(std::span<T> parameters, std::span<const T> gradients,
            const hint::executor_ref& e = {}) {
    this->advance("summing", parameters, gradients, e, [&](std::uint64_t steps) {
      const double rate = get_options().rate * static_cast<double>(steps);
      return [rate = hint::linalg::batch<T>(static_cast<T>(rate))](auto& p, const auto& g,
                                                                   auto& sum, auto& last) {
        sum = sum + g;
        p = p - rate * sum + (last - last);
        last = g;
      };
    });
  }
};
static_assert(hint::nn::optimizer<summing> && hint::nn::optimizer<summing, double>);

TEST_CASE("an optimiser is its rule, whatever the executor", "[nn]") {
  const std::size_t n = 40001;
  hint::thread_pool three(3);
  std::vector<double> p(n), q(n), g(n);
  for (std::size_t i = 0; i < n; ++i) p[i] = q[i] = g[i] = static_cast<double>(i % 100);
  summing one, other;
  CHECK(one.steps() == 0);
  for (int t = 0; t < 3; ++t) {
    one.step<double>(p, g);
    other.step<double>(q, g, three);
  }
  CHECK(one.steps() == 3);
  CHECK(p == q);
  // 1/2 (1 g + 2 * 2 g + 3 * 3 g) = 7 g
  bool right = true;
  for (std::size_t i = 0; i < n; ++i) right = right && p[i] == -6 * g[i];
  CHECK(right);

  summing copy = one;
  one.set_rate(0.25);
  CHECK(copy.get_options().rate == 0.5);
  one.step<double>(p, g);
  copy.step<double>(q, g);
  CHECK(p[1] == -10);
  CHECK(q[1] == -14);
}

/// As `summing`, of rows that may wait; counts the rules that it makes.
class counting : public hint::nn::elementwise_optimizer<sum_options, 1> {
  auto rule() {
    return [this](std::uint64_t steps) {
      ++made;
      const double rate = get_options().rate / static_cast<double>(steps);
      return [rate = hint::linalg::batch<float>(static_cast<float>(rate))](auto& p, const auto& g,
                                                                           auto& sum) {
        sum = sum + g;
        p = p - rate * sum;
      };
    };
  }

 public:
  counting() : elementwise_optimizer(sum_options{.rate = 1e-3}) {}
  void step(std::span<float> parameters, const hint::nn::network_gradient<float>& gradient,
            const hint::executor_ref& e = {}) {
    this->advance("counting", parameters, gradient, e, rule());
  }
  void catch_up(std::span<float> parameters) {
    elementwise_optimizer::catch_up(parameters, hint::executor_ref{}, rule());
  }
  std::uint64_t made = 0;
};

TEST_CASE("rows that wait long do not make steps dearer and dearer", "[nn]") {
  using hint::linalg::matrix;
  const hint::nn::mlp<float> net(5, 3, {.hidden = {4}}, {7, 1});
  hint::nn::mlp<float> waits = net, flat = net;
  counting lazy, at_once;
  const matrix<float> d_output = hint_tests::random_matrix<float>(1, 3, 3);
  const std::size_t steps = 3000, size = net.parameters().size();
  hint::nn::row_sparse_gradient<float> first;
  std::vector<float> gradient(size), whole(size);
  for (std::size_t t = 0; t < steps; ++t) {
    hint::nn::sparse_batch<float> x(5);
    x.begin_row(0);
    x.add(t < 4 ? t : 4, 1.0F);  // most inputs occur once
    hint::nn::mlp<float>::tape tape;
    net.forward(x, tape, {1, 1});
    net.backward(x, d_output, tape, first, gradient);
    lazy.step(waits.parameters(), {gradient, &first});
    net.backward(x, d_output, tape, whole);
    at_once.step(flat.parameters(), {whole});
  }
  lazy.catch_up(waits.parameters());
  const auto a = waits.parameters(), b = flat.parameters();
  CHECK(std::vector<float>(a.begin(), a.end()) == std::vector<float>(b.begin(), b.end()));
  CHECK(lazy.made < 300 * steps);
}

TEST_CASE("an optimiser's errors are in its name", "[nn]") {
  CHECK_THROWS_MESSAGE(summing({.rate = 2}), hint::invalid_option,
                       "option rate is 2, expected 0 to 1");
  summing o;
  CHECK_THROWS_MESSAGE(o.set_rate(std::nan("")), hint::invalid_option,
                       "option rate is nan, expected 0 to 1000");
  std::vector<float> p(3), g(3);
  o.step<float>(p, g);
  std::vector<float> more(4);
  CHECK_THROWS_MESSAGE(o.step<float>(more, more), hint::shape_error,
                       "summing: 4 parameters, 4 gradients, state for 3");
  CHECK_THROWS_MESSAGE(o.step<float>(p, more), hint::shape_error,
                       "summing: 3 parameters, 4 gradients, state for 3");
  CHECK(o.steps() == 1);
}

}  // namespace
