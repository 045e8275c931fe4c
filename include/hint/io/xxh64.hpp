// SPDX-License-Identifier: MIT
/// \file
/// The checksum of our archives.
#ifndef HINT_IO_XXH64_HPP
#define HINT_IO_XXH64_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <hint/core/config.hpp>
#include <hint/io/element.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// XXH64 with seed 0: 64 bits, several GB/s, checkable with the `xxhsum -H64` program. It finds
/// damage, not forgery. Bytes may come in pieces of any length.
/// Source: Y. Collet, "xxHash fast digest algorithm", specification 0.1.1, section XXH64.
class xxh64 {
 public:
  void update(std::span<const std::byte> bytes) noexcept {
    length_ += bytes.size();
    if (filled_ > 0) {
      const std::size_t n = (std::min)(bytes.size(), buffer_.size() - filled_);
      std::copy_n(bytes.begin(), n, buffer_.begin() + static_cast<std::ptrdiff_t>(filled_));
      filled_ += n;
      bytes = bytes.subspan(n);
      if (filled_ < buffer_.size()) return;
      stripes(buffer_);
      filled_ = 0;
    }
    const std::size_t whole = bytes.size() / buffer_.size() * buffer_.size();
    stripes(bytes.first(whole));
    filled_ = bytes.size() - whole;
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(whole), bytes.end(), buffer_.begin());
  }

  /// Of all bytes so far.
  [[nodiscard]] std::uint64_t digest() const noexcept {
    std::uint64_t h = prime5;
    if (length_ >= buffer_.size()) {
      h = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) +
          std::rotl(lanes_[3], 18);
      for (const std::uint64_t lane : lanes_) h = (h ^ round(0, lane)) * prime1 + prime4;
    }
    h += length_;
    const std::span<const std::byte> rest = std::span(buffer_).first(filled_);
    std::size_t i = 0;
    for (; i + 8 <= rest.size(); i += 8)
      h = std::rotl(h ^ round(0, detail::load<std::uint64_t>(rest, i)), 27) * prime1 + prime4;
    for (; i + 4 <= rest.size(); i += 4)
      h = std::rotl(h ^ (detail::load<std::uint32_t>(rest, i) * prime1), 23) * prime2 + prime3;
    for (; i < rest.size(); ++i)
      h = std::rotl(h ^ (std::to_integer<std::uint64_t>(rest[i]) * prime5), 11) * prime1;
    h = (h ^ (h >> 33)) * prime2;
    h = (h ^ (h >> 29)) * prime3;
    return h ^ (h >> 32);
  }

 private:
  static constexpr std::uint64_t prime1 = 0x9E3779B185EBCA87ULL;
  static constexpr std::uint64_t prime2 = 0xC2B2AE3D27D4EB4FULL;
  static constexpr std::uint64_t prime3 = 0x165667B19E3779F9ULL;
  static constexpr std::uint64_t prime4 = 0x85EBCA77C2B2AE63ULL;
  static constexpr std::uint64_t prime5 = 0x27D4EB2F165667C5ULL;

  [[nodiscard]] static constexpr std::uint64_t round(std::uint64_t lane,
                                                     std::uint64_t word) noexcept {
    return std::rotl(lane + word * prime2, 31) * prime1;
  }
  void stripes(std::span<const std::byte> bytes) noexcept {
    auto lanes = lanes_;  // in registers
    for (std::size_t i = 0; i < bytes.size(); i += 32)
      for (std::size_t k = 0; k < 4; ++k)
        lanes[k] = round(lanes[k], detail::load<std::uint64_t>(bytes, i + 8 * k));
    lanes_ = lanes;
  }

  std::array<std::uint64_t, 4> lanes_{prime1 + prime2, prime2, 0, 0 - prime1};
  std::array<std::byte, 32> buffer_{};
  std::size_t filled_ = 0;
  std::uint64_t length_ = 0;
};

[[nodiscard]] inline std::uint64_t xxh64_of(std::span<const std::byte> bytes) noexcept {
  xxh64 h;
  h.update(bytes);
  return h.digest();
}

}}}  // namespace hint::HINT_ABI::io

#endif
