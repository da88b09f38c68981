"""OAI-PMH 2.0 over the published Dublin Core records (http://www.openarchives.org/OAI/openarchivesprotocol.html).

Section numbers are those of the specification.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from lxml import etree
from msgspec import Struct

from feeds import text
from feeds.server import _records as store
from feeds.server._files import read
from feeds.server._records import PAGE, Record, Token
from feeds.server._snapshot import Snapshot
from feeds.settings import CollectionConfig

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = f"{OAI}oai_dc/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIX = "oai_dc"
_URI = r"(?:[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
_SYNTAX = {  # of the types in OAI-PMH.xsd: what is repeated in the response must be valid
    "from": "[0-9TZ:-]*",
    "until": "[0-9TZ:-]*",
    "identifier": f"{_URI}(?:#{_URI})?",
    "metadataPrefix": r"[A-Za-z0-9_.!~*'()-]+",
    "set": r"[A-Za-z0-9_.!~*'()-]+(?::[A-Za-z0-9_.!~*'()-]+)*",
    "resumptionToken": r"[A-Za-z0-9_=-]*",
}
_DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+")

Arguments = Sequence[tuple[str, str]]
Element = etree._Element


class ProtocolError(Exception):
    """An error of section 3.6; its code and what to tell a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Repository(Struct, frozen=True):
    """What is harvested."""

    snapshot: Snapshot
    collections: tuple[CollectionConfig, ...]
    email: str

    @property
    def address(self) -> str:
        """The base URL (section 3.1.1)."""
        return f"{self.snapshot.site.feeds_url}/oai"


