// SPDX-License-Identifier: MIT
/// \file
/// A file's bytes in memory, read-only, shared with every other process that maps it.
#ifndef HINT_CORE_MAPPED_FILE_HPP
#define HINT_CORE_MAPPED_FILE_HPP

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#if defined(_WIN32)
#include <fstream>
#include <hint/core/aligned_buffer.hpp>
#else
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>

namespace hint { inline namespace HINT_ABI {

/// Move-only. The bytes stay valid as long as the object lives; they start on a 64-byte boundary.
/// Where memory mapping is missing (Windows, so far) the file is read instead.
class mapped_file {
 public:
  mapped_file() = default;
  /// Throws `io_error` naming the path and the system's reason.
  explicit mapped_file(const std::filesystem::path& path) {
#if defined(_WIN32)
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    expects<io_error>(in.good(), "cannot open ", path.string());
    copy_.resize(static_cast<std::size_t>(in.tellg()));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(copy_.data()), static_cast<std::streamsize>(copy_.size()));
    expects<io_error>(in.good() || copy_.empty(), "cannot read ", path.string());
    bytes_ = copy_;
#else
    // O_NONBLOCK: without it a named pipe would block here until someone writes to it.
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // NOLINT
    if (file < 0) fail("open", path, errno);
    struct stat status{};
    if (::fstat(file, &status) != 0) {
      const int code = errno;
      ::close(file);
      fail("examine", path, code);
    }
    if (!S_ISREG(status.st_mode)) {
      ::close(file);
      detail::raise<io_error>("cannot read ", path.string(), ": not a regular file");
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > 0) {
      void* p = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
      const int code = errno;
      ::close(file);
      if (p == MAP_FAILED) fail("map", path, code);
      bytes_ = {static_cast<const std::byte*>(p), size};
    } else {
      ::close(file);
    }
#endif
  }
  mapped_file(mapped_file&& other) noexcept { swap(other); }
  mapped_file& operator=(mapped_file&& other) noexcept {
    mapped_file taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~mapped_file() {
#if !defined(_WIN32)
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
#endif
  }

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
  /// Lets the system have the memory of these bytes back, `size` from `offset` on, as far as they fill whole pages;
  /// who looks at them again reads them from the file again. For passes through large files.
  void release([[maybe_unused]] std::size_t offset,
               [[maybe_unused]] std::size_t size) const noexcept {
#if !defined(_WIN32)
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t begin = (offset + page - 1) / page * page;
    const std::size_t end = (offset + size) / page * page;
    if (begin < end && end <= bytes_.size())
      ::madvise(const_cast<std::byte*>(bytes_.data()) + begin, end - begin, MADV_DONTNEED);
#endif
  }
  void swap(mapped_file& other) noexcept {
    std::swap(bytes_, other.bytes_);
#if defined(_WIN32)
    copy_.swap(other.copy_);
#endif
  }

 private:
  [[noreturn]] HINT_COLD static void fail(std::string_view what, const std::filesystem::path& path,
                                          int code) {
    detail::raise<io_error>("cannot ", what, " ", path.string(), ": ",
                            std::generic_category().message(code));
  }
  std::span<const std::byte> bytes_;
#if defined(_WIN32)
  aligned_buffer<std::byte> copy_;
#endif
};

}}  // namespace hint::HINT_ABI

#endif
