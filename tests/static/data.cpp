// SPDX-License-Identifier: MIT
// What models the concepts of data, and what does not.
#include <concepts>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <hint/data/block.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/normalize.hpp>
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

static_assert(std::semiregular<data::normalizer>);
static_assert(std::semiregular<data::split>);

}  // namespace
