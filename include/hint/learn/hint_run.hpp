// SPDX-License-Identifier: MIT
/// \file
/// One training run of HINT, phase by phase. Included by hint.hpp.
#ifndef HINT_LEARN_HINT_RUN_HPP
#define HINT_LEARN_HINT_RUN_HPP

#include <hint/learn/hint.hpp>

namespace hint::inline HINT_ABI::inline HINT_EIGEN_ABI::learn {

template <class Graph, class Tree, class Sampler, class Discrepancy, class Curriculum,
          class Optimizer>
  requires graph::relation_builder<Graph> && tree::tree_builder<Tree> &&
           align::proxy_sampler_like<Sampler> && align::discrepancy<Discrepancy> &&
           align::curriculum_like<Curriculum> && nn::optimizer<Optimizer>
struct hint<Graph, Tree, Sampler, Discrepancy, Curriculum, Optimizer>::run {
  run(const hint& l, const context& c)
      : learner(l), options(l.options_), ctx(c), curriculum(l.curriculum_) {}

  /// Learns the scalings; rows = scaled training features.
  void scale(const std::array<data::block, 2>& raw) {
    phase p(*this, "scale");
    for (const modality m : modalities) {
      const std::size_t i = index_of(m);
      scalings[i] = data::normalizer::fit(raw[i], options.scaling[i], name_of(m), ctx);
      rows[i] = scalings[i].transform(raw[i], ctx);
    }
  }

  /// From features (or current codes) to proxies.
  void relate(const std::array<data::block, 2>& features) {
    std::array<graph::neighbor_lists, 2> lists;
    {
      phase p(*this, "graph");
      const std::size_t k =
          (std::max)({options.graph.neighbors, options.trust.neighbors, list_length()});
      for (std::size_t m = 0; m < 2; ++m)
        lists[m] = graph::nearest(features[m], k, options.graph.metric, ctx);
      if (!trusted) {
        record.trust = graph::measure_trust(features, lists, options.trust, ctx);
        if (options.image_share) record.trust.image_share = *options.image_share;
        trusted = true;
      }
      p.note = ::hint::detail::concat("trust in images ", record.trust.image_share,
                                      ", agreement of the modalities ", record.trust.agreement);
    }
    bool needs_tree = true;
    if constexpr (requires { learner.sampler_.needs_tree(); })
      needs_tree = learner.sampler_.needs_tree();
    if (needs_tree || options.keep_tree || !options.community_negatives) {
      phase p(*this, "tree");
      record.tree = learner.tree_(relations(features, lists), ctx);
      p.note = ::hint::detail::concat(record.tree->size() - record.tree->leaf_count(),
                                      " communities over ", record.tree->leaf_count(), " leaves");
    }
    phase p(*this, "proxies");
    const tree::encoding_tree none;
    const tree::encoding_tree& t = record.tree ? *record.tree : none;
    proxies = learner.sampler_(
        align::sampler_input{features, lists, t, record.trust.image_share, record.trust.own_weight},
        ctx);
    communities.clear();
    if (!options.community_negatives)
      for (node_id i = 0; i < features[0].rows(); ++i) communities.push_back(t.parent(i));
  }

  void train() {
    phase p(*this, "train");
    const std::size_t n = rows[0].rows();
    const std::size_t batch = (std::min)(options.batch, n);
    const std::size_t per_epoch = n / batch;
    const std::size_t epochs = (options.steps + per_epoch - 1) / per_epoch;
    for (const modality m : modalities)
      nets.emplace_back(rows[index_of(m)].cols(), options.bits, options.network,
                        ctx.random("weights").fork(index_of(m)));
    optimizers = {learner.optimizer_, learner.optimizer_};
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
      p.tell(static_cast<double>(record.steps) / static_cast<double>(options.steps));
    }
  }

