"""Front matter: what is read, what is repaired, what is refused, and where the reader is told to look."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Problem
from feeds.reading.front import MAX_BYTES, Front, parse

BODY = "First line.\nSecond line.\n"


def post(block: str, body: str = BODY) -> Front:
    return parse(f"---\n{block}\n---\n{body}".encode(), "posts/a.md")


def the_problem(front: Front) -> Problem:
    assert len(front.problems) == 1, front.problems
    return front.problems[0]


def is_error(front: Front, where: str) -> str:
    problem = the_problem(front)
    assert (problem.severity, problem.where, problem.stage) == ("error", where, "read")
    assert problem.hint
    return problem.message


def is_warning(front: Front, where: str) -> str:
    problem = the_problem(front)
    assert (problem.severity, problem.where) == ("warning", where)
    return problem.message


# ---------------------------------------------------------------------------------------------------- the plain case


def test_takes_a_post_apart() -> None:
    """Values, key lines, body and the line the body begins on."""
    front = post('title: "Ünïcode: yes"\ntags:\n  - a\n  - b\nlink: https://example.org/a#b # note')
    assert front.values == {"title": "Ünïcode: yes", "tags": ["a", "b"], "link": "https://example.org/a#b"}
    assert front.lines == {"title": 2, "tags": 3, "link": 6}
    assert (front.body, front.body_line, front.has_front, front.problems) == (BODY, 8, True, ())


@pytest.mark.parametrize(
    ("data", "values", "body", "line"),
    [
        (b"", {}, "", 1),
        (b"Just text.\n", {}, "Just text.\n", 1),
        (b"---\n---\nx", {}, "x", 3),
        (b"---\na: 1\n---", {"a": 1}, "", 4),
        (b"---  \na: 1\n---\t\nx", {"a": 1}, "x", 4),
        (b"---\na: 1\n...\nx", {"a": 1}, "x", 4),
        (b"---\r\na: 1\r\n---\r\nx\r\ny\r\n", {"a": 1}, "x\ny\n", 4),
        (b"\xef\xbb\xbf---\na: 1\n---\nx", {"a": 1}, "x", 4),
        ("---\na: é\n---\nx".encode("utf-16"), {"a": "é"}, "x", 4),
        ("\ufeff---\na: é\n---\nx".encode("utf-16-be"), {"a": "é"}, "x", 4),
        (b"---\na: 1\n---\n\n\n x \n\n", {"a": 1}, "\n\n x \n\n", 4),
        (b"---\na: |\n  ---\n  b\n---\nx\n---\ny", {"a": "---\nb\n"}, "x\n---\ny", 6),
        (b"---\n\nA rule across the page, no keys.\n", {}, "---\n\nA rule across the page, no keys.\n", 1),
    ],
)
def test_fences(data: bytes, values: dict[str, Any], body: str, line: int) -> None:
    """Every way to open, close and leave out front matter that Jekyll knows, without a word of complaint."""
    front = parse(data, "a.md")
    assert (front.values, front.body, front.body_line, front.problems) == (values, body, line, ())


def test_every_key_is_a_key() -> None:
    """Names that python-frontmatter or YAML treat specially stay the text that the author wrote."""
    front = post("content: a\nhandler: b\n2019: c\nno: d\n~: e\n1.50: f")
    assert front.values == {"content": "a", "handler": "b", "2019": "c", "no": "d", "~": "e", "1.50": "f"}


def test_dates_are_iso_text() -> None:
    """Dates and times come as ISO 8601, naive where the author gave no zone, Ruby's zone without colon included."""
    front = post(
        "a: 2019-08-27\nb: 2019-08-27 10:00:00\nc: 2019-08-27T10:00:00+02:00\nd: 2019-08-27 10:00:00 +0200\n"
        'e: 2019-08-27T10:00:00Z\nf: "2019-08-27"\ng: 2019-08-27 10:00:00 -0330\nh: 2019-08'
    )
    assert front.values == {
        "a": "2019-08-27",
        "b": "2019-08-27T10:00:00",
        "c": "2019-08-27T10:00:00+02:00",
        "d": "2019-08-27T10:00:00+02:00",
        "e": "2019-08-27T10:00:00+00:00",
        "f": "2019-08-27",
        "g": "2019-08-27T10:00:00-03:30",
        "h": "2019-08",
    }


