// SPDX-License-Identifier: MIT
// The concepts themselves are tested in tests/static/nn.cpp; here a model of one's own is trained
// through them alone.
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hint/nn/adam.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/gradient_check.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/sgd.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using hint::linalg::matrix;

/// Each column times a weight of its own: the smallest network that models `differentiable`.
class scales {
 public:
  using value_type = double;
  struct tape {
    [[nodiscard]] const matrix<double>& output() const { return out; }
    matrix<double> out;
  };

  explicit scales(std::size_t n) : weights_(n, 0.5) {}
  [[nodiscard]] std::size_t inputs() const { return weights_.size(); }
  [[nodiscard]] std::size_t outputs() const { return weights_.size(); }
  [[nodiscard]] std::span<double> parameters() { return weights_; }
  [[nodiscard]] std::span<const double> parameters() const { return weights_; }
  void forward(const hint::linalg::matrix_view<double>& x, hint::linalg::matrix_ref<double> h,
               const hint::executor_ref& = {}) const {
    h = x * diagonal();
  }
  void forward(const hint::linalg::matrix_view<double>& x, tape& t, hint::random_stream,
               const hint::executor_ref& = {}) const {
    t.out = x * diagonal();
  }
  void backward(const hint::linalg::matrix_view<double>& x,
                const hint::linalg::matrix_view<double>& dh, const tape&, std::span<double> g,
                const hint::executor_ref& = {}) const {
    Eigen::Map<Eigen::RowVectorXd>(g.data(), x.cols()) = x.cwiseProduct(dh).colwise().sum();
  }

 private:
  [[nodiscard]] matrix<double> diagonal() const {
    const auto n = static_cast<Eigen::Index>(weights_.size());
    return Eigen::Map<const Eigen::VectorXd>(weights_.data(), n).asDiagonal();
  }
  std::vector<double> weights_;
};

/// Half the squared distance to `target` before and after 200 steps.
template <hint::nn::differentiable Net, hint::nn::optimizer<double> Optimizer>
std::pair<double, double> train(Net net, Optimizer o, const matrix<double>& x,
                                const matrix<double>& target) {
  typename Net::tape t;
  std::vector<double> g(net.parameters().size());
  double first = 0, last = 0;
  for (int step = 0; step < 200; ++step) {
    net.forward(x, t, {1, 1}, {});
    const matrix<double> dh = t.output() - target;
    last = dh.squaredNorm() / 2;
    if (step == 0) first = last;
    net.backward(x, dh, t, g, {});
    o.step(net.parameters(), std::span<const double>(g), {});
  }
  return {first, last};
}

TEST_CASE("a network of one's own trains with every optimiser", "[nn][concepts]") {
  const matrix<double> x = hint_tests::random_matrix<double>(30, 6, 1);
  const matrix<double> target = -0.25 * x;
  const auto [a, b] = train(scales(6), hint::nn::adam({.rate = 0.05}), x, target);
  CHECK(b < 1e-3 * a);
  const auto [c, d] = train(scales(6), hint::nn::sgd({.rate = 1e-2, .momentum = 0}), x, target);
  CHECK(d < 1e-3 * c);
  const auto [e, f] = train(scales(6), hint::nn::no_optimizer(), x, target);
  CHECK(e == f);
}

}  // namespace
