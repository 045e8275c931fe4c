// SPDX-License-Identifier: MIT
/// \file
/// Data sets with labels: what a supervised learner asks for, and an unsupervised one must not see.
#ifndef HINT_DATA_LABELLED_HPP
#define HINT_DATA_LABELLED_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/data/dataset.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// A data set and the classes of its items: all that `Dataset` is (`paired`, `partial`, one's own with
/// a `size()`), and a `labelled_dataset` too. Copies share the labels. Immutable; const use from many
/// threads is safe.
template <class Dataset = paired<>>
class labelled : public Dataset {
 public:
  /// Throws `shape_error` unless there is a row of labels for each item.
  labelled(Dataset dataset, code_set labels)
      : Dataset(std::move(dataset)), labels_(std::make_shared<const code_set>(std::move(labels))) {
    expects<shape_error>(labels_->size() == this->size(), "labelled: labels have ", labels_->size(),
                         " rows, the data set has ", this->size(), " items");
  }
  /// Of an image block, a text block and labels. Throws what `paired` throws, too.
  template <class Image, class Text>
    requires std::constructible_from<Dataset, Image, Text>
  labelled(Image image, Text text, code_set labels)
      : labelled(Dataset(std::move(image), std::move(text)), std::move(labels)) {}

  [[nodiscard]] code_view labels() const { return *labels_; }
  [[nodiscard]] bool relevant(std::size_t i, std::size_t j) const noexcept {
    const auto a = std::as_const(*labels_)[i], b = std::as_const(*labels_)[j];
    std::uint64_t shared = 0;
    for (std::size_t w = 0; w < a.size(); ++w) shared |= a[w] & b[w];
    return shared != 0;
  }

 private:
  std::shared_ptr<const code_set> labels_;
};

template <class Dataset>
labelled(Dataset, code_set) -> labelled<Dataset>;
template <class Image, class Text>
labelled(Image, Text, code_set)
    -> labelled<paired<typename detail::stored<Image>::type, typename detail::stored<Text>::type>>;

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
