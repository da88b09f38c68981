"""Made-up posts of a lab that studies lamps, as varied as real ones are, and sites of them.

A post is a function of its number alone: the posts of a smaller site are among those of a larger one.  Every program
that is measured gets the same files.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

WORDS = "lamp wick harbour tide lantern ledger keeper signal fog buoy mirror prism oil ladder tower stone".split()
QUALITIES = "bright slow coastal borrowed steady narrow early tall restless salted quiet measured coloured worn".split()
DEEDS = "outlives guides reddens measures follows darkens repeats carries warms explains bends outshines".split()
LINKS = "along behind without under across beside despite within".split()
ODD = "α-flame;β = 0.31;≥ 3 m;p < 0.01;5′→3′;±2σ;naïve;100 %;Zürich–Genève;灯台;маяк;a<b;CO₂;R&D".split(";")
GIVEN = "Ada Bo Chandra Dag Eŋa Farid Grete Hiro Ines Jón Karl-Åke Leila".split()
FAMILY = "Lamplighter Wick Glow Fährmann Ōkubo Brandt Da~Costa O’Shore van~der~Lucht Sparks Ember Łuna".split()
JOURNALS = "Journal of Imaginary Optics;Lantern Letters;Annals of Made-up Light;Tide & Tower;Open Lamp Research".split(
    ";"
)
MONTHS = "January February March April May June July August September October November December".split()
TAGS = "optics fog harbours oil methods towers colour tides outreach software".split()
SITE = "title: Bench\nurl: https://bench.example.org\n"
CONFIG = "sources:\n  - path: site\n    kind: jekyll\n"


def post(number: int) -> tuple[str, str]:
    """Name and text of one post."""
    draw = random.Random(number)  # noqa: S311 - made-up text
    year = draw.randint(2001, 2024)
    day = f"{year}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    title = f"{_sentence(draw)[:-1]}: {draw.choice(WORDS)}s and {draw.choice(WORDS)}s"
    people = [(draw.choice(GIVEN), draw.choice(FAMILY).replace("~", " ")) for _ in range(_count(draw))]
    mast = draw.choice(_MASTHEADS)
    front, head = mast(draw, number, title, people, day)
    front = [f'title: "{title}"', f"date: {day}", *_keys(draw), *front]
    slug = "-".join(title.lower().replace(":", "").split()[:5])
    return f"{day}-{slug}-{number}.md", "\n".join(["---", *front, "---", "", *head, "", *_body(draw), ""])


def make_posts(folder: Path, count: int) -> None:
    """The first `count` posts, as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        name, text = post(number)
        (folder / name).write_text(text, encoding="utf-8")


def make_site(folder: Path, count: int) -> None:
    """A Jekyll site of `count` posts with a configuration beside it."""
    make_posts(folder / "site" / "_posts", count)
    (folder / "site" / "_config.yml").write_text(SITE, encoding="utf-8")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")


def copy_site(folder: Path, site: Path) -> int:
    """A copy of a Jekyll site, or of a folder of posts, with a configuration beside it; how many posts it has."""
    shutil.copytree(site, folder / "site")
    if not (folder / "site" / "_config.yml").is_file():
        (folder / "site" / "_config.yml").write_text(SITE, encoding="utf-8")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return sum(1 for _ in (folder / "site" / "_posts").glob("*.md"))


# ---------------------------------------------------------------------------------------------------- mastheads

People = list[tuple[str, str]]
Masthead = tuple[list[str], list[str]]  # lines of the front matter, lines above the abstract


def _headings(draw: random.Random, number: int, title: str, people: People, day: str) -> Masthead:
    """Title, names and citation as headings; the title as Liquid in one of three."""
    doi, first = _doi(number), draw.randint(1, 2400)
    said = "{{ page.title }}" if number % 3 == 0 else title
    line = f"{draw.choice(JOURNALS)} volume {draw.randint(1, 60)}, pages {first}–{first + 9} ({day[:4]})"
    return [], [f"### {said}", f"#### {_names(people)}", f"##### {line} [{doi}](https://doi.org/{doi})"]


def _initials(draw: random.Random, number: int, title: str, people: People, day: str) -> Masthead:
    """Family names with initials, and a citation as PubMed prints it."""
    names = ", ".join(f"{family} {given[0]}" for given, family in people)
    month, page = MONTHS[int(day[5:7]) - 1][:3], draw.randint(1, 900)
    issue = f"{draw.randint(1, 60)}({draw.randint(1, 12)}):{page}-{page + 7}"
    line = f"{draw.choice(JOURNALS)}. {day[:4]} {month} {int(day[8:])};{issue}"
    return [f"www_link: https://doi.org/{_doi(number)}"], [f"## {title}", names, "", f"{line}. doi: {_doi(number)}"]


def _marked(draw: random.Random, number: int, title: str, people: People, day: str) -> Masthead:
    """Names with marks for affiliations, and a citation as the Chicago style has it."""
    names = ", ".join(f"{given} {family}<sup>{draw.randint(1, 3)}</sup>" for given, family in people)
    month, first = MONTHS[int(day[5:7]) - 1], draw.randint(100, 800)
    issue = f"{draw.randint(1, 90)}, no. {draw.randint(1, 12)} ({month} {day[:4]}): {first}–{first + 12}"
    link = f"[Article](https://doi.org/{_doi(number)})"
    return [], [f"**{title}**", "", names, "", f"*{draw.choice(JOURNALS)}* {issue}. {link}"]


def _structured(draw: random.Random, number: int, title: str, people: People, _day: str) -> Masthead:
    """Everything in the front matter."""
    names = [f"  - {given} {family}" for given, family in people]
    journal = f"journal: {draw.choice(JOURNALS)}"
    return ["authors:", *names, journal, f"doi: {_doi(number)}", f"volume: {draw.randint(1, 60)}"], [f"## {title}"]


