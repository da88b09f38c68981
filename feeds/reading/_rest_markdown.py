"""A parsed reStructuredText → Markdown with the line of the text for each of its lines.  Private to reading.

For the readers of scholarly facts, who know Markdown; what readers of a feed see is docutils' own HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes

Row = tuple[str, int]  # a line, and its line in the text, from 1

_SKIPPED = (
    nodes.docinfo,
    nodes.comment,
    nodes.substitution_definition,
    nodes.target,
    nodes.pending,
    nodes.system_message,
    nodes.raw,
    nodes.image,
    nodes.decoration,
    nodes.meta,
    nodes.footnote_reference,
    nodes.citation_reference,
)
_MARKS = str.maketrans({"*": r"\*", "`": r"\`", "\\": r"\\"})


def rows(document: Any) -> list[Row]:
    """The whole document, a heading for each title."""
    return list(_blocks(document, 1, 1))


def _blocks(node: Any, level: int, line: int) -> Iterator[Row]:
    """The blocks below a node, a blank line after each; `level` is that of a heading, `line` the last one known."""
    for child in node.children:
        line = child.line or line
        done = list(_block(child, level, line))
        if done:
            yield from done
            yield "", done[-1][1]


def _block(node: Any, level: int, line: int) -> Iterator[Row]:
    if isinstance(node, _SKIPPED):
        return
    if isinstance(node, nodes.title) and isinstance(node.parent, nodes.Admonition):
        yield f"**{_inline(node)}**", line
    elif isinstance(node, (nodes.title, nodes.subtitle, nodes.rubric)):
        yield f"{'#' * min(level, 6)} {_inline(node)}".replace("\n", " "), max(line - 1, 1)
    elif isinstance(node, nodes.section):
        yield from _blocks(node, level + 1, line)
    elif isinstance(node, (nodes.literal_block, nodes.doctest_block)):
        yield from _lines("```\n" + node.astext().replace("```", "` ``") + "\n```", line)
    elif isinstance(node, nodes.math_block):
        yield from _lines("$$\n" + node.astext() + "\n$$", line)
    elif isinstance(node, nodes.line_block):
        yield from _line_block(node, line)
    elif isinstance(node, (nodes.bullet_list, nodes.enumerated_list)):
        for item in node.children:
            yield from _marked(item, "- ", "  ", level, line)
    elif isinstance(node, nodes.block_quote):
        yield from _marked(node, "> ", "> ", level, line)
    elif isinstance(node, nodes.table):
        for row in node.findall(nodes.row):
            yield f"| {' | '.join(_flat(entry) for entry in row.children)} |", row.line or line
    elif isinstance(node, nodes.field):
        yield f"{node[0].astext()}: {_flat(node[1])}", node.line or line
    elif isinstance(node, nodes.topic):
        yield from _blocks(node, min(level + 1, 6), line)
    elif isinstance(node, nodes.TextElement):
        yield from _lines(_inline(node), line)
    else:
        yield from _blocks(node, level, line)


def _lines(text: str, line: int) -> Iterator[Row]:
    yield from ((one, line + number) for number, one in enumerate(text.split("\n")))


def _line_block(node: Any, line: int) -> Iterator[Row]:
    for child in node.children:
        line = child.line or line
        if isinstance(child, nodes.line_block):
            yield from _line_block(child, line)
        else:
            yield _inline(child).replace("\n", " "), line


def _marked(node: Any, first: str, others: str, level: int, line: int) -> Iterator[Row]:
    inner = list(_blocks(node, level, node.line or line))
    while inner and not inner[-1][0]:
        inner.pop()
    yield from (((first if n == 0 else others) + text, at) for n, (text, at) in enumerate(inner))


def _flat(node: Any) -> str:
    """All the text below a node on one line."""
    texts = [_inline(n) for n in node.findall(nodes.TextElement) if not isinstance(n.parent, nodes.TextElement)]
    return " ".join(" ".join(texts).split())


def _inline(node: Any) -> str:
    """The text of a node, with Markdown's marks."""
    if isinstance(node, nodes.Text):
        return node.astext().translate(_MARKS)
    if isinstance(node, _SKIPPED):
        return ""
    if isinstance(node, nodes.literal):
        return f"`{node.astext().replace('`', chr(39))}`"
    if isinstance(node, nodes.math):
        return f"${node.astext()}$"
    inner = "".join(_inline(child) for child in node.children)
    if isinstance(node, nodes.emphasis):
        return f"*{inner}*"
    if isinstance(node, nodes.strong):
        return f"**{inner}**"
    address = node.get("refuri", "") if isinstance(node, nodes.reference) else ""
    if not address or address == node.astext():
        return address or inner
    return f"[{inner}]({address.replace(' ', '%20').replace(')', '%29')})"
