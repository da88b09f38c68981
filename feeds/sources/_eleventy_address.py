"""Eleventy's rules for the address of a page (https://www.11ty.dev/docs/permalinks/), as Eleventy 3 applies them.

Pure: the path of a template, its date and its data go in, the path of its page comes out, or Unknown is raised.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from feeds.sources import _dates

if TYPE_CHECKING:
    from liquid import Environment

EXTENSIONS = (".md", ".html", ".njk", ".liquid")
_TEMPLATE = re.compile(r"\{\{|\{%")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(.*)")
_FILTERS = frozenset(
    "append capitalize default downcase first join last lstrip prepend remove replace rstrip size slice split strip "
    "truncate upcase".split()
)
_DIRECTIVE = re.compile(r"%([-]?[YymdeBbjHMSAa])")

# Where @sindresorhus/slugify 2 (of Eleventy 3) does not just take off an accent or write a hyphen.
_LETTERS = dict(
    pair.split(":")
    for pair in (
        "ä:ae Ä:ae ö:oe Ö:oe ü:ue Ü:ue ß:ss ẞ:ss æ:ae Æ:ae œ:- Œ:- ø:o Ø:o đ:d Đ:d ð:d Ð:d þ:th Þ:th ħ:h Ħ:h "
        "ı:i ł:l Ł:l "
        "α:a β:v Β:b γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:ks ο:o π:p ρ:r ς:s σ:s τ:t υ:y φ:f χ:x ψ:ps ω:o "
        "а:a б:b в:v г:g д:d е:e ё:yo ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh "
        "щ:sch ъ: ы:y ь: э:e ю:yu я:ya є:ye і:i ї:yi ґ:g"
    ).split()
)
_CONTRACTION = re.compile(r"([a-z\d])'([ts])(?=\s|$)")


class Unknown(ValueError):
    """The address is made by something that is not run here."""


def raw_slug(path: str) -> str:
    """A template's name without its ending and the date in front."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    found = _DATED.search(stem)
    return found[1] if found else stem


def page_of(path: str, date: datetime) -> dict[str, Any]:
    """What Eleventy calls `page` for the template at `path` below the input folder."""
    path = re.sub(r"^./", "", path)  # Eleventy takes a folder of one letter for "./"
    folder = posixpath.dirname(path)
    slug = raw_slug(path)
    last = posixpath.basename(folder)
    dated = _DATED.search(last)
    return {
        "fileSlug": slug if slug != "index" else dated[1] if dated else last,
        "filePathStem": "/" + posixpath.join(folder, slug),
        "outputFileExtension": "html",
        "date": date,
    }


def default_path(path: str) -> str:
    """The page's path when nothing states a permalink: the template's path as a folder."""
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0]
    doubled = stem == posixpath.basename(folder)
    own = folder if stem == "index" or doubled else posixpath.join(folder, stem)
    return f"/{own}/" if own else "/"


def stated_path(permalink: str, page: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """The path that `permalink` makes of the data; Unknown when it takes more than literals and known filters."""
    filled = _fill(permalink, page, data) if _TEMPLATE.search(permalink) else permalink
    folder, name = posixpath.split(filled + ("index.html" if filled.endswith("/") else ""))
    joined = posixpath.normpath(posixpath.join(folder, name)).lstrip("/")
    if joined == ".." or joined.startswith("../") or "\n" in joined:
        raise Unknown(f"it makes {joined[:80]!r} of the permalink")
    path = "/" + joined
    for end in ("/index.html", "/index"):
        if path.endswith(end):
            return path[: -len(end)] + "/"
    return path


def _fill(permalink: str, page: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    from liquid.exceptions import LiquidError

    if len(permalink) > 2000:
        raise Unknown("it is longer than 2000 characters")
    try:
        return _environment().from_string(permalink).render(**{**data, "page": page})
    except Unknown:
        raise
    except (LiquidError, ValueError, TypeError, RecursionError) as error:
        raise Unknown(str(error).splitlines()[0][:120] if str(error) else "it cannot be resolved") from error


@cache
def _environment() -> Environment:
    """Liquid with the few filters that mean the same in LiquidJS, in Nunjucks' syntax as far as that is the same."""
    from liquid import Environment, StrictDefaultUndefined

    class Permalinks(Environment):
        loop_iteration_limit = 1000
        output_stream_limit = 2000
        context_depth_limit = 20

    environment = Permalinks(strict_filters=True, undefined=StrictDefaultUndefined)
    environment.filters = {name: f for name, f in environment.filters.items() if name in _FILTERS}
    more: dict[str, Callable[..., Any]] = {
        "slugify": slugify,
        "slug": slug,
        "date": _date,
        "lower": _lower,
        "upper": _upper,
        "trim": _trim,
    }
    environment.filters.update(more)
    for name in ("include", "render", "liquid", "tablerow"):
        environment.tags.pop(name, None)
    return environment


# ----------------------------------------------------------------------------------------------- filters


def slugify(value: object, *options: object) -> str:
    """Eleventy's `slugify`: @sindresorhus/slugify without its `decamelize`."""
    if options:
        raise Unknown("slugify has options")
    text = unicodedata.normalize("NFC", str(value)).replace("&", " and ").replace("♥", " love ")
    letters = "".join(_ascii(c) for c in text).lower()
    return re.sub(r"[^a-z\d]+", "-", _CONTRACTION.sub(r"\1\2", letters)).strip("-")


def _ascii(char: str) -> str:
    if char.isascii():
        return char
    known = _LETTERS.get(char)
    if known is None:
        known = _LETTERS.get(char.lower())
    if known is not None:
        return known
    bare = "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))
    if bare != char:
        return "".join(_ascii(c) for c in bare)
    if unicodedata.category(char)[0] in "LMN" or unicodedata.category(char) in {"Sc", "So"}:
        raise Unknown(f"how slugify writes {char!r} is not known")
    return "-"


def slug(value: object, *options: object) -> str:
    """Eleventy's older `slug`, for text without signs that it spells out."""
    text = str(value)
    if options or not text.isascii() or re.search(r"[$%&<>|]", text):
        raise Unknown(f"how slug writes {text[:60]!r} is not known")
    kept = re.sub(r"[^\w\s$*_+~.()'\"!\-:@]+", "", text.replace("-", " "))
    return re.sub(r"\s+", "-", kept.strip()).lower()


def _date(value: object, form: object = "") -> str:
    """A date written as `form` says; never "now"."""
    pattern = str(form)
    if not pattern or "%" not in pattern or "%" in _DIRECTIVE.sub("", pattern):
        raise Unknown(f"the date format {pattern[:40]!r} is not known")
    try:
        moment = value if isinstance(value, datetime) else _dates.moment(str(value), "UTC")
    except (ValueError, OverflowError) as error:
        raise Unknown(f"{str(value)[:40]!r} is no date") from error
    return _DIRECTIVE.sub(lambda found: moment.strftime(found.group()), pattern)


def _lower(value: object) -> str:
    return str(value).lower()


def _upper(value: object) -> str:
    return str(value).upper()


def _trim(value: object) -> str:
    return str(value).strip()
