"""Sphinx sites with ABlog: which pages are posts, their addresses and dates, and MyST's directives and roles."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.model import Post, Reading, SourceOptions
from feeds.sources import _sphinx_myst
from feeds.sources.sphinx import SOURCE
from sites import write

CONF = 'project = "Lamps"\nextensions = ["ablog", "myst_parser"]\nhtml_baseurl = "https://lantern.example"\n'
POST = "A lamp\n======\n\n.. post:: {}\n\nText.\n"


def read(root: Path, files: Mapping[str, str], path: str, **options: Any) -> Reading:
    write(root, {"conf.py": CONF, "index.rst": "Lamps\n=====\n", **files})
    chosen = SourceOptions(name="posts", **options)
    tree = SOURCE.open(root, chosen)
    assert pickle.loads(pickle.dumps(tree)) == tree  # noqa: S301 - our own
    assert path in tree.paths
    return SOURCE.read(tree, path, chosen)


def post_of(root: Path, content: str, path: str = "a.rst", **files: str) -> Post:
    found = read(root, {path: content, **files}, path)
    assert found.post is not None, found.problems
    return found.post


@pytest.mark.parametrize(
    ("files", "url"),
    [
        ({}, "https://lantern.example/news/a%20lamp.html"),
        ({".readthedocs.yaml": "sphinx:\n  builder: dirhtml\n"}, "https://lantern.example/news/a%20lamp/"),
        ({"Makefile": "html:\n\tsphinx-build -b dirhtml . out\n"}, "https://lantern.example/news/a%20lamp/"),
        ({"Makefile": "html:\n\tsphinx-build -b html . out\n"}, "https://lantern.example/news/a%20lamp.html"),
        ({".github/workflows/b.yml": "run: ablog build\n"}, "https://lantern.example/news/a%20lamp/"),
        (
            {"conf.py": CONF + 'ablog_builder = "html"\nx = "ablog build"\n'},
            "https://lantern.example/news/a%20lamp.html",
        ),
        ({"conf.py": CONF + 'html_file_suffix = ".htm"\n'}, "https://lantern.example/news/a%20lamp.htm"),
    ],
)
def test_addresses_are_those_of_the_builder(tmp_path: Path, files: dict[str, str], url: str) -> None:
    """A page is a file of its name, or a folder where the build files say so."""
    assert post_of(tmp_path, POST.format("2 May 2024"), "news/a lamp.rst", **files).url == url


def test_what_we_wrote_changes_nothing(tmp_path: Path) -> None:
    """The output below the site's own folder is none of the names that links may mean."""
    write(tmp_path, {"conf.py": CONF, "index.rst": "Lamps\n=====\n", "a.rst": POST.format("2 May 2024")})
    options = SourceOptions(name="posts", exclude=("/output/",))
    before = SOURCE.open(tmp_path, options).fingerprint
    write(tmp_path, {"output/index.html": "<p>Lamps</p>"})
    assert SOURCE.open(tmp_path, options).fingerprint == before
    write(tmp_path, {"b.rst": "Oil\n===\n"})
    assert SOURCE.open(tmp_path, options).fingerprint != before


@pytest.mark.parametrize(
    ("written", "form", "date"),
    [
        ("2 May 2024", "", "2024-05-02"),
        ("May 02, 2024", "%b %d, %Y", "2024-05-02"),
        ("03/04/2024", "%d/%m/%Y", "2024-04-03"),
        ("03/04/2024", "", "2024-03-04"),
        ("2024-05-02", "%b %d, %Y", "2024-05-02"),
    ],
)
def test_dates_are_read_as_ablog_does(tmp_path: Path, written: str, form: str, date: str) -> None:
    """A date is of `post_date_format`, else what dateutil makes of it."""
    conf = CONF + (f"post_date_format = {form!r}\n" if form else "")
    post = post_of(tmp_path, POST.format(written), **{"conf.py": conf})
    assert post.published.date().isoformat() == date
    assert post.not_before == post.published


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.rst", "A\n=\n\nText with ``.. post::`` in it.\n"),
        ("a.md", "---\ndate: 2024-01-02\n---\n# Dated documentation\n"),
        ("a.txt", "A\n=\n\n.. post:: 2 May 2024\n"),
        ("_build/a.rst", POST.format("2 May 2024")),
        ("old/a.rst", POST.format("2 May 2024")),
    ],
)
def test_other_pages_are_no_posts(tmp_path: Path, path: str, text: str) -> None:
    """Documentation, what is excluded and what is built are no posts."""
    write(tmp_path, {"conf.py": CONF + 'exclude_patterns = ["old/**"]\n', path: text})
    assert SOURCE.open(tmp_path, SourceOptions(name="posts")).paths == ()


