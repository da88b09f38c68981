#!/usr/bin/env python3
"""Do readers in two languages find the same in the feeds of every format?

    bench/feed_readers.py [--node-modules FOLDER] [SITE_FOLDER ...]    the example site, or these

Each feed is read by feedparser (Python) and by feedsmith (TypeScript), and compared entry by entry with what feedparser
finds in the Atom feed: ids, addresses, titles, every author, dates, words, files, summaries and full texts.
FOLDER is a node_modules that has feedsmith 3; without it that is installed from npm into a temporary folder.
Exit status 1 on any difference, 77 when there is no node or feedsmith cannot be installed.
"""

from __future__ import annotations

import argparse
import calendar
import html
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from feeds import config, pipeline

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "site"
SETTINGS = """
site: {{url: "https://site.example.org"}}
sources:
  - path: {site}
    url: https://site.example.org
exports: [{{atom: {{limit: 1000000, max_bytes: 4000000}}}}, {{rss: {{limit: 1000000, max_bytes: 4000000}}}},
          {{json-feed: {{limit: 1000000, max_bytes: 4000000}}}}, {{rss1: {{limit: 1000000, max_bytes: 4000000}}}}]
output: output
"""
FORMATS = ("atom", "rss", "json", "rdf")
Told = dict[str, Any]

# What a format has no place for, or a reader does not look at: it is left out of the comparison, and nothing else is.
SILENT = {
    ("feedparser", "rss"): {"files": "one file at most, of known length"},
    ("feedparser", "rdf"): {"id": "is the address of the page", "files": "the enclosure module is not read"},
    ("feedsmith", "rss"): {"files": "one file at most, of known length"},
    ("feedsmith", "rdf"): {"id": "is the address of the page", "files": "the enclosure module is not read"},
}

FEEDSMITH = """
import { readFileSync } from 'node:fs'
import { parseFeed } from 'feedsmith'
const file = f => [f.href ?? f.url, f.type ?? f.mime_type ?? '', f.length ?? f.size_in_bytes ?? null]
const reads = {
  atom: e => ({
    id: e.id, link: e.links.find(l => l.rel === 'alternate').href, title: e.title.value ?? e.title,
    authors: (e.authors ?? []).map(a => a.name), published: e.published,
    words: (e.categories ?? []).map(c => c.term), files: e.links.filter(l => l.rel === 'enclosure').map(file),
    summary: e.summary?.value ?? e.summary ?? '', content: e.content?.value ?? e.content ?? '',
  }),
  rss: e => ({
    id: e.guid.value, link: e.link, title: e.title, authors: e.dc?.creators ?? [], published: e.pubDate,
    words: (e.categories ?? []).map(c => c.name), files: (e.enclosures ?? []).map(file),
    summary: e.description ?? '', content: e.content?.encoded ?? e.description ?? '',
  }),
  rdf: e => ({
    id: e.rdf.about, link: e.link, title: e.title, authors: e.dc?.creators ?? [], published: e.dc.dates[0],
    words: e.dc.subjects ?? [], files: [], summary: e.description ?? '', content: e.content?.encoded ?? '',
  }),
  json: e => ({
    id: e.id, link: e.url, title: e.title, authors: (e.authors ?? []).map(a => a.name), published: e.date_published,
    words: e.tags ?? [], files: (e.attachments ?? []).map(file), plain: e.summary ?? '', content: e.content_html ?? '',
  }),
}
const read = path => {
  const { format, feed } = parseFeed(readFileSync(path, 'utf8'))
  const entries = (feed.entries ?? feed.items ?? []).map(reads[format])
  return entries.map(e => ({ ...e, published: new Date(e.published).getTime() / 1000 }))
}
console.log(JSON.stringify(Object.fromEntries(process.argv.slice(2).map(path => [path, read(path)]))))
"""


