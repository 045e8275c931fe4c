// SPDX-License-Identifier: MIT
// The library's products against Eigen's and against what the machine can do, on the shapes of training, of inference
// and of neighbour searches.
#ifndef HINT_BENCH_FIT_VS_RIVALS_PRODUCTS_HPP
#define HINT_BENCH_FIT_VS_RIVALS_PRODUCTS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/normal.hpp>
#include <hint/core/random.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/linalg/packed_rows.hpp>
#include <hint/linalg/product.hpp>
#include <hint/linalg/simd.hpp>

#include "setting.hpp"

namespace fit_vs_rivals {

using hint::linalg::index;

/// One product, ours and Eigen's. `out` and `theirs` have the same shape; Eigen is asked for some rows of it at a time.
struct product_case {
  std::string name;
  index depth = 0;
  matrix out, theirs;
  std::function<void(const hint::executor_ref&)> ours;
  std::function<void(index begin, index count)> eigen;

  [[nodiscard]] double flops() const { return 2.0 * static_cast<double>(out.size() * depth); }
};
using product_ptr = std::shared_ptr<product_case>;

inline matrix random_rows(index rows, index cols, std::uint64_t number) {
  const hint::random_stream random =
      hint::random_stream(seed, hint::stream_id("products")).fork(number);
  matrix m(rows, cols);
  for (index i = 0; i < m.size(); ++i)
    m.data()[i] = static_cast<float>(hint::normal(random, static_cast<std::uint64_t>(i)));
  return m;
}
inline std::string sizes(index n, index d, index m) {
  return std::to_string(n) + "x" + std::to_string(d) + "x" + std::to_string(m);
}
inline product_ptr new_case(const std::string& name, index n, index d, index m) {
  auto p = std::make_shared<product_case>();
  p->name = name;
  p->depth = d;
  p->out.resize(n, m);
  p->theirs.resize(n, m);
  return p;
}

/// x W^T for n rows x and m outputs; `packed`: with W packed before.
inline product_ptr forward_case(index n, index d, index m, bool packed) {
  product_ptr p = new_case((packed ? "packed_" : "forward_") + sizes(n, d, m), n, d, m);
  const matrix x = random_rows(n, d, 1), w = random_rows(m, d, 2);
  if (packed)
    p->ours = [&out = p->out, x, w = hint::linalg::packed_rows<float>(w)](const auto& e) {
      hint::linalg::multiply_transposed<float>(x, w, out, e);
    };
  else
    p->ours = [&out = p->out, x, w](const auto& e) {
      hint::linalg::multiply_transposed<float>(x, w, out, e);
    };
  p->eigen = [&out = p->theirs, x, w](index begin, index count) {
    if (out.rows() == 1)
      out.row(0).transpose().noalias() = w * x.row(0).transpose();
    else
      out.middleRows(begin, count).noalias() = x.middleRows(begin, count) * w.transpose();
  };
  return p;
}
/// The gradient of weights, d^T x for a batch of n rows, p outputs and q inputs.
inline product_ptr weights_case(index n, index outputs, index inputs) {
  product_ptr p = new_case("weights_" + sizes(outputs, n, inputs), outputs, n, inputs);
  const matrix d = random_rows(n, outputs, 3), x = random_rows(n, inputs, 4);
  p->ours = [&out = p->out, d, x](const auto& e) {
    hint::linalg::transposed_multiply<float>(d, x, out, e);
  };
  p->eigen = [&out = p->theirs, d, x](index begin, index count) {
    out.middleRows(begin, count).noalias() = d.middleCols(begin, count).transpose() * x;
  };
  return p;
}
/// The gradient of inputs, d W.
inline product_ptr inputs_case(index n, index outputs, index inputs) {
  product_ptr p = new_case("inputs_" + sizes(n, outputs, inputs), n, outputs, inputs);
  const matrix d = random_rows(n, outputs, 5), w = random_rows(outputs, inputs, 6);
  p->ours = [&out = p->out, d, w](const auto& e) { hint::linalg::multiply<float>(d, w, out, e); };
  p->eigen = [&out = p->theirs, d, w](index begin, index count) {
    out.middleRows(begin, count).noalias() = d.middleRows(begin, count) * w;
  };
  return p;
}
/// A block of the products of rows with each other.
inline product_ptr self_case(index n, index m, index d) {
  product_ptr p = new_case("self_" + sizes(n, d, m), n, d, m);
  const matrix x = random_rows(n + m, d, 7);
  p->ours = [&out = p->out, n, m, x = hint::linalg::packed_rows<float>(x)](const auto& e) {
    hint::linalg::multiply_transposed<float>(x.block(0, n), x.block(n, n + m), out, e);
  };
  p->eigen = [&out = p->theirs, n, m, x](index begin, index count) {
    out.middleRows(begin, count).noalias() =
        x.middleRows(begin, count) * x.middleRows(n, m).transpose();
  };
  return p;
}

/// Fused multiply-adds of registers alone, as many at once as the processor can keep going.
inline void multiply_registers(std::size_t times) {
  using batch = hint::linalg::batch<float>;
  constexpr std::size_t chains = 12;
  float start[chains + 2][batch::size];  // all unlike, or the compiler would keep one chain for all
  for (std::size_t c = 0; c < chains + 2; ++c)
    for (std::size_t i = 0; i < batch::size; ++i)
      start[c][i] = static_cast<float>(hint::random_stream(seed, 1).uniform(c * batch::size + i));
  batch sums[chains];
  for (std::size_t c = 0; c < chains; ++c) sums[c] = batch::load_unaligned(start[c]);
  const batch x = batch::load_unaligned(start[chains]),
              y = batch::load_unaligned(start[chains + 1]);
  for (std::size_t t = 0; t < times; ++t)
    for (std::size_t c = 0; c < chains; ++c) sums[c] = fma(sums[c], x, y);
  for (std::size_t c = 1; c < chains; ++c) sums[0] = sums[0] + sums[c];
  sums[0].store_unaligned(start[0]);
  hint::expects<hint::error>(start[0][0] > 0,
                             "products: sums of registers are gone");  // or the loop would be
}
inline double register_flops(std::size_t times) {
  return static_cast<double>(2 * 12 * hint::linalg::batch<float>::size * times);
}

/// How one product is timed: its target, and what is asked of its share of the peak.
struct product_targets {
  double ratio = 0.9;
  double share = 0.8;  ///< 0: none, as for what comes from memory
};

inline void time_product(const setting& s, product_case& p, product_targets targets, bool both) {
  const hint::executor_ref e = both ? s.two.executor : s.one.executor;
  const index halves = both && p.out.rows() > 1 ? 2 : 1;
  const auto eigen = [&] {
    e.bulk(static_cast<std::size_t>(halves), [&](std::size_t h) {
      const index begin = static_cast<index>(h) * p.out.rows() / halves;
      p.eigen(begin, (static_cast<index>(h) + 1) * p.out.rows() / halves - begin);
    });
  };
  p.ours(e);
  eigen();
  const double far_off = static_cast<double>((p.out - p.theirs).cwiseAbs().maxCoeff());
  hint::expects<hint::error>(far_off <= 1e-5 * std::sqrt(static_cast<double>(p.depth)) * 10,
                             "products: ", p.name, " differs from Eigen's by ", far_off);
  const double wanted = s.quick ? 2e8 : 2e9;  // operations in a turn
  const auto times = static_cast<std::size_t>((std::max)(1.0, wanted / p.flops()));
  const auto spins = static_cast<std::size_t>(wanted / register_flops(1));
  const auto clock = [&](auto&& f) {
    return both ? bench::seconds_of(f) : bench::cpu_seconds_of(f);
  };
  const auto repeat = [&](auto&& f) {
    return clock([&] {
             for (std::size_t t = 0; t < times; ++t) f();
           }) /
           static_cast<double>(times);
  };
  const auto seconds = bench::medians_in_turns(
      {[&] { return repeat([&] { p.ours(e); }); }, [&] { return repeat(eigen); },
       [&] {
         return clock(
             [&] { e.bulk(both ? 2 : 1, [&](std::size_t) { multiply_registers(spins); }); });
       }},
      {9, 25, s.quick ? 0.1 : 1.0});
  const double peak =
      register_flops(spins) * (both ? 2 : 1) / seconds[2];  // as much by each thread
  const double share = p.flops() / seconds[0] / peak;
  std::printf("%-30s %7d %9.1f %9.1f %9.2f %12.2f\n", p.name.c_str(), both ? 2 : 1,
              p.flops() / seconds[0] * 1e-9, p.flops() / seconds[1] * 1e-9, seconds[1] / seconds[0],
              share);
  std::fflush(stdout);
  const std::string name = "product_" + p.name + (both ? "_2_threads" : "");
  s.out.ratio(name + "_vs_eigen", seconds[0], seconds[1], targets.ratio);
  if (targets.share > 0)
    s.out.figure_at_least(name + "_share_of_peak", share, targets.share);
  else
    s.out.figure(name + "_share_of_peak", share);
}

/// All shapes with one thread and with two; Eigen's product, which knows of one thread, on a half of the rows in each.
inline void products(const setting& s) {
  std::printf("\nProducts, 10^9 operations per second; the peak is of registers alone\n");
  std::printf("%-30s %7s %9s %9s %9s %12s\n", "shape", "threads", "hint", "Eigen", "ratio",
              "of the peak");
  const auto compare = [&](const product_ptr& p, product_targets targets = {}) {
    for (const bool both : {false, true})
      if (!both || p->out.rows() > 1) time_product(s, *p, targets, both);
  };
  for (const index d : {859, 1386, 4096}) compare(forward_case(256, d, 512, false));
  for (const index m : {64, 128}) compare(forward_case(256, 512, m, false));
  compare(forward_case(128, 859, 512, false));
  compare(weights_case(256, 512, 859));
  compare(weights_case(256, 64, 512));
  compare(inputs_case(256, 64, 512));
  for (const index d : {512, 4096}) compare(self_case(512, 2048, d));
  compare(forward_case(1024, 859, 512, true));
  compare(forward_case(1, 859, 512, true), {0.9, 0});
  compare(forward_case(1, 512, 64, true), {0.9, 0});
  compare(forward_case(1, 859, 512, false), {0.5, 0});
}

}  // namespace fit_vs_rivals

#endif
