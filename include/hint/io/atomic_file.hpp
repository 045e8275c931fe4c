// SPDX-License-Identifier: MIT
/// \file
/// A file that appears whole or not at all: all files that the library writes are written here.
#ifndef HINT_IO_ATOMIC_FILE_HPP
#define HINT_IO_ATOMIC_FILE_HPP

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/io/c_file.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// How a file is written.
enum class write_mode : std::uint8_t {
  replace,  ///< a new file takes the place of the old one: whole or not at all
  direct    ///< into what is there, pipes and devices too; what fails half-way stays half written
};

/// Writes into a new file beside `path` and renames it on `commit()`. Whoever opens `path` finds the
/// old content or the new one, never a part. Without `commit()` (an exception, say) the new file is
/// removed and `path` is as it was.
///
/// What is at `path` already:
/// - A symbolic link stays, and the file at its end is replaced; it is created where it is missing.
/// - A regular file must be writable. The new one gets its mode, and its owner and group where the system
///   allows; access control lists and extended attributes are not kept. Further names of it (hard links)
///   keep the old content, for they cannot change together with `path` at once.
/// - A pipe, a socket, a device and a folder are refused.
///
/// `write_mode::direct` opens what is at `path` instead, cuts it to nothing and writes into it: pipes and
/// devices, all names of a file with hard links, a file in a folder that may not be written to. A pipe is
/// waited for until somebody reads it; when its reader leaves, the system sends SIGPIPE, or if the
/// program ignores that, `write` throws. Nobody must have mapped the file.
///
/// Several threads and processes may replace one path: the last to commit wins. The bytes are handed to
/// the system, not forced onto the disk unless by `force()`: a power failure right after `commit()` may lose
/// them. Without
/// POSIX (Windows) modes and owners are left to the system.
class atomic_file {
 public:
  /// Throws `io_error` naming the path and the system's reason or what is there.
  explicit atomic_file(std::filesystem::path path, write_mode mode = write_mode::replace)
      : path_(std::move(path)), place_(path_) {
    const bool exists = check_target(mode);
    if (mode == write_mode::direct) {
      errno = 0;
      file_.reset(std::fopen(path_.string().c_str(), "wb"));
      if (!file_) fail(errno);
      return;
    }
    follow_links(exists);
    if (exists && !detail::may_write(place_)) fail(errno);
    create_beside(exists);
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
  /// Writes over what was written from `offset` on, and goes on at the end: for checksums that come last. Throws
  /// `invalid_argument` in `write_mode::direct`, as pipes have no way back; `io_error`.
  void rewrite(std::uint64_t offset, std::span<const std::byte> bytes) {
    expects<invalid_argument>(file_ != nullptr && !temporary_.empty(),
                              "atomic_file: no way back in ", path_.string());
    errno = 0;
    if (!detail::seek(file_, offset) || !detail::write_all(file_, bytes) ||
        std::fseek(file_.get(), 0, SEEK_END) != 0)
      fail(errno);
  }
  /// What was written so far goes onto the disk, so that no power failure after `commit()` loses it: the
  /// path then has the old content or the new one. Throws `io_error`.
  void force() {
    expects<invalid_argument>(file_ != nullptr, "atomic_file: force after commit to ",
                              path_.string());
    errno = 0;
    if (std::fflush(file_.get()) != 0 || !detail::force(file_)) fail(errno);
  }
  /// Puts the file in its place. Throws `io_error`, and then leaves nothing behind.
  void commit() {
    expects<invalid_argument>(file_ != nullptr, "atomic_file: second commit to ", path_.string());
    errno = 0;
    if (std::fflush(file_.get()) != 0) fail(errno);
    if (!temporary_.empty()) detail::copy_owner_and_mode(place_, file_);
    if (std::fclose(file_.release()) != 0) fail(errno);
    if (temporary_.empty()) return;
    std::error_code reason;
    std::filesystem::rename(temporary_, place_, reason);
    if (reason) {
      const int code = reason.value();
      fail(code, no_place(std::filesystem::exists(place_, reason)));
    }
    temporary_.clear();
  }

 private:
  /// Whether something is there that can be written to.
  [[nodiscard]] bool check_target(write_mode mode) {
    std::error_code reason;
    const auto type = std::filesystem::status(path_, reason).type();
    if (type == std::filesystem::file_type::not_found) return false;
    if (type == std::filesystem::file_type::none) fail(reason.value());
    if (type == std::filesystem::file_type::directory) fail(EISDIR);
    const std::string_view special = detail::special_file(type);
    const bool refused = type == std::filesystem::file_type::socket ||
                         (mode == write_mode::replace && !special.empty());
    expects<io_error>(!refused, "cannot write ", path_.string(), ": ", special,
                      ", expected a regular file",
                      type == std::filesystem::file_type::socket
                          ? ""
                          : " (write_mode::direct writes into a pipe or a device)");
    return true;
  }
  /// From `path_` to the file that is meant, which need not exist.
  void follow_links(bool exists) {
    std::error_code reason;
    for (int links = 0;
         std::filesystem::is_symlink(std::filesystem::symlink_status(place_, reason)); ++links) {
      if (links == 40) fail(ELOOP);  // as many as Linux follows
      const auto next = std::filesystem::read_symlink(place_, reason);
      if (reason) fail(reason.value());
      place_ = place_.parent_path() / next;
    }
    // Links of /proc can lead to files whose names are gone.
    expects<io_error>(
        !exists || place_ == path_ || std::filesystem::equivalent(path_, place_, reason),
        "cannot write ", text(), ": the file has no such name any more",
        " (write_mode::direct writes into it)");
  }
  /// Exclusive creation finds a name that is free; remains of killed programs are stepped over.
  void create_beside(bool exists) {
    const auto name = place_.filename().native().substr(0, 200);  // most systems allow 255
    for (int i = 0; i < 1000 && !file_; ++i) {
      temporary_ = place_.parent_path() / name;
      temporary_ += hint::detail::concat('.', i, ".part");
      file_ = detail::create_file(temporary_, exists);
      if (!file_ && errno != EEXIST) break;
    }
    if (file_) return;
    temporary_.clear();  // not ours to remove
    fail(errno, no_place(exists));
  }
  void discard() noexcept {
    file_.reset();
    std::error_code ignored;
    if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
    temporary_.clear();
  }
  [[nodiscard]] std::string text() const {
    return path_ == place_ ? path_.string() : path_.string() + " -> " + place_.string();
  }
  [[nodiscard]] static std::string_view no_place(bool exists) noexcept {
    return exists ? "; no new file can take its place, write_mode::direct writes into it" : "";
  }
  [[noreturn]] HINT_COLD void fail(int code, std::string_view advice = {}) {
    discard();
    hint::detail::raise<io_error>("cannot write ", text(), ": ",
                                  std::generic_category().message(code), advice);
  }

  std::filesystem::path path_;
  std::filesystem::path place_;      // where the links of path_ lead
  std::filesystem::path temporary_;  // empty: written directly, or over
  detail::c_file file_;
};

}}}  // namespace hint::HINT_ABI::io

#endif
