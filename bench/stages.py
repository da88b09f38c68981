"""What a post costs in each stage of a full build, in CPU time of one process.

The functions that a stage begins with are wrapped by a clock.  The time of a stage within another is its own alone.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measure import SHARED
from posts import make_site

START, WALK, READ, EXTRACT, RENDER = "start", "open, walk", "read", "extract, resolve", "render items"
STAGE, FEEDS, LISTS, SITE = "write files aside", "feeds", "lists of works", "site documents"
PUBLISH, STATE, REST = "publish", "state", "plan, settle, report"
STAGES = (START, WALK, READ, EXTRACT, RENDER, STAGE, FEEDS, LISTS, SITE, PUBLISH, STATE, REST)


class Clock:
    """CPU seconds by stage, from now on."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = dict.fromkeys(STAGES, 0.0)
        self._since = time.process_time()
        self._within = [START]

    def turn(self) -> None:
        """What was spent since the last turn belongs to the innermost stage."""
        now = time.process_time()
        self.spent[self._within[-1]] += now - self._since
        self._since = now

    def timed(self, function: Callable[..., Any], stage: str | Callable[..., str]) -> Callable[..., Any]:
        """A function whose calls belong to a stage, or to that which its arguments tell."""

        def run(*given: Any, **named: Any) -> Any:
            self.turn()
            self._within.append(stage if isinstance(stage, str) else stage(*given))
            try:
                return function(*given, **named)
            finally:
                self.turn()
                self._within.pop()

        return run

    def wrap(self, owner: Any, name: str, stage: str | Callable[..., str]) -> None:
        """Have every call of the function that `owner` has under this name belong to a stage."""
        setattr(owner, name, self.timed(getattr(owner, name), stage))


def wrap_all(clock: Clock) -> None:
    """Wrap what each stage begins with."""
    from msgspec.structs import replace

    from feeds import _flow, _rendering, documents, one_post, pipeline, publish, registry, state

    jekyll = registry.source("jekyll")
    jekyll = replace(jekyll, read=clock.timed(jekyll.read, READ))
    vars(registry)["source"] = lambda _name: jekyll

    def of_document(export: Any, *_rest: Any) -> str:
        return FEEDS if registry.exporter(export.name).scope == "collection" else LISTS

    clock.wrap(pipeline, "open_sources", WALK)
    clock.wrap(one_post, "understand", EXTRACT)
    clock.wrap(one_post, "_render", RENDER)
    clock.wrap(publish, "stage", STAGE)
    clock.wrap(documents, "_made", of_document)
    clock.wrap(_rendering, "process", FEEDS)  # archives
    clock.wrap(documents, "_site_documents", SITE)
    clock.wrap(publish, "commit", PUBLISH)
    clock.wrap(_flow, "run", REST)
    for name in [name for name in vars(state.State) if not name.startswith("_")]:
        clock.wrap(state.State, name, STATE)


def spent(folder: Path, count: int) -> dict[str, float]:
    """CPU seconds by stage of a full build of `count` posts, in this process: to be asked once a process."""
    make_site(folder, count)
    clock = Clock()
    from feeds import config, pipeline

    wrap_all(clock)
    settings = config.load(folder / "config.yaml")
    pipeline.run(settings, now=datetime.now(UTC), jobs=1)
    clock.turn()
    return clock.spent


def table(count: int, taken: dict[str, float]) -> list[str]:
    """The stages as a table of Markdown."""
    lines = [f"| {count:,} posts, one process | CPU s | µs a post | share |", "| --- | --: | --: | --: |"]
    whole = sum(taken.values())
    for name in (*STAGES, "all"):
        seconds = whole if name == "all" else taken[name]
        lines.append(f"| {name} | {seconds:.2f} | {seconds / count * 1e6:.0f} | {seconds / whole:.0%} |")
    return lines


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--folder", type=Path, default=SHARED, help="where the site is made, best in memory")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        taken = spent(Path(folder), asked.posts)
    print(*table(asked.posts, taken), sep="\n")


if __name__ == "__main__":
    main()
