"""Pelican sites: addresses, titles, dates, categories and tags as Pelican 4.12 printed them, each looked at."""

from __future__ import annotations

import pickle
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.model import Post, Reading, SourceOptions, Tree
from feeds.sources import _free_dates, _literals, _patterns, _pelican_page
from feeds.sources._pelican_slug import is_sure, slugify
from feeds.sources.pelican import SOURCE
from pelican_sites import CONF, SITES
from sites import write

# `bench/pelican_urls.py --print`: (site, path, address below the site's, title, date, category, tags, language)
PELICAN_SAYS: list[tuple[str, str, str, str, str, str, list[str], str]] = [
    ("defaults", "2023-05-06-name.md", "dated-name.html", "Dated name", "2023-05-06T00:00:00+02:00", "misc", [], "en"),
    ("defaults", "2023-05-06-wins.md", "front-wins.html", "Front wins", "2024-07-08T09:10:00+02:00", "misc", [], "en"),
    ("defaults", "Glow & Co/deep/er/lamp.md", "deep.html", "Deep", "2024-01-02T00:00:00+01:00", "er", [], "en"),
    (
        "defaults",
        "Same Folder/same.md",
        "in-a-folder.html",
        "In a folder",
        "2024-01-02T00:00:00+01:00",
        "Same Folder",
        [],
        "en",
    ),
    (
        "defaults",
        "accents.md",
        "unicode-grosse-aether-lodz-quoted-lete.html",
        "Ünïcödé Größe, Æther & Łódź — “quoted” l’été",
        "2024-01-02T00:00:00+01:00",
        "misc",
        [],
        "en",
    ),
    ("defaults", "bom.md", "marked.html", "Marked", "2024-02-03T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "crlf.md", "carriage.html", "Carriage", "2024-02-03T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "cyrillic.md", "obekt-i-lampa.html", "Объект и лампа", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "dates/ambiguous.md", "ambiguous.html", "Ambiguous", "2020-03-04T00:00:00+01:00", "dates", [], "en"),
    ("defaults", "dates/american.md", "american.html", "American", "2020-07-04T23:15:00+02:00", "dates", [], "en"),
    ("defaults", "dates/dotted.md", "dotted.html", "Dotted", "2020-07-04T00:00:00+02:00", "dates", [], "en"),
    ("defaults", "dates/slashes.md", "slashes.html", "Slashes", "2020-07-04T23:15:00+02:00", "dates", [], "en"),
    (
        "defaults",
        "dates/underscore.md",
        "underscore.html",
        "Underscore",
        "2020-07-04T10:15:00+02:00",
        "dates",
        [],
        "en",
    ),
    ("defaults", "dates/words.md", "words.html", "Words", "2020-07-04T00:00:00+02:00", "dates", [], "en"),
    ("defaults", "dates/z.md", "zulu.html", "Zulu", "2020-07-04T23:15:10+00:00", "dates", [], "en"),
    ("defaults", "dates/zone.md", "zone.html", "Zone", "2020-07-04T23:15:10+09:00", "dates", [], "en"),
    ("defaults", "emoji.md", "lamp-on.html", "Lamp 💡 on", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "empty-slug.md", "empty-slug.html", "Empty slug", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "entity.md", "3-2.html", "3 < 4 and 5 > 2", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "fenced.md", "fenced-lamp.html", "Fenced lamp", "2024-02-03T00:00:00+01:00", "misc", ["a", "b"], "en"),
    ("defaults", "fr.md", "lampe-fr.html", "Lampe", "2024-01-02T00:00:00+01:00", "misc", [], "fr"),
    (
        "defaults",
        "greek.md",
        "sisuphos-kai-phos.html",
        "Σίσυφος και φως",
        "2024-01-02T00:00:00+01:00",
        "misc",
        [],
        "en",
    ),
    (
        "defaults",
        "han.md",
        "ri-ben-yu-noji-shi-ra-men.html",
        "日本語の記事ラーメン",
        "2024-01-02T00:00:00+01:00",
        "misc",
        [],
        "en",
    ),
    ("defaults", "hangul.md", "deungbul-yeongusil.html", "등불 연구실", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "hidden.md", "hidden.html", "Hidden", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    (
        "defaults",
        "html.md",
        "the-bright-lamp-its-wick.html",
        "The bright lamp & its wick",
        "2024-01-02T00:00:00+01:00",
        "misc",
        [],
        "en",
    ),
    ("defaults", "hyphens.md", "-a-b-c-d-.html", "-- a -- b---c d --", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    (
        "defaults",
        "ligature.md",
        "fine-12-2-viii-degc-1.html",
        "ﬁne ½ ² Ⅷ ℃ ①",
        "2024-01-02T00:00:00+01:00",
        "misc",
        [],
        "en",
    ),
    ("defaults", "long.md", "long.html", "Long", "2024-02-03T00:00:00+01:00", "misc", ["x"], "en"),
    ("defaults", "news/authors.md", "authors.html", "Authors", "2024-01-02T00:00:00+01:00", "news", [], "en"),
    (
        "defaults",
        "news/own-category.md",
        "own-category.html",
        "Own category",
        "2024-01-02T00:00:00+01:00",
        "Clinical Data",
        [],
        "en",
    ),
    (
        "defaults",
        "news/tags-semicolon.md",
        "tags-semicolon.html",
        "Tags semicolon",
        "2024-01-02T00:00:00+01:00",
        "news",
        ["lamps, old", "wicks"],
        "en",
    ),
    (
        "defaults",
        "news/tags.md",
        "tags.html",
        "Tags",
        "2024-01-02T00:00:00+01:00",
        "news",
        ["lamps", "Wicks", "Łamp"],
        "en",
    ),
    ("defaults", "old.markdown", "old-ending.html", "Old ending", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "own-url.md", "papers/own/", "Own url", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    (
        "defaults",
        "page.html",
        "an-html-page.html",
        "An & HTML page",
        "2024-03-04T05:06:00+01:00",
        "misc",
        ["a, b", "c"],
        "en",
    ),
    ("defaults", "plain.md", "a-first-lamp.html", "A first lamp", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    (
        "defaults",
        "rest-field-title.rst",
        "from-the-field.html",
        "From the field",
        "2024-03-05T00:00:00+01:00",
        "misc",
        [],
        "en",
    ),
    ("defaults", "rest-slug.rst", "lamp-ii-de.html", "Lamp two", "2024-03-04T00:00:00+01:00", "misc", [], "de"),
    ("defaults", "rest-sub.rst", "lamp.html", "Lamp", "2024-03-04T00:00:00+01:00", "misc", [], "en"),
    (
        "defaults",
        "rest.rst",
        "a-bright-lamp-wick.html",
        "A bright lamp & wick",
        "2024-03-04T05:06:00+01:00",
        "rests",
        ["a", "b"],
        "en",
    ),
    ("defaults", "same-1.md", "same-title.html", "Same title", "2024-01-03T00:00:00+01:00", "misc", [], "en"),
    (
        "defaults",
        "signs.md",
        "ab-100-of-c-d-e_f-g-h-i-j-kl-m.html",
        'A/B: 100% of C++ & "D" (e_f) [g] {h} #i? j! k.l ~m',
        "2024-01-02T00:00:00+01:00",
        "misc",
        [],
        "en",
    ),
    ("defaults", "slug.md", "My%20Own/Slug_1.html", "With a slug", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "twin-en.md", "twin.html", "Twin", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    ("defaults", "twin-fr.md", "twin-fr.html", "Jumeau", "2024-01-02T00:00:00+01:00", "misc", [], "fr"),
    (
        "defaults",
        "upper.md",
        "upper-case-and-numbers-42.html",
        "UPPER Case And Numbers 42",
        "2024-01-02T00:00:00+01:00",
        "misc",
        [],
        "en",
    ),
    (
        "dated-urls",
        "authors.md",
        "fr/2024/Jan/2/old-news/bo-glow/fr/mehrere/",
        "Mehrere",
        "2024-01-02T00:00:00+01:00",
        "Old News",
        ["lab", "lamps"],
        "fr",
    ),
    (
        "dated-urls",
        "lampe.md",
        "2024/Jan/2/ol-docht/ada-wick/de/die-lampe/",
        "Die Lampe",
        "2024-01-02T00:00:00+01:00",
        "Öl & Docht",
        ["lab", "lamps"],
        "de",
    ),
    (
        "dated-urls",
        "papers/new.md",
        "en/2024/Jan/2/old-news/bo-glow/en/new-paper/",
        "New paper",
        "2024-01-02T00:00:00+01:00",
        "Old News",
        ["own"],
        "en",
    ),
    (
        "dated-urls",
        "papers/old.md",
        "en/2019/Feb/3/old-news/ada-wick/en/old-paper/",
        "Old paper",
        "2019-02-03T00:00:00+01:00",
        "Old News",
        ["lab", "lamps"],
        "en",
    ),
    (
        "names",
        "blog/Größe Eins.md",
        "posts/none/Gr%C3%B6%C3%9Fe-Eins",
        "Size one",
        "2024-01-02T00:00:00+01:00",
        "blog",
        [],
        "en",
    ),
    ("names", "blog/a.b.c.md", "posts/none/abc", "Dots", "2024-01-02T00:00:00+01:00", "blog", [], "en"),
    (
        "names",
        "blog/x/2022-03-04_en_My-Lamp.md",
        "posts/x/My-Lamp",
        "Any",
        "2022-03-04T00:00:00+01:00",
        "blog",
        [],
        "en",
    ),
    (
        "names",
        "blog/x/2022-03-04_fr_Ma-Lampé.md",
        "fr/Ma-Lamp%C3%A9",
        "Autre",
        "2022-03-04T00:00:00+01:00",
        "blog",
        [],
        "fr",
    ),
    ("names", "extra.md", "posts/none/extra", "Extra file", "2024-01-02T00:00:00+01:00", "misc", [], "en"),
    (
        "substitutions",
        "a.md",
        "two+words+more/cpp_v1.2_lamps.html",
        "c++ v1.2 lamps!",
        "2020-05-06T07:00:00+02:00",
        "Two Words & More",
        [],
        "en",
    ),
    ("substitutions", "b.md", "misc/later.html", "Later", "2021-01-01T00:00:00+01:00", "misc", [], "en"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sites")
    for name, files in SITES.items():
        write(root / name, files)
    return root


@cache
def opened(site: Path) -> Tree:
    return SOURCE.open(site, SourceOptions(name="posts"))


def read(root: Path, files: Mapping[str, str], path: str, **options: Any) -> Reading:
    write(root, {"pelicanconf.py": CONF, **files})
    given_options = SourceOptions(name="posts", **options)
    tree = SOURCE.open(root, given_options)
    assert path in tree.paths
    return SOURCE.read(tree, path, given_options)


def post_of(root: Path, content: str, path: str = "content/a.md", **files: str) -> Post:
    found = read(root, {path: content, **files}, path)
    assert found.post is not None, found.problems
    return found.post


@pytest.mark.parametrize("row", PELICAN_SAYS, ids=lambda row: f"{row[0]}:{row[1]}")
def test_an_article_is_what_pelican_makes_of_it(folder: Path, row: tuple[Any, ...]) -> None:
    """An article has the address, title, date, category, tags and language that Pelican gives it."""
    site, path, url, title, date, category, tags, lang = row
    tree = opened(folder / site)
    post = SOURCE.read(tree, f"content/{path}", SourceOptions(name="posts")).post
    assert post is not None
    assert post.url == f"{tree.site['url']}/{url}"
    assert post.title == " ".join(title.split())
    assert post.published.isoformat() == date
    assert (post.categories, post.tags, post.lang) == ((category,), tuple(tags), lang)


@pytest.mark.parametrize("site", sorted(SITES))
def test_no_other_file_becomes_a_post(folder: Path, site: str) -> None:
    """What Pelican does not publish is not published."""
    tree = opened(folder / site)
    found = {p for p in tree.paths if SOURCE.read(tree, p, SourceOptions(name="posts")).post}
    assert found == {f"content/{row[1]}" for row in PELICAN_SAYS if row[0] == site}


def test_a_tree_pickles(folder: Path) -> None:
    """An opened site crosses to another process."""
    assert pickle.loads(pickle.dumps(opened(folder / "names"))) == opened(folder / "names")  # noqa: S301 - our own


# ------------------------------------------------------------------------------------------------------ settings


def test_settings_are_read_and_never_run() -> None:
    """Literals, earlier names and their sums are known; what only running the file tells is named with its line."""
    found = _literals.read(
        b"import os\nA = 'x'\nB = A + '/' + \"y\"\nC = [A, *B]\nD = os.path.join('a')\nE = (1, -2, {'k': None})\n"
        b"F = f'{A}.z'\nif A:\n    G = 1\nH = True\nH = open('/etc/passwd')\nI = ['a']\nI += ['b']\nA['x'] = 1\n"
    )
    assert found.values == {"B": "x/y", "E": (1, -2, {"k": None}), "F": "x.z", "I": ["a", "b"]}
    assert found.unknown == {"C": 4, "D": 5, "G": 9, "H": 11, "A": 14}


@pytest.mark.parametrize("data", [b"A = (", b"\x00", b"A = " + b"(" * 5000, b"A = " + b"[" * 300 + b"]" * 300])
def test_settings_that_are_no_python_are_refused(data: bytes) -> None:
    """A file that cannot be read says so or says nothing; it never raises."""
    found = _literals.read(data)
    assert found.values == {}


def test_an_address_that_is_not_known_is_said(tmp_path: Path) -> None:
    """A setting for addresses that is no literal is a warning that names the line."""
    write(tmp_path, {"pelicanconf.py": CONF + "ARTICLE_URL = make()\n", "content/a.md": "Title: A\nDate: 2024-01-02\n"})
    tree = SOURCE.open(tmp_path, SourceOptions(name="posts"))
    where = [p.where for p in tree.problems if "ARTICLE_URL" in p.message]
    assert where == [f"pelicanconf.py:{CONF.count(chr(10)) + 1}"]


def test_a_pattern_of_the_source_wins(tmp_path: Path) -> None:
    """`url:` with placeholders overrides the addresses of the settings."""
    pattern = "https://other.example/{year}/{name}/"
    found = read(tmp_path, {"content/a.md": "Title: T\nDate: 2024-01-02\n"}, "content/a.md", pattern=pattern)
    assert found.post is not None
    assert found.post.url == "https://other.example/2024/a/"


@pytest.mark.parametrize(
    "template",
    ["{slug.__class__}", "{date.__class__}", "{slug:>999999999}", "{slug[0]}", "{nothing}", "{", "{0}", "{date!r:>9}"],
)
def test_an_address_reaches_nothing_but_its_fields(tmp_path: Path, template: str) -> None:
    """A template with attributes, indexes or unknown names gives an error, not an address."""
    conf = f"{CONF}ARTICLE_URL = {template!r}\n"
    found = read(tmp_path, {"pelicanconf.py": conf, "content/a.md": "Title: T\nDate: 2024-01-02\n"}, "content/a.md")
    assert found.post is None
    assert [p.severity for p in found.problems] == ["error"]


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|a)*$", r"(?:.*)*x", r"(.*)\1", r".*.*.*.*.*x", "(", "a" * 1000])
def test_patterns_that_may_never_end_are_not_run(pattern: str) -> None:
    """A repeat within a repeat, a choice within a repeat, a back reference are refused."""
    with pytest.raises(_patterns.Unsafe):
        _patterns.compiled(pattern)


@pytest.mark.parametrize(
    "pattern", [r"(?P<date>\d{4}-\d{2}-\d{2})_(?P<slug>.*)", r"(?u)\A\s*", r"[^\w\s-]", r"(?:a|b)c*"]
)
def test_usual_patterns_are_run(pattern: str) -> None:
    """What Pelican's documentation shows is accepted, and ends soon on any text."""
    start = time.perf_counter()
    _patterns.compiled(pattern, re.IGNORECASE).sub("", "a" * _patterns.TEXT)
    assert time.perf_counter() - start < 2


# ------------------------------------------------------------------------------------------------------ slugs, dates


@given(st.text(max_size=60))
def test_slugs_are_ascii_words(title: str) -> None:
    """Of any title Pelican's own rules make lower case ASCII letters, digits, underscores and single hyphens."""
    assert re.fullmatch(r"[a-z0-9_]*(?:-[a-z0-9_]+)*-?|-[a-z0-9_-]*", slugify(title))
    assert "--" not in slugify(title)


@given(st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=60))
def test_ascii_is_always_sure(title: str) -> None:
    """Letters that need no spelling out cannot be spelled in two ways."""
    assert is_sure(title)


def test_rare_letters_are_said(tmp_path: Path) -> None:
    """Where Pelican may spell a letter in another way the post says so, unless it has a slug of its own."""
    write(tmp_path, {"pelicanconf.py": CONF})
    found = read(tmp_path, {"content/a.md": "Title: ܐܒ lamp\nDate: 2024-01-02\n"}, "content/a.md")
    assert [p.severity for p in found.problems] == ["warning"]
    found = read(tmp_path, {"content/a.md": "Title: ܐܒ lamp\nSlug: lamp\nDate: 2024-01-02\n"}, "content/a.md")
    assert found.problems == ()


@pytest.mark.parametrize(
    "written", ["2024", "May 2024", "12:30", "Tuesday", "today", "", "31 31 31", "9" * 70, "10 May"]
)
def test_a_date_is_never_filled_up(written: str) -> None:
    """A month, a weekday or a time alone is no date: nothing is taken from today."""
    with pytest.raises(ValueError, match="date"):
        _free_dates.moment(written, "UTC")


@given(st.text(max_size=40))
def test_dates_never_raise_anything_else(written: str) -> None:
    """Any text is a date with a zone, or a ValueError."""
    with suppress(ValueError):
        assert _free_dates.moment(written, "Europe/Zurich").tzinfo


def test_times_of_files_are_not_taken(tmp_path: Path) -> None:
    """`DEFAULT_DATE = "fs"` gives no date: that of a file changes with every copy of it."""
    conf = CONF + 'DEFAULT_DATE = "fs"\n'
    found = read(tmp_path, {"pelicanconf.py": conf, "content/a.md": "Title: T\n"}, "content/a.md")
    assert found.post is None
    assert [p.severity for p in found.problems] == ["error"]


def test_future_articles_wait_where_pelican_lets_them(tmp_path: Path) -> None:
    """With WITH_FUTURE_DATES = False an article is held back until its date; by default it is not."""
    text = "Title: T\nDate: 2199-01-02\n"
    assert post_of(tmp_path / "a", text).not_before is None
    held = read(
        tmp_path / "b", {"pelicanconf.py": CONF + "WITH_FUTURE_DATES = False\n", "content/a.md": text}, "content/a.md"
    )
    assert held.post is not None
    assert held.post.not_before == held.post.published


# ------------------------------------------------------------------------------------------------------ texts, links


def test_yaml_front_matter_is_read_where_a_plugin_does(tmp_path: Path) -> None:
    """With the yaml-metadata plugin the front matter is YAML; without it Python-Markdown's own meta lines."""
    text = '---\ntitle: "A lamp: bright"\ndate: 2024-01-02\ntags:\n  - a b\n  - c\n---\nText.\n'
    conf = CONF + 'PLUGINS = ["yaml_metadata"]\n'
    found = read(tmp_path, {"pelicanconf.py": conf, "content/a.md": text}, "content/a.md").post
    assert found is not None
    assert (found.title, found.tags, found.body_lines[0]) == ("A lamp: bright", ("a b", "c"), 8)
    meta = post_of(tmp_path / "b", '---\nTitle: "Quoted"\nDate: 2024-01-02\n---\nText.\n')
    assert meta.title == '"Quoted"'


def test_what_a_link_leads_to_is_a_dependency(tmp_path: Path) -> None:
    """A link to another article depends on that article's file, and follows its address."""
    files = {"content/b.md": "Title: B\nDate: 2024-01-02\nSlug: own\n"}
    found = read(
        tmp_path, {**files, "content/a.md": "Title: A\nDate: 2024-01-02\n\n[b]({filename}b.md#x)\n"}, "content/a.md"
    )
    assert found.depends == ("content/b.md",)
    assert found.post is not None
    assert 'href="https://lantern.example/own.html#x"' in found.post.html


def test_links_never_leave_the_content(tmp_path: Path) -> None:
    """A link out of the content leads nowhere, and nothing outside is read."""
    (tmp_path / "secret.md").write_text("Title: S\nDate: 2024-01-02\n")
    links = "[b]({filename}../../secret.md) [c]({static}/../../../etc/passwd)"
    found = read(
        tmp_path / "site",
        {"content/a.md": f"Title: A\nDate: 2024-01-02\n\n{links}\n"},
        "content/a.md",
    )
    assert found.depends == ()
    assert len(found.problems) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="Title: Date2024-01\n{}[]()<>|_*`'\"%\\.:#=~ü\x00", max_size=300).map(str.encode),
        st.sampled_from(["title", "date", "status", "slug", "url", "lang", "tags", "save_as", "category"]).flatmap(
            lambda key: st.text(max_size=30).map(
                lambda value: f"Title: T\nDate: 2024-01-02\n{key}: {value}\n\nx".encode("utf-8", "replace")
            )
        ),
    ),
    ending=st.sampled_from(["md", "rst", "html"]),
)
def test_nothing_in_an_article_raises(tmp_path: Path, data: bytes, ending: str) -> None:
    """Whatever a file holds, it is a post, withheld, or a problem."""
    write(tmp_path, {"pelicanconf.py": CONF})
    path = tmp_path / "content" / f"a.{ending}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    found = SOURCE.read(opened_anew(tmp_path), f"content/a.{ending}", SourceOptions(name="posts"))
    assert found.post or found.withheld or any(p.severity == "error" for p in found.problems)


def opened_anew(root: Path) -> Tree:
    return SOURCE.open(root, SourceOptions(name="posts"))


@pytest.mark.parametrize(
    ("form", "expected"),
    [("%Y/%m/%d", "2024/01/02"), ("%-d. %b %y", "2. Jan 24"), ("%Q%", "%Q%"), ("100%%", "100%"), ("%-H", "0")],
)
def test_parts_of_dates(form: str, expected: str) -> None:
    """A date's format is strftime's; "-" takes the zeros off; what is no directive stays."""
    assert _pelican_page.strftime(_free_dates.moment("2024-01-02", "UTC"), form) == expected
