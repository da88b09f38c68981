"""Posts for the scholarly tests, made without a source: front matter taken apart, the body as it stands."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from typing import Any

import yaml

from feeds.model import Person, Post, Work
from feeds.scholarly import abstract, authors, citation, identifiers, kind, links, title
from feeds.scholarly.resolve import extract, resolve

EXTRACTORS = tuple(m.EXTRACTOR for m in (title, authors, citation, identifiers, abstract, kind, links))


class _TextDates(yaml.SafeLoader):
    """YAML whose dates stay text, as Post.front has them."""


_TextDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def post_of(text: str, *, path: str = "posts/post.md", files: dict[str, str] | None = None) -> Post:
    """The post that a file with YAML (---) or TOML (+++) front matter holds."""
    front, body = _parts(text)
    before = text[: len(text) - len(body)].split("\n")
    keys = [(m.group(1), n) for n, line in enumerate(before, start=1) if (m := re.match(r"([\w-]+)\s*[:=]", line))]
    first = len(before)
    day = str(front.get("date") or "2001-02-03")[:10]
    return Post(
        source="test",
        path=path,
        url=f"https://example.org/{path.removesuffix('.md')}.html",
        title=str(front.get("title") or ""),
        published=datetime.fromisoformat(day).replace(tzinfo=UTC),
        front=front,
        front_lines=dict(reversed(keys)),
        files=files or {},
        body=body,
        body_lines=tuple(range(first, first + body.count("\n") + 1)),
    )


def _parts(text: str) -> tuple[dict[str, Any], str]:
    if found := re.match(r"---\n(.*?)\n---\n", text, re.DOTALL):
        return yaml.load(found.group(1), _TextDates) or {}, text[found.end() :]  # noqa: S506  # a SafeLoader
    if found := re.match(r"\+\+\+\n(.*?)\n\+\+\+\n", text, re.DOTALL):
        return tomllib.loads(found.group(1)), text[found.end() :]
    return {}, text


def work_of(text: str, *people: Person, files: dict[str, str] | None = None) -> Work | None:
    """The work behind a post."""
    post = post_of(text, files=files)
    return resolve(post, extract(post, EXTRACTORS), people)
