// SPDX-License-Identifier: MIT
// Compiled, never run: what models the concepts of io/ and what does not.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/io/archive.hpp>
#include <hint/io/element.hpp>
#include <hint/io/npy.hpp>

namespace {

namespace io = hint::io;

struct both {
  static constexpr std::uint32_t archive_kind = 1000;
  template <class Writer>
  void write(Writer&) const {}
  template <class Reader>
  static both read(const Reader&) {
    return {};
  }
};
struct no_kind {
  void write(io::archive_writer&) const {}
  static no_kind read(const io::archive_reader&) { return {}; }
};
struct reads_another {
  static constexpr std::uint32_t archive_kind = 1001;
  static both read(const io::archive_reader&) { return {}; }
};
struct writes_when_mutable {
  static constexpr std::uint32_t archive_kind = 1002;
  void write(io::archive_writer&) {}
};

static_assert(io::savable<both> && io::loadable<both>);
static_assert(!io::savable<no_kind> && !io::loadable<no_kind>);
static_assert(!io::loadable<reads_another>);
static_assert(!io::savable<writes_when_mutable>);
static_assert(!io::savable<int> && !io::loadable<int>);

static_assert(io::element<float> && io::element<std::uint8_t> && io::element<std::int64_t> &&
              io::element<std::size_t> && io::element<long long>);
static_assert(!io::element<bool> && !io::element<char> && !io::element<long double> &&
              !io::element<const float> && !io::element<std::byte> && !io::element<both>);

template <class T>
concept can_load = requires { io::load<T>("x"); };
static_assert(can_load<both> && can_load<hint::code_set>);
static_assert(!can_load<no_kind> && !can_load<std::vector<int>>);

template <class T>
concept can_save = requires(const T& object) { io::save("x", object); };
static_assert(can_save<both> && can_save<hint::code_set> && can_save<hint::code_view>);
static_assert(!can_save<no_kind> && !can_save<std::vector<float>>);

template <class T>
concept can_be_array = requires(io::archive_writer& w, const T& v) { w.array("x", v, 1, 1); };
static_assert(can_be_array<std::vector<float>> && can_be_array<std::span<double>> &&
              can_be_array<std::span<const std::uint8_t>>);

template <class T>
concept can_read_npy = requires { io::read_npy<T>("x"); };
static_assert(can_read_npy<float> && can_read_npy<std::uint8_t> && !can_read_npy<bool> &&
              !can_read_npy<char>);

}  // namespace
