// SPDX-License-Identifier: MIT
/// \file
/// Which `.npy` files are in a folder.
#ifndef HINT_DATA_FILES_FOLDER_HPP
#define HINT_DATA_FILES_FOLDER_HPP

#include <cctype>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <system_error>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI {
namespace data::detail {

/// Whether the name ends in .npy, .NPY, ...
[[nodiscard]] inline bool is_npy(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending == ".npy";
}

/// The `.npy` files of a folder by their names without the ending; none if there is no such folder. What
/// is named is listed even where it cannot be opened (a link to nothing): a file that is meant to be there
/// is not one that is left out. Throws `io_error` when the folder cannot be read, `format_error` for names
/// that differ in nothing but the case of the ending.
HINT_LAZY
[[nodiscard]] std::map<std::string, std::filesystem::path, std::less<>> npy_files(
    const std::filesystem::path& folder) {
  std::map<std::string, std::filesystem::path, std::less<>> files;
  std::error_code reason;
  std::filesystem::directory_iterator entry(folder, reason);
  for (; !reason && entry != std::filesystem::directory_iterator(); entry.increment(reason)) {
    const std::filesystem::path& path = entry->path();
    if (!is_npy(path)) continue;
    const auto [place, fresh] = files.emplace(path.stem().string(), path);
    expects<format_error>(fresh, folder.string(), ": has ", place->second.filename().string(),
                          " and ", path.filename().string(), ", expected one of them");
  }
  expects<io_error>(!reason || reason == std::errc::no_such_file_or_directory ||
                        reason == std::errc::not_a_directory,
                    "cannot list ", folder.string(), ": ", reason.message());
  return files;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data::detail

#endif
