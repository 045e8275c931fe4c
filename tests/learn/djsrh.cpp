// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <hint/core/thread_pool.hpp>
#include <hint/eval/average_precision.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/relevance.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/djsrh.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace hint;
using learn::djsrh;
using learn::djsrh_options;
using matrix = linalg::matrix<float>;
using hint_tests::clustered_pairs;

djsrh_options quick(std::size_t steps = 12) {
  djsrh_options o;
  o.bits = 16;
  o.network.hidden = {16};
  o.batch = 20;
  o.steps = steps;
  return o;
}

TEST_CASE("the joint semantics of a worked example", "[learn][djsrh]") {
  // Image cosine 1/2, text cosine 0.
  matrix image(2, 2), text(2, 2);
  image << 1, 0, 1, std::sqrt(3.0F);
  text << 2, 0, 0, 3;
  const matrix s = learn::joint_semantics(image, text, {});
  CHECK(s(0, 0) == Approx(1.203));
  CHECK(s(1, 1) == Approx(1.203));
  CHECK(s(0, 1) == Approx(-0.15));
  CHECK(s(1, 0) == Approx(-0.15));
}

TEST_CASE("the joint semantics by its definition", "[learn][djsrh]") {
  const matrix image = hint_tests::random_matrix<float>(7, 5, 1),
               text = hint_tests::random_matrix<float>(7, 4, 2);
  const djsrh_options o{.image_weight = 0.3, .second_order = 0.7, .scale = 2};
  const auto cosine = [](const matrix& x, Eigen::Index i, Eigen::Index j) {
    return static_cast<double>(x.row(i).dot(x.row(j)) / (x.row(i).norm() * x.row(j).norm()));
  };
  linalg::matrix<double> fused(7, 7);
  for (Eigen::Index i = 0; i < 7; ++i)
    for (Eigen::Index j = 0; j < 7; ++j)
      fused(i, j) = 0.3 * (2 * cosine(image, i, j) - 1) + 0.7 * (2 * cosine(text, i, j) - 1);
  const matrix found = learn::joint_semantics(image, text, o);
  for (Eigen::Index i = 0; i < 7; ++i)
    for (Eigen::Index j = 0; j < 7; ++j) {
      double second = 0;
      for (Eigen::Index k = 0; k < 7; ++k) second += fused(i, k) * fused(j, k);
      CHECK(found(i, j) == Approx(2 * (0.3 * fused(i, j) + 0.7 * second / 7)).margin(1e-5));
    }
}

/// A trainer that only hands out given codes and takes the gradient.
struct fixed_codes {
  struct pass {
    matrix input, out;
    const matrix& output() const { return out; }
  };
  std::array<pass, 2> passes;
  std::array<matrix, 2> gradients;
  std::size_t epochs = 3;
  const pass& forward(std::size_t k) { return passes[k]; }
  void backward(const pass& p, const matrix& d) { gradients[&p == &passes[1] ? 1 : 0] = d; }
  std::size_t epoch() const { return epochs; }
};

TEST_CASE("the gradient of a batch against finite differences", "[learn][djsrh]") {
  fixed_codes t;
  for (std::size_t m = 0; m < 2; ++m)
    t.passes[m] = {hint_tests::random_matrix<float>(5, 4, m),
                   hint_tests::random_matrix<float>(5, 3, 7 + m)};
  const djsrh_options o{.within = 0.4};
  const learn::djsrh_method method(o);
  (void)method.cost(t);
  const auto gradients = t.gradients;
  for (std::size_t m = 0; m < 2; ++m)
    for (Eigen::Index i = 0; i < 15; ++i) {
      const float step = 1e-2F, at = t.passes[m].out.data()[i];
      t.passes[m].out.data()[i] = at + step;
      const double up = method.cost(t);
      t.passes[m].out.data()[i] = at - step;
      const double down = method.cost(t);
      t.passes[m].out.data()[i] = at;
      CHECK(static_cast<double>(gradients[m].data()[i]) ==
            Approx((up - down) / (2 * static_cast<double>(step))).epsilon(2e-3).margin(1e-3));
    }
}

