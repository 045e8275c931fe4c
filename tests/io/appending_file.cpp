// SPDX-License-Identifier: MIT
#include <hint/io/appending_file.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <hint/io/atomic_file.hpp>

#include "support/catch.hpp"
#include "support/file_size_limit.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;

using hint_tests::bytes_of;

TEST_CASE("appending_file: what is committed stays, behind what was there", "[io]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a", "old");
  {
    io::appending_file file(folder / "a");
    CHECK(file.former_size() == 3);
    file.write(bytes_of(" and "));
    file.write({});
    file.write(bytes_of("new"));
    file.commit();
  }
  CHECK(hint_tests::read_file(folder / "a") == "old and new");
  io::appending_file(folder / "a").commit();  // of nothing
  CHECK(hint_tests::read_file(folder / "a") == "old and new");
  CHECK(folder.size() == 1);
}

TEST_CASE("appending_file: without commit the file is as it was", "[io]") {
  const hint_tests::temporary_folder folder;
  for (const std::string old : {"", "old"}) {
    hint_tests::write_file(folder / "a", old);
    const auto interrupted = [&] {
      io::appending_file file(folder / "a");
      file.write(bytes_of("new"));
      CHECK(hint_tests::read_file(folder / "a") == old + "new");
      throw std::runtime_error("stop");
    };
    CHECK_THROWS_AS(interrupted(), std::runtime_error);
    CHECK(hint_tests::read_file(folder / "a") == old);
  }
}

TEST_CASE("appending_file: used up after commit", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "a").string();
  hint_tests::write_file(path, "old");
  io::appending_file file(path);
  file.commit();
  CHECK_THROWS_MESSAGE(file.write({}), hint::invalid_argument,
                       "appending_file: write after the end to " + path);
  CHECK_THROWS_MESSAGE(file.commit(), hint::invalid_argument,
                       "appending_file: commit after the end to " + path);
  CHECK(hint_tests::read_file(path) == "old");
}

#if !defined(_WIN32)
TEST_CASE("appending_file: errors name the path and the reason", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string missing = (folder / "a").string();
  CHECK_THROWS_MESSAGE(io::appending_file(missing), hint::io_error,
                       "cannot append to " + missing + ": No such file or directory");
  CHECK(folder.size() == 0);
  const std::string directory = folder.path().string();
  CHECK_THROWS_MESSAGE(io::appending_file(directory), hint::io_error,
                       "cannot append to " + directory + ": Is a directory");
}

TEST_CASE("appending_file: many at once wait for each other", "[io]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a", "");
  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'e'; ++c)
    threads.emplace_back([&folder, c] {
      for (int i = 0; i < 10; ++i) {
        io::appending_file file(folder / "a");
        for (int part = 0; part < 20; ++part) file.write(bytes_of(std::string(5, c)));
        if (i % 2 == 0) file.commit();  // the others take their part back
      }
    });
  for (std::thread& t : threads) t.join();
  const std::string content = hint_tests::read_file(folder / "a");
  REQUIRE(content.size() == 4 * 5 * 100);
  for (std::size_t i = 0; i < content.size(); i += 100)
    CHECK(content.substr(i, 100) == std::string(100, content[i]));
}

TEST_CASE("appending_file: who waited appends to what has taken the file's place", "[io]") {
  const hint_tests::temporary_folder folder;
  hint_tests::write_file(folder / "a", "old");
  std::thread other;
  {
    const io::appending_file first(folder / "a");
    other = std::thread([&folder] {
      io::appending_file file(folder / "a");
      file.write(bytes_of(" and more"));
      file.commit();
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // time to begin waiting
    io::atomic_file replacement(folder / "a");
    replacement.write(bytes_of("new"));
    replacement.commit();
  }
  other.join();
  CHECK(hint_tests::read_file(folder / "a") == "new and more");
}

TEST_CASE("appending_file: a full disk leaves the old bytes", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "a").string();
  const std::string old(3000, 'o');
  hint_tests::write_file(path, old);
  const rlim_t limit = GENERATE(3000U, 4000U);  // nothing fits, a part fits
  const std::size_t piece = GENERATE(100U, 5000000U);
  const std::string content(piece, 'x');
  std::string message;
  try {
    const hint_tests::file_size_limit full(limit);
    io::appending_file file(path);
    for (int i = 0; i < 20; ++i) file.write(bytes_of(content));
    file.commit();
  } catch (const hint::io_error& e) {
    message = e.what();
  }
  CHECK(message == "cannot append to " + path + ": File too large");
  CHECK(hint_tests::read_file(path) == old);
}
#endif
