"""A post's bytes → its front matter as JSON values, its body, and what is wrong with either.

Front matter is YAML 1.1 between a line `---` and a line `---` or `...`, as Jekyll reads it, or, as Hugo does, TOML
between lines `+++` or a JSON object.
https://jekyllrb.com/docs/front-matter/ · https://gohugo.io/content-management/front-matter/
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Any

import frontmatter
from frontmatter.default_handlers import YAMLHandler
from msgspec import Struct, structs

from feeds.model import Problem
from feeds.reading import _json_object, _yaml
from feeds.text import first_illegal, replace_illegal

MAX_BYTES = 2_000_000

_OPENING = re.compile(r"(?:[ \t]*+\n)*+ {0,3}(---|\+\+\+)[ \t]*(?:\n|\Z)")
_CLOSINGS = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_KEY = re.compile(r"[\w\"'][^\n:=]*(?::(?:[ \t]|$)|=)", re.MULTILINE)
_FRONT_LINE = re.compile(r"[ \t]+\S|-[ \t]|#|\[|[\w\"'][^\n:=]*(?::(?:[ \t]|$)|=)")
_BOMS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Front(Struct, frozen=True, kw_only=True):
    """A post taken apart.  With an error among the problems the post cannot be published."""

    values: dict[str, Any] = {}  # JSON values; text is NFC and legal in XML; YAML dates as ISO 8601 text
    lines: dict[str, int] = {}  # top-level key → its line in the file, from 1
    body: str = ""  # as in the file, with \n line ends and the characters that XML forbids replaced
    body_line: int = 1  # line of the file that the body begins on, from 1
    has_front: bool = False
    problems: tuple[Problem, ...] = ()


def parse(data: bytes, where: str) -> Front:
    """Take a post apart.  `where` names the file in problems.  Never raises for bad input.

    Encoding: by byte order mark, else UTF-8.  Accepted as well: CRLF, white space before the first line (reported).
    Whatever YAML allows one reading of is repaired and reported as a warning; whatever cannot be read is an error.
    """
    if len(data) > MAX_BYTES:
        hint = f"posts of up to {MAX_BYTES:,} bytes are read"
        return Front(problems=(_problem(where, 1, f"the file has more than {MAX_BYTES:,} bytes", hint, "error"),))
    try:
        text = _decode(data)
    except UnicodeDecodeError as error:
        return Front(problems=(_not_unicode(data, error, where),))
    text, problems = _legal(text, where)
    return _split(text, where, problems)


class _Handler(YAMLHandler):
    """python-frontmatter with a reader of our own; the metadata are the parts of a `_yaml.Block`."""

    def __init__(self, read: Callable[[str], _yaml.Block]) -> None:
        super().__init__()
        self._read = read

    def split(self, text: str) -> tuple[str, str]:
        """The block between the first and the last line; the body stays with the caller, who keeps its white space."""
        return text[text.index("\n") + 1 : text.rindex("\n") + 1], ""

    def load(self, fm: str, **_kwargs: object) -> dict[str, Any]:
        return structs.asdict(self._read(fm))


def _read_toml(block: str) -> _yaml.Block:
    from feeds.reading import _toml  # which most sites do without

    return _toml.read(block)


_YAML = _Handler(_yaml.read)
_TOML = _Handler(_read_toml)


def _split(text: str, where: str, problems: list[Problem]) -> Front:
    opening = _OPENING.match(text)
    if not opening and _json_object.OPENING.match(text):
        return _split_json(text, where, problems)
    if not opening:
        return Front(body=text, problems=tuple(problems))
    first = text.count("\n", 0, opening.start(1)) + 1  # line of the opening fence
    fence = opening[1]
    closing = _CLOSINGS[fence].search(text, opening.end())
    if not closing:
        return _never_closed(text, opening, first, where, problems)
    if opening.start(1):
        problems.append(_problem(where, first, "white space before the front matter", f"begin the file with {fence}"))
    fenced = text[opening.start(1) : closing.end()]
    metadata, _ = frontmatter.parse(fenced, handler=_YAML if fence == "---" else _TOML)
    block = _yaml.Block(**metadata)  # type: ignore[arg-type]
    problems += [_problem(where, first + 1 + n.line, n.message, n.hint, n.severity) for n in block.notes]
    return Front(
        values=block.values,
        lines={key: first + 1 + line for key, line in block.lines.items()},
        body=text[closing.end() + 1 :],
        body_line=text.count("\n", 0, closing.end()) + 2,
        has_front=True,
        problems=tuple(problems),
    )


def _split_json(text: str, where: str, problems: list[Problem]) -> Front:
    """A JSON object that begins the file; the body begins on the line behind it."""
    end = _json_object.end(text, 0)
    if end < 0 or text[end:].partition("\n")[0].strip():
        hint = "close the object with } on a line of its own"
        return Front(problems=(*problems, _problem(where, 1, "the front matter is never closed", hint, "error")))
    block = _json_object.read(text[:end])
    problems += [_problem(where, 1 + n.line, n.message, n.hint, n.severity) for n in block.notes]
    return Front(
        values=block.values,
        lines={key: 1 + line for key, line in block.lines.items()},
        body=text[end:].partition("\n")[2],
        body_line=text.count("\n", 0, end) + 2,
        has_front=True,
        problems=tuple(problems),
    )


def _never_closed(text: str, opening: re.Match[str], first: int, where: str, problems: list[Problem]) -> Front:
    """A missing closing fence when keys follow; else the `---` was a rule across the page."""
    rest = text[opening.end() :]
    if not _KEY.match(rest.lstrip()):
        return Front(body=text, problems=tuple(problems))
    last = first
    for number, line in enumerate(rest.split("\n"), first + 1):
        if not _FRONT_LINE.match(line):
            break
        last = number
    hint = f"put {opening[1]} on a line of its own after line {last}"
    return Front(problems=(*problems, _problem(where, first, "the front matter is never closed", hint, "error")))


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(encoding)
            break
    else:
        text = data.decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _not_unicode(data: bytes, error: UnicodeDecodeError, where: str) -> Problem:
    line = data.count(b"\n", 0, error.start) + 1
    message = f"byte {error.object[error.start]:#04x} is not {error.encoding.upper()}"
    return _problem(where, line, message, "save the file as UTF-8", "error")


def _legal(text: str, where: str) -> tuple[str, list[Problem]]:
    at = first_illegal(text)
    if at is None:
        return text, []
    line = text.count("\n", 0, at) + 1
    message = f"replaced characters that XML forbids, the first U+{ord(text[at]):04X}"
    return replace_illegal(text), [_problem(where, line, message, "remove the invisible character")]


def _problem(where: str, line: int, message: str, hint: str, severity: str = "warning") -> Problem:
    level: Any = severity
    return Problem(stage="read", where=f"{where}:{line}", message=message, hint=hint, severity=level)
