"""HTML from anywhere → HTML that can stand in anybody's feed reader, every URL absolute.

One pass of an HTML5 parser with an allow list: what is not named here does not get through.
https://html.spec.whatwg.org/ · https://www.w3.org/TR/mathml-core/
"""

from __future__ import annotations

import html
import re
from contextvars import ContextVar
from urllib.parse import unquote

import nh3

from feeds.text import absolute, is_web, legal, replace_illegal


def clean(fragment: str, base: str) -> str:
    """`fragment` without anything that runs, styles or submits, and with its URLs resolved against `base`.

    Links inside the document become `base` + "#…" as well, and only the ids that they lead to are kept.  Images may be
    `data:` of 32 kB at most.  Embedded frames become links.  Text is NFC and legal in XML; the result is HTML, to be
    escaped where a feed carries it.  Too wild a nesting to be parsed in linear time leaves text in paragraphs.
    """
    text = fragment
    if text.count("<") > _MANY_TAGS and _is_wild(text):
        text = _paragraphs(text)
    if _EMBEDDED.search(text):
        text = _SCOPES.sub("", _FRAME.sub(_frame_link, text))
    page = base.partition("#")[0]
    _PAGE.set((page, _linked_ids(text, page) if "#" in text else set()))
    try:
        cleaned = _CLEANER.clean(text)
    except UnicodeEncodeError:  # half of a surrogate pair
        cleaned = _CLEANER.clean(replace_illegal(text))
    if "<img" in cleaned:
        cleaned = _IMAGE_WITHOUT_SOURCE.sub("", cleaned)
    cleaned = _EMPTY_PARAGRAPH.sub("", cleaned)
    if "<pre" in cleaned:
        cleaned = _PRE_LINE.sub(r"\1\n\n", cleaned)
    return _composed(cleaned).strip()


def _composed(markup: str) -> str:
    """`legal`, but a tag never composes with a combining mark at the start of its text."""
    return legal(markup.replace(">\u0338", ">&#x338;"))


_FRAGMENT_LINK = re.compile(r"""\bhref\s*+=\s*+["']?\s*+([^"'\s>#]*+)#([^"'\s>]+)""", re.IGNORECASE)


def _linked_ids(text: str, page: str) -> set[str]:
    """The ids that links of the document lead to, a footnote and back."""
    ids = {found[2] for found in _FRAGMENT_LINK.finditer(text) if found[1] in {"", page}}
    return ids | {unquote(html.unescape(name)) for name in ids}


_IMAGE_WITHOUT_SOURCE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|<br>)*+</p>\n?")
_PRE_LINE = re.compile(r"(<pre(?:\s[^>]*)?>)\n")  # the parser drops a line end that begins a <pre>
_EMBEDDED = re.compile(r"<(?:applet|iframe|marquee|object)\b", re.IGNORECASE)
_SCOPES = re.compile(r"</?(?:applet|marquee|object)\b[^<>]*>", re.IGNORECASE)  # a <p> in them may stand in a <p>
_FRAME = re.compile(r"""<iframe\s[^<>]*?\bsrc\s*=\s*["']?((?:https?:)?//[^"'\s<>]+)[^<>]*>""", re.IGNORECASE)


def _frame_link(found: re.Match[str]) -> str:
    return f'<a href="{found[1]}">{found[1]}</a>{found.group()}'


# ---------------------------------------------------------------------------------------------------- what may stay

