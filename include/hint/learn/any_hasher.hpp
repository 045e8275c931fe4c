// SPDX-License-Identifier: MIT
/// \file
/// A model whatever its type: for programs that choose the method at run time, or load a file without
/// knowing what made it.
#ifndef HINT_LEARN_ANY_HASHER_HPP
#define HINT_LEARN_ANY_HASHER_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/io/archive.hpp>
#include <hint/learn/concepts.hpp>
#include <hint/learn/ensemble/archive_part.hpp>
#include <hint/learn/ensemble_hasher.hpp>
#include <hint/learn/kernel_hasher.hpp>
#include <hint/learn/linear_hasher.hpp>
#include <hint/learn/mlp_hasher.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// A model that `any_hasher` can hold: a `cross_modal_hasher` that can be saved and says how many
/// columns it takes and what it is.
///
/// | expression | meaning |
/// |---|---|
/// | `h.cols(m)` | columns that features of modality m must have |
/// | `h.description()` | free text that travels with the model |
/// | `h.write(writer)` | everything, into an `io::archive_writer`; the entry `model` is the kind's name |
template <class H>
concept storable_hasher = cross_modal_hasher<H> && io::savable<H> && std::copy_constructible<H> &&
                          requires(const H& h, modality m) {
                            { h.cols(m) } -> std::convertible_to<std::size_t>;
                            { h.description() } -> std::convertible_to<std::string>;
                          };

/// A `storable_hasher` that can be found by its name in a file, and read.
///
/// | expression | meaning |
/// |---|---|
/// | `H::model_name` | the entry `model` of its archives |
/// | `H::read(reader)` | an H from an `io::archive_reader` |
template <class H>
concept named_hasher = storable_hasher<H> && requires(const io::archive_reader& reader) {
  { H::model_name } -> std::convertible_to<std::string_view>;
  { H::read(reader) } -> std::same_as<H>;
};

/// Holds any `storable_hasher` and is one. Copies share the model, which nothing changes; const use is
/// thread-safe. `io::save` writes the file that the model itself would write.
class any_hasher {
  using part_writer = detail::part_writer<io::archive_writer>;

 public:
  static constexpr std::uint32_t archive_kind = io::model_kind;
  /// What the archive of an ensemble calls members of any type; a model that is saved has its own name.
  static constexpr std::string_view model_name = "any_hasher";

  template <class H>
    requires(!std::same_as<H, any_hasher> && storable_hasher<H>)
  any_hasher(H model)  // NOLINT: implicit on purpose
      : model_(std::make_shared<const holder<H>>(std::move(model))) {}

  [[nodiscard]] std::size_t bits() const { return model_->bits(); }
  /// Columns that features of a modality must have.
  [[nodiscard]] std::size_t cols(modality m) const { return model_->cols(m); }
  [[nodiscard]] std::string description() const { return model_->description(); }
  /// n codes. See `cross_modal_hasher`.
  template <data::feature_block B>
  [[nodiscard]] code_set encode(modality m, const B& rows, const context& ctx = {}) const {
    return model_->encode(m, data::as_block(rows), ctx);
  }
  /// The model's real values, n x bits, for asymmetric scores (`search/asymmetric.hpp`), which weigh bits by them: those
  /// of several methods side by side have no common unit. Throws `invalid_argument` when the model, or a member of
  /// it, has none (`linear_hasher`).
  template <data::feature_block B>
  [[nodiscard]] linalg::matrix<float> project(modality m, const B& rows,
                                              const context& ctx = {}) const {
    return model_->project(m, data::as_block(rows), ctx);
  }
  /// The model itself when it is an H, else null.
  template <class H>
  [[nodiscard]] const H* get_if() const noexcept {
    const auto* found = dynamic_cast<const holder<H>*>(model_.get());
    return found == nullptr ? nullptr : &found->value;
  }

  void write(io::archive_writer& writer) const { model_->write(writer); }
  /// As a member of an ensemble. Throws `invalid_argument` when `H::write` takes an `archive_writer` alone: it
  /// should be a template, as the library's are.
  void write(part_writer& writer) const { model_->write(writer); }
  /// The model of an archive, of one of the `known_hashers` or of `More`. Throws `format_error` for
  /// another.
  template <named_hasher... More, class Reader>
  [[nodiscard]] static any_hasher read_one_of(const Reader& reader);
  template <class Reader>
  [[nodiscard]] static any_hasher read(const Reader& reader) {
    return read_one_of<>(reader);
  }

