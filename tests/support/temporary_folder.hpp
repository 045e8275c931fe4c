// SPDX-License-Identifier: MIT
/// \file
/// A folder of a test's own, gone with everything in it when the test ends.
#ifndef HINT_TESTS_SUPPORT_TEMPORARY_FOLDER_HPP
#define HINT_TESTS_SUPPORT_TEMPORARY_FOLDER_HPP

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace hint_tests {

class temporary_folder {
 public:
  temporary_folder() {
    for (int i = 0;; ++i) {
      path_ = std::filesystem::temp_directory_path() / ("hint-test-" + std::to_string(i));
      if (std::filesystem::create_directory(path_)) break;
    }
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return path_ / name;
  }
  /// How many files and folders are in it.
  [[nodiscard]] std::size_t size() const {
    const std::filesystem::directory_iterator all(path_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
[[nodiscard]] inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace hint_tests

#endif
