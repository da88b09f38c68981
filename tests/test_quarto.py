"""Quarto: metadata in all its shapes, listings, addresses, and Pandoc's dialect of Markdown."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Reading, SourceOptions
from feeds.reading.pandoc import Known, adapt
from feeds.sources._quarto_front import translated
from feeds.sources.quarto import SOURCE, address
from sites import write

OPTIONS = SourceOptions(name="site", url="https://lamps.example")


def page(*front: str, body: str = "Words.\n") -> str:
    return "\n".join(["---", *front, "---", "", body])


def read(site: Path, path: str) -> Reading:
    return SOURCE.read(SOURCE.open(site, OPTIONS), path, OPTIONS)


def adapted(text: str, known: Known = Known()) -> str:  # noqa: B008 - a frozen value
    return adapt(text, tuple(range(1, text.count("\n") + 2)), known).text


# ----------------------------------------------------------------------------------------------- metadata


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Ada Wick", None),
        (["Ada Wick", "Bo Glow"], None),
        ({"name": "Ada Wick"}, [{"name": "Ada Wick"}]),
        (
            [{"name": {"given": "Ada", "family": "Wick"}, "orcid": "0000-0002-1825-0097"}, "Bo Glow"],
            [{"name": "Ada Wick", "given": "Ada", "family": "Wick", "orcid": "0000-0002-1825-0097"}, "Bo Glow"],
        ),
        (
            [{"given": "Ada", "family": "Lamp", "non-dropping-particle": "van der"}],
            [{"name": "Ada van der Lamp", "given": "Ada", "family": "van der Lamp"}],
        ),
        (
            [{"name": "Ada Wick", "affiliations": [{"ref": "lab"}, {"ref": "other"}]}],
            [{"name": "Ada Wick", "affiliation": "Lantern Lab"}],
        ),
        ([{"name": "Ada Wick", "affiliations": "lab"}], [{"name": "Ada Wick", "affiliation": "Lantern Lab"}]),
        (
            [{"name": "Ada Wick", "affiliation": [{"name": "Glass Works", "department": "Bulbs"}]}],
            [{"name": "Ada Wick", "affiliation": "Bulbs, Glass Works"}],
        ),
        (
            [
                {"name": "Ada Wick", "affiliations": [{"id": "gw", "name": "Glass Works"}]},
                {"name": "Bo Glow", "affiliations": [{"ref": "gw"}]},
            ],
            [{"name": "Ada Wick", "affiliation": "Glass Works"}, {"name": "Bo Glow", "affiliation": "Glass Works"}],
        ),
        ([{"orcid": "0000-0002-1825-0097"}], None),
    ],
)
def test_authors_are_understood_in_every_shape(author: Any, expected: Any) -> None:
    """`author` is text, a list, or mappings with names in parts and affiliations by name, mapping or reference."""
    values = {"author": author, "affiliations": [{"id": "lab", "name": "Lantern Lab"}]}
    out = translated(values, "")
    assert out.get("authors") == expected
    assert out["author"] == author


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2024-03-01", "2024-03-01"),
        ("03/14/2024", "2024-03-14"),
        ("3-4-2024", "2024-03-04"),
        ("March 4, 2024", "March 4, 2024"),
        ({"value": "2024-03-01", "format": "long"}, "2024-03-01"),
        ("today", None),
        ("now", None),
        ("last-modified", None),
        ("", None),
    ],
)
def test_a_date_is_what_is_stated(date: Any, expected: str | None) -> None:
    """American dates are put in order; what the clock or the file's age would say is no date."""
    assert translated({"date": date}, "").get("date") == expected


