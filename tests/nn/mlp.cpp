// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/gradient_check.hpp>
#include <hint/nn/mlp.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using Eigen::Index;
using hint::linalg::matrix;
using hint::nn::activation;
using hint::nn::mlp;
using hint::nn::mlp_options;
using hint_tests::random_matrix;
using hint_tests::same_bits;

mlp_options shaped(std::vector<std::size_t> hidden, activation f = activation::relu,
                   double dropout = 0) {
  mlp_options o;
  o.hidden = std::move(hidden);
  o.hidden_activation = f;
  o.dropout = dropout;
  return o;
}

/// The network written out in Eigen, for at most one hidden layer.
matrix<double> oracle(const mlp<double>& net, const matrix<double>& x) {
  const double* p = net.parameters().data();
  matrix<double> h = x;
  Index in = x.cols();
  std::vector<Index> widths;
  for (const std::size_t w : net.options().hidden) widths.push_back(static_cast<Index>(w));
  widths.push_back(static_cast<Index>(net.outputs()));
  for (std::size_t l = 0; l < widths.size(); ++l) {
    const Eigen::Map<const matrix<double>> w(p, in, widths[l]);
    const Eigen::Map<const Eigen::RowVectorXd> b(p + widths[l] * in, widths[l]);
    matrix<double> a = h * w;
    a.rowwise() += b;
    const bool tanh = l + 1 == widths.size() || net.options().hidden_activation == activation::tanh;
    h = tanh ? matrix<double>(a.array().tanh()) : matrix<double>(a.array().max(0.0));
    p += widths[l] * (in + 1);
    in = widths[l];
  }
  REQUIRE(p == net.parameters().data() + net.parameters().size());
  return h;
}

TEST_CASE("mlp agrees with the formula", "[nn][mlp]") {
  for (const auto& hidden : {std::vector<std::size_t>{}, {9}, {12, 1, 30}})
    for (const activation f : {activation::relu, activation::tanh}) {
      CAPTURE(hidden.size(), name(f));
      const mlp<double> net(21, 5, shaped(hidden, f), {3, 1});
      const matrix<double> x = random_matrix<double>(33, 21, 4);
      matrix<double> h(33, 5);
      net.forward(x, h);
      CHECK((h - oracle(net, x)).cwiseAbs().maxCoeff() < 1e-14);
      mlp<double>::tape tape;
      net.forward(x, tape, {1, 1});
      CHECK(same_bits(tape.output(), h));  // without dropout training computes the same
    }
}

TEST_CASE("mlp's default is the paper's net", "[nn][mlp]") {
  const mlp<float> net(1386, 64, {}, {1, 1});
  CHECK(net.inputs() == 1386);
  CHECK(net.outputs() == 64);
  CHECK(net.parameters().size() == 1386 * 512 + 512 + 512 * 64 + 64);
  const double bound = 1 / std::sqrt(1386.0);
  float largest = 0;
  for (const float w : net.parameters().first(1386 * 512 + 512))
    largest = (std::max)(largest, std::abs(w));
  CHECK(static_cast<double>(largest) <= bound * 1.0000001);
  CHECK(static_cast<double>(largest) > 0.999 * bound);
}

TEST_CASE("mlp's gradients pass the gradient check", "[nn][mlp]") {
  const std::uint64_t seed = 17;
  CAPTURE(seed);
  for (const double rate : {0.0, 0.5})
    for (const activation f : {activation::relu, activation::tanh})
      for (const auto& hidden : {std::vector<std::size_t>{}, {20}, {11, 8}}) {
        CAPTURE(rate, name(f), hidden.size());
        mlp<double> net(7, 4, shaped(hidden, f, rate), {seed, 1});
        const matrix<double> x = random_matrix<double>(9, 7, seed);
        const matrix<double> target = random_matrix<double>(9, 4, seed + 1);
        const hint::random_stream drop(seed, 2);
        mlp<double>::tape tape;
        const std::vector<double> start(net.parameters().begin(), net.parameters().end());
        const auto loss = [&](std::span<const double> p) {
          std::copy(p.begin(), p.end(), net.parameters().begin());
          net.forward(x, tape, drop);
          return (tape.output() - target).squaredNorm() / 2;
        };
        loss(start);
        const matrix<double> dh = tape.output() - target;
        std::vector<double> gradient(start.size(), 1e9);
        matrix<double> dx;
        net.backward(x, dh, tape, gradient, {}, &dx);
        CHECK(hint::nn::gradient_check(loss, start, gradient) < 1e-6);
        const auto loss_of_input = [&](std::span<const double> input) {
          const Eigen::Map<const matrix<double>> moved(input.data(), 9, 7);
          net.forward(moved, tape, drop);
          return (tape.output() - target).squaredNorm() / 2;
        };
        std::copy(start.begin(), start.end(), net.parameters().begin());
        CHECK(hint::nn::gradient_check(
                  loss_of_input, std::vector<double>(x.data(), x.data() + x.size()),
                  std::vector<double>(dx.data(), dx.data() + dx.size())) < 1e-6);
        gradient[start.size() / 2] += 1e-3;  // the check can fail
        CHECK(hint::nn::gradient_check(loss, start, gradient) > 1e-6);
      }
}

