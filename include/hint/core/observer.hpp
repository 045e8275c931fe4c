// SPDX-License-Identifier: MIT
/// \file
/// How a long call tells what it is doing, and how it is asked to stop.
#ifndef HINT_CORE_OBSERVER_HPP
#define HINT_CORE_OBSERVER_HPP

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI {

/// A phase ("graph", "tree", "train", ...) has begun, moved on or ended.
struct phase_report {
  std::string_view phase;
  double done = 0;             ///< share of the phase that is done, 0 .. 1
  double seconds = 0;          ///< since the phase began
  std::string_view note = {};  ///< what was found, for people ("12034 edges"); may be empty
};

/// A part of the current phase that comes again and again ("forward", "backward", ... of a step of training) has
/// been done once more. Who hears of parts makes the phase read a clock for each.
struct part_report {
  std::string_view part;
  double seconds = 0;  ///< that it took this time
};

/// One optimiser step of training.
struct step_report {
  std::size_t step = 0;   ///< 1 .. steps
  std::size_t steps = 0;  ///< planned in all
  double loss = 0;        ///< of the batch
};

/// The model as it stands in training, for observers that judge it or keep its parameters. Learners
/// define it on their own floor (learn/model_in_training.hpp); observers that do not look never need to.
class model_in_training;

/// A named figure of a method's own: "hash loss", say.
struct term {
  std::string_view name;
  double value = 0;
};

/// One epoch of training. What it points to lives as long as the call.
struct epoch_report {
  std::size_t epoch = 0;               ///< 1 .. epochs
  std::size_t epochs = 0;              ///< planned in all
  double loss = 0;                     ///< the whole objective, mean over the epoch's batches
  double seconds = 0;                  ///< since training began
  double seconds_left = 0;             ///< estimated
  std::span<const term> terms = {};    ///< the method's own figures, means over the batches
  model_in_training* model = nullptr;  ///< null when the learner does not offer it
};

/// Training has ended, by its budget or by request: the last moment at which parameters may change.
struct end_report {
  std::size_t steps = 0;  ///< taken
  model_in_training* model = nullptr;
};

/// The null observer: hears nothing, never stops. Archetype and default.
///
/// An observer is any object with some of: `on(phase_report)`, `on(part_report)`, `on(step_report)`,
/// `on(epoch_report)`, `on(end_report)`, `stop_requested() -> bool`. What it lacks costs nothing. Calls come from the thread that made the
/// long call, one at a time. A call that is asked to stop returns what it has so far, as if its
/// budget had ended there (docs/concepts/observer.md says what that is for each). Who cannot always stop may say so by `may_stop() -> bool`.
struct silent {
  [[nodiscard]] static constexpr bool stop_requested() noexcept { return false; }
  [[nodiscard]] static constexpr bool may_stop() noexcept { return false; }
};

template <class O, class Report>
concept hears = requires(O& o, const Report& r) { o.on(r); };

template <class O>
concept observer = hears<O, phase_report> || hears<O, part_report> || hears<O, step_report> ||
                   hears<O, epoch_report> || hears<O, end_report> || requires(O& o) {
                     { o.stop_requested() } -> std::convertible_to<bool>;
                   };

/// A non-owning reference to any observer, the type in which `context` keeps it.
class observer_ref {
 public:
  observer_ref() noexcept = default;
  template <observer O>
    requires(!std::same_as<O, observer_ref>)
  observer_ref(O& o) noexcept  // NOLINT: implicit on purpose
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(o)))) {
    if constexpr (hears<O, phase_report>) phase_ = &tell<O, phase_report>;
    if constexpr (hears<O, part_report>) part_ = &tell<O, part_report>;
    if constexpr (requires { o.hears_parts(); })
      if (!o.hears_parts()) part_ = nullptr;
    if constexpr (hears<O, step_report>) step_ = &tell<O, step_report>;
    if constexpr (hears<O, epoch_report>) epoch_ = &tell<O, epoch_report>;
    if constexpr (hears<O, end_report>) end_ = &tell<O, end_report>;
    if constexpr (requires { o.stop_requested(); })
      stop_ = [](void* p) { return static_cast<bool>(static_cast<O*>(p)->stop_requested()); };
    if constexpr (requires { o.may_stop(); })
      if (!o.may_stop()) stop_ = nullptr;
  }

  void on(const phase_report& r) const {
    if (phase_) phase_(object_, r);
  }
  void on(const part_report& r) const {
    if (part_) part_(object_, r);
  }
  void on(const step_report& r) const {
    if (step_) step_(object_, r);
  }
  void on(const epoch_report& r) const {
    if (epoch_) epoch_(object_, r);
  }
  void on(const end_report& r) const {
    if (end_) end_(object_, r);
  }
  [[nodiscard]] bool stop_requested() const { return stop_ && stop_(object_); }
  /// Whether it can ask to stop at all: else nobody needs to work in parts.
  [[nodiscard]] bool may_stop() const noexcept { return stop_ != nullptr; }
  /// Whether it hears of phases at all: else nobody needs to look at a clock for it.
  [[nodiscard]] bool hears_phases() const noexcept { return phase_ != nullptr; }
  /// The same for parts of phases. An observer that hands reports on answers for those behind it.
  [[nodiscard]] bool hears_parts() const noexcept { return part_ != nullptr; }

 private:
  template <class O, class Report>
  static void tell(void* object, const Report& r) {
    static_cast<O*>(object)->on(r);
  }

  void* object_ = nullptr;
  void (*phase_)(void*, const phase_report&) = nullptr;
  void (*part_)(void*, const part_report&) = nullptr;
  void (*step_)(void*, const step_report&) = nullptr;
  void (*epoch_)(void*, const epoch_report&) = nullptr;
  void (*end_)(void*, const end_report&) = nullptr;
  bool (*stop_)(void*) = nullptr;
};

