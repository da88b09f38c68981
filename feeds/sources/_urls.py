"""Jekyll's rules for the address of a document (https://jekyllrb.com/docs/permalinks/), as Jekyll 4 applies them.

Pure: what a document says of itself goes in, the path of its page comes out, encoded exactly as Jekyll encodes it.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from urllib.parse import quote

from msgspec import Struct

STYLES = {
    "none": "/:categories/:title:output_ext",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
}
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

# What a URL path may hold unencoded (RFC 3986, pchar), and "?", which Jekyll leaves alone.
_PATH_SAFE = "!$&'()*+,;=:@/?"
_PLACEHOLDER = re.compile(r":([a-z_]+)")


class Document(Struct, frozen=True, kw_only=True):
    """What Jekyll's placeholders are filled from."""

    collection: str
    path: str  # below the collections folder: "news/_posts/2020-01-01-a.md"
    slug: str  # from the front matter, else from the file name
    date: datetime  # in the site's time zone
    categories: tuple[str, ...] = ()
    output_ext: str = ".html"


def template_of(style: str) -> str:
    """The permalink template of posts: a named style's, or `style` itself."""
    return STYLES.get(style, style)


def with_suffix(template: str, style: str) -> str:
    """`template` of a collection or page, ending as the site's permalink style ends."""
    if style == "pretty" or (style not in STYLES and style.endswith("/")):
        return template + "/"
    if style in {"date", "ordinal", "none"} or style.endswith(":output_ext"):
        return template + ":output_ext"
    return template


def url_path(template: str, document: Document) -> str:
    """The path of a document's page; ValueError when the template has a placeholder that Jekyll does not know."""

    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        kept = ""
        if name not in _VALUES and name.endswith("_"):
            name, kept = name[:-1], "_"
        if name not in _VALUES:
            raise ValueError(f"the permalink has the unknown placeholder :{name}")
        return escape(_VALUES[name](document)) + kept

    return sanitize(_PLACEHOLDER.sub(fill, template))


def page_path(path: str, permalink: str, style: str) -> str:
    """The path of a page that is no document (about.md → /about.html)."""
    folder, name = posixpath.split(path)
    stem, ext = split_ext(name)
    output_ext = ".html" if ext.lower() in {".md", ".markdown", ".mkd", ".mkdn", ".mkdown"} else ext
    if permalink:
        return sanitize(permalink.replace(":output_ext", output_ext))
    if output_ext not in {".html", ".htm"}:
        return sanitize(escape(f"{folder}/{stem}{output_ext}"))
    if stem == "index":
        return sanitize(escape(folder) + "/")
    return sanitize(escape(f"{folder}/{stem}") + with_suffix("", style).replace(":output_ext", output_ext))


def sanitize(url: str) -> str:
    """No "..", no "./", one slash in front and none doubled."""
    return re.sub("/{2,}", "/", ("/" + url).replace("..", "/").replace("./", ""))


def escape(value: str) -> str:
    """A placeholder's value, percent-encoded as Jekyll does it."""
    return quote(value, safe=_PATH_SAFE)


def slugify(value: str, *, mode: str = "default", cased: bool = False) -> str:
    """`value` with everything but letters, marks and digits as hyphens.

    Modes are Jekyll's: `raw` replaces white space only, `pretty` also keeps "._~!$&'()+,;=@", `ascii` keeps ASCII
    letters and digits only, `latin` takes the accents off first, any other changes nothing.
    """
    if mode == "latin":
        value = "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))
    if mode in _DROPPED:
        value = _DROPPED[mode].sub(_hyphens if mode != "ascii" else "-", value)
        value = value[1:] if value.startswith("-") else value
        value = value[:-1] if value.endswith("-") else value
    return value if cased else lower(value)


def lower(value: str) -> str:
    """Lower case as Ruby has it: letter by letter, so that a final sigma stays σ."""
    return value.lower() if value.isascii() else "".join(c.lower() for c in value)


def titleize(slug: str) -> str:
    """The title that Jekyll makes of a slug: "my-first-post" → "My First Post"."""
    return " ".join(word[:1].upper() + lower(word[1:]) for word in slug.rstrip("-").split("-"))


def split_ext(name: str) -> tuple[str, str]:
    """("a.b", ".md") of "a.b.md"; a leading dot begins no extension."""
    stem, dot, ext = name.rpartition(".")
    return (stem, dot + ext) if stem.strip(".") else (name, "")


@lru_cache(maxsize=4096)
def _is_word(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd"


def _hyphens(dropped: re.Match[str]) -> str:
    """A hyphen for each run without letters, marks and digits of any script."""
    run = dropped.group()
    return "-" if run.isascii() else "".join("".join(c) if kept else "-" for kept, c in groupby(run, _is_word))


_DROPPED = {
    "raw": re.compile(r"[ \t\n\v\f\r]+"),
    "default": re.compile(r"[^0-9A-Za-z]+"),
    "latin": re.compile(r"[^0-9A-Za-z]+"),
    "pretty": re.compile(r"[^0-9A-Za-z._~!$&'()+,;=@]+"),
    "ascii": re.compile(r"[^0-9A-Za-z]+"),
}


def _stem(document: Document) -> str:
    return split_ext(posixpath.basename(document.path))[0]


def _clean_path(document: Document) -> str:
    return split_ext(document.path)[0].replace(f"_{document.collection}", "", 1).rstrip(".")


def _unique(values: list[str]) -> str:
    return "/".join(dict.fromkeys(values))


# Names of days and months are English whatever the locale: strftime is not to be asked.
_VALUES: dict[str, Callable[[Document], str]] = {
    "collection": lambda d: d.collection,
    "path": _clean_path,
    "name": lambda d: slugify(_stem(d)),
    "title": lambda d: slugify(d.slug, mode="pretty", cased=True),
    "slug": lambda d: slugify(d.slug),
    "categories": lambda d: _unique([lower(c) for c in d.categories]),
    "slugified_categories": lambda d: _unique([slugify(c) for c in d.categories]),
    "output_ext": lambda d: d.output_ext,
    "year": lambda d: f"{d.date.year:04}",
    "short_year": lambda d: f"{d.date.year % 100:02}",
    "month": lambda d: f"{d.date.month:02}",
    "i_month": lambda d: str(d.date.month),
    "short_month": lambda d: MONTHS[d.date.month - 1][:3],
    "long_month": lambda d: MONTHS[d.date.month - 1],
    "day": lambda d: f"{d.date.day:02}",
    "i_day": lambda d: str(d.date.day),
    "y_day": lambda d: f"{d.date.timetuple().tm_yday:03}",
    "hour": lambda d: f"{d.date.hour:02}",
    "minute": lambda d: f"{d.date.minute:02}",
    "second": lambda d: f"{d.date.second:02}",
    "w_year": lambda d: f"{d.date.isocalendar().year:04}",
    "week": lambda d: f"{d.date.isocalendar().week:02}",
    "w_day": lambda d: str(d.date.isoweekday()),
    "short_day": lambda d: DAYS[d.date.weekday()][:3],
    "long_day": lambda d: DAYS[d.date.weekday()],
}
