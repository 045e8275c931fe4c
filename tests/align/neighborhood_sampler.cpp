// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <memory>
#include <utility>
#include <vector>

#include <hint/align/neighborhood_sampler.hpp>
#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/testing/tree_axioms.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"

namespace {

using namespace hint::align;
using hint::context;
using hint::image;
using hint::modality;
using hint::node_id;
using hint::text;
using hint::data::block;
using hint::linalg::matrix;
using hint::tree::encoding_tree;

using weights = std::map<std::size_t, double>;  // row -> weight

/// n pairs of random features, their lists of `near`, and a tree.
struct setting {
  setting(std::size_t pairs, std::uint64_t seed, encoding_tree t) : n(pairs), tree(std::move(t)) {
    features[0] = hint_tests::random_matrix<float>(static_cast<Eigen::Index>(n), 5, seed);
    features[1] = hint_tests::random_matrix<float>(static_cast<Eigen::Index>(n), 3, seed + 1);
    for (std::size_t m = 0; m < 2; ++m) {
      rows[m] = block(features[m]);
      lists[m] = hint::graph::nearest(rows[m], near, hint::graph::metric::cosine);
    }
  }
  [[nodiscard]] proxies run(const proxy_options& o, const context& ctx = {}) const {
    hint::graph::neighborhoods neighbors(rows, ctx);
    neighbors.announce(near);
    return neighborhood_sampler(o)({rows, neighbors, tree, image_weight, self_weight}, ctx);
  }
  [[nodiscard]] double cosine(std::size_t m, std::size_t i, std::size_t j) const {
    double product = 0, ii = 0, jj = 0;
    for (Eigen::Index c = 0; c < features[m].cols(); ++c) {
      const auto x = static_cast<double>(features[m](static_cast<Eigen::Index>(i), c));
      const auto y = static_cast<double>(features[m](static_cast<Eigen::Index>(j), c));
      product += x * y;
      ii += x * x;
      jj += y * y;
    }
    return product / std::sqrt(ii * jj);
  }

  static constexpr std::size_t near = 4;
  std::size_t n;
  encoding_tree tree;
  std::array<matrix<float>, 2> features;
  std::array<block, 2> rows;
  std::array<hint::graph::neighbor_lists, 2> lists;
  double image_weight = 0.3;
  double self_weight = 1.5;
};

/// A tree by its parents; its graph has no edges, which the sampler does not look at.
encoding_tree tree_of(std::size_t leaves, std::vector<node_id> parents) {
  parents.push_back(hint::tree::no_node);
  return encoding_tree::from_parents(hint::relation_graph::from_edges(leaves, {}), parents);
}
encoding_tree random_tree(std::size_t leaves, std::uint64_t seed) {
  const hint::random_stream random(seed, hint::stream_id("sampler tree"));
  return hint::testing::random_tree(hint::testing::random_graph(leaves, 3 * leaves, true, random),
                                    hint::tree::counted_edges::all, 4 * leaves, random);
}

weights of(const proxy_table& t, std::size_t i) {
  weights out;
  double sum = 0;
  for (const auto& e : t[i]) {
    if (out.count(e.row) > 0 || !(e.weight > 0))
      FAIL("row " << e.row << " twice or without weight");
    out[e.row] = static_cast<double>(e.weight);
    sum += static_cast<double>(e.weight);
  }
  if (std::abs(sum - 1) > 1e-6) FAIL("weights add up to " << sum);
  return out;
}
bool close(const weights& a, const weights& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](auto& x, auto& y) {
           return x.first == y.first && std::abs(x.second - y.second) < 1e-6;
         });
}
/// The mean of the members plus `own` times the item itself, which counts at least as much as `least`
/// members; divided by the sum.
weights with_self(const std::vector<std::size_t>& members, std::size_t i, double own,
                  double least = 0) {
  if (members.empty()) return {{i, 1}};
  const auto count = static_cast<double>(members.size());
  const double self = (std::max)(own, least / count);
  weights out;
  for (const std::size_t j : members) out[j] = 1 / count / (1 + self);
  if (self > 0) out[i] = self / (1 + self);
  return out;
}

