// SPDX-License-Identifier: MIT
#include <cstddef>
#include <utility>

#include <hint/io/archive.hpp>
#include <hint/learn/hint_model.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::learn::hint_model;
using hint::learn::mlp_hasher;

TEST_CASE("a model is a hasher with what was found out, and saves the hasher",
          "[learn][hint_model]") {
  const hint_tests::clustered_pairs data(20, 2, 1);
  const auto pairs = data.pairs();
  hint::nn::mlp_options o;
  o.hidden = {};
  mlp_hasher hasher(
      {hint::data::normalizer::fit(pairs.image(), hint::data::scaling::z_score),
       hint::data::normalizer::fit(pairs.text(), hint::data::scaling::none)},
      {hint::nn::mlp<float>(12, 16, o, {1, 1}), hint::nn::mlp<float>(9, 16, o, {2, 1})});
  hasher.set_description("by hand");
  hint::learn::training_record record;
  record.steps = 7;
  record.seconds = {{"scale", 1.5}};
  hint::graph::modality_trust trust;
  trust.image_weight = 0.25;
  const hint_model model({hasher, record}, trust, {});
  CHECK(!model.tree());
  CHECK(model.trust().image_weight == 0.25);
  CHECK(model.record().steps == 7);
  CHECK(model.record().seconds.front().first == "scale");

  const hint_tests::temporary_folder folder;
  hint::io::save(folder / "model.hint", model);
  hint::io::save(folder / "hasher.hint", hasher);
  CHECK(hint_tests::read_file(folder / "model.hint") ==
        hint_tests::read_file(folder / "hasher.hint"));
  const auto loaded = hint::io::load<mlp_hasher>(folder / "model.hint");
  CHECK(loaded.description() == "by hand");
  CHECK(loaded.encode(hint::image, pairs.image()) == model.encode(hint::image, pairs.image()));
  CHECK(loaded.encode(hint::text, pairs.text()) == model.encode(hint::text, pairs.text()));
}

}  // namespace
