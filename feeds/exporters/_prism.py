"""The bibliographic record of a work in Dublin Core elements 1.1 and PRISM 2.0, for both RSS.

The DOI is written twice: `dc:identifier` ("doi:10…") is what Zotero reads, `prism:doi` what publishers write.
"""

from __future__ import annotations

from collections.abc import Iterator

from feeds.exporters._entry import Element
from feeds.exporters._xml import DC, PRISM
from feeds.model import Item


def record(item: Item) -> Iterator[Element]:
    """The bibliographic record; an article number stands where the first page would, as publishers do it."""
    work = item.work
    if not work:
        return
    stated = {
        f"{{{DC}}}identifier": f"doi:{work.doi}" if work.doi else "",
        f"{{{PRISM}}}doi": work.doi,
        f"{{{PRISM}}}publicationName": work.journal,
        f"{{{PRISM}}}issn": work.issn,
        f"{{{PRISM}}}volume": work.volume,
        f"{{{PRISM}}}number": work.issue,
        f"{{{PRISM}}}startingPage": work.first_page or work.article_number,
        f"{{{PRISM}}}endingPage": work.last_page,
        f"{{{PRISM}}}publicationDate": work.date,
    }
    yield from (Element(tag, value) for tag, value in stated.items() if value)
