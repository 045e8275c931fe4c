// SPDX-License-Identifier: MIT
/// \file
/// The ids of rows, in no more memory than they need: in a list, as small offsets, or as runs of ids that
/// follow each other.
#ifndef HINT_SEARCH_STORE_ROW_IDS_HPP
#define HINT_SEARCH_STORE_ROW_IDS_HPP

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/prefetch.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Non-owning, cheap to copy; to be used as a constant range of `std::int64_t`.
class row_ids {
 public:
  /// From row `row` on the ids are `id`, `id` + 1, ..., up to the next run. As it is in files.
  struct run {
    std::int64_t row;
    std::int64_t id;
  };

  row_ids() = default;
  /// A list; of nothing but a span, which this range should not be asked to convert to.
  template <std::same_as<std::span<const std::int64_t>> List>
  row_ids(List list) noexcept  // NOLINT: implicit on purpose
      : form_(form::list), size_(list.size()), data_(list.data()) {}
  /// first, first + 1, ...
  [[nodiscard]] static row_ids consecutive(std::int64_t first, std::size_t size) noexcept {
    return {form::consecutive, size, nullptr, 0, first};
  }
  /// least + offsets[0], least + offsets[1], ...
  [[nodiscard]] static row_ids offsets(std::int64_t least,
                                       std::span<const std::uint32_t> offsets) noexcept {
    return {form::offsets, offsets.size(), offsets.data(), 0, least};
  }
  /// `runs`: one at least, the first of row 0, rows ascending; unchecked, others lead to other ids.
  [[nodiscard]] static row_ids in_runs(std::span<const run> runs, std::size_t size) noexcept {
    return {form::runs, size, runs.data(), runs.size(), 0};
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Unchecked. O(1), of runs O(log runs).
  [[nodiscard]] std::int64_t operator[](std::size_t i) const noexcept {
    i += begins_;
    switch (form_) {
      case form::list:
        return static_cast<const std::int64_t*>(data_)[i];
      case form::offsets:
        return plus(base_, static_cast<const std::uint32_t*>(data_)[i]);
      case form::runs:
        return in_run(i);
      case form::consecutive:
        break;
    }
    return plus(base_, i);
  }
  /// Fetches what `operator[]` will read, if that is a place of its own for each row.
  void prefetch(std::size_t i) const noexcept {
    i += begins_;
    if (form_ == form::list)
      hint::detail::prefetch(static_cast<const std::int64_t*>(data_) + i);
    else if (form_ == form::offsets)
      hint::detail::prefetch(static_cast<const std::uint32_t*>(data_) + i);
  }
  [[nodiscard]] std::int64_t front() const noexcept { return (*this)[0]; }
  [[nodiscard]] std::int64_t back() const noexcept { return (*this)[size_ - 1]; }
  [[nodiscard]] row_ids subspan(std::size_t first, std::size_t count) const noexcept {
    row_ids part = *this;
    part.begins_ += first;
    part.size_ = count;
    return part;
  }
  [[nodiscard]] row_ids first(std::size_t count) const noexcept { return subspan(0, count); }
  /// Whether each is one more than the one before. O(size) for lists.
  HINT_LAZY
  [[nodiscard]] bool follow() const noexcept {
    if (form_ == form::consecutive) return true;
    for (std::size_t i = 1; i < size_; ++i)
      if ((*this)[i] != plus((*this)[i - 1], 1)) return false;
    return true;
  }
  /// Whether each is more than the one before. O(size) unless they follow each other.
  HINT_LAZY
  [[nodiscard]] bool ascend() const noexcept {
    if (form_ == form::consecutive) return true;
    return std::adjacent_find(begin(), end(), [](auto a, auto b) { return a >= b; }) == end();
  }

  class iterator {
   public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = std::int64_t;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = std::int64_t;

    iterator() = default;
    iterator(const row_ids& ids, std::size_t at) noexcept : ids_(&ids), at_(at) {}
    std::int64_t operator*() const noexcept { return (*ids_)[at_]; }
    std::int64_t operator[](std::ptrdiff_t n) const noexcept { return *(*this + n); }
    iterator& operator+=(std::ptrdiff_t n) noexcept {
      at_ += static_cast<std::size_t>(n);
      return *this;
    }
    iterator& operator-=(std::ptrdiff_t n) noexcept { return *this += -n; }
    iterator& operator++() noexcept { return *this += 1; }
    iterator& operator--() noexcept { return *this += -1; }
    iterator operator++(int) noexcept {
      const iterator old = *this;
      ++*this;
      return old;
    }
    iterator operator--(int) noexcept {
      const iterator old = *this;
      --*this;
      return old;
    }
    friend iterator operator+(iterator a, std::ptrdiff_t n) noexcept { return a += n; }
    friend iterator operator+(std::ptrdiff_t n, iterator a) noexcept { return a += n; }
    friend iterator operator-(iterator a, std::ptrdiff_t n) noexcept { return a -= n; }
    friend std::ptrdiff_t operator-(const iterator& a, const iterator& b) noexcept {
      return static_cast<std::ptrdiff_t>(a.at_) - static_cast<std::ptrdiff_t>(b.at_);
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }
    friend std::strong_ordering operator<=>(const iterator& a, const iterator& b) noexcept {
      return a.at_ <=> b.at_;
    }

   private:
    const row_ids* ids_ = nullptr;
    std::size_t at_ = 0;
  };
  /// Valid as long as this object.
  [[nodiscard]] iterator begin() const noexcept { return {*this, 0}; }
  [[nodiscard]] iterator end() const noexcept { return {*this, size_}; }

 private:
  enum class form : std::uint8_t { consecutive, list, offsets, runs };

  row_ids(form f, std::size_t size, const void* data, std::size_t runs, std::int64_t base) noexcept
      : form_(f), size_(size), data_(data), runs_(runs), base_(base) {}
  /// Wraps around, as only the ids of a damaged file do.
  [[nodiscard]] static std::int64_t plus(std::int64_t id, std::uint64_t n) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(id) + n);
  }
  [[nodiscard]] std::int64_t in_run(std::size_t i) const noexcept {
    const std::span<const run> runs(static_cast<const run*>(data_), runs_);
    const auto row = static_cast<std::int64_t>(i);
    const auto after = std::upper_bound(runs.begin() + 1, runs.end(), row,
                                        [](std::int64_t r, const run& x) { return r < x.row; });
    const run& mine = *(after - 1);
    return plus(mine.id, static_cast<std::uint64_t>(row) - static_cast<std::uint64_t>(mine.row));
  }

  form form_ = form::consecutive;
  std::size_t size_ = 0;
  const void* data_ = nullptr;
  std::size_t runs_ = 0;
  std::int64_t base_ = 0;
  std::size_t begins_ = 0;  // of subspans
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
