"""Pages of whole sites: every link leads somewhere, an incremental run makes the same, and a user's templates count."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import msgspec
import pytest
from lxml import html

from feeds import _groups, config, pipeline
from feeds.errors import ConfigError
from feeds.exporters import _page_view, list_page
from feeds.exporters._page_parts import Author, Date, Entry, Link
from small_site import NOW, SmallSite
from test_schema_org import compiled, needs_compiler

ROOT = Path(__file__).parent.parent
EXAMPLE = f"""sources: [{{path: {ROOT / "examples" / "site"}}}]
site: {{publisher: The Lantern Lab}}
pages: generate
collections: [{{name: papers, where: {{kind: papers}}}}, {{name: news, where: {{kind: news}}}}, {{each: tag}}]
output: {{url: "https://lantern.example.org/lab/out"}}
exports: [atom, rss, json-feed, rss1, jsonld, site-jsonld, csl-json, bibtex, bibtex-list, ris, ris-list, sitemap, opml,
  index]
"""


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.settings += "pages: generate\n"
    made.paper("lamps")
    made.paper("wicks", "2021-07-01")
    made.news("moving")
    made.age()
    return made


def parsed(body: bytes) -> Any:
    return html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))


def read(site: SmallSite, path: str) -> Any:
    return parsed(site.files()[path])


def hrefs(tree: Any, name: str) -> list[str]:
    return [a.get("href") for a in tree.iter("a") if " ".join(a.text_content().split()) == name]


# ---------------------------------------------------------------------------------------------------- the example


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Everything that is published of the example site, with pages."""
    made = SmallSite(tmp_path_factory.mktemp("example"))
    made.settings = EXAMPLE
    made.build()
    return made.files()


def test_every_link_of_the_output_leads_somewhere(example: dict[str, bytes]) -> None:
    """A crawl from the index finds every page; each address inside the output is a published file, with its anchor."""
    base = "https://lantern.example.org/lab/out/"
    pages: dict[str, Any] = {}
    waiting = ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in pages or not path.endswith(".html"):
            continue
        tree = pages[path] = parsed(example[path])
        for href in tree.xpath("//a/@href | //link/@href"):
            address = urljoin(urljoin(base, path), href)
            if address.startswith(base):
                parts = urlsplit(address)
                target = unquote(parts.path).removeprefix("/lab/out/")
                assert target in example, f"{path} links {href}"
                assert not parts.fragment or target != path or tree.xpath(f"//*[@id='{parts.fragment}']"), href
                waiting.append(target)
    assert pages.keys() == {path for path in example if path.endswith(".html")}


def test_every_page_is_sound(example: dict[str, bytes]) -> None:
    """Each page of the example parses without a single error, and has a title, a heading and its own address."""
    addresses: set[str] = set()
    for path, body in example.items():
        if path.endswith(".html"):
            html5lib.HTMLParser(strict=True).parse(body.decode())
            tree = parsed(body)
            assert all("".join(tree.xpath(f"//{tag}//text()")).strip() for tag in ("title", "h1"))
            addresses.update(tree.xpath("//link[@rel='canonical']/@href"))
    assert len(addresses) == len([path for path in example if path.endswith(".html") and path != "index.html"])


@needs_compiler
def test_what_pages_say_is_of_the_vocabulary(example: dict[str, bytes], tmp_path: Path) -> None:
    """Every property of the JSON-LD in the pages is in its type's domain, every value in its range."""
    documents: dict[str, dict[str, Any]] = {}
    for path, body in example.items():
        if path.endswith(".html"):
            for number, script in enumerate(parsed(body).xpath("//script[@type='application/ld+json']")):
                documents[f"{path} {number}"] = json.loads(script.text)
    kinds = {document["@type"] for document in documents.values()}
    assert {"ProfilePage", "CollectionPage", "BreadcrumbList", "ScholarlyArticle"} <= kinds
    assert compiled(tmp_path, documents) == ""


def test_every_work_and_year_and_author_has_a_page(example: dict[str, bytes]) -> None:
    """Each of the thirteen works of the example has a page, each of its years, and each of its people."""
    folders = [PurePosixPath(path).parts[0] for path in example if path.endswith(".html")]
    assert folders.count("works") == 13
    assert folders.count("years") == 1 + 8
    assert "authors/odile-baumgärtner/index.html" in example
    assert "authors/odile-baumgärtner/publications.bib" in example


def test_the_map_of_the_site_names_the_pages(example: dict[str, bytes]) -> None:
    """Landing pages stand in the sitemap."""
    assert b"https://lantern.example.org/lab/out/works/publications/lightbase-2021.html" in example["sitemap.xml"]


# ---------------------------------------------------------------------------------------------------- what is added


def test_nothing_is_generated_unless_wanted(site: SmallSite) -> None:
    """Without `pages:` there is no page but the index, and no list of authors."""
    site.settings = "sources: [{path: site}]\n"
    site.build()
    assert [path for path in site.files() if path.endswith(".html")] == ["index.html"]


