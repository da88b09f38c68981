"""YAML that a person wrote, with the line of every key, so that a complaint can name it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from feeds.errors import ConfigError

_MAX_BYTES = 1_000_000
_HINT = "check the indentation and the quotes"
_INVISIBLE = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff]")


def load(raw: bytes, file: Path) -> tuple[dict[str, Any], dict[tuple[Any, ...], int]]:
    """The parsed mapping, and the line of every key and list entry by its path.

    Raises ConfigError with file:line for anything that is not plain YAML keys and values.
    """
    if len(raw) > _MAX_BYTES:
        raise ConfigError("the file is larger than 1 MB", where=str(file), hint="is it a configuration?")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError("not UTF-8", where=f"{file}:{line}", hint="save the file as UTF-8") from None
    try:
        _refuse_aliases(text, file)
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            data = loader.construct_document(node) if node is not None else {}
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{file}:{mark.line + 1}" if mark else str(file)
        raise ConfigError(f"not valid YAML: {error.problem or error.context}", where=where, hint=_HINT) from None
    except ConfigError:
        raise
    except Exception as error:  # a tag on a value that it does not fit, a character that YAML forbids, endless nesting
        reason = " ".join(str(error).split())[:120]
        raise ConfigError(f"not valid YAML: {reason}", where=f"{file}:1", hint=_HINT) from None
    if not isinstance(data, dict):
        raise ConfigError("the file must hold keys and values", where=f"{file}:1", hint="begin with site: or sources:")
    lines: dict[tuple[Any, ...], int] = {(): 1}
    if node is not None:
        _note_lines(node, (), lines, file)
    return data, lines


def _refuse_aliases(text: str, file: Path) -> None:
    """Anchors and aliases save nobody work in a configuration, and can make a small file endless."""
    if "&" in text and "*" in text:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                where = f"{file}:{event.start_mark.line + 1 if event.start_mark else 1}"
                raise ConfigError("an alias (*name) cannot be used here", where=where, hint="write the value out")


def _note_lines(node: yaml.Node, path: tuple[Any, ...], lines: dict[tuple[Any, ...], int], file: Path) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, key.value)
            line = key.start_mark.line + 1
            if here in lines:
                raise ConfigError(
                    f"{dotted(here)}: the key stands twice, first at line {lines[here]}",
                    where=f"{file}:{line}",
                    hint="keep one of the two",
                )
            lines[here] = line
            _note_lines(value, here, lines, file)
    elif isinstance(node, yaml.ScalarNode) and any(
        (c < " " and c not in "\t\n") or "\ud800" <= c < "\ue000" for c in node.value
    ):
        where = f"{file}:{node.start_mark.line + 1}"
        raise ConfigError(f"{dotted(path)}: an invisible character", where=where, hint="write the value again")
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*path, index)] = value.start_mark.line + 1
            _note_lines(value, (*path, index), lines, file)


def dotted(path: tuple[Any, ...]) -> str:
    """("sources", 0, "path") → sources[0].path"""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
