// SPDX-License-Identifier: MIT
/// \file
/// Matrices and the elementary operations on them.
#ifndef HINT_LINALG_HPP
#define HINT_LINALG_HPP

#include <hint/linalg/covariance.hpp>
#include <hint/linalg/elementwise.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/packed_rows.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/reduce.hpp>
#include <hint/linalg/simd.hpp>
#include <hint/linalg/singular.hpp>
#include <hint/linalg/whitening.hpp>

#endif
