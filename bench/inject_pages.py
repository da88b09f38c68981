"""The head block in the pages of a built site: the first time, again without a change, after one page was built again.

Beside it stands what it takes to read all pages once, in the same run.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from feeds import config, inject, pipeline
from feeds.settings import Config
from posts import make_site

SETTINGS = b"sources: [{path: site}]\nexports: [jsonld, linkset]\npages: {mode: inject, site: built}\n"
PARAGRAPH = '<p class="made-up">Lamps, tides and <b>ledgers</b>, as on every page of this site.</p>\n'
PAGE = f"<!doctype html><html><head><meta charset=utf-8><title>T</title></head><body>\n{PARAGRAPH * 200}</body></html>"


def timed(what: str, work: Callable[[], object]) -> None:
    """Print how long it took, and what came of it."""
    begun = time.perf_counter()
    said = work()
    print(f"{what:32} {time.perf_counter() - begun:8.2f} s   {said}")


def build_pages(settings: Config, folder: Path) -> list[Path]:
    """A page for each published post, where its address leads."""
    pipeline.run(settings, now=datetime.now(UTC))
    records = sorted(path.relative_to(settings.output) for path in settings.output.rglob("*.jsonld"))
    pages = [folder / "built" / path.with_suffix(".html") for path in records]
    for page in pages:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(PAGE, encoding="utf-8")
    return pages


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=1000)
    posts: int = parser.parse_args().posts
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_site(folder, posts)
        settings = config.parse(SETTINGS, folder / "config.yaml")
        pages = build_pages(settings, folder)

        def again() -> str:
            done = inject.inject(settings, folder / "built", datetime.now(UTC))
            return f"{len(done.written)} written, {done.unchanged} unchanged, {len(done.missing)} not found"

        print(f"Python {platform.python_version()}, {platform.machine()}, {len(pages)} pages of {len(PAGE)} bytes")
        timed("reading all pages", lambda: f"{sum(len(page.read_bytes()) for page in pages)} bytes")
        timed("the first time", again)
        timed("again", again)
        pages[0].write_text(PAGE, encoding="utf-8")
        timed("after one page was built again", again)


if __name__ == "__main__":
    main()
