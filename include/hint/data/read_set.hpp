// SPDX-License-Identifier: MIT
/// \file
/// From the files of a data set to its parts, once it is sure that the files belong together.
#ifndef HINT_DATA_READ_SET_HPP
#define HINT_DATA_READ_SET_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/data/row_selection.hpp>
#include <hint/data/compact.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/files/column.hpp>
#include <hint/data/files/folder.hpp>
#include <hint/data/labelled.hpp>
#include <hint/data/labels.hpp>
#include <hint/data/read.hpp>
#include <hint/data/split.hpp>
#include <hint/io/npy.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// The `.npy` files of a data set. Row i of each belongs to item i. What is empty is not there.
struct set_files {
  row_files image{};               ///< n x d numbers, one file or shards
  row_files text{};                ///< n x d numbers, the same
  std::filesystem::path labels{};  ///< n x classes, multi-hot, or n class numbers (`read_labels`)
  std::filesystem::path split{};   ///< n marks (`split::read`); without: all rows train, none asks
  std::filesystem::path ids{};     ///< n different whole numbers; without: the row numbers
  bool sparse_image = false;       ///< keep the zeros of image features out of memory, however few
  bool sparse_text = false;  ///< the same of text features; those that are `mostly_zero` go anyway

  /// image.npy and text.npy of a folder, or their shards image-0.npy, image-1.npy, ..., and those of
  /// labels.npy, split.npy and ids.npy that exist; endings may be in capitals. Throws what
  /// `row_files::in` throws, and `format_error` for shards of the latter three (labels-0.npy), which would
  /// else be left out.
  [[nodiscard]] static set_files in(const std::filesystem::path& folder) {
    const auto files = detail::npy_files(folder);
    const auto optional = [&](const std::string& name) {
      if (const auto found = files.find(name); found != files.end()) return found->second;
      const auto part = files.find(name + "-0");
      expects<format_error>(part == files.end(), folder.string(), ": has ",
                            part == files.end() ? "" : part->second.filename().string(), " but no ",
                            name, ".npy; only image and text may be in several files");
      return std::filesystem::path();
    };
    return {.image = row_files::in(folder, "image"),
            .text = row_files::in(folder, "text"),
            .labels = optional("labels"),
            .split = optional("split"),
            .ids = optional("ids")};
  }
};

/// What `read_set` read: a `paired_dataset` of all rows, and the parts that training and evaluation
/// want. Blocks are views; labels of a part are copied, which is 1 / 8 byte per item and class.
/// Immutable; const use from many threads is safe.
class paired_files {
 public:
  /// See `read_set`.
  HINT_LAZY
  explicit paired_files(const set_files& files)
      : image_(read_block(files.image, files.sparse_image)),
        text_(read_block(files.text, files.sparse_text)) {
    const auto check = [&](const row_files& other, std::size_t rows) {
      expects<shape_error>(rows == size(), "read_set: ", files.image.text(), " has ", size(),
                           " rows, ", other.text(), " has ", rows, ", expected equally many",
                           (rows == 1) != (size() == 1)
                               ? " (a vector of n numbers is one row; a column is n x 1)"
                               : "");
    };
    check(files.text, text_.rows());
    if (!files.labels.empty()) {
      labels_ = read_labels(files.labels);
      check(files.labels, labels_->size());
    }
    if (!files.split.empty()) {
      split_ = data::split::read(files.split);
      check(files.split, split_.total());
    } else {
      split_ = data::split::from_marks(std::vector<std::uint8_t>(size(), 0));
    }
    if (!files.ids.empty()) {
      const mapped_file file(files.ids);
      const std::string name = files.ids.string();
      ids_ = detail::read_column<std::int64_t>(io::npy_view(file.bytes(), name), name, "ids have");
      check(files.ids, ids_.size());
      check_distinct(ids_, name);
    } else {
      ids_.resize(size());
      std::iota(ids_.begin(), ids_.end(), std::int64_t{0});
    }
  }

