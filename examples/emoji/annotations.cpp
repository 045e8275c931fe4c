// SPDX-License-Identifier: MIT
#include "annotations.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include <hint/core/error.hpp>

#include "files.hpp"
#include "unicode.hpp"

namespace emoji {
namespace {

constexpr std::string_view white = " \t\r\n";

std::string_view trim(std::string_view s) {
  const auto first = s.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(white) - first + 1);
}

/// Reads XML from left to right; every failure names the file and the byte.
class scanner {
 public:
  scanner(std::string_view xml, std::string_view source) : xml_(xml), source_(source) {}

  /// Moves behind the next "<" of an opening tag; false at the end. Comments, declarations and
  /// closing tags are skipped.
  bool next_tag() {
    for (;;) {
      at_ = xml_.find('<', at_);
      if (at_ == std::string_view::npos) return false;
      ++at_;
      if (starts("!--"))
        skip_to("-->");
      else if (starts("?"))
        skip_to("?>");
      else if (starts("!") || starts("/"))
        skip_to(">");
      else
        return true;
    }
  }
  std::string_view name() {
    const std::size_t first = at_;
    at_ = (std::min)(xml_.find_first_of(" \t\r\n=/>", at_), xml_.size());
    if (at_ == first) fail("a name");
    return xml_.substr(first, at_ - first);
  }
  /// The next attribute of the open tag; false when the tag has ended, which `self_closed` tells how.
  bool attribute(std::string_view& key, std::string& value) {
    at_ = (std::min)(xml_.find_first_not_of(white, at_), xml_.size());
    if (starts("/>")) {
      at_ += 2;
      self_closed = true;
      return false;
    }
    if (starts(">")) {
      ++at_;
      self_closed = false;
      return false;
    }
    key = name();
    if (!starts("=\"") && !starts("='")) fail("=\"value\"");
    const char quote = xml_[at_ + 1];
    at_ += 2;
    value = text_until(quote);
    ++at_;
    return true;
  }
  /// The text up to `end`, entities replaced.
  std::string text_until(char end) {
    std::string out;
    for (; at_ < xml_.size() && xml_[at_] != end; ++at_) {
      if (xml_[at_] == '<') fail(quoted(end));
      if (xml_[at_] == '&')
        append_utf8(out, entity());
      else
        out += xml_[at_];
    }
    if (at_ == xml_.size()) fail(quoted(end));
    return out;
  }
  void expect(std::string_view text) {
    if (!starts(text)) fail(text);
    at_ += text.size();
  }

  bool self_closed = false;

 private:
  static std::string quoted(char c) { return std::string(1, c); }
  [[nodiscard]] bool starts(std::string_view s) const { return xml_.substr(at_).starts_with(s); }
  void skip_to(std::string_view end) {
    const auto found = xml_.find(end, at_);
    if (found == std::string_view::npos) fail(end);
    at_ = found + end.size();
  }
  /// Stops at the entity's semicolon.
  char32_t entity() {
    const auto semicolon = xml_.find(';', at_);
    if (semicolon == std::string_view::npos || semicolon - at_ > 10)
      fail("an entity such as &amp;");
    std::string_view e = xml_.substr(at_ + 1, semicolon - at_ - 1);
    char32_t c = 0;
    if (e == "amp")
      c = U'&';
    else if (e == "lt")
      c = U'<';
    else if (e == "gt")
      c = U'>';
    else if (e == "quot")
      c = U'"';
    else if (e == "apos")
      c = U'\'';
    else if (e.starts_with("#")) {
      const bool hex = e.starts_with("#x");
      e.remove_prefix(hex ? 2 : 1);
      std::uint32_t number = 0;
      const auto read = std::from_chars(e.data(), e.data() + e.size(), number, hex ? 16 : 10);
      if (read.ec == std::errc{} && read.ptr == e.data() + e.size() && number < 0x110000)
        c = number;
    }
    if (c == 0) fail("an entity such as &amp;");
    at_ = semicolon;
    return c;
  }
  [[noreturn]] void fail(std::string_view expected) const {
    throw hint::format_error(
        hint::detail::concat(source_, ": byte ", at_, ": expected ", expected));
  }

  std::string_view xml_;
  std::string_view source_;
  std::size_t at_ = 0;
};

std::vector<std::string> split_keywords(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto bar = (std::min)(text.find('|'), text.size());
    if (const auto keyword = trim(text.substr(0, bar)); !keyword.empty()) out.emplace_back(keyword);
    text.remove_prefix((std::min)(bar + 1, text.size()));
  }
  return out;
}

}  // namespace

void parse_annotations(std::string_view xml, std::string_view source, annotation_map& out) {
  hint::expects<hint::format_error>(xml.find("<ldml>") != std::string_view::npos, source,
                                    ": not an annotation file of the CLDR, it has no <ldml>");
  scanner in(xml, source);
  while (in.next_tag()) {
    const bool wanted = in.name() == "annotation";
    std::string_view key;
    std::string value;
    std::string code_points;
    bool is_name = false;
    while (in.attribute(key, value)) {
      if (key == "cp") code_points = value;
      if (key == "type") is_name = value == "tts";
    }
    if (!wanted || in.self_closed) continue;
    const std::string body = in.text_until('<');
    in.expect("</annotation>");
    const std::string_view text = trim(body);
    if (code_points.empty() || text.empty() || text == "\u2191\u2191\u2191") continue;
    std::u32string id = from_utf8(code_points);
    std::erase(id, variation_selector_16);
    annotation& entry = out[id];
    if (is_name) {
      if (entry.name.empty()) entry.name = text;
    } else if (entry.keywords.empty()) {
      entry.keywords = split_keywords(text);
    }
  }
}

annotation_map read_annotations(const std::filesystem::path& common, const std::string& language) {
  annotation_map out;
  const auto main = common / "annotations" / (language + ".xml");
  const auto derived = common / "annotationsDerived" / (language + ".xml");
  constexpr std::string_view advice =
      "; it comes with the package unicode-cldr-core (option --cldr names another folder)";
  parse_annotations(read_file(main, advice), main.string(), out);
  if (std::filesystem::exists(derived))
    parse_annotations(read_file(derived, advice), derived.string(), out);
  return out;
}

}  // namespace emoji
