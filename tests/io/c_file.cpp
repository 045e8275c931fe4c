// SPDX-License-Identifier: MIT
#include <hint/io/c_file.hpp>

#include <cerrno>
#include <cstdio>
#include <span>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using hint::io::detail::c_file;
using hint::io::detail::write_all;

TEST_CASE("c_file: what is written is there when it is closed", "[io]") {
  const hint_tests::temporary_folder folder;
  {
    const c_file file(std::fopen((folder / "a").string().c_str(), "wb"));
    REQUIRE(file != nullptr);
    CHECK(write_all(file, hint_tests::bytes_of("one ")));
    CHECK(write_all(file, {}));
    CHECK(write_all(file, hint_tests::bytes_of("two")));
  }
  CHECK(hint_tests::read_file(folder / "a") == "one two");
}

TEST_CASE("c_file: a refused write says why, where the system does", "[io]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a", "old");
  const c_file file(std::fopen((folder / "a").string().c_str(), "rb"));
  REQUIRE(file != nullptr);
  errno = ENOENT;  // of something before
  CHECK(write_all(file, {}));
  CHECK(errno == 0);
  CHECK_FALSE(write_all(file, hint_tests::bytes_of("new")));
  CHECK(errno != ENOENT);
  CHECK(hint_tests::read_file(folder / "a") == "old");
}
