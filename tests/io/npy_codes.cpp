// SPDX-License-Identifier: MIT
#include <hint/io/npy_codes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <hint/core/random.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;
using hint::bit_order;
using hint::code_set;

TEST_CASE("npy_codes: codes to files and back, in every order", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "codes.npy";
  for (const std::size_t bits : {1U, 8U, 12U, 64U, 100U, 16384U}) {
    for (const std::size_t n : {0U, 1U, 9U}) {
      const code_set codes = random_codes(bits, n, hint::random_stream(bits, n));
      for (const auto order : {bit_order::least_significant_first,
                               bit_order::most_significant_first, bit_order::big_endian}) {
        CAPTURE(bits, n, hint::name_of(order));
        io::write_npy_codes(path, codes, order);
        CHECK(io::read_npy_codes(path, bits, order) == codes);
        const auto file = io::read_npy<std::uint8_t>(path);
        CHECK(file.shape == std::vector<std::size_t>{n, (bits + 7) / 8});
        if (bits % 8 == 0) CHECK(io::read_npy_codes(path, 0, order) == codes);
      }
      // A bool for each bit.
      const auto bools = std::make_unique<bool[]>(n * bits);  // NOLINT: vector<bool> is packed
      for (std::size_t i = 0; i < n * bits; ++i) bools[i] = codes.bit(i / bits, i % bits);
      io::write_npy<bool>(path, std::span(bools.get(), n * bits), {n, bits});
      CHECK(io::read_npy_codes(path) == codes);
      CHECK(io::read_npy_codes(path, bits, bit_order::most_significant_first) == codes);
    }
  }
}

TEST_CASE("npy_codes: what is refused", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "codes.npy").string();
  const std::vector<std::uint8_t> packed{0xff, 0x00, 0xff, 0xf0, 0xff, 0x80};  // by numpy.packbits
  io::write_npy<std::uint8_t>(path, packed, {3, 2});
  const std::string advice =
      "; numpy.packbits packs bit_order::most_significant_first, with bitorder='little' and as "
      "Faiss bit_order::least_significant_first";
  CHECK_THROWS_MESSAGE(io::read_npy_codes(path, 12), hint::invalid_argument,
                       path +
                           ": code_set::from_bytes: code 1 has bits set past its end, bit 11, if "
                           "it is packed least_significant_first" +
                           advice);
  CHECK(io::read_npy_codes(path, 12, bit_order::most_significant_first).words()[2] == 0x1ff);
  CHECK_THROWS_MESSAGE(io::read_npy_codes(path, 17), hint::shape_error,
                       path + ": shape (3, 2), expected 3 bytes for each code of 17 bits");
  CHECK_THROWS_MESSAGE(io::read_npy_codes(path, 8), hint::shape_error,
                       path + ": shape (3, 2), expected 1 bytes for each code of 8 bits");
  io::write_npy<std::uint8_t>(path, packed, {6});
  CHECK_THROWS_MESSAGE(io::read_npy_codes(path), hint::shape_error,
                       path + ": shape (6,), expected codes x bytes");
  io::write_npy<std::uint8_t>(path, std::vector<std::uint8_t>{}, {3, 0});
  CHECK_THROWS_MESSAGE(io::read_npy_codes(path), hint::shape_error,
                       path + ": shape (3, 0), expected codes x bytes");
  io::write_npy<std::uint16_t>(path, std::vector<std::uint16_t>{1, 2}, {2, 1});
  CHECK_THROWS_MESSAGE(
      io::read_npy_codes(path), hint::format_error,
      path +
          ": holds <u2, expected codes packed into |u1 or a |b1 for each bit; of larger "
          "integers .view(numpy.uint8).reshape(n, -1) makes bytes");
  const std::array<bool, 4> bools{true, false, true, true};
  io::write_npy<bool>(path, bools, {2, 2});
  CHECK_THROWS_MESSAGE(io::read_npy_codes(path, 3), hint::shape_error,
                       path + ": shape (2, 2), expected 3 columns for each code of 3 bits");
}
