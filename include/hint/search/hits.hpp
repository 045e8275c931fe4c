// SPDX-License-Identifier: MIT
/// \file
/// What a search returns: for every query its hits, nearest first.
#ifndef HINT_SEARCH_HITS_HPP
#define HINT_SEARCH_HITS_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// One item found. Ordered by (distance, id), the order of every result of the library.
struct hit {
  std::uint32_t distance = 0;  ///< differing bits
  std::int64_t id = 0;         ///< as given to `add`
  friend auto operator<=>(const hit&, const hit&) = default;
};

/// The hits of several queries. Rows may differ in length: there are no place holders.
/// \code
/// for (auto [distance, id] : found[0]) ...
/// \endcode
class hits {
 public:
  /// No queries.
  hits() : offsets_(1, 0) {}
  /// One row per query.
  HINT_LAZY
  explicit hits(const std::vector<std::vector<hit>>& rows) : hits() {
    offsets_.reserve(rows.size() + 1);
    for (const auto& row : rows) offsets_.push_back(offsets_.back() + row.size());
    all_.reserve(offsets_.back());
    for (const auto& row : rows) all_.insert(all_.end(), row.begin(), row.end());
  }

  /// Of all queries, the hits of query q being those from offsets[q] up to offsets[q + 1]; unchecked.
  [[nodiscard]] static hits from_parts(std::vector<hit> all, std::vector<std::size_t> offsets) {
    hits out;
    out.all_ = std::move(all);
    out.offsets_ = std::move(offsets);
    return out;
  }

  /// Makes room for the answers to so many queries, of so many hits in all: adding them takes no memory.
  void reserve(std::size_t queries, std::size_t hits_in_all) {
    offsets_.reserve(queries + 1);
    all_.reserve(hits_in_all);
  }
  /// The answer to one more query, by ascending (distance, id), unchecked.
  void append_row(std::span<const hit> row) {
    all_.insert(all_.end(), row.begin(), row.end());
    offsets_.push_back(all_.size());
  }
  /// One more hit of the last query, not before those that it has; unchecked.
  void append_to_last(const hit& h) {
    all_.push_back(h);
    ++offsets_.back();
  }
  /// The answers to further queries.
  void append(const hits& more) {
    for (std::size_t q = 1; q < more.offsets_.size(); ++q)
      offsets_.push_back(all_.size() + more.offsets_[q]);
    all_.insert(all_.end(), more.all_.begin(), more.all_.end());
  }

  /// The number of queries.
  [[nodiscard]] std::size_t size() const noexcept { return offsets_.size() - 1; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The hits of a query by ascending (distance, id), unchecked.
  [[nodiscard]] std::span<const hit> operator[](std::size_t query) const noexcept {
    return std::span(all_).subspan(offsets_[query], offsets_[query + 1] - offsets_[query]);
  }
  /// The hits of all queries, one row after the other.
  [[nodiscard]] std::span<const hit> all() const noexcept { return all_; }

  [[nodiscard]] friend bool operator==(const hits&, const hits&) = default;

 private:
  std::vector<hit> all_;
  std::vector<std::size_t> offsets_;
};

namespace detail {

/// Answers one after the other. Each part is freed as soon as it is copied, and no more memory is taken than
/// the result needs.
HINT_LAZY
[[nodiscard]] hits joined(std::vector<hits> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  std::size_t queries = 0, all = 0;
  for (const hits& part : parts) queries += part.size(), all += part.all().size();
  hits out;
  out.reserve(queries, all);
  for (hits& part : parts) {
    out.append(part);
    part = hits();
  }
  return out;
}

}  // namespace detail

}}}  // namespace hint::HINT_ABI::search

#endif
