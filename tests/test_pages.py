"""The generated pages, read back with HTML parsers as browsers, screen readers and crawlers would."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import extruct
import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from msgspec.structs import replace

from feeds import text
from feeds.errors import TemplateError
from feeds.exporters import list_page, page
from feeds.exporters._page_parts import size
from feeds.model import Artifact, Attachment, Collection, Item, Listing, Person, Post, Site, Work

WHEN = datetime(2024, 3, 1, 12, tzinfo=UTC)
SITE = Site(
    url="https://lantern.example.org/lab",
    feeds_url="https://lantern.example.org/lab/feeds",
    title="The Lantern Lab",
    license="https://creativecommons.org/licenses/by/4.0/",
    pages=True,
)
ADA = Person(
    name="Ada Wick", given="Ada", family="Wick", orcid="0000-0002-1825-0097", affiliation="University of Lamps"
)
BO = Person(name="Bo Glow", given="Bo", family="Glow", affiliation="Institute of Fog")
WORK = Work(
    title="On lamps & tides",
    authors=(ADA, BO, Person(name="Chandra Flint", given="Chandra", family="Flint")),
    journal="Journal of Imaginary Optics",
    volume="7",
    issue="2",
    first_page="12",
    last_page="19",
    date="2020-03",
    doi="10.5555/lamps",
    pmid="99000001",
    abstract="We light lamps.\n\nThe tide puts them out.",
    pdf="https://lantern.example.org/lab/feeds/works/lamps.pdf",
    preprint_doi="10.5555/early",
    preprint_server="bioRxiv",
    urls=("https://github.com/lantern/lamps",),
    license="https://creativecommons.org/licenses/by/4.0/",
)
POST = Post(
    source="site",
    path="lamps.md",
    url="https://lantern.example.org/lab/lamps.html",
    title="A paper on lamps",
    published=WHEN,
    lang="en",
    tags=("tide", "publication"),
    attachments=(Attachment(url=WORK.pdf, media_type="application/pdf", size=1_234_567),),
)
LISTINGS = (
    Listing(title="Publications", path=""),
    Listing(title="Papers", path="collections/papers", name="papers"),
    Listing(title="A", path="authors/ada-wick", name="authors", each="author", key=ADA.orcid, value="Ada Wick"),
    Listing(title="2020", path="years/2020", name="years", each="year", value="2020"),
)
ITEM = Item(
    post=POST,
    work=WORK,
    listings=LISTINGS,
    documents=(Artifact(path="lamps.jsonld", media_type="application/ld+json"),),
)


def rendered(item: Item, **options: Any) -> str:
    [artifact] = page.EXPORTER.render(item, SITE, page.Options(**options))
    assert artifact.media_type == "text/html; charset=utf-8"
    return artifact.body.decode()


def parsed(made: str | bytes) -> Any:
    raw = made.encode() if isinstance(made, str) else made
    return html.document_fromstring(raw, parser=html.HTMLParser(encoding="utf-8"))


def tree(item: Item = ITEM) -> Any:
    return parsed(rendered(item))


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def links(node: Any) -> dict[str, str]:
    return {words(a): a.get("href") for a in node.xpath(".//a")}


# --------------------------------------------------------------------------------------------- the page of a work


def test_where_a_page_lies() -> None:
    """The page of a work lies below works/, at the path of its post; its title is the work's."""
    [artifact] = page.EXPORTER.render(ITEM, SITE, page.Options())
    assert (artifact.path, artifact.title) == ("works/lamps.html", "On lamps & tides")
    assert tree().xpath("string(//title)") == "On lamps & tides – The Lantern Lab"


def test_news_have_no_page() -> None:
    """A post without a work behind it is its own page."""
    assert list(page.EXPORTER.render(Item(post=POST), SITE, page.Options())) == []


