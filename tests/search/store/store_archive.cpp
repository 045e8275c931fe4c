// SPDX-License-Identifier: MIT
#include <hint/search/store/store_archive.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"
#include "support/index_files.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;
using hint::code_set;
using hint::search::linear_scan;
using hint_tests::check_equal, hint_tests::check_grows_alike, hint_tests::falling,
    hint_tests::id_list, hint_tests::rising, hint_tests::save_parts, hint_tests::some_codes;

TEST_CASE("store_archive: what linear_scan can do with files") {
  STATIC_REQUIRE(io::savable<linear_scan> && io::loadable<linear_scan>);
  STATIC_REQUIRE(io::mappable<linear_scan> && io::appendable<linear_scan>);
}

TEST_CASE("store_archive: saved, loaded, mapped and appended equal the original") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  for (const std::size_t bits : {1U, 16U, 48U, 63U, 64U, 65U, 200U, 4096U, 16384U}) {
    // Sections of whole and part groups of rows, with none, one and many; ids that rise throughout,
    // within each section only, and not at all.
    const std::array<std::size_t, 5> sizes{33, 0, 1, 64, 500};
    for (const int order : {0, 1, 2}) {
      CAPTURE(bits, order);
      linear_scan whole(bits);
      std::vector<std::pair<code_set, id_list>> parts;
      for (std::size_t p = 0; p < sizes.size(); ++p) {
        const auto step = static_cast<std::int64_t>(order == 1 ? sizes.size() - p : p);
        const std::int64_t from = -10 + 10000 * step;
        parts.emplace_back(some_codes(bits, sizes[p], p),
                           order == 2 ? falling(sizes[p], from) : rising(sizes[p], from));
        whole.add(parts[p].first, parts[p].second);
        save_parts(path, bits, parts);
        check_equal(io::load<linear_scan>(path), whole);
        check_equal(io::map<linear_scan>(path), whole);
        check_equal(io::map<linear_scan>(path, io::checksum_check::skip), whole);
      }
      CHECK(io::archive_reader::sections(path).size() == sizes.size());
      check_grows_alike(io::load<linear_scan>(path), whole);
      check_grows_alike(io::map<linear_scan>(path), whole);
      // A mapped index can be saved, also over its own file, and makes one section of all.
      const linear_scan mapped = io::map<linear_scan>(path);
      io::save(path, mapped);
      check_equal(mapped, whole);
      CHECK(io::archive_reader::sections(path).size() == 1);
      check_equal(io::load<linear_scan>(path), whole);
      const std::string once = hint_tests::read_file(path);
      io::save(path, whole);
      CHECK(hint_tests::read_file(path) == once);
    }
  }
}

TEST_CASE("store_archive: an index of nothing") {
  const hint_tests::temporary_folder folder;
  const linear_scan nothing(70);
  io::save(folder / "index", nothing);
  check_equal(io::load<linear_scan>(folder / "index"), nothing);
  check_equal(io::map<linear_scan>(folder / "index"), nothing);
  check_grows_alike(io::map<linear_scan>(folder / "index"), nothing);
  io::append(folder / "index", nothing);
  check_equal(io::load<linear_scan>(folder / "index"), nothing);
  check_equal(io::map<linear_scan>(folder / "index"), nothing);
  linear_scan one(70);
  one.add(some_codes(70, 1, 3), {5});
  io::append(folder / "index", one);
  check_equal(io::load<linear_scan>(folder / "index"), one);
  check_equal(io::map<linear_scan>(folder / "index"), one);
}

TEST_CASE("store_archive: a mapped index searches the file itself") {
  const hint_tests::temporary_folder folder;
  linear_scan index(128);
  index.add(some_codes(128, 100, 1));
  io::save(folder / "index", index);
  const linear_scan mapped = io::map<linear_scan>(folder / "index");
  CHECK(mapped.store().mapped());
  REQUIRE(mapped.store().chunk_count() == 1);
  CHECK(reinterpret_cast<std::uintptr_t>(mapped.store().chunk(0).blocks()) % 64 == 0);
  CHECK_FALSE(io::load<linear_scan>(folder / "index").store().mapped());
}

TEST_CASE("store_archive: short codes take their own bytes, ids that follow each other none") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  const std::size_t n = 6400;
  for (const auto& [bits, bytes] : std::vector<std::pair<std::size_t, std::size_t>>{
           {8, 1}, {16, 2}, {24, 3}, {32, 4}, {48, 6}, {64, 8}, {96, 12}, {128, 16}}) {
    CAPTURE(bits);
    linear_scan index(bits);
    index.add(some_codes(bits, n, 1));
    io::save(path, index);
    CHECK(std::filesystem::file_size(path) <= bytes * n + 512);
    const linear_scan mapped = io::map<linear_scan>(path);
    CHECK(mapped.store().mapped());
    CHECK(reinterpret_cast<std::uintptr_t>(mapped.store().chunk(0).blocks()) % 64 == 0);
    CHECK(mapped.store().chunk(0).layout() == index.store().chunk(0).layout());
    CHECK(mapped.search(some_codes(bits, 9, 99), 70) == index.search(some_codes(bits, 9, 99), 70));
    CHECK(mapped.ids() == index.ids());
  }
}

