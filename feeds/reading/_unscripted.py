"""HTML as a page shows it once its scripts have run, for readers that run none.

Pictures that are loaded late, `<noscript>`, frames, check boxes, formulas in `<script type="math/tex">`.  All of it
works on text that nobody has parsed yet: whatever is not written the usual way is left to the parser, and nothing that
is written here is trusted later.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_SIGNS = (
    *("<applet", "<embed", "<iframe", "<input", "<marquee", "<noscript", "<object"),
    *("data-", "math/tex", "text-align"),
)


def unscripted(text: str, resolve: Callable[[str], str]) -> str:
    """`text` with what scripts would show in place.  `resolve` makes an address absolute, or "" of none."""
    lowered = text.lower()
    if not any(sign in lowered for sign in _SIGNS):
        return text
    text = _TEX.sub(_tex, text)
    text = _MEDIA.sub(_eager, text)
    text = _NOSCRIPT.sub(_fallback, text)
    text = _EMPTY_OBJECT.sub(lambda found: _link(found, resolve), text)
    text = _FRAME.sub(lambda found: _link(found, resolve), text)
    text = _CHECK_BOX.sub(lambda found: "☑ " if _CHECKED.search(found.group()) else "☐ ", text)
    text = _ALIGNED.sub(r'\1 align="\2"', text)
    return _SCOPES.sub("", text)


# ---------------------------------------------------------------------------------------------------- formulas

_TEX = re.compile(
    r"""<script\s[^<>]{0,200}?\btype\s*=\s*["']?math/tex(;\s*mode=display)?["']?[^<>]{0,200}>"""
    r"([^<]*+(?:<(?!/?script\b)[^<]*+)*+)</script>",
    re.IGNORECASE,
)


def _tex(found: re.Match[str]) -> str:
    """What MathJax 2 typesets."""
    source = re.sub(r"\A\s*% <!\[CDATA\[|%\]\]>\s*\Z", "", found[2]).strip()
    return rf"\[{html.escape(source)}\]" if found[1] else rf"\({html.escape(source)}\)"


# ---------------------------------------------------------------------------------------------------- pictures

_VALUE = r"""\s{0,9}=\s{0,9}(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))"""
_MEDIA = re.compile(r"<(?:img|source|iframe|video|audio)\b(?=[^<>]{1,40000}\bdata-)[^<>]*>", re.IGNORECASE)
_LATE = {
    "srcset": re.compile(r"\sdata-(?:lazy-)?srcset" + _VALUE, re.IGNORECASE),
    "src": re.compile(r"\sdata-(?:lazy-|original-|full-)?(?:src|original)" + _VALUE, re.IGNORECASE),
}
_SOURCE = re.compile(r"\ssrc" + _VALUE, re.IGNORECASE)
_NOSCRIPT = re.compile(
    r"(?:(<img\b[^<>]*>)(\s*+))?<noscript\b[^<>]*>([^<]*+(?:<(?!/?noscript\b)[^<]*+)*+)</noscript\s*>", re.IGNORECASE
)
_PICTURE = re.compile(r"<(?:img|picture)\b", re.IGNORECASE)


def _eager(found: re.Match[str]) -> str:
    """The tag with the address that a script would put in: of two attributes of one name the parser takes the first."""
    tag = found.group()
    name, rest = re.split(r"(?=[\s/>])", tag, maxsplit=1)
    late = "".join(f' {key}="{_stated(value)}"' for key, pattern in _LATE.items() if (value := pattern.search(tag)))
    return f"{name}{late}{rest}"


def _stated(value: re.Match[str]) -> str:
    return (value[1] or value[2] or value[3] or "").replace('"', "&quot;")


def _fallback(found: re.Match[str]) -> str:
    """The picture that stands in for a browser without scripts, unless it is there already; nothing but pictures."""
    image, between, instead = found[1] or "", found[2] or "", found[3]
    if not _PICTURE.search(instead):
        return image + between
    shown = _SOURCE.search(image)
    address = _stated(shown) if shown else ""
    if not address or address.startswith("data:"):
        return between + instead
    repeated = re.search(r"\sdata-", image) or address in instead
    return image + between + ("" if repeated else instead)


# ---------------------------------------------------------------------------------------------------- frames

_FRAME = re.compile(r"<(?:iframe|embed)\b[^<>]*>", re.IGNORECASE)
_EMPTY_OBJECT = re.compile(r"<object\b[^<>]*>\s*+</object\s*>", re.IGNORECASE)
_FRAMED = re.compile(r"\s(?:src|data)" + _VALUE, re.IGNORECASE)
_NAME = re.compile(r"\stitle" + _VALUE, re.IGNORECASE)
_UNSEEN = re.compile(r"""\s(?:width|height)\s*=\s*["']?[01](?![\d.])|display\s*:\s*none""", re.IGNORECASE)
_SCOPES = re.compile(r"</?(?:applet|marquee|object)\b[^<>]*>", re.IGNORECASE)  # a <p> in them may stand in a <p>
_PLAYERS = (
    (
        r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})(?![\w-]).*",
        r"https://www.youtube.com/watch?v=\1",
    ),
    (r"https?://player\.vimeo\.com/video/(\d+)(?!\d).*", r"https://vimeo.com/\1"),
    (r"https?://(?:www\.)?dailymotion\.com/embed/video/(\w+).*", r"https://www.dailymotion.com/video/\1"),
)


def _link(found: re.Match[str], resolve: Callable[[str], str]) -> str:
    """A link in front of what is framed, to the page of a film where the frame is a known player."""
    frame = found.group()
    stated = _FRAMED.search(frame)
    address = resolve(html.unescape(_stated(stated))) if stated and not _UNSEEN.search(frame) else ""
    for pattern, page in _PLAYERS:
        address = re.sub(pattern, page, address)
    if not address.startswith(("http:", "https:")) or "%22" in address:
        return frame
    name = _NAME.search(frame)
    shown = html.escape(html.unescape(_stated(name)).strip()) if name else ""
    return f'<a href="{html.escape(address)}">{shown or html.escape(address)}</a>{frame}'


# ---------------------------------------------------------------------------------------------------- forms, tables

_CHECK_BOX = re.compile(r"""<input\b(?=[^<>]{0,300}\btype\s*=\s*["']?checkbox)[^<>]*>\s*""", re.IGNORECASE)
_CHECKED = re.compile(r"\schecked\b", re.IGNORECASE)
_ALIGNED = re.compile(
    r"""(<t[dh]\b[^<>]{0,300}?)\sstyle\s*=\s*["']\s*text-align:\s*(left|right|center);?\s*["']""", re.IGNORECASE
)
