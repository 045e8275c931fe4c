// SPDX-License-Identifier: MIT
// An older version of hint beside this one, from a shared library (baseline/library.cpp) of which CMake's
// HINT_BENCH_BASELINE names the headers. It runs with AVX2 at most.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_BASELINE_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_BASELINE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <hint/core/code_set.hpp>

#include "../support/shared_library.hpp"

namespace search_vs_rivals {

class baseline {
 public:
  /// Where CMake put it, empty for nowhere.
  [[nodiscard]] static std::string path() {
#ifdef HINT_BENCH_BASELINE_LIBRARY
    return HINT_BENCH_BASELINE_LIBRARY;
#else
    return "";
#endif
  }
  /// Throws `error` when it cannot be loaded.
  explicit baseline(const std::string& path) : library_(path) {
    library_.find(instruction_set_, "hint_baseline_instruction_set");
    library_.find(index_, "hint_baseline_index");
    library_.find(free_, "hint_baseline_free");
    library_.find(search_, "hint_baseline_search");
    library_.find(map_, "hint_baseline_map");
  }

  [[nodiscard]] std::string instruction_set() const { return instruction_set_(); }

  class index {
   public:
    index(const baseline& from, const hint::code_view& codes)
        : from_(&from), index_(from.index_(codes.data(), codes.size(), codes.bits()), from.free_) {}
    /// Distances of the k nearest, in rows.
    void search(const hint::code_view& queries, std::size_t k, std::uint32_t* distances) const {
      from_->search_(index_.get(), queries.data(), queries.size(), k, distances);
    }

   private:
    const baseline* from_;
    std::unique_ptr<void, void (*)(void*)> index_;
  };

  /// MAP on two threads.
  [[nodiscard]] double map(const hint::code_view& queries, const hint::code_view& codes,
                           const hint::code_view& query_labels, const hint::code_view& labels,
                           bool by_id) const {
    return map_(queries.data(), queries.size(), codes.data(), codes.size(), codes.bits(),
                query_labels.data(), labels.data(), labels.bits(), by_id ? 1 : 0);
  }

 private:
  bench::shared_library library_;
  const char* (*instruction_set_)() = nullptr;
  void* (*index_)(const std::uint64_t*, std::size_t, std::size_t) = nullptr;
  void (*free_)(void*) = nullptr;
  void (*search_)(const void*, const std::uint64_t*, std::size_t, std::size_t,
                  std::uint32_t*) = nullptr;
  double (*map_)(const std::uint64_t*, std::size_t, const std::uint64_t*, std::size_t, std::size_t,
                 const std::uint64_t*, const std::uint64_t*, std::size_t, int) = nullptr;
};

}  // namespace search_vs_rivals

#endif
