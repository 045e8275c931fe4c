// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/store/store_archive.hpp>

#include "support/catch.hpp"
#include "support/index_files.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;
using hint::code_set;
using hint::search::linear_scan;
using hint_tests::check_equal, hint_tests::check_grows_alike, hint_tests::falling,
    hint_tests::force_behind, hint_tests::id_list, hint_tests::refusal_of_load,
    hint_tests::refusal_of_map, hint_tests::rising, hint_tests::save_parts, hint_tests::some_codes;

TEST_CASE("store_archive: ids that repeat are refused, with the section and the reason") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  const std::string name = path.string();
  for (const bool ascending : {true, false}) {
    CAPTURE(ascending);
    const id_list second = ascending ? id_list{5, 9} : id_list{9, 5};
    save_parts(path, 64, {{some_codes(64, 3, 1), {1, 5, 7}}});
    linear_scan more(64);
    more.add(some_codes(64, 2, 2), second);
    const std::string before = hint_tests::read_file(path);
    CHECK_THROWS_MESSAGE(io::append(path, more), hint::invalid_argument,
                         name +
                             ": id 5 is in the file already, nothing was appended; "
                             "io::append_renumbered gives the ids that follow the largest in the "
                             "file");
    CHECK(hint_tests::read_file(path) == before);
    force_behind(path, more);
    const auto at = std::to_string(io::archive_reader::sections(path)[0].header().payload_offset +
                                   io::archive_reader::sections(path)[0].header().payload_bytes);
    CHECK(refusal_of_load(path) ==
          name + ": section 2 at byte " + at + ": linear_scan::add: id 5 is in the index already");
    CHECK(refusal_of_map(path) ==
          name + ": section 2 at byte " + at + ": linear_scan: id 5 comes twice");
    // Whoever skips the check believes the ids.
    CHECK(io::map<linear_scan>(path, io::checksum_check::skip).size() == 5);
  }
}

TEST_CASE("store_archive: what was added under running ids is renumbered when it is appended") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  for (const bool ascending : {true, false}) {
    CAPTURE(ascending);
    // Shards of running ids; the first may have had other ids, and the largest may be gone.
    linear_scan expected(64);
    expected.add(some_codes(64, 20, 1), ascending ? rising(20, 0) : falling(20, 0));
    expected.remove({57});
    io::save(path, expected);
    std::int64_t next = 58;
    for (const std::size_t n : {3U, 0U, 100U, 1U}) {
      linear_scan shard(64);
      shard.add(some_codes(64, n + 2, n));
      shard.remove({0, 2});
      CAPTURE(n);
      const std::string before = hint_tests::read_file(path);
      CHECK(io::append_renumbered(path, shard) == next);
      CHECK(hint_tests::read_file(path).substr(0, before.size()) == before);
      next += static_cast<std::int64_t>(shard.size());
      for (const std::int64_t id : shard.ids()) expected.add(shard.code(id));
      check_equal(io::load<linear_scan>(path), expected);
      check_equal(io::map<linear_scan>(path), expected);
    }
    check_grows_alike(io::load<linear_scan>(path), expected);
  }
  // Nothing before: from 0 on.
  io::save(path, linear_scan(64));
  linear_scan shard(64);
  shard.add(some_codes(64, 2, 1), {-7, 9});
  CHECK(io::append_renumbered(path, shard) == 0);
  CHECK(io::load<linear_scan>(path).ids() == id_list{0, 1});
  // Behind negative ids.
  save_parts(path, 64, {{some_codes(64, 2, 1), {-9, -5}}});
  CHECK(io::append_renumbered(path, shard) == -4);
  // The other refusals hold as well.
  const std::string before = hint_tests::read_file(path);
  CHECK_THROWS_MESSAGE(io::append_renumbered(path, linear_scan(65)), hint::format_error,
                       path.string() + ": section 1 at byte 0: bits is '64', cannot append '65'");
  CHECK(hint_tests::read_file(path) == before);
  save_parts(path, 64, {{some_codes(64, 1, 1), {(std::numeric_limits<std::int64_t>::max)() - 1}}});
  const std::string full = hint_tests::read_file(path);
  CHECK_THROWS_MESSAGE(io::append_renumbered(path, shard), hint::invalid_argument,
                       "linear_scan::append: no 2 ids follow the largest so far, "
                       "9223372036854775806");
  CHECK(hint_tests::read_file(path) == full);
  io::save(path, code_set(64, 3));
  CHECK_THROWS_MESSAGE(io::append_renumbered(path, shard), hint::format_error,
                       path.string() + ": holds codes, cannot append index");
}

