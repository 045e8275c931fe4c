// SPDX-License-Identifier: MIT
/// \file
/// HINT: hierarchical encoding tree with modality mixup for cross-modal hashing (ICLR 2026), trained
/// from pairs without labels.
#ifndef HINT_LEARN_HINT_HPP
#define HINT_LEARN_HINT_HPP

#include <concepts>
#include <utility>

#include <hint/align/concepts.hpp>
#include <hint/align/mixing_schedule.hpp>
#include <hint/align/mmd.hpp>
#include <hint/align/neighborhood_sampler.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/data/dataset.hpp>
#include <hint/graph/concepts.hpp>
#include <hint/graph/knn.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/hint_method.hpp>
#include <hint/learn/hint_model.hpp>
#include <hint/learn/hint_options.hpp>
#include <hint/learn/pair_training.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/concepts.hpp>
#include <hint/tree/builder.hpp>
#include <hint/tree/concepts.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// The tree builder that options ask for: merge to one root, compress to `height`.
using default_tree_builder =
    decltype(tree::builder{tree::merge{}, tree::compress{tree::compress_options{}}});

/// The learner. Its parts are made from the options; each can be replaced, by name, by a type of the
/// user's. Const: `fit` leaves it as it is, so one learner may train many models.
///
/// \code
/// auto model = learn::hint{{.bits = 64}}.fit(train, ctx);
/// auto other = learn::hint{{.bits = 64}}.with_sampler(my_sampler{}).with_optimizer(nn::sgd{}).fit(train);
/// \endcode
///
/// | part | concept | role |
/// |---|---|---|
/// | Graph | `relation_builder` | pairs to graph (section 4.2, Enhance) |
/// | Tree | `tree_builder` | graph to encoding tree (section 4.2, Condense) |
/// | Sampler | `proxy_sampler` | proxies (Eq. 5) |
/// | Discrepancy | `discrepancy` | lambda (Eq. 6) |
/// | Curriculum | `curriculum` | weight of the mixture (Eq. 6) |
/// | Optimizer | `optimizer` | one copy trains each network |
template <graph::relation_builder Graph = graph::knn,
          tree::tree_builder Tree = default_tree_builder,
          align::proxy_sampler Sampler = align::neighborhood_sampler,
          align::discrepancy Discrepancy = align::mmd,
          align::curriculum Curriculum = align::mixing_schedule, nn::optimizer Optimizer = nn::adam>
class hint {
 public:
  using options = hint_options;
  using parts = hint_parts<Graph, Tree, Sampler, Discrepancy, Curriculum, Optimizer>;

  /// All parts are the library's, made from the options. Throws `invalid_option`.
  explicit hint(hint_options o = {})
    requires std::same_as<hint, hint<>>
      : hint(o, made_from(o)) {}
  /// Throws `invalid_option`.
  hint(hint_options o, parts p) : options_(std::move(o)), parts_(std::move(p)) {
    options_.validate();
  }

  [[nodiscard]] const hint_options& get_options() const noexcept { return options_; }
  [[nodiscard]] const parts& get_parts() const noexcept { return parts_; }

  // ---- this learner with one part replaced; the others stay as they are ----
  template <graph::relation_builder G>
  [[nodiscard]] auto with_graph(G g) const {
    const parts& p = parts_;
    return made(std::move(g), p.tree, p.sampler, p.discrepancy, p.curriculum, p.optimizer);
  }
  template <tree::tree_builder T>
  [[nodiscard]] auto with_tree(T t) const {
    const parts& p = parts_;
    return made(p.graph, std::move(t), p.sampler, p.discrepancy, p.curriculum, p.optimizer);
  }
  template <align::proxy_sampler S>
  [[nodiscard]] auto with_sampler(S s) const {
    const parts& p = parts_;
    return made(p.graph, p.tree, std::move(s), p.discrepancy, p.curriculum, p.optimizer);
  }
  template <align::discrepancy D>
  [[nodiscard]] auto with_discrepancy(D d) const {
    const parts& p = parts_;
    return made(p.graph, p.tree, p.sampler, std::move(d), p.curriculum, p.optimizer);
  }
  template <align::curriculum C>
  [[nodiscard]] auto with_curriculum(C c) const {
    const parts& p = parts_;
    return made(p.graph, p.tree, p.sampler, p.discrepancy, std::move(c), p.optimizer);
  }
  template <nn::optimizer O>
  [[nodiscard]] auto with_optimizer(O o) const {
    const parts& p = parts_;
    return made(p.graph, p.tree, p.sampler, p.discrepancy, p.curriculum, std::move(o));
  }

  /// Trains on all pairs. Reports phases, steps and epochs to ctx.observer, which may stop it early.
  /// Time: exact neighbour searches of both modalities (a second one of each where rows repeat) and, by
  /// default, of both together; O(E log n) for the tree, `steps` batches. Memory: scaled features (dense
  /// when centred, unless they are wide, see `data::block::is_mostly_zero`), 2 n L floats of codes, the networks four
  /// times. Throws `invalid_argument` for fewer
  /// than two pairs, NaN or infinity, or several processes; `shape_error` when parts do not fit the data.
  template <data::paired_dataset D>
  [[nodiscard]] hint_model fit(const D& dataset, const context& ctx = {}) const;

 private:
  template <class... Parts>
  [[nodiscard]] hint<Parts...> made(Parts... p) const {
    return {options_, hint_parts<Parts...>{std::move(p)...}};
  }

  [[nodiscard]] static parts made_from(const hint_options& o) {
    o.validate();
    return {graph::knn{o.graph},
            tree::builder{tree::merge{}, tree::compress{{.height = o.tree_height}}},
            align::neighborhood_sampler{o.proxies},
            align::mmd{o.discrepancy},
            align::mixing_schedule{o.curriculum},
            nn::adam{o.adam}};
  }

  hint_options options_;
  parts parts_;
};

template <graph::relation_builder Graph, tree::tree_builder Tree, align::proxy_sampler Sampler,
          align::discrepancy Discrepancy, align::curriculum Curriculum, nn::optimizer Optimizer>
template <data::paired_dataset D>
hint_model hint<Graph, Tree, Sampler, Discrepancy, Curriculum, Optimizer>::fit(
    const D& dataset, const context& ctx) const {
  pair_training<Optimizer> training({.bits = options_.bits,
                                     .scaling = options_.scaling,
                                     .networks = {options_.network, options_.network},
                                     .schedule = options_.schedule,
                                     .loop = {.batch = options_.batch,
                                              .steps = options_.steps,
                                              .clip = options_.clip,
                                              .checkpoint = options_.checkpoint},
                                     .early_stopping = options_.early_stopping},
                                    dataset, {parts_.optimizer, parts_.optimizer}, ctx);
  hint_method method(options_, parts_);
  training.run(method);
  return {training.finish("HINT", method.description()), method.trust(), std::move(method.tree())};
}

#if defined(HINT_COMPILED)
HINT_EXTERN template hint_model hint<>::fit(const data::paired<>&, const context&) const;
#endif

hint(hint_options) -> hint<>;
hint() -> hint<>;

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#if defined(HINT_COMPILED)
namespace hint { inline namespace HINT_ABI { namespace io {

HINT_EXTERN template void save(const std::filesystem::path&, const learn::hint_model&, write_mode);
HINT_EXTERN template learn::mlp_hasher load(const std::filesystem::path&);

}}}  // namespace hint::HINT_ABI::io
#endif

#endif