def test_the_record_can_be_read() -> None:
    """Title, authors with affiliations, journal, volume, issue, pages, date and DOI stand at the top."""
    top = tree().xpath("//main/header")[0]
    assert words(top.xpath("h1")[0]) == "On lamps & tides"
    assert [words(li) for li in top.xpath("ul[@class='people']/li")] == [
        "Ada Wick1 ORCID",
        "Bo Glow2",
        "Chandra Flint",
    ]
    assert [words(li) for li in top.xpath("ol/li")] == ["1 University of Lamps", "2 Institute of Fog"]
    assert words(top.xpath("p[contains(@class, 'where')]")[0]) == (
        "Journal of Imaginary Optics 7(2), 12–19 · March 2020 · doi:10.5555/lamps"
    )
    assert top.xpath(".//time/@datetime") == ["2020-03"]


def test_authors_lead_to_their_pages() -> None:
    """Who has a page here is linked to it, and who has an ORCID iD to that; nobody else is linked."""
    people = tree().xpath("//ul[@class='people']")[0]
    assert people.xpath(".//a/@href") == [
        "../authors/ada-wick/index.html",
        "https://orcid.org/0000-0002-1825-0097",
    ]
    assert people.xpath(".//a[2]/@aria-label") == ["ORCID iD of Ada Wick"]


def test_two_authors_of_one_name() -> None:
    """Namesakes on one paper lead to a page each."""
    other = replace(ADA, orcid="0000-0001-5109-3700")
    second = replace(LISTINGS[2], path="authors/ada-wick-2", key=other.orcid)
    people = tree(replace(ITEM, work=replace(WORK, authors=(other, ADA)), listings=(*LISTINGS, second)))
    assert [a.get("href") for a in people.xpath("//ul[@class='people']//a[@rel='author']")] == [
        "../authors/ada-wick-2/index.html",
        "../authors/ada-wick/index.html",
    ]


def test_one_affiliation_of_all_needs_no_numbers() -> None:
    """Where every author is of the same place, it is named once and nobody has a number."""
    both = (ADA, replace(BO, affiliation=ADA.affiliation))
    top = tree(replace(ITEM, work=replace(WORK, authors=both)))
    assert not top.xpath("//sup")
    assert [words(li) for li in top.xpath("//ol[@aria-label='Affiliations']/li")] == ["University of Lamps"]


def test_abstract_and_keywords_can_be_seen() -> None:
    """The abstract stands there by paragraphs, in its language; tags that only name a kind are no keywords."""
    section = tree().xpath("//section[@aria-labelledby='abstract']")[0]
    assert [words(p) for p in section.xpath("p")] == ["We light lamps.", "The tide puts them out."]
    assert section.xpath("p/@lang") == ["en", "en"]
    assert [words(li) for li in section.xpath("ul/li")] == ["tide"]


def test_downloads_and_other_places() -> None:
    """PDF with its size, DOI, post, preprint, PubMed, code, licence, other formats and lists are linked."""
    found = links(tree().xpath("//main")[0])
    assert found["PDF 1.2 MB"] == WORK.pdf
    assert found["Published version"] == "https://doi.org/10.5555/lamps"
    assert found["Post on The Lantern Lab"] == POST.url
    assert found["Preprint"] == "https://doi.org/10.5555/early"
    assert found["PubMed"] == "https://pubmed.ncbi.nlm.nih.gov/99000001/"
    assert found["GitHub"] == "https://github.com/lantern/lamps"
    assert found[WORK.license] == WORK.license
    assert found["JSON-LD"] == "../lamps.jsonld"
    assert found["Papers"] == "../collections/papers/index.html"


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("https://doi.org/10.5555/lamps", ["doi:10.5555/lamps", "Published version"]),
        ("https://lantern.example.org/lab/#lamps", []),
        ("https://publisher.example.org/lamps", ["publisher.example.org"]),
    ],
)
def test_a_record_is_no_post(url: str, names: list[str]) -> None:
    """What comes from a bibliography has no post on the site; its page elsewhere is linked unless it is the DOI."""
    made = tree(replace(ITEM, post=replace(POST, form="record", url=url)))
    linked = links(made.xpath("//main")[0])
    assert "Post on The Lantern Lab" not in linked
    assert [name for name, href in linked.items() if href == url] == names


