// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/data/dataset.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/any_hasher.hpp>
#include <hint/learn/cvh.hpp>

#include "learn/pairs.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

using hint::image;
using hint::text;
using hint::data::block;
using hint::data::normalizer;
using hint::data::scaling;
using hint::learn::any_hasher;
using hint::learn::linear_hasher;
using hint::learn::mlp_hasher;
using hint::linalg::matrix;

const hint_tests::clustered_pairs data(120, 4, 1);

linear_hasher linear() {
  linear_hasher h = hint::learn::cvh({.bits = 40}).fit(data.pairs());
  h.set_description("directions");
  return h;
}
mlp_hasher network() {
  const auto d = data.pairs();
  hint::nn::mlp_options o;
  o.hidden = {10};
  mlp_hasher h(
      {normalizer::fit(d.image(), scaling::centered_l2), normalizer::fit(d.text(), scaling::l2)},
      {hint::nn::mlp<float>(12, 70, o, {1, 1}), hint::nn::mlp<float>(9, 70, o, {2, 1})});
  h.set_description("untrained");
  return h;
}

/// A model of one's own: the signs of the first columns.
struct first_columns {
  static constexpr std::uint32_t archive_kind = hint::io::model_kind;
  static constexpr std::string_view model_name = "first_columns";
  std::size_t length = 3;

  std::size_t bits() const { return length; }
  std::size_t cols(hint::modality) const { return length; }
  std::string description() const { return "none"; }
  hint::code_set encode(hint::modality, const block& rows, const hint::context&) const {
    matrix<float> x(static_cast<Eigen::Index>(rows.rows()), static_cast<Eigen::Index>(rows.cols()));
    rows.copy_rows(0, x);
    return hint::learn::binarize(x);
  }
  void write(hint::io::archive_writer& writer) const {
    writer.meta("model", model_name);
    writer.meta("length", length);
  }
  static first_columns read(const hint::io::archive_reader& reader) {
    return {reader.number<std::size_t>("length")};
  }
};

template <class H>
void check_same(const any_hasher& any, const H& model) {
  CHECK(any.bits() == model.bits());
  CHECK(any.description() == model.description());
  hint::thread_pool pool(3);
  const hint::context ctx(pool);
  for (const hint::modality m : hint::modalities) {
    CHECK(any.cols(m) == model.cols(m));
    const matrix<float>& x = data.features[hint::index_of(m)];
    const hint::code_set expected = model.encode(m, block(x));
    CHECK(any.encode(m, block(x)) == expected);
    CHECK(any.encode(m, block(x), ctx) == expected);
    const hint::linalg::sparse_matrix<float> sparse = x.sparseView();
    CHECK(any.encode(m, block(sparse)) == expected);
    CHECK(hint_tests::codes_rows_alone(any, m, x));
  }
}

std::vector<std::byte> bytes_of(const std::filesystem::path& path) {
  const hint::mapped_file file(path);
  return {file.bytes().begin(), file.bytes().end()};
}

}  // namespace

TEST_CASE("any_hasher does what its model does", "[learn]") {
  const any_hasher a = linear();
  const any_hasher b = network();
  check_same(a, linear());
  check_same(b, network());
  CHECK(a.get_if<linear_hasher>() != nullptr);
  CHECK(a.get_if<mlp_hasher>() == nullptr);
  any_hasher changing = a;
  CHECK(changing.get_if<linear_hasher>() == a.get_if<linear_hasher>());  // shared
  changing = b;
  CHECK(changing.bits() == 70);
  CHECK(a.bits() == 40);

  matrix<float> x = matrix<float>::Zero(4, 12);
  CHECK_THROWS_MESSAGE(a.encode(text, block(x)), hint::shape_error,
                       "encode: text features have 12 columns, the model was trained on 9");
  x(2, 7) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_MESSAGE(b.encode(image, block(x)), hint::invalid_argument,
                       "image: row 2, column 7 is inf, expected finite numbers");
}

TEST_CASE("any_hasher has the real values of models that have them", "[learn]") {
  const block rows(data.features[0]);
  const mlp_hasher net = network();
  const matrix<float> values = net.project(image, rows);
  const auto same = [](const matrix<float>& a, const matrix<float>& b) {
    return a.rows() == b.rows() && a.cols() == b.cols() && a == b;
  };
  CHECK(same(any_hasher(net).project(image, rows), values));
  using ensemble = hint::learn::ensemble_hasher<any_hasher>;
  const ensemble two(std::vector<any_hasher>{net, net});
  matrix<float> twice(values.rows(), 2 * values.cols());
  twice << values, values;
  CHECK(same(two.project(image, rows), twice));
  CHECK(same(any_hasher(two).project(image, rows), twice));
  const std::string none = "any_hasher: this model has codes, but no real values";
  CHECK_THROWS_MESSAGE(any_hasher(linear()).project(image, rows), hint::invalid_argument, none);
  CHECK_THROWS_MESSAGE(ensemble(std::vector<any_hasher>{net, linear()}).project(image, rows),
                       hint::invalid_argument, none);
}

