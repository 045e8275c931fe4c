// SPDX-License-Identifier: MIT
/// \file
/// A piece of a code store: codes in blocks with their ids, in memory of its own or in a mapped file.
#ifndef HINT_SEARCH_STORE_CODE_CHUNK_HPP
#define HINT_SEARCH_STORE_CODE_CHUNK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/search/kernels/block_layout.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Rows that only grow. Rows that are there never change, so that many threads may read them while one
/// appends to a chunk that no one else shares.
class code_chunk {
 public:
  /// Rows in memory of its own.
  explicit code_chunk(std::size_t words) noexcept : words_(words) {}
  /// Rows in someone else's memory, which `keeper` keeps alive: block_words(words, ids.size()) words
  /// on a 64-byte boundary. Nothing can be appended.
  code_chunk(std::size_t words, const std::uint64_t* blocks, std::span<const std::int64_t> ids,
             std::shared_ptr<const void> keeper) noexcept
      : words_(words),
        rows_(ids.size()),
        blocks_(blocks),
        ids_(ids.data()),
        keeper_(std::move(keeper)) {}
  code_chunk(const code_chunk&) = delete;
  code_chunk& operator=(const code_chunk&) = delete;

  [[nodiscard]] std::size_t words() const noexcept { return words_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] bool mapped() const noexcept { return keeper_ != nullptr; }
  /// padded_rows(rows()) codes, the filling all zero.
  [[nodiscard]] const std::uint64_t* blocks() const noexcept { return blocks_; }
  [[nodiscard]] std::span<const std::int64_t> ids() const noexcept { return {ids_, rows_}; }

  /// Makes room, so that appending up to that many rows in all cannot fail.
  HINT_LAZY
  void reserve(std::size_t rows) {
    if (rows <= own_ids_.size()) return;
    own_blocks_.resize(block_words(words_, rows));
    blocks_ = own_blocks_.data();
    own_ids_.resize(rows);
    ids_ = own_ids_.data();
  }
  /// Rows that there is room for without `reserve`.
  [[nodiscard]] std::size_t room() const noexcept { return own_ids_.size() - rows_; }
  /// `codes` and `ids` are as many, and there is room for them.
  void append(const code_view& codes, std::span<const std::int64_t> ids) noexcept {
    put_in_blocks(codes, rows_, own_blocks_.data());
    std::copy(ids.begin(), ids.end(), own_ids_.begin() + static_cast<std::ptrdiff_t>(rows_));
    rows_ += ids.size();
  }
  /// The same rows in memory of its own, with room for `rows` in all.
  HINT_LAZY
  [[nodiscard]] std::shared_ptr<code_chunk> clone(std::size_t rows) const {
    auto copy = std::make_shared<code_chunk>(words_);
    copy->reserve((std::max)(rows, rows_));
    std::copy_n(blocks_, block_words(words_, rows_), copy->own_blocks_.begin());
    std::copy_n(ids_, rows_, copy->own_ids_.begin());
    copy->rows_ = rows_;
    return copy;
  }

 private:
  std::size_t words_;
  std::size_t rows_ = 0;
  const std::uint64_t* blocks_ = nullptr;
  const std::int64_t* ids_ = nullptr;
  std::shared_ptr<const void> keeper_;        // of a mapped chunk
  aligned_buffer<std::uint64_t> own_blocks_;  // of room, zero behind the rows
  std::vector<std::int64_t> own_ids_;         // of room
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
