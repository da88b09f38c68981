"""What `feeds check` says of hand-written posts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from feeds import cli, loose, showing
from feeds._needs import CONSUMERS
from feeds.check import Finding, Review, tally

FRONT = "---\ntitle: On the Flicker of Lamps\ndate: 2020-05-01\ncategory: publications\n---\n"
WHOLE = (
    FRONT
    + """
#### Ada Wick, Bo Glow and Chandra Lumen
##### Journal of Imaginary Optics volume 7, pages 12–19 (2020) [doi:10.5555/flicker](https://doi.org/10.5555/flicker)

**Abstract** We light lamps, and see them flicker.
"""
)


def site(folder: Path, posts: dict[str, str], config: str = "url: https://lantern.example.org\n") -> Path:
    """A Jekyll site with these posts."""
    (folder / "_posts").mkdir(parents=True, exist_ok=True)
    (folder / "_config.yml").write_text(config)
    for name, text in posts.items():
        (folder / "_posts" / name).write_text(text)
    return folder


def reviews(*paths: Path, consumer: str = "") -> list[Review]:
    return loose.reviews(loose.read([str(p) for p in paths], None), consumer)


def check(folder: Path, post: str, consumer: str = "") -> Review:
    """What is said of one post of a Jekyll site."""
    site(folder, {"2020-05-01-flicker.md": post})
    [review] = reviews(folder / "_posts", consumer=consumer)
    return review


def fields(review: Review) -> list[str]:
    return [finding.field for finding in review.findings]


# ------------------------------------------------------------------------------------------------- what is asked for


def test_a_complete_post_says_nothing(tmp_path: Path) -> None:
    """Title, authors, date, journal, volume, pages, DOI and abstract are there: there is nothing to say."""
    review = check(tmp_path, WHOLE)
    assert review.findings == ()
    assert review.lacks["scholar"] == review.lacks["zotero"] == review.lacks["bioschemas"] == ()


def test_scholar_asks_for_what_its_guidelines_name(tmp_path: Path) -> None:
    """Title, authors, date; journal, volume, pages; an abstract that is readable on the page.

    https://scholar.google.com/intl/en/scholar/inclusion.html#indexing: "Configure the meta-tags", "Content guidelines"
    """
    bare = check(tmp_path, FRONT + "\nThe paper is out.\n")
    assert bare.lacks["scholar"] == ("authors", "journal", "abstract")
    named = check(tmp_path, FRONT + "\n#### Ada Wick, Bo Glow\n##### Journal of Imaginary Optics (2020)\n\nOut.\n")
    assert named.lacks["scholar"] == ("volume", "pages", "abstract")


def test_scholar_wants_the_pdf_on_the_host_of_the_page(tmp_path: Path) -> None:
    """A PDF elsewhere is told to those who ask for Scholar; no record is incomplete for it.

    https://scholar.google.com/intl/en/scholar/inclusion.html#indexing: citation_pdf_url in the same subdirectory
    """
    elsewhere = WHOLE.replace("category:", "pdf: https://files.example.com/a.pdf\ncategory:")
    assert fields(check(tmp_path, elsewhere, "scholar")) == ["pdf on this host"]
    assert check(tmp_path, elsewhere).findings == ()
    here = WHOLE.replace("category:", "pdf: https://lantern.example.org/a.pdf\ncategory:")
    assert check(tmp_path, here, "scholar").findings == ()


def test_bioschemas_asks_for_what_its_profile_names(tmp_path: Path) -> None:
    """Minimum identifier and name; of the recommended author, isPartOf and abstract, and softly keywords and licence.

    https://bioschemas.org/profiles/ScholarlyArticle/0.3-DRAFT
    """
    review = check(tmp_path, FRONT + "\nThe paper is out.\n", "bioschemas")
    assert {f.field: f.message.partition(": ")[2].removesuffix(" Bioschemas") for f in review.findings} == {
        "authors": "wanted by",
        "identifier": "needed by",
        "journal": "wanted by",
        "abstract": "wanted by",
        "licence": "welcome to",
        "keywords": "welcome to",
        "publisher": "welcome to",
    }
    assert review.lacks["bioschemas"] == ("authors", "identifier", "journal", "abstract")


def test_zotero_wants_names_in_two_parts(tmp_path: Path) -> None:
    """A creator has a given and a family name; a group has one name.

    https://www.zotero.org/support/kb/item_types_and_fields
    """
    post = FRONT.replace("category:", "authors: [Ada Wick, Glowworm, The Lamp Consortium]\ncategory:")
    review = check(tmp_path, post + WHOLE.split("---\n")[-1].replace("#### Ada Wick, Bo Glow and Chandra Lumen\n", ""))
    [finding] = [f for f in review.findings if f.field == "names in parts"]
    assert finding.message == "only one name of Glowworm: wanted by Zotero"
    assert finding.where.endswith("flicker.md:4")


def test_rogue_scholar_asks_for_licence_authors_and_orcid(tmp_path: Path) -> None:
    """Full text under CC BY, full names, ORCID; image and keywords are optional.  Much is the site's: told on demand.

    https://blog.front-matter.io/posts/rogue-scholar-open-for-business
    """
    news = "---\ntitle: We moved\ndate: 2021-01-01\ntags: [house]\n---\n\nTo the pier.\n"
    assert check(tmp_path, news).findings == ()
    review = check(tmp_path, news, "rogue-scholar")
    assert fields(review) == ["authors", "licence", "image"]
    assert review.lacks == {"rogue-scholar": ("authors", "licence")}
    signed = check(tmp_path, news.replace("tags:", "author: Ada Wick\ntags:"), "rogue-scholar")
    assert fields(signed) == ["licence", "orcid", "image"]


def test_news_are_asked_only_for_what_news_have(tmp_path: Path) -> None:
    """No journal, DOI or abstract of what is no paper; a post without text is nothing to read."""
    assert check(tmp_path, "---\ntitle: We moved\ndate: 2021-01-01\n---\n\nTo the pier.\n").findings == ()
    assert fields(check(tmp_path, "---\ntitle: We moved\ndate: 2021-01-01\n---\n")) == ["text"]


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("thesis", ["authors", "institution", "abstract"]),
        ("talk", ["authors", "event"]),
        ("poster", ["authors", "event"]),
        ("book", ["authors", "publisher"]),
        ("preprint", ["authors", "identifier", "abstract"]),
        ("article", ["authors", "identifier", "journal", "abstract"]),
    ],
)
def test_each_kind_is_asked_for_its_own_fields(tmp_path: Path, kind: str, asked: list[str]) -> None:
    """A thesis has no journal, a talk no abstract, a preprint no volume."""
    post = f"---\ntitle: On the Flicker of Lamps\ndate: 2020-05-01\ntype: {kind}\n---\n\nIt is out.\n"
    review = check(tmp_path, post)
    assert review.kind == kind
    assert fields(review) == asked
    assert review.fields - review.filled == len(asked) + len({"licence"} & set(review.lacks["rogue-scholar"]))


def test_a_list_of_authors_that_is_cut_short_is_told_at_its_line(tmp_path: Path) -> None:
    """Nobody's credit is lost without a word."""
    [finding] = check(tmp_path, WHOLE.replace("Chandra Lumen", "others").replace("and others", "et al.")).findings
    assert finding.field == "all authors"
    assert finding.where.endswith("flicker.md:7")


