// SPDX-License-Identifier: MIT
/// \file
/// Sums of squares whose bits depend on the numbers and their columns alone, and division by lengths.
#ifndef HINT_DATA_NORMALIZE_UNIT_LENGTH_HPP
#define HINT_DATA_NORMALIZE_UNIT_LENGTH_HPP

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include <hint/core/config.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

namespace detail {

/// A sum in several sums, by column, which are then added in a fixed order: so it runs in vector registers, and
/// columns whose numbers are 0 may be left out. (Eigen's own norm depends on where the row starts in memory, and equal
/// rows must get equal codes.)
struct column_sum {
  static constexpr linalg::index lanes = 16;
  std::array<double, static_cast<std::size_t>(lanes)> parts{};

  void add(linalg::index column, double x) noexcept {
    parts[static_cast<std::size_t>(column % lanes)] += x;
  }
  [[nodiscard]] double total() const noexcept {
    double sum = 0;
    for (const double part : parts) sum += part;
    return sum;
  }
};
/// The sum of at(j)^2.
template <class At>
[[nodiscard]] inline double square_sum(linalg::index n, At at) {
  column_sum sum;
  const linalg::index whole = n / column_sum::lanes * column_sum::lanes;
  for (linalg::index j = 0; j < whole; j += column_sum::lanes)
    for (linalg::index lane = 0; lane < column_sum::lanes; ++lane)
      sum.parts[static_cast<std::size_t>(lane)] += at(j + lane) * at(j + lane);
  for (linalg::index j = whole; j < n; ++j) sum.add(j, at(j) * at(j));
  return sum.total();
}
/// The factor that gives a length of 1 to numbers with this sum of squares, 0 below a length of `least`.
[[nodiscard]] inline double to_unit(double squares, double least = 0) {
  return squares > least * least ? 1 / std::sqrt(squares) : 0;
}
/// row[j] = at(j), divided by their length.
template <class At>
void to_unit_length(std::span<float> row, At at, double least = 0) {
  const auto n = static_cast<linalg::index>(row.size());
  const double scale = to_unit(square_sum(n, at), least);
  for (linalg::index j = 0; j < n; ++j)
    row[static_cast<std::size_t>(j)] = static_cast<float>(scale * at(j));
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data::detail

#endif
