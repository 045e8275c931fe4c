// SPDX-License-Identifier: MIT
/// \file
/// Every method by name: what the programs that compare them train, list and print.
#ifndef HINT_BENCH_METHODS_HPP
#define HINT_BENCH_METHODS_HPP

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <hint/hint.hpp>

namespace bench {

struct method {
  std::string_view name;   ///< on the command line
  std::string_view title;  ///< in tables
  std::string_view says;
  hint::learn::any_hasher (*fit)(const hint::data::paired<>&, std::size_t bits,
                                 const hint::context&);
};

namespace detail {

using hint::learn::any_hasher;
using hint::learn::hint_options;
using pairs = hint::data::paired<>;

template <hint_options (*Preset)(std::size_t)>
any_hasher hint_preset(const pairs& d, std::size_t bits, const hint::context& ctx) {
  return hint::learn::hint{Preset(bits)}.fit(d, ctx);
}
template <std::size_t Variant>
any_hasher hint_variant(const pairs& d, std::size_t bits, const hint::context& ctx) {
  return hint::learn::hint{hint_options::ablation(Variant, bits)}.fit(d, ctx);
}
inline any_hasher instances(const pairs& d, std::size_t bits, const hint::context& ctx) {
  return hint::learn::instances(bits).fit(d, ctx);
}
/// Of learners whose options need no more than a length.
template <class Learner>
any_hasher plain(const pairs& d, std::size_t bits, const hint::context& ctx) {
  typename Learner::options o;
  o.bits = bits;
  return Learner{o}.fit(d, ctx);
}

}  // namespace detail

/// In the order of the documents. A further method is one line.
inline constexpr method methods[] = {
    {"hint", "**`hint`** (default: fused lists)", "HINT as it comes",
     &detail::hint_preset<&detail::hint_options::fused>},
    {"tree", "preset `tree`", "proxies from the encoding tree, trust measured",
     &detail::hint_preset<&detail::hint_options::tree>},
    {"instances", "preset `instances`",
     "codes that tell items of a topic apart: networks and kernel CCA side by side",
     &detail::instances},
    {"paper", "preset `paper`", "HINT to the letter of the paper",
     &detail::hint_preset<&detail::hint_options::paper>},
    {"v1", "V1: pair alone", "ablation: the target of an image is the code of its text",
     &detail::hint_variant<1>},
    {"v2", "V2: neighbour lists", "ablation: proxies from neighbours, no tree",
     &detail::hint_variant<2>},
    {"v3", "V3: tree, plain mean", "ablation: proxies from the tree", &detail::hint_variant<3>},
    {"v4", "V4: + MMD curriculum", "ablation: mixed by the measured gap", &detail::hint_variant<4>},
    {"v5", "full: + consistency loss", "ablation: everything", &detail::hint_variant<5>},
    {"djsrh", "DJSRH", "deep joint-semantics reconstructing hashing (ICCV 2019)",
     &detail::plain<hint::learn::djsrh>},
    {"kernel_cca", "kernel CCA", "signs of rotated kernel canonical correlation directions (2004)",
     &detail::plain<hint::learn::kernel_cca>},
    {"cvh", "CVH", "signs of canonical correlation directions (IJCAI 2011)",
     &detail::plain<hint::learn::cvh>},
};

/// "hint, tree, ...".
inline std::string method_names() {
  std::string out;
  for (const method& m : methods) out += (out.empty() ? "" : ", ") + std::string(m.name);
  return out;
}
/// Throws `invalid_argument` naming those that there are.
inline const method& method_named(std::string_view name) {
  for (const method& m : methods)
    if (m.name == name) return m;
  hint::detail::raise<hint::invalid_argument>("--methods: ", name, " is unknown, expected ",
                                              method_names());
}

}  // namespace bench

#endif
