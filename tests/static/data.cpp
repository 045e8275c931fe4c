// SPDX-License-Identifier: MIT
// What models the concepts of data, and what does not.
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/data/block.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/labelled.hpp>
#include <hint/data/normalize.hpp>
#include <hint/data/partial.hpp>
#include <hint/data/read_set.hpp>
#include <hint/data/split.hpp>

namespace {

namespace data = hint::data;
namespace linalg = hint::linalg;
using matrix = linalg::matrix<float>;
using sparse_matrix = linalg::sparse_matrix<float>;

// feature_block
class minimal {  // the least that is one: neither default-constructible nor copyable
 public:
  explicit minimal(int) {}
  minimal(const minimal&) = delete;
  minimal& operator=(const minimal&) = delete;
  int rows() const;  // any integer
  short cols() const;
  void copy_rows(std::size_t first, linalg::matrix_ref<float> out) const;
};
static_assert(data::feature_block<minimal>);
static_assert(data::feature_block<const minimal&>);
static_assert(!std::default_initializable<minimal> && !std::copyable<minimal>);
static_assert(data::feature_block<data::block>);

struct without_rows {
  std::size_t cols() const;
  void copy_rows(std::size_t, linalg::matrix_ref<float>) const;
};
static_assert(!data::feature_block<without_rows>);
struct rows_in_words {
  std::string rows() const;
  std::size_t cols() const;
  void copy_rows(std::size_t, linalg::matrix_ref<float>) const;
};
static_assert(!data::feature_block<rows_in_words>);
struct copy_not_const {
  std::size_t rows() const;
  std::size_t cols() const;
  void copy_rows(std::size_t, linalg::matrix_ref<float>);
};
static_assert(!data::feature_block<copy_not_const>);
struct copies_doubles {
  std::size_t rows() const;
  std::size_t cols() const;
  void copy_rows(std::size_t, linalg::matrix_ref<double>) const;
};
static_assert(!data::feature_block<copies_doubles>);
static_assert(!data::feature_block<matrix>);  // but it becomes one:
static_assert(std::convertible_to<matrix, data::block>);
static_assert(std::convertible_to<sparse_matrix, data::block>);
static_assert(!data::feature_block<int>);
static_assert(std::semiregular<data::block>);

// borrowing: what stays, and nothing that would be copied and gone
template <class T>
concept can_be_borrowed = requires { data::block::borrow(std::declval<T>()); };
static_assert(can_be_borrowed<matrix&> && can_be_borrowed<const matrix&>);
static_assert(can_be_borrowed<sparse_matrix&> && can_be_borrowed<const sparse_matrix&>);
static_assert(can_be_borrowed<linalg::matrix_view<float>>);
static_assert(can_be_borrowed<Eigen::Map<const matrix>>);
static_assert(can_be_borrowed<decltype(std::declval<const matrix&>().middleRows(0, 1))>);
static_assert(!can_be_borrowed<matrix> && !can_be_borrowed<sparse_matrix>);
static_assert(!can_be_borrowed<Eigen::MatrixXf&>);  // column by column
static_assert(!can_be_borrowed<decltype(2.0F * std::declval<const matrix&>())>);
static_assert(!can_be_borrowed<decltype(std::declval<const matrix&>().transpose())>);
static_assert(!can_be_borrowed<linalg::matrix<double>&>);

// paired_dataset
static_assert(data::paired_dataset<data::paired<>>);
static_assert(data::paired_dataset<data::paired<data::block, data::block>>);
struct own_pairs {
  explicit own_pairs(int) {}
  unsigned size() const;
  const minimal& image() const;
  data::block text() const;  // by value, too
};
static_assert(data::paired_dataset<own_pairs>);
struct without_text {
  std::size_t size() const;
  data::block image() const;
};
static_assert(!data::paired_dataset<without_text>);
struct matrices {
  std::size_t size() const;
  const matrix& image() const;
  const matrix& text() const;
};
static_assert(!data::paired_dataset<matrices>);
struct without_size {
  data::block image() const;
  data::block text() const;
};
static_assert(!data::paired_dataset<without_size>);
struct image_not_const {
  std::size_t size() const;
  data::block image();
  data::block text() const;
};
static_assert(!data::paired_dataset<image_not_const>);
static_assert(!data::paired_dataset<data::block>);
static_assert(!data::paired_dataset<data::split>);
static_assert(!data::paired_dataset<int>);

template <class Image, class Text>
concept can_be_paired = requires(Image image, Text text) { data::paired(image, text); };
static_assert(can_be_paired<matrix, sparse_matrix> && can_be_paired<data::block, matrix>);
static_assert(!can_be_paired<matrix, std::vector<float>> && !can_be_paired<int, int>);

// labelled_dataset: labels say nothing of features
static_assert(data::labelled_dataset<data::labelled<>>);
static_assert(data::paired_dataset<data::labelled<>>);
static_assert(!data::labelled_dataset<data::paired<>>);
struct own_labels {
  int size() const;
  const hint::code_set& labels() const;
  bool relevant(std::size_t, std::size_t) const;
};
static_assert(data::labelled_dataset<own_labels> && !data::paired_dataset<own_labels>);
static_assert(data::labelled_dataset<data::labelled<own_pairs>>);
static_assert(data::paired_dataset<data::labelled<own_pairs>>);
struct labels_in_numbers {
  std::size_t size() const;
  std::vector<int> labels() const;
  bool relevant(std::size_t, std::size_t) const;
};
static_assert(!data::labelled_dataset<labels_in_numbers>);
struct relevance_unknown {
  std::size_t size() const;
  hint::code_view labels() const;
};
static_assert(!data::labelled_dataset<relevance_unknown>);

// partial_dataset: no paired one, so that no learner takes row i of both blocks for an item
static_assert(data::partial_dataset<data::partial<>>);
static_assert(!data::paired_dataset<data::partial<>>);
static_assert(!data::labelled_dataset<data::partial<>>);
static_assert(data::partial_dataset<data::labelled<data::partial<>>>);
static_assert(data::labelled_dataset<data::labelled<data::partial<>>>);
static_assert(!data::paired_dataset<data::labelled<data::partial<>>>);
static_assert(!data::partial_dataset<data::paired<>>);
struct own_gaps {
  std::size_t size() const;
  const minimal& images() const;
  data::block texts() const;
  std::vector<data::row_id> items(hint::modality) const;
  bool present(hint::modality, std::size_t) const;
  int row_of(hint::modality, std::size_t) const;
  std::span<const data::row_id> paired_items() const;
  std::span<const data::row_id> image_only() const;
  std::span<const data::row_id> text_only() const;
};
static_assert(data::partial_dataset<own_gaps>);
struct gaps_unsaid : own_gaps {
  bool present(hint::modality, std::size_t) const = delete;
};
static_assert(!data::partial_dataset<gaps_unsaid>);

// adaptors
template <class D>
concept can_be_all_present = requires(const D& d) { data::all_present(d); };
template <class D>
concept can_be_completed = requires(const D& d) { data::complete_rows(d); };
static_assert(can_be_all_present<data::paired<>> && can_be_all_present<data::labelled<>>);
static_assert(!can_be_all_present<data::partial<>> && !can_be_all_present<own_labels>);
static_assert(can_be_completed<data::partial<>> && !can_be_completed<data::paired<>>);

// files
static_assert(data::paired_dataset<data::paired_files>);
static_assert(!data::labelled_dataset<data::paired_files>);  // there may be none
static_assert(std::convertible_to<data::row_selection, std::span<const data::row_id>>);
static_assert(std::semiregular<data::row_selection>);

static_assert(std::semiregular<data::normalizer>);
static_assert(std::semiregular<data::split>);

}  // namespace
