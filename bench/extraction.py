#!/usr/bin/env python3
"""How much CPU do the extractors and the resolver cost a post?

    bench/extraction.py FOLDER [ROUNDS]

Reads every .md, .qmd and .txt below FOLDER into memory, then times extract() and resolve() alone: no disk, no YAML, no
HTML.  Every round sees fresh bodies, so that no cache carries over from the round before.  Prints CPU per post.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path

import yaml

from feeds.model import Post
from feeds.scholarly.resolve import extract, resolve

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def post_of(path: Path) -> Post:
    """A post with front matter taken apart as far as timing needs it."""
    text = path.read_text("utf-8", "replace")
    head, _, body = text.removeprefix("---\n").partition("\n---\n") if text.startswith("---\n") else ("", "", text)
    try:
        front = yaml.load(head, yaml.BaseLoader)
    except yaml.YAMLError:
        front = None
    front = front if isinstance(front, dict) else {}
    body = body.replace("{{ page.title }}", str(front.get("title", "")))
    return Post(source="", path=path.name, url="https://example.org/x", title=str(front.get("title", "")), published=DAY,
                front=front, body=body, body_lines=tuple(range(1, body.count("\n") + 2)))  # fmt: skip


def main() -> None:
    """Time all posts of a folder."""
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    posts = [post_of(p) for p in sorted(folder.rglob("*")) if p.suffix in {".md", ".qmd", ".txt"}]
    extractors = [entry.load() for entry in entry_points(group="feeds.extractors")]
    times: list[tuple[float, str]] = []
    for number in range(rounds):
        for post in posts:
            fresh = Post(**{n: getattr(post, n) for n in post.__struct_fields__} | {"body": post.body + "\n" * number})
            start = time.process_time()
            resolve(fresh, extract(fresh, extractors), ())
            times.append((time.process_time() - start, post.path))
    later = times[len(posts) :] or times  # the first round also compiles patterns and reads vocabularies
    mean = sum(t for t, _ in later) / len(later)
    slowest, name = max(later)
    print(f"{len(posts)} posts, {rounds} rounds: {mean * 1000:.3f} ms a post, slowest {slowest * 1000:.2f} ms ({name})")


if __name__ == "__main__":
    main()
