// SPDX-License-Identifier: MIT
/// \file
/// Code stores in archives (io/archive.hpp), to be read or to be searched in place.
#ifndef HINT_SEARCH_STORE_STORE_ARCHIVE_HPP
#define HINT_SEARCH_STORE_STORE_ARCHIVE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/store/code_store.hpp>
#include <hint/search/store/ids_archive.hpp>
#include <hint/search/store/section_ids.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Where the codes of an archive are to be: copied, or left in the mapped file.
enum class where : std::uint8_t { memory, file };

/// Entries "bits", "rows", "ids_ascend" and, if an id was ever given, "largest_id"; the codes as array
/// "planes" (uint8) or "blocks" (uint64), whichever layout is best (code_layout.hpp); the ids as
/// `write_ids` writes them. Removed rows are left out. With `first` the ids are first, first + 1, ...
template <class Writer>
void write_store(Writer& archive, const code_store& store,
                 std::optional<std::int64_t> first = std::nullopt) {
  const code_layout layout = code_layout::best(store.bits());
  const std::size_t rows = store.size();
  const auto fill = [&](std::uint64_t* blocks) {
    std::vector<std::uint64_t> code(store.words());
    std::size_t row = 0;
    store.for_live([&](std::size_t, const code_chunk& chunk, std::size_t i) {
      chunk.code(i, code);
      layout.put(code_view(code, 64 * code.size()), row++, blocks);
    });
  };
  archive.meta("bits", store.bits());
  archive.meta("rows", rows);
  if (!first && store.numbered()) archive.meta("largest_id", store.largest());
  if (first && rows > 0) archive.meta("largest_id", *first + static_cast<std::int64_t>(rows - 1));
  archive.meta("ids_ascend", first || store.ascending());
  if (layout.in_planes()) {
    aligned_buffer<std::uint8_t> planes(8 * layout.room(rows));
    fill(reinterpret_cast<std::uint64_t*>(planes.data()));  // which writes bytes
    archive.array("planes", std::move(planes), layout.padded(rows) / plane_codes,
                  plane_codes * layout.length());
    archive.needs_version(short_format);
  } else {
    aligned_buffer<std::uint64_t> blocks(layout.room(rows));
    fill(blocks.data());
    archive.array("blocks", std::move(blocks), layout.padded(rows) / block_codes,
                  block_codes * layout.length());
  }
  write_ids(archive, rows, [&](auto&& f) {
    if (first)
      for (std::size_t i = 0; i < rows; ++i) f(*first + static_cast<std::int64_t>(i));
    else
      store.for_live(
          [&](std::size_t, const code_chunk& chunk, std::size_t i) { f(chunk.ids()[i]); });
  });
}

/// Codes where they lie in an archive.
struct stored_codes {
  code_layout layout;
  const std::uint64_t* blocks;
};
/// The codes of an archive. Throws `format_error` when they are not as many as it says.
template <class Reader>
[[nodiscard]] stored_codes read_codes(const Reader& archive, std::size_t bits, std::size_t rows) {
  const bool in_planes = archive.has_array("planes");
  const code_layout layout = in_planes ? code_layout::best(bits) : code_layout::by_words(bits);
  archive.require(layout.in_planes() == in_planes, "codes of ", bits,
                  " bits are in array 'planes', expected 'blocks'");
  const char* const name = in_planes ? "planes" : "blocks";
  const std::uint64_t* blocks = nullptr;
  if (in_planes)
    blocks =
        reinterpret_cast<const std::uint64_t*>(archive.template array<std::uint8_t>(name).data());
  else
    blocks = archive.template array<std::uint64_t>(name).data();
  // Without overflow, whatever `rows` is.
  const std::size_t together = in_planes ? layout.group() : block_codes;
  const std::size_t expected =
      (rows / layout.group() + (rows % layout.group() != 0 ? 1 : 0)) * (layout.group() / together);
  archive.require(
      archive.rows(name) == expected && archive.cols(name) == together * layout.length(), "array '",
      name, "' is ", archive.rows(name), " x ", archive.cols(name), ", expected ", expected, " x ",
      together * layout.length(), " for ", rows, " codes of ", bits, " bits");
  return {layout, blocks};
}

/// The length of the codes; checks that all sections agree on it and on the type.
template <class Reader>
[[nodiscard]] std::size_t stored_bits(std::span<const Reader> sections, std::string_view type) {
  expects(!sections.empty(), type, ": no archive to read from");
  std::size_t bits = 0;
  for (const Reader& archive : sections) {
    const std::string found(archive.meta("type"));
    archive.require(found == type, "type is '", found, "', expected '", type, "'");
    const auto mine = archive.template number<std::size_t>("bits");
    archive.require(mine >= 1 && mine <= max_bits, "bits is ", mine, ", expected 1 to ", max_bits);
    archive.require(bits == 0 || bits == mine, "codes have ", mine, " bits, those before ", bits);
    bits = mine;
  }
  return bits;
}

/// Adds the codes of one archive to a store of the same bits.
template <class Reader>
void read_store(const Reader& archive, code_store& store, where place) {
  const auto rows = archive.template number<std::size_t>("rows");
  const auto [ids, ascend] = stored_ids(archive);
  const auto [layout, blocks] = read_codes(archive, store.bits(), rows);
  try {
    if (place == where::file) {
      store.add_mapped(layout, blocks, ids, ascend, std::make_shared<Reader>(archive));
    } else {
      // By chunks, so that no second copy of all codes is needed.
      constexpr std::size_t portion = 4096;
      code_set codes(store.bits());
      for (std::size_t first = 0; first < rows; first += portion) {
        codes.resize((std::min)(portion, rows - first));
        for (std::size_t i = 0; i < codes.size(); ++i) layout.get(blocks, first + i, codes[i]);
        store.add(codes, ids.subspan(first, codes.size()), duplicates::refuse);
      }
    }
  } catch (const invalid_argument& e) {
    archive.require(false, e.what());
  }
  if (archive.has("largest_id"))
    store.note_largest(archive.template number<std::int64_t>("largest_id"));
}

}}}  // namespace hint::HINT_ABI::search::detail

#endif
