// SPDX-License-Identifier: MIT
/// \file
/// The language, and the names of the inline namespaces. All of the library lives in
/// `hint::v<major>_<minor>_`, with a letter for each instruction set that -m flags allow, so that two
/// versions, or parts for different processors, do not collide at link time. (Headers that expose Eigen
/// types add a second tag, see linalg/matrix.hpp.)
#ifndef HINT_CORE_CONFIG_HPP
#define HINT_CORE_CONFIG_HPP

#include <hint/core/version.hpp>

#if __cplusplus < 202002L && !(defined(_MSVC_LANG) && _MSVC_LANG >= 202002L)
#error "hint needs C++20: compile with -std=c++20 or later, by g++ 11, clang 14 or later"
#define HINT_DETAIL_STOP <hint needs C++20>
#include HINT_DETAIL_STOP  // is not there, which ends the list of errors
#endif

#define HINT_DETAIL_JOIN_(a, b) a##b
#define HINT_DETAIL_JOIN(a, b) HINT_DETAIL_JOIN_(a, b)

// HINT_DETAIL_IF(macro, letter): the letter where the macro is 1, nothing where it is not. Letters follow a
// 0, since a program's `#define e 2.718` would replace the name `e`, but no part of the number `0e`.
#define HINT_DETAIL_IS_1 ,
#define HINT_DETAIL_SECOND_(first, second, ...) second
#define HINT_DETAIL_SECOND(...) HINT_DETAIL_SECOND_(__VA_ARGS__)
#define HINT_DETAIL_IF_(value, letter) HINT_DETAIL_SECOND(HINT_DETAIL_IS_##value letter, , )
#define HINT_DETAIL_IF(macro, letter) HINT_DETAIL_IF_(macro, letter)
#define HINT_DETAIL_WORD_(a, b, c, d, e, f, g, h, i) a##b##c##d##e##f##g##h##i
#define HINT_DETAIL_WORD(a, b, c, d, e, f, g, h, i) HINT_DETAIL_WORD_(a, b, c, d, e, f, g, h, i)

// What a compiler may use without being asked once a flag allows it. An inline function that two parts of
// a program share is taken from one of them; if that were the one for the newer processor, the other
// part would die of an illegal instruction on the older. The last word is for flags by which numbers are
// rounded in another way.
// clang-format off
#define HINT_DETAIL_SSE HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__SSE3__, 0a), HINT_DETAIL_IF(__SSSE3__, 0b), HINT_DETAIL_IF(__SSE4_1__, 0c), \
  HINT_DETAIL_IF(__SSE4_2__, 0d), HINT_DETAIL_IF(__POPCNT__, 0e), HINT_DETAIL_IF(__LZCNT__, 0f), \
  HINT_DETAIL_IF(__BMI__, 0g), HINT_DETAIL_IF(__BMI2__, 0h), HINT_DETAIL_IF(__MOVBE__, 0i))
#define HINT_DETAIL_AVX HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__AVX__, 0j), HINT_DETAIL_IF(__AVX2__, 0k), HINT_DETAIL_IF(__FMA__, 0l), \
  HINT_DETAIL_IF(__F16C__, 0m), HINT_DETAIL_IF(__FMA4__, 0n), HINT_DETAIL_IF(__XOP__, 0o), \
  HINT_DETAIL_IF(__TBM__, 0p), HINT_DETAIL_IF(__AVXVNNI__, 0q), HINT_DETAIL_IF(__GFNI__, 0r))
#define HINT_DETAIL_AVX512 HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__AVX512F__, 0s), HINT_DETAIL_IF(__AVX512CD__, 0t), HINT_DETAIL_IF(__AVX512BW__, 0u), \
  HINT_DETAIL_IF(__AVX512DQ__, 0v), HINT_DETAIL_IF(__AVX512VL__, 0w), HINT_DETAIL_IF(__AVX512IFMA__, 0x), \
  HINT_DETAIL_IF(__AVX512VBMI__, 0y), HINT_DETAIL_IF(__AVX512VBMI2__, 0z), HINT_DETAIL_IF(__AVX512VNNI__, 0A))
#define HINT_DETAIL_NEWER HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__AVX512BITALG__, 0B), HINT_DETAIL_IF(__AVX512VPOPCNTDQ__, 0C), \
  HINT_DETAIL_IF(__AVX512BF16__, 0D), HINT_DETAIL_IF(__AVX512FP16__, 0E), HINT_DETAIL_IF(__APX_F__, 0F), \
  HINT_DETAIL_IF(__AVX10_1__, 0G), HINT_DETAIL_IF(__AVX10_2__, 0H), HINT_DETAIL_IF(__SSE4A__, 0I), \
  HINT_DETAIL_IF(__riscv_vector, 0J))
#define HINT_DETAIL_ARM HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__ARM_FEATURE_ATOMICS, 0K), HINT_DETAIL_IF(__ARM_FEATURE_DOTPROD, 0L), \
  HINT_DETAIL_IF(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC, 0M), HINT_DETAIL_IF(__ARM_FEATURE_SVE, 0N), \
  HINT_DETAIL_IF(__ARM_FEATURE_SVE2, 0O), HINT_DETAIL_IF(__ARM_FEATURE_QRDMX, 0P), \
  HINT_DETAIL_IF(__ARM_FEATURE_MATMUL_INT8, 0Q), HINT_DETAIL_IF(__ARM_FEATURE_BF16, 0R), \
  HINT_DETAIL_IF(__ARM_FEATURE_SME, 0S))
#define HINT_DETAIL_ROUNDING HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__FINITE_MATH_ONLY__, 0T), HINT_DETAIL_IF(__FAST_MATH__, 0U), \
  HINT_DETAIL_IF(__ASSOCIATIVE_MATH__, 0V), HINT_DETAIL_IF(__RECIPROCAL_MATH__, 0W), \
  HINT_DETAIL_IF(__NO_SIGNED_ZEROS__, 0X), , , , )

#define HINT_ABI HINT_DETAIL_WORD( \
  HINT_DETAIL_JOIN(v, HINT_VERSION_MAJOR), HINT_DETAIL_JOIN(_, HINT_VERSION_MINOR), _, HINT_DETAIL_SSE, \
  HINT_DETAIL_AVX, HINT_DETAIL_AVX512, HINT_DETAIL_NEWER, HINT_DETAIL_ARM, HINT_DETAIL_ROUNDING)
// clang-format on

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

/// Programs that link hint::compiled define HINT_COMPILED: what headers declare behind HINT_EXTERN is then
/// compiled once, with that library (src/compiled.cpp), and not again in every file that calls it. With
/// HINT_ELSEWHERE headers leave out bodies that only the library needs.
#if defined(HINT_COMPILED) && !defined(HINT_EXTERN)
#define HINT_EXTERN extern
#define HINT_ELSEWHERE
#endif

/// \namespace hint
/// Cross-modal hashing: short binary codes by which items of one modality find items of another.
namespace hint { inline namespace HINT_ABI {
}}

#endif