def test_a_doi_in_a_publishers_address_is_written_out(tmp_path: Path) -> None:
    """Zotero sees DOIs that are printed on the page (https://www.zotero.org/support/kb/default_translators)."""
    link = "[article](https://www.nature.com/articles/s41586-020-2649-2)"
    post = WHOLE.replace("[doi:10.5555/flicker](https://doi.org/10.5555/flicker)", link)
    [finding] = [f for f in check(tmp_path, post, "zotero").findings if f.field == "printed doi"]
    assert finding.hint == "add above this line: doi: 10.1038/s41586-020-2649-2"


# ------------------------------------------------------------------------------------------------- the line to add

VALUES = {
    "10.…": "10.5555/flicker",
    "name of the journal": "Journal of Imaginary Optics",
    "name of the institution": "University of Lanterns",
    "first-last": "12-19",
    "YYYY": "2020",
}
BODY = "\n#### Ada Wick, Bo Glow\n\n**Abstract** We light lamps, and see them flicker.\n"
HUGO = (
    "+++\ntitle = 'On the Flicker of Lamps'\ndate = 2020-05-01\ncategories = ['publications']\n[extra]\nlamp = 1\n+++\n"
)
CONVENTIONS: dict[str, tuple[dict[str, str], str]] = {
    "jekyll": ({"_config.yml": "url: https://lantern.example.org\n"}, "_posts/2020-05-01-flicker.md"),
    "mkdocs": ({"mkdocs.yml": "site_name: Lamps\nsite_url: https://lantern.example.org\n"}, "docs/papers/flicker.md"),
    "hugo, TOML": ({"hugo.toml": "baseURL = 'https://lantern.example.org'\n"}, "content/papers/flicker.md"),
    "hugo, JSON": ({"hugo.toml": "baseURL = 'https://lantern.example.org'\n"}, "content/papers/flicker.md"),
    "pelican, Markdown": ({"pelicanconf.py": "SITEURL = 'https://lantern.example.org'\n"}, "content/flicker.md"),
    "bibtex": ({}, "papers.bib"),
    "ris": ({}, "papers.ris"),
}
POSTS = {
    "jekyll": FRONT + BODY,
    "mkdocs": FRONT + BODY,
    "hugo, TOML": HUGO + BODY,
    "hugo, JSON": '{\n"title": "On the Flicker of Lamps",\n"date": "2020-05-01",\n"type": "article"\n}\n' + BODY,
    "pelican, Markdown": "Title: On the Flicker of Lamps\nDate: 2020-05-01\nCategory: publications\n" + BODY,
    "bibtex": "@article{wick2020,\n  title = {On the Flicker of Lamps},\n  author = {Wick, Ada and Glow, Bo},\n"
    "  year = {2020},\n  abstract = {We light lamps.},\n}\n",
    "ris": "TY  - JOUR\nTI  - On the Flicker of Lamps\nAU  - Wick, Ada\nPY  - 2020\nAB  - We light lamps.\nER  - \n",
}


