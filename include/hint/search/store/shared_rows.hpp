// SPDX-License-Identifier: MIT
/// \file
/// Where ids are, found out by the first who asks and shared by all copies of a store.
#ifndef HINT_SEARCH_STORE_SHARED_ROWS_HPP
#define HINT_SEARCH_STORE_SHARED_ROWS_HPP

#include <atomic>
#include <memory>

#include <hint/core/config.hpp>
#include <hint/search/store/row_table.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Where ids are in a store that changes; filled when first needed. Copies begin without: most are only
/// searched.
struct known_rows {
  known_rows() = default;
  known_rows(const known_rows&) noexcept {}
  known_rows(known_rows&&) = default;
  known_rows& operator=(const known_rows& other) noexcept {
    if (this != &other) rows.clear();
    return *this;
  }
  known_rows& operator=(known_rows&&) = default;
  row_table rows;
};

/// A table that is made once, by a const call. Safe from many threads at once.
class shared_rows {
 public:
  shared_rows() = default;
  shared_rows(const shared_rows&) = delete;
  shared_rows& operator=(const shared_rows&) = delete;
  ~shared_rows() { delete made_.load(); }

  /// The table; the first call fills it by `fill(table)`. Null while another thread does so, and when there
  /// is no memory for it: then the caller has to look by itself.
  template <class Fill>
  [[nodiscard]] const row_table* get(Fill&& fill) noexcept {
    if (const row_table* made = made_.load(std::memory_order_acquire)) return made;
    if (taken_.exchange(true)) return nullptr;
    try {
      auto table = std::make_unique<row_table>();
      fill(*table);
      made_.store(table.get(), std::memory_order_release);
      return table.release();
    } catch (...) {
      taken_ = false;
      return nullptr;
    }
  }

 private:
  std::atomic<const row_table*> made_ = nullptr;
  std::atomic<bool> taken_ = false;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
