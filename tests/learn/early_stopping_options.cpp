// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/learn/djsrh.hpp>
#include <hint/learn/early_stopping_options.hpp>
#include <hint/learn/hint.hpp>
#include <hint/learn/own_pair_recall.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

namespace {

const hint_tests::clustered_pairs noisy(120, 4, 21, 1.5F);

learn::hint_options judged() {
  learn::hint_options o;
  o.bits = 24;
  o.network.hidden = {16};
  o.batch = 30;
  o.steps = 300;
  o.early_stopping = {.held_out = 0.3, .nearest = 3, .patience = 4};
  return o;
}
template <class Model>
std::vector<float> bits_of(const Model& m) {
  std::vector<float> all;
  for (const modality side : modalities) {
    const auto p = m.network(side).parameters();
    all.insert(all.end(), p.begin(), p.end());
  }
  return all;
}
/// What training looks like from outside.
struct witness {
  std::vector<std::vector<float>> parameters;
  void on(const epoch_report& r) {
    parameters.emplace_back();
    for (std::size_t k = 0; k < r.model->networks(); ++k) {
      const auto p = r.model->parameters(k);
      parameters.back().insert(parameters.back().end(), p.begin(), p.end());
    }
  }
};

}  // namespace

TEST_CASE("training ends when held-out pairs get no nearer, at its best epoch",
          "[learn][early_stopping]") {
  const learn::hint_options o = judged();
  witness saw;
  context ctx;
  ctx.seed = 4;
  ctx.observer = saw;
  const auto model = learn::hint(o).fit(noisy.pairs(), ctx);
  const auto& epochs = model.record().epochs;
  REQUIRE(epochs.size() > 4);
  CHECK(epochs.size() < 300 / 2);  // 84 pairs, two batches
  CHECK(model.record().steps == 2 * epochs.size());
  std::vector<double> scores;
  for (const auto& e : epochs) scores.push_back(e.term("own pair recall"));
  const auto best = static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
  CHECK(best + 1 + 4 == epochs.size());
  CHECK(bits_of(model) == saw.parameters[best]);
  CHECK(model.description().find("84 pairs") != std::string::npos);
  thread_pool pool(2);
  ctx.executor = pool;
  CHECK(bits_of(learn::hint(o).fit(noisy.pairs(), ctx)) == bits_of(model));
}

TEST_CASE("the best epoch stays when the budget or a request ends training",
          "[learn][early_stopping]") {
  learn::djsrh_options o;
  o.bits = 16;
  o.network.hidden = {10};
  o.batch = 50;
  o.early_stopping = {.held_out = 0.2, .patience = 1000};
  const auto best_of = [&](context ctx, auto& saw) {
    ctx.observer = saw;
    const auto model = learn::djsrh(o).fit(noisy.pairs(), ctx);
    std::vector<double> scores;
    for (const auto& e : model.record().epochs)
      if (std::ranges::any_of(e.terms, [](const auto& t) { return t.first == "own pair recall"; }))
        scores.push_back(e.term("own pair recall"));
    const auto best = static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
    CHECK(bits_of(model) == saw.parameters[best]);
    return scores.size();
  };
  o.steps = 12;
  witness saw;
  CHECK(best_of({}, saw) == 12);  // 96 pairs: an epoch is one batch
  struct stopper : witness {
    std::size_t steps = 0;
    using witness::on;
    void on(const step_report&) { ++steps; }
    [[nodiscard]] bool stop_requested() const { return steps == 5; }
  } stop;
  o.batch = 40;  // two batches: the third epoch is a half, and is not judged
  CHECK(best_of({}, stop) == 2);
  CHECK(stop.parameters.size() == 3);
}

TEST_CASE("the judge is in checkpoints", "[learn][early_stopping]") {
  const hint_tests::temporary_folder folder;
  learn::hint_options o = judged();
  const auto whole = learn::hint(o).fit(noisy.pairs());
  const std::size_t epochs = whole.record().epochs.size();
  struct stopper {
    std::size_t at;
    bool stop = false;
    void on(const epoch_report& r) { stop = r.epoch >= at; }
    [[nodiscard]] bool stop_requested() const { return stop; }
  };
  for (const std::size_t at : {std::size_t{1}, epochs - 3, epochs - 1, epochs}) {
    CAPTURE(at, epochs);
    o.checkpoint.file = folder / std::to_string(at);
    stopper stop{at};
    context ctx;
    ctx.observer = stop;
    (void)learn::hint(o).fit(noisy.pairs(), ctx);
    const auto resumed = learn::hint(o).fit(noisy.pairs());
    CHECK(resumed.record().epochs.size() == epochs);
    CHECK(bits_of(resumed) == bits_of(whole));
  }
  o.early_stopping.patience = 5;
  CHECK_THROWS_AS(learn::hint(o).fit(noisy.pairs()), invalid_argument);
}

TEST_CASE("options of early stopping have bounds", "[learn][early_stopping]") {
  const auto refused = [](learn::early_stopping_options e, const std::string& message) {
    CHECK_THROWS_MESSAGE(learn::hint(learn::hint_options{.early_stopping = e}), invalid_option,
                         message);
    CHECK_THROWS_MESSAGE(learn::djsrh(learn::djsrh_options{.early_stopping = e}), invalid_option,
                         message);
  };
  refused({.held_out = 0.6}, "option held_out is 0.6, expected 0 to 0.5");
  refused({.held_out = -0.1}, "option held_out is -0.1, expected 0 to 0.5");
  refused({.nearest = 0}, "option nearest is 0, expected 1 to 2000");
  refused({.patience = 0}, "option patience is 0, expected 1 to 1000000000");
  learn::hint_options o = judged();
  auto images = noisy.features[0];
  images(117, 2) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_MESSAGE(learn::hint(o).fit(data::paired<>{images, noisy.features[1]}),
                       invalid_argument,
                       "image: row 117, column 2 is inf, expected finite numbers");
  o.early_stopping.held_out = 0.01;
  CHECK_THROWS_MESSAGE(learn::hint(o).fit(noisy.pairs()), invalid_argument,
                       "fit: 1 of 120 pairs are held out, expected at least 2 and as many others");
}
