// SPDX-License-Identifier: MIT
// An older version of hint beside this one, from a shared library (baseline/library.cpp) of which CMake's
// HINT_BENCH_BASELINE names the headers. Compiled with the flags of this program.
#ifndef HINT_BENCH_FIT_VS_RIVALS_BASELINE_HPP
#define HINT_BENCH_FIT_VS_RIVALS_BASELINE_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>

#include "../support/shared_library.hpp"
#include "fit_request.hpp"

namespace fit_vs_rivals {

class baseline {
 public:
  /// Where CMake put it, empty for nowhere.
  [[nodiscard]] static std::string path() {
#ifdef HINT_BENCH_FIT_BASELINE_LIBRARY
    return HINT_BENCH_FIT_BASELINE_LIBRARY;
#else
    return "";
#endif
  }
  /// Throws `error` when it cannot be loaded.
  explicit baseline(const std::string& path) : library_(path) {
    library_.find(open_, "hint_baseline_open");
    library_.find(close_, "hint_baseline_close");
    library_.find(fit_, "hint_baseline_fit");
    library_.find(map_, "hint_baseline_map");
  }

  /// A folder of pairs, read by the older version.
  class data {
   public:
    data(const baseline& from, const std::filesystem::path& folder)
        : from_(&from), data_(from.open_(folder.c_str()), from.close_) {
      hint::expects<hint::error>(data_ != nullptr, "the older version cannot read ",
                                 folder.string());
    }
    /// Trains on the pairs to train on; the model replaces the one before. Throws `error` when it fails.
    void fit(const fit_request& r) const {
      hint::expects<hint::error>(from_->fit_(data_.get(), &r) == 0, "the older version cannot fit");
    }
    /// MAP of the last model, mean of both directions.
    [[nodiscard]] double map() const { return from_->map_(data_.get()); }

   private:
    const baseline* from_;
    std::unique_ptr<void, void (*)(void*)> data_;
  };

 private:
  bench::shared_library library_;
  void* (*open_)(const char*) = nullptr;
  void (*close_)(void*) = nullptr;
  int (*fit_)(void*, const fit_request*) = nullptr;
  double (*map_)(const void*) = nullptr;
};

}  // namespace fit_vs_rivals

#endif
