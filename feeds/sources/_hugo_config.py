"""A Hugo site's configuration (https://gohugo.io/configuration/): its files read and merged, each language's settings.

Hugo takes keys in any case; here they are in lower case.
"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from feeds.model import Problem
from feeds.sources import _pages, _walk, _yaml
from feeds.sources._document import language
from feeds.sources._hugo_paths import Rules, matches
from feeds.sources._zones import is_zone

NAMES = ("hugo", "config")
ENDINGS = (".toml", ".yaml", ".yml", ".json")
ENVIRONMENTS = ("_default", "production")  # `hugo` builds for production
LIMIT = 1_000_000  # bytes of one file
DEPTH = 40  # front matter stays below
_LONG_KEY = re.compile(rb"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){50}""")  # takes tomllib the square of its length
_CHAINS = {
    "date": ("date", "publishdate", "pubdate", "published", "lastmod", "modified"),
    "publishdate": ("publishdate", "pubdate", "published", "date"),
    "lastmod": (":git", "lastmod", "modified", "date", "publishdate", "pubdate", "published"),
    "expirydate": ("expirydate", "unpublishdate"),
}
_ALIASES = {"lastmod": ("modified",), "publishdate": ("pubdate", "published"), "expirydate": ("unpublishdate",)}


class Mount(Struct, frozen=True):
    """A folder whose files are content."""

    folder: str  # below the root
    target: str = ""  # where in the content tree
    lang: str = ""  # "": by the file's name, else the default language
    files: tuple[str, ...] = ()  # globs of what it takes; with "!" in front of what it leaves


class Language(Struct, frozen=True, kw_only=True):
    """One language of the site, and the settings that hold for it."""

    key: str  # "de": in file names and addresses
    tag: str  # BCP 47
    prefix: str  # of its addresses, "" for none
    zone: str
    rules: Rules
    values: dict[str, Any]
    disabled: bool = False


class Config(Struct, frozen=True, kw_only=True):
    """The site's configuration."""

    files: tuple[str, ...]
    values: dict[str, Any]
    default: str  # key of the default language
    languages: dict[str, Language]
    mounts: tuple[Mount, ...]
    chains: dict[str, tuple[str, ...]]  # which front matter keys each date comes from

    def text(self, key: str) -> str:
        """A setting as text; "" when it is none."""
        value = self.values.get(key)
        return value.strip() if isinstance(value, str) else ""


def read(root: Path, problems: list[Problem]) -> Config:
    """The configuration as `hugo` merges it; what cannot be read is reported and left out."""
    values: dict[str, Any] = {}
    found = list(files(root))
    for path, key in found:
        stated = load(root, path, problems)
        if isinstance(stated, dict) and not is_ours(stated):
            values = merge(values, _under(key, stated) if key else stated)
    default = str(values.get("defaultcontentlanguage") or "en").lower()
    config_file = found[0][0] if found else "hugo.toml"
    languages = _languages(values, default, config_file, problems)
    return Config(
        files=tuple(path for path, _ in found),
        values=values,
        default=default if default in languages else next(iter(languages)),
        languages=languages,
        mounts=tuple(_mounts(values, languages)),
        chains=_chains(values),
    )


def files(root: Path) -> Iterator[tuple[str, str]]:
    """The configuration's files in the order they are merged, each with the key that its settings belong under."""
    yield from [(name, "") for name in main_names() if _walk.inside(root, name)][:1]
    for environment in ENVIRONMENTS:
        folder = f"config/{environment}"
        if _walk.has_folder(root, folder):
            for entry in _walk.entries(root, folder, []):
                stem, ending = posixpath.splitext(entry.name)
                if not entry.is_dir and ending in ENDINGS and not stem.startswith("."):
                    yield entry.path, "" if stem in NAMES else _key_of(stem.lower())


def is_ours(values: dict[str, Any]) -> bool:
    """Is it the configuration of feeds, which may lie beside and has a name that Hugo's may have?"""
    return isinstance(values.get("sources"), list) and "baseurl" not in values


