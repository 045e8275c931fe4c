// SPDX-License-Identifier: MIT
/// \file
/// A full disk, as far as programs can tell: files that cannot grow.
#ifndef HINT_TESTS_SUPPORT_FILE_SIZE_LIMIT_HPP
#define HINT_TESTS_SUPPORT_FILE_SIZE_LIMIT_HPP

#if !defined(_WIN32)

#include <csignal>

#include <sys/resource.h>

#include "support/catch.hpp"

namespace hint_tests {

/// As long as it lives no file of this process grows beyond so many bytes: writes fail instead.
class file_size_limit {
 public:
  explicit file_size_limit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    rlimit tight = before_;
    tight.rlim_cur = bytes;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &tight) == 0);
  }
  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;
  ~file_size_limit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace hint_tests

#endif
#endif
