// SPDX-License-Identifier: MIT
/// \file
/// Objects to files and back: `io::save(path, model)`, `io::load<T>(path)`.
#ifndef HINT_IO_ARCHIVE_HPP
#define HINT_IO_ARCHIVE_HPP

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <type_traits>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_writer.hpp>

namespace hint::inline HINT_ABI::io {

/// A type that can be saved.
///
/// | expression | meaning |
/// |---|---|
/// | `T::archive_kind` | a constant `std::uint32_t`: 2 for models, 3 for indexes, from 1000 on your own |
/// | `object.write(writer)` | puts everything into an `archive_writer` |
///
/// `write` and `read` can be templates over the writer and the reader, so that the type's header need
/// not include this one.
template <class T>
concept savable = requires(const T& object, archive_writer& writer) {
  { T::archive_kind } -> std::convertible_to<std::uint32_t>;
  object.write(writer);
};

/// A type that can be loaded: `T::read(reader)` makes a T from an `archive_reader`, which it need not
/// keep, and throws `format_error` when the archive lacks something.
template <class T>
concept loadable = requires(const archive_reader& reader) {
  { T::archive_kind } -> std::convertible_to<std::uint32_t>;
  { T::read(reader) } -> std::same_as<T>;
};

/// Writes a file whole or not at all. Throws `io_error`.
template <savable T>
void save(const std::filesystem::path& path, const T& object) {
  archive_writer writer(T::archive_kind);
  object.write(writer);
  writer.save(path);
}
/// Codes without a model or an index.
inline void save(const std::filesystem::path& path, const code_view& codes) {
  archive_writer writer(codes_kind);
  writer.codes(codes, hold::reference);
  writer.save(path);
}

/// Throws `io_error` when the system refuses, `format_error` when the file is broken or holds another
/// kind of thing.
template <class T>
  requires loadable<T> || std::same_as<T, code_set>
[[nodiscard]] T load(const std::filesystem::path& path) {
  const archive_reader reader(path);
  if constexpr (std::same_as<T, code_set>) {
    reader.require_kind(codes_kind);
    return code_set(reader.codes());
  } else {
    reader.require_kind(T::archive_kind);
    return T::read(reader);
  }
}

}  // namespace hint::inline HINT_ABI::io

#endif
