// SPDX-License-Identifier: MIT
/// \file
/// The examples on the page: queries with their answers, and communities of the encoding tree.
#ifndef EMOJI_SHOWCASE_HPP
#define EMOJI_SHOWCASE_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/learn/mlp_hasher.hpp>
#include <hint/tree/encoding_tree.hpp>

#include "catalogue.hpp"
#include "learning.hpp"
#include "page.hpp"
#include "split.hpp"

namespace emoji {

/// A trained model with the features that it was trained on, and the codes of all emoji.
struct trained {
  const hint::learn::mlp_hasher& model;
  const features& data;
  const all_codes& codes;
};

/// A dozen words, some in the catalogue's further languages: `learnt` searches the held-out pictures,
/// `knows_all` all of them.
[[nodiscard]] std::vector<query> ask_words(const trained& learnt, const trained& knows_all,
                                           const catalogue& emoji, const split& parts,
                                           const hint::context& ctx);

/// `count` held-out pictures, drawn at random, look for descriptions.
[[nodiscard]] std::vector<query> ask_pictures(const trained& learnt, const trained& knows_all,
                                              const catalogue& emoji, const split& parts,
                                              std::size_t count, const hint::context& ctx);

/// The `count` largest communities below the root of a tree whose leaves are the items, each with its
/// largest branches.
[[nodiscard]] std::vector<community> largest_communities(const hint::tree::encoding_tree& tree,
                                                         const catalogue& emoji, std::size_t count);

}  // namespace emoji

#endif
