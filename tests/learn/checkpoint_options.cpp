// SPDX-License-Identifier: MIT
// Training that was stopped, thrown out of or killed after any epoch, and gone on with, gives the bits of
// training that never was.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#if !defined(_WIN32)
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/checkpoint_options.hpp>
#include <hint/learn/djsrh.hpp>
#include <hint/learn/ensemble.hpp>
#include <hint/learn/hint.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

namespace {

const hint_tests::clustered_pairs data_set(150, 5, 11);

/// Five epochs of three steps, and the first of a sixth.
template <class Options>
Options small(Options o) {
  o.bits = 20;
  o.network.hidden = {14};
  o.batch = 50;
  o.steps = 16;
  return o;
}
/// What is in the state and not in the parameters: moments, smoothed lambdas, codes that items are related by, dropout,
/// a schedule.
learn::hint_options iterated() {
  learn::hint_options o = small(learn::hint_options::ablation(5));
  o.rebuild_every = 2;
  o.schedule = nn::schedule_options{.kind = nn::decay::cosine, .rate = 3e-3, .warm_up = 4};
  return o;
}

/// Ends training after an epoch: asks to stop, throws, or kills the process.
struct ender {
  enum class how { stop, throwing, kill };
  std::size_t epoch;
  how way;
  bool stop = false;
  std::size_t first = 0;

  void on(const epoch_report& r) {
    if (first == 0) first = r.epoch;
    if (r.epoch < epoch) return;
    if (way == how::throwing) throw std::runtime_error("enough");
#if !defined(_WIN32)
    if (way == how::kill) std::raise(SIGKILL);
#endif
    stop = true;
  }
  [[nodiscard]] bool stop_requested() const { return stop; }
};

template <class Model>
std::vector<float> bits_of(const Model& m) {
  std::vector<float> all;
  for (const modality side : modalities) {
    const auto p = m.network(side).parameters();
    all.insert(all.end(), p.begin(), p.end());
  }
  return all;
}
void check_same_record(const learn::training_record& a, const learn::training_record& b) {
  CHECK(a.steps == b.steps);
  REQUIRE(a.epochs.size() == b.epochs.size());
  for (std::size_t e = 0; e < a.epochs.size(); ++e) {
    CHECK(a.epochs[e].epoch == b.epochs[e].epoch);
    CHECK(a.epochs[e].loss == b.epochs[e].loss);
    CHECK(a.epochs[e].terms == b.epochs[e].terms);
    if (e > 0) CHECK(a.epochs[e].seconds >= a.epochs[e - 1].seconds);
  }
}

template <class Learner>
void resumes(typename Learner::options o, const data::paired<>& pairs = data_set.pairs()) {
  const hint_tests::temporary_folder folder;
  context ctx;
  ctx.seed = 5;
  const auto whole = Learner(o).fit(pairs, ctx);
  REQUIRE(whole.record().epochs.size() == 6);
  thread_pool pool(2);
  for (std::size_t epoch = 1; epoch <= 6; ++epoch)
    for (const auto way : {ender::how::stop, ender::how::throwing}) {
      CAPTURE(epoch, static_cast<int>(way));
      o.checkpoint.file = folder / (std::to_string(epoch) + (way == ender::how::stop ? "s" : "t"));
      ender end{epoch, way};
      context first = ctx;
      first.observer = end;
      if (epoch % 2 == 0) first.executor = pool;
      if (way == ender::how::throwing)
        CHECK_THROWS_AS(Learner(o).fit(pairs, first), std::runtime_error);
      else
        CHECK(Learner(o).fit(pairs, first).record().epochs.size() == epoch);
      o.checkpoint.resume = learn::resume::always;
      ender watch{100, ender::how::stop};
      context second = ctx;
      second.observer = watch;
      if (epoch % 2 == 1) second.executor = pool;
      const auto resumed = Learner(o).fit(pairs, second);
      CHECK(watch.first == (epoch == 6 ? 0 : epoch + 1));
      CHECK(bits_of(resumed) == bits_of(whole));
      check_same_record(resumed.record(), whole.record());
      CHECK(resumed.description() == whole.description());
      // Once more, from the end.
      CHECK(bits_of(Learner(o).fit(pairs, ctx)) == bits_of(whole));
      o.checkpoint.resume = learn::resume::if_there;
    }
}

}  // namespace

