// SPDX-License-Identifier: MIT
// Objects in files of several sections: append, load, map.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/io/archive.hpp>

#include "support/catch.hpp"
#include "support/file_size_limit.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;

namespace {

/// A list of numbers that grows in a file.
struct list {
  static constexpr std::uint32_t archive_kind = 1000;
  std::vector<std::int32_t> numbers;

  template <class Writer>
  void write(Writer& w) const {
    w.meta("type", "list");
    w.array("numbers", std::vector<std::int32_t>(numbers), numbers.size(), 1);
  }
  template <class Reader>
  static list read(std::span<const Reader> sections) {
    list out;
    for (const Reader& r : sections) {
      const auto more = r.template array<std::int32_t>("numbers");
      out.numbers.insert(out.numbers.end(), more.begin(), more.end());
    }
    return out;
  }
};
/// The same, left in the file.
struct list_in_place {
  static constexpr std::uint32_t archive_kind = 1000;
  std::vector<io::archive_reader> sections;

  template <class Reader>
  static list_in_place map(std::span<const Reader> sections) {
    return {{sections.begin(), sections.end()}};
  }
  std::vector<std::int32_t> numbers() const {
    return list::read(std::span<const io::archive_reader>(sections)).numbers;
  }
};
/// Of another type than `list`, and one that is for one section alone.
struct single {
  static constexpr std::uint32_t archive_kind = 1000;
  template <class Writer>
  void write(Writer& w) const {
    w.meta("type", "single");
  }
  template <class Reader>
  static single read(const Reader& r) {
    r.require(r.meta("type") == "single", "no single");
    return {};
  }
};
struct either {
  static constexpr std::uint32_t archive_kind = 1000;
  bool several = false;
  template <class Writer>
  void write(Writer&) const {}
  template <class Reader>
  static either read(const Reader&) {
    return {false};
  }
  template <class Reader>
  static either read(std::span<const Reader>) {
    return {true};
  }
  template <class Reader>
  static either map(const Reader&) {  // not what `mappable` means
    return {false};
  }
};
struct not_templates {
  static constexpr std::uint32_t archive_kind = 1001;
  void write(io::archive_writer&) const {}
  static not_templates read(std::span<const io::archive_reader>) { return {}; }
  static not_templates map(std::span<const io::archive_reader>) { return {}; }
};
struct maps_another {
  static constexpr std::uint32_t archive_kind = 1001;
  static list map(std::span<const io::archive_reader>) { return {}; }
};

template <class T>
concept can_append = requires(const T& object) { io::append("x", object); };
template <class T>
concept can_map = requires { io::map<T>("x"); };

using numbers = std::vector<std::int32_t>;

/// Checks that appending is refused for this reason and leaves the file alone.
void refuses(const std::filesystem::path& path, const std::string& reason) {
  const std::string before = hint_tests::read_file(path);
  CHECK_THROWS_MESSAGE(io::append(path, list{{7}}), hint::format_error,
                       path.string() + ": " + reason);
  CHECK(hint_tests::read_file(path) == before);
}

}  // namespace

TEST_CASE("append: which types", "[io]") {
  STATIC_REQUIRE(io::savable<list> && io::loadable<list> && io::appendable<list>);
  STATIC_REQUIRE_FALSE(io::mappable<list>);
  STATIC_REQUIRE(io::mappable<list_in_place>);
  STATIC_REQUIRE_FALSE(io::loadable<list_in_place>);
  STATIC_REQUIRE_FALSE(io::appendable<list_in_place>);
  STATIC_REQUIRE(io::loadable<single>);
  STATIC_REQUIRE_FALSE(io::appendable<single>);
  STATIC_REQUIRE_FALSE(io::mappable<single>);
  STATIC_REQUIRE(io::loadable<either> && io::appendable<either>);
  STATIC_REQUIRE_FALSE(io::mappable<either>);
  STATIC_REQUIRE(io::appendable<not_templates> && io::mappable<not_templates>);
  STATIC_REQUIRE_FALSE(io::mappable<maps_another>);
  STATIC_REQUIRE_FALSE(io::mappable<int>);
  STATIC_REQUIRE_FALSE(io::appendable<int>);
  STATIC_REQUIRE_FALSE(io::appendable<hint::code_set>);
  STATIC_REQUIRE(can_append<list> && can_append<io::archive_writer> && !can_append<single> &&
                 !can_append<hint::code_set>);
  STATIC_REQUIRE(can_map<list_in_place> && !can_map<list> && !can_map<hint::code_set>);
}

