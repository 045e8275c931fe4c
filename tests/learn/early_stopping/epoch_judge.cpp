// SPDX-License-Identifier: MIT
// Training with a judge is in tests/learn/early_stopping_options.cpp.
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/learn/early_stopping/epoch_judge.hpp>
#include <hint/linalg/matrix.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

namespace {

/// Of two pairs; those are found when its only parameter says so: 0 none, 1 one of four, 2 all.
class scripted final : public model_in_training {
 public:
  std::vector<float> value{0};
  [[nodiscard]] std::size_t networks() const override { return 1; }
  [[nodiscard]] std::span<float> parameters(std::size_t) override { return value; }
  [[nodiscard]] code_set encode(modality m, const data::block&, const context&) const override {
    code_set codes(8, 2);
    if (m == image) {
      codes.set_bit(0, 0, true);
    } else if (value[0] == 2) {
      codes.set_bit(0, 0, true);
    } else if (value[0] == 0) {
      codes.set_bit(1, 0, true);
    }
    return codes;
  }
};

}  // namespace

TEST_CASE("a judge keeps the first best epoch, waits, and survives an archive",
          "[learn][early_stopping]") {
  const hint_tests::temporary_folder folder;
  const data::block two(linalg::matrix<float>(2, 1));
  scripted model;
  const learn::early_stopping_options o{.held_out = 0.5, .nearest = 1, .patience = 2};
  learn::detail::epoch_judge judge(o, {two, two});
  const auto score_of = [&](auto& j, float value) {
    model.value[0] = value;
    return j.judge(model, {});
  };
  judge.finish(model);  // of no epoch
  CHECK(score_of(judge, 0) == 0);
  CHECK(score_of(judge, 1) == 0.5);
  CHECK(score_of(judge, 2) == 1);
  CHECK(score_of(judge, 1) == 0.5);
  CHECK(!judge.done());

  io::archive_writer writer(1000);
  judge.write(writer);
  writer.save(folder / "x");
  learn::detail::epoch_judge other(o, {two, two});
  other.read(io::archive_reader(folder / "x"), model);
  for (auto* j : {&judge, &other}) {
    CHECK(!j->done());
    CHECK(score_of(*j, 2) == 1);  // no better
    CHECK(j->done());
    model.value[0] = 1;
    j->finish(model);
    CHECK(model.value[0] == 2);
  }
  model.value = {1, 2};
  CHECK_THROWS_MESSAGE(
      (other.read(io::archive_reader(folder / "x"), model), 0), format_error,
      (folder / "x").string() + ": array 'judge.network0' has 1 numbers, expected 2");
}
