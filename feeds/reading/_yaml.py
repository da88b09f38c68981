"""YAML 1.1 as front matter uses it → JSON values, from text that nobody vouches for.

The C parser builds a tree of nodes; this module turns that tree into values itself, so that nothing is constructed
that JSON does not know, each key's line is at hand, and text that only looks like a number too large or a date that
does not exist stays the text it is.  What would hang or crash the C parser is refused before it sees it.
https://yaml.org/spec/1.1/
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import yaml
from msgspec import Struct
from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from feeds.text import clip, first_illegal, legal

MAX_CHARACTERS = 64 * 1024
MAX_DEPTH = 32

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufffe\uffff]")  # libyaml refuses them or breaks the line there
_DEEP_INDENT = re.compile(rf"^[ \t?:-]{{{MAX_DEPTH},}}", re.MULTILINE)
_REFERENCE = re.compile(r"(?:^|[\s\[{,:?\ufeff-])[&*][^\s,\[\]{}&*]", re.MULTILINE)
_KEY_LINE = re.compile(r"\s*(?:- +)*[\w\"'-][^:]*:(?:\s|$)")
_NO_SPACE = re.compile(r"[A-Za-z_][\w-]*:[^\s/:]")
_SPACED_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ]+(\d\d:\d\d(?::\d\d)?) ?([+-]\d\d):?(\d\d)")

_TAG = "tag:yaml.org,2002:"
_CONSTRUCT = SafeConstructor()


class Note(Struct, frozen=True):
    """Something to report about one line of the block, counted from 0."""

    line: int
    message: str
    hint: str = ""
    severity: Literal["error", "warning"] = "warning"


class Block(Struct, frozen=True):
    """What a block of front matter says; unreadable when a note is an error."""

    values: dict[str, Any]
    lines: dict[str, int]  # top-level key → its line in the block, from 0
    notes: list[Note]


class _RefusedError(Exception):
    """The block must not be loaded; `args[0]` is the note that says why."""


def read(block: str) -> Block:
    """Read the text between the fences.  Never raises; what cannot be read is an error among the notes."""
    notes: list[Note] = []
    text = _printable(block, notes.append)
    try:
        node = _compose_or_repair(text, notes.append)
    except _RefusedError as refused:
        return Block({}, {}, [*notes, refused.args[0]])
    if node is None:
        return Block({}, {}, notes)
    if not isinstance(node, MappingNode):
        shape = "a list" if isinstance(node, SequenceNode) else "plain text"
        wrong = Note(node.start_mark.line, f"the front matter is {shape}, not keys with values", _HINT_KEY, "error")
        return Block({}, {}, [*notes, wrong])
    return Block(_mapping(node, notes.append), _key_lines(node), notes)


# ---------------------------------------------------------------------------------------------------- loading

_HINT_KEY = "write each line as key: value"
_HINTS = {
    "mapping values are not allowed in this context": "put a value that holds a colon in quotes",
    "could not find expected ':'": "write the line as key: value, or close the front matter with --- above it",
    "found unexpected end of stream": "close the quote or the bracket that is opened here",
    "did not find expected ',' or ']'": "close the list that is opened here with ]",
    "did not find expected ',' or '}'": "close the mapping that is opened here with }",
    "found unknown escape character": "use single quotes, or write the backslash twice",
}
_REPORT_AT_START = ("while parsing a flow", "while scanning a quoted", "while scanning a simple key")


def _compose_or_repair(text: str, note: Callable[[Note], None]) -> Node | None:
    try:
        return _compose(text)
    except yaml.YAMLError as error:
        from feeds.reading._repair import repair  # which most files do without

        mended, repairs = repair(text, _loads)
        try:
            if not repairs:
                raise _RefusedError(_explain(error, text))
            node = _compose(mended)
        except yaml.YAMLError:
            raise _RefusedError(_explain(error, text)) from None
    for line, what in repairs:
        note(Note(line, f"repaired YAML: {what}", "write it so in the file"))
    return node


def _compose(text: str) -> Node | None:
    """The node tree of `text`; raises YAMLError, or _RefusedError for what must not reach the composer."""
    if len(text) > MAX_CHARACTERS:
        raise _RefusedError(Note(0, f"the front matter is longer than {MAX_CHARACTERS} characters", FLATTEN, "error"))
    if _needs_a_look(text):
        _look(text)
    loader = _Loader(text)
    try:
        node: Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def _loads(text: str) -> bool:
    try:
        _compose(text)
    except (yaml.YAMLError, _RefusedError):
        return False
    return True


def _needs_a_look(text: str) -> bool:
    """Could there be deep nesting, an anchor or an alias?  Cheap, and never wrongly no."""
    if text.count("[") + text.count("{") > MAX_DEPTH or _DEEP_INDENT.search(text):
        return True
    return ("&" in text or "*" in text) and _REFERENCE.search(text) is not None


def _look(text: str) -> None:
    """Refuse nesting past the cap (the composer recurses in C), anchors and aliases (they multiply).

    Reads tokens, which needs no recursion, and stops at the first offence.  A syntax error ends the look: the
    composer stops at the same place.
    """
    depth = 0
    token: Any
    try:
        for token in yaml.scan(text, Loader=_Loader):
            line = token.start_mark.line
            if token.id in _REFERENCES:
                raise _RefusedError(Note(line, "anchors (&name) and aliases (*name) are not read", _QUOTE_IT, "error"))
            depth += (token.id in _OPENING) - (token.id in _CLOSING)
            if depth > MAX_DEPTH:
                raise _RefusedError(Note(line, f"more than {MAX_DEPTH} levels of nesting", FLATTEN, "error"))
    except yaml.YAMLError:
        return


_QUOTE_IT = "put a value that begins with & or * in quotes"
FLATTEN = "front matter takes keys, values and short lists; put the rest in the body or in _data"
_REFERENCES = frozenset({"<anchor>", "<alias>"})
_OPENING = frozenset({"<block sequence start>", "<block mapping start>", "[", "{"})
_CLOSING = frozenset({"<block end>", "]", "}"})


def _explain(error: yaml.YAMLError, text: str) -> Note:
    """The error on the line where a person would look for it."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return Note(0, f"the front matter is not YAML: {str(error).splitlines()[0]}", "", "error")
    at_start = (error.context or "").startswith(_REPORT_AT_START) and error.context_mark
    mark = at_start or error.problem_mark
    lines = text.rstrip("\n").split("\n")
    line = min(mark.line if mark else 0, len(lines) - 1)
    if line and _NO_SPACE.match(lines[line - 1]):
        line, hint = line - 1, "put a space behind the colon"
    elif lines[line][:1].isalpha() and not _KEY_LINE.match(lines[line]):
        hint = "is the closing --- of the front matter missing above this line?"
    else:
        hint = _HINTS.get(error.problem or "", "check the quotes and the indentation of this line")
    return Note(line, f"the front matter is not YAML: {error.problem or 'unreadable'}", hint, "error")


