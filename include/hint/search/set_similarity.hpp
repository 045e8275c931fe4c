// SPDX-License-Identifier: MIT
/// \file
/// How alike two sets of bits are: Jaccard (Tanimoto), Tversky, the share of a subset, of a superset.
#ifndef HINT_SEARCH_SET_SIMILARITY_HPP
#define HINT_SEARCH_SET_SIMILARITY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// common / union: the Jaccard index, which chemists call Tanimoto similarity.
struct jaccard {};
/// common / (common + alpha * (bits of the query alone) + beta * (bits of the item alone)): Tversky,
/// "Features of similarity", Psychological Review 1977. (1, 1) is Jaccard, (0.5, 0.5) Dice's coefficient.
/// Both 0 to 1000 and not both 0; they are taken as decimal numbers of six places, rounded.
struct tversky {
  double alpha = 1;
  double beta = 1;
};
/// common / bits of the item: 1 for the subsets of the query and for nothing else.
struct subset {};
/// common / bits of the query: 1 for the supersets of the query and for nothing else.
struct superset {};

/// Any of them. A similarity is a fraction of integers from 0 to 1, and is compared as such. Where it
/// would be 0 / 0 (two empty sets; an empty item as a subset, an empty query of supersets) it is 1: a set
/// is like itself, and the empty set a subset of every set.
class set_similarity {
 public:
  constexpr set_similarity(jaccard) noexcept : set_similarity(1, 1, 1) {}   // NOLINT: implicit
  constexpr set_similarity(subset) noexcept : set_similarity(1, 0, 1) {}    // NOLINT
  constexpr set_similarity(superset) noexcept : set_similarity(1, 1, 0) {}  // NOLINT
  /// Throws `invalid_option` for a weight outside 0 .. 1000 and when both are 0 (to six places).
  constexpr set_similarity(const tversky& weights)  // NOLINT
      : set_similarity(million, millionths("alpha", weights.alpha),
                       millionths("beta", weights.beta)) {
    expects<invalid_option>(query_ + item_ > 0, "options alpha and beta are ", weights.alpha,
                            " and ", weights.beta, ", expected one that is not 0");
    const std::uint64_t divisor = std::gcd(std::gcd(common_, query_), item_);
    common_ /= divisor, query_ /= divisor, item_ /= divisor;
  }

  /// Of a query and an item of so many bits, `common` of which they share. Rounded once: equal fractions
  /// give equal numbers, and more never gives less.
  [[nodiscard]] constexpr double operator()(std::size_t query, std::size_t item,
                                            std::size_t common) const noexcept {
    const fraction f = exactly(query, item, common);
    return static_cast<double>(f.above) / static_cast<double>(f.below);
  }
  /// Whether the first item is less like the query than the second, decided by integers.
  [[nodiscard]] constexpr bool less(std::size_t query, std::size_t item, std::size_t common,
                                    std::size_t other_item,
                                    std::size_t other_common) const noexcept {
    const fraction a = exactly(query, item, common);
    const fraction b = exactly(query, other_item, other_common);
    return below(a.above, b.below, b.above, a.below);
  }
  /// Whether the similarity may be above `bound`, without a division; rounding may turn a no into a yes,
  /// and for a bound that is less by a share of 10^-12 never a yes into a no.
  [[nodiscard]] constexpr bool may_reach(std::size_t query, std::size_t item, std::size_t common,
                                         double bound) const noexcept {
    const std::uint64_t shared = common_ * common;
    const std::uint64_t all = shared + query_ * (query - common) + item_ * (item - common);
    return static_cast<double>(shared) >= bound * static_cast<double>(all);
  }
  /// The least number of common bits with which an item is as like the query as `bound`; more than both
  /// have when none is enough. O(1).
  [[nodiscard]] constexpr std::size_t least_common(std::size_t query, std::size_t item,
                                                   double bound) const noexcept {
    const std::size_t most = (std::min)(query, item);
    const double different = static_cast<double>(query_) * static_cast<double>(query) +
                             static_cast<double>(item_) * static_cast<double>(item);
    const double share =
        static_cast<double>(common_) * (1 - bound) + bound * static_cast<double>(query_ + item_);
    // Close to the answer, whatever rounding did; the steps below are few.
    const double guess = share > 0 ? bound * different / share : 0;
    auto common = guess < static_cast<double>(most) ? static_cast<std::size_t>(guess) : most;
    while (common > 0 && (*this)(query, item, common - 1) >= bound) --common;
    while (common <= most && (*this)(query, item, common) < bound) ++common;
    return common;
  }

 private:
  static constexpr std::uint64_t million = 1'000'000;
  struct fraction {
    std::uint64_t above, below;
  };

  constexpr set_similarity(std::uint64_t common, std::uint64_t query, std::uint64_t item) noexcept
      : common_(common), query_(query), item_(item) {}
  [[nodiscard]] static constexpr std::uint64_t millionths(std::string_view name, double weight) {
    option_in(name, weight, 0.0, 1000.0);
    return static_cast<std::uint64_t>(weight * static_cast<double>(million) + 0.5);
  }
  [[nodiscard]] constexpr fraction exactly(std::size_t query, std::size_t item,
                                           std::size_t common) const noexcept {
    const std::uint64_t shared = common_ * common;
    const std::uint64_t all = shared + query_ * (query - common) + item_ * (item - common);
    return all == 0 ? fraction{1, 1} : fraction{shared, all};
  }
  /// a * b < c * d, for a and c up to 2^36, b and d up to 2^50: codes of 65,536 bits.
  [[nodiscard]] static constexpr bool below(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                            std::uint64_t d) noexcept {
    constexpr std::uint64_t low = 0xffffffU;  // of 24 bits, so that no product needs more than 64
    const std::uint64_t ab = a * (b & low), cd = c * (d & low);
    const std::uint64_t ab_high = a * (b >> 24) + (ab >> 24), cd_high = c * (d >> 24) + (cd >> 24);
    return ab_high != cd_high ? ab_high < cd_high : (ab & low) < (cd & low);
  }

  std::uint64_t common_, query_, item_;  // weights of what is shared, of what one has alone
};

/// An item that a search of sets found.
struct set_hit {
  double similarity = 0;     ///< to the query, rounded
  std::uint32_t common = 0;  ///< bits that it shares with the query
  std::uint32_t size = 0;    ///< bits that it has
  std::int64_t id = 0;
  friend bool operator==(const set_hit&, const set_hit&) = default;
};

}}}  // namespace hint::HINT_ABI::search

#endif