def mended(text: str, finding: Finding) -> str:
    """The text with the line that the finding's hint gives, where it says to put it."""
    line = finding.hint.partition(" line: ")[2] or finding.hint.partition(" record: ")[2]
    for placeholder, value in VALUES.items():
        line = line.replace(placeholder, value)
    lines = text.splitlines()
    at = int(finding.where.rpartition(":")[2])
    if "write on this line" in finding.hint:
        lines[at - 1] = line
    else:
        lines.insert(at - 1 if "above this line" in finding.hint else at, line)
    return "\n".join(lines) + "\n"


def all_mended(file: Path) -> Iterator[str]:
    """Do what the first finding says, until nothing is found; the fields that were mended."""
    for _ in range(10):
        findings = [f for review in reviews(file) for f in review.findings]
        if not findings:
            return
        yield findings[0].field
        file.write_text(mended(file.read_text(), findings[0]))
    raise AssertionError(findings)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_line_of_the_hint_mends_what_it_says(tmp_path: Path, convention: str) -> None:
    """In the way of each convention: added where the hint says, the line makes the finding go away."""
    others, name = CONVENTIONS[convention]
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    for other, text in others.items():
        (tmp_path / other).write_text(text)
    file.write_text(POSTS[convention])
    assert list(all_mended(file)) == ["identifier", "journal", "volume", "pages"]


def test_an_empty_key_is_filled_in_and_not_written_twice(tmp_path: Path) -> None:
    """The line of the empty key is named."""
    review = check(tmp_path, FRONT.replace("category:", "doi:\ncategory:") + BODY)
    [finding] = [f for f in review.findings if f.field == "identifier"]
    assert finding.where.endswith("flicker.md:4")
    assert finding.hint == "print the DOI in the citation line, or write on this line: doi: 10.…"


# ------------------------------------------------------------------------------------------------- contradictions


def contradictions(folder: Path, post: str) -> list[Finding]:
    return [f for f in check(folder, post).findings if not f.consumers]


