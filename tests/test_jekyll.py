"""Jekyll sites: what is read from them, what is left out, and what is said about it."""

from __future__ import annotations

import pickle
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from feeds.errors import SourceError
from feeds.model import Dates, Person, Post, Reading, SourceOptions, Tree
from feeds.sources.jekyll import SOURCE
from sites import post, write

CONFIG = "url: https://lab.example.org\nbaseurl: /group\ntimezone: Europe/Zurich\nlang: en_GB\n"
NAME = "_posts/2020-03-01-lamps.md"
ADA = Person(name="Ada Beispiel", aliases=("@ada",))


def opened(root: Path, files: Mapping[str, str], **options: Any) -> Tree:
    write(root, {"_config.yml": CONFIG, **files})
    return SOURCE.open(root, SourceOptions(name="posts", **options))


def read(root: Path, files: Mapping[str, str], path: str = NAME, **options: Any) -> Reading:
    tree = opened(root, files, **options)
    assert path in tree.paths
    return SOURCE.read(tree, path, SourceOptions(name="posts", **options))


def post_of(root: Path, *front: str, body: str = "Some words.\n", **options: Any) -> Post:
    found = read(root, {NAME: post(*front, body=body)}, **options).post
    assert found is not None
    return found


def said(reading: Reading | Tree) -> list[str]:
    return [f"{p.severity} {p.where}: {p.message}" for p in reading.problems]


# ------------------------------------------------------------------------------------------------------ a whole post


def test_a_post_about_a_paper(tmp_path: Path) -> None:
    """Everything that a usual post says arrives in its place."""
    text = post(
        'title: "Lamps & ledgers"',
        "date: 2020-03-02",
        'author: "@ada"',
        "excerpt_separator: <!--more-->",
        "pdf_file_name: 2020___Beispiel__Lamps.pdf",
        "category:",
        "  - news",
        "tags: [article]",
        "last_modified_at: 2020-04-01 12:00:00 +0200",
        body="### {{ page.title }}\n#### Ada Beispiel\n\nA short word.{: .x}\n\n<!--more-->\n\n*Abstract* [X](/x).\n",
    )
    reading = read(tmp_path, {NAME: text, "files/2020___Beispiel__Lamps.pdf": "%PDF"}, people=(ADA,))
    found = reading.post
    assert found is not None
    assert reading.problems == ()
    assert found.url == "https://lab.example.org/group/news/2020/03/02/lamps.html"
    assert found.title == "Lamps & ledgers"
    assert found.authors == (ADA,)
    assert found.published == datetime(2020, 3, 2, tzinfo=timezone(timedelta(hours=1)))
    assert found.modified == datetime(2020, 4, 1, 10, tzinfo=UTC)
    assert (found.categories, found.tags, found.group, found.lang) == (("news",), ("article",), "posts", "en-GB")
    assert found.summary == "A short word."
    assert "<h3>Lamps &amp; ledgers</h3>" in found.html
    assert 'href="https://lab.example.org/x"' in found.html
    assert "{:" not in found.html
    assert "{:" not in found.body
    assert found.files == {
        "2020___Beispiel__Lamps.pdf": "https://lab.example.org/group/files/2020___Beispiel__Lamps.pdf",
    }
    assert found.front["pdf_file_name"] == "2020___Beispiel__Lamps.pdf"
    assert found.front_lines["category"] == 7


def test_every_line_of_the_body_is_found_in_the_file(tmp_path: Path) -> None:
    """A line of the body is mapped to its line of the file, whatever Liquid does above it."""
    body = "first\n{% comment %}\ngone\n{% endcomment %}\n{% include two.html %}\nlast\n"
    text = post("title: T", body=body)
    found = read(tmp_path, {NAME: text, "_includes/two.html": "one\ntwo"}).post
    assert found is not None
    lines = dict(zip(found.body.split("\n"), found.body_lines, strict=True))
    source = text.split("\n")
    assert {name: source[lines[name] - 1] for name in ("first", "last")} == {"first": "first", "last": "last"}
    assert source[lines["one"] - 1] == source[lines["two"] - 1] == "{% include two.html %}"