TEST_CASE("a file of any model loads without knowing which", "[learn]") {
  const hint_tests::temporary_folder folder;
  hint::io::save(folder / "linear.hint", linear());
  hint::io::save(folder / "mlp.hint", network());
  const any_hasher a = hint::io::load_hasher(folder / "linear.hint");
  const any_hasher b = hint::io::load_hasher(folder / "mlp.hint");
  check_same(a, linear());
  check_same(b, network());
  CHECK(a.get_if<linear_hasher>() != nullptr);
  CHECK(b.get_if<mlp_hasher>() != nullptr);
  CHECK(hint::io::load<any_hasher>(folder / "mlp.hint").bits() == 70);

  // Saved again, it is the file that the model wrote, and the model's own type reads it.
  hint::io::save(folder / "again.hint", a);
  CHECK(bytes_of(folder / "again.hint") == bytes_of(folder / "linear.hint"));
  hint::io::save(folder / "again.hint", b);
  CHECK(bytes_of(folder / "again.hint") == bytes_of(folder / "mlp.hint"));
  CHECK(hint::io::load<mlp_hasher>(folder / "again.hint").description() == "untrained");
}

TEST_CASE("models of one's own load when they are named", "[learn]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "own.hint";
  hint::io::save(path, any_hasher(first_columns{9}));
  const any_hasher own = hint::io::load_hasher<first_columns>(path);
  CHECK(own.bits() == 9);
  CHECK(own.encode(text, data.pairs().text()) == hint::learn::binarize(data.features[1]));
  hint::io::save(folder / "linear.hint", linear());
  CHECK(hint::io::load_hasher<first_columns>(folder / "linear.hint").bits() == 40);

  const std::string unknown =
      path.string() +
      ": the model is a 'first_columns', expected one of linear_hasher, mlp_hasher, "
      "kernel_hasher, ensemble of linear_hasher, ensemble of mlp_hasher, ensemble of "
      "kernel_hasher, ensemble of any_hasher";
  CHECK_THROWS_MESSAGE(hint::io::load_hasher(path), hint::format_error, unknown);
  CHECK_THROWS_MESSAGE(hint::io::load<any_hasher>(path), hint::format_error, unknown);
}

TEST_CASE("an ensemble of any models needs models that can be parts", "[learn]") {
  const hint_tests::clustered_pairs data(30, 3, 1);
  const hint_tests::temporary_folder folder;
  using mixed = hint::learn::ensemble_hasher<any_hasher>;
  const any_hasher inner = mixed({any_hasher(linear()), any_hasher(linear())});
  const mixed nested({inner, any_hasher(linear())});
  hint::io::save(folder / "nested.hint", nested);
  CHECK(hint::io::load_hasher(folder / "nested.hint").encode(text, data.pairs().text()) ==
        nested.encode(text, data.pairs().text()));
  CHECK_THROWS_MESSAGE(hint::io::save(folder / "own.hint", mixed({any_hasher(first_columns{9})})),
                       hint::invalid_argument,
                       "any_hasher: this model cannot be saved as a member of an ensemble");
}

TEST_CASE("files that hold no model are refused", "[learn]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.hint";
  hint::io::save(path, hint::code_set(8, 3).view());
  CHECK_THROWS_MESSAGE(hint::io::load_hasher(path), hint::format_error,
                       path.string() + ": holds codes, expected model");
  hint::io::archive_writer nameless(hint::io::model_kind);
  nameless.meta("bits", 3);
  nameless.save(path);
  CHECK_THROWS_MESSAGE(hint::io::load_hasher(path), hint::format_error,
                       path.string() + ": no entry 'model'");
  hint::io::archive_writer other(hint::io::model_kind);
  other.meta("model", "forest");
  other.save(path);
  CHECK_THROWS_MESSAGE(hint::io::load_hasher<first_columns>(path), hint::format_error,
                       path.string() +
                           ": the model is a 'forest', expected one of linear_hasher, mlp_hasher, "
                           "kernel_hasher, ensemble of linear_hasher, ensemble of mlp_hasher, "
                           "ensemble of kernel_hasher, ensemble of any_hasher, first_columns");
  CHECK_THROWS_AS(hint::io::load_hasher(folder / "none.hint"), hint::io_error);
}
