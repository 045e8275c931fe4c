// SPDX-License-Identifier: MIT
/// \file
/// A file that appears whole or not at all.
#ifndef HINT_IO_ATOMIC_FILE_HPP
#define HINT_IO_ATOMIC_FILE_HPP

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/io/c_file.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// Writes into a new file beside `path` and renames it on `commit()`. Whoever opens `path` finds the
/// old content or the new one, never a part. Without `commit()` (an exception, say) the new file is
/// removed and `path` is as it was.
///
/// Several threads and processes may write one path: the last to commit wins. The bytes are handed to
/// the system, not forced onto the disk: a power failure right after `commit()` may lose them.
class atomic_file {
 public:
  /// Throws `io_error` naming the path and the system's reason.
  explicit atomic_file(std::filesystem::path path) : path_(std::move(path)) {
    // Exclusive creation finds a name that is free; remains of killed programs are stepped over.
    for (int i = 0; i < 1000 && !file_; ++i) {
      temporary_ = path_;
      temporary_ += hint::detail::concat('.', i, ".part");
      errno = 0;
      file_.reset(std::fopen(temporary_.string().c_str(), "wbx"));
      if (!file_ && errno != EEXIST) break;
    }
    if (!file_) {
      temporary_.clear();  // not ours to remove
      fail(errno);
    }
  }
  atomic_file(const atomic_file&) = delete;
  atomic_file& operator=(const atomic_file&) = delete;
  ~atomic_file() { discard(); }

  /// Throws `io_error`.
  void write(std::span<const std::byte> bytes) {
    expects<invalid_argument>(file_ != nullptr, "atomic_file: write after commit to ",
                              path_.string());
    if (!detail::write_all(file_, bytes)) fail(errno);
  }
  /// Puts the file in its place. Throws `io_error`, and then leaves nothing behind.
  void commit() {
    expects<invalid_argument>(file_ != nullptr, "atomic_file: second commit to ", path_.string());
    errno = 0;
    if (std::fclose(file_.release()) != 0) fail(errno);
    std::error_code reason;
    std::filesystem::rename(temporary_, path_, reason);
    if (reason) fail(reason.value());
    temporary_.clear();
  }

 private:
  void discard() noexcept {
    file_.reset();
    std::error_code ignored;
    if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
    temporary_.clear();
  }
  [[noreturn]] HINT_COLD void fail(int code) {
    discard();
    hint::detail::raise<io_error>("cannot write ", path_.string(), ": ",
                                  std::generic_category().message(code));
  }

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  detail::c_file file_;
};

}}}  // namespace hint::HINT_ABI::io

#endif
