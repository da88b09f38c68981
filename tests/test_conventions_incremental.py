"""Whatever is edited in a site of whatever convention, an incremental run publishes what a full one would.

FEEDS_STEPS and FEEDS_SEED set how many edits of each site are tried, and which: `FEEDS_STEPS=1000 pytest …`.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from feeds import config, pipeline
from feeds.errors import FeedsError
from site_edits import Edits
from small_site import SmallSite
from test_conventions import CASES, FOLDER

STEPS = int(os.environ.get("FEEDS_STEPS", "5"))
SEED = int(os.environ.get("FEEDS_SEED", "1"))
EXPORTS = "exports: [atom, rss, jsonld, csl-json, sitemap]"


class Lab:
    """A configuration for a copy of a convention's site, and what it publishes."""

    def __init__(self, folder: Path, expected: dict[str, Any]) -> None:
        self.folder = folder
        place = Path("site", expected.get("open", "")).as_posix()
        told = expected.get("options", {})
        source = {"path": place, "kind": expected["kind"], **{k: told[k] for k in ("drafts",) if k in told}}
        self.settings = f"site: {{url: https://lamps.example/lab}}\nsources: [{json.dumps(source)}]\n{EXPORTS}\n"

    def build(self, edits: Edits, *, full: bool) -> tuple[str, dict[str, bytes], list[str]]:
        """Why nothing was published ("" when something was), all files of the output, and the problems told."""
        parsed = config.parse(self.settings.encode(), self.folder / "config.yaml")
        try:
            report = pipeline.run(parsed, now=edits.now, full=full, allow_shrink=True, jobs=1)
            why, told = "", sorted(f"{p.where}: {p.message}" for p in report.problems)
        except FeedsError as error:
            why, told = error.message, []
        output = self.folder / "output"
        files = {p.relative_to(output).as_posix(): p.read_bytes() for p in output.rglob("*") if p.is_file()}
        return why.replace(f"{self.folder}/", ""), files, [one.replace(f"{self.folder}/", "") for one in told]


@pytest.mark.parametrize("case", CASES)
def test_incremental_is_full(case: str, tmp_path: Path) -> None:
    """After every edit of a site the tree and the problems are those of a full build beside the same manifest."""
    expected = json.loads((FOLDER / case / "expected.json").read_text(encoding="utf-8"))
    one, two = Lab(tmp_path / "one", expected), Lab(tmp_path / "two", expected)
    edits = Edits(FOLDER / case / "site", one.folder / "site", SEED)
    one.build(edits, full=False)
    for step in range(STEPS):
        done = edits.step()
        shutil.rmtree(two.folder, ignore_errors=True)
        shutil.copytree(one.folder, two.folder, ignore=shutil.ignore_patterns(".output.feeds"), symlinks=True)
        assert one.build(edits, full=False) == two.build(edits, full=True), f"{case}, seed {SEED}, step {step}: {done}"


def test_a_file_rewritten_at_once_is_seen(tmp_path: Path) -> None:
    """What a post was read with may be written again within the same time stamp, at the same size."""
    case = "hugo-blox"
    expected = json.loads((FOLDER / case / "expected.json").read_text(encoding="utf-8"))
    lab = Lab(tmp_path, expected)
    edits = Edits(FOLDER / case / "site", lab.folder / "site", SEED)
    file = lab.folder / "site" / "content" / "publication" / "wick-length" / "cite.bib"
    stamp = edits.now.timestamp()
    for subject in ("lamps", "wicks"):
        file.write_text(f"@article{{wick, doi={{10.5555/wick.2023.1}}, abstract={{We measured {subject} at night.}}}}")
        os.utime(file, (stamp, stamp))
        _, files, _ = lab.build(edits, full=False)
    assert any(b"We measured wicks" in body for body in files.values())


@pytest.mark.parametrize(
    ("tag", "late"),
    [
        ("[x]({% post_url 2022-01-01-late %})", "_posts/2022-01-01-late.md"),
        ("[x]({% link _posts/2022-01-01-late.md %})", "_posts/2022-01-01-late.md"),
        ("[x]({% link files/oil.pdf %})", "files/oil.pdf"),
        ("{% include_relative note.txt %}", "_posts/note.txt"),
    ],
)
def test_what_a_post_speaks_of_appears_later(tmp_path: Path, tag: str, late: str) -> None:
    """A post that names what is not there is read again when it is."""
    site = SmallSite(tmp_path)
    site.news("moving", text=tag)
    site.age()
    assert any("there" in problem.message for problem in site.build().problems)
    file = site.posts.parent / late
    file.parent.mkdir(exist_ok=True)
    file.write_text("---\ntitle: Late\n---\n\nLate.\n")
    site.age(days=900)
    assert site.build().problems == ()


def test_a_paper_that_appears_later_is_attached(tmp_path: Path) -> None:
    """The size of a PDF is told as soon as the file is there."""
    site = SmallSite(tmp_path)
    post = site.paper("lamps")
    post.write_text(post.read_text().replace("\ndate:", "\npdf: https://lantern.example.org/lamps.pdf\ndate:", 1))
    site.age()
    site.build()
    (site.posts.parent / "lamps.pdf").write_bytes(b"%PDF-1.4 one")
    site.build()
    assert any(b"12 B" in body for body in site.files().values())
