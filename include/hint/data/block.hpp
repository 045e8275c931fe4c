// SPDX-License-Identifier: MIT
/// \file
/// Feature vectors of one modality: `block`, a view of dense or sparse rows, and the concept
/// `feature_block` that users' own storage can model.
#ifndef HINT_DATA_BLOCK_HPP
#define HINT_DATA_BLOCK_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/finite.hpp>
#include <hint/data/row_selection.hpp>
#include <hint/data/row_sources.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace data {

/// Whether work by stored numbers pays for `rows` rows of `cols` columns with so many numbers that are not 0:
/// from 256 columns on, at most 1 / 16 of the numbers. (A number by itself costs a first layer and a search
/// for neighbours up to ten times what one of a dense product costs, as products are at the speed of
/// arithmetic and single numbers at that of the cache; few columns cost little either way.)
[[nodiscard]] constexpr bool mostly_zero(std::size_t cols, std::size_t numbers,
                                         std::size_t rows = 1) noexcept {
  return cols >= 256 && numbers <= rows * (cols / 16);
}

/// n rows x d columns of finite numbers; the order of rows is the order of ids. Any storage of one's
/// own may model it; `block` is the archetype.
///
/// | expression | meaning |
/// |---|---|
/// | `b.rows()`, `b.cols()` | n and d |
/// | `b.copy_rows(first, out)` | out (any rows x d, float) = rows first, first + 1, ... as dense numbers |
///
/// `copy_rows` is O(rows d), gives the same numbers each time and need not check its arguments. Const
/// use must be safe from many threads. NaN and infinity are refused by the learners.
template <class B>
concept feature_block = requires(const B& b, std::size_t first, linalg::matrix_ref<float> out) {
  { b.rows() } -> std::convertible_to<std::size_t>;
  { b.cols() } -> std::convertible_to<std::size_t>;
  b.copy_rows(first, out);
};

/// A view of dense or sparse rows, all of them or a selection in any order. It shares ownership of
/// what it was made from (or borrows, see `borrow`), so copies and selections cost nothing and never
/// dangle. Immutable; const use from many threads is safe.
class block {
 public:
  /// What makes centred rows of sparse ones: row i is factors[i] (row i - shift), rounded once.
  struct centering {
    std::vector<float> shift;     ///< d
    std::vector<double> factors;  ///< n
  };

