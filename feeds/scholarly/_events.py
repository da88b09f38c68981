"""The occasion of a talk or poster, and what news announces: name and place.  Private to scholarly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from feeds.model import Fact, Origin, Post
from feeds.scholarly import _dates, _front, _reference
from feeds.scholarly._blocks import blocks, line_of, plain
from feeds.scholarly._labels import holds_identifier, is_kept_among
from feeds.scholarly._masthead import Masthead
from feeds.scholarly._names import parse
from feeds.scholarly._occasions import known_town, named
from feeds.scholarly._vocab import fold, folded_words, has_digit, phrases, table

_PLACE = re.compile(
    r"(?:,| in| at|[-–] )\s?(?:[A-Z]{2,6}\s)?"
    r"(?P<place>(?:St\.? )?[A-Z][^\W\d_]{2,}+(?:[ -][A-Z][^\W\d_]{2,}+)?(?: City)?)"
    r"(?:,? (?:19|20)\d\d)?\s?[.,]?$"
)
_PRESENTED = re.compile(
    r"(?:\b(?:presented|presentations?|talks?|posters?|keynote|lecture) (?:at|in) (?:the )?"
    r"|\bvortrag (?:an der|am|auf der|beim?|im) |@ ?)(.{3,120}?)[.;]?$",
    re.IGNORECASE,
)
_TALKS = ("talk", "presentation", "poster", "keynote", "lecture", "seminar", "vortrag", "exposé", "presented")
_TALK = re.compile(
    rf"(?:(?:invited|keynote|plenary|contributed|oral|lightning) )?(?:{'|'.join(_TALKS)})(?: presented)? "
    r"(?:at|in|an der|am|auf der|bei|à) (?:the )?(\w.{2,150}?)[.;]?$",
    re.IGNORECASE,
)
# A school of higher learning and its town, where nothing stands between them: "Universität Zürich".
_SEAT = re.compile(r"\b\w{0,15}(?:[Uu]niversität|[Hh]ochschule) ([A-Z][^\W\d_]{2,20})$")
# "a presentation of lamps for the Human Lamp Atlas project": to whom, where no meeting has a name.
_AUDIENCE = re.compile(
    r"\b(?:presentation|talk|lecture|seminar|vortrag)\b[^.]{0,120}?\b(?:for|at|to) (?:the )?"
    r"(?P<name>(?:[A-Z][\w-]{1,20} (?:(?:of|for|and|the) ){0,2}){1,6})(?=project|consortium|initiative|society|group|"
    r"network|team|alliance|institute|university|community|department|lab|foundation)"
)
_SENTENCES = re.compile(r"[a-zß-ÿ]{3}[.!?] |\b(?:we|our|will|was|were|gave|is|are|wir|nous)\b")
_LINK = re.compile(r"\[[^\[\]]{0,200}\]\([^()\s]{0,500}\)")
_ONLINE = re.compile(r"(?:,| [-–(]) ?(?:online|virtual|virtuell|hybrid|en ligne)\)?$", re.IGNORECASE)
_TO_DAY = re.compile(r"(?<=\d)\s?[-–]\s?\d{1,2}(?=\.?,? (?:19|20)\d\d|\.? [A-Z][a-z]{2})")  # "14–16 June"
_BEHIND_TOWN = re.compile(r"(?=[ ,])(?P<state>, [A-Z]{2})?(?:, | \()(?P<land>[^\W\d_][\w. ]{1,30})\)?$")


def find(post: Post, masthead: Masthead) -> Iterator[Fact]:
    """The occasion of a talk or poster: its own heading, else the description; read only when it is one (resolve)."""
    for line in masthead.others:
        names = parse(line.raw)
        if len(names.people) > 1 and names.doubt == 1 and not has_digit(line.raw):
            continue  # "Ana, Li & Bo": first names, no event
        yield from _occasion(
            re.sub(r"^Abstract:?\s++", "", plain(line.raw)), "masthead/event", line_of(post, line.line)
        )
    for line in masthead.citations:
        if line.level and not holds_identifier(line.raw) and not _reference.parse(_first_day(line.raw)).volume:
            yield from _occasion(plain(line.raw), "masthead/dated-event", line_of(post, line.line))
    for key in ("description", "summary", "subtitle"):
        value = post.front.get(key)
        if isinstance(value, str) and (text := plain(value)):
            if (_may_tell_talk(text) or "@" in text) and (found := _PRESENTED.search(text)) and "://" not in text:
                text = found.group(1)
            yield from _occasion(text, f"front/{key}", _front.line(post, key))
    yield from _said_first(post, masthead)
    if not masthead.authors or is_kept_among(post, "talk", "poster"):  # not of a paper
        yield from _announced(post, masthead)


def _said_first(post: Post, masthead: Masthead) -> Iterator[Fact]:
    """ "Talk at the Lantern Days, Lisbon, 12 May 2019": a short first paragraph of these words alone."""
    for line in masthead.citations:
        if not _may_tell_talk(line.raw):
            continue
        if found := _TALK.match(plain(_LINK.sub("", line.raw) if "](" in line.raw else line.raw)):
            yield from _occasion(found.group(1), "masthead/presented", line_of(post, line.line))
    is_kept = is_kept_among(post, "talk", "poster")
    for block in blocks(post.body)[masthead.end : masthead.end + 2]:
        if block.kind == "paragraph":
            yield from _opening(plain(block.text[:400]), is_kept, line_of(post, block.start))


def _may_tell_talk(raw: str) -> bool:
    """Is there a word of _TALK in it?"""
    low = raw.lower()
    for word in _TALKS:  # noqa: SIM110  # any() takes twice as long
        if word in low:
            return True
    return False


def _opening(text: str, is_kept: bool, line: int) -> Iterator[Fact]:
    """The occasion that a paragraph of a talk is about; `is_kept`: the post is kept among talks."""
    if len(text) < 200 and (found := _TALK.match(text)):
        yield from _occasion(found.group(1), "masthead/presented", line)
    elif is_kept and len(text) < 120 and ":" not in text and not _SENTENCES.search(text) and _place(text)[1]:
        yield from _occasion(text, "prose/occasion", line)
    elif is_kept and (found := _AUDIENCE.search(text)):
        name = found["name"].strip()
        yield Fact(field="event", value=name, origin="body", rule="prose/audience", line=line, confidence=0.3)


def _announced(post: Post, masthead: Masthead) -> Iterator[Fact]:
    """The occasion that a post surely names, in its description, title, headings or opening: of news too, and only one.

    One whose place is told goes before others.
    """
    found = [(x, rule, line) for text, rule, line in _texts(post, masthead) if (x := named(text)) and x.sure]
    for occasion, rule, line in sorted(found, key=lambda x: not x[0].place)[:1]:
        origin: Origin = "body" if rule == "announced/text" else "front matter"
        for field, value in (("location", occasion.place), ("event", occasion.name)):
            if value:
                yield Fact(field=field, value=value, origin=origin, rule=rule, line=line, confidence=0.8)


def _texts(post: Post, masthead: Masthead) -> Iterator[tuple[str, str, int]]:
    """Where a post may name an occasion: text, rule, line; nothing of a paper's text."""
    for key in ("description", "summary", "subtitle", "title"):
        value = post.title if key == "title" else post.front.get(key)
        if isinstance(value, str) and len(value) < 500 and (text := plain(value)):
            yield text, f"announced/{key}", _front.line(post, key)
    if masthead.authors and masthead.citations:
        return
    for block in blocks(post.body)[:3]:
        if block.kind in {"heading", "paragraph", "html"} and len(block.text) < 2_000:
            yield plain(block.text), "announced/text", line_of(post, block.start)


