"""Whatever lies in a site's folder, every source goes on: it tells, it ends soon, and it stays in that folder.

Each file of each convention's site (tests/conventions) is replaced in turn by something that no generator would like.
FEEDS_HOSTILE=all tries everything on everything; else each site gets a few, and all of them come up.
"""

from __future__ import annotations

import codecs
import json
import os
import random
import shutil
import signal
import socket
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import pytest

from feeds import one_post, registry
from feeds.errors import SourceError
from feeds.model import SourceOptions, Tree
from feeds.recognition import likeliest
from test_conventions import CASES, FOLDER

SECONDS = 20  # for one file; it takes some milliseconds, but the machine may have other things to do
FEW = 14  # of the kinds, for one site
PRIVATE = "nobody's business"
POST = b"---\ntitle: x\ndate: 2020-01-01\n---\n"
PAGE = f"---\ntitle: {PRIVATE}\ndate: 2020-01-01\nauthor: {PRIVATE}\n---\n\n{PRIVATE}\n"
DEEP = 20_000

CONTENTS: dict[str, bytes] = {
    "nothing": b"",
    "NUL": b"\0" * 1000,
    "no text": bytes(range(256)) * 20,
    "many bytes": b"key: value\n" * 500_000,
    "one long line": b"a" * 5_000_000,
    "brackets": b"[" * DEEP,
    "front brackets": b"---\na: " + b"[" * DEEP + b"\n---\nx\n",
    "JSON brackets": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "YAML levels": b"".join(b" " * n + b"a:\n" for n in range(300)),
    "YAML aliases": b"a: &a [x, x]\n"
    + b"".join(b"%c: &%c [*%c, *%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 122)),
    "YAML loop": b"a: &a [*a]\n",
    "YAML tag": b'a: !!python/object/apply:os.system ["false"]\n',
    "TOML keys": b"a" + b".a" * DEEP + b" = 1\n",
    "many keys": b"".join(b"k%d: 1\n" % n for n in range(50_000)),
    "entities": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (n, b"&%c;" % (n - 1) * 10) for n in range(98, 108))
    + b']><rss version="2.0"><channel><title>&k;</title><item><title>&k;</title></item></channel></rss>',
    "elements": b"<rss>" + b"<a>" * DEEP,
    "Python brackets": b"A = " + b"(" * 5000 + b")" * 5000,
    "Python sums": b"A = 'x'\n" + b"A = A + A\n" * 60,
    "Python powers": b"A = '%999999999d' % 1\nB = 'x' * 10**10\nC = 10**10**10\n",
    "JavaScript comments": b"/*" * DEEP,
    "JavaScript quotes": b'"\\' * DEEP,
    "BibTeX braces": b"@article{a, title={" + b"{" * DEEP,
    "BibTeX entries": b"@article{" * DEEP,
    "RIS": b"TY  - JOUR\n" * DEEP,
    "tags": POST + b"{% if a %}{{< b {{% c ::: {d" * 3_000,
    "a wide table": POST + b"|a" * 1000 + b"\n" + b"|-" * 1000 + b"\n" + b"|a\n" * 1000,
    "directives": b"T\n=\n\n:date: 2020-01-01\n\n" + b"".join(b" " * 3 * n + b".. note::\n\n" for n in range(200)),
    "dates": b"---\ntitle: x\ndate: 0001-01-01T00:00:00+23:59\nlastmod: 9999-12-31T23:59:59-23:59\n---\nx\n",
    "maps": b"---\ntitle: {a: [b]}\ndate: {a: b}\nauthor: [[a], {b: [c]}]\ntags: {a: b}\npermalink: [a]\n---\nx\n",
    "lists": b"title: [a]\nurl: [b]\ncollections: {a: {output: [b]}}\nplugins: {a: b}\ntimezone: [c]\nnav: {a: [b]}\n",
    "long names": POST.replace(b"title: x", b"title: x\npermalink: /%b/\nimage: %b" % (b"a" * 5000, b"b" * 300)),
    "others' files": POST
    + b"{%% include %s %%}\n\n```{include} %s\n```\n\n.. include:: %s\n" % ((b"../../../secret.md",) * 3),
}  # fmt: skip


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "byte order mark": lambda data: codecs.BOM_UTF8 + data,
    "CRLF": lambda data: _unix(data).replace(b"\n", b"\r\n"),
    "CR": lambda data: _unix(data).replace(b"\n", b"\r"),
    "UTF-16": lambda data: data.decode("utf-8", "replace").encode("utf-16"),
    "Latin-1": lambda data: data.decode("utf-8", "replace").replace("a", "ä").encode("latin-1", "replace"),
    "surrogates": lambda data: data.replace(b"a", b"\xed\xa0\x80"),
    "decomposed": lambda data: unicodedata.normalize("NFD", data.decode("utf-8", "replace")).encode(),
    "half": lambda data: data[: len(data) // 2],
    "many times": lambda data: (data + b"\n") * 50,
}


