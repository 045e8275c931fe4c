// SPDX-License-Identifier: MIT
#include <hint/io/archive_reader.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/random.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/io/xxh64.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;

namespace {

constexpr auto skip = io::checksum_check::skip;

hint::code_set some_codes(std::size_t bits, std::size_t size) {
  hint::code_set codes(bits, size);
  const hint::random_stream random(bits, size);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < bits; ++j) codes.set_bit(i, j, random.bits(i * bits + j) % 2 == 1);
  return codes;
}

/// A small archive with everything in it, as bytes.
std::string small_archive(const hint_tests::temporary_folder& folder) {
  io::archive_writer w(io::index_kind);
  w.meta("seed", 42);
  w.meta("name", "x y");
  w.codes(some_codes(70, 3));
  w.array("w", std::vector<float>{1, 2, 3, 4, 5, 6}, 2, 3);
  w.array("none", std::vector<double>{}, 0, 5);
  w.save(folder / "small");
  return hint_tests::read_file(folder / "small");
}

io::archive_header header_of(const std::string& file) {
  return io::detail::decode(io::detail::as_bytes(file));
}
/// The file with another header and a checksum that is right for it.
std::string with_header(std::string file, io::archive_header h) {
  h.checksum = 0;
  auto bytes = io::detail::encode(h);
  std::memcpy(file.data(), bytes.data(), bytes.size());
  h.checksum = io::xxh64_of(io::detail::as_bytes(file));
  bytes = io::detail::encode(h);
  std::memcpy(file.data(), bytes.data(), bytes.size());
  return file;
}
/// A sealed archive with any metadata text and payload.
std::string archive_of(std::string text, const std::string& payload) {
  text.append(io::detail::padding_for(text.size()), '\n');
  io::archive_header h;
  h.kind = io::model_kind;
  h.payload_offset = 64 + text.size();
  h.payload_bytes = payload.size();
  return with_header(std::string(64, '\0') + text + payload, h);
}

class files {
 public:
  /// What the reader says about a file, without the path in front.
  std::string refusal(const std::string& bytes,
                      io::checksum_check check = io::checksum_check::verify) {
    const auto path = folder_ / ("f" + std::to_string(++count_));
    hint_tests::write_file(path, bytes);
    const std::string message = hint_tests::message_of<hint::format_error>(
        [&] { const io::archive_reader reader(path, check); });
    std::filesystem::remove(path);
    REQUIRE(message.substr(0, path.string().size() + 2) == path.string() + ": ");
    return message.substr(path.string().size() + 2);
  }
  const hint_tests::temporary_folder& folder() const { return folder_; }

