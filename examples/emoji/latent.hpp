// SPDX-License-Identifier: MIT
/// \file
/// Latent semantic analysis (Deerwester et al., 1990): texts as points in the few directions in which
/// the training texts differ most. Words that occur together, also words for one thing in several
/// languages, fall together, so that a single word says as much as a whole description.
#ifndef EMOJI_LATENT_HPP
#define EMOJI_LATENT_HPP

#include <cstddef>
#include <cstdint>
#include <utility>

#include "image_features.hpp"
#include "vocabulary.hpp"

namespace emoji {

class latent_space {
 public:
  latent_space() = default;
  /// The first `dimensions` right singular vectors of `texts`, by randomised subspace iteration (Halko,
  /// Martinsson, Tropp, 2011); at most as many as there are texts or terms. Same seed, same bits.
  latent_space(const sparse& texts, std::size_t dimensions, std::uint64_t seed);
  /// terms x dimensions.
  explicit latent_space(dense directions) : directions_(std::move(directions)) {}

  [[nodiscard]] const dense& directions() const noexcept { return directions_; }
  /// One row per text. Throws `hint::shape_error` for another vocabulary's rows.
  [[nodiscard]] dense operator()(const sparse& texts) const;

 private:
  dense directions_;
};

}  // namespace emoji

#endif