def test_the_way_back() -> None:
    """From the page lead links to the site, to all publications and to those of the year."""
    assert links(tree().xpath("//nav")[0]) == {
        "The Lantern Lab": "https://lantern.example.org/lab/",
        "Publications": "../publications.html",
        "2020": "../years/2020/index.html",
    }


def test_citation_and_bibtex_can_be_copied() -> None:
    """Both stand there as text; the script that adds buttons finds them, and is the one that the page allows."""
    made = tree()
    assert words(made.xpath("//*[@id='plain']")[0]) == (
        "Ada Wick, Bo Glow, Chandra Flint (2020). On lamps & tides. Journal of Imaginary Optics, 7(2), 12–19. "
        "https://doi.org/10.5555/lamps"
    )
    assert made.xpath("string(//pre[@id='bibtex'])").startswith("@article{wick2020lamps,\n")
    assert set(made.xpath("//@data-of")) <= set(made.xpath("//@id"))
    [script] = made.xpath("//script[not(@type)]")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in made.xpath("string(//meta[@http-equiv]/@content)")


def test_what_is_not_known_is_not_there() -> None:
    """A work that is only a title has no empty heading, list or row."""
    bare = Item(post=replace(POST, tags=(), attachments=(), lang=""), work=Work(title="A lamp"))
    made = tree(bare)
    assert [words(h) for h in made.xpath("//h1 | //h2 | //h3")] == ["A lamp", "Cite", "BibTeX"]
    assert not made.xpath("//ul[not(li)] | //ol[not(li)] | //dl[not(dt)] | //h2[not(text())] | //sup")
    assert not made.xpath("//main//a[not(normalize-space())]")


@pytest.mark.parametrize("title", ["", " \u2003"])
def test_no_page_without_title(title: str) -> None:
    """Where neither work nor post has a title, the address stands for it."""
    made = tree(replace(ITEM, post=replace(POST, title=title), work=replace(WORK, title=title)))
    assert words(made.xpath("//h1")[0]) == POST.url


def test_very_many_authors() -> None:
    """Of a large consortium thirty names are seen at once, and all of them stand there."""
    many = tuple(Person(name=f"Ada{n} Wick", given=f"Ada{n}", family="Wick") for n in range(100))
    made = tree(replace(ITEM, work=replace(WORK, authors=many, authors_truncated=True)))
    assert len(made.xpath("//header/ul[@class='people']/li")) == 30
    assert len(made.xpath("//ul[@class='people']/li")) == 101
    assert words(made.xpath("//summary")[0]) == "and 70 more authors, et al."


def test_what_the_site_hides_from_search_is_not_indexed() -> None:
    """`sitemap: false` of a post is told to crawlers that come by another way."""
    assert tree(replace(ITEM, post=replace(POST, in_sitemap=False))).xpath("//meta[@name='robots']/@content") == [
        "noindex"
    ]
    assert not tree().xpath("//meta[@name='robots']")


def test_a_crawler_finds_the_record() -> None:
    """Highwire tags, JSON-LD and the canonical address are those of this page."""
    made = tree()
    own = "https://lantern.example.org/lab/feeds/works/lamps.html"
    assert made.xpath("//link[@rel='canonical']/@href") == [own]
    assert made.xpath("//meta[@name='citation_title']/@content") == ["On lamps & tides"]
    assert made.xpath("//meta[@name='citation_author']/@content") == ["Wick, Ada", "Glow, Bo", "Flint, Chandra"]
    assert made.xpath("//meta[@name='citation_pdf_url']/@content") == [WORK.pdf]
    node, trail = extruct.extract(rendered(ITEM), syntaxes=["json-ld"])["json-ld"]
    assert (node["@type"], node["name"]) == ("ScholarlyArticle", "On lamps & tides")
    assert [(step["position"], step["name"], step["item"]) for step in trail["itemListElement"]] == [
        (1, "The Lantern Lab", "https://lantern.example.org/lab/"),
        (2, "Publications", "https://lantern.example.org/lab/feeds/publications.html"),
        (3, "2020", "https://lantern.example.org/lab/feeds/years/2020/index.html"),
        (4, "On lamps & tides", own),
    ]


