// SPDX-License-Identifier: MIT
// Searches and trees of hint::base, to the last bit as everywhere else: the digests were made by g++ 12 on
// x86-64. Needs neither Catch2 nor Eigen, so that it runs wherever a compiler and an emulator are.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <span>
#include <vector>

#include <hint/core.hpp>
#include <hint/io.hpp>
#include <hint/search.hpp>
#include <hint/tree.hpp>

namespace {

int failures = 0;

void expect(const char* what, std::uint64_t found, std::uint64_t expected) {
  std::printf("%-12s %016llx\n", what, static_cast<unsigned long long>(found));
  if (found == expected) return;
  std::printf("             %016llx was expected\n", static_cast<unsigned long long>(expected));
  ++failures;
}

/// Codes in groups, so that there are ties and near ones: every bit differs from the group's by chance 1/8.
hint::code_set codes(std::size_t bits, std::size_t count, std::uint64_t seed) {
  const hint::random_stream groups{seed, 0}, flips{seed, 1};
  hint::code_set out(bits, count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < bits; ++j) {
      const std::uint64_t at = i * bits + j;
      const bool flip = (flips.bits(at) & 7) == 0;
      out.set_bit(i, j, ((groups.bits(i % 20 * bits + j) & 1) != 0) != flip);
    }
  return out;
}

void add(hint::io::xxh64& sum, std::uint64_t x) { sum.update(std::as_bytes(std::span(&x, 1))); }

void add(hint::io::xxh64& sum, const hint::search::hits& found) {
  for (std::size_t q = 0; q < found.size(); ++q)
    for (const auto& [distance, id] : found[q]) {
      add(sum, distance);
      add(sum, static_cast<std::uint64_t>(id));
    }
}

std::uint64_t searches(hint::context& ctx) {
  hint::io::xxh64 sum;
  for (const std::size_t bits : {1U, 7U, 32U, 64U, 65U, 128U, 200U, 512U, 1024U, 4096U}) {
    const hint::code_set database = codes(bits, 700, bits), queries = codes(bits, 12, bits + 1);
    hint::search::linear_scan scan{bits};
    hint::search::multi_index tables{bits};
    scan.add(database);
    tables.add(database);
    const auto found = scan.search(queries, 20, hint::search::accept_all{}, ctx);
    add(sum, found);
    hint::io::xxh64 one, other;
    add(one, found);
    add(other, tables.search(queries, 20, hint::search::accept_all{}, ctx));
    expect("multi_index", other.digest(), one.digest());
  }
  return sum.digest();
}

std::uint64_t files(hint::context& ctx) {
  const auto path = std::filesystem::temp_directory_path() / "hint_digests.hint";
  hint::search::linear_scan scan{128};
  scan.add(codes(128, 300, 5));
  hint::io::save(path, scan);
  hint::io::xxh64 sum;
  {
    const auto mapped = hint::io::load<hint::search::linear_scan>(path);
    add(sum, mapped.search(codes(128, 5, 6), 9, hint::search::accept_all{}, ctx));
  }
  std::filesystem::remove(path);
  return sum.digest();
}

template <class Builder>
std::uint64_t tree(const Builder& build) {
  const hint::random_stream random{11, 0};
  std::vector<hint::weighted_edge> edges;
  for (std::uint32_t i = 1; i < 400; ++i)
    for (std::uint32_t k = 0; k < 4; ++k) {
      const auto j = static_cast<std::uint32_t>(random.below(4 * i + k, i));
      if (k == 0 || i % 8 == j % 8) edges.push_back({i, j, 1.0 + 0.25 * k});
    }
  const hint::tree::encoding_tree found =
      build(hint::relation_graph::from_edges(400, edges, hint::duplicate_edges::sum));
  hint::io::xxh64 sum;
  for (hint::node_id v = 0; v < found.size(); ++v) add(sum, found.parent(v));
  return sum.digest();
}

}  // namespace

int main() {
  hint::thread_pool pool{2};
  hint::context ctx{pool};
  expect("searches", searches(ctx), 0x47e2e6c5c613c9f0);
  expect("files", files(ctx), 0xaf21ef7f34c21e20);
  expect("tree::paper", tree(hint::tree::paper()), 0x197129ba9971f061);
  expect("tree::fast", tree(hint::tree::fast()), 0x1bdb39312df43c3c);
  return failures == 0 ? 0 : 1;
}