def test_the_rest_of_the_front_matter(tmp_path: Path) -> None:
    """Images, old addresses, expiry and the switches for feeds and sitemap are understood."""
    found = post_of(
        tmp_path,
        "title: T",
        "image: {path: /assets/a b.png, alt: x}",
        "redirect_from: [/old/, https://other.example.org/x]",
        "expiryDate: 2021-01-01",
        "feed: false",
        "sitemap: false",
        "lang: de",
        "description: What **it** is.",
    )
    assert found.image == "https://lab.example.org/group/assets/a%20b.png"
    assert found.redirects == ("https://lab.example.org/group/old/", "https://other.example.org/x")
    assert found.expires == datetime(2020, 12, 31, 23, tzinfo=UTC)
    assert (found.in_feeds, found.in_sitemap, found.lang) == (False, False, "de")
    assert found.summary == "What it is."


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: The *E. coli* <b>lamp</b> &amp; more", "The E. coli lamp & more"),
        ("title: p < 0.01 and snake_case", "p < 0.01 and snake_case"),
        ("title: 2020. A year", "2020. A year"),
        ("title: 2020", "2020"),
        ("layout: post", "Lamps"),
    ],
)
def test_titles_are_plain_text(tmp_path: Path, line: str, title: str) -> None:
    """Markup in a title is resolved; without a title there is the one that Jekyll makes."""
    assert post_of(tmp_path, line).title == title


def test_a_footnote_mark_is_no_summary(tmp_path: Path) -> None:
    """The mark of a footnote whose text is behind the cut does not show in the summary."""
    body = "Lamps went out.[^1]\n\n<!--more-->\n\nLater.\n\n[^1]: All of them.\n"
    assert post_of(tmp_path, "excerpt_separator: <!--more-->", body=body).summary == "Lamps went out."


def test_posts_in_html_are_not_markdown(tmp_path: Path) -> None:
    """An .html post is taken as it is."""
    path = "_posts/2020-03-01-page.html"
    found = read(tmp_path, {path: post("title: T", body="<p>*stars* <script>x()</script></p>\n")}, path).post
    assert found is not None
    assert "*stars*" in found.html
    assert "script" not in found.html


# ------------------------------------------------------------------------------------------------------ people


@pytest.mark.parametrize(
    ("line", "names", "problems"),
    [
        ("author: '@ada'", ["Ada Beispiel"], 0),
        ("author: ADA", ["Ada Beispiel"], 0),
        ("authors: ['@ada', '@bo']", ["Ada Beispiel", "Bo Muster"], 0),
        ("author: '@ada, @bo'", ["Ada Beispiel", "Bo Muster"], 0),
        ("author: '@ada and @ada'", ["Ada Beispiel"], 0),
        ("author: Carla Probe", ["Carla Probe"], 0),
        ("author: Michael", ["Michael"], 0),
        ("author: 'Probe, Carla'", ["Carla Probe"], 0),
        ("author: Carla Probe and Dan Test", ["Carla Probe", "Dan Test"], 0),
        ("author: {name: Carla Probe, orcid: 0000-0002-1825-0097}", ["Carla Probe"], 0),
        ("author: {login: bo}", ["Bo Muster"], 0),
        ("author: Bo@Example.org", ["Bo Muster"], 0),
        ("author: carla@example.org", [], 1),
        ("author: '@nobody'", [], 1),
        ("author: nobody", [], 1),
        ("authors: ['@ada', '@nobody']", ["Ada Beispiel"], 1),
        ("author:", [], 0),
        ("author: [1, null, [x y]]", ["x y"], 1),
    ],
)
def test_posters(tmp_path: Path, line: str, names: list[str], problems: int) -> None:
    """Handles become people, names stay names, and a handle nobody answers to is never printed as a name."""
    data = "bo:\n  name: Bo Muster\n  email: bo@example.org\n  website: https://bo.example.org\n"
    reading = read(tmp_path, {NAME: post("title: T", line), "_data/authors.yml": data}, people=(ADA,))
    assert reading.post is not None
    assert [a.name for a in reading.post.authors] == names
    assert len(reading.problems) == problems
    assert all(p.where == f"{NAME}:3" and p.hint for p in reading.problems)


