"""The example site, read and understood, against the truth that was written by hand in expected_example.json.

A field that a post's expectation leaves out is expected to be empty: nothing may be invented.
`{"any of": […]}` stands where the post itself can be read in more than one way.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from feeds.model import Item, Post, Reading, SourceOptions, Tree, Work
from feeds.one_post import understand
from feeds.sources.jekyll import SOURCE

HERE = Path(__file__).parent
SITE = HERE.parent / "examples" / "site"
EXPECTED: dict[str, Any] = json.loads((HERE / "expected_example.json").read_text("utf-8"))
OPTIONS = SourceOptions(name="lantern")

PLAIN_WORK_FIELDS = """journal volume issue first_page last_page article_number date doi pmid pmcid arxiv issn publisher
    preprint_doi preprint_server pdf event location""".split()
POST_FLAGS = {"in_feeds": True, "in_sitemap": True, "group": "posts", "image": "", "lang": ""}
POST_LISTS = ("categories", "tags", "redirects")
MOMENTS = ("published", "modified")


# ------------------------------------------------------------------------------------------------ reading


@pytest.fixture(scope="module")
def tree() -> Tree:
    return SOURCE.open(SITE, OPTIONS)


@pytest.fixture(scope="module")
def readings(tree: Tree) -> Mapping[str, Reading]:
    return {path: SOURCE.read(tree, path, OPTIONS) for path in tree.paths}


def published(readings: Mapping[str, Reading], path: str) -> Post:
    assert path in readings, f"{path}: the source does not list it"
    post = readings[path].post
    assert post is not None, f"{path}: no post came of it: {readings[path].withheld} {readings[path].problems}"
    return post


def understood(readings: Mapping[str, Reading], tree: Tree, path: str) -> Item:
    published(readings, path)
    return understand(readings[path], tree, OPTIONS)[0]


# ------------------------------------------------------------------------------------------------ comparing


def accepts(expected: Any, got: Any) -> bool:
    """Is `got` the expected value, or one of several that are equally right?"""
    return got in expected["any of"] if isinstance(expected, dict) else bool(got == expected)


def unequal(field: str, expected: Any, got: Any) -> Iterator[str]:
    if not accepts(expected, got):
        yield f"{field}:\n    expected {expected!r}\n    got      {got!r}"


def bounds(abstract: str, expected: Mapping[str, Any]) -> Iterator[str]:
    """Does the abstract start and end where the post's does, and have its paragraphs?"""
    line = " ".join(abstract.split())
    ends = (("abstract_start", line.startswith, line[:90]), ("abstract_end", line.endswith, line[-90:]))
    for key, holds, got in ends:
        wanted = expected.get(key, "")
        wordings = wanted["any of"] if isinstance(wanted, dict) else [wanted]
        if not any(holds(w) for w in wordings) or (line and not wanted):
            yield f"{key}:\n    expected {wanted!r}\n    got      {got!r}"
    if count := expected.get("abstract_paragraphs"):
        yield from unequal("abstract_paragraphs", count, len(abstract.split("\n\n")))


def work_differences(work: Work | None, expected: Mapping[str, Any]) -> Iterator[str]:
    if expected["kind"] == "news" or work is None:
        yield from unequal("kind", expected["kind"], work.kind if work else "news")
        return
    yield from unequal("kind", expected["kind"], work.kind)
    yield from unequal("title", expected["title"], work.title)
    yield from unequal("authors", expected["authors"], [person.name for person in work.authors])
    groups = [person.name for person in work.authors if person.organization]
    yield from unequal("organizations", expected.get("organizations", []), groups)
    if families := expected.get("families"):
        yield from unequal("families", families, [person.family for person in work.authors])
    yield from unequal("authors_truncated", expected.get("authors_truncated", False), work.authors_truncated)
    for field in PLAIN_WORK_FIELDS:
        yield from unequal(field, expected.get(field, ""), getattr(work, field))
    yield from bounds(work.abstract, expected)


def post_differences(post: Post, expected: Mapping[str, Any]) -> Iterator[str]:
    yield from unequal("url", expected["url"], post.url)
    if expected["kind"] == "news":
        yield from unequal("title", expected["title"], post.title)
    yield from unequal("posters", expected.get("posters", []), [person.name for person in post.authors])
    for field, default in POST_FLAGS.items():
        yield from unequal(field, expected.get(field, default), getattr(post, field))
    for field in POST_LISTS:
        yield from unequal(field, expected.get(field, []), list(getattr(post, field)))
    for field in MOMENTS:
        stated = expected.get(field)
        yield from unequal(field, stated and datetime.fromisoformat(stated), getattr(post, field))
    yield from text_differences(post, expected)