def test_scalars_are_yaml_1_1() -> None:
    """The same values as Ruby's YAML gives the site itself."""
    front = post("a: yes\nb: No\nc: on\nd: ~\ne:\nf: 012\ng: 0x1F\nh: 1_000\ni: 1.5\nj: '012'\nk: 10.5555/x")
    assert front.values == {
        **{"a": True, "b": False, "c": True, "d": None, "e": None, "f": 10},
        **{"g": 31, "h": 1000, "i": 1.5, "j": "012", "k": "10.5555/x"},
    }


def test_text_is_nfc() -> None:
    """Values are composed, the body is as in the file."""
    front = post("a: Zu\u0308rich", "Zu\u0308rich")
    assert (front.values["a"], front.body) == ("Z\u00fcrich", "Zu\u0308rich")


def test_toml() -> None:
    """Hugo's other front matter gives the same shapes."""
    data = b'+++\n# note\ntitle = "A: B"\ndate = 2020-01-02\nat = 2020-01-02T03:04:05Z\n[map]\nx = nan\n+++\nBody'
    front = parse(data, "a.md")
    assert front.values == {
        **{"title": "A: B", "date": "2020-01-02", "at": "2020-01-02T03:04:05+00:00"},
        "map": {"x": "nan"},
    }
    assert (front.lines, front.body, front.body_line) == ({"title": 3, "date": 4, "at": 5, "map": 6}, "Body", 9)
    assert front.problems == ()


def test_json() -> None:
    """A JSON object at the top is front matter too, the body begins on the next line, keys know theirs."""
    data = b'{\n  "title": "A {\\"B\\"}",\n  "tags": ["x"], "n": {"title": 1}\n}\nBody\n'
    front = parse(data, "a.md")
    assert front.problems == ()
    assert front.values == {"title": 'A {"B"}', "tags": ["x"], "n": {"title": 1}}
    assert front.lines == {"title": 2, "tags": 3, "n": 3}
    assert (front.body, front.body_line, front.has_front) == ("Body\n", 5, True)


@pytest.mark.parametrize("text", ["{{ page.title }}\n", "{: .lead}\nText\n", "{% include x %}\n", "{a} set\n", "{\n"])
def test_a_brace_alone_is_no_json(text: str) -> None:
    """Liquid, attribute lists and prose that begin with a brace stay the body."""
    front = parse(text.encode(), "a.md")
    assert (front.body, front.has_front, front.problems) == (text, False, ())


