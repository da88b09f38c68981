"""The house's rule of who may import whom, held by reading the imports."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "feeds"

# Each row may import from the rows above it only; what stands in one row does not import its neighbours.
ROWS = [
    ["feeds"],
    ["model", "errors"],
    ["text", "yaml_lines"],
    ["reading"],
    ["sources", "scholarly", "exporters"],
    ["registry", "settings", "_http", "storage", "_copies", "_cluster", "_html_head", "_built_pages"],
    ["_section_checks", "_collection_checks", "_locations", "_paging", "_doubling"],
    ["config", "recognition", "_page_block"],
    ["identity", "selection", "workers"],
    ["merging", "_needs", "_contradictions", "_doubts", "_front_lines"],
    ["state", "publish", "fetching", "mirroring", "git", "enrichment"],
    ["attaching", "places", "bringing", "_groups", "_archives", "_rendering"],
    ["opening", "one_post", "documents", "check", "showing"],
    ["fingerprints"],
    ["plan", "settling", "rest", "_pieces"],
    ["_reporting"],
    ["_flow"],
    ["pipeline", "push", "loose", "proposal", "inject"],
    ["indexnow"],
    ["announcing"],
    ["daemon", "server", "log"],
    ["telling", "building"],
    ["cli"],
    ["__main__"],
]
PURE = ("model", "errors", "text", "reading", "scholarly", "exporters", "identity", "selection", "merging")
IMPURE_MODULES = {
    "os",
    "pathlib",
    "time",
    "socket",
    "sqlite3",
    "subprocess",
    "urllib.request",
    "http",
    "locale",
    "random",
}
PURE_MAY = {("model.py", "pathlib")}  # a type of its fields


def row_of(module: str) -> int:
    """Row of a module such as "feeds.sources.jekyll"."""
    room = [*module.split("."), "feeds"][1] if module.startswith("feeds.") else module
    for number, row in enumerate(ROWS):
        if room in row:
            return number
    raise AssertionError(f"{module} stands in no row of tests/test_architecture.py")


def imports(file: Path) -> set[str]:
    """Every module that a file imports, also inside functions, "from feeds import x" as feeds.x."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            modules = [m for m in below if is_module(m)]
            found.update(modules or [node.module])
    return found


def is_module(name: str) -> bool:
    place = PACKAGE.parent / Path(*name.split("."))
    return name.startswith("feeds.") and (place.with_suffix(".py").exists() or (place / "__init__.py").exists())


def module_name(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_imports_only_from_rows_above(file: Path) -> None:
    """A module imports from rows above its own, from its private neighbours, and nothing sideways."""
    name = module_name(file)
    for other in imports(file):
        if not other.startswith("feeds.") or other == name:
            continue
        same_room = other.rpartition(".")[0] == name.rpartition(".")[0] != "feeds"
        if same_room and (other.rpartition(".")[2].startswith("_") or file.name.startswith("_")):
            continue
        if name == "feeds.scholarly.resolve" and other == "feeds.scholarly.people":
            continue  # settling a work ends with joining its authors to people
        assert row_of(other) < row_of(name), f"{name} imports {other}, which is not above it"


@pytest.mark.parametrize(
    "file",
    [f for f in FILES if module_name(f).split(".")[1:2] and module_name(f).split(".")[1] in PURE],
    ids=module_name,
)
def test_pure_rooms_know_no_disk_clock_or_network(file: Path) -> None:
    """Reading, extraction and rendering import nothing that reaches the outside."""
    for other in imports(file):
        if (file.name, other) not in PURE_MAY:
            assert other not in IMPURE_MODULES, f"{module_name(file)} imports {other}"
    source = file.read_text(encoding="utf-8")
    assert not re.search(r"datetime\.now|date\.today|time\.time|utcnow", source), f"{file} reads the clock"


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_no_module_is_named_after_a_library(file: Path) -> None:
    """No module shadows the standard library or a dependency."""
    libraries = {"frontmatter", "feedgen", "lxml", "schedule", "liquid", "comrak", "nh3", "msgspec", "click", "rich"}
    assert file.stem not in (sys.stdlib_module_names - {"__main__"}) | libraries


def test_only_one_file_knows_feedgen() -> None:
    """feedgen's faults are fenced off in one place."""
    assert [module_name(f) for f in FILES if any(i.split(".")[0] == "feedgen" for i in imports(f))] == [
        "feeds.exporters._feedgen"
    ]
