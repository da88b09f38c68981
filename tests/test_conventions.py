"""Every convention on a small site written for the purpose: tests/conventions/<case>/{site/,expected.json}.

What `expected.json` says was worked out by hand, or is what the generator itself makes of the site (bench/).  Of a post
only the keys that stand there are compared; but the posts, what is withheld, and the problems must be exactly those.

    kind       the source; `recognise` must choose it for site/, unless "recognised" names another
    open       a file below site/ that is opened instead of the folder (a data file)
    options    SourceOptions that differ from the defaults
    site       what the tree says of the site
    people     names of everybody whom the site knows
    posts      path → fields of Post (authors by name), "contains" / "lacks" (pieces of html), "work" (fields of Work)
    withheld   path → reason
    problems   "where: message", in the order of their text
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from feeds import one_post, registry
from feeds.model import Post, SourceOptions, Tree, Work
from feeds.recognition import recognise

FOLDER = Path(__file__).parent / "conventions"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[Path, dict[str, Any]]:
    folder: Path = FOLDER / request.param
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return folder / "site" / expected.get("open", ""), expected


def opened(place: Path, expected: dict[str, Any]) -> tuple[Tree, SourceOptions]:
    options = SourceOptions(**{"name": "site", **expected.get("options", {})})
    return registry.source(expected["kind"]).open(place, options), options


def plain(value: Any) -> Any:
    """A value of the model as JSON has it: people by name, instants as ISO 8601."""
    if isinstance(value, tuple):
        return [plain(v) for v in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "media_type"):
        return value.url
    return getattr(value, "name", value)


def differences(expected: dict[str, Any], value: Post | Work | None) -> dict[str, Any]:
    """The expected fields that `value` has otherwise, with what it has."""
    fields = {k: v for k, v in expected.items() if k not in {"contains", "lacks", "work"}}
    return {k: got for k, v in fields.items() if (got := plain(getattr(value, k, None))) != v}


def test_a_site_is_recognised(case: tuple[Path, dict[str, Any]]) -> None:
    """A folder, or a data file, is taken for what it is."""
    place, expected = case
    assert recognise(place) == expected.get("recognised", expected["kind"])


def test_a_site_says_what_it_is(case: tuple[Path, dict[str, Any]]) -> None:
    """Title, address and people come from the site's own configuration."""
    place, expected = case
    tree, _ = opened(place, expected)
    assert {k: tree.site.get(k, "") for k in expected.get("site", {})} == expected.get("site", {})
    if "people" in expected:
        assert sorted(person.name for person in tree.people) == sorted(expected["people"])


def test_every_post_of_a_site_is_read(case: tuple[Path, dict[str, Any]]) -> None:
    """Exactly the posts that the generator publishes, each as it publishes it; what is left out is said."""
    place, expected = case
    tree, options = opened(place, expected)
    source = registry.source(expected["kind"])
    posts, withheld, problems = {}, {}, list(tree.problems)
    for path in tree.paths:
        reading = source.read(tree, path, options)
        problems += reading.problems
        if reading.withheld:
            withheld[path] = reading.withheld
        elif reading.post:
            item, _ = one_post.understand(reading, tree, options)
            posts[path] = item
    assert sorted(posts) == sorted(expected["posts"])
    wrong = {path: differences(want, posts[path].post) for path, want in expected["posts"].items()}
    assert {path: fields for path, fields in wrong.items() if fields} == {}
    wrong = {
        p: differences(want["work"] or {}, posts[p].work) for p, want in expected["posts"].items() if "work" in want
    }
    assert {path: fields for path, fields in wrong.items() if fields} == {}
    for path, want in expected["posts"].items():
        html = posts[path].post.html
        assert [piece for piece in want.get("contains", []) if piece not in html] == [], path
        assert [piece for piece in want.get("lacks", []) if piece in html] == [], path
        assert "work" not in want or (posts[path].work is None) == (want["work"] is None), path
    assert withheld == expected.get("withheld", {})
    assert sorted(f"{p.where}: {p.message}" for p in problems) == expected.get("problems", [])
