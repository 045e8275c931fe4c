// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/learn/hint.hpp>
#include <hint/learn/hint_method.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/sgd.hpp>
#include <hint/tree/encoding_tree.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"

namespace {

namespace align = hint::align;
namespace learn = hint::learn;
using hint::context;
using hint::image;
using hint::text;
using hint::data::paired;
using hint_tests::clustered_pairs;

// ---- parts of a user's own ----------------------------------------------------------------------

/// Edges from each pair's image to its own text and to the next one: 2n nodes.
struct ring {
  std::size_t missing = 0;  // nodes left out, wrongly
  hint::relation_graph operator()(const paired<>& d, const context&) const {
    const auto n = static_cast<hint::node_id>(d.size());
    std::vector<hint::weighted_edge> edges;
    std::vector<std::uint8_t> groups(2 * d.size() - missing);
    for (hint::node_id i = 0; i + 1 < n - missing; ++i) {
      edges.push_back({i, n + i, 1});
      edges.push_back({i, i + 1, 0.5});
    }
    return hint::relation_graph::from_edges(2 * d.size() - missing, edges,
                                            hint::duplicate_edges::sum, std::move(groups));
  }
};
struct flat_tree {
  hint::tree::encoding_tree operator()(const hint::relation_graph& g, const context&) const {
    return hint::tree::encoding_tree::flat(g);
  }
};
/// The next item stands in for an item; looks at the tree to see whether it got one.
struct next_item {
  std::size_t missing = 0;
  std::size_t beyond = 0;
  align::proxies operator()(const align::sampler_input& in, const context&) const {
    const std::size_t n = in.rows[0].rows();
    CHECK(in.tree.leaf_count() == 2 * n);
    CHECK(in.rows[1].rows() == n);
    CHECK(in.neighbors.nearest(text, 2).size() == n);
    std::vector<std::vector<align::proxy_table::entry>> members(n - missing);
    for (std::size_t i = 0; i < members.size(); ++i)
      members[i].push_back({static_cast<hint::data::row_id>((i + 1) % n + beyond), 1});
    return align::proxies::shared(align::proxy_table(members));
  }
};
struct always_two {
  template <class T>
  double value(const hint::linalg::matrix_view<T>&, const hint::linalg::matrix_view<T>&) const {
    return 2;
  }
};
/// Half and half; checks what it is told.
struct half {
  std::size_t calls = 0;
  static bool measures() { return true; }
  double weight(hint::modality m, std::size_t step, std::size_t steps, double measured) {
    CHECK(measured == 2.0);
    CHECK(steps == 6);
    CHECK(step == calls / 2);
    CHECK(m == (calls % 2 == 0 ? image : text));
    ++calls;
    return 0.5;
  }
};
using own_learner = learn::hint<ring, flat_tree, next_item, always_two, half, hint::nn::sgd>;

learn::hint_options quick(std::size_t steps = 6) {
  learn::hint_options o;
  o.bits = 16;
  o.network.hidden = {16};
  o.batch = 20;
  o.steps = steps;
  return o;
}
own_learner own(ring graph = {}, next_item sampler = {}, double rate = 0.1) {
  return learn::hint{quick()}
      .with_graph(graph)
      .with_tree(flat_tree{})
      .with_sampler(sampler)
      .with_discrepancy(always_two{})
      .with_curriculum(half{})
      .with_optimizer(hint::nn::sgd({.rate = rate}));
}

TEST_CASE("every part can be one's own", "[learn][hint_method]") {
  const clustered_pairs data(50, 4, 1);
  const auto model = own().fit(data.pairs());
  CHECK(model.record().steps == 6);
  REQUIRE(model.tree());
  CHECK(model.tree()->height() == 1);
  CHECK(model.tree()->leaf_count() == 100);
  for (const auto& e : model.record().epochs) {
    CHECK(e.term("lambda image") == Approx(1));  // w = 1/2
    CHECK(e.term("lambda text") == Approx(1));
  }
  hint::thread_pool pool(3);
  const auto again = own().fit(data.pairs(), context(pool));
  CHECK(again.encode(text, data.pairs().text()) == model.encode(text, data.pairs().text()));
  const auto faster = own({}, {}, 0.5).fit(data.pairs());
  CHECK(!hint_tests::same_bits(faster.project(text, data.pairs().text()),
                               model.project(text, data.pairs().text())));
}

/// Hands everything on to the library's own sampler: nothing may change.
struct forwards {
  align::neighborhood_sampler sampler;
  std::size_t* asked;
  align::proxies operator()(const align::sampler_input& in, const context& ctx) const {
    ++*asked;
    return sampler(in, ctx);
  }
};

TEST_CASE("a part that only forwards changes nothing", "[learn][hint_method]") {
  const clustered_pairs data(80, 4, 1);
  for (const auto& options :
       {learn::hint_options::fused(24), learn::hint_options::tree(24),
        learn::hint_options::ablation(2, 24), learn::hint_options::ablation(4, 24)}) {
    learn::hint_options o = options;
    o.network.hidden = {16};
    o.steps = 5;
    o.batch = 32;
    o.keep_tree = true;
    std::size_t asked = 0;
    const auto plain = learn::hint{o}.fit(data.pairs());
    const auto forwarded =
        learn::hint{o}
            .with_sampler(forwards{align::neighborhood_sampler{o.proxies}, &asked})
            .fit(data.pairs());
    CHECK(asked == 1);
    CHECK(*forwarded.tree() == *plain.tree());
    for (const hint::modality m : hint::modalities) {
      const auto& rows = data.features[hint::index_of(m)];
      CHECK(forwarded.encode(m, hint::data::block(rows)) ==
            plain.encode(m, hint::data::block(rows)));
    }
  }
}

/// Wants longer lists than anybody else.
struct reads_nine {
  static std::size_t neighbors() { return 9; }
  static bool needs_tree() { return false; }
  align::proxies operator()(const align::sampler_input& in, const context&) const {
    CHECK(in.neighbors.longest(image).length() == 9);
    CHECK(in.neighbors.nearest(text, 9)[0].size() == 9);
    CHECK(in.neighbors.nearest(text, 11)[0].size() == 11);  // not announced, and yet to be had
    std::vector<std::vector<align::proxy_table::entry>> members(in.rows[0].rows());
    for (std::size_t i = 0; i < members.size(); ++i)
      members[i].push_back({static_cast<hint::data::row_id>(i), 1});
    return align::proxies::shared(align::proxy_table(members));
  }
};

TEST_CASE("a sampler gets lists as long as it wants", "[learn][hint_method]") {
  const clustered_pairs data(50, 4, 1);
  learn::hint_options o = quick(1);
  o.keep_tree = false;
  const auto model = learn::hint{o}.with_sampler(reads_nine{}).fit(data.pairs());
  CHECK_FALSE(model.tree());
  const auto trust = learn::hint{o}.fit(data.pairs()).trust();  // is not touched by that
  CHECK(model.trust().entropy_reduction == trust.entropy_reduction);
  CHECK(model.trust().agreement == trust.agreement);
}

TEST_CASE("own parts that do not fit the data are refused", "[learn][hint_method]") {
  const clustered_pairs data(50, 4, 1);
  CHECK_THROWS_MESSAGE(own({.missing = 3}).fit(data.pairs()), hint::shape_error,
                       "fit: the tree has 97 leaves for 50 pairs, expected 50 or 100");
  CHECK_THROWS_MESSAGE(
      own({}, {.missing = 1}).fit(data.pairs()), hint::shape_error,
      "fit: the sampler gave proxies for 49 items from rows below 50, expected 50 of both");
  CHECK_THROWS_MESSAGE(
      own({}, {.beyond = 1}).fit(data.pairs()), hint::shape_error,
      "fit: the sampler gave proxies for 50 items from rows below 51, expected 50 of both");
  CHECK_THROWS_AS(own({}, {}, 2000), hint::invalid_option);
  CHECK_THROWS_MESSAGE((own_learner{learn::hint_options{.bits = 0}, own().get_parts()}),
                       hint::invalid_option, "option bits is 0, expected 1 to 16384");
}

// ---- observers ----------------------------------------------------------------------------------

struct listener {
  void on(const hint::phase_report& r) {
    if (r.done == 0) events.push_back("begin " + std::string(r.phase));
    if (r.done == 1) events.push_back("end " + std::string(r.phase));
    CHECK(r.done >= 0);
    CHECK(r.done <= 1);
    CHECK(r.seconds >= 0);
    if (r.phase == throw_in && r.done == 1) throw std::runtime_error("enough of " + throw_in);
  }
  void on(const hint::step_report& r) {
    events.push_back("step " + std::to_string(r.step) + "/" + std::to_string(r.steps));
    CHECK(std::isfinite(r.loss));
    ++steps;
    if (steps == throw_at) throw std::runtime_error("enough");
  }
  void on(const hint::epoch_report& r) {
    events.push_back("epoch " + std::to_string(r.epoch) + "/" + std::to_string(r.epochs));
    epochs.push_back(r);
  }
  bool stop_requested() const { return steps >= stop_after; }

