// SPDX-License-Identifier: MIT
/// \file
/// The cross-modal relation graph of HINT: nearest neighbours within each modality and the pairs
/// between them (paper, section 4.2, "Enhance", Eq. 2).
#ifndef HINT_GRAPH_KNN_HPP
#define HINT_GRAPH_KNN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/dataset.hpp>
#include <hint/graph/concepts.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/graph/neighbors_by_cost.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {

/// Which of the directed neighbour relations become edges.
enum class symmetry : std::uint8_t {
  either,  ///< i-j when j is near i or i is near j (the union; the paper's set notation)
  mutual,  ///< i-j when both are
};

/// What the nodes of the graph are.
enum class vertices : std::uint8_t {
  samples,  ///< 2n nodes: images, then texts, joined by pair edges (the paper)
  pairs,    ///< n nodes: image and text of a pair are one, as if its edge had infinite weight
};

struct knn_options {
  std::size_t neighbors = 3;              ///< k of Eq. 2; 1 .. 1000 (paper: 3)
  graph::metric metric = metric::cosine;  ///< paper: cosine (Table 7)
  graph::symmetry symmetry = symmetry::either;
  graph::vertices vertices = vertices::samples;
  double pair_weight = 2;     ///< of image-text edges (paper: 1); ignored for vertices::pairs
  double image_weight = 0.5;  ///< g in [0, 1]: image edges weigh 2 g, text edges 2 (1 - g)
  /// Automatic: exact up to some 10^5 rows. HINT's other searches for neighbours follow it, too.
  search_kind search = search_kind::automatic;

  void validate() const {
    option_in("neighbors", neighbors, 1, 1000);
    option_in("pair_weight", pair_weight, 0, 1e9);
    option_in("image_weight", image_weight, 0, 1);
  }
};

/// Edges of one modality's lists, each once, with weight `weight`; node numbers start at `offset`.
HINT_LAZY
void append_edges(const neighbor_lists& lists, symmetry rule, double weight, node_id offset,
                  std::vector<weighted_edge>& out) {
  std::vector<std::pair<node_id, node_id>> directed;  // (lower, higher), twice when mutual
  for (std::size_t i = 0; i < lists.size(); ++i)
    for (const near_row& n : lists[i]) {
      const auto row = static_cast<node_id>(i);
      directed.emplace_back((std::min)(row, n.row), (std::max)(row, n.row));
    }
  std::sort(directed.begin(), directed.end());
  for (std::size_t i = 0; i < directed.size();) {
    const bool both = i + 1 < directed.size() && directed[i + 1] == directed[i];
    if (both || rule == symmetry::either)
      out.push_back({offset + directed[i].first, offset + directed[i].second, weight});
    i += both ? 2 : 1;
  }
}

/// A modality's own neighbour graph, unit weights.
HINT_LAZY
[[nodiscard]] relation_graph neighbor_graph(const neighbor_lists& lists,
                                            symmetry rule = symmetry::either) {
  std::vector<weighted_edge> edges;
  append_edges(lists, rule, 1, 0, edges);
  return relation_graph::from_edges(lists.size(), edges);
}

/// The builder of HINT's graph; models `relation_builder`.
class knn {
 public:
  using options = knn_options;
  knn() = default;
  /// Throws `invalid_option`.
  explicit knn(knn_options o) : options_(o) { options_.validate(); }

  [[nodiscard]] const knn_options& get_options() const noexcept { return options_; }
  [[nodiscard]] std::size_t neighbors() const noexcept { return options_.neighbors; }
  [[nodiscard]] graph::metric metric() const noexcept { return options_.metric; }

  /// Features are taken as they are, however long, short or far from 0. Time: see `neighbors_by_cost`. Throws
  /// `invalid_argument` for NaN or infinity.
  template <data::paired_dataset D>
  [[nodiscard]] relation_graph operator()(const D& dataset, const context& ctx = {}) const {
    const std::array<data::block, 2> blocks{data::as_block(dataset.image()),
                                            data::as_block(dataset.text())};
    std::array<neighbor_lists, 2> lists;
    for (const modality m : modalities) {
      data::check_finite(blocks[index_of(m)], name_of(m), ctx);
      lists[index_of(m)] = neighbors_by_cost(blocks[index_of(m)], options_.neighbors,
                                             options_.metric, options_.search, {}, ctx)
                               .lists;
    }
    return from_lists(lists[0], lists[1], options_.image_weight);
  }

  /// The graph from neighbour lists that are at hand (of `neighbors()` entries or any other length)
  /// with a measured share of trust in images. Throws `shape_error` for lists of different lengths
  /// and `invalid_argument` for a share outside 0 .. 1.
  HINT_LAZY
  [[nodiscard]] relation_graph from_lists(const neighbor_lists& images, const neighbor_lists& texts,
                                          double image_weight) const {
    expects<shape_error>(images.size() == texts.size(), "knn: image lists of ", images.size(),
                         " rows, text lists of ", texts.size());
    expects(is_finite(image_weight) && image_weight >= 0 && image_weight <= 1,
            "knn: image_weight is ", image_weight, ", expected 0 to 1");
    const auto n = static_cast<node_id>(images.size());
    const bool samples = options_.vertices == vertices::samples;
    std::vector<weighted_edge> edges;
    append_edges(images, options_.symmetry, 2 * image_weight, 0, edges);
    append_edges(texts, options_.symmetry, 2 * (1 - image_weight), samples ? n : 0, edges);
    if (!samples) return relation_graph::from_edges(n, edges);
    std::vector<std::uint8_t> groups(2 * images.size(), static_cast<std::uint8_t>(image));
    std::fill(groups.begin() + n, groups.end(), static_cast<std::uint8_t>(text));
    for (node_id i = 0; i < n; ++i) edges.push_back({i, n + i, options_.pair_weight});
    return relation_graph::from_edges(2 * images.size(), edges, duplicate_edges::sum,
                                      std::move(groups));
  }

 private:
  knn_options options_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph

#endif
