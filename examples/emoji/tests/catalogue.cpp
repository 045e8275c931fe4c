// SPDX-License-Identifier: MIT
// Reading, splitting, drawing. Tests that need the installed packages say so and pass without them.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <hint/core/error.hpp>

#include "annotations.hpp"
#include "arguments.hpp"
#include "catalogue.hpp"
#include "files.hpp"
#include "font.hpp"
#include "split.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "unicode.hpp"

using namespace emoji;
using hint_tests::message_of;

namespace {

constexpr const char* test_file = R"(# emoji-test.txt
# Version: 15.0
# group: Smileys & Emotion
# subgroup: face-smiling
1F600                                      ; fully-qualified     # )"
                                  "\xF0\x9F\x98\x80"
                                  R"( E1.0 grinning face
263A FE0F                                  ; fully-qualified     # x E0.6 smiling face
263A                                       ; unqualified         # x E0.6 smiling face
# group: People & Body
# subgroup: hand
1F44B 1F3FB                                ; fully-qualified     # x E1.0 waving hand: light skin tone
# group: Flags
# subgroup: flag
1F3C1                                      ; fully-qualified     # x E0.6 chequered flag
)";

/// Two emoji per concept of `concepts` dancers: male and female.
catalogue dancers(std::size_t concepts) {
  catalogue out;
  for (char32_t i = 0; i < concepts; ++i)
    for (const char32_t sign : {U'\x2640', U'\x2642'}) {
      item it;
      it.code_points = {0x1F900 + i, zero_width_joiner, sign, variation_selector_16};
      out.items.push_back(it);
    }
  for (char32_t clock = 0x1F550; clock < 0x1F55A; ++clock) {
    item it;
    it.code_points = {clock};
    out.items.push_back(it);
  }
  return out;
}

}  // namespace

TEST_CASE("UTF-8 goes there and back, bad bytes become U+FFFD") {
  const std::u32string text = U"a\x00E9\x20AC\x1F600";
  CHECK(to_utf8(text) == "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(from_utf8(to_utf8(text)) == text);
  CHECK(from_utf8("a\xFFz") == U"a\xFFFDz");
  CHECK(from_utf8("\xE2\x82") == U"\xFFFD\xFFFD");
  CHECK(to_utf8(fold(from_utf8("\xC3\x89tude \xC3\x86ther gro\xC3\x9F \xE2\x80\x99s"))) ==
        "etude aether gross 's");
}

TEST_CASE("annotations: names, keywords, entities, comments") {
  annotation_map found;
  parse_annotations(
      R"(<?xml version="1.0"?><!DOCTYPE ldml SYSTEM "no.dtd"><!-- <annotation cp="z"> --><ldml>
    <identity><version number="1"/></identity><annotations>
    <annotation cp="&amp;">and | R&#38;D |  | &lt;et&#x3E; </annotation>
    <annotation cp="&amp;" type="tts">ampersand</annotation>
    <annotation cp='b' draft="contributed">)"
      "\xE2\x86\x91\xE2\x86\x91\xE2\x86\x91"
      R"(</annotation></annotations></ldml>)",
      "a.xml", found);
  REQUIRE(found.size() == 1);
  CHECK(found[U"&"].name == "ampersand");
  CHECK(found[U"&"].keywords == std::vector<std::string>{"and", "R&D", "<et>"});
}

TEST_CASE("annotations: broken files are answered with the place") {
  annotation_map found;
  const auto message = [&](const char* xml) {
    return message_of<hint::format_error>([&] { parse_annotations(xml, "a.xml", found); });
  };
  CHECK(message("<html></html>") == "a.xml: not an annotation file of the CLDR, it has no <ldml>");
  CHECK(message("<ldml><annotation cp=\"a\">b") == "a.xml: byte 26: expected <");
  CHECK(message("<ldml><annotation cp=a>b</annotation>") == "a.xml: byte 20: expected =\"value\"");
  CHECK(message("<ldml><annotation cp=\"a\">&no;</annotation>") ==
        "a.xml: byte 25: expected an entity such as &amp;");
  CHECK(message("<ldml><annotation cp=\"a\">b<i>c</i></annotation>") ==
        "a.xml: byte 26: expected </annotation>");
  CHECK(message("<ldml><!-- ") == "a.xml: byte 7: expected -->");
}

