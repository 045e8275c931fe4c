// SPDX-License-Identifier: MIT
/// \file
/// The engine of `bit_set_index`: a code store, and most of its rows in the order of their numbers of bits.
#ifndef HINT_SEARCH_SETS_SET_ENGINE_HPP
#define HINT_SEARCH_SETS_SET_ENGINE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/core/executor.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/kernels/kernels.hpp>
#include <hint/search/kernels/layout_kernels.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/scan/collectors.hpp>
#include <hint/search/scan/store_scan.hpp>
#include <hint/search/sets/popcount_order.hpp>
#include <hint/search/sets/set_ranking.hpp>
#include <hint/search/sets/set_scan.hpp>
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Some queries, searched for together in a `popcount_order`, bucket after bucket.
///
/// For a query of a bits and items of b the bound on the similarity (Swamidass, Baldi, "Bounds and
/// algorithms for fast exact searches of chemical fingerprints in linear and sublinear time", JCIM 2007,
/// generalised) becomes one on the Hamming distance, which sketches do not exceed: what they let pass
/// is looked at whole. This is also the collector of `scan`.
template <search_filter Filter>
class set_group {
 public:
  set_group(const code_store& store, const popcount_order& order, const code_view& queries,
            std::span<const std::size_t> numbers, std::span<set_ranking> rankings,
            const Filter& filter)
      : store_(store),
        order_(order),
        queries_(queries),
        numbers_(numbers),
        rankings_(rankings),
        filter_(filter),
        sketches_(order.sketches().bits(), queries.size()),
        looked_(queries.size()),
        limits_(queries.size()) {
    for (std::size_t q = 0; q < queries.size(); ++q) fold_code(queries[q], sketches_[q]);
  }

  /// Returns the queries that were given up, since too many sketches let pass to be worth it: their
  /// rankings have some of the items only.
  [[nodiscard]] std::vector<std::size_t> run(const set_request& request) {
    const auto buckets = in_order(request);
    seed(request);
    for (std::size_t q = 0; q < queries_.size() && !whole(); ++q)
      if (foreseen(q) > most_looked()) looked_[q] = most_looked() + 1;
    for (const std::size_t b : buckets) {
      bucket_ = &order_.buckets()[b];
      std::fill(limits_.begin(), limits_.end(), known_limit{});
      scan(order_.sketches(), sketches_, {0, queries_.size(), bucket_->first, bucket_->last},
           *this);
    }
    std::vector<std::size_t> given_up;
    for (std::size_t q = 0; q < queries_.size(); ++q)
      if (gave_up(q)) given_up.push_back(q);
    return given_up;
  }

  [[nodiscard]] std::uint32_t limit(std::size_t q) noexcept {
    const double bound = rankings_[q].bound();
    if (limits_[q].bound != bound) limits_[q] = {bound, gave_up(q) ? 0 : limit_in(q, *bucket_)};
    return limits_[q].limit;
  }
  void offer(std::size_t q, std::uint32_t distance, std::int64_t, std::size_t position) {
    const std::uint32_t row = order_.row(position);
    if (row == popcount_order::filler || !store_.live(row) || gave_up(q)) return;
    const std::size_t size = order_.size(position);
    if (!whole()) {
      ++looked_[q];
      if (gave_up(q)) limits_[q] = {rankings_[q].bound(), 0};
      distance = whole_distance(q, row);
    }
    if (distance >= rankings_[q].limit(size)) return;
    const std::int64_t id = store_.id(row);
    rankings_[q].offer(size, distance, id, [&] { return accepts(filter_, numbers_[q], id); });
  }

 private:
  struct known_limit {
    double bound = -1;
    std::uint32_t limit = 0;
  };

