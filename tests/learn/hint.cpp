// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/eval/average_precision.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/relevance.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/concepts.hpp>
#include <hint/learn/hint.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

namespace learn = hint::learn;
using hint::context;
using hint::image;
using hint::text;
using hint::data::block;
using hint::data::paired;
using hint::linalg::matrix;
using hint_tests::clustered_pairs;
using learn::hint_options;

/// As `o`, but done in a moment.
hint_options quick(hint_options o, std::size_t steps = 8) {
  o.network.hidden = {16};
  o.batch = 32;
  o.steps = steps;
  return o;
}
learn::hint_model train(const hint_options& o, const paired<>& pairs, const context& ctx = {}) {
  return learn::hint{o}.fit(pairs, ctx);
}
std::vector<std::pair<std::string, hint_options>> presets() {
  std::vector<std::pair<std::string, hint_options>> out{{"fused", hint_options::fused(24)},
                                                        {"tree", hint_options::tree(24)},
                                                        {"paper", hint_options::paper(24)}};
  for (std::size_t variant = 1; variant <= 5; ++variant)
    out.emplace_back("V" + std::to_string(variant), hint_options::ablation(variant, 24));
  out.emplace_back("iterated", hint_options::tree(24));
  out.back().second.rebuild_every = 1;
  out.emplace_back("community negatives", hint_options::fused(24));
  out.back().second.community_negatives = false;
  return out;
}
bool same_codes(const learn::mlp_hasher& a, const learn::mlp_hasher& b, const paired<>& pairs) {
  return a.encode(image, pairs.image()) == b.encode(image, pairs.image()) &&
         a.encode(text, pairs.text()) == b.encode(text, pairs.text()) &&
         hint_tests::same_bits(a.project(image, pairs.image()), b.project(image, pairs.image())) &&
         hint_tests::same_bits(a.project(text, pairs.text()), b.project(text, pairs.text()));
}

static_assert(learn::learner_for<learn::hint<>, paired<>>);
static_assert(std::is_same_v<decltype(learn::hint{{.bits = 32}}), learn::hint<>>);
static_assert(std::is_same_v<decltype(learn::hint{{.bits = 32}}.with_graph(hint::graph::knn{})),
                             learn::hint<>>);

TEST_CASE("same seed, same codes, for any number of threads", "[learn][hint]") {
  const clustered_pairs data(80, 4, 1);
  for (const auto& [preset, options] : presets()) {
    CAPTURE(preset);
    const hint_options o = quick(options, 5);
    const learn::hint_model one = train(o, data.pairs());
    CHECK(one.record().steps == 5);
    for (const std::size_t threads : {2U, 3U}) {
      hint::thread_pool pool(threads);
      CHECK(same_codes(train(o, data.pairs(), context(pool)), one, data.pairs()));
    }
    context other;
    other.seed = 1;
    CHECK(!same_codes(train(o, data.pairs(), other), one, data.pairs()));
  }
}

TEST_CASE("a fit searches neighbours as it is asked to, and tells how", "[learn][hint]") {
  const clustered_pairs data(150, 3, 5);
  struct listener {
    std::vector<std::string> notes;
    std::size_t searches = 0;
    void on(const hint::phase_report& r) {
      if (r.done < 1) return;
      if (r.phase == "graph") notes.emplace_back(r.note);
      if (r.phase == "approximate neighbours") ++searches;
    }
  };
  const auto heard = [&](hint::graph::search_kind how) {
    hint_options o = quick(hint_options::fused(8), 2);
    o.graph.search = how;
    listener l;
    context ctx;
    ctx.observer = hint::observer_ref(l);
    (void)train(o, data.pairs(), ctx);
    REQUIRE(l.notes.size() == 1);
    return l;
  };
  const listener exact = heard(hint::graph::search_kind::automatic);
  CHECK(exact.searches == 0);
  CHECK(
      exact.notes[0].ends_with("; neighbours: images exact (cheaper than approximate search),"
                               " texts exact (cheaper than approximate search)"));
  const listener approximate = heard(hint::graph::search_kind::approximate);
  CHECK(approximate.searches == 3);  // images, texts, both
  CHECK(approximate.notes[0].find("; neighbours: images approximate, recall 1 by 4 trees") !=
        std::string::npos);
}

TEST_CASE("a learner trains many models", "[learn][hint]") {
  const clustered_pairs data(60, 4, 1);
  const learn::hint learner{quick(hint_options::ablation(4, 16))};  // its curriculum has a memory
  const auto first = learner.fit(data.pairs());
  CHECK(same_codes(learner.fit(data.pairs()), first, data.pairs()));
}

