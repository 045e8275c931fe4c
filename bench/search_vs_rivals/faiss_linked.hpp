// SPDX-License-Identifier: MIT
// The Faiss that this program is linked with, Debian's: one thread, its flat binary index.
#ifndef HINT_BENCH_SEARCH_VS_RIVALS_FAISS_LINKED_HPP
#define HINT_BENCH_SEARCH_VS_RIVALS_FAISS_LINKED_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hint/core/code_set.hpp>

#include "../support/measure.hpp"
#include "codes.hpp"

#ifdef HINT_HAVE_FAISS
#include <faiss/IndexBinaryFlat.h>

extern "C" void omp_set_num_threads(int);  // <omp.h> may be missing where Faiss is not
#endif

namespace search_vs_rivals {

#ifdef HINT_HAVE_FAISS

class linked_faiss {
 public:
  static constexpr bool available = true;
  static std::string version() {
    return std::to_string(FAISS_VERSION_MAJOR) + "." + std::to_string(FAISS_VERSION_MINOR) + "." +
           std::to_string(FAISS_VERSION_PATCH);
  }

  explicit linked_faiss(const hint::code_view& codes)
      : index_(static_cast<std::int64_t>(64 * codes.words_per_code())) {
    omp_set_num_threads(1);
    index_.add(static_cast<std::int64_t>(codes.size()), bytes(codes));
  }
  /// Seconds of a search for the first `count` queries, all at once.
  double batch(const hint::code_view& queries, std::size_t count, std::size_t k) {
    distances_.assign(count * k, 0);
    ids_.assign(count * k, 0);
    return bench::seconds_of([&] {
      index_.search(static_cast<std::int64_t>(count), bytes(queries), static_cast<std::int64_t>(k),
                    distances_.data(), ids_.data());
    });
  }
  /// What the last search found.
  [[nodiscard]] answers found() const {
    answers all;
    for (std::size_t i = 0; i < ids_.size(); ++i) all.push_back({distances_[i], ids_[i]});
    return all;
  }

 private:
  static const std::uint8_t* bytes(const hint::code_view& codes) {
    return reinterpret_cast<const std::uint8_t*>(codes.data());
  }
  faiss::IndexBinaryFlat index_;
  std::vector<std::int32_t> distances_;
  std::vector<faiss::IndexBinary::idx_t> ids_;
};

#else

class linked_faiss {
 public:
  static constexpr bool available = false;
  static std::string version() { return "none"; }
  explicit linked_faiss(const hint::code_view&) {}
  double batch(const hint::code_view&, std::size_t, std::size_t) { return 0; }
  [[nodiscard]] answers found() const { return {}; }
};

#endif

}  // namespace search_vs_rivals

#endif
