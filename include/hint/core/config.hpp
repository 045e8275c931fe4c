// SPDX-License-Identifier: MIT
/// \file
/// The language, and the names of the inline namespaces. All of the library lives in
/// `hint::v<major>_<minor>`, with a letter for each instruction set that -m flags allow, so that two
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

// HINT_DETAIL_IF(macro, letter): the letter where the macro is 1, nothing where it is not.
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
  HINT_DETAIL_IF(__SSE3__, a), HINT_DETAIL_IF(__SSSE3__, b), HINT_DETAIL_IF(__SSE4_1__, c), \
  HINT_DETAIL_IF(__SSE4_2__, d), HINT_DETAIL_IF(__POPCNT__, e), HINT_DETAIL_IF(__LZCNT__, f), \
  HINT_DETAIL_IF(__BMI__, g), HINT_DETAIL_IF(__BMI2__, h), HINT_DETAIL_IF(__MOVBE__, i))
#define HINT_DETAIL_AVX HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__AVX__, j), HINT_DETAIL_IF(__AVX2__, k), HINT_DETAIL_IF(__FMA__, l), \
  HINT_DETAIL_IF(__F16C__, m), HINT_DETAIL_IF(__FMA4__, n), HINT_DETAIL_IF(__XOP__, o), \
  HINT_DETAIL_IF(__TBM__, p), HINT_DETAIL_IF(__AVXVNNI__, q), HINT_DETAIL_IF(__GFNI__, r))
#define HINT_DETAIL_AVX512 HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__AVX512F__, s), HINT_DETAIL_IF(__AVX512CD__, t), HINT_DETAIL_IF(__AVX512BW__, u), \
  HINT_DETAIL_IF(__AVX512DQ__, v), HINT_DETAIL_IF(__AVX512VL__, w), HINT_DETAIL_IF(__AVX512IFMA__, x), \
  HINT_DETAIL_IF(__AVX512VBMI__, y), HINT_DETAIL_IF(__AVX512VBMI2__, z), HINT_DETAIL_IF(__AVX512VNNI__, A))
#define HINT_DETAIL_NEWER HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__AVX512BITALG__, B), HINT_DETAIL_IF(__AVX512VPOPCNTDQ__, C), \
  HINT_DETAIL_IF(__AVX512BF16__, D), HINT_DETAIL_IF(__AVX512FP16__, E), HINT_DETAIL_IF(__APX_F__, F), \
  HINT_DETAIL_IF(__AVX10_1__, G), HINT_DETAIL_IF(__AVX10_2__, H), HINT_DETAIL_IF(__SSE4A__, I), \
  HINT_DETAIL_IF(__riscv_vector, J))
#define HINT_DETAIL_ARM HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__ARM_FEATURE_ATOMICS, K), HINT_DETAIL_IF(__ARM_FEATURE_DOTPROD, L), \
  HINT_DETAIL_IF(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC, M), HINT_DETAIL_IF(__ARM_FEATURE_SVE, N), \
  HINT_DETAIL_IF(__ARM_FEATURE_SVE2, O), HINT_DETAIL_IF(__ARM_FEATURE_QRDMX, P), \
  HINT_DETAIL_IF(__ARM_FEATURE_MATMUL_INT8, Q), HINT_DETAIL_IF(__ARM_FEATURE_BF16, R), \
  HINT_DETAIL_IF(__ARM_FEATURE_SME, S))
#define HINT_DETAIL_ROUNDING HINT_DETAIL_WORD( \
  HINT_DETAIL_IF(__FINITE_MATH_ONLY__, T), HINT_DETAIL_IF(__FAST_MATH__, U), \
  HINT_DETAIL_IF(__ASSOCIATIVE_MATH__, V), HINT_DETAIL_IF(__RECIPROCAL_MATH__, W), \
  HINT_DETAIL_IF(__NO_SIGNED_ZEROS__, X), , , , )

#define HINT_ABI HINT_DETAIL_WORD( \
  HINT_DETAIL_JOIN(v, HINT_VERSION_MAJOR), HINT_DETAIL_JOIN(_, HINT_VERSION_MINOR), HINT_DETAIL_SSE, \
  HINT_DETAIL_AVX, HINT_DETAIL_AVX512, HINT_DETAIL_NEWER, HINT_DETAIL_ARM, HINT_DETAIL_ROUNDING, )
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
