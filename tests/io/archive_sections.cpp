// SPDX-License-Identifier: MIT
// Files of several archives.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/io/xxh64.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;

namespace {

constexpr auto skip = io::checksum_check::skip;
constexpr auto verify = io::checksum_check::verify;

/// An archive as bytes: some numbers, and codes of 70 bits.
std::string archive(const hint_tests::temporary_folder& folder, std::int32_t first,
                    std::size_t count, std::uint32_t kind = 1000) {
  io::archive_writer w(kind);
  std::vector<std::int32_t> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = first + static_cast<std::int32_t>(i);
  w.array("numbers", std::move(numbers), count, 1);
  w.codes(hint::code_set(70, 1));
  w.save(folder / "part");
  return hint_tests::read_file(folder / "part");
}
/// The same with another bit set in the code than a code may have, under a right checksum.
std::string with_stray_bit(std::string bytes) {
  bytes[bytes.size() - 64 + 15] = '\x80';
  auto h = io::detail::decode(io::detail::as_bytes(bytes));
  h.checksum = 0;
  const auto encode = [&] {
    const auto start = io::detail::encode(h);
    bytes.replace(0, start.size(), io::detail::as_text(start));
  };
  encode();
  h.checksum = io::xxh64_of(io::detail::as_bytes(bytes));
  encode();
  return bytes;
}
std::string whole_up_to(std::size_t bytes) {
  return "; the first " + std::to_string(bytes) +
         " bytes of the file are whole sections, cut it there if an append was interrupted";
}

class files {
 public:
  /// What is said about a file, without the path in front; nothing when all is well.
  std::optional<std::string> refusal(const std::string& bytes, io::checksum_check check = verify) {
    const auto path = folder / "f";
    hint_tests::write_file(path, bytes);
    try {
      static_cast<void>(io::archive_reader::sections(path, check));
    } catch (const hint::format_error& e) {
      const std::string message = e.what();
      REQUIRE(message.substr(0, path.string().size() + 2) == path.string() + ": ");
      return message.substr(path.string().size() + 2);
    }
    return std::nullopt;
  }
  hint_tests::temporary_folder folder;
};

}  // namespace

TEST_CASE("sections: one reader each, in order", "[io]") {
  const hint_tests::temporary_folder folder;
  std::string bytes;
  for (const int first : {10, 20, 30}) {
    bytes += archive(folder, first, 20);
    hint_tests::write_file(folder / "f", bytes);
    for (const auto check : {verify, skip}) {
      const auto all = io::archive_reader::sections(folder / "f", check);
      REQUIRE(all.size() == static_cast<std::size_t>(first / 10));
      for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i].path() == (folder / "f").string());
        const auto numbers = all[i].array<std::int32_t>("numbers");
        CHECK(numbers.size() == 20);
        CHECK(numbers[5] == 10 * static_cast<int>(i + 1) + 5);
        CHECK(reinterpret_cast<std::uintptr_t>(numbers.data()) % 64 == 0);
        CHECK(all[i].codes().size() == 1);
      }
    }
  }
}

TEST_CASE("sections: readers share the map, which the last one ends", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string one = archive(folder, 10, 20);
  hint_tests::write_file(folder / "f", one + archive(folder, 20, 20));
  auto all = io::archive_reader::sections(folder / "f");
  const auto first = all[0].array<std::int32_t>("numbers");
  const auto second = all[1].array<std::int32_t>("numbers");
  CHECK(reinterpret_cast<const char*>(second.data()) -
            reinterpret_cast<const char*>(first.data()) ==
        static_cast<std::ptrdiff_t>(one.size()));
  const io::archive_reader copy = all[1];
  CHECK(&copy.meta("library") == &all[1].meta("library"));  // nothing is parsed or copied again
  CHECK(copy.array<std::int32_t>("numbers").data() == second.data());
  all.clear();
  std::filesystem::remove(folder / "f");
  CHECK(first[3] == 13);  // by any of them, for they have one map
  CHECK(second[3] == 23);
}

TEST_CASE("sections: messages name the section where there are several", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "f").string();
  const std::string one = archive(folder, 10, 20);
  const std::string at = std::to_string(one.size());
  hint_tests::write_file(path, one);
  CHECK_THROWS_MESSAGE(io::archive_reader::sections(path)[0].meta("x"), hint::format_error,
                       path + ": no entry 'x'");
  hint_tests::write_file(path, one + one);
  const auto all = io::archive_reader::sections(path);
  CHECK_THROWS_MESSAGE(all[0].meta("x"), hint::format_error,
                       path + ": section 1 at byte 0: no entry 'x'");
  CHECK_THROWS_MESSAGE(all[1].require_kind(2), hint::format_error,
                       path + ": section 2 at byte " + at + ": holds kind 1000, expected model");
  CHECK_THROWS_MESSAGE(io::archive_reader(path), hint::format_error,
                       path + ": " + at +
                           " bytes after the end of the payload, which begin like a further "
                           "section; expected a single one");
}

