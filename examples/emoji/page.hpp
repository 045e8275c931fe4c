// SPDX-License-Identifier: MIT
/// \file
/// One page that shows what was learnt: HTML with everything inside, no network, no script.
#ifndef EMOJI_PAGE_HPP
#define EMOJI_PAGE_HPP

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bitmap.hpp"
#include "catalogue.hpp"
#include "chart.hpp"

namespace emoji {

/// One answer to a query.
struct found {
  std::uint32_t item = 0;
  std::uint32_t distance = 0;  ///< bits that differ
  bool fits = false;  ///< the emoji's own text has the words of the query, or is the query's pair
};

/// Words that look for pictures, or a picture that looks for words.
struct query {
  std::string words;            ///< empty for a picture
  std::string language;         ///< of the words, when not English: "German"
  std::uint32_t item = 0;       ///< the picture
  std::size_t fitting = 0;      ///< held-out emoji that fit
  std::vector<found> held_out;  ///< among emoji that training never saw
  std::vector<found> all;       ///< among all emoji, after training on all
};

/// A row of the results table. Directions: image to text, text to image.
struct result {
  std::string method;
  std::array<double, 2> map_group{};
  std::array<double, 2> map_subgroup{};
  std::array<double, 2> recall_at_1{}, recall_at_10{}, recall_at_100{};  ///< of the own pair
  double seconds = 0;  ///< of training; 0 for chance
};

/// A branch of the encoding tree.
struct community {
  std::string words;                 ///< what its texts have in common
  std::vector<std::uint32_t> items;  ///< those that are drawn
  std::size_t size = 0;              ///< of all members
  std::vector<community> parts;      ///< its largest branches; drawn instead of the items
};

struct findings {
  std::size_t items = 0, training = 0, held_out = 0, concepts = 0;
  std::size_t bits = 64;
  double seconds = 0;                                      ///< the whole demo
  std::vector<std::pair<std::string, std::string>> facts;  ///< name, value: versions and sizes
  std::vector<std::pair<std::string, double>> phases;      ///< name, seconds
  std::vector<query> text_queries;
  std::vector<query> picture_queries;
  std::vector<result> results;  ///< chance first
  std::vector<chart> charts;
  std::vector<community> communities;
};

/// `bitmaps`: one per item. Only those that the page shows go into it, as one picture.
[[nodiscard]] std::string render_page(const findings& f, const catalogue& emoji,
                                      std::span<const bitmap> bitmaps);

}  // namespace emoji

#endif
