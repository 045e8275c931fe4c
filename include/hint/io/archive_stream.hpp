// SPDX-License-Identifier: MIT
/// \file
/// Archives larger than memory: all but the last array at once, that one piece by piece.
#ifndef HINT_IO_ARCHIVE_STREAM_HPP
#define HINT_IO_ARCHIVE_STREAM_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/io/xxh64.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// Writes what an `archive_writer` has and then the array that it says is to come. The file is the one that
/// the writer would have written with all values in memory, and appears on `commit()`, whole or not at all
/// (`atomic_file`). Not thread-safe.
/// \code
/// io::archive_writer head(io::codes_kind);
/// head.codes_to_come(64, n);
/// io::archive_stream file("codes.hint", head);
/// for (...) file.write(std::as_bytes(part.words()));
/// file.commit();
/// \endcode
class archive_stream {
 public:
  /// Throws `io_error`; `invalid_argument` when no array is to come.
  archive_stream(const std::filesystem::path& path, const archive_writer& head)
      : file_(path), left_(head.bytes_to_come()), header_(head.header_) {
    expects(!head.arrays_.empty() && head.arrays_.back().bytes.empty(),
            "archive_stream: no array is to come");
    padding_ = detail::padding_for(left_);
    const std::string text = head.metadata(header_.payload_bytes);
    header_.payload_offset = detail::header_bytes + text.size();
    put(detail::encode(header_));
    put(detail::as_bytes(text));
    head.for_payload([&](std::span<const std::byte> bytes) { put(bytes); });
  }

  /// The next values. Throws `shape_error` for more than the array has, `io_error`.
  void write(std::span<const std::byte> bytes) {
    expects<shape_error>(bytes.size() <= left_, "archive_stream: ", bytes.size(),
                         " bytes, expected ", left_, " at most");
    left_ -= bytes.size();
    put(bytes);
  }
  /// Puts the file in its place. Throws `shape_error` when values are missing, `io_error`; then nothing is left
  /// behind.
  void commit() {
    expects<shape_error>(left_ == 0, "archive_stream: ", left_, " bytes are missing");
    constexpr std::array<std::byte, archive_alignment> zeros{};
    put(std::span(zeros).first(padding_));
    header_.checksum = checksum_.digest();
    file_.rewrite(0, detail::encode(header_));
    file_.commit();
  }

 private:
  void put(std::span<const std::byte> bytes) {
    checksum_.update(bytes);
    file_.write(bytes);
  }

  atomic_file file_;
  xxh64 checksum_;
  std::size_t left_;
  std::size_t padding_ = 0;
  archive_header header_;
};

}}}  // namespace hint::HINT_ABI::io

#endif