TEMPLATE_TEST_CASE("a row's output does not depend on the batch", "[nn][mlp]", float, double) {
  using T = TestType;
  const mlp<T> net(19, 10, shaped({37}), {1, 1});
  const Index n = 2100;  // more than one block of rows
  const matrix<T> x = random_matrix<T>(n, 19, 5);
  matrix<T> all(n, 10), parts(n, 10);
  net.forward(x, all);
  for (Index begin = 0, size = 1; begin < n; begin += size, size = size % 50 + 1) {
    size = (std::min)(size, n - begin);
    net.forward(x.middleRows(begin, size), parts.middleRows(begin, size));
  }
  CHECK(same_bits(all, parts));
  hint::thread_pool three(3);
  net.forward(x, parts, three);
  CHECK(same_bits(all, parts));
  matrix<T> none(0, 10);
  net.forward(matrix<T>(0, 19), none);
}

TEMPLATE_TEST_CASE("training has the same bits on any executor", "[nn][mlp]", float, double) {
  using T = TestType;
  const matrix<T> x = random_matrix<T>(130, 40, 5), dh = random_matrix<T>(130, 12, 6);
  const mlp<T> net(40, 12, shaped({70}, activation::relu, 0.5), {1, 1});
  hint::thread_pool two(2), three(3);
  hint_tests::backwards many;
  const auto run = [&](const hint::executor_ref& e) {
    typename mlp<T>::tape tape;
    std::vector<T> gradient(net.parameters().size());
    net.forward(x, tape, {1, 2}, e);
    net.backward(x, dh, tape, gradient, e);
    return std::pair(tape.output(), gradient);
  };
  const auto expected = run({});
  for (const hint::executor_ref& e : std::array<hint::executor_ref, 3>{two, three, many}) {
    const auto found = run(e);
    CHECK(same_bits<T>(expected.first, found.first));
    CHECK(expected.second == found.second);
  }
}

TEST_CASE("dropout acts in training only, and anew at every step", "[nn][mlp]") {
  const mlp<double> net(10, 3, shaped({200}, activation::relu, 0.5), {1, 1});
  const matrix<double> x = random_matrix<double>(4, 10, 5);
  matrix<double> h(4, 3);
  net.forward(x, h);
  CHECK((h - oracle(net, x)).cwiseAbs().maxCoeff() < 1e-14);
  mlp<double>::tape one, two;
  const hint::random_stream steps(7, 1);
  net.forward(x, one, steps.fork(0));
  net.forward(x, two, steps.fork(1));
  CHECK_FALSE(one.output() == two.output());
  CHECK_FALSE(one.output() == h);
  CHECK((one.values[0].array() == 0).count() > (two.values[0].array() > 0).count());
  net.forward(x, two, steps.fork(0));
  CHECK(same_bits(one.output(), two.output()));
}

TEST_CASE("layers of equal shape start different", "[nn][mlp]") {
  const mlp<float> net(6, 6, shaped({6, 6}), {3, 1});
  const auto p = net.parameters();
  REQUIRE(p.size() == 3 * 42);
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < a; ++b)
      for (std::size_t i = 0; i < 42; ++i) CHECK(p[42 * a + i] != p[42 * b + i]);
}