# ---------------------------------------------------------------------------------------------------- any text at all

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}</title></style><!--&amp;'"


def test_hostile_text_stays_text() -> None:
    """Markup and template code in any field is printed as it is, and nothing of it becomes an element."""
    person = Person(name=HOSTILE, given=HOSTILE, family=HOSTILE, affiliation=HOSTILE, orcid=ADA.orcid)
    fields = "title journal volume issue first_page last_page article_number publisher abstract event location".split()
    work = replace(WORK, authors=(person,), **dict.fromkeys(fields, HOSTILE))
    post = replace(POST, title=HOSTILE, tags=(HOSTILE,), summary=HOSTILE)
    listing = Listing(title=HOSTILE, path="collections/x", name="x")
    made = tree(Item(post=post, work=work, listings=(listing,)))
    assert words(made.xpath("//h1")[0]) == HOSTILE
    assert made.xpath("string(//title)").startswith(HOSTILE)
    assert not made.xpath("//img | //comment()")
    assert len(made.xpath("//script")) == 3  # of the record, of its place, and what copies
    assert strict(rendered(Item(post=post, work=work, listings=(listing,)))) is not None


def strict(made: str) -> Any:
    """The document, as a parser that forgives nothing reads it."""
    return html5lib.HTMLParser(strict=True).parse(made)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(text.legal)


@settings(max_examples=60)
@given(st.lists(TEXT, min_size=8, max_size=8))
def test_any_text_makes_a_sound_page(said: Sequence[str]) -> None:
    """Whatever a post says, the page parses without an error and has a title."""
    title, name, journal, number, abstract, tag, place, lang = said
    people = (Person(name=name, affiliation=place), ADA)
    work = Work(title=title, authors=people, journal=journal, volume=number, abstract=abstract, doi=number)
    item = Item(post=replace(POST, title=title, tags=(tag,), summary=abstract, lang=lang), work=work)
    made = rendered(item)
    strict(made)
    assert words(parsed(made).xpath("//h1")[0])


# ---------------------------------------------------------------------------------------------------- lists


def collection(items: Sequence[Item], **members: Any) -> Collection:
    plain: dict[str, Any] = {"name": "", "title": SITE.title, "path": "", "items": tuple(items), "updated": WHEN}
    return Collection(**(plain | members))


def lists(value: Collection, **options: Any) -> dict[str, Any]:
    made = list_page.EXPORTER.render(value, SITE, list_page.Options(**options))
    found = {}
    for artifact in made:
        strict(artifact.body.decode())
        found[artifact.path] = parsed(artifact.body)
    return found


def work(number: int, date: str) -> Item:
    post = replace(POST, url=f"https://lantern.example.org/lab/{number}.html", published=WHEN - timedelta(days=number))
    return Item(post=post, work=replace(WORK, title=f"Work {number}", date=date, doi=f"10.5555/{number}"))


def titles(made: Any) -> dict[str, list[str]]:
    return {
        words(s.xpath("h2")[0]): [words(p) for p in s.xpath(".//p[@class='title']")] for s in made.xpath("//section")
    }


