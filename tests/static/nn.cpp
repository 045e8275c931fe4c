// SPDX-License-Identifier: MIT
// Compiles, or the concepts of nn do not mean what they say.
#include <cstddef>
#include <memory>
#include <span>

#include <hint/nn/adam.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/sgd.hpp>

namespace {

using hint::nn::differentiable;
using hint::nn::optimizer;

static_assert(differentiable<hint::nn::mlp<float>>);
static_assert(differentiable<hint::nn::mlp<double>>);
static_assert(optimizer<hint::nn::adam>);
static_assert(optimizer<hint::nn::adam, double>);
static_assert(optimizer<hint::nn::sgd>);
static_assert(optimizer<hint::nn::no_optimizer>);

struct no_tape : hint::nn::mlp<float> {
  struct tape {};  // no output()
};
struct integer_net : hint::nn::mlp<float> {
  using value_type = int;
};
struct read_only : hint::nn::mlp<float> {
  [[nodiscard]] std::span<const float> parameters() const;
};
struct not_const : hint::nn::mlp<float> {
  void forward(const hint::linalg::matrix_view<float>&, hint::linalg::matrix_ref<float>,
               const hint::executor_ref&);
};
static_assert(!differentiable<no_tape>);
static_assert(!differentiable<integer_net>);
static_assert(!differentiable<read_only>);
static_assert(!differentiable<not_const>);
static_assert(!differentiable<float>);

struct float_only {
  void step(std::span<float>, std::span<const float>, const hint::executor_ref&);
};
struct not_saved : float_only {
  std::unique_ptr<int> state;  // cannot be copied
};
struct stepless {};
static_assert(optimizer<float_only>);
static_assert(!optimizer<float_only, double>);
static_assert(!optimizer<not_saved>);
static_assert(!optimizer<stepless>);
static_assert(!optimizer<hint::nn::adam, int>);

}  // namespace
