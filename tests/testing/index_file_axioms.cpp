// SPDX-License-Identifier: MIT
// The axioms hold for the library's indexes, and find those that break them.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/multi_index.hpp>
#include <hint/testing/index_file_axioms.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::code_set;
using hint::search::linear_scan;
using names = std::vector<std::string>;

namespace {

const auto file = std::filesystem::temp_directory_path() / "hint_test_index_file_axioms.hint";

/// Saves itself badly.
template <class Defect>
struct broken : linear_scan {
  using linear_scan::linear_scan;
  broken(linear_scan scan) : linear_scan(std::move(scan)) {}  // NOLINT
  template <class Writer>
  void write(Writer& archive) const {
    Defect::changed(*this).linear_scan::write(archive);
  }
  template <class Reader>
  static broken read(std::span<const Reader> sections) {
    return broken(linear_scan::read(sections));
  }
};
struct no_defect {
  static linear_scan changed(const linear_scan& index) { return index; }
};
struct loses_a_code {
  static linear_scan changed(linear_scan index) {
    const auto ids = index.ids();
    if (!ids.empty()) index.remove({ids.front()});
    return index;
  }
};
struct counts_anew {  // forgets that an id was given before
  static linear_scan changed(const linear_scan& index) {
    linear_scan fresh(index.bits());
    for (const auto id : index.ids()) fresh.add(index.code(id), {id});
    return fresh;
  }
};

struct appends_anything : linear_scan {
  using linear_scan::linear_scan;
  template <class Reader>
  static appends_anything read(std::span<const Reader> sections) {
    appends_anything out(70);
    static_cast<linear_scan&>(out) = linear_scan::read(sections);
    return out;
  }
  template <class Reader>
  void expects_new_to(std::span<const Reader>) const {}
  template <class Writer, class Reader>
  std::int64_t write_renumbered(Writer& archive, std::span<const Reader>) const {
    write(archive);
    return 0;
  }
};

template <class Index>
names violated() {
  Index index(70);
  index.add(random_codes(70, 90, hint::random_stream(3, 0)));
  index.remove({5, 89});
  return hint::testing::violated_index_file_axioms(
      index, random_codes(70, 5, hint::random_stream(3, 1)), file);
}

}  // namespace

TEST_CASE("the axioms of files name what an index breaks") {
  CHECK(violated<broken<no_defect>>() == names{});
  CHECK(violated<broken<counts_anew>>() == names{"running ids", "append renumbered"});
  CHECK(violated<appends_anything>() == names{"append ids", "append renumbered"});
  const names lost = violated<broken<loses_a_code>>();
  REQUIRE_FALSE(lost.empty());
  CHECK(lost.front() == "load");
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("an index that never had an id has none after loading") {
  linear_scan index(8);
  hint::io::save(file, index);
  for (auto same : {index, hint::io::load<linear_scan>(file), hint::io::map<linear_scan>(file)}) {
    same.add(code_set(8, 1), {-10});
    same.add(code_set(8, 1));
    CHECK(same.ids() == std::vector<std::int64_t>{-10, -9});
  }
  std::filesystem::remove(file);
}

TEMPLATE_TEST_CASE("indexes survive their files", "", linear_scan, hint::search::multi_index,
                   hint::search::automatic) {
  const std::uint64_t seed = 8;
  CAPTURE(seed);
  for (const std::size_t bits : {1U, 64U, 100U, 128U, 16384U}) {
    for (const std::size_t n : {0U, 1U, 32U, 500U}) {
      const hint::random_stream random(seed, bits + n);
      const code_set queries = random_codes(bits, 4, random.fork(1));
      TestType index(bits);
      index.add(random_codes(bits, n, random.fork(0)));
      CAPTURE(bits, n);
      CHECK(hint::testing::violated_index_file_axioms(index, queries, file) == names{});
      // Ids in no order, some codes removed.
      index.add(queries, {-5, 1'000'000, -7, 77'777});
      index.remove({0, 3, -7});
      CHECK(hint::testing::violated_index_file_axioms(index, queries, file) == names{});
    }
  }
}