def test_publications_by_year() -> None:
    """Works stand under the year in which they appeared, newest first, each with a plain link to its page."""
    items = [work(1, "2020-05-01"), work(2, "2022"), work(3, "2020-12-01"), Item(post=POST)]
    [(path, made)] = lists(collection(items)).items()
    assert path == "publications.html"
    assert titles(made) == {"2022": ["Work 2"], "2020": ["Work 3", "Work 1"]}
    assert made.xpath("//p[@class='title']/a/@href") == ["works/2.html", "works/3.html", "works/1.html"]
    assert "3 works, 2020–2022" in words(made)
    assert links(made.xpath("//nav[@aria-label='Years']")[0]) == {"2022": "#y2022", "2020": "#y2020"}


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([Item(post=POST)], "1 post,"),
        ([Item(post=POST), Item(post=replace(POST, id="x"))], "2 posts,"),
        ([Item(post=POST), work(1, "2020")], "2 items,"),
        ([work(1, "2020")], "1 work,"),
    ],
)
def test_news_are_no_works(items: Sequence[Item], said: str) -> None:
    """A list says how many works it has only when all of them are."""
    [made] = lists(collection(items, name="lamps", path="collections/lamps")).values()
    assert words(made.xpath("//p[@class='facts']")[0]).startswith(said)


def test_reference_managers_find_every_work_in_a_list() -> None:
    """Each work has a COinS span with its title and DOI."""
    [made] = lists(collection([work(1, "2020"), work(2, "2021")])).values()
    spans = made.xpath("//span[@class='Z3988']/@title")
    assert ["rft.atitle=Work%202" in span and "10.5555%2F2" in span for span in spans] == [True, False]


def test_a_collection_lists_posts_too() -> None:
    """News in a collection lead to the site, where they are."""
    made = lists(collection([Item(post=POST)], name="news", title="News", path="collections/news"))
    page_ = made["collections/news/index.html"]
    assert page_.xpath("//p[@class='title']/a/@href") == [POST.url]
    assert not page_.xpath("//span[@class='Z3988']")


def test_nothing_yet() -> None:
    """Without works there is a page of publications, for others lead to it; a collection without items has none."""
    assert "Nothing is published yet." in words(lists(collection([]))["publications.html"])
    assert lists(collection([], name="x", title="x", path="collections/x")) == {}


def test_a_long_list_has_a_page_for_each_year() -> None:
    """More works than a page shows are split: the newest on the first page, all of a year on the page of that year."""
    items = [work(n, f"20{10 + n // 5}-01-01") for n in range(20)]
    made = lists(collection(items, name="papers", title="Papers", path="collections/papers"), page_size=7)
    first = made.pop("collections/papers/index.html")
    assert len(first.xpath("//p[@class='title']")) == 7
    assert links(first.xpath("//nav[@aria-label='Years']")[0]) == {
        year: f"../../collections/papers/{year}.html" for year in ("2013", "2012", "2011", "2010")
    }
    assert {path: len(one.xpath("//p[@class='title']")) for path, one in made.items()} == {
        f"collections/papers/{year}.html": 5 for year in range(2010, 2014)
    }
    assert "Papers, 2010 – The Lantern Lab" in made["collections/papers/2010.html"].xpath("string(//title)")


YEARS = tuple(
    Listing(title=year, path=f"years/{year}", name="years", each="year", value=year, count=2)
    for year in ("2010", "2011")
)


def test_years_that_have_pages_are_not_made_again() -> None:
    """The list of everything leads to the collections of the years where those hold it all."""
    items = [work(n, f"20{10 + n // 2}") for n in range(4)]
    made = lists(collection(items, listings=YEARS), page_size=3)
    assert sorted(made) == ["publications.html", "years/index.html"]
    jumps = links(made["publications.html"].xpath("//nav[@aria-label='Years']")[0])
    assert jumps == {"2011": "years/2011/index.html", "2010": "years/2010/index.html"}
    assert "publications-2010.html" in lists(collection(items, listings=YEARS[:1]), page_size=3)


def test_the_page_of_a_year_is_whole() -> None:
    """All works of a year stand on one page, however many there are."""
    year = {"name": "years:2020", "each": "year", "value": "2020", "title": f"{SITE.title}: 2020", "path": "years/2020"}
    [(path, made)] = lists(collection([work(n, "2020") for n in range(5)], **year), page_size=2).items()
    assert (path, words(made.xpath("//h1")[0])) == ("years/2020/index.html", "2020")
    assert titles(made)["2020"] == [f"Work {n}" for n in range(5)]