  block() = default;
  /// Owns dense rows.
  block(linalg::matrix<float> rows) {  // NOLINT: implicit on purpose
    auto owned = std::make_shared<const linalg::matrix<float>>(std::move(rows));
    set_dense(owned->data(), owned->rows(), owned->cols(), owned->cols());
    owner_ = std::move(owned);
  }
  /// Owns sparse rows.
  block(linalg::sparse_matrix<float> rows) {  // NOLINT: implicit on purpose
    rows.makeCompressed();
    auto owned = std::make_shared<const linalg::sparse_matrix<float>>(std::move(rows));
    set_sparse(owned.get());
    owner_ = std::move(owned);
  }
  /// Owns sparse rows that stand for centred ones, whose numbers are not stored. Throws `shape_error` unless
  /// there is a shift for each column and a factor for each row.
  block(linalg::sparse_matrix<float> rows, centering c) : block(std::move(rows)) {
    expects<shape_error>(c.shift.size() == cols_ && c.factors.size() == rows_,
                         "block: ", c.shift.size(), " shifts and ", c.factors.size(),
                         " factors for ", rows_, " x ", cols_);
    centering_ = std::make_shared<const centering>(std::move(c));
    auto means = std::make_shared<shift_products>();
    for (const float s : centering_->shift)
      means->square += static_cast<double>(s) * static_cast<double>(s);
    means->of_row.resize(rows_);
    for (std::size_t i = 0; i < rows_; ++i)
      for_each_stored(i, [&](std::size_t j, float v) {
        means->of_row[i] += static_cast<double>(v) * static_cast<double>(centering_->shift[j]);
      });
    shift_products_ = std::move(means);
  }
  /// Dense rows where files have them, `parts` one after the other (ascending by `first`), converted each time
  /// that they are read. `owner` keeps them alive. Memory: O(parts).
  block(std::vector<stored_rows> parts, std::size_t rows, std::size_t cols,
        std::shared_ptr<const void> owner)
      : owner_(std::move(owner)), rows_(rows), cols_(cols) {
    if (parts.size() == 1 && !parts[0].convert && parts[0].stride % sizeof(float) == 0)
      set_dense(reinterpret_cast<const float*>(parts[0].data), static_cast<linalg::index>(rows),
                static_cast<linalg::index>(cols),
                static_cast<linalg::index>(parts[0].stride / sizeof(float)));
    else
      parts_ = std::make_shared<const std::vector<stored_rows>>(std::move(parts));
  }
  /// Dense rows that are computed each time that they are read.
  block(std::shared_ptr<const computed_rows> rows, std::size_t count, std::size_t cols)
      : computed_(std::move(rows)), rows_(count), cols_(cols) {}
  /// Looks at rows that somebody else keeps alive (whole or part of a `matrix`, an `Eigen::Map`), or that `owner`
  /// does, of which it keeps a copy.
  [[nodiscard]] static block borrow(const linalg::matrix_view<float>& rows,
                                    std::shared_ptr<const void> owner = nullptr) {
    block b;
    b.set_dense(rows.data(), rows.rows(), rows.cols(), rows.outerStride());
    b.owner_ = std::move(owner);
    return b;
  }
  /// Throws `invalid_argument` unless it is compressed.
  [[nodiscard]] static block borrow(const linalg::sparse_matrix<float>& rows) {
    expects(rows.isCompressed(), "block::borrow: the sparse matrix is not compressed");
    block b;
    b.set_sparse(&rows);
    return b;
  }
  // What dies with the call cannot be borrowed: a temporary matrix, and the copy that a view of
  // columns or of an expression would have to make.
  template <class M>
    requires std::same_as<M, linalg::matrix<float>> || std::same_as<M, linalg::sparse_matrix<float>>
  static block borrow(M&&, std::shared_ptr<const void> = nullptr) = delete;
  template <class M>
    requires(!M::IsRowMajor || M::InnerStrideAtCompileTime != 1)
  static block borrow(const Eigen::DenseBase<M>&, std::shared_ptr<const void> = nullptr) = delete;