TEST_CASE("hidden layers of equal width drop different columns", "[nn][mlp]") {
  const mlp<double> net(10, 3, shaped({60, 60}, activation::tanh, 0.5), {1, 1});
  mlp<double>::tape tape;
  net.forward(random_matrix<double>(8, 10, 5), tape, {7, 1});
  for (Index i = 0; i < 8; ++i) {  // tanh is 0 where it is dropped alone
    int equal = 0, dropped[2] = {0, 0};
    for (Index j = 0; j < 60; ++j) {
      const bool first = tape.values[0](i, j) == 0, second = tape.values[1](i, j) == 0;
      equal += first == second;
      dropped[0] += first;
      dropped[1] += second;
    }
    CAPTURE(i, equal, dropped[0], dropped[1]);
    for (const int n : dropped) CHECK((n > 15 && n < 45));
    CHECK((equal > 15 && equal < 45));  // as of independent coins: about 30
  }
}

TEST_CASE("mlp and adam learn exclusive or", "[nn][mlp]") {
  matrix<double> x(4, 2), target(4, 1);
  x << -1, -1, -1, 1, 1, -1, 1, 1;
  target << -0.9, 0.9, 0.9, -0.9;
  mlp<double> net(2, 1, shaped({16}), {2, 1});
  hint::nn::adam_options o;
  o.rate = 0.02;
  hint::nn::adam optimizer(o);
  mlp<double>::tape tape;
  std::vector<double> gradient(net.parameters().size());
  for (int step = 0; step < 500; ++step) {
    net.forward(x, tape, {1, 1});
    net.backward(x, tape.output() - target, tape, gradient);
    optimizer.step(net.parameters(), gradient);
  }
  CHECK((tape.output() - target).cwiseAbs().maxCoeff() < 1e-2);
}

/// The part of an archive that a network needs, in memory.
struct memory_archive {
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<float>> arrays;