TEST_CASE("store_archive: several may append renumbered at once") {
#if defined(_WIN32)
  WARN("skipped: appending does not lock the file on this system");
#else
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  io::save(path, linear_scan(64));
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&path, t] {
      for (int i = 0; i < 10; ++i) {
        linear_scan shard(64);
        shard.add(some_codes(64, 5, 1));
        io::append_renumbered(path, shard);
        if (t == 0 && i % 3 == 0) io::compact<linear_scan>(path);
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(io::map<linear_scan>(path).ids() == [] {
    id_list all(150);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
    return all;
  }());
#endif
}

TEST_CASE("store_archive: many sections of ids in any order are mapped, compacted and equal one") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  const std::size_t sections = 200, each = 20;
  const hint::random_stream random(4, 4);
  linear_scan expected(64);
  for (std::size_t s = 0; s < sections; ++s) {
    id_list ids(each);
    for (std::size_t i = 0; i < each; ++i)
      ids[i] = static_cast<std::int64_t>(random.bits(s * each + i) >> 2);
    linear_scan part(64);
    part.add(some_codes(64, each, s), ids);
    expected.add(some_codes(64, each, s), ids);
    if (s == 0)
      io::save(path, part);
    else
      io::append(path, part);
  }
  const linear_scan mapped = io::map<linear_scan>(path);
  CHECK(mapped.ids() == expected.ids());
  CHECK(mapped.search(some_codes(64, 9, 1), 50) == expected.search(some_codes(64, 9, 1), 50));
  CHECK(io::load<linear_scan>(path).ids() == expected.ids());

  CHECK(io::compact<linear_scan>(path) == sections);
  CHECK(io::archive_reader::sections(path).size() == 1);
  check_equal(io::map<linear_scan>(path), expected);
  check_grows_alike(io::load<linear_scan>(path), expected);
  CHECK(mapped.ids() == expected.ids());  // the old file lives on
  const std::string compacted = hint_tests::read_file(path);
  io::save(path, expected);
  CHECK(hint_tests::read_file(path) == compacted);
  CHECK(io::compact<linear_scan>(path) == 1);
  CHECK(hint_tests::read_file(path) == compacted);
  CHECK(folder.size() == 1);

  // What cannot be loaded is left alone.
  force_behind(path, expected);
  const std::string twice = hint_tests::read_file(path);
  CHECK_THROWS_AS(io::compact<linear_scan>(path), hint::format_error);
  CHECK_THROWS_AS(io::compact<linear_scan>(folder / "missing"), hint::io_error);
  CHECK(hint_tests::read_file(path) == twice);
  CHECK(folder.size() == 1);
}

TEST_CASE("store_archive: appending what does not fit is refused, and changes nothing") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  linear_scan index(64);
  index.add(some_codes(64, 3, 1));
  io::save(path, index);
  const std::string before = hint_tests::read_file(path);
  CHECK_THROWS_MESSAGE(io::append(path, linear_scan(65)), hint::format_error,
                       path.string() + ": bits is '64', cannot append '65'");
  CHECK(hint_tests::read_file(path) == before);
  io::archive_writer other(linear_scan::archive_kind);
  other.meta("type", "something_else");
  CHECK_THROWS_MESSAGE(io::append(path, other), hint::format_error,
                       path.string() + ": type is 'linear_scan', cannot append 'something_else'");
  CHECK(hint_tests::read_file(path) == before);
  io::save(path, code_set(64, 3));
  CHECK_THROWS_MESSAGE(io::append(path, index), hint::format_error,
                       path.string() + ": holds codes, cannot append index");
  CHECK_THROWS_MESSAGE(io::map<linear_scan>(path), hint::format_error,
                       path.string() + ": holds codes, expected index");
}

