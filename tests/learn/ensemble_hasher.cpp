// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/any_hasher.hpp>
#include <hint/learn/ensemble_hasher.hpp>
#include <hint/search/asymmetric.hpp>

#include "learn/pairs.hpp"
#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/random_codes.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace hint;
using data::normalizer;
using data::scaling;
using learn::ensemble_hasher;
using learn::linear_hasher;
using learn::mlp_hasher;
using linalg::matrix;

const hint_tests::clustered_pairs pairs(90, 4, 1);

mlp_hasher network(std::size_t bits, std::uint64_t seed) {
  const auto d = pairs.pairs();
  nn::mlp_options o;
  o.hidden = {8};
  mlp_hasher h(
      {normalizer::fit(d.image(), scaling::centered_l2), normalizer::fit(d.text(), scaling::l2)},
      {nn::mlp<float>(12, bits, o, {seed, 1}), nn::mlp<float>(9, bits, o, {seed, 2})});
  h.set_description("network " + std::to_string(seed));
  return h;
}
linear_hasher directions(std::size_t bits, std::uint64_t seed) {
  std::array<linear_hasher::projection, 2> p;
  for (std::size_t m = 0; m < 2; ++m) {
    p[m].weights = hint_tests::random_matrix<float>(static_cast<Eigen::Index>(bits),
                                                    m == 0 ? 12 : 9, 2 * seed + m);
    p[m].thresholds.setConstant(static_cast<Eigen::Index>(bits), 0.25F);
  }
  return linear_hasher(p);
}

data::block rows(modality m) { return data::block(pairs.features[index_of(m)]); }

/// By the definition, bit by bit.
template <class H>
void check_side_by_side(const ensemble_hasher<H>& all) {
  thread_pool pool(3);
  const context parallel(pool);
  for (const modality m : modalities) {
    const code_set codes = all.encode(m, rows(m));
    REQUIRE(codes.bits() == all.bits());
    REQUIRE(codes.size() == pairs.size);
    std::size_t first = 0;
    for (const H& member : all.members()) {
      const code_set own = member.encode(m, rows(m), context{});
      for (std::size_t i = 0; i < own.size(); ++i)
        for (std::size_t j = 0; j < own.bits(); ++j)
          REQUIRE(codes.bit(i, first + j) == own.bit(i, j));
      first += own.bits();
    }
    CHECK(first == all.bits());
    for (std::size_t i = 0; i < codes.size(); ++i)
      REQUIRE((codes[i].back() & ~last_word_mask(codes.bits())) == 0);
    CHECK(all.encode(m, rows(m), parallel) == codes);
    CHECK(hint_tests::codes_rows_alone(all, m, pairs.features[index_of(m)]));
  }
}

std::string message(const std::filesystem::path& path, std::string_view text) {
  return path.string() + ": " + std::string(text);
}

/// Stops after so many questions.
struct impatient {
  std::size_t left;
  bool stop_requested() { return left == 0 || --left == 0; }
};

}  // namespace

TEST_CASE("bits are placed where they belong, whatever the words", "[learn][ensemble]") {
  for (const std::size_t first : std::vector<std::size_t>{0, 1, 37, 63, 64, 65, 128, 200})
    for (const std::size_t bits : std::vector<std::size_t>{1, 27, 63, 64, 65, 128, 191, 300}) {
      CAPTURE(first, bits);
      const code_set before = ::random_codes((std::max<std::size_t>)(first, 1), 3, {5, 0});
      const code_set part = ::random_codes(bits, 4, {6, 0});  // one more than there is room for
      code_set out(first + bits, 3);
      if (first > 0) learn::detail::place_bits(before, out, 0);
      learn::detail::place_bits(part, out, first);
      for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < first; ++j) REQUIRE(out.bit(i, j) == before.bit(i, j));
        for (std::size_t j = 0; j < bits; ++j) REQUIRE(out.bit(i, first + j) == part.bit(i, j));
        REQUIRE((out[i].back() & ~last_word_mask(out.bits())) == 0);
      }
    }
}