def text_differences(post: Post, expected: Mapping[str, Any]) -> Iterator[str]:
    """What must stand, and must not stand, in the summary, the HTML and the text that a reader sees."""
    seen = " ".join(html.unescape(re.sub(r"<[^>]*>", "", post.html)).split())
    for field, where in (("text", seen), ("html", post.html), ("summary", post.summary)):
        for wanted in expected.get(f"{field}_has", []):
            if wanted not in where:
                yield f"{field} lacks {wanted!r}:\n    {where}"
        for unwanted in expected.get(f"{field}_lacks", []):
            if unwanted in where:
                yield f"{field} has {unwanted!r}:\n    {where}"
    if not post.summary.startswith(expected.get("summary_start", "")):
        yield f"summary:\n    expected to start {expected['summary_start']!r}\n    got {post.summary[:120]!r}"


def assert_none(path: str, differences: Iterator[str]) -> None:
    if found := list(differences):
        pytest.fail("\n".join([f"{path}: {len(found)} differ", *found]), pytrace=False)


# ------------------------------------------------------------------------------------------------ tests


def test_the_site_says_what_it_is(tree: Tree) -> None:
    """Title, address with base path, language and time zone come from the site's own configuration."""
    got = {key: tree.site.get(key) for key in EXPECTED["site"]}
    assert got == EXPECTED["site"]


def test_every_post_has_an_expectation(tree: Tree) -> None:
    """The expectations name every path that the source lists, and the source lists no page that is not a post."""
    known = {*EXPECTED["posts"], *EXPECTED["withheld"], *EXPECTED["broken"]}
    assert set(tree.paths) <= known
    assert known - set(tree.paths) <= {path for path, held in EXPECTED["withheld"].items() if held["why"] == "draft"}
    assert not set(tree.paths) & set(EXPECTED["no posts"])


def test_the_readme_names_every_post(tree: Tree) -> None:
    """The table in the site's README shows each post, so that a newcomer finds the shape they look for."""
    readme = (SITE / "README.md").read_text("utf-8")
    missing = [path for path in {*tree.paths, *EXPECTED["posts"], *EXPECTED["withheld"]} if f"`{path}`" not in readme]
    assert not missing


@pytest.mark.parametrize("path", EXPECTED["posts"])
def test_a_post_is_read_as_its_site_publishes_it(readings: Mapping[str, Reading], path: str) -> None:
    """Address, dates, posters, tags and text are those of the page that Jekyll builds."""
    assert_none(path, post_differences(published(readings, path), EXPECTED["posts"][path]))


@pytest.mark.parametrize("path", EXPECTED["posts"])
def test_the_work_behind_a_post_is_understood(readings: Mapping[str, Reading], tree: Tree, path: str) -> None:
    """The scholarly record has what the post says of its work, and nothing that it does not say."""
    assert_none(path, work_differences(understood(readings, tree, path).work, EXPECTED["posts"][path]))


@pytest.mark.parametrize("path", EXPECTED["posts"])
def test_what_was_repaired_or_left_out_of_a_post_is_said(readings: Mapping[str, Reading], path: str) -> None:
    """Each line that could not be taken as it stands has a warning with file and line; no post is an error."""
    problems = readings[path].problems if path in readings else ()
    places = {problem.where for problem in problems}
    missing = {f"{path}:{line}" for line in EXPECTED["posts"][path].get("warnings", [])} - places
    assert not missing, f"no warning at {sorted(missing)}; got {problems}"
    assert all(problem.severity == "warning" for problem in problems), problems


@pytest.mark.parametrize("path", EXPECTED["posts"])
def test_a_pdf_at_hand_comes_with_its_true_size(readings: Mapping[str, Reading], tree: Tree, path: str) -> None:
    """A PDF that the site serves is attached with type, size and hash of the file; one that is missing is not."""
    pdf = EXPECTED["posts"][path].get("pdf", "")
    file = SITE / pdf.removeprefix(EXPECTED["site"]["url"] + "/")
    attached = understood(readings, tree, path).post.attachments
    got = [(a.url, a.media_type, a.size, a.sha256) for a in attached]
    if not file.is_file():
        assert got == []
        return
    assert got == [(pdf, "application/pdf", file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest())]


@pytest.mark.parametrize("path", EXPECTED["withheld"])
def test_a_post_that_is_held_back_is_not_published_now(readings: Mapping[str, Reading], path: str) -> None:
    """Drafts and unpublished posts yield no post; future and expired ones carry the moment that decides."""
    held = EXPECTED["withheld"][path]
    reading = readings.get(path, Reading(withheld="not listed"))
    moments = {key: datetime.fromisoformat(held[key]) for key in ("not_before", "expires") if key in held}
    if not moments:
        assert reading.post is None
        assert reading.withheld
        assert not reading.problems
        return
    post = published(readings, path)
    assert {key: getattr(post, key) for key in moments} == moments


@pytest.mark.parametrize("path", EXPECTED["broken"])
def test_a_broken_post_is_reported_with_its_line(readings: Mapping[str, Reading], path: str) -> None:
    """A post that cannot be read is one error that names file and line and says what to do."""
    reading = readings[path]
    assert reading.post is None
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    assert [problem.where for problem in errors] == [f"{path}:{EXPECTED['broken'][path]}"], errors
    assert all(problem.message and problem.hint for problem in errors)