@pytest.mark.parametrize(
    ("path", "values", "url"),
    [
        ("posts/a.qmd", {}, "https://l.example/posts/a.html"),
        ("posts/a/index.qmd", {}, "https://l.example/posts/a/"),
        ("index.qmd", {}, "https://l.example/"),
        ("posts/A lamp.ipynb", {}, "https://l.example/posts/A%20lamp.html"),
        ("posts/v1.2.qmd", {}, "https://l.example/posts/v1.2.html"),
        ("posts/a.qmd", {"output-file": "b"}, "https://l.example/posts/b.html"),
        ("posts/a.qmd", {"format": {"html": {"output-file": "b.html"}}}, "https://l.example/posts/b.html"),
        ("posts/a.qmd", {"output-file": "../../../etc"}, "https://l.example/etc.html"),
    ],
)
def test_a_page_lies_beside_its_source(path: str, values: dict[str, Any], url: str) -> None:
    """The address is that of the source with .html, of its folder for an index, of output-file when stated."""
    assert address("https://l.example", path, values) == url


# ----------------------------------------------------------------------------------------------- the project

SITE = {
    "_quarto.yml": "project:\n  type: website\nwebsite:\n  title: Lab\n  site-url: https://lamps.example\n",
    "posts/a.qmd": page("title: A", "date: 2024-01-01"),
    "posts/deep/b/index.qmd": page("title: B", "date: 2024-01-02"),
    "posts/_c.qmd": page("title: C", "date: 2024-01-03"),
    "README.md": page("date: 2024-01-04"),
    "talks/d.qmd": page("title: D", "date: 2024-01-05"),
    "notes/e.md": page("title: E", "date: 2024-01-06"),
}


@pytest.mark.parametrize(
    ("listing", "posts"),
    [
        (None, ["notes/e.md", "posts/a.qmd", "posts/deep/b/index.qmd", "talks/d.qmd"]),
        ("listing:\n  contents: posts", ["posts/a.qmd", "posts/deep/b/index.qmd"]),
        ("listing:\n  contents: posts/*.qmd", ["posts/a.qmd"]),
        ("listing:\n  contents: posts/**/index.qmd", ["posts/deep/b/index.qmd"]),
        ("listing:\n  contents: [posts, talks/*]", ["posts/a.qmd", "posts/deep/b/index.qmd", "talks/d.qmd"]),
        ('listing:\n  contents: [posts, "!posts/deep/**"]', ["posts/a.qmd"]),
        ("listing:\n  - contents: talks\n  - contents: notes", ["notes/e.md", "talks/d.qmd"]),
        ("listing:\n  contents:\n    - path: talks/d.qmd", ["talks/d.qmd"]),
        ("listing:\n  contents: items.yml", ["notes/e.md"]),
        ("listing: default", ["notes/e.md", "posts/a.qmd", "posts/deep/b/index.qmd", "talks/d.qmd"]),
    ],
)
def test_listings_decide_what_is_a_post(tmp_path: Path, listing: str | None, posts: list[str]) -> None:
    """What a listing names is a post; without a listing every page may be one; a listing page never is."""
    index = page(*listing.split("\n")) if listing else page("title: Home")
    write(tmp_path, {**SITE, "index.qmd": index, "items.yml": "- path: notes/e.md\n  title: E\n"})
    tree = SOURCE.open(tmp_path, OPTIONS)
    read = {p: SOURCE.read(tree, p, OPTIONS) for p in tree.paths if p != "index.qmd"}
    assert [p for p, reading in read.items() if reading.post] == posts
    assert {reading.withheld for reading in read.values() if not reading.post} <= {"no listing names it"}
    assert "index.qmd" not in tree.paths or not listing


def test_metadata_of_the_deeper_folder_wins(tmp_path: Path) -> None:
    """_metadata.yml counts for its folder and below; lists are put together, the page has the last word."""
    files = {
        **SITE,
        "posts/_metadata.yml": "lang: de\ncategories: [one]\n",
        "posts/deep/_metadata.yml": "lang: fr\ncategories: [two]\n",
        "posts/deep/b/index.qmd": page("title: B", "date: 2024-01-02", "categories: [three]"),
    }
    write(tmp_path, files)
    post = read(tmp_path, "posts/deep/b/index.qmd").post
    assert post
    assert (post.lang, post.categories) == ("fr", ("one", "two", "three"))


