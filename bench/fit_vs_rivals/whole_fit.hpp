// SPDX-License-Identifier: MIT
// A whole fit and its MAP, compiled once with this version's headers and once with an older one's.
#ifndef HINT_BENCH_FIT_VS_RIVALS_WHOLE_FIT_HPP
#define HINT_BENCH_FIT_VS_RIVALS_WHOLE_FIT_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <hint/hint.hpp>

#include "fit_request.hpp"

namespace fit_vs_rivals {

class whole_fit {
 public:
  explicit whole_fit(const std::filesystem::path& folder) : set_(hint::data::read_set(folder)) {}

  [[nodiscard]] const hint::data::paired_files& set() const noexcept { return set_; }

  /// Trains on the pairs to train on; the model replaces the one before.
  void fit(const fit_request& r, const hint::observer_ref& observer = {}) {
    auto o = r.variant == 0
                 ? hint::learn::hint_options::fused(static_cast<std::size_t>(r.bits))
                 : hint::learn::hint_options::ablation(static_cast<std::size_t>(r.variant),
                                                       static_cast<std::size_t>(r.bits));
    o.steps = static_cast<std::size_t>(r.steps);
    hint::context ctx = context_of(r.threads);
    ctx.observer = observer;
    ctx.seed = static_cast<std::uint64_t>(r.seed);
    model_.emplace(hint::learn::hint{o}.fit(set_.train(), ctx));
  }
  /// MAP in percent over the whole ranking, mean of both directions.
  [[nodiscard]] double map() const {
    const auto query_labels = set_.query_labels(), database_labels = set_.database_labels();
    const hint::eval::shared_label relevance{query_labels, database_labels};
    const auto direction = [&](hint::modality from) {
      const hint::context ctx = context_of(2);
      const auto queries = model_->encode(from, set_.query(from), ctx);
      const auto items = model_->encode(hint::other(from), set_.database(hint::other(from)), ctx);
      return 100 *
             hint::eval::run(hint::eval::average_precision{}, queries, items, relevance, ctx).value;
    };
    return (direction(hint::image) + direction(hint::text)) / 2;
  }

 private:
  [[nodiscard]] static hint::context context_of(int threads) {
    static hint::thread_pool one(1), two(2);
    return hint::context{threads == 1 ? one : two};
  }

  hint::data::paired_files set_;
  std::optional<hint::learn::hint_model> model_;
};

}  // namespace fit_vs_rivals

#endif