/// Eq. 5 by climbing from the leaf and asking every item.
std::vector<std::size_t> members(const setting& s, const proxy_options& o, modality anchor,
                                 modality wanted, std::size_t i) {
  const bool pairs = s.tree.leaf_count() == s.n;
  const auto leaf_of = [&](modality m, std::size_t j) {
    return static_cast<node_id>(!pairs && m == text ? s.n + j : j);
  };
  const auto below = [&](node_id leaf, node_id community) {
    node_id v = leaf;
    while (v != hint::tree::no_node && v != community) v = s.tree.parent(v);
    return v == community;
  };
  const auto found = [&](node_id community) {
    std::vector<std::size_t> out;
    for (std::size_t j = 0; j < s.n; ++j)
      if (below(leaf_of(wanted, j), community)) out.push_back(j);
    return out;
  };
  node_id community = s.tree.parent(leaf_of(anchor, i));
  std::vector<std::size_t> all;
  for (;; community = s.tree.parent(community)) {
    all = found(community);
    const std::size_t others = all.size() - (anchor == wanted ? 1 : 0);
    if (others >= o.min_members || community == s.tree.root()) break;
  }
  all.erase(std::remove(all.begin(), all.end(), i), all.end());
  const auto near = [&](std::size_t j) {
    return pairs ? s.image_weight * s.cosine(0, i, j) + (1 - s.image_weight) * s.cosine(1, i, j)
                 : s.cosine(hint::index_of(wanted), i, j);
  };
  if (o.pick == community_pick::nearest) {
    std::sort(all.begin(), all.end(), [&](auto a, auto b) { return near(a) > near(b); });
    all.resize((std::min)(all.size(), o.max_members));
  } else if (o.pick == community_pick::listed) {
    std::vector<std::size_t> listed;
    for (const auto& r : s.lists[hint::index_of(wanted)][i])
      if (listed.size() < o.max_members && std::count(all.begin(), all.end(), r.row) > 0)
        listed.push_back(r.row);
    all = listed;
  }
  return all;
}

void check_tree_proxies(const setting& s, const proxy_options& o) {
  const proxies p = s.run(o);
  const bool pairs = s.tree.leaf_count() == s.n;
  const double own = o.self_weight.value_or(s.self_weight);
  for (const modality m : hint::modalities) {
    const auto& same = *p.same[hint::index_of(m)];
    const auto& cross = *p.cross[hint::index_of(m)];
    REQUIRE(same.size() == s.n);
    REQUIRE(cross.size() == s.n);
    for (std::size_t i = 0; i < s.n; ++i) {
      CAPTURE(static_cast<int>(o.pick), static_cast<int>(m), i, pairs, own);
      if (pairs) {
        const auto expected = with_self(members(s, o, image, image, i), i, own);
        CHECK(close(of(same, i), expected));
        CHECK(close(of(cross, i), expected));
      } else {
        CHECK(close(of(same, i), with_self(members(s, o, m, m, i), i, own)));
        CHECK(close(of(cross, i), with_self(members(s, o, m, other(m), i), i, own, 1)));
      }
    }
  }
}

proxy_options from_tree(community_pick pick, double own, std::size_t members = 3,
                        std::size_t min_members = 1) {
  proxy_options o;
  o.source = proxy_source::tree;
  o.pick = pick;
  o.max_members = members;
  o.min_members = min_members;
  o.self_weight = own;
  return o;
}

TEST_CASE("Eq. 5 on a tree over samples, by hand", "[align][neighborhood_sampler]") {
  // Images 0 1 2 3, texts 4 5 6 7. Communities: {0 1 4}, {2 5 6}, {3 7}; the last two in {2 3 5 6 7}.
  const setting s(4, 1, tree_of(8, {8, 8, 9, 10, 8, 9, 9, 10, 12, 11, 11, 12}));
  const proxies p = s.run(from_tree(community_pick::all, 0));
  const auto& images = *p.same[0];
  CHECK(close(of(images, 0), {{1, 1}}));  // not itself
  CHECK(close(of(images, 1), {{0, 1}}));
  CHECK(close(of(images, 2), {{3, 1}}));  // no other image in {2 5 6}: one up
  CHECK(close(of(images, 3), {{2, 1}}));
  const auto& texts = *p.same[1];
  CHECK(close(of(texts, 0), {{1, 1.0 / 3}, {2, 1.0 / 3}, {3, 1.0 / 3}}));  // from the root
  CHECK(close(of(texts, 1), {{2, 1}}));
  CHECK(close(of(texts, 2), {{1, 1}}));
  CHECK(close(of(texts, 3), {{1, 0.5}, {2, 0.5}}));
  const auto& texts_of_images = *p.cross[0];  // its own text always
  CHECK(close(of(texts_of_images, 0), {{0, 1}}));
  CHECK(close(of(texts_of_images, 1), {{0, 0.5}, {1, 0.5}}));
  CHECK(close(of(texts_of_images, 2), {{1, 0.5}, {2, 0.5}}));
  CHECK(close(of(texts_of_images, 3), {{3, 1}}));
  const auto& images_of_texts = *p.cross[1];
  CHECK(close(of(images_of_texts, 0), {{0, 0.5}, {1, 0.5}}));
  CHECK(close(of(images_of_texts, 1), {{1, 0.5}, {2, 0.5}}));
}

