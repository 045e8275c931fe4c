// SPDX-License-Identifier: MIT
/// \file
/// Codes with ids, laid out for scanning: what indexes keep.
#ifndef HINT_SEARCH_STORE_CODE_STORE_HPP
#define HINT_SEARCH_STORE_CODE_STORE_HPP

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/search/kernels/block_layout.hpp>
#include <hint/search/store/code_chunk.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/store/row_table.hpp>
#include <hint/search/store/section_ids.hpp>
#include <hint/search/store/shared_rows.hpp>

namespace hint { inline namespace HINT_ABI { namespace search::detail {

/// Codes and their ids in rows. A removed code leaves its row behind, marked, until `compact`.
///
/// Copies are independent and cheap: they share the rows that are there, which never change, and an add
/// to either copies no more than the last chunk (up to 4 MB). So a copy is a snapshot: other threads may
/// search it while this store changes. Const calls are safe from many threads at once; changes need the
/// store for themselves.
///
/// Memory: of a code what `code_layout::best` says (ceil(bits / 8) bytes, or 8 for each word when that makes
/// little difference); 8 for its id unless ids follow each other; some 32 more from the moment when ids are
/// changed or looked for that did not come in ascending order, which need a hash table.
class code_store {
 public:
  static constexpr std::size_t not_found = row_table::none;

  /// `owner` begins error messages; a literal. Throws `invalid_argument` for bits outside 1 .. 16384.
  code_store(std::size_t bits, std::string_view owner) : bits_(bits), owner_(owner) {
    expects(bits >= 1 && bits <= max_bits, owner, ": bits is ", bits, ", expected 1 to ", max_bits);
  }

  [[nodiscard]] std::size_t bits() const noexcept { return bits_; }
  [[nodiscard]] std::size_t words() const noexcept { return words_for(bits_); }
  /// The most memory that a code takes.
  [[nodiscard]] std::size_t bytes_per_code() const noexcept {
    std::size_t most = code_layout::best(bits_).bytes();
    for (const auto& chunk : chunks_) most = (std::max)(most, chunk->layout().bytes());
    return most;
  }
  /// Codes, without removed ones.
  [[nodiscard]] std::size_t size() const noexcept { return rows_ - removed_; }
  /// Rows, with those of removed codes.
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t removed() const noexcept { return removed_; }
  /// Whether removed codes are most of the rows, and `compact` may drop them: not from a mapped file.
  [[nodiscard]] bool mostly_removed() const noexcept {
    return removed_ > size() + 1024 && !mapped();
  }
  /// Whether ids ascend with the rows.
  [[nodiscard]] bool ascending() const noexcept { return ascending_; }
  /// Whether some rows are in a mapped file.
  [[nodiscard]] bool mapped() const noexcept {
    return std::any_of(chunks_.begin(), chunks_.end(), [](const auto& c) { return c->mapped(); });
  }

  [[nodiscard]] std::size_t chunk_count() const noexcept { return chunks_.size(); }
  [[nodiscard]] const code_chunk& chunk(std::size_t i) const noexcept { return *chunks_[i]; }
  /// The row of the chunk's first.
  [[nodiscard]] std::size_t first_row(std::size_t chunk) const noexcept { return firsts_[chunk]; }
  /// The chunk that has a row. O(log chunks).
  [[nodiscard]] std::size_t chunk_of(std::size_t row) const noexcept {
    return static_cast<std::size_t>(std::upper_bound(firsts_.begin(), firsts_.end(), row) -
                                    firsts_.begin()) -
           1;
  }

