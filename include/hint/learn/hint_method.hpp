// SPDX-License-Identifier: MIT
/// \file
/// HINT as a training method: neighbours, trust, graph, tree and proxies before training, mixed targets
/// and the objective on every batch (paper, section 4). What trains it is `learn::trainer`.
#ifndef HINT_LEARN_HINT_METHOD_HPP
#define HINT_LEARN_HINT_METHOD_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <vector>

#include <hint/align/concepts.hpp>
#include <hint/align/memory_bank.hpp>
#include <hint/align/mixup.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/data/dataset.hpp>
#include <hint/graph/concepts.hpp>
#include <hint/graph/modality_trust.hpp>
#include <hint/graph/neighborhoods.hpp>
#include <hint/learn/checkpoint/hint_settings.hpp>
#include <hint/learn/hint_objective.hpp>
#include <hint/learn/hint_options.hpp>
#include <hint/learn/training_record.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// The replaceable parts of HINT, see `learn::hint`.
template <class Graph, class Tree, class Sampler, class Discrepancy, class Curriculum,
          class Optimizer>
struct hint_parts {
  Graph graph;
  Tree tree;
  Sampler sampler;
  Discrepancy discrepancy;
  Curriculum curriculum;
  Optimizer optimizer;
};

/// A `training_method` for networks 0 (images) and 1 (texts). Options and parts must outlive it.
template <class Parts>
class hint_method {
  using curriculum = decltype(Parts::curriculum);
  static constexpr bool stateless = std::is_empty_v<curriculum>;

 public:
  hint_method(const hint_options& o, const Parts& parts)
      : options_(o), parts_(parts), curriculum_(parts.curriculum) {}

  [[nodiscard]] const graph::modality_trust& trust() const noexcept { return *trust_; }
  [[nodiscard]] std::optional<tree::encoding_tree>& tree() noexcept { return tree_; }

  /// Appended to the model's description: the trust in images.
  [[nodiscard]] std::string description() const {
    return ::hint::detail::concat(", trust in images ", rounded(trust_->image_weight));
  }

  /// From features to trust, graph, tree and proxies.
  template <class Trainer>
  void begin(Trainer& t) {
    relate(t, {t.rows(0), t.rows(1)});
    bank_.emplace(t.items(), options_.bits);
  }

  /// Evaluates the networks on all items before the first step: from then on the bank has what they gave in the
  /// item's last batch. HINT-ITER evaluates them again where it relates the items anew, by their codes.
  template <class Trainer>
  void begin_epoch(Trainer& t) {
    const bool anew =
        options_.rebuild_every > 0 && t.epoch() > 0 && t.epoch() % options_.rebuild_every == 0;
    if (t.epoch() == 0 || anew)
      for (const modality m : modalities) t.infer(index_of(m), bank_->codes(m));
    if (!anew) return;
    related_ = {data::block(bank_->codes(image)), data::block(bank_->codes(text))};
    relate(t, related_);
  }

  /// Eq. 11 on one batch, with targets mixed from the proxies' codes (Eq. 5 and 6).
  template <class Trainer>
  double cost(Trainer& t) {
    std::array passes{&t.forward(0), &t.forward(1)};
    const auto items = t.batch();
    const executor_ref& e = t.get_context().executor;
    for (std::size_t m = 0; m < 2; ++m) h_[m] = passes[m]->output();
    const auto average = [&](const align::proxy_table& table, modality m, auto& out) {
      out.resize(h_[0].rows(), h_[0].cols());
      table.average<float>(items, bank_->codes(m), out, e);
    };
    for (const modality m : modalities) average(*proxies_.same[index_of(m)], m, same_[index_of(m)]);
    for (const modality m : modalities) {
      const auto& table = proxies_.cross[index_of(m)];
      // As a rule an image's proxies among texts are those that its text has.
      if (table == proxies_.same[index_of(other(m))])
        cross_[index_of(m)] = same_[index_of(other(m))];
      else
        average(*table, other(m), cross_[index_of(m)]);
    }
    for (const modality m : modalities) {
      const std::size_t i = index_of(m);
      // By majority all items would soon share a single bit, so there the mean of the batch decides.
      if (options_.bits == 1)
        for (auto* codes : {&same_[i], &cross_[i]}) codes->array() -= codes->mean();
      const double gap = curriculum_.measures()
                             ? modality_gap(parts_.discrepancy, same_[i], cross_[i], h_[i], e)
                             : 0.0;
      const double w = curriculum_.weight(m, t.step(), t.steps(), gap);
      t.term(m == image ? "lambda image" : "lambda text", w < 1 ? w / (1 - w) : 0);
      align::mix<float>(same_[i], cross_[i], static_cast<float>(w), options_.target, targets_[i]);
    }
    t.part("targets");
    groups_.clear();
    if (!communities_.empty())
      for (const data::row_id i : items) groups_.push_back(communities_[i]);
    const batch_losses losses =
        objective_.value_and_gradient<float>(h_, targets_, cross_, gradients_, groups_, e);
    for (std::size_t m = 0; m < 2; ++m) t.backward(*passes[m], gradients_[m]);
    t.term("hash loss", losses.hash);
    t.term("consistency loss", losses.consistency);
    if (options_.granularity > 0) t.term("pair loss", losses.pair);
    return losses.total;
  }

