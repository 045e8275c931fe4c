// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/learn/trainer.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/sgd.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

namespace learn = hint::learn;
using hint::context;
using hint::data::block;
using hint::data::row_id;
using net = hint::nn::mlp<float>;
using matrix = hint::linalg::matrix<float>;
using trainer = learn::trainer<net, hint::nn::sgd>;
using networks = std::vector<learn::trained_network<net, hint::nn::sgd>>;

constexpr std::size_t rows = 10;

/// Single layers 3 -> 2, trained by plain gradient descent.
networks some(std::size_t count, double dropout = 0, std::vector<std::size_t> hidden = {}) {
  networks out;
  for (std::size_t k = 0; k < count; ++k)
    out.push_back({net(3, 2, {.hidden = hidden, .dropout = dropout}, {5, k}),
                   hint::nn::sgd{{.rate = 0.25, .momentum = 0}},
                   block(hint_tests::random_matrix<float>(rows, 3, 40 + k))});
  return out;
}
std::vector<float> parameters(const net& n) {
  return {n.parameters().begin(), n.parameters().end()};
}
std::vector<std::vector<float>> parameters(const networks& all) {
  std::vector<std::vector<float>> out;
  for (const auto& n : all) out.push_back(parameters(n.network));
  return out;
}
template <class M>
learn::training_record train(networks& all, M& method, learn::trainer_options o,
                             const context& ctx = {}) {
  learn::training_record record;
  trainer(o, rows, all, record, ctx).run(method);
  return record;
}

/// Half the squared length of all outputs of network 0.
struct shrink {
  double cost(trainer& t) const {
    const auto& p = t.forward(0);
    t.backward(p, p.output());
    return p.output().squaredNorm() / 2;
  }
};

TEST_CASE("a step is the optimiser's on the method's gradient", "[learn][trainer]") {
  networks all = some(2), expected = all;
  shrink method;
  const auto record = train(all, method, {.batch = rows, .steps = 1, .clip = 0});
  CHECK(record.steps == 1);

  matrix x(rows, 3);
  const auto order = hint::permutation(rows, context{}.random("batches").fork(0));
  expected[0].rows.gather(order, x);
  net::tape tape;
  std::vector<float> gradient(expected[0].network.parameters().size());
  expected[0].network.forward(x, tape, {1, 1});
  expected[0].network.backward(x, tape.output(), tape, gradient);
  for (std::size_t i = 0; i < gradient.size(); ++i)
    expected[0].network.parameters()[i] -= 0.25F * gradient[i];
  CHECK(parameters(all)[0] == parameters(expected)[0]);
  CHECK(parameters(all)[1] == parameters(expected)[1]);  // without a gradient it stays
  CHECK(record.epochs.at(0).loss == Approx(tape.output().squaredNorm() / 2));
}

/// The same gradient in one pass over the batch, or in parts.
struct in_parts {
  std::size_t parts = 1;
  double cost(trainer& t) const {
    const auto items = t.batch();
    double sum = 0;
    for (std::size_t part = 0; part < parts; ++part) {
      const std::size_t size = items.size() / parts;
      const auto& p = t.forward(0, items.subspan(part * size, size));
      t.backward(p, p.output());
      sum += p.output().squaredNorm() / 2;
    }
    return sum;
  }
};

TEST_CASE("several passes of a network add up", "[learn][trainer]") {
  networks whole = some(1), halves = some(1);
  in_parts one{1}, two{2};
  train(whole, one, {.batch = 8, .steps = 5, .clip = 0});
  train(halves, two, {.batch = 8, .steps = 5, .clip = 0});
  for (std::size_t i = 0; i < whole[0].network.parameters().size(); ++i)
    CHECK(halves[0].network.parameters()[i] ==
          Approx(whole[0].network.parameters()[i]).margin(1e-6));

  struct twice {  // one network, same rows, two passes: dropout differs
    bool differ = false;
    double cost(trainer& t) {
      const matrix a = t.forward(0).output(), b = t.forward(0).output();
      differ = differ || !hint_tests::same_bits(a, b);
      return 0;
    }
  } method;
  networks dropped = some(1, 0.5, {16});
  train(dropped, method, {.batch = 8, .steps = 1});
  CHECK(method.differ);
}

