// SPDX-License-Identifier: MIT
#include "page.hpp"

#include <algorithm>
#include <string_view>

#include <hint/core/error.hpp>

#include "page_style.hpp"
#include "sprite.hpp"

namespace emoji {
namespace {

using hint::detail::concat;

/// "1601" -> "1,601"
std::string grouped(std::size_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

class writer {
 public:
  writer(const findings& f, const catalogue& emoji) : f_(f), emoji_(emoji) {}

  std::string body() {
    return introduction() + words_to_pictures() + pictures_to_words() + results() + charts() +
           communities() + details();
  }
  [[nodiscard]] std::string style(std::span<const bitmap> bitmaps) const {
    return std::string(page_style) + sprite_.css(bitmaps);
  }

 private:
  std::string picture(std::uint32_t item) { return sprite_.html(item, emoji_.items[item].name()); }

  [[nodiscard]] std::string introduction() const {
    return concat(
        "<header><h1>Emoji search</h1><p class=\"lead\">Words find pictures, and pictures find "
        "words, by counting "
        "the bits in which two ",
        f_.bits, "-bit codes differ. The codes were learnt on this machine, in ",
        fixed(f_.seconds, 0),
        " seconds, from pairs of a picture and its description, without any label.</p>"
        "<div class=\"chips\"><span><b>",
        grouped(f_.items), "</b> emoji</span><span><b>", grouped(f_.training),
        "</b> to learn from</span><span><b>", grouped(f_.held_out), "</b> held out</span><span><b>",
        f_.bits, "</b> bits = ", (f_.bits + 7) / 8,
        " bytes each</span></div></header><main><div class=\"how\">"
        "<div class=\"card\"><h3>1. Two small networks</h3><p>One turns a bitmap (colours, layout, "
        "outlines), the "
        "other its words into a short code of zeros and ones.</p></div>"
        "<div class=\"card\"><h3>2. One set of codes</h3><p>Training pulls both codes of a pair "
        "towards each other, and towards those of its nearest neighbours.</p></div>"
        "<div class=\"card\"><h3>3. Search by counting bits</h3><p>The smaller the number under an "
        "answer, the fewer "
        "of its ",
        f_.bits, " bits differ; unrelated codes differ in about ", f_.bits / 2,
        ".</p></div></div>");
  }

  static std::string head(std::string_view asked, std::size_t held_out, std::size_t all,
                          std::string_view what) {
    return concat("<div class=\"row head\"><div>", asked, "</div><div><b>Held out</b>among ",
                  grouped(held_out), " ", what,
                  " that training never saw</div><div><b>All emoji</b>among all ", grouped(all),
                  " ", what, ", after training on them</div></div>");
  }

  std::string hits(const std::vector<found>& answers) {
    std::string out = "<div class=\"hits\">";
    for (const auto& a : answers)
      out += concat("<div class=\"hit", a.fits ? " fits" : "", "\">", picture(a.item), a.distance,
                    "</div>");
    return out + "</div>";
  }

  std::string words_to_pictures() {
    std::string out = concat(
        "<h2>Words find pictures</h2><p>The eight nearest bitmaps, with the number of differing "
        "bits. Green: the "
        "emoji's own description has the words of the query. The left column is the honest test: "
        "these pictures and "
        "their concepts were kept away from training, so it may hold no right answer at all. The "
        "right column is "
        "what a search engine over a known collection gives.</p><div class=\"card answers\">",
        head("Query", f_.held_out, f_.items, "pictures"));
    for (const auto& q : f_.text_queries)
      out += concat("<div class=\"row\"><div class=\"words\">", escape_html(q.words), "<small>",
                    q.language.empty() ? "" : escape_html(q.language) + " \xC2\xB7 ",
                    q.fitting == 0 ? "no" : grouped(q.fitting), " held-out emoji fit",
                    q.fitting <= 1 ? "s" : "", "</small></div>", hits(q.held_out), hits(q.all),
                    "</div>");
    return out + "</div>";
  }

  [[nodiscard]] std::string names(const std::vector<found>& answers) const {
    std::string out = "<ul class=\"names\">";
    for (const auto& a : answers)
      out += concat("<li", a.fits ? " class=\"fits\"" : "", "><span>", a.distance, "</span>",
                    escape_html(emoji_.items[a.item].name()), "</li>");
    return out + "</ul>";
  }

  std::string pictures_to_words() {
    std::string out = concat(
        "<h2>Pictures find words</h2><p>The other way round: the descriptions whose codes are "
        "nearest to a picture's "
        "code. The pictures were drawn at random from the held-out ones; green is the picture's "
        "own description.</p>"
        "<div class=\"card answers\">",
        head("Query", f_.held_out, f_.items, "descriptions"));
    for (const auto& q : f_.picture_queries)
      out += concat("<div class=\"row\"><div class=\"asked\">", picture(q.item), "</div>",
                    names(q.held_out), names(q.all), "</div>");
    return out + "</div>";
  }

  [[nodiscard]] std::string results() const {
    std::string out = concat(
        "<h2>How good is it?</h2><p>Queries are the ", grouped(f_.held_out),
        " held-out emoji, the database the ", grouped(f_.training),
        " training emoji. Mean average precision (MAP): 1 if all emoji of the query's group "
        "come first. Recall@1, 10, 100: how often the query's own other half is among so many "
        "nearest of all held out. "
        "Groups and subgroups of the Unicode list serve here alone, never in training.</p>"
        "<div class=\"card table\"><table><thead><tr><th></th><th colspan=\"2\">MAP by group</th>"
        "<th colspan=\"2\">MAP by subgroup</th><th colspan=\"2\">Recall@1, own "
        "pair</th><th colspan=\"2\">Recall@10</th><th colspan=\"2\">Recall@100</th>"
        "<th></th></tr><tr><th></th>");
    for (int k = 0; k < 5; ++k)
      out += "<th>image \xE2\x86\x92 text</th><th>text \xE2\x86\x92 image</th>";
    out += "<th>training</th></tr></thead><tbody>";
    for (const auto& r : f_.results) {
      out += concat("<tr><td>", escape_html(r.method), "</td>");
      for (const auto values : {&result::map_group, &result::map_subgroup, &result::recall_at_1,
                                &result::recall_at_10, &result::recall_at_100})
        for (std::size_t direction = 0; direction < 2; ++direction)
          out += cell(r, values, direction);
      out += concat("<td>", r.seconds > 0 ? fixed(r.seconds, 1) + " s" : "", "</td></tr>");
    }
    return out + "</tbody></table></div>";
  }

  [[nodiscard]] std::string cell(const result& r, std::array<double, 2> result::* values,
                                 std::size_t d) const {
    const double value = (r.*values)[d];
    const double chance = (f_.results.front().*values)[d];
    const bool best = std::all_of(f_.results.begin(), f_.results.end(),
                                  [&](const result& other) { return value >= (other.*values)[d]; });
    const bool is_chance = &r == &f_.results.front();
    return concat("<td", best ? " class=\"best\"" : "", ">", fixed(value, 3), "<small>",
                  is_chance || chance <= 0 ? "" : fixed(value / chance, 1) + "\xC3\x97",
                  "</small></td>");
  }

  [[nodiscard]] std::string charts() const {
    std::string out = "<h2>How it learnt</h2><div class=\"charts\">";
    for (const auto& c : f_.charts) out += render(c);
    return out + "</div>";
  }

  std::string communities() {
    std::string out =
        "<h2>What the encoding tree sees</h2><p>Before any training, a tree that makes the "
        "structural entropy of "
        "the neighbour graph small groups what belongs together, from pictures and words at once. "
        "Here are its "
        "largest communities with the largest branches of each, and the words that set them "
        "apart.</p>"
        "<div class=\"communities\">";
    for (const auto& c : f_.communities) {
      out += concat("<div class=\"card\"><h3>", escape_html(c.words), "<small>", grouped(c.size),
                    " emoji</small></h3>");
      for (const auto& part : c.parts) {
        out += "<div class=\"part\"><div>";
        for (const auto item : part.items) out += picture(item);
        out += concat("</div><small>", escape_html(part.words), " \xC2\xB7 ", grouped(part.size),
                      "</small></div>");
      }
      if (c.parts.empty())
        for (const auto item : c.items) out += picture(item);
      out += "</div>";
    }
    return out + "</div>";
  }

  [[nodiscard]] std::string details() const {
    std::string out =
        "<h2>Where the time went, and what went in</h2><div class=\"two\"><div class=\"card\"><dl>";
    double longest = 0;
    for (const auto& [name, seconds] : f_.phases) longest = (std::max)(longest, seconds);
    for (const auto& [name, seconds] : f_.phases)
      out += concat("<dt>", escape_html(name), "</dt><dd><i class=\"bar\" style=\"width:",
                    fixed(longest > 0 ? 65 * seconds / longest : 0, 1), "%\"></i>",
                    fixed(seconds, 1), " s</dd>");
    out += "</dl></div><div class=\"card\"><dl>";
    for (const auto& [name, value] : f_.facts)
      out += concat("<dt>", escape_html(name), "</dt><dd>", escape_html(value), "</dd>");
    return out +
           "</dl></div></div></main><footer>Pictures: Noto Color Emoji, \xC2\xA9 Google, SIL Open "
           "Font License 1.1, read "
           "from the installed font. Names, keywords and groups: \xC2\xA9 Unicode, Inc., Unicode "
           "License, read from the "
           "installed CLDR and emoji-test.txt; reduced to single words for this page. Neither "
           "endorses this "
           "page.</footer>";
  }

  const findings& f_;
  const catalogue& emoji_;
  sprite sprite_;
};

}  // namespace

std::string render_page(const findings& f, const catalogue& emoji,
                        std::span<const bitmap> bitmaps) {
  hint::expects<hint::shape_error>(bitmaps.size() == emoji.items.size(),
                                   "render_page: ", bitmaps.size(), " bitmaps for ",
                                   emoji.items.size(), " emoji");
  hint::expects(!f.results.empty(), "render_page: no results, expected chance at least");
  writer page(f, emoji);
  const std::string body = page.body();
  return concat(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Emoji "
      "search</title><style>",
      page.style(bitmaps), "</style></head><body>", body, "</body></html>\n");
}

}  // namespace emoji
