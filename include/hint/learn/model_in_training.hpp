// SPDX-License-Identifier: MIT
/// \file
/// What an observer of training may do with the model as it stands after an epoch.
#ifndef HINT_LEARN_MODEL_IN_TRAINING_HPP
#define HINT_LEARN_MODEL_IN_TRAINING_HPP

#include <cstddef>
#include <span>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/observer.hpp>
#include <hint/data/block.hpp>

namespace hint { inline namespace HINT_ABI {

/// Declared in core/observer.hpp, whose reports point to it; valid during the report alone.
class model_in_training {
 public:
  model_in_training() = default;
  model_in_training(const model_in_training&) = delete;
  model_in_training& operator=(const model_in_training&) = delete;
  virtual ~model_in_training() = default;

  /// How many networks are trained: those of images and texts, then the method's own, if any.
  [[nodiscard]] virtual std::size_t networks() const = 0;
  /// The parameters of a network. They may be copied and, at the end of training, overwritten.
  [[nodiscard]] virtual std::span<float> parameters(std::size_t network) = 0;
  /// Codes of features as they are before any scaling, as the finished model would give them. Throws as
  /// `cross_modal_hasher` does.
  [[nodiscard]] virtual code_set encode(modality m, const data::block& rows,
                                        const context& ctx) const = 0;
};

}}  // namespace hint::HINT_ABI

#endif
