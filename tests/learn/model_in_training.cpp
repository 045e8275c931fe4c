// SPDX-License-Identifier: MIT
#include <cstddef>
#include <vector>

#include <hint/learn/hint.hpp>
#include <hint/learn/model_in_training.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"

namespace {

struct looks {
  std::vector<hint::code_set> codes;
  hint::data::block texts;
  void on(const hint::epoch_report& r) {
    REQUIRE(r.model);
    CHECK(r.model->networks() == 2);
    CHECK(r.model->parameters(0).size() == 13 * 16 + 17 * 8);
    CHECK(r.model->parameters(1).size() == 10 * 16 + 17 * 8);
    codes.push_back(r.model->encode(hint::text, texts, {}));
  }
  void on(const hint::end_report& r) {
    CHECK(r.steps == 4);
    for (float& p : r.model->parameters(1)) p = -p;  // the last moment to change them
  }
};

TEST_CASE("observers see and may change the model in training", "[learn][model_in_training]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  hint::learn::hint_options o;
  o.bits = 8;
  o.network.hidden = {16};
  o.batch = 20;
  o.steps = 4;
  looks observer{{}, data.pairs().text()};
  hint::sequential here;
  const auto changed = hint::learn::hint{o}.fit(data.pairs(), hint::context{here, observer});
  const auto model = hint::learn::hint{o}.fit(data.pairs());
  REQUIRE(observer.codes.size() == 2);
  CHECK(observer.codes[1] == model.encode(hint::text, data.pairs().text()));
  CHECK(observer.codes[0] != observer.codes[1]);
  CHECK(changed.network(hint::text).parameters()[3] == -model.network(hint::text).parameters()[3]);
}

}  // namespace
