// SPDX-License-Identifier: MIT
/// \file
/// Ranges of any integers as ids.
#ifndef HINT_SEARCH_IDS_HPP
#define HINT_SEARCH_IDS_HPP

#include <concepts>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// Anything that a range-based for takes and that gives integers: a vector, a span, a view.
template <class R>
concept id_range = requires(const R& r) {
  { *std::begin(r) } -> std::convertible_to<std::int64_t>;
  requires std::integral<std::remove_cvref_t<decltype(*std::begin(r))>>;
  std::end(r);
};

namespace detail {

/// A span of ids: of the range itself, or of a copy.
class id_span {
 public:
  explicit id_span(std::span<const std::int64_t> ids) noexcept : ids_(ids) {}
  explicit id_span(std::vector<std::int64_t> ids) noexcept : own_(std::move(ids)), ids_(own_) {}
  id_span(const id_span&) = delete;
  id_span& operator=(const id_span&) = delete;
  operator std::span<const std::int64_t>() const noexcept { return ids_; }  // NOLINT

 private:
  std::vector<std::int64_t> own_;
  std::span<const std::int64_t> ids_;
};

/// For owner + function. Throws `invalid_argument` for an id beyond 63 bits.
template <id_range Ids>
[[nodiscard]] id_span as_ids(const Ids& ids, std::string_view owner, std::string_view function) {
  if constexpr (std::convertible_to<const Ids&, std::span<const std::int64_t>>) {
    return id_span(std::span<const std::int64_t>(ids));
  } else {
    std::vector<std::int64_t> own;
    for (const auto id : ids) {
      expects(std::cmp_less_equal(id, (std::numeric_limits<std::int64_t>::max)()), owner, function,
              ": id ", id, " does not fit 63 bits");
      own.push_back(static_cast<std::int64_t>(id));
    }
    return id_span(std::move(own));
  }
}

}  // namespace detail

}}}  // namespace hint::HINT_ABI::search

#endif
