"""Links of Pelican's own, {filename}, {static}, {attach}, {category}, {tag}, {author}, {index}, as addresses.

Private to sources.  https://docs.getpelican.com/en/latest/content.html#linking-to-internal-content
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from feeds.sources import _patterns
from feeds.sources._pelican_page import Wrong, filled, wrapper_slug
from feeds.sources._pelican_settings import Settings

_WHAT = r"[{|](filename|static|attach|category|tag|author|index)[|}]"
_LINK = re.compile(
    r"""(\]\([ \t]{0,5}<?|\]:[ \t]{1,9}<?|\b(?:href|src|poster|data|cite|content)[ \t]{0,5}=[ \t]{0,5}["'])"""
    + _WHAT
    + r"""([^"'<>\s)]{0,1000})"""
)
_WHOLE = re.compile(_WHAT + r"(\S{0,1000})")
_WRAPPERS = {"category": "CATEGORY", "tag": "TAG", "author": "AUTHOR"}


def rewritten(text: str, address: Callable[[str, str], str]) -> str:
    """Markdown or HTML with each link replaced by what `address` says; "" leaves it as it is."""
    if "{" not in text and "|" not in text:
        return text
    return _LINK.sub(lambda m: m[1] + address(m[2], m[3]) if address(m[2], m[3]) else m.group(), text)


def whole(value: Any, address: Callable[[str, str], str]) -> Any:
    """A value of the front matter that is nothing but such a link as its address."""
    if isinstance(value, list):
        return [whole(v, address) for v in value]
    found = _WHOLE.fullmatch(value.strip()) if isinstance(value, str) else None
    return (address(found[1], found[2]) or value) if found else value


def targets(value: str, folder: str) -> list[str]:
    """The paths below the content that a link from a file in `folder` may mean."""
    path = urlsplit(value).path if "//" not in value[:2] else value
    found = []
    for one in dict.fromkeys((path, unquote(path))):
        joined = one.lstrip("/") if one.startswith("/") else posixpath.join(folder, one)
        normal = posixpath.normpath(joined)
        if not normal.startswith(".."):
            found.append(normal)
    return found


def behind(value: str) -> str:
    """The query and the fragment of a link."""
    found = re.search(r"[?#].*", value)
    return found.group() if found else ""


def of_wrapper(what: str, name: str, settings: Settings) -> str:
    """The address of the page of a category, a tag or an author, below the site's; "" when it cannot be known."""
    kind = _WRAPPERS[what]
    try:
        fields = {"slug": wrapper_slug(name, kind, settings), "name": name}
        return filled(settings.text(f"{kind}_URL"), fields)
    except (Wrong, _patterns.Unsafe):
        return ""


def of_static(path: str, settings: Settings) -> str:
    """The address of a static file, below the site's."""
    own = (settings.of("EXTRA_PATH_METADATA") or {}).get(path)
    moved = own.get("path") if isinstance(own, dict) else None
    try:
        return filled(settings.text("STATIC_URL"), {"path": moved if isinstance(moved, str) else path})
    except Wrong:
        return ""


def of_attached(path: str, folder: str, save_as: str) -> str:
    """The address of a file that goes with the page saved at `save_as`, whose own file is in `folder`."""
    tail = posixpath.relpath(path, folder or ".")
    tail = posixpath.basename(tail) if tail.startswith("../") else tail
    return posixpath.join(posixpath.dirname(save_as), tail)
