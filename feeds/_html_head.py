"""The `<head>` of an HTML page as bytes: where it ends, what it says already, and our block in it.

HTML Living Standard, 13.2.6.4 (tree construction as far as the head goes) and 13.2.3 (the encoding).  Markup is ASCII
in every encoding that is taken here, so that a page is read as Latin-1, byte for character, unless it is UTF-16.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from html.parser import HTMLParser

from msgspec import Struct

BEGIN, END = "<!-- feeds: begin (written by feeds inject) -->", "<!-- feeds: end -->"

_SPACE = " \t\n\f\r"
_OF_HEAD = frozenset("base basefont bgsound link meta title noscript noframes style script template".split())
_OF_NOSCRIPT = frozenset("basefont bgsound link meta noframes style".split())
_RAW = ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")  # no markup inside
# Encodings in which a byte below 0x80 is that character, and "<" never part of another.
_CHARSET = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_NOT_ASCII = re.compile(r"utf-?7|iso-2022|hz-gb|utf-?16|utf-?32|ebcdic|cp037", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:-?>|(.*?)--!?>)", re.DOTALL)
_UNFINISHED = re.compile(r"\s*<[A-Za-z!?/]")  # markup that the page breaks off in: to html.parser it is text


class Element(Struct, frozen=True):
    """A `meta`, a `link` or a script of JSON-LD as the page has it."""

    name: str
    attributes: dict[str, str]  # names in lower case
    text: str = ""  # of the script


class Head(Struct, frozen=True, kw_only=True):
    """What a page's head is; positions in characters of the text that was read."""

    end: int | None  # where it ends; None: that cannot be told
    elements: tuple[Element, ...] = ()  # of the head, then what of the body may double ours
    block: tuple[int, int] | None = None  # our block, from its first character to the one behind its line


class Text(Struct, frozen=True, kw_only=True):
    """A page as text, and how it goes back to bytes."""

    text: str
    codec: str  # "latin-1" or that of UTF-16: what is not ours goes back as it came
    bom: bytes
    charset: str  # in which our own characters are written: "utf-8" or "ascii"
    stated_at: int = 0  # where the page says what its encoding is: browsers look no further than its beginning

    def data(self, text: str) -> bytes:
        """`text`, a page of this kind, as bytes."""
        return self.bom + text.encode(self.codec)

    def value(self, text: str) -> str:
        """The characters of a piece of the text, as far as they can be told."""
        return text.encode(self.codec).decode("utf-8", "replace") if self.codec == "latin-1" else text


def read(data: bytes) -> Text | None:
    """A page as text; None when its encoding is none that can be handled."""
    for bom, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(bom):
            try:
                return Text(text=data[2:].decode(codec), codec=codec, bom=bom, charset="ascii")
            except UnicodeDecodeError:
                return None
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    found = list(_CHARSET.finditer(data, 0, 2048))
    stated = {one[1].decode("ascii").lower() for one in found}
    if b"\0" in data[:2048] or any(map(_NOT_ASCII.match, stated)):
        return None
    charset = "utf-8" if bom or (stated and stated <= {"utf-8", "utf8"}) else "ascii"
    stated_at = found[0].start() if found and not bom else 0
    return Text(text=data[len(bom) :].decode("latin-1"), codec="latin-1", bom=bom, charset=charset, stated_at=stated_at)


def head_of(text: str) -> Head:
    """The head of a page, and what the rest says that may double ours."""
    reader = _Reader(text)
    try:
        reader.feed(text)
        reader.close()
    except _Enough:
        pass
    except AssertionError:  # html.parser, of markup that it does not know
        return Head(end=None)
    return reader.found()


def with_block(page: Text, head: Head, lines: Sequence[str]) -> str:
    """The page's text with these lines at the end of its head.  It must have no block yet, and a head that ends."""
    end = head.end or 0
    newline = "\r\n" if "\r\n" in page.text[: end + 200] else "\n"
    block = newline.join([BEGIN, *(_written(line, page) for line in lines), END, ""])
    return page.text[:end] + block + page.text[end:]


def without_block(text: str, head: Head) -> str:
    """The page's text as it was before it got a block."""
    return text[: head.block[0]] + text[head.block[1] :] if head.block else text


def _written(line: str, page: Text) -> str:
    """A line in the page's encoding; what that may not hold as a reference, in a script as its escape."""
    if page.charset == "utf-8":
        return line.encode("utf-8").decode("latin-1")
    if line.startswith("<script"):
        return "".join(c if c.isascii() else _json_escape(c) for c in line)
    return line.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))