def _occasion(text: str, rule: str, line: int) -> Iterator[Fact]:
    """Name and place of an event; the day is told elsewhere."""
    if len(text) > 150:
        return
    if _dates.find(first_day := _first_day(text)):
        text = " ".join(_dates.blank(first_day).split())
        text = re.sub(r"\s*+,(?=\s*+,)", "", text)
    name, place = _place(_ONLINE.sub("", text).replace(" | ", ", ").strip(" ,.;|@-–("))
    origin: Origin = "front matter" if rule.startswith("front/") else "body"
    for field, value in (("location", place), ("event", name)):
        if value:
            yield Fact(field=field, value=value, origin=origin, rule=rule, line=line, confidence=0.5)


def _first_day(text: str) -> str:
    """Of "14–16 June" the first day alone."""
    return _TO_DAY.sub("", text) if "-" in text or "–" in text else text


@cache
def _lands() -> frozenset[str]:
    return frozenset(phrases(table("places")["countries"]))


def _is_land(text: str) -> bool:
    """Is it a country, or a state as "Washington, DC" has it?"""
    return (len(text) == 2 and text.isupper()) or fold(text) in _lands()


def _is_whole(text: str) -> bool:
    """Is it the name of an occasion without its place: "Lamp Camp 2018"?  A mere "Presentation" is not."""
    return named(text) is not None or bool(re.search(r"[A-Z]\S{0,99} (?:19|20)\d\d$", text))


def _seat(text: str) -> str:
    """The town of a school of higher learning that a text ends with."""
    found = _SEAT.search(text) if "niversität" in text or "ochschule" in text else None
    return found[1] if found else ""


def _place(text: str) -> tuple[str, str]:
    """ "Moon Days, Porto, Portugal" → ("Moon Days", "Porto, Portugal"); no place where none is plainly one."""
    land = ""
    if (behind := _BEHIND_TOWN.search(text)) and _is_land(behind.group("land")):
        text, land = text[: behind.start()], f"{behind.group('state') or ''}, {behind.group('land')}"
    found = _PLACE.search(text)
    if not found and (seat := _seat(text) or known_town(text)):
        return text + land, seat + land
    if not found or any(fold(w) in folded_words("names", "not_names") for w in found.group("place").split()):
        return text + land, ""
    before = text[: found.start()]
    apart = text[found.start()] == "," or (bool(land) and text[found.start()] in "-–")
    name = before if apart or (" in " in found.group() and _is_whole(before)) else text
    return name.strip(" ,"), found.group("place") + land
