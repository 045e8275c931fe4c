# SPDX-License-Identifier: MIT
"""Tests scripts/list_api.py: which declarations of a header are listed, and with which sentence."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import list_api  # noqa: E402: the one in scripts/

HEADER = """// SPDX-License-Identifier: MIT
/// \\file
/// A header.
#ifndef A
#define A
#include <vector>

namespace hint { inline namespace HINT_ABI { namespace search {

namespace detail {
/// Hidden.
struct inner {};
}  // namespace detail

class later;

/// Counts "{" things
/// of Eq. 4. Not this.
///
/// Nor this.
template <class T, class = std::enable_if_t<true>>
  requires requires(const T& t) { t.size(); }
[[nodiscard]] std::vector<T> count(const T& t) {
  struct local { char c = '{'; };
  return {};
}
inline int count(int x) noexcept { return x; }

/// A callable: `f(a|b)` < 1.
/// | a | table |
template <class F>
concept callable = requires(F& f) { f(); } && true;

// A plain comment.
class later final : public base<later> {
 public:
  later() {}
  void member();
};
enum class kind : std::uint8_t { a, b };
later(int) -> later;
bool operator==(const later&, const later&);
template <>
struct std::hash<later> {};
using big = std::vector<int>;
using std::swap;
inline constexpr std::size_t most = 1 << 4, least{2};
static_assert(sizeof(int) == 4);
HINT_LAZY [[nodiscard]] const later& get(std::span<const int> x, int y = f(1));

}}}  // namespace hint::HINT_ABI::search

namespace std {
struct not_ours {};
}
#endif
"""


class Declarations(unittest.TestCase):
    def test_header(self):
        found = [(space, kind, name, list_api.first_sentence(doc))
                 for space, kind, name, doc in list_api.declarations(HEADER)]
        self.assertEqual(found, [
            ("search", "function", "count", 'Counts "{" things of Eq. 4.'),
            ("search", "function", "count", ""),
            ("search", "concept", "callable", "A callable: `f(a|b)` &lt; 1."),
            ("search", "class", "later", ""),
            ("search", "enum", "kind", ""),
            ("search", "type", "big", ""),
            ("search", "constant", "most", ""),
            ("search", "function", "get", "")])

    def test_first_sentence(self):
        for doc, sentence in ((["One (Author et al. 2010, e.g. there). Two."], "One (Author et al. 2010, e.g. there)."),
                              (["No full stop", "\\code", "x"], "No full stop"),
                              (["a * b `c * <d>`."], "a \\* b `c * <d>`."), ([], "")):
            self.assertEqual(list_api.first_sentence(doc), sentence)


if __name__ == "__main__":
    unittest.main()
