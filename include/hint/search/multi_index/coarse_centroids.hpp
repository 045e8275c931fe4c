// SPDX-License-Identifier: MIT
/// \file
/// The centroids of an inverted file, and how they are chosen: k-means for binary codes.
#ifndef HINT_SEARCH_MULTI_INDEX_COARSE_CENTROIDS_HPP
#define HINT_SEARCH_MULTI_INDEX_COARSE_CENTROIDS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/core/random.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/kernels/block_layout.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Centroids, and which of them is nearest to a code. Const calls are safe from many threads.
class coarse_centroids {
 public:
  explicit coarse_centroids(const code_view& centroids) : blocks_(centroids) {}
  [[nodiscard]] std::size_t size() const noexcept { return blocks_.size(); }
  /// Distances of a code to all centroids. `out` gets code_blocks::padded(size()) of them, those past the
  /// end larger than any distance.
  void distances(std::span<const std::uint64_t> code, std::vector<std::uint16_t>& out) const {
    out.resize(code_blocks::padded(size()));
    blocks_.distances(code, 0, out);
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(size()), out.end(), farthest);
  }
  /// The first place of the least of the distances; they are as many as a multiple of group_codes.
  [[nodiscard]] static std::size_t nearest(std::span<const std::uint16_t> distances) noexcept {
#if defined(__GNUC__) || defined(__clang__)
    // Which 32 have the least: eight minima at once, in registers that every x86-64 and ARM has.
    using s16x8 = std::int16_t __attribute__((vector_size(16)));
    std::uint16_t best = (std::numeric_limits<std::int16_t>::max)();
    std::size_t first = 0;
    for (std::size_t i = 0; i < distances.size(); i += group_codes) {
      s16x8 v[4];
      std::memcpy(v, distances.data() + i, sizeof v);
      v[0] = v[0] < v[1] ? v[0] : v[1];
      v[2] = v[2] < v[3] ? v[2] : v[3];
      v[0] = v[0] < v[2] ? v[0] : v[2];
      const s16x8 below = v[0] < static_cast<std::int16_t>(best);
      std::uint64_t any[2];
      std::memcpy(any, &below, sizeof any);
      if ((any[0] | any[1]) == 0) continue;
      for (int j = 0; j < 8; ++j) best = (std::min)(best, static_cast<std::uint16_t>(v[0][j]));
      first = i;
    }
    distances = distances.subspan(first, group_codes);
#else
    const std::size_t first = 0;
#endif
    return first + static_cast<std::size_t>(std::min_element(distances.begin(), distances.end()) -
                                            distances.begin());
  }

 private:
  static constexpr std::uint16_t farthest = (std::numeric_limits<std::int16_t>::max)();
  code_blocks blocks_;
};

/// At most `count` centroids for codes like these, fewer where fewer codes differ: k-means.
///
/// The seeds are some of the codes, chosen one after the other as in k-means++: each at random, those far
/// from all seeds so far being likelier. (Always the farthest would choose outliers.) k-means++ draws code i
/// with a chance proportional to d_i^2, d_i being its distance to the nearest seed. Here the code with the
/// largest d_i^3 u_i is taken, u_i being random numbers: this takes one pass and integers alone, and favours
/// the far ones a little more. The u_i are drawn once, below 2^14, so that no product exceeds
/// 16384^3 * 2^14 = 2^56; for the next seed they are shifted by 977 places, a prime, so that every code gets
/// another one each time.
///
/// Then two rounds of k-means by the majority: every code goes to its nearest centroid, and each bit of a
/// centroid becomes what most of its codes have, which makes the sum of their distances least; a tie leaves
/// it as it was.
///
/// O(count * codes * words), the rounds on the context's executor; deterministic. Asked to stop, it returns
/// centroids that are of no use.
/// Sources: Arthur, Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007; Huang,
/// "Extensions to the k-means algorithm for clustering large data sets with categorical values", DMKD 1998.
HINT_LAZY
[[nodiscard]] code_set choose_centroids(const code_view& codes, std::size_t count,
                                        const context& ctx = {}) {
  const random_stream random(0, stream_id("cells"));
  const code_blocks blocks(codes);
  std::vector<std::uint16_t> found(code_blocks::padded(codes.size())), least(codes.size(), 0x7fff);
  std::vector<std::uint64_t> luck(codes.size());
  for (std::size_t i = 0; i < luck.size(); ++i) luck[i] = random.below(i, 1 << 14);
  code_set centroids(codes.bits());
  watched_phase phase(ctx.observer, "centroids");
  std::size_t next = 0;
  bool everywhere = false;  // a centroid at every code
  phase.in_parts(
      count, 16,
      [&](std::size_t begin, std::size_t end) {
        for (std::size_t c = begin; c < end && !everywhere; ++c) {
          centroids.append(codes.slice(next, 1));
          blocks.distances(codes[next], 0, found);
          std::uint64_t highest = 0;
          for (std::size_t i = 0; i < codes.size(); ++i) {
            least[i] = (std::min)(least[i], found[i]);
            const std::uint64_t d = least[i];
            const std::uint64_t score = d * d * d * luck[(i + c * 977) % codes.size()];
            if (score > highest) highest = score, next = i;
          }
          everywhere = highest == 0;
        }
      },
      0, 0.5);
  for (int round = 0; round < 2 && !phase.stopped(); ++round) {
    const coarse_centroids nearest_to(centroids);
    std::vector<std::int32_t> balance(centroids.size() * codes.bits(), 0);  // ones less zeros
    std::vector<std::size_t> nearest(codes.size());
    phase.in_chunks(
        ctx.executor, codes.size(), 256,
        [&](std::size_t begin, std::size_t end) {
          std::vector<std::uint16_t> distances;
          for (std::size_t i = begin; i < end; ++i) {
            nearest_to.distances(codes[i], distances);
            nearest[i] = coarse_centroids::nearest(distances);
          }
        },
        0.5, 1);
    phase.in_parts(
        codes.size(), 256,
        [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i) {
            std::int32_t* mine = balance.data() + nearest[i] * codes.bits();
            for (std::size_t j = 0; j < codes.bits(); ++j) mine[j] += codes.bit(i, j) ? 1 : -1;
          }
        },
        0.5, 1);
    for (std::size_t c = 0; c < centroids.size(); ++c)
      for (std::size_t j = 0; j < codes.bits(); ++j)
        if (const std::int32_t b = balance[c * codes.bits() + j]; b != 0)
          centroids.set_bit(c, j, b > 0);
  }
  return centroids;
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
