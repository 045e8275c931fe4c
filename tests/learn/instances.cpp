// SPDX-License-Identifier: MIT
#include <cstddef>
#include <utility>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/any_hasher.hpp>
#include <hint/learn/instances.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

TEST_CASE("instances shares its bits out", "[learn][instances]") {
  using sizes = std::vector<std::size_t>;  // of the networks, then of kernel CCA
  const std::vector<std::pair<std::size_t, sizes>> expected{{1, {1}},
                                                            {63, {63}},
                                                            {64, {32, 32}},
                                                            {65, {33, 32}},
                                                            {128, {64, 64}},
                                                            {193, {97, 96}},
                                                            {256, {64, 64, 128}},
                                                            {261, {66, 65, 130}},
                                                            {384, {64, 64, 64, 192}}};
  const auto sizes_of = [](std::size_t bits) {
    sizes out;
    const auto learner = learn::instances(bits);
    for (const learn::any_learner& m : learner.members()) {
      if (const auto* network = m.get_if<learn::hint<>>()) {
        const learn::hint_options& o = network->get_options();
        out.push_back(o.bits);
        CHECK(o.granularity == learn::hint_options::instances().granularity);
        CHECK(o.network.hidden == learn::hint_options::instances().network.hidden);
      } else {
        const auto* kernel = m.get_if<learn::kernel_cca>();
        REQUIRE(kernel != nullptr);
        out.push_back(kernel->get_options().bits);
      }
    }
    return out;
  };
  for (const auto& [bits, members] : expected) {
    CAPTURE(bits);
    CHECK(sizes_of(bits) == members);
  }
  CHECK(sizes_of(16384) == sizes{1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 8192});
  for (std::size_t bits = 1; bits <= max_bits; bits += 97) {
    std::size_t sum = 0;
    for (const std::size_t b : sizes_of(bits)) sum += b;
    CHECK(sum == bits);
  }
  CHECK(learn::instances().members().size() == 3);
  CHECK_THROWS_MESSAGE(learn::instances(0), invalid_option,
                       "option bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE(learn::instances(16385), invalid_option,
                       "option bits is 16385, expected 1 to 16384");
}

namespace {
struct four_steps {  // of each network: enough to see that it runs
  std::size_t steps = 0, ends = 0;
  bool for_good = false, stopped = false;
  void on(const step_report& r) { steps = r.step; }
  void on(const end_report&) {
    ++ends;
    steps = 0;
  }
  bool stop_requested() {
    stopped = (for_good && stopped) || steps >= 4;
    return stopped;
  }
};
}  // namespace

TEST_CASE("instances trains on pairs, is saved and loaded", "[learn][instances]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  four_steps observer;
  sequential here;
  const auto model = learn::instances(128).fit(data.pairs(), context{here, observer});
  CHECK(observer.ends == 1);
  CHECK(model.bits() == 128);
  REQUIRE(model.members().size() == 2);
  CHECK(model.members()[1].get_if<learn::kernel_hasher>() != nullptr);
  CHECK(hint_tests::codes_rows_alone(model, image, data.features[0]));
  const hint_tests::temporary_folder folder;
  io::save(folder / "m.hint", model);
  const learn::any_hasher any = io::load_hasher(folder / "m.hint");
  CHECK(any.bits() == 128);
  CHECK(any.description() == model.description());
  for (const modality m : modalities) {
    const data::block rows(data.features[index_of(m)]);
    CHECK(any.encode(m, rows) == model.encode(m, rows));
    CHECK(any.cols(m) == rows.cols());
  }
}

TEST_CASE("instances stopped before kernel CCA has the networks", "[learn][instances]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  four_steps observer;
  observer.for_good = true;
  sequential here;
  const auto model = learn::instances(128).fit(data.pairs(), context{here, observer});
  CHECK(model.bits() == 64);
  CHECK(model.members().size() == 1);
}
