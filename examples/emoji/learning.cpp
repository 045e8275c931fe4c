// SPDX-License-Identifier: MIT
#include "learning.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <hint/data/labels.hpp>
#include <hint/eval/average_precision.hpp>
#include <hint/eval/precision_recall.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/recall.hpp>
#include <hint/eval/relevance.hpp>

namespace emoji {
namespace {

/// Queries and database of a search by held-out items for training items.
struct task {
  task(const all_codes& codes, hint::modality query, const split& parts)
      : queries(
            hint::data::select(query == hint::image ? codes.image : codes.text, parts.held_out)),
        database(
            hint::data::select(query == hint::image ? codes.text : codes.image, parts.training)),
        others(
            hint::data::select(query == hint::image ? codes.text : codes.image, parts.held_out)) {}
  hint::code_set queries;
  hint::code_set database;
  hint::code_set others;  ///< the other halves of the queries
};

std::vector<std::int64_t> numbers_of(const catalogue& emoji, std::span<const std::uint32_t> rows,
                                     std::uint32_t item::* number) {
  std::vector<std::int64_t> out;
  for (const auto row : rows) out.push_back(emoji.items[row].*number);
  return out;
}

}  // namespace

std::string description(const item& it, std::size_t language) {
  std::string out = it.texts[language].name;
  for (const auto& keyword : it.texts[language].keywords) out += " | " + keyword;
  return out;
}

std::string description(const item& it) {
  std::string out;
  for (std::size_t l = 0; l < it.texts.size(); ++l) out += description(it, l) + " | ";
  return out;
}

features::features(const catalogue& emoji, const dense& raw_images,
                   std::span<const std::uint32_t> training, std::uint64_t seed) {
  constexpr std::size_t often =
      3;  // rarer words of further languages would only swell the vocabulary
  constexpr std::size_t dimensions = 256;
  std::vector<std::string> all;
  std::vector<std::string> first_language;
  for (const auto& it : emoji.items) {
    all.push_back(description(it));
    first_language.push_back(description(it, 0));
  }
  std::vector<std::string> learnt;
  std::vector<std::string> keep;
  dense rows(static_cast<Eigen::Index>(training.size()), raw_images.cols());
  for (std::size_t i = 0; i < training.size(); ++i) {
    learnt.push_back(all[training[i]]);
    keep.push_back(first_language[training[i]]);
    rows.row(static_cast<Eigen::Index>(i)) = raw_images.row(training[i]);
  }
  words = vocabulary(learnt, often, keep);
  latent = latent_space(words.vectors(learnt), dimensions, seed);
  text = vectors(all);
  image = image_scaling(rows)(raw_images);
}

all_codes chance_codes(std::size_t items, std::size_t bits) {
  return {hint::code_set(bits, items), hint::code_set(bits, items)};
}

result evaluate(std::string method, const all_codes& codes, const catalogue& emoji,
                const split& parts, double seconds, const hint::context& ctx) {
  result out;
  out.method = std::move(method);
  out.seconds = seconds;
  const hint::eval::average_precision map;
  const hint::eval::recall_at recall{{.at = {1, 10, 100}}};
  for (const hint::modality query : hint::modalities) {
    const task t(codes, query, parts);
    const auto mean = [&](std::uint32_t item::* number) {
      const auto asked = numbers_of(emoji, parts.held_out, number);
      const auto there = numbers_of(emoji, parts.training, number);
      return hint::eval::run(map, t.queries, t.database, hint::eval::same_id{asked, there}, ctx)
          .value;
    };
    const std::size_t direction = hint::index_of(query);
    out.map_group[direction] = mean(&item::group);
    out.map_subgroup[direction] = mean(&item::subgroup);
    const auto own =
        hint::eval::run(recall, t.queries, t.others, hint::eval::same_row{}, ctx).value;
    out.recall_at_1[direction] = own[0];
    out.recall_at_10[direction] = own[1];
    out.recall_at_100[direction] = own[2];
  }
  return out;
}

series precision_recall(std::string name, std::string style, const all_codes& codes,
                        hint::modality query, const catalogue& emoji, const split& parts,
                        const hint::context& ctx) {
  hint::eval::rank_curve_options options;
  options.levels.clear();
  for (int i = 1; i <= 50; ++i) options.levels.push_back(i / 50.0);
  const task t(codes, query, parts);
  const auto asked = numbers_of(emoji, parts.held_out, &item::group);
  const auto there = numbers_of(emoji, parts.training, &item::group);
  const auto curve = hint::eval::run(hint::eval::rank_curve{options}, t.queries, t.database,
                                     hint::eval::same_id{asked, there}, ctx)
                         .value;
  series out{std::move(name), std::move(style), {}};
  for (std::size_t i = 0; i < curve.recall.size(); ++i)
    out.points.emplace_back(curve.recall[i], curve.precision[i]);
  return out;
}

}  // namespace emoji
