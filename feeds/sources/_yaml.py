"""YAML files of a site (_config.yml, _data/*.yml) as JSON values, safely: bounded in size, depth and expansion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import yaml

LIMIT = 1_000_000  # bytes of one file
DEPTH = 32
NODES = 200_000  # after aliases are expanded

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadYaml(ValueError):
    """The file cannot be used; `line` says where, from 1, or is 0."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def load(data: bytes, loader: Any = LOADER) -> Any:
    """The JSON value in a YAML document, dates as ISO 8601 text, keys as text; raises BadYaml.

    A `loader` of one's own is LOADER with constructors for the tags of a convention.
    """
    if len(data) > LIMIT:
        raise BadYaml(f"more than {LIMIT} bytes")
    try:
        text = data.decode("utf-8-sig")
        measure(yaml.parse(text, Loader=LOADER))
        return jsonable(yaml.load(text, Loader=loader))  # noqa: S506 - CSafeLoader or SafeLoader
    except UnicodeDecodeError as error:
        raise BadYaml("not UTF-8", data[: error.start].count(b"\n") + 1) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadYaml(error.problem or "not YAML", line) from error
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        raise BadYaml(str(error).splitlines()[0] if str(error) else "not YAML") from error


def measure(events: Iterable[Any]) -> None:
    """Refuse what would be too deep or, its aliases written out, too large; the loader itself would crash or hang."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in events:
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            if anchor not in sizes:
                raise BadYaml("an alias refers to nothing before it")
            total += sizes[anchor]
        elif isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((anchor, total))
            total += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            name, before = open_nodes.pop()
            if name:
                sizes[name] = total - before
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if anchor:
                sizes[anchor] = 1
        if len(open_nodes) > DEPTH or total > NODES:
            raise BadYaml("too deeply nested or too large once its aliases are written out")


def jsonable(value: Any) -> Any:
    """`value` with dates as ISO 8601 text and mapping keys as text."""
    match value:
        case dict():
            return {str(jsonable(k)): jsonable(v) for k, v in value.items()}
        case list() | tuple() | set():
            return [jsonable(v) for v in value]
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "replace")
        case float() if value != value or value in {float("inf"), float("-inf")}:
            return str(value)
        case _:
            return value