_MATHML = (
    "math maction merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt"
    " mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics"
)
_TAGS = set(
    (
        "a abbr article aside audio b bdi bdo big blockquote br caption cite code col colgroup dd del details dfn div"
        " dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p picture pre"
        " q rp rt ruby s samp section small source span strike strong sub summary sup table tbody td tfoot th thead"
        " time tr track tt u ul var video wbr " + _MATHML
    ).split()
)
_DROPPED_WHOLE = set(
    "annotation annotation-xml button datalist iframe math-field noembed noframes noscript script select style svg"
    " template textarea title".split()
)
_ATTRIBUTES = {
    "*": {"id", "class", "lang", "dir", "title"},
    "a": {"href", "hreflang"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "longdesc"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "math": {"display", "alttext"},
    "menclose": {"notation"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mo": {"fence", "form", "largeop", "lspace", "movablelimits", "rspace", "separator", "stretchy", "symmetric"},
    "mover": {"accent"},
    "mspace": {"width", "height", "depth"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtd": {"columnspan", "rowspan"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "srcset", "sizes", "type", "media"},
    "td": {"align", "colspan", "headers", "rowspan"},
    "th": {"abbr", "align", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"src", "kind", "label", "srclang"},
    "video": {"src", "poster", "controls", "width", "height"},
}
_URLS = frozenset({"href", "src", "cite", "longdesc", "poster"})
_FOOTNOTES = frozenset({"footnotes", "footnote", "footnote-ref", "footnote-backref", "reversefootnote"})
_LANGUAGE = re.compile(r"\blanguage-[{.]*([\w+#-]+)")
_SCHEMES = {"http", "https", "mailto", "tel"}


# The page that is being cleaned, and the ids in it that links lead to.  A Cleaner of its own for each page would cost
# more than to clean most pages; what the filter has to know reaches it this way instead.
_PAGE: ContextVar[tuple[str, set[str]]] = ContextVar("_PAGE")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What nh3 puts in place of an attribute's value; None drops the attribute."""
    page, ids = _PAGE.get()
    if name in _URLS:
        return _url(value, page, image=tag == "img" and name == "src") or None
    if name == "srcset":
        return _srcset(value, page) or None
    if name == "class":
        return _classes(tag, value) or None
    if name == "id":
        return value if value in ids else None
    return value


def _classes(tag: str, value: str) -> str:
    """The language of code, and what readers recognise footnotes by."""
    if tag == "code":
        language = _LANGUAGE.search(value)
        return f"language-{language[1]}" if language else ""
    return " ".join(name for name in value.split() if name in _FOOTNOTES)


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED_WHOLE,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=_SCHEMES | {"data"},
    link_rel=None,
)


# ---------------------------------------------------------------------------------------------------- URLs

_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:[/?#][\w/:?#@!$&'()*+,;=%~.-]*)?", re.ASCII)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_IGNORED = re.compile(r"[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")  # what browsers take out of a URL before they look at it
_IMAGE_DATA = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=%]*", re.IGNORECASE)
_IMAGE_DATA_LIMIT = 32 * 1024
_SRCSET_LIMIT = 8 * 1024


def _url(value: str, page: str, *, image: bool = False) -> str:
    """`value` absolute, or "" for what is no address that a reader may follow."""
    if _PLAIN_URL.fullmatch(value):
        return value
    reference = _IGNORED.sub("", value)
    scheme = _SCHEME.match(reference)
    name = scheme[1].lower() if scheme else ""
    if name in {"mailto", "tel"}:
        return reference
    if name == "data":
        return reference if image and len(reference) <= _IMAGE_DATA_LIMIT and _IMAGE_DATA.fullmatch(reference) else ""
    if not reference or (name and name not in _SCHEMES):
        return ""
    resolved = absolute(reference, page)
    return resolved if is_web(resolved) else ""


def _srcset(value: str, page: str) -> str:
    """Each candidate of a srcset absolute; those without an address left out.

    https://html.spec.whatwg.org/multipage/images.html#srcset-attributes
    """
    kept: list[str] = []
    rest = value[:_SRCSET_LIMIT].lstrip(_SPACE_AND_COMMA)
    while rest:
        address, _, rest = rest.partition(" ") if " " in rest else (rest, "", "")
        descriptor = ""
        if not address.endswith(","):
            descriptor, _, rest = rest.partition(",")
        if url := _url(address.rstrip(","), page):
            kept.append(f"{url} {descriptor.strip()}".strip())
        rest = rest.lstrip(_SPACE_AND_COMMA)
    return ", ".join(kept)


_SPACE_AND_COMMA = " \t\n\r\f,"


# ---------------------------------------------------------------------------------------------------- too much

# HTML5's algorithm takes a time that grows with the square of the nesting, and repeats every formatting element that is
# left open in each later block.  Markup that could do either is not worth an hour.
_MANY_TAGS = 500
_DEEPEST = 100
_MOST_OPEN = 8
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:\s[^<>]*)?>")
_UNCOUNTED = frozenset(  # void, or closed by the next of its kind
    "br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr track wbr".split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_PARAGRAPH_TAG = re.compile(r"</?(?:p|div|h[1-6]|li|tr|br|blockquote|dd|dt|table|section|article|pre)\b[^<>]*>", re.I)


def _is_wild(text: str) -> bool:
    """Can `text`, which has many tags, not be shown to nest in a decent way?"""
    blocks: list[str] = []
    formatting: list[str] = []
    count = 0
    for found in _TAG.finditer(text):
        count += 1
        name = found[2].lower()
        if name in _UNCOUNTED:
            continue
        opened = formatting if name in _FORMATTING else blocks
        if not found[1]:
            opened.append(name)
        elif opened and opened[-1] == name:
            opened.pop()
        if len(blocks) > _DEEPEST or len(formatting) > _MOST_OPEN:
            return True
    return count != text.count("<")


def _paragraphs(text: str) -> str:
    """The text of `text`, a paragraph for each block."""
    blocks = (_TAG.sub("", block) for block in _PARAGRAPH_TAG.split(text))
    return "\n".join(f"<p>{html.escape(html.unescape(block.strip()))}</p>" for block in blocks if block.strip())
