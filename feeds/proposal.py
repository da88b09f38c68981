"""What a folder is, and a config.yaml for it: `feeds init`."""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from feeds import one_post, registry, selection, text
from feeds.errors import PublishError
from feeds.model import SourceOptions, Tree
from feeds.recognition import Recognised, sites_in
from feeds.settings import KINDS

MOST = 2000  # posts that are read to see what there is
_WORDS = re.compile(r"true|false|yes|no|on|off|null|y|n", re.IGNORECASE)  # YAML takes them for something else
UNKNOWN = "https://example.org"  # RFC 2606: nobody's address
_PLACEHOLDER = re.compile(r"https?://(?:www\.)?(?:example\.(?:com|net|org)|yoursite\.com|yourdomain\.com)(?:/|$)")


class Part(Struct, frozen=True, kw_only=True):
    """One site below the folder, and what was found in it."""

    path: str  # below the folder, "." for itself
    kind: str
    reason: str
    title: str
    url: str
    language: str
    people: int
    posts: int
    kinds: dict[str, dict[str, int]]  # group of kinds → folder → how many
    withheld: int
    unread: int


class Proposal(Struct, frozen=True, kw_only=True):
    """What a folder is, and the configuration for it."""

    parts: tuple[Part, ...]
    url: str  # of the site; UNKNOWN when nothing says it
    url_from: str  # what says it
    config: str  # text of config.yaml
    output: str  # folder in it that is published, below the folder

    @property
    def url_known(self) -> bool:
        """Does anything in the folder say the site's address?"""
        return self.url != UNKNOWN

    @property
    def is_copied(self) -> bool:
        """Is it Jekyll's own folder?  Whatever lies there Jekyll copies into the site that it builds."""
        return any(part.kind == "jekyll" and part.path == "." for part in self.parts)


def propose(folder: Path) -> Proposal:
    """Look at `folder` and write its configuration.  Raises SourceError when no posts are recognised."""
    parts = tuple(_part(site, folder) for site in sites_in(folder))
    url, url_from = next(((p.url, "") for p in parts if _is_address(p.url)), None) or _address(folder) or (UNKNOWN, "")
    output = _output(parts, folder)
    config = _config(parts, url, url_from, folder, output)
    return Proposal(parts=parts, url=url, url_from=url_from, config=config, output=output)


def _is_address(url: str) -> bool:
    """Is it an address, and not what stands in a template until somebody changes it?"""
    return bool(url) and not _PLACEHOLDER.match(url)


def write(proposal: Proposal, folder: Path) -> Path:
    """Write the configuration and say where; what is there already is never touched.  Raises PublishError.

    Where `config.yaml` is the configuration of the site's own generator, ours is `feeds.yaml`.
    """
    file = folder / ("feeds.yaml" if _is_of_generator(folder / "config.yaml") else "config.yaml")
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(proposal.config)
    except FileExistsError:
        raise PublishError(
            "is there already, and stays as it is", where=str(file), hint="feeds init --print shows what it would hold"
        ) from None
    except OSError as error:
        raise PublishError(f"cannot be written: {error.strerror}", where=str(file), hint="check permissions") from None
    return file


def _is_of_generator(file: Path) -> bool:
    """Is it somebody else's (Hugo's, say)?  Ours has `sources:`."""
    return file.exists() and not re.search(r"^sources\s*:", _read(file), re.MULTILINE)


# ------------------------------------------------------------------------------------------------------ looking


def _part(site: Recognised, folder: Path) -> Part:
    options = SourceOptions(name="site")
    tree = _dated(registry.source(site.kind).open(site.place, options), site.place)
    kinds: dict[str, Counter[str]] = {}
    withheld = unread = 0
    for path in tree.paths[:MOST]:
        reading = registry.source(site.kind).read(tree, path, options)
        if reading.post is None:
            withheld, unread = withheld + bool(reading.withheld), unread + (not reading.withheld)
            continue
        item, _ = one_post.understand(reading, tree, options)
        kind = item.work.kind if item.work else "news"
        kinds.setdefault(selection.group_of(kind), Counter())[_kept_in(tree, path)] += 1
    return Part(
        path=site.place.relative_to(folder).as_posix(),
        kind=site.kind,
        reason=site.reason,
        title=tree.site.get("title", ""),
        url=tree.site.get("url", ""),
        language=tree.site.get("language", ""),
        people=len(tree.people),
        posts=sum(counter.total() for counter in kinds.values()),
        kinds={name: dict(kinds[name].most_common()) for name in KINDS if name in kinds},
        withheld=withheld,
        unread=unread,
    )


def _dated(tree: Tree, place: Path) -> Tree:
    """The tree with the dates that a build will take from the history of its repository."""
    if not (place / ".git").exists():
        return tree
    from feeds import git

    told = git.history(tree.root, inside=True)
    return replace(tree, history=told.files) if told else tree


def _kept_in(tree: Tree, path: str) -> str:
    """The folder that a post is one of many in; of a record its file."""
    if path in tree.parts:
        return tree.parts[path]
    folder, name = posixpath.split(path)
    if name.startswith(("index.", "README.")):
        folder = posixpath.dirname(folder)
    return re.sub(r"/(?:(?:19|20)\d\d\b).*", "", folder) + "/"