 private:
  struct base {
    virtual ~base() = default;
    [[nodiscard]] virtual std::size_t bits() const = 0;
    [[nodiscard]] virtual std::size_t cols(modality m) const = 0;
    [[nodiscard]] virtual std::string description() const = 0;
    [[nodiscard]] virtual code_set encode(modality m, const data::block& rows,
                                          const context& ctx) const = 0;
    [[nodiscard]] virtual linalg::matrix<float> project(modality m, const data::block& rows,
                                                        const context& ctx) const = 0;
    virtual void write(io::archive_writer& writer) const = 0;
    virtual void write(part_writer& writer) const = 0;
  };
  template <class H>
  struct holder final : base {
    explicit holder(H model) : value(std::move(model)) {}
    std::size_t bits() const override { return value.bits(); }
    std::size_t cols(modality m) const override { return value.cols(m); }
    std::string description() const override { return value.description(); }
    code_set encode(modality m, const data::block& rows, const context& ctx) const override {
      return value.encode(m, rows, ctx);
    }
    linalg::matrix<float> project([[maybe_unused]] modality m,
                                  [[maybe_unused]] const data::block& rows,
                                  [[maybe_unused]] const context& ctx) const override {
      if constexpr (requires {
                      { value.project(m, rows, ctx) } -> std::same_as<linalg::matrix<float>>;
                    }) {
        return value.project(m, rows, ctx);
      } else {
        expects(false, "any_hasher: this model has codes, but no real values");
        return {};
      }
    }
    void write(io::archive_writer& writer) const override { value.write(writer); }
    void write(part_writer& writer) const override {
      if constexpr (requires { value.write(writer); })
        value.write(writer);
      else
        expects(false, "any_hasher: this model cannot be saved as a member of an ensemble");
    }
    H value;
  };

  std::shared_ptr<const base> model_;
};

/// Types of models, in the order in which messages name them.
template <named_hasher... H>
struct hasher_list {};

/// The models of the library. A further one needs one line.
using known_hashers = hasher_list<   //
    linear_hasher,                   //
    mlp_hasher,                      //
    kernel_hasher,                   //
    ensemble_hasher<linear_hasher>,  //
    ensemble_hasher<mlp_hasher>,     //
    ensemble_hasher<kernel_hasher>,  //
    ensemble_hasher<any_hasher>>;

namespace detail {

template <class Reader, class... H>
[[nodiscard]] any_hasher read_hasher(const Reader& reader, hasher_list<H...>) {
  const std::string& kind = reader.meta("model");
  std::optional<any_hasher> found;
  const auto try_one = [&]<class One>(std::type_identity<One>) {
    if constexpr (requires { One::read(reader); })  // a user's may not read parts
      if (kind == One::model_name) found.emplace(One::read(reader));
  };
  (try_one(std::type_identity<H>{}), ...);
  std::string names;
  ((names += ::hint::detail::concat(names.empty() ? "" : ", ", H::model_name)), ...);
  reader.require(found.has_value(), "the model is a '", io::detail::printable(kind),
                 "', expected one of ", names);
  return *std::move(found);
}
template <class... More, class Reader, class... Known>
[[nodiscard]] any_hasher read_hasher_with(const Reader& reader, hasher_list<Known...>) {
  return read_hasher(reader, hasher_list<Known..., More...>{});
}

}  // namespace detail

template <named_hasher... More, class Reader>
any_hasher any_hasher::read_one_of(const Reader& reader) {
  return detail::read_hasher_with<More...>(reader, known_hashers{});
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

namespace hint { inline namespace HINT_ABI { namespace io {

/// The model of a file, whatever its type; `More` are types of one's own that it may have beside the
/// library's (`learn::named_hasher`). Throws `io_error` when the system refuses, `format_error` when
/// the file is broken, holds no model, or one of an unknown kind, naming those that are known.
/// \code
/// const auto model = hint::io::load_hasher("model.hint");
/// const auto codes = model.encode(hint::text, rows);
/// \endcode
template <learn::named_hasher... More>
[[nodiscard]] learn::any_hasher load_hasher(const std::filesystem::path& path) {
  const archive_reader reader(path);
  reader.require_kind(model_kind);
  return learn::any_hasher::read_one_of<More...>(reader);
}

}}}  // namespace hint::HINT_ABI::io

#endif
