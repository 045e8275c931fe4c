// SPDX-License-Identifier: MIT
// Compiled with -ffast-math: NaN and infinity must be refused at every border all the same, with the same
// messages, and ordinary work must go on.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <hint/hint.hpp>

#if !defined(__FAST_MATH__)
#error "this test is to be compiled with -ffast-math"
#endif

namespace {

int failures = 0;

void expect(bool holds, std::string_view what) {
  if (holds) return;
  std::printf("failed: %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}
/// The call must throw, with a message that begins so.
template <class F>
void refused(std::string_view message, F&& call) {
  std::string found = "nothing was thrown";
  try {
    call();
  } catch (const hint::error& e) {
    found = e.what();
  }
  expect(found.starts_with(message), std::string(message) + "... | " + found);
}

/// NaN, infinity and minus infinity, of which the compiler knows nothing.
std::vector<std::pair<double, std::string>> odd_numbers() {
  return {{std::strtod("nan", nullptr), "nan"},
          {std::strtod("inf", nullptr), "inf"},
          {std::strtod("-inf", nullptr), "-inf"}};
}

using rows = hint::linalg::matrix<float>;

rows with(const rows& x, hint::linalg::index i, hint::linalg::index j, double value) {
  rows out = x;
  out(i, j) = static_cast<float>(value);
  return out;
}

void check_features(double odd, const std::string& name) {
  const auto [images, texts, labels] = hint::data::synthetic_pairs(
      {.items = 60, .classes = 3, .image_cols = 24, .text_cols = 8}, {7, 0});
  rows x(60, 24), y(60, 8);
  images.copy_rows(0, x);
  texts.copy_rows(0, y);
  const std::string message = ": row 41, column 23 is " + name + ", expected finite numbers";
  const hint::data::block bad_images = with(x, 41, 23, odd), bad_texts = with(y, 41, 7, odd);
  refused("image" + message, [&] { hint::data::check_finite(bad_images, "image"); });
  refused("image" + message,
          [&] { hint::data::check_finite(rows(with(x, 41, 23, odd)), "image"); });
  hint::linalg::sparse_matrix<float> sparse(60, 24);
  sparse.insert(41, 23) = static_cast<float>(odd);
  refused("image" + message, [&] { hint::data::check_finite(hint::data::block(sparse), "image"); });
  const std::vector<hint::data::row_id> last{3, 41};
  refused("image: row 1, column 23 is " + name,
          [&] { hint::data::check_finite(bad_images(last), "image"); });
  for (const auto scaling :
       {hint::data::scaling::none, hint::data::scaling::z_score, hint::data::scaling::l2})
    refused("image" + message,
            [&] { (void)hint::data::normalizer::fit(bad_images, scaling, "image"); });

  const auto learns = [&](const auto& learner) {
    refused("image" + message, [&] { (void)learner.fit(hint::data::paired{bad_images, texts}); });
    refused("text: row 41, column 7 is " + name,
            [&] { (void)learner.fit(hint::data::paired{images, bad_texts}); });
    const auto model = learner.fit(hint::data::paired{images, texts});
    refused("image" + message, [&] { (void)model.encode(hint::image, bad_images); });
    refused("text: row 41, column 7 is " + name,
            [&] { (void)model.encode(hint::text, bad_texts); });
    expect(model.encode(hint::image, images).size() == 60, "ordinary rows have codes");
  };
  learns(hint::learn::cvh{{.bits = 8}});
  learns(hint::learn::hint{{.bits = 8, .network = {.hidden = {16}}, .batch = 16, .steps = 4}});
  learns(hint::learn::djsrh{{.bits = 8, .network = {.hidden = {16}}, .batch = 16, .steps = 4}});
  refused("image" + message,
          [&] { (void)hint::graph::knn{}(hint::data::paired{bad_images, texts}); });

  // A file may hold such numbers; whoever uses them refuses them.
  const auto file = std::filesystem::temp_directory_path() / "hint_fast_math.npy";
  const std::string in_file = "image: row 41 of " + file.string() + ", column 23 is " + name;
  for (const bool wide : {false, true}) {
    const rows z = with(x, 41, 23, odd);
    const std::vector<double> doubles(z.data(), z.data() + z.size());
    if (wide)
      hint::io::write_npy<double>(file, doubles, {60, 24});
    else
      hint::io::write_npy<float>(file, {z.data(), static_cast<std::size_t>(z.size())}, {60, 24});
    refused(in_file, [&] { hint::data::check_finite(hint::data::read<float>(file), "image"); });
    refused(in_file,
            [&] { hint::data::check_finite(hint::data::read_sparse<float>(file), "image"); });
  }
  // Labels: a class of each row, and 0 and 1.
  std::vector<float> labels_of_rows(60, 1.0F);
  labels_of_rows[41] = static_cast<float>(odd);
  hint::io::write_npy<float>(file, labels_of_rows, {60});
  refused(file.string() + ": row 41 is " + name, [&] { (void)hint::data::read_labels(file); });
  for (const float other : {1.0F, 0.0F, -1.0F}) {
    labels_of_rows.assign(60, other);
    labels_of_rows[41] = static_cast<float>(odd);
    hint::io::write_npy<float>(file, labels_of_rows, {20, 3});
    refused(file.string() + ": row 13, column 2 is " + name,
            [&] { (void)hint::data::read_labels(file); });
  }
  // Marks of a split.
  labels_of_rows.assign(60, 0.0F);
  labels_of_rows[41] = static_cast<float>(odd);
  hint::io::write_npy<float>(file, labels_of_rows, {60});
  refused(file.string() + ": row 41 has mark " + name,
          [&] { (void)hint::data::split::read(file); });
  std::filesystem::remove(file);
}

void check_numbers(double odd, const std::string& name) {
  const std::vector<hint::weighted_edge> edges{{0, 1, 1.0}, {1, 2, odd}};
  refused("relation_graph: edge 1 has weight " + name,
          [&] { (void)hint::relation_graph::from_edges(3, edges); });
  const auto graph =
      hint::relation_graph::from_edges(3, std::vector<hint::weighted_edge>{{0, 1, 1.0}});
  hint::tree::updatable_tree live(graph, hint::tree::fast()(graph));
  refused("set_edge: an edge has weight " + name, [&] { live.set_edge(0, 2, odd); });
  std::vector<float> values(64, 1.0F);
  values[63] = static_cast<float>(odd);
  refused("asymmetric_scorer: value 63 is " + name,
          [&] { (void)hint::search::asymmetric_scorer(values); });
  hint::search::linear_scan index{64};
  index.add(hint::code_set(64, 3));
  refused("asymmetric_scorer: value 63 is " + name,
          [&] { (void)hint::search::search_scored(index, values, 1); });
  refused("option rate is " + name, [&] { hint::nn::adam_options{.rate = odd}.validate(); });
  refused("option beta1 is " + name, [&] { hint::nn::adam_options{.beta1 = odd}.validate(); });
  refused("option momentum is " + name, [&] { hint::nn::sgd_options{.momentum = odd}.validate(); });
  refused("option dropout is " + name, [&] { hint::nn::mlp_options{.dropout = odd}.validate(); });
  refused("option levels is " + name,
          [&] { hint::eval::rank_curve_options{.levels = {odd}}.validate(); });
  refused("option image_weight is " + name,
          [&] { hint::graph::knn_options{.image_weight = odd}.validate(); });
}

/// Trees by all presets, checked against the definition of entropy; no loop may wait for ever.
void check_trees() {
  const auto graph = hint::graph::knn{}([] {
    auto [images, texts, labels] =
        hint::data::synthetic_pairs({.items = 200, .classes = 5}, {7, 0});
    return hint::data::paired{images, texts};
  }());
  const auto check = [&](const auto& builder) {
    const hint::tree::encoding_tree tree = builder(graph);
    const double h = hint::tree::structural_entropy(tree);
    expect(h > 1 && h < 8.7, "entropy of a tree: " + std::to_string(h));
  };
  check(hint::tree::paper());
  check(hint::tree::fast());
  check(hint::tree::best());
}

}  // namespace

int main() {
  for (const auto& [odd, name] : odd_numbers()) {
    check_features(odd, name);
    check_numbers(odd, name);
  }
  check_trees();
  if (failures == 0) std::puts("NaN and infinity were refused everywhere");
  return failures == 0 ? 0 : 1;
}
