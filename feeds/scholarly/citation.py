"""Where and when the work appeared: journal, volume, issue, pages, date, publisher; a talk's event and place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.model import Extractor, Fact, Origin, Post
from feeds.scholarly import _bibtex, _dates, _embedded, _events, _front, _labels, _masthead, _numbers, _reference
from feeds.scholarly._blocks import line_of, plain
from feeds.scholarly._links import identify
from feeds.scholarly._servers import mentioned, preprint_server
from feeds.scholarly._vocab import fold, has_digit
from feeds.text import partial_date

PARTS = (
    "journal",
    "volume",
    "issue",
    "first_page",
    "last_page",
    "article_number",
    "date",
    "publisher",
    "preprint_server",
)
STATED = ("volume", "issue", "article_number", "publisher", "event", "location", "first_page", "last_page")
_CITED = frozenset({*STATED, "number", "pages", "journal", "venue", "preprint_server", "date", "reference"})
_JOINED = re.compile(r"(?P<volume>\d{1,4})\s?\((?P<issue>[^()]{1,20})\)")  # `volume: 12(3)`
_DASH = re.compile(r" ?(?:-{1,3}|[‐‑‒–—−]) ?")  # in a text that is squeezed


def find(post: Post) -> Iterator[Fact]:
    """Facts about where and when the work appeared."""
    yield from _front_matter(post)
    masthead = _masthead.of(post)
    title = plain(post.title)
    for line in masthead.citations:
        yield from _cited(line.raw, title, "masthead/citation", "body", line_of(post, line.line))
    for found in _labels.of(post):
        yield from _labelled(found.field, found.raw, title, line_of(post, found.line))
    if (embedded := _embedded.of(post)) and not masthead.citations:
        yield from _parts(embedded.citation, "embedded/citation", "body", line_of(post, embedded.line))
    yield from _bibtex_entry(post)
    yield from _link_labels(post)
    yield from _dates_of_post(post)
    yield from _events.find(post, masthead)


def _cited(raw: str, title: str, rule: str, origin: Origin, line: int) -> Iterator[Fact]:
    parsed = _reference.parse(raw, title)
    yield from _parts(parsed, rule, origin, line)


def _parts(parsed: _reference.Citation, rule: str, origin: Origin, line: int) -> Iterator[Fact]:
    if parsed.preprint_server:  # its date is the preprint's, also in a post about the article
        rule = f"{rule.partition('/')[0]}/preprint"
    for field in PARTS:
        if value := getattr(parsed, field):
            yield Fact(field=field, value=value, origin=origin, rule=rule, line=line)
    if parsed.chapter and parsed.journal:
        yield Fact(field="kind", value="chapter", origin=origin, rule=rule, line=line, confidence=0.6)


# ------------------------------------------------------------------------------------------------- front matter


def _front_matter(post: Post) -> Iterator[Fact]:
    if not _front.states_any(post, _CITED):
        return
    for field in _front.stated(post, STATED):
        value, key, line = _front.text(post, field)
        if value and field == "volume" and (joined := _JOINED.fullmatch(value)):
            yield _front_fact("issue", joined["issue"], key, line)
            value = joined["volume"]
        if value:
            yield _front_fact(field, value, key, line)
    number, key, line = _front.text(post, "number")
    if number and _front.has(post, "volume"):
        yield _front_fact("issue", number, key, line)
    pages, key, line = _front.text(post, "pages")
    if pages and has_digit(pages):
        for field, value in _locator(pages).items():
            yield _front_fact(field, value, key, line)
    yield from _front_journal(post)
    value, key, line = _front.text(post, "preprint_server")
    if value:
        yield _front_fact("preprint_server", preprint_server(value) or mentioned(value) or value, key, line)
    value, key, line = _front.text(post, "date")
    if date := _date(value):
        yield Fact(field="date", value=date, origin="front matter", rule="front/publication-date", line=line)
    reference, _, line = _front.get(post, "reference")
    if isinstance(reference, str):
        yield from _cited(reference, plain(post.title), "front/reference", "front matter", line)


def _front_fact(field: str, value: str, key: str, line: int) -> Fact:
    return Fact(field=field, value=value, origin="front matter", rule=f"front/{key}", line=line)


def _front_journal(post: Post) -> Iterator[Fact]:
    value, key, line = _front.text(post, "journal")
    if value:
        parsed = _reference.parse(str(_front.get(post, "journal")[0])) if has_digit(value) else None
        if parsed and parsed.journal and parsed.volume and not _front.has(post, "volume"):
            yield from _cited(str(_front.get(post, "journal")[0]), "", "front/venue", "front matter", line)
            return
        server = preprint_server(value)
        yield _front_fact("preprint_server" if server else "journal", server or value, key, line)
        return
    raw, key, line = _front.get(post, "venue")
    if isinstance(raw, str) and plain(raw):
        name = plain(raw)
        yield Fact(field="event", value=name, origin="front matter", rule=f"front/{key}", line=line, confidence=0.4)
        if server := preprint_server(name):
            yield _front_fact("preprint_server", server, key, line)
        elif has_digit(name):
            yield from _cited(raw, "", "front/venue", "front matter", line)
        else:
            yield _front_fact("journal", re.sub(r"^[Ii]n:? ", "", name), key, line)


def _locator(pages: str) -> dict[str, str]:
    pages = re.sub(r"^(?:pages?|pp?\.?)\s*+", "", pages.strip(), flags=re.IGNORECASE)
    first, *rest = _DASH.split(pages, maxsplit=1)
    return _numbers.locator(first, rest[0] if rest else "") if first else {}


def _date(value: str) -> str:
    if not value:
        return ""
    try:
        return partial_date(value)
    except ValueError:
        found = _dates.find(value) or _dates.years(value)
        return found[0].iso if found else ""


# ------------------------------------------------------------------------------------------------- body


def _labelled(field: str, raw: str, title: str, line: int) -> Iterator[Fact]:
    value = plain(raw)
    if field == "citation":
        yield from _cited(raw, title, "label/citation", "body", line)
    elif field == "journal":
        parsed = _reference.parse(raw)
        if parsed.marks:
            yield from _cited(raw, "", "label/journal", "body", line)
        else:
            yield Fact(
                field="journal",
                value=parsed.journal or value.strip(" ."),
                origin="body",
                rule="label/journal",
                line=line,
            )
    elif field == "pages":
        for part, number in _locator(value).items():
            yield Fact(field=part, value=number, origin="body", rule="label/pages", line=line)
    elif field == "date" and (date := _date(value)):
        yield Fact(field="date", value=date, origin="body", rule="label/date", line=line)
    elif field in {"volume", "issue", "publisher", "event", "location"} and value:
        yield Fact(field=field, value=value.strip(" ."), origin="body", rule=f"label/{field}", line=line)


def _bibtex_entry(post: Post) -> Iterator[Fact]:
    entry = _bibtex.of(post)
    if entry is None:
        return
    line = line_of(post, entry.line)
    names = {
        "journal": "journal",
        "journaltitle": "journal",
        "booktitle": "journal",
        "volume": "volume",
        "number": "issue",
    }
    names |= {"issue": "issue", "publisher": "publisher", "school": "publisher", "institution": "publisher"}
    for key, field in names.items():
        if value := entry.fields.get(key, ""):
            server = preprint_server(value) if field == "journal" else ""
            yield Fact(
                field="preprint_server" if server else field,
                value=server or value,
                origin="body",
                rule=f"bibtex/{key}",
                line=line,
            )
    for field, value in _locator(entry.fields.get("pages", "")).items():
        yield Fact(field=field, value=value, origin="body", rule="bibtex/pages", line=line)
    if date := _date(entry.fields.get("date") or entry.fields.get("year", "")):
        yield Fact(field="date", value=date, origin="body", rule="bibtex/date", line=line)


def _link_labels(post: Post) -> Iterator[Fact]:
    """A link called after the journal that its address names: "[Bioinformatics](…/bioinformatics/article/…)"."""
    for _, link, line in _front.link_values(post):
        label = link.label.strip(" []()")
        if not label[:1].isupper() or "article" not in link.target:
            continue
        words = fold(label).replace(" ", "-")
        is_preprint = any(field == "preprint_doi" for field, _, _ in identify(link.target))
        if len(words) > 3 and f"/{words}/" in link.target.lower() and not is_preprint:
            yield Fact(field="journal", value=label, origin="derived", rule="link/label", line=line, confidence=0.5)


def _dates_of_post(post: Post) -> Iterator[Fact]:
    value = post.front.get("date")
    if isinstance(value, str) and (date := _date(value)):
        yield Fact(field="date", value=date, origin="front matter", rule="front/date", line=_front.line(post, "date"))
    else:
        yield Fact(field="date", value=post.published.date().isoformat(), origin="file name", rule="post/date")


EXTRACTOR = Extractor(name="citation", find=find)
