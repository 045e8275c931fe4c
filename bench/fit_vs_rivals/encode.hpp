// SPDX-License-Identifier: MIT
// Encoding: one row against Eigen's products of a matrix and a vector, and files of many rows against the two products
// alone that they cannot do without.
#ifndef HINT_BENCH_FIT_VS_RIVALS_ENCODE_HPP
#define HINT_BENCH_FIT_VS_RIVALS_ENCODE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include <hint/core/code_set.hpp>
#include <hint/core/error.hpp>
#include <hint/data/block.hpp>
#include <hint/data/normalize.hpp>
#include <hint/io/archive.hpp>
#include <hint/io/npy.hpp>
#include <hint/learn/encode_file.hpp>
#include <hint/learn/mlp_hasher.hpp>
#include <hint/linalg/product.hpp>
#include <hint/nn/mlp.hpp>
#include <hint/search/linear_scan.hpp>

#include "setting.hpp"

namespace fit_vs_rivals::encoding {

/// d -> 512 -> bits as HINT makes it, not trained, and its layers as Eigen's matrices (outputs x inputs).
struct model {
  model(const matrix& rows, std::size_t bits)
      : hasher(make(rows, bits)),
        first(512, rows.cols()),
        second(static_cast<hint::linalg::index>(bits), 512),
        biases{Eigen::VectorXf(512), Eigen::VectorXf(static_cast<hint::linalg::index>(bits))} {
    // In the order of archives, which is outputs x inputs.
    struct catcher {
      void meta(const std::string&, const std::string&) {}
      void array(const std::string&, std::span<const float> values, std::size_t, std::size_t) {
        stored.assign(values.begin(), values.end());
      }
      std::vector<float> stored;
    } to;
    hasher.network(hint::image).write(to, "x");
    const float* p = to.stored.data();
    const auto take = [&](auto& m) {
      std::copy_n(p, m.size(), m.data());
      p += m.size();
    };
    take(first);
    take(biases[0]);
    take(second);
    take(biases[1]);
  }
  static hint::learn::mlp_hasher make(const matrix& rows, std::size_t bits) {
    const auto scaling = hint::data::normalizer::fit(hint::data::block::borrow(rows),
                                                     hint::data::scaling::centered_l2);
    const hint::nn::mlp<float> net(scaling.outputs(), bits, {}, {seed, 1});
    return {{scaling, scaling}, {net, net}};
  }

  hint::learn::mlp_hasher hasher;
  matrix first, second;
  std::array<Eigen::VectorXf, 2> biases;
};

/// Rows that come one at a time, 4096 -> 512 -> 128.
inline void one_row(const setting& s) {
  const matrix rows = clustered_rows(256, 4096, "encode 4096");
  const model m(rows, 128);
  matrix scaled = rows;
  m.hasher.scaling(hint::image).apply(scaled);
  const auto eigen = [&](hint::linalg::index i, Eigen::VectorXf& hidden, Eigen::VectorXf& out) {
    hidden.noalias() = m.first * scaled.row(i).transpose();
    hidden = (hidden + m.biases[0]).cwiseMax(0.0F);
    out.noalias() = m.second * hidden;
    out += m.biases[1];
  };
  const auto one = [&](hint::linalg::index i) {
    return hint::data::block::borrow(rows.middleRows(i, 1));
  };
  Eigen::VectorXf hidden(512), out(128);
  for (hint::linalg::index i = 0; i < rows.rows(); ++i) {
    eigen(i, hidden, out);
    const matrix ours = m.hasher.project(hint::image, one(i), s.one);
    const float apart = (ours.row(0).transpose().array() - out.array().tanh()).abs().maxCoeff();
    hint::expects<hint::error>(apart < 1e-3F, "encode: row ", i, " differs from Eigen's by ",
                               apart);
  }
  float sum = 0;  // looked at, so that nothing is left out
  std::size_t size = 0;
  const auto t = bench::timed_in_turns(
      [&] {
        for (hint::linalg::index i = 0; i < rows.rows(); ++i)
          size += m.hasher.encode(hint::image, one(i), s.one).size();
      },
      [&] {
        for (hint::linalg::index i = 0; i < rows.rows(); ++i) {
          eigen(i, hidden, out);
          sum += out(0);
        }
      },
      s.repeats);
  hint::expects<hint::error>(size > 0 && sum == sum, "encode: nothing was encoded");
  const double n = static_cast<double>(rows.rows());
  std::printf("one row, 4096 -> 512 -> 128: %.1f us, Eigen's products %.1f us\n", 1e6 * t.ours / n,
              1e6 * t.rival / n);
  s.out.ratio("encode_one_row_vs_eigen", t.ours / n, t.rival / n, 0.9);
}

/// From a file of floats to an index that can be searched, 512 -> 512 -> 64, two threads.
inline void file(const setting& s) {
  const std::size_t n = s.quick ? 40000 : 1000000;
  const auto path = s.folder / "encode.npy", codes = s.folder / "encode.hint";
  matrix rows(static_cast<hint::linalg::index>(n), 512);
  fill_clustered("encode 512", 0, rows, s.two.executor);
  hint::io::write_npy(path, std::span<const float>(rows.data(), n * 512), {n, std::size_t{512}});
  const model m(rows.topRows(2000), 64);
  const auto ours = [&] {
    hint::learn::encode_file(m.hasher, hint::image, path, codes, {.first_id = 0}, s.two);
  };
  ours();
  const auto whole = m.hasher.encode(hint::image, hint::data::block::borrow(rows), s.two);
  const auto index = hint::io::load<hint::search::linear_scan>(codes);
  hint::expects<hint::error>(index.size() == n, "encode: ", index.size(), " codes of ", n, " rows");
  for (std::size_t i = 0; i < n; i += n / 50) {
    const auto at_0 =
        index.search_radius(whole.view().slice(i, 1), 0, hint::search::accept_all{}, s.two);
    const bool there = std::any_of(at_0[0].begin(), at_0[0].end(), [&](const auto& hit) {
      return hit.id == static_cast<std::int64_t>(i);
    });
    hint::expects<hint::error>(there, "encode: the file's code of row ", i, " is another");
  }

  constexpr hint::linalg::index tile = 4096;
  matrix hidden(tile, 512), out(tile, 64);
  const auto products = [&] {
    for (hint::linalg::index i = 0; i < rows.rows(); i += tile) {
      const hint::linalg::index some = (std::min)(tile, rows.rows() - i);
      hint::linalg::multiply_transposed<float>(rows.middleRows(i, some), m.first,
                                               hidden.topRows(some), s.two.executor);
      hint::linalg::multiply_transposed<float>(hidden.topRows(some), m.second, out.topRows(some),
                                               s.two.executor);
    }
  };
  const auto t = bench::timed_in_turns(ours, products, {.least = 3, .most = 7, .enough = 1});
  std::printf(
      "file of %zu x 512 -> 512 -> 64 to an index: %.2f s (%.0f rows per second), its products "
      "alone %.2f s\n",
      n, t.ours, static_cast<double>(n) / t.ours, t.rival);
  s.out.ratio("encode_1e6x512", t.ours, t.rival, 0.8);
}

}  // namespace fit_vs_rivals::encoding

namespace fit_vs_rivals {

inline void encode(const setting& s) {
  std::printf("\nEncoding\n");
  encoding::one_row(s);
  encoding::file(s);
  std::fflush(stdout);
}

}  // namespace fit_vs_rivals

#endif