TEST_CASE("append: adds a section, and nothing before it changes", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "f";
  io::save(path, list{{1, 2}});
  numbers all{1, 2};
  for (const numbers& more : {numbers{3}, numbers{}, numbers(100, 4)}) {
    const std::string before = hint_tests::read_file(path);
    const io::archive_reader old = io::archive_reader::sections(path)[0];
    const auto mapped = io::map<list_in_place>(path);
    const numbers then = all;
    io::append(path, list{more});
    all.insert(all.end(), more.begin(), more.end());

    const std::string after = hint_tests::read_file(path);
    io::save(folder / "alone", list{more});
    CHECK(after == before + hint_tests::read_file(folder / "alone"));
    CHECK(io::load<list>(path).numbers == all);
    CHECK(io::map<list_in_place>(path).numbers() == all);
    CHECK(io::map<list_in_place>(path, io::checksum_check::skip).numbers() == all);
    // Who had it open sees what was there.
    CHECK(mapped.numbers() == then);
    CHECK(old.array<std::int32_t>("numbers")[1] == 2);
  }
  CHECK(io::archive_reader::sections(path).size() == 4);
  const auto mapped = io::map<list_in_place>(path);
  io::save(path, list{{9}});  // replaces the file; the old one lives on in the map
  CHECK(mapped.numbers() == all);
  CHECK(io::load<list>(path).numbers == numbers{9});
  CHECK(folder.size() == 2);
}

TEST_CASE("append: a type for one section is refused files of several", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "f").string();
  io::save(path, single{});
  static_cast<void>(io::load<single>(path));
  io::archive_writer w(1000);
  w.meta("type", "single");
  io::append(path, w);
  CHECK_THROWS_MESSAGE(io::load<single>(path), hint::format_error,
                       path +
                           ": 128 bytes after the end of the payload, which begin like a "
                           "further section; expected a single one");
  CHECK(io::load<either>(path).several);
  io::save(path, list{{1}});
  io::append(path, list{{2}});
  CHECK_THROWS_MESSAGE(io::load<not_templates>(path), hint::format_error,
                       path + ": section 1 at byte 0: holds kind 1000, expected kind 1001");
  CHECK_THROWS_MESSAGE(io::map<not_templates>(path), hint::format_error,
                       path + ": section 1 at byte 0: holds kind 1000, expected kind 1001");
}

TEST_CASE("append: to something else is refused", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "f";
  io::save(path, hint::code_set(64, 1));
  refuses(path, "holds codes, cannot append kind 1000");
  io::save(path, single{});
  refuses(path, "type is 'single', cannot append 'list'");
  io::archive_writer w(1000);
  w.meta("bits", 64);
  w.save(path);
  io::archive_writer other(1000);
  other.meta("bits", 65);
  CHECK_THROWS_MESSAGE(io::append(path, other), hint::format_error,
                       path.string() + ": bits is '64', cannot append '65'");
  io::append(path, list{});  // of neither is there one of each
  CHECK(io::archive_reader::sections(path).size() == 2);
}