TEST_CASE("sections: a file that is cut anywhere", "[io]") {
  files f;
  const std::string one = archive(f.folder, 10, 3);
  const std::string all = one + archive(f.folder, 20, 17);
  REQUIRE(all.size() < 1000);
  for (const auto check : {verify, skip})
    for (std::size_t n = 1; n < all.size(); ++n) {
      CAPTURE(n, check == skip);
      const auto said = f.refusal(all.substr(0, n), check);
      if (n == one.size()) {
        REQUIRE(!said);
        REQUIRE(io::archive_reader::sections(f.folder / "f", check).size() == 1);
      } else if (n < one.size()) {  // as for any file
        REQUIRE(said->substr(0, 11) == "truncated: ");
        REQUIRE(said->find("section") == std::string::npos);
      } else {
        const std::string start =
            "section 2 at byte " + std::to_string(one.size()) + ": truncated: ";
        const std::string end = whole_up_to(one.size());
        REQUIRE(said->substr(0, start.size()) == start);
        REQUIRE(said->substr(said->size() - end.size()) == end);
      }
    }
  const std::string at = std::to_string(one.size());
  CHECK(f.refusal(all.substr(0, one.size() + 10)) ==
        "section 2 at byte " + at + ": truncated: 10 bytes, expected a header of 64" +
            whole_up_to(one.size()));
  CHECK(f.refusal("") == "not a hint archive: begins with '', expected '\\x89HINT\\x0d\\x0a\\x1a'");
  CHECK(f.refusal(all + all.substr(0, all.size() - 1))->substr(0, 10) == "section 4 ");
}

TEST_CASE("sections: every changed bit is found", "[io]") {
  files f;
  const std::string one = archive(f.folder, 10, 3);
  const std::string all = one + archive(f.folder, 20, 3);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (unsigned bit = 0; bit < 8; ++bit) {
      CAPTURE(i, bit);
      std::string changed = all;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ (1U << bit));
      const auto said = f.refusal(changed);
      REQUIRE(said);
      if (i >= one.size()) {
        const std::string start = "section 2 at byte " + std::to_string(one.size()) + ": ";
        const std::string end = whole_up_to(one.size());
        REQUIRE(said->substr(0, start.size()) == start);
        REQUIRE(said->substr(said->size() - end.size()) == end);
        if (i >= one.size() + 64)
          REQUIRE(said->substr(start.size(), 21) == "damaged: checksum is ");
      } else if (i >= 64) {
        REQUIRE(said->substr(0, 42) == "section 1 at byte 0: damaged: checksum is ");
      }
      static_cast<void>(f.refusal(changed, skip));  // may pass, must not crash
    }
}

TEST_CASE("sections: what does not belong there", "[io]") {
  files f;
  const std::string one = archive(f.folder, 10, 3);
  const std::string at = "section 2 at byte " + std::to_string(one.size()) + ": ";
  const std::string up_to = whole_up_to(one.size());
  for (const auto check : {verify, skip}) {
    CHECK(f.refusal(one + "x", check) == at +
                                             "not a hint archive: begins with 'x', expected "
                                             "'\\x89HINT\\x0d\\x0a\\x1a'" +
                                             up_to);
    // What a file system may leave of an append after a power failure.
    CHECK(f.refusal(one + std::string(200, '\0'), check) ==
          at +
              "not a hint archive: begins with '\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00', "
              "expected '\\x89HINT\\x0d\\x0a\\x1a'" +
              up_to);
    const std::string header_alone = one.substr(0, 64) + std::string(one.size() - 64, '\0');
    CHECK(f.refusal(one + header_alone, check).has_value());
    CHECK(f.refusal(one + archive(f.folder, 1, 1, io::model_kind), check) ==
          at + "holds model, the section before kind 1000");
    CHECK(f.refusal(archive(f.folder, 1, 1, io::model_kind) + one, check)->substr(0, 10) ==
          "section 2 ");
  }
  CHECK(f.refusal(one + with_stray_bit(one)) == at + "code 0 has bits set beyond 70" + up_to);
  CHECK(f.refusal(with_stray_bit(one) + one) ==
        "section 1 at byte 0: code 0 has bits set beyond 70");
}

TEST_CASE("sections: files that the system refuses", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto refusal = [](const std::filesystem::path& path) {
    return hint_tests::message_of<hint::io_error>(
        [&] { static_cast<void>(io::archive_reader::sections(path)); });
  };
  const std::string missing = (folder / "missing").string();
  CHECK(refusal(missing).find(missing) != std::string::npos);
  CHECK(refusal(folder.path()).find(folder.path().string()) != std::string::npos);
}
