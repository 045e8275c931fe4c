// SPDX-License-Identifier: MIT
// What the documents' C++ blocks take for granted, see scripts/snippets.py: things that a reader is said to have.
// Nothing is defined; the blocks are compiled and never run.
#ifndef HINT_TESTS_SNIPPETS_GIVEN_HPP
#define HINT_TESTS_SNIPPETS_GIVEN_HPP

#include <cstdint>
#include <mutex>
#include <vector>

#include <hint/hint.hpp>

namespace snippets {

// Features of two modalities, how they are split, and plain Eigen matrices.
extern const hint::data::block images, texts;
extern const hint::data::split split;
extern hint::linalg::matrix<float> matrix, dense_matrix;
extern hint::linalg::sparse_matrix<float> sparse_matrix;

// Training.
extern const hint::learn::trained_hasher model;
extern const std::size_t steps;
extern std::span<float> parameters;
extern std::span<const float> gradients;

// Codes, labels and indexes.
extern const hint::code_set codes, queries, labels;
extern const std::vector<std::int64_t> ids;
extern hint::search::linear_scan index, more, published, mine;
extern std::mutex mutex;
using my_index = hint::search::linear_scan;

// Graphs.
extern const hint::relation_graph graph;

// Parts of one's own.
struct my_sampler {
  static bool needs_tree();
  hint::align::proxies operator()(const hint::align::sampler_input&, const hint::context&) const;
};

// What a reader does with a result.
inline constexpr auto use = [](const auto&...) {};

}  // namespace snippets

#endif
