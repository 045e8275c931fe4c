// SPDX-License-Identifier: MIT
/// \file
/// The graph of the children of a tree's root, kept up to date while they are joined.
#ifndef HINT_TREE_GREEDY_CONTRACTED_GRAPH_HPP
#define HINT_TREE_GREEDY_CONTRACTED_GRAPH_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/edges.hpp>
#include <hint/tree/greedy/contracted_row.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree::detail {

/// One neighbour of a node of the contracted graph.
struct contracted_entry {
  node_id id;
  /// A figure that a search through the rows leaves with the entry; `merge_queue` keeps a lower
  /// bound of the pair's key here. See `claim_notes`.
  float note;
  double weight;
};

/// The graph whose nodes are the children of the root, each contracted to one node; an edge weighs
/// what all counting edges between the leaves of its two ends weigh together.
///
/// It has a row of neighbours for each node. When two are joined, their rows become one new row,
/// and the rows of the neighbours are left as they are: there, the numbers of the two are
/// understood as the joined one from now on (union-find). So of two nodes the one with the higher
/// number, which is the younger, has an entry for the other that is exact, alone and never out of
/// date; the elder may have several old ones for the younger. A joined row is as new as its number,
/// hence complete.
///
/// Rows of very many neighbours are hash tables instead, into which the other row is poured and
/// which hear of every change. Rows of leaves are the graph's own until they are asked for after a
/// neighbour was joined. The order of iteration depends on the history alone.
class contracted_graph {
 public:
  /// Longer rows are tables. Of no influence on any weight.
  static constexpr std::size_t long_row = 512;

  /// `tops[v]` is the community of graph node v, a number below `ids`, v itself for a leaf under
  /// the root. O(E). The graph must outlive it.
  contracted_graph(const relation_graph& graph, counted_edges counted,
                   std::span<const node_id> tops, std::size_t ids)
      : graph_(&graph), counted_(counted), places_(ids), rows_(ids) {
    bool flat = true;
    for (node_id v = 0; v < tops.size(); ++v) {
      places_[v].top = tops[v];
      places_[tops[v]].top = tops[v];
      flat = flat && tops[v] == v;
    }
    if (!flat) gather(tops);
    for (const node_id top : tops)
      if (is_top(top) && !is_long(top) && raw_size(top) > long_row) make_long(top);
  }

