"""HTML from anywhere → HTML that can stand in anybody's feed reader, every URL absolute.

An HTML5 parser with an allow list, until nothing changes any more: what is not named here does not get through.
https://html.spec.whatwg.org/ · https://www.w3.org/TR/mathml-core/
"""

from __future__ import annotations

import html
import re
from contextvars import ContextVar
from urllib.parse import unquote

import nh3

from feeds.reading._as_parsed import as_parsed
from feeds.reading._chrome import mark, pruned
from feeds.reading._wild import is_wild, paragraphs
from feeds.text import absolute, is_web, legal, replace_illegal, squeeze


def clean(fragment: str, base: str) -> str:
    """`fragment` without anything that runs, styles or submits, and with its URLs resolved against `base`.

    Links inside the document become `base` + "#…" as well, and only the ids that they lead to are kept, each once:
    entries that share a page do not disturb one another, since each link names its own page.  Pictures that scripts
    would load are there, and once; so are formulas, as TeX where the page has it.  What a site puts around a text goes
    (tables of contents, permanent links, buttons).  Images may be `data:` of 32 kB at most; embedded frames become
    links.  Text is NFC and legal in XML; the result is HTML, to be escaped where a feed carries it.  Too wild a nesting
    to be parsed in linear time leaves text in paragraphs.
    """
    text = paragraphs(fragment) if is_wild(fragment) else fragment
    page = base.partition("#")[0]

    def resolve(address: str) -> str:
        return _url(address, page)

    settled = as_parsed(text, resolve)
    if settled is None:
        from feeds.reading._unscripted import unscripted  # which most posts do without

        text = unscripted(text, resolve)
    for _ in range(_MOST_PASSES):  # what went may leave something empty; misplaced tags find their place one by one
        before, cleaned = text, _parsed(text, page) if settled is None else settled
        if "feeds:" in cleaned or "<annotation" in cleaned or "<img" in cleaned:
            cleaned = pruned(cleaned, has_tex="math/tex" in fragment)
        text = _tidied(cleaned, page)
        if text == before or (settled is not None and text == settled.strip()):
            break
        settled = as_parsed(text, resolve)
    return text


def _parsed(text: str, page: str) -> str:
    """`text` through the parser, with marks for `pruned` on what is to go."""
    _PAGE.set((page, _linked_ids(text, page) if "#" in text else set()))
    try:
        return _CLEANER.clean(text)
    except UnicodeEncodeError:  # half of a surrogate pair
        return _CLEANER.clean(replace_illegal(text))


def _tidied(cleaned: str, page: str) -> str:
    """What the parser wrote without what is empty now."""
    if "<img" in cleaned:
        cleaned = _IMAGE.sub(_with_source, cleaned)
    if "<a" in cleaned:
        cleaned = _ANCHOR.sub(lambda found: "" if found[1].startswith(f"{page}#") else found.group(), cleaned)
        cleaned = _EMPTY_LINK.sub("", cleaned)
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


_MOST_PASSES = 6
_IMAGE = re.compile(r"<img(?: [^>]*)?>")
_ADDRESS = re.compile(r' src="([^"]*)"')
_FIRST_CANDIDATE = re.compile(r' srcset="([^" ]+)')
_ANCHOR = re.compile(r'<a(?: title="[^"]*")? href="([^"]*)"(?: title="[^"]*")?>\s*(?:¶|#|🔗|⚓)\s*</a>')
_EMPTY_LINK = re.compile(r'<a(?! [^>]*id=")(?: [^>]*)?>(?:\s|<(i|em|span|b|strong)></\1>)*+</a>')
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|<br>)*+</p>\n?")
_PRE_LINE = re.compile(r"(<pre(?:\s[^>]*)?>)\n")  # the parser drops a line end that begins a <pre>


def _with_source(found: re.Match[str]) -> str:
    """An image with an address that every reader loads, where it has any; a placeholder gives way to a candidate."""
    image = found.group()
    address, candidate = _ADDRESS.search(image), _FIRST_CANDIDATE.search(image)
    if candidate and (not address or address[1].startswith("data:")):
        return f'<img src="{candidate[1]}"{_ADDRESS.sub("", image[4:])}'
    return image if address else ""


