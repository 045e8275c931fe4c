// SPDX-License-Identifier: MIT
/// \file
/// The names of the inline namespaces. All of the library lives in `hint::v<major>_<minor>`, so that
/// two versions in one program do not collide at link time. (Headers that expose Eigen types add a
/// second tag, see linalg/matrix.hpp.)
#ifndef HINT_CORE_CONFIG_HPP
#define HINT_CORE_CONFIG_HPP

#include <hint/core/version.hpp>

#define HINT_DETAIL_JOIN_(a, b) a##b
#define HINT_DETAIL_JOIN(a, b) HINT_DETAIL_JOIN_(a, b)
#define HINT_ABI \
  HINT_DETAIL_JOIN(v, HINT_DETAIL_JOIN(HINT_VERSION_MAJOR, HINT_DETAIL_JOIN(_, HINT_VERSION_MINOR)))

/// In front of a function: HINT_COLD keeps it out of its callers; HINT_INLINE, in place of `inline`, puts
/// it into them, also into those that are compiled for another instruction set.
#if defined(__GNUC__) || defined(__clang__)
#define HINT_COLD [[gnu::cold, gnu::noinline]]
#define HINT_INLINE __attribute__((always_inline)) inline
#else
#define HINT_COLD
#define HINT_INLINE inline
#endif

/// In front of a function, in place of `inline`: makes it a template, so that only programs that call it
/// compile what it needs. Headers stay cheap to include.
#define HINT_LAZY template <class = void>

/// \namespace hint
/// Cross-modal hashing: short binary codes by which items of one modality find items of another.
namespace hint { inline namespace HINT_ABI {
}}

#endif
