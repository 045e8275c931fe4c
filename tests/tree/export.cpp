// SPDX-License-Identifier: MIT
#include <hint/tree/export.hpp>

#include <cctype>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "tree/graphs.hpp"

using namespace hint;
using namespace hint_tests;
using tree::encoding_tree;

namespace {

/// A pair, and a single node that hangs on it by an edge of weight 2.
const relation_graph& tiny() {
  static const relation_graph g = graph_of(3, {{0, 1, 1}, {1, 2, 2}});
  return g;
}
std::string json_text(double value) { return hint::detail::concat(value); }

/// The number behind the last `key` of a line (names come before all numbers but the first).
double number_after(const std::string& line, std::string_view key) {
  const auto at = key[0] == '{' ? line.find(key) : line.rfind(key);
  REQUIRE(at != std::string::npos);
  const char* begin = line.data() + at + key.size();
  double value = 0;
  REQUIRE(std::from_chars(begin, line.data() + line.size(), value).ec == std::errc());
  return value;
}

/// Is a text JSON, by the grammar of RFC 8259 and nothing beside? Without recursion, and it notes
/// for each object that begins with "node" its text up to the first bracket within, and the number
/// of the object around it.
class json_checker {
 public:
  explicit json_checker(std::string text) : text_(std::move(text)) { valid_ = check(); }

  bool valid() const { return valid_; }
  /// (text, number of the parent)
  const std::vector<std::pair<std::string, node_id>>& nodes() const { return nodes_; }

 private:
  bool check() {
    if (!begin_value()) return false;
    while (!open_.empty()) {
      blanks();
      const char end = open_.back() == '{' ? '}' : ']';
      if (take(end)) {
        close();
        continue;
      }
      if (!first_ && !take(',')) return false;
      blanks();
      if (open_.back() == '{') {
        if (!string()) return false;
        blanks();
        if (!take(':')) return false;
      }
      if (!begin_value()) return false;
    }
    blanks();
    return at_ == text_.size();
  }
  bool begin_value() {
    blanks();
    const std::size_t begin = at_;
    if (take('{') || take('[')) {
      open_ += text_[begin];
      first_ = true;
      if (text_.compare(begin, 8, "{\"node\":") == 0) {
        const auto node = static_cast<node_id>(number_after(text_.substr(begin, 24), "{\"node\":"));
        // A name may hold brackets: only the line end is sure.
        nodes_.emplace_back(text_.substr(begin, text_.find('\n', begin) - begin),
                            path_.empty() ? tree::no_node : path_.back());
        path_.push_back(node);
        is_node_.push_back(true);
      } else {
        is_node_.push_back(false);
      }
      return true;
    }
    first_ = false;
    return text_.compare(at_, 4, "null") == 0 ? (at_ += 4, true) : string() || number();
  }
  void close() {
    open_.pop_back();
    if (is_node_.back()) path_.pop_back();
    is_node_.pop_back();
    first_ = false;
  }
  bool string() {
    if (!take('"')) return false;
    while (at_ < text_.size() && text_[at_] != '"') {
      const auto c = static_cast<unsigned char>(text_[at_++]);
      if (c < 0x20) return false;
      if (c != '\\') continue;
      if (take('u')) {
        for (int i = 0; i < 4; ++i, ++at_)
          if (at_ >= text_.size() || std::isxdigit(static_cast<unsigned char>(text_[at_])) == 0)
            return false;
      } else if (at_ >= text_.size() ||
                 std::string_view("\"\\/bfnrt").find(text_[at_++]) == std::string_view::npos) {
        return false;
      }
    }
    return take('"');
  }
  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    return true;
  }
  bool digits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > begin;
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void blanks() {
    while (take(' ') || take('\n') || take('\t') || take('\r')) {
    }
  }

  std::string text_;
  std::size_t at_ = 0;
  bool first_ = true;  // nothing is in the innermost bracket yet
  bool valid_ = false;
  std::string open_;
  std::vector<bool> is_node_;
  std::vector<node_id> path_;
  std::vector<std::pair<std::string, node_id>> nodes_;
};

encoding_tree tiny_tree() {
  return encoding_tree::from_parents(tiny(), {3, 3, 4, 4, tree::no_node});
}

}  // namespace

