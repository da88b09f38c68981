"""Some hundred made-up posts in every mixture of styles: what is found is right, and nearly all is found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from feeds.model import Person, Work
from feeds.scholarly._vocab import fold
from scholarly_citations import CITATIONS
from scholarly_layouts import LAYOUTS, Made, made
from scholarly_posts import work_of
from scholarly_printing import DECORATIONS, FOR_FULL, LINES, Name
from scholarly_references import PLACES, REFERENCES, referenced
from scholarly_untitled import UNTITLED, untitled

SEEDS = range(300)
POSTED = "2015-06-07"  # the date of every post: what is read where none is printed
LEAST = 0.995  # of what is printed is found


def _key(author: Name | Person | str) -> tuple[str, ...]:
    """What two spellings of one author have in common."""
    if isinstance(author, str) or (isinstance(author, Person) and author.organization):
        return (re.sub(r"^the ", "", fold(author if isinstance(author, str) else author.name)),)
    return fold(author.family).replace(" ", ""), fold(author.given)[:1], fold(author.suffix)


def _found(work: Work | None) -> dict[str, Any]:
    if work is None:
        return {"authors": []}
    last = f"-{work.last_page}" if work.last_page else ""
    fields = {name: getattr(work, name) for name in ("title", "journal", "volume", "issue", "date", "doi", "pmid")}
    return fields | {
        "authors": [_key(a) for a in work.authors],
        "cut": work.authors_truncated,
        "pages": (work.first_page + last) or work.article_number.lstrip("e"),
        "abstract": work.abstract,
    }


def _agrees(field: str, expected: Any, found: Any) -> bool:
    """Is it the same?  A year or month is made whole by the post's own day where that is in it or a year before."""
    if field == "pages":
        return bool(found == expected.lstrip("e"))
    if field == "date" and found == POSTED:
        return not expected or 0 <= int(expected[:4]) - int(POSTED[:4]) <= 1
    return bool(found == expected)


def score(posts: Iterable[Made]) -> tuple[list[str], float]:
    """What was found and is wrong, and the share of what is printed that was found."""
    wrong: list[str] = []
    right = printed = 0
    for post in posts:
        found = _found(work_of(post.text))
        expected = post.truth | {"authors": [_key(a) for a in post.truth["authors"]]}
        extra = Counter(found["authors"]) - Counter(expected["authors"])
        wrong += [f"{post.recipe}: {a} is no author" for a in extra]
        for field, value in expected.items():
            got = found.get(field) or ""
            printed += bool(value)
            if _agrees(field, value or "", got):
                right += bool(value)
            elif got and field != "authors":
                wrong.append(f"{post.recipe}: {field} {value!r} is read as {got!r}")
    return wrong, right / printed


@pytest.mark.parametrize(
    "posts",
    [
        pytest.param([made(seed) for seed in SEEDS], id="mixtures"),
        pytest.param([made(n, line=x.name) for n, x in enumerate(LINES)], id="author lines"),
        pytest.param([made(n, cite=x) for n, x in enumerate(CITATIONS)], id="citations"),
        pytest.param([made(n, lay=x) for n, x in enumerate(LAYOUTS)], id="layouts"),
        pytest.param(
            [made(n, decoration=x, line=LINES[0].name if x in FOR_FULL else "") for n, x in enumerate(DECORATIONS)],
            id="marks",
        ),
        pytest.param([referenced(seed) for seed in SEEDS], id="references in mixtures"),
        pytest.param([referenced(n, style=x) for n, x in enumerate(REFERENCES)], id="references"),
        pytest.param([referenced(n, place=x) for n, x in enumerate(PLACES)], id="places of references"),
        pytest.param([untitled(seed) for seed in SEEDS], id="references without titles in mixtures"),
        pytest.param([untitled(n, style=x) for n, x in enumerate(UNTITLED)], id="references without titles"),
    ],
)
def test_generated(posts: list[Made]) -> None:
    """Nothing is found that is not printed, and nearly everything that is printed is found."""
    wrong, recall = score(posts)
    assert wrong == []
    assert recall >= LEAST
