// SPDX-License-Identifier: MIT
// What models the concepts of graph, and what does not.
#include <concepts>
#include <cstddef>
#include <vector>

#include <hint/data/dataset.hpp>
#include <hint/graph/concepts.hpp>
#include <hint/graph/knn.hpp>
#include <hint/graph/neighbor_lists.hpp>

namespace {

namespace data = hint::data;
namespace graph = hint::graph;
using hint::context;
using hint::relation_graph;

struct numbers {
  std::size_t size() const;
  data::block image() const;
  data::block text() const;
};
static_assert(graph::relation_builder<graph::knn>);
static_assert(graph::relation_builder<graph::knn, numbers>);
static_assert(graph::relation_builder<const graph::knn&>);

class minimal {  // neither default-constructible nor copyable, for one type of data
 public:
  explicit minimal(int) {}
  minimal(const minimal&) = delete;
  minimal& operator=(const minimal&) = delete;
  relation_graph operator()(const numbers&, const context&) const;
};
static_assert(graph::relation_builder<minimal, numbers>);
static_assert(!graph::relation_builder<minimal>);  // that is, for paired<>

struct not_const {
  relation_graph operator()(const data::paired<>&, const context&);
};
static_assert(!graph::relation_builder<not_const>);
struct without_context {
  relation_graph operator()(const data::paired<>&) const;
};
static_assert(!graph::relation_builder<without_context>);
struct edges_only {
  std::vector<hint::weighted_edge> operator()(const data::paired<>&, const context&) const;
};
static_assert(!graph::relation_builder<edges_only>);
struct of_blocks {
  relation_graph operator()(const data::block&, const context&) const;
};
static_assert(!graph::relation_builder<of_blocks>);
static_assert(!graph::relation_builder<of_blocks, data::block>);  // no paired data set
static_assert(!graph::relation_builder<graph::knn, data::block>);
static_assert(!graph::relation_builder<int>);

constexpr auto lambda = [](const auto&, const context&) { return relation_graph(); };
static_assert(graph::relation_builder<decltype(lambda), numbers>);

static_assert(std::semiregular<graph::knn>);
static_assert(std::semiregular<graph::neighbor_lists>);
static_assert(graph::nearer({2, 1.0F}, {1, 2.0F}) && !graph::nearer({2, 1.0F}, {1, 1.0F}));

}  // namespace
