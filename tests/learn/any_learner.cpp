// SPDX-License-Identifier: MIT
#include <vector>

#include <hint/learn/any_learner.hpp>
#include <hint/learn/cvh.hpp>
#include <hint/learn/ensemble.hpp>
#include <hint/learn/kernel_cca.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"

using namespace hint;
using learn::any_learner;

TEST_CASE("any learner trains what its learner trains", "[learn][any_learner]") {
  const hint_tests::clustered_pairs data(50, 4, 1);
  context ctx;
  ctx.seed = 3;
  const any_learner cvh = learn::cvh{{.bits = 7}}, kernel = learn::kernel_cca{{.bits = 9}};
  for (const modality m : modalities) {
    const data::block rows(data.features[index_of(m)]);
    CHECK(cvh.fit(data.pairs(), ctx).encode(m, rows) ==
          learn::cvh{{.bits = 7}}.fit(data.pairs(), ctx).encode(m, rows));
    CHECK(kernel.fit(data.pairs(), ctx).encode(m, rows) ==
          learn::kernel_cca{{.bits = 9}}.fit(data.pairs(), ctx).encode(m, rows));
  }
  CHECK(cvh.get_if<learn::cvh>() != nullptr);
  CHECK(cvh.get_if<learn::kernel_cca>() == nullptr);
  CHECK(kernel.get_if<learn::kernel_cca>()->get_options().bits == 9);
}

TEST_CASE("an ensemble of several methods has their codes side by side", "[learn][any_learner]") {
  const hint_tests::clustered_pairs data(50, 4, 1);
  const learn::ensemble mixed{
      std::vector<any_learner>{learn::cvh{{.bits = 7}}, learn::kernel_cca{{.bits = 70}}}};
  const auto model = mixed.fit(data.pairs());
  CHECK(model.bits() == 77);
  for (const modality m : modalities) {
    const data::block rows(data.features[index_of(m)]);
    const code_set all = model.encode(m, rows);
    const code_set first = model.members()[0].encode(m, rows),
                   second = model.members()[1].encode(m, rows);
    for (std::size_t i = 0; i < 50; ++i)
      for (std::size_t b = 0; b < 77; ++b)
        REQUIRE(all.bit(i, b) == (b < 7 ? first.bit(i, b) : second.bit(i, b - 7)));
  }
}
