"""Feeds of 10,000 entries: in every format, with archives, and of 200 tags; and each format alone, uncut.

The entries are made up, the same for the same number, and lie in memory as the state keeps them.  Measured is the
CPU of this process for `documents.render`: first, again without a change, and after one old entry changed.
"""

from __future__ import annotations

import argparse
import platform
import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from feeds import _rendering, config, documents, registry, selection, text
from feeds._rendering import Done, Task
from feeds.model import Artifact, Collection, Item, Person, Post, Problem, Row, Site, Work
from feeds.publish import File, Staged
from feeds.settings import Config
from posts import FAMILY, GIVEN, WORDS

FORMATS = ("atom", "rss", "json-feed", "rss1")
SITE = Site(url="https://bench.example.org", feeds_url="https://bench.example.org", title="Bench")
FILE = File(sha256="", size=0, type="", owner="", export="")
SETTINGS = f"""
sources: [{{path: .}}]
collections: [{{each: tag, path: tags}}]
exports: [{", ".join(f"{name}: {{archive: true}}" for name in FORMATS[:3])}, rss1]
"""


def item(number: int, tags: int) -> Item:
    """One item; a function of its number alone."""
    draw = random.Random(number)  # noqa: S311 - made-up text
    published = datetime(2004, 1, 1, tzinfo=UTC) + timedelta(hours=17 * number)
    url = f"https://bench.example.org/{number}.html"
    title = " ".join(draw.choices(WORDS, k=7)).capitalize()
    people = tuple(Person(name=f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}") for _ in range(draw.randint(2, 9)))
    paragraph = f"<p>{' '.join(draw.choices(WORDS, k=90)).capitalize()} &amp; more.</p>\n"
    post = Post(
        source="bench",
        path=f"{number}.md",
        url=url,
        id=f"tag:bench.example.org,2004:{number}",
        title=title,
        published=published,
        updated=published,
        summary=" ".join(draw.choices(WORDS, k=40)),
        html=paragraph * draw.randint(1, 12),
        tags=(f"tag {number % tags}",),
    )
    work = Work(title=title, authors=people, journal="Journal of Imaginary Optics", doi=f"10.5555/bench.{number}")
    return Item(post=post, work=work)


def row(made: Item, settings: Config) -> Row:
    """What the site's documents see of an item."""
    post, work = made.post, made.work or Work()
    return Row(
        id=post.id,
        path=f"bench:{post.path}",
        url=post.url,
        title=post.title,
        kind=work.kind,
        published=post.published,
        updated=post.updated or post.published,
        authors=work.authors,
        doi=work.doi,
        values=selection.values_of(made, settings.collections),
    )


class Kept:
    """The items as the state keeps them: encoded."""

    def __init__(self, items: list[Item]) -> None:
        self.blobs = {f"bench:{made.post.path}": msgspec.json.encode(made) for made in items}

    def store(self, last: dict[str, documents.Made]) -> documents.Store:
        """What a run gets of them, and of what the last one made."""
        self.made: list[Artifact] = []
        self.bytes = 0
        return documents.Store(
            load=lambda key: msgspec.json.decode(self.blobs[key], type=Item),
            text=self.blobs.__getitem__,
            several=lambda tasks: map(self.archive, tasks),
            checks={key: text.digest(blob) for key, blob in self.blobs.items()},
            pieces=lambda _export, _document, _checks: iter(()),  # feeds have none
            stage=self.stage,
            again=lambda path: Staged(path=path, file=FILE, unchanged=True),
            last=last,
            published=lambda _path: True,
        )

    def archive(self, task: Task) -> Done:
        """Make one archive, as a worker does."""
        faults: list[Problem] = []
        held = replace(task.head, items=tuple(msgspec.json.decode(blob, type=Item) for blob in task.items))
        made = [replace(a, archive=True) for a in _rendering.rendered(task.export, held, SITE, faults)]
        staged = tuple(self.stage(task.export.name, artifact) for artifact in made)
        return Done(key=task.key, artifacts=tuple(made), staged=staged, faults=tuple(faults))

    def stage(self, name: str, artifact: Artifact) -> Staged:
        """Count a document that was rendered."""
        self.made.append(replace(artifact, body=b""))
        self.bytes += len(artifact.body)
        return Staged(path=artifact.path, file=replace(FILE, export=name), unchanged=False)


def whole(count: int, tags: int) -> None:
    """All feeds: first, unchanged, one changed."""
    settings = config.parse(SETTINGS.encode(), Path("bench.yaml"))
    items = [item(number, tags) for number in range(count)]
    rows = [row(made, settings) for made in reversed(items)]
    kept = Kept(items)
    last: dict[str, documents.Made] = {}
    for name in ("first", "unchanged", "one changed"):
        if name == "one changed":
            old = replace(items[count // 3], post=replace(items[count // 3].post, html="<p>Changed.</p>"))
            kept.blobs[f"bench:{old.post.path}"] = msgspec.json.encode(old)
        begin = time.process_time()
        done = documents.render(rows, (), settings, SITE, kept.store(last))
        seconds = time.process_time() - begin
        if done.faults:
            raise SystemExit(f"{done.faults[0].where}: {done.faults[0].message}")
        archives = sum(artifact.archive for artifact in kept.made)
        print(
            f"{name:<14}{seconds:8.2f} s{len(kept.made):8} documents, "
            f"of them{archives:6} archives{kept.bytes / 1e6:9.1f} MB"
        )
        last = done.made


def uncut(name: str, count: int, tags: int) -> None:
    """One feed of everything in one format, half of the entries and all of them: twice as many take twice as long."""
    exporter = registry.exporter(name)
    options = exporter.options(limit=count, max_bytes=10**12)
    items = tuple(item(number, tags) for number in reversed(range(count)))

    def render(shown: tuple[Item, ...]) -> bytes:
        of = Collection(name="", title="Bench", path="", items=shown, updated=items[0].post.published)
        return b"".join(made.body for made in exporter.render(of, SITE, options))

    size = len(render(items))
    half = cost(lambda: render(items[: count // 2]))
    full = cost(lambda: render(items))
    print(f"{name:<14}{full:8.2f} s{size / 1e6:9.1f} MB, {full / half:.1f} times the half of it")


def cost(work: Callable[[], object]) -> float:
    """CPU seconds."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--tags", type=int, default=200)
    chosen = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}; {chosen.entries} entries, {chosen.tags} tags")
    whole(chosen.entries, chosen.tags)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
    for name in FORMATS:
        uncut(name, chosen.entries, chosen.tags)


if __name__ == "__main__":
    main()
