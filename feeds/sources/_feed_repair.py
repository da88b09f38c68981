"""XML that is almost well-formed, mended where there is but one reading: what feeds made by templates get wrong.

A lone ampersand, an entity of HTML, a character that XML forbids, white space before the declaration.  Private to
sources.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5

_BEGIN, _END = b"<![CDATA[", b"]]>"
_AMPERSAND = re.compile(rb"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|([A-Za-z][A-Za-z0-9]{1,31});)?")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECLARATION = re.compile(r"\s{0,100}<\?xml\s[^>]{0,200}\?>")
_MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OWN = {b"amp", b"lt", b"gt", b"quot", b"apos"}


def as_utf8(data: bytes) -> bytes:
    """A document in UTF-16 or UTF-32 with a byte order mark in UTF-8, without its declaration; any other as it is."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _DECLARATION.sub("", data.decode(encoding, "replace").lstrip("\ufeff")).encode("utf-8", "replace")
    return data


def mended(data: bytes) -> bytes:
    """`data` with what can be mended in it mended; its encoding has ASCII in it."""
    pieces = []
    for run in _CONTROL.sub(b"", data.lstrip()).split(_END):
        markup, begin, verbatim = run.partition(_BEGIN)
        pieces.append(_AMPERSAND.sub(_reference, markup) + begin + verbatim)
    return _END.join(pieces)


def _reference(found: re.Match[bytes]) -> bytes:
    name = found[2]
    if found[1] is None:
        return b"&amp;"
    if name is None or name in _OWN:
        return found[0]
    meant = html5.get(name.decode("ascii") + ";")
    return "".join(f"&#{ord(c)};" for c in meant).encode("ascii") if meant else b"&amp;" + found[1]
