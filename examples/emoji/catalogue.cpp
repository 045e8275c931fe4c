// SPDX-License-Identifier: MIT
#include "catalogue.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <utility>

#include <hint/core/error.hpp>

#include "files.hpp"
#include "unicode.hpp"

namespace emoji {
namespace {

/// Removes and returns what precedes `separator` (all when there is none).
std::string_view take(std::string_view& text, char separator) {
  const auto end = (std::min)(text.find(separator), text.size());
  const auto head = text.substr(0, end);
  text.remove_prefix((std::min)(end + 1, text.size()));
  return head;
}

std::string_view strip(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\r')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

std::uint32_t number_of(std::vector<std::string>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::uint32_t>(found - names.begin());
  names.emplace_back(name);
  return static_cast<std::uint32_t>(names.size() - 1);
}

std::u32string parse_code_points(std::string_view hex, std::string_view source, std::size_t line) {
  std::u32string out;
  for (hex = strip(hex); !hex.empty(); hex = strip(hex)) {
    const auto word = take(hex, ' ');
    std::uint32_t value = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value, 16);
    hint::expects<hint::format_error>(
        read.ec == std::errc{} && read.ptr == word.data() + word.size() && value < 0x110000, source,
        ": line ", line, ": \"", word, "\" is not a code point");
    out += static_cast<char32_t>(value);
  }
  return out;
}

/// "# 😀 E1.0 grinning face" -> "grinning face"
std::string name_in_comment(std::string_view comment) {
  comment = strip(comment);
  take(comment, ' ');
  const auto rest = comment;
  if (const auto version = take(comment, ' '); !version.starts_with('E')) return std::string(rest);
  return std::string(strip(comment));
}

std::string find_cldr_version(const std::filesystem::path& common) {
  std::ifstream in(common / "dtd" / "ldml.dtd");
  constexpr std::string_view mark = "cldrVersion CDATA #FIXED \"";
  for (std::string line; std::getline(in, line);)
    if (const auto at = line.find(mark); at != std::string::npos) {
      std::string_view rest = std::string_view(line).substr(at + mark.size());
      return std::string(take(rest, '"'));
    }
  return {};
}

}  // namespace

catalogue parse_emoji_test(std::string_view text, std::string_view source,
                           const catalogue_options& options) {
  catalogue out;
  std::string_view group;
  std::string_view subgroup;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    std::string_view line = strip(take(text, '\n'));
    const auto after = [&](std::string_view mark) {
      return line.starts_with(mark) ? strip(line.substr(mark.size())) : std::string_view{};
    };
    if (const auto v = after("# Version:"); !v.empty()) out.emoji_version = v;
    if (const auto g = after("# group:"); !g.empty()) group = g;
    if (const auto s = after("# subgroup:"); !s.empty()) subgroup = s;
    if (line.empty() || line.front() == '#') continue;

    const auto hex = take(line, ';');
    const auto status = strip(take(line, '#'));
    if (status != "fully-qualified") continue;
    item it;
    it.code_points = parse_code_points(hex, source, line_number);
    hint::expects<hint::format_error>(
        !it.code_points.empty() && !group.empty() && !subgroup.empty(), source, ": line ",
        line_number, ": an emoji without code points or before its group");
    if (!options.flags && group == "Flags") continue;
    if (!options.skin_tones &&
        std::any_of(it.code_points.begin(), it.code_points.end(), is_skin_tone))
      continue;
    it.symbol = to_utf8(it.code_points);
    it.group = number_of(out.groups, group);
    it.subgroup = number_of(out.subgroups, subgroup);
    it.texts.push_back({name_in_comment(line), {}});
    out.items.push_back(std::move(it));
  }
  hint::expects<hint::format_error>(!out.items.empty(), source,
                                    ": no fully-qualified emoji in it, expected emoji-test.txt");
  return out;
}

catalogue read_catalogue(const catalogue_options& options) {
  hint::expects(!options.languages.empty(), "catalogue: no language given");
  catalogue out = parse_emoji_test(
      read_file(
          options.emoji_test,
          "; it comes with the package unicode-data (option --emoji-test names another file)"),
      options.emoji_test.string(), options);
  out.cldr_version = find_cldr_version(options.cldr);
  for (std::size_t l = 0; l < options.languages.size(); ++l) {
    const std::string& language = options.languages[l];
    if (l > 0 && !std::filesystem::exists(options.cldr / "annotations" / (language + ".xml"))) {
      out.missing_languages.push_back(language);
      continue;
    }
    annotation_map found = read_annotations(options.cldr, language);
    for (item& it : out.items) {
      std::u32string key = it.code_points;
      std::erase(key, variation_selector_16);
      annotation text;
      if (const auto entry = found.find(key); entry != found.end()) text = std::move(entry->second);
      if (l > 0) {
        it.texts.push_back(std::move(text));
      } else {
        // Emoji newer than the CLDR keep the name in emoji-test.txt.
        if (!text.name.empty()) it.texts.front().name = std::move(text.name);
        it.texts.front().keywords = std::move(text.keywords);
      }
    }
    out.languages.push_back(language);
  }
  return out;
}

std::string package_version(std::string_view package, const std::filesystem::path& status) {
  std::ifstream in(status);
  bool here = false;
  for (std::string line; std::getline(in, line);) {
    const std::string_view text = line;
    if (text.starts_with("Package: ")) here = text.substr(9) == package;
    if (here && text.starts_with("Version: ")) return std::string(text.substr(9));
  }
  return {};
}

}  // namespace emoji
