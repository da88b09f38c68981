"""schema.org nodes of what front matter states: who paid for a work, what it cites, what corrects it.

https://schema.org/funding · https://schema.org/citation · https://schema.org/correction (release 30.0)
"""

from __future__ import annotations

from feeds.exporters._schema_org import Node, filled
from feeds.exporters._stated import Grant, Reference, corrections, grants, references
from feeds.exporters._work import doi_url
from feeds.model import Post


def stated(post: Post) -> Node:
    """funder, funding, citation and correction, as far as the front matter has them."""
    paid = grants(post)
    funders = {one.funder: _funder(one) for one in reversed(paid) if one.funder}
    return {
        "funder": list(reversed(funders.values())),
        "funding": [_grant(one) for one in paid if one.number or one.title or one.url],
        "citation": [_cited(one) for one in references(post)],
        "correction": corrections(post),
    }


def _funder(grant: Grant) -> Node:
    return filled({"@type": "Organization", "@id": grant.funder_id, "name": grant.funder}) if grant.funder else {}


def _grant(grant: Grant) -> Node:
    members = {"identifier": grant.number, "name": grant.title, "url": grant.url, "funder": _funder(grant)}
    return filled({"@type": "Grant", **members})


def _cited(one: Reference) -> Node:
    node = {"@type": "CreativeWork", "@id": doi_url(one.doi), "name": one.title, "url": "" if one.doi else one.url}
    return filled(node)