def test_a_listed_page_without_a_date_is_an_error_another_is_not(tmp_path: Path) -> None:
    """Only what a listing names must have a date."""
    write(tmp_path, {**SITE, "posts/a.qmd": page("title: A")})
    assert read(tmp_path, "posts/a.qmd").withheld == "a page without a date"
    write(tmp_path, {"index.qmd": page("listing:", "  contents: posts")})
    assert [p.severity for p in read(tmp_path, "posts/a.qmd").problems] == ["error"]


def test_frozen_results_are_those_of_this_text(tmp_path: Path) -> None:
    """What is below _freeze/ counts when its hash is that of the source, and the post depends on it."""
    source = page("title: A", "date: 2024-01-01", body="```{r}\n1 + 1\n```\n")
    frozen = {"hash": hashlib.md5(source.encode(), usedforsecurity=False).hexdigest()}
    place = "_freeze/posts/a/execute-results/html.json"
    result = {"result": {"markdown": "---\ntitle: A\n---\n\nTwo: 2\n"}}
    write(tmp_path, {**SITE, "posts/a.qmd": source, place: json.dumps({**frozen, **result})})
    reading = read(tmp_path, "posts/a.qmd")
    assert reading.post
    assert "Two: 2" in reading.post.html
    assert place in reading.depends
    assert not reading.problems
    write(tmp_path, {"posts/a.qmd": source.replace("1 + 1", "1 + 2")})
    reading = read(tmp_path, "posts/a.qmd")
    assert reading.post
    assert "Two: 2" not in reading.post.html
    assert reading.problems


@pytest.mark.parametrize("name", ["../../secret.qmd", "/etc/passwd", "a.qmd", "none.qmd"])
def test_an_include_stays_below_the_root(tmp_path: Path, name: str) -> None:
    """A file outside, the page itself, or none at all is not included."""
    body = f"Before.\n\n{{{{< include {name} >}}}}\n\nAfter.\n"
    site = tmp_path / "site"
    write(site, {**SITE, "posts/a.qmd": page("title: A", "date: 2024-01-01", body=body)})
    write(tmp_path, {"secret.qmd": "SECRET"})
    reading = read(site, "posts/a.qmd")
    assert reading.post
    assert "SECRET" not in reading.post.html
    assert "root:" not in reading.post.html
    assert reading.problems


# ----------------------------------------------------------------------------------------------- Pandoc's dialect

CITED = Known(cited={"wick2020": ("Wick", "2020"), "glow2021": ("Glow and Wick", "2021")})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[@wick2020]", "(Wick 2020)"),
        ("[see @wick2020, p. 3; @glow2021]", "(see Wick 2020, p. 3; Glow and Wick 2021)"),
        ("[-@wick2020]", "(2020)"),
        ("@wick2020 says", "Wick (2020) says"),
        ("So says @wick2020.", "So says Wick (2020)."),
        ("a [@nobody] b", "a  b"),
        ("@nobody says", "nobody says"),
        ("ada@lamps.example", "ada@lamps.example"),
        ("`@wick2020`", "`@wick2020`"),
        ("[@wick2020](a.html)", "[@wick2020](a.html)"),
    ],
)
def test_citations_are_authors_and_years(text: str, expected: str) -> None:
    """A citation is written out when its bibliography tells; an unknown one loses its mark."""
    assert adapted(text, CITED) == expected


