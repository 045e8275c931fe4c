// SPDX-License-Identifier: MIT
/// \file
/// Line charts as inline SVG. Colours come from the page's style sheet.
#ifndef EMOJI_CHART_HPP
#define EMOJI_CHART_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emoji {

struct series {
  std::string name;
  std::string style;  ///< CSS class of the line: "a", "b", "a dashed", "grey dotted"
  std::vector<std::pair<double, double>> points;
};

struct chart {
  std::string title;
  std::string note;  ///< one sentence below the title
  std::string x_label;
  std::string y_label;
  std::vector<series> lines;
  bool from_zero = true;  ///< the y axis begins at 0
};

/// A `<figure>`. Points that are not finite are left out.
[[nodiscard]] std::string render(const chart& c);

/// `value` with `digits` decimals.
[[nodiscard]] std::string fixed(double value, int digits);
/// & < > " as entities.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace emoji

#endif
