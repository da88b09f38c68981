"""What _config.yml says, as Jekyll 4 understands it (https://jekyllrb.com/docs/configuration/)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from msgspec import Struct

from feeds.model import Problem
from feeds.sources import _urls, _walk, _yaml
from feeds.sources._zones import is_zone

FILES = ("_config.yml", "_config.yaml", "_config.toml")  # the first that is there
DEFAULTS: dict[str, Any] = {
    "collections": {},
    "collections_dir": "",
    "data_dir": "_data",
    "defaults": [],
    "destination": "_site",
    "excerpt_separator": "\n\n",
    "exclude": [],
    "future": False,
    "include": [".htaccess"],
    "includes_dir": "_includes",
    "markdown_ext": "markdown,mkdown,mkdn,mkd,md",
    "permalink": "date",
    "show_drafts": False,
    "unpublished": False,
}
ALWAYS_EXCLUDED = (
    ".sass-cache .jekyll-cache gemfiles Gemfile Gemfile.lock node_modules "
    "vendor/bundle/ vendor/cache/ vendor/gems/ vendor/ruby/"
).split()
_LABEL = re.compile(r"[A-Za-z0-9_.-]+")  # Jekyll finds no settings of a collection with another name
_OLD_TYPES = {"post": "posts", "page": "pages", "draft": "drafts"}


class Config(Struct, frozen=True, kw_only=True):
    """A site's configuration, defaults filled in.  Pickles."""

    values: dict[str, Any]  # all of _config.yml, JSON values
    zone: str  # IANA name
    file: str  # name of the file it came from, "" when there is none

    def list(self, key: str) -> list[str]:
        """A configured list of strings; a single string counts as a list of one."""
        value = self.values.get(key) or []
        return [str(v) for v in value] if isinstance(value, list) else [str(value)]

    def text(self, key: str) -> str:
        """A configured scalar as text."""
        value = self.values.get(key)
        return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""

    @property
    def base(self) -> str:
        """`baseurl` with one slash in front and none behind, or nothing."""
        path = self.text("baseurl").strip("/")
        return f"/{path}" if path else ""

    @property
    def folder(self) -> str:
        """`collections_dir` with a slash behind, or nothing."""
        path = self.text("collections_dir").strip("/")
        return f"{path}/" if path else ""

    @property
    def collections(self) -> dict[str, dict[str, Any]]:
        """Label → settings of each collection whose documents become pages; `posts` is always one."""
        declared = self.values.get("collections") or {}
        named = declared.items() if isinstance(declared, dict) else ()
        settings = {k: v if isinstance(v, dict) else {} for k, v in named if _LABEL.fullmatch(k)}
        found = {k: v for k, v in settings.items() if k != "posts" and v.get("output") not in (None, False)}
        return {"posts": settings.get("posts", {}), **found}

    def template(self, label: str) -> str:
        """The permalink template of a collection's documents."""
        style = self.text("permalink") or "date"
        own = self.collections.get(label, {}).get("permalink")
        if own:
            return str(own)
        if label == "posts":
            return _urls.template_of(style)
        return _urls.with_suffix("/:collection/:path", style)


def read(root: Path) -> tuple[Config, tuple[Problem, ...]]:
    """The configuration of the site at `root` (the defaults when it has none), and what is wrong with it."""
    file = next((f for f in FILES if (root / f).is_file()), "")
    if not file:
        return Config(values=dict(DEFAULTS), zone="UTC", file=""), ()
    try:
        data = _walk.content(root / file)
        values = (_toml(data) if file.endswith(".toml") else _yaml.load(data)) or {}
    except OSError as error:
        hint = "check its permissions; until then Jekyll's defaults are taken"
        problem = _problem(file, f"cannot be read: {error.strerror}", hint)
        return Config(values=dict(DEFAULTS), zone="UTC", file=file), (problem,)
    except _yaml.BadYaml as error:
        where = f"{file}:{error.line}" if error.line else file
        hint = "mend the file; until then Jekyll's defaults are taken"
        return Config(values=dict(DEFAULTS), zone="UTC", file=file), (_problem(where, f"not usable: {error}", hint),)
    if not isinstance(values, dict):
        hint = "write `key: value` lines"
        return Config(values=dict(DEFAULTS), zone="UTC", file=file), (_problem(file, "not a mapping", hint),)
    merged = {**DEFAULTS, **{k: v for k, v in values.items() if v is not None}}
    zone, problems = _zone(file, data.decode("utf-8-sig"), merged.get("timezone"))
    return Config(values=merged, zone=zone, file=file), problems


