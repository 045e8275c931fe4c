// SPDX-License-Identifier: MIT
/// \file
/// Encoding trees for other programs: parent-child-weight triplets, Graphviz, JSON.
#ifndef HINT_TREE_EXPORT_HPP
#define HINT_TREE_EXPORT_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/tree/encoding_tree.hpp>
#include <hint/tree/structural_entropy.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

/// What an edge from parent to child weighs on export.
enum class edge_weight : std::uint8_t {
  volume,  ///< the child's volume (a parent's outgoing weights add up to its own volume)
  entropy  ///< the child's term of the structural entropy, in bits (all add up to the entropy)
};

struct tree_edge {
  node_id parent;
  node_id child;
  double weight;
  friend bool operator==(const tree_edge&, const tree_edge&) = default;
};

namespace detail {

[[nodiscard]] inline double weight_of(const encoding_tree& tree, node_id child,
                                      edge_weight weight) noexcept {
  return weight == edge_weight::volume ? tree.volume(child) : entropy_term(tree, child);
}

}  // namespace detail

/// One edge for every node but the root, by ascending child. O(size).
HINT_LAZY
[[nodiscard]] std::vector<tree_edge> triplets(const encoding_tree& tree,
                                              edge_weight weight = edge_weight::volume) {
  std::vector<tree_edge> out;
  out.reserve(tree.size() - 1);
  for (node_id v = 0; v < tree.root(); ++v)
    out.push_back({tree.parent(v), v, detail::weight_of(tree, v, weight)});
  return out;
}

/// The same as lines "parent,child,weight" below a heading. Numbers read back unchanged.
HINT_LAZY
[[nodiscard]] std::string to_csv(const encoding_tree& tree,
                                 edge_weight weight = edge_weight::volume) {
  std::string out = "parent,child,weight\n";
  for (const tree_edge& edge : triplets(tree, weight))
    out += hint::detail::concat(edge.parent, ',', edge.child, ',', edge.weight, '\n');
  return out;
}

namespace detail {

enum class quotes : std::uint8_t { dot, json };

/// Text between quotation marks. Bytes above 127 stay as they are: UTF-8 in, UTF-8 out. Graphviz
/// knows no other control characters than the end of a line, so it gets blanks for them.
HINT_LAZY
[[nodiscard]] std::string quoted(std::string_view text, quotes kind) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte >= 0x20) {
      out += c;
    } else if (kind == quotes::json) {
      out += "\\u00";
      out += hex[byte / 16];
      out += hex[byte % 16];
    } else {
      out += ' ';
    }
  }
  return out += '"';
}

/// Four digits, or all before the point of numbers that have more, to be read in a picture.
[[nodiscard]] inline std::string rounded(double value) {
  const bool whole = value >= 1000 && value < 1e15;
  char buffer[32];
  const auto format = whole ? std::chars_format::fixed : std::chars_format::general;
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value, format, whole ? 0 : 4).ptr};
}

HINT_LAZY
void check_names(std::string_view who, const encoding_tree& tree,
                 std::span<const std::string> names) {
  expects<shape_error>(names.empty() || names.size() == tree.leaf_count(), who, ": ", names.size(),
                       " names for ", tree.leaf_count(), " leaves");
}

}  // namespace detail

struct dot_options {
  /// Nodes deeper than this are left out; communities at this depth say how many leaves they have.
  std::size_t depth = static_cast<std::size_t>(-1);
  edge_weight weight = edge_weight::volume;

  void validate() const noexcept {}
};

/// A Graphviz digraph, root on the left, children in the tree's order: `dot -Tsvg`. Communities
/// show their number of leaves; leaves show `names[v]`, or their number when there are no names.
/// Edges carry their weights, rounded to four digits. O(size).
/// Throws `shape_error` unless names is empty or has one entry per leaf.
HINT_LAZY
[[nodiscard]] std::string to_dot(const encoding_tree& tree, std::span<const std::string> names = {},
                                 const dot_options& options = {}) {
  detail::check_names("to_dot", tree, names);
  using hint::detail::concat;
  std::string out =
      "digraph encoding_tree {\n"
      "  rankdir=LR; ordering=out; nodesep=0.1; ranksep=0.3;\n"
      "  node [shape=box, height=0.3, margin=\"0.08,0.03\"];\n"
      "  edge [arrowhead=none, fontsize=10];\n";
  for (node_id v = 0; v < tree.size(); ++v) {
    if (tree.depth(v) > options.depth) continue;
    const std::size_t leaves = tree.leaves(v).size();
    if (!tree.is_leaf(v))
      out += concat("  ", v, " [label=\"", leaves, leaves == 1 ? " leaf" : " leaves",
                    "\", shape=ellipse];\n");
    else
      out +=
          concat("  ", v, " [label=",
                 detail::quoted(names.empty() ? concat(v) : names[v], detail::quotes::dot), "];\n");
  }
  for (node_id v = 0; v < tree.size(); ++v) {
    if (tree.depth(v) >= options.depth) continue;
    for (const node_id c : tree.children(v))
      out += concat("  ", v, " -> ", c, " [label=\"",
                    detail::rounded(detail::weight_of(tree, c, options.weight)), "\"];\n");
  }
  return out += "}\n";
}

struct json_options {
  /// Nodes deeper than this are left out; communities at this depth have no "children".
  std::size_t depth = static_cast<std::size_t>(-1);

  void validate() const noexcept {}
};

/// The tree as nested JSON objects, one to a line, from the root down:
/// \code
/// {"node":4,"leaves":3,"volume":6,"cut":0,"entropy":0,"children":[
/// {"node":0,"name":"cat","leaves":1,"volume":1,"cut":1,"entropy":0.43},
/// ...]}
/// \endcode
/// "entropy" is the node's term of the structural entropy, in bits. Leaves have "name" when there
/// are names, which should be UTF-8. Numbers read back unchanged.
/// O(size), without recursion; not every reader of JSON manages trees of a thousand levels, see
/// `depth`.
/// Throws `shape_error` unless names is empty or has one entry per leaf.
HINT_LAZY
[[nodiscard]] std::string to_json(const encoding_tree& tree,
                                  std::span<const std::string> names = {},
                                  const json_options& options = {}) {
  detail::check_names("to_json", tree, names);
  using hint::detail::concat;
  std::string out;
  std::vector<std::size_t> done(
      1);  // by depth: how many children of the node on the path are written
  for (node_id v = tree.root();;) {
    const std::size_t depth = tree.depth(v);
    const auto children = tree.children(v);
    const bool open = depth < options.depth && !tree.is_leaf(v);
    if (done[depth] == 0) {
      out += concat("{\"node\":", v);
      if (tree.is_leaf(v) && !names.empty())
        out += concat(",\"name\":", detail::quoted(names[v], detail::quotes::json));
      out += concat(",\"leaves\":", tree.leaves(v).size(), ",\"volume\":", tree.volume(v),
                    ",\"cut\":", tree.cut(v), ",\"entropy\":", entropy_term(tree, v));
      if (open) out += ",\"children\":[";
    }
    if (open && done[depth] < children.size()) {
      out += done[depth] == 0 ? "\n" : ",\n";
      v = children[done[depth]++];
      if (done.size() <= depth + 1) done.resize(depth + 2);
      done[depth + 1] = 0;
      continue;
    }
    out += open ? "]}" : "}";
    if (v == tree.root()) return out += '\n';
    v = tree.parent(v);
  }
}

}}}  // namespace hint::HINT_ABI::tree

#endif
