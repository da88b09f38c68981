"""What services know of works and posts leave open: Crossref, DataCite, Europe PMC, OpenAlex; off unless configured.

`wanted` says what a post leaves open, `evidence` asks for it by DOI or PMID and gives facts that come behind everything
printed, and `disagreements` are those between a post and them.
"""

from ._disagree import Disagreement, disagreements, problems
from ._flow import Enriched, evidence
from ._wanted import Wanted, wanted

__all__ = ["Disagreement", "Enriched", "Wanted", "disagreements", "evidence", "problems", "wanted"]
