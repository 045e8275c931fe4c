// SPDX-License-Identifier: MIT
/// \file
/// From rows of features to a network's outputs, each row by itself.
#ifndef HINT_LEARN_ENCODING_ROW_PROJECTOR_HPP
#define HINT_LEARN_ENCODING_ROW_PROJECTOR_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/compact.hpp>
#include <hint/data/normalize.hpp>
#include <hint/learn/encoding/outputs_in_double.hpp>
#include <hint/learn/sparse_rows.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/mlp.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// A scaling and a network, applied to rows some at a time. How a row is summed up (dense, by its numbers that
/// are not 0, or in double) follows from that row alone, and so do the bits of its outputs. Const use from many threads
/// is safe; what it is made from must outlive it.
class row_projector {
 public:
  /// `packed`: the network's weights.
  row_projector(const data::normalizer& scaling, const nn::mlp<float>& net,
                const nn::mlp<float>::packed_weights& packed, modality m) noexcept
      : scaling_(scaling), net_(net), packed_(packed), modality_(m) {}

  /// h = the outputs for rows begin .. end - 1, of which it gets as many. Throws `invalid_argument` naming the
  /// row and the column of NaN or infinity, or the row that no float is large enough for.
  HINT_LAZY
  void operator()(const data::block& rows, std::size_t begin, std::size_t end,
                  linalg::matrix<float>& h) const {
    h.resize(static_cast<linalg::index>(end - begin), static_cast<linalg::index>(net_.outputs()));
    ids sparse, dense;
    for (std::size_t i = begin; i < end; ++i) {
      data::check_finite_row(rows, i, name_of(modality_));
      const bool by_numbers = scaling_.outputs() == rows.cols() && rows.is_mostly_zero_row(i);
      (by_numbers ? sparse : dense).push_back(static_cast<data::row_id>(i));
    }
    if (sparse.empty()) return project_dense(rows, dense, h);
    project_sparse(rows, sparse, begin, h);
    dense.insert(dense.end(), sparse.begin(), sparse.end());
    linalg::matrix<float> found(static_cast<linalg::index>(dense.size()), h.cols());
    project_dense(rows, dense, found);
    for (std::size_t i = 0; i < dense.size(); ++i) row_of(h, dense[i] - begin) = row_of(found, i);
  }

 private:
  using ids = std::vector<data::row_id>;

  /// Sums over larger numbers may overflow within a network, and what comes out need not show it.
  static constexpr float largest_input = 1e15F;

  [[nodiscard]] static linalg::matrix<float>::RowXpr row_of(linalg::matrix<float>& h,
                                                            std::size_t i) {
    return h.row(static_cast<linalg::index>(i));
  }
  /// Whether floats were enough for a row, from its scaled numbers and its outputs.
  [[nodiscard]] bool fits(std::span<const float> in, std::span<const float> out) const {
    if (!all_finite(out.data(), out.size())) return false;
    if (data::drops_lengths(scaling_.how()) || scaling_.how() == data::scaling::homogeneous)
      return true;
    return all_finite(in.data(), in.size()) &&
           std::all_of(in.begin(), in.end(), [](float v) { return std::abs(v) <= largest_input; });
  }

  /// h.row(i) = the outputs for row which[i].
  void project_dense(const data::block& rows, const ids& which, linalg::matrix<float>& h) const {
    linalg::matrix<float> x(h.rows(), static_cast<linalg::index>(scaling_.outputs()));
    rows.gather(which, x.leftCols(static_cast<linalg::index>(rows.cols())));
    scaling_.apply(x);
    net_.forward(x, packed_, h);
    for (std::size_t i = 0; i < which.size(); ++i) {
      const std::span<const float> in(row_of(x, i).data(), scaling_.outputs());
      const std::span<float> out(row_of(h, i).data(), net_.outputs());
      if (!fits(in, out)) project_in_double(rows.name_of_row(which[i]), in, out);
    }
  }
  /// The same by numbers that are not 0, to h.row(which[i] - begin). Of `which` those remain that floats were not
  /// enough for.
  void project_sparse(const data::block& rows, ids& which, std::size_t begin,
                      linalg::matrix<float>& h) const {
    const data::block scaled = scaling_.transform_sparse(data::only_numbers(rows, which));
    linalg::matrix<float> found(static_cast<linalg::index>(which.size()), h.cols());
    net_.forward(sparse_rows(scaled, 0, which.size()), found);
    std::size_t left = 0;
    for (std::size_t i = 0; i < which.size(); ++i)
      if (fits(scaled.stored(i), {row_of(found, i).data(), net_.outputs()}))
        row_of(h, which[i] - begin) = row_of(found, i);
      else
        which[left++] = which[i];
    which.resize(left);
  }
  /// h = the outputs for the scaled row x that floats might not reach; `row` is its name.
  void project_in_double(const std::string& row, std::span<const float> x,
                         std::span<float> h) const {
    for (std::size_t c = 0; c < x.size(); ++c)
      expects(is_finite(x[c]), "encode: ", name_of(modality_), ": ", row, ", column ", c, " is ",
              x[c], " after the scaling ",
              data::scaling_names[static_cast<std::size_t>(scaling_.how())],
              ", expected a number that float can hold");
    const std::vector<double> wide = outputs_in_double(net_, x);
    for (std::size_t j = 0; j < h.size(); ++j) h[j] = static_cast<float>(wide[j]);
    expects(all_finite(h.data(), h.size()), "encode: ", name_of(modality_), ": ", row,
            ": the network's output is no finite float");
  }

  const data::normalizer& scaling_;
  const nn::mlp<float>& net_;
  const nn::mlp<float>::packed_weights& packed_;
  modality modality_;
};

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
