"""A small Jekyll site in a temporary folder, for tests of the whole flow."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feeds import config, pipeline, publish
from feeds.settings import Config

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
PAPER = """---
title: "{title}"
date: {date}
category: publications
---

### {{{{ page.title }}}}
#### Ada Lamplighter, Bo Wick and Chandra Glow
##### Journal of Imaginary Optics volume 7, pages 12–19 (2020) [doi:{doi}](https://doi.org/{doi})

**Abstract** {text}
"""
NEWS = """---
title: {title}
date: {date}
category: news
---

{text}
"""


class SmallSite:
    """The site's folder, its configuration, and a way to build it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.posts = folder / "site" / "_posts"
        self.output = folder / "output"
        self.posts.mkdir(parents=True)
        (folder / "site" / "_config.yml").write_text(
            "title: The Lantern Lab\nurl: https://lantern.example.org\ntimezone: UTC\n"
        )
        self.settings = "sources: [{path: site}]\n"

    def paper(self, slug: str, date: str = "2020-05-01", text: str = "We light lamps.", doi: str = "") -> Path:
        """Write a post about a paper."""
        file = self.posts / f"{date}-{slug}.md"
        file.write_text(PAPER.format(title=f"On {slug}", date=date, text=text, doi=doi or f"10.5555/{slug}"))
        return file

    def news(self, slug: str, date: str = "2021-01-01", text: str = "We moved house.", more: str = "") -> Path:
        """Write a post of news; `more` are lines of front matter."""
        file = self.posts / f"{date}-{slug}.md"
        post = NEWS.format(title=f"About {slug}", date=date, text=text)
        file.write_text(post.replace("category: news\n", f"category: news\n{more}"))
        return file

    def age(self, days: float = 1000) -> None:
        """Let the files be old, as after a checkout long ago."""
        stamp = (NOW - timedelta(days=days)).timestamp()
        for file in self.posts.rglob("*"):
            os.utime(file, (stamp, stamp))

    def config(self) -> Config:
        """The configuration as it stands."""
        return config.parse(self.settings.encode(), self.folder / "config.yaml")

    def build(self, now: datetime = NOW, **options: Any) -> pipeline.Report:
        """One run."""
        return pipeline.run(self.config(), now=now, **options)

    def files(self) -> dict[str, bytes]:
        """Everything that is published."""
        target = publish.Target(output=self.output, work=self.folder / ".output.feeds")
        return {path: (self.output / path).read_bytes() for path in sorted(publish.sizes(target))}

    def manifest(self) -> publish.Manifest:
        """The published manifest."""
        return publish.read_manifest(publish.Target(output=self.output, work=self.folder / ".output.feeds"))
