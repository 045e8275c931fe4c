// SPDX-License-Identifier: MIT
/// \file
/// Data sets with gaps: items that have both modalities, an image only or a text only, as in Luo,
/// Zhang, Nie, "Contrastive incomplete cross-modal hashing", IEEE TKDE 36(11), 2024.
#ifndef HINT_DATA_PARTIAL_HPP
#define HINT_DATA_PARTIAL_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/labelled.hpp>
#include <hint/data/labels.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// What an item has.
enum class presence : std::uint8_t { both = 0, image_only = 1, text_only = 2 };

/// The usual partial data set: two blocks without the rows that are missing, and what each item has.
/// Views; see `block` for ownership. Takes dense and sparse matrices, too. Copies share the maps
/// between items and rows. Immutable; const use from many threads is safe.
template <feature_block Image = block, feature_block Text = block>
class partial {
 public:
  /// `items[i]` says what item i has; rows stand in the order of their items. Throws `shape_error`
  /// unless a block has as many rows as there are items with its modality, `invalid_argument` for a
  /// number that is no `presence`. O(items).
  partial(Image images, Text texts, std::span<const presence> items)
      : images_(std::move(images)), texts_(std::move(texts)) {
    auto all = std::make_shared<maps>();
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto item = static_cast<row_id>(i);
      const auto mark = static_cast<std::size_t>(items[i]);
      expects(mark < all->sets.size(), "partial: item ", i, " has presence ", mark,
              ", expected 0 (both), 1 (image only) or 2 (text only)");
      all->sets[mark].push_back(item);
      for (const modality m : modalities) {
        auto& rows = all->items[index_of(m)];
        all->rows[index_of(m)].push_back(static_cast<row_id>(rows.size()));
        if (has(items[i], m)) rows.push_back(item);
      }
    }
    const auto check = [&](modality m, const auto& rows) {
      const std::size_t expected = all->items[index_of(m)].size();
      if (rows.rows() == expected) return;
      ::hint::detail::raise<shape_error>("partial: ", detail::with_files(name_of(m), rows), " has ",
                                         rows.rows(), " rows, ", expected, " of ", items.size(),
                                         " items have that modality");
    };
    check(image, images_);
    check(text, texts_);
    all->presence.assign(items.begin(), items.end());
    maps_ = std::move(all);
  }

  [[nodiscard]] std::size_t size() const noexcept { return maps_->presence.size(); }
  [[nodiscard]] const Image& images() const noexcept { return images_; }
  [[nodiscard]] const Text& texts() const noexcept { return texts_; }
  [[nodiscard]] std::span<const row_id> items(modality m) const noexcept {
    return maps_->items[index_of(m)];
  }
  [[nodiscard]] bool present(modality m, std::size_t item) const noexcept {
    return has(maps_->presence[item], m);
  }
  [[nodiscard]] row_id row_of(modality m, std::size_t item) const noexcept {
    return maps_->rows[index_of(m)][item];
  }
  [[nodiscard]] std::span<const row_id> paired_items() const noexcept { return maps_->sets[0]; }
  [[nodiscard]] std::span<const row_id> image_only() const noexcept { return maps_->sets[1]; }
  [[nodiscard]] std::span<const row_id> text_only() const noexcept { return maps_->sets[2]; }

 private:
  [[nodiscard]] static bool has(presence p, modality m) noexcept {
    return p != (m == image ? presence::text_only : presence::image_only);
  }

  struct maps {
    std::vector<data::presence> presence;      ///< of each item
    std::array<std::vector<row_id>, 3> sets;   ///< items, by what they have
    std::array<std::vector<row_id>, 2> items;  ///< of each row of a modality
    std::array<std::vector<row_id>, 2> rows;   ///< of each item; meaningless where it has none
  };
  Image images_;
  Text texts_;
  std::shared_ptr<const maps> maps_;
};

template <class Image, class Text>
partial(Image, Text, std::span<const presence>)
    -> partial<typename detail::stored<Image>::type, typename detail::stored<Text>::type>;
template <class Image, class Text>
partial(Image, Text, std::vector<presence>)
    -> partial<typename detail::stored<Image>::type, typename detail::stored<Text>::type>;

/// Pairs as a partial data set in which nothing is missing; labels stay when there are any. Row i
/// belongs to item i. O(n).
template <paired_dataset D>
[[nodiscard]] auto all_present(const D& d) {
  const std::vector<presence> items(d.size(), presence::both);
  partial<std::remove_cvref_t<decltype(d.image())>, std::remove_cvref_t<decltype(d.text())>> all(
      d.image(), d.text(), items);
  if constexpr (labelled_dataset<D>)
    return labelled(std::move(all), code_set(d.labels()));
  else
    return all;
}

/// The items that have both modalities, in their order, as pairs; labels stay when there are any.
/// Features are not copied unless the blocks are types of one's own (see `as_block`). O(n).
template <partial_dataset D>
[[nodiscard]] auto complete_rows(const D& d) {
  const std::span<const row_id> items = d.paired_items();
  const auto select = [&](modality m, const block& rows) {
    std::vector<row_id> selected;
    selected.reserve(items.size());
    for (const row_id i : items) selected.push_back(d.row_of(m, i));
    return rows(selected);
  };
  paired<> pairs(select(image, as_block(d.images())), select(text, as_block(d.texts())));
  if constexpr (labelled_dataset<D>)
    return labelled(std::move(pairs), data::select(d.labels(), items));
  else
    return pairs;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