TEST_CASE("hint goes on from any epoch with the same bits", "[learn][checkpoint]") {
  resumes<learn::hint<>>(small(learn::hint_options{}));
}
TEST_CASE("HINT-ITER goes on from any epoch with the same bits", "[learn][checkpoint]") {
  resumes<learn::hint<>>(iterated());
}
TEST_CASE("djsrh goes on from any epoch with the same bits", "[learn][checkpoint]") {
  resumes<learn::djsrh>(small(learn::djsrh_options{}));
}

TEST_CASE("rows of weights that wait for their inputs are caught up in a checkpoint",
          "[learn][checkpoint]") {
  // Texts of five words among 400, most of which no batch has.
  linalg::sparse_matrix<float> words(150, 400);
  for (linalg::index i = 0; i < 150; ++i)
    for (linalg::index w = 0; w < 5; ++w)
      words.coeffRef(i, (i % 5 * 60 + w * (i % 7 + 1)) % 400) = 1.0F + static_cast<float>(w);
  const data::paired<> pairs(data_set.features[0], words);
  REQUIRE(pairs.text().is_mostly_zero());
  resumes<learn::djsrh>(small(learn::djsrh_options{}), pairs);
}

#if !defined(_WIN32)
TEST_CASE("training goes on after the process was killed", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  learn::hint_options o = iterated();
  context ctx;
  ctx.seed = 5;
  const auto whole = learn::hint(o).fit(data_set.pairs(), ctx);
  o.checkpoint.file = folder / "x.checkpoint";
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ender end{3, ender::how::kill};
    ctx.observer = end;
    try {
      (void)learn::hint(o).fit(data_set.pairs(), ctx);
    } catch (...) {  // the parent sees that nothing killed it
    }
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGKILL);
  o.checkpoint.resume = learn::resume::always;
  ender watch{100, ender::how::stop};
  ctx.observer = watch;
  CHECK(bits_of(learn::hint(o).fit(data_set.pairs(), ctx)) == bits_of(whole));
  CHECK(watch.first == 4);
}
#endif

TEST_CASE("a stop in the middle of an epoch leaves the checkpoint of the one before",
          "[learn][checkpoint]") {
  struct at_step {
    std::size_t left;
    void on(const step_report&) { left -= left > 0; }
    [[nodiscard]] bool stop_requested() const { return left == 0; }
  };
  const hint_tests::temporary_folder folder;
  learn::hint_options o = iterated();
  const auto whole = learn::hint(o).fit(data_set.pairs());
  o.checkpoint.file = folder / "x.checkpoint";
  at_step stop{5};
  context ctx;
  ctx.observer = stop;
  CHECK(learn::hint(o).fit(data_set.pairs(), ctx).record().steps == 5);
  CHECK(io::archive_reader(o.checkpoint.file).number<std::size_t>("record.steps") == 3);
  const auto resumed = learn::hint(o).fit(data_set.pairs());
  CHECK(bits_of(resumed) == bits_of(whole));
  check_same_record(resumed.record(), whole.record());
  // Asked to stop at once, training looks at no checkpoint and leaves it as it is.
  at_step now{0};
  ctx.observer = now;
  CHECK(learn::hint(o).fit(data_set.pairs(), ctx).record().steps == 0);
  CHECK(bits_of(learn::hint(o).fit(data_set.pairs())) == bits_of(whole));
}

