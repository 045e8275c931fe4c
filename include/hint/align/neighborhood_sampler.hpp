// SPDX-License-Identifier: MIT
/// \file
/// Chooses the proxies of every item: from the encoding tree (the paper), from fused neighbour lists,
/// from one modality's lists, or from the pair alone.
#ifndef HINT_ALIGN_NEIGHBORHOOD_SAMPLER_HPP
#define HINT_ALIGN_NEIGHBORHOOD_SAMPLER_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <hint/align/concepts.hpp>
#include <hint/align/proxy_table.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/fused.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/graph/neighbors_by_cost.hpp>
#include <hint/tree/encoding_tree.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace align {

enum class proxy_source : std::uint8_t {
  pair,            ///< the item itself and its pair (ablation V1)
  modality_lists,  ///< neighbours in the modality that is averaged, and the item (ablation V2)
  tree,            ///< members of the item's community in the encoding tree (paper)
  fused,           ///< neighbours by g cos_image + (1 - g) cos_text
};
enum class community_pick : std::uint8_t {
  nearest,  ///< the `max_members` nearest members
  random,   ///< `max_members` random members
  listed,   ///< members that are in the item's neighbour list
  all,      ///< every member (paper)
};

struct proxy_options {
  proxy_source source = proxy_source::fused;
  community_pick pick = community_pick::nearest;  ///< for proxy_source::tree
  std::size_t max_members =
      20;  ///< members at most (modality_lists: length of the lists used); 1 .. 10000
  std::size_t min_members = 1;  ///< climb to the lowest community with so many others; 1 .. 10^6
  /// o: weight of the item itself against 1 for all its members together; empty: as measured
  /// (input.self_weight). 0 leaves it out (except that its pair always is in N-).
  std::optional<double> self_weight = {};

  void validate() const {
    option_in("max_members", max_members, 1, 10000);
    option_in("min_members", min_members, 1, 1000000);
    if (self_weight) option_in("self_weight", *self_weight, 0, 1e6);
  }
};

#if !defined(HINT_ELSEWHERE)
namespace detail {

/// Rows of both modalities side by side, so that their scalar product is g cos_image + (1 - g)
/// cos_text. Memory n (d_image + d_text) floats.
HINT_LAZY
[[nodiscard]] data::block concatenate(const std::array<data::block, 2>& rows, double image_weight,
                                      const context& ctx = {}) {
  const auto n = static_cast<linalg::index>(rows[0].rows());
  const auto split = static_cast<linalg::index>(rows[0].cols());
  linalg::matrix<float> out(n, split + static_cast<linalg::index>(rows[1].cols()));
  for (std::size_t m = 0; m < 2; ++m) {
    const linalg::index first = m == 0 ? 0 : split;
    const auto width = static_cast<linalg::index>(rows[m].cols());
    rows[m].copy_rows(0, out.middleCols(first, width));
    const std::vector<double> squares = graph::detail::squared_norms(rows[m], ctx);
    const double share = m == 0 ? image_weight : 1 - image_weight;
    for (linalg::index i = 0; i < n; ++i)
      if (const double s = squares[static_cast<std::size_t>(i)];
          s > 0)  // the factor may be no float
        out.row(i).segment(first, width) =
            (out.row(i).segment(first, width).cast<double>() * std::sqrt(share / s)).cast<float>();
  }
  return data::block(std::move(out));
}

}  // namespace detail
#endif

/// The sampler of the library; models `proxy_sampler`.
class neighborhood_sampler {
 public:
  using options = proxy_options;
  neighborhood_sampler() = default;
  /// Throws `invalid_option`.
  explicit neighborhood_sampler(proxy_options o) : options_(o) { options_.validate(); }

  [[nodiscard]] const proxy_options& get_options() const noexcept { return options_; }
  [[nodiscard]] bool needs_tree() const noexcept { return options_.source == proxy_source::tree; }
  /// Length of the lists that it reads from `sampler_input::neighbors`, 0 when it reads none or will do
  /// with what others ask for.
  [[nodiscard]] std::size_t neighbors() const noexcept {
    return options_.source == proxy_source::modality_lists ? options_.max_members : 0;
  }

