// SPDX-License-Identifier: MIT
#include <hint/search/store/store_archive.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;
using hint::code_set;
using hint::search::linear_scan;

namespace {

using id_list = std::vector<std::int64_t>;

/// Codes with many equal distances: only the last bits vary.
code_set some_codes(std::size_t bits, std::size_t n, std::uint64_t seed) {
  code_set codes(bits, n);
  const hint::random_stream random(seed, bits);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < (std::min<std::size_t>)(bits, 12); ++j)
      codes.set_bit(i, bits - 1 - j, random.below(12 * i + j, 2) == 1);
  return codes;
}
id_list rising(std::size_t n, std::int64_t from) {
  id_list ids(n);
  for (std::size_t i = 0; i < n; ++i) ids[i] = from + 3 * static_cast<std::int64_t>(i);
  return ids;
}
id_list falling(std::size_t n, std::int64_t from) {
  id_list ids = rising(n, from);
  std::reverse(ids.begin(), ids.end());
  return ids;
}

/// That two indexes hold the same and give the same results.
void check_equal(const linear_scan& found, const linear_scan& expected) {
  REQUIRE(found.bits() == expected.bits());
  CHECK(found.size() == expected.size());
  CHECK(found.ids() == expected.ids());
  const code_set queries = some_codes(expected.bits(), 7, 99);
  hint::thread_pool pool{2};
  const hint::context ctx{pool};
  const auto odd = [](std::int64_t id) { return id % 2 != 0; };
  for (const std::size_t k : {std::size_t{1}, std::size_t{10}, expected.size() + 1})
    CHECK(found.search(queries, k) == expected.search(queries, k));
  CHECK(found.search(queries, 10, odd, ctx) == expected.search(queries, 10, odd));
  CHECK(found.search_radius(queries, 3) == expected.search_radius(queries, 3));
  CHECK(found.histograms(queries) == expected.histograms(queries));
  for (const std::int64_t id : expected.ids())
    if (!found.contains(id) || found.code(id) != expected.code(id)) FAIL("id " << id);
  CHECK_FALSE(found.contains(-1234567));
}
/// That it goes on like the original: with the next id, and refusing those that are there.
void check_grows_alike(linear_scan found, linear_scan expected) {
  const code_set more = some_codes(expected.bits(), 3, 7);
  for (linear_scan* index : {&found, &expected}) {
    index->add(more);
    if (index->contains(5)) {
      CHECK_THROWS_AS(index->add(more.view().slice(0, 1), {5}), hint::invalid_argument);
      index->add(more.view().slice(0, 1), {5}, hint::search::duplicates::replace);
    }
    index->remove({8, -5, 2});
  }
  check_equal(found, expected);
}
/// Saved by parts of these sizes: one section each.
void save_parts(const std::filesystem::path& path, std::size_t bits,
                const std::vector<std::pair<code_set, id_list>>& parts) {
  for (std::size_t p = 0; p < parts.size(); ++p) {
    linear_scan part(bits);
    part.add(parts[p].first, parts[p].second);
    if (p == 0)
      io::save(path, part);
    else
      io::append(path, part);
  }
}
/// Puts the bytes of a file with this index behind those of another, unasked.
void force_behind(const std::filesystem::path& path, const linear_scan& part) {
  const std::string before = hint_tests::read_file(path);
  io::save(path, part);
  hint_tests::write_file(path, before + hint_tests::read_file(path));
}
std::string refusal_of_load(const std::filesystem::path& path) {
  return hint_tests::message_of<hint::format_error>(
      [&] { static_cast<void>(io::load<linear_scan>(path)); });
}
std::string refusal_of_map(const std::filesystem::path& path,
                           io::checksum_check check = io::checksum_check::verify) {
  return hint_tests::message_of<hint::format_error>(
      [&] { static_cast<void>(io::map<linear_scan>(path, check)); });
}

}  // namespace

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
