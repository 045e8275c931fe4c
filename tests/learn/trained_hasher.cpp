// SPDX-License-Identifier: MIT
#include <hint/io/archive.hpp>
#include <hint/learn/trained_hasher.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

TEST_CASE("a trained hasher has a record, which is not saved", "[learn][trained_hasher]") {
  using namespace hint;
  const hint_tests::clustered_pairs data(20, 2, 1);
  const learn::mlp_hasher hasher({data::normalizer::fit(data.pairs().image(), data::scaling::none),
                                  data::normalizer::fit(data.pairs().text(), data::scaling::none)},
                                 {nn::mlp<float>(12, 16, {.hidden = {}}, {1, 1}),
                                  nn::mlp<float>(9, 16, {.hidden = {}}, {2, 1})});
  learn::training_record record;
  record.steps = 7;
  const learn::trained_hasher model(hasher, record);
  CHECK(model.record().steps == 7);
  const hint_tests::temporary_folder folder;
  io::save(folder / "model.hint", model);
  io::save(folder / "hasher.hint", hasher);
  CHECK(hint_tests::read_file(folder / "model.hint") ==
        hint_tests::read_file(folder / "hasher.hint"));
}