def test_everybody_is_on_the_page_of_authors() -> None:
    """The overview lists people by their last names, with the number of their works."""
    people = (("Bo Glow", 3), ("Ada Wick", 2), ("Zoë Adeyemi", 1))
    listings = tuple(
        Listing(title=n, path=f"authors/{n[0].lower()}", name="authors", each="author", value=n, count=c)
        for n, c in people
    )
    made = lists(collection([ITEM], listings=listings))["authors/index.html"]
    assert [words(li) for li in made.xpath("//ul[@class='values']/li")] == ["Zoë Adeyemi 1", "Bo Glow 3", "Ada Wick 2"]
    assert made.xpath("//ul[@class='values']//a/@href")[0] == "../authors/z/index.html"
    node = json.loads(made.xpath("string(//script)"))
    assert (node["@type"], node["url"]) == ("CollectionPage", f"{SITE.feeds_url}/authors/index.html")
    listed = node["mainEntity"]["itemListElement"]
    assert [one["name"] for one in listed] == made.xpath("//ul[@class='values']//a/text()")
    assert listed[0]["url"] == f"{SITE.feeds_url}/authors/z/index.html"


PERSON = {
    "name": "authors:0000-0002-1825-0097",
    "each": "author",
    "value": "Ada Wick",
    "title": f"{SITE.title}: Ada Wick",
    "path": "authors/ada-wick",
}