TEST_CASE("append: to a broken file is refused, and changes nothing", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "f";
  io::save(path, list{{1, 2}});
  const std::string one = hint_tests::read_file(path);
  const std::string start = "not a hint archive: begins with '";
  const std::string magic = "', expected '\\x89HINT\\x0d\\x0a\\x1a'";
  const std::string second = "section 2 at byte " + std::to_string(one.size()) + ": ";
  const std::string up_to = "; the first " + std::to_string(one.size()) +
                            " bytes of the file are whole sections, cut it there if an append was "
                            "interrupted";
  hint_tests::write_file(path, "");
  refuses(path, start + magic);
  hint_tests::write_file(path, "text, say");
  refuses(path, start + "text, sa" + magic);
  hint_tests::write_file(path, one + "x");
  refuses(path, second + start + "x" + magic + up_to);
  for (std::size_t n = 0; n < one.size(); ++n) {
    CAPTURE(n);
    const std::string cut = one.substr(0, n);
    hint_tests::write_file(path, cut);
    REQUIRE_THROWS_AS(io::append(path, list{{7}}), hint::format_error);
    REQUIRE(hint_tests::read_file(path) == cut);
    if (n == 0) continue;
    hint_tests::write_file(path, one + cut);
    REQUIRE_THROWS_AS(io::append(path, list{{7}}), hint::format_error);
    REQUIRE(hint_tests::read_file(path) == one + cut);
    // As the message says, cutting it is enough.
    std::filesystem::resize_file(path, one.size());
    io::append(path, list{{7}});
    REQUIRE(io::load<list>(path).numbers == numbers{1, 2, 7});
  }
}

TEST_CASE("append: old values are not read again", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "f";
  io::save(path, list{{1, 2}});
  std::string damaged = hint_tests::read_file(path);
  damaged[damaged.size() - 64] = 5;
  hint_tests::write_file(path, damaged);
  io::append(path, list{{3}});
  CHECK(hint_tests::read_file(path).substr(0, damaged.size()) == damaged);
  const std::string message =
      hint_tests::message_of<hint::format_error>([&] { static_cast<void>(io::load<list>(path)); });
  CHECK(message.find(": section 1 at byte 0: damaged: checksum is ") != std::string::npos);
  CHECK(io::map<list_in_place>(path, io::checksum_check::skip).numbers() == numbers{5, 2, 3});
}

TEST_CASE("append: many at once wait for each other", "[io]") {
#if defined(_WIN32)
  WARN("skipped: appending does not lock the file on this system");
#else
  const hint_tests::temporary_folder folder;
  const auto path = folder / "f";
  io::save(path, list{});
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&path, t] {
      for (int i = 0; i < 10; ++i) io::append(path, list{{t, i}});
    });
  for (std::thread& t : threads) t.join();
  const numbers all = io::load<list>(path).numbers;
  REQUIRE(all.size() == 60);
  std::vector<int> next(3);
  for (std::size_t i = 0; i < all.size(); i += 2)
    CHECK(all[i + 1] == next[static_cast<std::size_t>(all[i])]++);
#endif
}

TEST_CASE("append: files that the system refuses", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto refusal = [](const std::filesystem::path& path) {
    return hint_tests::message_of<hint::io_error>([&] { io::append(path, list{}); });
  };
  const std::string missing = (folder / "missing").string();
  CHECK(refusal(missing).find(missing) != std::string::npos);
  CHECK(folder.size() == 0);  // not made
  CHECK(refusal(folder.path()).find(folder.path().string()) != std::string::npos);
}

TEST_CASE("append: a full disk leaves the old bytes", "[io]") {
#if defined(_WIN32)
  WARN("skipped: no way to limit the size of files on this system");
#else
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "f").string();
  io::save(path, list{{1, 2}});
  io::append(path, list{{3}});
  const std::string old = hint_tests::read_file(path);
  const auto mapped = io::map<list_in_place>(path);
  const std::size_t room = GENERATE(0U, 10U, 64U, 100U, 1000U, 4000U);
  CAPTURE(room);
  std::string message;
  try {
    const hint_tests::file_size_limit full(old.size() + room);
    io::append(path, list{numbers(1000, 4)});
  } catch (const hint::io_error& e) {
    message = e.what();
  }
  CHECK(message == "cannot append to " + path + ": File too large");
  CHECK(hint_tests::read_file(path) == old);
  CHECK(mapped.numbers() == numbers{1, 2, 3});
  CHECK(io::load<list>(path).numbers == numbers{1, 2, 3});
  io::append(path, list{{4}});  // once there is room
  CHECK(io::load<list>(path).numbers == numbers{1, 2, 3, 4});
#endif
}