def test_people_of_the_site(tmp_path: Path) -> None:
    """_data/authors.yml is read with the keys that sites use."""
    data = (
        "bo:\n  given_name: Bo\n  family_name: Muster\n  orcid: https://orcid.org/0000-0002-1825-0097\n"
        "  homepage: https://bo.example.org\n  institution: University of Nowhere\ncd: Carla Probe\n"
    )
    tree = opened(tmp_path, {"_data/authors.yml": data}, people=(ADA,))
    assert tree.people == (
        ADA,
        Person(
            name="Bo Muster",
            given="Bo",
            family="Muster",
            orcid="0000-0002-1825-0097",
            url="https://bo.example.org",
            affiliation="University of Nowhere",
            aliases=("bo",),
        ),
        Person(name="Carla Probe", aliases=("cd",)),
    )


# ------------------------------------------------------------------------------------------------------ time


def test_future_posts_wait_unless_the_site_says_otherwise(tmp_path: Path) -> None:
    """A post is held back until its date, except on a site with `future: true`."""
    held = post_of(tmp_path / "a", "title: T", "date: 2090-01-01")
    assert held.not_before == held.published
    now = read(tmp_path / "b", {"_config.yml": CONFIG + "future: true\n", NAME: post("title: T")}).post
    assert now is not None
    assert now.not_before is None


def test_wrong_time_zone_is_reported_with_its_line(tmp_path: Path) -> None:
    """A time zone that does not exist is an error in _config.yml."""
    tree = opened(tmp_path, {"_config.yml": "url: https://example.org\ntimezone: Europe/Zürich\n"})
    assert said(tree) == ["error _config.yml:2: there is no time zone 'Europe/Zürich'"]


@pytest.mark.parametrize(
    ("front", "problem"),
    [
        ("date: some day", "error _posts/2020-03-01-lamps.md:2: 'some day' is not a date"),
        ("date: 2020", "error _posts/2020-03-01-lamps.md:2: '2020' is not a date"),
        ("date: [2020-01-01]", "error _posts/2020-03-01-lamps.md:2: \"['2020-01-01']\" is not a date"),
    ],
)
def test_a_wrong_date_leaves_the_post_out(tmp_path: Path, front: str, problem: str) -> None:
    """A date that is none is an error at its line: the address depends on it."""
    reading = read(tmp_path, {NAME: post(front)})
    assert reading.post is None
    assert problem in said(reading)


