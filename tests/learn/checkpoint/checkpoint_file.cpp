// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>

#include <hint/core/error.hpp>
#include <hint/core/version.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/checkpoint/checkpoint_file.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;
using learn::detail::checkpoint_file;

TEST_CASE("a checkpoint file belongs to its settings", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x";
  const checkpoint_file mine({.file = path, .every = 3}, {{"a", "1"}, {"b", "two words"}});
  CHECK(!mine.found());
  CHECK(!mine.due(1, false));
  CHECK(mine.due(1, true));
  CHECK(mine.due(6, false));
  mine.save([](io::archive_writer& to) { to.meta("position", 7); });
  REQUIRE(mine.found());
  CHECK(mine.found()->number<int>("position") == 7);
  CHECK(mine.found()->kind() == io::checkpoint_kind);

  const std::string begin = path.string() + ": the checkpoint is of other training: ";
  const std::string end = " (remove the file, or say resume::never, to begin anew)";
  CHECK_THROWS_MESSAGE(checkpoint_file({.file = path}, {{"a", "2"}, {"c", "x"}}).found(),
                       invalid_argument,
                       begin +
                           "a is 1 there and 2 here; b is two words there and nothing here; "
                           "c is nothing there and x here" +
                           end);
  CHECK(!checkpoint_file({.file = path, .resume = learn::resume::never}, {}).found());

  // What another version of the library wrote.
  io::archive_writer other(io::checkpoint_kind);
  other.meta("setting.a", "1");
  other.meta("setting.b", "two words");
  other.meta("setting.library", "0.0.1");
  other.save(path);
  CHECK_THROWS_MESSAGE(mine.found(), invalid_argument,
                       begin + "library is 0.0.1 there and " HINT_VERSION " here" + end);
}

TEST_CASE("a checkpoint that fails to be written leaves the one before", "[learn][checkpoint]") {
  const hint_tests::temporary_folder folder;
  const checkpoint_file mine({.file = folder / "x"}, {});
  mine.save([](io::archive_writer& to) { to.meta("position", 1); });
  CHECK_THROWS_AS(mine.save([](io::archive_writer& to) {
    to.meta("position", 2);
    throw error("no");
  }),
                  error);
  CHECK(mine.found()->number<int>("position") == 1);
  CHECK(folder.size() == 1);
}