  /// Whether the code of a row has not been removed.
  [[nodiscard]] bool live(std::size_t row) const noexcept {
    return removed_ == 0 || row / 64 >= tombstones_->size() ||
           ((*tombstones_)[row / 64] >> (row % 64) & 1) == 0;
  }
  [[nodiscard]] std::int64_t id(std::size_t row) const noexcept {
    const std::size_t c = chunk_of(row);
    return chunks_[c]->ids()[row - firsts_[c]];
  }
  /// Calls f(row, chunk, place in the chunk) for every code that has not been removed, by row.
  template <class F>
  void for_live(F&& f) const {
    for_live(0, rows_, std::forward<F>(f));
  }
  /// The same for rows first .. last - 1.
  template <class F>
  void for_live(std::size_t first, std::size_t last, F&& f) const {
    if (first >= last) return;
    for (std::size_t c = chunk_of(first); c < chunks_.size() && firsts_[c] < last; ++c) {
      const std::size_t end = (std::min)(chunks_[c]->rows(), last - firsts_[c]);
      for (std::size_t i = first > firsts_[c] ? first - firsts_[c] : 0; i < end; ++i)
        if (live(firsts_[c] + i)) f(firsts_[c] + i, std::as_const(*chunks_[c]), i);
    }
  }
  /// Copies the code of a row; out.size() == words().
  void code(std::size_t row, std::span<std::uint64_t> out) const noexcept {
    const std::size_t c = chunk_of(row);
    chunks_[c]->code(row - firsts_[c], out);
  }
  /// The row of an id, or `not_found`. O(log n) when ids ascend; else expected O(1), after O(n) once to make
  /// a hash table that all copies share until they change. (Threads that ask while one makes it take O(n).)
  HINT_LAZY
  [[nodiscard]] std::size_t find(std::int64_t id) const noexcept {
    if (ascending_) return find_ascending(id);
    if (!known_.rows.empty()) return known_.rows.find(id);
    if (lookup_ != nullptr)
      if (const row_table* rows = lookup_->get([this](row_table& table) { enter_all(table); }))
        return rows->find(id);
    for (std::size_t c = 0; c < chunks_.size(); ++c) {
      const row_ids& ids = chunks_[c]->ids();
      for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] == id && live(firsts_[c] + i)) return firsts_[c] + i;
    }
    return not_found;
  }

  /// Those that have not been removed, by row. O(n).
  HINT_LAZY
  [[nodiscard]] std::vector<std::int64_t> ids() const {
    std::vector<std::int64_t> out;
    out.reserve(size());
    for_live([&](std::size_t, const code_chunk& chunk, std::size_t i) {
      out.push_back(chunk.ids()[i]);
    });
    return out;
  }

  /// Adds codes under the ids that follow the largest ever: 0, 1, ... in a new store. All or nothing.
  HINT_LAZY
  void add(const code_view& codes) {
    expects_codes(owner_, "::add", "codes", codes, bits_);
    expects_ids_left(owner_, "::add", largest_, codes.size());
    if (codes.empty()) return;
    append(codes, row_ids::consecutive(largest_ + 1, codes.size()), duplicates::refuse);
  }
  /// Adds codes under ids of one's own. All or nothing.
  void add(const code_view& codes, std::span<const std::int64_t> ids, duplicates policy) {
    add(codes, row_ids(ids), policy);
  }
  HINT_LAZY
  void add(const code_view& codes, const row_ids& ids, duplicates policy) {
    expects_codes(owner_, "::add", "codes", codes, bits_);
    expects<shape_error>(codes.size() == ids.size(), owner_, "::add: ", ids.size(), " ids for ",
                         codes.size(), " codes");
    append(codes, ids, policy);
  }
  /// Rows that lie in a mapped file or elsewhere in memory: see `code_chunk`. Believed are `in_order`, which
  /// says that the ids ascend, and that they differ from all others (`expects_ids_differ`).
  HINT_LAZY
  void add_mapped(const code_layout& layout, const std::uint64_t* blocks, const row_ids& ids,
                  bool in_order, std::shared_ptr<const void> keeper) {
    if (ids.empty()) return;
    const bool rising = in_order && (rows_ == 0 || (ascending_ && ids.front() > largest_));
    auto fresh_lookup = lookup_for(rising);
    firsts_.push_back(rows_);
    try {
      chunks_.push_back(std::make_shared<code_chunk>(layout, blocks, ids, std::move(keeper)));
    } catch (...) {  // out of memory
      firsts_.pop_back();
      throw;
    }
    rows_ += ids.size();
    ascending_ = rising;
    lookup_ = std::move(fresh_lookup);
    known_.rows.clear();
    note_largest(in_order ? ids.back() : *std::max_element(ids.begin(), ids.end()));
  }
  /// Ids given by `add(codes)` come after this one at least.
  void note_largest(std::int64_t id) noexcept {
    largest_ = numbered_ ? (std::max)(largest_, id) : id;
    numbered_ = true;
  }
  /// The largest id ever, if there was one: else -1.
  [[nodiscard]] std::int64_t largest() const noexcept { return largest_; }
  [[nodiscard]] bool numbered() const noexcept { return numbered_; }

