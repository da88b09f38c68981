"""Plugins by entry point: built-ins are found exactly as a third party's are.

A package adds a format, a convention or a kind of fact with one line of metadata:

    [project.entry-points."feeds.exporters"]
    my-format = "my_package.my_format:EXPORTER"

Groups: feeds.sources (model.Source), feeds.extractors (model.Extractor), feeds.exporters (model.Exporter).
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from feeds.errors import PluginError
from feeds.model import Exporter, Extractor, Source

Plugin = TypeVar("Plugin", Source, Extractor, Exporter)


@cache
def _found(group: str) -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=group), key=lambda p: (p.name, p.value)):
        known = found.setdefault(point.name, point)
        if known.value != point.value:
            raise PluginError(
                f"two plugins of {group} are named {point.name!r}: {known.value} and {point.value}",
                hint="uninstall one of the two packages",
            )
    return found


def _load(group: str, name: str, kind: type[Plugin]) -> Plugin:
    point = _found(group)[name]
    try:
        plugin = point.load()
    except Exception as error:
        raise PluginError(
            f"{group} {name!r} does not load: {type(error).__name__}: {error}",
            hint=f"it is defined as {point.value}; reinstall or remove the package that brings it",
        ) from error
    if not isinstance(plugin, kind):
        raise PluginError(
            f"{group} {name!r} is a {type(plugin).__name__}, not a feeds.model.{kind.__name__}",
            hint=f"let {point.value} name a feeds.model.{kind.__name__}",
        )
    return plugin


@cache
def versions() -> tuple[tuple[str, str, str], ...]:
    """(name, where it is, version of its package) of every plugin: another version may give another result."""
    groups = ("feeds.sources", "feeds.extractors", "feeds.exporters")
    points = [point for group in groups for point in _found(group).values()]
    packages = {id(p.dist): p.dist for p in points}  # each parses its metadata whenever it is asked
    known = {key: dist.version if dist else "" for key, dist in packages.items()}
    return tuple((p.name, p.value, known[id(p.dist)]) for p in points)


def source_names() -> tuple[str, ...]:
    """Names of the conventions that are installed."""
    return tuple(_found("feeds.sources"))


def exporter_names() -> tuple[str, ...]:
    """Names of the formats that are installed."""
    return tuple(_found("feeds.exporters"))


@cache
def source(name: str) -> Source:
    """The convention of this name; KeyError when there is none, PluginError when it does not load."""
    return _load("feeds.sources", name, Source)


@cache
def exporter(name: str) -> Exporter:
    """The format of this name; KeyError when there is none, PluginError when it does not load."""
    return _load("feeds.exporters", name, Exporter)


@cache
def extractors() -> tuple[Extractor, ...]:
    """Every kind of fact that is looked for, in the order of the names."""
    return tuple(_load("feeds.extractors", name, Extractor) for name in _found("feeds.extractors"))
