// SPDX-License-Identifier: MIT
#include <hint/io/atomic_file.hpp>

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/file_size_limit.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;

using hint_tests::bytes_of;

TEST_CASE("atomic_file: the file appears on commit", "[io]") {
  const hint_tests::temporary_folder folder;
  {
    io::atomic_file file(folder / "a");
    file.write(bytes_of("hello "));
    file.write({});
    file.write(bytes_of("world"));
    CHECK_FALSE(std::filesystem::exists(folder / "a"));
    CHECK(folder.size() == 1);
    file.force();
    file.write(bytes_of("!"));
    CHECK_FALSE(std::filesystem::exists(folder / "a"));
    file.force();
    file.commit();
    CHECK(hint_tests::read_file(folder / "a") == "hello world!");
  }
  CHECK(folder.size() == 1);
}

TEST_CASE("atomic_file: without commit nothing changes", "[io]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a", "old");
  const auto interrupted = [&] {
    io::atomic_file file(folder / "a");
    file.write(bytes_of("new"));
    throw std::runtime_error("stop");
  };
  CHECK_THROWS_AS(interrupted(), std::runtime_error);
  CHECK(hint_tests::read_file(folder / "a") == "old");
  CHECK(folder.size() == 1);
}

TEST_CASE("atomic_file: replaces what was there", "[io]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a", "something longer");
  io::atomic_file file(folder / "a");
  file.write(bytes_of("new"));
  file.commit();
  CHECK(hint_tests::read_file(folder / "a") == "new");
  CHECK(folder.size() == 1);
}

TEST_CASE("atomic_file: several writers, the last commit wins", "[io]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a.0.part", "left by a killed program");
  {
    io::atomic_file first(folder / "a");
    io::atomic_file second(folder / "a");
    first.write(bytes_of("first"));
    second.write(bytes_of("second"));
    second.commit();
    CHECK(hint_tests::read_file(folder / "a") == "second");
    first.commit();
    CHECK(hint_tests::read_file(folder / "a") == "first");
  }
  CHECK(folder.size() == 2);
  CHECK(hint_tests::read_file(folder / "a.0.part") == "left by a killed program");

  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'e'; ++c)
    threads.emplace_back([&folder, c] {
      for (int i = 0; i < 50; ++i) {
        io::atomic_file file(folder / "b");
        file.write(bytes_of(std::string(100, c)));
        file.commit();
      }
    });
  for (std::thread& t : threads) t.join();
  const std::string content = hint_tests::read_file(folder / "b");
  CHECK(content == std::string(100, content.at(0)));
  CHECK(folder.size() == 3);
}

TEST_CASE("atomic_file: used up after commit", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "a").string();
  io::atomic_file file(path);
  file.commit();
  CHECK_THROWS_MESSAGE(file.write({}), hint::invalid_argument,
                       "atomic_file: write after commit to " + path);
  CHECK_THROWS_MESSAGE(file.force(), hint::invalid_argument,
                       "atomic_file: force after commit to " + path);
  CHECK_THROWS_MESSAGE(file.commit(), hint::invalid_argument,
                       "atomic_file: second commit to " + path);
  CHECK(hint_tests::read_file(path).empty());
}

#if !defined(_WIN32)
TEST_CASE("atomic_file: errors name the path and the reason, and leave nothing", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string missing = (folder / "no" / "a").string();
  CHECK_THROWS_MESSAGE(io::atomic_file(missing), hint::io_error,
                       "cannot write " + missing + ": No such file or directory");

  std::filesystem::create_directory(folder / "taken");
  hint_tests::write_file(folder / "taken" / "x", "");
  const std::string taken = (folder / "taken").string();
  const auto replace_folder = [&] {
    io::atomic_file file(taken);
    file.write(bytes_of("x"));
    file.commit();
  };
  CHECK_THROWS_MESSAGE(replace_folder(), hint::io_error,
                       "cannot write " + taken + ": Is a directory");
  CHECK(folder.size() == 1);
}

TEST_CASE("atomic_file: a full disk leaves the old file", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "a").string();
  hint_tests::write_file(path, "old");
  const std::size_t size = GENERATE(5000U, 5000000U);  // found by commit, found by write
  const std::string content(size, 'x');
  std::string message;
  try {
    const hint_tests::file_size_limit full(4000);
    io::atomic_file file(path);
    file.write(bytes_of(content));
    file.commit();
  } catch (const hint::io_error& e) {
    message = e.what();
  }
  CHECK(message == "cannot write " + path + ": File too large");
  CHECK(hint_tests::read_file(path) == "old");
  CHECK(folder.size() == 1);
}
#endif

TEST_CASE("atomic_file: what was written can be written over, but not in a pipe", "[io]") {
  const hint_tests::temporary_folder folder;
  io::atomic_file file(folder / "a");
  file.write(bytes_of("hello world"));
  file.rewrite(6, bytes_of("W"));
  file.write(bytes_of("!"));
  file.commit();
  CHECK(hint_tests::read_file(folder / "a") == "hello World!");
  io::atomic_file direct(folder / "b", io::write_mode::direct);
  CHECK_THROWS_MESSAGE((direct.rewrite(0, bytes_of("x")), 0), hint::invalid_argument,
                       "atomic_file: no way back in " + (folder / "b").string());
}