TEST_CASE("checkpoints may be rare, and begin anew when told", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  learn::djsrh_options o = small(learn::djsrh_options{});
  o.checkpoint = {.file = folder / "x.checkpoint", .every = 2};
  ender end{3, ender::how::stop};
  context ctx;
  ctx.observer = end;
  (void)learn::djsrh(o).fit(data_set.pairs(), ctx);
  CHECK(io::archive_reader(o.checkpoint.file).number<std::size_t>("epoch") == 2);
  o.checkpoint.resume = learn::resume::never;
  ender watch{100, ender::how::stop};
  ctx.observer = watch;
  (void)learn::djsrh(o).fit(data_set.pairs(), ctx);
  CHECK(watch.first == 1);
  CHECK(io::archive_reader(o.checkpoint.file).number<std::size_t>("record.steps") == 16);
  o.checkpoint.file = folder / "none";
  o.checkpoint.resume = learn::resume::always;
  CHECK_THROWS_AS(learn::djsrh(o).fit(data_set.pairs()), io_error);
  o.checkpoint.every = 0;
  CHECK_THROWS_MESSAGE(learn::djsrh{o}, invalid_option,
                       "option every is 0, expected 1 to 1000000000");
}

TEST_CASE("every member of an ensemble has a checkpoint of its own", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  learn::hint_options o = small(learn::hint_options{});
  const auto encode = [&](const auto& model) {
    return model.encode(image, data::block(data_set.features[0]));
  };
  const auto make = [&] { return learn::ensemble<learn::hint<>>({.bits = 60, .members = 3}, o); };
  const code_set whole = encode(make().fit(data_set.pairs()));
  o.checkpoint.file = folder / "x.checkpoint";
  struct second_member {
    std::size_t epochs = 0;
    void on(const epoch_report&) {
      if (++epochs == 9) throw std::runtime_error("enough");
    }
  } end;
  context ctx;
  ctx.observer = end;
  CHECK_THROWS_AS(make().fit(data_set.pairs(), ctx), std::runtime_error);
  CHECK(std::filesystem::exists(folder / "x.checkpoint.0"));
  CHECK(std::filesystem::exists(folder / "x.checkpoint.1"));
  CHECK(!std::filesystem::exists(folder / "x.checkpoint.2"));
  ctx = {};
  ender watch{100, ender::how::stop};
  ctx.observer = watch;
  CHECK(encode(make().fit(data_set.pairs(), ctx)) == whole);
  CHECK(watch.first == 4);
}

TEST_CASE("a checkpoint of other training is refused by name", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  learn::hint_options o = small(learn::hint_options{});
  o.checkpoint.file = folder / "x.checkpoint";
  (void)learn::hint(o).fit(data_set.pairs());
  const std::string begin = o.checkpoint.file.string() + ": the checkpoint is of other training: ";
  const std::string end = " (remove the file, or say resume::never, to begin anew)";
  const auto refused = [&](const learn::hint_options& other, std::uint64_t seed,
                           const std::string& message) {
    context ctx;
    ctx.seed = seed;
    CHECK_THROWS_MESSAGE(learn::hint(other).fit(data_set.pairs(), ctx), invalid_argument,
                         begin + message + end);
  };
  refused(o, 1, "seed is 0 there and 1 here");
  auto other = o;
  other.batch = 40;
  other.granularity = 0.25;
  refused(other, 0, "batch is 50 there and 40 here; granularity is 0 there and 0.25 here");
  other = o;
  other.proxies.self_weight = 2;
  refused(other, 0, "proxies is 3 0 20 1 none there and 3 0 20 1 2 here");
  other = o;
  other.adam.rate = 0.5;
  refused(other, 0,
          "optimizer0 is 0.001 0.9 0.999 1e-08 0 there and 0.5 0.9 0.999 1e-08 0 here; "
          "optimizer1 is 0.001 0.9 0.999 1e-08 0 there and 0.5 0.9 0.999 1e-08 0 here");

  const auto message_of = [&](const auto& fit) -> std::string {
    try {
      fit();
    } catch (const invalid_argument& e) {
      return e.what();
    }
    return "";
  };
  auto images = data_set.features[0];
  images(77, 3) += 1;
  const std::string rows =
      message_of([&] { (void)learn::hint(o).fit(data::paired<>{images, data_set.features[1]}); });
  CHECK(rows.starts_with(begin + "rows0 is 150 x 12, digest "));
  CHECK(rows.find("rows1") == std::string::npos);
}

