// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <hint/core/observer.hpp>
#include <hint/learn/djsrh.hpp>
#include <hint/learn/monitors.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"

namespace {

namespace learn = hint::learn;
using hint::epoch_report;

hint::learn::trained_hasher train(const hint::data::paired<>& pairs, hint::observer_ref o,
                                  std::size_t steps = 12) {
  hint::context ctx;
  ctx.observer = o;
  return learn::djsrh{
      {.bits = 16,
       .network = {.hidden = {8}, .output_activation = hint::nn::activation::identity},
       .batch = 20,
       .steps = steps}}
      .fit(pairs, ctx);
}

TEST_CASE("early_stop waits for its patience", "[learn][monitors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> scores{1, 2, 2.05, 1, nan, 2.2, 2, 2, 2};
  std::size_t next = 0;
  learn::early_stop stop({.patience = 3, .tolerance = 0.1},
                         [&](const epoch_report&) { return scores[next++]; });
  std::vector<bool> asked;
  while (next < scores.size()) {
    stop.on(epoch_report{.epoch = next + 1});
    asked.push_back(stop.stop_requested());
  }
  CHECK(asked == std::vector<bool>{false, false, false, false, true, false, false, false, true});
  CHECK(stop.best() == 2.2);
  CHECK_THROWS_MESSAGE(learn::early_stop({.patience = 0}), hint::invalid_option,
                       "option patience is 0, expected 1 to 1000000000");

  learn::early_stop by_loss({.patience = 1});
  by_loss.on(epoch_report{.epoch = 1, .loss = 3});
  by_loss.on(epoch_report{.loss = 2});
  CHECK_FALSE(by_loss.stop_requested());
  by_loss.on(epoch_report{.loss = 2});
  CHECK(by_loss.stop_requested());
  by_loss.on(hint::end_report{});  // what comes after training is not to stop
  CHECK_FALSE(by_loss.stop_requested());
  CHECK(by_loss.best() == -2);
}

TEST_CASE("early_stop ends training", "[learn][monitors]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  learn::early_stop stop({.patience = 2}, [](const epoch_report& r) {
    return r.epoch < 3 ? 1.0 * static_cast<double>(r.epoch) : 0.0;
  });
  CHECK(train(data.pairs(), stop).record().epochs.size() == 4);
}

TEST_CASE("best_so_far puts back the model of the best epoch", "[learn][monitors]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  const hint::data::block images = data.pairs().image();
  // What the model said after each epoch; the second is declared the best.
  std::vector<hint::code_set> codes;
  learn::best_so_far best([&](const epoch_report& r) {
    codes.push_back(r.model->encode(hint::image, images, {}));
    return r.epoch == 2 ? 5.0 : r.epoch == 4 ? 5.0 : 1.0;
  });
  learn::early_stop never({.patience = 100});
  hint::observers both{never, best};
  const auto model = train(data.pairs(), both);
  CHECK(best.epoch() == 2);
  CHECK(best.best() == 5);
  REQUIRE(codes.size() == 6);
  CHECK(model.encode(hint::image, images) == codes[1]);
  CHECK(codes[1] != codes[5]);
  hint::silent nothing;
  CHECK(train(data.pairs(), nothing).encode(hint::image, images) == codes[5]);
  CHECK(train(data.pairs(), nothing, 4).encode(hint::image, images) == codes[1]);

  // Another call begins anew, whatever the last one reached; one without a step keeps its model.
  const auto again = train(data.pairs(), best, 4);
  CHECK(best.epoch() == 2);
  CHECK(again.encode(hint::image, images) == codes[1]);
  CHECK(train(data.pairs(), best, 0).encode(hint::image, images) ==
        train(data.pairs(), nothing, 0).encode(hint::image, images));

  learn::best_so_far blind;
  CHECK_THROWS_MESSAGE(blind.on(epoch_report{}), hint::invalid_argument,
                       "best_so_far: the learner does not offer its model to observers");
}

}  // namespace