def _address(folder: Path) -> tuple[str, str] | None:
    """The site's address from what else lies in its repository: CNAME, package.json, the repository's own address."""
    for place in ("CNAME", "static/CNAME", "docs/CNAME", "public/CNAME"):
        host = _read(folder / place).strip()
        if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", host):
            return f"https://{host}", place
    try:
        homepage = json.loads(_read(folder / "package.json") or "{}").get("homepage", "")
    except (ValueError, AttributeError):
        homepage = ""
    if isinstance(homepage, str) and text.is_web(homepage) and "github.com" not in homepage:
        return homepage.rstrip("/"), "package.json"
    remote = re.search(r"github\.com[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?\s", _read(folder / ".git" / "config") + "\n")
    if remote:
        owner, name = remote[1].lower(), remote[2]
        own = name.lower() == f"{owner}.github.io"
        return f"https://{owner}.github.io" + ("" if own else f"/{name}"), "GitHub Pages' address of the repository"
    return None


def _read(file: Path) -> str:
    """A small file's text, "" when there is none."""
    try:
        if not file.is_file():  # a pipe would keep us waiting
            return ""
        with file.open("rb") as data:
            return data.read(100_000).decode("utf-8", "replace")
    except OSError:
        return ""


# ------------------------------------------------------------------------------------------------------ writing


def _config(parts: Sequence[Part], url: str, url_from: str, folder: Path, output: str) -> str:
    return "\n".join(
        [
            "# The configuration of feeds, written by `feeds init`.  All keys: docs/configuration.md",
            "",
            *_site(parts, url, url_from, folder),
            "",
            "sources:",
            *(line for part in parts for line in _source(part, parts)),
            "",
            *_people(parts),
            *_collections(parts),
            "output:",
            f"  path: {output}",
            "  # url: https://…  # where that folder is served, when it is not copied into the site's own root",
            "",
            "# For `feeds run`, which keeps the feeds up to date.",
            "schedule:",
            "  - every: 15 minutes",
            "",
        ]
    )


def _site(parts: Sequence[Part], url: str, url_from: str, folder: Path) -> Iterator[str]:
    """`site:`, with what the site says of itself as comments: it is read anew at every run."""
    yield "site:"
    if url == UNKNOWN:
        yield "  # CHANGE THIS: nothing here says the site's address, and links in feeds must be absolute."
        yield f"  url: {UNKNOWN}"
    elif url_from:
        yield f"  url: {url}  # from {url_from}"
    said = {"url": "" if url_from or url == UNKNOWN else url}
    said |= {name: next((v for part in parts if (v := getattr(part, name))), "") for name in ("title", "language")}
    if not said["title"]:
        yield f"  title: {_quoted(folder.resolve().name or 'feeds')}  # nothing here says the site's title"
    yield "  # Read from the site itself; what is set here goes before it."
    yield from (f"  # {name}: {_quoted(value)}" for name, value in said.items() if value)
    yield "  # license: https://creativecommons.org/licenses/by/4.0/"


def _source(part: Part, parts: Sequence[Part]) -> Iterator[str]:
    yield f"  - path: {part.path if part.path == '.' else _quoted(part.path)}"
    if sum(one.path == part.path for one in parts) > 1:
        yield f"    name: {part.kind}"
    yield f"    kind: {part.kind}  # {text.squeeze(part.reason)}"


def _people(parts: Sequence[Part]) -> Iterator[str]:
    known = sum(part.people for part in parts)
    if known:
        yield f"# {_count(known, 'person is', 'people are')} known from the site.  Others: name, orcid, url, aliases."
    else:
        yield "# People whom posts name in short: name, orcid, url, aliases."
    yield "people: []"
    yield ""


def _collections(parts: Sequence[Part]) -> Iterator[str]:
    """What has feeds of its own without being told, and how to have others."""
    found = {name: _places(part.kinds.get(name, {}) for part in parts) for name in KINDS}
    found = {name: places for name, places in found.items() if places}
    if len(found) > 1:
        yield "# These have feeds of their own, beside those of everything:"
        for name, places in found.items():
            yield f"#   {name}: {sum(places.values())}, in {_listed(list(places))}"
    yield "# For others, one set for every author, say:"
    yield "# collections:"
    yield from (f"#   - {{name: {name}, where: {{kind: {name}}}}}" for name in found if len(found) > 1)
    yield "#   - each: author"
    yield ""


def _output(parts: Sequence[Part], folder: Path) -> str:
    """A folder where nothing lies yet, and where Pelican does not build: it empties its own before it does."""
    taken = (folder / "output").exists() or any(part.kind == "pelican" for part in parts)
    return "feeds-output" if taken else "output"


def _places(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total.most_common())


def _listed(places: list[str]) -> str:
    shown = ", ".join(text.squeeze(p).removeprefix("./") if p != "/" else "the folder itself" for p in places[:3])
    return shown + (" …" if len(places) > 3 else "")


def _quoted(value: str) -> str:
    """A YAML scalar: bare where that is safe, else in JSON's quotes, which are YAML's as well."""
    value = text.squeeze(text.legal(value))
    safe = re.fullmatch(r"[^\W\d][\w./-]*(?:[ :][\w./-]+)*", value) or text.is_web(value)
    return value if safe and not _WORDS.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
