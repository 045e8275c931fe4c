// SPDX-License-Identifier: MIT
/// \file
/// Tests of what the system forbids, which it does not forbid to root.
#ifndef HINT_TESTS_SUPPORT_UNPRIVILEGED_HPP
#define HINT_TESTS_SUPPORT_UNPRIVILEGED_HPP

#if !defined(_WIN32)

#include <cstdlib>

#include <unistd.h>

#include "support/catch.hpp"

namespace hint_tests {

/// As long as it lives the process has the rights of user and group 65534 if it had those of root, else
/// its own.
class unprivileged {
 public:
  unprivileged() : root_(geteuid() == 0) {
    if (root_) REQUIRE((setegid(65534) == 0 && seteuid(65534) == 0));
  }
  unprivileged(const unprivileged&) = delete;
  unprivileged& operator=(const unprivileged&) = delete;
  ~unprivileged() {
    if (root_ && (seteuid(0) != 0 || setegid(0) != 0)) std::abort();
  }

 private:
  bool root_;
};

}  // namespace hint_tests

#endif
#endif
