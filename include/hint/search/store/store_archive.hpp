// SPDX-License-Identifier: MIT
/// \file
/// Code stores in archives (io/archive.hpp), to be read or to be searched in place.
#ifndef HINT_SEARCH_STORE_STORE_ARCHIVE_HPP
#define HINT_SEARCH_STORE_STORE_ARCHIVE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
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
#include <hint/search/store/code_store.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Where the codes of an archive are to be: copied, or left in the mapped file.
enum class where : std::uint8_t { memory, file };

/// Entries "bits", "rows", "ids_ascend" and, if an id was ever given, "largest_id"; arrays "blocks" (see
/// block_layout.hpp) and "ids". Removed rows are left out.
template <class Writer>
void write_store(Writer& archive, const code_store& store) {
  const std::size_t words = store.words();
  aligned_buffer<std::uint64_t> blocks(block_words(words, store.size()));
  std::vector<std::int64_t> ids(store.size());
  std::vector<std::uint64_t> code(words);
  std::size_t row = 0;
  store.for_live([&](std::size_t, const code_chunk& chunk, std::size_t i) {
    get_from_blocks(chunk.blocks(), i, code);
    put_in_blocks(code_view(code, 64 * words), row, blocks.data());
    ids[row++] = chunk.ids()[i];
  });
  archive.meta("bits", store.bits());
  archive.meta("rows", store.size());
  if (store.numbered()) archive.meta("largest_id", store.largest());
  archive.meta("ids_ascend", store.ascending());
  archive.array("blocks", std::move(blocks), padded_rows(row) / block_codes, block_codes * words);
  archive.array("ids", std::move(ids), row, std::size_t{1});
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
  const std::size_t words = store.words();
  const auto rows = archive.template number<std::size_t>("rows");
  const auto blocks = archive.template array<std::uint64_t>("blocks");
  const auto ids = archive.template array<std::int64_t>("ids");
  archive.require(archive.rows("ids") == rows && archive.cols("ids") == 1, "array 'ids' is ",
                  archive.rows("ids"), " x ", archive.cols("ids"), ", expected ", rows, " x 1");
  // Without overflow, whatever `rows` is.
  constexpr std::size_t group_blocks = group_codes / block_codes;
  const std::size_t expected =
      (rows / group_codes + (rows % group_codes != 0 ? 1 : 0)) * group_blocks;
  archive.require(
      archive.rows("blocks") == expected && archive.cols("blocks") == block_codes * words,
      "array 'blocks' is ", archive.rows("blocks"), " x ", archive.cols("blocks"), ", expected ",
      expected, " x ", block_codes * words, " for ", rows, " codes of ", store.bits(), " bits");
  try {
    if (place == where::file) {
      store.add_mapped(blocks.data(), ids, archive.template number<bool>("ids_ascend"),
                       std::make_shared<Reader>(archive));
    } else {
      // By chunks, so that no second copy of all codes is needed.
      constexpr std::size_t portion = 4096;
      code_set codes(store.bits());
      for (std::size_t first = 0; first < rows; first += portion) {
        codes.resize((std::min)(portion, rows - first));
        for (std::size_t i = 0; i < codes.size(); ++i)
          get_from_blocks(blocks.data(), first + i, codes[i]);
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