def test_json_error_names_the_line() -> None:
    """A missing comma is reported on its line; an object that is never closed at its beginning."""
    assert "JSON" in is_error(parse(b'{\n"a": 1\n"b": 2\n}\n', "a.md"), "a.md:3")
    assert "closed" in is_error(parse(b'{\n"a": 1,\n', "a.md"), "a.md:1")
    assert "nesting" in is_error(parse(b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}\n", "a.md"), "a.md:1")


def test_json_says_what_it_repeats_and_keeps_json_numbers() -> None:
    """A key given twice is reported, numbers too long for JSON's readers become text."""
    front = parse(b'{"a": 1, "a": 123456789012345678901234567890, "b": NaN}\nBody', "a.md")
    assert front.values == {"a": "123456789012345678901234567890", "b": "NaN"}
    assert [p.message for p in front.problems] == ["a key is given twice in the front matter, the last one counts"]


def test_toml_error_names_the_line() -> None:
    """A TOML slip is reported where it is."""
    assert "TOML" in is_error(parse(b'+++\na = 1\nb = "x\n+++\n', "a.md"), "a.md:3")


# ---------------------------------------------------------------------------------------------------- reported


def test_white_space_before_the_front_matter() -> None:
    """Read, but Jekyll would not: the author is told."""
    front = parse(b"\n\n---\na: 1\n---\nx", "a.md")
    assert (front.values, front.lines, front.body_line) == ({"a": 1}, {"a": 4}, 6)
    assert "white space" in is_warning(front, "a.md:3")


def test_duplicate_key() -> None:
    """The last one counts, as in Ruby, and is reported on its own line."""
    front = post("a: 1\nb: 2\na: 3")
    assert (front.values, front.lines["a"]) == ({"a": 3, "b": 2}, 4)
    assert "'a'" in is_warning(front, "posts/a.md:4")


def test_a_day_that_does_not_exist() -> None:
    """Stays text, with its line."""
    front = post("title: x\ndate: 2020-02-30")
    assert front.values["date"] == "2020-02-30"
    assert "2020-02-30" in is_warning(front, "posts/a.md:3")


@pytest.mark.parametrize("value", [".nan", ".inf", "-.inf", "1.0e+999"])
def test_no_number_that_json_has_not(value: str) -> None:
    """NaN and infinities are text."""
    front = post(f"a: {value}")
    assert front.values["a"] == value
    assert is_warning(front, "posts/a.md:2")


def test_long_numbers_lose_no_digit() -> None:
    """An integer beyond 64 bits is the text that was written."""
    assert post("a: 123456789012345678901234567890").values["a"] == "123456789012345678901234567890"
    assert post(f"a: {'9' * 5000}").values["a"] == "9" * 5000


@pytest.mark.parametrize("tag", ["!ruby/object:Gem::Version", "!!binary", "!!python/object/apply:os.system", "!x"])
def test_tags_construct_nothing(tag: str) -> None:
    """A tag is ignored and reported, its value is text."""
    front = post(f"a: {tag} echo")
    assert front.values == {"a": "echo"}
    assert is_warning(front, "posts/a.md:2")


def test_characters_that_xml_forbids() -> None:
    """Replaced wherever they stand, raw or escaped, and reported with their place."""
    raw = parse(b"---\na: 1\n---\nx\n\x00y\x1b", "a.md")
    assert raw.body == "x\n\ufffdy\ufffd"
    assert "U+0000" in is_warning(raw, "a.md:5")
    escaped = post('a: "x\\0y"')
    assert escaped.values == {"a": "x\ufffdy"}
    assert "U+0000" in is_warning(escaped, "posts/a.md:2")


def test_line_separators_do_not_shift_lines() -> None:
    """U+2028 is a line end to YAML only; it becomes a space and later lines keep their numbers."""
    front = post("a: x\u2028y\nb: 1")
    assert front.values["a"] == "x y"
    assert front.lines == {"a": 2, "b": 3}


# ---------------------------------------------------------------------------------------------------- repaired


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("a: Cancer: a review", "Cancer: a review"),
        ("a: Cancer: it's a review # note", "Cancer: it's a review"),
        ("a: Results:", "Results:"),
        ("a: @ada", "@ada"),
        ("a: `code`", "`code`"),
        ("a: %done", "%done"),
        ('a: "The "best" tool"', 'The "best" tool'),
        ('a: "A \\"b\\" "c""', 'A "b" "c"'),
        ("a: 'It's here'", "It's here"),
        ('a: "Best" of all', '"Best" of all'),
        ('a: "x" and "y"', '"x" and "y"'),
        ("a: [@ada, @bob, carl]", ["@ada", "@bob", "carl"]),
        ("a: [ @ada ]", ["@ada"]),
        ("a:\n  - ok\n  - @ada", ["ok", "@ada"]),
        ("a:\n  - name: @ada", [{"name": "@ada"}]),
        ("a:\n\t- x", ["x"]),
        ("a:\n\tb: x", {"b": "x"}),
    ],
)
def test_repairs(line: str, value: object) -> None:
    """What has one reading only is read so, with a warning on the very line."""
    front = post(f"title: x\n{line}\nlast: y")
    assert front.values == {"title": "x", "a": value, "last": "y"}
    assert "repaired" in is_warning(front, f"posts/a.md:{3 + line.count(chr(10))}")