# ---------------------------------------------------------------------------------------------------- what may stay

_MATHML = (
    "annotation math maction merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms"
    " mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics"
)
_TAGS = set(
    (
        "a abbr article aside audio b bdi bdo big blockquote br caption cite code col colgroup dd del details dfn"
        " div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p picture pre"
        " q rp rt ruby s samp section small source span strike strong sub summary sup table tbody td tfoot th thead"
        " time tr track tt u ul var video wbr " + _MATHML
    ).split()
)
_DROPPED_WHOLE = set(
    "annotation-xml button datalist iframe math-field nav noembed noframes noscript script select style svg template"
    " textarea title".split()
)
_ATTRIBUTES = {
    "*": {"id", "class", "lang", "dir", "title", "role"},
    "a": {"href", "hreflang", "aria-hidden"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "longdesc", "style"},
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
_LANGUAGE = re.compile(r"(?<!\S)(?:(?:language-|lang-|highlight-)[{.]*([\w+#-]+)|sourceCode ([\w+#-]+))")
_SIZE = re.compile(r"\s*(\d{1,5}%?)(?:\.\d*)?(?:px)?\s*")
_MARKING = frozenset({"aria-hidden", "class", "id", "role", "style"})
_SCHEMES = {"http", "https", "mailto", "tel"}


# The page that is being cleaned, and the ids in it that links lead to.  A Cleaner of its own for each page would cost
# more than to clean most pages; what the filter has to know reaches it this way instead.
_PAGE: ContextVar[tuple[str, set[str]]] = ContextVar("_PAGE")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What nh3 puts in place of an attribute's value; None drops the attribute."""
    page, ids = _PAGE.get()
    if marked := name in _MARKING and mark(tag, name, value):
        return marked
    if name in _URLS:
        return _url(value, page, image=tag == "img" and name == "src") or None
    if name == "srcset":
        return _srcset(value, page) or None
    if name == "class":
        return _classes(tag, value) or None
    if name == "id" and value in ids:
        ids.remove(value)  # a second one is nobody's
        return value
    if tag in {"img", "video"} and name in {"width", "height"}:
        return size[1] if (size := _SIZE.fullmatch(value)) else None
    return None if name in _MARKING else value


def _classes(tag: str, value: str) -> str:
    """The language of code, and what readers recognise footnotes by."""
    if tag in {"code", "pre", "div"}:
        language = _LANGUAGE.search(value)
        return f"language-{language[1] or language[2]}" if language else ""
    return " ".join(name for name in value.split() if name in _FOOTNOTES)


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED_WHOLE,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},  # not every reader adds them
    url_schemes=_SCHEMES | {"data"},
    link_rel=None,
)


# ---------------------------------------------------------------------------------------------------- URLs

_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:[/?#][\w/:?#@!$&'()*+,;=%~.-]*)?", re.ASCII)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_IGNORED = re.compile(r"[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")  # what browsers take out of a URL before they look at it
_IMAGE_DATA = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=%]*", re.IGNORECASE)
IMAGE_DATA_LIMIT = 32 * 1024
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
        return reference if image and len(reference) <= IMAGE_DATA_LIMIT and _IMAGE_DATA.fullmatch(reference) else ""
    if not reference or (name and name not in _SCHEMES):
        return ""
    resolved = absolute(reference, page)
    return resolved if is_web(resolved) else ""


def _srcset(value: str, page: str) -> str:
    """Each candidate of a srcset absolute; those without an address left out.

    https://html.spec.whatwg.org/multipage/images.html#srcset-attributes
    """
    kept: list[str] = []
    rest = squeeze(value[:_SRCSET_LIMIT]).lstrip(_SPACE_AND_COMMA)
    while rest:
        address, _, rest = rest.partition(" ")
        descriptor = ""
        if not address.endswith(","):
            descriptor, _, rest = rest.partition(",")
        if url := _url(address.rstrip(","), page):
            kept.append(f"{url} {descriptor.strip()}".strip())
        rest = rest.lstrip(_SPACE_AND_COMMA)
    return ", ".join(kept)


_SPACE_AND_COMMA = " \t\n\r\f,"