TEST_CASE("store_archive: sections of other bits or of another type are refused") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  linear_scan index(64);
  index.add(some_codes(64, 3, 1));
  io::save(path, index);
  const std::string first = hint_tests::read_file(path);
  const std::string start =
      path.string() + ": section 2 at byte " + std::to_string(first.size()) + ": ";
  io::save(path, linear_scan(65));
  hint_tests::write_file(path, first + hint_tests::read_file(path));
  CHECK(refusal_of_load(path) == start + "codes have 65 bits, those before 64");
  CHECK(refusal_of_map(path) == start + "codes have 65 bits, those before 64");
  io::archive_writer other(linear_scan::archive_kind);
  other.meta("type", "something_else");
  other.save(path);
  hint_tests::write_file(path, first + hint_tests::read_file(path));
  const std::string reason = "type is 'something_else', expected 'linear_scan'";
  CHECK(refusal_of_load(path) == start + reason);
  CHECK(refusal_of_map(path) == start + reason);
}

TEST_CASE("store_archive: a file that lies is refused, or harmless where it is believed") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "index";
  const std::string name = path.string() + ": ";
  const std::size_t most = (std::numeric_limits<std::size_t>::max)();
  struct {
    std::size_t bits = 64;
    std::size_t rows = 2;
    std::size_t block_rows = 4;
    std::size_t block_cols = 8;
    id_list ids{1, 2};
    std::uint64_t word = 0;
    bool ascend = true;
  } honest;
  const auto write = [&](const auto& lie) {
    io::archive_writer w(linear_scan::archive_kind);
    w.meta("type", "linear_scan");
    w.meta("bits", lie.bits);
    w.meta("rows", lie.rows);
    w.meta("largest_id", 2);
    w.meta("ids_ascend", lie.ascend);
    w.array("blocks", std::vector<std::uint64_t>(lie.block_rows * lie.block_cols, lie.word),
            lie.block_rows, lie.block_cols);
    w.array("ids", lie.ids, lie.ids.size(), 1);
    w.save(path);
  };
  write(honest);
  CHECK(io::map<linear_scan>(path).size() == 2);
  const auto refuses = [&](const auto& lie, const std::string& reason) {
    write(lie);
    CHECK(refusal_of_load(path) == name + reason);
    CHECK(refusal_of_map(path) == name + reason);
    CHECK(refusal_of_map(path, io::checksum_check::skip) == name + reason);
  };
  auto lie = honest;
  lie.rows = 3;
  refuses(lie, "array 'ids' is 2 x 1, expected 3 x 1");
  lie.rows = most;
  refuses(lie, "array 'ids' is 2 x 1, expected 18446744073709551615 x 1");
  lie = honest;
  lie.block_rows = 3;
  refuses(lie, "array 'blocks' is 3 x 8, expected 4 x 8 for 2 codes of 64 bits");
  lie = honest;
  lie.bits = 65;
  refuses(lie, "array 'blocks' is 4 x 8, expected 4 x 16 for 2 codes of 65 bits");
  lie = honest;
  lie.bits = most;
  refuses(lie, "bits is 18446744073709551615, expected 1 to 16384");
  lie = honest;
  lie.rows = 33;
  lie.ids = rising(33, 0);
  refuses(lie, "array 'blocks' is 4 x 8, expected 8 x 8 for 33 codes of 64 bits");

  // Twice the same id: found unless the file says that they ascend.
  lie = honest;
  lie.ids = {1, 1};
  lie.ascend = false;
  write(lie);
  CHECK(refusal_of_load(path) == name + "linear_scan::add: id 1 comes twice");
  CHECK(refusal_of_map(path) == name + "linear_scan: id 1 comes twice");
  // Values that are believed when they are mapped lead to nothing worse than wrong answers.
  lie.ascend = true;
  write(lie);
  CHECK(io::map<linear_scan>(path).search(code_set(64, 5), 3)[0].size() == 2);
  lie = honest;
  lie.ids = {2, 1};
  write(lie);
  CHECK(io::map<linear_scan>(path).search(code_set(64, 5), 3)[0].size() == 2);
  lie = honest;
  lie.bits = 60;
  lie.word = ~std::uint64_t{0};  // bits beyond the end of codes
  write(lie);
  CHECK(refusal_of_load(path) ==
        name + "linear_scan::add: code 0 of codes has bits set past its end, bit 59");
  const linear_scan mapped = io::map<linear_scan>(path);
  for (const std::size_t n : {1U, 4U, 5U}) {
    CHECK(mapped.search(code_set(60, n), 3)[0].size() == 2);
    CHECK(mapped.search_radius(code_set(60, n), 60).size() == n);
    CHECK(mapped.histograms(code_set(60, n)).size() == n);
  }
}
