// SPDX-License-Identifier: MIT
// What models the concepts of search, and what does not.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hint/io/archive_format.hpp>
#include <hint/search/concepts.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/linear_scan.hpp>

namespace {

namespace search = hint::search;
using hint::code_view;
using hint::context;

// filters
struct by_id {
  bool operator()(std::int64_t) const;
};
struct by_query {
  bool operator()(std::size_t, std::int64_t) const;
};
struct not_const {
  bool operator()(std::int64_t);
};
struct no_answer {
  void operator()(std::int64_t) const;
};
static_assert(search::search_filter<search::accept_all>);
static_assert(search::search_filter<search::accept_bits>);
static_assert(search::search_filter<search::accept_ids>);
static_assert(search::id_filter<by_id> && !search::query_filter<by_id>);
static_assert(search::query_filter<by_query> && !search::id_filter<by_query>);
static_assert(!search::search_filter<not_const>);
static_assert(!search::search_filter<no_answer>);
static_assert(!search::search_filter<int>);
static_assert(!search::search_filter<std::vector<std::int64_t>>);

// indexes
static_assert(search::linear_scan::archive_kind == hint::io::index_kind);
static_assert(search::hamming_index<search::linear_scan>);
static_assert(search::range_searchable<search::linear_scan>);
static_assert(search::removable<search::linear_scan>);

struct minimal {  // the least that is an index
  std::size_t bits() const;
  std::size_t size() const;
  void add(const code_view&);
  void add(const code_view&, std::span<const std::int64_t>);
  template <search::search_filter F = search::accept_all>
  search::hits search(const code_view&, std::size_t, const F& = {}, const context& = {}) const;
};
static_assert(search::hamming_index<minimal>);
static_assert(!search::range_searchable<minimal>);
static_assert(!search::removable<minimal>);

struct without_filter : minimal {
  search::hits search(const code_view&, std::size_t) const;
};
static_assert(!search::hamming_index<without_filter>);
struct search_not_const : minimal {
  template <search::search_filter F = search::accept_all>
  search::hits search(const code_view&, std::size_t, const F& = {}, const context& = {});
};
static_assert(!search::hamming_index<search_not_const>);
struct padded_result : minimal {
  template <search::search_filter F = search::accept_all>
  std::vector<std::int64_t> search(const code_view&, std::size_t, const F& = {},
                                   const context& = {}) const;
};
static_assert(!search::hamming_index<padded_result>);
struct without_ids {
  std::size_t bits() const;
  std::size_t size() const;
  void add(const code_view&);
  template <search::search_filter F = search::accept_all>
  search::hits search(const code_view&, std::size_t, const F& = {}, const context& = {}) const;
};
static_assert(!search::hamming_index<without_ids>);
static_assert(!search::hamming_index<hint::code_set>);

// ids of any integers, and nothing else
template <class Ids>
concept can_be_ids =
    requires(search::linear_scan& s, const code_view& c, const Ids& ids) { s.add(c, ids); };
static_assert(can_be_ids<std::vector<std::uint32_t>> && can_be_ids<std::span<const std::int64_t>> &&
              can_be_ids<std::vector<std::size_t>>);
static_assert(!can_be_ids<std::vector<double>> && !can_be_ids<std::vector<std::string>> &&
              !can_be_ids<int>);

}  // namespace