  template <class Trainer>
  void end_step(Trainer& t) {
    for (const modality m : modalities) bank_->update(m, t.batch(), h_[index_of(m)]);
  }

  // For checkpoints: the curriculum, the bank and, for HINT-ITER, the codes by which items are related now. The
  // rest follows from the features and from the networks.
  template <class Writer>
    requires(stateless || requires(const curriculum& c, Writer& to) { c.write(to, ""); })
  void write(Writer& to) const {
    if constexpr (!stateless) curriculum_.write(to, "curriculum");
    const auto put = [&](const char* what, modality m, const data::block& codes) {
      to.array(name_of_codes(what, m), std::span(codes.dense().data(), codes.rows() * codes.cols()),
               codes.rows(), codes.cols());
    };
    for (const modality m : modalities) {
      put("bank", m, data::block::borrow(bank_->codes(m)));
      if (related_[index_of(m)].rows() > 0) put("related", m, related_[index_of(m)]);
    }
  }
  template <class Reader, class Trainer>
    requires(stateless || requires(curriculum& c, const Reader& from) { c.read(from, ""); })
  void read(const Reader& from, Trainer& t) {
    if constexpr (!stateless) curriculum_.read(from, "curriculum");
    const auto get = [&](const char* what, modality m) {
      const std::string name = name_of_codes(what, m);
      const auto codes = from.template array<float>(name);
      from.require(from.rows(name) == t.items() && from.cols(name) == options_.bits, "array '",
                   name, "' is ", from.rows(name), " x ", from.cols(name), ", expected ", t.items(),
                   " x ", options_.bits);
      return linalg::matrix<float>(Eigen::Map<const linalg::matrix<float>>(
          codes.data(), bank_->codes(m).rows(), bank_->codes(m).cols()));
    };
    const bool anew = from.has_array(name_of_codes("related", image));
    for (const modality m : modalities) {
      bank_->codes(m) = get("bank", m);
      if (anew) related_[index_of(m)] = data::block(get("related", m));
    }
    if (anew) relate(t, related_);
  }
  [[nodiscard]] std::map<std::string, std::string> settings() const {
    std::map<std::string, std::string> all = detail::settings_of(options_);
    all.emplace("parts", typeid(Parts).name());
    return all;
  }

 private:
  [[nodiscard]] static std::string name_of_codes(const char* what, modality m) {
    return ::hint::detail::concat(what, ".", name_of(m));
  }
  /// For people: three decimals.
  [[nodiscard]] static double rounded(double x) { return std::round(1000 * x) / 1000; }

