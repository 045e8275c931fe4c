// SPDX-License-Identifier: MIT
/// \file
/// Parallel matrix products whose every element is a fixed function of its own row and column: the
/// same bits for any number of threads, any number of other rows and any place among them. Eigen's
/// products promise neither (its kernels differ with the position, and with OpenMP it splits by
/// threads).
#ifndef HINT_LINALG_PRODUCT_HPP
#define HINT_LINALG_PRODUCT_HPP

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/packed_rows.hpp>
#include <hint/linalg/product/blocks.hpp>
#include <hint/linalg/product/pack.hpp>
#include <hint/linalg/product/with_zeros.hpp>
#include <hint/linalg/simd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace linalg {

namespace detail {

inline void check_product(const char* name, index a_rows, index a_cols, index b_rows, index b_cols,
                          bool fits, index out_rows, index out_cols, index rows, index cols) {
  expects<shape_error>(fits, name, ": a is ", a_rows, " x ", a_cols, " and b is ", b_rows, " x ",
                       b_cols);
  expects<shape_error>(out_rows == rows && out_cols == cols, name, ": out is ", out_rows, " x ",
                       out_cols, ", expected ", rows, " x ", cols);
}

}  // namespace detail

/// out = a * b^T for a of n x d, b of m x d, out of n x m. Name the number type at the call:
/// `multiply_transposed<float>(a, b, out)`. `out` must not overlap `a` or `b`. O(n m d).
/// Throws `shape_error`.
template <real T>
void multiply_transposed(const matrix_view<T>& a, const matrix_view<T>& b, matrix_ref<T> out,
                         const executor_ref& e = {}) {
  detail::check_product("multiply_transposed", a.rows(), a.cols(), b.rows(), b.cols(),
                        a.cols() == b.cols(), out.rows(), out.cols(), a.rows(), b.rows());
  detail::product<T>(detail::rows_of<T>(a), detail::rows_of<T>(b), a.cols(), out, e);
}

/// The same with b packed before: what is worth it when several products have it in common.
template <real T>
void multiply_transposed(const matrix_view<T>& a, const packed_block<T>& b, matrix_ref<T> out,
                         const executor_ref& e = {}) {
  detail::check_product("multiply_transposed", a.rows(), a.cols(), b.rows(), b.cols(),
                        a.cols() == b.cols(), out.rows(), out.cols(), a.rows(), b.rows());
  detail::product<T>(detail::rows_of<T>(a), b.factor(), a.cols(), out, e);
}

/// The same with both packed before, such as two blocks of the same rows: out = p_i p_j^T for
/// `multiply_transposed<float>(p.block(i, i + h), p.block(j, j + w), out)`. An element has the same bits as its mirror
/// image of the product p_j p_i^T.
template <real T>
void multiply_transposed(const packed_block<T>& a, const packed_block<T>& b, matrix_ref<T> out,
                         const executor_ref& e = {}) {
  detail::check_product("multiply_transposed", a.rows(), a.cols(), b.rows(), b.cols(),
                        a.cols() == b.cols(), out.rows(), out.cols(), a.rows(), b.rows());
  detail::product<T>(a.factor(), b.factor(), a.cols(), out, e);
}

/// out = a * b for a of n x d, b of d x m, out of n x m; otherwise as `multiply_transposed`.
template <real T>
void multiply(const matrix_view<T>& a, const matrix_view<T>& b, matrix_ref<T> out,
              const executor_ref& e = {}) {
  detail::check_product("multiply", a.rows(), a.cols(), b.rows(), b.cols(), a.cols() == b.rows(),
                        out.rows(), out.cols(), a.rows(), b.cols());
  detail::product<T>(detail::rows_of<T>(a), detail::columns_of<T>(b), a.cols(), out, e);
}

/// out = a^T * b for a of n x p, b of n x q, out of p x q; otherwise as `multiply_transposed`.
template <real T>
void transposed_multiply(const matrix_view<T>& a, const matrix_view<T>& b, matrix_ref<T> out,
                         const executor_ref& e = {}) {
  detail::check_product("transposed_multiply", a.rows(), a.cols(), b.rows(), b.cols(),
                        a.rows() == b.rows(), out.rows(), out.cols(), a.cols(), b.cols());
  detail::product<T>(detail::columns_of<T>(a), detail::columns_of<T>(b), a.rows(), out, e);
}

/// The same for b of which most numbers may be 0: if so, they are left out, which for finite a changes no bit. Memory
/// for those that are not.
template <real T>
void transposed_multiply_with_zeros(const matrix_view<T>& a, const matrix_view<T>& b,
                                    matrix_ref<T> out, const executor_ref& e = {}) {
  detail::check_product("transposed_multiply_with_zeros", a.rows(), a.cols(), b.rows(), b.cols(),
                        a.rows() == b.rows(), out.rows(), out.cols(), a.cols(), b.cols());
  if (detail::worth_listing<T>(b))
    detail::product_with_zeros<T>(a, b, out, e);
  else
    detail::product<T>(detail::columns_of<T>(a), detail::columns_of<T>(b), a.rows(), out, e);
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::linalg

#endif
