// SPDX-License-Identifier: MIT
/// \file
/// Options as text, so that a checkpoint can tell those of one training from those of another.
#ifndef HINT_LEARN_CHECKPOINT_SETTING_TEXT_HPP
#define HINT_LEARN_CHECKPOINT_SETTING_TEXT_HPP

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>

#include <hint/align/consistency.hpp>
#include <hint/align/contrastive.hpp>
#include <hint/align/mixing_schedule.hpp>
#include <hint/align/mmd.hpp>
#include <hint/align/neighborhood_sampler.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/graph/knn.hpp>
#include <hint/graph/modality_trust.hpp>
#include <hint/learn/early_stopping_options.hpp>
#include <hint/nn/adam.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/nn/schedule.hpp>
#include <hint/nn/sgd.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

template <class T>
  requires std::is_arithmetic_v<T>
[[nodiscard]] std::string setting_text(T value) {
  return ::hint::detail::concat(value);
}
template <class T>
  requires std::is_enum_v<T>
[[nodiscard]] std::string setting_text(T value) {
  return ::hint::detail::concat(static_cast<unsigned long long>(value));
}
// Options of parts: their fields in their order. The bindings do not compile any more when one is added, which
// therefore cannot be forgotten here.
[[nodiscard]] inline std::string setting_text(const nn::schedule_options& o);

template <class T>
[[nodiscard]] std::string setting_text(const std::optional<T>& value) {
  return value ? setting_text(*value) : "none";
}
/// Numbers in a row.
template <class Range>
  requires requires(const Range& r) { r.begin(); }
[[nodiscard]] std::string setting_text(const Range& values) {
  std::string out;
  for (const auto& v : values) out += (out.empty() ? "" : " ") + setting_text(v);
  return "(" + out + ")";
}
template <class... Fields>
[[nodiscard]] std::string setting_texts(const Fields&... fields) {
  std::string out;
  ((out += (out.empty() ? "" : " ") + setting_text(fields)), ...);
  return out;
}

[[nodiscard]] inline std::string setting_text(const nn::schedule_options& o) {
  const auto& [kind, rate, last, factor, every, warm_up] = o;
  return setting_texts(kind, rate, last, factor, every, warm_up);
}
[[nodiscard]] inline std::string setting_text(const early_stopping_options& o) {
  const auto& [held_out, nearest, patience] = o;
  return setting_texts(held_out, nearest, patience);
}
[[nodiscard]] inline std::string setting_text(const nn::adam_options& o) {
  const auto& [rate, beta1, beta2, epsilon, weight_decay] = o;
  return setting_texts(rate, beta1, beta2, epsilon, weight_decay);
}
[[nodiscard]] inline std::string setting_text(const nn::sgd_options& o) {
  const auto& [rate, momentum, weight_decay] = o;
  return setting_texts(rate, momentum, weight_decay);
}
[[nodiscard]] inline std::string setting_text(const nn::mlp_options& o) {
  const auto& [hidden, hidden_activation, output_activation, dropout] = o;
  return setting_texts(hidden, hidden_activation, output_activation, dropout);
}
[[nodiscard]] inline std::string setting_text(const graph::knn_options& o) {
  const auto& [neighbors, metric, symmetry, vertices, pair_weight, image_weight, search] = o;
  return setting_texts(neighbors, metric, symmetry, vertices, pair_weight, image_weight, search);
}
[[nodiscard]] inline std::string setting_text(const graph::trust_options& o) {
  const auto& [neighbors, exponent, items, others, search] = o;
  return setting_texts(neighbors, exponent, items, others, search);
}
[[nodiscard]] inline std::string setting_text(const align::proxy_options& o) {
  const auto& [source, pick, max_members, min_members, self_weight] = o;
  return setting_texts(source, pick, max_members, min_members, self_weight);
}
[[nodiscard]] inline std::string setting_text(const align::mixing_schedule_options& o) {
  const auto& [kind, start, end, smoothing] = o;
  return setting_texts(kind, start, end, smoothing);
}
[[nodiscard]] inline std::string setting_text(const align::mmd_options& o) {
  const auto& [estimator, kernels, ratio, rule, bandwidth] = o;
  return setting_texts(estimator, kernels, ratio, rule, bandwidth);
}
[[nodiscard]] inline std::string setting_text(const align::contrastive_options& o) {
  const auto& [temperature, similarity] = o;
  return setting_texts(temperature, similarity);
}
[[nodiscard]] inline std::string setting_text(const align::consistency_options& o) {
  const auto& [temperature] = o;
  return setting_texts(temperature);
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