def scholar(config: Config, key: str, default: str) -> str:
    """A setting of jekyll-scholar."""
    said = config.values.get("scholar")
    value = said.get(key) if isinstance(said, dict) else None
    return str(value) if isinstance(value, str) and value.strip() else default


def bibliographies(config: Config) -> str:
    """The folder of the BibTeX files that jekyll-scholar shows."""
    return scholar(config, "source", "_bibliography").removeprefix("./").strip("/")


def _toml(data: bytes) -> Any:
    import tomllib

    try:
        return _yaml.jsonable(tomllib.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise _yaml.BadYaml(str(error).splitlines()[0]) from error


def line_of(text: str, key: str) -> int:
    """The line of a top-level key, from 1; 0 when it is not there."""
    found = re.search(rf"^{re.escape(key)}[ \t]*[:=]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _zone(file: str, text: str, name: object) -> tuple[str, tuple[Problem, ...]]:
    if name in (None, ""):
        return "UTC", ()
    if is_zone(str(name)):
        return str(name), ()
    where = f"{file}:{line_of(text, 'timezone')}"
    hint = "write an IANA name such as Europe/Zurich; until then UTC is taken"
    return "UTC", (_problem(where, f"there is no time zone {str(name)!r}", hint),)


def _problem(where: str, message: str, hint: str) -> Problem:
    return Problem(stage="read", where=where, message=message, hint=hint)


# ------------------------------------------------------------------------------------- front matter defaults


def front_defaults(config: Config, path: str, kind: str) -> dict[str, Any]:
    """What `defaults:` gives the document at `path` (below the collections folder), more exact scopes winning.

    Jekyll's precedence: the longer path, else the scope that names a type, else the later one.
    """
    values: dict[str, Any] = {}
    winner: dict[str, Any] | None = None
    for scope, given in _matching(config, path, kind):
        if winner is None or _precedes(scope, winner):
            values, winner = merge(values, given), scope
        else:
            values = merge(given, values)
    return values


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` laid on `base`, mappings within mappings too; an empty value does not hide one below."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if value is None and key in merged:
            continue
        merged[key] = merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _matching(config: Config, path: str, kind: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    sets = config.values.get("defaults")
    for entry in sets if isinstance(sets, list) else ():
        if not isinstance(entry, dict) or not isinstance(entry.get("values"), dict):
            continue
        stated = entry.get("scope")
        scope: dict[str, Any] = stated if isinstance(stated, dict) else {}
        if "type" in scope and _OLD_TYPES.get(str(scope["type"]), str(scope["type"])) != kind:
            continue
        if _covers(str(scope.get("path") or ""), path, config.folder):
            yield scope, entry["values"]


def _covers(wanted: str, path: str, folder: str) -> bool:
    if "*" not in wanted:
        return path.startswith(wanted.removeprefix(folder))
    parts = (folder + path).split("/")
    patterns = [p.split("/") for p in _braces(wanted)]
    return any(_glob(parts[:n], p) for p in patterns for n in range(1, len(parts) + 1))


def _braces(pattern: str) -> list[str]:
    """`a{b,c}` as [`ab`, `ac`]; what has too many braces to write out stays as it is."""
    done: list[str] = []
    waiting = [pattern]
    while waiting and len(done) + len(waiting) <= 64:
        current = waiting.pop()
        found = re.search(r"\{([^{}]*)\}", current)
        if not found:
            done.append(current)
            continue
        waiting += [current[: found.start()] + choice + current[found.end() :] for choice in found[1].split(",")]
    return done + waiting


def _glob(parts: list[str], pattern: list[str]) -> bool:
    """Does a path match a glob, component by component, `**` standing for any number of folders?"""
    reached = {0}  # how many components of the path may have been used up
    for piece in pattern:
        if piece == "**":
            reached = {k for n in reached for k in range(n, len(parts) + 1) if not _dotted(parts[n:k])}
        else:
            reached = {n + 1 for n in reached if n < len(parts) and _component(parts[n], piece)}
    return len(parts) in reached


def _dotted(parts: list[str]) -> bool:
    return any(p.startswith(".") for p in parts)


def _component(name: str, pattern: str) -> bool:
    if name.startswith(".") and not pattern.startswith("."):
        return False
    return fnmatchcase(name, pattern.replace("[^", "[!"))


def _precedes(new: dict[str, Any], old: dict[str, Any]) -> bool:
    new_path, old_path = (str(s.get("path") or "").removeprefix("/") for s in (new, old))
    if len(new_path) != len(old_path):
        return len(new_path) > len(old_path)
    return "type" in new or "type" not in old
