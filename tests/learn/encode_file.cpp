// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/data/read.hpp>
#include <hint/io/archive.hpp>
#include <hint/io/npy.hpp>
#include <hint/learn/any_hasher.hpp>
#include <hint/learn/encode_file.hpp>
#include <hint/learn/mlp_hasher.hpp>
#include <hint/search/linear_scan.hpp>

#include "linalg/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/counted_memory.hpp"
#include "support/temporary_folder.hpp"

using namespace hint;

namespace {

learn::mlp_hasher hasher(std::size_t cols, std::size_t bits) {
  const data::block rows(hint_tests::random_matrix<float>(50, static_cast<linalg::index>(cols), 1));
  const auto scaling = data::normalizer::fit(rows, data::scaling::centered_l2);
  const nn::mlp<float> net(cols, bits, {.hidden = {8}}, {1, 2});
  return {{scaling, scaling}, {net, net}};
}
/// Rows that are dealt out in few at a time.
constexpr std::size_t wide = 2000;

linalg::matrix<float> features(std::size_t n, std::size_t cols = wide) {
  return hint_tests::random_matrix<float>(static_cast<linalg::index>(n),
                                          static_cast<linalg::index>(cols), 7);
}
void put(const std::filesystem::path& path, const linalg::matrix<float>& x) {
  io::write_npy(path, std::span(x.data(), static_cast<std::size_t>(x.size())),
                {static_cast<std::size_t>(x.rows()), static_cast<std::size_t>(x.cols())});
}
/// Storage of one's own.
struct own_rows {
  const linalg::matrix<float>& x;
  [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(x.rows()); }
  [[nodiscard]] std::size_t cols() const { return static_cast<std::size_t>(x.cols()); }
  void copy_rows(std::size_t first, linalg::matrix_ref<float> out) const {
    out = x.middleRows(static_cast<linalg::index>(first), out.rows());
  }
};
struct stop_after {
  std::size_t left;
  [[nodiscard]] bool stop_requested() { return left == 0 || --left == 0; }
};

}  // namespace

TEST_CASE("codes in parts are those of all rows", "[learn][encode_file]") {
  const auto h = hasher(wide, 70);
  thread_pool pool(2);
  for (const std::size_t n : {0U, 1U, 511U, 512U, 1300U, 2048U}) {
    CAPTURE(n);
    const linalg::matrix<float> x = features(n);
    const code_set expected = h.encode(text, data::block(x));
    const auto parts_of = [&](const auto& rows, const context& ctx) {
      code_set all(70);
      std::size_t rest = 0;
      const std::size_t done = learn::encode_to(
          h, text, rows,
          [&](const code_view& codes) {
            CHECK(rest == 0);
            rest = codes.size() % 512;
            all.append(codes);
          },
          ctx);
      CHECK(done == n);
      CHECK(all == expected);
    };
    parts_of(data::block(x), {});
    parts_of(data::block(x), context(pool));
    parts_of(own_rows{x}, {});
    parts_of(own_rows{x}, context(pool));
  }
}

TEST_CASE("a file of codes is the one that is saved at once", "[learn][encode_file]") {
  const hint_tests::temporary_folder folder;
  const linalg::matrix<float> x = features(1300);
  put(folder / "x.npy", x);
  for (const std::size_t bits : {8U, 24U, 64U, 70U}) {
    CAPTURE(bits);
    const auto h = hasher(wide, bits);
    const code_set codes = h.encode(image, data::block(x));
    CHECK(learn::encode_file(h, image, folder / "x.npy", folder / "codes"));
    io::save(folder / "whole", codes);
    CHECK(hint_tests::read_file(folder / "codes") == hint_tests::read_file(folder / "whole"));
    CHECK(io::load<code_set>(folder / "codes") == codes);

    CHECK(learn::encode_file(learn::any_hasher(h), image, folder / "x.npy", folder / "index",
                             {.first_id = 1000}));
    search::linear_scan index(bits);
    std::vector<std::int64_t> ids(1300);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(1000 + i);
    index.add(codes, ids);
    io::save(folder / "whole", index);
    CHECK(hint_tests::read_file(folder / "index") == hint_tests::read_file(folder / "whole"));
    const auto mapped = io::map<search::linear_scan>(folder / "index");
    CHECK(mapped.search(codes.view().slice(1234, 1), 1)[0][0].distance == 0);
  }
}

TEST_CASE("empty files of features make empty files of codes", "[learn][encode_file]") {
  const hint_tests::temporary_folder folder;
  put(folder / "x.npy", features(0, 12));
  const auto h = hasher(12, 64);
  CHECK(learn::encode_file(h, image, folder / "x.npy", folder / "codes"));
  CHECK(io::load<code_set>(folder / "codes").empty());
  CHECK(learn::encode_file(h, image, folder / "x.npy", folder / "index", {.first_id = 5}));
  CHECK(io::load<search::linear_scan>(folder / "index").size() == 0);
  put(folder / "x.npy", features(2, 12));
  const std::int64_t last = (std::numeric_limits<std::int64_t>::max)();
  CHECK(learn::encode_file(h, image, folder / "x.npy", folder / "index", {.first_id = last - 1}));
  CHECK(io::load<search::linear_scan>(folder / "index").size() == 2);
  CHECK_THROWS_MESSAGE(
      learn::encode_file(h, image, folder / "x.npy", folder / "codes", {.first_id = last}),
      invalid_argument, "first id 9223372036854775807: there are no ids for 2 codes from it on");
}

