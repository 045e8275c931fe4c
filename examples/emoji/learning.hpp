// SPDX-License-Identifier: MIT
/// \file
/// From emoji to what a learner takes, and from codes to figures.
#ifndef EMOJI_LEARNING_HPP
#define EMOJI_LEARNING_HPP

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/context.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/data/dataset.hpp>
#include <hint/learn/concepts.hpp>

#include "catalogue.hpp"
#include "image_features.hpp"
#include "latent.hpp"
#include "page.hpp"
#include "split.hpp"
#include "vocabulary.hpp"

namespace emoji {

/// Name and keywords of an item in one language (its number in the catalogue) or in all.
[[nodiscard]] std::string description(const item& it, std::size_t language);
[[nodiscard]] std::string description(const item& it);

/// What the networks see: one row per emoji. Scales, words and their weights are learnt from the
/// training items alone.
struct features {
  features(const catalogue& emoji, const dense& raw_images, std::span<const std::uint32_t> training,
           std::uint64_t seed);

  /// Any text, in the form in which the networks take it.
  [[nodiscard]] hint::data::block vectors(std::span<const std::string> texts) const {
    return latent(words.vectors(texts));
  }
  /// The training items as pairs.
  [[nodiscard]] hint::data::paired<> pairs(std::span<const std::uint32_t> training) const {
    return {image(training), text(training)};
  }

  vocabulary words;
  latent_space latent;
  hint::data::block image;
  hint::data::block text;
};

/// The codes of all emoji.
struct all_codes {
  hint::code_set image;
  hint::code_set text;
};
template <hint::learn::cross_modal_hasher Model>
[[nodiscard]] all_codes encode(const Model& model, const features& f, const hint::context& ctx) {
  return {model.encode(hint::image, f.image, ctx), model.encode(hint::text, f.text, ctx)};
}
/// Equal codes for all: every order of answers is as good as any other, so that expected ties give
/// exactly what chance gives.
[[nodiscard]] all_codes chance_codes(std::size_t items, std::size_t bits);

/// Queries: held-out items. Database: training items for MAP, held-out items for the own pair.
[[nodiscard]] result evaluate(std::string method, const all_codes& codes, const catalogue& emoji,
                              const split& parts, double seconds, const hint::context& ctx);

/// Precision over recall by group, for the same queries and database.
[[nodiscard]] series precision_recall(std::string name, std::string style, const all_codes& codes,
                                      hint::modality query, const catalogue& emoji,
                                      const split& parts, const hint::context& ctx);

}  // namespace emoji

#endif