  /// All rows.
  [[nodiscard]] std::size_t size() const noexcept { return image_.rows(); }
  [[nodiscard]] const block& image() const noexcept { return image_; }
  [[nodiscard]] const block& text() const noexcept { return text_; }
  [[nodiscard]] const block& rows(modality m) const noexcept {
    return m == hint::image ? image_ : text_;
  }
  [[nodiscard]] const data::split& split() const noexcept { return split_; }
  [[nodiscard]] const std::vector<std::int64_t>& ids() const noexcept { return ids_; }
  [[nodiscard]] bool has_labels() const noexcept { return labels_.has_value(); }
  /// Throws `invalid_argument` when no file of labels was named.
  [[nodiscard]] const code_set& labels() const {
    expects(has_labels(), "read_set: labels were asked for, but there is no file of labels");
    return *labels_;
  }

  /// The training pairs, without labels even if there are some.
  [[nodiscard]] paired<> train() const { return {image_(split_.train), text_(split_.train)}; }
  /// The training pairs with labels. Throws as `labels` does.
  HINT_LAZY
  [[nodiscard]] labelled<> labelled_train() const {
    return {train(), select(labels(), split_.train)};
  }
  /// The rows that ask, and those that are searched.
  [[nodiscard]] block query(modality m) const { return rows(m)(split_.query); }
  [[nodiscard]] block database(modality m) const { return rows(m)(split_.database); }
  /// Their labels. Throw as `labels` does.
  [[nodiscard]] code_set query_labels() const { return select(labels(), split_.query); }
  [[nodiscard]] code_set database_labels() const { return select(labels(), split_.database); }
  /// Their ids.
  [[nodiscard]] std::vector<std::int64_t> query_ids() const { return ids_of(split_.query); }
  [[nodiscard]] std::vector<std::int64_t> database_ids() const { return ids_of(split_.database); }

 private:
  [[nodiscard]] static block read_block(const row_files& files, bool sparse) {
    return sparse ? read_sparse(files) : compact(read(files));
  }
  /// O(n), or O(n log n) when they do not ascend.
  static void check_distinct(const std::vector<std::int64_t>& ids, const std::string& file) {
    if (std::ranges::adjacent_find(ids, std::greater_equal{}) == ids.end()) return;
    std::vector<std::size_t> rows(ids.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::ranges::sort(rows, {}, [&](std::size_t row) { return std::pair(ids[row], row); });
    const auto twice =
        std::ranges::adjacent_find(rows, {}, [&](std::size_t row) { return ids[row]; });
    if (twice != rows.end())
      expects<format_error>(false, file, ": rows ", twice[0], " and ", twice[1],
                            " have the same id, ", ids[*twice], ", expected different ones");
  }
  [[nodiscard]] std::vector<std::int64_t> ids_of(const row_selection& selected) const {
    std::vector<std::int64_t> out;
    out.reserve(selected.size());
    for (const row_id r : selected) out.push_back(ids_[r]);
    return out;
  }

  block image_, text_;
  std::optional<code_set> labels_;
  data::split split_;
  std::vector<std::int64_t> ids_;
};

/// Reads the files of a data set and compares their numbers of rows before anything is selected: a
/// file with other rows than the rest would give wrong pairs, not an error. Throws `shape_error`
/// naming the two files and both numbers, `format_error` naming two rows of the same id, and what `read`, `read_labels` and `split::read` throw.
/// \code
/// const auto set = hint::data::read_set("mirflickr");
/// const auto model = learner.fit(set.train(), ctx);
/// const auto queries = model.encode(hint::image, set.query(hint::image), ctx);
/// \endcode
HINT_LAZY
[[nodiscard]] paired_files read_set(const set_files& files) { return paired_files(files); }
/// The files of a folder: image.npy and text.npy or their shards (`set_files::in`), and labels.npy,
/// split.npy and ids.npy where they exist.
HINT_LAZY
[[nodiscard]] paired_files read_set(const std::filesystem::path& folder) {
  return read_set(set_files::in(folder));
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