def test_repairs_leave_block_text_alone() -> None:
    """The text of a literal block is no YAML, whatever it looks like."""
    front = post("t: A: B\nabstract: |\n  - @x\n  a: b: c\n\n  'It's'\nlast: 1")
    assert front.values == {"t": "A: B", "abstract": "- @x\na: b: c\n\n'It's'\n", "last": 1}
    assert is_warning(front, "posts/a.md:2")


def test_each_repair_is_reported() -> None:
    """Three slips, three warnings, in order."""
    front = post("a: x: y\nb: ok\nc: @z\nd: 'It's'")
    assert front.values == {"a": "x: y", "b": "ok", "c": "@z", "d": "It's"}
    assert [p.where for p in front.problems] == ["posts/a.md:2", "posts/a.md:4", "posts/a.md:5"]


# ---------------------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("- a\n- b", 2),
        ("just text", 2),
        ("a: 1\nb: [1, 2\nc: 3", 3),
        ('a: 1\nb: "open\nc: 3', 3),
        ("a: 1\n\nNo key here\nb: 2", 4),
        ("a: 1\ntitle:No space\nb: 2", 3),
        ("a: 1\nb: *name", 3),
        ("a: &name 1", 2),
        ("a:\n  - b\n c: d", 4),
        ('a: "\\ud800"', 2),
    ],
)
def test_errors_name_the_line(block: str, line: int) -> None:
    """What cannot be read is one error on the line to mend; the body is there all the same."""
    front = post(block)
    assert is_error(front, f"posts/a.md:{line}")
    assert (front.values, front.body) == ({}, BODY)


def test_missing_closing_fence() -> None:
    """The error says where the front matter begins and where it seems to end."""
    front = parse(b"---\ntitle: x\ntags:\n  - a\n\nSome text.\n", "a.md")
    assert "never closed" in is_error(front, "a.md:1")
    assert "line 4" in the_problem(front).hint


def test_error_lines_count_blank_lines_before_the_fence() -> None:
    """A line number is that of the file."""
    front = parse(b"\n\n---\na: 1\nb: [\n---\n", "a.md")
    assert [p.where for p in front.problems if p.severity == "error"] == ["a.md:5"]


def test_not_utf8() -> None:
    """A byte that is not UTF-8 is named with its line, and nothing is guessed."""
    front = parse(b"---\na: 1\nb: caf\xe9\n---\n", "a.md")
    assert "0xe9" in is_error(front, "a.md:3")


def test_too_large() -> None:
    """There is an end to what a post may be."""
    assert is_error(parse(b"x" * (MAX_BYTES + 1), "a.md"), "a.md:1")
    assert is_error(post("a: " + "x" * 70_000), "posts/a.md:2")


PATHOLOGICAL = {
    "sequences": "a: " + "[" * 25_000,
    "mappings": "a: " + "{" * 25_000,
    "both": "a: " + "[{" * 12_000,
    "hidden in quotes": "a: " + "['] ] ]'," * 5_000,
    "dashes": "- " * 30_000,
    "question marks": "? " * 30_000,
    "indents": "\n".join(" " * depth + "a:" for depth in range(300)),
    "merge bomb": "a0: &a0 {x: 1}\n" + "\n".join(f"a{i + 1}: &a{i + 1} {{<<: [*a{i}, *a{i}]}}" for i in range(30)),
    "alias bomb": "a0: &a0 [x, x]\n" + "\n".join(f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}, *a{i}]" for i in range(30)),
    "cycle": "a: &a [*a]",
    "tight anchor": "{a: &a [x], b: *a}",
    "repairs": "a: @b\n" * 8_000,
    "quotes": 'a: "' + '\\"' * 30_000,
    "tabs": "\t" * 60_000 + "a",
    "flow handles": "a: " + "[@," * 20_000,
    "long key": "a" * 60_000 + ": b",
    "blanks": " " * 60_000 + "x: y: z",
    "duplicates": "a: b\n" * 10_000,
}