  /// Whether v is one of the communities, and not joined to another yet.
  [[nodiscard]] bool is_top(node_id v) const noexcept {
    return v < places_.size() && places_[v].top == v;
  }
  /// Whether the row of community a is a table.
  [[nodiscard]] bool is_long(node_id a) const noexcept { return (rows_[a] & long_tag) != 0; }
  /// Siblings that share an edge with a.
  [[nodiscard]] std::size_t degree(node_id a) const {
    if (is_long(a)) return table(a).size();
    update_row(a);
    if (rows_[a] != 0) return arena_[rows_[a]].id;
    std::size_t count = 0;
    for_graph_row(a, [&](node_id, double) { ++count; });
    return count;
  }
  /// O(1) if one of the rows is a table; else the row of the younger is searched.
  [[nodiscard]] double weight(node_id a, node_id b) const {
    if (is_long(a)) return table(a).weight(name(b));
    if (is_long(b)) return table(b).weight(name(a));
    if (a < b) std::swap(a, b);
    if (asked_.a == a && asked_.b == b) return asked_.weight;
    asked_ = {a, b, 0};
    for_raw(a, [&](node_id id, double weight) {
      if (id == b) asked_.weight = weight;
    });
    return asked_.weight;
  }
  /// f(sibling, weight) for every sibling that shares an edge with a. f may ask for other rows.
  template <class F>
  void for_each(node_id a, F&& f) const {
    if (is_long(a)) {
      table(a).for_each([&](node_id key, double weight) { f(number(key), weight); });
      return;
    }
    update_row(a);
    if (rows_[a] == 0) {
      for_graph_row(a, f);
      return;
    }
    for (std::size_t i = 1; i <= arena_[rows_[a]].id; ++i) {  // f may move the row
      const contracted_entry e = arena_[rows_[a] + i];
      f(e.id, e.weight);
    }
  }
  /// `joined`, a number higher than all before, takes the place of a and b. O(1) for each entry of
  /// their rows, of the shorter one if the other is a table.
  void join(node_id a, node_id b, node_id joined) {
    places_.resize(joined + std::size_t{1});
    rows_.resize(joined + std::size_t{1});
    const bool table_wanted = is_long(a) || is_long(b);
    if (!table_wanted) make_room(raw_size(a) + raw_size(b));
    places_[a].top = places_[b].top = places_[joined].top = joined;
    if (table_wanted) {
      if (!is_long(b) || (is_long(a) && table(a).size() > table(b).size())) std::swap(a, b);
      join_long(a, b, joined);
      return;
    }
    const std::size_t begin = arena_.size();
    start_row(joined);
    const contracted_entry* const out = arena_.data() + begin + 1;
    const auto pour = [&](node_id id, double weight) {
      const node_id z = find(id);
      if (z == joined) return;
      const std::size_t count = arena_.size() - begin - 1;
      if (const node_id at = places_[z].mark; at < count && out[at].id == z) {
        arena_[begin + 1 + at].weight += weight;
      } else {
        places_[z].mark = static_cast<node_id>(count);
        arena_.push_back({z, 0, weight});
      }
    };
    for_raw(a, pour);
    for_raw(b, pour);
    const std::size_t count = arena_.size() - begin - 1;
    arena_[begin].id = static_cast<node_id>(count);
    if (tables_.empty() && count <= long_row) return;
    for (std::size_t i = 0; i < count; ++i)
      if (const contracted_entry e = arena_[begin + 1 + i]; is_long(e.id)) {
        table(e.id).take(a);
        table(e.id).take(b);
        table(e.id).add(joined, e.weight);
      }
    if (count > long_row) make_long(joined);
  }

  // -- for the merge queue

  /// The row of a community, if it is neither a table nor the graph's own. Entries for siblings
  /// that are younger or gone may be out of date. Stays in place until the next join or the next
  /// question about another row.
  [[nodiscard]] std::span<contracted_entry> row(node_id a) const noexcept {
    if (is_long(a) || rows_[a] == 0) return {};
    return std::span(arena_).subspan(rows_[a] + 1, arena_[rows_[a]].id);
  }
  /// f(id, weight) for every entry of a row that is not a table, out of date or not.
  template <class F>
  void for_raw(node_id a, F&& f) const {
    if (rows_[a] == 0) {
      for (const auto& [b, weight] : (*graph_)[a])
        if (counts(*graph_, counted_, a, b)) f(b, weight);
    } else {
      for (const contracted_entry& e : row(a)) f(e.id, e.weight);
    }
  }
  /// Says that a row will be needed after about so many others, 4 to 0: time for its memory to
  /// come, and for what is known of its neighbours here, which then are told to near(id). Without
  /// effect on anything but time.
  template <class Near>
  void expect_join(node_id a, int others, Near&& near) const {
    if (others >= 4) {
      prefetch(&places_[a]);
      prefetch(&rows_[a]);
    } else if (!is_top(a) || is_long(a)) {
      return;
    } else if (others == 3) {
      if (rows_[a] == 0) {
        prefetch((*graph_)[a].data());
      } else {
        prefetch(&arena_[rows_[a]]);
        prefetch(&arena_[rows_[a]] + 4);
      }
    } else if (others == 2) {
      for_raw(a, [&](node_id id, double) { prefetch(&places_[id]); });
    } else if (others == 1) {
      for_raw(a, [&](node_id id, double) {
        prefetch(&places_[places_[id].top]);
        near(places_[id].top);
      });
    }
  }
  /// A ticket by which its holder knows that nobody else has written notes since.
  [[nodiscard]] std::uint64_t claim_notes() const noexcept { return ++notes_; }
  [[nodiscard]] std::uint64_t notes() const noexcept { return notes_; }

