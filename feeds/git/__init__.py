"""Repositories: a checkout of one that a source is in, and the dates of files that a whole history tells."""

from ._checkout import Checkout, checkout, last
from ._history import History, history, why_no_history
from ._places import is_repository

__all__ = ["Checkout", "History", "checkout", "history", "is_repository", "last", "why_no_history"]
