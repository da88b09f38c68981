"""Posts looked at by hand: `feeds show` and `feeds check`, with or without a configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import check, identity, merging, one_post, registry, text
from feeds._contradictions import contradictions, reason
from feeds._contradictions import place as precedence
from feeds.check import Review
from feeds.errors import SourceError
from feeds.model import Fact, Item, Person, Problem, Reading, Site, SourceOptions, Tree, Work
from feeds.opening import open_sources
from feeds.recognition import SURE, Recognised, likeliest
from feeds.settings import Config

_PROSE = frozenset({".md", ".markdown", ".mkd", ".qmd", ".txt"})  # what is read as plain where there is no site
_READ = _PROSE | {".mdx", ".rst", ".html", ".htm", ".ipynb", ".bib", ".ris", ".cff"}
HIGHEST = 8  # folders above a file that are looked at


class Read(Struct, frozen=True, kw_only=True):
    """A post as it was named on the command line, and what came of it."""

    given: str
    item: Item | None = None
    problems: tuple[Problem, ...] = ()
    withheld: str = ""
    site: Site


class _Opened(Struct, frozen=True):
    """A source that is open: its convention, and the site that its posts belong to."""

    kind: str
    tree: Tree
    options: SourceOptions
    site: Site


def read(paths: Sequence[str], config: Config | None) -> Iterator[Read]:
    """Read posts by path, folders with all below them; without paths, every post of the configured sources.

    A post of a configured source is read as that source reads it; another by the convention of the folder above it
    that looks most like a site; a data file record by record; what belongs to no site as plain Markdown.
    """
    mine = _configured(config) if config else []
    if not paths:
        yield from _everything(mine)
    people = config.people if config else ()
    detect, open_ = cache(likeliest), cache(lambda kind, place: _open(kind, place, people))
    for given, named in _expand(paths):
        file = Path(given).resolve()
        sites = list(_sites_of(file, detect, open_))
        source = next((s for s in (*mine, *sites) if _within(s.tree, file)), None)
        if source is None and (named or not sites):
            alone = detect(file)
            if alone and alone.confidence >= SURE:
                source = open_(alone.kind, file)
            elif named or file.suffix.lower() in _PROSE:
                source = open_("plain", file.parent)
        if source is None:
            continue  # a file of a site that is no post of it
        for path in _within(source.tree, file) or [file.name]:
            yield _read(given + _record(source.tree, path), path, source)[0]


def _configured(config: Config) -> list[_Opened]:
    opened = open_sources(config, now=None)
    return [_Opened(opened.kinds[n], tree, opened.options[n], opened.site) for n, tree in opened.trees.items()]


def _expand(paths: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each file, and whether it was named itself; of folders all that may be posts."""
    for given in paths:
        place = Path(given)
        if place.is_dir():
            yield from ((str(p), False) for p in sorted(place.rglob("*")) if p.suffix.lower() in _READ and p.is_file())
        elif place.is_file():
            yield given, True
        else:
            raise SourceError("there is no such file", where=given, hint="name a post, or a folder of posts")


Open = Callable[[str, Path], _Opened]


def _open(kind: str, place: Path, people: tuple[Person, ...]) -> _Opened:
    """A source that is in no configuration."""
    options = SourceOptions(name=place.name or "loose", people=people, drafts=True, unpublished=True)
    tree = registry.source(kind).open(place, options)
    url = tree.site.get("url", "")
    return _Opened(kind, tree, options, Site(url=url, feeds_url=url, title=tree.site.get("title", "")))


def _sites_of(file: Path, detect: Callable[[Path], Recognised | None], open_: Open) -> Iterator[_Opened]:
    """The sites that the file may belong to, the surest first."""
    above: list[Recognised] = []
    for folder in file.parents[:-1][:HIGHEST]:  # never the root of the file system
        above += [found] if (found := detect(folder)) else []
        if (folder / ".git").exists():
            break
    above.sort(key=lambda one: -one.confidence)
    for one in above:
        if one.confidence >= SURE:
            yield open_(one.kind, one.place)


def _within(tree: Tree, file: Path) -> list[str]:
    """The paths of the tree that are this file, or records in it."""
    root = tree.root.resolve()
    if not file.is_relative_to(root):
        return []
    name = file.relative_to(root).as_posix()
    return [path for path in tree.paths if path == name or tree.parts.get(path) == name]


def _record(tree: Tree, path: str) -> str:
    """What names a record within its file: "#key"; "" for a post that is a file."""
    return path[len(tree.parts[path]) :] if path in tree.parts else ""


def _everything(sources: Sequence[_Opened]) -> Iterator[Read]:
    """Every post of the sources; one that others tell of as well with what they say."""
    found: dict[str, tuple[Read, Reading, _Opened]] = {}
    for source in sources:
        for path in source.tree.paths:
            given = str(source.tree.file(path)) + _record(source.tree, path)
            found[f"{source.options.name}:{path}"] = (*_read(given, path, source), source)
    claims = {key: merging.claim(done.item) for key, (done, _, _) in found.items() if done.item}
    groups = merging.groups(claims, [s.options.name for s in sources])
    told = {key for others in groups.values() for key in others}
    for key, (done, reading, source) in found.items():
        if key in told:
            continue
        others = ((other, found[other][0].item) for other in groups.get(key, ()))
        evidence = tuple(fact for other, item in others if item for fact in merging.evidence(other, item))
        if evidence:
            item, _ = one_post.understand(reading, source.tree, source.options, evidence)
            yield replace(done, item=_settled(item, source.site, done.given))
        else:
            yield done


