// SPDX-License-Identifier: MIT
/// \file
/// All emoji of this machine with their names, keywords and groups, joined from the installed
/// `unicode-data` and `unicode-cldr-core`.
#ifndef EMOJI_CATALOGUE_HPP
#define EMOJI_CATALOGUE_HPP

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "annotations.hpp"

namespace emoji {

struct catalogue_options {
  std::filesystem::path emoji_test = "/usr/share/unicode/emoji/emoji-test.txt";
  std::filesystem::path cldr = "/usr/share/unicode/cldr/common";
  /// The first names the items; the others are used when installed.
  std::vector<std::string> languages = {"en", "de", "fr", "es", "ja", "zh"};
  bool skin_tones = false;  ///< five more variants of the same shape and nearly the same text
  bool flags = false;       ///< hundreds of countries in one subgroup
};

/// One emoji.
struct item {
  std::u32string code_points;     ///< fully qualified
  std::string symbol;             ///< the same in UTF-8
  std::uint32_t group = 0;        ///< number in catalogue::groups
  std::uint32_t subgroup = 0;     ///< number in catalogue::subgroups
  std::vector<annotation> texts;  ///< one per catalogue::languages

  /// In the first language.
  [[nodiscard]] const std::string& name() const noexcept { return texts.front().name; }
};

struct catalogue {
  std::vector<item> items;  ///< in the order of emoji-test.txt
  std::vector<std::string> groups;
  std::vector<std::string> subgroups;
  std::vector<std::string> languages;  ///< those found
  std::string emoji_version;           ///< of emoji-test.txt, "15.0"
  std::string cldr_version;            ///< "41"; empty when the DTD is not there
  std::vector<std::string> missing_languages;
};

/// Reads one line of emoji-test.txt after the other. Names in its comments become the names of items
/// until `read_catalogue` finds better ones. Keeps fully qualified emoji that the options want.
[[nodiscard]] catalogue parse_emoji_test(std::string_view text, std::string_view source,
                                         const catalogue_options& options);

/// Throws `hint::io_error` that names the missing package, `hint::format_error` for foreign files.
[[nodiscard]] catalogue read_catalogue(const catalogue_options& options = {});

/// The version of an installed Debian package, or an empty string (also where there is no dpkg).
[[nodiscard]] std::string package_version(
    std::string_view package, const std::filesystem::path& status = "/var/lib/dpkg/status");

}  // namespace emoji

#endif
