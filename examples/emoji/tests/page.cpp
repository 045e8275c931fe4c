// SPDX-License-Identifier: MIT
// What the page is made of.
#include <zlib.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/random.hpp>

#include "bitmap.hpp"
#include "chart.hpp"
#include "png.hpp"
#include "support/catch.hpp"

using namespace emoji;

namespace {

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t k = 0; k < 4; ++k) out = out << 8 | static_cast<unsigned char>(bytes[at + k]);
  return out;
}

}  // namespace

TEST_CASE("resizing keeps a flat picture flat and the mean the same") {
  bitmap flat{136, 128, std::vector<std::uint8_t>(4 * 136 * 128, 77)};
  for (const auto v : resize(flat, 64, 60).rgba) CHECK(v == 77);
  bitmap steps{4, 2, std::vector<std::uint8_t>(32)};
  for (std::size_t i = 0; i < 32; ++i) steps.rgba[i] = static_cast<std::uint8_t>(i / 4 * 10);
  const bitmap one = resize(steps, 1, 1);
  CHECK(one.rgba == std::vector<std::uint8_t>(4, 35));
}

TEST_CASE("a PNG unpacks to the picture") {
  bitmap picture{5, 3, std::vector<std::uint8_t>(60)};
  const hint::random_stream random(3, 3);
  for (std::size_t i = 0; i < 15; ++i) {
    const auto alpha = static_cast<std::uint8_t>(i % 3 == 0 ? 0 : i % 3 == 1 ? 255 : 128);
    for (std::size_t c = 0; c < 3; ++c)
      picture.rgba[4 * i + c] = static_cast<std::uint8_t>(random.below(3 * i + c, alpha + 1U));
    picture.rgba[4 * i + 3] = alpha;
  }
  const std::string png = encode_png(picture);
  CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  CHECK(big_endian(png, 16) == 5);
  CHECK(big_endian(png, 20) == 3);
  // Chunks with right checksums up to IEND.
  std::string packed;
  std::size_t at = 8;
  while (at < png.size()) {
    const std::uint32_t size = big_endian(png, at);
    const auto* bytes = reinterpret_cast<const Bytef*>(png.data() + at + 4);
    CHECK(big_endian(png, at + 8 + size) == crc32(0, bytes, size + 4));
    if (png.compare(at + 4, 4, "IDAT") == 0) packed = png.substr(at + 8, size);
    at += 12 + size;
  }
  CHECK(at == png.size());
  CHECK(png.substr(png.size() - 8, 4) == "IEND");
  std::string raw(3 * 21, '\0');
  uLongf size = static_cast<uLongf>(raw.size());
  REQUIRE(uncompress(reinterpret_cast<Bytef*>(raw.data()), &size,
                     reinterpret_cast<const Bytef*>(packed.data()),
                     static_cast<uLong>(packed.size())) == Z_OK);
  REQUIRE(size == raw.size());
  // Undo the filters as the standard says (section 9.2).
  std::vector<int> above(20), row(20);
  for (std::size_t y = 0; y < 3; ++y) {
    const int filter = raw[21 * y];
    for (std::size_t i = 0; i < 20; ++i) {
      const int a = i >= 4 ? row[i - 4] : 0, b = above[i], c = i >= 4 ? above[i - 4] : 0;
      const int p = a + b - c, pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
      const int guess = filter == 0            ? 0
                        : filter == 1          ? a
                        : filter == 2          ? b
                        : filter == 3          ? (a + b) / 2
                        : pa <= pb && pa <= pc ? a
                        : pb <= pc             ? b
                                               : c;
      row[i] = (static_cast<unsigned char>(raw[21 * y + 1 + i]) + guess) & 255;
    }
    for (std::size_t x = 0; x < 5; ++x) {
      const std::uint8_t* p = picture.pixel(x, y);
      CHECK(row[4 * x + 3] == p[3]);
      for (std::size_t c = 0; c < 3 && p[3] > 0; ++c)
        CHECK(std::abs(row[4 * x + c] * p[3] / 255.0 - p[c]) <= 0.51);
    }
    above = row;
  }
  CHECK_THROWS_AS(encode_png({}), hint::invalid_argument);
}

TEST_CASE("base64") {
  CHECK(base64("").empty());
  CHECK(base64("M") == "TQ==");
  CHECK(base64("Ma") == "TWE=");
  CHECK(base64("Man") == "TWFu");
  CHECK(base64("\xFF\xFE\xFD\xFC") == "//79/A==");
}

TEST_CASE("charts draw finite points and escape text") {
  const std::string svg =
      render(chart{"a < b", "", "x", "y", {{"n & m", "a", {{0, 1}, {1, NAN}, {2, 3}}}}, true});
  CHECK(svg.find("a &lt; b") != std::string::npos);
  CHECK(svg.find("n &amp; m") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find(">-0") == std::string::npos);
  CHECK_FALSE(render(chart{}).empty());
}
