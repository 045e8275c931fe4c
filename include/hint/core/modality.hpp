// SPDX-License-Identifier: MIT
/// \file
/// The two sides of a pair. The names are those of the field; any two feature spaces will do.
#ifndef HINT_CORE_MODALITY_HPP
#define HINT_CORE_MODALITY_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI {

/// The numeric values are part of the file format.
enum class modality : std::uint8_t { image = 0, text = 1 };

inline constexpr modality image = modality::image;
inline constexpr modality text = modality::text;
inline constexpr std::array<modality, 2> modalities{image, text};

[[nodiscard]] constexpr std::size_t index_of(modality m) noexcept {
  return static_cast<std::size_t>(m);
}
[[nodiscard]] constexpr modality other(modality m) noexcept { return m == image ? text : image; }
[[nodiscard]] constexpr std::string_view name_of(modality m) noexcept {
  return m == image ? "image" : "text";
}

}}  // namespace hint::HINT_ABI

#endif
