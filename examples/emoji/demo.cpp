// SPDX-License-Identifier: MIT
/// \file
/// The demo of `hint`: learns to find emoji by words and words by emoji, measures how well, and leaves
/// a page (emoji.html), the figures (emoji.json) and what emoji_search needs.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/phase_profile.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/learn/cvh.hpp>
#include <hint/learn/hint.hpp>

#include "arguments.hpp"
#include "catalogue.hpp"
#include "engine.hpp"
#include "files.hpp"
#include "font.hpp"
#include "learning.hpp"
#include "page.hpp"
#include "progress.hpp"
#include "showcase.hpp"
#include "split.hpp"

namespace {

using namespace emoji;
using hint::detail::concat;

class stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// The library's defaults but for the size of the problem: a thousand items have few near neighbours
/// each, the own pair counts for more, and a colder softmax keeps look-alikes apart, so that a query
/// for one of them finds it. Lambda is measured, as in the paper. Chosen without labels, by how often
/// 300 emoji of training concepts, set apart for that, found their own pair.
hint::learn::hint_options options_for(std::size_t bits) {
  auto options = hint::learn::hint_options::fused(bits);
  options.proxies.max_members = 5;
  options.proxies.self_weight = 4;
  options.hash.temperature = 0.15;
  options.curriculum.kind = hint::align::mixing_kind::measured_gap;
  return options;
}

/// Draws all emoji; those that this font lacks leave the catalogue.
std::vector<bitmap> draw(catalogue& emoji, const font& pictures) {
  std::vector<bitmap> out;
  std::erase_if(emoji.items, [&](const item& it) {
    bitmap b = pictures.render(it.code_points);
    const bool lacks = b.empty();
    if (!lacks) out.push_back(std::move(b));
    return lacks;
  });
  return out;
}

std::string with_version(std::string_view package, std::string_view else_known) {
  const std::string version = package_version(package);
  return version.empty() ? std::string(else_known) : concat(version, " (", else_known, ")");
}

std::vector<chart> draw_charts(const std::vector<hint::learn::epoch_record>& epochs,
                               std::vector<series> curves) {
  chart loss{"Loss",  "InfoNCE of codes against the proxies' signs, mean of each epoch.",
             "epoch", "loss",
             {},      true};
  chart lambda{
      "Curriculum", "\xCE\xBB: how far apart the proxies of the two modalities still are (MMD).",
      "epoch",      "\xCE\xBB",
      {},           true};
  series total{"loss", "a", {}};
  series image{"image", "a", {}};
  series text{"text", "b", {}};
  for (const auto& e : epochs) {
    const auto x = static_cast<double>(e.epoch);
    total.points.emplace_back(x, e.loss);
    image.points.emplace_back(x, e.term("lambda image"));
    text.points.emplace_back(x, e.term("lambda text"));
  }
  loss.lines = {total};
  lambda.lines = {image, text};
  chart pr{"Precision and recall",
           "By group: how pure the answers stay while more of the group are found.",
           "recall",
           "precision",
           std::move(curves),
           true};
  return {loss, lambda, pr};
}

std::string figures_json(const findings& f) {
  std::string out = "{\n";
  const auto number = [&](const std::string& name, double value) {
    out += concat("  \"", name, "\": ", fixed(value, 6), ",\n");
  };
  for (const auto& r : f.results) {
    const std::string prefix = r.method == "chance" ? "chance_" : r.method == "CVH" ? "cvh_" : "";
    for (std::size_t d = 0; d < 2; ++d) {
      const std::string direction = d == 0 ? "i2t" : "t2i";
      number(concat(prefix, "map_", direction, "_group"), r.map_group[d]);
      number(concat(prefix, "map_", direction, "_subgroup"), r.map_subgroup[d]);
      number(concat(prefix, "recall_at_1_", direction), r.recall_at_1[d]);
      number(concat(prefix, "recall_at_10_", direction), r.recall_at_10[d]);
      number(concat(prefix, "recall_at_100_", direction), r.recall_at_100[d]);
    }
  }
  return out + concat("  \"items\": ", f.items, ",\n  \"training\": ", f.training,
                      ",\n  \"held_out\": ", f.held_out, ",\n  \"bits\": ", f.bits,
                      ",\n  \"seconds\": ", fixed(f.seconds, 2), "\n}\n");
}

void print_table(const findings& f) {
  std::printf(
      "\n  Held out: %zu emoji of concepts that training never saw; database: the %zu training "
      "emoji; %zu bits\n  Own pair: among the first of all held out\n\n"
      "  %-8s  %-18s  %-18s  %-18s  %-18s  %-18s\n  %-8s",
      f.held_out, f.training, f.bits, "", "MAP by group", "MAP by subgroup", "own pair, first",
      "own pair, 10", "own pair, 100", "");
  for (int k = 0; k < 5; ++k) std::printf("  img->txt  txt->img");
  std::printf("  training\n");
  for (const auto& r : f.results) {
    std::printf("  %-8s", r.method.c_str());
    for (const auto* v :
         {&r.map_group, &r.map_subgroup, &r.recall_at_1, &r.recall_at_10, &r.recall_at_100})
      std::printf("  %-8.3f  %-8.3f", (*v)[0], (*v)[1]);
    if (r.seconds > 0) std::printf("  %.1f s", r.seconds);
    std::printf("\n");
  }
  std::printf("\n");
}

void print_indented(const std::string& lines) {
  for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1)
    std::printf("    %s\n", lines.substr(at, lines.find('\n', at) - at).c_str());
}