def _news(draw: random.Random, _number: int, _title: str, people: People, _day: str) -> Masthead:
    """No paper at all: prose."""
    given, family = people[0]
    return ["category: news"], [f"{given} {family} has news from the {draw.choice(WORDS)} house."]


_MASTHEADS: list[Callable[[random.Random, int, str, People, str], Masthead]]
_MASTHEADS = [_headings, _headings, _initials, _initials, _marked, _structured, _news]


def _names(people: People) -> str:
    return ", ".join(f"{given} {family}" for given, family in people)


def _doi(number: int) -> str:
    return f"10.5555/bench.{number}"


def _count(draw: random.Random) -> int:
    """Authors of a paper: a few, now and then a crowd."""
    return draw.randint(30, 80) if draw.random() < 0.01 else draw.randint(1, 9)


def _keys(draw: random.Random) -> list[str]:
    """The keys that any post may have."""
    tags = draw.sample(TAGS, draw.randint(1, 4))
    lines = [f"tags: [{', '.join(tags)}]"] if draw.random() < 0.4 else ["tags:", *(f"  - {tag}" for tag in tags)]
    if draw.random() < 0.5:
        lines.append("author: '@ada'")
    if draw.random() < 0.3:
        lines.append(f'description: "{_sentence(draw)}"')
    return lines


# ---------------------------------------------------------------------------------------------------- bodies


def _sentence(draw: random.Random) -> str:
    """One sentence of made-up science."""
    middle = f"{draw.choice(DEEDS)} {draw.choice(('a', 'its', 'the'))} {draw.choice(QUALITIES)} {draw.choice(WORDS)}"
    start = f"{draw.choice(('The', 'A', 'Each', 'This'))} {draw.choice(QUALITIES)} {draw.choice(WORDS)}"
    return f"{start} {middle} {draw.choice(LINKS)} the {draw.choice(WORDS)}s."


def _prose(draw: random.Random, size: int) -> str:
    """About `size` characters of sentences, some with emphasis, links or rare characters."""
    said: list[str] = []
    while sum(map(len, said)) < size:
        sentence = _sentence(draw)
        chance = draw.random()
        if chance < 0.12:
            words = sentence.split(" ")
            words[3] = draw.choice(("*%s*", "**%s**", "`%s`")) % words[3]
            sentence = " ".join(words)
        elif chance < 0.2:
            sentence += f" See [{draw.choice(WORDS)}](https://example.org/{draw.choice(WORDS)}/{draw.randrange(9999)})."
        elif chance < 0.3:
            sentence = f"{sentence[:-1]} ({draw.choice(ODD)})."
        said.append(sentence)
    return " ".join(said)


def _body(draw: random.Random) -> list[str]:
    """Abstract and what follows it."""
    abstract = _prose(draw, draw.choice((300, 700, 1100, 1500, 2200)))
    label = draw.choice(("**Abstract** ", "#### Abstract\n\n", ""))
    more = f"{_sentence(draw)}<!--more-->\n\n" if draw.random() < 0.5 else ""
    blocks = [f"{more}{label}{abstract}"]
    blocks += [make(draw) for chance, make in _BLOCKS if draw.random() < chance]
    return ["\n\n".join(blocks)]


def _bullets(draw: random.Random) -> str:
    return "\n".join(f"* {_sentence(draw)}" for _ in range(draw.randint(3, 6)))


def _steps(draw: random.Random) -> str:
    return "\n".join(f"{step}. {_sentence(draw)}" for step in range(1, draw.randint(4, 6)))


def _table(draw: random.Random) -> str:
    rows = [
        f"| {draw.choice(WORDS)} | {draw.random():.3f} | {draw.randrange(5000)} |" for _ in range(draw.randint(3, 8))
    ]
    return "\n".join([f"| {draw.choice(WORDS)} | share | n |", "| --- | :---: | ---: |", *rows])


def _image(draw: random.Random) -> str:
    return f"![A {draw.choice(QUALITIES)} {draw.choice(WORDS)}](../assets/figure-{draw.randrange(400)}.png)"


def _code(draw: random.Random) -> str:
    word = draw.choice(WORDS)
    return f"```python\nfor {word} in {word}s:\n    print({word}, '<{draw.choice(WORDS)}>')\n```"


def _quote(draw: random.Random) -> str:
    return f"> {_sentence(draw)}"


def _note(draw: random.Random) -> str:
    return f'<div class="note">{_sentence(draw)}</div>'


def _footnote(draw: random.Random) -> str:
    return f"{_sentence(draw)[:-1]}[^1].\n\n[^1]: {_sentence(draw)}"


def _links(draw: random.Random) -> str:
    return (
        f"* [Data](https://example.org/data/{draw.randrange(9999)})\n* [Supplement](../files/s{draw.randrange(99)}.tsv)"
    )


def _rest(draw: random.Random) -> str:
    return _prose(draw, draw.randint(150, 900))


def _essay(draw: random.Random) -> str:
    return "\n\n".join(f"## {_sentence(draw)[:-1]}\n\n{_prose(draw, 1500)}" for _ in range(draw.randint(3, 10)))


_BLOCKS: list[tuple[float, Callable[[random.Random], str]]] = [
    (0.35, _bullets),
    (0.10, _steps),
    (0.15, _table),
    (0.25, _image),
    (0.05, _code),
    (0.08, _quote),
    (0.06, _note),
    (0.04, _footnote),
    (0.50, _rest),
    (0.03, _essay),
    (0.40, _links),
]
