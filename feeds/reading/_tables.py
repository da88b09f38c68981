"""Tables in Markdown whose rows a renderer would fill with millions of empty cells."""

from __future__ import annotations

import re

MOST = 200_000  # cells that are not there, in one text: as many as cmark-gfm makes up

_DELIMITER = re.compile(r"^(?=[^\n]*-)[ \t>*+:|-]*\|[ \t>*+:|-]*$")


def bounded(markdown: str) -> str:
    """`markdown`, the tables that would grow too large no tables any more; the number of lines stays."""
    if (markdown.count("|") + 1) * markdown.count("\n") <= MOST:
        return markdown
    lines = markdown.split("\n")
    head = columns = missing = before = 0
    for number, line in enumerate(lines):
        if not line.strip():
            columns = 0
        elif columns:
            missing += max(0, columns - line.count("|") - 1)
        elif _DELIMITER.match(line):
            head, columns, before = number, line.count("|") + 1, missing
        if missing > MOST:
            lines[head : number + 1] = [_escaped(one) for one in lines[head : number + 1]]
            missing, columns = before, 0
    return "\n".join(lines)


def _escaped(line: str) -> str:
    return re.sub(r"([|:-])", r"\\\1", line, count=1) if _DELIMITER.match(line) else line
