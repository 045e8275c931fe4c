// SPDX-License-Identifier: MIT
/// \file
/// One training run of HINT, phase by phase: what `learn::hint` does inside `fit`.
#ifndef HINT_LEARN_HINT_RUN_HPP
#define HINT_LEARN_HINT_RUN_HPP

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/align/memory_bank.hpp>
#include <hint/align/mixup.hpp>
#include <hint/align/proxy_sampler.hpp>
#include <hint/core/aligned_buffer.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/normalize.hpp>
#include <hint/graph/modality_trust.hpp>
#include <hint/graph/nearest.hpp>
#include <hint/learn/hint_model.hpp>
#include <hint/learn/hint_objective.hpp>
#include <hint/learn/hint_options.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/clip.hpp>
#include <hint/nn/mlp.hpp>

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

/// The state of one run. Call scale, relate, train and finish once each, in this order. Options,
/// parts and context must outlive it.
template <class Parts>
class hint_run {
 public:
  hint_run(const hint_options& o, const Parts& p, const context& c)
      : options(o), parts(p), ctx(c), curriculum(p.curriculum) {}

  /// Learns the scalings; rows = scaled training features.
  void scale(const std::array<data::block, 2>& raw) {
    phase p(*this, "scale");
    for (const modality m : modalities) {
      const std::size_t i = index_of(m);
      scalings[i] = data::normalizer::fit(raw[i], options.scaling[i], name_of(m), ctx);
      rows[i] = scalings[i].transform(raw[i], ctx);
    }
  }

  /// From features to trust, graph, tree and proxies.
  void relate() { relate(rows); }

  void train() {
    phase p(*this, "train");
    const std::size_t n = rows[0].rows();
    const std::size_t batch = (std::min)(options.batch, n);
    const std::size_t per_epoch = n / batch;
    const std::size_t epochs = (options.steps + per_epoch - 1) / per_epoch;
    for (const modality m : modalities)
      nets.emplace_back(rows[index_of(m)].cols(), options.bits, options.network,
                        ctx.random("weights").fork(index_of(m)));
    optimizers = {parts.optimizer, parts.optimizer};
    bank.emplace(n, options.bits);

    for (std::size_t epoch = 0; epoch < epochs && !ctx.observer.stop_requested(); ++epoch) {
      refresh_bank();
      if (options.rebuild_every > 0 && epoch > 0 && epoch % options.rebuild_every == 0)
        relate({data::block(bank->codes(image)), data::block(bank->codes(text))});
      const auto order =
          permutation(static_cast<std::uint32_t>(n), ctx.random("batches").fork(epoch));
      sums = {};
      std::size_t done = 0;
      for (; done < per_epoch && record.steps < options.steps; ++done) {
        step(std::span(order).subspan(done * batch, batch));
        if (ctx.observer.stop_requested()) break;
      }
      report(epoch, epochs, static_cast<double>((std::max<std::size_t>)(done, 1)), p.seconds());
      if (record.steps < options.steps)
        p.tell(static_cast<double>(record.steps) / static_cast<double>(options.steps));
    }
  }

  [[nodiscard]] hint_model finish() {
    mlp_hasher hasher(std::move(scalings), {std::move(nets[0]), std::move(nets[1])});
    hasher.set_description(::hint::detail::concat(
        "HINT, ", options.bits, " bits, ", rows[0].rows(), " pairs, ", record.steps,
        " steps of batch ", (std::min)(options.batch, rows[0].rows()), ", seed ", ctx.seed,
        ", trust in images ", rounded(record.trust.image_share)));
    return {std::move(hasher), std::move(record)};
  }

 private:
  /// Tells the observer when a phase begins and ends, and keeps the time.
  struct phase {
    phase(hint_run& r, std::string_view n) : owner(r), name(n) { tell(0); }
    phase(const phase&) = delete;
    phase& operator=(const phase&) = delete;
    /// An observer may throw to give up.
    ~phase() noexcept(false) {
      if (std::uncaught_exceptions() > exceptions) return;
      tell(1);
      auto& all = owner.record.seconds;
      const auto found = std::find_if(all.begin(), all.end(),
                                      [&](const auto& entry) { return entry.first == name; });
      if (found != all.end())
        found->second += seconds();
      else
        all.emplace_back(std::string(name), seconds());
    }
    void tell(double done) { owner.ctx.observer.on(phase_report{name, done, seconds(), note}); }
    [[nodiscard]] double seconds() const {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
    hint_run& owner;
    std::string_view name;
    std::string note;
    int exceptions = std::uncaught_exceptions();
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  };