TEST_CASE("clipping bounds all gradients of a step together", "[learn][trainer]") {
  struct both {
    double cost(trainer& t) const {
      for (std::size_t k = 0; k < 2; ++k) {
        const auto& p = t.forward(k);
        t.backward(p, 100 * p.output());
      }
      return 1;
    }
  } method;
  networks all = some(2);
  const auto before = parameters(all);
  train(all, method, {.batch = rows, .steps = 1, .clip = 2});
  double squares = 0;
  for (std::size_t k = 0; k < 2; ++k)
    for (std::size_t i = 0; i < before[k].size(); ++i)
      squares += std::pow(
          (static_cast<double>(before[k][i]) - static_cast<double>(parameters(all)[k][i])) / 0.25,
          2);
  CHECK(std::sqrt(squares) == Approx(2).epsilon(1e-4));
}

/// As DCMH and CICH do: the network of images, then that of texts, each over items of its own, then the
/// codes B; and a teacher that follows network 0.
struct alternating {
  std::vector<std::string> events;
  std::vector<float> before;
  std::vector<float> teacher;
  void begin(trainer& t) {
    events.emplace_back("begin");
    teacher = parameters(t.network(0));
  }
  void begin_epoch(trainer& t) { events.push_back("epoch " + std::to_string(t.epoch())); }
  static std::size_t passes() { return 2; }
  bool begin_pass(trainer& t) {
    events.push_back("pass " + std::to_string(t.pass()));
    before = parameters(t.network(1 - t.pass()));
    return t.epoch() != 1 || t.pass() != 0;  // leaves one out
  }
  static std::size_t items(trainer& t) { return t.pass() == 0 ? 10 : 6; }
  static std::size_t rounds() { return 2; }
  double cost(trainer& t) {
    events.push_back("cost " + std::to_string(t.round()));
    for (const row_id i : t.batch()) CHECK(i < (t.pass() == 0 ? 10U : 6U));
    const auto& p = t.forward(t.pass());
    t.backward(p, p.output());
    t.term("squares", p.output().squaredNorm());
    if (t.round() == 0) t.term("first rounds", 1);
    return 3;
  }
  void end_step(trainer& t) {
    CHECK(parameters(t.network(1 - t.pass())) == before);
    for (std::size_t i = 0; i < teacher.size(); ++i)
      teacher[i] = 0.5F * teacher[i] + 0.5F * t.network(0).parameters()[i];
  }
  void end_epoch(trainer&) { events.emplace_back("end"); }
};

TEST_CASE("methods may alternate, repeat and look after every step", "[learn][trainer]") {
  networks all = some(2);
  const auto before = parameters(all);
  alternating method;
  const auto record = train(all, method, {.batch = 6, .steps = 7, .clip = 0});
  CHECK(method.events == std::vector<std::string>{
                             "begin",  "epoch 0", "pass 0",  "cost 0", "cost 1", "pass 1", "cost 0",
                             "cost 1", "end",     "epoch 1", "pass 0", "pass 1", "cost 0", "cost 1",
                             "end",    "epoch 2", "pass 0",  "cost 0", "pass 1", "end"});
  CHECK(record.steps == 7);
  REQUIRE(record.epochs.size() == 3);
  for (const auto& e : record.epochs) CHECK(e.loss == 3);
  CHECK(record.epochs[0].term("first rounds") == 0.5);
  CHECK(record.epochs[2].term("first rounds") == 1);
  CHECK(record.epochs[0].term("squares") > 0);
  CHECK_THROWS_MESSAGE(record.epochs[0].term("hash"), hint::invalid_argument,
                       "epoch_record: no term \"hash\", there are: squares, first rounds");
  CHECK(parameters(all)[0] != before[0]);
  CHECK(method.teacher != before[0]);
  CHECK(method.teacher != parameters(all)[0]);
}

TEST_CASE("networks may be fed by others, and only one of them learn", "[learn][trainer]") {
  struct critic {  // network 1 sees what network 0 gives, beside a column of ones
    double cost(trainer& t) const {
      const matrix codes = t.forward(0).output();
      matrix x = matrix::Ones(codes.rows(), 3);
      x.leftCols(2) = codes;
      const auto& judged = t.forward(1, x);
      CHECK(hint_tests::same_bits(judged.input, x));
      t.backward(judged, matrix::Ones(x.rows(), 2));
      return static_cast<double>(judged.output().sum());
    }
  } method;
  networks all = some(2);
  all[1].rows = {};
  const auto before = parameters(all);
  const auto record = train(all, method, {.batch = 5, .steps = 6});
  CHECK(parameters(all)[0] == before[0]);
  CHECK(parameters(all)[1] != before[1]);
  CHECK(record.epochs.back().loss < record.epochs.front().loss);
}