  /// Removes codes by id, those that are there; returns how many. O(1) each, after O(n) once when ids
  /// do not ascend.
  HINT_LAZY
  std::size_t remove(std::span<const std::int64_t> ids) {
    if (!ascending_) remember();
    lookup_ = lookup_for(ascending_);
    make_tombstones_writable();
    std::size_t count = 0;
    for (const std::int64_t id : ids) {
      const std::size_t row = find(id);
      if (row == not_found) continue;
      mark_removed(row);
      known_.rows.erase(id);
      ++count;
    }
    return count;
  }
  /// Drops the rows of removed codes; the others move up, in their order. O(n), new memory.
  HINT_LAZY
  void compact() {
    if (removed_ == 0) return;
    code_store fresh(bits_, owner_);
    for (std::size_t c = 0; c < chunks_.size(); ++c) {
      code_set codes(bits_);
      std::vector<std::int64_t> ids;
      for (std::size_t i = 0; i < chunks_[c]->rows(); ++i) {
        if (!live(firsts_[c] + i)) continue;
        codes.resize(ids.size() + 1);
        chunks_[c]->code(i, codes[ids.size()]);
        ids.push_back(chunks_[c]->ids()[i]);
      }
      fresh.ascending_ =
          fresh.ascending_ && row_ids(std::span<const std::int64_t>(ids)).ascend() &&
          (ids.empty() || fresh.rows_ == 0 || fresh.id(fresh.rows_ - 1) < ids.front());
      fresh.push(codes, std::span<const std::int64_t>(ids));
    }
    fresh.lookup_ = lookup_for(fresh.ascending_);
    fresh.largest_ = largest_;
    fresh.numbered_ = numbered_;
    *this = std::move(fresh);
  }

 private:
  /// Set for both when a store is copied: what they share must not be written any more. (Asking the
  /// shared_ptr whether the copy is still there would not tell that its readers have finished.)
  struct copy_mark {
    copy_mark() = default;
    copy_mark(const copy_mark& other) noexcept : copied(true) { other.copied = true; }
    copy_mark(copy_mark&& other) noexcept : copied(other.copied.load()) {}
    copy_mark& operator=(const copy_mark& other) noexcept {
      copied = other.copied = true;
      return *this;
    }
    copy_mark& operator=(copy_mark&& other) noexcept {
      copied = other.copied.load();
      return *this;
    }
    mutable std::atomic<bool> copied = false;  // two threads may copy one store
  };

  /// Rows of a chunk of 4 MB of words.
  [[nodiscard]] std::size_t chunk_rows() const noexcept {
    const std::size_t group = code_layout::best(bits_).group();
    return (std::size_t{4} << 20) / (8 * words()) / group * group;
  }

  HINT_LAZY
  [[nodiscard]] std::size_t find_ascending(std::int64_t id) const noexcept {
    const auto after = std::upper_bound(
        chunks_.begin(), chunks_.end(), id,
        [](std::int64_t value, const auto& chunk) { return value < chunk->ids().front(); });
    if (after == chunks_.begin()) return not_found;
    const auto c = static_cast<std::size_t>(after - chunks_.begin()) - 1;
    const row_ids& ids = chunks_[c]->ids();
    const auto found = std::lower_bound(ids.begin(), ids.end(), id);
    const std::size_t row = firsts_[c] + static_cast<std::size_t>(found - ids.begin());
    return found != ids.end() && *found == id && live(row) ? row : not_found;
  }
  HINT_LAZY
  void remember() {
    if (!known_.rows.empty()) return;
    enter_all(known_.rows);
  }
  HINT_LAZY
  void enter_all(row_table& table) const {
    table.reserve(size());
    for_live([&](std::size_t row, const code_chunk& chunk, std::size_t i) {
      table.put(chunk.ids()[i], row);
    });
  }
  /// For the rows as they will be: what copies share must not be changed.
  [[nodiscard]] static std::shared_ptr<shared_rows> lookup_for(bool ascending) {
    return ascending ? nullptr : std::make_shared<shared_rows>();
  }

