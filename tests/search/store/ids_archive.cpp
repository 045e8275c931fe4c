// SPDX-License-Identifier: MIT
#include <hint/search/store/ids_archive.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"
#include "support/index_files.hpp"
#include "support/random_codes.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;
using hint::code_set;
using hint::search::linear_scan;
using hint_tests::id_list, hint_tests::refusal_of_load, hint_tests::refusal_of_map;

TEST_CASE("ids_archive: ids take as little as they can, and are what they were") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  const auto file_of = [&](const id_list& ids) {
    linear_scan index(64);
    index.add(random_codes(64, ids.size(), hint::random_stream(1, 0)), ids);
    io::save(path, index);
    for (linear_scan found : {io::load<linear_scan>(path), io::map<linear_scan>(path)}) {
      CHECK(found.ids() == ids);
      CHECK(found.search(code_set(64, 1), 100) == index.search(code_set(64, 1), 100));
      for (const std::int64_t id : ids)
        if (!found.contains(id) || found.code(id) != index.code(id)) FAIL("id " << id);
      linear_scan grown = index;
      for (linear_scan* one : {&found, &grown}) {
        one->add(code_set(64, 1));
        one->add(code_set(64, 2), {ids.empty() ? 0 : ids[0], -99},
                 hint::search::duplicates::replace);
      }
      CHECK(found.ids() == grown.ids());
    }
    return io::archive_reader(path);
  };
  constexpr std::int64_t least = (std::numeric_limits<std::int64_t>::min)();
  constexpr std::int64_t most = (std::numeric_limits<std::int64_t>::max)() - 10;
  id_list ids(100);
  for (std::size_t i = 0; i < 100; ++i) ids[i] = -20 + static_cast<std::int64_t>(i);
  auto file = file_of(ids);
  CHECK(file.number<std::int64_t>("first_id") == -20);
  CHECK(file.arrays().size() == 1);
  CHECK(file.header().version == 2);
  // Runs that leave gaps, and of which one comes too early.
  for (std::size_t i = 0; i < 100; ++i) ids[i] += i < 30 ? 1000 : i < 60 ? 0 : 500;
  file = file_of(ids);
  CHECK(file.rows("id_runs") == 3);
  CHECK(file.arrays().size() == 2);
  // Too many runs.
  for (std::size_t i = 0; i < 100; ++i) ids[i] += static_cast<std::int64_t>(i / 10);
  file = file_of(ids);
  CHECK(file.rows("id_offsets") == 100);
  CHECK(file.number<std::int64_t>("least_id") == 13);
  CHECK(file.arrays().size() == 2);
  file = file_of({7, 7 + 4294967295, 8});
  CHECK(file.has_array("id_offsets"));
  // Too far apart.
  for (const id_list& far : {id_list{7, 7 + 4294967296, 8}, id_list{most, least}}) {
    file = file_of(far);
    CHECK(file.rows("ids") == far.size());
    CHECK(file.header().version == 1);
  }
  CHECK(file_of({5}).number<std::int64_t>("first_id") == 5);
  CHECK(file_of({}).rows("ids") == 0);
}

TEST_CASE("ids_archive: running ids that end with the last of all") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  constexpr std::int64_t last = (std::numeric_limits<std::int64_t>::max)();
  for (const id_list& ids : {id_list{last}, id_list{last - 2, last - 1, last}}) {
    linear_scan index(64);
    index.add(random_codes(64, ids.size(), hint::random_stream(1, 1)), ids);
    io::save(path, index);
    CHECK(io::load<linear_scan>(path).ids() == ids);
    CHECK(io::map<linear_scan>(path).ids() == ids);
  }
}

