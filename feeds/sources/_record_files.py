"""Files of records as a source: one item a record, whatever the format.  Private to sources.

A file is split into the texts of its records when the source is opened; a record is understood when it is read, and
read again only when its own text changes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import msgspec
from msgspec import Struct

from feeds.errors import SourceError
from feeds.model import Detection, Problem, Reading, Source, SourceOptions, Tree
from feeds.sources import _document, _pages, _records, _walk
from feeds.sources._records import Piece, Record
from feeds.text import digest, is_web

LIMIT = 50_000_000  # bytes of one file
_OPENING = 20_000  # bytes that tell what a file holds
_LOOKED_AT = 50  # files of a folder
_NO_POSTS = frozenset("doc docs example examples node_modules src test tests vignettes".split())
_MARKDOWN = frozenset({".md", ".markdown", ".qmd", ".mdx", ".rst"})


class Format(Struct, frozen=True, kw_only=True):
    """A data format: which files are of it, and how they are read."""

    name: str
    description: str
    pattern: str  # what its files are called, to a person
    confidence: float
    takes: Callable[[str], bool]  # the name of a file
    split: Callable[[bytes, str], tuple[list[Piece], list[Problem]]]
    understand: Callable[[Piece, str], tuple[Record | None, list[Problem]]]
    holds: Callable[[bytes], bool] = lambda _opening: True  # a file that begins like this


class Bibliography(Struct, frozen=True):
    """`Tree.data`: the records, and where files lie that they name."""

    pieces: dict[str, Piece]  # path → record
    url: str  # of the site; "" when it is not known
    files: dict[str, str]  # name of an attached file → its path; "" when there are several


def source(format: Format) -> Source:
    """The source that reads a format."""
    return Source(
        name=format.name,
        description=format.description,
        detect=lambda path: detect(format, path),
        open=lambda path, options: open_files(format, path, options),
        read=lambda tree, path, options: read(format, tree, path, options),
    )


# ------------------------------------------------------------------------------------------------------ detect


def detect(format: Format, path: Path) -> Detection | None:
    """A file of the format; a folder with such files at its top and no pages there or one folder below."""
    if path.is_file():
        known = format.takes(path.name) and _opens_as(format, path)
        return Detection(confidence=format.confidence, reason=path.name) if known else None
    if not path.is_dir():
        return None
    entries = list(_walk.entries(path, "", []))
    candidates = [e.name for e in entries if not e.is_dir and format.takes(e.name)][:_LOOKED_AT]
    found = next((name for name in candidates if _opens_as(format, path / name)), "")
    if not found or _has_pages(path, entries):
        return None
    return Detection(confidence=0.4, reason=f"{format.pattern} and no pages")


def _has_pages(root: Path, entries: list[_walk.Entry]) -> bool:
    """Is there a page that may be a post, here or one folder below?"""
    folders = [e.path for e in entries if e.is_dir and e.name[0] != "." and e.name not in _NO_POSTS]
    inner = (e for folder in folders[:_LOOKED_AT] for e in _walk.entries(root, folder, []))
    return any(_is_page(e) for e in (*entries, *inner))


def _is_page(entry: _walk.Entry) -> bool:
    is_markdown = not entry.is_dir and posixpath.splitext(entry.name)[1].lower() in _MARKDOWN
    return is_markdown and not _pages.is_of_repository(entry.name)


def _opens_as(format: Format, path: Path) -> bool:
    try:
        return format.holds(_walk.content(path, _OPENING))
    except OSError:
        return False


# ------------------------------------------------------------------------------------------------------ open


def open_files(format: Format, path: Path, options: SourceOptions) -> Tree:
    """The records of one file, or of all files of the format below a folder.  Raises SourceError when there is none."""
    root = _walk.root_of(path)
    _walk.require(root, options)
    problems: list[Problem] = []
    entries = list(_walk.entries(root, "", problems) if path.is_file() else _walk.files(root, "", problems))
    attached: dict[str, str] = {}
    for entry in entries:
        if not entry.is_dir and posixpath.splitext(entry.name)[1].lower() in _pages.ATTACHED:
            attached[entry.name] = "" if entry.name in attached else entry.path
    if path.is_file():
        files: Iterable[str] = [path.name]
    else:
        named = [e.path for e in entries if format.takes(e.name) and _opens_as(format, root / e.path)]
        files = _walk.wanted(named, options)
    pieces = {p: piece for file in files for p, piece in records_in(format, root, file, problems).items()}
    kept = _walk.wanted(list(pieces), msgspec.structs.replace(options, include=()))
    url = options.url.rstrip("/")
    return Tree(
        root=root,
        paths=kept,
        parts={p: file_of(p) for p in kept},
        stamps={p: stamp(pieces[p]) for p in kept},
        fingerprint=digest(msgspec.json.encode((format.name, attached, options), order="sorted")),
        site={
            "title": path.stem if path.is_file() else path.resolve().name,
            "url": url,
            "description": "",
            "language": "",
            "timezone": options.timezone,
        },
        people=options.people,
        problems=tuple(problems),
        data=Bibliography({p: pieces[p] for p in kept}, url if is_web(url) else "", attached),
    )


def records_in(format: Format, root: Path, file: str, problems: list[Problem]) -> dict[str, Piece]:
    """The records of one file by their paths, "papers.bib#key"; a key that stands twice is told apart and reported."""
    data = _bytes_of(root, file, problems)
    if data is None:
        return {}
    pieces, wrong = format.split(data, file)
    problems += wrong
    found: dict[str, Piece] = {}
    counts: dict[str, int] = {}
    for piece in pieces:
        path = first = f"{file}#{_records.safe(piece.key)}"
        while path in found:
            counts[first] = counts.get(first, 1) + 1
            path = f"{first}-{counts[first]}"
        if path != first:
            message = f"the key {piece.key[:60]!r} stands here for a second time: its item is {path}"
            problems.append(_pages.odd(f"{file}:{piece.line}", message, "give every record a key of its own"))
        found[path] = piece
    return found


def _bytes_of(root: Path, file: str, problems: list[Problem]) -> bytes | None:
    try:
        size = (root / file).stat().st_size
        if size <= LIMIT:
            return _walk.content(root / file)
        problems.append(_pages.wrong(file, f"the file has {size:,} bytes", f"files of up to {LIMIT:,} bytes are read"))
    except OSError as error:
        if not (root / file).parent.is_dir():
            raise SourceError(f"there is no file {file}", hint="correct `path` of the source in config.yaml") from error
        problems.append(_pages.wrong(file, f"cannot be read: {error.strerror}", "check its permissions"))
    return None


def file_of(path: str) -> str:
    """The file that the record at `path` is in."""
    return path.rpartition("#")[0]


def stamp(piece: Piece) -> str:
    """Changes when what the record says does, not when it moves within its file."""
    return digest(f"{piece.key}\0{piece.text}\0{piece.given}".encode("utf-8", "surrogatepass"))


# ------------------------------------------------------------------------------------------------------ read


def read(format: Format, tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one record.  Never raises for what is in it."""
    data: Bibliography = tree.data
    base = data.url or tree.root.resolve().as_uri()
    if path not in tree.parts:
        return Reading(problems=(_pages.wrong(path, f"no record of {format.name} is called so", "name the file"),))
    file = tree.parts[path]
    looked: list[str] = []
    record, problems = format.understand(data.pieces[path], file)
    if record is None:
        return Reading(problems=tuple(problems))
    place = _records.Place(
        source=options.name,
        path=path,
        file=file,
        base=base,
        url="",
        zone=options.timezone or "UTC",
        find_file=files_of(tree.root, file, options, data, looked),
        by_pattern=by_pattern(path, options),
    )
    found = _records.reading(record, place)
    depends = tuple(sorted(set(looked)))
    return msgspec.structs.replace(found, problems=(*problems, *found.problems), depends=depends)


