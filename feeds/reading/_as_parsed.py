"""Markup that an HTML5 parser, and the allow list behind it, would write as it stands: told without asking them.

Most of what Markdown makes is such: few kinds of tags, each closed where it was opened and standing where it may, links
to plain addresses.  Whatever is not plainly so is for the parser to say.
https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inbody
"""

from __future__ import annotations

import re
from collections.abc import Callable

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)(?: /)?>')
_OTHER_REFERENCE = re.compile(r"&(?!(?:amp|gt|lt|quot);)")
_OTHER_SPELLINGS = ("\0", "\r", "\xa0", "\ufeff", "<pre>\n")  # of which the parser makes something else

_PHRASING = frozenset("a b br code del em i img s strong sub sup u".split())
_VOID = frozenset({"br", "hr", "img"})
_HOLD_BLOCKS = ("", "blockquote", "div", "li", "td", "th")  # "" is the text itself
_HOLD_NO_TEXT = frozenset("ol table tbody thead tr ul".split())
_PLACES = {  # in which elements others stand
    **dict.fromkeys("blockquote div h1 h2 h3 h4 h5 h6 hr ol p pre table ul".split(), _HOLD_BLOCKS),
    "li": ("ol", "ul"),
    "thead": ("table",),
    "tbody": ("table",),
    "tr": ("thead", "tbody"),
    "th": ("tr",),
    "td": ("tr",),
}
_STRAY = re.compile(r"</?(?:table|tbody|td|th|thead|tr)>(?<!</table>)(?<!<td>)(?<!<th>)[ \n]*+[^< \n]")  # in no cell

# An address that needs no other spelling, of a host that is surely one.
_ADDRESS = r"https?://(?:(?!xn--)[a-z0-9][a-z0-9-]*+\.)++[a-z]{2,}+(?:[/?#](?:[\w/:?#@!$'()*+,;=%~.-]|&amp;)*+)?"
_RELATIVE = re.compile(r'(<(?:a href|img src)=")([\w./~-]+(?:#[\w.-]*)?|#[\w.-]+)(?=")', re.ASCII)
_TITLE = r'(?: title="[^"&]*")?'
_ATTRIBUTES = {
    "a": re.compile(rf' href="{_ADDRESS}"{_TITLE}', re.ASCII),
    "code": re.compile(r' class="language-[\w+#-]+"', re.ASCII),
    "img": re.compile(rf' src="{_ADDRESS}" alt="[^"&]*"{_TITLE}', re.ASCII),
    "ol": re.compile(r' start="\d+"', re.ASCII),
    "td": re.compile(r' align="(?:left|center|right)"'),
    "th": re.compile(r' align="(?:left|center|right)"'),
}


def as_parsed(text: str, resolve: Callable[[str], str]) -> str | None:
    """`text` as the parser would write it, its addresses made absolute by `resolve`; None where only it can say."""
    if any(spelling in text for spelling in _OTHER_SPELLINGS) or _OTHER_REFERENCE.search(text):
        return None
    text = _RELATIVE.sub(lambda found: found[1] + resolve(found[2]), text)
    tags = _TAG.findall(text)
    if not (text.count("<") == text.count(">") == len(tags) and _is_tree(tags)):
        return None
    if "<table" in text and _STRAY.search(text):
        return None
    return text.replace(" />", ">").replace("&quot;", '"')


def _is_tree(tags: list[tuple[str, str, str]]) -> bool:
    """Do these (slash, name, attributes) nest as a tree, each element where it may stand?"""
    around = [""]
    for slash, name, attributes in tags:
        if slash:
            if around.pop() != name or attributes:
                return False
            continue
        if not _may_stand(name, around) or (attributes and not _are_plain(name, attributes)):
            return False
        if name not in _VOID:
            around.append(name)
    return len(around) == 1


def _may_stand(name: str, around: list[str]) -> bool:
    """May it stand in the innermost of the elements `around` it, without the parser closing or opening another?"""
    if name in _PHRASING:
        return around[-1] not in _HOLD_NO_TEXT and name not in around
    return around[-1] in _PLACES.get(name, ())


def _are_plain(name: str, attributes: str) -> bool:
    known = _ATTRIBUTES.get(name)
    return known is not None and known.fullmatch(attributes) is not None