  std::size_t stop_after = 1000;
  std::size_t throw_at = 1000;
  std::string throw_in = "nothing";
  std::size_t steps = 0;
  std::vector<std::string> events;
  std::vector<hint::epoch_report> epochs;
};

learn::hint_model listen(listener& l, const paired<>& pairs, std::size_t steps,
                         std::size_t rebuild_every = 0) {
  hint::sequential here;
  learn::hint_options o = quick(steps);
  o.rebuild_every = rebuild_every;
  return learn::hint{o}.fit(pairs, context(here, l));
}
/// Without repeated ones in a row: the tree builder reports its phase too.
std::vector<std::string> distinct(const std::vector<std::string>& events) {
  std::vector<std::string> out;
  for (const auto& e : events)
    if (out.empty() || out.back() != e) out.push_back(e);
  return out;
}

TEST_CASE("observers hear everything in order", "[learn][hint_method]") {
  const clustered_pairs data(50, 4, 2);  // two batches of 20 an epoch
  listener l;
  const auto model = listen(l, data.pairs(), 5);
  const std::vector<std::string> expected{
      "begin scale",   "end scale",   "begin graph", "end graph", "begin tree", "end tree",
      "begin proxies", "end proxies", "begin train", "step 1/5",  "step 2/5",   "epoch 1/3",
      "step 3/5",      "step 4/5",    "epoch 2/3",   "step 5/5",  "epoch 3/3",  "end train"};
  CHECK(distinct(l.events) == expected);
  REQUIRE(l.epochs.size() == 3);
  REQUIRE(model.record().epochs.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(l.epochs[i].loss == model.record().epochs[i].loss);
    CHECK(l.epochs[i].loss > 0);
    CHECK(l.epochs[i].seconds_left >= 0);
  }
  CHECK(l.epochs[2].seconds_left == 0.0);
  std::vector<std::string> phases;
  for (const auto& [phase, seconds] : model.record().seconds) {
    phases.push_back(phase);
    CHECK(seconds >= 0);
  }
  CHECK(phases == std::vector<std::string>{"scale", "graph", "tree", "proxies", "train"});

  // Phases that come again, within training.
  listener iterated;
  const auto again = listen(iterated, data.pairs(), 5, 2);
  const auto events = distinct(iterated.events);
  const auto place = std::find(events.begin(), events.end(), "epoch 2/3");
  REQUIRE(events.end() - place > 7);
  CHECK(std::vector<std::string>(place, place + 8) ==
        std::vector<std::string>{"epoch 2/3", "begin graph", "end graph", "begin tree", "end tree",
                                 "begin proxies", "end proxies", "step 5/5"});
  CHECK(again.record().seconds.size() == 5);
}

TEST_CASE("who is asked to stop returns what there is", "[learn][hint_method]") {
  const clustered_pairs data(50, 4, 3);
  listener whole, l;
  l.stop_after = 3;
  const auto stopped = listen(l, data.pairs(), 40);
  CHECK(stopped.record().steps == 3);
  CHECK(stopped.record().epochs.size() == 2);
  CHECK(l.events.back() == "end train");
  const auto short_budget = listen(whole, data.pairs(), 3);
  CHECK(stopped.encode(image, data.pairs().image()) ==
        short_budget.encode(image, data.pairs().image()));
  l = {};
  l.stop_after = 0;
  CHECK(listen(l, data.pairs(), 40).record().steps == 0);
}

TEST_CASE("whoever stops training before it begins gets an untrained model that says so",
          "[learn][hint_method]") {
  const clustered_pairs data(600, 4, 3);
  std::size_t asked = 0;
  struct patient {
    std::size_t answers;
    std::size_t* asked;
    std::string last = "";
    void on(const hint::phase_report& r) { last = r.phase; }
    bool stop_requested() const { return ++*asked >= answers; }
  };
  std::set<std::string> stopped_in;
  for (std::size_t answers = 1; answers < 200; ++answers) {
    asked = 0;
    patient observer{answers, &asked};
    hint::sequential here;
    learn::hint_options o = quick(1);
    o.trust.items = 20;
    const auto model = learn::hint{o}.fit(data.pairs(), context(here, observer));
    CHECK(observer.last == "train");
    if (model.record().steps > 0) break;
    CHECK(asked <= answers);  // whoever has asked to stop is not asked again
    CHECK(model.description().find("stopped before training") != std::string::npos);
    CHECK(model.encode(image, data.pairs().image()).size() == 600);
    stopped_in.insert(model.record().seconds.back().first);
    for (const auto& [phase, seconds] : model.record().seconds)
      if (phase != "train") stopped_in.insert(phase);
  }
  for (const char* const phase : {"scale", "graph", "tree"}) CHECK(stopped_in.count(phase) == 1);
}

TEST_CASE("observers may throw to give up", "[learn][hint_method]") {
  const clustered_pairs data(50, 4, 4);
  for (const std::string phase : {"scale", "graph", "tree", "proxies", "train"}) {
    listener l;
    l.throw_in = phase;
    CHECK_THROWS_MESSAGE(listen(l, data.pairs(), 4), std::runtime_error, "enough of " + phase);
    CHECK(l.events.back() == "end " + phase);
  }
  listener l;
  l.throw_at = 3;
  CHECK_THROWS_MESSAGE(listen(l, data.pairs(), 4), std::runtime_error, "enough");
  CHECK(l.events.back() == "step 3/4");  // training did not end well: no report that says so
}

TEST_CASE("training that diverges says so", "[learn][hint_method]") {
  const clustered_pairs data(50, 4, 5);
  struct explodes {
    void step(std::span<float> p, std::span<const float>, const hint::executor_ref&) {
      for (float& x : p) x *= 1e30F;
    }
  };
  const auto learner = learn::hint{quick()}.with_optimizer(explodes{});
  const std::string message =
      hint_tests::message_of<hint::error>([&] { (void)learner.fit(data.pairs()); });
  CHECK_THAT(message, Catch::Matchers::ContainsSubstring("fit: the loss of step "));
  CHECK_THAT(message, Catch::Matchers::ContainsSubstring("; try a lower rate or scaled features"));
}

// ---- the run itself -----------------------------------------------------------------------------

struct two_processes : hint::solo {
  static std::size_t size() { return 2; }
};

TEST_CASE("one process only", "[learn][hint_method]") {
  const clustered_pairs data(20, 4, 6);
  two_processes c;
  hint::sequential here;
  CHECK_THROWS_MESSAGE(learn::hint{quick()}.fit(data.pairs(), context(here, {}, c)),
                       hint::invalid_argument, "fit: 2 processes, but training runs in one only");
}

/// A data set of a user's own, whose modalities may differ in size by mistake.
struct own_pairs {
  hint::linalg::matrix<float> images, texts;
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(images.rows()); }
  [[nodiscard]] hint::data::block image() const { return hint::data::block::borrow(images); }
  [[nodiscard]] hint::data::block text() const { return hint::data::block::borrow(texts); }
};

