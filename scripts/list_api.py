#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lists the public interface of the library in docs/api.md: every header that stands on a floor, and what it
declares in a public namespace, with the first sentence of the comment before it.

list_api.py            writes the page where it is out of date
list_api.py --check    only says whether it is; exits with 1 if so

Namespaces called detail are left out, and so are operators, deduction guides, specialisations and macros. Functions
of one name in one header make one line, with the first of their comments.
"""

import re
import sys

sys.dont_write_bytecode = True
import check_layers  # noqa: E402: the one beside this file

TOKEN = re.compile(r"""
    (?P<doc>///(?!<)[^\n]*) | (?P<comment>//[^\n]*|/\*.*?\*/) | (?P<macro>^[ \t]*\#(?:\\\n|[^\n])*)
  | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')
  | (?P<open>[{(\[]) | (?P<close>[})\]]) | (?P<end>;) | (?P<lines>\n[ \t]*\n) | (?P<text>\d[\w.']*|\w+|\s+|.)
""", re.VERBOSE | re.DOTALL | re.MULTILINE)
NAMESPACE = re.compile(r"\s*(inline\s+)?namespace\s*([\w:]*)\s*$")
TEMPLATE = re.compile(r"\s*template\s*<")
REQUIRES = re.compile(r"\brequires\s*(\([^{}]*\))?\s*$")
SENTENCE = re.compile(r".*?[\w)`'\"\]](?<!\bEq)(?<!\bal)(?<!\be\.g)(?<!\bi\.e)\.(?=\s|$)")
KINDS = (("concept", re.compile(r"\bconcept\s+(\w+)")),
         ("type", re.compile(r"\busing\s+(\w+)(?:\s*\[\[.*\]\])?\s*=")),
         ("enum", re.compile(r"^\s*enum\s+(?:class\s+)?(\w+)")),
         ("class", re.compile(r"(?:^|[>\s])(?:class|struct|union)\s+(?:\[\[.*?\]\]\s*)?(\w+)\s*(?:final\s*)?(?::(?!:)|$)")))
VARIABLE = re.compile(r"^\s*(?:inline|constexpr|extern|const)\b[^()]*?\b(\w+)(?:\s*\[[^\]]*\])?\s*(?:=.*)?$", re.DOTALL)


def without_template(head):
    """The head of a declaration without its leading template <...>."""
    while TEMPLATE.match(head):
        depth, at = 0, head.index("<")
        while True:
            depth += {"<": 1, ">": -1}.get(head[at], 0)
            at += 1
            if depth == 0 or at == len(head):
                break
        head = head[at:]
    return head


def function_name(head):
    """The name before the first ( that is in no <>; None for operators, constructors and guides."""
    depth = 0
    for at, letter in enumerate(head):
        if letter == "<":
            depth += 1
        elif letter == ">" and head[at - 1] != "-":
            depth -= 1
        elif letter == "(" and depth == 0:
            found = re.search(r"([\w>&*\]])\s+[&*]*(\w+)\s*$", head[:at])
            return found[2] if found and not re.search(r"\boperator\b", head[:at]) else None
    return None


def declared(head):
    """(kind, name) of a declaration, or None where it declares nothing that is listed."""
    if re.search(r"\b(static_assert|friend)\b|^\s*using\s+(namespace\b|[\w:]+\s*$)", head):
        return None
    rest = without_template(head)
    for kind, pattern in KINDS:
        found = pattern.search(rest)
        if found:
            return kind, found[1]
    if "(" in rest.split("=")[0]:
        name = function_name(rest)
        return ("function", name) if name else None
    found = VARIABLE.match(rest)
    return ("constant", found[1]) if found else None


def declarations(text):
    """(namespace below hint, kind, name, its comment) of all that a header declares in public namespaces."""
    scopes, head, doc, depth, bodies = [], "", [], 0, 0
    for token in TOKEN.finditer(text):
        kind, piece = token.lastgroup, token[0]
        if bodies:  # within the braces of a declaration
            bodies += (piece == "{") - (piece == "}")
            if bodies == 0:
                if REQUIRES.search(head) or re.search(r"\bconcept\b", head):
                    head = REQUIRES.sub("requires true ", head)  # the declaration goes on
                else:
                    yield from found(scopes, head, doc)
                    head, doc = "", []
        elif kind == "doc":
            doc = [*doc, piece[3:].strip()] if not head.strip() else doc
        elif kind in ("comment", "macro"):
            if kind == "macro":
                head, doc = "", []
        elif kind == "lines" and not head.strip():
            doc = []
        elif depth == 0 and piece == "{":
            space = NAMESPACE.match(head)
            if space:
                scopes.append("" if space[1] else space[2])
                head, doc = "", []
            else:
                bodies = 1
        elif depth == 0 and piece == "}":
            scopes.pop()
            head, doc = "", []
        elif depth == 0 and kind == "end":
            if not re.match(r"\s*(class|struct|union|enum)\s[\w\s]*$", without_template(head)):  # told of before
                yield from found(scopes, head, doc)
            head, doc = "", []
        else:
            depth += (kind == "open") - (kind == "close")
            head += piece


def found(scopes, head, doc):
    """The declaration of this head, if it is public."""
    names = [part for s in scopes for part in s.split("::") if part]
    what = declared(head)
    if what and names[:1] == ["hint"] and "detail" not in names:
        yield "::".join(names[1:]), *what, doc


def first_sentence(doc):
    """Of a comment, as Markdown; a sentence ends with a full stop, and before code, tables and empty lines."""
    lines = []
    for line in doc:
        if not line or line[0] in "|\\":
            break
        lines.append(line)
    text = " ".join(lines)
    sentence = SENTENCE.match(text)
    parts = re.split(r"(`[^`]*`)", sentence[0] if sentence else text)
    return "".join(p if p.startswith("`") else p.replace("<", "&lt;").replace("*", "\\*") for p in parts)


def page(layout):
    """The text of docs/api.md."""
    out = ["# Public interface", "",
           "Every header that programs may include by name, and what it declares, by floor and folder. Names are below the "
           "namespace `hint`. The comments in the headers say the rest: arguments, errors, complexity, thread-safety.",
           "", "(Made by `scripts/list_api.py` of the headers.)", ""]
    folders = [(f, row[2]) for f, row in check_layers.FOLDERS.items()] + list(check_layers.OPT_IN.items())
    for folder, says in folders:
        out += [f"## {folder}/", "", says, ""]
        for header in layout.headers:
            if layout.folder(header) != folder or layout.room(header):
                continue
            text = layout.text[header]
            purpose = re.search(r"/// \\file\n((?:///.*\n)+)", text)
            out += [f"### [{layout.name(header)}](../include/{layout.name(header)})", "",
                    first_sentence([line[3:].strip() for line in purpose[1].splitlines()]), ""]
            seen = {}
            for space, kind, name, doc in declarations(text):
                key = (f"{space}::{name}" if space else name, kind)
                seen[key] = seen.get(key) or first_sentence(doc)
            for (name, kind), sentence in seen.items():
                out.append(f"- {kind} `{name}`" + (f": {sentence}" if sentence else ""))
            if seen:
                out.append("")
    return "\n".join(out)


if __name__ == "__main__":
    sys.exit(check_layers.write_or_check(__doc__, page, "docs/api.md"))
