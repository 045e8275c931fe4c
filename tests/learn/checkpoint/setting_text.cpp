// SPDX-License-Identifier: MIT
#include <optional>

#include <hint/learn/checkpoint/setting_text.hpp>

#include "support/catch.hpp"

using namespace hint;
using learn::detail::setting_text;

TEST_CASE("options as text, field after field", "[learn][checkpoint]") {
  CHECK(setting_text(0.1) == "0.1");
  CHECK(setting_text(true) == "true");
  CHECK(setting_text(nn::activation::tanh) ==
        std::to_string(static_cast<int>(nn::activation::tanh)));
  CHECK(setting_text(std::optional<double>()) == "none");
  CHECK(setting_text(std::optional<double>(2)) == "2");
  CHECK(setting_text(std::optional(nn::schedule_options{.warm_up = 3})) == "0 0.001 0 0.1 100 3");
  CHECK(setting_text(nn::mlp_options{.hidden = {7, 8}, .dropout = 0.25}) == "(7 8) 0 1 0.25");
  CHECK(setting_text(nn::adam_options{}) == "0.001 0.9 0.999 1e-08 0");
  CHECK(setting_text(nn::sgd_options{}) == "0.001 0.9 0");
  CHECK(setting_text(graph::trust_options{}) == "5 8 1500 50 0");
  CHECK(setting_text(align::proxy_options{.self_weight = 3}) == "3 0 20 1 3");
}