  [[nodiscard]] hint_model finish() {
    mlp_hasher hasher(std::move(scalings), {std::move(nets[0]), std::move(nets[1])});
    hasher.set_description(::hint::detail::concat(
        "HINT, ", options.bits, " bits, ", rows[0].rows(), " pairs, ", record.steps,
        " steps of batch ", (std::min)(options.batch, rows[0].rows()), ", seed ", ctx.seed,
        ", trust in images ", record.trust.image_share));
    return {std::move(hasher), std::move(record)};
  }

  const hint& learner;
  const hint_options& options;
  const context& ctx;
  std::array<data::normalizer, 2> scalings;
  std::array<data::block, 2> rows;

 private:
  /// Tells the observer when a phase begins and ends, and keeps the time.
  struct phase {
    phase(run& r, std::string_view n) : owner(r), name(n) { tell(0); }
    phase(const phase&) = delete;
    phase& operator=(const phase&) = delete;
    ~phase() {
      owner.ctx.observer.on(phase_report{name, 1, seconds(), note});
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
    run& owner;
    std::string_view name;
    std::string note;
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  };

  struct epoch_sums {
    batch_losses losses;
    std::array<double, 2> lambda{};
  };

  /// Neighbours that the sampler wants to see per item.
  [[nodiscard]] std::size_t list_length() const {
    if constexpr (requires { learner.sampler_.get_options(); })
      if (learner.sampler_.get_options().source == align::proxy_source::own_list)
        return learner.sampler_.get_options().cap;
    return 1;
  }

  [[nodiscard]] relation_graph relations(const std::array<data::block, 2>& features,
                                         const std::array<graph::neighbor_lists, 2>& lists) const {
    if constexpr (requires { learner.graph_.from_lists(lists[0], lists[1], 0.5); })
      return learner.graph_.from_lists(lists[0], lists[1], record.trust.image_share);
    else
      return learner.graph_(data::paired<>(features[0], features[1]), ctx);
  }

  void refresh_bank() {
    for (const modality m : modalities) {
      const std::size_t i = index_of(m);
      auto& codes = bank->codes(m);
      linalg::matrix<float> part;
      for (std::size_t first = 0; first < rows[i].rows(); first += 1024) {
        const auto count = static_cast<linalg::index>((std::min<std::size_t>)(
            1024, rows[i].rows() - first));
        part.resize(count, static_cast<linalg::index>(rows[i].cols()));
        rows[i].copy_rows(first, part);
        nets[i].forward(part, codes.middleRows(static_cast<linalg::index>(first), count), ctx.executor);
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
      const double gap = curriculum.measures()
                             ? modality_gap(learner.discrepancy_, same[i], cross[i], h[i])
                             : 0.0;
      const double w = curriculum.weight(m, record.steps, options.steps, gap);
      sums.lambda[i] += w < 1 ? w / (1 - w) : 0;
      align::mix<float>(same[i], cross[i], static_cast<float>(w), options.target, targets[i]);
    }
    std::vector<std::uint32_t> groups;
    if (!communities.empty())
      for (const data::row_id i : items) groups.push_back(communities[i]);
    const batch_losses losses =
        objective.value_and_gradient<float>(h, targets, cross, dh, groups);
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

  Curriculum curriculum;
  training_record record;
  bool trusted = false;
  align::proxies proxies;
  std::vector<std::uint32_t> communities;
  hint_objective objective{align::contrastive{options.hash}, align::consistency{options.consistency},
                           options.consistency_weight};
  std::vector<nn::mlp<float>> nets;
  std::vector<Optimizer> optimizers;
  std::optional<align::memory_bank<float>> bank;
  std::array<nn::mlp<float>::tape, 2> tapes;
  per_modality<float> x, h, same, cross, targets, dh;
  std::array<aligned_buffer<float>, 2> gradients;
  epoch_sums sums;
};

}  // namespace hint::inline HINT_ABI::inline HINT_EIGEN_ABI::learn

#endif
