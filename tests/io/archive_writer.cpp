// SPDX-License-Identifier: MIT
#include <hint/io/archive_writer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/code_set.hpp>
#include <hint/io/archive_reader.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace io = hint::io;

namespace {

/// Counts what is allocated and freed.
struct counts {
  int allocated = 0;
  int freed = 0;
};
template <class T>
struct counting_allocator {
  using value_type = T;
  counts* count;

  explicit counting_allocator(counts* c) : count(c) {}
  template <class U>
  counting_allocator(const counting_allocator<U>& other) : count(other.count) {}  // NOLINT
  T* allocate(std::size_t n) {
    ++count->allocated;
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* p, std::size_t n) {
    ++count->freed;
    std::allocator<T>().deallocate(p, n);
  }
  template <class U>
  bool operator==(const counting_allocator<U>& other) const {
    return count == other.count;
  }
};

}  // namespace

TEST_CASE("archive_writer: the bytes of a small file", "[io]") {
  const hint_tests::temporary_folder folder;
  io::archive_writer w(io::model_kind);
  w.meta("rate", 0.1);
  w.meta("name", "two\nlines \\");
  w.array("b", std::vector<std::uint8_t>{1, 2, 3}, 1, 3);
  w.array("a", std::vector<std::uint16_t>{4}, 1, 1);
  w.save(folder / "m");
  const std::string file = hint_tests::read_file(folder / "m");
  const std::string text = std::string("library ") + HINT_VERSION +
                           "\nname two\\nlines \\\\\nrate 0.1\n"
                           "array b u1 1 3 0\narray a u2 1 1 64\n";
  REQUIRE(text.size() > 64);
  REQUIRE(text.size() < 128);
  REQUIRE(file.size() == 64 + 128 + 64 + 64);
  CHECK(file.substr(0, 8) == "\x89HINT\r\n\x1a");
  CHECK(file.substr(64, 128) == text + std::string(128 - text.size(), '\n'));
  CHECK(file.substr(192) ==
        std::string("\1\2\3") + std::string(61, '\0') + "\4" + std::string(63, '\0'));
  w.save(folder / "again");
  CHECK(hint_tests::read_file(folder / "again") == file);
  CHECK(folder.size() == 2);
}

TEST_CASE("archive_writer: copies unless told otherwise", "[io]") {
  const hint_tests::temporary_folder folder;
  std::vector<std::uint8_t> values{1};
  io::archive_writer w(1000);
  w.array("copy", values, 1, 1);
  w.array("reference", values, 1, 1, io::hold::reference);
  values[0] = 2;
  const io::archive_writer moved = w;  // copies of the writer hold the same
  moved.save(folder / "m");
  const std::string file = hint_tests::read_file(folder / "m");
  CHECK(file[file.size() - 128] == 1);
  CHECK(file[file.size() - 64] == 2);
}

TEST_CASE("archive_writer: containers that are given away are kept, not copied", "[io]") {
  const hint_tests::temporary_folder folder;
  counts count;
  {
    std::vector<std::int32_t, counting_allocator<std::int32_t>> given(
        {1, 2, 3}, counting_allocator<std::int32_t>(&count));
    const int before = count.allocated;
    auto w = std::make_unique<io::archive_writer>(1000);
    CHECK_THROWS_AS(w->array("given", std::move(given), 2, 2), hint::shape_error);
    CHECK(given.size() == 3);  // NOLINT: it was refused
    w->array("given", std::move(given), 3, 1);
    CHECK(given.empty());  // NOLINT: that is the question
    hint::aligned_buffer<double> aligned{0.5};
    w->array("aligned", std::move(aligned), 1, 1);
    CHECK(aligned.empty());                                    // NOLINT
    w->array("std", std::array<std::uint8_t, 2>{8, 9}, 1, 2);  // lives in itself
    w->array("none", std::vector<float>{}, 0, 3);
    const io::archive_writer copy = *w;  // shares them
    w.reset();
    CHECK(count.allocated == before);
    CHECK(count.freed == 0);
    copy.save(folder / "given");
  }
  CHECK(count.freed == count.allocated);
  io::archive_writer w(1000);
  const std::vector<std::int32_t> values{1, 2, 3};
  w.array("given", values, 3, 1);
  w.array("aligned", std::vector<double>{0.5}, 1, 1, io::hold::copy);
  w.array("std", std::vector<std::uint8_t>{8, 9}, 1, 2);
  w.array("none", std::span<const float>(), 0, 3);
  w.save(folder / "copied");
  CHECK(hint_tests::read_file(folder / "given") == hint_tests::read_file(folder / "copied"));
}

