"""Slugs as the functions make them that blogs under MkDocs can name.

https://facelessuser.github.io/pymdown-extensions/extras/slugs/ · https://python-markdown.github.io/extensions/toc/
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal
from urllib.parse import quote

from msgspec import Struct

_TAG = re.compile(r"</?[^>]*+>")
_FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")
# PyMdown's functions of old, and Python-Markdown's.
_NAMED: dict[str, dict[str, Any]] = {
    "pymdownx.slugs.uslugify": {"case": "lower"},
    "pymdownx.slugs.uslugify_encoded": {"case": "lower", "percent_encode": True},
    "pymdownx.slugs.uslugify_cased": {},
    "pymdownx.slugs.uslugify_cased_encoded": {"percent_encode": True},
    "pymdownx.slugs.gfm": {"case": "lower-ascii"},
    "pymdownx.slugs.gfm_encoded": {"case": "lower-ascii", "percent_encode": True},
}


class Slugs(Struct, frozen=True, kw_only=True):
    """A function that makes slugs; Material's own unless told otherwise."""

    case: str = "lower"
    form: Literal["NFC", "NFD", "NFKC", "NFKD"] = "NFC"
    percent_encode: bool = False
    style: Literal["pymdownx", "markdown", "markdown ascii"] = "pymdownx"
    separator: str = "-"
    known: bool = True  # False: the site's own function, of which nothing is known

    def of(self, text: str) -> str:
        """The slug of a title or a category."""
        if self.style != "pymdownx":
            return _markdown(text, self.separator, ascii_only=self.style == "markdown ascii")
        slug = _cased(_TAG.sub("", unicodedata.normalize(self.form, text)).strip(), self.case)
        slug = re.sub(r"[^\w\- ]", "", slug).replace(" ", self.separator)
        return quote(slug) if self.percent_encode else slug


def named(tag: str, arguments: dict[str, Any], separator: str) -> Slugs:
    """The function behind `!!python/name:…` or `!!python/object/apply:…`; an empty tag is Material's default."""
    function = tag.rpartition(":")[2]
    if not function:
        return Slugs(separator=separator)
    if function == "markdown.extensions.toc.slugify":
        return Slugs(style="markdown ascii", separator=separator)
    if function == "markdown.extensions.toc.slugify_unicode":
        return Slugs(style="markdown", separator=separator)
    if function == "pymdownx.slugs.slugify":
        return _pymdownx(arguments, separator)
    if function in _NAMED:
        return _pymdownx(_NAMED[function], separator)
    return Slugs(separator=separator, known=False)


def _pymdownx(arguments: dict[str, Any], separator: str) -> Slugs:
    return Slugs(
        case=str(arguments.get("case", "none")),
        form=next((form for form in _FORMS if form == arguments.get("normalize")), "NFC"),
        percent_encode=arguments.get("percent_encode") is True,
        separator=separator,
    )


def _cased(text: str, case: str) -> str:
    if case == "lower-ascii":
        return re.sub("[A-Z]+", lambda m: m.group().lower(), text)
    return {"lower": text.lower, "fold": text.casefold}.get(case, lambda: text)()


def _markdown(text: str, separator: str, *, ascii_only: bool) -> str:
    if ascii_only:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    text = re.sub(r"[^\w\s-]", "", text).strip().lower()
    return re.sub(rf"[{re.escape(separator)}\s]+", lambda _: separator, text)
