"""The lines above the text of a post: title, authors, citation, event.  Private to scholarly.

Scholars set them as headings of falling rank, as labelled lines, or as short paragraphs.  What a heading is shows in
what it holds, not in its level; the level only settles which of several is the title.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from feeds.model import Post
from feeds.scholarly import _dates, _front, _reference
from feeds.scholarly._blocks import Block, blocks, links, plain
from feeds.scholarly._labels import holds_identifier, lines_of
from feeds.scholarly._links import identify, printed_dois
from feeds.scholarly._memo import once_a_post
from feeds.scholarly._names import parse
from feeds.scholarly._occasions import named
from feeds.scholarly._roles import Line, Role, is_author_line, is_single, role_of, same_title, without_authors
from feeds.scholarly._servers import is_data
from feeds.scholarly._vocab import fold, has_digit, words

MOST_BLOCKS = 60  # that a masthead, and the headings of other works, are looked for in
MOST_LINES = 30  # of a paragraph that can still be part of the masthead


_OCCASION = re.compile(
    r"\b(?:at|in) (?:the )?[A-Z]|@|, [A-Z]|\b20\d\d\b"
)  # "Seminar at the Moon Institute", not "Slides"


class Masthead(Struct, frozen=True, kw_only=True):
    """What stands above the text; `end` is the index of the first block of the text itself."""

    title: Line | None = None
    authors: tuple[Line, ...] = ()
    citations: tuple[Line, ...] = ()
    others: tuple[Line, ...] = ()  # headings that are neither: the event of a talk
    end: int = 0


@once_a_post
def of(post: Post) -> Masthead:
    """The masthead of a post."""
    return _read(post.body, plain(post.title), _names_authors(post))


def _names_authors(post: Post) -> bool:
    """Does the front matter list several authors by name, so that a citation may follow without a line of them?"""
    value, _, _ = _front.get(post, "authors")
    if not isinstance(value, list) or len(value) < 2:
        return False
    return not any(isinstance(x, str) and (x.startswith("@") or " " not in x) for x in value)


@lru_cache(maxsize=8)
def _read(body: str, title: str, named: bool) -> Masthead:
    found = blocks(body)
    headings: list[Line] = []
    authors: list[Line] = []
    citations: list[Line] = []
    behind: list[Line] = []
    end = 0
    for index, block in enumerate(found[:MOST_BLOCKS]):
        if block.kind in {"comment", "rule"} or _is_blank(block.text):
            continue
        lines = _lines(block, title)
        told = _told(found, index, lines, title, bool(authors), named)
        if not told or "end" in told:
            break
        if "label" in told and ("authors" in told or "citation" in told):  # "doi: …" below the journal
            cited = [*told.get("citation", ()), *(x for x in told["label"] if holds_identifier(x.raw))]
            told["citation"] = sorted(cited, key=lines.index)
        titles = told.get("heading", [])
        another = citations and any(not same_title(plain(x.raw), title) for x in titles)
        if (authors and titles) or (another and not _opens_work(found, index, headings)):
            behind = [line for line in lines if _OCCASION.search(line.raw)]
            break
        headings += titles
        authors += told.get("authors", ())
        citations += told.get("citation", ())
        end = index + 1
    chosen, others = _title(headings, authors, citations, title)
    if _is_list_of_works(found, chosen, authors, citations, title):
        return Masthead()
    others += behind
    end = end if authors or citations or chosen else 0
    return Masthead(title=chosen, authors=tuple(authors), citations=tuple(citations), others=tuple(others), end=end)


def _told(
    found: tuple[Block, ...], index: int, lines: list[Line], title: str, seen: bool, named: bool
) -> dict[Role, list[Line]]:
    """What the lines of a block are, up to the first that ends the masthead; `seen`: there are authors above them."""
    follower = _next_heading(found, index)
    told: dict[Role, list[Line]] = {}
    for number, line in enumerate(lines):
        role = role_of(line, found[index], title, seen, follower)
        if role == "end" and not seen:
            following = lines[number + 1 :] or (_lines(found[index + 1], title) if index + 1 < len(found) else [])
            role = without_authors(line, following[:1], title, named)
        seen = seen or role == "authors"
        told.setdefault(role, []).append(line)
        if role == "end":
            break
    return told


def _opens_work(found: tuple[Block, ...], index: int, headings: list[Line]) -> bool:
    """Is a heading the title below a line that cites it: the first one, with its authors right behind?"""
    below = found[index + 1] if index + 1 < len(found) else None
    return not headings and below is not None and is_author_line(parse(below.text[:1_000]), fewest=2)


def _is_list_of_works(
    found: tuple[Block, ...], chosen: Line | None, authors: list[Line], citations: list[Line], title: str
) -> bool:
    """Is the post about several works, each in a line of its own or under a heading of its own?"""
    if not authors:
        dois = [_doi(line.raw) for line in citations[:MOST_LINES]]
        others = [line for line in citations[:MOST_LINES] if _is_reference_to_another(line, title)]
        return len({d for d in dois if d and not is_data(d)}) > 1 or len(others) > 1
    if chosen is None or not chosen.level or same_title(plain(chosen.raw), title) or not title:
        return False
    behind = [(a, b) for a, b in pairwise(found[:MOST_BLOCKS]) if a.start > chosen.line and a.kind == "heading"]
    return any(a.level == chosen.level and is_author_line(parse(b.text[:1_000]), fewest=2) for a, b in behind)


def _doi(raw: str) -> str:
    """The first DOI of an article that a line prints or links."""
    linked = (x[:2] for link in links(raw) for x in identify(link.target))
    return next((doi for field, doi in (*printed_dois(raw), *linked) if field == "doi"), "")


def _is_reference_to_another(line: Line, title: str) -> bool:
    """Does it open with names, and name another title than the post's?"""
    text = plain(line.raw)
    names, _, rest = text.partition(". ")
    if title and title.casefold() in text.casefold():
        return False
    return bool(rest) and is_author_line(parse(names), fewest=2)


