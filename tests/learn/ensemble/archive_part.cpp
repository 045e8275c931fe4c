// SPDX-License-Identifier: MIT
#include <concepts>
#include <cstddef>
#include <string>
#include <vector>

#include <hint/io/archive.hpp>
#include <hint/learn/ensemble/archive_part.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;
using writer = learn::detail::part_writer<io::archive_writer>;
using reader = learn::detail::part_reader<io::archive_reader>;

TEST_CASE("parts of an archive have the same names and do not meet", "[learn][ensemble]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "x.hint";
  io::archive_writer whole(1000);
  for (const int k : {1, 2}) {
    writer part(whole, "part" + std::to_string(k) + ".");
    part.meta("text", "abc" + std::to_string(k));
    part.meta("literal", "x");
    part.meta("number", 10 * k);
    part.array("values", std::vector<float>{1, 2, static_cast<float>(k)}, 1, 3);
    writer nested(part, std::string("inner."));
    nested.meta("number", k);
  }
  whole.save(path);

  const io::archive_reader file(path);
  for (const int k : {1, 2}) {
    const reader part(file, "part" + std::to_string(k) + ".");
    CHECK(part.meta("text") == "abc" + std::to_string(k));
    CHECK(part.number<int>("number") == 10 * k);
    CHECK(part.rows("values") == 1);
    CHECK(part.cols("values") == 3);
    CHECK(part.array<float>("values")[2] == static_cast<float>(k));
    CHECK(part.has("literal"));
    CHECK(!part.has("values"));
    CHECK(part.has_array("values"));
    CHECK(!part.has_array("text"));
    const learn::detail::part_reader inner(part, std::string("inner."));
    static_assert(std::same_as<decltype(inner), const reader>);
    CHECK(inner.number<int>("number") == k);
  }
  const reader none(file, "part3.");
  CHECK(!none.has("text"));
  CHECK_THROWS_MESSAGE(none.meta("text"), format_error, path.string() + ": no entry 'part3.text'");
  CHECK_THROWS_MESSAGE(none.array<float>("values"), format_error,
                       path.string() + ": no array 'part3.values'");
  CHECK_THROWS_MESSAGE(none.require(false, "it is ", 3), format_error, path.string() + ": it is 3");
  CHECK_THROWS_MESSAGE(writer(whole, "part1.").meta("text", "again"), invalid_argument,
                       "archive_writer: key 'part1.text' is taken");
}