def install(folder: Path) -> bool:
    """feedsmith in `folder`, with npm."""
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "feedsmith@3"]
    return bool(shutil.which("npm")) and subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def by_feedsmith(folder: Path, files: list[Path]) -> dict[str, list[Told]]:
    program = folder / "read.mjs"
    program.write_text(FEEDSMITH, encoding="utf-8")
    done = subprocess.run(["node", str(program), *map(str, files)], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def by_feedparser(file: Path) -> list[Told]:
    if file.suffix == ".json":
        return [_told_in_json(item) for item in json.loads(file.read_bytes())["items"]]
    read = feedparser.parse(file.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    if read.bozo:
        print(f"{file.name}: feedparser: {read.bozo_exception}")
    return [_told(entry) for entry in read.entries]


def _told(entry: Any) -> Told:
    full = "".join(c.value for c in entry.get("content", []))
    return {
        "id": entry.id,
        "link": entry.link,
        "title": entry.title,
        "authors": [a.name for a in entry.get("authors", [])],
        "published": calendar.timegm(entry.get("published_parsed") or entry.updated_parsed),
        "words": [t.term for t in entry.get("tags", [])],
        "files": [[e.href, e.get("type", ""), e.get("length")] for e in entry.enclosures],
        "summary": entry.get("summary", ""),
        "content": full or (entry.get("summary", "") if "content" not in entry else ""),
    }


def _told_in_json(item: Any) -> Told:
    """feedparser reads no JSON: Python's own parser stands in."""
    return {
        "id": item["id"],
        "link": item["url"],
        "title": item["title"],
        "authors": [a["name"] for a in item.get("authors", [])],
        "published": datetime.fromisoformat(item["date_published"]).timestamp(),
        "words": item.get("tags", []),
        "files": [[f["url"], f["mime_type"], f.get("size_in_bytes")] for f in item.get("attachments", [])],
        "plain": item.get("summary", ""),
        "content": item.get("content_html", ""),
    }


def alike(told: Told) -> Told:
    """The same thing said in the same way: HTML summaries, each word once, lengths as text, no space at the ends."""
    summary = html.escape(told["plain"], quote=False) if "plain" in told else told["summary"]
    content = told["content"].strip()
    return {
        **{name: told[name] for name in ("id", "link", "authors", "published")},
        "title": " ".join(told["title"].split()),
        "words": list(dict.fromkeys(told["words"])),
        "files": [[url, kind, "" if length is None else str(length)] for url, kind, length in told["files"]],
        "summary": "" if summary.strip() == content else summary.strip(),  # what stands for a summary is none
        "content": content,
    }


def differences(reader: str, suffix: str, found: list[Told], expected: list[Told]) -> Iterator[str]:
    """What `reader` finds in a format and Atom does not say, or the other way round."""
    if len(found) != len(expected):
        yield f"{len(found)} entries instead of {len(expected)}"
    silent = SILENT.get((reader, suffix), {})
    for ours, theirs in zip(map(alike, found), map(alike, expected), strict=False):
        for name, value in theirs.items():
            if name not in silent and ours[name] != value and not _full_text_only(name, ours, theirs):
                yield f"{theirs['link']}: {name}: {ours[name]!r:.200} instead of {value!r:.200}"


def _full_text_only(name: str, ours: Told, theirs: Told) -> bool:
    """A summary alone: RSS 2.0 has one place for it and for a text without a summary."""
    return name in {"content", "summary"} and not theirs["content"] and ours["content"] == theirs["summary"]


def compare(site: Path, node: Path) -> int:
    """Read the feeds of one site; how many differences there are."""
    with tempfile.TemporaryDirectory() as folder:
        parsed = config.parse(SETTINGS.format(site=json.dumps(str(site))).encode(), Path(folder) / "config.yaml")
        report = pipeline.run(parsed, now=datetime.now(UTC))
        feeds = sorted(f.with_suffix("") for f in (Path(folder) / "output").rglob("*.atom"))
        files = [feed.with_suffix(f".{suffix}") for feed in feeds for suffix in FORMATS]
        smith = by_feedsmith(node, files)
        wrong = 0
        for feed in feeds:
            expected = by_feedparser(feed.with_suffix(".atom"))
            for suffix in FORMATS:
                file = feed.with_suffix(f".{suffix}")
                for reader, found in (("feedparser", by_feedparser(file)), ("feedsmith", smith[str(file)])):
                    for line in differences(reader, suffix, found, expected):
                        wrong += 1
                        print(f"{reader}, {file.name}: {line}")
    read = f"{report.published} posts, {len(feeds)} feeds × {len(FORMATS)} formats × 2 readers"
    print(f"{site.name}: {read}, {wrong} differences")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node-modules", type=Path)
    parser.add_argument("sites", nargs="*", type=Path, default=[EXAMPLE])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        node = Path(folder)
        if options.node_modules:
            (node / "node_modules").symlink_to(options.node_modules.resolve())
        elif not install(node):
            print("skipped: feedsmith cannot be installed (is there node, npm and a network?)", file=sys.stderr)
            return 77
        if not shutil.which("node"):
            print("skipped: there is no node", file=sys.stderr)
            return 77
        return int(sum([compare(site.resolve(), node) for site in options.sites]) > 0)


if __name__ == "__main__":
    sys.exit(main())