  /// From features, or current codes, to proxies.
  template <class Trainer>
  void relate(Trainer& t, const std::array<data::block, 2>& features) {
    const context& ctx = t.get_context();
    graph::neighborhoods neighbors(features, ctx, options_.graph.search);
    neighbors.announce((std::max)(options_.graph.neighbors, options_.trust.neighbors));
    if constexpr (graph::list_relation_builder<decltype(parts_.graph)>)
      neighbors.announce(parts_.graph.neighbors());
    if constexpr (align::announces_neighbors<decltype(parts_.sampler)>)
      neighbors.announce(parts_.sampler.neighbors());
    {
      phase p(t.record(), ctx, "graph");
      for (const modality m : modalities) (void)neighbors.longest(m);
      if (ctx.observer.stop_requested()) {  // no step follows, so nothing is to be related
        if (!trust_) trust_.emplace();
        return;
      }
      if (!trust_) {
        graph::trust_options trust = options_.trust;
        trust.search = options_.graph.search;
        const std::size_t k = trust.neighbors;
        trust_ = graph::measure_trust(
            features, {neighbors.nearest(image, k), neighbors.nearest(text, k)}, trust, ctx);
        if (options_.image_weight) trust_->image_weight = *options_.image_weight;
      }
      p.note(::hint::detail::concat("trust in images ", rounded(trust_->image_weight),
                                    ", agreement of the modalities ", rounded(trust_->agreement),
                                    "; neighbours: images ", neighbors.found(image).text(),
                                    ", texts ", neighbors.found(text).text()));
    }
    if (ctx.observer.stop_requested()) return;
    const std::size_t n = t.items();
    bool needs_tree = true;
    if constexpr (align::may_need_no_tree<decltype(parts_.sampler)>)
      needs_tree = parts_.sampler.needs_tree();
    if (needs_tree || options_.keep_tree || !options_.community_negatives) {
      phase p(t.record(), ctx, "tree");
      tree_ = parts_.tree(relations(features, neighbors, ctx), ctx);
      const std::size_t leaves = tree_->leaf_count();
      expects<shape_error>(leaves == n || leaves == 2 * n, "fit: the tree has ", leaves,
                           " leaves for ", n, " pairs, expected ", n, " or ", 2 * n);
      p.note(
          ::hint::detail::concat(tree_->size() - leaves, " communities over ", leaves, " leaves"));
    }
    if (ctx.observer.stop_requested()) return;
    const phase p(t.record(), ctx, "proxies");
    const tree::encoding_tree none;
    const tree::encoding_tree& tree = tree_ ? *tree_ : none;
    proxies_ = parts_.sampler(
        align::sampler_input{features, neighbors, tree, trust_->image_weight, trust_->self_weight},
        ctx);
    for (const auto* tables : {&proxies_.same, &proxies_.cross})
      for (const auto& table : *tables)
        expects<shape_error>(table && table->size() == n && table->rows() <= n,
                             "fit: the sampler gave proxies for ", table ? table->size() : 0,
                             " items from rows below ", table ? table->rows() : 0, ", expected ", n,
                             " of both");
    communities_.clear();
    if (!options_.community_negatives)
      for (node_id i = 0; i < n; ++i) communities_.push_back(tree.parent(i));
  }

  [[nodiscard]] relation_graph relations(const std::array<data::block, 2>& features,
                                         const graph::neighborhoods& neighbors,
                                         const context& ctx) const {
    const auto& builder = parts_.graph;
    if constexpr (graph::list_relation_builder<decltype(parts_.graph)>)
      return builder.from_lists(neighbors.nearest(image, builder.neighbors(), builder.metric()),
                                neighbors.nearest(text, builder.neighbors(), builder.metric()),
                                trust_->image_weight);
    else
      return builder(data::paired<>(features[0], features[1]), ctx);
  }

  const hint_options& options_;
  const Parts& parts_;
  curriculum curriculum_;
  std::optional<graph::modality_trust> trust_;
  std::optional<tree::encoding_tree> tree_;
  align::proxies proxies_;
  std::vector<std::uint32_t> communities_, groups_;  // of items and of a batch, where they count
  std::array<data::block, 2> related_;  // codes that items were related by; none: features
  std::optional<align::memory_bank<float>> bank_;
  hint_objective objective_{align::contrastive{options_.hash},
                            align::consistency{options_.consistency}, options_.consistency_weight,
                            align::contrastive{options_.pair}, options_.granularity};
  per_modality<float> h_, same_, cross_, targets_, gradients_;  // of a batch, kept for their memory
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