  /// The same rows, which remember the files that they were read from (ascending by `first`), also when
  /// they are selected. Only of a block that is no selection.
  [[nodiscard]] block from_files(std::vector<row_origin> files) const {
    block b = *this;
    if (!files.empty())
      b.origins_ = std::make_shared<const std::vector<row_origin>>(std::move(files));
    return b;
  }
  /// The same, called as a block calls its rows, which these are; by number alone if that is a selection.
  [[nodiscard]] block named_as(const block& other) const {
    block b = *this;
    if (other.selection_) return b;
    b.origins_ = other.origins_;
    b.first_number_ = other.first_number_;
    return b;
  }
  /// The same rows, of which row 0 is called row `first` in messages: a part of something larger. Only of a
  /// block that is no selection.
  [[nodiscard]] block numbered_from(std::size_t first) const {
    block b = *this;
    b.first_number_ = first;
    return b;
  }
  /// The files that the rows were read from: "x.npy", "x-0.npy to x-2.npy (3 files)"; "" if there were
  /// none.
  [[nodiscard]] std::string files() const {
    return origins_ ? detail::text_of_files(origins_->size(), origins_->front().file,
                                            origins_->back().file)
                    : std::string();
  }
  /// What to call a row in a message: "row 3", or where rows came from files, selected or not, "row 7 of
  /// image-1.npy".
  [[nodiscard]] std::string name_of_row(std::size_t row) const {
    const std::size_t source = source_row(row) + first_number_;
    if (origins_)
      for (auto file = origins_->rbegin(); file != origins_->rend(); ++file)
        if (file->first <= source)
          return ::hint::detail::concat("row ", source - file->first, " of ", file->file);
    return ::hint::detail::concat("row ", row + first_number_);
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
  [[nodiscard]] bool is_sparse() const noexcept { return sparse_ != nullptr; }
  /// Whether it is stored sparse and `mostly_zero`, as a whole (a selection: what it was made from).
  [[nodiscard]] bool is_mostly_zero() const noexcept {
    return sparse_ && mostly_zero(cols_, static_cast<std::size_t>(sparse_->nonZeros()),
                                  static_cast<std::size_t>(sparse_->rows()));
  }
  /// How many numbers of a row are not 0; NaN is not. O(d), or O(stored numbers).
  [[nodiscard]] std::size_t count_in_row(std::size_t row) const {
    // By the bits: to -ffast-math NaN may be as good as 0.
    const auto counts = [](const float& v) { return ::hint::detail::magnitude_bits(&v) != 0; };
    std::uint32_t count = 0;
    if (centering_) {
      for_each_in_row(row, [&](std::size_t, const float& v) { count += counts(v); });
    } else {
      for_each_stretch(row, [&](std::size_t, std::span<const float> values) {
        for (const float& v : values) count += counts(v);
      });
    }
    return count;
  }
  /// Whether a row is `mostly_zero`, however it is stored. O(d), or O(stored numbers).
  [[nodiscard]] bool is_mostly_zero_row(std::size_t row) const {
    return mostly_zero(cols_, 0) && mostly_zero(cols_, count_in_row(row));
  }
  /// The shift that every row lacks times its factor; empty when rows are as they are stored.
  [[nodiscard]] std::span<const float> shift() const noexcept {
    return centering_ ? std::span<const float>(centering_->shift) : std::span<const float>();
  }
  /// 1 when rows are as they are stored.
  [[nodiscard]] double factor(std::size_t row) const noexcept {
    return centering_ ? centering_->factors[source_row(row)] : 1;
  }
  /// What the product of stored numbers of two rows lacks for each of them: row i times row j is
  /// factor(i) factor(j) (product - lack(i) - lack(j)), and `product` says it with less rounding. O(1).
  [[nodiscard]] double lack(std::size_t row) const noexcept {
    return centering_ ? shift_products_->of_row[source_row(row)] - shift_products_->square / 2 : 0;
  }
  /// The scalar product of two rows from that of their stored numbers. O(1).
  [[nodiscard]] double product(std::size_t i, std::size_t j, double of_stored) const noexcept {
    if (!centering_) return of_stored;
    const auto& p = *shift_products_;
    return factor(i) * factor(j) *
           (of_stored - p.of_row[source_row(i)] - p.of_row[source_row(j)] + p.square);
  }

  /// The rows `selected`, in that order, without copying features. Throws `invalid_argument` when one
  /// of them does not exist. O(selected).
  [[nodiscard]] block operator()(std::span<const row_id> selected) const {
    auto rows = std::make_shared<std::vector<row_id>>();
    rows->reserve(selected.size());
    for (const row_id r : selected) {
      expects(r < rows_, "block: selected row ", r, " of ", rows_, " rows");
      rows->push_back(static_cast<row_id>(source_row(r)));
    }
    block b = *this;
    b.rows_ = rows->size();
    b.selection_ = std::move(rows);
    if (!origins_) b.first_number_ = 0;
    return b;
  }
  /// The same, of the part of a split, say. Throws `shape_error` unless it was made for as many rows
  /// as there are: rows of another file would be selected without complaint, and not be the pairs.
  [[nodiscard]] block operator()(const row_selection& selected) const {
    if (rows_ != selected.total()) selected.check_total(rows_, origins_ ? files() : "block");
    return (*this)(std::span<const row_id>(selected));
  }

  /// out.row(i) = row first + i, dense. Unchecked.
  void copy_rows(std::size_t first, linalg::matrix_ref<float> out) const {
    for (linalg::index i = 0; i < out.rows(); ++i)
      copy_row(first + static_cast<std::size_t>(i), out.row(i));
  }
  /// out.row(i) = row ids[i], dense. Unchecked.
  void gather(std::span<const row_id> ids, linalg::matrix_ref<float> out) const {
    for (std::size_t i = 0; i < ids.size(); ++i)
      copy_row(ids[i], out.row(static_cast<linalg::index>(i)));
  }
  /// Calls f(column, value) for every number of a row that may not be 0: those stored of a sparse one, all d
  /// of a dense or centred one.
  template <class F>
  void for_each_in_row(std::size_t row, F&& f) const {
    if (!centering_) return for_each_stored(row, f);
    const std::span<const float> values = stored(row);
    const auto* const columns = columns_of(values);
    const double scale = factor(row);
    std::size_t i = 0;
    for (std::size_t j = 0; j < cols_; ++j) {
      const bool is_stored = i < values.size() && static_cast<std::size_t>(columns[i]) == j;
      const float value = is_stored ? values[i++] : 0;
      f(j, static_cast<float>(scale * static_cast<double>(value - centering_->shift[j])));
    }
  }
  /// The same for what is stored, as it is stored (all d of a dense row). (One loop for both kinds of rows:
  /// `f` is compiled once for each loop that it is called in.)
  template <class F>
  void for_each_stored(std::size_t row, F&& f) const {
    for_each_stretch(row, [&](std::size_t first, std::span<const float> values) {
      const auto* const columns = columns_of(values);
      for (std::size_t i = 0; i < values.size(); ++i)
        f(columns != nullptr ? static_cast<std::size_t>(columns[i]) : first + i, values[i]);
    });
  }
  /// Calls f(i, values) for the stored numbers of a row from number i on, as many at once as are floats in
  /// memory: all, or where they are converted, some.
  template <class F>
  void for_each_stretch(std::size_t row, F&& f) const {
    if (computed_) {
      std::vector<float> values(cols_);
      computed_->copy_row(source_row(row), values);
      return f(std::size_t{0}, std::span<const float>(values));
    }
    if (!parts_) return f(std::size_t{0}, stored(row));
    const auto& [part, from] = place(row);
    if (!part->convert) return f(std::size_t{0}, stored(row));
    std::array<float, 64> some;
    const std::size_t size = part->stride / (std::max<std::size_t>)(cols_, 1);
    for (std::size_t j = 0; j < cols_; j += some.size()) {
      const auto values = std::span(some).first((std::min)(some.size(), cols_ - j));
      (void)part->convert(from + j * size, part->swap, values);
      f(j, std::span<const float>(values));
    }
  }
  /// Whether rows are floats in memory, which `stored` can show.
  [[nodiscard]] bool is_stored() const noexcept {
    if (!parts_) return !computed_;
    return std::none_of(parts_->begin(), parts_->end(),
                        [](const stored_rows& p) { return p.convert != nullptr; });
  }
  /// The stored numbers of a row, by column (all d of a dense row); none unless `is_stored()`.
  [[nodiscard]] std::span<const float> stored(std::size_t row) const noexcept {
    const auto r = static_cast<linalg::index>(source_row(row));
    if (computed_) return {};
    if (parts_) {
      const auto& [part, from] = place(row);
      if (part->convert) return {};
      return {reinterpret_cast<const float*>(from), cols_};
    }
    if (!sparse_) return {dense_ + r * stride_, cols_};
    const auto begin = sparse_->outerIndexPtr()[r], end = sparse_->outerIndexPtr()[r + 1];
    return {sparse_->valuePtr() + begin, static_cast<std::size_t>(end - begin)};
  }
  /// Whether all rows are one dense matrix in memory: neither a selection nor sparse, nor converted, computed or
  /// in several files.
  [[nodiscard]] bool is_contiguous() const noexcept {
    return !sparse_ && !selection_ && !parts_ && !computed_;
  }
  /// That matrix, n x d; without rows unless `is_contiguous()`.
  [[nodiscard]] Eigen::Map<const linalg::matrix<float>, 0, Eigen::OuterStride<>> dense()
      const noexcept {
    return {is_contiguous() ? dense_ : nullptr,
            is_contiguous() ? static_cast<linalg::index>(rows_) : 0,
            static_cast<linalg::index>(cols_), Eigen::OuterStride<>(stride_)};
  }

 private:
  /// The columns of the stored numbers of a sparse row; null for a dense one.
  [[nodiscard]] const linalg::sparse_matrix<float>::StorageIndex* columns_of(
      std::span<const float> values) const noexcept {
    return sparse_ ? sparse_->innerIndexPtr() + (values.data() - sparse_->valuePtr()) : nullptr;
  }
  void set_dense(const float* data, linalg::index rows, linalg::index cols, linalg::index stride) {
    dense_ = data;
    rows_ = static_cast<std::size_t>(rows);
    cols_ = static_cast<std::size_t>(cols);
    stride_ = stride;
  }
  void set_sparse(const linalg::sparse_matrix<float>* rows) {
    sparse_ = rows;
    rows_ = static_cast<std::size_t>(rows->rows());
    cols_ = static_cast<std::size_t>(rows->cols());
  }
  /// The part that has a row, and where.
  [[nodiscard]] std::pair<const stored_rows*, const std::byte*> place(
      std::size_t row) const noexcept {
    const std::size_t r = source_row(row);
    const auto after =
        std::upper_bound(parts_->begin(), parts_->end(), r,
                         [](std::size_t wanted, const stored_rows& p) { return wanted < p.first; });
    const stored_rows& part = *(after - 1);
    return {&part, part.data + (r - part.first) * part.stride};
  }
  [[nodiscard]] std::size_t source_row(std::size_t row) const noexcept {
    return selection_ ? (*selection_)[row] : row;
  }
  [[nodiscard]] bool is_stored_at(std::size_t row) const noexcept {
    return !parts_ || !place(row).first->convert;
  }
  template <class Row>
  void copy_row(std::size_t row, Row&& out) const {
    if (sparse_) {
      out.setZero();
      for_each_in_row(row, [&](std::size_t column, float value) {
        out(static_cast<linalg::index>(column)) = value;
      });
    } else if (computed_) {
      computed_->copy_row(source_row(row), std::span<float>(out.data(), cols_));
    } else if (is_stored_at(row)) {
      out = Eigen::Map<const linalg::row_vector<float>>(stored(row).data(),
                                                        static_cast<linalg::index>(cols_));
    } else {
      const auto& [part, from] = place(row);
      (void)part->convert(from, part->swap, std::span<float>(out.data(), cols_));
    }
  }

  struct shift_products {
    double square = 0;
    std::vector<double> of_row;  // stored numbers times the shift
  };

  std::shared_ptr<const void> owner_;
  std::shared_ptr<const std::vector<row_id>> selection_;
  std::shared_ptr<const std::vector<stored_rows>> parts_;   // in place of `dense_`
  std::shared_ptr<const computed_rows> computed_;           // likewise
  std::shared_ptr<const std::vector<row_origin>> origins_;  // of the rows before the selection
  std::shared_ptr<const centering> centering_;
  std::shared_ptr<const shift_products> shift_products_;
  const float* dense_ = nullptr;
  const linalg::sparse_matrix<float>* sparse_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  linalg::index stride_ = 0;
  std::size_t first_number_ = 0;  // of the first row in messages, before the selection
};

namespace detail {
/// `name`, and the files that the rows came from in parentheses, if it is known.
template <feature_block B>
[[nodiscard]] std::string with_files(std::string_view name, const B& b) {
  std::string out(name);
  if constexpr (std::same_as<B, block>)
    if (const std::string files = b.files(); !files.empty()) out += " (" + files + ")";
  return out;
}
}  // namespace detail

/// Any feature block as a `block`: itself when it is one, a dense copy otherwise (O(n d)).
template <feature_block B>
[[nodiscard]] block as_block(const B& b) {
  if constexpr (std::same_as<B, block>) {
    return b;
  } else {
    linalg::matrix<float> rows(static_cast<linalg::index>(b.rows()),
                               static_cast<linalg::index>(b.cols()));
    b.copy_rows(0, rows);
    return block(std::move(rows));
  }
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::data

#endif
