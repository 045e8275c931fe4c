// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/data/synthetic.hpp>
#include <hint/io/archive.hpp>
#include <hint/io/xxh64.hpp>
#include <hint/learn/any_hasher.hpp>
#include <hint/learn/cvh.hpp>
#include <hint/learn/djsrh.hpp>
#include <hint/learn/ensemble.hpp>
#include <hint/learn/hint.hpp>
#include <hint/learn/monitors.hpp>

#include "learn/pairs.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace hint;
using learn::ensemble;
using nets = ensemble<learn::hint<>>;

const hint_tests::clustered_pairs pairs(60, 4, 1);

learn::hint_options quick(std::size_t steps = 9) {
  learn::hint_options o;
  o.network.hidden = {16};
  o.batch = 20;  // three steps an epoch
  o.steps = steps;
  return o;
}
data::block rows(modality m) { return data::block(pairs.features[index_of(m)]); }

context seeded(std::uint64_t seed) {
  context ctx;
  ctx.seed = seed;
  return ctx;
}

/// Hears all, and asks to stop where it is told.
struct listener {
  std::vector<std::string> phases;
  std::vector<double> done, left;
  std::size_t steps = 0, ends = 0, stop_after_steps = 1000000, questions = 1000000;
  bool stopped = false;
  void on(const phase_report& r) {
    phases.emplace_back(r.phase);
    if (r.phase == "ensemble") {
      done.push_back(r.done);
      phases.back() += " " + std::string(r.note);
    }
  }
  void on(const step_report&) { ++steps; }
  void on(const epoch_report& r) { left.push_back(r.seconds_left); }
  void on(const end_report&) { ++ends; }
  bool stop_requested() {
    stopped = stopped || steps >= stop_after_steps || questions == 0 || --questions == 0;
    return stopped;
  }
};

}  // namespace

TEST_CASE("an ensemble of one is its learner, bit for bit", "[learn][ensemble]") {
  const context ctx = seeded(11);
  const auto check = [&](const auto& one, const auto& learner) {
    const auto a = one.fit(pairs.pairs(), ctx);
    const auto b = learner.fit(pairs.pairs(), ctx);
    REQUIRE(a.members().size() == 1);
    CHECK(a.members()[0].description() == b.description());
    CHECK(a.description() == "ensemble of 1: " + b.description());
    for (const modality m : modalities) CHECK(a.encode(m, rows(m)) == b.encode(m, rows(m)));
  };
  learn::hint_options o = quick();
  o.bits = 24;
  check(nets{{.bits = 24, .members = 1}, quick()}, learn::hint{o});
  learn::djsrh_options d;
  d.bits = 24;
  d.steps = 9;
  check(ensemble<learn::djsrh>{{.bits = 24, .members = 1}, d}, learn::djsrh{d});
  check(ensemble<learn::cvh>{{.bits = 5, .members = 1}}, learn::cvh{{.bits = 5}});
}

TEST_CASE("members are what their learners train from the seeds", "[learn][ensemble]") {
  const context ctx = seeded(11);
  const auto model = nets{{.bits = 60, .members = 3}, quick()}.fit(pairs.pairs(), ctx);
  REQUIRE(model.members().size() == 3);
  CHECK(model.bits() == 60);
  learn::hint_options o = quick();
  o.bits = 20;
  std::set<std::string> different;
  std::string described = "ensemble of 3";
  for (std::size_t k = 0; k < 3; ++k) {
    const std::uint64_t seed = k == 0 ? 11 : ctx.random("ensemble").bits(k);
    const auto alone = learn::hint{o}.fit(pairs.pairs(), seeded(seed));
    for (const modality m : modalities)
      CHECK(
          hint_tests::same_bits(model.members()[k].project(m, rows(m)), alone.project(m, rows(m))));
    described += (k == 0 ? ": " : "; ") + alone.description();
    different.insert(std::to_string(model.members()[k].project(image, rows(image)).sum()));
  }
  CHECK(model.description() == described);
  CHECK(different.size() == 3);
  CHECK(model.members()[2].record().steps == 9);
}

TEST_CASE("members may differ in their options", "[learn][ensemble]") {
  learn::hint_options a = quick(), b = quick();
  a.bits = 7;
  b.bits = 90;
  b.granularity = 0.5;
  const ensemble own{std::vector{learn::hint{a}, learn::hint{b}}};
  const auto model = own.fit(pairs.pairs());
  CHECK(model.bits() == 97);
  CHECK(model.members()[0].bits() == 7);
  CHECK(own.members().size() == 2);
  CHECK_THROWS_MESSAGE(nets{std::vector<learn::hint<>>{}}, invalid_argument,
                       "ensemble: there are no members, expected at least 1");
}

TEST_CASE("same seed, same ensemble, for any executor", "[learn][ensemble]") {
  const nets learner{{.bits = 40, .members = 2}, quick()};
  thread_pool pool(3);
  context ctx(pool);
  ctx.seed = 5;
  const auto many = learner.fit(pairs.pairs(), ctx), one = learner.fit(pairs.pairs(), seeded(5)),
             other_seed = learner.fit(pairs.pairs(), seeded(6));
  for (const modality m : modalities) {
    CHECK(hint_tests::same_bits(one.project(m, rows(m)), many.project(m, rows(m))));
    CHECK(!hint_tests::same_bits(one.project(m, rows(m)), other_seed.project(m, rows(m))));
  }
}

