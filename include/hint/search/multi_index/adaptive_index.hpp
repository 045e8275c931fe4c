// SPDX-License-Identifier: MIT
/// \file
/// A code store with substring tables and inverted lists: each query is answered by these or by a scan,
/// whichever is faster.
#ifndef HINT_SEARCH_MULTI_INDEX_ADAPTIVE_INDEX_HPP
#define HINT_SEARCH_MULTI_INDEX_ADAPTIVE_INDEX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/search/multi_index/inverted_lists.hpp>
#include <hint/search/multi_index/measured_costs.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/multi_index/mih_search.hpp>
#include <hint/search/multi_index/mih_plan.hpp>
#include <hint/search/scan/row_collectors.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/multi_index/substring_tables.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Tables with the plan to ask them. Never changes.
struct mih_tables {
  substring_tables tables;
  mih_plan plan;
  flip_masks masks;
  search_costs costs;
  distance_profile profile;
};

/// What an adaptive index may build.
enum class structures : std::uint8_t { tables, tables_and_lists };

/// Tables and lists cover the rows that were there when they were built; later ones are scanned, until
/// they are an eighth of all. Removed codes stay in them until the next are built, and are passed over.
///
/// Copies share them as they share rows. Thread-safe as `code_store`.
template <structures Allowed>
class adaptive_index {
 public:
  /// `tables` 0: as many as is best, or none. `scan_when_faster` false: queries are scanned for only when
  /// tables and lists cannot answer them.
  adaptive_index(std::size_t bits, std::size_t tables, bool scan_when_faster,
                 std::string_view owner)
      : store_(bits, owner), wanted_(tables), scan_when_faster_(scan_when_faster) {}

  [[nodiscard]] const code_store& store() const noexcept { return store_; }
  /// The store, to be filled; `refresh` is to follow.
  [[nodiscard]] code_store& store() noexcept { return store_; }
  /// Tables in use.
  [[nodiscard]] std::size_t tables() const noexcept {
    return tables_ == nullptr ? 0 : tables_->tables.size();
  }
  /// Rows that tables and lists have.
  [[nodiscard]] std::size_t covered() const noexcept { return covered_; }
  /// Inverted lists in use.
  [[nodiscard]] std::size_t lists() const noexcept {
    return lists_ == nullptr ? 0 : lists_->size();
  }

  /// Builds tables anew when many rows are not in them, or most of those that are have been removed.
  void refresh(const context& ctx = {}) {
    if (store_.mostly_removed()) {
      forget();  // rows are about to move
      store_.compact();
    }
    const std::size_t least = wanted_ == 0 ? (std::size_t{1} << 15) : group_codes;
    if (store_.rows() - seen_ > (std::max)(least, seen_ / 8)) build(ctx);
  }
  /// Builds tables and lists for all rows, or finds that they are not worth it. Asked to stop, it leaves none,
  /// and the next `refresh` begins anew.
  void build(const context& ctx = {}) {
    forget();
    // Whole groups, so that a scan can go on behind them.
    const std::size_t last =
        store_.chunk_count() == 0 ? 0 : store_.first_row(store_.chunk_count() - 1);
    const std::size_t group =
        store_.chunk_count() == 0 ? 1 : store_.chunk(store_.chunk_count() - 1).layout().group();
    const std::size_t rows = last + (store_.rows() - last) / group * group;
    seen_ = store_.rows();
    if (rows == 0 || store_.size() == 0 || rows >= inverted_lists::none) return;
    watched_phase phase(ctx.observer, "index");
    const auto part = [&](double from, double to, auto&& f) {
      phase_share share(phase, from, to);
      context mine = ctx;
      mine.observer = share.ref();
      if (!phase.stopped()) f(mine);
      return !phase.stopped();
    };
    if (!build(rows, part)) return forget();
    phase.end();
  }

