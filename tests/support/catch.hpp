// SPDX-License-Identifier: MIT
/// \file
/// Catch2, version 2 (one header) or 3 (many), under one name, so that each test is written once.
#ifndef HINT_TESTS_SUPPORT_CATCH_HPP
#define HINT_TESTS_SUPPORT_CATCH_HPP

#include <stdexcept>
#include <string>

#if defined(__clang__)
#if __has_warning("-Wc2y-extensions")  // by which clang 22 means Catch2's __COUNTER__
#pragma clang diagnostic ignored "-Wc2y-extensions"
#endif
#endif

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
namespace Catch {  // where, and as what, version 3 has them
using Detail::Approx;
namespace Matchers {
inline auto ContainsSubstring(const std::string& text) { return Contains(text); }
}  // namespace Matchers
}  // namespace Catch
#endif

namespace hint_tests {

/// The message of the `Exception` that `f()` throws. Fails the test when it throws none; anything
/// else that it throws passes through, and Catch2 reports it.
template <class Exception, class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const Exception& e) {
    return e.what();
  }
  FAIL("no exception was thrown");
  return {};
}

}  // namespace hint_tests

/// `expr` throws an exception of type `exception` (or derived from it) with exactly this message.
/// Thus: REQUIRE_THROWS_MESSAGE(code_set(0), hint::invalid_argument, "code_set: bits is 0, ...").
/// An expression with commas outside parentheses needs a pair around it.
#define REQUIRE_THROWS_MESSAGE(expr, exception, message) \
  REQUIRE(::hint_tests::message_of<exception>([&] { static_cast<void>(expr); }) == (message))
#define CHECK_THROWS_MESSAGE(expr, exception, message) \
  CHECK(::hint_tests::message_of<exception>([&] { static_cast<void>(expr); }) == (message))

#endif
