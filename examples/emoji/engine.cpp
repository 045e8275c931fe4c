// SPDX-License-Identifier: MIT
#include "engine.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include <hint/core/error.hpp>
#include <hint/data/labels.hpp>
#include <hint/io/archive.hpp>
#include <hint/io/npy.hpp>
#include <hint/search/scored_search.hpp>

#include "files.hpp"
#include "learning.hpp"

namespace emoji {
namespace {

constexpr const char* model_file = "emoji.model";
constexpr const char* index_file = "emoji.index";
constexpr const char* words_file = "emoji.words";
constexpr const char* latent_file = "emoji.latent.npy";
constexpr const char* names_file = "emoji.names";

latent_space read_latent(const std::filesystem::path& path) {
  const auto array = hint::io::read_npy<float>(path);
  return latent_space(
      dense(Eigen::Map<const dense>(array.values.data(), static_cast<Eigen::Index>(array.rows()),
                                    static_cast<Eigen::Index>(array.cols()))));
}

}  // namespace

hint::search::linear_scan index_of(const hint::code_set& codes,
                                   std::span<const std::uint32_t> rows) {
  hint::search::linear_scan index(codes.bits());
  index.add(hint::data::select(codes, rows), rows);
  return index;
}

std::vector<std::vector<found>> nearest(const hint::search::linear_scan& index,
                                        const hint::learn::mlp_hasher& model, hint::modality query,
                                        const hint::data::block& rows, std::size_t k,
                                        const hint::context& ctx) {
  const auto real = model.project(query, rows, ctx);
  const std::span values(real.data(), static_cast<std::size_t>(real.size()));
  const auto hits = hint::search::search_scored(index, values, k, hint::search::accept_all{}, ctx);
  std::vector<std::vector<found>> out(hits.size());
  for (std::size_t q = 0; q < out.size(); ++q)
    for (const auto& hit : hits[q])
      out[q].push_back({static_cast<std::uint32_t>(hit.id), hit.distance, false});
  return out;
}

void engine::save(const std::filesystem::path& folder) const {
  std::string names;
  for (const auto& [symbol, name] : emoji) names += hint::detail::concat(symbol, "\t", name, "\n");
  hint::io::save(folder / model_file, model);
  hint::io::save(folder / index_file, pictures);
  words.save(folder / words_file);
  const dense& directions = latent.directions();
  const std::span<const float> numbers(directions.data(),
                                       static_cast<std::size_t>(directions.size()));
  hint::io::write_npy(
      folder / latent_file, numbers,
      {static_cast<std::size_t>(directions.rows()), static_cast<std::size_t>(directions.cols())});
  write_file(folder / names_file, names);
}

engine engine::load(const std::filesystem::path& folder) {
  const std::string names =
      read_file(folder / names_file, "; run emoji_demo first, it learns and saves");
  engine out{hint::io::load<hint::learn::mlp_hasher>(folder / model_file),
             hint::io::load<hint::search::linear_scan>(folder / index_file),
             vocabulary::load(folder / words_file),
             read_latent(folder / latent_file),
             {}};
  for (std::string_view rest = names; !rest.empty();) {
    const auto end = (std::min)(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    const auto tab = (std::min)(line.find('\t'), line.size());
    out.emoji.emplace_back(line.substr(0, tab), line.substr((std::min)(tab + 1, line.size())));
    rest.remove_prefix((std::min)(end + 1, rest.size()));
  }
  const auto& directions = out.latent.directions();
  const bool fits_together =
      out.words.size() == static_cast<std::size_t>(directions.rows()) &&
      out.model.cols(hint::text) == static_cast<std::size_t>(directions.cols());
  hint::expects<hint::format_error>(
      out.pictures.bits() == out.model.bits() && fits_together &&
          std::ranges::all_of(out.pictures.ids(),
                              [&](std::int64_t id) {
                                return id >= 0 && static_cast<std::size_t>(id) < out.emoji.size();
                              }),
      folder.string(),
      ": model, index, words and names do not belong together; run emoji_demo again");
  return out;
}

}  // namespace emoji
