// SPDX-License-Identifier: MIT
/// \file
/// Several models as one: their codes side by side.
#ifndef HINT_LEARN_ENSEMBLE_HASHER_HPP
#define HINT_LEARN_ENSEMBLE_HASHER_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/data/block.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/learn/concepts.hpp>
#include <hint/learn/ensemble/archive_part.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

namespace detail {

/// Bits first, first + 1, ... of the first codes of `out`, until now 0, become the codes of `part`. O(words).
inline void place_bits(const code_view& part, code_set& out, std::size_t first) {
  const std::size_t shift = first % 64;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto words = out[i].subspan(first / 64);
    for (std::size_t w = 0; w < part.words_per_code(); ++w) {
      const std::uint64_t bits = part[i][w];
      words[w] |= bits << shift;
      if (shift > 0 && w + 1 < words.size()) words[w + 1] |= bits >> (64 - shift);
    }
  }
}

inline constexpr std::string_view ensemble_of = "ensemble of ";
template <class H>
inline constexpr auto ensemble_name = [] {
  constexpr std::string_view member = H::model_name;
  std::array<char, ensemble_of.size() + member.size()> name{};
  std::copy(ensemble_of.begin(), ensemble_of.end(), name.begin());
  std::copy(member.begin(), member.end(), name.begin() + ensemble_of.size());
  return name;
}();

}  // namespace detail

/// M models side by side: a row's code is that of the first model, then that of the second, and so on, so that
/// a Hamming distance is the sum of the members' distances. Models `cross_modal_hasher`; can be saved and loaded
/// where an H can (by its name too: `io::load_hasher`). Const use is thread-safe.
///
/// Saved, an ensemble of a type derived from a model is one of that model, as the derived type itself is: an
/// `ensemble_hasher<hint_model>` loads as `ensemble_hasher<mlp_hasher>`.
template <cross_modal_hasher H>
class ensemble_hasher {
 public:
  static constexpr std::uint32_t archive_kind = io::model_kind;
  /// What an archive calls it: "ensemble of mlp_hasher".
  static constexpr std::string_view model_name{detail::ensemble_name<H>.data(),
                                               detail::ensemble_name<H>.size()};

  /// Throws `invalid_argument` when there are none or their codes are longer than 16384 bits in all,
  /// `shape_error` when they differ in the columns that they take.
  explicit ensemble_hasher(std::vector<H> members) : members_(std::move(members)) {
    expects(!members_.empty(), "ensemble_hasher: there are no members, expected at least 1");
    for (const H& h : members_) bits_ += h.bits();
    expects(bits_ <= max_bits, "ensemble_hasher: the codes of ", members_.size(), " members have ",
            bits_, " bits in all, expected at most ", max_bits);
    if constexpr (has_cols)
      for (const modality m : modalities)
        for (std::size_t k = 1; k < members_.size(); ++k)
          expects<shape_error>(members_[k].cols(m) == cols(m), "ensemble_hasher: member ", k,
                               " takes ", name_of(m), " features of ", members_[k].cols(m),
                               " columns, member 0 of ", cols(m));
  }

  /// M models; member k has the bits behind those of members 0 .. k-1.
  [[nodiscard]] std::span<const H> members() const noexcept { return members_; }
  /// Of all members together.
  [[nodiscard]] std::size_t bits() const noexcept { return bits_; }
  /// Columns that features of a modality must have.
  [[nodiscard]] std::size_t cols(modality m) const
    requires requires(const H& h) { h.cols(m); }
  {
    return members_.front().cols(m);
  }
  /// Free text that travels with the model.
  [[nodiscard]] const std::string& description() const noexcept { return description_; }
  void set_description(std::string text) { description_ = std::move(text); }

  /// n codes. See `cross_modal_hasher`. The members encode one after the other, each in parallel: M times the time
  /// of one. Asked to stop, as many codes as every member has made. Throws what they throw.
  template <data::feature_block B>
  [[nodiscard]] code_set encode(modality m, const B& rows, const context& ctx = {}) const {
    const data::block b = data::as_block(rows);
    code_set out(bits_, b.rows());
    std::size_t first = 0;
    for (const H& h : members_) {
      const code_set part = h.encode(m, b, ctx);
      out.resize((std::min)(out.size(), part.size()));
      detail::place_bits(part, out, first);
      first += part.bits();
    }
    return out;
  }
  /// The members' real values side by side, n x bits, for asymmetric scores (`search/asymmetric.hpp`). Time,
  /// stops and errors as for `encode`.
  template <data::feature_block B>
  [[nodiscard]] linalg::matrix<float> project(modality m, const B& rows,
                                              const context& ctx = {}) const
    requires requires(const H& h, const data::block& b) {
      { h.project(m, b, ctx) } -> std::same_as<linalg::matrix<float>>;
    }
  {
    const data::block b = data::as_block(rows);
    linalg::matrix<float> out(static_cast<linalg::index>(b.rows()),
                              static_cast<linalg::index>(bits_));
    linalg::index first = 0;
    for (const H& h : members_) {
      const linalg::matrix<float> part = h.project(m, b, ctx);
      if (part.rows() < out.rows()) out.conservativeResize(part.rows(), Eigen::NoChange);
      out.middleCols(first, part.cols()) = part.topRows(out.rows());
      first += part.cols();
    }
    return out;
  }

  template <class Writer>
    requires requires(const H& h, decltype(detail::part_writer(std::declval<Writer&>(), ""))& w) {
      h.write(w);
    }
  void write(Writer& writer) const {
    writer.meta("model", model_name);
    writer.meta("bits", bits_);
    writer.meta("members", members_.size());
    writer.meta("description", description_);
    for (std::size_t k = 0; k < members_.size(); ++k) {
      detail::part_writer part(writer, prefix(k));
      members_[k].write(part);
    }
  }
  /// Throws `format_error` when the archive holds another kind of model, or members that do not belong
  /// together.
  template <class Reader>
    requires requires(const decltype(detail::part_reader(std::declval<const Reader&>(), ""))& r) {
      { H::read(r) } -> std::same_as<H>;
    }
  [[nodiscard]] static ensemble_hasher read(const Reader& reader) {
    reader.require(reader.meta("model") == model_name, "the model is a ", reader.meta("model"),
                   ", expected ", model_name);
    const auto count = reader.template number<std::size_t>("members");
    reader.require(count >= 1 && count <= max_bits, "an ensemble of ", count,
                   " members, expected 1 to ", max_bits);
    std::vector<H> members;
    for (std::size_t k = 0; k < count; ++k)
      members.push_back(H::read(detail::part_reader(reader, prefix(k))));
    try {
      ensemble_hasher model(std::move(members));
      model.description_ = reader.meta("description");
      return model;
    } catch (const invalid_argument& e) {  // nobody's argument here, but what the file says
      reader.require(false, e.what());
      throw;
    }
  }

 private:
  static constexpr bool has_cols = requires(const H& h, modality m) { h.cols(m); };

  [[nodiscard]] static std::string prefix(std::size_t member) {
    return ::hint::detail::concat("member", member, ".");
  }

  std::vector<H> members_;
  std::size_t bits_ = 0;
  std::string description_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