TEST_CASE("an ensemble tells how far it is", "[learn][ensemble]") {
  listener heard;
  sequential here;
  static_cast<void>(
      nets{{.bits = 40, .members = 2}, quick()}.fit(pairs.pairs(), context{here, heard}));
  CHECK(heard.done == std::vector<double>{0, 0.5, 1});
  CHECK(heard.phases.front() == "ensemble member 1 of 2");
  CHECK(heard.phases.back() == "ensemble ");
  CHECK(heard.steps == 18);
  CHECK(heard.ends == 2);
  REQUIRE(heard.left.size() == 6);
  CHECK(heard.left[2] > 0);  // the first member is done, the second is not
  CHECK(heard.left[5] == 0);
}

TEST_CASE("a stopped ensemble has the members that were trained", "[learn][ensemble]") {
  const nets learner{{.bits = 60, .members = 3}, quick()};
  const auto whole = learner.fit(pairs.pairs());
  const auto stopped = [&](std::size_t steps, std::size_t questions = 1000000) {
    listener observer;
    observer.stop_after_steps = steps;
    observer.questions = questions;
    sequential here;
    return learner.fit(pairs.pairs(), context{here, observer});
  };
  const auto at = stopped(11);  // in the second member
  REQUIRE(at.members().size() == 2);
  CHECK(at.bits() == 40);
  CHECK(at.members()[1].record().steps == 2);
  CHECK(at.members()[0].encode(image, rows(image)) ==
        whole.members()[0].encode(image, rows(image)));
  CHECK(at.description().starts_with("ensemble of 2 (3 planned, stopped): HINT, 20 bits"));
  CHECK(at.encode(text, rows(text)).size() == pairs.size);

  const auto between = stopped(9);  // the first is whole, the second never begins
  CHECK(between.members().size() == 1);
  CHECK(between.members()[0].record().steps == 9);
  const auto first = stopped(4);
  CHECK(first.members().size() == 1);
  CHECK(first.members()[0].record().steps == 4);
  // The very first member is there whatever happens, as its learner leaves it.
  const auto at_once = stopped(0);
  REQUIRE(at_once.members().size() == 1);
  CHECK(at_once.members()[0].record().steps == 0);
  CHECK(at_once.description().ends_with(", stopped before training"));

  // Whenever it is: no member without a step but the first.
  for (std::size_t q = 1; q < 120; ++q) {
    const auto model = stopped(1000000, q);
    REQUIRE(model.bits() == 20 * model.members().size());
    for (std::size_t k = 1; k < model.members().size(); ++k)
      REQUIRE(model.members()[k].record().steps > 0);
  }
}

TEST_CASE("monitors serve each member by itself", "[learn][ensemble]") {
  learn::early_stop patience({.patience = 1}, [](const epoch_report&) { return 0.0; });
  sequential here;
  const auto model =
      nets{{.bits = 40, .members = 2}, quick()}.fit(pairs.pairs(), context{here, patience});
  REQUIRE(model.members().size() == 2);  // each stopped after the epoch that was no better
  for (const auto& member : model.members()) CHECK(member.record().steps == 6);
}

TEST_CASE("a trained ensemble is saved, and loads whatever it is", "[learn][ensemble]") {
  const hint_tests::temporary_folder folder;
  const auto model = nets{{.bits = 60, .members = 3}, quick()}.fit(pairs.pairs());
  io::save(folder / "m.hint", model);
  const auto same = io::load<learn::ensemble_hasher<learn::mlp_hasher>>(folder / "m.hint");
  const learn::any_hasher any = io::load_hasher(folder / "m.hint");
  const learn::any_hasher held = model;
  io::save(folder / "held.hint", held);
  for (const modality m : modalities) {
    CHECK(same.encode(m, rows(m)) == model.encode(m, rows(m)));
    CHECK(any.encode(m, rows(m)) == model.encode(m, rows(m)));
    CHECK(io::load_hasher(folder / "held.hint").encode(m, rows(m)) == model.encode(m, rows(m)));
  }
  CHECK(any.description() == model.description());
}

TEST_CASE("an ensemble refuses what cannot be", "[learn][ensemble]") {
  CHECK_THROWS_MESSAGE((nets{{.bits = 64, .members = 0}}), invalid_option,
                       "option members is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE((nets{{.bits = 0, .members = 2}}), invalid_option,
                       "option bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE((nets{{.bits = 20000, .members = 2}}), invalid_option,
                       "option bits is 20000, expected 1 to 16384");
  CHECK_THROWS_MESSAGE((nets{{.bits = 250, .members = 4}}), invalid_option,
                       "option bits is 250, expected a multiple of 4, the number of members");
  CHECK_THROWS_MESSAGE((nets{{.bits = 3, .members = 4}}), invalid_option,
                       "option bits is 3, expected a multiple of 4, the number of members");
  learn::hint_options o = quick();
  o.batch = 1;  // what is wrong with members is said as they say it
  CHECK_THROWS_MESSAGE((nets{{.bits = 8, .members = 2}, o}), invalid_option,
                       "option batch is 1, expected 2 to 65536");
  const hint_tests::clustered_pairs single(1, 1, 1);
  CHECK_THROWS_MESSAGE((nets{{.bits = 8, .members = 2}, quick()}.fit(single.pairs())),
                       invalid_argument, "fit: the data set has 1 pairs, expected at least 2");
}