TEST_CASE("store_archive: short codes of the first format are searched where they lie") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  for (const std::size_t bits : {8U, 60U, 100U}) {
    CAPTURE(bits);
    const auto layout = hint::search::detail::code_layout::by_words(bits);
    const code_set codes = some_codes(bits, 333, 1);
    hint::aligned_buffer<std::uint64_t> blocks(layout.room(333));
    layout.put(codes, 0, blocks.data());
    io::archive_writer w(linear_scan::archive_kind);
    w.meta("type", "linear_scan");
    w.meta("bits", bits);
    w.meta("rows", 333);
    w.meta("largest_id", 2000);
    w.meta("ids_ascend", true);
    w.array("blocks", std::move(blocks), layout.padded(333) / 8, 8 * layout.words());
    w.array("ids", rising(333, 0), 333, 1);
    w.save(path);
    CHECK(io::archive_reader(path).header().version == 1);
    linear_scan expected(bits);
    expected.add(codes, rising(333, 0));
    const linear_scan mapped = io::map<linear_scan>(path);
    CHECK(mapped.store().mapped());
    check_equal(mapped, expected);
    check_equal(io::load<linear_scan>(path), expected);
    // A section of the new format behind it, and codes in memory behind both.
    linear_scan more(bits);
    more.add(some_codes(bits, 70, 2), rising(70, 5000));
    io::append(path, more);
    expected.add(some_codes(bits, 70, 2), rising(70, 5000));
    check_equal(io::map<linear_scan>(path), expected);
    check_grows_alike(io::map<linear_scan>(path), expected);
    check_grows_alike(io::load<linear_scan>(path), expected);
    // Saved anew, all is in the new format.
    io::save(path, io::map<linear_scan>(path));
    check_equal(io::map<linear_scan>(path), expected);
    CHECK(io::archive_reader(path).has_array("planes") == (bits != 60));
  }
}

TEST_CASE("store_archive: removed rows are left out") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  linear_scan index(65);
  index.add(some_codes(65, 300, 1));
  id_list removed;
  for (std::int64_t id = 0; id < 300; id += 7) removed.push_back(id);
  CHECK(index.remove(removed) == removed.size());
  index.remove({299});
  io::save(path, index);
  const auto reader = io::archive_reader(path);
  CHECK(reader.number<std::size_t>("rows") == index.size());
  CHECK(reader.rows("id_offsets") == index.size());
  check_equal(io::load<linear_scan>(path), index);
  check_equal(io::map<linear_scan>(path), index);
  // The id of the last, which was removed, is not given again.
  linear_scan grown = io::load<linear_scan>(path);
  grown.add(code_set(65, 1));
  CHECK(grown.ids().back() == 300);
  // What is removed in a section can come back in a later one.
  linear_scan back(65);
  back.add(some_codes(65, removed.size(), 2), removed);
  io::append(path, back);
  index.add(some_codes(65, removed.size(), 2), removed);
  check_equal(io::load<linear_scan>(path), index);
  check_equal(io::map<linear_scan>(path), index);
}

TEST_CASE("store_archive: changes to a mapped index leave the file alone") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  const std::size_t bits = 100;
  for (const bool ascending : {true, false}) {
    CAPTURE(ascending);
    const id_list first = ascending ? rising(200, 0) : falling(200, 0);
    save_parts(path, bits,
               {{some_codes(bits, 200, 1), first}, {some_codes(bits, 50, 2), rising(50, 5000)}});
    const std::string before = hint_tests::read_file(path);
    linear_scan mapped = io::map<linear_scan>(path);
    linear_scan loaded = io::load<linear_scan>(path);
    const linear_scan snapshot = mapped;
    const linear_scan original = loaded;
    for (linear_scan* index : {&mapped, &loaded}) {
      CHECK(index->remove({0, 3, 5000, -7}) == 3);
      index->add(some_codes(bits, 40, 4));
      index->add(some_codes(bits, 1, 5), {6}, hint::search::duplicates::replace);
      index->remove({9, 5003});
      index->add(some_codes(bits, 2, 6), {0, -7});
    }
    check_equal(mapped, loaded);
    check_equal(snapshot, original);
    CHECK(mapped.remove(rising(200, 0)) == 198);  // more than half
    CHECK(loaded.remove(rising(200, 0)) == 198);
    check_equal(mapped, loaded);
    CHECK(hint_tests::read_file(path) == before);
    check_equal(io::map<linear_scan>(path), original);
  }
}

TEST_CASE("store_archive: copies of a mapped index outlive it, and the file") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  save_parts(path, 64,
             {{some_codes(64, 70, 1), rising(70, 0)}, {some_codes(64, 70, 2), falling(70, 1000)}});
  const linear_scan loaded = io::load<linear_scan>(path);
  std::optional<linear_scan> mapped = io::map<linear_scan>(path);
  const linear_scan copy = *mapped;
  linear_scan more(64);
  more.add(some_codes(64, 5, 3), rising(5, 9000));
  io::append(path, more);
  check_equal(*mapped, loaded);
  mapped.reset();
  std::filesystem::remove(path);
  check_equal(copy, loaded);
}