TEST_CASE("HINT-ITER makes other proxies than the static tree", "[learn][hint]") {
  const clustered_pairs data(110, 4, 1);
  hint_options o = quick(hint_options::tree(16), 20);
  const auto once = train(o, data.pairs());
  o.rebuild_every = 2;
  const auto often = train(o, data.pairs());
  CHECK(!same_codes(once, often, data.pairs()));
  REQUIRE(often.tree());
  CHECK(!(*once.tree() == *often.tree()));
}

TEST_CASE("HINT learns to find held-out pairs' classes", "[learn][hint]") {
  const std::size_t classes = 5;
  const clustered_pairs data(200, classes, 1), held_out(40, classes, 2);
  const auto map = [&](const learn::mlp_hasher& model, hint::modality query) {
    const std::size_t q = hint::index_of(query);
    return hint::eval::run(hint::eval::average_precision{},
                           model.encode(query, block(held_out.features[q])),
                           model.encode(other(query), block(data.features[1 - q])),
                           hint::eval::relevant_if([&](std::size_t a, std::size_t b) {
                             return held_out.label(a) == data.label(b);
                           }))
        .value;
  };
  hint_options o = quick(hint_options::fused(24), 0);
  o.network.hidden = {32};
  const auto untrained = train(o, data.pairs());
  CHECK(untrained.record().steps == 0);
  CHECK(map(untrained, image) < 0.4);  // chance is 0.2
  const double before[] = {map(untrained, image), map(untrained, text)};
  for (const auto& options : {hint_options::fused(24), hint_options::tree(24),
                              hint_options::paper(24), hint_options::ablation(1, 24)}) {
    CAPTURE(static_cast<int>(options.proxies.source), static_cast<int>(options.target));
    o = quick(options, 60);
    o.network.hidden = {32};
    o.adam.rate = 1e-2;
    const auto model = train(o, data.pairs());
    for (const hint::modality m : hint::modalities) {
      const double found = map(model, m);
      CHECK(found > 0.7);
      CHECK(found > before[hint::index_of(m)] + 0.3);
    }
    const auto& epochs = model.record().epochs;
    CHECK(epochs.back().term("hash loss") < epochs.front().term("hash loss"));
  }
}

TEST_CASE("a code depends on its row alone", "[learn][hint]") {
  const clustered_pairs data(300, 4, 3);
  const auto model = train(quick(hint_options::fused(70)), data.pairs());
  for (const hint::modality m : hint::modalities)
    CHECK(hint_tests::codes_rows_alone(model, m, data.features[hint::index_of(m)]));
}

TEST_CASE("a trained model survives a file", "[learn][hint]") {
  const clustered_pairs data(60, 4, 4);
  const hint_tests::temporary_folder folder;
  context ctx;
  ctx.seed = 12;
  const auto model = train(quick(hint_options::fused(33)), data.pairs(), ctx);
  hint::io::save(folder / "model.hint", model);
  const auto loaded = hint::io::load<learn::mlp_hasher>(folder / "model.hint");
  CHECK(same_codes(loaded, model, data.pairs()));
  CHECK_THAT(loaded.description(), Catch::Matchers::ContainsSubstring(
                                       "HINT, 33 bits, 60 pairs, 8 steps of batch 32, seed 12"));
}

TEST_CASE("codes of any length, batches of any size", "[learn][hint]") {
  const clustered_pairs data(50, 4, 5);
  for (const std::size_t bits : {1U, 130U}) {
    const auto model = train(quick(hint_options::fused(bits), 3), data.pairs());
    CHECK(model.bits() == bits);
    CHECK(model.encode(image, data.pairs().image()).bits() == bits);
  }
  hint_options o = quick(hint_options::fused(16), 5);
  o.batch = 50;
  const auto all = train(o, data.pairs());
  o.batch = 51;  // more than there are: all
  CHECK(same_codes(train(o, data.pairs()), all, data.pairs()));
  CHECK(all.record().epochs.size() == 5);
  o.batch = 30;  // 20 pairs are left over in each epoch
  const auto some = train(o, data.pairs());
  CHECK(some.record().epochs.size() == 5);
  CHECK(some.record().steps == 5);
  o.clip = 0;
  CHECK(!same_codes(train(o, data.pairs()), some, data.pairs()));
}

