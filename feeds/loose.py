"""Posts looked at by hand: `feeds show` and `feeds check`, with or without a configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import check, identity, one_post, registry, text
from feeds.errors import SourceError
from feeds.model import Fact, Item, Person, Problem, Site, SourceOptions, Tree, Work
from feeds.opening import Opened, open_sources
from feeds.settings import Config

SUFFIXES = (".md", ".markdown", ".mkd", ".qmd", ".txt")


class Read(Struct, frozen=True, kw_only=True):
    """A post as it was named on the command line, and what came of it."""

    given: str
    item: Item | None = None
    problems: tuple[Problem, ...] = ()
    withheld: str = ""
    site: Site


def read(paths: Sequence[str], config: Config | None) -> Iterator[Read]:
    """Read posts by path, folders with all below them; without paths, every post of the configured sources.

    A post of a configured source is read as that source reads it; one below a folder with a `_config.yml` as a
    Jekyll post; any other as plain Markdown.
    """
    opened = open_sources(config) if config else None
    if not paths and opened:
        for name, tree in opened.trees.items():
            for path in tree.paths:
                yield _read(str(tree.root / path), path, opened.kinds[name], tree, opened.options[name], opened.site)
    trees: dict[tuple[str, Path], tuple[Tree, SourceOptions]] = {}
    for given in _expand(paths):
        file = Path(given).resolve()
        found = _configured(file, opened)
        if found:
            yield _read(given, *found)
            continue
        kind, root = _convention(file)
        if (kind, root) not in trees:
            options = SourceOptions(name=root.name or "loose", people=config.people if config else (), drafts=True)
            trees[kind, root] = (registry.source(kind).open(root, options), options)
        tree, options = trees[kind, root]
        site = Site(url=tree.site.get("url", ""), feeds_url=tree.site.get("url", ""), title=tree.site.get("title", ""))
        yield _read(given, file.relative_to(root).as_posix(), kind, tree, options, site)


def _expand(paths: Sequence[str]) -> Iterator[str]:
    for given in paths:
        place = Path(given)
        if place.is_dir():
            yield from (str(p) for p in sorted(place.rglob("*")) if p.suffix in SUFFIXES and p.is_file())
        elif place.is_file():
            yield given
        else:
            raise SourceError("there is no such file", where=given, hint="name a post, or a folder of posts")


def _configured(file: Path, opened: Opened | None) -> tuple[str, str, Tree, SourceOptions, Site] | None:
    for name, tree in (opened.trees if opened else {}).items():
        root = tree.root.resolve()
        if opened and file.is_relative_to(root) and file.relative_to(root).as_posix() in tree.paths:
            return file.relative_to(root).as_posix(), opened.kinds[name], tree, opened.options[name], opened.site
    return None


def _convention(file: Path) -> tuple[str, Path]:
    for folder in file.parents:
        if (folder / "_config.yml").is_file():
            return "jekyll", folder
    return "plain", file.parent


def _read(given: str, path: str, kind: str, tree: Tree, options: SourceOptions, site: Site) -> Read:
    reading = registry.source(kind).read(tree, path, options)
    problems = tuple(replace(p, where=_where(p.where, path, given)) for p in reading.problems)
    if reading.post is None:
        return Read(given=given, problems=problems, withheld=reading.withheld, site=site)
    if kind == "plain" and "/" not in path:  # the folders above say what it is: talks/2024/x.md
        reading = replace(reading, post=replace(reading.post, path="/".join((tree.root / path).parts[-4:])))
    item, _ = one_post.understand(reading, tree, options)
    return Read(given=given, item=_settled(item, site, given), problems=problems, site=site)


def _settled(item: Item, site: Site, given: str) -> Item:
    """The item as it would be published first.

    Where no site is known it has no address, and nothing of this machine stands in it: its DOI or its file names it.
    """
    if text.is_web(site.url):
        return identity.settle(item, site, None, (), item.post.published, item.post.published)
    work = item.work
    if work and not text.is_web(work.pdf):
        work = replace(work, pdf=work.pdf.rpartition("/")[2])
    ident = identity.stated_id(item.post) or identity.doi_id(work) or given
    return replace(item, work=work, post=replace(item.post, id=ident, url=""))


def _where(where: str, path: str, given: str) -> str:
    return given + where[len(path) :] if where.startswith(path) else where


def problems(readings: Iterable[Read]) -> Iterator[Problem]:
    """What is wrong with each post, what its record lacks, and which posts are in each other's way."""
    urls: list[tuple[str, str]] = []
    for reading in readings:
        yield from reading.problems
        if reading.item:
            yield from check.review(reading.item, reading.given)
            if reading.item.post.url:
                urls.append((reading.given, reading.item.post.url))
    yield from check.clashes(urls)


def rendered(readings: Sequence[Read], exporter: str) -> bytes:
    """The posts in an item exporter's format.

    CSL-JSON is one array, each item with the path given in `custom.source`; of another JSON format several
    documents become an array; other documents follow one another.
    """
    format_ = registry.exporter(exporter)
    options = format_.options()
    found = [r for r in readings if r.item]
    if exporter == "csl-json":
        from feeds.exporters import csl_json

        return _json([csl_json.record(r.item, r.given) for r in found if r.item])
    bodies = [a.body for r in found for a in format_.render(r.item, r.site, options)]
    if "json" in format_.media_type and len(bodies) > 1:
        return _json([msgspec.Raw(body) for body in bodies])
    return b"".join(bodies)


def _json(values: list[Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(values), indent=2) + b"\n"


_FIELDS = tuple(f for f in Work.__struct_fields__ if f != "authors_truncated")


def table(item: Item) -> Iterator[str]:
    """Lines for a person: each field, its value, and the line and rule that it came from; then what was not taken."""
    post, work = item.post, item.work
    if post.url:
        yield f"{'url':<16} {post.url}"
    yield f"{'published':<16} {text.rfc3339(post.published)}"
    if post.authors:
        yield f"{'posted by':<16} {', '.join(person.name for person in post.authors)}"
    if work is None:
        yield f"{'kind':<16} news"
        yield from (f"  not taken: {_fact(fact)}" for fact in item.facts)
        return
    for field in _FIELDS:
        value = getattr(work, field)
        if not value:
            continue
        proof = next((f for f in item.facts if f.field == field and _says(f, value)), None)
        yield f"{field:<16} {_value(value)}" + (f"   [{_source(proof)}]" if proof else "")
    if work.authors_truncated:
        yield f"{'':<16} … and others whom the post does not name"
    for fact in item.facts:
        if hasattr(work, fact.field) and not _says(fact, getattr(work, fact.field)):
            yield f"  not taken: {_fact(fact)}"


def _says(fact: Fact, value: Any) -> bool:
    if isinstance(fact.value, tuple):
        return isinstance(value, tuple) and len(fact.value) == len(value)
    return bool(fact.value == value or (isinstance(value, tuple) and fact.value in value))


def _fact(fact: Fact) -> str:
    return f"{fact.field} {_value(fact.value)}   [{_source(fact)}]"


def _source(fact: Fact) -> str:
    place = f"line {fact.line}, " if fact.line else ""
    return f"{place}{fact.origin}, {fact.rule}"


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        names = [v.name if isinstance(v, Person) else v for v in value]
        return f"{len(names)}: {', '.join(names)}" if value and isinstance(value[0], Person) else ", ".join(names)
    return text.clip(text.squeeze(str(value)), 100)
