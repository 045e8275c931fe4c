// SPDX-License-Identifier: MIT
/// \file
/// Data sets as types: what a data set offers is in its type, what a learner needs is in its
/// constraint.
#ifndef HINT_DATA_DATASET_HPP
#define HINT_DATA_DATASET_HPP

#include <concepts>
#include <cstddef>
#include <utility>

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

/// The usual paired data set: two blocks, nothing else. Views; see `block` for ownership. Takes dense
/// and sparse matrices, too.
template <feature_block Image = block, feature_block Text = block>
class paired {
 public:
  /// Throws `shape_error` when the blocks differ in their number of rows.
  paired(Image image, Text text) : image_(std::move(image)), text_(std::move(text)) {
    expects<shape_error>(image_.rows() == text_.rows(), "paired: image has ", image_.rows(),
                         " rows of ", image_.cols(), ", text has ", text_.rows(), " rows of ",
                         text_.cols());
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
