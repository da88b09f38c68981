"""Made-up papers, and the many ways in which scholars print their authors.

Every style is a function from the truth to what is printed, so that what a reader should find is known without
reading it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A person's name in parts."""

    given: str
    family: str
    suffix: str = ""

    @property
    def initials(self) -> list[str]:
        """One letter a word; "Jean-Pierre" has two, hyphenated in some styles."""
        return [p[0] for w in self.given.split() for p in w.split("-")]

    @property
    def full(self) -> str:
        """As it stands on a title page."""
        return " ".join(x for x in (self.given, self.family, self.suffix) if x)


PEOPLE = tuple(
    Name(*x.split("|"))
    for x in """Ada|Wick; Bo|Glow; Cora J.|Ember; Dan|Flint; Eve|Spark; Finn O.|Torch; Gil M. R.|Beacon; Hanna|Kerze;
Ivo|Taper; Jonas|Zunder; Kay|Lantern; Mia|Tallow; Ned|Soot; Olga|Lampe; Robert J.|Flame; Li|Deng; Wei|Zhang;
Xiao-Ming|Li; Ji-Woo|Kim; Takeshi|Akari; Jean-Pierre|Chandelle; Anne-Marie|Lueur; Lena|Kerze-Docht;
Jan|van der Lamp; Marc|Van den Toorts; Ludwig|von Docht; Anna|de Groot; Maria|de la Luz; Pieter|ten Kaars;
Karim|El Nour; Ahmed|Al-Misbah; Sean|O'Lantern; Fiona|McGlim; Ciarán|Ó Solas; Omar|bin Sirag;
Leonardo|di Candela; Chiara|Della Torcia; Ines|da Luz; Fernando|dos Faros; Łukasz|Świeca; Søren|Lygte;
Zoë|Lüchter; Đorđe|Svećić; Çağla|Işık; François|Flambeau; Åsa|Ljus; María|Vela Mecha; José Luis|Faro;
Carlos|Candil Llama; Henry|Tallow|Jr.; Walter|Taper|III; Minh Thi|Nguyen; Priya|Deepak; Amara|Okoro-Light;
Ian|Ray; Yu|Ma; An|Lo""".replace("\n", " ").split("; ")
)

GROUPS = ("The Lantern Consortium", "Night Light Working Group", "Wick Genome Collaboration", "Moon Lamp Study Group")

JOURNALS = (
    ("Annals of Wicks", "Ann Wicks"),
    ("Lantern", "Lantern"),
    ("Journal of Lamp Science", "J Lamp Sci"),
    ("Nature Lanterns", "Nat Lanterns"),
    ("Light & Shade", "Light Shade"),
    ("Tallow Letters", "Tallow Lett"),
    ("Proceedings of the Royal Society of Lamps B", "Proc R Soc Lamps B"),
    ("Glow-Worm Research", "Glow-Worm Res"),
    ("PLoS Lamps", "PLoS Lamps"),
    ("BMC Candles", "BMC Candles"),
    ("European Journal of Wick Genetics", "Eur J Wick Genet"),
    ("Zeitschrift für Lampenkunde", "Z Lampenkd"),
    ("iLamp", "iLamp"),
)

TITLES = (
    "Lamps in the night: a field study of moths",
    "Heterogeneity of wicks across many kinds of lanterns",
    "How bright is a candle?",
    "Wick length determines the flicker of oil lamps",
    "A survey of lamp-lighters in Porto, 1890–1920",
    "Deep learning for dim lights",
    "Glow2Vec: embedding the embers",
    "Soot and the city",
    "Towards a theory of dusk",
    "On the origin of sparks",
    "GLOW: a database of lamps",
    "The role of *Lampyris* in twilight",
    "Burning at both ends",
    "Effects of tallow on mice, men and moths",
    "Reading by firelight in the Middle Ages",
)


@dataclass(frozen=True)
class Paper:
    """The truth of one paper."""

    title: str
    authors: tuple[Name, ...]
    journal: str
    short: str
    volume: str
    issue: str
    first: str
    last: str
    article: str
    year: int
    month: int
    day: int
    doi: str
    pmid: str
    abstract: str
    group: str = ""


