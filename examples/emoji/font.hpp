// SPDX-License-Identifier: MIT
/// \file
/// The pictures: colour bitmaps of an emoji font, one per emoji, also for sequences of code points.
#ifndef EMOJI_FONT_HPP
#define EMOJI_FONT_HPP

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "bitmap.hpp"

namespace emoji {

/// A font with embedded colour bitmaps (CBDT), opened with FreeType and HarfBuzz. Not thread-safe.
class font {
 public:
  /// Throws `hint::io_error` when there is no such file, `hint::format_error` when it is no font or a
  /// build without bitmaps (some systems ship emoji as vector drawings).
  explicit font(const std::filesystem::path& path);
  font(font&&) noexcept;
  font& operator=(font&&) noexcept;
  ~font();

  /// The bitmap of a code point sequence; empty when the font has no single picture for it.
  [[nodiscard]] bitmap render(std::u32string_view code_points) const;

  /// As the font states it, "Version 2.042".
  [[nodiscard]] std::string version() const;

  /// The first colour emoji font among the usual places. Throws `hint::io_error` naming the package.
  [[nodiscard]] static std::filesystem::path find();

 private:
  struct handles;
  std::unique_ptr<handles> handles_;
};

}  // namespace emoji

#endif
