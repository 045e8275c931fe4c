// SPDX-License-Identifier: MIT
// Codes of tiny models of every preset, pinned: a change that should not change results does not, and one
// that does is seen. Products differ in their last bits between instruction sets (lanes and fused
// multiply-adds decide how sums are rounded), but codes are signs, and over the few steps taken here none
// is within rounding of zero: g++ 12 and clang 14, -O0 to -O3, SSE2, SSE4.2 and AVX2 with FMA agree. Should
// a machine give other digests, look whether all differ (then its arithmetic does) or one method alone.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/synthetic.hpp>
#include <hint/io/xxh64.hpp>
#include <hint/learn/cvh.hpp>
#include <hint/learn/ensemble.hpp>
#include <hint/learn/hint.hpp>

#include "support/catch.hpp"

using namespace hint;

namespace {

/// 180 training pairs of six classes, the first 40 of them twice, and 60 further ones.
struct tiny_set {
  data::synthetic_set all = data::synthetic_pairs({.items = 240, .classes = 6}, {2026, 0});
  data::paired<> train() const {
    std::vector<data::row_id> rows;
    for (data::row_id i = 0; i < 180; ++i) rows.push_back(i < 140 ? i : i - 140);
    return {all.image(rows), all.text(rows)};
  }
};

/// xxh64 of the codes of all images, then of all texts.
template <class Learner>
std::uint64_t digest(const Learner& learner) {
  const tiny_set set;
  context ctx;
  ctx.seed = 7;
  const auto model = learner.fit(set.train(), ctx);
  io::xxh64 sum;
  for (const modality m : modalities) {
    const code_set codes = model.encode(m, m == image ? set.all.image : set.all.text, ctx);
    sum.update(std::as_bytes(codes.words()));
  }
  return sum.digest();
}

learn::hint_options small(learn::hint_options o) {
  o.network.hidden = {24, 24};
  o.batch = 60;
  o.steps = 24;
  return o;
}

}  // namespace

TEST_CASE("the codes of every preset are pinned") {
  using o = learn::hint_options;
  const auto check = [](const char* name, const o& options, std::uint64_t expected) {
    INFO(name);
    CHECK(digest(learn::hint{small(options)}) == expected);
  };
  check("fused", o::fused(40), 18048950554514994983U);
  check("tree", o::tree(40), 12390642056776624031U);
  check("paper", o::paper(40), 15795735551816678706U);
  check("V1", o::ablation(1, 40), 14018710322265122896U);
  check("V2", o::ablation(2, 40), 16305387951219052108U);
  check("V3", o::ablation(3, 40), 11493605227864061351U);
  check("V4", o::ablation(4, 40), 5656286532932036795U);
  check("full", o::ablation(5, 40), 6366011353099100108U);

  o iterated = o::tree(40);
  iterated.rebuild_every = 3;
  iterated.community_negatives = false;
  check("iterated", iterated, 13557039277382752256U);
  o drawn = o::ablation(3, 40);
  drawn.proxies.pick = align::community_pick::random;
  drawn.proxies.max_members = 2;
  check("random members", drawn, 11203250832226300920U);
}

TEST_CASE("so are those of CVH") {
  CHECK(digest(learn::cvh{{.bits = 40}}) == 6008439692842063531U);
}

TEST_CASE("and those of several networks side by side") {
  CHECK(digest(learn::ensemble<learn::hint<>>{{.bits = 40, .members = 2},
                                              small(learn::hint_options::instances())}) ==
        8412013638227957949U);
}