TEST_CASE("tree proxies agree with brute force", "[align][neighborhood_sampler]") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed)
    for (const std::size_t leaves : {14U, 28U}) {
      CAPTURE(seed, leaves);
      const setting s(14, seed, random_tree(leaves, seed));
      for (const auto pick : {community_pick::all, community_pick::nearest, community_pick::listed})
        for (const double own : {0.0, 0.1, 2.5}) {
          check_tree_proxies(s, from_tree(pick, own));
          check_tree_proxies(s, from_tree(pick, own, 1));
          check_tree_proxies(s, from_tree(pick, own, 50, 4));
          check_tree_proxies(s, from_tree(pick, own, 50, 1000));  // up to the root
        }
      proxy_options measured = from_tree(community_pick::all, 0);
      measured.self_weight.reset();  // then input.self_weight counts
      check_tree_proxies(s, measured);
    }
}

TEST_CASE("random members", "[align][neighborhood_sampler]") {
  for (const std::size_t leaves : {20U, 40U}) {
    const setting s(20, 5, random_tree(leaves, 3));
    const proxy_options o = from_tree(community_pick::random, 0, 3, 8);
    proxy_options everybody = o;
    everybody.pick = community_pick::all;
    context ctx;
    const proxies p = s.run(o, ctx), again = s.run(o, ctx), all = s.run(everybody);
    ctx.seed = 1;
    const proxies otherwise = s.run(o, ctx);
    std::size_t different = 0;
    for (std::size_t m = 0; m < 2; ++m)
      for (std::size_t i = 0; i < s.n; ++i) {
        CAPTURE(leaves, m, i);
        const weights chosen = of(*p.same[m], i), from = of(*all.same[m], i);
        CHECK(chosen.size() == (std::min<std::size_t>)(3, from.size()));
        for (const auto& [row, weight] : chosen) {
          CHECK(from.count(row) == 1);
          CHECK(row != i);
        }
        CHECK(close(chosen, of(*again.same[m], i)));
        different += close(chosen, of(*otherwise.same[m], i)) ? 0 : 1;
        CHECK(of(*p.cross[m], i).count(i) == (leaves == 40 ? 1 : 0));
      }
    CHECK(different > s.n);
  }
}

TEST_CASE("proxies from lists, from fused lists and from the pair",
          "[align][neighborhood_sampler]") {
  const setting s(15, 7, encoding_tree());  // no tree is needed
  proxy_options o;
  o.max_members = 3;
  o.self_weight = 0.5;

  o.source = proxy_source::pair;
  CHECK(!neighborhood_sampler(o).needs_tree());
  const proxies pair = s.run(o);
  o.source = proxy_source::modality_lists;
  CHECK(!neighborhood_sampler(o).needs_tree());
  const proxies lists = s.run(o);
  o.source = proxy_source::fused;
  CHECK(!neighborhood_sampler(o).needs_tree());
  const proxies fused = s.run(o);
  o.source = proxy_source::tree;
  CHECK(neighborhood_sampler(o).needs_tree());

  for (std::size_t m = 0; m < 2; ++m)
    for (std::size_t i = 0; i < s.n; ++i) {
      CAPTURE(m, i);
      CHECK(close(of(*pair.same[m], i), {{i, 1}}));
      CHECK(close(of(*pair.cross[m], i), {{i, 1}}));

      const auto in_lists = [&](std::size_t of_modality) {
        std::vector<std::size_t> rows;
        for (std::size_t r = 0; r < 3; ++r) rows.push_back(s.lists[of_modality][i][r].row);
        return rows;
      };
      CHECK(close(of(*lists.same[m], i), with_self(in_lists(m), i, 0.5)));
      CHECK(close(of(*lists.cross[m], i), with_self(in_lists(1 - m), i, 0.5)));

      std::vector<std::size_t> near;
      for (std::size_t j = 0; j < s.n; ++j)
        if (j != i) near.push_back(j);
      const auto likeness = [&](std::size_t j) {
        return 0.3 * s.cosine(0, i, j) + 0.7 * s.cosine(1, i, j);
      };
      std::sort(near.begin(), near.end(),
                [&](auto a, auto b) { return likeness(a) > likeness(b); });
      near.resize(3);
      CHECK(close(of(*fused.same[m], i), with_self(near, i, 0.5)));
      CHECK(fused.cross[m] == fused.same[m]);
    }
}