TEST_CASE("gradients flow through chained networks", "[learn][trainer]") {
  // Network 1 after network 0 against both as one: the loss of the chain falls only if 0 learns, too.
  struct chain {
    double cost(trainer& t) const {
      const auto& below = t.forward(0);
      matrix x = matrix::Zero(below.output().rows(), 3);
      x.leftCols(2) = below.output();
      const auto& above = t.forward(1, x);
      matrix dx;
      t.backward(above, above.output(), dx);
      t.backward(below, dx.leftCols(2));
      return above.output().squaredNorm() / 2;
    }
  } method;
  networks all = some(2);
  // By finite differences on one parameter of network 0.
  const auto loss = [&](float change) {
    networks copy = all;
    copy[0].network.parameters()[1] += change;
    return train(copy, method, {.batch = rows, .steps = 1, .clip = 0}).epochs[0].loss;
  };
  networks trained = all;
  train(trained, method, {.batch = rows, .steps = 1, .clip = 0});
  const double found = (static_cast<double>(all[0].network.parameters()[1]) -
                        static_cast<double>(trained[0].network.parameters()[1])) /
                       0.25;
  CHECK(found == Approx((loss(1e-2F) - loss(-1e-2F)) / 2e-2).epsilon(1e-2));
}

TEST_CASE("a schedule sets the rate of every step", "[learn][trainer]") {
  networks scheduled = some(1), by_hand = some(1);
  const hint::nn::schedule plan{{.kind = hint::nn::decay::linear, .rate = 0.2, .last = 0.1}};
  scheduled[0].schedule = plan;
  shrink method;
  train(scheduled, method, {.batch = rows, .steps = 1, .clip = 0});
  by_hand[0].optimizer.set_rate(plan.rate(0, 1));
  train(by_hand, method, {.batch = rows, .steps = 1, .clip = 0});
  CHECK(parameters(scheduled) == parameters(by_hand));
  train(scheduled, method, {.batch = rows, .steps = 3, .clip = 0});
  CHECK(scheduled[0].optimizer.get_options().rate == plan.rate(2, 3));

  struct fixed_rate {
    void step(std::span<float>, std::span<const float>, const hint::executor_ref&) {}
  };
  learn::trained_network<net, fixed_rate> stuck{
      net(3, 2, {.hidden = {}}, {1, 1}), {}, {}, hint::nn::schedule{}};
  const std::vector<float> gradient(8);
  CHECK_THROWS_MESSAGE(stuck.descend(gradient, 0, 1, {}), hint::invalid_option,
                       "option schedule needs an optimiser with set_rate");
}

TEST_CASE("batches are a permutation of the items, another in every epoch", "[learn][trainer]") {
  struct listens {
    std::vector<std::vector<row_id>> seen;
    double cost(trainer& t) {
      seen.emplace_back(t.batch().begin(), t.batch().end());
      return 0;
    }
  } method;
  networks all = some(1);
  train(all, method, {.batch = 5, .steps = 4});
  REQUIRE(method.seen.size() == 4);
  for (std::size_t e = 0; e < 4; e += 2) {
    std::vector<row_id> both = method.seen[e];
    both.insert(both.end(), method.seen[e + 1].begin(), method.seen[e + 1].end());
    std::sort(both.begin(), both.end());
    for (row_id i = 0; i < rows; ++i) CHECK(both[i] == i);
  }
  CHECK(method.seen[0] != method.seen[2]);
  method.seen.clear();
  train(all, method, {.batch = 7, .steps = 3});  // three items are left over in each epoch
  CHECK(method.seen.size() == 3);
}

TEST_CASE("same bits for any number of threads", "[learn][trainer]") {
  networks one = some(1, 0.5, {16}), many = one;
  shrink method;
  train(one, method, {.batch = 6, .steps = 20});
  hint::thread_pool pool(3);
  train(many, method, {.batch = 6, .steps = 20}, context(pool));
  CHECK(parameters(one) == parameters(many));
}