TEST_CASE("data at its ends", "[learn][hint]") {
  const clustered_pairs data(40, 4, 6);
  const auto first = [&](Eigen::Index n) {
    return paired(matrix<float>(data.features[0].topRows(n)),
                  matrix<float>(data.features[1].topRows(n)));
  };
  matrix<float> constant = data.features[1], repeated = data.features[0];
  constant.setConstant(3);
  for (Eigen::Index i = 0; i < 40; ++i) repeated.row(i) = data.features[0].row(i % 3);
  for (const auto& [preset, options] : presets()) {
    CAPTURE(preset);
    const hint_options o = quick(options, 3);
    CHECK(train(o, first(2)).record().steps == 3);
    CHECK(train(o, first(3)).record().steps == 3);
    CHECK(train(o, paired(data.features[0], constant)).record().steps == 3);
    CHECK(train(o, paired(data.features[0], matrix<float>(matrix<float>::Zero(40, 9))))
              .record()
              .steps == 3);
    CHECK(train(o, paired(repeated, data.features[1])).record().steps == 3);
  }
}

TEST_CASE("sparse texts are taken as they are", "[learn][hint]") {
  clustered_pairs data(60, 4, 7);
  for (Eigen::Index i = 0; i < data.features[1].size(); ++i)
    if (data.features[1].data()[i] < 0.5F) data.features[1].data()[i] = 0;
  const hint::linalg::sparse_matrix<float> sparse = data.features[1].sparseView();
  const paired pairs(block(data.features[0]), block(sparse));
  for (const auto scaling : {hint::data::scaling::centered_l2, hint::data::scaling::l2}) {
    hint_options o = quick(hint_options::fused(16));
    o.scaling[1] = scaling;
    const auto model = train(o, pairs);
    CHECK(model.encode(text, block(sparse)) == model.encode(text, block(data.features[1])));
    CHECK(hint_tests::codes_rows_alone(model, text, data.features[1]));
  }
}

TEST_CASE("parts that are not given are made from the options", "[learn][hint]") {
  const clustered_pairs data(60, 4, 8);
  hint_options o = quick(hint_options::ablation(4, 16));
  o.graph.neighbors = 4;
  o.tree_height = 4;
  o.proxies.max_members = 2;
  o.adam.rate = 3e-3;
  const auto model = train(o, data.pairs());
  const auto given = learn::hint{o}.with_graph(hint::graph::knn{o.graph}).fit(data.pairs());
  CHECK(same_codes(given, model, data.pairs()));
  // And what is given counts.
  const auto other =
      learn::hint{o}.with_graph(hint::graph::knn{{.neighbors = 1}}).fit(data.pairs());
  CHECK(!(*other.tree() == *model.tree()));
}

TEST_CASE("the tree is that of the graph asked for", "[learn][hint]") {
  const clustered_pairs data(60, 4, 9);
  for (auto& [preset, options] : presets()) {
    CAPTURE(preset);
    hint_options o = quick(options, 0);
    for (const std::size_t neighbors : {2U, 7U})  // fewer and more than trust wants
      for (const auto metric : {hint::graph::metric::cosine, hint::graph::metric::l1}) {
        o.graph.neighbors = neighbors;
        o.graph.metric = metric;
        const auto model = train(o, data.pairs());
        hint::graph::knn_options g = o.graph;
        g.image_weight = model.trust().image_weight;
        const paired scaled(model.scaling(image).transform(data.pairs().image()),
                            model.scaling(text).transform(data.pairs().text()));
        const hint::tree::builder builder{hint::tree::merge{},
                                          hint::tree::compress{{.height = o.tree_height}}};
        REQUIRE(model.tree());
        CHECK(*model.tree() == builder(hint::graph::knn{g}(scaled)));
        // Trust sees its own neighbours, whatever the graph's.
        o.graph.neighbors = 5;
        CHECK(train(o, data.pairs()).trust().entropy_reduction == model.trust().entropy_reduction);
      }
  }
  hint_options o = quick(hint_options::fused(16), 0);
  o.keep_tree = false;
  CHECK(!train(o, data.pairs()).tree());
  o.image_weight = 0.125;
  CHECK(train(o, data.pairs()).trust().image_weight == 0.125);
}