def by_pattern(path: str, options: SourceOptions) -> Callable[[datetime], str]:
    """What `url:` of the source makes of a record: its key is the name of its page."""
    file, _, key = path.rpartition("#")

    def fill(published: datetime) -> str:
        page = posixpath.join(posixpath.dirname(file), f"{key}.html")
        place = _document.Place(source=options.name, path=page, url="", base="", zone="UTC")
        return _pages.placed(place, options, published).url

    return fill


def files_of(
    root: Path, file: str, options: SourceOptions, data: Bibliography, looked: list[str]
) -> Callable[[str], str]:
    """Where a file that a record names is served: below `pdf_base`, beside the records, or where the only one lies.

    The places where it was looked for go to `looked`.
    """

    def find(name: str) -> str:
        bare = posixpath.basename(name)
        if not data.url or not bare:
            return ""
        if options.pdf_base and name == bare and bare.lower().endswith(".pdf"):
            return f"{_document.site_url(options.pdf_base, data.url).rstrip('/')}/{quote(bare)}"
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(file), name.lstrip("/")))
        if ".." not in beside:
            looked.append(beside)
        known = beside if _walk.inside(root, beside) else data.files.get(bare, "") if name == bare else ""
        return f"{data.url}/{quote(known)}" if known else ""

    return find