def _read(given: str, path: str, source: _Opened) -> tuple[Read, Reading]:
    tree, site = source.tree, source.site
    reading = registry.source(source.kind).read(tree, path, source.options)
    file = given.removesuffix(_record(tree, path))
    problems = tuple(replace(p, where=_where(p.where, tree.parts.get(path, path), file)) for p in reading.problems)
    if reading.post is None:
        return Read(given=given, problems=problems, withheld=reading.withheld, site=site), reading
    if source.kind == "plain" and "/" not in path:  # the folders above say what it is: talks/2024/x.md
        reading = replace(reading, post=replace(reading.post, path="/".join((tree.root / path).parts[-4:])))
    item, _ = one_post.understand(reading, tree, source.options)
    return Read(given=given, item=_settled(item, site, given), problems=problems, site=site), reading


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


def reviews(readings: Iterable[Read], consumer: str = "") -> list[Review]:
    """What is to mend in each post, in the order of their paths; posts that are in each other's way among it."""
    found: list[Review] = []
    urls: list[tuple[str, str]] = []
    for reading in sorted(readings, key=lambda r: r.given):
        if reading.item is None:
            found.append(check.unread(reading.given, reading.problems))
            continue
        found.append(check.review(reading.item, reading.site, reading.given, reading.problems, consumer))
        if reading.item.post.url:
            urls.append((reading.given, reading.item.post.url))
    clashes = {problem.where: check.of_problem(problem) for problem in check.clashes(urls)}
    return [replace(r, findings=(*r.findings, clashes[r.post])) if r.post in clashes else r for r in found]


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
    """Lines for a person: each field, its value, and the line and rule that it came from.

    Below it stands what was not taken, and why; "!" marks what contradicts what was.
    """
    post, work = item.post, item.work
    if post.url:
        yield f"{'url':<16} {post.url}"
    yield f"{'published':<16} {text.rfc3339(post.published)}"
    if post.authors:
        yield f"{'posted by':<16} {', '.join(person.name for person in post.authors)}"
    if work is None:
        yield f"{'kind':<16} news"
        yield from (f"    not taken: {_fact(fact)}" for fact in item.facts)
        return
    wrong = {(found.field, found.other.value) for found in contradictions(item)}
    for field in _FIELDS:
        value = getattr(work, field)
        if not value:
            continue
        proofs = [f for f in item.facts if f.field == field and _says(f, value)]
        proof = min(proofs, key=precedence, default=None)
        yield f"{field:<16} {_value(value)}" + (f"   [{_source(proof)}]" if proof else "")
    if work.authors_truncated:
        yield f"{'':<16} … and others whom the post does not name"
    for fact in item.facts:
        if hasattr(work, fact.field) and not _is_taken(fact, work):
            mark = "!" if (fact.field, fact.value) in wrong else " "
            yield f"  {mark} not taken: {_fact(fact)}: {_reason(fact, item, work)}"


def _reason(fact: Fact, item: Item, work: Work) -> str:
    """Why a fact was not taken."""
    value = getattr(work, fact.field)
    if not value:
        return f"{'an' if work.kind[0] in 'aeiou' else 'a'} {work.kind} has none"
    if fact.field == "kind":
        return "all that the post says decides of the kind"
    if fact.rule.endswith("/preprint") and work.kind != "preprint":
        return "it is the preprint's"
    proofs = [f for f in item.facts if f.field == fact.field and _says(f, value)]
    return reason(min(proofs, key=precedence), fact) if proofs else "another fact was taken"


def _is_taken(fact: Fact, work: Work) -> bool:
    """Is it in the record?  A preprint's DOI is the `doi` of a preprint."""
    own = work.doi if fact.field == "preprint_doi" and work.kind == "preprint" else None
    return fact.value == own or _says(fact, getattr(work, fact.field))


def _says(fact: Fact, value: Any) -> bool:
    if isinstance(fact.value, tuple):
        return isinstance(value, tuple) and len(fact.value) == len(value)
    return bool(fact.value == value or (isinstance(value, tuple) and fact.value in value))


def _fact(fact: Fact) -> str:
    return f"{fact.field} {_value(fact.value)}   [{_source(fact)}]"


def _source(fact: Fact) -> str:
    place = f"{fact.file}, " * bool(fact.file) + f"line {fact.line}, " * bool(fact.line)
    return f"{place}{fact.origin}, {fact.rule}"


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        names = [v.name if isinstance(v, Person) else v for v in value]
        return f"{len(names)}: {', '.join(names)}" if value and isinstance(value[0], Person) else ", ".join(names)
    return text.clip(text.squeeze(str(value)), 100)