def main_names() -> list[str]:
    """The names that the configuration's file at the top may have, the first that is there counts."""
    return [name + ending for name in NAMES for ending in ENDINGS]


def _key_of(stem: str) -> str:
    """ "params" or "menus.de" (the menus of one language) → the key, parts apart by dots."""
    name, _, lang = stem.partition(".")
    return f"languages.{lang}.{name}" if lang else name


def _under(key: str, value: Any) -> dict[str, Any]:
    for part in reversed(key.split(".")):
        value = {part: value}
    return dict(value)


def load(root: Path, path: str, problems: list[Problem]) -> Any:
    """A TOML, YAML or JSON file as JSON values, keys in lower case; None, and a problem, when it cannot be read."""
    file = _walk.inside(root, path)
    line = 0
    try:
        data = _walk.content(file) if file else b""
        return lowered(parse(data, posixpath.splitext(path)[1]))
    except _yaml.BadYaml as error:
        line, reason = error.line, str(error)
    except (OSError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0] or "too deeply nested"
    where = f"{path}:{line}" if line else path
    problems.append(_pages.odd(where, f"the file cannot be read: {reason[:200]}", "correct it, else it does not count"))
    return None


def parse(data: bytes, ending: str) -> Any:
    """A document as JSON values; raises ValueError."""
    if len(data) > LIMIT:
        raise ValueError(f"more than {LIMIT} bytes")
    if ending in {".yaml", ".yml"}:
        return _yaml.load(data)
    if ending == ".toml" and _LONG_KEY.search(data):
        raise ValueError("a key has more than 50 parts")
    text = data.decode("utf-8-sig")
    return _yaml.jsonable(json.loads(text) if ending == ".json" else tomllib.loads(text.replace("\r\n", "\n")))


def lowered(value: Any, depth: int = 0) -> Any:
    """`value` with every key in lower case; raises ValueError when it is nested too deeply."""
    if depth > DEPTH:
        raise ValueError(f"more than {DEPTH} levels of nesting")
    if isinstance(value, dict):
        return {str(k).lower(): lowered(v, depth + 1) for k, v in value.items()}
    return [lowered(v, depth + 1) for v in value] if isinstance(value, list) else value


def merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Both, table by table; where both say something `above` counts."""
    both = dict(below)
    for key, value in above.items():
        old = both.get(key)
        both[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


# ------------------------------------------------------------------------------------------------------ languages


def _languages(values: dict[str, Any], default: str, file: str, problems: list[Problem]) -> dict[str, Language]:
    stated = values.get("languages")
    keys = {str(k): v for k, v in stated.items() if isinstance(v, dict)} if isinstance(stated, dict) else {}
    off = {str(k).lower() for k in _listed(values.get("disablelanguages"))}
    if any(v.get("baseurl") for v in keys.values()):
        message = "a language with an address of its own (multihost) is not supported: baseURL of the site counts"
        problems.append(_pages.odd(file, message, "make a source of each language's content folder"))
    found = {}
    for key, own in (keys or {default: {}}).items():
        settings = merge({k: v for k, v in values.items() if k != "languages"}, own)
        in_subdir = values.get("defaultcontentlanguageinsubdir") is True
        zone = str(settings.get("timezone") or "UTC")
        if not is_zone(zone):
            problems.append(
                _pages.odd(file, f"there is no time zone {zone[:60]!r}", "write a name such as Europe/Zurich")
            )
            zone = "UTC"
        found[key] = Language(
            key=key,
            tag=language(own.get("locale") or own.get("languagecode") or (key if keys else _site_tag(values, key))),
            prefix=key if key != default or in_subdir else "",
            zone=zone,
            rules=_rules(settings),
            values=settings,
            disabled=own.get("disabled") is True or key in off,
        )
    return found


def _site_tag(values: dict[str, Any], key: str) -> str:
    return str(values.get("locale") or values.get("languagecode") or key)


def _rules(settings: dict[str, Any]) -> Rules:
    ugly = settings.get("uglyurls")
    return Rules(
        permalinks=tuple(_permalinks(settings.get("permalinks"))),
        ugly=tuple(k for k, v in ugly.items() if v is True) if isinstance(ugly, dict) else ugly is True,
        cased=settings.get("disablepathtolower") is True,
        without_accents=settings.get("removepathaccents") is True,
    )


def _permalinks(stated: Any) -> Iterator[tuple[str, str]]:
    """(glob, pattern) of pages from the three forms: by section, by kind and section, and a list with targets."""
    if isinstance(stated, list):
        for rule in stated:
            target = rule.get("target") if isinstance(rule, dict) else None
            target = target if isinstance(target, dict) else {}
            if isinstance(rule, dict) and target.get("kind", "page") in ("page", ""):
                yield str(target.get("path") or "/**"), str(rule.get("pattern") or "")
    elif isinstance(stated, dict):
        pages = stated.get("page")
        flat = {k: v for k, v in stated.items() if isinstance(v, str)}
        patterns = {**flat, **(pages if isinstance(pages, dict) else {})}
        for section, pattern in sorted(patterns.items(), key=lambda p: -len(p[0])):
            name = section.strip(" /")
            yield (f"/{{{name},{name}/**}}" if name else "/*"), str(pattern)


# ------------------------------------------------------------------------------------------------------ content


def _mounts(values: dict[str, Any], languages: dict[str, Language]) -> Iterator[Mount]:
    """The folders of content: what module.mounts says, else each language's contentDir, else contentDir."""
    module = values.get("module")
    stated = module.get("mounts") if isinstance(module, dict) else None
    mounts = [m for m in _listed(stated) if isinstance(m, dict)]
    content = [m for m in mounts if str(m.get("target") or "").split("/")[0] == "content"]
    for mount in content:
        folder = posixpath.normpath(str(mount.get("source") or ""))
        target = str(mount["target"]).removeprefix("content").strip("/")
        files = [str(f) for key in ("files", "includefiles") for f in _listed(mount.get(key))]
        files += [f"!{f}" for f in _listed(mount.get("excludefiles"))]
        lang = next((key for key in languages_of(mount) if key in languages), "")
        yield Mount("" if folder == "." else folder, target, lang, tuple(files))
    if content:
        return
    shared = str(values.get("contentdir") or "content")
    own = {key: str(language.values.get("contentdir") or shared) for key, language in languages.items()}
    for folder in dict.fromkeys(own.values()):
        keys = [key for key, its in own.items() if its == folder]
        yield Mount(posixpath.normpath(folder), "", keys[0] if len(keys) == 1 and len(own) > 1 else "")


def languages_of(target: dict[str, Any]) -> tuple[str, ...]:
    """The languages that a mount or a cascade is for: `sites.matrix.languages`, in older versions `lang`."""
    sites = target.get("sites")
    matrix = sites.get("matrix") if isinstance(sites, dict) else None
    stated = matrix.get("languages") if isinstance(matrix, dict) else None
    return tuple(str(key).lower() for key in _listed(stated or target.get("lang") or None))


def takes(mount: Mount, path: str) -> bool:
    """Is a file below the mount's folder part of the content?"""
    below = path.removeprefix(mount.folder).lstrip("/") if mount.folder else path
    left = [glob.lstrip("! ").strip() for glob in mount.files if glob.startswith("!")]
    taken = [glob.strip() for glob in mount.files if not glob.startswith("!")]
    if any(matches(glob.lstrip("/"), below.lower()) for glob in left):
        return False
    return not taken or any(matches(glob.lstrip("/"), below.lower()) for glob in taken)


def _chains(values: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    stated = values.get("frontmatter")
    own = stated if isinstance(stated, dict) else {}
    return {name: tuple(_chain(name, own.get(name))) for name in _CHAINS}


def _chain(name: str, stated: Any) -> Iterable[str]:
    if stated is None:
        return _CHAINS[name]
    keys = [str(key).lower() for key in _listed(stated)]
    spread = [k for key in keys for k in (_CHAINS[name] if key == ":default" else (key, *_ALIASES.get(key, ())))]
    return dict.fromkeys(spread)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
