// SPDX-License-Identifier: MIT
/// \file
/// Several objects in one archive, each under names that begin with its own prefix.
#ifndef HINT_LEARN_ENSEMBLE_ARCHIVE_PART_HPP
#define HINT_LEARN_ENSEMBLE_ARCHIVE_PART_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// What `write` functions use of an `io::archive_writer`; `codes`, of which an archive has but one, is
/// missing. The writer must outlive it. A part of a part is a part of the whole, so that there are two
/// types of writers and no more.
template <class Writer>
class part_writer {
 public:
  part_writer(Writer& to, std::string prefix) : to_(to), prefix_(std::move(prefix)) {}
  part_writer(const part_writer& of, std::string_view prefix)
      : to_(of.to_), prefix_(of.named(prefix)) {}

  template <class T>
  void meta(std::string_view key, const T& value) {
    to_.meta(named(key), value);
  }
  template <class Values, class... Hold>
  void array(std::string_view name, Values&& values, std::size_t rows, std::size_t cols,
             Hold... how) {
    to_.array(named(name), std::forward<Values>(values), rows, cols, how...);
  }

 private:
  [[nodiscard]] std::string named(std::string_view name) const {
    return ::hint::detail::concat(prefix_, name);
  }

  Writer& to_;
  std::string prefix_;
};

template <class Writer>
part_writer(part_writer<Writer>&, std::string) -> part_writer<Writer>;

/// What `read` functions use of an `io::archive_reader`. The reader must outlive it. As above.
template <class Reader>
class part_reader {
 public:
  part_reader(const Reader& from, std::string prefix) : from_(from), prefix_(std::move(prefix)) {}
  part_reader(const part_reader& of, std::string_view prefix)
      : from_(of.from_), prefix_(of.named(prefix)) {}

  [[nodiscard]] bool has(std::string_view key) const { return from_.has(named(key)); }
  [[nodiscard]] bool has_array(std::string_view name) const { return from_.has_array(named(name)); }
  [[nodiscard]] const std::string& meta(std::string_view key) const {
    return from_.meta(named(key));
  }
  template <class T>
  [[nodiscard]] T number(std::string_view key) const {
    return from_.template number<T>(named(key));
  }
  [[nodiscard]] std::size_t rows(std::string_view name) const { return from_.rows(named(name)); }
  [[nodiscard]] std::size_t cols(std::string_view name) const { return from_.cols(named(name)); }
  template <class T>
  [[nodiscard]] auto array(std::string_view name) const {
    return from_.template array<T>(named(name));
  }
  template <class... Ts>
  void require(bool condition, const Ts&... parts) const {
    from_.require(condition, parts...);
  }

 private:
  [[nodiscard]] std::string named(std::string_view name) const {
    return ::hint::detail::concat(prefix_, name);
  }

  const Reader& from_;
  std::string prefix_;
};

template <class Reader>
part_reader(const part_reader<Reader>&, std::string) -> part_reader<Reader>;

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
