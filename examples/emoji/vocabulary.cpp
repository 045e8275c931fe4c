// SPDX-License-Identifier: MIT
#include "vocabulary.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <utility>

#include <hint/core/error.hpp>

#include "files.hpp"
#include "unicode.hpp"

namespace emoji {
namespace {

constexpr std::string_view file_mark = "emoji vocabulary 1";

bool is_stop_word(std::string_view word) {
  static constexpr std::string_view words[] = {
      "a",  "an", "and", "con", "das", "de", "der", "des", "die", "du",  "ein",  "el",
      "en", "et", "for", "im",  "in",  "la", "las", "le",  "les", "los", "mit",  "of",
      "on", "or", "s",   "the", "to",  "un", "una", "und", "une", "von", "with", "y"};
  static_assert(std::is_sorted(std::begin(words), std::end(words)));
  return std::binary_search(std::begin(words), std::end(words), word);
}

bool remove_ending(std::string& word, std::string_view ending, std::size_t keep) {
  if (word.size() < ending.size() + keep || !word.ends_with(ending)) return false;
  word.resize(word.size() - ending.size());
  return true;
}

}  // namespace

std::string stem(std::string word) {
  if (remove_ending(word, "ies", 2)) {
    word += 'y';
  } else if (remove_ending(word, "ing", 3) || remove_ending(word, "ed", 3)) {
    const std::size_t n = word.size();
    if (n > 3 && word[n - 1] == word[n - 2] && word[n - 1] != 's' && word[n - 1] != 'l')
      word.pop_back();
  } else if (!word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is")) {
    remove_ending(word, "s", 3);
  }
  remove_ending(word, "e", 3);
  return word;
}

std::vector<std::string> terms_of(std::string_view text) {
  std::vector<std::string> terms;
  std::string word;
  char32_t previous = 0;  // ideographic character just before
  const auto end_word = [&] {
    if (!word.empty() && !is_stop_word(word)) terms.push_back(stem(word));
    word.clear();
  };
  for (const char32_t c : fold(from_utf8(text))) {
    if (is_ideographic(c)) {
      end_word();
      terms.push_back(to_utf8(std::u32string(1, c)));
      if (previous != 0) terms.push_back(to_utf8(std::u32string{previous, c}));
      previous = c;
      continue;
    }
    previous = 0;
    if (is_word_character(c))
      append_utf8(word, c);
    else
      end_word();
  }
  end_word();
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

vocabulary::vocabulary(std::span<const std::string> texts, std::size_t document_frequency,
                       std::span<const std::string> keep) {
  std::map<std::string, std::size_t> frequency;
  for (const auto& text : texts)
    for (auto& term : terms_of(text)) ++frequency[std::move(term)];
  std::set<std::string> kept;
  for (const auto& text : keep)
    for (auto& term : terms_of(text)) kept.insert(std::move(term));
  for (const auto& [term, count] : frequency) {
    if (count < document_frequency && !kept.contains(term)) continue;
    terms_.push_back(term);
    weights_.push_back(static_cast<float>(
        1.0 + std::log(static_cast<double>(texts.size()) / static_cast<double>(count))));
  }
  number_terms();
}

void vocabulary::number_terms() {
  numbers_.reserve(terms_.size());
  for (std::size_t i = 0; i < terms_.size(); ++i) numbers_.emplace(terms_[i], static_cast<int>(i));
}

sparse vocabulary::vectors(std::span<const std::string> texts) const {
  std::vector<Eigen::Triplet<float, int>> entries;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::size_t first = entries.size();
    float length = 0;
    for (const auto& term : terms_of(texts[i]))
      if (const auto found = numbers_.find(term); found != numbers_.end()) {
        const float weight = weights_[static_cast<std::size_t>(found->second)];
        entries.emplace_back(static_cast<int>(i), found->second, weight);
        length += weight * weight;
      }
    length = std::sqrt(length);
    for (auto e = entries.begin() + static_cast<std::ptrdiff_t>(first); e != entries.end(); ++e)
      *e = {e->row(), e->col(), e->value() / length};
  }
  sparse out(static_cast<Eigen::Index>(texts.size()), static_cast<Eigen::Index>(size()));
  out.setFromTriplets(entries.begin(), entries.end());
  return out;
}

std::vector<std::string> vocabulary::unknown(std::string_view text) const {
  std::vector<std::string> out = terms_of(text);
  std::erase_if(out, [&](const std::string& term) { return knows(term); });
  return out;
}

void vocabulary::save(const std::filesystem::path& path) const {
  std::string text = hint::detail::concat(file_mark, "\n", size(), "\n");
  for (std::size_t i = 0; i < size(); ++i)
    text += hint::detail::concat(terms_[i], "\t", weights_[i], "\n");
  write_file(path, text);
}

vocabulary vocabulary::load(const std::filesystem::path& path) {
  const std::string text = read_file(path, "");
  std::string_view rest = text;
  std::size_t line_number = 0;
  const auto line = [&] {
    const auto end = (std::min)(rest.find('\n'), rest.size());
    const auto head = rest.substr(0, end);
    rest.remove_prefix((std::min)(end + 1, rest.size()));
    ++line_number;
    return head;
  };
  const auto good = [&](bool condition, std::string_view expected) {
    hint::expects<hint::format_error>(condition, path.string(), ": line ", line_number,
                                      ": expected ", expected);
  };
  const auto number = [&](std::string_view from, auto& to) {
    const auto read = std::from_chars(from.data(), from.data() + from.size(), to);
    return read.ec == std::errc{} && read.ptr == from.data() + from.size();
  };
  good(line() == file_mark, file_mark);
  std::size_t size = 0;
  good(number(line(), size) && size <= text.size(), "the number of terms");
  vocabulary out;
  for (std::size_t i = 0; i < size; ++i) {
    const auto entry = line();
    const auto tab = entry.find('\t');
    float weight = 0;
    good(tab != std::string_view::npos && tab > 0 && number(entry.substr(tab + 1), weight) &&
             weight > 0,
         "a term, a tab and its weight");
    out.terms_.emplace_back(entry.substr(0, tab));
    out.weights_.push_back(weight);
  }
  out.number_terms();
  return out;
}

}  // namespace emoji
