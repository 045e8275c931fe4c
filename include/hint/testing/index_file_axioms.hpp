// SPDX-License-Identifier: MIT
/// \file
/// What an index that is saved, loaded, mapped and appended to has to keep, as executable checks.
#ifndef HINT_TESTING_INDEX_FILE_AXIOMS_HPP
#define HINT_TESTING_INDEX_FILE_AXIOMS_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/io/archive.hpp>
#include <hint/search/concepts.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/merge.hpp>

namespace hint { inline namespace HINT_ABI { namespace testing {

namespace detail {

[[nodiscard]] inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace detail

/// Runs every axiom on an index, which it does not change, with these queries of its length; `path` is
/// a file that the checks may write and that is removed at the end. Returns the names of the axioms
/// that do not hold: empty is good. For small indexes; no id may be 10^18 or more.
///
/// | name | axiom |
/// |---|---|
/// | load | the loaded index finds what the saved one finds |
/// | running ids | and gives the same ids to codes that are added |
/// | bytes | saved again, it gives the same bytes |
/// | map | (io::mappable) searched in place it finds the same |
/// | map changes | (io::mappable) what is added to a mapped index and removed from it leaves the file alone |
/// | append | (io::appendable) a file that was appended to holds what both indexes hold |
/// | append map | (io::mappable) in place as well |
/// | append ids | (with `expects_new_to`) an index whose ids are in the file is refused and changes nothing |
/// | append renumbered | (io::renumberable) as if the codes had been added without ids |
template <search::removable Index>
  requires io::savable<Index> && io::loadable<Index>
[[nodiscard]] std::vector<std::string> violated_index_file_axioms(
    const Index& index, const code_view& queries, const std::filesystem::path& path) {
  std::vector<std::string> violated;
  const auto holds = [&](const char* axiom, bool good) {
    if (!good && (violated.empty() || violated.back() != axiom)) violated.emplace_back(axiom);
  };
  const struct remover {
    const std::filesystem::path& file;
    ~remover() {
      std::error_code ignored;
      std::filesystem::remove(file, ignored);
    }
  } at_end{path};

  const std::size_t all = index.size() + queries.size();
  const auto found_by = [&](const Index& some) { return some.search(queries, all); };
  const search::hits found = found_by(index);
  const auto grown = [&](Index some) {
    some.add(queries);
    return found_by(some);
  };
  io::save(path, index);
  const std::string saved = detail::bytes_of(path);
  {
    const auto loaded = io::load<Index>(path);
    holds("load", loaded.bits() == index.bits() && loaded.size() == index.size() &&
                      found_by(loaded) == found);
    holds("running ids", grown(loaded) == grown(index));
    io::save(path, loaded);
    holds("bytes", detail::bytes_of(path) == saved);
  }

  // The queries under ids of their own, as a second index.
  std::vector<std::int64_t> ids(queries.size());
  for (std::size_t i = 0; i < ids.size(); ++i)
    ids[i] = std::int64_t{1'000'000'000'000'000'000} + static_cast<std::int64_t>(i);
  Index more(index.bits());
  more.add(queries, std::span<const std::int64_t>(ids));
  const std::vector<search::hits> parts{found, found_by(more)};
  const search::hits both = search::merge(parts);

  if constexpr (io::mappable<Index>) {
    auto mapped = io::map<Index>(path);
    holds("map", mapped.size() == index.size() && found_by(mapped) == found);
    const Index copy = mapped;
    mapped.add(queries, std::span<const std::int64_t>(ids));
    holds("map changes", found_by(mapped) == both);
    mapped.remove(std::span<const std::int64_t>(ids));
    holds("map changes", found_by(mapped) == found && mapped.size() == index.size());
    mapped = Index(index.bits());
    holds("map changes", found_by(copy) == found && detail::bytes_of(path) == saved);
  }
  if constexpr (io::appendable<Index>) {
    io::append(path, more);
    const auto loaded = io::load<Index>(path);
    holds("append", loaded.size() == all && found_by(loaded) == both);
    holds("append", detail::bytes_of(path).substr(0, saved.size()) == saved);
    if constexpr (io::mappable<Index>) holds("append map", found_by(io::map<Index>(path)) == both);
    if constexpr (io::detail::looks_before_append<Index>) {
      const std::string before = detail::bytes_of(path);
      bool refused = more.size() == 0;
      try {
        if (!refused) io::append(path, more);
      } catch (const invalid_argument&) {
        refused = true;
      }
      holds("append ids", refused && detail::bytes_of(path) == before);
    }
    if constexpr (io::renumberable<Index>) {
      io::save(path, index);
      io::append_renumbered(path, more);
      holds("append renumbered", found_by(io::load<Index>(path)) == grown(index));
    }
  }
  return violated;
}

}}}  // namespace hint::HINT_ABI::testing

#endif
