// SPDX-License-Identifier: MIT
/// \file
/// The version of the library. It is written here alone; CMake reads this file.
#ifndef HINT_CORE_VERSION_HPP
#define HINT_CORE_VERSION_HPP

#define HINT_VERSION_MAJOR 0
#define HINT_VERSION_MINOR 1
#define HINT_VERSION_PATCH 0

#define HINT_DETAIL_STRING_(x) #x
#define HINT_DETAIL_STRING(x) HINT_DETAIL_STRING_(x)
#define HINT_VERSION                     \
  HINT_DETAIL_STRING(HINT_VERSION_MAJOR) \
  "." HINT_DETAIL_STRING(HINT_VERSION_MINOR) "." HINT_DETAIL_STRING(HINT_VERSION_PATCH)

#endif
