"""What front matter states beside the record: who paid for it, what it cites, what corrects it.

Read are `funding:` (Quarto's, with its `awards:`, https://quarto.org/docs/authoring/front-matter.html#funding, and the
flat keys of Rogue Scholar and DataCite), `funder:`, `references:` (a list of DOIs, of addresses or of CSL-JSON items)
and `correction:`.  A sentence names no funder, and nobody's grants are taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from feeds.exporters._exchange import one_line
from feeds.exporters._work import doi_url
from feeds.model import Post
from feeds.text import is_web

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_MOST = 1000  # entries of one list that are looked at

_FUNDER = ("funder", "funder_name", "funderName", "source")
_FUNDER_ID = ("ror", "funder_id", "funder-id", "funderIdentifier", "id")
_NUMBER = ("award_number", "award-number", "awardNumber", "award-id", "award_id", "number", "grant", "award", "id")
_TITLE = ("award_title", "awardTitle", "title", "name")
_ADDRESS = ("award_uri", "awardUri", "award_url", "url")


class Grant(Struct, frozen=True, kw_only=True):
    """Who paid, and for what; "" is not stated."""

    funder: str = ""
    funder_id: str = ""  # address: ROR, or the DOI of a funder
    number: str = ""
    title: str = ""
    url: str = ""


class Reference(Struct, frozen=True, kw_only=True):
    """A work that is cited."""

    doi: str = ""
    url: str = ""  # its DOI's where it has one
    title: str = ""


def grants(post: Post) -> list[Grant]:
    """What paid for the work, each once, in order."""
    if post.front.keys().isdisjoint(("funding", "funder")):
        return []
    said = post.front.get("funding")
    awards = said.get("awards", said) if isinstance(said, Mapping) else said
    found = [grant for entry in _listed(awards) if isinstance(entry, Mapping) for grant in _grants(entry)]
    found += [grant for entry in _listed(post.front.get("funder")) if (grant := _funder(entry)).funder]
    return list(dict.fromkeys(found))


def _grants(award: Mapping[str, Any]) -> Iterator[Grant]:
    """One for each of its funders; none where neither a funder nor a number is stated."""
    number, title, url = (_first(award, names) for names in (_NUMBER, _TITLE, _ADDRESS))
    funders = _listed(next((award[name] for name in _FUNDER if award.get(name)), "")) or [""]
    beside = _address(_first(award, _FUNDER_ID[:-1])) if len(funders) == 1 else ""  # of several, whose would it be?
    for entry in funders:
        funder = _funder(entry)
        if funder.funder or number:
            yield Grant(
                funder=funder.funder,
                funder_id=funder.funder_id or beside,
                number=number,
                title=title,
                url=_address(url),
            )


def _funder(entry: Any) -> Grant:
    """A name, or a mapping with `name` (Quarto: `text`) and an identifier."""
    if not isinstance(entry, Mapping):
        return Grant(funder=_text(entry))
    return Grant(funder=_first(entry, ("name", "text")), funder_id=_address(_first(entry, _FUNDER_ID)))


def references(post: Post) -> list[Reference]:
    """What the work cites, each once, in order."""
    if "references" not in post.front:
        return []
    found = (_reference(entry) for entry in _listed(post.front.get("references")) if not isinstance(entry, list))
    return [one for one in dict.fromkeys(found) if one.url or one.title]


def _reference(entry: Any) -> Reference:
    said = entry if isinstance(entry, Mapping) else {"url": entry}
    url, title = _first(said, ("url", "URL")), _first(said, ("title",))
    doi = _doi(_first(said, ("doi", "DOI"))) or _doi(url)
    return Reference(doi=doi, url=doi_url(doi) or _address(url), title=title)


def corrections(post: Post) -> list[str]:
    """Addresses of what corrects the work."""
    if "correction" not in post.front:
        return []
    return list(dict.fromkeys(url for one in _listed(post.front.get("correction")) if (url := _address(_text(one)))))


def _listed(value: Any) -> list[Any]:
    """A list as it is, one value as a list, none as an empty one."""
    return value[:_MOST] if isinstance(value, list) else [value] if value else []


def _first(said: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((found for name in names if (found := _text(said.get(name)))), "")


def _text(value: Any) -> str:
    """Text or a number on one line; what is neither says nothing."""
    return one_line(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _doi(value: str) -> str:
    found = _DOI.fullmatch(value)
    return found[1].lower() if found else ""


def _address(value: str) -> str:
    """A web address, or a DOI as one; "" for anything else."""
    return doi_url(_doi(value)) or (value if is_web(value) else "")
