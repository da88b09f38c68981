"""Link headers (RFC 8288): the other formats of a work, and Signposting (https://signposting.org/FAIR/).

What Signposting says stands in the link set (RFC 9264) that was published with the work; here it is only repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from feeds import text
from feeds.server._files import MissingError, read
from feeds.server._snapshot import Snapshot

LINKSET = "application/linkset+json"
MOST = 5  # links of one kind; of more, the link set alone is named
ROOM = 6000  # bytes of a Link header: proxies refuse long ones
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


class _Target(Struct):
    href: str
    type: str = ""
    profile: str | list[str] = ""


def address(path: str, snapshot: Snapshot) -> str:
    """Where a published file is found by the world."""
    return text.address(snapshot.site.feeds_url, path)


def link(href: str, rel: str, media_type: str = "", profile: str = "") -> str:
    """One value of a Link header."""
    made = f'<{text.iri_to_uri(href)}>; rel="{rel}"'
    bare = text.essence(media_type)
    made += f'; type="{bare}"' if _TYPE.fullmatch(bare) else ""
    profiles = " ".join(text.iri_to_uri(one) for one in profile.split())
    return made + (f'; profile="{profiles}"' if profiles else "")


def signposts(owner: str, anchors: Sequence[str], snapshot: Snapshot) -> list[str]:
    """The links of the first of `anchors` that the work's link set knows, and the link set itself."""
    made = snapshot.documents.get(owner, {}).values()
    path = next((p for p in made if snapshot.files[p].type.startswith(LINKSET)), "")
    if not path:
        return []
    itself = link(address(path, snapshot), "linkset", LINKSET)
    found = [] if address(path, snapshot) in anchors else [itself]
    try:
        content = read(path, snapshot)
        content.close()
        contexts = msgspec.json.decode(content.body, type=dict[str, list[dict[str, msgspec.Raw]]])["linkset"]
        known = {msgspec.json.decode(context["anchor"], type=str): context for context in contexts}
        wanted = next((known[anchor] for anchor in anchors if anchor in known), {})
        found = [*_relations(wanted), *found]
    except MissingError:
        return []
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError):  # not a link set of ours: it is named, not repeated
        pass
    return found if len(", ".join(found)) <= ROOM else [itself]


def _relations(context: dict[str, msgspec.Raw]) -> Iterator[str]:
    for rel, raw in context.items():
        if rel in {"anchor", "linkset"} or not re.fullmatch(r"[a-z][a-z0-9.-]*", rel):
            continue
        targets = msgspec.json.decode(raw, type=list[_Target])
        for target in targets if len(targets) <= MOST else []:
            profile = target.profile if isinstance(target.profile, str) else " ".join(target.profile)
            yield link(target.href, rel, target.type, profile)
