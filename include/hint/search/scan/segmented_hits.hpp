// SPDX-License-Identifier: MIT
/// \file
/// A growing list of hits of several queries that wastes no memory while it grows.
#ifndef HINT_SEARCH_SCAN_SEGMENTED_HITS_HPP
#define HINT_SEARCH_SCAN_SEGMENTED_HITS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/search/hits.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Hits in the order in which they come, in segments that never move: a vector would hold three times the
/// list while it grows. Queries below 2^16, distances below 2^16. Memory: 16 bytes a hit and at most 64 KiB.
class segmented_hits {
 public:
  void add(std::uint32_t query, const hit& h) {
    if (segments_.empty() || segments_.back().size() == segments_.back().capacity()) grow();
    segments_.back().push_back({h.distance | query << 16, h.id});
    ++size_;
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Calls f(query, hit) for each.
  template <class F>
  void for_each(F&& f) const {
    for (const auto& segment : segments_)
      for (const hit& h : segment) f(h.distance >> 16, hit{h.distance & 0xffff, h.id});
  }
  /// The same, and frees them meanwhile.
  template <class F>
  void drain(F&& f) {
    for (auto& segment : segments_) {
      for (const hit& h : segment) f(h.distance >> 16, hit{h.distance & 0xffff, h.id});
      segment = {};
    }
    segments_.clear();
    size_ = 0;
  }

 private:
  HINT_LAZY
  void grow() {
    std::vector<hit> segment;
    segment.reserve((std::min<std::size_t>)(4096, (std::max<std::size_t>)(16, size_)));
    segments_.push_back(std::move(segment));
  }
  std::vector<std::vector<hit>> segments_;
  std::size_t size_ = 0;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
