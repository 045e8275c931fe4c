// SPDX-License-Identifier: MIT
/// \file
/// What learners with two networks return: the hasher, and the record of how it came about.
#ifndef HINT_LEARN_TRAINED_HASHER_HPP
#define HINT_LEARN_TRAINED_HASHER_HPP

#include <utility>

#include <hint/core/config.hpp>
#include <hint/learn/mlp_hasher.hpp>
#include <hint/learn/training_record.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// An `mlp_hasher` with its record. Saving it saves the hasher.
class trained_hasher : public mlp_hasher {
 public:
  trained_hasher(mlp_hasher hasher, training_record record)
      : mlp_hasher(std::move(hasher)), record_(std::move(record)) {}
  [[nodiscard]] const training_record& record() const noexcept { return record_; }

 private:
  training_record record_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