  void meta(std::string_view key, std::string_view value) { texts[std::string(key)] = value; }
  void array(std::string_view name, std::span<const float> values, std::size_t rows,
             std::size_t cols) {
    REQUIRE(values.size() == rows * cols);
    arrays[std::string(name)] = {values.begin(), values.end()};
  }
  [[nodiscard]] bool has(std::string_view key) const { return texts.count(std::string(key)) > 0; }
  [[nodiscard]] std::string meta(std::string_view key) const { return texts.at(std::string(key)); }
  template <class T>
  [[nodiscard]] T number(std::string_view key) const {
    const std::string text = meta(key);
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
  template <class T>
  [[nodiscard]] std::span<const T> array(std::string_view name) const {
    return arrays.at(std::string(name));
  }
};

TEST_CASE("mlp writes and reads itself", "[nn][mlp]") {
  for (const auto& hidden : {std::vector<std::size_t>{}, {20}, {11, 8}}) {
    const mlp<float> net(7, 4, shaped(hidden, activation::tanh, 0.125), {1, 1});
    memory_archive file;
    net.write(file, "image");
    const mlp<float> back = mlp<float>::read(file, "image");
    CHECK(back.inputs() == 7);
    CHECK(back.outputs() == 4);
    CHECK(back.options().hidden == hidden);
    CHECK(back.options().hidden_activation == activation::tanh);
    CHECK(back.options().dropout == 0.125);
    CHECK(std::equal(net.parameters().begin(), net.parameters().end(), back.parameters().begin(),
                     back.parameters().end()));
    CHECK_THROWS_AS(mlp<float>::read(file, "text"), std::out_of_range);  // the archive's own error

    file.arrays["image.parameters"].pop_back();
    const std::size_t n = net.parameters().size();
    CHECK_THROWS_MESSAGE(mlp<float>::read(file, "image"), hint::format_error,
                         "image.parameters has " + std::to_string(n - 1) + " elements, expected " +
                             std::to_string(n));
    file.texts["image.hidden"] = "20 x";
    CHECK_THROWS_MESSAGE(mlp<float>::read(file, "image"), hint::format_error,
                         "image: hidden is \"20 x\", expected numbers between blanks");
  }
}

TEST_CASE("an archive of no network is a format error", "[nn][mlp]") {
  const mlp<float> net(7, 4, shaped({5}), {1, 1});
  memory_archive good;
  net.write(good, "text");
  const auto message = [&](const char* key, const char* value) {
    memory_archive file = good;
    file.texts[key] = value;
    return hint_tests::message_of<hint::format_error>(
        [&] { static_cast<void>(mlp<float>::read(file, "text")); });
  };
  CHECK(message("text.activation", "gelu") ==
        "text: activation is \"gelu\", expected \"relu\", \"tanh\" or \"identity\"");
  CHECK(message("text.inputs", "0") == "text: mlp: inputs is 0, expected 1 to 2147483648");
  CHECK(message("text.outputs", "1048577") ==
        "text: mlp: outputs is 1048577, expected 1 to 1048576");
  CHECK(message("text.hidden", "5 0") == "text: option hidden is 0, expected 1 to 1048576");
  CHECK(message("text.dropout", "1") == "text: option dropout is 1, expected 0 <= dropout < 1");
  CHECK(message("text.hidden", "6") == "text.parameters has 64 elements, expected 76");
}

TEST_CASE("mlp's errors", "[nn][mlp]") {
  const hint::random_stream r(1, 1);
  const auto make = [&](std::size_t in, std::size_t out, const mlp_options& o = {}) {
    mlp<float>(in, out, o, r);
  };
  CHECK_THROWS_MESSAGE(make(0, 4), hint::invalid_argument,
                       "mlp: inputs is 0, expected 1 to 2147483648");
  CHECK_THROWS_MESSAGE(make(4, 0), hint::invalid_argument,
                       "mlp: outputs is 0, expected 1 to 1048576");
  CHECK_THROWS_MESSAGE(make(4, 4, shaped({5, 0})), hint::invalid_option,
                       "option hidden is 0, expected 1 to 1048576");
  CHECK_THROWS_MESSAGE(make(4, 4, shaped({}, activation::relu, 1)), hint::invalid_option,
                       "option dropout is 1, expected 0 <= dropout < 1");
  CHECK_THROWS_MESSAGE(make(4, 4, shaped({}, activation::relu, std::nan(""))), hint::invalid_option,
                       "option dropout is nan, expected 0 <= dropout < 1");

  const mlp<float> net(3, 2, shaped({5}), r);
  matrix<float> x = random_matrix<float>(4, 3, 1), h(4, 2), dh = h;
  mlp<float>::tape tape;
  std::vector<float> g(net.parameters().size());
  CHECK_THROWS_MESSAGE(net.forward(random_matrix<float>(4, 2, 1), h), hint::shape_error,
                       "mlp: x is 4 x 2, expected 3 columns");
  matrix<float> wide(4, 3);
  CHECK_THROWS_MESSAGE(net.forward(x, wide), hint::shape_error, "mlp: h is 4 x 3, expected 4 x 2");
  CHECK_THROWS_MESSAGE(net.backward(x, dh, tape, g), hint::shape_error,
                       "mlp: the tape is not of this network and batch");
  net.forward(x, tape, r);
  CHECK_THROWS_MESSAGE(net.backward(x, wide, tape, g), hint::shape_error,
                       "mlp: dh is 4 x 3, expected 4 x 2");
  CHECK_THROWS_MESSAGE(net.backward(x, dh, tape, std::span<float>(g).first(5)), hint::shape_error,
                       "mlp: gradients has 5 elements, expected 32");
  CHECK_THROWS_MESSAGE(net.backward(x.topRows(3), dh.topRows(3), tape, g), hint::shape_error,
                       "mlp: the tape is not of this network and batch");
}

TEST_CASE("a linear output layer is kept by files", "[nn][mlp]") {
  mlp_options o = shaped({6});
  o.output_activation = activation::identity;
  const mlp<float> net(5, 3, o, {1, 1}), squashed(5, 3, shaped({6}), {1, 1});
  const matrix<float> x = 3 * random_matrix<float>(4, 5, 2);
  matrix<float> u(4, 3), h(4, 3);
  net.forward(x, u);
  squashed.forward(x, h);
  for (Index i = 0; i < u.size(); ++i) CHECK(h.data()[i] == Approx(std::tanh(u.data()[i])));
  memory_archive file;
  net.write(file, "image");
  CHECK(mlp<float>::read(file, "image").options().output_activation == activation::identity);
  file.texts["image.output_activation"] = "sign";
  CHECK_THROWS_MESSAGE(
      mlp<float>::read(file, "image"), hint::format_error,
      "image: activation is \"sign\", expected \"relu\", \"tanh\" or \"identity\"");
}

}  // namespace
