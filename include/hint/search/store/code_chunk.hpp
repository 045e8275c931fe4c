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
#include <hint/search/kernels/code_layout.hpp>
#include <hint/search/store/row_ids.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Rows that only grow. Rows that are there never change, so that many threads may read them while one
/// appends to a chunk that no one else shares.
///
/// Memory: `layout().bytes()` for each row that there is room for, and 8 for its id as soon as one does not
/// follow the one before it.
class code_chunk {
 public:
  /// Rows in memory of its own.
  explicit code_chunk(const code_layout& layout) noexcept : layout_(layout) {}
  /// Rows in someone else's memory, which `keeper` keeps alive: layout.room(ids.size()) words on a 64-byte
  /// boundary. Nothing can be appended.
  code_chunk(const code_layout& layout, const std::uint64_t* blocks, const row_ids& ids,
             std::shared_ptr<const void> keeper) noexcept
      : layout_(layout), blocks_(blocks), ids_(ids), keeper_(std::move(keeper)) {}
  code_chunk(const code_chunk&) = delete;
  code_chunk& operator=(const code_chunk&) = delete;

  [[nodiscard]] const code_layout& layout() const noexcept { return layout_; }
  [[nodiscard]] std::size_t rows() const noexcept { return ids_.size(); }
  [[nodiscard]] bool mapped() const noexcept { return keeper_ != nullptr; }
  /// layout().padded(rows()) codes, the filling all zero.
  [[nodiscard]] const std::uint64_t* blocks() const noexcept { return blocks_; }
  [[nodiscard]] const row_ids& ids() const noexcept { return ids_; }
  /// Copies the code of a row; out.size() == layout().words().
  void code(std::size_t row, std::span<std::uint64_t> out) const noexcept {
    layout_.get(blocks_, row, out);
  }

  /// Makes room, so that appending `next` and up to `rows` rows in all cannot fail.
  HINT_LAZY
  void reserve(std::size_t rows, const row_ids& next) {
    if (rows > room_) {
      own_blocks_.resize(layout_.room(rows));
      blocks_ = own_blocks_.data();
    }
    room_ = (std::max)(room_, rows);
    if (own_ids_.empty() && continues(next)) return;
    if (own_ids_.size() >= room_) return;
    const bool listed = !own_ids_.empty();
    own_ids_.resize(room_);
    if (!listed) std::copy(ids_.begin(), ids_.end(), own_ids_.begin());
    ids_ = std::span<const std::int64_t>(own_ids_).first(this->rows());
  }
  /// Rows that there is room for without more memory for codes.
  [[nodiscard]] std::size_t room() const noexcept { return room_ - rows(); }
  /// `codes` and `ids` are as many, and there is room for them.
  void append(const code_view& codes, const row_ids& ids) noexcept {
    if (ids.empty()) return;
    const std::size_t rows = this->rows();
    layout_.put(codes, rows, own_blocks_.data());
    if (own_ids_.empty()) {
      ids_ = row_ids::consecutive(rows == 0 ? ids.front() : ids_.front(), rows + ids.size());
    } else {
      std::copy(ids.begin(), ids.end(), own_ids_.begin() + static_cast<std::ptrdiff_t>(rows));
      ids_ = std::span<const std::int64_t>(own_ids_).first(rows + ids.size());
    }
  }
  /// The same rows in memory of its own, with room for `next` and up to `rows` in all.
  HINT_LAZY
  [[nodiscard]] std::shared_ptr<code_chunk> clone(std::size_t rows,
                                                  const row_ids& next = {}) const {
    auto copy = std::make_shared<code_chunk>(layout_);
    copy->reserve((std::max)(rows, this->rows()), ids_);
    std::copy_n(blocks_, layout_.room(this->rows()), copy->own_blocks_.begin());
    if (!copy->own_ids_.empty()) std::copy(ids_.begin(), ids_.end(), copy->own_ids_.begin());
    copy->ids_ = copy->own_ids_.empty()
                     ? row_ids::consecutive(rows_begin(), this->rows())
                     : row_ids(std::span<const std::int64_t>(copy->own_ids_).first(this->rows()));
    copy->reserve(rows, next);
    return copy;
  }

 private:
  [[nodiscard]] std::int64_t rows_begin() const noexcept { return rows() == 0 ? 0 : ids_.front(); }
  /// Whether ids follow each other and those that are there.
  [[nodiscard]] bool continues(const row_ids& next) const noexcept {
    if (next.empty()) return true;
    return next.follow() &&
           (rows() == 0 || (next.front() > ids_.back() && next.front() - 1 == ids_.back()));
  }

  code_layout layout_;
  std::size_t room_ = 0;  // rows of its own that there is memory for
  const std::uint64_t* blocks_ = nullptr;
  row_ids ids_;
  std::shared_ptr<const void> keeper_;        // of a mapped chunk
  aligned_buffer<std::uint64_t> own_blocks_;  // of room, zero behind the rows
  std::vector<std::int64_t> own_ids_;         // of room; none while they follow each other
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
