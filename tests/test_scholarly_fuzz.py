"""No input makes an extractor crash, and whatever comes out is well formed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.model import Person, Post, Work
from feeds.scholarly.resolve import extract, resolve
from scholarly_posts import EXTRACTORS

SCRAPS = st.sampled_from(
    [
        *(
            "#### ",
            "### ",
            "\n",
            "\n\n",
            "**Abstract** ",
            "Summary\n===\n",
            "- ",
            "> ",
            "\t",
            "| a | b |",
            "<!--",
            "-->",
        ),
        *(
            "Ana Prado, ",
            "Prado A, ",
            "et al.",
            "…",
            "Jr.",
            "for the Moon Project",
            "Authors: ",
            "é",
            "ı",
            "ß",
            "\u202e",
        ),
        *("10.5555/wick", "https://doi.org/10.5555/a", "PMID: 123456", "DOI: ", "bioRxiv", "2020 Aug 4", "2020-13-45"),
        *("12(3):45-6", "(2019)", "volume ", "pages ", "1-", "99999999999999", "@article{x, ", "title = {", "}"),
        *(
            "Ana PRADO | ",
            "Bo Rey / ",
            "Prado, A., Jr., ",
            "Ana Prado<br>\n",
            "(2019). ",
            "12, 3 (May 2020), ",
            "n° 3, ",
        ),
        *(
            "37:15_suppl",
            "In: Rey, B. (eds.) ICL 2019. ",
            "(to appear)",
            "Talk at the Moon Days in Porto",
            "## Citation\n",
        ),
        *("<h3>Abstract</h3>\n", "BACKGROUND: ", "[Data set]. ", "⟨10.5555/a⟩", "PhD diss., ", "pp. 1887–1909, "),
        *("[a](", "](", "<a href=", "*", "_", "`", "&", '"', "“", "”", "(", ")"),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(SCRAPS, max_size=60).map("".join))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=8,
)
KEYS = st.sampled_from(
    """title
    authors author journal publication venue volume issue number pages date year doi pmid pmcid arxiv abstract pdf
    pdf_file_name links link www_link www_links_formatted pub-info citation category tags type publication_types license
    description summary url first_page last_page preprint review event location""".split()
)
PEOPLE = (Person(name="Ana Prado", given="Ana", family="Prado", aliases=("@ana",)), Person(name="Prado"))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(front=st.dictionaries(KEYS, VALUES, max_size=6), body=TEXTS, title=TEXTS, path=st.text(max_size=20))
def test_any_post(front: dict[str, Any], body: str, title: str, path: str) -> None:
    """Whatever a post holds, the result is a Work with well-formed fields, or none."""
    day = datetime(2020, 1, 1, tzinfo=UTC)
    post = Post(source="s", path=path, url="https://example.org/p", title=title, published=day, front=front, body=body)
    facts = extract(post, EXTRACTORS)
    work = resolve(post, facts, PEOPLE)
    assert work == resolve(post, extract(post, EXTRACTORS), PEOPLE)
    assert all(f.field in Work.__struct_fields__ for f in facts)
    if work is not None:
        assert not work.doi or re.fullmatch(r"10\.\d{4,9}/\S+", work.doi)
        assert re.fullmatch(r"\d{0,9}", work.pmid)
        assert not work.date or re.fullmatch(r"\d{4}(-\d\d){0,2}", work.date)
        assert all(a.name.strip() and not a.name.startswith("@") for a in work.authors)
        assert all("\n" not in v for v in (work.title, work.journal, work.volume, work.first_page))
