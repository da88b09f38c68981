"""llms.txt, read back as Markdown by comrak and as HTML by lxml."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import comrak
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.exporters import llms
from feeds.model import Artifact, Catalog, Person, Row, Site
from feeds.text import legal, squeeze

SITE = Site(url="https://example.org/lab", feeds_url="https://example.org/feeds", title="The *Lantern* Lab")
WHEN = datetime(2024, 3, 1, tzinfo=UTC)


def row(number: int, **members: Any) -> Row:
    url = f"https://example.org/lab/{number}"
    given = {"kind": "news", "title": f"Lamp {number}", "url": url, **members}
    return Row(id=url, path=f"s:{number}", published=WHEN, updated=WHEN, **given)


def rendered(*rows: Row, site: Site = SITE, **more: Any) -> str:
    catalog = Catalog(rows=rows, collections=(), feeds=more.pop("feeds", ()), updated=WHEN)
    return next(iter(llms.EXPORTER.render(catalog, site, llms.EXPORTER.options(**more)))).body.decode()


def test_document() -> None:
    """The site, its works, talks and news, and where everything else is, in the shape that llmstxt.org describes."""
    wicks = tuple(Person(name=name) for name in ("Ada Wick", "Bo Glow", "Cy Flint", "Di Spark"))
    paper = row(
        1, kind="article", title="Wick [and] glow", authors=wicks, date="2023-11", journal="J. Lamps", doi="10.1/a"
    )
    talk = row(2, kind="talk", url="https://example.org/lab/a (b)")
    hidden = row(3, in_sitemap=False)
    feed = Artifact(path="feed.atom", media_type="application/atom+xml", title="Everything")
    site = Site(url=SITE.url, feeds_url=SITE.feeds_url, title=SITE.title, description="We study lamps.")
    assert rendered(paper, talk, row(4), hidden, site=site, feeds=(("", feed), ("papers", feed))) == (
        "# The \\*Lantern\\* Lab\n\n> We study lamps.\n\n"
        "## Publications\n\n"
        "- [Wick \\[and\\] glow](https://example.org/lab/1): "
        "Ada Wick, Bo Glow, Cy Flint et al. J. Lamps. 2023-11. https://doi.org/10.1/a\n\n"
        "## Talks and posters\n\n- [Lamp 2](https://example.org/lab/a%20%28b%29): 2024-03-01\n\n"
        "## News\n\n- [Lamp 4](https://example.org/lab/4): 2024-03-01\n\n"
        "## Optional\n\n- [Everything](https://example.org/feeds/feed.atom)\n"
    )


def test_documents_of_one_title_are_told_apart() -> None:
    """Lists for reference managers that are all called after the site are named by their files as well."""
    lists = tuple(("", Artifact(path=f"publications.{end}", media_type=end, title="Lab")) for end in ("bib", "ris"))
    catalog = Catalog(rows=(row(1),), collections=(), feeds=(), lists=lists, updated=WHEN)
    [artifact] = llms.EXPORTER.render(catalog, SITE, llms.Options())
    assert artifact.body.decode().endswith(
        "## Optional\n\n- [Lab (publications.bib)](https://example.org/feeds/publications.bib)\n"
        "- [Lab (publications.ris)](https://example.org/feeds/publications.ris)\n"
    )


def test_the_newest() -> None:
    """Of more items than are wanted the newest are listed."""
    text = rendered(*(row(n) for n in range(5)), limit=2)
    assert [n for n in range(5) if f"Lamp {n}" in text] == [0, 1]


@given(st.text(min_size=1, max_size=40).map(legal).filter(squeeze))
def test_a_title_is_text(title: str) -> None:
    """Whatever stands in a title, Markdown reads one link with that text and nothing else."""
    page = etree.HTML(comrak.render_markdown(rendered(row(1, title=title))))
    [link] = page.iter("a")
    assert link.get("href") == "https://example.org/lab/1"
    assert squeeze(str(link.xpath("string(.)"))) == squeeze(title)