def _socket(file: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        before = Path.cwd()
        os.chdir(file.parent)  # an address may have no more than 100 bytes
        try:
            one.bind(file.name)
        finally:
            os.chdir(before)


def _sparse(file: Path) -> None:
    with file.open("wb") as data:
        data.truncate(3_000_000_000)


PLACES: dict[str, Callable[[Path], None]] = {
    "nothing there": lambda _file: None,
    "a pipe": os.mkfifo,
    "a socket": _socket,
    "a device": lambda file: file.symlink_to("/dev/zero"),
    "a folder": Path.mkdir,
    "a link to itself": lambda file: file.symlink_to(file.name),
    "a link to nowhere": lambda file: file.symlink_to("nowhere"),
    "a link to the folder": lambda file: file.symlink_to("."),
    "a link outside": lambda file: file.symlink_to(_above(file, "secret.md")),
    "three gigabytes": _sparse,
}
KINDS = (*CONTENTS, *ENCODINGS, *PLACES)


def _above(file: Path, name: str) -> Path:
    return next(folder / name for folder in file.parents if (folder / name).exists())


class Late(BaseException):
    """It takes too long."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """What waits for ever is ended."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise Late

    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def listing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Everything in a folder, with size, mode and time stamp."""
    found = {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*")}
    return {name: (stat.st_size, stat.st_mode, stat.st_mtime_ns) for name, stat in found.items()}


def survives(site: Path, expected: dict[str, Any], what: str) -> None:
    """A source detects, opens and reads in time; it says what it leaves out, and neither writes nor looks elsewhere."""
    source, place = registry.source(expected["kind"]), site / expected.get("open", "")
    options = SourceOptions(**{"name": "site", **expected.get("options", {})})
    before = listing(site)
    signal.alarm(SECONDS)
    try:
        likeliest(place)
        tree = source.open(place, options)
    except SourceError:
        tree = Tree(root=site, paths=(), fingerprint="")
    except Late:
        pytest.fail(f"{what}: opening it takes too long")
    assert PRIVATE not in repr((tree.site, tree.people, tree.data)), what
    for path in tree.paths:
        signal.alarm(SECONDS)
        try:
            reading = source.read(tree, path, options)
            if reading.post:
                one_post.understand(reading, tree, options)
        except Late:
            pytest.fail(f"{what}: reading {path} takes too long")
        assert reading.post or reading.problems or reading.withheld, f"{what}: {path} is lost"
        assert PRIVATE.encode() not in msgspec.json.encode(reading), f"{what}: {path}"
    signal.alarm(0)
    assert listing(site) == before, what


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file(case: str, tmp_path: Path) -> None:
    """One file of the site is something else than it should be."""
    expected = json.loads((FOLDER / case / "expected.json").read_text(encoding="utf-8"))
    site = tmp_path / "site"
    shutil.copytree(FOLDER / case / "site", site)
    (tmp_path / "secret.md").write_text(PAGE)
    files = sorted(path for path in site.rglob("*") if path.is_file())
    draw = random.Random(case)  # noqa: S311 - the same for the same case
    every = os.environ.get("FEEDS_HOSTILE") == "all"
    for number, kind in enumerate(draw.sample(KINDS, len(KINDS) if every else FEW)):
        for file in files if every else [files[number % len(files)]]:
            body = file.read_bytes()
            file.unlink()
            if kind in PLACES:
                PLACES[kind](file)
            else:
                file.write_bytes(CONTENTS[kind] if kind in CONTENTS else ENCODINGS[kind](body))
            survives(site, expected, f"{case}: {file.relative_to(site)} is {kind}")
            if file.is_dir() and not file.is_symlink():
                file.rmdir()
            file.unlink(missing_ok=True)
            file.write_bytes(body)


NAMES = (
    " blank", "a b", "a\nb", "a\tb", "a#b", "100%", "%2e%2e", "a?b=c", "a&b", "a;b", "a:b", '"q"', "'q'", "{x}",
    "{{x}}",
    "{%x%}", "[x]", "<x>", "a\\b", "~", "-", "--help", "...", "a.", "o\u0308l", "\u00f6l", "\U0001f4a1", "\u202eabc",
    "\u2028", "\x01", "\x7f", "a" * 240, "index", "_index", "README", "2024-13-45-x", "0000-00-00-a", "2024-01-01", "*",
    "!x", "con.fr",
)  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_hostile_names(case: str, tmp_path: Path) -> None:
    """Files and folders are called what nobody should call them, and links lead in circles and outside."""
    expected = json.loads((FOLDER / case / "expected.json").read_text(encoding="utf-8"))
    site, outside = tmp_path / "site", tmp_path / "outside"
    shutil.copytree(FOLDER / case / "site", site)
    outside.mkdir()
    files = {(path.suffix, path.parent): path for path in sorted(site.rglob("*")) if path.is_file()}
    for (suffix, folder), file in files.items():
        (outside / f"secret{suffix}").write_text(PAGE)
        for name in NAMES:
            other = folder / f"{name[: 255 - len(suffix)]}{suffix}"
            if not other.exists():
                shutil.copyfile(file, other)
        shutil.copyfile(file, folder / f"caf\udce9{suffix}")  # no UTF-8
    for folder in {path.parent for path in files.values()}:
        (folder / "up").symlink_to("..")
        (folder / "self").symlink_to(".")
        (folder / "away").symlink_to(outside)
    survives(site, expected, case)


@pytest.mark.parametrize("case", CASES)
def test_a_folder_that_is_elsewhere(case: str, tmp_path: Path) -> None:
    """A folder that the convention names is a link to another place, a file, or a pipe."""
    expected = json.loads((FOLDER / case / "expected.json").read_text(encoding="utf-8"))
    site, outside = tmp_path / "site", tmp_path / "outside"
    shutil.copytree(FOLDER / case / "site", site)
    shutil.copytree(FOLDER / case / "site", outside)
    for file in outside.rglob("*.md"):
        file.write_text(PAGE)
    for folder in sorted(path for path in site.rglob("*") if path.is_dir()):
        kept = tmp_path / "kept"
        folder.rename(kept)
        makers: tuple[Callable[[Path], object], ...] = (
            lambda place: place.symlink_to(outside / place.relative_to(site)),
            lambda place: place.symlink_to(place.name),
            Path.touch,
            os.mkfifo,
        )
        for number, make in enumerate(makers):
            make(folder)
            survives(site, expected, f"{case}: {folder.relative_to(site)}, {number}")
            folder.unlink()
        kept.rename(folder)


@pytest.mark.parametrize("case", CASES)
def test_a_site_that_vanishes(case: str, tmp_path: Path) -> None:
    """What was there when the site was opened is gone when it is read: each post is told of."""
    expected = json.loads((FOLDER / case / "expected.json").read_text(encoding="utf-8"))
    site = tmp_path / "site"
    shutil.copytree(FOLDER / case / "site", site)
    source = registry.source(expected["kind"])
    options = SourceOptions(**{"name": "site", **expected.get("options", {})})
    tree = source.open(site / expected.get("open", ""), options)
    shutil.rmtree(site)
    for path in tree.paths:
        reading = source.read(tree, path, options)
        assert reading.post or reading.problems or reading.withheld, path