  /// Throws `shape_error` when the tree has neither n nor 2n leaves but is needed. Time: tree and
  /// fused, nearest: one neighbour search within communities or over all (`graph::search_by_cost`); else O(members).
  HINT_LAZY
  [[nodiscard]] proxies operator()(const sampler_input& in, const context& ctx = {}) const;

 private:
#if !defined(HINT_ELSEWHERE)
  /// The nearest by g cos_image + (1 - g) cos_text.
  [[nodiscard]] graph::neighbor_lists fused_lists(const sampler_input& in,
                                                  const context& ctx) const {
    const auto exactly = [&] {
      return graph::nearest_fused(in.rows, in.image_weight, options_.max_members, ctx);
    };
    const auto approximately = [&] {
      return graph::approximate_fused(in.rows, in.image_weight, options_.max_members, {}, ctx);
    };
    return graph::search_by_cost(in.neighbors.how(),
                                 graph::estimate_search(in.rows, options_.max_members), ctx,
                                 exactly, approximately)
        .lists;
  }

  using members = std::vector<std::vector<proxy_table::entry>>;

  /// The weight of an item itself among its proxies, where each member weighs 1: `share` times the number
  /// of its members, but at least `members`.
  struct own_part {
    double share = 0;
    double members = 0;
  };

  /// The members that `add` appends, of equal weight, and the item itself; alone when there are none.
  template <class Add>
  [[nodiscard]] static proxy_table table(std::size_t n, own_part own, Add&& add) {
    members rows(n);
    for (std::size_t i = 0; i < n; ++i) {
      add(i, rows[i]);
      const double self =
          rows[i].empty()
              ? 1.0
              : (std::max)(own.share * static_cast<double>(rows[i].size()), own.members);
      rows[i].push_back({static_cast<data::row_id>(i), static_cast<float>(self)});
    }
    return proxy_table(rows);
  }
  HINT_LAZY
  [[nodiscard]] proxy_table from_lists(const graph::neighbor_lists& lists, own_part own) const {
    return table(lists.size(), own, [&](std::size_t i, auto& out) {
      for (const graph::near_row& r :
           lists[i].first((std::min)(options_.max_members, lists[i].size())))
        out.push_back({r.row, 1});
    });
  }

  /// Anchors of modality `anchor`, members of modality `wanted` (both `image` when the leaves of the
  /// tree are pairs).
  HINT_LAZY
  [[nodiscard]] proxy_table tree_table(const sampler_input& in, modality anchor, modality wanted,
                                       own_part own, const context& ctx) const {
    const std::size_t n = in.rows[0].rows();
    const bool pairs = in.tree.leaf_count() == n;
    const std::size_t offset = !pairs && wanted == text ? n : 0;
    const auto members_of = [&](node_id community) {
      std::vector<data::row_id> out;
      for (const node_id leaf : in.tree.leaves(community))
        if (leaf >= offset && leaf < offset + n)
          out.push_back(static_cast<data::row_id>(leaf - offset));
      std::sort(out.begin(), out.end());
      return out;
    };

    // Anchors by the community that serves them, so that each community is searched once.
    const std::vector<std::size_t> counts = member_counts(in.tree, offset, n);
    std::map<node_id, std::vector<data::row_id>> anchors;
    for (std::size_t i = 0; i < n; ++i) {
      const auto leaf = static_cast<node_id>(!pairs && anchor == text ? n + i : i);
      const std::size_t needed = options_.min_members + (anchor == wanted ? 1 : 0);
      node_id community = in.tree.parent(leaf);
      while (community != in.tree.root() && counts[community] < needed)
        community = in.tree.parent(community);
      anchors[community].push_back(static_cast<data::row_id>(i));
    }

    if (options_.pick == community_pick::nearest) {
      const data::block rows =
          pairs ? detail::concatenate(in.rows, in.image_weight, ctx) : in.rows[index_of(wanted)];
      const auto squares = graph::detail::squared_norms(rows, ctx);
      graph::neighbor_lists lists(n, options_.max_members);
      for (const auto& [community, served] : anchors)
        graph::nearest_among(rows, served, members_of(community), squares, options_.max_members,
                             pairs ? graph::metric::dot : graph::metric::cosine, lists, ctx);
      return from_lists(lists, own);
    }

    members found(n);
    const random_stream random =
        ctx.random("proxy members").fork(index_of(anchor) * 2 + index_of(wanted));
    const graph::neighbor_lists none;
    const graph::neighbor_lists& lists =
        options_.pick == community_pick::listed ? in.neighbors.longest(wanted) : none;
    for (const auto& [community, served] : anchors) {
      const std::vector<data::row_id> all = members_of(community);
      for (const data::row_id i : served)
        for (const data::row_id r : options_.pick == community_pick::listed
                                        ? listed(all, lists[i])
                                        : others(all, i, random.fork(i)))
          found[i].push_back({r, 1});
    }
    return table(n, own, [&](std::size_t i, auto& out) { out = std::move(found[i]); });
  }

