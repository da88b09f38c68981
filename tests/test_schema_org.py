"""schema.org JSON-LD against the vocabulary as others have it: TypeScript's typings of it, and RDF."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF, SDO

from feed_readers import NODE
from feeds import config, pipeline
from feeds.exporters import jsonld
from feeds.model import Item, Kind, Post, Site, Work

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SCHEMA = Namespace("https://schema.org/")
# What the context at https://schema.org says of the properties whose values are addresses.
CONTEXT = {
    "@vocab": str(SCHEMA),
    **{name: {"@type": "@id"} for name in ("contentUrl", "image", "license", "sameAs", "url")},
}
COMPILER = NODE / "node_modules" / "typescript" / "bin" / "tsc"
TYPINGS = NODE / "node_modules" / "schema-dts"

needs_compiler = pytest.mark.skipif(
    not (shutil.which("node") and COMPILER.exists() and TYPINGS.is_dir()),
    reason=f"no node, or no TypeScript and schema-dts in {NODE}: properties are not checked against the vocabulary",
)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every JSON-LD document of the example site, the one of the site itself included."""
    output = tmp_path_factory.mktemp("output")
    pipeline.run(config.with_output(config.load(ROOT / "config.yaml"), output), now=NOW)
    found = {str(path.relative_to(output)): json.loads(path.read_bytes()) for path in output.rglob("*.jsonld")}
    assert {"ScholarlyArticle", "BlogPosting", "Thesis", "CollectionPage"} <= {d["@type"] for d in found.values()}
    return found


def compiled(folder: Path, documents: dict[str, dict[str, Any]]) -> str:
    """What the compiler says of documents as values of the types that the vocabulary has for them."""
    (folder / "node_modules").symlink_to(NODE / "node_modules")
    lines = ["import type * as schema from 'schema-dts';"]
    for number, document in enumerate(documents.values()):
        value = json.dumps(document)
        lines.append(f"export const d{number}: schema.WithContext<schema.{document['@type']}> = {value};")
    (folder / "documents.ts").write_text("\n".join(lines), encoding="utf-8")
    command = ["node", str(COMPILER), "--noEmit", "--strict", "--skipLibCheck", "documents.ts"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


@needs_compiler
def test_properties_are_of_their_types(documents: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    """Every property is in its type's domain and every value in its range, as schema-dts has the vocabulary."""
    assert compiled(tmp_path, documents) == ""


@needs_compiler
def test_what_front_matter_states_is_of_the_vocabulary(tmp_path: Path) -> None:
    """Funders, grants, references and corrections are properties of every kind of work, in their ranges."""
    front = {
        "funding": {"funder": "Lamp Fund", "ror": "https://ror.org/00example1", "award_number": "7", "title": "Wicks"},
        "references": ["10.5555/a", {"title": "Lamps", "url": "https://lamps.example.org/"}],
        "correction": "10.5555/b",
    }
    site = Site(url="https://example.org", feeds_url="https://example.org", title="Lab")
    post = Post(source="lab", path="a.md", url="https://example.org/a", title="Wicks", published=NOW, front=front)
    works = [None, *(Work(kind=kind, title="Wicks") for kind in get_args(Kind) if kind != "news")]
    documents = {str(work): jsonld.document(Item(post=post, work=work), site) for work in works}
    assert all({"funder", "funding", "citation", "correction"} <= document.keys() for document in documents.values())
    assert compiled(tmp_path, documents) == ""


@needs_compiler
@pytest.mark.parametrize("wrong", [{"issn": "1234-5679"}, {"author": {"@type": "Place", "name": "Porto"}}])
def test_the_compiler_finds_violations(wrong: dict[str, Any], tmp_path: Path) -> None:
    """A property of another type, and a value out of range, are found."""
    article = {"@context": "https://schema.org", "@type": "ScholarlyArticle", "name": "Of lamps"}
    assert compiled(tmp_path, {"right": article}) == ""
    (tmp_path / "node_modules").unlink()
    assert "error TS" in compiled(tmp_path, {"wrong": {**article, **wrong}})


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib itself
def test_documents_are_linked_data(documents: dict[str, dict[str, Any]]) -> None:
    """Expanded by a JSON-LD processor, every document is one node with properties and types of schema.org alone."""
    for path, document in documents.items():
        graph = Graph().parse(data=json.dumps({**document, "@context": CONTEXT}), format="json-ld")
        for _, predicate, value in graph:
            assert predicate == RDF.type or _term(predicate) in SDO, f"{path}: {predicate}"
            assert predicate != RDF.type or _term(value) in SDO, f"{path}: {value}"
        roots = set(graph.subjects()) - {value for _, name, value in graph if name != SCHEMA.url}
        assert len(roots) == 1, f"{path}: {roots}"


def _term(uri: object) -> URIRef:
    return URIRef(str(uri))