  /// For people: three decimals.
  [[nodiscard]] static double rounded(double x) { return std::round(1000 * x) / 1000; }

  struct epoch_sums {
    batch_losses losses;
    std::array<double, 2> lambda{};
  };

  /// From features, or current codes, to proxies.
  void relate(const std::array<data::block, 2>& features) {
    std::array<graph::neighbor_lists, 2> lists;
    {
      phase p(*this, "graph");
      for (std::size_t m = 0; m < 2; ++m)
        lists[m] = graph::nearest(features[m], list_length(), graph::metric::cosine, ctx);
      if (!trusted) {
        record.trust = graph::measure_trust(
            features,
            {first(lists[0], options.trust.neighbors), first(lists[1], options.trust.neighbors)},
            options.trust, ctx);
        if (options.image_share) record.trust.image_share = *options.image_share;
        trusted = true;
      }
      p.note =
          ::hint::detail::concat("trust in images ", rounded(record.trust.image_share),
                                 ", agreement of the modalities ", rounded(record.trust.agreement));
    }
    bool needs_tree = true;
    if constexpr (requires { parts.sampler.needs_tree(); }) needs_tree = parts.sampler.needs_tree();
    if (needs_tree || options.keep_tree || !options.community_negatives) {
      phase p(*this, "tree");
      record.tree = parts.tree(relations(features, lists), ctx);
      const std::size_t n = features[0].rows();
      const std::size_t leaves = record.tree->leaf_count();
      expects<shape_error>(leaves == n || leaves == 2 * n, "fit: the tree has ", leaves,
                           " leaves for ", n, " pairs, expected ", n, " or ", 2 * n);
      p.note = ::hint::detail::concat(record.tree->size() - record.tree->leaf_count(),
                                      " communities over ", record.tree->leaf_count(), " leaves");
    }
    phase p(*this, "proxies");
    const tree::encoding_tree none;
    const tree::encoding_tree& t = record.tree ? *record.tree : none;
    proxies = parts.sampler(
        align::sampler_input{features, lists, t, record.trust.image_share, record.trust.own_weight},
        ctx);
    for (const auto* tables : {&proxies.same, &proxies.cross})
      for (const auto& table : *tables)
        expects<shape_error>(table && table->size() == features[0].rows(),
                             "fit: the sampler gave proxies for ", table ? table->size() : 0,
                             " items, expected ", features[0].rows());
    communities.clear();
    if (!options.community_negatives)
      for (node_id i = 0; i < features[0].rows(); ++i) communities.push_back(t.parent(i));
  }

  /// Neighbours that trust, graph or sampler want to see per item.
  [[nodiscard]] std::size_t list_length() const {
    std::size_t k = (std::max)(options.graph.neighbors, options.trust.neighbors);
    if constexpr (requires { parts.graph.get_options().neighbors; })
      k = (std::max)(k, parts.graph.get_options().neighbors);
    if constexpr (requires { parts.sampler.get_options().source; })
      if (parts.sampler.get_options().source == align::proxy_source::own_list)
        k = (std::max)(k, parts.sampler.get_options().cap);
    return k;
  }

  [[nodiscard]] relation_graph relations(const std::array<data::block, 2>& features,
                                         const std::array<graph::neighbor_lists, 2>& lists) const {
    if constexpr (requires {
                    parts.graph.from_lists(lists[0], lists[1], 0.5);
                    parts.graph.get_options().neighbors;
                    parts.graph.get_options().metric;
                  }) {
      const auto& o = parts.graph.get_options();
      const auto of = [&](std::size_t m) {  // what is at hand, when it serves
        return o.metric == graph::metric::cosine
                   ? first(lists[m], o.neighbors)
                   : graph::nearest(features[m], o.neighbors, o.metric, ctx);
      };
      return parts.graph.from_lists(of(0), of(1), record.trust.image_share);
    } else {
      return parts.graph(data::paired<>(features[0], features[1]), ctx);
    }
  }

  /// The first k of every list.
  [[nodiscard]] static graph::neighbor_lists first(const graph::neighbor_lists& lists,
                                                   std::size_t k) {
    graph::neighbor_lists out(lists.size(), k);
    for (std::size_t i = 0; i < lists.size(); ++i) out.set(i, lists[i]);
    return out;
  }