def test_a_person_has_a_profile() -> None:
    """Name, affiliation, ORCID iD and home page stand on the page of an author, whatever work they are known from."""
    known = replace(ITEM, work=replace(WORK, authors=(replace(ADA, url="https://ada.example.org/", affiliation=""),)))
    [made] = lists(collection([known, ITEM], **PERSON)).values()
    assert words(made.xpath("//h1")[0]) == "Ada Wick"
    assert words(made.xpath("//p[@class='lead']")[0]) == "University of Lamps"
    assert made.xpath("//a[@rel='me']/@href") == ["https://orcid.org/0000-0002-1825-0097", "https://ada.example.org/"]
    node = json.loads(made.xpath("string(//script)"))
    assert (node["@type"], node["mainEntity"]["@type"]) == ("ProfilePage", "Person")
    assert node["mainEntity"]["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert [part["name"] for part in node["hasPart"]] == ["On lamps & tides"] * 2


def test_a_namesake_is_somebody_else() -> None:
    """What is known of a person with another ORCID iD is not told of this one."""
    other = replace(ITEM, work=replace(WORK, authors=(replace(ADA, orcid="0000-0001-5109-3700"), BO)))
    [made] = lists(collection([other], **PERSON)).values()
    assert not made.xpath("//p[@class='lead'] | //a[@rel='me']")


def test_what_a_list_is_for_machines() -> None:
    """A list is a CollectionPage with its works in order, each with the address of its page."""
    [made] = lists(collection([work(1, "2020"), work(2, "2021")])).values()
    node = json.loads(made.xpath("string(//script)"))
    assert node["@type"] == "CollectionPage"
    listed = node["mainEntity"]["itemListElement"]
    assert [one["item"]["url"] for one in listed] == [f"{SITE.feeds_url}/works/{n}.html" for n in (2, 1)]
    assert made.xpath("//link[@rel='canonical']/@href") == [f"{SITE.feeds_url}/publications.html"]


def test_a_list_names_its_feeds_and_files() -> None:
    """Feeds are to subscribe to and to discover; what reference managers take stands beside them."""
    made_of_it = (
        Artifact(path="feed.atom", media_type="application/atom+xml; charset=utf-8"),
        Artifact(path="publications.bib", media_type="application/x-bibtex; charset=utf-8"),
    )
    [made] = lists(collection([ITEM], documents=made_of_it)).values()
    box = made.xpath("//dl")[0]
    assert [words(div) for div in box] == ["Subscribe Atom", "For reference managers BibTeX"]
    assert box.xpath(".//a/@href") == ["feed.atom", "publications.bib"]
    assert made.xpath("//link[@rel='alternate']/@href") == ["feed.atom"]


# ---------------------------------------------------------------------------------------------------- both


PAGES = [rendered(ITEM)] + [
    artifact.body.decode()
    for value in (collection([ITEM, work(1, "2011")], listings=YEARS), collection([ITEM], **PERSON))
    for artifact in list_page.EXPORTER.render(value, SITE, list_page.Options())
]


@pytest.mark.parametrize("made", PAGES, ids=range(len(PAGES)))
def test_structure(made: str) -> None:
    """A page has a language, one main, one h1, headings in order, unique ids, a skip link; it fetches nothing."""
    strict(made)
    document = parsed(made)
    assert document.get("lang") == "en"
    assert [len(document.xpath(f"//{tag}")) for tag in ("main", "h1", "title", "footer")] == [1, 1, 1, 1]
    levels = [int(heading.tag[1]) for heading in document.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(document.xpath("//@aria-labelledby")) <= set(ids)
    assert document.xpath("string(//body/*[1]/@href)") == "#main"
    assert not document.xpath("//@src | //@srcset | //iframe | //form | //@style | //link[@rel='stylesheet']")
    assert "url(" not in document.xpath("string(//style)")


@pytest.mark.parametrize(
    ("count", "said"),
    [(None, ""), (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1_400_000, "1.4 MB"), (23_456_789, "23 MB")],
)
def test_sizes(count: int | None, said: str) -> None:
    """The size of a file is said as a person would say it."""
    assert size(count) == said


# --------------------------------------------------------------------------------------------- a user's templates


def test_a_block_of_a_template_can_be_replaced() -> None:
    """A template of the same name goes before ours, reaches ours as feeds/…, and keeps all that it does not replace."""
    own = '{% extends "feeds/page.html.jinja" %}{% block cite %}<p id="own">{{ work.doi }}</p>{% endblock %}'
    made = parsed(rendered(ITEM, templates={"/lab/page.html.jinja": own}))
    assert made.xpath("string(//p[@id='own'])") == "10.5555/lamps"
    assert not made.xpath("//*[@id='bibtex']")
    assert words(made.xpath("//h1")[0]) == "On lamps & tides"


def test_the_frame_of_all_pages_can_be_replaced() -> None:
    """A base of one's own is taken by our templates too."""
    own = '{% extends "feeds/base.html.jinja" %}{% block style %}h1 { color: red; }{{ super() }}{% endblock %}'
    assert "h1 { color: red; }" not in rendered(ITEM)
    replaced = "<html><body>{% block body %}{% endblock %}</body></html>"
    assert rendered(ITEM, templates={"/lab/base.html.jinja": replaced}).startswith("<html><body>")
    assert "<h1" in rendered(ITEM, templates={"/lab/base.html.jinja": own})


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("<p>\n{{ work.nonsense }}", 2, "UndefinedError: this has no attribute 'nonsense'"),
        ("<p>\n\n{% if %}", 3, "TemplateSyntaxError"),
        ("{{ work.title }}\n{% include 'nowhere.jinja' %}", 2, "nowhere.jinja"),
        ("{{ 1 / 0 }}", 1, "ZeroDivisionError"),
        ("\n{{ ''.__class__.__mro__ }}", 2, "SecurityError"),
        ("{% for n in range(10000000) %}x{% endfor %}", 1, "OverflowError"),
        ('{% extends "page.html.jinja" %}', 1, "Recursion"),
    ],
)
def test_an_error_in_a_template_names_file_and_line(template: str, line: int, message: str) -> None:
    """What is wrong in a user's template is told with its file and line, and what runs in it can reach nothing else."""
    with pytest.raises(TemplateError) as caught:
        rendered(ITEM, templates={"/lab/page.html.jinja": template})
    assert caught.value.where == f"/lab/page.html.jinja:{line}"
    assert message in caught.value.message