TEST_CASE("emoji-test.txt: status, groups, names; tones and flags on request") {
  catalogue found = parse_emoji_test(test_file, "t", {});
  REQUIRE(found.items.size() == 2);
  CHECK(found.emoji_version == "15.0");
  CHECK(found.groups == std::vector<std::string>{"Smileys & Emotion"});
  CHECK(found.items[0].name() == "grinning face");
  CHECK(found.items[0].symbol == "\xF0\x9F\x98\x80");
  CHECK(found.items[1].code_points == std::u32string{0x263A, 0xFE0F});
  catalogue_options all;
  all.skin_tones = all.flags = true;
  found = parse_emoji_test(test_file, "t", all);
  CHECK(found.items.size() == 4);
  CHECK(found.groups.size() == 3);
  CHECK(found.items[3].subgroup == 2);

  CHECK(message_of<hint::format_error>([] { return parse_emoji_test("# nothing\n", "t", {}); }) ==
        "t: no fully-qualified emoji in it, expected emoji-test.txt");
  CHECK(message_of<hint::format_error>([] {
          return parse_emoji_test("# group: a\n# subgroup: b\nXYZ ; fully-qualified # x E1 y", "t",
                                  {});
        }) == "t: line 3: \"XYZ\" is not a code point");
}

TEST_CASE("missing files name the package") {
  catalogue_options nowhere;
  nowhere.emoji_test = "/nowhere/emoji-test.txt";
  CHECK(message_of<hint::io_error>([&] { return read_catalogue(nowhere); }) ==
        "cannot read /nowhere/emoji-test.txt; it comes with the package unicode-data (option "
        "--emoji-test names "
        "another file)");
  CHECK(message_of<hint::io_error>([] { return read_annotations("/nowhere", "en"); }) ==
        "cannot read /nowhere/annotations/en.xml; it comes with the package unicode-cldr-core "
        "(option --cldr names "
        "another folder)");
  CHECK(message_of<hint::io_error>([] { return font("/nowhere.ttf"); }) ==
        "there is no font /nowhere.ttf; it comes with the package fonts-noto-color-emoji (option "
        "--font names another "
        "file)");
}

TEST_CASE("a file that is no font is refused") {
  const hint_tests::temporary_folder folder;
  write_file(folder / "no.ttf", "not a font");
  const std::string path = (folder / "no.ttf").string();
  CHECK(message_of<hint::format_error>([&] { return font(path); }) ==
        path + ": FreeType cannot read it as a font");
}

TEST_CASE("package versions come from dpkg's status file") {
  const hint_tests::temporary_folder folder;
  write_file(folder / "status", "Package: a\nVersion: 1\n\nPackage: b\nStatus: x\nVersion: 2-3\n");
  CHECK(package_version("b", folder / "status") == "2-3");
  CHECK(package_version("c", folder / "status").empty());
  CHECK(package_version("b", folder / "none").empty());
}

TEST_CASE("concepts: tone and gender do not matter, crowds are one") {
  const auto same = [](const std::u32string& a, const std::u32string& b) {
    return concept_key(a) == concept_key(b);
  };
  CHECK(same({0x1F44B}, {0x1F44B, 0x1F3FB}));                 // waving hand, light
  CHECK(same({0x1F3C3, 0x200D, 0x2640, 0xFE0F}, {0x1F3C3}));  // woman running, running
  CHECK(same({0x1F468, 0x200D, 0x1F680},
             {0x1F469, 0x1F3FF, 0x200D, 0x1F680}));                     // man, woman astronaut
  CHECK(same({0x1F466}, {0x1F467}));                                    // boy, girl
  CHECK(same({0x1F550}, {0x1F567}));                                    // clock faces
  CHECK(same({0x1F46A}, {0x1F468, 0x200D, 0x1F468, 0x200D, 0x1F466}));  // families
  CHECK(same({0x1F491}, {0x1F469, 0x200D, 0x2764, 0xFE0F, 0x200D, 0x1F468}));  // couples
  CHECK(same({0x1F46B}, {0x1F9D1, 0x200D, 0x1F91D, 0x200D, 0x1F9D1}));         // holding hands
  CHECK_FALSE(same({0x2640, 0xFE0F}, {0x2642, 0xFE0F}));  // the signs themselves
  CHECK_FALSE(same({0x1F468}, {0x1F466}));
  CHECK_FALSE(same({0x1F468, 0x200D, 0x1F680}, {0x1F468, 0x200D, 0x1F52C}));
}

