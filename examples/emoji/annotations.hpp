// SPDX-License-Identifier: MIT
/// \file
/// Names and keywords of emoji from the annotation files of the Unicode CLDR. A strict scanner for the
/// one element that matters; it loads no DTD.
#ifndef EMOJI_ANNOTATIONS_HPP
#define EMOJI_ANNOTATIONS_HPP

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace emoji {

/// What one language says about one emoji.
struct annotation {
  std::string name;                   ///< "grinning face"; empty when the language has none
  std::vector<std::string> keywords;  ///< "face", "grin", ...
};

/// By code points, without U+FE0F.
using annotation_map = std::map<std::u32string, annotation>;

/// Adds what `xml` says; what is there already stays. `source` is named in errors. Values that only
/// refer to the parent language (three up-arrows) are skipped. Throws `hint::format_error` where the
/// text is not well-formed.
void parse_annotations(std::string_view xml, std::string_view source, annotation_map& out);

/// `annotations/LANGUAGE.xml` and, where there is one, `annotationsDerived/LANGUAGE.xml` of the folder
/// `common` of the CLDR. Throws `hint::io_error` when the first is missing.
[[nodiscard]] annotation_map read_annotations(const std::filesystem::path& common,
                                              const std::string& language);

}  // namespace emoji

#endif
