// SPDX-License-Identifier: MIT
/// \file
/// Ensembles: several models, trained from different seeds or by different learners, with their codes side by side.
#ifndef HINT_LEARN_ENSEMBLE_HPP
#define HINT_LEARN_ENSEMBLE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/wall_clock.hpp>
#include <hint/learn/concepts.hpp>
#include <hint/learn/ensemble/member_observer.hpp>
#include <hint/learn/ensemble_hasher.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

struct ensemble_options {
  std::size_t bits = 256;   ///< L, of all members together; 1 .. 16384, a multiple of `members`
  std::size_t members = 4;  ///< M; 1 .. 16384
  /// Throws `invalid_option` naming the field, its value and its bounds.
  void validate() const {
    option_in("members", members, 1, max_bits);
    option_in("bits", bits, 1, max_bits);
    expects<invalid_option>(bits % members == 0, "option bits is ", bits,
                            ", expected a multiple of ", members, ", the number of members");
  }
};

/// Trains M members on the same data, one after the other, each from a seed of its own: member 0 from that of the
/// context, so that an ensemble of one is its learner, bit for bit, and member k from number k of
/// `ctx.random("ensemble")`. So M times the time of one member; memory for training as for one. The same
/// bits for any number of threads, as members use the context's executor within.
///
/// What members got wrong by chance, from their first weights and batches, they get wrong differently, and the
/// sum of their distances is nearer to what they have in common. It helps where single networks vary: for
/// single items more than for topics (docs/rationale.md, Categories or instances). Members that do not look at
/// the seed (CVH) are equal unless they differ in their options or are given other data.
///
/// \code
/// learn::ensemble<learn::hint<>> four{{.bits = 256, .members = 4}, learn::hint_options::instances()};
/// const auto model = four.fit(train, ctx);  // an ensemble_hasher of 256 bits
/// learn::ensemble own{std::vector{one_learner, another_learner}};
/// learn::ensemble mixed{std::vector<learn::any_learner>{learn::hint{}, learn::kernel_cca{}}};
/// \endcode
template <class Learner>
class ensemble {
  template <class D>
  using member_of = std::remove_cvref_t<decltype(std::declval<const Learner&>().fit(
      std::declval<const D&>(), std::declval<const context&>()))>;

 public:
  using options = ensemble_options;

  /// Equal members but for their seeds; `member` says everything but the length of their codes, which is
  /// bits / members. Where it names a file for checkpoints, that of member k ends in ".k". Throws `invalid_option`.
  template <class L = Learner>
    requires requires(typename L::options o) { o.bits = std::size_t{}; }
  explicit ensemble(ensemble_options o = {}, typename L::options member = {}) {
    o.validate();
    member.bits = o.bits / o.members;
    if constexpr (requires { member.checkpoint.file; }) {
      const auto file = member.checkpoint.file;
      for (std::size_t k = 0; k < o.members; ++k) {
        if (!file.empty()) (member.checkpoint.file = file) += ::hint::detail::concat('.', k);
        learners_.emplace_back(member);
      }
    } else {
      learners_.assign(o.members, Learner(std::move(member)));
    }
  }
  /// Any members of one type, `any_learner` where they are of several. Throws `invalid_argument` when there are
  /// none.
  explicit ensemble(std::vector<Learner> members) : learners_(std::move(members)) {
    expects(!learners_.empty(), "ensemble: there are no members, expected at least 1");
  }

  [[nodiscard]] std::span<const Learner> members() const noexcept { return learners_; }

  /// Trains all members. Reports the phase "ensemble", a part for each member, around the members' own reports,
  /// whose epochs begin anew with each; the time left is that of all. Asked to stop, the ensemble ends
  /// with the member in training, or with the one before when that has taken no step or has no half model, so that
  /// no member is noise: codes are shorter then, and the description says so. `early_stop` and `best_so_far` serve each member
  /// by itself. Throws what members throw, and `invalid_argument` when their codes have more than 16384 bits in all.
  template <class D>
    requires learner_for<Learner, D>
  [[nodiscard]] ensemble_hasher<member_of<D>> fit(const D& dataset, const context& ctx = {}) const {
    const double begin = ::hint::detail::now_ns();
    const std::size_t count = learners_.size();
    const auto tell = [&](std::size_t done, const std::string& note) {
      ctx.observer.on(phase_report{"ensemble",
                                   static_cast<double>(done) / static_cast<double>(count),
                                   (::hint::detail::now_ns() - begin) * 1e-9, note});
    };
    std::vector<member_of<D>> members;
    for (std::size_t k = 0; k < count && (k == 0 || !ctx.observer.stop_requested()); ++k) {
      tell(k, ::hint::detail::concat("member ", k + 1, " of ", count));
      detail::member_observer observer(ctx.observer, count - k - 1);
      context own = ctx;
      own.observer = observer;
      own.seed = seed_of(k, ctx);
      try {
        member_of<D> member = learners_[k].fit(dataset, own);
        if (k > 0 && observer.untrained()) break;
        members.push_back(std::move(member));
      } catch (const error&) {  // of a member without a half model
        if (k == 0 || !observer.untrained()) throw;
        break;
      }
    }
    const std::size_t done = members.size();
    tell(count, done < count ? ::hint::detail::concat(done, " of ", count, " members") : "");
    std::string text = ::hint::detail::concat("ensemble of ", done);
    if (done < count) text += ::hint::detail::concat(" (", count, " planned, stopped)");
    if constexpr (requires { std::string(members.front().description()); })
      for (std::size_t k = 0; k < done; ++k)
        text += (k == 0 ? ": " : "; ") + std::string(members[k].description());
    ensemble_hasher<member_of<D>> model(std::move(members));
    model.set_description(std::move(text));
    return model;
  }

 private:
  [[nodiscard]] static std::uint64_t seed_of(std::size_t member, const context& ctx) noexcept {
    return member == 0 ? ctx.seed : ctx.random("ensemble").bits(member);
  }

  std::vector<Learner> learners_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