def _lines(block: Block, title: str) -> list[Line]:
    if block.kind == "heading":
        return [Line(block.text, block.start, block.level)]
    if block.kind not in {"paragraph", "item", "quote", "html"} or block.end - block.start > MOST_LINES:
        return []
    lines: list[Line] = []
    for number, raw in enumerate(lines_of(block)):
        if _is_blank(raw):
            continue
        if ("|" in raw or "—" in raw or "–" in raw) and (byline := _byline(raw, title)):
            lines += [Line(piece, block.start + number) for piece in byline]
        elif lines and (joined := _in_one_list(lines[-1].raw, raw, title)):
            lines[-1] = Line(joined, lines[-1].line)
        else:
            lines.append(Line(raw, block.start + number))
    return lines


def _byline(raw: str, title: str) -> list[str]:
    """ "By Ada Wick and Bo Glow | Journal | May 2, 2020" as its names and its citation; [] where it is none."""
    mark = next((x for x in (" | ", " — ", " – ") if x in raw), "")
    if not mark:
        return []
    names, _, rest = raw.partition(mark)
    if not has_digit(rest) or not is_author_line(parse(names), fewest=2):
        return []
    citation = rest.replace(mark, ", ")
    parsed = _reference.parse(citation, title)
    rubric = fold(parsed.journal).rpartition(" ")[2] in words("labels", "no_journal", "endings")
    return [names, citation] if (parsed.journal and not rubric) or parsed.preprint_server else []


def _in_one_list(raw: str, following: str, title: str) -> str:
    """Both lines as one, where a list of names is wrapped between them or each holds a name; "" where not."""
    small = sum(1 for w in raw.split(None, 12)[:12] if w[0].islower() and w not in words("names", "particles"))
    if len(raw) > 10_000 or small > 3 or same_title(plain(raw), title):
        return ""
    open_end = raw.rstrip().endswith((",", ";", "&", "|", " and", " und", " et"))
    text = plain(following)
    if not open_end and is_single(names := parse(following), text):
        above = parse(raw)
        if names.people[0].organization and len(above.people) < 2:
            return ""
        alone = is_single(above, plain(raw)) or len(above.people) > 1
        return f"{raw.rstrip()}, {following}" if alone and not above.doubt and not above.truncated else ""
    if not open_end and (len(raw) < 50 or not ("," in raw or ";" in raw) or _reference.parse(following).marks):
        return ""
    both = parse(joined := f"{raw.rstrip()} {following}")
    return joined if both.doubt == 0 and len(both.people) > 1 and "://" not in text else ""


def _is_blank(raw: str) -> bool:
    """Is nothing printed: an image, empty HTML?"""
    return not (plain(raw) if "<" in raw or ("!" in raw and "![" in raw) else raw.strip())


def _next_heading(found: tuple[Block, ...], index: int) -> int:
    """Level of the heading right behind a block; 0 when something else follows."""
    following = found[index + 1] if index + 1 < len(found) else None
    return following.level if following and following.kind == "heading" else 0


def _title(
    headings: list[Line], authors: list[Line], citations: list[Line], title: str
) -> tuple[Line | None, list[Line]]:
    """The title among the headings above authors and citation, and the others."""
    known = next((h for h in headings if same_title(plain(h.raw), title)), None)
    if known is None and (authors or citations):
        titles = [h for h in headings if not (title and _is_occasion(plain(h.raw)))]
        best = min(titles, key=lambda h: h.level, default=None)
        below = (authors or citations)[0].level
        if best and (not below or best.level <= below or not title):
            known = best
    return known, [h for h in headings if h is not known]


def _is_occasion(text: str) -> bool:
    """Is it an occasion with its day or its town, and nothing else: "Lamp Forum, Oslo, 4 March 2019"?"""
    if len(text) > 150 or not (found := named(text)):
        return False
    rest = _dates.blank(text).replace(found.name, "").replace(found.place or "\n", "")
    return bool(found.place or _dates.find(text)) and not any(c.isalpha() for c in rest)