def test_the_machine_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same files give the same posts under another time zone and another working directory."""
    files = {NAME: post("title: T", "date: 2020-03-01 23:30:00", body="{{ page.date | date: '%A' }}")}
    first = read(tmp_path, files)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.chdir(tmp_path)
    time.tzset()
    try:
        assert read(tmp_path, files) == first
    finally:
        monkeypatch.undo()
        time.tzset()


# ------------------------------------------------------------------------------------------------------ left out


@pytest.mark.parametrize("line", ["published: false", "draft: true"])
def test_withheld(tmp_path: Path, line: str) -> None:
    """What its author holds back is held back without a complaint."""
    reading = read(tmp_path, {NAME: post(line)})
    assert (reading.post, reading.problems) == (None, ())
    assert reading.withheld in {"published: false", "draft"}


def test_drafts_on_demand(tmp_path: Path) -> None:
    """Drafts are read only when asked for, and need a date."""
    files = {"_drafts/one.md": post("title: T", "date: 2020-01-01"), "_drafts/two.md": post("title: T")}
    assert opened(tmp_path, files).paths == ()
    assert read(tmp_path, files, "_drafts/one.md", drafts=True).post is not None
    without = read(tmp_path, files, "_drafts/two.md", drafts=True)
    assert without.withheld == "no date"
    assert said(without) == ["warning _drafts/two.md: no date in the front matter or the file name: left out"]


def test_patterns_of_the_configuration(tmp_path: Path) -> None:
    """include and exclude are gitignore patterns on the path."""
    files = {f"{folder}_posts/2020-01-01-x.md": post("title: T") for folder in ("", "news/", "old/")}
    assert opened(tmp_path, files, exclude=("old/",)).paths == (
        "_posts/2020-01-01-x.md",
        "news/_posts/2020-01-01-x.md",
    )
    assert opened(tmp_path, files, include=("/news/", "old"), exclude=("old",)).paths == (
        "news/_posts/2020-01-01-x.md",
    )


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    """A symbolic link that leaves the site is reported, not read; one within is as good as the file."""
    write(tmp_path, {"secret.md": post("title: Secret"), "site/real.md": post("title: Real")})
    (tmp_path / "site/_posts").mkdir()
    (tmp_path / "site/_posts/2020-01-01-out.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "site/_posts/2020-01-01-in.md").symlink_to(tmp_path / "site/real.md")
    (tmp_path / "site/_posts/2020-01-01-gone.md").symlink_to(tmp_path / "nothing")
    (tmp_path / "site/loop").symlink_to(tmp_path / "site")
    tree = opened(tmp_path / "site", {})
    assert tree.paths == ("_posts/2020-01-01-in.md",)
    assert [p.where for p in tree.problems] == ["_posts/2020-01-01-gone.md", "_posts/2020-01-01-out.md"]


def test_a_posts_folder_elsewhere_is_not_read(tmp_path: Path) -> None:
    """_posts as a symbolic link out of the site is reported, not followed; within the site it is."""
    write(tmp_path, {"else/2020-01-01-x.md": post("title: T"), "site/content/2020-01-01-y.md": post("title: T")})
    (tmp_path / "site/_posts").symlink_to(tmp_path / "else")
    tree = opened(tmp_path / "site", {})
    assert tree.paths == ()
    assert [p.where for p in tree.problems] == ["_posts"]
    (tmp_path / "site/_posts").unlink()
    (tmp_path / "site/_posts").symlink_to(tmp_path / "site/content")
    assert opened(tmp_path / "site", {}).paths == ("_posts/2020-01-01-y.md",)


def test_includes_stay_inside(tmp_path: Path) -> None:
    """An include cannot read a file outside the site."""
    write(tmp_path, {"secret.txt": "SECRET"})
    body = "{% include ../../secret.txt %}{% include_relative ../secret.txt %}{% include link.html %}x\n"
    site = tmp_path / "site"
    write(site, {"_includes/a.html": ""})
    (site / "_includes/link.html").symlink_to(tmp_path / "secret.txt")
    reading = read(site, {NAME: post("title: T", body=body)})
    assert reading.post is not None
    assert reading.post.body == "\nx\n"
    assert len(reading.problems) == 3


# ------------------------------------------------------------------------------------------------------ the site


def test_missing_folder(tmp_path: Path) -> None:
    """A folder that is not there stops the run with one line."""
    with pytest.raises(SourceError, match="there is no folder"):
        SOURCE.open(tmp_path / "nowhere", SourceOptions(name="posts"))


def test_address_of_the_site(tmp_path: Path) -> None:
    """The address comes from the options, else from _config.yml; without either there is an error."""
    assert opened(tmp_path / "a", {}).site["url"] == "https://lab.example.org/group"
    assert opened(tmp_path / "b", {}, url="https://x.example.org/y/").site["url"] == "https://x.example.org/y"
    nowhere = opened(tmp_path / "c", {"_config.yml": "title: T\n"})
    assert nowhere.site["url"] == ""
    files = {"_config.yml": "title: T\n", NAME: post("title: T", body="{% link a.md %}"), "a.md": post("title: A")}
    local = read(tmp_path / "d", files).post
    assert local is not None
    assert local.url == f"{(tmp_path / 'd').as_uri()}/2020/03/01/lamps.html"
    assert local.body.strip() == "/a.html"
    assert said(nowhere) == ["error _config.yml: the site's address is not known"]


@pytest.mark.parametrize(
    "config",
    [
        "a: [",
        "- 1\n- 2\n",
        "just text",
        "a: &x [1]\nb: *y\n",
        "[" * 5000,
        "\x00",
        "a: &a [x,x]\n" + "b: &b [*a,*a,*a]\n" * 9,
    ],
)
def test_a_broken_configuration_is_reported(tmp_path: Path, config: str) -> None:
    """A _config.yml that cannot be read is an error; posts are still found."""
    tree = opened(tmp_path, {"_config.yml": config, NAME: post("title: T")})
    assert tree.paths == (NAME,)
    assert any(p.where.startswith("_config.yml") and p.severity == "error" for p in tree.problems)


def test_alias_bomb_in_the_configuration(tmp_path: Path) -> None:
    """Aliases that would grow to millions of values are refused at once."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    tree = opened(tmp_path, {"_config.yml": "\n".join(lines)})
    assert "too large" in said(tree)[0]


