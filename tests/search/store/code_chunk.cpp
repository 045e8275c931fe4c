// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/random.hpp>
#include <hint/search/store/code_chunk.hpp>

#include "support/catch.hpp"
#include "support/random_codes.hpp"

using hint::code_set;
using hint::search::detail::code_chunk;

namespace {

bool holds(const code_chunk& chunk, const code_set& codes, std::size_t n) {
  if (chunk.rows() != n) return false;
  code_set code(codes.bits(), 1);
  for (std::size_t i = 0; i < n; ++i) {
    hint::search::detail::get_from_blocks(chunk.blocks(), i, code[0]);
    if (!(code == code_set(codes.view().slice(i, 1)))) return false;
    if (chunk.ids()[i] != 10 * static_cast<std::int64_t>(i)) return false;
  }
  for (std::size_t i = n; i < hint::search::detail::padded_rows(n); ++i) {
    hint::search::detail::get_from_blocks(chunk.blocks(), i, code[0]);
    if (!(code == code_set(codes.bits(), 1))) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a chunk keeps what is appended, and so does its clone") {
  const auto codes = random_codes(100, 100, hint::random_stream(1, 0));
  std::vector<std::int64_t> ids(100);
  for (std::size_t i = 0; i < 100; ++i) ids[i] = 10 * static_cast<std::int64_t>(i);
  code_chunk chunk(2);
  std::size_t n = 0;
  for (const std::size_t more : {1U, 0U, 31U, 40U, 28U}) {
    chunk.reserve(n + more);
    CHECK(chunk.room() >= more);
    chunk.append(codes.view().slice(n, more), std::span(ids).subspan(n, more));
    n += more;
    CHECK(holds(chunk, codes, n));
    const auto copy = chunk.clone(n + 5);
    CHECK(copy->room() >= 5);
    CHECK(holds(*copy, codes, n));
    CHECK_FALSE(copy->mapped());
  }
}

TEST_CASE("a mapped chunk refers to the memory of others and keeps its keeper") {
  const auto codes = random_codes(64, 40, hint::random_stream(2, 0));
  hint::aligned_buffer<std::uint64_t> blocks(hint::search::detail::block_words(1, 40));
  hint::search::detail::put_in_blocks(codes, 0, blocks.data());
  std::vector<std::int64_t> ids(40);
  for (std::size_t i = 0; i < 40; ++i) ids[i] = 10 * static_cast<std::int64_t>(i);
  auto keeper = std::make_shared<int>(1);
  {
    const code_chunk chunk(1, blocks.data(), ids, keeper);
    CHECK(chunk.blocks() == blocks.data());
    CHECK(chunk.mapped());
    CHECK(keeper.use_count() == 2);
    CHECK(holds(chunk, codes, 40));
    CHECK(holds(*chunk.clone(50), codes, 40));
  }
  CHECK(keeper.use_count() == 1);
}
