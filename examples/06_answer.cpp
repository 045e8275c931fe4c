// SPDX-License-Identifier: MIT
// Answers queries from the files that 05_train left. Explained in docs/tutorial.md.
//
//   06_answer FOLDER image|text FILE.npy ROW     (an image finds texts, a text finds images)
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <hint/hint.hpp>

int main(int count, char** arguments) try {
  const std::span given(arguments, static_cast<std::size_t>(count));
  const bool help = count == 2 && std::string_view(given[1]) == "--help";
  if (count != 5) {
    std::fputs("usage: 06_answer FOLDER image|text FILE.npy ROW\n", help ? stdout : stderr);
    return help ? 0 : 1;
  }
  const std::filesystem::path folder = given[1];
  const std::string kind = given[2], number = given[4];
  hint::expects(kind == "image" || kind == "text", "'", kind, "', expected image or text");
  hint::expects(!number.empty() && number.size() < 10 &&
                    number.find_first_not_of("0123456789") == std::string::npos,
                "ROW is '", number, "', expected a number");
  const hint::modality m = kind == "image" ? hint::image : hint::text;

  // Any model: the file says which kind it is. The index is searched where it lies.
  const auto model = hint::io::load_hasher(folder / "model.hint");
  const auto index = hint::io::map<hint::search::linear_scan>(
      folder / (std::string(name_of(other(m))) + "_index.hint"));

  // The query is prepared as the training rows were: scaling is part of the model.
  const auto rows = hint::data::read(given[3]);
  const hint::data::row_selection row({static_cast<hint::data::row_id>(std::stoul(number))},
                                      rows.rows());
  const auto found = index.search(model.encode(m, rows(row)), 5);
  for (const auto& [distance, id] : found[0])
    std::printf("%lld at distance %u\n", static_cast<long long>(id), distance);
  return 0;
} catch (const hint::error& e) {
  std::fprintf(stderr, "06_answer: %s\n", e.what());
  return 1;
}