void run(const arguments& a) {
  const stopwatch all;
  findings f;
  progress say;
  hint::thread_pool pool{a.threads};
  hint::context ctx{pool};
  ctx.observer = say;
  ctx.seed = a.seed;
  f.bits = a.bits;
  std::filesystem::create_directories(a.folder);
  const auto finished = [&](const std::string& name, const stopwatch& watch,
                            const std::string& note = {}) {
    f.phases.emplace_back(name, watch.seconds());
    say.done(name, watch.seconds(), note);
  };

  std::printf("1  Read and draw what is installed\n");
  stopwatch reading;
  catalogue emoji = read_catalogue(a.catalogue);
  const font pictures(a.font.empty() ? font::find() : a.font);
  const std::vector<bitmap> bitmaps = draw(emoji, pictures);
  const split parts = hold_out(emoji, (std::min)(std::size_t{500}, emoji.items.size() / 3), a.seed);
  f.items = emoji.items.size();
  f.training = parts.training.size();
  f.held_out = parts.held_out.size();
  f.concepts = parts.concepts;
  std::string languages;
  for (const auto& l : emoji.languages) languages += (languages.empty() ? "" : " ") + l;
  f.facts = {{"fonts-noto-color-emoji", with_version("fonts-noto-color-emoji", pictures.version())},
             {"unicode-cldr-core", with_version("unicode-cldr-core", "CLDR " + emoji.cldr_version)},
             {"unicode-data", with_version("unicode-data", "Emoji " + emoji.emoji_version)},
             {"Languages", languages},
             {"Emoji", concat(f.items, " of ", f.concepts, " concepts, ", emoji.groups.size(),
                              " groups, ", emoji.subgroups.size(), " subgroups")},
             {"Threads, seed", concat(pool.concurrency(), ", ", a.seed)}};
  for (const auto& [name, value] : f.facts)
    std::printf("    %-23s %s\n", name.c_str(), value.c_str());
  for (const auto& l : emoji.missing_languages)
    std::printf("    (the CLDR has no annotations for %s)\n", l.c_str());
  finished("read and draw", reading);
  stopwatch measuring;
  const dense raw = raw_image_features(bitmaps);
  const features data(emoji, raw, parts.training, a.seed);
  finished("features", measuring,
           concat(data.image.cols(), " of images; of texts ", data.text.cols(), " from ",
                  data.words.size(), " words"));

  std::printf("2  Learn from %zu emoji, keep %zu apart\n", f.training, f.held_out);
  const auto pairs = data.pairs(parts.training);
  stopwatch linear;
  // Of 0.01, 0.1, 1 and 10 the strength that found most own pairs, see options_for.
  const auto cvh = hint::learn::cvh{{.bits = a.bits, .regularization = 1}}.fit(pairs, ctx);
  const double cvh_seconds = linear.seconds();
  finished("CVH", linear);
  stopwatch training;
  hint::phase_profile profile;
  hint::observers both{say, profile};
  hint::context watched = ctx;
  watched.observer = both;
  const auto model = hint::learn::hint{options_for(a.bits)}.fit(pairs, watched);
  const double hint_seconds = training.seconds();
  finished("HINT", training);
  print_indented(profile.text());
  stopwatch judging;
  const all_codes cvh_codes = encode(cvh, data, ctx);
  const all_codes codes = encode(model, data, ctx);
  const all_codes chance = chance_codes(f.items, a.bits);
  f.results = {evaluate("chance", chance, emoji, parts, 0, ctx),
               evaluate("CVH", cvh_codes, emoji, parts, cvh_seconds, ctx),
               evaluate("HINT", codes, emoji, parts, hint_seconds, ctx)};
  f.charts = draw_charts(
      model.record().epochs,
      {precision_recall("HINT, image \xE2\x86\x92 text", "a", codes, hint::image, emoji, parts,
                        ctx),
       precision_recall("HINT, text \xE2\x86\x92 image", "b", codes, hint::text, emoji, parts, ctx),
       precision_recall("CVH, image \xE2\x86\x92 text", "a dashed", cvh_codes, hint::image, emoji,
                        parts, ctx),
       precision_recall("CVH, text \xE2\x86\x92 image", "b dashed", cvh_codes, hint::text, emoji,
                        parts, ctx),
       precision_recall("chance", "dotted", chance, hint::image, emoji, parts, ctx)});
  finished("evaluation", judging);
  print_table(f);

  std::printf("3  Learn from all %zu emoji\n", f.items);
  stopwatch everything;
  std::vector<std::uint32_t> every_item(f.items);
  std::iota(every_item.begin(), every_item.end(), 0U);
  const features all_data(emoji, raw, every_item, a.seed);
  const auto all_model =
      hint::learn::hint{options_for(a.bits)}.fit(all_data.pairs(every_item), ctx);
  const all_codes every_code = encode(all_model, all_data, ctx);
  finished("HINT, all emoji", everything);

  std::printf("4  Answer, save, draw the page\n");
  stopwatch showing;
  const trained learnt{model, data, codes};
  const trained knows_all{all_model, all_data, every_code};
  f.text_queries = ask_words(learnt, knows_all, emoji, parts, ctx);
  f.picture_queries = ask_pictures(learnt, knows_all, emoji, parts, 8, ctx);
  if (all_model.tree()) f.communities = largest_communities(*all_model.tree(), emoji, 12);
  engine saved{
      all_model, index_of(every_code.image, every_item), all_data.words, all_data.latent, {}};
  for (const auto& it : emoji.items) saved.emoji.emplace_back(it.symbol, it.name());
  saved.save(a.folder);
  finished("answers", showing);
  for (const auto& q : f.text_queries) {
    std::printf("    %-20s", q.words.c_str());
    for (const auto& hit : q.all)
      std::printf(" %s %-2u", emoji.items[hit.item].symbol.c_str(), hit.distance);
    std::printf("\n");
  }
  f.seconds = all.seconds();
  write_file(a.folder / "emoji.html", render_page(f, emoji, bitmaps));
  f.seconds = all.seconds();
  write_file(a.folder / "emoji.json", figures_json(f));

  const auto& own = f.results.back();
  const auto& base = f.results.front();
  std::printf("\n");
  for (std::size_t d = 0; d < 2; ++d) {
    const char* direction = d == 0 ? "i2t" : "t2i";
    std::printf("FIGURE map_%s_group %.4f\nFIGURE map_%s_subgroup %.4f\n", direction,
                own.map_group[d], direction, own.map_subgroup[d]);
    std::printf("FIGURE map_%s_group_over_chance %.3f\nFIGURE map_%s_subgroup_over_chance %.3f\n",
                direction, own.map_group[d] / base.map_group[d], direction,
                own.map_subgroup[d] / base.map_subgroup[d]);
  }
  std::printf("FIGURE seconds %.2f\n\nThe page:     %s\nYour queries: %s \"red heart\"\n",
              f.seconds, (a.folder / "emoji.html").c_str(),
              (a.program_folder / "emoji_search").c_str());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const arguments a = parse_arguments(argc, argv);
    if (a.help)
      std::printf("%s", usage);
    else
      run(a);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "emoji_demo: %s\n", e.what());
    return 1;
  }
}
