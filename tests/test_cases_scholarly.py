"""Post → Work, case by case.

A case is a folder below tests/cases/scholarly: `post.md`, a post as someone wrote it, and `expected.json`, what a
person who reads it would say of the work, written by hand.  A bug report becomes a case by adding a folder.

expected.json holds fields of model.Work; null means that the post is about no work.  An author is [given, family] or
[given, family, suffix], a group its name.  A field that is not there must be empty, except that `urls` is looked at
only where it is there.  Bare PDF names are served below https://example.org/pdf/.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from feeds.model import Person, Work
from scholarly_posts import work_of

CASES = sorted((Path(__file__).parent / "cases" / "scholarly").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    """Every field of the work is what a reader of the post would say."""
    text = (case / "post.md").read_text("utf-8")
    names = re.findall(r"(?:^pdf_file_name: |href=\")([\w.-]+\.pdf)", text, re.MULTILINE)
    work = work_of(text, files={name: f"https://example.org/pdf/{name}" for name in names})
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    if expected is None:
        assert work is None
        return
    assert work is not None
    found = {k: v for k, v in _plain(work).items() if v and (k != "urls" or "urls" in expected)}
    assert found == expected


def _plain(work: Work) -> dict[str, Any]:
    fields = {name: getattr(work, name) for name in work.__struct_fields__}
    return fields | {"authors": [_author(a) for a in work.authors], "urls": list(work.urls)}


def _author(person: Person) -> str | list[str]:
    if person.organization:
        return person.name
    return [x for x in (person.given, person.family, person.suffix) if x]


def test_there_are_cases() -> None:
    """The folder of cases is found."""
    assert len(CASES) > 20
