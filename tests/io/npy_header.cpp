// SPDX-License-Identifier: MIT
// What the header means is tested with whole files in npy.cpp; here, its values.
#include <hint/io/npy_header.hpp>

#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace io = hint::io;

TEST_CASE("npy_header: types by name", "[io]") {
  CHECK(io::npy_type{}.name() == "<f4");
  CHECK(io::npy_type{'u', 1, true}.name() == "|u1");
  CHECK(io::npy_type{'i', 8, true}.name() == ">i8");
}

TEST_CASE("npy_header: says where the values begin", "[io]") {
  const std::string text = "\x93NUMPY" + std::string("\3\0\x3a\0\0\0", 6) +
                           "{'descr': '>u2', 'fortran_order': True, 'shape': (2, 1), }" + "abcd";
  const auto header = io::parse_npy_header(std::as_bytes(std::span(text.data(), text.size())));
  CHECK(header.type.name() == ">u2");
  CHECK(header.fortran_order);
  CHECK(header.shape == std::vector<std::size_t>{2, 1});
  CHECK(header.data_offset == 12 + 58);
}