  /// As `linear_scan::search`, of what is within a radius.
  template <search_filter Filter>
  [[nodiscard]] hits nearest(const code_view& queries, std::size_t k, const Filter& filter,
                             const context& ctx, const radii& reach = radii::any) const {
    k = (std::min)(k, store_.size());
    const bool by_lists = lists_ != nullptr && k <= list_k_;
    if (covered_ == 0 || k == 0 || queries.empty() || (!by_lists && tables_ == nullptr))
      return scan_nearest(store_, queries, k, filter, ctx, reach);
    std::vector<std::uint32_t> limits;
    for (std::size_t i = 0; tables_ != nullptr && i < tables_->profile.samples(); ++i)
      limits.push_back(
          static_cast<std::uint32_t>((std::min)(tables_->profile.kth(i, k), reach.most()) + 1));
    return search_or_scan(
        queries, ctx, by_lists ? with::lists : with::tables, limits, reach,
        [&](std::size_t query) { return nearest_rows<Filter>(store_, query, k, filter, reach); },
        [&](const code_view& rest, const radii& their, const auto& rest_filter, const context& c) {
          return scan_nearest(store_, rest, k, rest_filter, c, their);
        },
        filter);
  }
  /// As `linear_scan::search_radius`.
  template <search_filter Filter>
  [[nodiscard]] hits within(const code_view& queries, const radii& reach, const Filter& filter,
                            const context& ctx) const {
    if (covered_ == 0 || queries.empty()) return scan_radius(store_, queries, reach, filter, ctx);
    const std::size_t radius = (std::min)(reach.most(), most_distance(store_));
    const double scan_ns = scan_cost(queries.size(), ctx);
    with by = with::tables;
    double cost = tables_ == nullptr ? scan_ns : tables_->plan.cost(radius + 1);
    if (lists_ != nullptr && radius < list_limit_ && list_cost_ < cost) {
      by = with::lists;
      cost = list_cost_;
    }
    if (cost >= scan_ns) return scan_radius(store_, queries, reach, filter, ctx);
    return search_or_scan(
        queries, ctx, by, {}, reach,
        [&](std::size_t query) { return rows_within<Filter>(store_, query, reach, filter); },
        [&](const code_view& rest, const radii& their, const auto& rest_filter, const context& c) {
          return scan_radius(store_, rest, their, rest_filter, c);
        },
        filter);
  }

 private:
  enum class with : std::uint8_t { tables, lists };

  /// Nanoseconds of one of so many queries when they are scanned.
  [[nodiscard]] double scan_cost(std::size_t queries, const context& ctx) const {
    if (!scan_when_faster_) return (std::numeric_limits<double>::max)();
    const double alone = queries < 4 ? costs_.scan : costs_.batch_scan;
    // Scans can share out one query, tables cannot.
    const std::size_t threads = ctx.executor.concurrency();
    return queries >= threads ? alone
                              : alone * static_cast<double>((std::max<std::size_t>)(queries, 1)) /
                                    static_cast<double>(threads);
  }

