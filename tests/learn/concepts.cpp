// SPDX-License-Identifier: MIT
#include <bit>
#include <cstddef>

#include <hint/learn/concepts.hpp>
#include <hint/learn/cvh.hpp>
#include <hint/learn/linear_hasher.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"

namespace {

using hint::context;
using hint::data::block;

/// The smallest hasher: bit j is the sign of column j.
class first_columns {
 public:
  explicit first_columns(std::size_t bits) : bits_(bits) {}
  [[nodiscard]] std::size_t bits() const { return bits_; }
  [[nodiscard]] hint::code_set encode(hint::modality, const block& rows,
                                      const context& = {}) const {
    hint::code_set out(bits_, rows.rows());
    for (std::size_t i = 0; i < rows.rows(); ++i)
      rows.for_each_in_row(i, [&](std::size_t j, float x) {
        if (j < bits_) out.set_bit(i, j, x >= 0);
      });
    return out;
  }

 private:
  std::size_t bits_;
};
/// The smallest learner: learns nothing.
struct learns_nothing {
  std::size_t bits = 6;
  template <hint::data::paired_dataset D>
  [[nodiscard]] first_columns fit(const D&, const context& = {}) const {
    return first_columns(bits);
  }
};

static_assert(hint::learn::cross_modal_hasher<first_columns>);
static_assert(hint::learn::learner_for<learns_nothing, hint::data::paired<>>);

/// What users write: any learner will do.
template <class Learner>
  requires hint::learn::learner_for<Learner, hint::data::paired<>>
double share_of_equal_bits(const Learner& learner, const hint::data::paired<>& pairs) {
  const auto model = learner.fit(pairs, context());
  const auto a = model.encode(hint::image, pairs.image(), context());
  const auto b = model.encode(hint::text, pairs.text(), context());
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.words().size(); ++i)
    different += static_cast<std::size_t>(std::popcount(a.words()[i] ^ b.words()[i]));
  return 1 - static_cast<double>(different) / static_cast<double>(pairs.size() * model.bits());
}

TEST_CASE("a learner of one's own takes the place of the library's", "[learn][concepts]") {
  const hint_tests::clustered_pairs data(200, 5, 1);
  CHECK(share_of_equal_bits(hint::learn::cvh({.bits = 6}), data.pairs()) >
        share_of_equal_bits(learns_nothing{}, data.pairs()) + 0.1);
}

TEST_CASE("codes depend on their row alone", "[learn][concepts]") {
  const hint_tests::clustered_pairs data(200, 5, 1);
  CHECK(hint_tests::codes_rows_alone(first_columns(6), hint::image, data.features[0]));
  CHECK(hint_tests::codes_rows_alone(hint::learn::cvh({.bits = 6}).fit(data.pairs()), hint::image,
                                     data.features[0]));
}

}  // namespace
