// SPDX-License-Identifier: MIT
/// \file
/// A file of codes that come in parts: codes alone, or an index that can be searched where it lies.
#ifndef HINT_LEARN_ENCODING_CODE_FILE_HPP
#define HINT_LEARN_ENCODING_CODE_FILE_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_stream.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/search/streamed_scan.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// Byte by byte what `io::save` writes of all codes, or with `first_id` of a `search::linear_scan` of them. The file
/// appears on `commit`.
class code_file {
 public:
  /// Throws `io_error`.
  code_file(const std::filesystem::path& path, std::size_t bits, std::size_t rows,
            std::optional<std::int64_t> first_id)
      : scan_(first_id ? std::optional<search::streamed_scan>(bits) : std::nullopt),
        file_(path, head(bits, rows, first_id)) {}

  /// The next codes. All but the last calls must bring a multiple of 64. Throws `io_error`.
  void add(const code_view& codes) {
    file_.write(scan_ ? scan_->laid_out(codes) : std::as_bytes(codes.words()));
  }
  void commit() { file_.commit(); }

 private:
  [[nodiscard]] io::archive_writer head(std::size_t bits, std::size_t rows,
                                        std::optional<std::int64_t> first_id) const {
    io::archive_writer writer(scan_ ? io::index_kind : io::codes_kind);
    if (scan_)
      scan_->announce(writer, rows, *first_id);
    else
      writer.codes_to_come(bits, rows);
    return writer;
  }

  std::optional<search::streamed_scan> scan_;
  io::archive_stream file_;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
