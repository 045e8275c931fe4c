// SPDX-License-Identifier: MIT
// An older version of hint in a shared library that keeps its names to itself.
#ifndef HINT_BENCH_SUPPORT_SHARED_LIBRARY_HPP
#define HINT_BENCH_SUPPORT_SHARED_LIBRARY_HPP

#include <string>

#include <dlfcn.h>

#include <hint/core/error.hpp>

namespace bench {

/// Loaded for good: its threads live as long as the program.
class shared_library {
 public:
  /// Throws `error` when it cannot be loaded.
  explicit shared_library(const std::string& path)
      : library_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    hint::expects<hint::error>(library_ != nullptr, "the older version: ", dlerror());
  }
  /// Throws `error` when there is no such function.
  template <class F>
  void find(F& function, const char* name) const {
    void* const symbol = dlsym(library_, name);
    hint::expects<hint::error>(symbol != nullptr, "the older version has no ", name);
    function = reinterpret_cast<F>(symbol);
  }

 private:
  void* library_;
};

}  // namespace bench

#endif
