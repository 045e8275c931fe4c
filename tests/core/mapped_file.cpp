// SPDX-License-Identifier: MIT
#include <hint/core/mapped_file.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#if !defined(_WIN32)
#include <sys/stat.h>
#endif

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {
std::string_view text_of(const hint::mapped_file& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}
}  // namespace

TEST_CASE("mapped_file: shows the bytes of a file", "[core]") {
  const hint_tests::temporary_folder folder;
  for (const std::size_t size : {1U, 63U, 4096U, 4097U, 100000U}) {
    CAPTURE(size);
    std::string content;
    for (std::size_t i = 0; i < size; ++i) content += static_cast<char>(i * 7 % 256);
    hint_tests::write_file(folder / "data", content);
    const hint::mapped_file file(folder / "data");
    CHECK(text_of(file) == content);
    CHECK(reinterpret_cast<std::uintptr_t>(file.bytes().data()) % 64 == 0);
  }
}

TEST_CASE("mapped_file: an empty file has no bytes", "[core]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "empty", "");
  CHECK(hint::mapped_file(folder / "empty").bytes().empty());
  CHECK(hint::mapped_file().bytes().empty());
}

TEST_CASE("mapped_file: moves keep the bytes where they are", "[core]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a", "first");
  hint_tests::write_file(folder / "b", "second");
  hint::mapped_file a(folder / "a");
  const std::byte* where = a.bytes().data();
  hint::mapped_file moved(std::move(a));
  CHECK(a.bytes().empty());  // NOLINT: on purpose
  CHECK(moved.bytes().data() == where);
  hint::mapped_file b(folder / "b");
  b = std::move(moved);
  CHECK(text_of(b) == "first");
  CHECK(moved.bytes().empty());  // NOLINT: on purpose
  hint::mapped_file& self = b;
  b = std::move(self);
  CHECK(text_of(b) == "first");
}

TEST_CASE("mapped_file: the bytes outlive the file's name", "[core]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a", "still here");
  const hint::mapped_file a(folder / "a");
#if !defined(_WIN32)
  std::filesystem::remove(folder / "a");
#endif
  CHECK(text_of(a) == "still here");
}

#if !defined(_WIN32)
TEST_CASE("mapped_file: errors name the path and the reason", "[core]") {
  const hint_tests::temporary_folder folder;
  const std::string missing = (folder / "missing").string();
  CHECK_THROWS_MESSAGE(hint::mapped_file(missing), hint::io_error,
                       "cannot open " + missing + ": No such file or directory");
  CHECK_THROWS_MESSAGE(hint::mapped_file(folder.path()), hint::io_error,
                       "cannot read " + folder.path().string() + ": not a regular file");
  const std::string pipe = (folder / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_MESSAGE(hint::mapped_file(pipe), hint::io_error,
                       "cannot read " + pipe + ": not a regular file");
  CHECK_THROWS_MESSAGE(hint::mapped_file(""), hint::io_error,
                       "cannot open : No such file or directory");
}
#endif

TEST_CASE("mapped_file: released bytes are read again", "[core]") {
  const hint_tests::temporary_folder folder;
  std::string content;
  for (std::size_t i = 0; i < 100001; ++i) content += static_cast<char>(i * 13 % 255);
  hint_tests::write_file(folder / "data", content);
  const hint::mapped_file file(folder / "data");
  for (const std::size_t offset : {0U, 1U, 4096U, 5000U, 99999U, 100001U})
    for (const std::size_t size : {0U, 1U, 4096U, 50000U, 100001U}) {
      file.release(offset, size);
      CHECK(text_of(file) == content);
    }
}