def _printable(block: str, note: Callable[[Note], None]) -> str:
    found = _UNPRINTABLE.search(block)
    if not found:
        return block
    line = block.count("\n", 0, found.start())
    note(Note(line, f"replaced characters that YAML does not allow, the first U+{ord(found.group()):04X}"))
    return _UNPRINTABLE.sub(lambda m: " " if m.group() in "\x85\u2028\u2029" else "\ufffd", block)


# ---------------------------------------------------------------------------------------------------- nodes → values


def _mapping(node: MappingNode, note: Callable[[Note], None]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line
        if not isinstance(key_node, ScalarNode):
            note(Note(line, "a list or a mapping as a key was left out", _HINT_KEY))
            continue
        key = _text(key_node, note)
        if key in seen:
            note(Note(line, f"key {clip(key, 60)!r} is given twice, the last one counts", "remove one of the two"))
        seen[key] = line
        values[key] = _value(value_node, note)
    return values


def _key_lines(node: MappingNode) -> dict[str, int]:
    return {legal(key.value): key.start_mark.line for key, _ in node.value if isinstance(key, ScalarNode)}


def _value(node: Any, note: Callable[[Note], None]) -> Any:
    if isinstance(node, MappingNode):
        return _mapping(node, note)
    if isinstance(node, SequenceNode):
        return [_value(item, note) for item in node.value]
    return _scalar(node, note)


def _scalar(node: ScalarNode, note: Callable[[Note], None]) -> Any:
    convert = _SCALARS.get(node.tag)
    if convert is None:
        if node.tag != _TAG + "value":  # a lone "="
            note(Note(node.start_mark.line, f"tag {clip(node.tag, 60)!r} ignored, its value taken as text"))
        return _text(node, note)
    try:
        return convert(node, note)
    except (ValueError, KeyError, AttributeError, OverflowError):  # PyYAML's converters on what only looks right
        kind = node.tag.removeprefix(_TAG).replace("timestamp", "date")
        note(Note(node.start_mark.line, f"{clip(node.value, 60)!r} is no {kind}, taken as text", f"correct the {kind}"))
        return _text(node, note)


def _text(node: ScalarNode, note: Callable[[Note], None]) -> str:
    value: str = node.value
    if node.style == '"' and (at := first_illegal(value)) is not None:
        note(Note(node.start_mark.line, f"replaced a character that XML forbids, U+{ord(value[at]):04X}"))
    return legal(value)


def _string(node: ScalarNode, note: Callable[[Note], None]) -> str:
    value = _text(node, note)
    if not node.style and value[:2] in {"19", "20"} and (found := _SPACED_ZONE.fullmatch(value)):
        day, clock, hours, minutes = found.groups()  # the zone as Ruby writes it, which YAML 1.1 does not know
        return datetime.fromisoformat(f"{day}T{clock}{hours}:{minutes}").isoformat()
    return value


def _integer(node: ScalarNode, note: Callable[[Note], None]) -> int | str:
    value = int(_CONSTRUCT.construct_yaml_int(node))
    return value if abs(value) < 2**63 else _text(node, note)  # JSON readers have no more bits


def _float(node: ScalarNode, note: Callable[[Note], None]) -> float | str:
    value = float(_CONSTRUCT.construct_yaml_float(node))
    if math.isfinite(value):
        return value
    note(Note(node.start_mark.line, f"{clip(node.value, 60)!r} is no number in JSON, taken as text"))
    return _text(node, note)


def _timestamp(node: ScalarNode, _note: Callable[[Note], None]) -> str:
    return str(_CONSTRUCT.construct_yaml_timestamp(node).isoformat())


_SCALARS: dict[str, Callable[[ScalarNode, Callable[[Note], None]], Any]] = {
    _TAG + "str": _string,
    _TAG + "null": lambda _node, _note: None,
    _TAG + "bool": lambda node, _note: bool(_CONSTRUCT.construct_yaml_bool(node)),
    _TAG + "int": _integer,
    _TAG + "float": _float,
    _TAG + "timestamp": _timestamp,
}