  void refresh_bank() {
    for (const modality m : modalities) {
      const std::size_t i = index_of(m);
      auto& codes = bank->codes(m);
      linalg::matrix<float> part;
      for (std::size_t first = 0; first < rows[i].rows(); first += 1024) {
        const auto count =
            static_cast<linalg::index>((std::min<std::size_t>)(1024, rows[i].rows() - first));
        part.resize(count, static_cast<linalg::index>(rows[i].cols()));
        rows[i].copy_rows(first, part);
        nets[i].forward(part, codes.middleRows(static_cast<linalg::index>(first), count),
                        ctx.executor);
      }
    }
  }

  void step(std::span<const data::row_id> items) {
    const random_stream drop = ctx.random("dropout").fork(record.steps);
    const auto b = static_cast<linalg::index>(items.size());
    const auto bits = static_cast<linalg::index>(options.bits);
    for (std::size_t m = 0; m < 2; ++m) {
      x[m].resize(b, static_cast<linalg::index>(rows[m].cols()));
      rows[m].gather(items, x[m]);
      nets[m].forward(x[m], tapes[m], drop.fork(m), ctx.executor);
      h[m] = tapes[m].output();
    }
    for (const modality m : modalities) {
      const std::size_t i = index_of(m);
      same[i].resize(b, bits);
      cross[i].resize(b, bits);
      proxies.same[i]->template average<float>(items, bank->codes(m), same[i]);
      proxies.cross[i]->template average<float>(items, bank->codes(other(m)), cross[i]);
      const double gap =
          curriculum.measures() ? modality_gap(parts.discrepancy, same[i], cross[i], h[i]) : 0.0;
      const double w = curriculum.weight(m, record.steps, options.steps, gap);
      sums.lambda[i] += w < 1 ? w / (1 - w) : 0;
      align::mix<float>(same[i], cross[i], static_cast<float>(w), options.target, targets[i]);
    }
    std::vector<std::uint32_t> groups;
    if (!communities.empty())
      for (const data::row_id i : items) groups.push_back(communities[i]);
    const batch_losses losses = objective.value_and_gradient<float>(h, targets, cross, dh, groups);
    expects<error>(std::isfinite(losses.total), "fit: the loss of step ", record.steps + 1, " is ",
                   losses.total, "; try a lower rate or scaled features");
    descend();
    for (const modality m : modalities) bank->update(m, items, h[index_of(m)]);
    ++record.steps;
    sums.losses.total += losses.total;
    sums.losses.hash += losses.hash;
    sums.losses.consistency += losses.consistency;
    ctx.observer.on(step_report{record.steps, options.steps, losses.total});
  }

  void descend() {
    std::array<std::span<float>, 2> all;
    for (std::size_t m = 0; m < 2; ++m) {
      gradients[m].resize(nets[m].parameters().size());
      nets[m].backward(x[m], dh[m], tapes[m], gradients[m], ctx.executor);
      all[m] = gradients[m];
    }
    if (options.clip > 0) nn::clip_norm<float>(all, options.clip, ctx.executor);
    for (std::size_t m = 0; m < 2; ++m)
      optimizers[m].step(nets[m].parameters(), std::span<const float>(all[m]), ctx.executor);
  }

  void report(std::size_t epoch, std::size_t epochs, double batches, double seconds) {
    epoch_report r;
    r.epoch = epoch + 1;
    r.epochs = epochs;
    r.loss = sums.losses.total / batches;
    r.hash_loss = sums.losses.hash / batches;
    r.consistency_loss = sums.losses.consistency / batches;
    r.lambda = {sums.lambda[0] / batches, sums.lambda[1] / batches};
    r.seconds = seconds;
    const auto steps = static_cast<double>((std::max<std::size_t>)(record.steps, 1));
    r.seconds_left = seconds * (static_cast<double>(options.steps) - steps) / steps;
    record.epochs.push_back(r);
    ctx.observer.on(r);
  }

  const hint_options& options;
  const Parts& parts;
  const context& ctx;
  decltype(Parts::curriculum) curriculum;
  std::array<data::normalizer, 2> scalings;
  std::array<data::block, 2> rows;
  training_record record;
  bool trusted = false;
  align::proxies proxies;
  std::vector<std::uint32_t> communities;
  hint_objective objective{align::contrastive{options.hash},
                           align::consistency{options.consistency}, options.consistency_weight};
  std::vector<nn::mlp<float>> nets;
  std::vector<decltype(Parts::optimizer)> optimizers;
  std::optional<align::memory_bank<float>> bank;
  std::array<nn::mlp<float>::tape, 2> tapes;
  per_modality<float> x, h, same, cross, targets, dh;
  std::array<aligned_buffer<float>, 2> gradients;
  epoch_sums sums;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