TEST_CASE("export: triplets", "[tree]") {
  const encoding_tree t = tiny_tree();
  REQUIRE(tree::triplets(t) ==
          std::vector<tree::tree_edge>{{3, 0, 1}, {3, 1, 3}, {4, 2, 2}, {4, 3, 4}});
  REQUIRE(tree::to_csv(t) == "parent,child,weight\n3,0,1\n3,1,3\n4,2,2\n4,3,4\n");
  double sum = 0;
  for (const auto& edge : tree::triplets(t, tree::edge_weight::entropy)) sum += edge.weight;
  REQUIRE(sum == Approx(tree::structural_entropy(t)).epsilon(1e-14));
  REQUIRE(tree::triplets(t, tree::edge_weight::entropy)[0].weight ==
          Approx(1 / 6. * 2).epsilon(1e-14));
  REQUIRE(tree::to_csv(encoding_tree()) == "parent,child,weight\n");
}

TEST_CASE("export: Graphviz", "[tree]") {
  const std::string head = R"(digraph encoding_tree {
  rankdir=LR; ordering=out; nodesep=0.1; ranksep=0.3;
  node [shape=box, height=0.3, margin="0.08,0.03"];
  edge [arrowhead=none, fontsize=10];
)";
  REQUIRE(tree::to_dot(tiny_tree()) == head + R"(  0 [label="0"];
  1 [label="1"];
  2 [label="2"];
  3 [label="2 leaves", shape=ellipse];
  4 [label="3 leaves", shape=ellipse];
  3 -> 0 [label="1"];
  3 -> 1 [label="3"];
  4 -> 3 [label="4"];
  4 -> 2 [label="2"];
}
)");
  const std::vector<std::string> names{"a \"b\"", "back\\slash", "two\nlines\tand"};
  REQUIRE(tree::to_dot(tiny_tree(), names, {.depth = 1}) == head + R"(  2 [label="two\nlines and"];
  3 [label="2 leaves", shape=ellipse];
  4 [label="3 leaves", shape=ellipse];
  4 -> 3 [label="4"];
  4 -> 2 [label="2"];
}
)");
  const std::string all = tree::to_dot(tiny_tree(), names, {.weight = tree::edge_weight::entropy});
  REQUIRE(all.find(R"(0 [label="a \"b\""];)") != std::string::npos);
  REQUIRE(all.find(R"(1 [label="back\\slash"];)") != std::string::npos);
  // 2/6 log2(6/2), four digits of it
  REQUIRE(all.find("4 -> 2 [label=\"0.5283\"];") != std::string::npos);
  REQUIRE(tree::to_dot(tiny_tree(), {}, {.depth = 0}) ==
          head + "  4 [label=\"3 leaves\", shape=ellipse];\n}\n");
  REQUIRE(tree::to_dot(encoding_tree()) == head + "  0 [label=\"0 leaves\", shape=ellipse];\n}\n");
}

TEST_CASE("export: weights in a picture", "[tree]") {
  using tree::detail::rounded;
  REQUIRE(rounded(0) == "0");
  REQUIRE(rounded(1 / 3.) == "0.3333");
  REQUIRE(rounded(0.00001234567) == "1.235e-05");
  REQUIRE(rounded(999.96) == "1000");
  REQUIRE(rounded(1234567.8) == "1234568");
  REQUIRE(rounded(1e300) == "1e+300");
}

TEST_CASE("export: JSON", "[tree]") {
  const encoding_tree t = tiny_tree();
  const std::string entropy = json_text(tree::entropy_term(t, 3));
  const std::vector<std::string> names{"a \"b\"", "back\\slash",
                                       "two\nlines\x01\x1f\tand \xc3\xbc\x7f"};
  REQUIRE(tree::to_json(t, names, {.depth = 1}) ==
          R"({"node":4,"leaves":3,"volume":6,"cut":0,"entropy":0,"children":[
{"node":3,"leaves":2,"volume":4,"cut":2,"entropy":)" +
              entropy + R"(},
{"node":2,"name":"two\nlines\u0001\u001f\u0009and )" +
              "\xc3\xbc\x7f" + R"(","leaves":1,"volume":2,"cut":2,"entropy":)" +
              json_text(tree::entropy_term(t, 2)) + "}]}\n");
  REQUIRE(tree::to_json(t, {}, {.depth = 0}) ==
          "{\"node\":4,\"leaves\":3,\"volume\":6,\"cut\":0,\"entropy\":0}\n");
  REQUIRE(tree::to_json(encoding_tree()) ==
          "{\"node\":0,\"leaves\":0,\"volume\":0,\"cut\":0,\"entropy\":0,\"children\":[]}\n");
  const std::string all = tree::to_json(t, names);
  REQUIRE(all.find(R"("name":"a \"b\"",)") != std::string::npos);
  REQUIRE(all.find(R"("name":"back\\slash",)") != std::string::npos);
  REQUIRE(json_checker(all).valid());
}

TEST_CASE("export: JSON, the example of docs/concepts/encoding_tree.md", "[tree]") {
  const auto t =
      encoding_tree::from_parents(two_triangles(), {6, 6, 6, 7, 7, 7, 8, 8, tree::no_node});
  REQUIRE(tree::to_json(t, {}, {.depth = 1}) ==
          R"({"node":8,"leaves":6,"volume":14,"cut":0,"entropy":0,"children":[
{"node":6,"leaves":3,"volume":7,"cut":1,"entropy":0.07142857142857142},
{"node":7,"leaves":3,"volume":7,"cut":1,"entropy":0.07142857142857142}]}
)");
}