TEST_CASE("training ends in every case", "[learn][trainer]") {
  struct idle {
    static bool begin_pass(trainer&) { return false; }
    static double cost(trainer&) { return 0; }
  } leaves_all_out;
  networks all = some(1);
  CHECK(train(all, leaves_all_out, {.batch = 5, .steps = 3}).steps == 0);
  struct no_items {
    static std::size_t items(trainer&) { return 0; }
    static double cost(trainer&) { return 0; }
  } nothing;
  CHECK(train(all, nothing, {.batch = 5, .steps = 3}).steps == 0);
  shrink method;
  CHECK(train(all, method, {.batch = 5, .steps = 0}).epochs.empty());

  struct diverges {
    static double cost(trainer& t) {
      return t.step() == 1 ? std::numeric_limits<double>::infinity() : 1.0;
    }
  } method2;
  CHECK_THROWS_MESSAGE(train(all, method2, {.batch = 5, .steps = 3}), hint::error,
                       "fit: the loss of step 2 is inf; try a lower rate or scaled features");
}

TEST_CASE("what a method does wrong is said", "[learn][trainer]") {
  networks all = some(1);
  struct beyond {
    std::size_t network = 0;
    std::vector<row_id> rows{};
    double cost(trainer& t) const {
      t.forward(network, rows);
      return 0;
    }
  } method;
  method.rows = {3, 10};
  CHECK_THROWS_MESSAGE(train(all, method, {.batch = 5, .steps = 1}), hint::shape_error,
                       "trainer: row 10 of network 0, which has 10");
  method.network = 1;
  CHECK_THROWS_MESSAGE(train(all, method, {.batch = 5, .steps = 1}), hint::invalid_argument,
                       "trainer: network 1 of 1");
  struct no_number {
    double cost(trainer& t) const {
      const auto& p = t.forward(0);
      t.backward(p, p.output() * std::numeric_limits<float>::quiet_NaN());
      return 1;
    }
  } nan;
  for (const double clip : {0.0, 1.0})
    CHECK_THROWS_MESSAGE(train(all, nan, {.batch = 5, .steps = 1, .clip = clip}), hint::error,
                         "fit: the gradient of step 1 is not finite; try a lower rate");
  CHECK_THROWS_MESSAGE(train(all, nan, {.batch = 0}), hint::invalid_option,
                       "option batch is 0, expected 1 to 65536");
}

TEST_CASE("who is asked to stop at once reports no epoch", "[learn][trainer]") {
  struct stops {
    bool now = false;
    std::size_t heard = 0;
    void on(const hint::epoch_report&) { ++heard; }
    bool stop_requested() const { return now; }
  } observer;
  struct asks {
    stops& observer;
    void begin_epoch(trainer& t) {
      observer.now = t.epoch() == 1;
      CHECK(t.batch().empty());
    }
    static double cost(trainer& t) {
      CHECK(t.batch().size() == 5);
      return 1;
    }
    static void end_epoch(trainer& t) { CHECK(t.batch().empty()); }
  } method{observer};
  networks all = some(1);
  hint::sequential here;
  const auto record = train(all, method, {.batch = 5, .steps = 9}, context(here, observer));
  CHECK(record.steps == 2);
  CHECK(record.epochs.size() == 1);
  CHECK(observer.heard == 1);
}

/// Adam for those who take flat gradients alone, and so wait for nothing.
struct flat_adam {
  hint::nn::adam inner;
  template <hint::linalg::real T>
  void step(std::span<T> p, std::type_identity_t<std::span<const T>> g,
            const hint::executor_ref& e = {}) {
    inner.step(p, g, e);
  }
};
static_assert(!hint::nn::row_sparse_optimizer<flat_adam>);

/// 40 rows of 300 columns, three of them stored in each; with a centring that is not empty, centred.
block sparse_block(bool centred) {
  hint::linalg::sparse_matrix<float> x(40, 300);
  const hint::random_stream random(3, 4);
  for (int i = 0; i < 40; ++i)
    for (int j = 0; j < 3; ++j)
      x.insert(
          i, 100 * j + static_cast<int>(random.below(static_cast<std::uint64_t>(3 * i + j), 60))) =
          static_cast<float>(random.uniform(static_cast<std::uint64_t>(500 + 3 * i + j)) + 0.5);
  x.makeCompressed();
  if (!centred) return block(std::move(x));
  block::centering c{std::vector<float>(300, 0.01F), std::vector<double>(40, 0.5)};
  c.shift[7] = -0.25F;
  c.factors[3] = 2;
  return block(std::move(x), std::move(c));
}