TEST_CASE("where no checkpoint can be written, training does not begin", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  learn::hint_options o = small(learn::hint_options{});
  ender watch{100, ender::how::stop};
  context ctx;
  ctx.observer = watch;
  const auto refused = [&](const std::filesystem::path& file) {
    for (const auto resume : {learn::resume::if_there, learn::resume::never}) {
      o.checkpoint = {.file = file, .resume = resume};
      CHECK_THROWS_AS(learn::hint(o).fit(data_set.pairs(), ctx), io_error);
    }
  };
  refused(folder / "no" / "such folder");
  refused(folder / std::string(300, 'x'));  // longer than names can be
  std::filesystem::create_directory(folder / "folder");
  refused(folder / "folder");
#if !defined(_WIN32)
  std::filesystem::create_symlink("loop", folder / "loop");
  refused(folder / "loop");
#endif
  CHECK(watch.first == 0);
  CHECK(std::distance(std::filesystem::directory_iterator(folder / ""), {}) ==
        static_cast<std::ptrdiff_t>(std::filesystem::is_symlink(folder / "loop") ? 2 : 1));
}

TEST_CASE("damaged checkpoints are refused", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  learn::djsrh_options o = small(learn::djsrh_options{});
  o.checkpoint.file = folder / "x.checkpoint";
  ender end{2, ender::how::stop};
  context ctx;
  ctx.observer = end;
  (void)learn::djsrh(o).fit(data_set.pairs(), ctx);
  const std::string good = hint_tests::read_file(o.checkpoint.file);
  ctx = {};
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{63}, good.size() / 2, good.size() - 1}) {
    CAPTURE(size);
    hint_tests::write_file(o.checkpoint.file, good.substr(0, size));
    CHECK_THROWS_AS(learn::djsrh(o).fit(data_set.pairs()), format_error);
  }
  for (std::size_t at = 0; at < good.size(); at += 97) {
    CAPTURE(at);
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    hint_tests::write_file(o.checkpoint.file, bad);
    CHECK_THROWS_AS(learn::djsrh(o).fit(data_set.pairs()), format_error);
  }
  io::save(o.checkpoint.file, code_set(64, 3));
  CHECK_THROWS_MESSAGE(learn::djsrh(o).fit(data_set.pairs()), format_error,
                       o.checkpoint.file.string() + ": holds codes, expected checkpoint");
  hint_tests::write_file(o.checkpoint.file, good);
  CHECK(learn::djsrh(o).fit(data_set.pairs()).record().steps == 16);
}

TEST_CASE("a part that cannot be saved is told of when training begins", "[learn][checkpoint]") {
  struct restless {
    double last = 0;
    [[nodiscard]] bool measures() const { return false; }
    double weight(modality, std::size_t, std::size_t, double) { return last = 0.5 - last; }
  };
  const hint_tests::temporary_folder folder;
  learn::hint_options o = small(learn::hint_options{});
  o.checkpoint.file = folder / "x.checkpoint";
  CHECK_THROWS_MESSAGE(learn::hint(o).with_curriculum(restless{}).fit(data_set.pairs()),
                       invalid_option,
                       "option checkpoint needs a training method with write and read");
  CHECK_THROWS_MESSAGE(learn::hint(o).with_optimizer(nn::no_optimizer{}).fit(data_set.pairs()),
                       invalid_option,
                       "option checkpoint needs an optimiser with state and restore");
  CHECK(!std::filesystem::exists(o.checkpoint.file));
}
