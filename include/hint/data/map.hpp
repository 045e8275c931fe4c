// SPDX-License-Identifier: MIT
/// \file
/// Feature blocks that stay in their files, which may be larger than memory.
#ifndef HINT_DATA_MAP_HPP
#define HINT_DATA_MAP_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/data/read.hpp>
#include <hint/io/npy.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

namespace detail {
/// As `map`, of files that were opened.
[[nodiscard]] inline block mapped_rows(const std::shared_ptr<const opened_rows>& opened) {
  const auto cols = static_cast<std::size_t>(opened->cols());
  std::vector<stored_rows> parts;
  std::size_t next = 0;
  for (std::size_t f = 0; f < opened->views().size(); ++f) {
    const io::npy_view& view = opened->views()[f];
    const auto rows = static_cast<std::size_t>(rows_of(view));
    expects<format_error>(!view.fortran_order() || rows < 2 || cols < 2, opened->origins()[f].file,
                          ": holds column after column (Fortran order), expected row after row;"
                          " data::read can read it");
    const std::byte* const data = view.bytes().data();
    const io::npy_type type = view.type();
    const bool floats = type.kind == 'f' && type.size == sizeof(float) && !type.big_endian &&
                        reinterpret_cast<std::uintptr_t>(data) % alignof(float) == 0;
    // Of files without rows nothing is ever looked at.
    if (rows > 0)
      parts.push_back({next, data, cols * type.size,
                       floats ? nullptr : io::detail::converter_from<float>(type),
                       type.big_endian});
    next += rows;
  }
  if (parts.empty()) parts.push_back({});
  return block(std::move(parts), next, cols, opened).from_files(opened->origins());
}
}  // namespace detail

/// The rows that `read` reads, where the files have them: the system fetches what is used and drops it again
/// when memory is short, so that it costs no memory of the program's own. Floats are used as they lie; other
/// numbers (half precision, doubles, integers) are converted whenever a row is copied, and those that are too
/// large for a float become infinite, which users refuse. The block, its copies and selections keep the files
/// open; shortening a file meanwhile ends the program (SIGBUS). On systems without memory mapping (Windows) the
/// files are in memory. O(files). Throws what `read` throws, and `format_error` for values in Fortran order.
[[nodiscard]] inline block map(const row_files& files) {
  return detail::mapped_rows(std::make_shared<const detail::opened_rows>(files, "data::map"));
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
