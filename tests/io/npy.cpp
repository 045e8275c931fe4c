// SPDX-License-Identifier: MIT
#include <hint/core/normal.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/random.hpp>
#include <hint/io/npy.hpp>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;
using shape = std::vector<std::size_t>;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// A file with any dictionary and data, version 1.0.
std::string npy(const std::string& dictionary, const std::string& data = "") {
  std::string out("\x93NUMPY\1\0", 8);
  const std::size_t length = dictionary.size();
  out += {static_cast<char>(length % 256), static_cast<char>(length / 256)};
  return out + dictionary + data;
}
std::string dictionary(const std::string& type, const std::string& dims, bool fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + dims + ", }\n";
}
template <class T>
std::string raw(const std::vector<T>& values, bool big_endian = false) {
  std::string out(values.size() * sizeof(T), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::array<char, sizeof(T)> one;
    std::memcpy(one.data(), &values[i], sizeof(T));
    if (big_endian) std::reverse(one.begin(), one.end());
    std::memcpy(out.data() + i * sizeof(T), one.data(), sizeof(T));
  }
  return out;
}
template <class T>
std::vector<T> values(const std::string& file) {
  return io::parse_npy(bytes_of(file)).to_array<T>().values;
}
std::string refusal(const std::string& file) {
  return hint_tests::message_of<hint::format_error>([&] { (void)values<double>(file); });
}

/// Half to double by the definition.
double half_to_double(unsigned bits) {
  const double sign = bits & 0x8000U ? -1 : 1;
  const int exponent = static_cast<int>(bits >> 10 & 31U);
  const double fraction = static_cast<double>(bits & 1023U) / 1024;
  if (exponent == 31)
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity() : std::nan("");
  return exponent == 0 ? sign * std::ldexp(fraction, -14)
                       : sign * std::ldexp(1 + fraction, exponent - 15);
}

std::filesystem::path golden(std::string_view name) {
  return std::filesystem::path(__FILE__).parent_path().parent_path() / "golden" / "npy" / name;
}

}  // namespace

