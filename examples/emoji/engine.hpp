// SPDX-License-Identifier: MIT
/// \file
/// What answers queries once training is over: model, index, words and names, in memory or in files.
#ifndef EMOJI_ENGINE_HPP
#define EMOJI_ENGINE_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/context.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/learn/mlp_hasher.hpp>
#include <hint/search/linear_scan.hpp>

#include "latent.hpp"
#include "page.hpp"
#include "vocabulary.hpp"

namespace emoji {

/// An index of rows `rows` of `codes`; a row's number is its id.
[[nodiscard]] hint::search::linear_scan index_of(const hint::code_set& codes,
                                                 std::span<const std::uint32_t> rows);

/// The k nearest items for each row of features. Equal distances are ordered by the query's real
/// valued code, which knows of each of its bits how sure it is; then by item.
[[nodiscard]] std::vector<std::vector<found>> nearest(const hint::search::linear_scan& index,
                                                      const hint::learn::mlp_hasher& model,
                                                      hint::modality query,
                                                      const hint::data::block& rows, std::size_t k,
                                                      const hint::context& ctx = {});

/// Answers words with emoji.
struct engine {
  /// The k nearest pictures to some words.
  [[nodiscard]] std::vector<found> ask(const std::string& query, std::size_t k) const {
    return nearest(pictures, model, hint::text, latent(words.vectors(query)), k).front();
  }

  hint::learn::mlp_hasher model;
  hint::search::linear_scan pictures;
  vocabulary words;
  latent_space latent;
  std::vector<std::pair<std::string, std::string>> emoji;  ///< symbol and name by item

  /// Five files in `folder`, each whole or not at all.
  void save(const std::filesystem::path& folder) const;
  /// Throws `hint::io_error` when the demo has not run yet, `hint::format_error` for broken files.
  [[nodiscard]] static engine load(const std::filesystem::path& folder);
};

}  // namespace emoji

#endif
