// SPDX-License-Identifier: MIT
/// \file
/// Objects to files and back: `io::save(path, model)`, `io::load<T>(path)`; for indexes also
/// `io::append(path, more)`, `io::map<T>(path)` and `io::compact<T>(path)`.
#ifndef HINT_IO_ARCHIVE_HPP
#define HINT_IO_ARCHIVE_HPP

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/io/appending_file.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/io/element.hpp>

namespace hint { inline namespace HINT_ABI { namespace io {

/// A type that can be saved.
///
/// | expression | meaning |
/// |---|---|
/// | `T::archive_kind` | a constant `std::uint32_t`: `model_kind`, `index_kind`, or from 1000 on for types of your own |
/// | `object.write(writer)` | puts everything into an `archive_writer` |
///
/// `write`, `read` and `map` can be templates over the writer and the reader, so that the type's
/// header need not include this one.
template <class T>
concept savable = requires(const T& object, archive_writer& writer) {
  { T::archive_kind } -> std::convertible_to<std::uint32_t>;
  object.write(writer);
};

namespace detail {

using section_span = std::span<const archive_reader>;

template <class T>
concept reads_one = requires(const archive_reader& reader) {
  { T::read(reader) } -> std::same_as<T>;
};
// Templates are asked by their argument: one that takes any Reader would seem to take spans too.
template <class T>
concept reads_sections = requires(section_span sections) {
  { T::template read<archive_reader>(sections) } -> std::same_as<T>;
} || (!reads_one<T> && requires(section_span sections) {
                           { T::read(sections) } -> std::same_as<T>;
                         });
template <class T>
concept looks_before_append =
    requires(const T& object, section_span sections) { object.expects_new_to(sections); };
template <class T>
concept maps_sections = requires(section_span sections) {
  { T::template map<archive_reader>(sections) } -> std::same_as<T>;
} || (!requires(const archive_reader& reader) { T::map(reader); } &&
      requires(section_span sections) {
  { T::map(sections) } -> std::same_as<T>;
});

}  // namespace detail

/// A type that can be loaded.
///
/// | expression | meaning |
/// |---|---|
/// | `T::archive_kind` | as for `savable` |
/// | `T::read(reader)` | makes a T from an `archive_reader`: files of one section |
/// | or `T::read(sections)` (taken if there are both) | makes a T from a `std::span<const archive_reader>`, one or more: files of any number of sections |
///
/// The T keeps no part of the readers. `read` throws `format_error` (by `reader.require`) when an
/// archive lacks something.
template <class T>
concept loadable = requires {
  { T::archive_kind } -> std::convertible_to<std::uint32_t>;
} && (detail::reads_one<T> || detail::reads_sections<T>);

/// A type that can be used where it lies in a file.
///
/// | expression | meaning |
/// |---|---|
/// | `T::archive_kind` | as for `savable` |
/// | `T::map(sections)` | makes a T from a `std::span<const archive_reader>`, one or more, without copying their arrays |
///
/// The T, and every copy of it, keeps copies of the readers whose arrays it uses. The map is
/// read-only: what changes in the T goes to memory of its own.
template <class T>
concept mappable = requires {
  { T::archive_kind } -> std::convertible_to<std::uint32_t>;
} && detail::maps_sections<T>;

/// A type that can be appended to a saved one: what `read` or `map` make of several sections is the
/// union of what was written.
///
/// | expression | meaning |
/// |---|---|
/// | `T::archive_kind`, `object.write(writer)` | as for `savable` |
/// | `T::read(sections)` | as for `loadable` |
/// | `object.expects_new_to(sections)` | optional: throws when sections of a file have something that the object must not add, an id say |
///
/// The entries `type` and `bits`, if `write` makes them, say what all sections of a file have in
/// common.
template <class T>
concept appendable = savable<T> && detail::reads_sections<T>;

/// An `appendable` type whose ids can be changed on the way:
/// `object.write_renumbered(writer, sections) -> std::int64_t` is `object.write(writer)` with ids that follow
/// those in the sections, and returns the first.
template <class T>
concept renumberable = appendable<T> && requires(const T& object, archive_writer& writer,
                                                 detail::section_span sections) {
  { object.write_renumbered(writer, sections) } -> std::same_as<std::int64_t>;
};

/// Writes a file whole or not at all; `atomic_file` says what happens to links, pipes and what else may
/// be there, and what `write_mode::direct` does. Throws `io_error`.
template <savable T>
void save(const std::filesystem::path& path, const T& object,
          write_mode mode = write_mode::replace) {
  archive_writer writer(T::archive_kind);
  object.write(writer);
  writer.save(path, mode);
}
/// Codes without a model or an index.
inline void save(const std::filesystem::path& path, const code_view& codes,
                 write_mode mode = write_mode::replace) {
  archive_writer writer(codes_kind);
  writer.codes(codes, hold::reference);
  writer.save(path, mode);
}

namespace detail {

/// Adds the section that `make(sections of the file)` gives, while no one else appends.
template <class Make>
void append_made(const std::filesystem::path& path, std::uint32_t kind, Make&& make) {
  appending_file file(path);  // from here on no one else appends
  const std::vector<archive_reader> all = archive_reader::sections(path, checksum_check::skip);
  const archive_reader& before = all.front();
  before.require(before.kind() == kind, "holds ", kind_name(before.kind()), ", cannot append ",
                 kind_name(kind));
  const archive_writer& section = make(section_span(all), [&](const archive_writer& mine) {
    for (const std::string_view key : {"type", "bits"}) {
      const auto found = before.entries().find(key);
      const auto other = mine.entries().find(key);
      if (found == before.entries().end() || other == mine.entries().end()) continue;
      before.require(found->second == other->second, key, " is '", printable(found->second),
                     "', cannot append '", printable(other->second), "'");
    }
  });
  section.write_to(file);
  file.commit();
}

}  // namespace detail

/// Adds a section to a file of one section or more. Nothing before it changes, and when this
/// throws, nothing at all: `io_error` when there is no file or the system refuses, `format_error`
/// when the file is not whole (its lengths are checked, not its checksums), holds another kind of
/// thing, or another `type` or `bits`. On return the bytes are on the disk. O(section + sections).
///
/// Those who append to one file or compact it wait for each other, see `appending_file`. Readers that are
/// open stay valid and do not see the new section; one that is opened meanwhile may find it incomplete
/// and throw.
inline void append(const std::filesystem::path& path, const archive_writer& section) {
  detail::append_made(path, section.kind(),
                      [&](detail::section_span, auto&& check) -> const archive_writer& {
                        check(section);
                        return section;
                      });
}
/// Adds what is in an object. Throws `invalid_argument` as well, when the object finds that it does not go
/// together with what is there: an index whose ids are in the file already, say. An index takes
/// O(section + sections) when ids ascend within sections, else reads all ids of the file.
template <appendable T>
void append(const std::filesystem::path& path, const T& object) {
  archive_writer writer(T::archive_kind);
  object.write(writer);
  detail::append_made(path, T::archive_kind,
                      [&](detail::section_span sections, auto&& check) -> const archive_writer& {
                        check(writer);
                        if constexpr (detail::looks_before_append<T>)
                          object.expects_new_to(sections);
                        return writer;
                      });
}
/// Adds what is in an object under ids that follow the largest ever in the file, in the object's order, and
/// returns the first of them: shards whose ids all begin with 0, and several programs that append to one
/// file, need not agree on ids. (A file without ids begins with 0; of an object without any nothing is to
/// be found in the file.) Throws as `append` does. As fast.
template <renumberable T>
std::int64_t append_renumbered(const std::filesystem::path& path, const T& object) {
  std::int64_t first = 0;
  archive_writer writer(T::archive_kind);
  detail::append_made(path, T::archive_kind,
                      [&](detail::section_span sections, auto&& check) -> const archive_writer& {
                        first = object.write_renumbered(writer, sections);
                        check(writer);
                        return writer;
                      });
  return first;
}

/// Throws `io_error` when the system refuses, `format_error` when the file is broken or holds
/// another kind of thing. All checksums are verified.
template <class T>
  requires loadable<T> || std::same_as<T, code_set>
[[nodiscard]] T load(const std::filesystem::path& path) {
  if constexpr (detail::reads_sections<T>) {
    const std::vector<archive_reader> sections = archive_reader::sections(path);
    sections.front().require_kind(T::archive_kind);  // as all others are
    return T::read(detail::section_span(sections));
  } else {
    const archive_reader reader(path);
    if constexpr (std::same_as<T, code_set>) {
      reader.require_kind(codes_kind);
      return code_set(reader.codes());
    } else {
      reader.require_kind(T::archive_kind);
      return T::read(reader);
    }
  }
}

/// The same without copying: the object uses the file where it lies, so that opening costs no more
/// than the check, and with `checksum_check::skip` next to nothing; pages are read when they are
/// first used and shared with every other process that maps the file. Throws as `load` does.
///
/// The file may be appended to or replaced by `save` meanwhile, which the object does not see. It
/// must not be cut or written to by other means. Skip the check only for files that were checked
/// once: sizes and places are checked in any case, values (and that ids differ) are then believed.
template <mappable T>
[[nodiscard]] T map(const std::filesystem::path& path,
                    checksum_check check = checksum_check::verify) {
  const std::vector<archive_reader> sections = archive_reader::sections(path, check);
  sections.front().require_kind(T::archive_kind);  // as all others are
  return T::map(detail::section_span(sections));
}

/// Makes one section of all in a file, which many small appends call for: opening takes longer with every
/// section, and so do searches among sections of few codes. Returns how many there were; a file of one is
/// left alone. The new file takes the place of the old one whole or not at all and is on the disk before;
/// those who append wait and then append to the new one; who has the old one open keeps it. Throws as
/// `load` and `save` do. Time and memory: those of `load`.
///
/// Without `flock` (Windows) see to it that nobody else appends meanwhile.
template <appendable T>
std::size_t compact(const std::filesystem::path& path) {
#if !defined(_WIN32)
  const appending_file others_wait(path);
#endif
  const std::size_t sections = archive_reader::sections(path, checksum_check::skip).size();
  if (sections == 1) return sections;
  archive_writer writer(T::archive_kind);
  load<T>(path).write(writer);
  atomic_file file(path);
  writer.write_to(file);
  file.force();
  file.commit();
  return sections;
}

}}}  // namespace hint::HINT_ABI::io

#endif
