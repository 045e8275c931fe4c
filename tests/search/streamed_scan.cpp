// SPDX-License-Identifier: MIT
// Files of real codes are compared byte by byte in tests/learn/encode_file.cpp.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <hint/core/error.hpp>
#include <hint/search/streamed_scan.hpp>

#include "support/catch.hpp"

namespace {

struct entries {
  std::map<std::string, std::string, std::less<>> all;
  template <class T>
  void meta(std::string_view key, T value) {
    all.emplace(key, hint::detail::concat(value));
  }
  void needs_version(std::uint32_t version) { all.emplace("version", std::to_string(version)); }
  template <class T>
  void array_to_come(std::string_view name, std::size_t rows, std::size_t cols) {
    all.emplace(name, hint::detail::concat(sizeof(T), ": ", rows, " x ", cols));
  }
};

}  // namespace

TEST_CASE("a store is announced as it is written", "[search]") {
  entries e;
  hint::search::streamed_scan(24).announce(e, 130, -5);
  CHECK(e.all == decltype(e.all){{"type", "linear_scan"},
                                 {"bits", "24"},
                                 {"rows", "130"},
                                 {"first_id", "-5"},
                                 {"largest_id", "124"},
                                 {"ids_ascend", "true"},
                                 {"version", "2"},
                                 {"planes", "1: 3 x 192"}});
  entries none;
  hint::search::streamed_scan(128).announce(none, 0, 7);
  CHECK(none.all.count("largest_id") == 0);
  CHECK(none.all.at("blocks") == "8: 0 x 16");
  hint::search::streamed_scan scan(24);
  CHECK(scan.laid_out(hint::code_set(24, 130)).size() == 3 * 192);
  CHECK_THROWS_MESSAGE(scan.laid_out(hint::code_set(25, 3)), hint::shape_error,
                       "streamed_scan: codes have 25 bits, expected 24");
  CHECK_THROWS_AS(hint::search::streamed_scan(0), hint::invalid_argument);
}
