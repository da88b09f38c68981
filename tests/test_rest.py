"""reStructuredText: what Sphinx, ABlog and Pelican write in it becomes HTML and Markdown, and nothing is reached."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from docutils.parsers.rst import directives, roles
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading import rest
from feeds.scholarly.resolve import extract, resolve
from scholarly_posts import EXTRACTORS, post_of

PAPER = """
A longer wick burns brighter
============================

:date: 2024-03-04

Ada Wick, Bo Glow and Cy Shade

*Journal of Lamps* **12** (3): 45-67 (2024). `doi: 10.5555/lamp.45 <https://doi.org/10.5555/lamp.45>`_

Abstract
--------

We lit forty lamps and measured the light of each. The longer wick burned brighter in all
of them, which nobody had seen before.

Method
------

#. Lamps
#. Wicks
"""


def test_a_paper_in_rest_says_as_much_as_one_in_markdown() -> None:
    """Authors, citation, DOI and abstract of a reST post are found, at their lines."""
    found = rest.read(PAPER)
    post = post_of(found.body)
    facts = extract(post, EXTRACTORS)
    work = resolve(post, facts, ())
    assert work is not None
    assert [a.name for a in work.authors] == ["Ada Wick", "Bo Glow", "Cy Shade"]
    assert (work.journal, work.volume, work.issue, work.doi) == ("Journal of Lamps", "12", "3", "10.5555/lamp.45")
    assert work.abstract.startswith("We lit forty lamps")
    lines = dict(zip(found.body.split("\n"), found.lines, strict=True))
    assert lines["Ada Wick, Bo Glow and Cy Shade"] == 7
    assert lines["## Abstract"] in {11, 12}


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        (":ref:`the lamp <lamp>`", "<p>the lamp</p>"),
        (":py:func:`~lamp.light`", "<p>light</p>"),
        (":foo:`bar`", "<p>bar</p>"),
        (":abbr:`LED (light emitting diode)`", "<p>LED</p>"),
        (":math:`a < b`", r"<p>\(a &lt; b\)</p>"),
        ("``code``", "<code>code</code>"),
        (":doc:`wick`", '<a class="reference external" href="https://lantern.example/wick">wick</a>'),
        (
            ".. code-block:: python\n   :linenos:\n   :caption: C\n\n   x = 1",
            '<code class="language-python">x = 1</code>',
        ),
        (".. math::\n   :label: a\n\n   a = b", r"\[a = b\]"),
        (".. versionadded:: 1.2\n\n   New lamps.", "New lamps."),
        (".. frobnicate:: x\n   :y: z\n\n   Its *text*.", "<p>Its <em>text</em>.</p>"),
        (".. note:: Hot", "<p>Hot</p>"),
    ],
)
def test_what_sphinx_adds_is_text(text: str, piece: str) -> None:
    """Roles and directives of Sphinx, known or not, leave their text and no error."""
    found = rest.read(text, lambda role, target: f"https://lantern.example/{target}" if role == "doc" else "")
    assert piece in found.html
    assert "system-message" not in found.html
    assert found.dropped == {}


@pytest.mark.parametrize(
    "text",
    [
        ".. include:: {file}",
        ".. literalinclude:: {file}",
        ".. raw:: html\n   :file: {file}",
        ".. csv-table:: t\n   :file: {file}",
        ".. csv-table:: t\n   :url: file://{file}",
        ".. figure:: {file}\n   :figwidth: image",
        ".. image:: {file}\n   :loading: embed",
        ".. parsed-literal::\n   :file: {file}",
        ".. |x| include:: {file}\n\n|x|",
        ".. code:: python\n   :include: {file}",
    ],
)
def test_no_file_is_read(tmp_path: Path, text: str) -> None:
    """Nothing that a text says brings a file of the machine into it."""
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg>SECRET</svg>")
    found = rest.read(text.replace("{file}", str(secret)))
    assert "SECRET" not in found.html + found.body


def test_raw_html_and_the_clock_are_left_out() -> None:
    """Raw HTML and today's date are dropped, and named with their lines."""
    found = rest.read("Text |d|.\n\n.. |d| date::\n\n.. raw:: html\n\n   <b>raw</b>\n\n.. date::\n")
    assert "raw" not in found.html
    assert "20" not in found.html
    assert found.dropped == {"date": 3, "raw": 5}


def test_nothing_is_left_in_docutils() -> None:
    """docutils' registries of the process are afterwards what they were."""
    before = dict(directives._directives), dict(roles._roles)  # type: ignore[attr-defined]
    rest.read(".. frob:: x\n\n.. role:: mine(emphasis)\n\n:mine:`a` :other:`b`\n\n.. default-role:: mine\n")
    assert (directives._directives, roles._roles) == before  # type: ignore[attr-defined]


def test_fields_title_and_posts() -> None:
    """The docinfo, the title and ABlog's `post` directive are handed on, an excerpt that is excluded is not."""
    found = rest.read(
        "T *x*\n=====\n\n:Tags: a, b\n:authors: A B; C D\n\n.. post:: 2 May 2024\n   :exclude:\n\n   No.\n\nYes.\n"
    )
    assert (found.title, found.title_html) == ("T x", "T <em>x</em>")
    assert found.fields == {"tags": "a, b", "authors": ["A B", "C D"]}
    assert found.field_lines == {"tags": 4, "authors": 5}
    assert found.posts == (rest.Post("2 May 2024", {"exclude": ""}, 7),)
    assert found.html.strip() == "<p>Yes.</p>"


@settings(deadline=None, max_examples=80)
@given(st.text(alphabet="a=-*`_|:.<>[]{}#+\\ \n\t^~", max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Any text gives a document, each line of its Markdown with a line of the file, or is refused."""
    try:
        found = rest.read(text)
    except rest.Unreadable:
        return
    assert len(found.lines) == found.body.count("\n") + 1
    assert all(line >= 1 for line in found.lines)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(" " * i + "x" for i in range(3000)),
        "\n\n".join("  " * i + "- x" for i in range(400)),
        "*a " * 30_000,
        "`a_ " * 30_000,
        "|" * 100_000,
        "a_ " * 3000,
        "[#]_ " * 2000,
        ":a:`" * 20_000,
        ".. |a| replace:: |b| |b|\n.. |b| replace:: |a| |a|\n\n|a|",
        "".join(f".. |s{i}| replace:: |s{i + 1}| |s{i + 1}|\n" for i in range(40)) + ".. |s40| replace:: x\n\n|s0|",
        "+--+--+\n" * 3000,
        "== ==\n" * 3000,
        ".. x::\n" * 5000,
    ],
    ids=range(13),
)
def test_wild_texts_end_soon(text: str) -> None:
    """What nests, repeats or refers to itself without end is read or refused in seconds."""
    start = time.perf_counter()
    with suppress(rest.Unreadable):
        rest.read(text)
    assert time.perf_counter() - start < 20
