// SPDX-License-Identifier: MIT
/// \file
/// Which rows of a block are equal.
#ifndef HINT_GRAPH_NEAREST_EQUAL_ROWS_HPP
#define HINT_GRAPH_NEAREST_EQUAL_ROWS_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/hash.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// Groups of rows whose stored numbers, but for zeros, are equal; of centred ones their factors, too. Groups are in
/// the order of their first rows, and so are the rows of a group.
class equal_rows {
 public:
  /// O(stored numbers + n log n). Asked to stop, it groups only those among the first rows that it came to.
  template <class = void>
  explicit equal_rows(const data::block& rows, const context& ctx = {}) {
    struct hashed {
      std::uint64_t hash;
      data::row_id row;
    };
    std::vector<hashed> all(rows.rows());
    const auto hash_of = [&](std::size_t i) {
      fnv1a hash;
      hash.add(std::bit_cast<std::uint64_t>(rows.factor(i)));
      rows.for_each_stored(i, [&](std::size_t column, float v) {
        if (v != 0) hash.add(column << 32 ^ std::bit_cast<std::uint32_t>(v));
      });
      return mix64(hash.value);
    };
    all.resize(
        for_chunks_until_stopped(ctx, all.size(), 64, [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i)
            all[i] = {hash_of(i), static_cast<data::row_id>(i)};
        }));
    std::sort(all.begin(), all.end(), [](const hashed& a, const hashed& b) {
      return std::tie(a.hash, a.row) < std::tie(b.hash, b.row);
    });
    // The first row of every row's group. Rows of equal hashes are equal unless chance has it.
    std::vector<std::pair<data::row_id, data::row_id>> members;
    std::vector<data::row_id> firsts;
    members.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i == 0 || all[i].hash != all[i - 1].hash) firsts.clear();
      const auto same = std::find_if(firsts.begin(), firsts.end(),
                                     [&](data::row_id r) { return equal(rows, r, all[i].row); });
      members.emplace_back(same == firsts.end() ? all[i].row : *same, all[i].row);
      if (same == firsts.end()) firsts.push_back(all[i].row);
    }
    std::sort(members.begin(), members.end());
    for (const auto& [first, row] : members) {
      if (first == row) begins_.push_back(rows_.size());
      rows_.push_back(row);
    }
    begins_.push_back(rows_.size());
  }

  [[nodiscard]] std::size_t size() const noexcept { return begins_.size() - 1; }
  [[nodiscard]] std::span<const data::row_id> operator[](std::size_t group) const noexcept {
    return std::span(rows_).subspan(begins_[group], begins_[group + 1] - begins_[group]);
  }

 private:
  [[nodiscard]] static bool equal(const data::block& rows, std::size_t a, std::size_t b) {
    if (std::bit_cast<std::uint64_t>(rows.factor(a)) !=
        std::bit_cast<std::uint64_t>(rows.factor(b)))
      return false;
    const auto numbers = [&](std::size_t i) {
      std::vector<std::pair<std::size_t, float>> out;
      rows.for_each_stored(i, [&](std::size_t column, float v) {
        if (v != 0) out.emplace_back(column, v);
      });
      return out;
    };
    return numbers(a) == numbers(b);
  }

  std::vector<std::size_t> begins_;
  std::vector<data::row_id> rows_;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