 private:
  struct place {
    node_id top = no_node;  ///< union-find: the community that holds the leaf or joined community
    node_id mark = 0;       ///< where the row in the making has it, if it does
  };
  struct table_of {
    node_id number;  ///< of its community now
    node_id name;    ///< the number that it had first: by this, other tables know it
    contracted_row row;
  };
  static constexpr std::uint64_t long_tag = std::uint64_t{1} << 63;

  [[nodiscard]] node_id find(node_id v) const noexcept {
    while (places_[v].top != v) v = places_[v].top = places_[places_[v].top].top;
    return v;
  }
  [[nodiscard]] std::size_t raw_size(node_id a) const noexcept {
    return rows_[a] == 0 ? (*graph_)[a].size() : arena_[rows_[a]].id;
  }
  template <class F>
  void for_graph_row(node_id a, F&& f) const {
    for (const auto& [b, weight] : (*graph_)[a])
      if (counts(*graph_, counted_, a, b)) f(b, weight);
  }
  /// A row in the arena is preceded by an entry that says how long it is and whose.
  void start_row(node_id owner) const {
    rows_[owner] = arena_.size();
    arena_.push_back({0, 0, static_cast<double>(owner)});
  }
  /// What is left of the row after the first entries becomes a row of nobody's.
  void truncate_row(node_id a, std::size_t count) const {
    contracted_entry& head = arena_[rows_[a]];
    if (const std::size_t gap = head.id - count; gap > 0)
      arena_[rows_[a] + 1 + count] = {static_cast<node_id>(gap - 1), 0,
                                      static_cast<double>(no_node)};
    head.id = static_cast<node_id>(count);
  }

  /// Rows of all communities from the graph. Each pair adds up in the order of the edges on both
  /// sides: their sums have the same bits.
  void gather(std::span<const node_id> tops) {
    std::vector<node_id> sizes(places_.size());
    const auto for_edges = [&](auto&& f) {
      for (node_id a = 0; a < graph_->size(); ++a)
        for_graph_row(a, [&](node_id b, double weight) {
          if (a < b && tops[a] != tops[b]) f(tops[a], tops[b], weight);
        });
    };
    for_edges([&](node_id x, node_id y, double) {
      ++sizes[x];
      ++sizes[y];
    });
    for (node_id v = 0; v < places_.size(); ++v) {
      if (!is_top(v)) continue;
      start_row(v);
      arena_.resize(arena_.size() + sizes[v]);
    }
    for_edges([&](node_id x, node_id y, double weight) {
      arena_[rows_[x] + ++arena_[rows_[x]].id] = {y, 0, weight};
      arena_[rows_[y] + ++arena_[rows_[y]].id] = {x, 0, weight};
    });
    for (node_id v = 0; v < places_.size(); ++v)
      if (is_top(v)) compact_row(v);
  }

