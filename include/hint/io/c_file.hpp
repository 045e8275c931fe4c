// SPDX-License-Identifier: MIT
/// \file
/// What the files that are written have in common: a stream of the C library that closes itself, and
/// what only the system can say of a file. Without POSIX (Windows) the latter says and does nothing.
#ifndef HINT_IO_C_FILE_HPP
#define HINT_IO_C_FILE_HPP

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#if defined(_WIN32)
#include <io.h>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

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

/// Goes to a place that `std::fseek` can reach: below 2 GiB. False when the system refuses.
[[nodiscard]] inline bool seek(const c_file& file, std::uint64_t offset) noexcept {
  return offset <= 0x7fffffff && std::fseek(file.get(), static_cast<long>(offset), SEEK_SET) == 0;
}

/// "is a pipe" and the like for what has no content that could be replaced, empty for all else.
[[nodiscard]] inline std::string_view special_file(std::filesystem::file_type type) noexcept {
  switch (type) {
    case std::filesystem::file_type::fifo:
      return "is a pipe";
    case std::filesystem::file_type::socket:
      return "is a socket";
    case std::filesystem::file_type::character:
    case std::filesystem::file_type::block:
      return "is a device";
    default:
      return {};
  }
}

#if defined(_WIN32)

/// What was written and flushed goes onto the disk. False when the system refuses; errno is its reason.
[[nodiscard]] inline bool force(const c_file& file) noexcept {
  return ::_commit(::_fileno(file.get())) == 0;
}
[[nodiscard]] inline c_file create_file(const std::filesystem::path& path, bool) {
  errno = 0;
  return c_file(std::fopen(path.string().c_str(), "wbx"));
}
[[nodiscard]] inline bool may_write(const std::filesystem::path&) noexcept { return true; }
inline void copy_owner_and_mode(const std::filesystem::path&, const c_file&) noexcept {}

#else

[[nodiscard]] inline bool force(const c_file& file) noexcept {
  return ::fsync(::fileno(file.get())) == 0;
}

/// A new file for writing; null when there is one of that name already or the system refuses, and then
/// errno is the reason. One that is private is open to its owner alone, whatever the umask.
[[nodiscard]] inline c_file create_file(const std::filesystem::path& path, bool is_private) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,  // NOLINT
                          is_private ? 0600 : 0666);
  if (file < 0) return nullptr;
  c_file stream(::fdopen(file, "wb"));
  if (!stream) {
    const int code = errno;
    ::close(file);
    ::unlink(path.c_str());
    errno = code;
  }
  return stream;
}

/// Whether a file that is there may be written to; if not, errno is the reason.
[[nodiscard]] inline bool may_write(const std::filesystem::path& path) noexcept {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

/// Owner, group and mode of `from` (if it is there) for `to`, as far as the system allows. What an owner
/// or a group was allowed is not given to another one in their place.
inline void copy_owner_and_mode(const std::filesystem::path& from, const c_file& to) noexcept {
  struct stat before{};
  struct stat now{};
  const int file = ::fileno(to.get());
  if (::stat(from.c_str(), &before) != 0 || ::fstat(file, &now) != 0) return;
  mode_t mode = before.st_mode & 07777;
  const bool same = before.st_uid == now.st_uid && before.st_gid == now.st_gid;
  if (!same && ::fchown(file, before.st_uid, before.st_gid) != 0) {
    mode &= 0777;
    const bool same_group =
        before.st_gid == now.st_gid || ::fchown(file, static_cast<uid_t>(-1), before.st_gid) == 0;
    if (!same_group) mode &= ~mode_t{070} | (mode & 07) << 3;
  }
  static_cast<void>(::fchmod(file, mode));
}

#endif

}}}  // namespace hint::HINT_ABI::io::detail

#endif
