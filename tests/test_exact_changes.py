"""A change rewrites the files that depend on it, and no others; what need not be read again is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from small_site import SmallSite

PAPER = """---
title: On {slug}
date: {date}
category: publications
tags: [{tag}]
---

### {{{{ page.title }}}}
#### {author}
##### Journal of Imaginary Optics volume 7, pages 12–19 (2020) [doi:10.5555/{slug}](https://doi.org/10.5555/{slug})

**Abstract** {text}
"""
ADA = "people: [{name: Ada Lamplighter, orcid: 0000-0002-1825-0097}]\n"
LAMPS, WICKS = "publications/2019/05/01/lamps.jsonld", "publications/2020/05/01/wicks.jsonld"
MOVING = "news/2021/01/01/moving.jsonld"
WHOLE = {"site.jsonld", "sitemap.xml", "feeds.opml", "index.html", "manifest.json"}


def settings(atom: str = "atom", more: str = "") -> str:
    exports = f"exports: [{atom}, rss, jsonld, site-jsonld, bibtex-list, sitemap, opml, index]\n"
    return f"sources: [{{path: site}}]\ncollections: [{{each: tag}}]\n{exports}{more}"


def paper(site: SmallSite, slug: str, date: str, author: str, tag: str, text: str = "We look at it.") -> None:
    body = PAPER.format(slug=slug, date=date, author=author, tag=tag, text=text)
    (site.posts / f"{date}-{slug}.md").write_text(body, encoding="utf-8")


def wicks(site: SmallSite, tag: str = "wax", text: str = "We look at it.") -> None:
    paper(site, "wicks", "2020-05-01", "Bo Wick", tag, text)


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    """Two papers and a piece of news, published: lamps by Ada and the news are about light, wicks by Bo about wax."""
    made = SmallSite(tmp_path)
    made.settings = settings()
    paper(made, "lamps", "2019-05-01", "Ada Lamplighter", "light")
    wicks(made)
    made.news("moving", more="tags: [light]\n")
    made.age()
    made.build()
    return made


def of(tag: str, *names: str) -> set[str]:
    """The documents of a tag; its feeds, or those that are named."""
    return {f"collections/tag/{tag}/{name}" for name in names or ("feed.atom", "feed.rss")}


def changed(site: SmallSite, read: int) -> set[str]:
    """What the next run writes; it reads so many posts."""
    site.age()
    report = site.build()
    assert report.read == read
    published = site.files()
    site.build(full=True)
    assert site.files() == published
    return set(report.written)


def test_another_title_of_the_site(site: SmallSite) -> None:
    """It is in every feed, and with the news, which is a part of the site; no post is read for it."""
    site.settings = settings(more="site: {title: The Lamp Lab}\n")
    whole = WHOLE - {"sitemap.xml"}
    assert changed(site, read=0) == whole | {"feed.atom", "feed.rss", MOVING} | of("light") | of("wax")


def test_somebody_gets_an_orcid_id(site: SmallSite) -> None:
    """It goes where it can be said and where that person is named: not to RSS, BibTeX and the papers of others."""
    site.settings = settings(more=ADA)
    assert changed(site, read=3) == {LAMPS, "feed.atom", "manifest.json"} | of("light", "feed.atom")


def test_one_format_has_another_setting(site: SmallSite) -> None:
    """Only documents of that format are made anew."""
    site.settings = settings("{atom: {content: summary}}")
    assert changed(site, read=0) == {"feed.atom", "manifest.json"} | of("light", "feed.atom") | of("wax", "feed.atom")


def test_a_limit_that_changes_nothing_yet(site: SmallSite) -> None:
    """A feed that may have more items than there are stays as it is."""
    site.settings = settings("{atom: {limit: 40}}")
    assert changed(site, read=0) == set()


def test_a_post_says_more(site: SmallSite) -> None:
    """Feeds and lists that it is in are written, those of others not."""
    wicks(site, text="We look at wicks.")
    everywhere = {WICKS, "feed.atom", "feed.rss", "publications.bib"}
    assert changed(site, read=1) == everywhere | of("wax", "feed.atom", "feed.rss", "publications.bib") | WHOLE


def test_a_post_gets_another_tag(site: SmallSite) -> None:
    """It enters the documents of its new tag, and leaves those of its old one."""
    wicks(site, tag="light")
    written = changed(site, read=1)
    assert written >= {WICKS, "feed.atom", "feed.rss"} | of("light", "feed.atom", "feed.rss", "publications.bib")
    assert not written & {LAMPS, MOVING}
    assert "publications.bib" not in "".join(path for path in site.files() if "/wax/" in path)