TEST_CASE("data sets of one's own", "[learn][hint_method]") {
  const clustered_pairs data(50, 4, 7);
  own_pairs mine{data.features[0], data.features[1]};
  const auto model = learn::hint{quick()}.fit(data.pairs());
  CHECK(learn::hint{quick()}.fit(mine).encode(image, mine.image()) ==
        model.encode(image, data.pairs().image()));
  mine.texts.conservativeResize(49, 9);
  CHECK_THROWS_MESSAGE(learn::hint{quick()}.fit(mine), hint::shape_error,
                       "paired: image has 50 rows of 12, text has 49 rows of 9");
}

TEST_CASE("one step by hand", "[learn][hint_method]") {
  // Of plain gradient descent over all pairs at once, with targets from the pair alone.
  const clustered_pairs data(12, 4, 8);
  learn::hint_options o = learn::hint_options::ablation(1, 8);
  o.network.hidden = {};
  o.network.dropout = 0;
  o.batch = 12;
  o.steps = 1;
  o.clip = 0;
  o.scaling = {hint::data::scaling::none, hint::data::scaling::none};
  context ctx;
  ctx.seed = 3;
  const auto learner = learn::hint{o}.with_optimizer(hint::nn::sgd{{.rate = 0.5, .momentum = 0}});
  const auto model = learner.fit(data.pairs(), ctx);

  using matrix = hint::linalg::matrix<float>;
  std::vector<hint::nn::mlp<float>> nets;
  std::array<matrix, 2> h{matrix(12, 8), matrix(12, 8)};
  for (std::size_t m = 0; m < 2; ++m) {
    nets.emplace_back(m == 0 ? 12 : 9, 8, o.network, ctx.random("weights").fork(m));
    nets[m].forward(data.features[m], h[m]);
  }
  for (std::size_t m = 0; m < 2; ++m) {
    matrix target(12, 8);  // the signs of the other half of the pair
    for (Eigen::Index i = 0; i < target.size(); ++i)
      target.data()[i] = h[1 - m].data()[i] >= 0 ? 1.0F : -1.0F;
    matrix dh = matrix::Zero(12, 8);
    align::contrastive().value_and_gradient<float>(h[m], target, dh);
    // d tanh, then the layer: weights (d x 8, row after row), biases.
    const std::size_t d = nets[m].inputs();
    std::vector<double> expected(nets[m].parameters().begin(), nets[m].parameters().end());
    for (Eigen::Index j = 0; j < 8; ++j)
      for (Eigen::Index i = 0; i < 12; ++i) {
        const double slope = 1 - static_cast<double>(h[m](i, j)) * static_cast<double>(h[m](i, j));
        const double g = 0.5 * slope * static_cast<double>(dh(i, j));
        for (std::size_t c = 0; c < d; ++c)
          expected[c * 8 + static_cast<std::size_t>(j)] -=
              g * static_cast<double>(data.features[m](i, static_cast<Eigen::Index>(c)));
        expected[8 * d + static_cast<std::size_t>(j)] -= g;
      }
    const auto found = model.network(hint::modalities[m]).parameters();
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      worst = (std::max)(worst, std::abs(expected[i] - static_cast<double>(found[i])));
    CHECK(worst < 1e-6);
  }
}

