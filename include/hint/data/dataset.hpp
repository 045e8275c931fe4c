// SPDX-License-Identifier: MIT
/// \file
/// Data sets as types: what a data set offers is in its type, what a learner needs is in its
/// constraint.
#ifndef HINT_DATA_DATASET_HPP
#define HINT_DATA_DATASET_HPP

#include <concepts>
#include <cstddef>
#include <span>
#include <utility>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// n items, each with features in both modalities.
///
/// | expression | meaning |
/// |---|---|
/// | `d.size()` | n |
/// | `d.image()`, `d.text()` | feature blocks of n rows; row i of both belongs to item i |
///
/// All O(1), the same each time, and safe from many threads. `paired` is the archetype.
template <class D>
concept paired_dataset = requires(const D& d) {
  { d.size() } -> std::convertible_to<std::size_t>;
  { d.image() } -> feature_block;
  { d.text() } -> feature_block;
};

/// n items, each with any number of classes. It says nothing of features: a paired or partial data set
/// with labels models both concepts.
///
/// | expression | meaning |
/// |---|---|
/// | `d.size()` | n |
/// | `d.labels()` | n rows of packed bits, one per class, multi-hot; row i belongs to item i |
/// | `d.relevant(i, j)` | whether items i and j share a class; O(classes / 64), unchecked |
///
/// The same each time, and safe from many threads. `labelled` is the archetype.
template <class D>
concept labelled_dataset = requires(const D& d, std::size_t i) {
  { d.size() } -> std::convertible_to<std::size_t>;
  { d.labels() } -> std::convertible_to<code_view>;
  { d.relevant(i, i) } -> std::convertible_to<bool>;
};

/// n items, each with features in one modality or in both; the blocks hold what there is. It is no
/// `paired_dataset`, since row i of both blocks need not belong to one item; `complete_rows` makes one
/// of the items that have both.
///
/// | expression | meaning |
/// |---|---|
/// | `d.size()` | n |
/// | `d.images()`, `d.texts()` | feature blocks: a row for each item that has the modality |
/// | `d.items(m)` | the items of these rows, ascending |
/// | `d.present(m, i)` | whether item i has modality m |
/// | `d.row_of(m, i)` | the row of item i in the block of m, which it must have |
/// | `d.paired_items()`, `d.image_only()`, `d.text_only()` | the three sets of items, each ascending; together 0 .. n-1 |
///
/// All O(1) and unchecked, the same each time, and safe from many threads. `partial` is the archetype.
template <class D>
concept partial_dataset = requires(const D& d, modality m, std::size_t i) {
  { d.size() } -> std::convertible_to<std::size_t>;
  { d.images() } -> feature_block;
  { d.texts() } -> feature_block;
  { d.items(m) } -> std::convertible_to<std::span<const row_id>>;
  { d.present(m, i) } -> std::convertible_to<bool>;
  { d.row_of(m, i) } -> std::convertible_to<row_id>;
  { d.paired_items() } -> std::convertible_to<std::span<const row_id>>;
  { d.image_only() } -> std::convertible_to<std::span<const row_id>>;
  { d.text_only() } -> std::convertible_to<std::span<const row_id>>;
};

/// The usual paired data set: two blocks, nothing else. Views; see `block` for ownership. Takes dense
/// and sparse matrices, too.
template <feature_block Image = block, feature_block Text = block>
class paired {
 public:
  /// Throws `shape_error`, with their files if they have some, when the blocks differ in their number of
  /// rows.
  paired(Image image, Text text) : image_(std::move(image)), text_(std::move(text)) {
    if (image_.rows() == text_.rows()) return;
    ::hint::detail::raise<shape_error>("paired: ", detail::with_files("image", image_), " has ",
                                       image_.rows(), " rows of ", image_.cols(), ", ",
                                       detail::with_files("text", text_), " has ", text_.rows(),
                                       " rows of ", text_.cols());
  }
  [[nodiscard]] std::size_t size() const { return image_.rows(); }
  [[nodiscard]] const Image& image() const noexcept { return image_; }
  [[nodiscard]] const Text& text() const noexcept { return text_; }

 private:
  Image image_;
  Text text_;
};

namespace detail {
/// What is no feature block itself (an Eigen matrix, dense or sparse) becomes one.
template <class T>
struct stored {
  using type = block;
};
template <feature_block T>
struct stored<T> {
  using type = T;
};
}  // namespace detail

template <class Image, class Text>
paired(Image, Text)
    -> paired<typename detail::stored<Image>::type, typename detail::stored<Text>::type>;

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