  /// The first members of a community (in ascending order) that an item's neighbour list names.
  HINT_LAZY
  [[nodiscard]] std::vector<data::row_id> listed(const std::vector<data::row_id>& community,
                                                 std::span<const graph::near_row> list) const {
    std::vector<data::row_id> out;
    for (const graph::near_row& r : list)
      if (out.size() < options_.max_members &&
          std::binary_search(community.begin(), community.end(), r.row))
        out.push_back(r.row);
    return out;
  }
  /// All members of a community but item i, or a random choice among them.
  HINT_LAZY
  [[nodiscard]] std::vector<data::row_id> others(std::vector<data::row_id> community,
                                                 data::row_id i, random_stream random) const {
    std::erase(community, i);
    if (options_.pick == community_pick::random) {
      shuffle(std::span(community), random);
      community.resize((std::min)(community.size(), options_.max_members));
    }
    return community;
  }

  /// For every node of the tree, how many of its leaves are offset .. offset + n - 1.
  HINT_LAZY
  [[nodiscard]] static std::vector<std::size_t> member_counts(const tree::encoding_tree& t,
                                                              std::size_t offset, std::size_t n) {
    // Leaves of a node are one range of the leaf order, so running sums give every node's count.
    std::vector<std::size_t> before(t.leaf_count() + 1);
    const auto order = t.leaves(t.root());
    for (std::size_t i = 0; i < order.size(); ++i)
      before[i + 1] = before[i] + (order[i] >= offset && order[i] < offset + n ? 1 : 0);
    std::vector<std::size_t> counts(t.size());
    for (node_id v = 0; v < t.size(); ++v) {
      const auto mine = t.leaves(v);
      const auto first = static_cast<std::size_t>(mine.data() - order.data());
      counts[v] = before[first + mine.size()] - before[first];
    }
    return counts;
  }
#endif

  proxy_options options_;
};

#if !defined(HINT_ELSEWHERE)
template <class>
proxies neighborhood_sampler::operator()(const sampler_input& in, const context& ctx) const {
  const std::size_t n = in.rows[0].rows();
  const own_part own{options_.self_weight.value_or(in.self_weight), 0};
  switch (options_.source) {
    case proxy_source::pair:
      return proxies::shared(table(n, own, [](std::size_t, auto&) {}));
    case proxy_source::modality_lists: {
      std::array<std::shared_ptr<const proxy_table>, 2> t;
      for (std::size_t m = 0; m < 2; ++m)
        t[m] = std::make_shared<const proxy_table>(
            from_lists(in.neighbors.nearest(modalities[m], options_.max_members), own));
      return {{t[0], t[1]}, {t[1], t[0]}};
    }
    case proxy_source::fused:
      return proxies::shared(from_lists(fused_lists(in, ctx), own));
    case proxy_source::tree:
      break;
  }
  const std::size_t leaves = in.tree.leaf_count();
  expects<shape_error>(leaves == n || leaves == 2 * n, "neighborhood_sampler: the tree has ",
                       leaves, " leaves for ", n, " pairs, expected ", n, " or ", 2 * n);
  if (leaves == n) return proxies::shared(tree_table(in, image, image, own, ctx));
  proxies p;
  for (const modality m : modalities) {
    // An item is no proxy of its own modality in the paper; its pair always is in the other one.
    p.same[index_of(m)] = std::make_shared<const proxy_table>(tree_table(in, m, m, own, ctx));
    p.cross[index_of(m)] =
        std::make_shared<const proxy_table>(tree_table(in, m, other(m), {own.share, 1}, ctx));
  }
  return p;
}
#endif

#if defined(HINT_COMPILED)
HINT_EXTERN template proxies neighborhood_sampler::operator()<>(const sampler_input&,
                                                                const context&) const;
#endif

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::align

#endif