TEST_CASE("from the second epoch on, proxies are what the items' last batches gave") {
  const clustered_pairs data(12, 4, 8);
  learn::hint_options o = learn::hint_options::ablation(1, 8);
  o.network.hidden = {};
  o.network.dropout = 0;
  o.batch = 12;
  o.clip = 0;
  o.scaling = {hint::data::scaling::none, hint::data::scaling::none};
  context ctx;
  ctx.seed = 3;
  constexpr float rate = 2;
  using matrix = hint::linalg::matrix<float>;
  std::vector<hint::nn::mlp<float>> nets;
  std::array<matrix, 2> bank{matrix(12, 8), matrix(12, 8)};
  for (std::size_t m = 0; m < 2; ++m) {
    nets.emplace_back(m == 0 ? 12 : 9, 8, o.network, ctx.random("weights").fork(m));
    nets[m].forward(data.features[m], bank[m]);
  }
  Eigen::Index stale = 0;
  for (o.steps = 1; o.steps <= 3; ++o.steps) {
    CAPTURE(o.steps);
    const auto model = learn::hint{o}
                           .with_optimizer(hint::nn::sgd{{.rate = rate, .momentum = 0}})
                           .fit(data.pairs(), ctx);
    std::array<matrix, 2> h = bank;
    for (std::size_t m = 0; m < 2; ++m) {
      hint::nn::mlp<float>::tape tape;
      nets[m].forward(data.features[m], tape, hint::random_stream(0, 0));
      h[m] = tape.output();
      stale += ((h[m].array() >= 0) != (bank[m].array() >= 0)).count();
      const matrix target =
          (bank[1 - m].array() >= 0).select(matrix::Ones(12, 8), matrix::Constant(12, 8, -1));
      matrix dh = matrix::Zero(12, 8);
      align::contrastive().value_and_gradient<float>(h[m], target, dh);
      std::vector<float> gradient(nets[m].parameters().size());
      nets[m].backward(data.features[m], dh, tape, gradient);
      for (std::size_t i = 0; i < gradient.size(); ++i)
        nets[m].parameters()[i] -= rate * gradient[i];
    }
    bank = h;
    for (std::size_t m = 0; m < 2; ++m) {
      const auto found = model.network(hint::modalities[m]).parameters();
      for (std::size_t i = 0; i < found.size(); ++i)
        CHECK(found[i] == Approx(nets[m].parameters()[i]).margin(1e-5));
    }
  }
  CHECK(stale > 0);  // or fresh proxies would have done, too
}

}  // namespace
