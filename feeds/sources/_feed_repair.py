"""XML that is almost well-formed, mended where there is but one reading: what feeds made by templates get wrong.

A lone ampersand, an entity of HTML, a character that XML forbids, white space before the declaration.  Private to
sources.
"""

from __future__ import annotations

import re
from html.entities import html5

_CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_AMPERSAND = re.compile(rb"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|([A-Za-z][A-Za-z0-9]{1,31});)?")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_OWN = {b"amp", b"lt", b"gt", b"quot", b"apos"}


def mended(data: bytes) -> bytes:
    """`data` with what can be mended in it mended; its encoding has ASCII in it."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data
    pieces = _CDATA.split(_CONTROL.sub(b"", data.lstrip()))
    return b"".join(p if p.startswith(b"<![CDATA[") else _AMPERSAND.sub(_reference, p) for p in pieces)


def _reference(found: re.Match[bytes]) -> bytes:
    name = found[2]
    if found[1] is None:
        return b"&amp;"
    if name is None or name in _OWN:
        return found[0]
    meant = html5.get(name.decode("ascii") + ";")
    return "".join(f"&#{ord(c)};" for c in meant).encode("ascii") if meant else b"&amp;" + found[1]
