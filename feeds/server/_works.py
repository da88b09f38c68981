"""A work's address answers in the format that is asked for, as DOI resolvers do (https://citation.crosscite.org/docs.html).

That address is the work's landing page, the post's own where it is on our host, and /id/<DOI>.  The formats are the
files that were published of it.
"""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from feeds import text
from feeds.server import _links
from feeds.server._accept import best
from feeds.server._answers import failure, file_answer, policy, redirect
from feeds.server._files import read
from feeds.server._snapshot import HTML, Snapshot

# Of equals the first is given; formats of others come behind these, by name.
_ORDER = ("html", "jsonld", "csl-json", "bibtex", "ris", "datacite", "oai-dc")


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked for, and where below the output's address."""

    request: Request
    snapshot: Snapshot
    depth: int  # how many folders the path of the request has below the output's address

    def near(self, path: str) -> str:
        """A published path as seen from the request's own address."""
        return ("../" * self.depth or "./") + quote(path)


class Format(Struct, frozen=True, kw_only=True):
    """One format of a work."""

    name: str  # of its exporter; "html" of a page
    media_type: str
    path: str  # below the output; "": the page of the post, elsewhere


def formats(owner: str, snapshot: Snapshot) -> list[Format]:
    """The formats that were published of a work, best first."""
    made = [
        Format(
            name="html" if snapshot.files[path].type.startswith(HTML) else export,
            media_type=snapshot.files[path].type,
            path=path,
        )
        for export, path in snapshot.documents.get(owner, {}).items()
    ]
    rank = {name: number for number, name in enumerate(_ORDER)}
    return sorted(made, key=lambda one: (rank.get(one.name, len(rank)), one.name))


def plain(path: str, asked: Asked) -> Response:
    """A published file; one of a post tells what it describes."""
    snapshot = asked.snapshot
    file, owner = snapshot.files[path], snapshot.files[path].owner
    headers = {"Content-Security-Policy": _policy(snapshot)} if file.type.startswith(HTML) else {}
    if not owner.startswith(":"):
        headers["Link"] = ", ".join(_links.signposts(owner, [_links.address(path, snapshot)], snapshot))
    return file_answer(asked.request, read(path, snapshot), file.type, headers)


def work(owner: str, asked: Asked, here: str = "", *, elsewhere: bool = False) -> Response:
    """The work in the format that is asked for.

    `here` is its landing page when that is what the request names.  `elsewhere`: who wants to read is sent to the
    post's own page when there is no landing page.
    """
    snapshot, request = asked.snapshot, asked.request
    known = formats(owner, snapshot)
    if elsewhere and not any(one.name == "html" for one in known):
        known.insert(0, Format(name="html", media_type=HTML, path=""))
    chosen = _chosen(request, known)
    if chosen is None:
        return _none_fits(known, asked)
    headers = {"Vary": "Accept", "Link": ", ".join(_all_links(owner, chosen, known, snapshot))}
    if chosen.name == "html" and (not chosen.path or chosen.path != here):
        target = asked.near(chosen.path) if chosen.path else text.iri_to_uri(snapshot.posts[owner].url)
        return redirect(target, 303, headers)
    if chosen.path != here:
        headers["Content-Location"] = asked.near(chosen.path)
    if chosen.name == "html":
        headers["Content-Security-Policy"] = _policy(snapshot)
    return file_answer(request, read(chosen.path, snapshot), chosen.media_type, headers)


def _chosen(request: Request, known: list[Format]) -> Format | None:
    named = request.query_params.get("format")
    if named is not None:
        return next((one for one in known if one.name == named), None)
    index = best(",".join(request.headers.getlist("accept")), [one.media_type for one in known])
    return None if index is None else known[index]


def _all_links(owner: str, chosen: Format, known: list[Format], snapshot: Snapshot) -> list[str]:
    page = next((one.path for one in known if one.name == "html" and one.path), "")
    anchors = [_links.address(page, snapshot)] if page else []
    entry = snapshot.posts.get(owner)
    others = [one for one in known if one is not chosen and not one.media_type.startswith(_links.LINKSET)]
    return [
        *_links.signposts(owner, [*anchors, *([entry.url] if entry else [])], snapshot),
        *(_links.link(_public(one, owner, snapshot), "alternate", one.media_type) for one in others),
    ]


def _public(one: Format, owner: str, snapshot: Snapshot) -> str:
    return _links.address(one.path, snapshot) if one.path else snapshot.posts[owner].url


def _none_fits(known: list[Format], asked: Asked) -> Response:
    there = [one for one in known if one.path]
    listed = {asked.near(one.path): f"{one.media_type} (?format={one.name})" for one in there}
    links = [_links.link(_links.address(one.path, asked.snapshot), "alternate", one.media_type) for one in there]
    message = "This work is there in these formats:" if listed else "Nothing is published of this work."
    return failure(asked.request, 406, message, listed, {"Link": ", ".join(links)} if links else {})


def _policy(snapshot: Snapshot) -> str:
    site = "/".join(snapshot.site.url.split("/")[:3])
    return policy(site if site.isascii() and not set(site) & set(" ;,") else "")
