// SPDX-License-Identifier: MIT
/// \file
/// Which emoji are learnt from and which are held out. Whole concepts are held out, so that no man
/// with a beard in training gives away the woman with a beard in the test.
#ifndef EMOJI_SPLIT_HPP
#define EMOJI_SPLIT_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "catalogue.hpp"

namespace emoji {

/// Items with the same key are one concept: skin tone and gender are taken off, man and woman become
/// person, boy and girl child. All clock faces, all families and all couples are one concept each.
[[nodiscard]] std::u32string concept_key(const std::u32string& code_points);

/// Item numbers, ascending.
struct split {
  std::vector<std::uint32_t> training;
  std::vector<std::uint32_t> held_out;
  std::size_t concepts = 0;  ///< of all items
};

/// Holds out random concepts until at least `held_out` items are out. Clock faces, families and
/// couples stay in training: each is a crowd of look-alikes. Throws `hint::invalid_argument` when that
/// would leave fewer items to train on than are held out.
[[nodiscard]] split hold_out(const catalogue& emoji, std::size_t held_out, std::uint64_t seed);

}  // namespace emoji

#endif
