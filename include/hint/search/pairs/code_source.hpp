// SPDX-License-Identifier: MIT
/// \file
/// Where pairs come from: an index of the library's, or codes as they are.
#ifndef HINT_SEARCH_PAIRS_CODE_SOURCE_HPP
#define HINT_SEARCH_PAIRS_CODE_SOURCE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Codes with ids: an index of the library's (or a snapshot of one, or a mapped one), or a `code_view` or
/// `code_set`, whose ids are 0, 1, ... in their order.
template <class C>
concept code_source = std::convertible_to<const C&, code_view> || requires(const C& c) {
  { c.store() } -> std::same_as<const detail::code_store&>;
};

namespace detail {

/// The store of a source: that of an index as it is, or a copy; with a filter, a copy of what it accepts.
/// Refers to the source.
class source_store {
 public:
  /// `where` begins error messages. O(codes words) where it copies.
  template <code_source C, class Filter = accept_all>
  source_store(const C& codes, std::string_view where, const Filter& filter = {}) {
    constexpr bool all = std::same_as<Filter, accept_all> || !id_filter<Filter>;
    if constexpr (std::convertible_to<const C&, code_view>) {
      const code_view view = codes;
      own_.emplace(view.bits(), where);
      expects_codes(where, "", "codes", view, view.bits());
      if constexpr (all) {
        own_->add(view);
      } else {
        copy(view.size(), filter, [&](std::size_t i, auto&& put) {
          put(static_cast<std::int64_t>(i), view.slice(i, 1));
        });
      }
    } else if constexpr (all) {
      store_ = &codes.store();
    } else {
      const code_store& from = codes.store();
      own_.emplace(from.bits(), where);
      std::vector<std::uint64_t> code(from.words());
      copy(from.rows(), filter, [&](std::size_t row, auto&& put) {
        if (!from.live(row)) return;
        from.code(row, code);
        put(from.id(row), code_view(code, from.bits()));
      });
    }
    if (own_) store_ = &*own_;
  }
  source_store(const source_store&) = delete;
  source_store& operator=(const source_store&) = delete;

  [[nodiscard]] const code_store& operator*() const noexcept { return *store_; }
  [[nodiscard]] const code_store* operator->() const noexcept { return store_; }

 private:
  /// each(i, put) for i below n puts what there is.
  template <class Filter, class Each>
  void copy(std::size_t n, const Filter& filter, Each&& each) {
    constexpr std::size_t portion = 4096;  // so that ids need not be checked one by one
    code_set some(own_->bits());
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < n; ++i) {
      each(i, [&](std::int64_t id, const code_view& code) {
        if (!filter(id)) return;
        some.append(code);
        ids.push_back(id);
      });
      if (ids.size() < portion && i + 1 < n) continue;
      own_->add(some, ids, duplicates::refuse);
      some.resize(0);
      ids.clear();
    }
  }

  std::optional<code_store> own_;
  const code_store* store_ = nullptr;
};

}  // namespace detail

}}}  // namespace hint::HINT_ABI::search

#endif