def test_without_a_bibliography_an_at_sign_is_an_at_sign() -> None:
    """Nothing is taken for a citation where no bibliography is stated."""
    assert adapted("Thanks @ada and [@bo]") == "Thanks @ada and [@bo]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^2^ and $x^2^$ and [^1]", "x<sup>2</sup> and $x^2^$ and [^1]"),
        ("A^[note] b", "A[^inline-1] b\n\n[^inline-1]: note"),
        ("::: {.callout-tip title='T'}\nx\n:::", "\n**T**\n\nx\n"),
        ("::: callout-warning\nx\n:::", "\n**Warning**\n\nx\n"),
        ('::: {.content-hidden when-format="html"}\nx\n:::\ny', "\n\n\ny"),
        ('::: {.content-visible unless-format="pdf"}\nx\n:::', "\nx\n"),
        ("```{=html}\n<b>x</b>\n```", "\n<b>x</b>\n"),
        ("```{.r filename='a'}\nx\n```", "```r\nx\n```"),
        ("````\n```{r}\nx\n```\n````", "````\n```{r}\nx\n```\n````"),
        ("$$ x $$ {#eq-a}", "$$ x $$"),
        ("{{< fa star >}}x{{< pagebreak >}}", "x"),
        ("{{< video https://v.example/a >}}", "<https://v.example/a>"),
        ("| a\n| b", "a\\\nb"),
        ("| a | b |\n|---|---|", "| a | b |\n|---|---|"),
        ("`{{< meta x >}}`", "`{{< meta x >}}`"),
    ],
)
def test_pandocs_marks_become_ours(text: str, expected: str) -> None:
    """Each mark of Pandoc's Markdown is what Pandoc makes of it, and code stays as it is."""
    assert adapted(text) == expected


def test_lines_are_those_of_the_file() -> None:
    """Each line of the result knows the line that it came from."""
    text = "a\n\n::: callout-note\nb^[n]\n:::\n\n```{r}\n#| label: x\nmean(1)\n```\nz"
    done = adapt(text, tuple(range(11, 22)))
    assert len(done.lines) == done.text.count("\n") + 1
    rows = dict(zip(done.text.split("\n"), done.lines, strict=True))
    assert (rows["a"], rows["b[^inline-1]"], rows["mean(1)"], rows["z"]) == (11, 14, 19, 21)
    assert [(d.line, d.what) for d in done.dropped] == [(17, "the result of a code cell")]


@pytest.mark.parametrize("text", ["^[" + "[a](b)" * 20000, "::: x\n" * 20000, "[@a;" * 20000, "{{< a " * 2000])
def test_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    """What is opened again and again and never closed ends all the same."""
    assert adapt(text, tuple(range(1, text.count("\n") + 2)), CITED).text


@given(st.text(alphabet="ab@[]^{}<>:;`~|$#=\"' \n-.(1r", max_size=400))
def test_any_text_keeps_its_line_numbers(text: str) -> None:
    """Whatever the text, there is one line number for each line, and they never go back before the notes."""
    done = adapt(text, tuple(range(1, text.count("\n") + 2)), CITED)
    assert len(done.lines) == done.text.count("\n") + 1
    assert list(done.lines) == sorted(done.lines)


@given(st.binary(max_size=300), st.sampled_from(["2024-01-01-a.qmd", "2024-01-01-a.ipynb"]))
def test_any_bytes_are_read_without_an_exception(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    """Whatever is in a document, reading it gives a post, a reason or a problem."""
    site = tmp_path_factory.mktemp("odd")
    (site / name).write_bytes(data)
    reading = read(site, name)
    assert reading.post or reading.problems or reading.withheld


@pytest.mark.parametrize(
    "config", ["project: [1, 2]\n", "website: x\n", "- a\n", "author: {a: {b: c}}\n", "project: {render: 3}\n", ": :\n"]
)
def test_an_odd_configuration_stops_nothing(tmp_path: Path, config: str) -> None:
    """A configuration with values of another kind than Quarto's is read as far as it makes sense."""
    write(tmp_path, {**SITE, "_quarto.yml": config})
    assert read(tmp_path, "posts/a.qmd").post