TEST_CASE("an ensemble's codes are its members' side by side", "[learn][ensemble]") {
  check_side_by_side(ensemble_hasher<mlp_hasher>({network(64, 1), network(64, 2)}));
  check_side_by_side(ensemble_hasher<mlp_hasher>({network(40, 1), network(3, 2), network(90, 3)}));
  check_side_by_side(ensemble_hasher<linear_hasher>({directions(1, 1), directions(70, 2)}));
  const ensemble_hasher<mlp_hasher> one({network(70, 1)});
  check_side_by_side(one);
  CHECK(one.encode(image, rows(image)) == network(70, 1).encode(image, rows(image)));
  CHECK(one.encode(image, data::block(matrix<float>(0, 12))).empty());
  // Of models of any type.
  check_side_by_side(ensemble_hasher<learn::any_hasher>({network(20, 1), directions(30, 2)}));
  static_assert(io::savable<ensemble_hasher<learn::any_hasher>>);
}

TEST_CASE("distances are the sums of the members'", "[learn][ensemble]") {
  const ensemble_hasher<mlp_hasher> all({network(33, 1), network(65, 2), network(12, 3)});
  const code_set q = all.encode(image, rows(image)), d = all.encode(text, rows(text));
  for (std::size_t i = 0; i < 20; ++i) {
    std::uint32_t sum = 0;
    for (const auto& member : all.members()) {
      const code_set a = member.encode(image, rows(image)), b = member.encode(text, rows(text));
      for (std::size_t j = 0; j < a.bits(); ++j) sum += a.bit(i, j) != b.bit(i + 1, j) ? 1U : 0U;
    }
    std::uint32_t found = 0;
    for (std::size_t j = 0; j < q.bits(); ++j) found += q.bit(i, j) != d.bit(i + 1, j) ? 1U : 0U;
    CHECK(found == sum);
  }
}

TEST_CASE("real values stand side by side, too", "[learn][ensemble]") {
  const ensemble_hasher<mlp_hasher> all({network(33, 1), network(65, 2)});
  for (const modality m : modalities) {
    const matrix<float> h = all.project(m, rows(m));
    CHECK(hint_tests::same_bits(matrix<float>(h.leftCols(33)), network(33, 1).project(m, rows(m))));
    CHECK(
        hint_tests::same_bits(matrix<float>(h.rightCols(65)), network(65, 2).project(m, rows(m))));
    CHECK(learn::binarize(h) == all.encode(m, rows(m)));
  }
}

TEST_CASE("an ensemble that is asked to stop has the first rows of all members",
          "[learn][ensemble]") {
  const hint_tests::clustered_pairs many(3000, 4, 2);
  const data::block x(many.features[0]);
  const ensemble_hasher<mlp_hasher> all({network(40, 1), network(40, 2), network(40, 3)});
  const code_set whole = all.encode(image, x);
  const matrix<float> values = all.project(image, x);
  bool some = false;
  for (std::size_t asked = 1; asked < 40; ++asked) {
    impatient observer{asked}, again{asked};
    sequential here;
    const code_set part = all.encode(image, x, context{here, observer});
    REQUIRE(part.size() <= whole.size());
    REQUIRE(part == code_set(whole.view().slice(0, part.size())));
    const matrix<float> h = all.project(image, x, context{here, again});
    REQUIRE(hint_tests::same_bits(h, matrix<float>(values.topRows(h.rows()))));
    some = some || (part.size() > 0 && part.size() < whole.size());
  }
  CHECK(some);
}

