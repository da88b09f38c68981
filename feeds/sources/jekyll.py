"""A Jekyll 4 site, read as Jekyll reads it (https://jekyllrb.com/docs/).

Every post gets the address that Jekyll gives it.  What Jekyll decides by the clock (a future date) is handed on as
`Post.not_before`, what it decides by the file's age (a draft or a collection's page without a date) is left out.
"""

from __future__ import annotations

import posixpath
from pathlib import Path

from msgspec import structs

from feeds.model import Detection, Person, Problem, Reading, Source, SourceOptions, Tree
from feeds.sources import _jekyll_config, _jekyll_files, _people, _walk
from feeds.sources._jekyll_config import Config
from feeds.sources._jekyll_site import Cited, Site
from feeds.sources._languages import language
from feeds.text import iri_to_uri, is_web

_AUTHORS = frozenset({"authors", "people", "members", "team"})


# ------------------------------------------------------------------------------------------------------ detect


def detect(folder: Path) -> Detection | None:
    """How sure it is that a folder is a Jekyll site."""
    has_config = any((folder / name).is_file() for name in _jekyll_config.FILES)
    has_posts = (folder / "_posts").is_dir()
    if has_config and has_posts:
        return Detection(confidence=0.95, reason="_config.yml and _posts")
    if has_config:
        return Detection(confidence=0.7, reason="_config.yml")
    if has_posts:
        return Detection(confidence=0.8, reason="_posts")
    if _walk.has_folder(folder, "_bibliography"):
        return Detection(confidence=0.6, reason="_bibliography")
    below = next((e.path for e in _folders_in(folder) if (folder / e.path / "_posts").is_dir()), "")
    return Detection(confidence=0.5, reason=f"{below}/_posts") if below else None


def _folders_in(folder: Path) -> list[_walk.Entry]:
    return [e for e in _walk.entries(folder, "", []) if e.is_dir and e.name[0] not in "._"]


# ------------------------------------------------------------------------------------------------------ open


def open_site(root: Path, options: SourceOptions) -> Tree:
    """List the site's posts and read what they share.  Raises SourceError when the folder cannot be read."""
    _walk.require(root, options)
    config, faults = _jekyll_config.read(root)
    if options.timezone:
        config = structs.replace(config, zone=options.timezone)
    found = _jekyll_files.discover(root, config, options)
    problems = list(faults)
    url = options.url.rstrip("/") or _address(config)
    if not is_web(url):
        problems.append(_no_address(config))
        url = ""
    base = url or root.resolve().as_uri()
    cited, stamps = _records(root, config, found, options, base)
    problems += found.problems
    undated = _jekyll_files.undated(root, config, found.posts)
    members = _jekyll_files.people_files(root, config)
    lang = language(config.text("lang") or config.text("locale") or config.text("language"))
    stated = {
        "title": _title(config),
        "url": url,
        "description": " ".join(config.text("description").split()),
        "language": lang,
        "timezone": config.zone if config.text("timezone") or options.timezone else "",
    }
    return Tree(
        root=root,
        paths=tuple(sorted((*found.posts, *cited))),
        parts={path: path.rpartition("#")[0] for path in cited},
        stamps=stamps,
        fingerprint=_jekyll_files.fingerprint(root, config, found, options, (*members, *sorted(undated))),
        site=stated,
        people=(
            *options.people,
            *_people_of_site(root, config, problems),
            *_people_with_pages(root, config, members, url),
        ),
        problems=tuple(problems),
        data=Site(config, base, lang, found.files, undated, cited),
    )


def _records(
    root: Path, config: Config, found: _jekyll_files.Found, options: SourceOptions, base: str
) -> tuple[dict[str, Cited], dict[str, str]]:
    """The records of the site's bibliographies, and their stamps; most sites have none."""
    if not _jekyll_files.has_records(root, config):
        return {}, {}
    from feeds.sources import _jekyll_records

    cited = _jekyll_records.find(root, config, found, options, base)
    return cited, _jekyll_records.stamps(cited)


def _people_with_pages(root: Path, config: Config, paths: tuple[str, ...], url: str) -> tuple[Person, ...]:
    if not paths:
        return ()
    from feeds.sources import _jekyll_people

    return _jekyll_people.read(root, config, paths, url)


def _title(config: Config) -> str:
    """The site's title; where it is "blank", al-folio shows the name of its owner."""
    title = config.text("title") or config.text("name")
    owner = " ".join(filter(None, (config.text(f"{part}_name") for part in ("first", "middle", "last"))))
    return owner if title == "blank" and owner else title


def _address(config: Config) -> str:
    host = config.text("url").rstrip("/")
    return iri_to_uri(host + config.base) if host else ""


def _no_address(config: Config) -> Problem:
    hint = "add `url: https://…` to _config.yml, or set `site.url` in config.yaml"
    return Problem(
        stage="read", where=config.file or "_config.yml", message="the site's address is not known", hint=hint
    )


def _people_of_site(root: Path, config: Config, problems: list[Problem]) -> tuple[Person, ...]:
    paths = _jekyll_files.data_files(root, config)
    named = [p for p in paths if posixpath.splitext(posixpath.basename(p))[0].lower() in _AUTHORS]
    return tuple(p for path in named for p in _people.people_of(_jekyll_files.load_file(root, path, problems)))


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one post.  Never raises for what is in it: a problem is reported and the others go on."""
    from feeds.sources import _jekyll_post  # and with it all of `reading`, which a run that reads no post does without

    return _jekyll_post.read(tree, path, options)


SOURCE = Source(
    name="jekyll",
    description="A Jekyll site: _config.yml, _posts, collections",
    detect=detect,
    open=open_site,
    read=read,
)
