// SPDX-License-Identifier: MIT
/// \file
/// Indexes saved to files: how they are made, compared and refused.
#ifndef HINT_TESTS_SUPPORT_INDEX_FILES_HPP
#define HINT_TESTS_SUPPORT_INDEX_FILES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/context.hpp>
#include <hint/core/random.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/linear_scan.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace hint_tests {

namespace io = hint::io;
using hint::code_set;
using hint::search::linear_scan;

using id_list = std::vector<std::int64_t>;

/// Codes with many equal distances: only the last bits vary.
inline code_set some_codes(std::size_t bits, std::size_t n, std::uint64_t seed) {
  code_set codes(bits, n);
  const hint::random_stream random(seed, bits);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < (std::min<std::size_t>)(bits, 12); ++j)
      codes.set_bit(i, bits - 1 - j, random.below(12 * i + j, 2) == 1);
  return codes;
}
inline id_list rising(std::size_t n, std::int64_t from) {
  id_list ids(n);
  for (std::size_t i = 0; i < n; ++i) ids[i] = from + 3 * static_cast<std::int64_t>(i);
  return ids;
}
inline id_list falling(std::size_t n, std::int64_t from) {
  id_list ids = rising(n, from);
  std::reverse(ids.begin(), ids.end());
  return ids;
}

/// That two indexes hold the same and give the same results.
inline void check_equal(const linear_scan& found, const linear_scan& expected) {
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
inline void check_grows_alike(linear_scan found, linear_scan expected) {
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
inline void save_parts(const std::filesystem::path& path, std::size_t bits,
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
inline void force_behind(const std::filesystem::path& path, const linear_scan& part) {
  const std::string before = hint_tests::read_file(path);
  io::save(path, part);
  hint_tests::write_file(path, before + hint_tests::read_file(path));
}
inline std::string refusal_of_load(const std::filesystem::path& path) {
  return hint_tests::message_of<hint::format_error>(
      [&] { static_cast<void>(io::load<linear_scan>(path)); });
}
inline std::string refusal_of_map(const std::filesystem::path& path,
                                  io::checksum_check check = io::checksum_check::verify) {
  return hint_tests::message_of<hint::format_error>(
      [&] { static_cast<void>(io::map<linear_scan>(path, check)); });
}

}  // namespace hint_tests

#endif
