// SPDX-License-Identifier: MIT
#include "chart.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <hint/core/error.hpp>

namespace emoji {
namespace {

using hint::detail::concat;

constexpr double width = 420, height = 260;
constexpr double left = 46, right = 12, top = 10, bottom = 38;

struct axis {
  double low = 0, high = 1, step = 0.2;
  int digits = 1;

  /// Four to seven ticks at round numbers.
  axis(double from, double to) {
    if (!(to > from)) to = from + 1;
    const double rough = (to - from) / 5;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double lead = rough / power;
    step = power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
    low = std::floor(from / step + 1e-9) * step;
    high = std::ceil(to / step - 1e-9) * step;
    digits = (std::max)(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  }
};

}  // namespace

std::string fixed(double value, int digits) {
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, digits).ptr;
  return {buffer, end};
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string render(const chart& c) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double x0 = infinity, x1 = -infinity, y0 = c.from_zero ? 0 : infinity, y1 = -infinity;
  const auto finite = [](const auto& p) {
    return std::isfinite(p.first) && std::isfinite(p.second);
  };
  for (const auto& line : c.lines)
    for (const auto& p : line.points) {
      if (!finite(p)) continue;
      x0 = (std::min)(x0, p.first), x1 = (std::max)(x1, p.first);
      y0 = (std::min)(y0, p.second), y1 = (std::max)(y1, p.second);
    }
  if (!(x0 <= x1)) x0 = 0, x1 = 1, y0 = 0, y1 = 1;
  const axis xs(x0, x1);
  const axis ys(y0, y1);
  // The x axis is cut at the data, the y axis at its ticks.
  const auto px = [&](double x) {
    return left + (x - x0) / (x1 > x0 ? x1 - x0 : 1) * (width - left - right);
  };
  const auto py = [&](double y) {
    return height - bottom - (y - ys.low) / (ys.high - ys.low) * (height - top - bottom);
  };
  const auto at = [](double v) { return fixed(v, 1); };

  std::string svg = concat("<svg viewBox=\"0 0 ", width, " ", height,
                           "\" role=\"img\" aria-label=\"", escape_html(c.title), "\">");
  for (double y = ys.low; y <= ys.high + ys.step / 2; y += ys.step)
    svg +=
        concat("<line class=\"grid\" x1=\"", left, "\" x2=\"", width - right, "\" y1=\"", at(py(y)),
               "\" y2=\"", at(py(y)), "\"/><text class=\"tick\" text-anchor=\"end\" x=\"", left - 6,
               "\" y=\"", at(py(y) + 4), "\">", fixed(y, ys.digits), "</text>");
  for (double x = std::ceil(x0 / xs.step - 1e-9) * xs.step; x <= x1 + xs.step * 1e-6; x += xs.step)
    svg += concat("<text class=\"tick\" text-anchor=\"middle\" x=\"", at(px(x)), "\" y=\"",
                  height - bottom + 16, "\">", fixed(x + 0.0, xs.digits), "</text>");
  svg += concat("<text class=\"label\" text-anchor=\"middle\" x=\"", (left + width - right) / 2,
                "\" y=\"", height - 4, "\">", escape_html(c.x_label),
                "</text><text class=\"label\" text-anchor=\"middle\" "
                "transform=\"translate(11 ",
                (top + height - bottom) / 2, ") rotate(-90)\">", escape_html(c.y_label), "</text>");
  for (const auto& line : c.lines) {
    svg += concat("<polyline class=\"line ", line.style, "\" points=\"");
    for (const auto& p : line.points)
      if (finite(p)) svg += concat(at(px(p.first)), ",", at(py(p.second)), " ");
    svg += "\"/>";
  }
  svg += "</svg>";

  std::string legend;
  for (const auto& line : c.lines)
    legend += concat("<span><svg class=\"key\" viewBox=\"0 0 24 8\"><line class=\"line ",
                     line.style, "\" x1=\"1\" x2=\"23\" y1=\"4\" y2=\"4\"/></svg>",
                     escape_html(line.name), "</span>");
  return concat("<figure class=\"card\"><h3>", escape_html(c.title), "</h3><p class=\"note\">",
                escape_html(c.note), "</p>", svg, "<figcaption>", legend, "</figcaption></figure>");
}

}  // namespace emoji
