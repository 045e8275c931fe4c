// SPDX-License-Identifier: MIT
#include "split.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

#include <hint/core/error.hpp>
#include <hint/core/random.hpp>

#include "unicode.hpp"

namespace emoji {
namespace {

constexpr char32_t person = 0x1F9D1;
constexpr char32_t child = 0x1F9D2;
constexpr char32_t older_person = 0x1F9D3;
constexpr char32_t female_sign = 0x2640;
constexpr char32_t male_sign = 0x2642;

char32_t without_gender(char32_t c) {
  switch (c) {
    case 0x1F468:
    case 0x1F469:
      return person;
    case 0x1F466:
    case 0x1F467:
      return child;
    case 0x1F474:
    case 0x1F475:
      return older_person;
    default:
      return c;
  }
}

bool is_clock_face(char32_t c) { return c >= 0x1F550 && c <= 0x1F567; }
/// Holding hands, kissing, or with a heart between them.
bool is_couple(char32_t c) {
  return (c >= 0x1F46B && c <= 0x1F46D) || c == 0x1F48F || c == 0x1F491;
}

const std::u32string clocks = U"clock face";
const std::u32string couple = U"couple";
const std::u32string family = U"family";

}  // namespace

std::u32string concept_key(const std::u32string& code_points) {
  std::u32string key;
  std::size_t people = 0;
  bool only_people = true;
  bool joined_hearts = false;
  for (const char32_t c : code_points) {
    if (c == variation_selector_16 || is_skin_tone(c)) continue;
    if (c == female_sign || c == male_sign) {
      // as a part of a sequence only: alone they are the signs themselves
      if (key.size() > 1 && key.back() == zero_width_joiner) {
        key.pop_back();
        continue;
      }
    }
    const char32_t g = without_gender(c);
    const bool human = g == person || g == child;
    people += human ? 1U : 0U;
    only_people = only_people && (human || g == zero_width_joiner);
    joined_hearts = joined_hearts || c == 0x2764 || c == 0x1F91D;  // heart, handshake
    key += g;
  }
  if (key.empty()) return code_points;  // a skin tone alone
  if (is_clock_face(key.front())) return clocks;
  if (is_couple(key.front()) || (people == 2 && joined_hearts)) return couple;
  if (key.front() == 0x1F46A || (people >= 2 && only_people)) return family;
  return key;
}

split hold_out(const catalogue& emoji, std::size_t held_out, std::uint64_t seed) {
  std::map<std::u32string, std::vector<std::uint32_t>> members;
  for (std::size_t i = 0; i < emoji.items.size(); ++i)
    members[concept_key(emoji.items[i].code_points)].push_back(static_cast<std::uint32_t>(i));

  split out;
  out.concepts = members.size();
  std::vector<const std::vector<std::uint32_t>*> candidates;
  for (const auto& [key, items] : members)
    if (key == clocks || key == couple || key == family)
      out.training.insert(out.training.end(), items.begin(), items.end());
    else
      candidates.push_back(&items);
  hint::shuffle(std::span<const std::vector<std::uint32_t>*>(candidates),
                hint::random_stream{seed, hint::stream_id("emoji split")});
  for (const auto* items : candidates) {
    auto& side = out.held_out.size() < held_out ? out.held_out : out.training;
    side.insert(side.end(), items->begin(), items->end());
  }
  hint::expects(out.training.size() >= out.held_out.size(), "hold_out: ", held_out,
                " items held out leave ", out.training.size(), " of ", emoji.items.size(),
                " to train on, expected at least half");
  std::sort(out.training.begin(), out.training.end());
  std::sort(out.held_out.begin(), out.held_out.end());
  return out;
}

}  // namespace emoji
