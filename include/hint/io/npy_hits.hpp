// SPDX-License-Identifier: MIT
/// \file
/// Results of searches as two `.npy` files of equal shape, ids (i8) and distances (i4), as `faiss` returns and
/// NumPy reads them. `search::to_matrix` and `search::to_hits` are the way from and to hits.
#ifndef HINT_IO_NPY_HITS_HPP
#define HINT_IO_NPY_HITS_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/io/element.hpp>
#include <hint/io/npy.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// `rows` x `cols` ids and distances, row after row: `search::hit_matrix`, which this folder does not know.
template <class M>
concept hit_table = std::default_initializable<M> && requires(M& m) {
  { m.rows } -> std::same_as<std::size_t&>;
  { m.cols } -> std::same_as<std::size_t&>;
  { m.ids } -> std::same_as<std::vector<std::int64_t>&>;
  { m.distances } -> std::same_as<std::vector<std::int32_t>&>;
};

/// Writes two files, each whole or not at all. Throws as `write_npy`; when the second cannot be written the
/// first is there already.
/// \code
/// io::write_npy_hits("ids.npy", "distances.npy", search::to_matrix(index.search(queries, 10), 10));
/// \endcode
template <hit_table Matrix>
void write_npy_hits(const std::filesystem::path& ids, const std::filesystem::path& distances,
                    const Matrix& matrix, write_mode mode = write_mode::replace) {
  const std::vector<std::size_t> shape{matrix.rows, matrix.cols};
  // What does not fit is found before anything is written.
  expects<shape_error>(detail::bytes_of(shape, 4) == 4 * matrix.distances.size(),
                       "write_npy_hits: ", matrix.distances.size(), " distances for shape ",
                       detail::shape_text(shape));
  write_npy(ids, std::span<const std::int64_t>(matrix.ids), shape, npy_order::c, mode);
  write_npy(distances, std::span<const std::int32_t>(matrix.distances), shape, npy_order::c, mode);
}

/// Reads them again: `io::read_npy_hits<search::hit_matrix>("ids.npy", "distances.npy")`. Integers of other
/// types are taken if their values fit. Throws as `read_npy`, and `shape_error` unless both are matrices of one
/// shape.
template <hit_table Matrix>
[[nodiscard]] Matrix read_npy_hits(const std::filesystem::path& ids,
                                   const std::filesystem::path& distances) {
  auto found_ids = read_npy<std::int64_t>(ids);
  auto found_distances = read_npy<std::int32_t>(distances);
  expects<shape_error>(found_ids.shape.size() == 2 && found_ids.shape == found_distances.shape,
                       ids.string(), " has shape ", detail::shape_text(found_ids.shape), ", ",
                       distances.string(), " ", detail::shape_text(found_distances.shape),
                       ", expected queries x hits of both");
  Matrix out;
  out.rows = found_ids.rows();
  out.cols = found_ids.cols();
  out.ids = std::move(found_ids.values);
  out.distances = std::move(found_distances.values);
  return out;
}

}}}  // namespace hint::HINT_ABI::io

#endif