  /// Answers queries by tables or lists with collectors that `make(query)` makes, and those for which
  /// they give up by `scan_rest(queries, radii, filter, context)`.
  template <class Make, class ScanRest, class Filter>
  [[nodiscard]] hits search_or_scan(const code_view& queries, const context& ctx, with by,
                                    const std::vector<std::uint32_t>& limits, const radii& reach,
                                    Make&& make, ScanRest&& scan_rest, const Filter& filter) const {
    watched_phase phase(ctx.observer, "search");
    double scan_ns = scan_cost(queries.size(), ctx);
    // Nobody can stop a query in tables or lists; a scan can be stopped.
    if (phase.watched()) scan_ns = (std::min)(scan_ns, longest_unheard);
    std::vector<hits> found;
    phase.in_parts(queries.size(), ctx.executor.concurrency(),
                   [&](std::size_t begin, std::size_t end) {
                     const double all = static_cast<double>(queries.size());
                     phase_share share(phase, static_cast<double>(begin) / all,
                                       static_cast<double>(end) / all);
                     context scans = ctx;
                     scans.observer = share.ref();
                     hits some = answer_part(queries, begin, end, scans, by, scan_ns, limits, reach,
                                             make, scan_rest, filter);
                     if (some.size() == end - begin)
                       found.push_back(std::move(some));  // else it was stopped
                   });
    hits out = joined(std::move(found));
    phase.end();
    return out;
  }
  /// The same for queries begin .. end - 1. Fewer answers when it was stopped.
  template <class Make, class ScanRest, class Filter>
  [[nodiscard]] hits answer_part(const code_view& queries, std::size_t begin, std::size_t end,
                                 const context& ctx, with by, double scan_ns,
                                 const std::vector<std::uint32_t>& limits, const radii& reach,
                                 Make&& make, ScanRest&& scan_rest, const Filter& filter) const {
    const std::size_t count = end - begin;
    const std::size_t each =
        (std::min<std::size_t>)(64, count / (4 * (std::max<std::size_t>)(ctx.executor.concurrency(),
                                                                         1)) +
                                        1);
    std::vector<hits> found((count + each - 1) / each);
    std::vector<std::uint16_t> given_up(count, 0);
    for_chunks(ctx.executor, count, each, [&](std::size_t first, std::size_t last) {
      std::vector<std::vector<hit>> rows(last - first);
      const auto answer = [&](auto&& probe, const auto& most) {
        for (std::size_t i = first; i < last; ++i) {
          const std::size_t q = begin + i;
          auto collector = make(q);
          const scan_part rest{q, q + 1, covered_, store_.rows()};
          if (rest.first < rest.last) detail::scan(store_, queries, rest, collector);
          if (probe(queries[q].data(), collector, most)) {
            rows[i - first] = collector.take();
          } else {
            given_up[i] = 1;
          }
        }
      };
      if (by == with::lists) {
        answer(list_search(*lists_), worth_looking_at(scan_ns));
      } else {
        answer(mih_search(tables_->tables, tables_->plan, tables_->masks, tables_->costs),
               search_budget{scan_ns, scan_ns / 128, limits});
      }
      found[first / each] = hits(rows);
    });
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < count; ++i)
      if (given_up[i] != 0) rest.push_back(begin + i);
    if (rest.empty()) return joined(std::move(found));
    if (rest.size() == queries.size()) return scan_rest(queries, reach, filter, ctx);
    code_set left(queries.bits(), rest.size());
    std::vector<std::size_t> their(rest.size());
    for (std::size_t i = 0; i < rest.size(); ++i) {
      std::copy(queries[rest[i]].begin(), queries[rest[i]].end(), left[i].begin());
      their[i] = reach[rest[i]];
    }
    const hits scanned = scan_rest(
        left, std::span<const std::size_t>(their),
        [&](std::size_t query, std::int64_t id) { return accepts(filter, rest[query], id); }, ctx);
    if (scanned.size() < rest.size()) return scanned;
    std::size_t all = scanned.all().size();
    for (const hits& part : found) all += part.all().size();
    hits out;
    out.reserve(count, all);
    for (std::size_t i = 0, next = 0; i < count; ++i)
      out.append_row(given_up[i] != 0 ? scanned[next++] : found[i / each][i % each]);
    return out;
  }

  /// How many codes can be looked at in lists in so many nanoseconds.
  [[nodiscard]] std::size_t worth_looking_at(double scan_ns) const noexcept {
    if (scan_ns == (std::numeric_limits<double>::max)())
      return (std::numeric_limits<std::size_t>::max)();
    const double share = (std::min)(1.0, scan_ns / costs_.scan);
    return static_cast<std::size_t>(0.75 * share * static_cast<double>(covered_));
  }

  void forget() noexcept {
    tables_.reset();
    lists_.reset();
    covered_ = seen_ = 0;
  }
  /// Calls part(from, to, f) for shares of the work. Returns false when one was stopped.
  template <class Part>
  [[nodiscard]] bool build(std::size_t rows, Part&& part) {
    const code_set samples = sample_of(store_, 16);
    std::vector<std::vector<std::uint64_t>> counts;
    if (!part(0, 0.1, [&](const context& ctx) { counts = count_others(store_, samples, ctx); }) ||
        !part(0.1, 0.2, [&](const context& ctx) { costs_ = time_scans(store_, samples, ctx); }))
      return false;
    const distance_profile profile(std::move(counts));
    search_costs costs = costs_;
    // Codes inside the tables need no look at another place.
    if (store_.words() <= substring_tables::most_words_inside)
      costs.lookup = 16, costs.candidate = 4;
    table_choice choice = choose_tables(store_.bits(), rows, profile, costs);
    if (wanted_ != 0) choice.tables = wanted_;
    covered_ = rows;
    if constexpr (Allowed == structures::tables_and_lists)
      if (!build_lists(samples, profile, choice.cost, part)) return false;
    if (choice.tables != 0 && !build_tables(choice.tables, samples, profile, costs, part))
      return false;
    if (tables_ == nullptr && lists_ == nullptr) covered_ = 0;
    return true;
  }
  template <class Part>
  [[nodiscard]] bool build_tables(std::size_t count, const code_view& samples,
                                  const distance_profile& profile, search_costs costs,
                                  Part&& part) {
    const auto cuts = cut_codes(store_.bits(), count, widest_substring(covered_));
    // Far enough for a search that is to do without scans; else what is dearer is not looked up.
    const double most = !scan_when_faster_ ? 1e9 : 2 * costs.scan;
    std::unique_ptr<substring_tables> tables;
    if (!part(0.7, 0.95, [&](const context& ctx) {
          tables = std::make_unique<substring_tables>(store_, covered_, cuts, ctx);
        }))
      return false;
    mih_plan plan(cuts, profile, costs, most);
    flip_masks masks(cuts, plan);
    double factor = 1;
    if (!part(0.95, 1, [&](const context& ctx) {
          factor = time_lookups(*tables, plan, masks, costs, samples, ctx);
        }))
      return false;
    costs.lookup *= factor;
    costs.candidate *= factor;
    plan = mih_plan(cuts, profile, costs, most * (std::min)(1.0, factor));
    masks = flip_masks(cuts, plan);
    tables_ = std::make_shared<const mih_tables>(
        mih_tables{std::move(*tables), std::move(plan), std::move(masks), costs, profile});
    return true;
  }
  /// Builds inverted lists when searches for the 10 nearest of the samples take less than `most` nanoseconds.
  template <class Part>
  [[nodiscard]] bool build_lists(const code_view& samples, const distance_profile& profile,
                                 double most, Part&& part) {
    constexpr std::size_t count = 1024;
    constexpr std::size_t in_each = 8;
    const code_set some = sample_of(store_, count * in_each);
    code_set centroids(store_.bits());
    if (!part(0.2, 0.25,
              [&](const context& ctx) { centroids = choose_centroids(some, count, ctx); }))
      return false;
    // What searches would have to look at among a few codes tells about all: how far may the samples'
    // go without looking at most?
    code_store few(store_.bits(), "lists");
    few.add(some);
    const inverted_lists lists_of_few(few, some.size(), centroids);
    const std::size_t each = list_search::overhead * some.size() / covered_;
    std::vector<std::int64_t> limits, counts;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      std::uint32_t low = 0, high = static_cast<std::uint32_t>(store_.bits()) + 1;
      while (low < high) {
        const std::uint32_t middle = (low + high + 1) / 2;
        const std::size_t reach = lists_of_few.within_reach(samples[i].data(), middle, each);
        const bool little = 10 * reach <= 3 * some.size();
        (little ? low : high) = little ? middle : middle - 1;
      }
      limits.push_back(low);
      counts.push_back(static_cast<std::int64_t>(profile.nearer(i, low)));
    }
    const auto quartile = [](std::vector<std::int64_t>& list) {
      std::sort(list.begin(), list.end());
      return static_cast<std::uint64_t>(list[list.size() / 4]);
    };
    list_limit_ = quartile(limits);
    list_k_ = quartile(counts);
    const bool always = !scan_when_faster_;
    if (always) list_limit_ = list_k_ = (std::numeric_limits<std::uint64_t>::max)();
    if (list_k_ < 10) return true;
    std::shared_ptr<const inverted_lists> lists;
    if (!part(0.25, 0.65,
              [&](const context& ctx) {
                lists = std::make_shared<const inverted_lists>(store_, covered_, centroids, ctx);
              }) ||
        !part(0.65, 0.7,
              [&](const context& ctx) { list_cost_ = time_lists(store_, *lists, samples, ctx); }))
      return false;
    if (always || list_cost_ < most) lists_ = std::move(lists);
    return true;
  }

  code_store store_;
  std::size_t wanted_;
  bool scan_when_faster_;
  std::size_t seen_ = 0;     // rows when last built, or found not worth it
  std::size_t covered_ = 0;  // rows that tables and lists have
  search_costs costs_;
  double list_cost_ = 0;  // nanoseconds of a search by lists
  // Searches that lists are good for: distances below the one, or no more codes than the other.
  std::uint64_t list_limit_ = 0;
  std::uint64_t list_k_ = 0;
  std::shared_ptr<const mih_tables> tables_;
  std::shared_ptr<const inverted_lists> lists_;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
