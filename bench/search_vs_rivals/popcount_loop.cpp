// SPDX-License-Identifier: MIT
#include "popcount_loop.hpp"

namespace search_vs_rivals {

namespace {

constexpr std::size_t words = 32;

double tanimoto(const std::uint64_t* query, std::uint32_t query_size, const std::uint64_t* row,
                std::uint32_t row_size) {
  std::uint32_t common = 0;
  for (std::size_t w = 0; w < words; ++w)
    common += static_cast<std::uint32_t>(__builtin_popcountll(query[w] & row[w]));
  return static_cast<double>(common) / static_cast<double>(query_size + row_size - common);
}
std::uint32_t size_of(const std::uint64_t* query) {
  std::uint32_t size = 0;
  for (std::size_t w = 0; w < words; ++w)
    size += static_cast<std::uint32_t>(__builtin_popcountll(query[w]));
  return size;
}

}  // namespace

void tanimoto_nearest(const fingerprint_rows& data, const std::uint64_t* query, std::size_t k,
                      similar_row* best) {
  const std::uint32_t size = size_of(query);
  std::size_t kept = 0;
  for (std::uint32_t i = 0; i < data.rows; ++i) {
    const double similarity = tanimoto(query, size, data.words + i * words, data.sizes[i]);
    if (kept == k && similarity <= best[k - 1].similarity) continue;
    std::size_t at = kept < k ? kept++ : k - 1;
    for (; at > 0 && best[at - 1].similarity < similarity; --at) best[at] = best[at - 1];
    best[at] = {similarity, i};
  }
}

std::size_t tanimoto_threshold(const fingerprint_rows& data, const std::uint64_t* query,
                               double threshold, similar_row* out) {
  const std::uint32_t size = size_of(query);
  std::size_t found = 0;
  for (std::uint32_t i = 0; i < data.rows; ++i) {
    const double similarity = tanimoto(query, size, data.words + i * words, data.sizes[i]);
    if (similarity >= threshold) out[found++] = {similarity, i};
  }
  return found;
}

}  // namespace search_vs_rivals