 private:
  hint_tests::temporary_folder folder_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("archive_reader: gives back what was written", "[io]") {
  const hint_tests::temporary_folder folder;
  io::archive_writer w(1234);
  const std::vector<double> values{0.1, -0.0, 1e-310, 5e300, std::nan("")};
  w.array("d", values, 5, 1);
  w.array("i", std::vector<std::int16_t>{-5, 7}, 1, 2);
  w.array("none", std::vector<float>{}, 0, 9);
  w.meta("text", "\\n is\nnot \\ a\n\nline feed\\");
  w.meta("empty", "");
  w.meta("yes", true);
  w.meta("no", false);
  w.meta("seed", ~0ULL);
  w.meta("negative", -3);
  w.meta("third", 1.0 / 3);
  w.meta("third_f", 1.0F / 3);
  w.meta("inf", -std::numeric_limits<double>::infinity());
  w.save(folder / "a");

  const io::archive_reader r(folder / "a");
  CHECK(r.path() == (folder / "a").string());
  CHECK(r.kind() == 1234);
  CHECK(r.header().version == 1);
  CHECK(r.meta("text") == "\\n is\nnot \\ a\n\nline feed\\");
  CHECK(r.meta("empty").empty());
  CHECK(r.meta("library") == HINT_VERSION);
  CHECK(r.number<bool>("yes"));
  CHECK_FALSE(r.number<bool>("no"));
  CHECK(r.number<std::uint64_t>("seed") == ~0ULL);
  CHECK(r.number<int>("negative") == -3);
  CHECK(r.number<double>("third") == 1.0 / 3);
  CHECK(r.number<float>("third_f") == 1.0F / 3);
  CHECK(r.number<double>("negative") == -3);
  CHECK(r.number<double>("inf") == -std::numeric_limits<double>::infinity());
  CHECK(r.has("seed"));
  CHECK_FALSE(r.has("d"));
  CHECK(r.has_array("d"));
  CHECK_FALSE(r.has_array("seed"));
  CHECK(r.rows("i") == 1);
  CHECK(r.cols("i") == 2);
  CHECK(r.cols("none") == 9);
  CHECK(r.array<float>("none").empty());
  const auto d = r.array<double>("d");
  REQUIRE(d.size() == values.size());
  CHECK(std::memcmp(d.data(), values.data(), sizeof(double) * values.size()) == 0);
  CHECK(reinterpret_cast<std::uintptr_t>(d.data()) % 64 == 0);
  CHECK(r.array<std::int16_t>("i")[0] == -5);
  CHECK(reinterpret_cast<std::uintptr_t>(r.array<std::int16_t>("i").data()) % 64 == 0);
}

TEST_CASE("archive_reader: codes are used in place, and moving keeps them", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::size_t bits = GENERATE(1U, 63U, 64U, 65U, 200U, 16384U);
  const std::size_t size = GENERATE(0U, 1U, 100U);
  CAPTURE(bits, size);
  const auto codes = some_codes(bits, size);
  io::archive_writer w(io::index_kind);
  w.codes(codes);
  w.save(folder / "a");
  io::archive_reader r(folder / "a");
  const hint::code_view view = r.codes();
  CHECK(r.verified());
  CHECK_FALSE(io::archive_reader(folder / "a", io::checksum_check::skip).verified());
  const io::archive_reader moved(std::move(r));
  CHECK(view.bits() == bits);
  CHECK(view.size() == size);
  CHECK(hint::code_set(view) == codes);
  CHECK(moved.codes().data() == view.data());
  CHECK(moved.header().rows == size);
  CHECK(hint::code_set(io::archive_reader(folder / "a", skip).codes()) == codes);
}

TEST_CASE("archive_reader: an archive of nothing", "[io]") {
  const hint_tests::temporary_folder folder;
  io::archive_writer(2).save(folder / "a");
  const io::archive_reader r(folder / "a");
  CHECK(r.arrays().empty());
  CHECK(r.entries().size() == 1);
}

TEST_CASE("archive_reader: what is asked for and is not there", "[io]") {
  const hint_tests::temporary_folder folder;
  io::archive_writer w(2);
  w.meta("text", "abc");
  w.meta("large", 300);
  w.meta("negative", -1);
  w.meta("space", "1 ");
  w.array("d", std::vector<double>{1}, 1, 1);
  w.save(folder / "a");
  const io::archive_reader r(folder / "a");
  const std::string path = (folder / "a").string() + ": ";
  CHECK_THROWS_MESSAGE(r.meta("x"), hint::format_error, path + "no entry 'x'");
  CHECK_THROWS_MESSAGE(r.number<int>("x"), hint::format_error, path + "no entry 'x'");
  CHECK_THROWS_MESSAGE(r.array<int>("x"), hint::format_error, path + "no array 'x'");
  CHECK_THROWS_MESSAGE(r.rows("x"), hint::format_error, path + "no array 'x'");
  CHECK_THROWS_MESSAGE(r.cols("x"), hint::format_error, path + "no array 'x'");
  CHECK_THROWS_MESSAGE(r.array<float>("d"), hint::format_error,
                       path + "array 'd' holds f8, expected f4");
  CHECK_THROWS_MESSAGE(r.codes(), hint::format_error, path + "holds no codes");
  CHECK_THROWS_MESSAGE(r.number<double>("text"), hint::format_error,
                       path + "entry 'text' is 'abc', expected a number");
  CHECK_THROWS_MESSAGE(r.number<std::uint8_t>("large"), hint::format_error,
                       path + "entry 'large' is '300', expected a whole number >= 0 in range");
  CHECK_THROWS_MESSAGE(r.number<std::size_t>("negative"), hint::format_error,
                       path + "entry 'negative' is '-1', expected a whole number >= 0 in range");
  CHECK_THROWS_MESSAGE(r.number<int>("space"), hint::format_error,
                       path + "entry 'space' is '1 ', expected a whole number in range");
  CHECK_THROWS_MESSAGE(r.number<bool>("large"), hint::format_error,
                       path + "entry 'large' is '300', expected true or false");
  CHECK_THROWS_MESSAGE(r.require_kind(3), hint::format_error, path + "holds model, expected index");
  CHECK_THROWS_MESSAGE(r.require(false, "rate is ", 3), hint::format_error, path + "rate is 3");
}

TEST_CASE("archive_reader: foreign and cut files", "[io]") {
  files f;
  CHECK(f.refusal("") == "not a hint archive: begins with '', expected '\\x89HINT\\x0d\\x0a\\x1a'");
  CHECK(f.refusal("\x93NUMPY\1") ==
        "not a hint archive: begins with '\\x93NUMPY\\x01', expected '\\x89HINT\\x0d\\x0a\\x1a'");
  CHECK(f.refusal("\x89HINT\n\x1a________________________________________________________") ==
        "not a hint archive: begins with '\\x89HINT\\x0a\\x1a_', expected "
        "'\\x89HINT\\x0d\\x0a\\x1a'");
  const std::string whole = small_archive(f.folder());
  REQUIRE(whole.size() < 1000);
  for (const auto check : {io::checksum_check::verify, skip})
    for (std::size_t n = 1; n < whole.size(); ++n) {
      CAPTURE(n);
      const std::string message = f.refusal(whole.substr(0, n), check);
      if (n < 64) {
        REQUIRE(message == "truncated: " + std::to_string(n) + " bytes, expected a header of 64");
      } else {
        REQUIRE(message.substr(0, 11) == "truncated: ");
      }
    }
  CHECK(f.refusal(whole.substr(0, 100)) == "truncated: 100 bytes, but the payload begins at 192");
  CHECK(f.refusal(whole.substr(0, whole.size() - 1)) ==
        "truncated: payload has 127 bytes, expected 128");
  CHECK(f.refusal(whole + "x") == "1 bytes after the end of the payload");
  CHECK(f.refusal(whole + whole) ==
        "320 bytes after the end of the payload, which begin like a further section; expected a "
        "single one");
}

TEST_CASE("archive_reader: a header field that lies, under a right checksum", "[io]") {
  files f;
  const std::string whole = small_archive(f.folder());
  const auto lie = [&](const std::function<void(io::archive_header&)>& change) {
    auto h = header_of(whole);
    change(h);
    const std::string message = f.refusal(with_header(whole, h));
    CHECK(f.refusal(with_header(whole, h), skip) == message);
    return message;
  };
  using header = io::archive_header;
  CHECK(lie([](header& h) { h.version = 3; }) ==
        "format version 3 is newer than this library (" HINT_VERSION "), which reads up to 2");
  CHECK(lie([](header& h) { h.version = 0; }) == "format version is 0, expected 1 to 2");
  CHECK(lie([](header& h) { h.kind = 0; }) == "kind is 0, expected 1 or more");
  CHECK(lie([](header& h) { h.bit_order = 2; }) ==
        "bit order is 2, expected 1 (least significant first)");
  CHECK(lie([](header& h) { h.bits = 16385; }) == "bits is 16385, expected 0 to 16384");
  CHECK(lie([](header& h) { h.bits = 64; }) == "words per row is 2, expected 1 for 64 bits");
  CHECK(lie([](header& h) { h.bits = 0; }) == "words per row is 2, expected 0 for 0 bits");
  CHECK(lie([](header& h) { h.bits = h.words_per_row = 0; }) ==
        "rows is 3, expected 0 when there are no codes");
  CHECK(lie([](header& h) { h.words_per_row = 3; }) ==
        "words per row is 3, expected 2 for 70 bits");
  CHECK(lie([](header& h) { h.rows = 4; }) ==
        "array 'codes' is 3 x 2 u8, the header says 4 x 2 u8");
  CHECK(lie([](header& h) { h.rows = ~0ULL; }) ==
        "array 'codes' is 3 x 2 u8, the header says 18446744073709551615 x 2 u8");
  CHECK(lie([](header& h) { h.reserved = 1; }) == "reserved field is 1, expected 0");
  CHECK(lie([](header& h) { h.payload_offset = 191; }) ==
        "payload offset is 191, expected a multiple of 64 from 64 on");
  CHECK(lie([](header& h) { h.payload_offset = 0; }) ==
        "payload offset is 0, expected a multiple of 64 from 64 on");
  CHECK(lie([](header& h) { h.payload_offset = ~63ULL; }) ==
        "truncated: 320 bytes, but the payload begins at 18446744073709551552");
  CHECK(lie([](header& h) { h.payload_bytes += 1; }) ==
        "payload is 129 bytes, expected a multiple of 64");
  CHECK(lie([](header& h) { h.payload_bytes = ~63ULL; }) ==
        "truncated: payload has 128 bytes, expected 18446744073709551552");
  CHECK(lie([](header& h) { h.payload_bytes -= 64; }) == "64 bytes after the end of the payload");
  CHECK(lie([](header& h) {
          h.payload_offset += 64;
          h.payload_bytes -= 64;
        }).substr(0, 14) == "metadata does ");
  // fewer bits in the same words: the codes have bits set where none may be
  auto h = header_of(whole);
  h.bits = 65;
  CHECK(f.refusal(with_header(whole, h)).substr(0, 26) == "code 0 has bits set beyond");
}

TEST_CASE("archive_reader: metadata that lies, under a right checksum", "[io]") {
  files f;
  const std::string data(128, 'x');
  const auto lie = [&](const std::string& text) {
    const std::string message = f.refusal(archive_of(text, data));
    CHECK(f.refusal(archive_of(text, data), skip) == message);
    return message;
  };
  {  // the honest ones
    hint_tests::write_file(f.folder() / "ok", archive_of("array a u1 2 64 0\nb c\n", data));
    CHECK(io::archive_reader(f.folder() / "ok").array<std::uint8_t>("a").size() == 128);
    hint_tests::write_file(f.folder() / "ok",
                           archive_of("array a u1 1 1 0\narray b i8 8 1 64\n", data));
    CHECK(io::archive_reader(f.folder() / "ok").rows("b") == 8);
  }
  CHECK(lie("") == "payload has 128 bytes, its arrays need 0");
  CHECK(lie("array a u1 1 1 0\n") == "payload has 128 bytes, its arrays need 64");
  CHECK(lie("array a u1 1 128 64\n") == "array 'a' is at 64 of the payload, expected 0");
  CHECK(lie("array a u1 1 128 1\n") == "array 'a' is at 1 of the payload, expected 0");
  CHECK(lie("array a u1 1 100 0\narray b u1 1 1 64\n") ==
        "array 'b' is at 64 of the payload, expected 128");
  CHECK(lie("array a u1 1 64 0\narray b u1 1 64 0\n") ==
        "array 'b' is at 0 of the payload, expected 64");
  CHECK(lie("array a u1 1 129 0\n") ==
        "array 'a' of 1 x 129 u1 does not fit the 128 bytes left of the payload");
  CHECK(lie("array a f8 18446744073709551615 18446744073709551615 0\n") ==
        "array 'a' of 18446744073709551615 x 18446744073709551615 f8 does not fit the 128 bytes "
        "left of the payload");
  CHECK(lie("array a f8 2305843009213693953 8 0\n") ==
        "array 'a' of 2305843009213693953 x 8 f8 does not fit the 128 bytes left of the payload");
  CHECK(lie("array a u1 18446744073709551616 1 0\n") ==
        "metadata line 1 is 'array a u1 18446744073709551616 1 0', expected 'array name type rows "
        "cols offset'");
  CHECK(lie("array a u1 -1 1 0\n").substr(0, 15) == "metadata line 1");
  CHECK(lie("array a u1 1 1\n").substr(0, 15) == "metadata line 1");
  CHECK(lie("array a u1 1 1 0 0\n").substr(0, 15) == "metadata line 1");
  CHECK(lie("array a  1 1 0\n") == "array 'a' has type '', expected f4, f8, i1 to i8 or u1 to u8");
  CHECK(lie("array a f2 1 64 0\n") ==
        "array 'a' has type 'f2', expected f4, f8, i1 to i8 or u1 to u8");
  CHECK(lie("array a u1 1 64 0\narray a u1 1 64 64\n") ==
        "metadata line 2 repeats 'array a u1 1 64 64'");
  CHECK(lie("a 1\nb 2\na 3\n") == "metadata line 3 repeats 'a 3'");
  CHECK(lie("word\n") == "metadata line 1 is 'word', expected 'key value'");
  CHECK(lie(" x\n") == "metadata line 1 is ' x', expected 'key value'");
  CHECK(lie("k\xc3\xa4 x\n") == "metadata line 1 is 'k\\xc3\\xa4 x', expected 'key value'");
  CHECK(lie("a 1\n\nb 2\n") == "metadata line 2 is empty");
  CHECK(lie("a b\\x\n") == "metadata value 'b\\x' has an unknown escape");
  CHECK(lie("a b\\\n") == "metadata value 'b\\' has an unknown escape");
  CHECK(lie("a " + std::string(62, 'b')) == "metadata does not end with a line feed");
}

TEST_CASE("archive_reader: codes that are announced but are not there", "[io]") {
  files f;
  const auto announce = [&](const std::string& text) {
    std::string file = archive_of(text, std::string(64, '\0'));
    auto h = header_of(file);
    h.bits = 64;
    h.words_per_row = 1;
    h.rows = 8;
    return f.refusal(with_header(file, h));
  };
  CHECK(announce("array x u8 8 1 0\n") == "no array 'codes'");
  CHECK(announce("array codes f8 8 1 0\n") ==
        "array 'codes' is 8 x 1 f8, the header says 8 x 1 u8");
  CHECK(announce("array codes u8 4 2 0\n") ==
        "array 'codes' is 4 x 2 u8, the header says 8 x 1 u8");
}

TEST_CASE("archive_reader: every changed byte is found", "[io]") {
  files f;
  const std::string whole = small_archive(f.folder());
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (unsigned bit = 0; bit < 8; ++bit) {
      CAPTURE(i, bit);
      std::string changed = whole;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ (1U << bit));
      const std::string message = f.refusal(changed);
      if (i >= 64) REQUIRE(message.substr(0, 21) == "damaged: checksum is ");
    }
}

TEST_CASE("archive_reader: without the checksum a changed byte does no harm", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string whole = small_archive(folder);
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const unsigned value : {0U, 1U, 10U, 32U, 57U, 127U, 128U, 255U}) {
      std::string changed = whole;
      changed[i] = static_cast<char>(value);
      hint_tests::write_file(folder / "changed", changed);
      try {
        const io::archive_reader r(folder / "changed", skip);
        std::size_t sum = 0;
        for (const auto& [name, a] : r.arrays()) {
          REQUIRE(a.offset % 64 == 0);
          REQUIRE(a.offset + a.bytes <= whole.size() - 192);
          if (a.type == "f4")
            for (const float x : r.array<float>(name)) sum += x == 0;
        }
        if (r.header().bits > 0)
          for (const std::uint64_t w : r.codes().words()) sum += w == 0;
        REQUIRE(sum <= 1000);
      } catch (const hint::format_error&) {
      }
    }
}

TEST_CASE("archive_reader: files that the system refuses", "[io]") {
  const hint_tests::temporary_folder folder;
  CHECK_THROWS_AS(io::archive_reader(folder / "missing"), hint::io_error);
  CHECK_THROWS_AS(io::archive_reader(folder.path()), hint::io_error);
}