  /// Brings the numbers in the row in the arena up to date and adds up what is the same community.
  void compact_row(node_id a) const {
    const std::span<contracted_entry> entries = row(a);
    std::size_t count = 0;
    for (contracted_entry e : entries) {
      e.id = find(e.id);
      if (const node_id at = places_[e.id].mark; at < count && entries[at].id == e.id) {
        entries[at].weight += e.weight;
      } else {
        places_[e.id].mark = static_cast<node_id>(count);
        entries[count++] = e;
      }
    }
    truncate_row(a, count);
  }
  /// Sees to it that all entries of a row are up to date.
  void update_row(node_id a) const {
    bool fresh = true;
    for_raw(a, [&](node_id id, double) { fresh = fresh && places_[id].top == id; });
    if (fresh) return;
    if (rows_[a] == 0) {
      make_room((*graph_)[a].size());
      start_row(a);
      for_graph_row(a, [&](node_id b, double weight) { arena_.push_back({b, 0, weight}); });
      arena_[rows_[a]].id = static_cast<node_id>(arena_.size() - rows_[a] - 1);
    }
    compact_row(a);
    for (contracted_entry& e : row(a))
      if (e.id > a) e.weight = weight(e.id, a);
  }
  /// Makes sure that a row of as many entries can be appended in place, if need be by closing the
  /// gaps that dead rows have left.
  void make_room(std::size_t entries) const {
    if (arena_.size() + entries + 1 > limit_) {
      std::size_t end = 1;
      for (std::size_t begin = 1; begin < arena_.size();) {
        const contracted_entry head = arena_[begin];
        const std::size_t size = head.id + std::size_t{1};
        const auto owner = static_cast<node_id>(head.weight);
        if (owner != no_node && rows_[owner] == begin && is_top(owner)) {
          const auto from = arena_.begin() + static_cast<std::ptrdiff_t>(begin);
          if (begin != end)
            std::copy(from, from + static_cast<std::ptrdiff_t>(size),
                      arena_.begin() + static_cast<std::ptrdiff_t>(end));
          rows_[owner] = end;
          end += size;
        }
        begin += size;
      }
      arena_.resize(end);
      limit_ = end + end / 2 + entries + 4096;
      // More than this there never is; memory that is not written costs nothing.
      if (arena_.capacity() == 1)
        arena_.reserve(2 * graph_->edge_count() + graph_->size() + limit_);
    }
    if (arena_.capacity() < limit_) arena_.reserve(limit_);
  }

  [[nodiscard]] const contracted_row& table(node_id a) const noexcept {
    return tables_[rows_[a] & ~long_tag].row;
  }
  [[nodiscard]] contracted_row& table(node_id a) noexcept {
    return tables_[rows_[a] & ~long_tag].row;
  }
  [[nodiscard]] node_id name(node_id a) const noexcept {
    return is_long(a) ? tables_[rows_[a] & ~long_tag].name : a;
  }
  [[nodiscard]] node_id number(node_id name) const noexcept {
    return is_long(name) ? tables_[rows_[name] & ~long_tag].number : name;
  }
  void make_long(node_id a) {
    table_of made{a, a, {}};
    for_raw(a, [&](node_id id, double weight) { made.row.add(name(id), weight); });
    rows_[a] = long_tag | tables_.size();
    tables_.push_back(std::move(made));
  }
  /// Pours the row of a into the table of b.
  void join_long(node_id a, node_id b, node_id joined) {
    rows_[joined] = rows_[b];
    table_of& mine = tables_[rows_[b] & ~long_tag];
    mine.number = joined;
    mine.row.take(name(a));
    std::vector<node_id> tables;  // of neighbours
    const auto pour = [&](node_id id, double weight) {
      const node_id z = find(id);
      if (z == joined) return;
      mine.row.add(name(z), weight);
      if (is_long(z)) tables.push_back(z);
    };
    if (is_long(a)) {
      const contracted_row from = std::exchange(table(a), {});
      from.for_each([&](node_id key, double weight) { pour(number(key), weight); });
    } else {
      for_raw(a, pour);
    }
    for (const node_id z : tables) {
      table(z).take(name(a));
      table(z).take(mine.name);
      table(z).add(mine.name, mine.row.weight(name(z)));
    }
  }

  const relation_graph* graph_;
  counted_edges counted_;
  mutable std::vector<place> places_;        // by number
  mutable std::vector<std::uint64_t> rows_;  // by number: where in the arena; tag: which table
  mutable std::vector<contracted_entry> arena_ = std::vector<contracted_entry>(1);  // row after row
  mutable std::size_t limit_ = 0;
  std::vector<table_of> tables_;
  mutable std::uint64_t notes_ = 0;
  mutable weighted_edge asked_{no_node, no_node, 0};  // last; weights do not change while both live
};

}}}  // namespace hint::HINT_ABI::tree::detail

#endif