  HINT_LAZY
  void append(const code_view& codes, const row_ids& ids, duplicates policy) {
    if (ids.empty()) return;
    // Ids that only ever rise cannot repeat. The first that do not call for the hash table.
    const bool rising = (rows_ == 0 || ids.front() > largest_) && ids.ascend();
    auto fresh_lookup = lookup_for(ascending_ && rising);
    std::vector<std::size_t> replaced;
    if (!rising || !known_.rows.empty()) remember();
    try {
      if (!rising || !known_.rows.empty()) replaced = claim(ids, policy);
      if (!replaced.empty()) make_tombstones_writable(ids.size());
      push(codes, ids);
    } catch (const invalid_argument&) {
      throw;
    } catch (...) {  // out of memory
      known_.rows.clear();
      throw;
    }
    for (const std::size_t row : replaced) mark_removed(row);
    ascending_ = ascending_ && rising;
    lookup_ = std::move(fresh_lookup);
    note_largest(rising ? ids.back() : *std::max_element(ids.begin(), ids.end()));
  }
  /// Enters ids for the rows to come. Returns the rows that they replace; for `refuse` throws instead,
  /// and enters nothing.
  HINT_LAZY
  [[nodiscard]] std::vector<std::size_t> claim(const row_ids& ids, duplicates policy) {
    std::vector<std::size_t> replaced;
    known_.rows.reserve(known_.rows.size() + ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::size_t before = known_.rows.put(ids[i], rows_ + i);
      if (before == not_found) continue;
      if (policy == duplicates::replace) {
        replaced.push_back(before);
        continue;
      }
      known_.rows.put(ids[i], before);
      for (std::size_t j = 0; j < i; ++j) known_.rows.erase(ids[j]);
      expects(before >= rows_, owner_, "::add: id ", ids[i], " is in the index already");
      expects(false, owner_, "::add: id ", ids[i], " comes twice");
    }
    return replaced;
  }
  /// Appends rows, all or none.
  HINT_LAZY
  void push(const code_view& codes, const row_ids& ids) {
    const std::size_t most = chunk_rows();
    // Everything that can fail comes first.
    std::vector<std::shared_ptr<code_chunk>> fresh;
    std::size_t in_last = 0;
    if (!chunks_.empty() && !chunks_.back()->mapped() && chunks_.back()->rows() < most) {
      auto& last = chunks_.back();
      const std::size_t rows = last->rows();
      in_last = (std::min)(ids.size(), most - rows);
      // Doubles, so that many small adds cost O(1) each.
      const std::size_t wanted = (std::min)(most, (std::max)(rows + in_last, 2 * rows));
      if (last_chunk_mark_.copied) {
        last = last->clone(wanted, ids.first(in_last));
        last_chunk_mark_.copied = false;
      } else {
        last->reserve(last->room() < in_last ? wanted : rows + in_last, ids.first(in_last));
      }
    }
    for (std::size_t done = in_last; done < ids.size(); done += most) {
      const std::size_t count = (std::min)(most, ids.size() - done);
      fresh.push_back(std::make_shared<code_chunk>(code_layout::best(bits_)));
      fresh.back()->reserve(count, ids.subspan(done, count));
    }
    chunks_.reserve(chunks_.size() + fresh.size());
    firsts_.reserve(chunks_.size() + fresh.size());

    if (in_last > 0) chunks_.back()->append(codes.slice(0, in_last), ids.first(in_last));
    rows_ += in_last;
    for (std::size_t i = 0, done = in_last; i < fresh.size(); ++i) {
      const std::size_t count = (std::min)(most, ids.size() - done);
      fresh[i]->append(codes.slice(done, count), ids.subspan(done, count));
      chunks_.push_back(std::move(fresh[i]));
      firsts_.push_back(rows_);
      last_chunk_mark_.copied = false;
      rows_ += count;
      done += count;
    }
  }
  /// So that `mark_removed` cannot fail, for the rows that are there and `more` to come.
  HINT_LAZY
  void make_tombstones_writable(std::size_t more = 0) {
    const std::size_t words = (rows_ + more + 63) / 64;
    if (tombstones_ == nullptr) {
      tombstones_ = std::make_shared<std::vector<std::uint64_t>>(words);
    } else if (tombstone_mark_.copied) {
      tombstones_ = std::make_shared<std::vector<std::uint64_t>>(*tombstones_);
    }
    tombstone_mark_.copied = false;
    if (tombstones_->size() < words) tombstones_->resize(words);
  }
  void mark_removed(std::size_t row) noexcept {
    (*tombstones_)[row / 64] |= std::uint64_t{1} << (row % 64);
    ++removed_;
  }

  std::size_t bits_;
  std::string_view owner_;
  std::vector<std::shared_ptr<code_chunk>> chunks_;  // none is empty
  std::vector<std::size_t> firsts_;                  // row of each chunk's first
  copy_mark last_chunk_mark_;
  std::size_t rows_ = 0;
  std::size_t removed_ = 0;
  std::shared_ptr<std::vector<std::uint64_t>> tombstones_;  // bit set: removed
  copy_mark tombstone_mark_;
  known_rows known_;  // empty, or all ids
  std::shared_ptr<shared_rows>
      lookup_;  // unless ids ascend: of these rows, for copies and mapped files
  std::int64_t largest_ = -1;
  bool numbered_ = false;  // largest_ is an id
  bool ascending_ = true;
};

}}}  // namespace hint::HINT_ABI::search::detail

#endif