TEST_CASE("an ensemble is saved, loaded, and found by its name", "[learn][ensemble]") {
  const hint_tests::temporary_folder folder;
  ensemble_hasher<mlp_hasher> nets({network(40, 1), network(30, 2)});
  nets.set_description("two");
  const ensemble_hasher<linear_hasher> lines(
      {directions(7, 1), directions(8, 2), directions(1, 3)});
  io::save(folder / "nets.hint", nets);
  io::save(folder / "lines.hint", lines);
  STATIC_REQUIRE(ensemble_hasher<mlp_hasher>::model_name == "ensemble of mlp_hasher");

  const auto same = io::load<ensemble_hasher<mlp_hasher>>(folder / "nets.hint");
  CHECK(same.description() == "two");
  REQUIRE(same.members().size() == 2);
  CHECK(same.members()[1].description() == "network 2");
  const learn::any_hasher a = io::load_hasher(folder / "nets.hint");
  const learn::any_hasher b = io::load_hasher(folder / "lines.hint");
  CHECK(a.get_if<ensemble_hasher<mlp_hasher>>() != nullptr);
  CHECK(b.get_if<ensemble_hasher<linear_hasher>>() != nullptr);
  CHECK(a.description() == "two");
  for (const modality m : modalities) {
    CHECK(same.encode(m, rows(m)) == nets.encode(m, rows(m)));
    CHECK(hint_tests::same_bits(same.project(m, rows(m)), nets.project(m, rows(m))));
    CHECK(a.encode(m, rows(m)) == nets.encode(m, rows(m)));
    CHECK(b.encode(m, rows(m)) == lines.encode(m, rows(m)));
    CHECK(a.cols(m) == nets.cols(m));
  }
  // Ensembles of ensembles are no special case.
  const ensemble_hasher<ensemble_hasher<linear_hasher>> nested({lines, lines});
  io::save(folder / "nested.hint", nested);
  CHECK(io::load<ensemble_hasher<ensemble_hasher<linear_hasher>>>(folder / "nested.hint")
            .encode(text, rows(text)) == nested.encode(text, rows(text)));
}

TEST_CASE("ensembles refuse members that do not belong together", "[learn][ensemble]") {
  using nets = ensemble_hasher<mlp_hasher>;
  CHECK_THROWS_MESSAGE(nets(std::vector<mlp_hasher>{}), invalid_argument,
                       "ensemble_hasher: there are no members, expected at least 1");
  CHECK_THROWS_MESSAGE(
      ensemble_hasher<linear_hasher>({directions(16000, 1), directions(385, 2)}), invalid_argument,
      "ensemble_hasher: the codes of 2 members have 16385 bits in all, expected at most 16384");
  std::array<linear_hasher::projection, 2> narrow{directions(5, 1).get(image),
                                                  directions(5, 1).get(text)};
  narrow[1].weights.conservativeResize(5, 8);
  CHECK_THROWS_MESSAGE(ensemble_hasher<linear_hasher>({directions(5, 1), linear_hasher(narrow)}),
                       shape_error,
                       "ensemble_hasher: member 1 takes text features of 8 columns, member 0 of 9");
  const nets two({network(5, 1), network(6, 2)});
  CHECK_THROWS_MESSAGE(two.encode(text, rows(image)), shape_error,
                       "encode: text features have 12 columns, the model was trained on 9");
}

TEST_CASE("files that hold no whole ensemble are refused", "[learn][ensemble]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.hint";
  using lines = ensemble_hasher<linear_hasher>;
  const auto saved = [&](std::string_view name, std::string_view members,
                         const std::vector<linear_hasher>& all) {
    io::archive_writer w(io::model_kind);
    w.meta("model", name);
    w.meta("members", members);
    w.meta("description", "");
    for (std::size_t k = 0; k < all.size(); ++k) {
      learn::detail::part_writer<io::archive_writer> part(w, "member" + std::to_string(k) + ".");
      all[k].write(part);
    }
    w.save(path);
  };
  const std::string name(lines::model_name);
  saved("linear_hasher", "1", {directions(3, 1)});
  CHECK_THROWS_MESSAGE(
      io::load<lines>(path), format_error,
      message(path, "the model is a linear_hasher, expected ensemble of linear_hasher"));
  saved(name, "0", {});
  CHECK_THROWS_MESSAGE(io::load<lines>(path), format_error,
                       message(path, "an ensemble of 0 members, expected 1 to 16384"));
  saved(name, "99999999999", {});
  CHECK_THROWS_MESSAGE(io::load<lines>(path), format_error,
                       message(path, "an ensemble of 99999999999 members, expected 1 to 16384"));
  saved(name, "2", {directions(3, 1)});
  CHECK_THROWS_MESSAGE(io::load<lines>(path), format_error,
                       message(path, "no entry 'member1.model'"));
  saved(name, "2", {directions(16000, 1), directions(400, 2)});
  CHECK_THROWS_MESSAGE(io::load<lines>(path), format_error,
                       message(path,
                               "ensemble_hasher: the codes of 2 members have 16400 bits in all, "
                               "expected at most 16384"));
}