TEST_CASE("a split shares no concept, keeps crowds for training and depends on the seed alone") {
  const catalogue emoji = dancers(40);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const split s = hold_out(emoji, 25, seed);
    CHECK(s.concepts == 41);
    CHECK(s.held_out.size() == 26);  // whole concepts of two
    CHECK(s.training.size() + s.held_out.size() == emoji.items.size());
    std::set<std::u32string> trained_on;
    for (const auto i : s.training) trained_on.insert(concept_key(emoji.items[i].code_points));
    for (const auto i : s.held_out)
      CHECK_FALSE(trained_on.contains(concept_key(emoji.items[i].code_points)));
    for (std::uint32_t clock = 80; clock < 90; ++clock)
      CHECK(std::ranges::binary_search(s.training, clock));
    CHECK(hold_out(emoji, 25, seed).held_out == s.held_out);
  }
  CHECK(hold_out(emoji, 25, 0).held_out != hold_out(emoji, 25, 1).held_out);
  CHECK(message_of<hint::invalid_argument>([&] { return hold_out(emoji, 60, 0); }) ==
        "hold_out: 60 items held out leave 30 of 90 to train on, expected at least half");
}

TEST_CASE("the command line") {
  const auto parse = [](std::vector<const char*> line) {
    line.insert(line.begin(), "/x/emoji_demo");
    return parse_arguments(static_cast<int>(line.size()), line.data());
  };
  CHECK(parse({}).bits == 64);
  CHECK(parse({"--help"}).help);
  const arguments a = parse({"--bits", "32", "--languages", "en,de", "--out", "o", "--seed", "9"});
  CHECK(a.bits == 32);
  CHECK(a.seed == 9);
  CHECK(a.folder == "o");
  CHECK(a.catalogue.languages == std::vector<std::string>{"en", "de"});
  CHECK(message_of<hint::invalid_argument>([&] { return parse({"--bits", "0"}); }) ==
        "--bits is \"0\", expected 1 to 4096");
  CHECK(message_of<hint::invalid_argument>([&] { return parse({"--bits"}); }) ==
        "--bits needs a value (or is unknown)");
}

TEST_CASE("what is installed: names, groups and bitmaps fit together") {
  if (!std::filesystem::exists(catalogue_options{}.emoji_test)) {
    WARN("skipped: unicode-data is not installed");
    return;
  }
  catalogue_options english;
  english.languages = {"en"};
  catalogue emoji;
  try {
    emoji = read_catalogue(english);
  } catch (const hint::io_error& e) {
    WARN("skipped: " << e.what());
    return;
  }
  CHECK(emoji.items.size() > 1000);
  CHECK(emoji.groups.size() >= 7);
  for (const auto& it : emoji.items) CHECK_FALSE(it.name().empty());
  const split s = hold_out(emoji, 500, 0);
  CHECK(s.held_out.size() >= 500);
  CHECK(s.concepts < emoji.items.size());
  std::filesystem::path path;
  try {
    path = font::find();
  } catch (const hint::io_error& e) {
    WARN("skipped: " << e.what());
    return;
  }
  const font pictures(path);
  std::size_t drawn = 0;
  for (std::size_t i = 0; i < emoji.items.size(); i += 50) {
    const bitmap b = pictures.render(emoji.items[i].code_points);
    drawn += b.empty() ? 0U : 1U;
    for (std::size_t p = 0; p < b.width * b.height; ++p)  // premultiplied: no colour above alpha
      if (b.rgba[4 * p] > b.rgba[4 * p + 3]) FAIL("not premultiplied: emoji " << i);
  }
  CHECK(drawn > emoji.items.size() / 50 / 2);
}
