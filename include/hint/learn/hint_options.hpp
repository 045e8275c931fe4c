// SPDX-License-Identifier: MIT
/// \file
/// All choices of HINT in one aggregate, and the presets.
#ifndef HINT_LEARN_HINT_OPTIONS_HPP
#define HINT_LEARN_HINT_OPTIONS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <hint/align/consistency.hpp>
#include <hint/align/contrastive.hpp>
#include <hint/align/mixing_schedule.hpp>
#include <hint/align/mixup.hpp>
#include <hint/align/mmd.hpp>
#include <hint/align/neighborhood_sampler.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/data/normalize.hpp>
#include <hint/graph/knn.hpp>
#include <hint/graph/modality_trust.hpp>
#include <hint/learn/checkpoint_options.hpp>
#include <hint/learn/early_stopping_options.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/schedule.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// The defaults are the preset `fused`. Nothing in here was chosen per data set.
struct hint_options {
  std::size_t bits = 64;  ///< L; 1 .. 16384 (paper: 16 .. 128)

  /// Scaling of image and text features, learnt on the training rows; for rows that are multiples
  /// of one see `scale_rows`.
  std::array<data::scaling, 2> scaling{data::scaling::centered_l2, data::scaling::centered_l2};

  /// The relation graph (section 4.2). Five neighbours also serve the trust.
  /// Its image_weight is not looked at: the trust below takes its place.
  graph::knn_options graph{.neighbors = 5, .vertices = graph::vertices::pairs};
  /// g: trust in images against texts; empty: measured without labels (graph::measure_trust).
  std::optional<double> image_weight = {};
  graph::trust_options trust = {};
  std::size_t tree_height = 3;  ///< root, community, sub-community, leaf; 2 .. 64
  bool keep_tree = true;        ///< build the tree for the record even when nothing needs it

  align::proxy_options proxies = {};                     ///< Eq. 5
  align::target_kind target = align::target_kind::sign;  ///< Eq. 6
  align::mixing_schedule_options curriculum{.kind = align::mixing_kind::fixed,
                                            .start = 0.5};  ///< w
  align::mmd_options discrepancy = {};                      ///< lambda of Eq. 6
  align::contrastive_options hash = {};                     ///< Eq. 7
  bool community_negatives = true;  ///< false: members of one lowest community repel no more
  align::consistency_options consistency = {};  ///< Eq. 9
  double consistency_weight = 0;  ///< of Eq. 10 in the sum; 0 .. 1000 (paper: 1, implicitly)
  /// From categories (0, the paper) to instances (1): the share of the own pair in the loss, against all
  /// that neighbours say. See the preset `instances`.
  double granularity = 0;
  align::contrastive_options pair{.temperature = 0.1};  ///< between the codes of a pair

  nn::mlp_options network = {};  ///< hidden 512 (paper, E.3), ReLU, dropout 0.5
  nn::adam_options adam{.rate = 1e-3};
  std::optional<nn::schedule_options> schedule = {};  ///< of the rate, in place of adam.rate
  double clip = 1;          ///< bound on the norm of all gradients; 0: none
  std::size_t batch = 256;  ///< |B|; at most the number of pairs is used; 2 .. 65536
  std::size_t steps = 400;  ///< budget of optimiser steps, not epochs; 0 .. 10^9
  std::size_t rebuild_every =
      0;  ///< HINT-ITER: epochs after which graph, tree and proxies are made
          ///< anew from current codes; 0: static tree (paper's default)
  early_stopping_options early_stopping = {};  ///< none as it comes: all steps are taken
  checkpoint_options checkpoint = {};          ///< none as it comes

  /// Throws `invalid_option` naming the field, its value and its bounds.
  void validate() const {
    option_in("bits", bits, 1, max_bits);
    graph.validate();
    if (image_weight) option_in("image_weight", *image_weight, 0, 1);
    trust.validate();
    option_in("tree_height", tree_height, 2, 64);
    proxies.validate();
    curriculum.validate();
    discrepancy.validate();
    hash.validate();
    consistency.validate();
    option_in("consistency_weight", consistency_weight, 0, 1000);
    option_in("granularity", granularity, 0, 1);
    pair.validate();
    network.validate();
    adam.validate();
    if (schedule) schedule->validate();
    option_in("clip", clip, 0, 1e30);
    option_in("batch", batch, 2, 65536);
    option_in("steps", steps, 0, 1000000000);
    option_in("rebuild_every", rebuild_every, 0, 1000000);
    early_stopping.validate();
    checkpoint.validate();
  }

  /// Proxies from fused lists of 20 neighbours: the default, since it leads our tables.
  [[nodiscard]] static hint_options fused(std::size_t bits = 64) {
    hint_options o;
    o.bits = bits;
    return o;
  }
  /// Proxies from the encoding tree over pairs, edges weighted by measured trust: up to 20 nearest
  /// members of the lowest community.
  [[nodiscard]] static hint_options tree(std::size_t bits = 64) {
    hint_options o = fused(bits);
    o.proxies.source = align::proxy_source::tree;
    return o;
  }
  /// For finding one item, not some of its kind: codes of a pair are also to be nearest to each other, and
  /// longer; wide networks with much dropout, as single pairs are sooner learnt by heart than topics. Takes
  /// four times the time of `fused` and can cost MAP: docs/rationale.md has the figures. Several such networks
  /// side by side find more: `learn::instances`.
  [[nodiscard]] static hint_options instances(std::size_t bits = 256) {
    hint_options o = fused(bits);
    o.granularity = 0.3;
    o.network.hidden = {2048};
    o.network.dropout = 0.7;
    return o;
  }
  /// The paper to the letter, where it has letters: a tree over samples (k = 3, pair edges of weight
  /// 1), all members of the lowest community, tanh targets, MMD curriculum, consistency loss, no
  /// dropout. What it leaves open (optimiser, batch, budget) is as in the other presets.
  [[nodiscard]] static hint_options paper(std::size_t bits = 64) {
    hint_options o = ablation(5, bits);
    o.graph.neighbors = 3;
    o.graph.pair_weight = 1;
    o.proxies.pick = align::community_pick::all;
    o.target = align::target_kind::tanh;
    o.network.dropout = 0;
    return o;
  }
  /// The ladder of the paper's Table 2 with what works on real data (sign targets, dropout, nearest
  /// members) on every variant: 1 = V1, target from the pair alone; 2 = V2, neighbour lists without tree,
  /// plain mean; 3 = V3, tree over samples, plain mean of both modalities' proxies; 4 = V4, MMD
  /// curriculum, no consistency loss; 5 = full. Throws `invalid_option` for other variants.
  [[nodiscard]] static hint_options ablation(std::size_t variant, std::size_t bits = 64) {
    option_in("variant", variant, 1, 5);
    hint_options o = fused(bits);
    o.image_weight = 0.5;
    o.graph.vertices = graph::vertices::samples;
    o.proxies = {.max_members = 5, .self_weight = 0};
    o.proxies.source = variant == 1   ? align::proxy_source::pair
                       : variant == 2 ? align::proxy_source::modality_lists
                                      : align::proxy_source::tree;
    if (variant == 1) o.curriculum.start = 0;  // the target of an image is the code of its text
    if (variant == 2) o.proxies.self_weight = 0.2;  // as much as each of the five
    if (variant >= 4) o.curriculum.kind = align::mixing_kind::measured_gap;
    if (variant >= 5) o.consistency_weight = 1;
    return o;
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