def test_pathological_yaml_neither_crashes_nor_hangs() -> None:
    """Every bomb is dealt with in a process of its own, in a moment and without a crash."""
    script = (
        "import sys, json\nfrom feeds.reading.front import parse\n"
        "front = parse(sys.stdin.buffer.read(), 'a.md')\n"
        "print(json.dumps([p.severity for p in front.problems][:1]))\n"
    )
    everything = "\n".join(PATHOLOGICAL)
    assert everything
    for name, block in PATHOLOGICAL.items():
        data = f"---\n{block}\n---\nx".encode()
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", script], input=data, capture_output=True, timeout=20, check=False)
        assert done.returncode == 0, (name, done.returncode, done.stderr[-300:])
        assert time.perf_counter() - started < 5, name  # the interpreter's start included
        assert done.stdout.strip() in {b'["error"]', b'["warning"]'}, (name, done.stdout)


@pytest.mark.parametrize("name", ["merge bomb", "alias bomb", "cycle", "tight anchor"])
def test_anchors_are_refused(name: str) -> None:
    """Aliases multiply: none is followed."""
    front = post(PATHOLOGICAL[name])
    assert front.values == {}
    assert "alias" in the_problem(front).message


def test_pathological_toml() -> None:
    """Dots and brackets without end are errors, at once."""
    for block in ("a." * 30_000 + "b = 1", "a = " + "[" * 30_000, "x = {" + "a . " * 15_000 + "b = 1}"):
        started = time.perf_counter()
        assert is_error(parse(f"+++\n{block}\n+++\n".encode(), "a.md"), "a.md:2")
        assert time.perf_counter() - started < 1


# ---------------------------------------------------------------------------------------------------- properties

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**62), 2**62), st.floats(allow_nan=False, allow_infinity=False, width=32)
)
WORDS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20)
VALUES = st.recursive(SCALARS | WORDS | st.dates(date(1900, 1, 1)), lambda v: st.lists(v, max_size=4), max_leaves=8)


@settings(deadline=None)
@given(st.dictionaries(st.text(st.sampled_from("abcdefgh_"), min_size=1, max_size=8), VALUES, max_size=6))
def test_reads_what_a_yaml_writer_writes(values: dict[str, Any]) -> None:
    """What PyYAML writes comes back, dates as text, and each key's line is the one it stands on."""
    block = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10_000)
    front = post(block)
    assert front.problems == ()
    assert front.values == _iso(values)
    lines = ["", "---", *block.split("\n")]
    for key, line in front.lines.items():
        assert key in lines[line]


def _iso(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _iso(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_iso(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    """Nothing raises, and every problem has a place."""
    for candidate in (data, b"---\n" + data + b"\n---\n", b"+++\n" + data + b"\n+++\n", b'{"a":' + data + b"}"):
        assert all(problem.where.startswith("a.md:") for problem in parse(candidate, "a.md").problems)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab:- \n\t'\"@`%[]{}#&*!|>?,\\0"), max_size=80))
def test_any_yaml(block: str) -> None:
    """Whatever the block holds, there are values or an error, never neither and never an exception."""
    front = post(block)
    errors = [p for p in front.problems if p.severity == "error"]
    if front.has_front and front.body == BODY:
        assert len(errors) <= 1
        assert not (errors and front.values)
    try:
        truth = yaml.load(block, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return
    if isinstance(truth, dict) and not front.problems and "---" not in block and "..." not in block:
        assert [str(v) for v in front.values.values() if isinstance(v, str)] == [
            v for v in truth.values() if isinstance(v, str)
        ]