  /// The buckets, the most promising first.
  [[nodiscard]] std::vector<std::size_t> in_order(const set_request& request) const {
    const std::size_t count = rankings_[rankings_.size() / 2].count();
    const auto buckets = order_.buckets();
    std::vector<std::pair<double, std::size_t>> best;
    for (std::size_t b = 0; b < buckets.size(); ++b) {
      double bound = 0;
      for (std::size_t s = buckets[b].sizes; s < buckets[b].sizes_end; ++s) {
        const std::size_t size = order_.sizes()[s];
        bound = (std::max)(bound, request.similarity(count, size, (std::min)(count, size)));
      }
      best.emplace_back(-bound, b);
    }
    std::sort(best.begin(), best.end());
    std::vector<std::size_t> ranked;
    for (const auto& [bound, b] : best) ranked.push_back(b);
    return ranked;
  }
  [[nodiscard]] std::uint32_t limit_in(std::size_t q,
                                       const popcount_order::bucket& bucket) const noexcept {
    std::uint32_t most = 0;
    for (std::size_t s = bucket.sizes; s < bucket.sizes_end; ++s)
      most = (std::max)(most, rankings_[q].limit(order_.sizes()[s]));
    return most;
  }
  /// Whether sketches are the codes.
  [[nodiscard]] bool whole() const noexcept { return order_.sketches().words() == store_.words(); }
  /// A row looked at whole takes some ten times as long as in a scan of everything.
  [[nodiscard]] std::size_t most_looked() const noexcept { return store_.rows() / 16 + 1024; }
  [[nodiscard]] bool gave_up(std::size_t q) const noexcept { return looked_[q] > most_looked(); }
  /// How many sketches should let pass, by a look at one in 32.
  [[nodiscard]] std::size_t foreseen(std::size_t q) const {
    const code_store& sketches = order_.sketches();
    std::uint16_t distances[group_codes];
    std::size_t passing = 0;
    for (const auto& bucket : order_.buckets()) {
      const std::uint32_t most = limit_in(q, bucket);
      if (most == 0) continue;
      for (std::size_t p = bucket.first; p < bucket.last; p += 32 * group_codes) {
        const std::size_t c = sketches.chunk_of(p);
        kernels().distances(
            sketches.chunk(c).blocks() + (p - sketches.first_row(c)) * sketches.words(),
            sketches.words(), group_codes / block_codes, sketches_[q].data(), distances);
        const auto near = std::count_if(std::begin(distances), std::end(distances),
                                        [most](std::uint16_t d) { return d < most; });
        passing += static_cast<std::size_t>(near) *
                   (std::min)(std::size_t{32}, (bucket.last - p) / group_codes);
      }
    }
    return passing;
  }
  [[nodiscard]] std::uint32_t whole_distance(std::size_t q, std::size_t row) const {
    const std::size_t c = store_.chunk_of(row);
    const std::size_t at = row - store_.first_row(c);
    const code_chunk& chunk = store_.chunk(c);
    const code_layout& layout = chunk.layout();
    const std::size_t step = layout.in_planes() ? plane_codes : block_codes;  // rows
    std::uint16_t distances[plane_codes];
    kernels_for(layout).distances(chunk.blocks() + at / step * step / block_codes * layout.bytes(),
                                  layout.length(), step / block_codes, queries_[q].data(),
                                  distances);
    return distances[at % step];
  }
  /// First bounds: the k-th of those with the nearest sketches.
  void seed(const set_request& request) {
    const std::size_t wanted = request.k + request.k / 2 + 16;
    if (whole() || wanted > order_.rows() / 64) return;
    const auto accepted = [this](std::size_t q, std::int64_t position) {
      const std::uint32_t row = order_.row(static_cast<std::size_t>(position));
      return row != popcount_order::filler && store_.live(row) &&
             accepts(filter_, numbers_[q], store_.id(row));
    };
    const hits near = scan_nearest(order_.sketches(), sketches_, wanted, accepted, {});
    for (std::size_t q = 0; q < queries_.size(); ++q) {
      set_ranking found(request, rankings_[q].count());
      for (const hit& h : near[q]) {
        const auto position = static_cast<std::size_t>(h.id);
        found.offer(order_.size(position), whole_distance(q, order_.row(position)), h.id,
                    [] { return true; });
      }
      rankings_[q].raise(found.bound());
    }
  }

  const code_store& store_;
  const popcount_order& order_;
  const code_view queries_;
  std::span<const std::size_t> numbers_;
  std::span<set_ranking> rankings_;
  const Filter& filter_;
  code_set sketches_;                // of the queries
  std::vector<std::size_t> looked_;  // rows looked at whole, by query
  std::vector<known_limit> limits_;  // in the bucket, by query
  const popcount_order::bucket* bucket_ = nullptr;
};

/// What `index_interface` wants of an engine to be changed; searches are for sets. Thread-safe as
/// `code_store`.
class set_engine {
 public:
  set_engine(std::size_t bits, std::string_view owner) : store_(bits, owner) {}