TEST_CASE("archive_writer: what counts as given away", "[io]") {
  using io::detail::owning_container;
  STATIC_REQUIRE(owning_container<std::vector<float>>);
  STATIC_REQUIRE(owning_container<hint::aligned_buffer<std::uint64_t>>);
  STATIC_REQUIRE(owning_container<std::array<int, 3>>);
  STATIC_REQUIRE_FALSE(owning_container<std::vector<float>&>);
  STATIC_REQUIRE_FALSE(owning_container<const std::vector<float>>);
  STATIC_REQUIRE_FALSE(owning_container<std::span<float>>);  // only looks
  STATIC_REQUIRE_FALSE(owning_container<std::span<const float>>);
  STATIC_REQUIRE_FALSE(owning_container<std::string>);  // char is no element
  STATIC_REQUIRE_FALSE(owning_container<std::vector<bool>>);
  // A span that is given away goes on meaning someone else's values, which are copied.
  const hint_tests::temporary_folder folder;
  std::vector<std::uint8_t> values{1};
  io::archive_writer w(1000);
  w.array("span", std::span<std::uint8_t>(values), 1, 1);
  values[0] = 2;
  w.save(folder / "m");
  const std::string file = hint_tests::read_file(folder / "m");
  CHECK(file[file.size() - 64] == 1);
}

TEST_CASE("archive_writer: hands itself out in pieces, as save writes it", "[io]") {
  struct {
    std::string bytes;
    void write(std::span<const std::byte> piece) { bytes += io::detail::as_text(piece); }
  } sink;
  const hint_tests::temporary_folder folder;
  io::archive_writer w(1000);
  w.meta("note", "x");
  w.array("v", std::vector<float>{1, 2}, 2, 1);
  CHECK(w.kind() == 1000);
  CHECK(w.entries().at("note") == "x");
  w.write_to(sink);
  w.save(folder / "m");
  CHECK(sink.bytes == hint_tests::read_file(folder / "m"));
  CHECK(sink.bytes.size() % 64 == 0);
}

TEST_CASE("archive_writer: bad calls", "[io]") {
  CHECK_THROWS_MESSAGE(io::archive_writer(0), hint::invalid_argument,
                       "archive_writer: kind is 0, expected 1 (codes), 2 (model), 3 (index) or "
                       "1000 and more for types of your own");
  io::archive_writer w(2);
  w.meta("a", 1);
  CHECK_THROWS_MESSAGE(w.meta("a", true), hint::invalid_argument,
                       "archive_writer: key 'a' is taken");
  CHECK_THROWS_MESSAGE(w.meta("library", "x"), hint::invalid_argument,
                       "archive_writer: key 'library' is taken");
  CHECK_THROWS_MESSAGE(w.meta("array", "x"), hint::invalid_argument,
                       "archive_writer: key 'array' is taken");
  CHECK_THROWS_MESSAGE(w.meta("a b", 1), hint::invalid_argument,
                       "archive_writer: key 'a b', expected letters, digits, '.', '_' and '-'");
  const std::vector<float> v(6);
  CHECK_THROWS_MESSAGE(w.array("v", v, 2, 2), hint::shape_error,
                       "archive_writer: array 'v' has 6 values, expected 2 x 2");
  CHECK_THROWS_AS(w.array("v", v, ~std::size_t{0}, 2), hint::shape_error);
  CHECK_THROWS_AS(w.array("v", std::span<const float>(), ~std::size_t{0}, 0), hint::shape_error);
  CHECK_THROWS_MESSAGE(w.array("", v, 2, 3), hint::invalid_argument,
                       "archive_writer: array '', expected letters, digits, '.', '_' and '-'");
  w.array("v", v, 2, 3);
  CHECK_THROWS_MESSAGE(w.array("v", v, 2, 3), hint::invalid_argument,
                       "archive_writer: array 'v' is taken");
  w.codes(hint::code_set(8, 1));
  CHECK_THROWS_MESSAGE(w.codes(hint::code_set(8, 1)), hint::invalid_argument,
                       "archive_writer: array 'codes' is taken");
}

TEST_CASE("archive_writer: a place that cannot be written", "[io]") {
  const hint_tests::temporary_folder folder;
  const io::archive_writer w(2);
  CHECK_THROWS_AS(w.save(folder / "no" / "m"), hint::io_error);
  CHECK(folder.size() == 0);
}

TEST_CASE("archive_writer: rows of labels that are longer than codes are refused", "[io]") {
  hint::io::archive_writer writer(hint::io::codes_kind);
  CHECK_THROWS_MESSAGE(writer.codes(hint::code_set::labels(20000, 2)), hint::invalid_argument,
                       "archive_writer: codes have 20000 bits, expected 1 to 16384");
}

TEST_CASE("archive_writer: the oldest format that does, unless told otherwise", "[io]") {
  const hint_tests::temporary_folder folder;
  const auto path = folder / "file";
  io::archive_writer w(1000);
  w.save(path);
  CHECK(io::archive_reader(path).header().version == io::oldest_archive_version);
  w.needs_version(2);
  w.needs_version(1);  // does not undo it
  w.save(path);
  CHECK(io::archive_reader(path).header().version == 2);
  CHECK_THROWS_MESSAGE(w.needs_version(3), hint::invalid_argument,
                       "archive_writer: format version is 3, expected 1 to 2");
  CHECK_THROWS_MESSAGE(w.needs_version(0), hint::invalid_argument,
                       "archive_writer: format version is 0, expected 1 to 2");
}