class _Enough(Exception):
    """The rest of the page need not be read."""


class _Reader(HTMLParser):
    """Follows the head of a page to its end."""

    CDATA_CONTENT_ELEMENTS = _RAW  # type: ignore[misc]  # html.parser leaves some of these out

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._text = text
        self._end: int | None = None
        self._elements: list[Element] = []
        self._templates = 0
        self._noscript: int | None = None  # where the one that is open begins
        self._json: dict[str, str] | None = None  # attributes of the JSON-LD that is open
        self._script: list[str] = []
        self._begun: tuple[int, int] | None = None  # where our block begins, and how many elements came before
        self._block: tuple[int, int] | None = None

    def found(self) -> Head:
        """What was found.  A head that nothing ends lasts to the end of the page, unless something is still open."""
        end = self._end
        is_open = self._templates or self._noscript is not None or self.cdata_elem or self.rawdata
        if end is None and not is_open and self._text.rstrip(_SPACE).endswith(">"):
            end = len(self._text)
        return Head(end=end, elements=tuple(self._elements), block=self._block)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _ends(self, at: int) -> None:
        """The head ends here, or where the noscript element began that holds what no head may."""
        if self._end is not None:
            return
        self._end = at if self._noscript is None else self._noscript
        rest = self._text[self._end :].lower()
        if not ("ld+json" in rest or "citation_" in rest):
            raise _Enough

    # ----------------------------------------------------------------------------------------- what html.parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Elements that a head may hold are noted; any other ends it."""
        if tag == "template" or self._templates:
            self._templates += tag == "template"
            return
        if self._end is None and tag not in {"html", "head"}:
            allowed = _OF_HEAD if self._noscript is None else _OF_NOSCRIPT
            if tag not in allowed:
                self._ends(self._at())
            elif tag == "noscript":
                self._noscript = self._at()
        attributes = {name: value or "" for name, value in reversed(attrs)}
        if tag == "meta" or (tag == "link" and self._end is None):
            self._elements.append(Element(tag, attributes))
        if tag == "script" and "ld+json" in attributes.get("type", "").lower():
            self._json, self._script = attributes, []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A slash ends no element of HTML."""
        self.handle_starttag(tag, attrs)
        if tag in _RAW:
            self.set_cdata_mode(tag)

    def handle_endtag(self, tag: str) -> None:
        """The end of the head, of a template, of a noscript, of a script."""
        if tag == "template":
            self._templates = max(0, self._templates - 1)
        elif self._templates:
            return
        elif tag == "noscript":
            self._noscript = None if self._end is None else self._noscript
        elif tag in {"body", "html", "br"} or (tag == "head" and self._noscript is None):
            self._ends(self._at())
        elif tag == "script" and self._json is not None:
            self._elements.append(Element("script", self._json, "".join(self._script)))
            self._json = None

    def handle_data(self, data: str) -> None:
        """Text ends the head, unless it is white space or stands in an element that has nothing but text."""
        if self._json is not None:
            self._script.append(data)
        elif not (self.cdata_elem or self._templates) and data.strip(_SPACE):
            if self._end is None and _UNFINISHED.match(self._text, self._at()):
                raise _Enough
            self._ends(self._at() + len(data) - len(data.lstrip(_SPACE)))

    def handle_entityref(self, _name: str) -> None:
        """A reference is text."""
        self.handle_data("&")

    def handle_charref(self, _name: str) -> None:
        """A reference is text."""
        self.handle_data("&")

    def handle_comment(self, data: str) -> None:
        """Our block stands between two comments, in a head and in nothing else."""
        if self._end is not None or self._templates or self._noscript is not None:
            return
        if data.startswith(" feeds: begin"):
            self._begun = (self._at(), len(self._elements))
        elif data == END[4:-3] and self._begun is not None and self._block is None:
            begun, known = self._begun
            self._block = (begun, self._behind_line(self._at() + len(END)))
            del self._elements[known:]
            self._begun = None

    def _behind_line(self, at: int) -> int:
        newline = re.compile(r"\r?\n").match(self._text, at)
        return newline.end() if newline else at

    def parse_comment(self, i: int, report: bool = True) -> int:
        """A comment as HTML (13.2.5.43 to 52) has it, which not every html.parser does."""
        found = _COMMENT.match(self.rawdata, i)
        if found and report:
            self.handle_comment(found[1] or "")
        return found.end() if found else -1

    def parse_marked_section(self, i: int, report: int = 1) -> int:  # noqa: ARG002 - of html.parser
        """`<![…` is a comment in HTML."""
        return self.parse_bogus_comment(i)
