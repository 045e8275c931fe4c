// SPDX-License-Identifier: MIT
#include "png.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include <hint/core/error.hpp>

namespace emoji {
namespace {

void append_big_endian(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFFU);
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_big_endian(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t first = out.size();
  out += type;
  out += data;
  const auto* bytes = reinterpret_cast<const Bytef*>(out.data() + first);
  append_big_endian(out, static_cast<std::uint32_t>(crc32(crc32(0, nullptr, 0), bytes,
                                                          static_cast<uInt>(out.size() - first))));
}

/// The colour of a premultiplied pixel by itself.
std::vector<std::uint8_t> straight_row(const bitmap& b, std::size_t y) {
  std::vector<std::uint8_t> row(4 * b.width);
  for (std::size_t x = 0; x < b.width; ++x) {
    const std::uint8_t* p = b.pixel(x, y);
    if (p[3] == 0) continue;
    for (std::size_t c = 0; c < 3; ++c)
      row[4 * x + c] = static_cast<std::uint8_t>((std::min)((p[c] * 255 + p[3] / 2) / p[3], 255));
    row[4 * x + 3] = p[3];
  }
  return row;
}

int paeth(int left, int up, int up_left) {
  const int p = left + up - up_left;
  const int to_left = std::abs(p - left);
  const int to_up = std::abs(p - up);
  const int to_up_left = std::abs(p - up_left);
  if (to_left <= to_up && to_left <= to_up_left) return left;
  return to_up <= to_up_left ? up : up_left;
}

/// One of the five filters of the PNG standard (section 9): what is left after prediction.
std::string filtered(int filter, const std::vector<std::uint8_t>& row,
                     const std::vector<std::uint8_t>& above) {
  std::string out(1, static_cast<char>(filter));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int left = i >= 4 ? row[i - 4] : 0;
    const int up = above[i];
    const int up_left = i >= 4 ? above[i - 4] : 0;
    const std::array<int, 5> guess{0, left, up, (left + up) / 2, paeth(left, up, up_left)};
    out += static_cast<char>(row[i] - guess[static_cast<std::size_t>(filter)]);
  }
  return out;
}

/// The filter whose residues are smallest: the standard's advice, and it compresses well.
std::string best_filtered(const std::vector<std::uint8_t>& row,
                          const std::vector<std::uint8_t>& above) {
  std::string best;
  long best_sum = 0;
  for (int filter = 0; filter < 5; ++filter) {
    std::string candidate = filtered(filter, row, above);
    long sum = 0;
    for (const char c : candidate) sum += std::abs(static_cast<int>(static_cast<signed char>(c)));
    if (filter == 0 || sum < best_sum) {
      best = std::move(candidate);
      best_sum = sum;
    }
  }
  return best;
}

}  // namespace

std::string encode_png(const bitmap& picture) {
  hint::expects(!picture.empty(), "encode_png: the picture is empty");
  std::string raw;
  std::vector<std::uint8_t> above(4 * picture.width);
  for (std::size_t y = 0; y < picture.height; ++y) {
    auto row = straight_row(picture, y);
    raw += best_filtered(row, above);
    above = std::move(row);
  }
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  std::string packed(size, '\0');
  const int status = compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                               reinterpret_cast<const Bytef*>(raw.data()),
                               static_cast<uLong>(raw.size()), Z_BEST_COMPRESSION);
  hint::expects<hint::error>(status == Z_OK, "encode_png: zlib failed with status ", status);
  packed.resize(size);

  std::string out = "\x89PNG\r\n\x1a\n";
  std::string header;
  append_big_endian(header, static_cast<std::uint32_t>(picture.width));
  append_big_endian(header, static_cast<std::uint32_t>(picture.height));
  header +=
      {'\x08', '\x06', '\0', '\0', '\0'};  // 8 bits, RGB with alpha, deflate, filters, no interlace
  append_chunk(out, "IHDR", header);
  append_chunk(out, "IDAT", packed);
  append_chunk(out, "IEND", {});
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t here = (std::min)(bytes.size() - i, std::size_t{3});
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k)
      word = word << 8 | (k < here ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= here ? digits[word >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

}  // namespace emoji
