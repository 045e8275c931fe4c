// SPDX-License-Identifier: MIT
/// \file
/// Neighbour lists that grow better: by comparing all rows of a leaf with each other, and rows with the
/// neighbours of their neighbours.
#ifndef HINT_GRAPH_APPROXIMATE_GROWING_LISTS_HPP
#define HINT_GRAPH_APPROXIMATE_GROWING_LISTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/data/block.hpp>
#include <hint/graph/approximate/compared_rows.hpp>
#include <hint/graph/approximate/partition.hpp>
#include <hint/graph/neighbor_lists.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/reduce.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace graph {
namespace detail {

/// The best candidates of every row so far, by score. Rows may be offered candidates from many threads, each
/// row from one at a time.
template <class = void>  // as HINT_LAZY
class growing_lists {
 public:
  growing_lists(std::size_t rows, std::size_t k) : k_(k), sizes_(rows), entries_(rows * k) {}

  [[nodiscard]] std::size_t size() const noexcept { return sizes_.size(); }
  [[nodiscard]] std::size_t length() const noexcept { return k_; }

  struct entry {
    float score;
    std::uint32_t row : 31;
    std::uint32_t fresh : 1;  ///< not yet looked through by `join`
  };
  [[nodiscard]] std::span<const entry> operator[](std::size_t row) const noexcept {
    return {entries_.data() + row * k_, sizes_[row]};
  }
  /// Scores above this one are not accepted.
  [[nodiscard]] float limit(std::size_t row) const noexcept {
    return sizes_[row] < k_ ? anything : entries_[row * k_ + k_ - 1].score;
  }
  /// Nothing happens when it is there already.
  void offer(std::size_t row, std::size_t candidate, float score) noexcept {
    entry* const list = entries_.data() + row * k_;
    std::size_t count = sizes_[row];
    const auto before = [&](const entry& e) {
      return e.score < score || (e.score == score && e.row < candidate);
    };
    if (count == k_ && before(list[count - 1])) return;
    for (std::size_t i = 0; i < count; ++i)
      if (list[i].row == candidate) return;
    std::size_t i = count < k_ ? count++ : count - 1;
    for (; i > 0 && !before(list[i - 1]); --i) list[i] = list[i - 1];
    list[i] = {score, static_cast<std::uint32_t>(candidate & 0x7fffffffU), 1};
    sizes_[row] = static_cast<std::uint32_t>(count);
  }

