// SPDX-License-Identifier: MIT
// What models the concepts of learn, and what does not.
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <vector>

#include <hint/io/archive.hpp>
#include <hint/learn/any_hasher.hpp>
#include <hint/learn/concepts.hpp>
#include <hint/learn/cvh.hpp>
#include <hint/learn/djsrh.hpp>
#include <hint/learn/any_learner.hpp>
#include <hint/learn/ensemble.hpp>
#include <hint/learn/ensemble_hasher.hpp>
#include <hint/learn/kernel_cca.hpp>
#include <hint/learn/kernel_hasher.hpp>
#include <hint/learn/hint.hpp>
#include <hint/learn/monitors.hpp>
#include <hint/nn/sgd.hpp>

namespace {

using namespace hint;
using learn::cross_modal_hasher;
using learn::learner_for;

// hashers
struct smallest_hasher {
  std::size_t bits() const;
  code_set encode(modality, const data::block&, const context&) const;
};
struct hasher_not_const {
  std::size_t bits() const;
  code_set encode(modality, const data::block&, const context&);
};
struct no_length {
  code_set encode(modality, const data::block&, const context&) const;
};
struct one_modality {
  std::size_t bits() const;
  code_set encode(const data::block&, const context&) const;
};
struct unpacked {
  std::size_t bits() const;
  std::vector<bool> encode(modality, const data::block&, const context&) const;
};
static_assert(cross_modal_hasher<learn::mlp_hasher>);
static_assert(cross_modal_hasher<learn::linear_hasher>);
static_assert(cross_modal_hasher<learn::kernel_hasher>);
static_assert(cross_modal_hasher<learn::hint_model>);
static_assert(cross_modal_hasher<learn::any_hasher>);
static_assert(cross_modal_hasher<learn::ensemble_hasher<learn::mlp_hasher>>);
static_assert(cross_modal_hasher<learn::ensemble_hasher<smallest_hasher>>);
static_assert(cross_modal_hasher<smallest_hasher>);
static_assert(!cross_modal_hasher<hasher_not_const>);
static_assert(!cross_modal_hasher<no_length>);
static_assert(!cross_modal_hasher<one_modality>);
static_assert(!cross_modal_hasher<unpacked>);
static_assert(!cross_modal_hasher<code_set>);

// learners
struct smallest_learner {
  template <data::paired_dataset D>
  smallest_hasher fit(const D&, const context&) const;
};
struct learner_not_const {
  template <data::paired_dataset D>
  smallest_hasher fit(const D&, const context&);
};
struct learns_a_number {
  template <data::paired_dataset D>
  int fit(const D&, const context&) const;
};
struct images_only {
  std::size_t size() const;
  const data::block& image() const;
};
using pairs = data::paired<>;
static_assert(learner_for<learn::hint<>, pairs>);
static_assert(learner_for<learn::cvh, pairs>);
static_assert(learner_for<learn::djsrh, pairs>);
static_assert(learner_for<learn::kernel_cca, pairs>);
static_assert(learner_for<learn::any_learner, pairs>);
static_assert(learner_for<learn::ensemble<learn::any_learner>, pairs>);
static_assert(
    !std::is_convertible_v<smallest_learner, learn::any_learner>);  // its model cannot be saved
static_assert(learner_for<learn::ensemble<learn::hint<>>, pairs>);
static_assert(learner_for<learn::ensemble<learn::cvh>, pairs>);
static_assert(learner_for<learn::ensemble<smallest_learner>, pairs>);
static_assert(learner_for<smallest_learner, pairs>);
static_assert(!learner_for<learner_not_const, pairs>);
static_assert(!learner_for<learns_a_number, pairs>);
static_assert(!learner_for<learn::hint<>, images_only>);
static_assert(!learner_for<learn::cvh, images_only>);
static_assert(!learner_for<learn::ensemble<learn::hint<>>, images_only>);
static_assert(!learner_for<learn::mlp_hasher, pairs>);

// files
static_assert(io::savable<learn::mlp_hasher> && io::loadable<learn::mlp_hasher>);
static_assert(io::savable<learn::linear_hasher> && io::loadable<learn::linear_hasher>);
static_assert(io::savable<learn::hint_model>);
static_assert(!io::loadable<learn::hint_model>);  // its record is not saved
using learn::ensemble_hasher;
static_assert(io::savable<ensemble_hasher<learn::mlp_hasher>>);
static_assert(io::loadable<ensemble_hasher<learn::mlp_hasher>>);
static_assert(io::savable<ensemble_hasher<learn::hint_model>>);
static_assert(!io::loadable<ensemble_hasher<learn::hint_model>>);
static_assert(!io::savable<ensemble_hasher<smallest_hasher>>);

// any model
static_assert(io::savable<learn::any_hasher> && io::loadable<learn::any_hasher>);
static_assert(std::copyable<learn::any_hasher>);
static_assert(learn::storable_hasher<learn::any_hasher>);
static_assert(learn::named_hasher<learn::any_hasher>);  // as a member of an ensemble
static_assert(learn::named_hasher<learn::kernel_hasher>);
static_assert(learn::named_hasher<ensemble_hasher<learn::any_hasher>>);
static_assert(learn::named_hasher<learn::mlp_hasher>);
static_assert(learn::named_hasher<learn::linear_hasher>);
static_assert(learn::named_hasher<ensemble_hasher<learn::linear_hasher>>);
static_assert(std::is_convertible_v<learn::hint_model, learn::any_hasher>);
static_assert(std::is_convertible_v<ensemble_hasher<learn::hint_model>, learn::any_hasher>);
static_assert(!std::is_convertible_v<smallest_hasher, learn::any_hasher>);  // cannot be saved
static_assert(!std::is_convertible_v<code_set, learn::any_hasher>);

// parts
struct own_sampler {
  align::proxies operator()(const align::sampler_input&, const context&) const;
};
static_assert(std::is_same_v<decltype(learn::hint{}), learn::hint<>>);
static_assert(std::is_same_v<decltype(learn::hint{learn::hint_options{}}), learn::hint<>>);
static_assert(
    std::is_same_v<
        decltype(learn::hint{{.bits = 16}}.with_graph(graph::knn{}).with_tree(tree::builder{})),
        learn::hint<>>);
static_assert(std::is_same_v<decltype(learn::hint{{.bits = 16}}.with_sampler(own_sampler{})),
                             learn::hint<graph::knn, learn::default_tree_builder, own_sampler>>);
static_assert(
    std::is_same_v<decltype(learn::hint{}.with_optimizer(nn::sgd{}).with_sampler(own_sampler{})),
                   learn::hint<graph::knn, learn::default_tree_builder, own_sampler, align::mmd,
                               align::mixing_schedule, nn::sgd>>);

// methods
using pair_trainer = learn::trainer<nn::mlp<float>, nn::adam>;
struct smallest_method {
  double cost(pair_trainer&);
};
struct costs_nothing {
  void cost(pair_trainer&);
};
static_assert(learn::training_method<smallest_method, pair_trainer>);
static_assert(learn::training_method<learn::djsrh_method, pair_trainer>);
static_assert(learn::training_method<learn::hint_method<learn::hint<>::parts>, pair_trainer>);
static_assert(!learn::training_method<costs_nothing, pair_trainer>);

// observers
static_assert(observer<learn::early_stop> && observer<learn::best_so_far>);

}  // namespace
