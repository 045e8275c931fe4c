// SPDX-License-Identifier: MIT
#include <hint/data/files/column.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace {

std::string npy(const std::string& type, const std::string& shape, const std::string& data) {
  const std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + "}\n";
  std::string out("\x93NUMPY\1\0", 8);
  out += {static_cast<char>(header.size()), '\0'};
  return out + header + data;
}

template <class T>
std::vector<T> column(const std::string& file) {
  const hint::io::npy_view array(std::as_bytes(std::span(file.data(), file.size())));
  return hint::data::detail::read_column<T>(array, "x.npy", "ids have");
}

}  // namespace

TEST_CASE("a column is n numbers, or n x 1") {
  const std::vector<std::int64_t> expected{1, 2, 3};
  for (const char* shape : {"(3,)", "(3, 1)", "(3, 1, 1)"})
    CHECK(column<std::int64_t>(npy("|u1", shape, "\1\2\3")) == expected);
  CHECK(column<std::int64_t>(npy("|u1", "(0,)", "")).empty());
  CHECK(column<std::int64_t>(npy("|u1", "(1, 1)", "\1")) == std::vector<std::int64_t>{1});
  for (const std::string shape : {"(1, 3)", "(3, 0)", "()"})
    CHECK_THROWS_MESSAGE(
        column<std::int64_t>(npy("|u1", shape,
                                 shape == "()"       ? "\1"
                                 : shape == "(3, 0)" ? ""
                                                     : "\1\2\3")),
        hint::format_error,
        "x.npy: ids have shape " + shape + ", expected one number for each item, (n,) or (n, 1)");
  CHECK_THROWS_AS(column<std::uint8_t>(npy("|i1", "(1,)", "\x80")), hint::format_error);
}
