// SPDX-License-Identifier: MIT
#include <hint/io/archive.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;

namespace {

/// Saved as a user's type would be, without a word of io/ in its own code.
struct line {
  static constexpr std::uint32_t archive_kind = 1000;
  double slope = 0;
  std::vector<float> points;

  template <class Writer>
  void write(Writer& w) const {
    w.meta("slope", slope);
    w.array("points", std::span<const float>(points), points.size(), 1);
  }
  template <class Reader>
  static line read(const Reader& r) {
    const auto points = r.template array<float>("points");
    return {r.template number<double>("slope"), {points.begin(), points.end()}};
  }
};

std::filesystem::path golden(std::string_view name) {
  return std::filesystem::path(__FILE__).parent_path().parent_path() / "golden" / name;
}
/// What the golden files of format 1 hold.
hint::code_set golden_codes() {
  hint::code_set codes(70, 5);
  const hint::random_stream random(1, hint::stream_id("golden"));
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 70; ++j) codes.set_bit(i, j, random.bits(70 * i + j) % 2 == 1);
  return codes;
}

}  // namespace

TEST_CASE("archive: objects and codes there and back", "[io]") {
  const hint_tests::temporary_folder folder;
  io::save(folder / "line", line{0.1, {1, 2, 3}});
  const auto l = io::load<line>(folder / "line");
  CHECK(l.slope == 0.1);
  CHECK(l.points == std::vector<float>{1, 2, 3});

  const auto codes = golden_codes();
  io::save(folder / "codes", codes);
  CHECK(io::load<hint::code_set>(folder / "codes") == codes);
  io::save(folder / "codes", codes.view().slice(1, 2));
  CHECK(io::load<hint::code_set>(folder / "codes") == hint::code_set(codes.view().slice(1, 2)));
  io::save(folder / "codes", hint::code_set(9));
  CHECK(io::load<hint::code_set>(folder / "codes") == hint::code_set(9));
  CHECK(folder.size() == 2);
}

TEST_CASE("archive: another kind of thing is refused", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "a").string();
  io::save(path, line{});
  CHECK_THROWS_MESSAGE(io::load<hint::code_set>(path), hint::format_error,
                       path + ": holds kind 1000, expected codes");
  io::save(path, golden_codes());
  CHECK_THROWS_MESSAGE(io::load<line>(path), hint::format_error,
                       path + ": holds codes, expected kind 1000");
  io::archive_writer(1000).save(path);
  CHECK_THROWS_MESSAGE(io::load<line>(path), hint::format_error, path + ": no array 'points'");
  io::archive_writer(io::codes_kind).save(path);
  CHECK_THROWS_MESSAGE(io::load<hint::code_set>(path), hint::format_error,
                       path + ": holds no codes");
}

TEST_CASE("archive: files of format 1 stay readable", "[io]") {
  CHECK(io::load<hint::code_set>(golden("codes_v1.hint")) == golden_codes());
  const io::archive_reader r(golden("all_v1.hint"));
  CHECK(r.kind() == 1000);
  CHECK(r.meta("library") == "0.1.0");
  CHECK(r.meta("text") == "two\nlines \\");
  CHECK(r.number<double>("third") == 1.0 / 3);
  CHECK(r.number<std::uint64_t>("seed") == 18446744073709551615ULL);
  CHECK(r.number<bool>("flag"));
  const auto check = [&](auto zero, const char* name) {
    using T = decltype(zero);
    const auto found = r.array<T>(name);
    CHECK(r.rows(name) == 2);
    CHECK(r.cols(name) == 3);
    CHECK(std::vector<T>(found.begin(), found.end()) == std::vector<T>{0, 1, 2, 3, 4, 100});
  };
  check(float{}, "f4");
  check(double{}, "f8");
  check(std::int8_t{}, "i1");
  check(std::int16_t{}, "i2");
  check(std::int32_t{}, "i4");
  check(std::int64_t{}, "i8");
  check(std::uint8_t{}, "u1");
  check(std::uint16_t{}, "u2");
  check(std::uint32_t{}, "u4");
  check(std::uint64_t{}, "u8");
  CHECK(r.array<double>("none").empty());
}

TEST_CASE("archive: the golden files are what this version writes, but for its number", "[io]") {
  if (std::string_view(HINT_VERSION) != "0.1.0") return;
  const hint_tests::temporary_folder folder;
  io::save(folder / "codes", golden_codes());
  CHECK(hint_tests::read_file(folder / "codes") == hint_tests::read_file(golden("codes_v1.hint")));

  io::archive_writer w(1000);
  w.meta("text", "two\nlines \\");
  w.meta("third", 1.0 / 3);
  w.meta("seed", ~0ULL);
  w.meta("flag", true);
  const auto add = [&](auto zero, const char* name) {
    using T = decltype(zero);
    w.array(name, std::vector<T>{0, 1, 2, 3, 4, 100}, 2, 3);
  };
  add(float{}, "f4");
  add(double{}, "f8");
  add(std::int8_t{}, "i1");
  add(std::int16_t{}, "i2");
  add(std::int32_t{}, "i4");
  add(std::int64_t{}, "i8");
  add(std::uint8_t{}, "u1");
  add(std::uint16_t{}, "u2");
  add(std::uint32_t{}, "u4");
  add(std::uint64_t{}, "u8");
  w.array("none", std::vector<double>{}, 0, 4);
  w.save(folder / "all");
  CHECK(hint_tests::read_file(folder / "all") == hint_tests::read_file(golden("all_v1.hint")));
}
