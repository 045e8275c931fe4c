// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/random.hpp>
#include <hint/search/store/code_chunk.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::code_set;
using hint::search::detail::code_chunk;
using hint::search::detail::code_layout;
using hint::search::detail::row_ids;
using id_list = std::vector<std::int64_t>;

namespace {

bool holds(const code_chunk& chunk, const code_set& codes, const id_list& ids) {
  if (chunk.rows() != ids.size()) return false;
  if (!std::equal(ids.begin(), ids.end(), chunk.ids().begin(), chunk.ids().end())) return false;
  code_set code(codes.bits(), 1);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    chunk.code(i, code[0]);
    if (!(code == code_set(codes.view().slice(i, 1)))) return false;
  }
  for (std::size_t i = ids.size(); i < chunk.layout().padded(ids.size()); ++i) {
    chunk.code(i, code[0]);
    if (!(code == code_set(codes.bits(), 1))) return false;
  }
  return true;
}
row_ids all_of(const id_list& ids) { return std::span<const std::int64_t>(ids); }

}  // namespace

TEST_CASE("a chunk keeps what is appended, and so does its clone") {
  for (const std::size_t bits : {8U, 100U, 128U}) {
    const auto codes = random_codes(bits, 100, hint::random_stream(1, 0));
    // Ids that follow each other up to some row, and are any from there on.
    for (const std::size_t followed : {0U, 1U, 20U, 72U, 100U}) {
      CAPTURE(bits, followed);
      id_list ids(100);
      for (std::size_t i = 0; i < 100; ++i)
        ids[i] = static_cast<std::int64_t>(i < followed ? 7 + i : 10 * (i ^ 3));
      code_chunk chunk(code_layout::best(bits));
      std::size_t n = 0;
      for (const std::size_t more : {1U, 0U, 31U, 40U, 28U}) {
        const row_ids next = all_of(ids).subspan(n, more);
        const auto copy = chunk.clone(n + more + 5, next);
        chunk.reserve(n + more, next);
        CHECK(chunk.room() >= more);
        CHECK(copy->room() >= more + 5);
        CHECK(holds(*copy, codes,
                    id_list(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(n))));
        chunk.append(codes.view().slice(n, more), next);
        copy->append(codes.view().slice(n, more), next);
        n += more;
        const id_list sofar(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(n));
        CHECK(holds(chunk, codes, sofar));
        CHECK(holds(*copy, codes, sofar));
        CHECK_FALSE(copy->mapped());
      }
    }
  }
}

TEST_CASE("a mapped chunk refers to the memory of others and keeps its keeper") {
  for (const code_layout& layout : {code_layout::best(60), code_layout::by_words(20),
                                    code_layout::best(20), code_layout::best(90)}) {
    const std::size_t bits = layout.words() > 1 ? 90 : 20;
    const auto codes = random_codes(bits, 40, hint::random_stream(2, 0));
    hint::aligned_buffer<std::uint64_t> blocks(layout.room(40));
    layout.put(codes, 0, blocks.data());
    id_list ids(40);
    for (std::size_t i = 0; i < 40; ++i) ids[i] = 10 * static_cast<std::int64_t>(i);
    auto keeper = std::make_shared<int>(1);
    {
      const code_chunk chunk(layout, blocks.data(), all_of(ids), keeper);
      CHECK(chunk.blocks() == blocks.data());
      CHECK(chunk.layout() == layout);
      CHECK(chunk.mapped());
      CHECK(keeper.use_count() == 2);
      CHECK(holds(chunk, codes, ids));
      CHECK(holds(*chunk.clone(50), codes, ids));
    }
    CHECK(keeper.use_count() == 1);
  }
}