def test_two_dois_are_a_contradiction(tmp_path: Path) -> None:
    """Both are named with their lines, and which one is published."""
    [finding] = contradictions(tmp_path, WHOLE.replace("category:", "doi: 10.5555/another\ncategory:"))
    assert finding.message == "two DOIs: 10.5555/another (line 4) and 10.5555/flicker (line 9)"
    assert finding.where.endswith("flicker.md:9")
    assert finding.hint == "the first is published (front goes before masthead); correct the one that is wrong"


@pytest.mark.parametrize(
    "line",
    [
        "doi: 10.5555/FLICKER",  # DOIs know no case: DOI Handbook, 2.4
        "doi: https://doi.org/10.5555/flicker",
        "preprint_doi: 10.1101/2019.12.24.123456",
        "volume: '07'",
        "title: On the flicker of lamps.",
        "pages: 12-9",
        "year: 2019",  # online in December, in the issue of the next year
    ],
)
def test_variants_of_one_thing_are_none(tmp_path: Path, line: str) -> None:
    """Spelling, a preprint's DOI, the year before the issue's."""
    front = FRONT.replace("title: On the Flicker of Lamps\n", "") if line.startswith("title") else FRONT
    post = front.replace("category:", f"{line}\ncategory:") + WHOLE.removeprefix(FRONT)
    assert contradictions(tmp_path, post) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("volume: 8", "two volumes: 8 (line 4) and 7 (line 9)"),
        ("year: 2014", "two dates: 2014 (line 4) and 2020 (line 9)"),
        ("pmid: 9250147", "the PMID 9250147 (line 4) is of 2001 at the latest, the date 2020 (line 9)"),
    ],
)
def test_what_cannot_both_be_true_is_told(tmp_path: Path, line: str, message: str) -> None:
    """Volumes and years that disagree, and a PMID from long before the paper.

    PMID 9250147 was created in 1997: https://pubmed.ncbi.nlm.nih.gov/9250147/
    """
    [finding] = contradictions(tmp_path, WHOLE.replace("category:", f"{line}\ncategory:"))
    assert finding.message.startswith(message)


LISTED = (
    FRONT
    + """
#### Ada Wick, Bo Glow
##### Journal of Imaginary Optics volume 7, pages 12–19 (2020)

**Abstract** We light lamps.

- [one](https://doi.org/10.5555/one)
- [two](https://doi.org/10.5555/two)
"""
)


@pytest.mark.parametrize(
    ("post", "message", "line"),
    [
        (
            WHOLE + "\n[Full text](https://doi.org/10.5555/other)\n",
            "the link [Full text] leads to 10.5555/other, not to 10.5555/flicker",
            12,
        ),
        (
            WHOLE + "\nRead it [here](https://doi.org/10.5555/other).\n",
            "the link [here] leads to 10.5555/other, not to 10.5555/flicker",
            12,
        ),
        (LISTED, "2 DOIs of articles in one list, and none is taken: 10.5555/one, 10.5555/two", 12),
        (
            WHOLE.replace("volume 7,", "7 (Suppl 2),").replace(" pages", ""),
            "the issue is a supplement without the number of an issue: Suppl 2",
            8,
        ),
    ],
)
def test_what_only_the_writer_can_settle_is_told(tmp_path: Path, post: str, message: str, line: int) -> None:
    """A link to another paper, a list of several, a supplement of no issue: with the line, and what would settle it."""
    [finding] = [f for f in check(tmp_path, post).findings if f.message == message]
    assert finding.where.endswith(f"flicker.md:{line}")
    assert finding.hint


@pytest.mark.parametrize(
    "text",
    [
        "[Data](https://doi.org/10.5281/zenodo.123)",
        "[Full text](https://doi.org/10.5555/FLICKER)",
        "Others have seen lamps flicker [before](https://doi.org/10.5555/other).",
        "- [theirs](https://doi.org/10.5555/one)\n- [others'](https://doi.org/10.5555/two)",
    ],
)
def test_links_to_other_works_are_no_doubt(tmp_path: Path, text: str) -> None:
    """Data, the paper itself, and papers that the text speaks of beside a DOI that is printed."""
    assert check(tmp_path, f"{WHOLE}\n{text}\n").findings == ()


