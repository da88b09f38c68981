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
from feeds.check import Review
from feeds.errors import SourceError
from feeds.model import Fact, Item, Person, Problem, Reading, Site, SourceOptions, Tree
from feeds.opening import open_sources
from feeds.recognition import CERTAIN, SURE, Recognised, likeliest
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


class _Found(Struct, frozen=True):
    """A post as read, and with what: it is read once more where there is more evidence."""

    done: Read
    reading: Reading
    source: _Opened
    evidence: tuple[Fact, ...] = ()


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
    mine, _ = _configured(config)
    yield from _with_services(_found(paths, mine, config), config)


def checked(paths: Sequence[str], config: Config | None, consumer: str = "") -> list[Review]:
    """What is to mend in the sources that the posts are from, and in each post."""
    mine, unopened = _configured(config)
    found = _found(paths, mine, config)
    told = [] if paths else [*unopened, *(problem for source in mine for problem in _of_source(source))]
    sources = {id(one.source): one.source for one in found}.values()
    told += [p for source in sources for p in _of_source(source) if source in mine or _is_in_a_file(p)]
    reviewed = reviews(_with_services(found, config), consumer)
    return [*(check.unread(problem.where, [problem]) for problem in dict.fromkeys(told)), *reviewed]


def _of_source(source: _Opened) -> Iterator[Problem]:
    """What the source could not make out, with paths that can be opened."""
    for problem in source.tree.problems:
        is_remote = text.is_remote(problem.where)
        yield problem if is_remote else replace(problem, where=str(source.tree.root / problem.where))


def _is_in_a_file(problem: Problem) -> bool:
    """Is it in a file that is there?  Of a mere folder of posts nobody asks for the address of a site."""
    return _is(Path.is_file, Path(problem.where)) or _is(Path.is_file, Path(problem.where.rpartition(":")[0]))


def _found(paths: Sequence[str], mine: Sequence[_Opened], config: Config | None) -> list[_Found]:
    """The posts that are named, or all of the configured sources."""
    return list(_named(paths, mine, config.people if config else ()) if paths else _everything(mine))


def _named(paths: Sequence[str], mine: Sequence[_Opened], people: tuple[Person, ...]) -> Iterator[_Found]:
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
            yield _read(given + _record(source.tree, path), path, source)


def _configured(config: Config | None) -> tuple[list[_Opened], tuple[Problem, ...]]:
    """The configured sources, and what came up with those that could not be opened."""
    if config is None:
        return [], ()
    opened = open_sources(config, now=None)
    sources = (_Opened(opened.kinds[n], tree, opened.options[n], opened.site) for n, tree in opened.trees.items())
    return list(sources), opened.problems


def _expand(paths: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each file, and whether it was named itself; of folders all that may be posts."""
    for given in paths:
        place = Path(given)
        if _is(Path.is_dir, place):
            inside = (p for p in sorted(place.rglob("*")) if p.suffix.lower() in _READ)
            yield from ((str(p), False) for p in inside if _is(Path.is_file, p))
        elif _is(Path.is_file, place):
            yield given, True
        else:
            raise SourceError("there is no such file", where=given, hint="name a post, or a folder of posts")


def _is(what: Callable[[Path], bool], place: Path) -> bool:
    try:
        return what(place)
    except OSError:  # a name that is too long, a folder that may not be entered
        return False


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
        at_home = len(one.place.parts) <= 3 or one.place == Path.home()  # everything lies below /home/ada
        anything = file.suffix.lower() in {".md", ".markdown", ".txt"}  # of which a file says nothing of its site
        if one.confidence >= (CERTAIN if at_home or anything else SURE):
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


def _everything(sources: Sequence[_Opened]) -> Iterator[_Found]:
    """Every post of the sources; one that others tell of as well with what they say."""
    found: dict[str, _Found] = {}
    for source in sources:
        for path in source.tree.paths:
            given = str(source.tree.file(path)) + _record(source.tree, path)
            found[f"{source.options.name}:{path}"] = _read(given, path, source)
    claims = {key: merging.claim(one.done.item) for key, one in found.items() if one.done.item}
    groups = merging.groups(claims, [s.options.name for s in sources])
    told = {key for others in groups.values() for key in others}
    for key, one in found.items():
        if key not in told:
            others = ((other, found[other].done.item) for other in groups.get(key, ()))
            yield _with(one, tuple(fact for other, item in others if item for fact in merging.evidence(other, item)))


def _with(one: _Found, evidence: tuple[Fact, ...]) -> _Found:
    """The post, understood once more with more evidence."""
    if not evidence:
        return one
    everything = (*one.evidence, *evidence)
    item, _ = one_post.understand(one.reading, one.source.tree, one.source.options, everything)
    done = replace(one.done, item=_settled(item, one.source.site, one.done.given))
    return replace(one, done=done, evidence=everything)


def _with_services(found: Sequence[_Found], config: Config | None) -> Iterator[Read]:
    """Each post with what services said when a run asked them, where any is configured; nobody is asked here."""
    if config is None or config.enrich is None:
        yield from (one.done for one in found)
        return
    from feeds import enrichment  # late: it brings an HTTP client along

    items = ((one.done.given, one.done.item) for one in found)
    wanted = {given: asked for given, item in items if item and (asked := enrichment.wanted(item))}
    told = enrichment.evidence(wanted, config.enrich, config.work / "enrichment", None)
    for one in found:
        done = _with(one, told.facts.get(one.done.given, ())).done
        problems = tuple(p for p in told.problems if p.where == one.done.given)
        yield replace(done, problems=(*done.problems, *problems))


def _read(given: str, path: str, source: _Opened) -> _Found:
    tree, site = source.tree, source.site
    reading = registry.source(source.kind).read(tree, path, source.options)
    file = given.removesuffix(_record(tree, path))
    problems = tuple(replace(p, where=_where(p.where, tree.parts.get(path, path), file)) for p in reading.problems)
    if reading.post is None:
        done = Read(given=given, problems=problems, withheld=reading.withheld, site=site)
        return _Found(done, reading, source)
    if source.kind == "plain" and "/" not in path:  # the folders above say what it is: talks/2024/x.md
        reading = replace(reading, post=replace(reading.post, path="/".join((tree.root / path).parts[-4:])))
    item, _ = one_post.understand(reading, tree, source.options)
    return _Found(Read(given=given, item=_settled(item, site, given), problems=problems, site=site), reading, source)


def _settled(item: Item, site: Site, given: str) -> Item:
    """The item as it would be published first.

    Where no site is known it has no address, and nothing of this machine stands in it: its DOI or its file names it.
    """
    if text.is_web(site.url):
        return identity.settle(item, site, None, {}, item.post.published, item.post.published)
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
