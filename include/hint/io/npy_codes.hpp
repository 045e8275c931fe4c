// SPDX-License-Identifier: MIT
/// \file
/// Binary codes in `.npy` files: packed into bytes, or a bool for each bit.
#ifndef HINT_IO_NPY_CODES_HPP
#define HINT_IO_NPY_CODES_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <hint/core/bit_order.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/io/element.hpp>
#include <hint/io/npy.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// Reads codes x bytes of type u1, packed in this order: `numpy.packbits(values, axis=1)` is
/// `bit_order::most_significant_first`, with `bitorder="little"` and for Faiss it is
/// `least_significant_first`. `bits` 0: all of the bytes. A matrix of bools has a column for each bit and
/// is packed here. Hashes that are numbers (uint64) become bytes in NumPy, copying nothing:
/// `hashes.view(numpy.uint8).reshape(len(hashes), -1)`, which are `least_significant_first`.
///
/// Throws as `read_npy`, `format_error` for other types, `shape_error` for another shape, and for bytes as
/// `code_set::from_bytes`: `invalid_argument` when bits past the end are set, so that another order is likely.
[[nodiscard]] inline code_set read_npy_codes(const std::filesystem::path& path,
                                             std::size_t bits = 0,
                                             bit_order order = bit_order::least_significant_first) {
  const mapped_file file(path);
  const std::string name = path.string();
  const npy_view values = parse_npy(file.bytes(), name);
  const npy_type& type = values.type();
  expects<format_error>(
      (type.kind == 'u' && type.size == 1) || type.kind == 'b', name, ": holds ", type.name(),
      ", expected codes packed into |u1 or a |b1 for each bit",
      type.kind == 'u' ? "; of larger integers .view(numpy.uint8).reshape(n, -1) makes bytes" : "");
  const bool packed = type.kind == 'u';
  const auto array = values.to_array<std::uint8_t>();
  const std::size_t each = packed ? 8 : 1;
  expects<shape_error>(array.shape.size() == 2 && array.cols() > 0, name, ": shape ",
                       detail::shape_text(array.shape), ", expected codes x ",
                       packed ? "bytes" : "bits");
  if (bits == 0) bits = each * array.cols();
  expects<shape_error>((bits + each - 1) / each == array.cols(), name, ": shape ",
                       detail::shape_text(array.shape), ", expected ", (bits + each - 1) / each,
                       packed ? " bytes" : " columns", " for each code of ", bits, " bits");
  if (packed) try {
      return code_set::from_bytes(std::as_bytes(std::span(array.values)), bits, order);
    } catch (const invalid_argument& e) {
      throw invalid_argument(hint::detail::concat(name, ": ", e.what()));
    }
  code_set codes(bits, array.rows());
  for (std::size_t i = 0; i < codes.size(); ++i)
    for (std::size_t j = 0; j < bits; ++j) codes.set_bit(i, j, array.values[i * bits + j] != 0);
  return codes;
}

/// Writes codes x ceil(bits / 8) bytes, for `numpy.unpackbits` or Faiss. Throws as `write_npy`.
inline void write_npy_codes(const std::filesystem::path& path, const code_view& codes,
                            bit_order order = bit_order::least_significant_first,
                            write_mode mode = write_mode::replace) {
  const std::vector<std::byte> bytes = to_bytes(codes, order);
  write_npy(path, std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()),
            {codes.size(), (codes.bits() + 7) / 8}, npy_order::c, mode);
}

}}}  // namespace hint::HINT_ABI::io

#endif