def test_what_the_source_cannot_make_out_is_to_mend(tmp_path: Path) -> None:
    """A broken _config.yml is told before the posts, with its line, and there is something to mend."""
    site(tmp_path, {"2020-05-01-flicker.md": WHOLE}, config="url: https://lantern.example.org\ntitle: [Lab\n")
    found = CliRunner().invoke(cli.commands, ["check", str(tmp_path / "_posts")])
    assert found.exit_code == 1
    assert f"error: {tmp_path / '_config.yml'}:" in found.output
    assert "nothing to mend" not in found.output


def test_a_source_that_is_not_here_is_to_mend(tmp_path: Path) -> None:
    """A feed that no run has brought yet is told, beside the posts that are there; nobody is asked for it."""
    site(tmp_path, {"2020-05-01-flicker.md": WHOLE})
    sources = "sources: [{name: here, path: .}, {name: far, path: 'http://127.0.0.1:9/feed.xml'}]\n"
    (tmp_path / "config.yaml").write_text("site: {url: https://lantern.example.org}\n" + sources)
    found = CliRunner().invoke(cli.commands, ["check", "-c", str(tmp_path / "config.yaml")])
    assert found.exit_code == 1
    assert "http://127.0.0.1:9/feed.xml: is not here yet" in found.output


def test_a_doi_of_another_year_is_told(tmp_path: Path) -> None:
    """Elsevier's DOIs carry the year of acceptance: 10.1016/j.ygeno.2020.05.008 is of 2020."""
    [finding] = contradictions(tmp_path, WHOLE.replace("10.5555/flicker", "10.1016/j.ygeno.2012.05.008"))
    assert "10.1016/j.ygeno.2012.05.008 (line 8) is of 2012, the date 2020 (line 8)" in finding.message


def test_a_doi_of_another_publisher_than_the_links_is_told(tmp_path: Path) -> None:
    """10.1371 is the prefix of PLOS; pnas.org publishes its own."""
    post = WHOLE.replace("[doi:10.5555/flicker](https://doi.org/10.5555/flicker)", "doi:10.1371/journal.pone.0123456")
    linked = post.replace("category:", "link: https://www.pnas.org/content/early/recent\ncategory:")
    [finding] = contradictions(tmp_path, linked)
    assert finding.message == (
        "the DOI 10.1371/journal.pone.0123456 (line 9) is one of PLOS, the link (line 4) leads to PNAS"
    )
    same = post.replace("category:", "link: https://journals.plos.org/plosone/\ncategory:")
    assert contradictions(tmp_path, same) == []


def test_day_and_month_exchanged_are_told(tmp_path: Path) -> None:
    """The post is of 1 May, the citation says 5 January."""
    post = WHOLE.replace("pages 12–19 (2020)", "pages 12–19, 2020-01-05")
    [finding] = contradictions(tmp_path, post)
    assert finding.message == "day and month exchanged: 2020-05-01 (line 3) and 2020-01-05 (line 8)"


def test_a_record_that_disagrees_with_its_page_is_told(tmp_path: Path) -> None:
    """The DOI in the BibTeX file is that of a paper with another title and first author: one of the two is wrong."""
    from feeds import config

    site(tmp_path / "site", {"2020-05-01-flicker.md": WHOLE.replace("On the Flicker", "On {taken} and the Flicker")})
    bib = "@article{beam2020,\n  title = {Moths near the harbour at night},\n  author = {Beam, Dora},\n"
    (tmp_path / "papers.bib").write_text(bib + "  year = {2020},\n  doi = {10.5555/flicker},\n}\n")
    file = tmp_path / "config.yaml"
    file.write_text("sources:\n  - path: site\n  - path: papers.bib\n")
    found = [f for r in loose.reviews(loose.read([], config.load(file))) for f in r.findings if not f.consumers]
    assert [f.field for f in found] == ["title", "authors"]
    assert "On {taken} and the Flicker of Lamps (line 2)" in found[0].message
    assert "papers.bib#beam2020:2" in found[0].message


# ------------------------------------------------------------------------------------------------- all of it


def test_reviews_are_in_the_order_of_their_paths(tmp_path: Path) -> None:
    """The same site is told in the same order, in any order of reading."""
    folder = site(tmp_path, {f"2020-05-0{n}-{n}.md": WHOLE for n in (3, 1, 2)})
    names = [Path(r.post).name for r in reviews(*sorted((folder / "_posts").iterdir(), reverse=True))]
    assert names == sorted(names)