  [[nodiscard]] const code_store& store() const noexcept { return store_; }
  /// The store, to be changed; `refresh` is to follow.
  [[nodiscard]] code_store& store() noexcept { return store_; }
  /// Drops removed rows when they are most of all; sorts anew when rows have grown by an eighth. Rows in a
  /// mapped file, which would all be read, are not sorted unless `build` is called.
  HINT_LAZY
  void refresh(const context& ctx = {}) {
    if (store_.mostly_removed()) {
      store_.compact();
      order_ = nullptr;
    }
    const std::size_t sorted = order_ == nullptr ? 0 : order_->rows();
    const bool enough = store_.rows() >= least_rows && store_.rows() - sorted >= sorted / 8;
    if (enough && (order_ != nullptr || !store_.mapped())) build(ctx);
  }
  /// Asked to stop, it leaves what was sorted before.
  HINT_LAZY
  void build(const context& ctx = {}) {
    if (store_.rows() >= popcount_order::filler) return;
    watched_phase phase(ctx.observer, "index");
    if (phase.stopped()) return;
    auto order = std::make_shared<const popcount_order>(store_, phase);
    if (phase.stopped()) return;
    order_ = std::move(order);
    phase.end();
  }
  /// Rows that are sorted.
  [[nodiscard]] std::size_t sorted() const noexcept {
    return order_ == nullptr ? 0 : order_->rows();
  }

  /// The rankings of the queries, all arguments checked.
  template <search_filter Filter>
  [[nodiscard]] std::vector<std::vector<set_hit>> search(const code_view& queries,
                                                         set_request request, const Filter& filter,
                                                         const context& ctx) const {
    request.k = (std::min)(request.k, store_.size());
    // Queries of similar numbers of bits go together: they have the same buckets to look at.
    std::vector<std::size_t> counts(queries.size());
    for (std::size_t q = 0; q < queries.size(); ++q)
      for (const std::uint64_t word : queries[q]) counts[q] += count_bits(word);
    std::vector<std::size_t> numbers(queries.size());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    std::stable_sort(numbers.begin(), numbers.end(),
                     [&](std::size_t a, std::size_t b) { return counts[a] < counts[b]; });
    std::vector<std::vector<set_hit>> rows(queries.size());
    const std::size_t threads = (std::max<std::size_t>)(ctx.executor.concurrency(), 1);
    const std::size_t each = (std::min)(most_together, (queries.size() + threads - 1) / threads);
    for_chunks(ctx.executor, queries.size(), (each + 3) / 4 * 4,
               [&](std::size_t begin, std::size_t end) {
                 const std::span some = std::span(numbers).subspan(begin, end - begin);
                 code_set asked(queries.bits(), some.size());
                 std::vector<set_ranking> rankings;
                 for (std::size_t i = 0; i < some.size(); ++i) {
                   std::copy(queries[some[i]].begin(), queries[some[i]].end(), asked[i].begin());
                   rankings.emplace_back(request, counts[some[i]]);
                 }
                 search_group(asked, some, request, rankings, filter);
                 for (std::size_t i = 0; i < some.size(); ++i) rows[some[i]] = rankings[i].take();
               });
    return rows;
  }

 private:
  static constexpr std::size_t least_rows = 4096;   // to be sorted
  static constexpr std::size_t most_together = 32;  // queries

  template <search_filter Filter>
  void search_group(const code_view& queries, std::span<const std::size_t> numbers,
                    const set_request& request, std::span<set_ranking> rankings,
                    const Filter& filter) const {
    if (request.k == 0) return;
    if (order_ == nullptr) return scan_sets(store_, queries, numbers, 0, rankings, filter);
    set_group<Filter> group(store_, *order_, queries, numbers, rankings, filter);
    const std::vector<std::size_t> given_up = group.run(request);
    if (order_->rows() < store_.rows() && given_up.size() < queries.size())
      scan_sets(store_, queries, numbers, order_->rows(), rankings, filter);
    if (given_up.empty()) return;
    code_set again(queries.bits(), given_up.size());
    std::vector<std::size_t> their_numbers;
    std::vector<set_ranking> anew;
    for (std::size_t i = 0; i < given_up.size(); ++i) {
      const std::size_t q = given_up[i];
      std::copy(queries[q].begin(), queries[q].end(), again[i].begin());
      their_numbers.push_back(numbers[q]);
      anew.emplace_back(request, rankings[q].count());
      anew[i].raise(rankings[q].bound());  // what is known of the k-th
    }
    scan_sets(store_, again, their_numbers, 0, anew, filter);
    for (std::size_t i = 0; i < given_up.size(); ++i) rankings[given_up[i]] = std::move(anew[i]);
  }

  code_store store_;
  std::shared_ptr<const popcount_order> order_;  // shared with copies
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