def paper(rng: random.Random) -> Paper:
    """A made-up paper."""
    journal, short = rng.choice(JOURNALS)
    first = rng.choice((rng.randint(3, 1890), rng.randint(2100, 2900)))  # a lone page is no year
    count = rng.choice((2, 2, 3, 3, 4, 5, 6, 8, 12, 20))
    return Paper(
        title=rng.choice(TITLES),
        authors=tuple(rng.sample(PEOPLE, count)),
        journal=journal,
        short=short,
        volume=str(rng.randint(2, 512)),
        issue=str(rng.randint(1, 24)),
        first=str(first),
        last=str(first + rng.randint(1, 30)),
        article=f"e{rng.randint(100000, 9999999)}",
        year=rng.randint(1995, 2025),
        month=rng.randint(1, 12),
        day=rng.randint(1, 28),
        doi=f"10.5555/{rng.choice(('wick', 'lamp.', 'glow-'))}{rng.randint(1000, 99999)}",
        pmid=str(rng.randint(10_000_000, 39_999_999)),
        abstract=rng.choice(ABSTRACTS),
    )


ABSTRACTS = (
    "Lamps have lit the nights of scholars for as long as there were books to read. Here we measured the flicker of "
    "forty lamps in twelve houses, and compared it with what their owners remembered of it. Flicker grew with the "
    "length of the wick, and not with its age. We conclude that wicks should be cut twice a week, as the lamp-lighters "
    "of old did, and that more lamps should be studied before winter.",
    "We describe GLOW, a database of 12,345 lamps from 34 museums. Each lamp is described by its fuel, its wick and "
    "its brightness. The data can be searched by place and year; see (Wick et al. 2001) for the method. All lamps were "
    "lit once and put out again. We show with three examples how the database answers questions about dusk, and how "
    "others may add to it.",
)

# ------------------------------------------------------------------------------------------------- authors


def listed(items: list[str], comma: str, word: str, oxford: bool = False) -> str:
    if len(items) == 1:
        return items[0]
    return f"{comma.join(items[:-1])}{comma.rstrip() if oxford and len(items) > 2 else ''} {word} {items[-1]}"


def _dotted(n: Name, gap: str = " ") -> str:
    return gap.join(f"{i}." for i in n.initials)


def _hyphened(n: Name) -> str:
    return " ".join("-".join(f"{p[0]}." for p in w.split("-")) for w in n.given.split())


def _sfx(n: Name, comma: str = " ") -> str:
    return f"{comma}{n.suffix}" if n.suffix else ""


def one(family: str) -> str:
    """Two family names behind initials are hyphenated: nobody could tell the first from a second given name."""
    return (
        family if family[0].islower() or family.split()[0] in {"Van", "Della", "El", "Ó"} else family.replace(" ", "-")
    )


def given_family(a: list[Name]) -> list[str]:
    """Nature, arXiv, most web pages."""
    return [n.full for n in a]


def vancouver(a: list[Name]) -> list[str]:
    """ICMJE/NLM: "Wick A, van der Lamp J"."""
    return [f"{n.family} {''.join(n.initials)}{_sfx(n).replace('.', '')}" for n in a]


def vancouver_dotted(a: list[Name]) -> list[str]:
    """Springer's "Wick, A." without the comma."""
    return [f"{n.family} {_dotted(n, '')}{_sfx(n)}" for n in a]


def apa(a: list[Name]) -> list[str]:
    """APA 7: "Wick, A., Glow, B. J."."""
    return [f"{n.family}, {_hyphened(n)}{_sfx(n, ', ')}" for n in a]


def apa_tight(a: list[Name]) -> list[str]:
    """Cell: "Wick, A., Glow, B.J."."""
    return [f"{n.family}, {_dotted(n, '')}{_sfx(n, ', ')}" for n in a]


def ieee(a: list[Name]) -> list[str]:
    """IEEE: "A. Wick, B. J. Glow"."""
    return [f"{_hyphened(n)} {one(n.family)}{_sfx(n)}" for n in a]


def initials_first(a: list[Name]) -> list[str]:
    """ "A Wick, BJ Glow"."""
    return [f"{''.join(n.initials)} {one(n.family)}{_sfx(n)}" for n in a]


def family_given(a: list[Name]) -> list[str]:
    """ "Wick, Ada" of BibTeX and of catalogues."""
    return [f"{n.family}, {n.given}{_sfx(n, ', ')}" for n in a]