/// Half the squared distance from 1, of network 0 alone; looks at a weight before steps 4 and 5. With `twice`
/// the network runs over all items, too.
struct to_one {
  bool twice = false;
  std::vector<float> seen{};
  template <class Trainer>
  double cost(Trainer& t) {
    const auto one = [&](const auto& p) {
      const matrix d = (p.output().array() - 1.0F).matrix();
      t.backward(p, d);
      return static_cast<double>(d.squaredNorm()) / 2;
    };
    double loss = one(t.forward(0));
    const std::vector<row_id> some{3, 39, 5, 3};
    if (twice) loss += one(t.forward(0, some));
    if (t.step() == 4 || t.step() == 5)
      for (const float w : t.network(0).parameters()) seen.push_back(w);
    return loss;
  }
};

template <class Optimizer>
std::pair<std::vector<float>, std::vector<float>> after_sparse_training(const Optimizer& o,
                                                                        const block& b, bool twice,
                                                                        double clip,
                                                                        const context& ctx = {}) {
  std::vector<learn::trained_network<net, Optimizer>> all;
  all.push_back({net(300, 4, {.hidden = {6}, .dropout = 0.25}, {5, 1}), o, b});
  learn::training_record record;
  to_one method{twice};
  learn::trainer<net, Optimizer>({.batch = 8, .steps = 13, .clip = clip}, 40, all, record, ctx)
      .run(method);
  return {parameters(all[0].network), method.seen};
}

TEST_CASE("an optimiser that waits trains like one that does not", "[learn][trainer]") {
  const hint::nn::adam lazy({.rate = 0.01, .weight_decay = 0.01});
  hint::thread_pool three(3);
  for (const bool centred : {false, true})
    for (const bool twice : {false, true}) {
      CAPTURE(centred, twice);
      const block b = sparse_block(centred);
      REQUIRE(b.is_mostly_zero());
      const auto expected = after_sparse_training(flat_adam{lazy}, b, twice, 0);
      CHECK(expected.second.size() == 2 * expected.first.size());
      CHECK(after_sparse_training(lazy, b, twice, 0) == expected);
      CHECK(after_sparse_training(lazy, b, twice, 0, context(three)) == expected);
      // The joint norm is summed up in another order.
      const auto clipped = after_sparse_training(flat_adam{lazy}, b, twice, 0.5).first;
      const auto found = after_sparse_training(lazy, b, twice, 0.5).first;
      CHECK(clipped != expected.first);
      for (std::size_t i = 0; i < found.size(); ++i)
        CHECK(found[i] == Approx(clipped[i]).margin(1e-5));
      // And so it would be from dense rows.
      matrix rows_of(40, 300);
      b.copy_rows(0, rows_of);
      const auto dense = after_sparse_training(lazy, block(rows_of), twice, 0.5).first;
      for (std::size_t i = 0; i < dense.size(); ++i)
        CHECK(dense[i] == Approx(clipped[i]).margin(1e-3));
    }
}

/// Hears of parts, and of phases, by name.
struct part_listener {
  std::vector<std::string> heard;
  double seconds = 0;
  void on(const hint::part_report& r) {
    heard.emplace_back(r.part);
    seconds += r.seconds;
  }
};

/// Passes of two networks, with work of its own in between, and a look at all rows before each epoch.
struct two_passes {
  matrix all;
  void begin(trainer& t) { t.infer(0, all); }
  void begin_epoch(trainer& t) { t.infer(1, all); }
  double cost(trainer& t) {
    const auto& a = t.forward(0);
    const auto& b = t.forward(1, a.output().leftCols(2) * matrix::Ones(2, 3));
    t.part("targets");
    t.backward(b, b.output());
    return 1;
  }
};

TEST_CASE("parts of a step are told in order to who hears of them, and change no bit",
          "[learn][trainer]") {
  networks watched = some(2), unwatched = some(2);
  part_listener parts;
  hint::sequential here;
  two_passes method;
  const auto record = train(watched, method, {.batch = rows, .steps = 2}, context{here, parts});
  train(unwatched, method, {.batch = rows, .steps = 2});
  CHECK(parameters(watched) == parameters(unwatched));
  const std::vector<std::string> epoch{
      "between steps", "infer",   "between steps", "losses", "load",     "forward", "losses",
      "load",          "forward", "targets",       "losses", "backward", "losses",  "optimiser"};
  std::vector<std::string> expected{"infer"};
  for (int i = 0; i < 2; ++i) expected.insert(expected.end(), epoch.begin(), epoch.end());
  expected.emplace_back("between steps");
  CHECK(parts.heard == expected);
  REQUIRE(record.seconds.size() == 1);
  CHECK(parts.seconds > 0);
}

}  // namespace