TEST_CASE("ids_archive: ids of a file that lies are refused, or harmless where they are believed") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  const std::string name = path.string() + ": ";
  const auto write = [&](std::size_t rows, bool ascend, auto&& put_ids) {
    io::archive_writer w(linear_scan::archive_kind);
    w.meta("type", "linear_scan");
    w.meta("bits", 16);
    w.meta("rows", rows);
    w.meta("ids_ascend", ascend);
    w.array("planes", std::vector<std::uint8_t>(128), 1, 128);
    put_ids(w);
    w.save(path);
  };
  const auto refuses = [&](const std::string& reason) {
    CHECK(refusal_of_load(path) == name + reason);
    CHECK(refusal_of_map(path) == name + reason);
    CHECK(refusal_of_map(path, io::checksum_check::skip) == name + reason);
  };
  const auto first = [](std::int64_t id) { return [id](auto& w) { w.meta("first_id", id); }; };
  const auto runs = [](const id_list& list) {
    return [&list](auto& w) { w.array("id_runs", list, list.size() / 2, 2); };
  };
  write(3, true, first(5));
  CHECK(io::load<linear_scan>(path).ids() == id_list{5, 6, 7});
  write(65, true, first(0));
  refuses("array 'planes' is 1 x 128, expected 2 x 128 for 65 codes of 16 bits");
  write(3, true, first((std::numeric_limits<std::int64_t>::max)() - 1));
  refuses("entry 'first_id' is 9223372036854775806, which no 3 ids can begin with");
  write(1, true, first((std::numeric_limits<std::int64_t>::max)()));
  CHECK(io::load<linear_scan>(path).contains((std::numeric_limits<std::int64_t>::max)()));
  write(2, true, first((std::numeric_limits<std::int64_t>::max)()));
  refuses("entry 'first_id' is 9223372036854775807, which no 2 ids can begin with");
  write((std::numeric_limits<std::size_t>::max)(), true, first(5));
  refuses("entry 'first_id' is 5, which no 18446744073709551615 ids can begin with");
  write(3, true, [](auto&) {});
  refuses("no array 'ids'");
  for (const id_list& bad : {id_list{}, id_list{1, 7}, id_list{0, 7, 0, 9}, id_list{0, 7, 3, 9},
                             id_list{0, 7, -1, 9}, id_list{0, 7, 2, 9, 1, 20}}) {
    write(3, true, runs(bad));
    refuses("array 'id_runs' does not begin with row 0 and ascend to rows below 3");
  }
  write(3, true, [](auto& w) { w.array("id_runs", id_list{0, 1, 2}, 1, 3); });
  refuses("array 'id_runs' is 1 x 3, expected 2 columns");
  write(3, true, [](auto& w) {
    w.meta("least_id", 4);
    w.array("id_offsets", std::vector<std::uint32_t>{1, 2}, 2, 1);
  });
  refuses("array 'id_offsets' is 2 x 1, expected 3 x 1");
  // Runs that overlap, and numbers that run over: found when they are loaded or do not ascend.
  const id_list twice{0, 7, 2, 8};
  write(3, false, runs(twice));
  CHECK(refusal_of_load(path) == name + "linear_scan::add: id 8 comes twice");
  CHECK(refusal_of_map(path) == name + "linear_scan: id 8 comes twice");
  const id_list over{0, (std::numeric_limits<std::int64_t>::max)() - 1};
  write(3, true, runs(over));
  CHECK(io::map<linear_scan>(path).search(code_set(16, 5), 3)[0].size() == 3);
  CHECK(io::map<linear_scan>(path).histograms(code_set(16, 5)).size() == 5);

  // Long codes are not in planes, whatever the file says.
  io::archive_writer w(linear_scan::archive_kind);
  w.meta("type", "linear_scan");
  w.meta("bits", 64);
  w.meta("rows", 1);
  w.meta("ids_ascend", true);
  w.meta("first_id", 0);
  w.array("planes", std::vector<std::uint8_t>(512), 1, 512);
  w.save(path);
  refuses("codes of 64 bits are in array 'planes', expected 'blocks'");
}
