// SPDX-License-Identifier: MIT
/// \file
/// The exact index that looks at every code: nothing to tune, and for most sizes the fastest.
#ifndef HINT_SEARCH_LINEAR_SCAN_HPP
#define HINT_SEARCH_LINEAR_SCAN_HPP

#include <cstddef>
#include <span>
#include <string_view>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/index_interface.hpp>
#include <hint/search/store/store_archive.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Exact Hamming search over all codes; models `hamming_index`, `range_searchable` and `removable`.
///
/// A search takes O(queries * size * words); one query uses as many threads as many do. A copy is a
/// snapshot: it costs next to nothing and stays as it is while the original changes, so a thread that
/// adds hands copies to those that search. Const calls are safe from many threads at once; changes need
/// the index for themselves. Memory as `code_store` says.
/// \code
/// hint::search::linear_scan index{64};
/// index.add(codes);
/// auto found = index.search(queries, 10);
/// \endcode
class linear_scan : public detail::index_interface<linear_scan> {
 public:
  static constexpr std::string_view name = "linear_scan";

  /// Throws `invalid_argument` for bits outside 1 .. 4096.
  explicit linear_scan(std::size_t bits) : store_(bits, name) {}

  /// The codes as they are kept.
  [[nodiscard]] const code_store& store() const noexcept { return store_; }

  /// As `read`, without copying: searches go to the mapped file, as long as this or a copy lives.
  template <class Reader>
  [[nodiscard]] static linear_scan map(std::span<const Reader> sections) {
    return from(sections, detail::where::file);
  }

 private:
  friend detail::index_interface<linear_scan>;

  [[nodiscard]] code_store& mutable_store() noexcept { return store_; }
  /// Drops the rows of removed codes when they are most of all.
  void changed() {
    if (store_.removed() > store_.size() + 1024 && !store_.mapped()) store_.compact();
  }
  template <search_filter Filter>
  [[nodiscard]] hits nearest(const code_view& queries, std::size_t k, const Filter& filter,
                             const context& ctx) const {
    return detail::scan_nearest(store_, queries, k, filter, ctx);
  }
  template <search_filter Filter>
  [[nodiscard]] hits within(const code_view& queries, std::size_t radius, const Filter& filter,
                            const context& ctx) const {
    return detail::scan_radius(store_, queries, radius, filter, ctx);
  }
  template <class Writer>
  void describe(Writer&) const {}
  template <class Reader>
  [[nodiscard]] static linear_scan made_for(std::size_t bits, const Reader&) {
    return linear_scan(bits);
  }

  code_store store_;
};

}}}  // namespace hint::HINT_ABI::search

#endif
