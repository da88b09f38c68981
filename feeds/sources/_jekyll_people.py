"""The people of a Jekyll theme that gives each a page: collections such as _members, _people, _team, _authors."""

from __future__ import annotations

import posixpath
from pathlib import Path

from msgspec import structs

from feeds.model import Person
from feeds.reading import front as front_matter
from feeds.sources import _document, _people, _urls, _walk
from feeds.sources._jekyll_config import Config
from feeds.sources._jekyll_page import ANY_DAY, Skip, describe


def read(root: Path, config: Config, paths: tuple[str, ...], url: str) -> tuple[Person, ...]:
    """The person on each of these pages; her own address is that of her page when she names none."""
    found = (_person(root, config, path, url) for path in paths)
    return tuple(person for person in found if person)


def _person(root: Path, config: Config, path: str, url: str) -> Person | None:
    try:
        data = _walk.content(root / path)
    except OSError:
        return None
    front = front_matter.parse(data, path)
    values = front.values
    if any(p.severity == "error" for p in front.problems) or not front.has_front or values.get("published") is False:
        return None
    links = values.get("links")
    details = {**(links if isinstance(links, dict) else {}), **values}
    if isinstance(details.get("home-page"), str):
        details.setdefault("homepage", details["home-page"])
    details.pop("url", None)
    person = _people.person_of(details, handle=_urls.split_ext(posixpath.basename(path))[0])
    if person is None or person.url or not url:
        return person
    return structs.replace(person, url=_page(config, path, data, front, url))


def _page(config: Config, path: str, data: bytes, front: front_matter.Front, url: str) -> str:
    """The address of a document of a collection that becomes pages; "" of another."""
    label = path.removeprefix(config.folder).partition("/")[0].removeprefix("_")
    if label not in config.collections:
        return ""
    try:
        return _document.site_url(url + describe(config, path, data, front, drafts=False, history=ANY_DAY).url, url)
    except Skip:
        return ""
