// SPDX-License-Identifier: MIT
/// \file
/// The command line of the demo.
#ifndef EMOJI_ARGUMENTS_HPP
#define EMOJI_ARGUMENTS_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "catalogue.hpp"

namespace emoji {

inline constexpr const char* usage = R"(usage: emoji_demo [option value]...
  --out FOLDER         for the page, the figures and the saved model (beside the program)
  --threads N          (as many as the machine has)
  --bits N             length of the codes (64)
  --seed N             of the split and of training (0)
  --languages A,B,...  of names and keywords, the first names the emoji (en,de,fr,es,ja,zh)
  --font FILE          an emoji font with colour bitmaps (from the usual places)
  --emoji-test FILE    the list of emoji (/usr/share/unicode/emoji/emoji-test.txt)
  --cldr FOLDER        has annotations/en.xml (/usr/share/unicode/cldr/common)
)";

struct arguments {
  std::filesystem::path program_folder;
  std::filesystem::path folder;
  std::filesystem::path font;  ///< empty: find one
  emoji::catalogue_options catalogue;
  std::size_t threads = 1;
  std::size_t bits = 64;
  std::uint64_t seed = 0;
  bool help = false;
};

/// Throws `hint::invalid_argument` that says what is wrong with the line.
[[nodiscard]] arguments parse_arguments(int argc, const char* const* argv);

/// The folder in which the running program lies.
[[nodiscard]] std::filesystem::path program_folder(const char* argv0);

}  // namespace emoji

#endif