def test_fingerprint(tmp_path: Path) -> None:
    """It changes with what posts share, not with a post."""
    files = {"_data/a.yml": "x: 1", "_includes/a.html": "a", NAME: post("title: T")}
    before = opened(tmp_path, files).fingerprint
    assert opened(tmp_path, {**files, NAME: post("title: Other")}).fingerprint == before
    for change in (
        {"_config.yml": CONFIG + "x: 1\n"},
        {"_data/a.yml": "x: 2"},
        {"_includes/a.html": "b"},
        {"a.pdf": "x"},
    ):
        assert opened(tmp_path, {**files, **change}).fingerprint != before
        (tmp_path / "a.pdf").unlink(missing_ok=True)
    assert opened(tmp_path, files, pdf_base="/pdf").fingerprint != before


def test_a_tree_crosses_to_another_process(tmp_path: Path) -> None:
    """An opened site pickles, and reads the same afterwards."""
    tree = opened(tmp_path, {NAME: post("title: T")})
    again = pickle.loads(pickle.dumps(tree))  # noqa: S301 - our own bytes
    options = SourceOptions(name="posts")
    assert SOURCE.read(again, NAME, options) == SOURCE.read(tree, NAME, options)


def test_detection(tmp_path: Path) -> None:
    """A site with both marks is recognised with more confidence than one with one of them; a folder without is not."""
    write(tmp_path, {"both/_config.yml": "", "both/_posts/a.md": "", "one/_posts/a.md": "", "none/a.md": ""})
    both, one = SOURCE.detect(tmp_path / "both"), SOURCE.detect(tmp_path / "one")
    assert both is not None
    assert one is not None
    assert both.confidence > one.confidence
    assert SOURCE.detect(tmp_path / "none") is None


# ------------------------------------------------------------------------------------------------------ other files


def test_where_files_are_served(tmp_path: Path) -> None:
    """A PDF is where `pdf_base` says, else where the only one of its name lies, else nobody knows."""
    front = ("title: T", "pdf_file_name: a b.pdf")
    assert post_of(tmp_path, *front).files == {}
    assert post_of(tmp_path, *front, pdf_base="/pdf/").files == {
        "a b.pdf": "https://lab.example.org/group/pdf/a%20b.pdf"
    }
    elsewhere = "https://files.example.org/x"
    assert post_of(tmp_path, *front, pdf_base=elsewhere).files == {"a b.pdf": "https://files.example.org/x/a%20b.pdf"}
    write(tmp_path, {"one/a b.pdf": "x"})
    assert post_of(tmp_path, *front).files == {"a b.pdf": "https://lab.example.org/group/one/a%20b.pdf"}
    write(tmp_path, {"two/a b.pdf": "x"})
    assert post_of(tmp_path, *front).files == {}


def test_files_named_in_links(tmp_path: Path) -> None:
    """A file that a link in the front matter leads to is found as well."""
    found = post_of(tmp_path, "title: T", "links: ['<a href=\"slides.pptx\">[Slides]</a>']", pdf_base="/s")
    assert found.files == {"slides.pptx": "https://lab.example.org/group/s/slides.pptx"}


def test_links_to_other_posts(tmp_path: Path) -> None:
    """link and post_url give addresses, and the post depends on the files they name."""
    other = "news/_posts/2019-01-02-other.md"
    body = (
        "[a]({% link news/_posts/2019-01-02-other.md %}) [b]({% post_url news/2019-01-02-other %}) "
        "[c]({% link about.md %}) [d]({% link a b.pdf %})\n"
    )
    files = {NAME: post("title: T", body=body), other: post("title: O"), "about.md": post("title: A"), "a b.pdf": "x"}
    reading = read(tmp_path, files)
    assert reading.post is not None
    target = "/group/news/2019/01/02/other.html"
    assert reading.post.body == f"\n[a]({target}) [b]({target}) [c](/group/about.html) [d](/group/a%20b.pdf)\n"
    assert set(reading.depends) == {other, "about.md", "a b.pdf"}
    assert reading.problems == ()


def test_links_to_pages_without_a_date(tmp_path: Path) -> None:
    """A member's page is no post, but it has an address that posts link."""
    config = CONFIG + "collections:\n  members:\n    output: true\n"
    body = "[Ada]({% link _members/ada.md %})\n"
    files = {"_config.yml": config, "_members/ada.md": post("name: Ada Wick"), NAME: post("title: T", body=body)}
    reading = read(tmp_path, files)
    assert reading.post is not None
    assert reading.post.body == "\n[Ada](/group/members/ada.html)\n"
    assert reading.problems == ()


