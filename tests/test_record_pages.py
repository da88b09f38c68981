"""Where records of bibliographies are said to be found."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from feeds import config, pipeline


def built(folder: Path, pages: str) -> Path:
    """The output of a site that is one book in a bibliography, which no page is about."""
    (folder / "papers.bib").write_text("@book{glow, author={Glow, Bo}, title={Wicks}, year={2021}, publisher={Wax}}\n")
    (folder / "config.yaml").write_text(
        "site: {url: 'https://lab.example', title: Lab, language: en, timezone: UTC}\n"
        "sources: [{path: papers.bib}]\n"
        "exports: [atom, jsonld, bibtex, bibtex-list, ris, csl-json, datacite, oai-dc]\n"
        f"output: {{path: out}}\n{pages}\n"
    )
    pipeline.run(config.load(folder / "config.yaml"), now=datetime(2026, 1, 1, tzinfo=UTC))
    return folder / "out"


def test_a_record_without_a_page_has_no_address(tmp_path: Path) -> None:
    """What is known from a bibliography alone is not said to be at an address of the site that does not show it."""
    out = built(tmp_path, "")
    files = [path for path in out.rglob("index-glow*") if path.suffix != ".html"]
    assert {path.suffix for path in files} == {".jsonld", ".bib", ".ris", ".json", ".xml"}
    assert not [path for path in (*files, out / "publications.bib") if "lab.example/" in path.read_text()]


def test_our_page_is_where_a_record_is_read(tmp_path: Path) -> None:
    """With pages of ours, feeds and JSON-LD lead to the one of a record that has no other."""
    out = built(tmp_path, "pages: generate")
    page = "https://lab.example/works/index-glow.html"
    assert (out / "works/index-glow.html").exists()
    assert json.loads((out / "index-glow.jsonld").read_bytes())["url"] == page
    entry = etree.parse(str(out / "feed.atom")).find("{*}entry")
    assert entry is not None
    assert [link.get("href") for link in entry.findall("{*}link") if link.get("rel") == "alternate"] == [page]
