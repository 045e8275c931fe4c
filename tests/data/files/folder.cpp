// SPDX-License-Identifier: MIT
#include <hint/data/files/folder.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/unprivileged.hpp"

using hint::data::detail::npy_files;

TEST_CASE("the .npy files of a folder by their names without the ending") {
  const hint_tests::temporary_folder folder;
  CHECK(npy_files(folder.path()).empty());
  CHECK(npy_files(folder / "none").empty());
  for (const char* name : {"a.npy", "b.NPY", "c-0.nPy", "d.txt", "npy", ".npy", "e.npy.bak"})
    hint_tests::write_file(folder / name, "");
  std::filesystem::create_symlink("gone", folder / "link.npy");
  const auto files = npy_files(folder.path());
  std::vector<std::string> names;
  for (const auto& [name, path] : files) names.push_back(name);
  CHECK(names == std::vector<std::string>{"a", "b", "c-0", "link"});
  CHECK(files.at("b") == folder / "b.NPY");
  CHECK(npy_files(folder / "a.npy").empty());

  hint_tests::write_file(folder / "a.NPY", "");
  const std::string message =
      hint_tests::message_of<hint::format_error>([&] { (void)npy_files(folder.path()); });
  const std::string begin = folder.path().string() + ": has ", end = ", expected one of them";
  CHECK((message == begin + "a.npy and a.NPY" + end || message == begin + "a.NPY and a.npy" + end));
}

#if !defined(_WIN32)
TEST_CASE("a folder that may not be read is an error, not an empty one") {
  const hint_tests::unprivileged user;
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a.npy", "");
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_exec);
  CHECK_THROWS_MESSAGE(npy_files(folder.path()), hint::io_error,
                       "cannot list " + folder.path().string() + ": Permission denied");
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}
#endif