TEST_CASE("DJSRH finds held-out pairs' classes", "[learn][djsrh]") {
  const clustered_pairs data(200, 5, 1), held_out(40, 5, 2);
  const auto map = [&](const learn::trained_hasher& model, modality query) {
    return eval::run(eval::average_precision{},
                     model.encode(query, data::block(held_out.features[index_of(query)])),
                     model.encode(other(query), data::block(data.features[1 - index_of(query)])),
                     eval::relevant_if([&](std::size_t a, std::size_t b) {
                       return held_out.label(a) == data.label(b);
                     }))
        .value;
  };
  djsrh_options o = quick(0);
  o.image_weight = 0.5;
  o.network.hidden = {32};
  o.adam.rate = 1e-2;
  const auto untrained = djsrh{o}.fit(data.pairs());
  o.steps = 150;
  const auto model = djsrh{o}.fit(data.pairs());
  for (const modality m : modalities) {
    CHECK(map(model, m) > 0.7);
    CHECK(map(untrained, m) < 0.45);  // chance is 0.2
  }
  CHECK(model.record().epochs.back().loss < model.record().epochs.front().loss);
}

TEST_CASE("DJSRH: same seed, same codes, for any number of threads", "[learn][djsrh]") {
  const clustered_pairs data(60, 4, 1);
  const auto one = djsrh{quick()}.fit(data.pairs());
  thread_pool pool(3);
  const auto many = djsrh{quick()}.fit(data.pairs(), context(pool));
  for (const modality m : modalities)
    CHECK(hint_tests::same_bits(
        one.project(m, m == image ? data.pairs().image() : data.pairs().text()),
        many.project(m, m == image ? data.pairs().image() : data.pairs().text())));
  CHECK(hint_tests::codes_rows_alone(one, image, data.features[0]));
  const hint_tests::temporary_folder folder;
  io::save(folder / "m.hint", one);
  const auto loaded = io::load<learn::mlp_hasher>(folder / "m.hint");
  CHECK(loaded.encode(text, data.pairs().text()) == one.encode(text, data.pairs().text()));
  CHECK(hint_tests::same_bits(loaded.project(text, data.pairs().text()),
                              one.project(text, data.pairs().text())));
  CHECK(one.description() == "DJSRH, 16 bits, 60 pairs, 12 steps of batch 20, seed 0");
}

TEST_CASE("DJSRH refuses what it cannot use", "[learn][djsrh]") {
  CHECK_THROWS_MESSAGE(djsrh{{.bits = 0}}, invalid_option, "option bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(djsrh{{.image_weight = 1.5}}, invalid_option,
                       "option image_weight is 1.5, expected 0 to 1");
  CHECK_THROWS_MESSAGE(djsrh{{.batch = 1}}, invalid_option,
                       "option batch is 1, expected 2 to 65536");
  const clustered_pairs one(1, 1, 1);
  CHECK_THROWS_MESSAGE((void)djsrh{quick()}.fit(one.pairs()), invalid_argument,
                       "fit: the data set has 1 pairs, expected at least 2");
}

TEST_CASE("djsrh learns one bit, and from one number", "[learn][djsrh]") {
  const clustered_pairs data(120, 2, 4, 0.3F);
  djsrh_options o = quick(60);
  o.bits = 1;
  matrix number(120, 1);
  for (Eigen::Index i = 0; i < 120; ++i)
    number(i, 0) = 50 + 10 * static_cast<float>(data.label(static_cast<std::size_t>(i)));
  const std::array<data::paired<>, 2> sets{data.pairs(), {data.features[0], number}};
  for (const data::paired<>& pairs : sets) {
    const auto model = djsrh{o}.fit(pairs);
    const auto codes = model.encode(text, pairs.text());
    std::size_t right = 0;
    for (std::size_t i = 0; i < 120; ++i)
      right += codes.bit(i, 0) == (data.label(i) == data.label(0)) ? 1 : 0;
    CHECK((std::max)(right, 120 - right) > 110);
  }
}

}  // namespace