TEST_CASE("what is wrong with a row names file and row, and leaves no file",
          "[learn][encode_file]") {
  const hint_tests::temporary_folder folder;
  linalg::matrix<float> x = features(2100);
  put(folder / "x-0.npy", x.topRows(900));
  x(2050, 3) = std::numeric_limits<float>::quiet_NaN();
  put(folder / "x-1.npy", x.bottomRows(1200));
  const auto h = hasher(wide, 64);
  const auto files = data::row_files::in(folder.path(), "x");
  CHECK_THROWS_MESSAGE(learn::encode_file(h, image, files, folder / "codes"), invalid_argument,
                       "image: row 1150 of " + (folder / "x-1.npy").string() +
                           ", column 3 is nan, expected finite numbers");
  CHECK(folder.size() == 2);
  const auto nothing = [](const code_view&) {};
  CHECK_THROWS_MESSAGE(learn::encode_to(h, image, own_rows{x}, nothing), invalid_argument,
                       "image: row 2050, column 3 is nan, expected finite numbers");
  CHECK_THROWS_MESSAGE(learn::encode_to(h, image, data::block(x), nothing), invalid_argument,
                       "image: row 2050, column 3 is nan, expected finite numbers");
  put(folder / "y.npy", features(3, 5));
  CHECK_THROWS_MESSAGE(learn::encode_file(h, image, folder / "y.npy", folder / "codes"),
                       shape_error,
                       "encode: image features have 5 columns, the model was trained on 2000");
  CHECK(folder.size() == 3);
}

TEST_CASE("a stop leaves no file, and progress is told", "[learn][encode_file]") {
  const hint_tests::temporary_folder folder;
  put(folder / "x.npy", features(3000));
  const auto h = hasher(wide, 64);
  for (const std::size_t asks : {1U, 2U, 3U}) {
    stop_after stop{asks};
    context ctx;
    ctx.observer = stop;
    CHECK(!learn::encode_file(h, image, folder / "x.npy", folder / "codes", {}, ctx));
    CHECK(folder.size() == 1);
  }
  struct listener {
    double first = -1, last = -1;
    void on(const phase_report& r) {
      CHECK(r.phase == "encode");
      CHECK(r.done >= last);
      if (first < 0) first = r.done;
      last = r.done;
    }
  } hear;
  context ctx;
  ctx.observer = hear;
  CHECK(learn::encode_file(h, image, folder / "x.npy", folder / "codes", {}, ctx));
  CHECK(hear.first == 0);
  CHECK(hear.last == 1);
}

TEST_CASE("memory does not grow with the rows", "[learn][encode_file]") {
  const hint_tests::temporary_folder folder;
  const auto h = hasher(64, 64);
  const auto peak = [&](std::size_t n, auto value) {
    using number = decltype(value);
    const std::vector<number> x(64 * n, value);
    io::write_npy(folder / "x.npy", std::span<const number>(x), {n, std::size_t{64}});
    return counted_memory::peak_of([&] {
      CHECK(learn::encode_file(h, image, folder / "x.npy", folder / "codes", {.first_id = 0}));
    });
  };
  // Doubles become floats row by row.
  CHECK(peak(400000, 1.0) < peak(40000, 1.0) + 100000);
  CHECK(peak(400000, 1.0F) < 4000000);
}

TEST_CASE("files of any numbers are encoded as they are read", "[learn][encode_file]") {
  const hint_tests::temporary_folder folder;
  const auto h = hasher(64, 64);
  const auto check = [&]<class T>(T, const char* name) {
    CAPTURE(name);
    std::vector<T> x(64 * 700);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(i * 37 % 251);
    const auto part = [&](std::size_t first, std::size_t count) {
      io::write_npy(folder / (std::string(name) + "-" + (first == 0 ? "0" : "1") + ".npy"),
                    std::span<const T>(x).subspan(64 * first, 64 * count),
                    {count, std::size_t{64}});
    };
    part(0, 130);
    part(130, 570);
    const auto files = data::row_files::in(folder.path(), name);
    CHECK(learn::encode_file(h, image, files, folder / "codes"));
    CHECK(io::load<code_set>(folder / "codes") == h.encode(image, data::read(files)));
  };
  check(1.0F, "floats");
  check(1.0, "doubles");
  check(std::uint8_t{1}, "bytes");
  check(std::int16_t{1}, "integers");
  std::filesystem::remove(folder / "codes");

  std::vector<double> large(64 * 9, 1);
  large[64 * 7 + 5] = 1e300;
  io::write_npy(folder / "large.npy", std::span<const double>(large), {9, 64});
  CHECK_THROWS_MESSAGE(learn::encode_file(h, image, folder / "large.npy", folder / "codes"),
                       invalid_argument,
                       "image: row 7 of " + (folder / "large.npy").string() +
                           ", column 5 is inf, expected finite numbers");
  io::write_npy(folder / "columns.npy", std::span<const double>(large), {9, 64},
                io::npy_order::fortran);
  CHECK_THROWS_MESSAGE(learn::encode_file(h, image, folder / "columns.npy", folder / "codes"),
                       format_error,
                       (folder / "columns.npy").string() +
                           ": holds column after column (Fortran order), expected row after row;"
                           " data::read can read it");
  CHECK_THROWS_AS(learn::encode_file(h, image, folder / "none.npy", folder / "codes"), io_error);
  CHECK(!std::filesystem::exists(folder / "codes"));
}