Printed = Callable[[list[Name]], list[str]]


@dataclass(frozen=True)
class Line:
    """A style of author lines: how a name is printed, and how the names are set apart."""

    name: str
    each: Printed
    join: Callable[[list[str]], str]
    short: bool = False  # initials only


LINES = (
    Line("given, family", given_family, ", ".join),
    Line("given, family and", given_family, lambda x: listed(x, ", ", "and")),
    Line("given, family, and", given_family, lambda x: listed(x, ", ", "and", oxford=True)),
    Line("given, family &", given_family, lambda x: listed(x, ", ", "&")),
    Line("given; family", given_family, "; ".join),
    Line("given und", given_family, lambda x: listed(x, ", ", "und")),
    Line("given et", given_family, lambda x: listed(x, ", ", "et")),
    Line("given y", given_family, lambda x: listed(x, ", ", "y")),
    Line("given | family", given_family, " | ".join),
    Line("given • family", given_family, " • ".join),
    Line("given · family", given_family, " · ".join),
    Line("given / family", given_family, " / ".join),
    Line("a line each", given_family, "<br>\n".join),
    Line("a line each, commas", given_family, ",\n".join),
    Line("vancouver", vancouver, ", ".join, short=True),
    Line("vancouver.", vancouver, lambda x: ", ".join(x) + ".", short=True),
    Line("vancouver and", vancouver, lambda x: listed(x, ", ", "and"), short=True),
    Line("vancouver;", vancouver, "; ".join, short=True),
    Line("vancouver dotted", vancouver_dotted, ", ".join, short=True),
    Line("apa", apa, lambda x: listed(x, ", ", "&", oxford=True) if len(x) > 2 else ", & ".join(x), short=True),
    Line("harvard", apa_tight, lambda x: listed(x, ", ", "and"), short=True),
    Line("cell", apa_tight, lambda x: listed(x, ", ", "and", oxford=True), short=True),
    Line("catalogue initials", apa, "; ".join, short=True),
    Line("acs", apa_tight, "; ".join, short=True),
    Line("ieee", ieee, lambda x: listed(x, ", ", "and", oxford=True), short=True),
    Line("german initials", ieee, lambda x: listed(x, ", ", "und"), short=True),
    Line("initials first", initials_first, ", ".join, short=True),
    Line("bibtex", family_given, " and ".join),
    Line("catalogue", family_given, "; ".join),
    Line("mla", family_given, lambda x: f"{x[0]}, et al."),
)


# ------------------------------------------------------------------------------------------------- marks


def _marks(names: list[str], rng: random.Random) -> list[str]:
    return [n + rng.choice(("", "*", "†", "*†", "\\*")) for n in names]


def _sup(names: list[str], rng: random.Random) -> list[str]:
    return [f"{n}<sup>{rng.choice(('1', '1,2', '2,*', '3'))}</sup>" for n in names]


def _digits(names: list[str], rng: random.Random) -> list[str]:
    return [n + rng.choice(("1", "2", "1,2", "¹", "³")) for n in names]


def _bold(names: list[str], rng: random.Random) -> list[str]:
    at = rng.randrange(len(names))
    return [f"**{n}**" if i == at else n for i, n in enumerate(names)]


def _under(names: list[str], rng: random.Random) -> list[str]:
    at = rng.randrange(len(names))
    return [f"__{n}__" if i == at else n for i, n in enumerate(names)]


def _linked(names: list[str], rng: random.Random) -> list[str]:
    at = rng.randrange(len(names))
    return [f"[{n}](https://lamps.example.org/people/{i})" if i == at else n for i, n in enumerate(names)]


def _html_bold(names: list[str], rng: random.Random) -> list[str]:
    at = rng.randrange(len(names))
    return [f"<strong>{n}</strong>" if i == at else n for i, n in enumerate(names)]


DECORATIONS: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    "": lambda names, _: names,
    "marks": _marks,
    "sup": _sup,
    "digits": _digits,
    "bold": _bold,
    "under": _under,
    "linked": _linked,
    "html": _html_bold,
}
# Superscripts and affiliations go with whole names; a lone digit behind initials is not seen.
FOR_FULL = {"sup", "digits"}
