#!/usr/bin/env python3
"""How much CPU do the extractors and the resolver cost a post?

    bench/extraction.py FOLDER [ROUNDS]     real posts: every .md, .qmd and .txt below FOLDER
    bench/extraction.py --hostile           bodies of 39,000 and 100,000 characters made to make patterns try twice

Times extract() and resolve() alone: no disk, no YAML, no HTML.  Prints CPU time as the mean over the posts of each
post's least time in all rounds, for what else a machine does only ever adds to it: of rounds that know the names of the
rounds before, as a site's authors recur; and of rounds that begin with empty caches.
"""

from __future__ import annotations

import re
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import entry_points
from itertools import islice, product
from pathlib import Path

import yaml

from feeds.model import Extractor, Post
from feeds.scholarly.resolve import extract, resolve

DAY = datetime(2020, 1, 1, tzinfo=UTC)
USUAL = "### T\n#### Prado A, Rey B\n##### Wick Lett 12(3), 4–5 (2019 Aug 4)\n\n* doi: 10.1234/a\n* https://doi.org/10.1234/a\n"
HEADS = ("", "#### ", "#### 1", "### T\n#### Ana Prado, Bo Rey\n##### ")
HOSTILE = (
    *(
        "[",
        "](",
        "[a](",
        "![",
        "<a ",
        "<a href=",
        "*",
        "__a",
        "`",
        "<!--",
        "# ",
        "- ",
        "> ",
        "| a | b |\n",
        "(",
        "[[a]",
    ),
    *(
        "a ",
        "A. ",
        "Ab Cd, ",
        "Ab C, ",
        "Ana Prado; ",
        "and ",
        "et al. ",
        "Ana Prado & ",
        "d'",
        "é",
        "¹²",
        "[^1]",
        "$^{",
    ),
    *(
        "10.1234/a",
        "https://x.y/",
        "1(2):3-4 ",
        "2019 Aug ",
        "vol ",
        "12, ",
        "1-",
        "e1-",
        "(2019)",
        "chap. 1 in ",
        ",",
        "–",
        "-,",
        "12, 3 (2019), ",
        "37:15_suppl ",
        "A. Rey (eds.) ICL 2019. ",
        "2019 The Moon And The Sun ",
        "May 3–4, ",
        "talk at the ",
        "Ab Cd | ",
        "Ab, Jr., ",
        "Ab Cd<br>\n",
        "<h3>",
        "no. ",
    ),
    *(
        "**Abstract** ",
        "Abstract: ",
        "DOI: ",
        "* doi: 10.1234/a\n",
        "@article{a,",
        "a\n",
        "=\n",
        "a\n===\n",
        "```\n",
        "\\",
    ),
)


def post_of(path: Path) -> Post:
    """A post with front matter taken apart as far as timing needs it."""
    text = path.read_text("utf-8", "replace")
    head, _, body = text.removeprefix("---\n").partition("\n---\n") if text.startswith("---\n") else ("", "", text)
    try:
        front = yaml.safe_load(re.sub(r"(?m)^(\s*\w+:\s+)(@\S+|\d{4}-\d\d-\d\d)$", r"\1'\2'", head))
    except yaml.YAMLError:
        front = None
    front = front if isinstance(front, dict) else {}
    return made(body.replace("{{ page.title }}", str(front.get("title", ""))), path.name, front)


def made(body: str, name: str = "", front: dict[str, object] | None = None) -> Post:
    """A post with this body."""
    front = front or {}
    title = str(front.get("title", "T"))
    return Post(source="", path=name, url="https://example.org/x", title=title, published=DAY, front=front, body=body)


def crowd(which: int) -> str:
    """3,000 names, others for each `which`."""
    syllables = "ba do fe gu ki lo me nu pra ri sa to vi wu".split()
    names = (f"{a}{b} {c}{d}".title() for a, b, c, d in product(syllables, repeat=4))
    return ", ".join(islice(names, which * 3_000, (which + 1) * 3_000))[:39_000]


def empty_caches() -> None:
    """Forget what was read of posts; vocabularies, and patterns made of them, stay."""
    for name, module in list(sys.modules.items()):
        for value in vars(module).values() if name.startswith("feeds.") else ():
            if hasattr(value, "cache_clear") and value.cache_parameters()["maxsize"] is not None:
                value.cache_clear()


def cpu(post: Post, extractors: list[Extractor]) -> float:
    """Milliseconds for one post."""
    start = time.process_time()
    resolve(post, extract(post, extractors), ())
    return (time.process_time() - start) * 1000


def hostile(extractors: list[Extractor]) -> None:
    """Print the slowest of the hostile bodies, each timed three times."""
    shapes = [(h, s, size) for h in HEADS for s in HOSTILE for size in (39_000, 100_000)]
    bodies = [(h + s, h + s * (size // len(s))) for h, s, size in shapes]
    times = [(min(cpu(made(body + "x" * n), extractors) for n in range(3)), name) for name, body in bodies]
    times += [(min(cpu(made(f"#### {crowd(n)}"), extractors) for n in range(3)), "3,000 names")]
    print("\n".join(f"{ms:7.1f} ms  {name!r}" for ms, name in sorted(times, reverse=True)[:10]))


def real(posts: list[Post], rounds: int, forget: bool, extractors: list[Extractor]) -> None:
    """Print the mean of each post's least time, and the slowest post by it."""
    least = [float("inf")] * len(posts)
    for n in range(rounds):
        if forget:
            empty_caches()
        times = [cpu(made(p.body + "\n" * n, p.path, p.front), extractors) for p in posts]
        least = [min(pair) for pair in zip(least, times, strict=True)]
    slowest, name = max(zip(least, (p.path for p in posts), strict=True))
    mean = sum(least) / len(least)
    caches = "empty caches" if forget else "recurring names"
    print(f"{len(posts)} posts, {rounds} rounds, {caches}: {mean:.3f} ms a post, slowest {slowest:.2f} ms ({name})")


def main() -> None:
    """Time all posts of a folder, or the hostile ones."""
    extractors = [entry.load() for entry in entry_points(group="feeds.extractors")]
    cpu(made(USUAL), extractors)  # compiles patterns and reads vocabularies
    if sys.argv[1] == "--hostile":
        hostile(extractors)
        return
    posts = [post_of(p) for p in sorted(Path(sys.argv[1]).rglob("*")) if p.suffix in {".md", ".qmd", ".txt"}]
    for forget in (False, True):
        real(posts, int(sys.argv[2]) if len(sys.argv) > 2 else 25, forget, extractors)


if __name__ == "__main__":
    main()
