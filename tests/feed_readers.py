"""What independent readers find in feeds, in Python and in JavaScript; entries as plain values that can be compared.

`make test` installs the readers in JavaScript (tests/node/package.json) into NODE, when there is npm.
"""

from __future__ import annotations

import calendar
import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import feedparser
from lxml import etree

SUFFIXES = ("atom", "rss", "rdf", "json")
NODE = Path(__file__).parent.parent / ".node"
Told = dict[str, Any]  # what node/read.js calls an entry: a reader leaves out what it does not look at


def without_node(folder: Path = NODE) -> str:
    """Why the readers in JavaScript cannot be asked; "" when they can."""
    if not shutil.which("node"):
        return "there is no node (version 14 or newer): feeds are not read in another language"
    if not (folder / "node_modules" / "rss-parser").is_dir():
        return f"no readers in {folder}: `make test` installs them where there is npm and a network"
    return ""


def by_node(files: Sequence[Path], folder: Path = NODE) -> dict[str, dict[str, list[Told]]]:
    """What feedsmith and rss-parser find: reader → file → entries."""
    program = Path(__file__).parent / "node" / "read.js"
    command = ["node", str(program), str(folder), *map(str, files)]  # our own program
    return dict(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))


def by_python(file: Path) -> list[Told]:
    """What feedparser finds; it reads no JSON, which is read by the names in the specification of JSON Feed."""
    if file.suffix == ".json":
        return [_told_in_json(item) for item in json.loads(file.read_bytes())["items"]]
    read = feedparser.parse(file.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo, f"{file}: {read.bozo_exception}"
    if file.suffix == ".atom":
        return [_told(entry) | _told_in_atom(entry) for entry in read.entries]
    if file.suffix == ".rdf":
        items = etree.parse(file).findall("{*}item")
        return [_told(entry) | {"files": _enclosures(item)} for entry, item in zip(read.entries, items, strict=True)]
    return [_told(entry) for entry in read.entries]


def _told(entry: Any) -> Told:
    return {
        "id": entry.id,
        "link": entry.link,
        "title": entry.title,
        "authors": [a.name for a in entry.get("authors", [])],
        "published": calendar.timegm(entry.get("published_parsed") or entry.updated_parsed),
        "words": [t.term for t in entry.get("tags", [])],
        "files": [[e.href, e.get("type", ""), e.get("length")] for e in entry.enclosures],
        "summary": entry.get("summary", ""),
        "content": "".join(c.value for c in entry.get("content", [])),
    }


def _told_in_atom(entry: Any) -> Told:
    return {
        "addresses": [a.get("href", "") for a in entry.get("authors", [])],
        "updated": calendar.timegm(entry.updated_parsed),
    }


def _enclosures(item: etree._Element) -> list[list[str]]:
    """The files of an item of RSS 1.0: feedparser passes over the module enclosure."""
    found = []
    for element in item.iterfind("{http://purl.oclc.org/net/rss_2.0/enc#}enclosure"):
        of = {etree.QName(name).localname: str(value) for name, value in element.attrib.items()}
        found.append([of["resource"], of.get("type", ""), of.get("length", "")])
    return found


def _told_in_json(item: Any) -> Told:
    return {
        "id": item["id"],
        "link": item["url"],
        "title": item["title"],
        "authors": [a["name"] for a in item.get("authors", [])],
        "addresses": [a.get("url", "") for a in item.get("authors", [])],
        "published": datetime.fromisoformat(item["date_published"]).timestamp(),
        "updated": datetime.fromisoformat(item.get("date_modified", item["date_published"])).timestamp(),
        "words": item.get("tags", []),
        "files": [[f["url"], f["mime_type"], f.get("size_in_bytes")] for f in item.get("attachments", [])],
        "summary": escape(item.get("summary", ""), quote=False),
        "content": item.get("content_html", ""),
    }


# ---------------------------------------------------------------------------------------------------- compared


def within_reach(reader: str, suffix: str, atom: Sequence[Told]) -> list[Told]:
    """The entries that a reader finds in a format.

    feedsmith 3.0.1 looks for an item of RSS 1.0 by its address as the XML writes it, so that one with an "&" is lost.
    """
    return [told for told in atom if (reader, suffix) != ("feedsmith", "rdf") or "&" not in told["link"]]


def differences(suffix: str, found: Sequence[Told], atom: Sequence[Told]) -> Iterator[str]:
    """What a reader finds in a format and feedparser not in the Atom feed, or the other way round.

    An entry is compared in all that the reader looks at.
    """
    if len(found) != len(atom):
        yield f"{len(found)} entries instead of {len(atom)}"
    for ours, theirs in zip(found, atom, strict=False):
        told, expected = _alike(ours), _expected(suffix, theirs, ours)
        for name in told:
            if told[name] != expected[name]:
                yield f"{theirs['link']}: {name}: {told[name]!r:.200} instead of {expected[name]!r:.200}"


def _expected(suffix: str, atom: Told, found: Told) -> Told:
    """What the format should tell of an entry that the Atom feed tells so."""
    told = _alike(atom)
    if suffix == "rss":  # one file at most, of known type; of unknown length when no other is
        typed = sorted((file for file in told["files"] if file[1]), key=lambda file: not file[2])
        told["files"] = [[url, kind, length or "0"] for url, kind, length in typed[:1]]
    if suffix == "rdf":  # an item is about its page; about its id, where another item has the same page
        told["id"] = found["id"] if found["id"] in {atom["link"], atom["id"]} else atom["link"]
    if suffix == "json":  # each file has a type: that of any bytes, where none is known
        told["files"] = [[url, kind or "application/octet-stream", length] for url, kind, length in told["files"]]
    return told


def _alike(told: Told) -> Told:
    """The same in the same words: what stands alone is the content; each category once; lengths as text."""
    said = dict(told)
    summary = told.get("summary", "").strip()
    said["title"] = " ".join(told["title"].split())
    said["content"] = told["content"].strip() or summary
    if "summary" in told:
        said["summary"] = "" if summary == said["content"] else summary
    if "words" in told:
        said["words"] = list(dict.fromkeys(told["words"]))
    if "files" in told:
        said["files"] = [[url, kind, "" if n is None else str(n)] for url, kind, n in told["files"]]
    return said
