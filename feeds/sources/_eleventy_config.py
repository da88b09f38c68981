"""What an Eleventy site says of itself without running any of its code (https://www.11ty.dev/docs/config/)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from feeds.model import Problem
from feeds.sources import _javascript as js
from feeds.sources import _pages, _walk, _yaml

FILES = (
    ".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts",
)  # fmt: skip
DATA = (".json", ".yaml", ".yml")
CODE = (".js", ".mjs", ".cjs")
_DATA_LIMIT = 2_000_000
_ABOUT = ("metadata", "site", "meta", "siteData", "config")
_DIRECTORIES = {
    "input": "setInputDirectory",
    "output": "setOutputDirectory",
    "includes": "setIncludesDirectory",
    "layouts": "setLayoutsDirectory",
    "data": "setDataDirectory",
}


class Config(Struct, frozen=True, kw_only=True):
    """The literals of the configuration file, the defaults elsewhere."""

    file: str = ""  # "" without one
    input: str = ""  # folder below the root; "" is the root itself
    output: str = "_site"
    left_out: tuple[str, ...] = ()  # folders of includes, layouts and data, below the root
    data: str = "_data"  # below the root
    prefix: str = ""  # pathPrefix without slashes around it
    templates: bool = True  # is Markdown run through a template engine first?
    permalink: str | None = None  # of addGlobalData("permalink", "…")
    made_by_code: str = ""  # what in it makes addresses by code
    ignores: tuple[str, ...] = ()
    use_gitignore: bool = True


def read(root: Path) -> Config:
    """The configuration of the site at `root`."""
    file = next((name for name in FILES if (root / name).is_file()), "")
    code = js.read(root, file) if file else ""
    inner = js.block(code, "dir")
    where = {"input": "", "output": "_site", "includes": "_includes", "layouts": "", "data": "_data"}
    for key, function in _DIRECTORIES.items():
        stated = next(js.called(code, function), js.named(inner, key))
        if stated is not None:  # includes, layouts and data are relative to the input folder: "../_data"
            below = where["input"] if key in {"includes", "layouts", "data"} else ""
            where[key] = _folder(posixpath.join(below, stated.lstrip("/")))
        elif key in {"includes", "data"}:
            where[key] = posixpath.join(where["input"], where[key])
    below_root = [where[key] for key in ("includes", "layouts", "data") if where[key]]
    permalink = re.search(rf"addGlobalData\(\s{{0,20}}[\"']permalink[\"']\s{{0,20}},\s{{0,20}}({js.STRING})\s*\)", code)
    return Config(
        file=file,
        input=where["input"],
        output=where["output"],
        left_out=tuple(below_root),
        data=where["data"],
        prefix=(js.named(code, "pathPrefix") or "").strip("/"),
        templates=not re.search(r"markdownTemplateEngine[\"']?\s{0,20}:\s{0,20}false", code),
        permalink=js.value(permalink[1]) if permalink else None,
        made_by_code=_made_by_code(code, literal=permalink is not None),
        ignores=tuple(js.called(code, "ignores.add")),
        use_gitignore=not re.search(r"setUseGitIgnore\(\s{0,20}false", code),
    )


def _made_by_code(code: str, *, literal: bool) -> str:
    if re.search(r"addGlobalData\(\s{0,20}[\"'](?:permalink|eleventyComputed\.permalink)[\"']", code) and not literal:
        return "addGlobalData(permalink)"
    return "addUrlTransform" if js.mentions(code, "addUrlTransform") else ""


def _folder(stated: str) -> str:
    """A folder as the configuration names it, relative to the root; "" for the root and for what leads out of it."""
    path = posixpath.normpath(stated.lstrip("/") or ".")
    return "" if path == "." or path.startswith("..") else path


# ----------------------------------------------------------------------------------------------- ignored files


def ignored(root: Path, config: Config) -> Any:
    """A pathspec of what Eleventy leaves alone: patterns hold where they stand, negative ones are not known."""
    from pathspec import GitIgnoreSpec

    patterns = [f"/{_folder(one)}" if not one.startswith("**/") else one for one in config.ignores]
    for name in ([".gitignore"] if config.use_gitignore else []) + [".eleventyignore"]:
        patterns += _patterns(root, name, "")
    if config.input:
        patterns += _patterns(root, f"{config.input}/.eleventyignore", config.input)
    return GitIgnoreSpec.from_lines(patterns)


def _patterns(root: Path, path: str, folder: str) -> list[str]:
    data = _walk.content_if(_walk.inside(root, path), 100_000) or b""
    lines = [line.strip() for line in data.decode("utf-8-sig", "replace").split("\n")]
    kept = [line for line in lines if line and line[0] not in "#!"]
    return [posixpath.join("/", folder, posixpath.normpath(line.lstrip("/"))) for line in kept]


# ----------------------------------------------------------------------------------------------- data files


def load(root: Path, path: str, problems: list[Problem]) -> Any:
    """The value in a JSON or YAML data file; None, and a warning, when it cannot be read."""
    file = _walk.inside(root, path)
    try:
        if file is not None and file.stat().st_size <= _DATA_LIMIT:
            return _yaml.load(_walk.content(file).replace(b"\t", b" ")) if path.endswith(DATA) else None
        problems.append(_pages.odd(path, f"more than {_DATA_LIMIT:,} bytes: not read", "split it"))
    except _yaml.BadYaml as error:
        where = f"{path}:{error.line}" if error.line else path
        problems.append(_pages.odd(where, f"cannot be read: {error}", "correct the file"))
    except OSError as error:
        problems.append(_pages.odd(path, f"cannot be read: {error.strerror}", "check its permissions"))
    return None


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Eleventy's deep merge: mappings are joined, lists put one behind the other, `override:key` replaces."""
    out = dict(below)
    for key, value in above.items():
        mine = out.get(key)
        if key.startswith("override:"):
            out[key.removeprefix("override:")] = value
        elif isinstance(mine, dict) and isinstance(value, dict):
            out[key] = merged(mine, value)
        elif isinstance(mine, list) and isinstance(value, list):
            out[key] = [*mine, *value]
        else:
            out[key] = value
    return out


def about(root: Path, config: Config, data: Mapping[str, Any]) -> dict[str, Any]:
    """Title, address, description, language and author: of _data/metadata.json, and of metadata.js its literals."""
    for name in _ABOUT:
        if isinstance(data.get(name), dict):
            return dict(data[name])
    for name in _ABOUT:
        for ending in CODE:
            code = js.read(root, posixpath.join(config.data, name + ending))
            found = {key: js.named(code, key) for key in ("title", "name", "url", "description", "language", "lang")}
            if any(found.values()):
                return {key: text for key, text in found.items() if text}
    return {}
