"""BibTeX and BibLaTeX files (papers.bib) as a source: one item an entry.  https://www.bibtex.org/Format/"""

from __future__ import annotations

from feeds.sources import _bibtex, _record_files

FORMAT = _record_files.Format(
    name="bibtex",
    description="BibTeX or BibLaTeX files, one item an entry",
    pattern="*.bib",
    confidence=0.9,
    takes=lambda name: name.lower().endswith((".bib", ".bibtex")),
    split=_bibtex.split,
    understand=_bibtex.understand,
)
SOURCE = _record_files.source(FORMAT)
