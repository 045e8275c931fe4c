// SPDX-License-Identifier: MIT
// Searches binary codes of your own, written by NumPy: needs hint::base alone.
//
//   numpy.save("codes.npy", numpy.packbits(values >= 0, axis=1, bitorder="little"))
//   (as they are without bitorder="little": hint::bit_order::most_significant_first below)
//   04_search_your_own_codes codes.npy     (without a file it makes one up)
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include <hint/core.hpp>
#include <hint/io.hpp>
#include <hint/search.hpp>

namespace {

/// 5,000 codes of 16 bytes in 500 groups: in a group, every bit differs with a chance of 1 in 8.
void write_demo(const char* path) {
  constexpr std::size_t n = 5000, bytes = 16;
  const hint::random_stream groups{1, 0}, flips{1, 1};
  std::vector<std::uint8_t> packed(n * bytes);
  for (std::size_t i = 0; i < packed.size(); ++i) {
    const std::uint64_t flip = flips.bits(3 * i) & flips.bits(3 * i + 1) & flips.bits(3 * i + 2);
    packed[i] = static_cast<std::uint8_t>(groups.bits(i % (500 * bytes)) ^ flip);
  }
  hint::io::write_npy<std::uint8_t>(path, packed, {n, bytes});
}

void print(const char* title, const hint::search::hits& found) {
  std::printf("%s, as id (differing bits)\n", title);
  for (std::size_t query = 0; query < found.size(); ++query) {
    std::printf("  query %zu:", query);
    for (const auto& [distance, id] : found[query])
      std::printf("  %lld (%u)", static_cast<long long>(id), distance);
    std::puts("");
  }
}

}  // namespace

int main(int count, char** arguments) try {
  if (count > 1 && std::string_view(arguments[1]) == "--help")
    return std::puts("usage: 04_search_your_own_codes [codes.npy]") < 0;
  const char* path = count > 1 ? arguments[1] : "own_codes.npy";
  if (count == 1) write_demo(path);

  // Each row of bytes becomes a code. (If the last byte is not full, give the bits that you have in place of 0.)
  const auto codes = hint::io::read_npy_codes(path, 0, hint::bit_order::least_significant_first);

  // Ids may be any 64-bit integers: article numbers, keys of a database.
  std::vector<std::int64_t> ids(codes.size());
  for (std::size_t row = 0; row < ids.size(); ++row) ids[row] = 1000 + std::int64_t(row);
  hint::search::linear_scan index{codes.bits()};
  index.add(codes, ids);

  // Queries are codes too; here the first three of the file.
  const auto queries = codes.view().slice(0, (std::min)(codes.size(), std::size_t{3}));
  print("The five nearest", index.search(queries, 5));

  // Only some items: say those in stock, as a bit for each id ...
  std::vector<std::uint64_t> words((1000 + ids.size()) / 64 + 1);
  for (const auto id : ids)
    if (id % 3 != 0) words[static_cast<std::size_t>(id) / 64] |= std::uint64_t{1} << (id % 64);
  print("In stock", index.search(queries, 5, hint::search::accept_bits{words}));
  // ... or by any rule, which may look at the query: never the item itself.
  const auto others = [&](std::size_t query, std::int64_t id) { return id != ids[query]; };
  print("Others", index.search(queries, 5, others));

  // Saved and mapped: opening copies nothing, and all processes on a machine share the memory.
  hint::io::save("own_codes.hint", index);
  const auto mapped = hint::io::map<hint::search::linear_scan>("own_codes.hint");
  std::printf("%zu codes of %zu bits in own_codes.hint\n", mapped.size(), mapped.bits());
  return mapped.search(queries, 5) == index.search(queries, 5) ? 0 : 1;
} catch (const hint::error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
