// SPDX-License-Identifier: MIT
/// \file
/// The engine of `linear_scan`: a code store of which every search scans all.
#ifndef HINT_SEARCH_SCAN_SCAN_INDEX_HPP
#define HINT_SEARCH_SCAN_SCAN_INDEX_HPP

#include <cstddef>
#include <string_view>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// What `index_interface` wants of an engine. Thread-safe as `code_store`.
class scan_index {
 public:
  scan_index(std::size_t bits, std::string_view owner) : store_(bits, owner) {}

  [[nodiscard]] const code_store& store() const noexcept { return store_; }
  /// The store, to be changed; `refresh` is to follow.
  [[nodiscard]] code_store& store() noexcept { return store_; }
  /// Drops the rows of removed codes when they are most of all.
  HINT_LAZY
  void refresh(const context& = {}) {
    if (store_.mostly_removed()) store_.compact();
  }
  template <search_filter Filter>
  [[nodiscard]] hits nearest(const code_view& queries, std::size_t k, const Filter& filter,
                             const context& ctx, const radii& within = radii::any) const {
    return scan_nearest(store_, queries, k, filter, ctx, within);
  }
  template <search_filter Filter>
  [[nodiscard]] hits within(const code_view& queries, const radii& within, const Filter& filter,
                            const context& ctx) const {
    return scan_radius(store_, queries, within, filter, ctx);
  }

 private:
  code_store store_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
