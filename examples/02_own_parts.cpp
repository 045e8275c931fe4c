// SPDX-License-Identifier: MIT
// Replaces parts of HINT by types of one's own: any type that models the concept will do.
#include <cstdio>
#include <utility>
#include <vector>

#include <hint/hint.hpp>

namespace mine {

/// A sampler (see hint::align::proxy_sampler): items stand in for their nearest three images.
struct three_images {
  static bool needs_tree() { return false; }
  static std::size_t neighbors() { return 3; }
  hint::align::proxies operator()(const hint::align::sampler_input& in,
                                  const hint::context&) const {
    const auto lists = in.neighbors.nearest(hint::image, neighbors());
    std::vector<std::vector<hint::align::proxy_table::entry>> members(lists.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (const auto& near : lists[i]) members[i].push_back({near.row, 1});
      members[i].push_back({static_cast<hint::data::row_id>(i), 1});
    }
    return hint::align::proxies::shared(hint::align::proxy_table(members));
  }
};

/// A curriculum (see hint::align::curriculum): own modality for the first half, then the other.
struct two_halves {
  static bool measures() { return false; }
  static double weight(hint::modality, std::size_t step, std::size_t steps, double) {
    return 2 * step < steps ? 1 : 0;
  }
};

/// An observer: hears what it wants to hear.
struct listener {
  static void on(const hint::epoch_report& r) {
    if (r.epoch % 20 == 0) std::printf("epoch %zu of %zu, loss %.3f\n", r.epoch, r.epochs, r.loss);
  }
};

}  // namespace mine

int main() {
  const auto data = hint::data::synthetic_pairs({.items = 1000}, {1, 0});
  const auto split = hint::data::split::random(1000, 100, 600, {1, 1});
  mine::listener listener;
  hint::sequential here;
  const hint::context ctx{here, listener};

  const auto learner = hint::learn::hint{{.bits = 32, .tree_height = 4, .steps = 200}}
                           .with_sampler(mine::three_images{})
                           .with_curriculum(mine::two_halves{})
                           .with_optimizer(hint::nn::sgd{{.rate = 0.1, .momentum = 0.9}});
  const auto model =
      learner.fit(hint::data::paired{data.image(split.train), data.text(split.train)}, ctx);

  // Labels serve evaluation alone.
  const auto query_labels = hint::data::select(data.labels, split.query);
  const auto database_labels = hint::data::select(data.labels, split.database);
  const auto map = hint::eval::run(hint::eval::average_precision{},
                                   model.encode(hint::image, data.image(split.query)),
                                   model.encode(hint::text, data.text(split.database)),
                                   hint::eval::shared_label{query_labels, database_labels});
  std::puts(map.describe().c_str());
  return map.value > 0.3 ? 0 : 1;  // chance is 0.1
}
