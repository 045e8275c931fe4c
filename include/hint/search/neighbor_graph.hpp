// SPDX-License-Identifier: MIT
/// \file
/// The k-nearest-neighbour graph of codes: for every item its nearest among the others.
#ifndef HINT_SEARCH_NEIGHBOR_GRAPH_HPP
#define HINT_SEARCH_NEIGHBOR_GRAPH_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/concepts.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/pairs/code_source.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Items and the hits of each, the item itself left out. Immutable.
class neighbor_graph {
 public:
  neighbor_graph() = default;
  /// One row of hits per item, whose ids are among `ids`, which differ; unchecked.
  neighbor_graph(std::vector<std::int64_t> ids, hits neighbors)
      : ids_(std::move(ids)), neighbors_(std::move(neighbors)) {}

  /// The number of items.
  [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
  /// The items' ids, in the order of adding.
  [[nodiscard]] std::span<const std::int64_t> ids() const noexcept { return ids_; }
  /// The neighbours of item i, ids()[i], by ascending (distance, id), unchecked.
  [[nodiscard]] std::span<const hit> operator[](std::size_t i) const noexcept {
    return neighbors_[i];
  }
  /// All rows.
  [[nodiscard]] const hits& neighbors() const noexcept { return neighbors_; }

  /// An edge for every neighbour of every item; nodes are places in `ids`, the weight of an edge is
  /// weight(distance), a number >= 0. Two items that are neighbours of each other make two edges.
  /// O(hits log items). Throws `invalid_argument` for 2^32 - 1 items or more.
  template <class Weight>
    requires std::invocable<const Weight&, std::uint32_t>
  [[nodiscard]] std::vector<weighted_edge> edges(const Weight& weight) const {
    expects(size() < 0xffffffffULL, "neighbor_graph::edges: ", size(),
            " items, expected below 2^32 - 1");
    std::vector<std::pair<std::int64_t, node_id>> nodes;
    nodes.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) nodes.emplace_back(ids_[i], static_cast<node_id>(i));
    std::sort(nodes.begin(), nodes.end());
    std::vector<weighted_edge> out;
    out.reserve(neighbors_.all().size());
    for (std::size_t i = 0; i < neighbors_.size(); ++i)
      for (const hit& h : neighbors_[i]) {
        const auto at = std::lower_bound(nodes.begin(), nodes.end(), std::pair(h.id, node_id{0}));
        out.push_back(
            {static_cast<node_id>(i), at->second, static_cast<double>(weight(h.distance))});
      }
    return out;
  }
  /// The undirected graph that joins two items when either is among the other's neighbours: what trees
  /// are built from (hint/tree). Throws what `relation_graph::from_edges` throws.
  template <class Weight>
    requires std::invocable<const Weight&, std::uint32_t>
  [[nodiscard]] relation_graph to_relation_graph(const Weight& weight) const {
    return relation_graph::from_edges(size(), edges(weight), duplicate_edges::largest);
  }

 private:
  std::vector<std::int64_t> ids_;
  hits neighbors_;
};

/// For every item of an index the min(k, accepted others) nearest accepted others by ascending (distance, id):
/// what `index.search` finds for its code when it is left out itself. Items of equal codes are neighbours at distance 0.
/// The filter, `f(id)`, says which items may be neighbours; all items have rows.
///
/// As fast as a search for as many queries: an `automatic` index chooses among tables, lists and the scan.
/// Codes without an index, whose ids are 0, 1, ..., are put into one. O(n^2 words) by the scan; memory: the result and
/// what searches take. Asked to stop, it returns the rows of the first items, so many as it has (`neighbors().size()`).
/// Throws `invalid_argument` for bits set past a code's end. (A `bit_set_index` has codes and no such search: put them
/// into another index.)
/// \code
/// const auto graph = nearest_neighbors(index, 10);
/// const auto relations = graph.to_relation_graph([](std::uint32_t d) { return 1.0 / (1 + d); });
/// \endcode
template <code_source Codes, id_filter Filter = accept_all>
  requires std::convertible_to<const Codes&, code_view> || hamming_index<Codes>
[[nodiscard]] neighbor_graph nearest_neighbors(const Codes& codes, std::size_t k,
                                               const Filter& filter = {}, const context& ctx = {}) {
  if constexpr (std::convertible_to<const Codes&, code_view>) {
    const code_view view = codes;
    expects_codes("nearest_neighbors", "", "codes", view, view.bits());
    automatic index(view.bits());
    index.add(view);
    return nearest_neighbors(index, k, filter, ctx);
  } else {
    const detail::code_store& store = codes.store();
    std::vector<std::int64_t> ids = store.ids();
    std::vector<std::size_t> rows;
    rows.reserve(ids.size());
    store.for_live(
        [&](std::size_t row, const detail::code_chunk&, std::size_t) { rows.push_back(row); });
    hits found;
    // Queries are laid out by portions, so that no second copy of all codes is needed.
    constexpr std::size_t portion = 4096;
    code_set queries(store.bits());
    for (std::size_t begin = 0; begin < rows.size(); begin += portion) {
      queries.resize((std::min)(portion, rows.size() - begin));
      for (std::size_t i = 0; i < queries.size(); ++i) store.code(rows[begin + i], queries[i]);
      const auto others = [&](std::size_t query, std::int64_t id) {
        return id != ids[begin + query] && static_cast<bool>(filter(id));
      };
      const hits more = codes.search(queries, k, others, ctx);
      found.append(more);
      if (more.size() < queries.size()) break;
    }
    return {std::move(ids), std::move(found)};
  }
}

}}}  // namespace hint::HINT_ABI::search

#endif
