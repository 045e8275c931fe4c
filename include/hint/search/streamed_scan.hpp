// SPDX-License-Identifier: MIT
/// \file
/// Files of a `linear_scan` whose codes come part by part, for who has not all of them in memory
/// (`learn::encode_file`).
#ifndef HINT_SEARCH_STREAMED_SCAN_HPP
#define HINT_SEARCH_STREAMED_SCAN_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/store/ids_archive.hpp>

namespace hint { inline namespace HINT_ABI { namespace search {

/// What `linear_scan::write` writes of an index whose ids follow each other: first all but the codes, then these.
/// \code
/// search::streamed_scan scan(64);
/// io::archive_writer head(io::index_kind);
/// scan.announce(head, n, 0);
/// io::archive_stream file("index.hint", head);
/// for (...) file.write(scan.laid_out(part));
/// file.commit();
/// \endcode
class streamed_scan {
 public:
  /// Codes of how many bits. Throws `invalid_argument` for numbers outside 1 .. 16384.
  explicit streamed_scan(std::size_t bits)
      : bits_(linear_scan(bits).bits()), layout_(detail::code_layout::best(bits)) {}

  /// Puts everything into an `io::archive_writer` but the codes, which are its array to come: `rows` of them with
  /// the ids first_id, first_id + 1, ... Throws `invalid_argument` when there are not so many ids.
  template <class Writer>
  void announce(Writer& archive, std::size_t rows, std::int64_t first_id) const {
    const auto largest = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)());
    expects(rows == 0 || rows - 1 <= largest - static_cast<std::uint64_t>(first_id), "first id ",
            first_id, ": there are no ids for ", rows, " codes from it on");
    archive.meta("type", linear_scan::name);
    archive.meta("bits", bits_);
    archive.meta("rows", rows);
    if (rows > 0) archive.meta("largest_id", first_id + static_cast<std::int64_t>(rows - 1));
    archive.meta("ids_ascend", true);
    archive.meta("first_id", first_id);
    archive.needs_version(detail::short_format);
    if (layout_.in_planes())
      archive.template array_to_come<std::uint8_t>("planes",
                                                   layout_.padded(rows) / detail::plane_codes,
                                                   detail::plane_codes * layout_.length());
    else
      archive.template array_to_come<std::uint64_t>("blocks",
                                                    layout_.padded(rows) / detail::block_codes,
                                                    detail::block_codes * layout_.length());
  }
  /// The next codes as they are in the file, valid until the next call. All but the last call must bring a multiple
  /// of 64 codes. Throws `shape_error` for codes of another length.
  [[nodiscard]] std::span<const std::byte> laid_out(const code_view& codes) {
    expects<shape_error>(codes.bits() == bits_, "streamed_scan: codes have ", codes.bits(),
                         " bits, expected ", bits_);
    buffer_.assign(layout_.room(codes.size()), 0);
    layout_.put(codes, 0, buffer_.data());
    return std::as_bytes(std::span<const std::uint64_t>(buffer_));
  }

 private:
  std::size_t bits_;
  detail::code_layout layout_;
  aligned_buffer<std::uint64_t> buffer_;
};

}}}  // namespace hint::HINT_ABI::search

#endif
