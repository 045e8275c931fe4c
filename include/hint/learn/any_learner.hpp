// SPDX-License-Identifier: MIT
/// \file
/// A learner whatever its type: for ensembles of several methods, and for programs that choose one at run time.
#ifndef HINT_LEARN_ANY_LEARNER_HPP
#define HINT_LEARN_ANY_LEARNER_HPP

#include <concepts>
#include <memory>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/data/block.hpp>
#include <hint/data/dataset.hpp>
#include <hint/learn/any_hasher.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Holds any learner of pairs whose models `any_hasher` can hold, and is one. Copies share the learner, which nothing
/// changes; const use is thread-safe.
class any_learner {
  template <class L>
  static constexpr bool learns_pairs =
      requires(const L& l, const data::paired<>& pairs, const context& ctx) {
        { l.fit(pairs, ctx) } -> std::convertible_to<any_hasher>;
      };

 public:
  template <class L>
    requires(!std::same_as<L, any_learner> && std::copy_constructible<L> && learns_pairs<L>)
  any_learner(L learner)  // NOLINT: implicit on purpose
      : learner_(std::make_shared<const holder<L>>(std::move(learner))) {}

  /// What the learner trains. Reports and throws as it does.
  template <data::paired_dataset D>
  [[nodiscard]] any_hasher fit(const D& dataset, const context& ctx = {}) const {
    return learner_->fit(
        data::paired<>(data::as_block(dataset.image()), data::as_block(dataset.text())), ctx);
  }
  /// The learner itself when it is an L, else null.
  template <class L>
  [[nodiscard]] const L* get_if() const noexcept {
    const auto* found = dynamic_cast<const holder<L>*>(learner_.get());
    return found == nullptr ? nullptr : &found->value;
  }

 private:
  struct base {
    virtual ~base() = default;
    [[nodiscard]] virtual any_hasher fit(const data::paired<>& pairs, const context& ctx) const = 0;
  };
  template <class L>
  struct holder final : base {
    explicit holder(L learner) : value(std::move(learner)) {}
    any_hasher fit(const data::paired<>& pairs, const context& ctx) const override {
      return value.fit(pairs, ctx);
    }
    L value;
  };

  std::shared_ptr<const base> learner_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