/// Several observers as one: all hear, each may ask to stop. They must outlive it.
/// \code
/// hint::observers both{progress, stop_early};
/// hint::context ctx{pool, both};
/// \endcode
class observers {
 public:
  template <observer... Os>
    requires(sizeof...(Os) != 1 || !(std::same_as<std::remove_const_t<Os>, observers> && ...))
  explicit observers(Os&... all) : all_{observer_ref(all)...} {}

  template <class Report>
    requires hears<const observer_ref, Report>
  void on(const Report& r) const {
    for (const observer_ref& o : all_) o.on(r);
  }
  [[nodiscard]] bool stop_requested() const {
    for (const observer_ref& o : all_)
      if (o.stop_requested()) return true;
    return false;
  }
  [[nodiscard]] bool may_stop() const noexcept {
    for (const observer_ref& o : all_)
      if (o.may_stop()) return true;
    return false;
  }
  [[nodiscard]] bool hears_parts() const noexcept {
    for (const observer_ref& o : all_)
      if (o.hears_parts()) return true;
    return false;
  }

 private:
  std::vector<observer_ref> all_;
};

/// Another observer whose wish to stop is kept: what calls of several phases hand to each of them, so that
/// none begins on what another one left unfinished.
class stop_latch {
 public:
  explicit stop_latch(observer_ref o) noexcept : observer_(o) {}

  template <class Report>
    requires hears<const observer_ref, Report>
  void on(const Report& r) const {
    observer_.on(r);
  }
  [[nodiscard]] bool stop_requested() {
    stopped_ = stopped_ || observer_.stop_requested();
    return stopped_;
  }
  [[nodiscard]] bool may_stop() const noexcept { return observer_.may_stop(); }
  [[nodiscard]] bool hears_parts() const noexcept { return observer_.hears_parts(); }

 private:
  observer_ref observer_;
  bool stopped_ = false;
};

}}  // namespace hint::HINT_ABI

#endif
