// SPDX-License-Identifier: MIT
#include "font.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_SFNT_NAMES_H
#include FT_TRUETYPE_IDS_H
#include <hb.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hint/core/error.hpp>

#include "unicode.hpp"

namespace emoji {
namespace {

template <auto Free>
struct deleter {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
template <class T, auto Free>
using handle = std::unique_ptr<T, deleter<Free>>;

}  // namespace

struct font::handles {
  handle<FT_LibraryRec_, FT_Done_FreeType> library;
  handle<FT_FaceRec_, FT_Done_Face> face;
  handle<hb_face_t, hb_face_destroy> shape_face;
  handle<hb_font_t, hb_font_destroy> shape_font;

  /// The one glyph of a sequence, 0 when there is none or more than one.
  [[nodiscard]] hb_codepoint_t glyph_of(std::u32string_view text) const {
    const handle<hb_buffer_t, hb_buffer_destroy> buffer(hb_buffer_create());
    for (const char32_t c : text) hb_buffer_add(buffer.get(), c, 0);
    hb_buffer_set_content_type(buffer.get(), HB_BUFFER_CONTENT_TYPE_UNICODE);
    hb_buffer_guess_segment_properties(buffer.get());
    hb_shape(shape_font.get(), buffer.get(), nullptr, 0);
    unsigned count = 0;
    const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
    return count == 1 ? infos->codepoint : 0;
  }
};

font::font(const std::filesystem::path& path) : handles_(std::make_unique<handles>()) {
  hint::expects<hint::io_error>(std::filesystem::exists(path), "there is no font ", path.string(),
                                "; it comes with the package fonts-noto-color-emoji (option --font "
                                "names another file)");
  FT_Library library = nullptr;
  hint::expects<hint::error>(FT_Init_FreeType(&library) == 0, "FreeType does not start");
  handles_->library.reset(library);
  FT_Face face = nullptr;
  hint::expects<hint::format_error>(FT_New_Face(library, path.c_str(), 0, &face) == 0,
                                    path.string(), ": FreeType cannot read it as a font");
  handles_->face.reset(face);
  hint::expects<hint::format_error>(
      FT_HAS_COLOR(face) && FT_HAS_FIXED_SIZES(face) && FT_Select_Size(face, 0) == 0, path.string(),
      ": this build of the font has no colour bitmaps (it probably draws its emoji as vectors); "
      "the "
      "demo needs a CBDT build such as Debian's and Ubuntu's fonts-noto-color-emoji (option "
      "--font)");

  const handle<hb_blob_t, hb_blob_destroy> blob(hb_blob_create_from_file(path.c_str()));
  handles_->shape_face.reset(hb_face_create(blob.get(), 0));
  handles_->shape_font.reset(hb_font_create(handles_->shape_face.get()));
}

font::font(font&&) noexcept = default;
font& font::operator=(font&&) noexcept = default;
font::~font() = default;

bitmap font::render(std::u32string_view code_points) const {
  hb_codepoint_t glyph = handles_->glyph_of(code_points);
  if (glyph == 0) {
    std::u32string bare(code_points);
    std::erase(bare, variation_selector_16);
    glyph = handles_->glyph_of(bare);
  }
  FT_Face face = handles_->face.get();
  if (glyph == 0 || FT_Load_Glyph(face, glyph, FT_LOAD_COLOR) != 0) return {};
  const FT_Bitmap& from = face->glyph->bitmap;
  if (from.pixel_mode != FT_PIXEL_MODE_BGRA || from.pitch <= 0) return {};

  bitmap out{from.width, from.rows,
             std::vector<std::uint8_t>(std::size_t{4} * from.width * from.rows)};
  for (std::size_t y = 0; y < out.height; ++y) {
    const unsigned char* row = from.buffer + y * static_cast<std::size_t>(from.pitch);
    for (std::size_t x = 0; x < out.width; ++x) {
      std::uint8_t* to = out.rgba.data() + 4 * (y * out.width + x);
      to[0] = row[4 * x + 2];
      to[1] = row[4 * x + 1];
      to[2] = row[4 * x];
      to[3] = row[4 * x + 3];
    }
  }
  return out;
}

std::string font::version() const {
  FT_Face face = handles_->face.get();
  for (FT_UInt i = 0; i < FT_Get_Sfnt_Name_Count(face); ++i) {
    FT_SfntName entry;
    if (FT_Get_Sfnt_Name(face, i, &entry) != 0 || entry.name_id != TT_NAME_ID_VERSION_STRING)
      continue;
    std::string text;  // ASCII, in one or two bytes per letter
    for (FT_UInt k = 0; k < entry.string_len && entry.string[k] != ';'; ++k)
      if (entry.string[k] >= ' ' && entry.string[k] < 127)
        text += static_cast<char>(entry.string[k]);
    return text;
  }
  return "version unknown";
}

std::filesystem::path font::find() {
  constexpr const char* places[] = {
      "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
      "/usr/share/fonts/noto/NotoColorEmoji.ttf",
      "/usr/share/fonts/noto-emoji/NotoColorEmoji.ttf",
      "/usr/share/fonts/google-noto-color-emoji-fonts/NotoColorEmoji.ttf",
      "/usr/share/fonts/google-noto-emoji/NotoColorEmoji.ttf",
  };
  for (const char* place : places)
    if (std::filesystem::exists(place)) return place;
  throw hint::io_error(hint::detail::concat("no emoji font found (looked for ", places[0],
                                            " and other places); it comes with the package "
                                            "fonts-noto-color-emoji (option --font names a file)"));
}

}  // namespace emoji
