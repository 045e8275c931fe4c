// SPDX-License-Identifier: MIT
// The axioms find indexes that break them. (That linear_scan keeps them: tests/search/linear_scan.cpp.)
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
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

/// Indexes that change, with a defect each.
struct changing : search::linear_scan {
  using search::linear_scan::linear_scan;
};
struct forgets_to_remove : changing {
  using changing::changing;
  std::size_t remove(std::span<const std::int64_t> ids) {
    return linear_scan::remove(ids.empty() ? ids : ids.first(ids.size() - 1));
  }
};
struct first_one_stays : changing {
  using changing::add;
  using changing::changing;
  void add(const code_view& codes, std::span<const std::int64_t> ids,
           search::duplicates policy = search::duplicates::refuse) {
    if (policy == search::duplicates::refuse) return linear_scan::add(codes, ids, policy);
    for (std::size_t i = codes.size(); i-- > 0;)
      linear_scan::add(codes.slice(i, 1), ids.subspan(i, 1), policy);
  }
};
struct shares_all {  // copies are the original
  explicit shares_all(std::size_t bits) : all(std::make_shared<search::linear_scan>(bits)) {}
  std::size_t bits() const { return all->bits(); }
  std::size_t size() const { return all->size(); }
  bool contains(std::int64_t id) const { return all->contains(id); }
  void add(const code_view& codes) { all->add(codes); }
  void add(const code_view& codes, std::span<const std::int64_t> ids,
           search::duplicates policy = search::duplicates::refuse) {
    all->add(codes, ids, policy);
  }
  std::size_t remove(std::span<const std::int64_t> ids) { return all->remove(ids); }
  template <search::search_filter F = search::accept_all>
  search::hits search(const code_view& queries, std::size_t k, const F& filter = {},
                      const hint::context& ctx = {}) const {
    return all->search(queries, k, filter, ctx);
  }
  std::shared_ptr<search::linear_scan> all;
};
struct shares_when_assigned : shares_all {
  using shares_all::shares_all;
  shares_when_assigned(const shares_when_assigned& other) : shares_all(other) {
    all = std::make_shared<search::linear_scan>(*other.all);
  }
  shares_when_assigned& operator=(const shares_when_assigned&) = default;
};

template <class Index>
std::vector<std::string> violated_by() {
  const hint::random_stream random(1, 2);
  code_set codes(20, 60);
  code_set queries(20, 5);
  for (std::size_t i = 0; i < 60; ++i) codes[i][0] = random.bits(i) & 0x1f;
  for (std::size_t i = 0; i < 5; ++i) queries[i][0] = random.bits(i + 100) & 0x3f;
  return hint::testing::violated_search_axioms([](std::size_t bits) { return Index(bits); }, codes,
                                               queries, random);
}
template <class Defect>
std::vector<std::string> violated() {
  return violated_by<broken<Defect>>();
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

TEST_CASE("the axioms of removable indexes name what an index breaks") {
  using names = std::vector<std::string>;
  const auto found = [](const names& all, const char* name) {
    return std::find(all.begin(), all.end(), name) != all.end();
  };
  CHECK(violated_by<changing>() == names{});
  CHECK(found(violated_by<forgets_to_remove>(), "remove"));
  CHECK(violated_by<first_one_stays>() == names{"replace"});
  CHECK(found(violated_by<shares_all>(), "snapshot"));
  CHECK(violated_by<shares_when_assigned>() == names{"snapshot"});
}
