"""What several extractors ask of one post in a row is worked out once.  Private to scholarly."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from feeds.model import Post

Answer = TypeVar("Answer")


def once_a_post(ask: Callable[[Post], Answer]) -> Callable[[Post], Answer]:
    """`ask`, which keeps the answer about the last post: the same object, for a post has no hash."""
    last: tuple[Post | None, Answer | None] = (None, None)

    def answer(post: Post) -> Answer:
        nonlocal last
        of, known = last
        if of is not post:
            known = ask(post)
            last = (post, known)
        return known  # type: ignore[return-value]  # None only where that is the answer

    answer.__doc__ = ask.__doc__
    return answer
