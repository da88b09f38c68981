"""What `pages:` adds to a configuration: exporters, and of `generate` collections and the user's templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from feeds import registry, text
from feeds.settings import PAGED, CollectionConfig, Config, Export

EXPORTERS = ("linkset", "page", "list-page")  # a page names its link set, so that it comes first
MOST_FILES = 50
MOST_BYTES = 256_000  # of one template
_ENDING = ".jinja"


def with_pages(config: Config, templates: dict[str, str]) -> Config:
    """The configuration with the exporters of pages, each with the templates, and collections for authors and years.

    What the configuration itself says of them stays as it is.
    """
    config = with_exporters(config, EXPORTERS)
    exports = tuple(_with_templates(export, templates) for export in config.exports)
    return replace(config, exports=exports, collections=(*config.collections, *_collections(config)))


def with_exporters(config: Config, names: Sequence[str]) -> Config:
    """The configuration with these exporters too."""
    named = {export.name for export in config.exports}
    added = (Export(name, registry.exporter(name).options()) for name in names if name not in named)
    return replace(config, exports=(*config.exports, *added))


def _with_templates(export: Export, templates: dict[str, str]) -> Export:
    if not hasattr(export.options, "templates"):
        return export
    return replace(export, options=replace(export.options, templates={**templates, **export.options.templates}))


def _collections(config: Config) -> Iterator[CollectionConfig]:
    """Those for authors and years, as far as there are none yet and their names and folders are free."""
    each = {collection.each for collection in config.collections}
    taken = {text.slug(collection.name) for collection in config.collections}
    folders = {collection.path.casefold() for collection in config.collections}
    for one in PAGED:
        if one.each not in each and one.name not in taken and one.path not in folders:
            yield one


def templates(folder: Path) -> tuple[dict[str, str], list[str]]:
    """The templates of a folder, path → text, and what is wrong with it."""
    if not folder.is_dir():
        return {}, [f"there is no folder {folder}"]
    files = sorted(path for path in folder.iterdir() if path.suffix == _ENDING and path.is_file())
    wrong = [] if files else [f"no file in {folder} ends in {_ENDING}"]
    if len(files) > MOST_FILES:
        return {}, [f"{len(files)} templates; at most {MOST_FILES} are read"]
    found: dict[str, str] = {}
    for path in files:
        try:
            if path.stat().st_size > MOST_BYTES:
                wrong.append(f"{path.name} has more than {MOST_BYTES} bytes")
                continue
            found[str(path)] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            wrong.append(f"cannot read {path.name}: {error}")
    return found, wrong