TEST_CASE("export: the checker of JSON refuses what is none", "[tree]") {
  for (const std::string good :
       {"{}", "[]", "[1,-0.5e+3,null]", R"({"a":"\u00ff\\","b":[{}]})", "0 \n"})
    CHECK(json_checker(good).valid());
  for (const std::string bad :
       {"",     "{",     "[1,]",       "{\"a\":}", "{\"a\" 1}",   "[01]",    "[1.]",
        "[.5]", "[+1]",  "[inf]",      "[nan]",    "\"\n\"",      "\"\\x\"", "\"\\u00g0\"",
        "\"",   "[1] 2", "{\"a\":1,}", "[1e]",     "[\"a\x01\"]", "[]]",     "[}"})
    CHECK_FALSE(json_checker(bad).valid());
}

TEST_CASE("export: JSON of random trees holds the tree", "[tree]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const random_stream random{seed, stream_id("names")};
    const std::size_t n = random.below(0, 25);
    const relation_graph g = random_graph(seed, n, 3 * n, true);
    const auto t = testing::random_tree(g, tree::counted_edges::all, seed % 30, {seed, 1});
    std::vector<std::string> names(n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < random.below(10 * i + 1, 9); ++k)
        names[i] += static_cast<char>(random.below(10 * i + 2 + k, 128));
    for (const std::size_t depth : {std::size_t{0}, std::size_t{2}, t.height(), t.height() + 9}) {
      CAPTURE(depth);
      const std::string text = tree::to_json(t, names, {.depth = depth});
      json_checker json(text);
      REQUIRE(json.valid());
      // One line a node, each opened below its parent.
      std::size_t expected = 0;
      for (node_id v = 0; v < t.size(); ++v) expected += t.depth(v) <= depth;
      REQUIRE(json.nodes().size() == expected);
      for (const auto& [line, parent] : json.nodes()) {
        const auto v = static_cast<node_id>(number_after(line, "{\"node\":"));
        REQUIRE(parent == t.parent(v));
        REQUIRE(number_after(line, "\"leaves\":") == static_cast<double>(t.leaves(v).size()));
        REQUIRE(number_after(line, "\"volume\":") == t.volume(v));
        REQUIRE(number_after(line, "\"cut\":") == t.cut(v));
        REQUIRE(number_after(line, "\"entropy\":") == tree::entropy_term(t, v));
        REQUIRE((line.find("\"name\":") != std::string::npos) == t.is_leaf(v));
      }
    }
  }
}

TEST_CASE("export: JSON of a chain as deep as the graph is large", "[tree]") {
  constexpr node_id n = 100000;
  std::vector<node_id> parents(2 * n - 1);
  parents[0] = n;
  for (node_id i = 1; i < n; ++i) parents[i] = n + i - 1;
  for (node_id v = n; v + 1 < 2 * n - 1; ++v) parents[v] = v + 1;
  parents.back() = tree::no_node;
  const auto t = encoding_tree::from_parents(path(n), parents);
  json_checker json(tree::to_json(t));
  REQUIRE(json.valid());
  REQUIRE(json.nodes().size() == t.size());
  REQUIRE(tree::to_dot(t, {}, {.depth = 1}).find("99999 leaves") != std::string::npos);
}

TEST_CASE("export: too few names", "[tree]") {
  const std::vector<std::string> names{"a"};
  CHECK_THROWS_MESSAGE(tree::to_dot(tiny_tree(), names), shape_error,
                       "to_dot: 1 names for 3 leaves");
  CHECK_THROWS_MESSAGE(tree::to_json(tiny_tree(), names), shape_error,
                       "to_json: 1 names for 3 leaves");
}
