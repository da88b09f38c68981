"""The settings of a Pelican site that decide what it publishes and where: pelicanconf.py below publishconf.py.

Private to sources.  The files are read, never run (`_literals`).
https://docs.getpelican.com/en/latest/settings.html
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any

from msgspec import Struct

from feeds.model import Problem
from feeds.sources import _literals, _pages, _pelican_slug, _walk, _zones

FILES = ("pelicanconf.py", "publishconf.py")
DEFAULTS: dict[str, Any] = {
    "ARTICLE_EXCLUDES": [],
    "ARTICLE_LANG_SAVE_AS": "{slug}-{lang}.html",
    "ARTICLE_LANG_URL": "{slug}-{lang}.html",
    "ARTICLE_PATHS": [""],
    "ARTICLE_SAVE_AS": "{slug}.html",
    "ARTICLE_URL": "{slug}.html",
    "AUTHOR": "",
    "AUTHOR_SAVE_AS": "author/{slug}.html",
    "AUTHOR_URL": "author/{slug}.html",
    "CATEGORY_SAVE_AS": "category/{slug}.html",
    "CATEGORY_URL": "category/{slug}.html",
    "DEFAULT_CATEGORY": "misc",
    "DEFAULT_DATE": None,
    "DEFAULT_LANG": "en",
    "DEFAULT_METADATA": {},
    "DRAFT_LANG_SAVE_AS": "drafts/{slug}-{lang}.html",
    "DRAFT_LANG_URL": "drafts/{slug}-{lang}.html",
    "DRAFT_SAVE_AS": "drafts/{slug}.html",
    "DRAFT_URL": "drafts/{slug}.html",
    "EXTRA_PATH_METADATA": {},
    "FILENAME_METADATA": r"(?P<date>\d{4}-\d{2}-\d{2}).*",
    "IGNORE_FILES": ["**/.*"],
    "INDEX_SAVE_AS": "index.html",
    "OUTPUT_PATH": "output",
    "PAGE_EXCLUDES": [],
    "PAGE_LANG_URL": "pages/{slug}-{lang}.html",
    "PAGE_PATHS": ["pages"],
    "PAGE_URL": "pages/{slug}.html",
    "PATH": ".",
    "PATH_METADATA": "",
    "PLUGINS": None,
    "READERS": {},
    "SITENAME": "A Pelican Blog",
    "SITESUBTITLE": "",
    "SITEURL": "",
    "SLUGIFY_PRESERVE_CASE": False,
    "SLUGIFY_SOURCE": "title",
    "SLUGIFY_USE_UNICODE": False,
    "SLUG_REGEX_SUBSTITUTIONS": list(_pelican_slug.SUBSTITUTIONS),
    "STATIC_URL": "{path}",
    "TAG_SAVE_AS": "tag/{slug}.html",
    "TAG_URL": "tag/{slug}.html",
    "TIMEZONE": "UTC",
    "USE_FOLDER_AS_CATEGORY": True,
    "WITH_FUTURE_DATES": True,
}
_LISTS = frozenset({"ARTICLE_PATHS", "ARTICLE_EXCLUDES", "PAGE_PATHS", "PAGE_EXCLUDES", "IGNORE_FILES"})
# Of these it does not matter to readers what they are when they are not known.
_HARMLESS = frozenset({"AUTHOR", "SITESUBTITLE", "PLUGINS", "OUTPUT_PATH", "IGNORE_FILES", "DEFAULT_METADATA"})


class Settings(Struct, frozen=True):
    """What the settings say; `of` for each that they may leave out."""

    values: dict[str, Any]
    stated: frozenset[str] = frozenset()  # those that the files set

    def of(self, name: str) -> Any:
        """A setting, or Pelican's default."""
        return self.values.get(name, DEFAULTS.get(name))

    def text(self, name: str) -> str:
        """A setting that is text; "" when it is anything else."""
        value = self.of(name)
        return value if isinstance(value, str) else ""

    @property
    def content(self) -> str:
        """The folder of the content, below the root: "" or "content"."""
        path = posixpath.normpath(self.text("PATH") or ".")
        return "" if path == "." or path.startswith(("..", "/")) else path


def read(root: Path) -> tuple[Settings, list[Problem]]:
    """The settings that the published site is made with; publishconf.py wins over pelicanconf.py."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    unknown: dict[str, tuple[str, int]] = {}
    for name in FILES:
        file = _walk.inside(root, name)
        found = _read_file(file, name, values, problems) if file else None
        if found:
            values = found.values
            unknown = {k: v for k, v in unknown.items() if k not in values}
            unknown |= {k: (name, line) for k, line in found.unknown.items()}
    problems += [_not_known(key, *unknown[key]) for key in sorted(unknown) if key in DEFAULTS and key not in _HARMLESS]
    chosen = {k: _fitting(k, v, problems) for k, v in values.items() if k.isupper()}
    return Settings({k: v for k, v in chosen.items() if v is not None}, frozenset(values)), problems


def _read_file(file: Path, name: str, known: dict[str, Any], problems: list[Problem]) -> _literals.Literals | None:
    try:
        found = _literals.read(_walk.content(file), known)
    except OSError as error:
        problems.append(_pages.wrong(name, f"cannot be read: {error.strerror}", "check its permissions"))
        return None
    if found.error:
        where = f"{name}:{found.line}" if found.line else name
        problems.append(_pages.wrong(where, found.error, "correct the settings, or choose another `kind`"))
        return None
    return found


def _not_known(key: str, name: str, line: int) -> Problem:
    hint = "write it as a plain value, or set `url:` of the source in config.yaml"
    return _pages.odd(f"{name}:{line}", f"{key} is known only when the file is run: Pelican's default is taken", hint)


def _fitting(key: str, value: Any, problems: list[Problem]) -> Any:
    """The value, when it is of the kind that the setting has; else None, and a warning."""
    if key == "TIMEZONE" and isinstance(value, str) and not _zones.is_zone(value):
        problems.append(_pages.odd(FILES[0], f"there is no time zone {value!r}", "write a name such as Europe/Zurich"))
        return None
    default = DEFAULTS.get(key)
    if key == "DEFAULT_CATEGORY" and value is None:
        return ""
    fits = (
        default is None
        or isinstance(value, type(default))
        or (key in _LISTS and isinstance(value, (list, tuple)))
        or (key.endswith(("_SAVE_AS", "_METADATA")) and value in ("", None, False))
        or (key == "SLUG_REGEX_SUBSTITUTIONS" and isinstance(value, tuple))
    )
    if not fits:
        problems.append(_pages.odd(FILES[0], f"{key} has an odd value: left alone", "see Pelican's documentation"))
        return None
    if key == "SLUG_REGEX_SUBSTITUTIONS" or (value and key.endswith("_REGEX_SUBSTITUTIONS")):
        return _pairs(key, value, problems)
    return value


def _pairs(key: str, value: Any, problems: list[Problem]) -> Any:
    pairs = [tuple(p) for p in value if isinstance(p, (list, tuple))]
    if len(pairs) != len(value) or not all(len(p) >= 2 and all(isinstance(t, str) for t in p[:2]) for p in pairs):
        problems.append(_pages.odd(FILES[0], f"{key} has an odd value: left alone", "see Pelican's documentation"))
        return None
    return [p[:2] for p in pairs]