def answer(arguments: Arguments, repository: Repository, now: datetime) -> bytes:
    """The response to a request; an error is a response too."""
    root = etree.Element(_tag("OAI-PMH"), nsmap={None: OAI, "xsi": XSI})  # type: ignore[dict-item] # None: no prefix
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} {OAI}OAI-PMH.xsd")
    _add(root, "responseDate", _date(int(now.timestamp())))
    request = _add(root, "request", repository.address)
    try:
        given = _checked(arguments)
        for name, value in given.items():
            request.set(name, value)
        root.append(_VERBS[given["verb"]].respond(given, repository))
    except ProtocolError as error:
        if error.code in {"badVerb", "badArgument"}:
            request.attrib.clear()
        _add(root, "error", str(error)).set("code", error.code)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _checked(arguments: Arguments) -> dict[str, str]:
    """The arguments by name.  Raises ProtocolError: a verb that there is not, arguments wrong, missing or repeated."""
    given = dict(arguments)
    verbs = [value for name, value in arguments if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _VERBS:
        raise ProtocolError("badVerb", f"verb must be given once, and be one of {', '.join(_VERBS)}")
    verb = _VERBS[verbs[0]]
    names = [name for name, _ in arguments]
    for name in names:
        if name not in {"verb", *verb.required, *verb.optional}:
            raise ProtocolError("badArgument", f"{given['verb']} takes no argument of the name {text.legal(name)!r}")
        if names.count(name) > 1:
            raise ProtocolError("badArgument", f"{name} is given more than once")
    for name, value in given.items():
        if name in _SYNTAX and not re.fullmatch(_SYNTAX[name], value):
            raise ProtocolError("badArgument", f"the value of {name} cannot be one")
    if "resumptionToken" in given:
        if len(given) > 2:
            raise ProtocolError("badArgument", "resumptionToken goes with no other argument")
    elif missing := [name for name in verb.required if name not in given]:
        raise ProtocolError("badArgument", f"{given['verb']} needs {missing[0]}")
    return given


# ---------------------------------------------------------------------------------------------------- the six verbs


def _identify(_given: Mapping[str, str], repository: Repository) -> Element:
    made = etree.Element(_tag("Identify"))
    site = repository.snapshot.site
    known = store.records(repository.snapshot)
    _add(made, "repositoryName", site.title or site.url)
    _add(made, "baseURL", repository.address)
    _add(made, "protocolVersion", "2.0")
    _add(made, "adminEmail", repository.email)
    _add(made, "earliestDatestamp", _date(min((record.changed for record in known.values()), default=0)))
    _add(made, "deletedRecord", "transient")
    _add(made, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    _add(made, "compression", "gzip")
    if known and _DOMAIN.fullmatch(store.host(repository.snapshot)):
        made.append(_identifiers(repository.snapshot, next(iter(known))))
    return made


def _identifiers(snapshot: Snapshot, sample: str) -> Element:
    """How identifiers are made (http://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm)."""
    space = f"{OAI}oai-identifier"
    made = etree.Element(_tag("description"))
    name = f"{{{space}}}oai-identifier"
    scheme = etree.SubElement(made, name, nsmap={None: space})  # type: ignore[dict-item]
    scheme.set(f"{{{XSI}}}schemaLocation", f"{space} {space}.xsd")
    values = {
        "scheme": "oai",
        "repositoryIdentifier": store.host(snapshot),
        "delimiter": ":",
        "sampleIdentifier": sample,
    }
    for name, value in values.items():
        etree.SubElement(scheme, f"{{{space}}}{name}").text = value
    return made


def _list_metadata_formats(given: Mapping[str, str], repository: Repository) -> Element:
    if "identifier" in given and not _record(given, repository).path:
        raise ProtocolError("noMetadataFormats", "this record is deleted")
    made = etree.Element(_tag("ListMetadataFormats"))
    one = _add(made, "metadataFormat")
    _add(one, "metadataPrefix", PREFIX)
    _add(one, "schema", f"{OAI}oai_dc.xsd")
    _add(one, "metadataNamespace", OAI_DC)
    return made


def _list_sets(given: Mapping[str, str], repository: Repository) -> Element:
    sets = store.sets(repository.snapshot, repository.collections)
    if not sets:
        raise ProtocolError("noSetHierarchy", "there are no collections")
    token = _token(given) or Token("ListSets", "", 0)
    rest = [spec for spec in sets if spec > token.after]
    made = etree.Element(_tag("ListSets"))
    for spec in rest[:PAGE]:
        one = _add(made, "set")
        _add(one, "setSpec", spec)
        _add(one, "setName", sets[spec])
    _go_on(made, token, rest, len(sets))
    return made


def _get_record(given: Mapping[str, str], repository: Repository) -> Element:
    found = _record(given, repository)
    _check_prefix(given)
    made = etree.Element(_tag("GetRecord"))
    made.append(_full(found, repository.snapshot))
    return made


def _list_identifiers(given: Mapping[str, str], repository: Repository) -> Element:
    return _list(given, repository, _header)


def _list_records(given: Mapping[str, str], repository: Repository) -> Element:
    return _list(given, repository, lambda record: _full(record, repository.snapshot))


def _list(given: Mapping[str, str], repository: Repository, show: Callable[[Record], Element]) -> Element:
    token = _token(given) or _first(given, repository)
    found = list(_selected(token, repository.snapshot))
    rest = [record for record in found if record.identifier > token.after]
    if not rest:
        if token.after:
            raise ProtocolError("badResumptionToken", "nothing is left of this list: ask for it again")
        raise ProtocolError("noRecordsMatch", "no record is of that set and time")
    made = etree.Element(_tag(token.verb))
    made.extend([show(record) for record in rest[:PAGE]])
    _go_on(made, token, [record.identifier for record in rest], len(found))
    return made


class _Verb(Struct, frozen=True):
    respond: Callable[[Mapping[str, str], Repository], Element]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


_LIST = ("from", "until", "set", "resumptionToken")
_VERBS = {
    "Identify": _Verb(_identify),
    "ListMetadataFormats": _Verb(_list_metadata_formats, (), ("identifier",)),
    "ListSets": _Verb(_list_sets, (), ("resumptionToken",)),
    "GetRecord": _Verb(_get_record, ("identifier", "metadataPrefix")),
    "ListIdentifiers": _Verb(_list_identifiers, ("metadataPrefix",), _LIST),
    "ListRecords": _Verb(_list_records, ("metadataPrefix",), _LIST),
}


# ---------------------------------------------------------------------------------------------------- lists


def _first(given: Mapping[str, str], repository: Repository) -> Token:
    """A list from its beginning (sections 2.7.1, 3.3.1)."""
    since, until = _instant(given, "from"), _instant(given, "until")
    if since is not None and until is not None:
        if len(given["from"]) != len(given["until"]):
            raise ProtocolError("badArgument", "from and until must be of the same granularity")
        if since > until:
            raise ProtocolError("badArgument", "from is later than until")
    _check_prefix(given)
    if "set" in given and not store.sets(repository.snapshot, repository.collections):
        raise ProtocolError("noSetHierarchy", "there are no collections")
    return Token(given["verb"], "", 0, since, until, given.get("set", ""))


def _token(given: Mapping[str, str]) -> Token | None:
    value = given.get("resumptionToken")
    token = store.decoded(value) if value is not None else None
    if value is not None and (token is None or token.verb != given["verb"] or not token.after):
        raise ProtocolError("badResumptionToken", "this token was not given out by ListSets or this list")
    return token


def _selected(token: Token, snapshot: Snapshot) -> Iterator[Record]:
    for record in store.records(snapshot).values():
        early = token.from_ is not None and record.changed < token.from_
        late = token.until is not None and record.changed > token.until
        if not (early or late) and (not token.set or token.set in record.sets):
            yield record


def _go_on(made: Element, token: Token, rest: Sequence[str], size: int) -> None:
    """The token for the next page; on the last page of several an empty one (section 3.5)."""
    more = len(rest) > PAGE
    if not more and not token.after:
        return
    last = Token(token.verb, rest[PAGE - 1], token.cursor + PAGE, token.from_, token.until, token.set) if more else None
    one = _add(made, "resumptionToken", store.encoded(last) if last else "")
    one.set("completeListSize", str(size))
    one.set("cursor", str(token.cursor))


def _check_prefix(given: Mapping[str, str]) -> None:
    if given["metadataPrefix"] != PREFIX:
        raise ProtocolError("cannotDisseminateFormat", f"only {PREFIX} is there")


# ---------------------------------------------------------------------------------------------------- records


def _record(given: Mapping[str, str], repository: Repository) -> Record:
    found = store.records(repository.snapshot).get(given["identifier"])
    if found is None:
        raise ProtocolError("idDoesNotExist", "no record has this identifier")
    return found


def _header(record: Record) -> Element:
    made = etree.Element(_tag("header"))
    if not record.path:
        made.set("status", "deleted")
    _add(made, "identifier", record.identifier)
    _add(made, "datestamp", _date(record.changed))
    for spec in sorted(record.sets):
        _add(made, "setSpec", spec)
    return made


def _full(record: Record, snapshot: Snapshot) -> Element:
    made = etree.Element(_tag("record"))
    made.append(_header(record))
    if record.path:
        content = read(record.path, snapshot)
        content.close()
        _add(made, "metadata").append(etree.fromstring(content.body))
    return made


# ---------------------------------------------------------------------------------------------------- values


def _date(seconds: int) -> str:
    return text.rfc3339(datetime.fromtimestamp(seconds, UTC))


def _instant(given: Mapping[str, str], name: str) -> int | None:
    """Seconds since 1970 of a UTCdatetime (section 3.3); of a day its first second, for `until` its last."""
    value = given.get(name)
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        value += "T23:59:59Z" if name == "until" else "T00:00:00Z"
    elif not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", value):
        raise ProtocolError("badArgument", f"{name} must be written YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
    try:
        return int(datetime.fromisoformat(value).timestamp())
    except ValueError:
        raise ProtocolError("badArgument", f"{name} names no moment that there is") from None


def _tag(name: str) -> str:
    return f"{{{OAI}}}{name}"


def _add(parent: Element, name: str, value: str = "") -> Element:
    made = etree.SubElement(parent, _tag(name))
    made.text = text.legal(value) if value else None
    return made
