"""What can be wrong in the sections of config.yaml once every key is of its type; config.py says it with the line.

Each check yields (path of the key, message, hint).  Collections have checks of their own: _collection_checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

from feeds import registry, text
from feeds.model import PLACEHOLDERS, SERVICES
from feeds.settings import (
    AT,
    CONTACT,
    ENRICHED,
    EVERY,
    EnrichConfig,
    OutputConfig,
    PagesConfig,
    PersonConfig,
    PushConfig,
    ScheduleConfig,
    ServeConfig,
    SiteConfig,
    SourceConfig,
    WorkersConfig,
)

T = TypeVar("T")
Wrong = tuple[tuple[Any, ...], str, str]  # path of the key, message, hint
Numbered = Iterable[tuple[int, T]]  # entries of a list, with their places in it

_DASK = re.compile(r"(?:tcp|tls|ws|wss|ucx)://[^\s/]+:\d{1,5}")
_STORAGE = re.compile(r"(?!(?:https?|ssh|git|git\+ssh|ssh\+git)://)[a-z][a-z0-9+]*://[^/\s].*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A hint for a name that is none of `choices`."""
    from difflib import get_close_matches

    options = sorted(choices)
    close = get_close_matches(word, options, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(options)}" if options else "remove it, or see docs/configuration.md"


def wrong_site(site: SiteConfig) -> Iterator[Wrong]:
    """Everything wrong in `site:`."""
    for key in ("url", "icon"):
        if getattr(site, key):
            yield from _address(("site", key), getattr(site, key))
    if site.license and not text.is_web(site.license):
        hint = "give the licence's address, such as https://creativecommons.org/licenses/by/4.0/"
        yield ("site", "license"), f"{site.license!r} is not a URL", hint
    if site.language and not _LANGUAGE.fullmatch(site.language):
        yield ("site", "language"), f"{site.language!r} is not a language tag", "write en, de or en-GB, say"
    yield from _zone(("site", "timezone"), site.timezone)


def wrong_people(people: Numbered[PersonConfig]) -> Iterator[Wrong]:
    """Everything wrong in `people:`."""
    for index, person in people:
        if person.orcid and not valid_orcid(person.orcid):
            message = f"{person.orcid!r} is not an ORCID iD"
            yield ("people", index, "orcid"), message, "check its digits at orcid.org"


def wrong_sources(sources: Numbered[SourceConfig]) -> Iterator[Wrong]:
    """Everything wrong in `sources:`, whose names are filled in."""
    seen: set[str] = set()
    for index, source in sources:
        at = ("sources", index)
        if ":" in source.name:
            yield (*at, "name"), f"{source.name!r} has a colon in it", "leave it out"
        if source.name in seen:
            yield at, f"two sources are named {source.name!r}", "give each a name: of its own"
        seen.add(source.name)
        kinds = ("auto", *registry.source_names())
        if source.kind not in kinds:
            yield (*at, "kind"), f"no source is named {source.kind!r}", did_you_mean(source.kind, kinds)
        if source.url:
            yield from _address((*at, "url"), source.url)
        for unknown in sorted({*re.findall(r"\{(.*?)\}", source.url)} - {*PLACEHOLDERS}):
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            yield (*at, "url"), f"there is no placeholder {{{unknown}}}", f"known are {known}"


def wrong_schedule(entries: Numbered[ScheduleConfig], collections: Iterable[str]) -> Iterator[Wrong]:
    """Everything wrong in `schedule:`; `collections` are the names that there are."""
    for index, entry in entries:
        at = ("schedule", index)
        if bool(entry.every) == bool(entry.at):
            yield at, "needs either every: or at:", 'write every: 15 minutes, or at: "03:30"'
        if entry.every:
            yield from _interval((*at, "every"), entry.every, "write 15 minutes, 1 hour or 2 days")
        if entry.at and not AT.fullmatch(entry.at.strip()):
            yield (*at, "at"), f"{entry.at!r} is not a time of day", 'write it in quotes, as "03:30"'
        yield from _zone((*at, "timezone"), entry.timezone)
        yield from _names((*at, "collections"), "collection", entry.collections, collections)


def wrong_output(output: OutputConfig) -> Iterator[Wrong]:
    """Everything wrong in `output:` but its aliases."""
    if output.url:
        yield from _address(("output", "url"), output.url)
    if not output.path:
        yield ("output", "path"), "names no folder", "write path: output"
    if text.is_remote(output.path) and not _STORAGE.fullmatch(output.path):
        hint = "name a folder, or a storage such as s3://bucket/prefix"
        yield ("output", "path"), "nothing can be published there", hint


