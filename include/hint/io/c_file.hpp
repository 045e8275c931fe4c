// SPDX-License-Identifier: MIT
/// \file
/// What the files that are written have in common: a stream of the C library that closes itself.
#ifndef HINT_IO_C_FILE_HPP
#define HINT_IO_C_FILE_HPP

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <span>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace io::detail {

struct file_closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
/// Owns a stream; null when there is none.
using c_file = std::unique_ptr<std::FILE, file_closer>;

/// Writes all bytes; false when the system refuses, and then errno is its reason, or 0.
[[nodiscard]] inline bool write_all(const c_file& file, std::span<const std::byte> bytes) noexcept {
  errno = 0;
  return bytes.empty() || std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
}

}}}  // namespace hint::HINT_ABI::io::detail

#endif
