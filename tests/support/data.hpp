// SPDX-License-Identifier: MIT
/// \file
/// Real data for tests: folders below the one that the environment variable HINT_DATA names.
#ifndef HINT_TESTS_SUPPORT_DATA_HPP
#define HINT_TESTS_SUPPORT_DATA_HPP

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "support/catch.hpp"

namespace hint_tests {

/// HINT_DATA/name, or nothing, and a word about it, where there is none: then the test returns.
/// \code
/// const auto folder = hint_tests::data_folder("uci_digits");
/// if (!folder) return;
/// \endcode
inline std::optional<std::filesystem::path> data_folder(const std::string& name) {
  if (const char* root = std::getenv("HINT_DATA")) {
    const auto folder = std::filesystem::path(root) / name;
    if (std::filesystem::is_directory(folder)) return folder;
  }
  WARN("skipped: set HINT_DATA to the folder that holds " << name);
  return std::nullopt;
}

}  // namespace hint_tests

#endif