def wrong_enrich(enrich: EnrichConfig) -> Iterator[Wrong]:
    """Everything wrong in `enrich:`."""
    hint = "give an e-mail address that is read: the services write to it before they shut somebody out"
    yield from _contact(("enrich", "contact"), enrich.contact, hint)
    yield from _names(("enrich", "services"), "service", enrich.services, SERVICES)
    yield from _names(("enrich", "fields"), "field", enrich.fields, ENRICHED)
    yield from _names(("enrich", "endpoints"), "service", enrich.endpoints, SERVICES)
    for name, url in enrich.endpoints.items():
        yield from _address(("enrich", "endpoints", name), url)
    yield from _interval(("enrich", "every"), enrich.every, "write 30 days or 2 weeks")
    if enrich.limit < 1:
        yield ("enrich", "limit"), "must be at least 1", "leave out enrich: to ask no service"
    if not 0 < enrich.rate <= 50:
        yield ("enrich", "rate"), "must be more than 0 and at most 50", "write 2: requests a second"


def wrong_push(push: PushConfig) -> Iterator[Wrong]:
    """Everything wrong in `push:`."""
    for hub in push.hubs:
        yield from _address(("push", "hub"), hub)
        if "@" in urlsplit(hub).netloc:
            hint = "leave the user and the password out: every feed names its hub"
            yield ("push", "hub"), "would publish a password", hint


def wrong_pages(pages: PagesConfig) -> Iterator[Wrong]:
    """Everything wrong in `pages:`."""
    if pages.mode == "inject" and not pages.site:
        hint = "pages:\n        mode: inject\n        site: _site # where the site is built"
        yield ("pages",), "inject needs the folder of the built site", hint
    for mode, key in (("inject", "site"), ("generate", "templates")):
        if getattr(pages, key) and pages.mode != mode:
            yield ("pages", key), f"goes with mode: {mode}", "remove it"


def wrong_serve(serve: ServeConfig) -> Iterator[Wrong]:
    """Everything wrong in `serve:`."""
    if serve.email:
        hint = "give the address of who looks after the server: harvesters write to it"
        yield from _contact(("serve", "email"), serve.email, hint)


def wrong_workers(workers: WorkersConfig) -> Iterator[Wrong]:
    """Everything wrong in `workers:`."""
    if workers.dask and workers.processes:
        yield ("workers",), "names both processes and dask", "remove one of them"
    if workers.dask and not _DASK.fullmatch(workers.dask):
        yield ("workers", "dask"), f"{workers.dask!r} is no scheduler's address", "write tcp://host:8786"


# ---------------------------------------------------------------------------------------------------- kinds of values


def _address(path: tuple[Any, ...], url: str) -> Iterator[Wrong]:
    if not text.is_web(url):
        yield path, f"{url!r} is not an address", "begin it with https:// and a host name"


def _contact(path: tuple[Any, ...], stated: str, hint: str) -> Iterator[Wrong]:
    if not CONTACT.fullmatch(stated.strip()):
        yield path, f"{stated!r} is not an e-mail address", hint


def _interval(path: tuple[Any, ...], stated: str, hint: str) -> Iterator[Wrong]:
    found = EVERY.fullmatch(stated.strip())
    if not found or (found[1] is not None and int(found[1]) == 0):
        yield path, f"{stated!r} is not an interval", hint


def _names(path: tuple[Any, ...], what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Wrong]:
    for name in names:
        if name not in known:
            yield path, f"no {what} is named {name!r}", did_you_mean(name, known)


def _zone(path: tuple[Any, ...], zone: str) -> Iterator[Wrong]:
    if zone and not known_zone(zone):
        yield path, f"{zone!r} is not a time zone", "use a name such as Europe/Zurich or UTC"


def known_zone(name: str) -> bool:
    """Is it a zone of the IANA database?"""
    from zoneinfo import ZoneInfo  # which a configuration without a zone does without

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def valid_orcid(value: str) -> bool:
    """16 digits in groups of four, the last by ISO 7064 mod 11-2."""
    bare = value.removeprefix("https://orcid.org/").removeprefix("http://orcid.org/")
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", bare):
        return False
    total = 0
    for digit in bare.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == bare[-1]