def test_collections_for_authors_and_years_are_added() -> None:
    """Authors and years have collections without feeds, unless the configuration has some for them."""

    def collections(said: str) -> list[tuple[str, tuple[str, ...]]]:
        made = config.parse(f"sources: [{{path: x}}]\npages: generate\n{said}".encode(), Path("/nowhere/config.yaml"))
        return [(c.name, c.formats) for c in made.collections if c.each or said]

    lists = ("list-page", "bibtex-list")
    assert collections("") == [("authors", lists), ("years", lists)]
    assert collections("collections: [{each: author}]\n") == [("author", ()), ("years", lists)]
    assert collections("collections: [{name: years}, {name: x, path: authors}]\n") == [("years", ()), ("x", ())]


def test_people_and_years_of_papers_alone(site: SmallSite) -> None:
    """Whoever only wrote news is no author, and a year without a work has no page."""
    site.news("other", "2015-01-01", more="authors: [Dora Flint]\n")
    site.build()
    files = [path for path in site.files() if path.startswith(("authors/", "years/")) and path.endswith(".html")]
    assert files == [
        "authors/ada-lamplighter/index.html",
        "authors/bo-wick/index.html",
        "authors/chandra-glow/index.html",
        "authors/index.html",
        "years/2020/index.html",
        "years/index.html",
    ]


