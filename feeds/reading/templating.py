"""Liquid in posts, as Jekyll resolves it (https://jekyllrb.com/docs/liquid/), without a clock, a disk or the network.

What stands for something is put in its place as text and never looked at again.  What cannot be resolved (a plugin's
tag, a variable that is not set, a faulty expression) is left out and reported; the rest of the post is untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from feeds.model import Problem

if TYPE_CHECKING:
    from liquid import Environment


class Rendered(Struct, frozen=True):
    """Text with its Liquid resolved."""

    text: str
    lines: tuple[int, ...]  # for each line of `text` (split at "\n") the line of the file it came from
    problems: tuple[Problem, ...] = ()


def is_liquid(text: str) -> bool:
    """Might there be Liquid in it?"""
    return "{{" in text or "{%" in text


def render(
    text: str,
    where: str,
    *,
    first_line: int = 1,
    page: Mapping[str, Any],
    site: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    include: Callable[[str, bool], str | None] = lambda _name, _relative: None,
    link: Callable[[str, str], str | None] = lambda _tag, _target: None,
) -> Rendered:
    """Resolve the Liquid in a post's body.

    `where` and `first_line` say which file the text is from and on which line it begins.  `data` are names
    besides `page` and `site`.  `include` gives the text of an included file (its name, and whether it is relative to
    the post), `link` the URL that `{% link %}` or `{% post_url %}` stands for; None means that there is no such file.
    Never raises.
    """
    if not is_liquid(text):
        return Rendered(text, tuple(range(first_line, first_line + text.count("\n") + 1)))
    from liquid.template import BoundTemplate

    from feeds.reading._liquid_render import Context, Job, Sheet, render_tokens

    job = Job(where, first_line, text, include, link)
    context = Context(BoundTemplate(_environment(), []), globals={**(data or {}), "page": page, "site": site})
    context.job = job
    sheet = Sheet(first_line)
    render_tokens(text, context, sheet)
    return Rendered(sheet.getvalue(), tuple(sheet.origin), tuple(job.problems))


@cache
def _environment() -> Environment:
    from feeds.reading._liquid_tags import environment

    return environment()
