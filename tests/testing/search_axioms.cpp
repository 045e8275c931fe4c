// SPDX-License-Identifier: MIT
// The axioms find indexes that break them. (That linear_scan keeps them: tests/search/linear_scan.cpp.)
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/testing/search_axioms.hpp>

#include "support/catch.hpp"

namespace search = hint::search;
using hint::code_set;
using hint::code_view;

namespace {

/// A linear_scan whose results pass through `Defect`.
template <class Defect>
struct broken {
  explicit broken(std::size_t bits) : scan(bits) {}
  std::size_t bits() const { return scan.bits(); }
  std::size_t size() const { return scan.size(); }
  void add(const code_view& codes) { scan.add(codes); }
  void add(const code_view& codes, std::span<const std::int64_t> ids) {
    Defect::add(scan, codes, ids);
  }
  template <search::search_filter F = search::accept_all>
  search::hits search(const code_view& queries, std::size_t k, const F& filter = {},
                      const hint::context& ctx = {}) const {
    return Defect::search(scan, queries, k, filter, ctx);
  }
  search::linear_scan scan;
};

struct no_defect {
  static void add(search::linear_scan& s, const code_view& c, std::span<const std::int64_t> ids) {
    s.add(c, ids);
  }
  template <class F>
  static search::hits search(const search::linear_scan& s, const code_view& q, std::size_t k,
                             const F& f, const hint::context& ctx) {
    return s.search(q, k, f, ctx);
  }
};
struct ignores_filter : no_defect {
  template <class F>
  static search::hits search(const search::linear_scan& s, const code_view& q, std::size_t k,
                             const F&, const hint::context& ctx) {
    return s.search(q, k, search::accept_all{}, ctx);
  }
};
struct filters_afterwards : no_defect {  // and so returns too few
  template <class F>
  static search::hits search(const search::linear_scan& s, const code_view& q, std::size_t k,
                             const F& f, const hint::context& ctx) {
    const auto found = s.search(q, k, search::accept_all{}, ctx);
    std::vector<std::vector<search::hit>> rows(found.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      for (const auto& h : found[i])
        if (search::accepts(f, i, h.id)) rows[i].push_back(h);
    return search::hits(rows);
  }
};
struct drops_a_tie : no_defect {  // of two at the bound it may take the other
  template <class F>
  static search::hits search(const search::linear_scan& s, const code_view& q, std::size_t k,
                             const F& f, const hint::context& ctx) {
    const auto found = s.search(q, k + 1, f, ctx);
    std::vector<std::vector<search::hit>> rows(found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      rows[i].assign(found[i].begin(), found[i].end());
      if (k > 0 && rows[i].size() > k && rows[i][k].distance == rows[i][k - 1].distance)
        std::swap(rows[i][k], rows[i][k - 1]);
      if (rows[i].size() > k) rows[i].pop_back();
    }
    return search::hits(rows);
  }
};
struct replaces_silently : no_defect {
  static void add(search::linear_scan& s, const code_view& c, std::span<const std::int64_t> ids) {
    try {
      s.add(c, ids);
    } catch (const hint::invalid_argument&) {
    }
  }
};

template <class Defect>
std::vector<std::string> violated() {
  const hint::random_stream random(1, 2);
  code_set codes(20, 60);
  code_set queries(20, 5);
  for (std::size_t i = 0; i < 60; ++i) codes[i][0] = random.bits(i) & 0x1f;
  for (std::size_t i = 0; i < 5; ++i) queries[i][0] = random.bits(i + 100) & 0x3f;
  return hint::testing::violated_search_axioms(
      [](std::size_t bits) { return broken<Defect>(bits); }, codes, queries, random);
}

}  // namespace

TEST_CASE("the axioms of search name what an index breaks") {
  using names = std::vector<std::string>;
  CHECK(violated<no_defect>() == names{});
  CHECK(violated<ignores_filter>() == names{"filter"});
  CHECK(violated<filters_afterwards>() == names{"filter"});
  CHECK(violated<replaces_silently>() == names{"refusal"});
  const names tie = violated<drops_a_tie>();
  REQUIRE_FALSE(tie.empty());
  CHECK(tie.front() == "prefix");
}