@pytest.mark.parametrize(
    ("files", "confidence"),
    [
        ({"conf.py": CONF}, 0.85),
        ({"docs/conf.py": CONF}, 0.85),
        ({"source/conf.py": 'project = "x"\n', "source/index.rst": ""}, 0.85),
        ({"conf.py": "debug = True\n"}, None),
        ({"_config.yml": "", "_toc.yml": ""}, 0.96),
        ({"_config.yml": ""}, None),
        ({"README.md": ""}, None),
    ],
)
def test_what_is_recognised(tmp_path: Path, files: dict[str, str], confidence: float | None) -> None:
    """A conf.py of Sphinx, here or one folder down, or a Jupyter Book; no other Python file."""
    write(tmp_path, files)
    found = SOURCE.detect(tmp_path)
    assert (found.confidence if found else None) == confidence


def test_a_pattern_of_the_source_wins(tmp_path: Path) -> None:
    """`url:` with placeholders overrides the builder's addresses."""
    pattern = "https://other.example/{year}/{slug}/"
    found = read(tmp_path, {"a.rst": POST.format("2 May 2024")}, "a.rst", pattern=pattern)
    assert found.post is not None
    assert found.post.url == "https://other.example/2024/a/"


# ------------------------------------------------------------------------------------------------------ MyST


@pytest.mark.parametrize(
    ("text", "adapted"),
    [
        ("{ref}`the lamp <lamp>`", "the lamp"),
        ("{doc}`/wick`", "[wick](https://lantern.example/wick)"),
        ("{math}`a_b`", "$a_b$"),
        ("`{ref}` alone", "`{ref}` alone"),
        ("(label)=\n# H", "\n# H"),
        ("% comment", ""),
        ("```{note}\n:class: x\n\nHot.\n```\nafter", "**Note**\n\nHot.\n\nafter"),
        ("````{note}\n```{tip}\nDeep.\n```\n````", "**Note**\n\n**Tip**\n\nDeep.\n\n"),
        (":::{admonition} Title\nText.\n:::", "**Title**\n\nText.\n"),
        ("```{code-block} python\n:linenos:\nx = 1\n```", "````python\nx = 1\n````\n"),
        ("```python\n{ref}`x`\n```", "```python\n{ref}`x`\n```"),
        ("```{toctree}\na\nb\n```", ""),
        ("```{math}\na\n```", "$$\na\n$$\n"),
    ],
)
def test_myst_becomes_markdown(text: str, adapted: str) -> None:
    """Directives are their text, roles their words; code stays."""
    lines = tuple(range(1, text.count("\n") + 2))
    body, numbers, _ = _sphinx_myst.adapt(
        text, lines, lambda role, target: f"https://lantern.example{target}" if role == "doc" else ""
    )
    assert body == adapted
    assert len(numbers) == body.count("\n") + 1


def test_a_post_directive_of_myst(tmp_path: Path) -> None:
    """A ```{post} fence is what the `post` directive is in reST."""
    post = post_of(tmp_path, "# A lamp\n\n```{post} 2 May 2024\n:tags: a, b\n:exclude:\n\nNo.\n```\n\nYes.\n", "a.md")
    assert (post.title, post.tags, post.published.isoformat()[:10]) == ("A lamp", ("a", "b"), "2024-05-02")
    assert "No." not in post.html


@settings(deadline=None, max_examples=80)
@given(st.text(alphabet="a`:~{}()=<>%+-\n #", max_size=200))
def test_any_myst_is_read(text: str) -> None:
    """Any text is adapted, each line with a line of the file."""
    body, numbers, _ = _sphinx_myst.adapt(text, tuple(range(1, text.count("\n") + 2)), lambda _role, _target: "")
    assert len(numbers) == body.count("\n") + 1 or (body, numbers) == ("", ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(data=st.binary(max_size=200), ending=st.sampled_from(["md", "rst"]))
def test_nothing_in_a_post_raises(tmp_path: Path, data: bytes, ending: str) -> None:
    """Whatever a file holds, it is a post, withheld, or a problem."""
    write(tmp_path, {"conf.py": CONF + 'blog_post_pattern = "a.*"\n'})
    (tmp_path / f"a.{ending}").write_bytes(data)
    tree = SOURCE.open(tmp_path, SourceOptions(name="posts"))
    found = SOURCE.read(tree, f"a.{ending}", SourceOptions(name="posts"))
    assert found.post or found.withheld or any(p.severity == "error" for p in found.problems)
