"""Feeds and metadata exports for research groups' posts: Atom, RSS, schema.org JSON-LD, on a schedule."""

__version__ = "0.1.0"