  /// Compares all rows of every leaf with each other. O(rows of leaf d) for a row; memory: a leaf for each
  /// thread. False when asked to stop.
  bool compare_within(const compared_rows<>& rows, const partition& leaves, const context& ctx) {
    const std::size_t done = for_chunks_until_stopped(
        ctx, leaves.leaves(), 1,
        [&](std::size_t l, std::size_t) { compare_all(rows, leaves.leaf(l)); });
    return done == leaves.leaves();
  }
  /// List s is that of row `queries[s]`, which are few: compares them with all rows. O(n queries d); memory:
  /// the queries and a tile. False when asked to stop.
  bool search(const compared_rows<>& rows, std::span<const data::row_id> queries,
              const context& ctx) {
    row_tile mine, theirs;
    rows.fetch(queries, mine);
    const std::size_t at_once = 2048;
    std::vector<data::row_id> ids(rows.rows());
    std::iota(ids.begin(), ids.end(), data::row_id{0});
    linalg::matrix<float> scores;
    for (std::size_t first = 0; first < ids.size(); first += at_once) {
      if (ctx.observer.stop_requested()) return false;
      const auto part = std::span(ids).subspan(first, (std::min)(at_once, ids.size() - first));
      rows.fetch(part, theirs, ctx.executor);
      scores.resize(mine.z.rows(), theirs.z.rows());
      products(rows.how(), mine.z, theirs.z, scores, ctx.executor);
      for_chunks(ctx.executor, queries.size(), 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t q = begin; q < end; ++q)
          for (std::size_t c = 0; c < part.size(); ++c) {
            const float product =
                scores(static_cast<linalg::index>(q), static_cast<linalg::index>(c));
            const float score = score_of(rows.how(), mine.offset[q], theirs.offset[c], product);
            if (score <= limit(q) && part[c] != queries[q] && rows.usable(part[c]))
              offer(q, part[c], score);
          }
      });
    }
    return true;
  }
  /// Compares all rows with `some`, which are few.
  bool compare_with(const compared_rows<>& rows, std::span<const data::row_id> some,
                    const context& ctx) {
    row_tile few;
    rows.fetch(some, few);
    const std::size_t done =
        for_chunks_until_stopped(ctx, size(), strip, [&](std::size_t begin, std::size_t end) {
          std::vector<data::row_id> ids(end - begin);
          std::iota(ids.begin(), ids.end(), static_cast<data::row_id>(begin));
          row_tile tile;
          rows.fetch(ids, tile);
          linalg::matrix<float> scores(tile.z.rows(), few.z.rows());
          products(rows.how(), tile.z, few.z, scores);
          for (std::size_t q = begin; q < end; ++q)
            for (std::size_t c = 0; c < some.size(); ++c) {
              const float product =
                  scores(static_cast<linalg::index>(q - begin), static_cast<linalg::index>(c));
              const float score =
                  score_of(rows.how(), tile.offset[q - begin], few.offset[c], product);
              if (score <= limit(q) && some[c] != q) offer(q, some[c], score);
            }
        });
    return done == size();
  }

  /// Compares every row with the neighbours of its neighbours, where a neighbour is who is in its list or has
  /// it in theirs, as long as one of the two steps is new (NN-descent: Dong, Charikar and Li, "Efficient
  /// k-nearest neighbor graph construction for generic similarity measures", WWW 2011). All read the lists
  /// as they were before, so the order of rows does not matter; `order`, in which rows are near each other,
  /// is for the cache. O(k^2 d) for a row at most; memory: 2 n k row numbers. False when asked to stop.
  bool join(const compared_rows<>& rows, std::span<const data::row_id> order, const context& ctx) {
    const links before(*this, ctx.observer);
    if (!before.complete()) return false;
    const std::size_t done =
        for_chunks_until_stopped(ctx, order.size(), 64, [&](std::size_t begin, std::size_t end) {
          compared_rows<>::scratch scratch;
          seen_rows seen;
          std::vector<std::uint32_t> found;
          for (std::size_t at = begin; at < end; ++at) {
            const data::row_id q = order[at];
            if (!rows.usable(q)) continue;
            seen.clear();
            seen.insert(q);
            for (const entry& e : (*this)[q]) seen.insert(e.row);
            found.clear();
            before.for_each(q, [&](std::uint32_t middle, bool fresh) {
              before.for_each(middle, [&](std::uint32_t candidate, bool also_fresh) {
                if ((fresh || also_fresh) && seen.insert(candidate)) found.push_back(candidate);
              });
            });
            for (std::size_t i = 0; i < found.size(); ++i) {
              if (i + 2 < found.size()) rows.prefetch(found[i + 2]);
              const float score = rows.score(q, found[i], scratch);
              if (score <= limit(q)) offer(q, found[i], score);
            }
          }
        });
    return done == order.size();
  }

 private:
  static constexpr std::size_t strip = 128;
  static constexpr float anything = 1e30F;  // more than any score

  /// A set of some row numbers, emptied in no time.
  class seen_rows {
   public:
    seen_rows() : rows_(slots), rounds_(slots) {}
    void clear() noexcept {
      ++round_;
      count_ = 0;
    }
    /// False when it was there, or when there is no more room.
    bool insert(std::uint32_t row) noexcept {
      if (count_ == slots / 2) return false;
      for (std::size_t i = row * 0x9E3779B1U >> 20;; i = (i + 1) % slots) {
        if (rounds_[i] != round_) {
          rounds_[i] = round_;
          rows_[i] = row;
          ++count_;
          return true;
        }
        if (rows_[i] == row) return false;
      }
    }

   private:
    static constexpr std::size_t slots = 4096;
    std::vector<std::uint32_t> rows_, rounds_;
    std::uint32_t round_ = 0;
    std::size_t count_ = 0;
  };

  /// Who is whose neighbour, either way: of those that have a row in their list, the first that there is room
  /// for. What is fresh in the lists is no longer so when they have been copied.
  class links {
   public:
    links(growing_lists& lists, const observer_ref& observer)
        : k_(lists.k_), to_(2 * lists.entries_.size()), counts_(lists.size()) {
      const auto each = [&](auto&& f) {
        const auto part = [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i)
            for (std::size_t e = 0; e < lists.sizes_[i]; ++e) f(i, lists.entries_[i * k_ + e]);
        };
        return until_stopped(observer, lists.size(), 4096, part) == lists.size();
      };
      complete_ = each([&](std::size_t i, entry& there) { add(i, there.row, there.fresh); }) &&
                  each([&](std::size_t i, entry& there) {
                    if (counts_[there.row] < 2 * k_) add(there.row, i, there.fresh);
                    there.fresh = 0;
                  });
    }
    [[nodiscard]] bool complete() const noexcept { return complete_; }
    template <class F>
    void for_each(std::size_t row, F f) const {
      const std::uint32_t* const to = to_.data() + 2 * k_ * row;
      for (std::size_t i = 0; i < counts_[row]; ++i) f(to[i] >> 1, (to[i] & 1) != 0);
    }

   private:
    void add(std::size_t from, std::size_t to, bool fresh) {
      to_[2 * k_ * from + counts_[from]++] = static_cast<std::uint32_t>(2 * to + (fresh ? 1 : 0));
    }
    std::size_t k_;
    std::vector<std::uint32_t> to_;  // twice a row number, and 1 when it is fresh
    std::vector<std::uint32_t> counts_;
    bool complete_ = false;
  };

  template <class A, class B>
  static void products(metric how, const A& a, const B& b, linalg::matrix_ref<float> out,
                       const executor_ref& e = {}) {
    if (how != metric::l1) return linalg::multiply_transposed<float>(a, b, out, e);
    const auto cols = static_cast<std::size_t>(a.cols());
    for (linalg::index i = 0; i < a.rows(); ++i)
      for (linalg::index j = 0; j < b.rows(); ++j)
        out(i, j) = linalg::l1_distance<float>(std::span(a.row(i).data(), cols),
                                               std::span(b.row(j).data(), cols));
  }
  static float score_of(metric how, float a, float b, float product) noexcept {
    return how == metric::l1 ? product : a + b - product;
  }

  /// Each product once, for the lists of both rows.
  void compare_all(const compared_rows<>& rows, std::span<const data::row_id> leaf) {
    row_tile tile;
    rows.fetch(leaf, tile);
    const std::size_t n = leaf.size();
    const bool l1 = rows.how() == metric::l1;
    if (l1) std::fill(tile.offset.begin(), tile.offset.end(), 0.0F);
    // A row that has no direction neither accepts others nor is accepted.
    std::vector<float> limits(n);
    for (std::size_t i = 0; i < n; ++i) {
      limits[i] = rows.usable(leaf[i]) ? limit(leaf[i]) : -anything;
      if (!rows.usable(leaf[i])) tile.offset[i] = 2 * anything;
    }
    linalg::matrix<float> scores;
    for (std::size_t first = 0; first < n; first += strip) {
      const std::size_t last = (std::min)(n, first + strip);
      const auto part = [&](std::size_t begin, std::size_t end) {
        return tile.z.middleRows(static_cast<linalg::index>(begin),
                                 static_cast<linalg::index>(end - begin));
      };
      scores.resize(static_cast<linalg::index>(last - first),
                    static_cast<linalg::index>(n - first));
      products(rows.how(), part(first, last), part(first, n), scores);
      for (std::size_t i = first; i < last; ++i) {
        float* const s = scores.row(static_cast<linalg::index>(i - first)).data() - first;
        // Measure before changing: plain loops over a few dozen scores, which compilers turn into few
        // instructions, find that as a rule none of them is wanted.
        constexpr std::size_t few = 32;
        for (std::size_t begin = i + 1; begin < n; begin += few) {
          const std::size_t end = (std::min)(n, begin + few);
          int any = 0;
          for (std::size_t j = begin; j < end; ++j) {
            s[j] = l1 ? s[j] + tile.offset[i] + tile.offset[j]
                      : tile.offset[i] + tile.offset[j] - s[j];
            any |= static_cast<int>(s[j] <= limits[i]) | static_cast<int>(s[j] <= limits[j]);
          }
          if (any == 0) continue;
          for (std::size_t j = begin; j < end; ++j) {
            if (s[j] <= limits[i]) {
              offer(leaf[i], leaf[j], s[j]);
              limits[i] = limit(leaf[i]);
            }
            if (s[j] <= limits[j]) {
              offer(leaf[j], leaf[i], s[j]);
              limits[j] = limit(leaf[j]);
            }
          }
        }
      }
    }
  }

  std::size_t k_;
  std::vector<std::uint32_t> sizes_;
  std::vector<entry> entries_;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::graph::detail

#endif
