// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>

#include <hint/io/archive.hpp>
#include <hint/learn/encoding/code_file.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

TEST_CASE("codes in parts of any multiple of 64 make one file", "[learn][encoding]") {
  const hint_tests::temporary_folder folder;
  for (const std::size_t bits : {16U, 24U, 64U, 129U}) {
    const code_set codes = random_codes(bits, 700, {bits, 1});
    search::linear_scan index(bits);
    index.add(codes);
    io::save(folder / "whole", index);
    for (const std::size_t part : {64U, 320U, 704U}) {
      CAPTURE(bits, part);
      learn::detail::code_file file(folder / "parts", bits, 700, 0);
      for (std::size_t first = 0; first < 700; first += part)
        file.add(codes.view().slice(first, (std::min)(part, 700 - first)));
      file.commit();
      CHECK(hint_tests::read_file(folder / "parts") == hint_tests::read_file(folder / "whole"));
    }
  }
}
