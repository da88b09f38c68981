"""Plain folders of Markdown: addresses, dates, and what other generators leave in the text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.errors import SourceError
from feeds.model import Post, Reading, SourceOptions
from feeds.sources.plain import SOURCE
from sites import post, write

SITE = "https://lab.example.org/group"


def read(root: Path, files: Mapping[str, str], path: str, **options: Any) -> Reading:
    write(root, dict(files))
    given_options = SourceOptions(name="loose", **{"url": SITE, **options})
    tree = SOURCE.open(root, given_options)
    assert path in tree.paths
    return SOURCE.read(tree, path, given_options)


def post_of(root: Path, content: str, path: str = "a/b.md", **options: Any) -> Post:
    found = read(root, {path: content}, path, **options).post
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "front", "url"),
    [
        ("a/b.md", "title: T", f"{SITE}/a/b/"),
        ("a/b c.qmd", "title: T", f"{SITE}/a/b%20c/"),
        ("a/ü.markdown", "title: T", f"{SITE}/a/%C3%BC/"),
        ("a/index.md", "title: T", f"{SITE}/a/"),
        ("a/README.md", "title: T", f"{SITE}/a/"),
        ("index.md", "title: T", f"{SITE}/"),
        ("a/b.md", "url: /own/address", f"{SITE}/own/address"),
        ("a/b.md", "permalink: /own/", f"{SITE}/own/"),
        ("a/b.md", "permalink: /:year/:title/", f"{SITE}/a/b/"),
        ("a/b.md", "canonical_url: https://other.example.org/x", "https://other.example.org/x"),
        ("a/b.md", "url: https://lab.example.org/x", "https://lab.example.org/x"),
        ("a/b.md", "url: https://doi.org/10.5555/paper", f"{SITE}/a/b/"),
        ("a/b.md", "url: javascript:alert(1)", f"{SITE}/a/b/"),
    ],
)
def test_addresses(tmp_path: Path, path: str, front: str, url: str) -> None:
    """A post is where it says it is, else where its path says; a paper's address is not the post's."""
    assert post_of(tmp_path, post(front, "date: 2020-01-01"), path).url == url


def test_without_a_site_files_are_where_they_lie(tmp_path: Path) -> None:
    """Loose files have addresses on this machine."""
    found = post_of(tmp_path, post("date: 2020-01-01"), url="")
    assert found.url == f"{tmp_path.as_uri()}/a/b/"


@pytest.mark.parametrize(
    ("path", "front", "date"),
    [
        ("x.md", "date: 2020-01-02", datetime(2020, 1, 2, tzinfo=UTC)),
        ("x.md", "pubdate: 2020-01-02", datetime(2020, 1, 2, tzinfo=UTC)),
        ("x.md", "publishDate: 2020-01-02 10:00:00 +0200", datetime(2020, 1, 2, 8, tzinfo=UTC)),
        ("x.md", "published: 2020-01-02", datetime(2020, 1, 2, tzinfo=UTC)),
        ("x.md", "published: true\ncreated: 2 January 2020", datetime(2020, 1, 2, tzinfo=UTC)),
        ("2020-01-02-x.md", "title: T", datetime(2020, 1, 2, tzinfo=UTC)),
        ("2020-01-02-x/index.md", "title: T", datetime(2020, 1, 2, tzinfo=UTC)),
        ("2020-01-02-x.md", "date: 2021-03-04", datetime(2021, 3, 4, tzinfo=UTC)),
    ],
)
def test_dates(tmp_path: Path, path: str, front: str, date: datetime) -> None:
    """The first of the usual keys is the date, then the file name."""
    assert post_of(tmp_path, post(front), path).published == date


@pytest.mark.parametrize(
    ("front", "where", "message"),
    [
        ("title: T", "a/b.md", "no date in the front matter or the file name: left out"),
        ("date: soon", "a/b.md:2", "'soon' is not a date"),
        ("date: 2020-13-01", "a/b.md:2", "'2020-13-01' is not a date"),
    ],
)
def test_nothing_is_now(tmp_path: Path, front: str, where: str, message: str) -> None:
    """A post without a date is left out with an error, never dated by the clock."""
    reading = read(tmp_path, {"a/b.md": post(front)}, "a/b.md")
    assert reading.post is None
    assert (where, message, "error") in [(p.where, p.message, p.severity) for p in reading.problems]


def test_toml_front_matter(tmp_path: Path) -> None:
    """Hugo's TOML between +++ is read, with its lines."""
    content = (
        '+++\ntitle = "A lamp"\ndate = 2020-01-02T10:00:00+01:00\ntags = ["a", "b"]\n[extra]\nx = 1\n+++\nWords.\n'
    )
    found = post_of(tmp_path, content)
    assert (found.title, found.tags, found.published) == ("A lamp", ("a", "b"), datetime(2020, 1, 2, 9, tzinfo=UTC))
    assert found.front_lines == {"title": 2, "date": 3, "tags": 4, "extra": 5}
    assert dict(zip(found.body.split("\n"), found.body_lines, strict=True))["Words."] == 8