def test_the_tally_counts_for_each_consumer(tmp_path: Path) -> None:
    """Complete, and what the others lack, the most frequent first."""
    folder = site(tmp_path, {"2020-05-01-a.md": WHOLE, "2020-05-02-b.md": FRONT + "\nOut.\n"})
    found = tally(reviews(folder / "_posts"))
    assert (found["zotero"].posts, found["zotero"].complete) == (2, 1)
    assert found["zotero"].lacks == {"authors": 1, "identifier": 1, "journal": 1}
    assert list(tally(reviews(folder / "_posts"), "zotero")) == ["zotero"]


def test_a_post_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """With its line, and no advice about a record that is not there."""
    review = check(tmp_path, "---\ntitle: [\n---\n")
    assert (review.kind, review.fields) == ("", 0)
    assert [f.severity for f in review.findings] == ["error"]


def test_show_says_why_a_fact_was_not_taken(tmp_path: Path) -> None:
    """What contradicts is marked, and the rule of precedence is named."""
    site(tmp_path, {"2020-05-01-flicker.md": WHOLE.replace("category:", "doi: 10.5555/another\ncategory:")})
    [read] = loose.read([str(tmp_path / "_posts")], None)
    assert read.item is not None
    lines = [line for line in showing.table(read.item) if "not taken: doi" in line]
    assert lines
    for line in lines:
        assert line.startswith("  ! not taken: doi 10.5555/flicker   [line 9")
        assert line.endswith("front goes before masthead")


def feeds_check(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "feeds", "check", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_of_findings_that_are_alike_three_are_listed(tmp_path: Path) -> None:
    """The others are counted; --all lists them; the tally ends standard error."""
    site(tmp_path, {f"2020-05-0{n}-{n}.md": WHOLE.replace("volume 7, ", "") for n in range(1, 6)})
    some = feeds_check("_posts", folder=tmp_path)
    assert some.returncode == 1
    assert some.stdout.count(": no volume: ") == 3
    assert "      2  no volume: wanted by Google Scholar and Zotero\n" in some.stdout
    assert "zotero: 0 of 5 complete; lacking: volume 5\n" in some.stderr
    assert some.stderr.endswith("5 to mend\n")
    assert feeds_check("--all", "_posts", folder=tmp_path).stdout.count(": no volume: ") == 5
    assert feeds_check("--for", "bioschemas", "--all", "_posts", folder=tmp_path).stdout.count("no volume") == 0


def test_the_json_has_the_shape_that_is_documented(tmp_path: Path) -> None:
    """docs/check.md names every member."""
    site(tmp_path, {"2020-05-01-a.md": WHOLE.replace("volume 7, ", "")})
    done = json.loads(feeds_check("--json", "_posts", folder=tmp_path).stdout)
    [post] = done["posts"]
    assert set(post) == {"post", "kind", "filled", "fields", "lacks", "findings"}
    assert post["findings"] == [
        {
            "severity": "warning",
            "where": "_posts/2020-05-01-a.md:5",
            "message": "no volume: wanted by Google Scholar and Zotero",
            "hint": "print it in the citation line, or add above this line: volume: number",
            "field": "volume",
            "consumers": ["scholar", "zotero"],
        }
    ]
    assert done["summary"]["zotero"] == {"posts": 1, "complete": 0, "lacks": {"volume": 1}}
    documented = (Path(__file__).parent.parent / "docs/check.md").read_text()
    for member in (*post, *post["findings"][0], "summary", *done["summary"]["zotero"]):
        assert f'"{member}"' in documented


def test_every_consumer_can_be_asked_for_and_is_documented() -> None:
    """--for takes each of them, and docs/check.md has a row."""
    [option] = [p for p in cli.check.params if p.name == "consumer"]
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == list(CONSUMERS)
    documented = (Path(__file__).parent.parent / "docs/check.md").read_text()
    for name, consumer in CONSUMERS.items():
        assert f"| `{name}`: [" in documented
        assert consumer.title in documented
