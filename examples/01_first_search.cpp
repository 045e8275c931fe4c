// SPDX-License-Identifier: MIT
// Learns codes for two modalities from pairs and finds texts by an image. Quoted by the README.
#include <cstdio>

#include <hint/hint.hpp>

int main() {
  // Made-up pairs; your own come from hint::data::read_set("folder"), which also checks that its
  // image.npy, text.npy, labels.npy and split.npy have equally many rows.
  const auto [images, texts, labels] =
      hint::data::synthetic_pairs({.items = 2000, .classes = 10}, {7, 0});
  const auto split = hint::data::split::random(2000, 200, 1000, {7, 1});

  hint::thread_pool pool;
  hint::context ctx{pool};
  ctx.seed = 42;  // same seed, same bits, however many threads

  const hint::learn::hint learner{{.bits = 64}};  // no labels needed
  const auto model = learner.fit(hint::data::paired{images(split.train), texts(split.train)}, ctx);

  hint::search::linear_scan index{model.bits()};
  index.add(model.encode(hint::text, texts(split.database), ctx), split.database);

  const auto queries = model.encode(hint::image, images(split.query), ctx);
  const auto found = index.search(queries, 5, hint::search::accept_all{}, ctx);
  for (const auto& [distance, id] : found[0])
    std::printf("text %4lld at distance %u\n", static_cast<long long>(id), distance);

  hint::io::save("first_search.hint", model);
  return found[0].size() == 5 ? 0 : 1;
}