TEST_CASE("npy: files that NumPy wrote", "[io]") {
  for (const char* name : {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8",
                           "f4_big", "i2_big", "f2_big", "f8_fortran", "f4_v1", "f4_v2", "f4_v3"}) {
    CAPTURE(name);
    const auto path = golden(std::string(name) + ".npy");
    const auto a = io::read_npy<float>(path);
    CHECK(a.shape == shape{3, 4});
    CHECK(a.values == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    if (name[0] != 'f') {
      CHECK(io::read_npy<std::int8_t>(path).values ==
            std::vector<std::int8_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    }
  }
  CHECK(io::read_npy<std::uint8_t>(golden("b1.npy")).values ==
        std::vector<std::uint8_t>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
  const auto one = io::read_npy<int>(golden("i8_1d.npy"));
  CHECK(one.shape == shape{5});
  CHECK(one.values == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(one.rows() == 5);
  CHECK(one.cols() == 1);
  const auto zero = io::read_npy<double>(golden("f4_0d.npy"));
  CHECK(zero.shape.empty());
  CHECK(zero.values == std::vector<double>{2.5});
  CHECK(zero.rows() == 1);
  CHECK(zero.cols() == 1);
  const auto none = io::read_npy<double>(golden("f4_empty.npy"));
  CHECK(none.shape == shape{0, 7});
  CHECK(none.values.empty());
  CHECK(none.cols() == 7);
}

TEMPLATE_TEST_CASE("npy: every stored type reads as every type that holds it", "[io]", float,
                   double, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
                   std::uint16_t, std::uint32_t, std::uint64_t) {
  const bool big = GENERATE(false, true);
  const bool fortran = GENERATE(false, true);
  CAPTURE(big, fortran);
  constexpr std::size_t rows = 131;  // more than two tiles, not a multiple
  constexpr std::size_t cols = 3;
  std::vector<TestType> stored;
  std::vector<double> expected(rows * cols);
  for (std::size_t i = 0; i < rows * cols; ++i) {
    const double x = static_cast<double>(i % 120);
    stored.push_back(static_cast<TestType>(x));
    expected[fortran ? i % rows * cols + i / rows : i] = x;
  }
  const std::string type = (big ? '>' : '<') + std::string(io::element_name<TestType>());
  const std::string file = npy(dictionary(type, "(131, 3)", fortran), raw(stored, big));
  const auto same = [&](const auto& found) {
    return std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                      [](auto a, double b) { return static_cast<double>(a) == b; });
  };
  CHECK(same(values<float>(file)));
  CHECK(same(values<double>(file)));
  CHECK(same(values<TestType>(file)));
  if constexpr (std::integral<TestType>) {
    CHECK(same(values<std::int8_t>(file)));
    CHECK(same(values<std::uint8_t>(file)));
    CHECK(same(values<std::int16_t>(file)));
    CHECK(same(values<std::uint64_t>(file)));
    CHECK(same(values<long long>(file)));
  }
  std::vector<double> room(expected.size());
  io::parse_npy(bytes_of(file)).copy_to(std::span<double>(room));
  CHECK(room == expected);
}

TEST_CASE("npy: large arrays, longer than any block", "[io]") {
  std::vector<float> stored(100001);
  const hint::random_stream random(1, 1);
  for (std::size_t i = 0; i < stored.size(); ++i)
    stored[i] = static_cast<float>(hint::normal(random, i));
  const std::string file = npy(dictionary("<f4", "(100001,)"), raw(stored));
  CHECK(values<float>(file) == stored);
  CHECK(values<double>(file) == std::vector<double>(stored.begin(), stored.end()));
}

TEST_CASE("npy: all 65536 half precision numbers convert exactly", "[io]") {
  std::vector<std::uint16_t> bits(65536);
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint16_t>(i);
  for (const bool big : {false, true}) {
    const std::string file = npy(dictionary(big ? ">f2" : "<f2", "(65536,)"), raw(bits, big));
    const auto f = values<float>(file);
    const auto d = values<double>(file);
    for (unsigned i = 0; i < 65536; ++i) {
      CAPTURE(big, i);
      const double expected = half_to_double(i);
      if (std::isnan(expected)) {
        REQUIRE(std::isnan(f[i]));
        REQUIRE(std::isnan(d[i]));
      } else {
        REQUIRE(static_cast<double>(f[i]) == expected);
        REQUIRE(d[i] == expected);
        REQUIRE(std::signbit(f[i]) == (i >= 0x8000));
      }
    }
  }
}

TEST_CASE("npy: bools are 0 and 1 whatever the byte", "[io]") {
  const std::string file = npy(dictionary("|b1", "(4,)"), std::string("\0\1\2\xff", 4));
  CHECK(values<std::int8_t>(file) == std::vector<std::int8_t>{0, 1, 1, 1});
  CHECK(values<float>(file) == std::vector<float>{0, 1, 1, 1});
}

TEST_CASE("npy: rounding is no loss, NaN and infinity pass", "[io]") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const std::vector<double> stored{0.1, 1e-300, -inf, inf, std::nan(""), 3.4028234663852886e38};
  const auto f = values<float>(npy(dictionary("<f8", "(6,)"), raw(stored)));
  CHECK(f[0] == 0.1F);
  CHECK(f[1] == 0);
  CHECK(f[2] == -std::numeric_limits<float>::infinity());
  CHECK(f[3] == std::numeric_limits<float>::infinity());
  CHECK(std::isnan(f[4]));
  CHECK(f[5] == (std::numeric_limits<float>::max)());
  const std::vector<std::int64_t> large{(std::numeric_limits<std::int64_t>::max)(), 16777217};
  CHECK(values<float>(npy(dictionary("<i8", "(2,)"), raw(large))) ==
        std::vector<float>{9223372036854775808.0F, 16777216.0F});
}

TEST_CASE("npy: what does not convert is refused, with the element", "[io]") {
  const auto read = [](const std::string& file, auto type) {
    return hint_tests::message_of<hint::format_error>(
        [&] { (void)io::parse_npy(bytes_of(file), "x.npy").to_array<decltype(type)>(); });
  };
  const std::string f8 = npy(dictionary("<f8", "(1,)"), raw<double>({1}));
  CHECK(read(f8, int{}) ==
        "x.npy: holds <f8, which does not convert to the integers asked for (i4)");
  const std::string f2 = npy(dictionary(">f2", "(0,)"));
  CHECK(read(f2, std::uint8_t{}) ==
        "x.npy: holds >f2, which does not convert to the integers asked for (u1)");
  const std::string i2 = npy(dictionary("<i2", "(2, 3)"), raw<std::int16_t>({1, 2, 3, 4, 256, -1}));
  CHECK(read(i2, std::uint8_t{}) == "x.npy: element (1, 1) is 256, outside the range of u1");
  CHECK(read(i2, std::uint64_t{}) == "x.npy: element (1, 2) is -1, outside the range of u8");
  const std::string fortran =
      npy(dictionary(">i2", "(2, 3)", true), raw<std::int16_t>({1, 2, 3, 4, 256, -1}, true));
  CHECK(read(fortran, std::uint8_t{}) == "x.npy: element (0, 2) is 256, outside the range of u1");
  const std::string one_row =
      npy(dictionary("<i2", "(1, 3)", true), raw<std::int16_t>({1, 256, 3}));
  CHECK(read(one_row, std::uint8_t{}) == "x.npy: element (0, 1) is 256, outside the range of u1");
  const std::string u8 = npy(dictionary("<u8", "(3,)"), raw<std::uint64_t>({0, ~0ULL, 5}));
  CHECK(read(u8, std::int64_t{}) ==
        "x.npy: element (1,) is 18446744073709551615, outside the range of i8");
  const std::string scalar = npy(dictionary("<i4", "()"), raw<std::int32_t>({-129}));
  CHECK(read(scalar, std::int8_t{}) == "x.npy: element () is -129, outside the range of i1");
  const std::string huge = npy(dictionary("<f8", "(2,)"), raw<double>({1, -1e39}));
  CHECK(read(huge, float{}) == "x.npy: element (1,) is -1e+39, outside the range of f4");
  std::vector<std::int32_t> far(70000, 1);  // beyond the first block
  far[65537] = 300;
  CHECK(read(npy(dictionary("<i4", "(70000,)"), raw(far)), std::uint8_t{}) ==
        "x.npy: element (65537,) is 300, outside the range of u1");
}

TEST_CASE("npy: copy_to wants exactly as much room as there are values", "[io]") {
  const std::string file = npy(dictionary("<f4", "(2,)"), raw<float>({1, 2}));
  const auto view = io::parse_npy(bytes_of(file), "x.npy");
  std::vector<float> room(3);
  CHECK_THROWS_MESSAGE(view.copy_to(std::span<float>(room)), hint::shape_error,
                       "x.npy: 2 values, given room for 3");
  CHECK(view.size() == 2);
  CHECK(view.bytes().size() == 8);
  CHECK(view.type().name() == "<f4");
  CHECK_FALSE(view.fortran_order());
}

TEST_CASE("npy: Python's freedom in writing the header", "[io]") {
  const std::string data = raw<float>({1, 2});
  for (const char* text : {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }      \n",
                           "{'shape': (2,), 'fortran_order': True, 'descr': '<f4'}",
                           "{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(2,)}",
                           " { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 2 , ) , } ",
                           "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }",
                           "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }",
                           "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}"}) {
    CAPTURE(text);
    CHECK(values<float>(npy(text, data)) == std::vector<float>{1, 2});
  }
  CHECK(values<int>(npy(dictionary("<u1", "(1,)"), "\7")) == std::vector<int>{7});
  CHECK(values<int>(npy(dictionary(">i1", "(1,)"), "\xff")) == std::vector<int>{-1});
}

TEST_CASE("npy: of more than two dimensions those of one are left out", "[io]") {
  const std::string data = "abcdef";
  for (const auto& [dims, expected] :
       std::vector<std::pair<std::string, shape>>{{"(2, 1, 3)", {2, 3}},
                                                  {"(2, 3, 1)", {2, 3}},
                                                  {"(6, 1, 1)", {6, 1}},
                                                  {"(1, 1, 6)", {1, 6}},
                                                  {"(2, 1, 1, 3, 1)", {2, 3}},
                                                  {"(2, 3)", {2, 3}},
                                                  {"(6,)", {6}}}) {
    const std::string file = npy(dictionary("|u1", dims), data);
    const auto array = io::parse_npy(bytes_of(file)).to_array<std::uint8_t>();
    CHECK(array.shape == expected);
    CHECK(array.values == std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'});
  }
  for (const auto& [dims, expected] : std::vector<std::pair<std::string, shape>>{
           {"(0, 1, 3)", {0, 3}}, {"(3, 1, 0)", {3, 0}}, {"(1, 0, 1)", {1, 0}}})
    CHECK(io::parse_npy(bytes_of(npy(dictionary("|u1", dims), ""))).to_array<int>().shape ==
          expected);
  CHECK(values<std::uint8_t>(npy(dictionary("|u1", "(2, 1, 3)", true), "adbecf")) ==
        std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'});
}

TEST_CASE("npy: the machine's order by all its names", "[io]") {
  const std::string bytes("\0\0\x80\x3f", 4);  // 1.0F
  for (const char* type : {"<f4", "=f4", "|f4"})
    CHECK(values<float>(npy(dictionary(type, "(1,)"), bytes)) == std::vector<float>{1});
  CHECK(values<int>(npy(dictionary("=i2", "(1,)"), std::string("\1\0", 2))) == std::vector<int>{1});
}

TEST_CASE("npy: broken headers are refused with the reason", "[io]") {
  CHECK(refusal("") == "npy data: not a .npy file: begins with '', expected '\\x93NUMPY'");
  CHECK(refusal("\x89PNG\r\n") ==
        "npy data: not a .npy file: begins with '\\x89PNG\\x0d\\x0a', expected '\\x93NUMPY'");
  CHECK(refusal("\x93NUM") == "npy data: 4 bytes, too short for the header of a .npy file");
  CHECK(refusal(std::string("\x93NUMPY\4\0\0\0", 10)) ==
        "npy data: .npy version 4.0, expected 1.0, 2.0 or 3.0");
  CHECK(refusal(std::string("\x93NUMPY\1\1\0\0", 10)) ==
        "npy data: .npy version 1.1, expected 1.0, 2.0 or 3.0");
  CHECK(refusal(std::string("\x93NUMPY\2\0\0\0", 10)) ==
        "npy data: 10 bytes, too short for the header of a .npy file");
  CHECK(refusal(std::string("\x93NUMPY\1\0\xff\xff{}", 12)) ==
        "npy data: .npy header has 65535 bytes, but the file ends after 2");
  CHECK(refusal(std::string("\x93NUMPY\2\0\xff\xff\xff\xff{}", 14)) ==
        "npy data: .npy header has 4294967295 bytes, but the file ends after 2");
  CHECK(refusal(npy("")) == "npy data: .npy header ends, expected '{'");
  CHECK(refusal(npy("{}")) == "npy data: .npy header lacks the key 'descr'");
  CHECK(refusal(npy("{'descr': '<f4'}")) == "npy data: .npy header lacks the key 'fortran_order'");
  CHECK(refusal(npy("{'descr': '<f4', 'fortran_order': True}")) ==
        "npy data: .npy header lacks the key 'shape'");
  CHECK(
      refusal(npy("{'descr': '<f4', 'descr': '<f4'}")) ==
      "npy data: .npy header has a key 'descr', expected descr, fortran_order and shape once each");
  CHECK(
      refusal(npy("{'kind': 1}")) ==
      "npy data: .npy header has a key 'kind', expected descr, fortran_order and shape once each");
  CHECK(refusal(npy("{'fortran_order': 1}")) ==
        "npy data: .npy header has '1}', expected True or False");
  CHECK(refusal(npy("{'descr': '<f4")) ==
        "npy data: .npy header has ''<f4', expected a closing quote");
  CHECK(refusal(npy("{descr: 1}")) == "npy data: .npy header has 'descr: 1}', expected a key");
  CHECK(refusal(npy("{'descr' '<f4'}")) == "npy data: .npy header has ''<f4'}', expected ':'");
  CHECK(refusal(npy("{'descr': '<f4' 'shape': ()}")) ==
        "npy data: .npy header has ''shape': ()}', expected '}'");
  CHECK(refusal(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}")) ==
        "npy data: .npy header has '[('a', '<f4')], 'fortran...', expected a type such as '<f4' "
        "(records are not supported)");
  CHECK(refusal(npy(dictionary("<f4", "()") + "x", "abcd")) ==
        "npy data: .npy header has 'x', expected nothing after '}'");
  const std::string names =
      " (text; numpy.unique(names, return_inverse=True)[1] makes class numbers of names)";
  const std::string floats = " (save .astype(numpy.float32))";
  const std::string bytes = " (raw bytes, as NumPy saves bfloat16; save .astype(numpy.float32))";
  for (const auto& [type, advice] : std::vector<std::pair<std::string, std::string>>{
           {"|O", " (Python objects; save an array of numbers, rows of equal length)"},
           {"<U3", names},
           {"|S10", names},
           {"<V2", bytes},
           {"<c8", ""},
           {"<f1", floats},
           {"<f16", floats},
           {"f4", ""},
           {"!f4", ""},
           {"==f4", ""},
           {"", ""},
           {"=", ""},
           {"<M8[s]", ""}}) {
    CAPTURE(type);
    CHECK(refusal(npy(dictionary(type, "(1,)"), "abcd")) ==
          "npy data: element type is '" + type +
              "', expected '<' or '>' with b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 or f8" +
              advice);
  }
}

TEST_CASE("npy: shapes that lie are refused before anything is allocated", "[io]") {
  const std::string data(16, '\0');
  const auto lie = [&](const char* dims) { return refusal(npy(dictionary("<f4", dims), data)); };
  CHECK(lie("(3,)") == "npy data: holds 16 bytes of values, expected 12 for shape (3,) of <f4");
  CHECK(lie("(2, 3)") == "npy data: holds 16 bytes of values, expected 24 for shape (2, 3) of <f4");
  CHECK(lie("()") == "npy data: holds 16 bytes of values, expected 4 for shape () of <f4");
  CHECK(lie("(0, 4)") == "npy data: holds 16 bytes of values, expected 0 for shape (0, 4) of <f4");
  CHECK(lie("(1000000000000,)") ==
        "npy data: holds 16 bytes of values, expected 4000000000000 for shape (1000000000000,) of "
        "<f4");
  // 2^62 + 1 numbers of 4 bytes are 4 bytes modulo 2^64; 2^32 x 2^32 numbers are 0
  CHECK(lie("(4611686018427387905,)") ==
        "npy data: shape (4611686018427387905,) of <f4 is larger than any file");
  CHECK(lie("(4294967296, 4294967296)") ==
        "npy data: shape (4294967296, 4294967296) of <f4 is larger than any file");
  CHECK(lie("(0, 18446744073709551615)") ==
        "npy data: shape (0, 18446744073709551615) of <f4 is larger than any file");
  CHECK(lie("(18446744073709551616,)") ==
        "npy data: .npy header has '18446744073709551616,), ...', expected a number that fits 64 "
        "bits");
  CHECK(lie("(-4,)") ==
        "npy data: .npy header has '-4,), }\\x0a', expected a number that fits 64 bits");
  const std::string expected =
      ", expected 0 to 2 dimensions, or more if all but the first and one other are 1";
  for (const std::string dims : {"(1, 2, 2)", "(2, 2, 1, 1, 2)", "(2, 0, 0)", "(1, 4, 0)"})
    CHECK(lie(dims.c_str()) == "npy data: array has shape " + dims + expected);
  CHECK(lie("4") == "npy data: .npy header has '4, }\\x0a', expected '('");
  CHECK(lie("(4") == "npy data: .npy header has '}\\x0a', expected a number that fits 64 bits");
  CHECK(lie("(,)") ==
        "npy data: .npy header has ',), }\\x0a', expected a number that fits 64 bits");
}

TEST_CASE("npy: cut anywhere or lengthened, a file is refused", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::string path = (folder / "a.npy").string();
  io::write_npy(path, std::span<const float>(std::array<float, 6>{1, 2, 3, 4, 5, 6}), {2, 3});
  const std::string whole = hint_tests::read_file(path);
  REQUIRE(whole.size() == 128 + 24);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CAPTURE(n);
    REQUIRE_THROWS_AS(values<float>(whole.substr(0, n)), hint::format_error);
  }
  CHECK_THROWS_MESSAGE(values<float>(whole + "x"), hint::format_error,
                       "npy data: holds 25 bytes of values, expected 24 for shape (2, 3) of <f4");
  hint_tests::write_file(path, whole.substr(0, 140));
  CHECK_THROWS_MESSAGE(io::read_npy<float>(path), hint::format_error,
                       path + ": holds 12 bytes of values, expected 24 for shape (2, 3) of <f4");
}

TEST_CASE("npy: any byte may be anything without harm", "[io]") {
  const std::string whole =
      npy(dictionary("<i2", "(2, 3)", true), raw<std::int16_t>({1, 2, 3, 4, 5, 6}));
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (unsigned value = 0; value < 256; ++value) {
      std::string changed = whole;
      changed[i] = static_cast<char>(value);
      try {
        const auto a = io::parse_npy(bytes_of(changed)).to_array<double>();
        REQUIRE(a.rows() * a.cols() == a.values.size());
        REQUIRE(a.values.size() <= 12);
      } catch (const hint::format_error&) {
      }
    }
}

TEST_CASE("npy: what is written reads back", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "a.npy";
  const shape dims = GENERATE(shape{}, shape{1}, shape{0}, shape{0, 5}, shape{5, 0}, shape{6},
                              shape{2, 3}, shape{100, 70});
  std::size_t n = 1;
  for (const std::size_t d : dims) n *= d;
  CAPTURE(dims);
  const hint::random_stream random(n, 0);
  const auto check = [&](auto zero) {
    using T = decltype(zero);
    io::npy_array<T> a{dims, {}};
    for (std::size_t i = 0; i < n; ++i) a.values.push_back(static_cast<T>(random.words(i)[0]));
    io::write_npy(path, a);
    const auto b = io::read_npy<T>(path);
    CHECK(b.shape == dims);
    CHECK(b.values == a.values);
    CHECK(hint_tests::read_file(path).size() % 64 == n * sizeof(T) % 64);
  };
  check(float{});
  check(double{});
  check(std::int8_t{});
  check(std::int16_t{});
  check(std::int32_t{});
  check(std::int64_t{});
  check(std::uint8_t{});
  check(std::uint16_t{});
  check(std::uint32_t{});
  check(std::uint64_t{});
  CHECK(folder.size() == 1);
}

TEST_CASE("npy: Fortran order and bools are written as such", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "a.npy";
  io::write_npy(path, std::span<const int>(std::array{1, 2, 3, 4, 5, 6}), {2, 3},
                io::npy_order::fortran);
  CHECK(io::read_npy<int>(path).values == std::vector<int>{1, 3, 5, 2, 4, 6});
  io::write_npy(path, std::span<const bool>(std::array{true, false}), {2});
  CHECK(io::read_npy<std::uint8_t>(path).values == std::vector<std::uint8_t>{1, 0});
  CHECK(hint_tests::read_file(path).find("'|b1'") != std::string::npos);
  io::write_npy<float>(path, std::vector<float>{1}, {1});
  CHECK(hint_tests::read_file(path).substr(0, 64) ==
        std::string("\x93NUMPY\1\0\x76\0", 10) +
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)");
}

TEST_CASE("npy: bad calls and paths", "[io]") {
  const hint_tests::temporary_folder folder;
  const std::vector<float> v(6);
  const auto write = [&](const std::filesystem::path& path, const shape& dims) {
    io::write_npy(path, std::span<const float>(v), dims);
  };
  CHECK_THROWS_MESSAGE(write(folder / "a", {2, 2}), hint::shape_error,
                       "write_npy: 6 values for shape (2, 2)");
  CHECK_THROWS_MESSAGE(write(folder / "a", {1, 2, 3}), hint::shape_error,
                       "write_npy: shape (1, 2, 3) has 3 dimensions, expected 0 to 2");
  CHECK_THROWS_AS(write(folder / "a", {~std::size_t{0}, 2}), hint::shape_error);
  CHECK(folder.size() == 0);
  const std::string missing = (folder / "no" / "a.npy").string();
  CHECK_THROWS_AS(write(missing, {6}), hint::io_error);
  CHECK_THROWS_AS(io::read_npy<float>(missing), hint::io_error);
}

TEST_CASE("npy: real files", "[io][data]") {
  const auto folder = hint_tests::data_folder("uci_digits");
  if (!folder) return;
  const auto image = io::read_npy<float>(*folder / "image.npy");
  CHECK(image.shape == shape{2000, 76});
  const auto labels = io::read_npy<std::uint8_t>(*folder / "labels.npy");
  CHECK(labels.shape == shape{2000, 10});
  std::size_t ones = 0;
  for (const std::uint8_t l : labels.values) ones += l;
  CHECK(ones == 2000);
}