def test_of_too_many_people_those_with_an_orcid_stay(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody of one paper who has an ORCID iD has a page before those with more papers, and the rest is told."""
    front = "authors: [{name: Dora Flint, orcid: 0000-0002-1825-0097}]\nkind: article\ndoi: 10.5555/new\n"
    site.news("new", "2022-01-01", more=front)
    monkeypatch.setattr(_groups, "MOST_PAGES", 2)
    [problem] = [p for p in site.build().problems if p.where == "collections: authors"]
    assert problem.message == "4 values have pages of their own; only the 2 with most items are published"
    pages = {path.split("/")[1] for path in site.files() if path.startswith("authors/") and path.count("/") == 2}
    assert pages == {"dora-flint", "ada-lamplighter"}
    assert hrefs(read(site, "works/publications/2020/05/01/lamps.html"), "Bo Wick") == []


# ---------------------------------------------------------------------------------------------------- changes


def test_a_changed_post_changes_its_page_and_its_lists(site: SmallSite) -> None:
    """Another title is on the page of the work and on the lists that it is on; no other page is touched."""
    lamps = site.posts / "2020-05-01-lamps.md"
    site.paper("fog", "2022-01-01").write_text(
        lamps.read_text().replace("Ada Lamplighter, Bo Wick and", "Dora Flint and")
    )
    site.age()
    site.build()
    lamps.write_text(lamps.read_text().replace("On lamps", "On wicks and lamps"))
    written = [path for path in site.build().written if path.endswith(".html")]
    assert sorted(written) == [
        "authors/ada-lamplighter/index.html",
        "authors/bo-wick/index.html",
        "authors/chandra-glow/index.html",
        "collections/papers/index.html",
        "index.html",
        "publications.html",
        "works/publications/2020/05/01/lamps.html",
        "years/2020/index.html",
    ]


def test_a_namesake_who_appears_moves_the_page_of_another(site: SmallSite) -> None:
    """Where an author's page lies is settled by all posts: the pages of works that did not change follow."""
    front = "authors: [{{name: Dora Flint, orcid: {}}}]\nkind: article\ndoi: 10.5555/{}\n"
    site.news("new", "2022-01-01", more=front.format("0000-0002-1825-0097", "new"))
    site.build()
    page = "works/news/2022/01/01/new.html"
    assert hrefs(read(site, page), "Dora Flint") == ["../../../../../authors/dora-flint/index.html"]
    site.news("old", "2019-01-01", more=front.format("0000-0001-5109-3700", "old"))
    site.build()
    assert hrefs(read(site, page), "Dora Flint") == ["../../../../../authors/dora-flint-2/index.html"]
    again = SmallSite(site.folder / "again")
    shutil.copytree(site.folder / "site", again.folder / "site", dirs_exist_ok=True)
    again.settings = site.settings
    again.build()
    assert {p: b for p, b in again.files().items() if p != "manifest.json"} == {
        p: b for p, b in site.files().items() if p != "manifest.json"
    }


def test_who_is_gone_has_no_page(site: SmallSite) -> None:
    """With the last work of an author goes the page, and nothing leads to it any more."""
    fog = site.paper("fog", "2022-01-01")
    fog.write_text(fog.read_text().replace("Bo Wick", "Dora Flint"))
    site.build()
    assert "authors/dora-flint/index.html" in site.files()
    fog.write_text(fog.read_text().replace("Dora Flint", "Bo Wick"))
    site.build()
    assert "authors/dora-flint/index.html" not in site.files()
    assert not [path for path, body in site.files().items() if path.endswith(".html") and b"Dora Flint" in body]


# ---------------------------------------------------------------------------------------------------- templates


def with_template(site: SmallSite, text: str, name: str = "page.html.jinja") -> Path:
    folder = site.folder / "templates"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    site.settings = site.settings.replace("pages: generate\n", "pages: {mode: generate, templates: templates}\n")
    return folder / name


OWN = '{% extends "feeds/page.html.jinja" %}{% block cite %}<p>Please cite.</p>{% endblock %}\n'


def test_templates_of_ones_own(site: SmallSite) -> None:
    """A template counts as soon as it is there, a change of it changes every page, and without it ours is back."""
    page = "works/publications/2020/05/01/lamps.html"
    site.build()
    before = site.files()
    file = with_template(site, OWN)
    site.build()
    assert b"<p>Please cite.</p>" in site.files()[page]
    file.write_text(OWN.replace("Please", "Do"))
    report = site.build()
    assert (report.read, b"<p>Do cite.</p>" in site.files()[page]) == (0, True)
    site.settings = site.settings.replace("{mode: generate, templates: templates}", "generate")
    site.build()
    assert site.files()[page] == before[page]


def test_a_template_that_is_wrong_stops_nothing(site: SmallSite) -> None:
    """It is told once, with file and line; pages stay as they were, all else goes on, and mended it is tried again."""
    site.build()
    before = site.files()
    file = with_template(site, "{{ work.title }}\n{{ nonsense }}\n")
    site.paper("fog", "2023-01-01")
    report = site.build()
    [problem] = report.problems
    assert (problem.where, problem.stage) == (f"{file}:2", "export")
    assert "'nonsense' is undefined" in problem.message
    assert [problem.where for problem in site.build().problems] == [f"{file}:2"]
    page = "works/publications/2020/05/01/lamps.html"
    assert site.files()[page] == before[page]
    assert b"On fog" in site.files()["feed.atom"]
    file.write_text(OWN)
    assert site.build().problems == ()
    assert b"Please cite." in site.files()["works/publications/2023/01/01/fog.html"]


def test_a_list_whose_template_is_wrong_stays(site: SmallSite) -> None:
    """The lists of the last run stay where the template of lists is wrong."""
    site.build()
    before = site.files()
    file = with_template(site, "{{ list.nonsense }}", "list.html.jinja")
    problems = site.build().problems
    assert {problem.where for problem in problems} == {"list-page"}
    assert all(problem.message.startswith(f"{file}:1: ") for problem in problems)
    assert site.files()["publications.html"] == before["publications.html"]


GUIDE = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")


def test_the_template_of_the_guide_works(site: SmallSite) -> None:
    """The example in docs/pages.md is a template as it stands."""
    [example] = re.findall(r"```jinja\n(.*?)```", GUIDE, re.DOTALL)
    with_template(site, example)
    assert site.build().problems == ()
    page = read(site, "works/publications/2020/05/01/lamps.html")
    assert page.xpath("string(//h2[@id='cite'])") == "Please cite"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("work", _page_view.View),
        ("list", list_page.View),
        ("entry", Entry),
        ("author", Author),
        ("link", Link),
        ("date", Date),
    ],
)
def test_all_that_templates_get_is_documented(name: str, value: type[msgspec.Struct]) -> None:
    """docs/pages.md names every variable."""
    for field in msgspec.structs.fields(value):
        assert f"`{name}.{field.name}`" in GUIDE


def test_all_templates_and_blocks_are_documented() -> None:
    """docs/pages.md names every template, and every block that can be replaced."""
    for file in (ROOT / "feeds" / "exporters" / "templates").glob("*.jinja"):
        assert f"`{file.name}`" in GUIDE
        for block in re.findall(r"{% block (\w+)", file.read_text(encoding="utf-8")):
            assert f"`{block}`" in GUIDE


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("notes.txt", b"", "no file in"),
        ("page.html.jinja", b"x" * 256_001, "page.html.jinja has more than 256000 bytes"),
        ("page.html.jinja", b"\xff", "cannot read page.html.jinja"),
        (None, b"", "there is no folder"),
    ],
)
def test_templates_that_cannot_be_used(site: SmallSite, name: str | None, content: bytes, message: str) -> None:
    """A folder without templates, one that is not there and a file that is no text are told with the line."""
    if name:
        (site.folder / "templates").mkdir()
        (site.folder / "templates" / name).write_bytes(content)
    site.settings = site.settings.replace("pages: generate", "pages: {mode: generate, templates: templates}")
    with pytest.raises(ConfigError, match=rf"config.yaml:2: pages.templates: .*{message}"):
        site.config()


def test_many_runs_make_one_site(site: SmallSite) -> None:
    """A run with nothing to do writes nothing."""
    site.build()
    assert pipeline.run(site.config(), now=NOW).written == ()