def test_an_undated_page_among_dated_ones_has_its_first_commit(tmp_path: Path) -> None:
    """Git's date stands in where a collection holds posts, but not in an address that Jekyll takes from the clock."""
    config = CONFIG + "collections:\n  papers:\n    output: true\n"
    dates = Dates(datetime(2021, 5, 6, tzinfo=UTC), datetime(2022, 5, 6, tzinfo=UTC))
    for permalink, published in (("", True), ("    permalink: /:collection/:year/:name\n", False)):
        files = {"_papers/a.md": post("title: A"), "_papers/b.md": post("title: B", "date: 2020-01-01")}
        write(tmp_path, {"_config.yml": config + permalink, **files})
        options = SourceOptions(name="posts")
        tree = structs.replace(SOURCE.open(tmp_path, options), history={"_papers/a.md": dates})
        reading = SOURCE.read(tree, "_papers/a.md", options)
        assert (reading.post is not None) == published
        assert not reading.post or reading.post.published == dates.created


def test_collection_pages_need_a_date(tmp_path: Path) -> None:
    """A collection's page without a date is no post: Jekyll would date it by the hour of the build."""
    config = CONFIG + "collections:\n  papers:\n    output: true\n"
    files = {"_config.yml": config, "_papers/a.md": post("title: T"), "_papers/b.txt": "x"}
    alone = read(tmp_path, files, "_papers/a.md")
    assert (alone.withheld, alone.problems) == ("no page of the collection papers has a date: no posts", ())
    reading = read(tmp_path, {**files, "_papers/c.md": post("title: C", "date: 2020-01-01")}, "_papers/a.md")
    assert reading.withheld == "no date"
    assert [p.severity for p in reading.problems] == ["warning"]


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: f"---\n{t}\n---\n{t}".encode("utf-8", "replace")))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_content_raises(tmp_path: Path, content: bytes) -> None:
    """Whatever is in a file, reading it gives a post, a reason or a problem."""
    write(tmp_path, {"_config.yml": CONFIG})
    (tmp_path / "_posts").mkdir(exist_ok=True)
    (tmp_path / NAME).write_bytes(content)
    options = SourceOptions(name="posts")
    reading = SOURCE.read(SOURCE.open(tmp_path, options), NAME, options)
    assert reading.post or reading.problems or reading.withheld
    if reading.post:
        assert len(reading.post.body_lines) == reading.post.body.count("\n") + 1


def test_drawing_that_no_reader_shows_is_told(tmp_path: Path) -> None:
    """An <svg> with shapes or words is left out and told of by its line; an icon or one in code is not told of."""
    icon = '<svg viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
    drawing = '<svg width="90">\n<rect width="9"/><rect width="5"/>\n<rect width="2"/></svg>'
    words = "<div>\n<SVG><text>lamp</text></SVG>\n</div>"
    body = f"{icon} An icon.\n\n```\n{words}\n```\n\n{drawing}\n\n{words}\n\n![](lamp.svg)\n"
    reading = read(tmp_path, {NAME: post("title: Lamps", body=body)})
    message = "a drawing in <svg> is left out: feed readers show none"
    assert said(reading) == [f"warning {NAME}:13: {message}", f"warning {NAME}:18: {message}"]
    assert reading.post is not None
    assert '<img src="https://lab.example.org/group/2020/03/01/lamp.svg"' in reading.post.html


def test_pictures_in_addresses_that_no_reader_shows_are_told(tmp_path: Path) -> None:
    """A large picture or an SVG in a data: address is left out and told of; a small one stays, a placeholder goes."""
    png, svg = "data:image/png;base64,", "data:image/svg+xml;base64,"
    body = (
        f"![plot]({png}{'A' * 40_000})\n\n![small]({png}AAAA)\n\n![map]({svg}{'B' * 2000})\n\n"
        f"<img src='{svg}{'C' * 200}'>\n<img src='{svg}{'D' * 2000}' data-src='lamp.png'>\n"
    )
    reading = read(tmp_path, {NAME: post("title: Lamps", body=body)})
    assert said(reading) == [
        f"warning {NAME}:5: a picture in a data: address is left out: it is larger than 32 kB",
        f"warning {NAME}:9: an SVG in a data: address is left out: feed readers show none",
    ]
    assert reading.post is not None
    assert re.findall(r'src="(.{20})', reading.post.html) == ["data:image/png;base6", "https://lab.example."]
