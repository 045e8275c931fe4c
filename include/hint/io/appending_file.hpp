// SPDX-License-Identifier: MIT
/// \file
/// Bytes at the end of a file that is there already, all of them or none.
#ifndef HINT_IO_APPENDING_FILE_HPP
#define HINT_IO_APPENDING_FILE_HPP

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#if defined(_WIN32)
#include <io.h>
#else
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/io/c_file.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// Writes behind the end of a file and keeps what it wrote on `commit()`, which also forces it onto
/// the disk. Without `commit()` (an exception, say) the file is cut back to its former length. Only
/// a program that is killed in between, or a power failure, leaves a part behind.
///
/// Where the system has `flock`, appending waits for others who append to the same file, in this
/// process or in another (so that one thread must not do it twice at a time); elsewhere (Windows) see
/// to it that only one does. Programs that replace the file (`atomic_file`) do not wait: what they put in
/// its place is what those who waited append to, and who is appending at that moment appends to the old
/// file. Who reads meanwhile may see a part.
class appending_file {
 public:
  /// Throws `io_error` naming the path and the system's reason, also when there is no such file or it is
  /// a pipe, a socket or a device. Links are followed.
  explicit appending_file(std::filesystem::path path) : path_(std::move(path)) {
    std::error_code reason;
    const auto special = detail::special_file(std::filesystem::status(path_, reason).type());
    expects<io_error>(special.empty(), "cannot append to ", path_.string(), ": ", special,
                      ", expected a regular file");
    // Some file systems have no numbers that say whether two files are the same: no more than so often.
    for (int tries = 0; tries == 0 || (tries < 100 && replaced()); ++tries) {
      errno = 0;
      file_.reset(std::fopen(path_.string().c_str(), "r+b"));
      if (!file_) fail(errno);
      // Unbuffered: closing must not write what is left of a buffer after the file is cut back.
      std::setvbuf(file_.get(), nullptr, _IONBF, 0);
      errno = 0;
      if (!lock()) fail(errno);
    }
    errno = 0;
    if (std::fseek(file_.get(), 0, SEEK_END) != 0 || !measure()) fail(errno);
  }
  appending_file(const appending_file&) = delete;
  appending_file& operator=(const appending_file&) = delete;
  ~appending_file() {
    if (file_ && writing_) static_cast<void>(cut());
  }

  /// Bytes of the file before.
  [[nodiscard]] std::uint64_t former_size() const noexcept { return former_size_; }

  /// Throws `io_error`, and then the file is as it was.
  void write(std::span<const std::byte> bytes) {
    expects<invalid_argument>(file_ != nullptr, "appending_file: write after the end to ",
                              path_.string());
    writing_ = true;
    if (!detail::write_all(file_, bytes)) fail(errno);
  }
  /// Throws `io_error`, and then the file is as it was.
  void commit() {
    expects<invalid_argument>(file_ != nullptr, "appending_file: commit after the end to ",
                              path_.string());
    errno = 0;
    if (!detail::force(file_)) fail(errno);
    file_.reset();
  }

 private:
#if defined(_WIN32)
  [[nodiscard]] bool lock() const noexcept { return true; }
  [[nodiscard]] bool replaced() const noexcept { return false; }
  [[nodiscard]] bool measure() noexcept {
    const auto size = ::_ftelli64(file_.get());
    former_size_ = static_cast<std::uint64_t>(size);
    return size >= 0;
  }
  [[nodiscard]] bool cut() const noexcept {
    return ::_chsize_s(::_fileno(file_.get()), static_cast<long long>(former_size_)) == 0;
  }
#else
  [[nodiscard]] bool lock() const noexcept {
    int code = 0;
    do {
      code = ::flock(::fileno(file_.get()), LOCK_EX);  // closing unlocks
    } while (code != 0 && errno == EINTR);
    return code == 0;
  }
  /// Whether another file has come to the path while this one was waited for.
  [[nodiscard]] bool replaced() const noexcept {
    struct stat mine{};
    struct stat there{};
    return ::fstat(::fileno(file_.get()), &mine) == 0 &&
           (::stat(path_.c_str(), &there) != 0 || mine.st_dev != there.st_dev ||
            mine.st_ino != there.st_ino);
  }
  [[nodiscard]] bool measure() noexcept {
    struct stat status{};
    if (::fstat(::fileno(file_.get()), &status) != 0) return false;
    former_size_ = static_cast<std::uint64_t>(status.st_size);
    return true;
  }
  [[nodiscard]] bool cut() const noexcept {
    return ::ftruncate(::fileno(file_.get()), static_cast<off_t>(former_size_)) == 0;
  }
#endif

  [[noreturn]] HINT_COLD void fail(int code) {
    std::string left;
    if (file_ && writing_ && !cut())
      left = hint::detail::concat("; a part was left behind byte ", former_size_);
    file_.reset();
    hint::detail::raise<io_error>("cannot append to ", path_.string(), ": ",
                                  std::generic_category().message(code), left);
  }

  std::filesystem::path path_;
  detail::c_file file_;
  std::uint64_t former_size_ = 0;
  bool writing_ = false;  // until then there is nothing to cut
};

}}}  // namespace hint::HINT_ABI::io

#endif
