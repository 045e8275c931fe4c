// SPDX-License-Identifier: MIT
#include "showcase.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include <hint/core/random.hpp>

#include "engine.hpp"

namespace emoji {
namespace {

constexpr std::size_t pictures_shown = 8;
constexpr std::size_t names_shown = 5;

struct example {
  const char* words;
  const char* language;  ///< its code
  const char* gloss;     ///< for readers who do not know the language
};
constexpr example examples[] = {
    {"red heart", "en", ""},
    {"cat", "en", ""},
    {"train", "en", ""},
    {"sad", "en", ""},
    {"pizza", "en", ""},
    {"coffee", "en", ""},
    {"moon", "en", ""},
    {"musical instrument", "en", ""},
    {"fish", "en", ""},
    {"rain", "en", ""},
    {"angry face", "en", ""},
    {"green plant", "en", ""},
    {"Katze", "de", "German: cat"},
    {"c\xC5\x93ur rouge", "fr", "French: red heart"},
    {"tren", "es", "Spanish: train"},
    {"\xE6\x82\xB2\xE3\x81\x97\xE3\x81\x84", "ja", "Japanese: sad"},
    {"\xE6\x9C\x88\xE4\xBA\xAE", "zh", "Chinese: moon"},
};

std::vector<std::uint32_t> all_items(const catalogue& emoji) {
  std::vector<std::uint32_t> out(emoji.items.size());
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

using keyword_counts = std::map<std::string, double>;

keyword_counts count_keywords(const catalogue& emoji, std::span<const hint::node_id> items) {
  keyword_counts out;
  for (const auto i : items)
    for (const auto& keyword : emoji.items[i].texts.front().keywords) out[keyword] += 1;
  return out;
}

/// Three keywords that are frequent here and rare elsewhere.
std::string distinctive(const keyword_counts& here, const keyword_counts& everywhere,
                        std::size_t size, std::size_t all) {
  const double share = static_cast<double>(size) / static_cast<double>(all);
  std::vector<std::pair<double, std::string>> ranked;
  for (const auto& [keyword, n] : here)
    ranked.emplace_back(-n * std::log(n / (everywhere.at(keyword) * share)), keyword);
  std::ranges::sort(ranked);
  std::string out;
  for (std::size_t i = 0; i < (std::min)(ranked.size(), std::size_t{3}); ++i)
    out += (i > 0 ? ", " : "") + ranked[i].second;
  return out;
}

std::vector<hint::node_id> largest_children(const hint::tree::encoding_tree& tree,
                                            hint::node_id node, std::size_t count) {
  const auto children = tree.children(node);
  std::vector<hint::node_id> out(children.begin(), children.end());
  std::ranges::stable_sort(
      out, [&](auto a, auto b) { return tree.leaves(a).size() > tree.leaves(b).size(); });
  out.resize((std::min)(count, out.size()));
  return out;
}

}  // namespace

std::vector<query> ask_words(const trained& learnt, const trained& knows_all,
                             const catalogue& emoji, const split& parts, const hint::context& ctx) {
  std::vector<query> out;
  std::vector<std::string> words;
  for (const auto& e : examples)
    if (std::ranges::find(emoji.languages, e.language) != emoji.languages.end()) {
      out.push_back({e.words, e.gloss, 0, 0, {}, {}});
      words.emplace_back(e.words);
    }
  const auto held_out = nearest(index_of(learnt.codes.image, parts.held_out), learnt.model,
                                hint::text, learnt.data.vectors(words), pictures_shown, ctx);
  const auto all = nearest(index_of(knows_all.codes.image, all_items(emoji)), knows_all.model,
                           hint::text, knows_all.data.vectors(words), pictures_shown, ctx);

  std::vector<std::vector<std::string>> terms;
  for (const auto& it : emoji.items) terms.push_back(terms_of(description(it)));
  for (std::size_t q = 0; q < out.size(); ++q) {
    const auto wanted = terms_of(words[q]);
    const auto fits = [&](std::uint32_t i) { return std::ranges::includes(terms[i], wanted); };
    out[q].held_out = held_out[q];
    out[q].all = all[q];
    for (auto* answers : {&out[q].held_out, &out[q].all})
      for (auto& a : *answers) a.fits = fits(a.item);
    out[q].fitting = static_cast<std::size_t>(std::ranges::count_if(parts.held_out, fits));
  }
  return out;
}

std::vector<query> ask_pictures(const trained& learnt, const trained& knows_all,
                                const catalogue& emoji, const split& parts, std::size_t count,
                                const hint::context& ctx) {
  auto chosen = parts.held_out;
  hint::shuffle(std::span(chosen), ctx.random("emoji picture queries"));
  chosen.resize((std::min)(count, chosen.size()));
  const auto held_out = nearest(index_of(learnt.codes.text, parts.held_out), learnt.model,
                                hint::image, learnt.data.image(chosen), names_shown, ctx);
  const auto all = nearest(index_of(knows_all.codes.text, all_items(emoji)), knows_all.model,
                           hint::image, knows_all.data.image(chosen), names_shown, ctx);
  std::vector<query> out;
  for (std::size_t q = 0; q < chosen.size(); ++q) {
    out.push_back({"", "", chosen[q], 1, held_out[q], all[q]});
    for (auto* answers : {&out.back().held_out, &out.back().all})
      for (auto& a : *answers) a.fits = a.item == chosen[q];
  }
  return out;
}

std::vector<community> largest_communities(const hint::tree::encoding_tree& tree,
                                           const catalogue& emoji, std::size_t count) {
  constexpr std::size_t parts_drawn = 5;
  const keyword_counts everywhere = count_keywords(emoji, tree.leaves(tree.root()));
  const auto describe = [&](hint::node_id node, std::size_t drawn) {
    const auto leaves = tree.leaves(node);
    community c{
        distinctive(count_keywords(emoji, leaves), everywhere, leaves.size(), emoji.items.size()),
        {leaves.begin(), leaves.end()},
        leaves.size(),
        {}};
    c.items.resize((std::min)(c.items.size(), drawn));
    return c;
  };
  std::vector<community> out;
  for (const auto node : largest_children(tree, tree.root(), count)) {
    if (tree.is_leaf(node)) break;
    community c = describe(node, 24);
    for (const auto part : largest_children(tree, node, parts_drawn))
      if (!tree.is_leaf(part)) c.parts.push_back(describe(part, 7));
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace emoji
