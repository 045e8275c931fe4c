// SPDX-License-Identifier: MIT
/// \file
/// HINT: hierarchical encoding tree with modality mixup for cross-modal hashing (ICLR 2026), trained
/// from pairs without labels.
#ifndef HINT_LEARN_HINT_HPP
#define HINT_LEARN_HINT_HPP

#include <concepts>
#include <utility>

#include <hint/align/concepts.hpp>
#include <hint/align/curriculum.hpp>
#include <hint/align/mmd.hpp>
#include <hint/align/proxy_sampler.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/data/dataset.hpp>
#include <hint/graph/concepts.hpp>
#include <hint/graph/knn.hpp>
#include <hint/learn/hint_model.hpp>
#include <hint/learn/hint_options.hpp>
#include <hint/learn/hint_run.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/concepts.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// The tree builder that options ask for: merge to one root, compress to `height`.
using default_tree_builder =
    decltype(tree::builder{tree::merge{}, tree::compress{tree::compress_options{}}});

/// The learner. Every part can be replaced by a type of the user's; parts that are not given are made
/// from the options. Const: `fit` leaves it as it is, so one learner may train many models.
///
/// \code
/// auto model = learn::hint{{.bits = 64}}.fit(train, ctx);
/// auto other = learn::hint{{.bits = 64}, graph::knn{{.neighbors = 5}}, my_tree_builder{}}.fit(train);
/// \endcode
///
/// | part | concept | role |
/// |---|---|---|
/// | Graph | `relation_builder` | pairs to graph (section 4.2, Enhance) |
/// | Tree | `tree_builder` | graph to encoding tree (section 4.2, Condense) |
/// | Sampler | `proxy_sampler_like` | proxies (Eq. 5) |
/// | Discrepancy | `discrepancy` | lambda (Eq. 6) |
/// | Curriculum | `curriculum_like` | weight of the mixture (Eq. 6) |
/// | Optimizer | `optimizer` | one copy trains each network |
template <class Graph = graph::knn, class Tree = default_tree_builder,
          class Sampler = align::proxy_sampler, class Discrepancy = align::mmd,
          class Curriculum = align::curriculum, class Optimizer = nn::adam>
  requires graph::relation_builder<Graph> && tree::tree_builder<Tree> &&
           align::proxy_sampler_like<Sampler> && align::discrepancy<Discrepancy> &&
           align::curriculum_like<Curriculum> && nn::optimizer<Optimizer>
class hint {
 public:
  using options = hint_options;

  /// Throws `invalid_option`.
  explicit hint(hint_options o = {}) : hint(o, part<Graph>(o)) {}
  hint(hint_options o, Graph graph) : hint(o, std::move(graph), part<Tree>(o)) {}
  hint(hint_options o, Graph graph, Tree tree)
      : hint(o, std::move(graph), std::move(tree), part<Sampler>(o)) {}
  hint(hint_options o, Graph graph, Tree tree, Sampler sampler)
      : hint(o, std::move(graph), std::move(tree), std::move(sampler), part<Discrepancy>(o)) {}
  hint(hint_options o, Graph graph, Tree tree, Sampler sampler, Discrepancy discrepancy)
      : hint(o, std::move(graph), std::move(tree), std::move(sampler), std::move(discrepancy),
             part<Curriculum>(o)) {}
  hint(hint_options o, Graph graph, Tree tree, Sampler sampler, Discrepancy discrepancy,
       Curriculum curriculum)
      : hint(o, std::move(graph), std::move(tree), std::move(sampler), std::move(discrepancy),
             std::move(curriculum), part<Optimizer>(o)) {}
  hint(hint_options o, Graph graph, Tree tree, Sampler sampler, Discrepancy discrepancy,
       Curriculum curriculum, Optimizer optimizer)
      : options_(std::move(o)),
        parts_{std::move(graph),       std::move(tree),       std::move(sampler),
               std::move(discrepancy), std::move(curriculum), std::move(optimizer)} {
    options_.validate();
  }

  [[nodiscard]] const hint_options& get_options() const noexcept { return options_; }

  /// Trains on all pairs. Reports phases, steps and epochs to ctx.observer, which may stop it early.
  /// Time: one or two exact neighbour searches, O(E log n) for the tree, `steps` batches. Memory:
  /// scaled features (dense when centred), 2 n L floats of codes, the networks four times.
  /// Throws `invalid_argument` for fewer than two pairs, NaN or infinity, or several processes;
  /// `shape_error` when parts do not fit the data.
  template <data::paired_dataset D>
  [[nodiscard]] hint_model fit(const D& dataset, const context& ctx = {}) const {
    expects(dataset.size() >= 2, "fit: the data set has ", dataset.size(),
            " pairs, expected at least 2");
    expects(ctx.communicator.size() == 1, "fit: ", ctx.communicator.size(),
            " processes, but HINT trains in one only");
    hint_run run(options_, parts_, ctx);
    const data::paired<> rows(data::as_block(dataset.image()), data::as_block(dataset.text()));
    run.scale({rows.image(), rows.text()});
    run.relate();
    run.train();
    return run.finish();
  }

 private:
  /// The library's own part made from the options, somebody else's by default.
  template <class Part>
  [[nodiscard]] static Part part(const hint_options& o) {
    o.validate();
    if constexpr (std::same_as<Part, graph::knn>)
      return graph::knn{o.graph};
    else if constexpr (std::same_as<Part, default_tree_builder>)
      return tree::builder{tree::merge{}, tree::compress{{.height = o.tree_height}}};
    else if constexpr (std::same_as<Part, align::proxy_sampler>)
      return align::proxy_sampler{o.proxies};
    else if constexpr (std::same_as<Part, align::mmd>)
      return align::mmd{o.discrepancy};
    else if constexpr (std::same_as<Part, align::curriculum>)
      return align::curriculum{o.curriculum};
    else if constexpr (std::same_as<Part, nn::adam>)
      return nn::adam{o.adam};
    else
      return Part();
  }

  hint_options options_;
  hint_parts<Graph, Tree, Sampler, Discrepancy, Curriculum, Optimizer> parts_;
};

hint(hint_options) -> hint<>;
hint() -> hint<>;

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
