// SPDX-License-Identifier: MIT
/// \file
/// Answers queries with what emoji_demo has saved, without training: emoji_search "red heart".

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

#include <hint/core/error.hpp>

#include "arguments.hpp"
#include "engine.hpp"

namespace {

constexpr std::size_t answers = 10;

void answer(const emoji::engine& e, const std::string& words) {
  const auto unknown = e.words.unknown(words);
  if (unknown.size() == emoji::terms_of(words).size()) {
    std::printf("%s: no emoji's description has any of these words\n", words.c_str());
    return;
  }
  std::printf("%s", words.c_str());
  for (const auto& term : unknown)
    std::printf("%s%s", &term == &unknown.front() ? "  (unknown: " : ", ", term.c_str());
  std::printf("%s\n", unknown.empty() ? "" : ")");
  for (const auto& hit : e.ask(words, answers)) {
    const auto& [symbol, name] = e.emoji[hit.item];
    std::printf("  %s\t%-40s %2u of %zu bits differ\n", symbol.c_str(), name.c_str(), hit.distance,
                e.model.bits());
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::filesystem::path folder = emoji::program_folder(argv[0]);
    int first = 1;
    if (argc > 2 && std::string_view(argv[1]) == "--in") {
      folder = argv[2];
      first = 3;
    }
    const bool help = argc == 2 && std::string_view(argv[1]) == "--help";
    if (first >= argc || help) {
      std::fprintf(help ? stdout : stderr,
                   "usage: emoji_search [--in FOLDER] \"query words\"...\n  finds emoji by what "
                   "emoji_demo has saved in "
                   "FOLDER (the program's own)\n");
      return help ? 0 : 2;
    }
    const auto e = emoji::engine::load(folder);
    for (int i = first; i < argc; ++i) answer(e, argv[i]);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "emoji_search: %s\n", e.what());
    return 1;
  }
}