def test_bad_toml_is_reported(tmp_path: Path) -> None:
    """TOML that is none is an error, not a crash."""
    reading = read(tmp_path, {"x.md": "+++\ntitle = \n+++\nWords.\n"}, "x.md")
    assert reading.post is None
    assert reading.problems[0].message.startswith("the front matter is not TOML")


def test_shortcodes_and_divs_go(tmp_path: Path) -> None:
    """Shortcodes and div fences are no text; they are reported once, and examples in code stay."""
    body = (
        '{{< figure src="a.png" >}}\nkept\n\n::: {.callout-note}\ninside\n:::\n\n'
        '{{% tweet user="x" %}}\n\n```md\n{{< in code >}}\n:::\n```\n'
    )
    reading = read(tmp_path, {"x.md": post("date: 2020-01-01", body=body)}, "x.md")
    assert reading.post is not None
    assert "figure" not in reading.post.body
    assert "tweet" not in reading.post.body
    assert "callout" not in reading.post.html
    assert "kept" in reading.post.body
    assert "inside" in reading.post.body
    assert "{{< in code >}}\n:::\n```" in reading.post.body
    assert [(p.where, p.severity) for p in reading.problems] == [("x.md:5", "warning")]
    source = post("date: 2020-01-01", body=body).split("\n")
    lines = dict(zip(reading.post.body.split("\n"), reading.post.body_lines, strict=True))
    assert source[lines["inside"] - 1] == "inside"


def test_liquid_in_loose_posts(tmp_path: Path) -> None:
    """A Jekyll post on its own still knows its title; Liquid shown in code is left to be read."""
    body = "### {{ page.title }}\n\n```liquid\n{{ page.title }}\n```\n"
    found = post_of(tmp_path, post("title: Lamps", "date: 2020-01-01", body=body))
    assert found.body == "\n### Lamps\n\n```liquid\n{{ page.title }}\n```\n"


def test_braces_that_are_no_liquid_stay(tmp_path: Path) -> None:
    """Outside Jekyll, double braces are ordinary text."""
    found = post_of(tmp_path, post("date: 2020-01-01", body="The set {{a}} of $x_{{i}}$.\n"))
    assert found.body == "\nThe set {{a}} of $x_{{i}}$.\n"


@pytest.mark.parametrize(
    ("front", "body", "title"),
    [
        ("title: Stated", "# Heading\n", "Stated"),
        ("layout: x", "Words.\n\n# The *Heading* #\n", "The Heading"),
        ("layout: x", "Words.\n", "A Small Lamp"),
    ],
)
def test_titles(tmp_path: Path, front: str, body: str, title: str) -> None:
    """The front matter's title, else the first heading, else the file's name."""
    content = post(front, "date: 2020-01-01", body=body)
    assert post_of(tmp_path, content, "2020-01-01-a-small-lamp.md").title == title


def test_what_is_a_post(tmp_path: Path) -> None:
    """Markdown anywhere, text files only with front matter, nothing that is hidden or generated."""
    names = ("a.md", "b.qmd", "c/d.mdx", "e.txt", ".f/g.md", "_site/h.md", "node_modules/i.md", "j.html", "k.MD")
    write(tmp_path, {**dict.fromkeys(names, "x"), "l.txt": post("title: T")})
    tree = SOURCE.open(tmp_path, SourceOptions(name="loose", exclude=("b.*",)))
    assert tree.paths == ("a.md", "c/d.mdx", "k.MD", "l.txt")


def test_withheld(tmp_path: Path) -> None:
    """Drafts are held back unless asked for."""
    content = post("date: 2020-01-01", "draft: true")
    assert read(tmp_path, {"x.md": content}, "x.md").withheld == "draft"
    assert read(tmp_path, {"x.md": content}, "x.md", drafts=True).post is not None


def test_files_beside_the_post_come_first(tmp_path: Path) -> None:
    """Of two files with one name the one beside the post is meant."""
    files = {"a/x.md": post("date: 2020-01-01", "pdf: p.pdf"), "a/p.pdf": "x", "b/p.pdf": "x"}
    reading = read(tmp_path, files, "a/x.md")
    assert reading.post is not None
    assert reading.post.files == {"p.pdf": f"{SITE}/a/p.pdf"}


def test_missing_folder(tmp_path: Path) -> None:
    """A folder that is not there stops the run with one line."""
    with pytest.raises(SourceError):
        SOURCE.open(tmp_path / "nowhere", SourceOptions(name="loose"))


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: f"+++\n{t}\n+++\n{t}".encode("utf-8", "replace")))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_content_raises(tmp_path: Path, content: bytes) -> None:
    """Whatever is in a file, reading it gives a post, a reason or a problem."""
    (tmp_path / "2020-01-01-x.md").write_bytes(content)
    options = SourceOptions(name="loose", url=SITE)
    reading = SOURCE.read(SOURCE.open(tmp_path, options), "2020-01-01-x.md", options)
    assert reading.post or reading.problems or reading.withheld
