// SPDX-License-Identifier: MIT
/// \file
/// A network's outputs for a row whose sums floats might not hold.
#ifndef HINT_LEARN_ENCODING_OUTPUTS_IN_DOUBLE_HPP
#define HINT_LEARN_ENCODING_OUTPUTS_IN_DOUBLE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/linalg/matrix.hpp>
#include <hint/nn/mlp.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// The network's outputs for one row, summed up in double by plain loops, where nothing overflows that
/// floats can hold. O(parameters).
HINT_LAZY
[[nodiscard]] std::vector<double> outputs_in_double(const nn::mlp<float>& net,
                                                    std::span<const float> x) {
  std::vector<double> in(x.begin(), x.end()), out;
  const nn::mlp_options& o = net.options();
  const float* p = net.parameters().data();
  for (std::size_t l = 0; l <= o.hidden.size(); ++l) {
    const bool last = l == o.hidden.size();
    const nn::activation f = last ? o.output_activation : o.hidden_activation;
    out.assign(last ? net.outputs() : o.hidden[l], 0.0);
    for (const double v : in)
      for (double& sum : out) sum += static_cast<double>(*p++) * v;
    for (double& sum : out) {
      sum += static_cast<double>(*p++);
      if (f == nn::activation::relu) sum = (std::max)(0.0, sum);
      if (f == nn::activation::tanh) sum = std::tanh(sum);
    }
    std::swap(in, out);
  }
  return in;
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