TEST_CASE("HINT refuses what it cannot learn from", "[learn][hint]") {
  const clustered_pairs data(20, 4, 10);
  const learn::hint learner{quick(hint_options::fused(16))};
  const auto first = [&](Eigen::Index n) {
    return paired(matrix<float>(data.features[0].topRows(n)),
                  matrix<float>(data.features[1].topRows(n)));
  };
  CHECK_THROWS_MESSAGE(learner.fit(first(0)), hint::invalid_argument,
                       "fit: the data set has 0 pairs, expected at least 2");
  CHECK_THROWS_MESSAGE(learner.fit(first(1)), hint::invalid_argument,
                       "fit: the data set has 1 pairs, expected at least 2");
  matrix<float> bad = data.features[1];
  bad(17, 4) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_MESSAGE(learner.fit(paired(data.features[0], bad)), hint::invalid_argument,
                       "text: row 17, column 4 is nan, expected finite numbers");
  bad = data.features[0];
  bad(0, 11) = -std::numeric_limits<float>::infinity();
  CHECK_THROWS_MESSAGE(learner.fit(paired(bad, data.features[1])), hint::invalid_argument,
                       "image: row 0, column 11 is -inf, expected finite numbers");
  const auto model = learner.fit(data.pairs());
  CHECK_THROWS_MESSAGE(model.encode(image, block(data.features[1])), hint::shape_error,
                       "encode: image features have 9 columns, the model was trained on 12");
  CHECK_THROWS_MESSAGE(model.encode(image, block(bad)), hint::invalid_argument,
                       "image: row 0, column 11 is -inf, expected finite numbers");

  CHECK_THROWS_MESSAGE(learn::hint{{.bits = 0}}, hint::invalid_option,
                       "option bits is 0, expected 1 to 16384");
  CHECK_THROWS_MESSAGE((learn::hint{{.tree_height = 1}}), hint::invalid_option,
                       "option tree_height is 1, expected 2 to 64");
  CHECK_THROWS_MESSAGE((learn::hint{{.batch = 1}}), hint::invalid_option,
                       "option batch is 1, expected 2 to 65536");
}

TEST_CASE("one bit is learnt", "[learn][hint]") {
  const clustered_pairs data(120, 2, 12, 0.3F);
  for (auto& [preset, options] : presets()) {
    CAPTURE(preset);
    hint_options o = quick(options, 60);
    o.bits = 1;
    const auto model = train(o, data.pairs());
    const auto images = model.encode(image, data.pairs().image());
    const auto texts = model.encode(text, data.pairs().text());
    std::size_t right = 0;  // both modalities, up to the bit's sign
    for (std::size_t i = 0; i < 120; ++i)
      for (const auto& codes : {images, texts})
        right += codes.bit(i, 0) == (data.label(i) == data.label(0)) ? 1 : 0;
    CHECK((std::max)(right, 240 - right) > 220);
  }
}

TEST_CASE("a single number per text is enough to learn from", "[learn][hint]") {
  const clustered_pairs data(120, 4, 13, 0.3F);
  struct listener {
    std::string note;
    void on(const hint::phase_report& r) {
      if (r.phase == "scale" && r.done == 1) note = r.note;
    }
  };
  for (const Eigen::Index columns : {1, 3}) {  // alone, or with multiples of itself
    matrix<float> number(120, columns);
    for (Eigen::Index i = 0; i < 120; ++i)
      for (Eigen::Index c = 0; c < columns; ++c)
        number(i, c) = static_cast<float>(c + 1) *
                       (100 + 10 * static_cast<float>(data.label(static_cast<std::size_t>(i))) +
                        data.features[1](i, 0));
    listener heard;
    context ctx;
    ctx.observer = heard;
    const auto model =
        train(quick(hint_options::fused(16), 120), paired(data.features[0], number), ctx);
    CHECK(
        heard.note ==
        "text: all rows are multiples of one, by factors that centered_l2 leaves out; the scaling "
        "homogeneous takes its place");
    const auto codes = model.encode(text, block(number));
    // Codes tell the lowest from the highest class.
    const auto distance = [&](std::size_t i, std::size_t j) {
      return std::popcount(codes[i][0] ^ codes[j][0]);
    };
    CHECK(distance(0, 4) < distance(0, 3));
    CHECK(distance(3, 7) < distance(0, 3));
    CHECK(hint_tests::codes_rows_alone(model, text, number));
    const hint_tests::temporary_folder folder;
    hint::io::save(folder / "m.hint", model);
    CHECK(hint::io::load<learn::mlp_hasher>(folder / "m.hint").encode(text, block(number)) ==
          codes);
  }
  listener heard;
  context ctx;
  ctx.observer = heard;
  static_cast<void>(train(quick(hint_options::fused(16), 2),
                          paired(matrix<float>(matrix<float>::Zero(120, 3)),
                                 matrix<float>(matrix<float>::Ones(120, 4))),
                          ctx));
  CHECK(heard.note ==
        "image: all 120 rows are equal, so nothing can be learnt from them; "
        "text: all 120 rows are equal, so nothing can be learnt from them");
}

}  // namespace