TEST_CASE("each modality draws random members of its own", "[align][neighborhood_sampler]") {
  // Images and texts of the same items in two communities, so that only the draw can differ.
  std::vector<node_id> parents(40);
  for (std::size_t i = 0; i < 40; ++i) parents[i] = i % 20 < 10 ? 40 : 41;
  parents.insert(parents.end(), {42, 42});
  const setting s(20, 5, tree_of(40, parents));
  const proxies p = s.run(from_tree(community_pick::random, 0, 3));
  const auto drawn = [&](const auto& table, std::size_t i) {
    std::set<std::size_t> rows;
    for (const auto& [row, weight] : of(*table, i))
      if (row != i) rows.insert(row);
    return rows;
  };
  const auto differ = [&](const auto& a, const auto& b) {
    for (std::size_t i = 0; i < 20; ++i)
      if (drawn(a, i) != drawn(b, i)) return true;
    return false;
  };
  const std::array tables{p.same[0], p.same[1], p.cross[0], p.cross[1]};
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = a + 1; b < 4; ++b) CHECK(differ(tables[a], tables[b]));
}

TEST_CASE("proxies do not depend on threads", "[align][neighborhood_sampler]") {
  hint::thread_pool pool(3);
  for (const std::size_t leaves : {150U, 300U}) {
    const setting s(150, 9, random_tree(leaves, 2));
    for (const auto source : {proxy_source::tree, proxy_source::fused})
      for (const auto pick : {community_pick::nearest, community_pick::random}) {
        proxy_options o = from_tree(pick, 1, 10);
        o.source = source;
        const proxies one = s.run(o), three = s.run(o, context(pool));
        bool same = true;
        for (std::size_t m = 0; m < 2; ++m)
          for (std::size_t i = 0; i < s.n; ++i)
            same = same && of(*one.same[m], i) == of(*three.same[m], i) &&
                   of(*one.cross[m], i) == of(*three.cross[m], i);
        CHECK(same);
      }
  }
}

TEST_CASE("fused rows have the fused cosines as products", "[align][neighborhood_sampler]") {
  setting s(6, 11, encoding_tree());
  s.features[1].row(2).setZero();  // no direction
  s.rows[1] = block(s.features[1]);
  matrix<float> rows(6, 8);
  const auto product = [&](Eigen::Index i, Eigen::Index j) {
    double sum = 0;
    for (Eigen::Index c = 0; c < 8; ++c)
      sum += static_cast<double>(rows(i, c)) * static_cast<double>(rows(j, c));
    return sum;
  };
  hint::align::detail::concatenate(s.rows, 0.3).copy_rows(0, rows);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j) {
      const double texts = i == 2 || j == 2 ? 0 : s.cosine(1, i, j);
      CHECK(product(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) ==
            Approx(0.3 * s.cosine(0, i, j) + 0.7 * texts).margin(1e-6));
    }

  const matrix<float> dense = rows;
  const hint::linalg::sparse_matrix<float> sparse = s.features[1].sparseView();
  hint::align::detail::concatenate({s.rows[0], block(sparse)}, 0.3).copy_rows(0, rows);
  CHECK(hint_tests::same_bits(rows, dense));
  hint::align::detail::concatenate(s.rows, 1).copy_rows(0, rows);  // all trust in images
  CHECK(product(0, 1) == Approx(s.cosine(0, 0, 1)).margin(1e-6));
}

TEST_CASE("the smallest sets of pairs", "[align][neighborhood_sampler]") {
  for (const std::size_t n : {1U, 2U}) {
    const setting pairs(n, 1, tree_of(n, std::vector<node_id>(n, static_cast<node_id>(n))));
    const setting samples(n, 1,
                          tree_of(2 * n, std::vector<node_id>(2 * n, static_cast<node_id>(2 * n))));
    for (const auto pick : {community_pick::all, community_pick::nearest, community_pick::listed,
                            community_pick::random})
      for (const setting* s : {&pairs, &samples}) {
        const proxies p = s->run(from_tree(pick, 0));
        CHECK(close(of(*p.same[0], 0), {{n - 1, 1}}));  // alone: itself
        CHECK(of(*p.cross[1], 0).size() == (n == 2 && s == &samples ? 2 : 1));
      }
  }
}

TEST_CASE("the sampler refuses what does not fit", "[align][neighborhood_sampler]") {
  const setting s(5, 1, tree_of(7, std::vector<node_id>(7, 7)));
  CHECK_THROWS_MESSAGE(s.run(from_tree(community_pick::all, 0)), hint::shape_error,
                       "neighborhood_sampler: the tree has 7 leaves for 5 pairs, expected 5 or 10");
  CHECK_THROWS_MESSAGE(neighborhood_sampler(from_tree(community_pick::all, -1)),
                       hint::invalid_option, "option self_weight is -1, expected 0 to 1e+06");
  CHECK_THROWS_MESSAGE(neighborhood_sampler(from_tree(community_pick::all, 0, 0)),
                       hint::invalid_option, "option max_members is 0, expected 1 to 10000");
  CHECK_THROWS_MESSAGE(neighborhood_sampler(from_tree(community_pick::all, 0, 1, 0)),
                       hint::invalid_option, "option min_members is 0, expected 1 to 1000000");
}

}  // namespace
