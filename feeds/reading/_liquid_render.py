"""Rendering Liquid piece by piece: the state one rendering carries, where its output comes from, what went wrong."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import TextIO, cast

from liquid.context import RenderContext
from liquid.exceptions import LiquidError, LiquidInterrupt, LoopIterationLimitError
from liquid.output import LimitedStringIO
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_TAG, Token
from liquid.undefined import UNDEFINED, Undefined

from feeds.model import Problem
from feeds.reading._liquid_scan import BLOCKS, BRANCHES, closers, scan

OUTPUT_LIMIT = 2_000_000  # bytes that markup may write
LOOP_LIMIT = 20_000  # turns of all loops together
INCLUDE_LIMIT = 200  # files included, those within included files too
INCLUDE_DEPTH = 10

# What only Jekyll knows, as it has all posts at hand.
_WHOLE_SITE = frozenset("posts pages documents static_files html_pages categories tags related_posts time".split())

Include = Callable[[str, bool], str | None]  # (file name, relative to the post?) → its text
Link = Callable[[str, str], str | None]  # ("link" or "post_url", target) → URL


class Job:
    """One rendering: where it is, what it may still spend, what went wrong."""

    def __init__(self, where: str, first_line: int, source: str, include: Include, link: Link) -> None:
        self.where = where
        self.include = include
        self.link = link
        self.problems: list[Problem] = []
        self.turns = 0
        self.included = 0
        self.stack: list[str] = []
        self._said: set[tuple[str, str]] = set()
        self._starts = [found.end() for found in re.finditer("\n", source)]
        self._first = first_line
        self._line_above: int | None = None

    def line(self, token: Token) -> int:
        """The line of the post's file that a token is on; within an included file the line of the include."""
        if self._line_above is not None:
            return self._line_above
        return self._first + bisect_right(self._starts, token.start_index)

    def report(self, token: Token, message: str, hint: str) -> None:
        """A warning at the token's place; the same one is said once a post."""
        if (message, hint) in self._said:
            return
        self._said.add((message, hint))
        place = f"{self.where}:{self.line(token)}"
        self.problems.append(Problem(stage="read", where=place, message=message, hint=hint, severity="warning"))

    def enter(self, name: str, token: Token) -> int | None:
        """Begin an included file; gives back what `leave` needs."""
        above = self._line_above
        self._line_above = self.line(token)
        self.stack.append(name)
        self.included += 1
        return above

    def leave(self, above: int | None) -> None:
        """End an included file."""
        self._line_above = above
        self.stack.pop()


class Sheet(LimitedStringIO):
    """Output that remembers for each of its lines the line of the file it came from."""

    def __init__(self, first_line: int) -> None:
        super().__init__(OUTPUT_LIMIT)
        self.origin = [first_line]
        self.line = first_line
        self._fresh = True

    def put(self, text: str, line: int, step: int) -> int:
        """Write text that begins on `line`; each further line of it comes from `step` lines further down."""
        if not text:
            return 0
        if self._fresh:
            self.origin[-1] = line
        self.origin += [line + step * n for n in range(1, text.count("\n") + 1)]
        self._fresh = text.endswith("\n")
        return super().write(text)

    def write(self, text: str) -> int:
        """Write what a tag made: all of it comes from the line the tag is on."""
        return self.put(text, self.line, 0)

    def mark(self) -> tuple[int, int, bool]:
        """The place to go back to with `undo`."""
        return self.tell(), len(self.origin), self._fresh

    def undo(self, mark: tuple[int, int, bool]) -> None:
        """Take back all that was written since `mark`."""
        self.seek(mark[0])
        self.truncate()
        del self.origin[mark[1] :]
        self._fresh = mark[2]


class Context(RenderContext):
    """python-liquid's context with the job in it, and one budget for all loops."""

    __slots__ = ("job",)
    job: Job

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Count a loop's turns before it runs."""
        self.job.turns += length
        if self.job.turns > LOOP_LIMIT:
            raise LoopIterationLimitError(f"more than {LOOP_LIMIT} turns of loops", token=None)

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        """Look a variable up; what only Jekyll has at hand is reported even where nothing would be printed."""
        value = super().get(path, token=token, default=default)
        if token and isinstance(value, Undefined) and path[:1] == ["site"] and path[1:2] and path[1] in _WHOLE_SITE:
            self.job.report(*lost(token, f"site.{path[1]} is known to Jekyll only"))
        return value


def job_of(context: RenderContext) -> Job:
    """The job a node is rendered for."""
    return cast(Context, context).job


def put(context: RenderContext, buffer: TextIO, token: Token, text: str, step: int) -> int:
    """Write to a sheet with its line, to any other buffer (a capture's) as it is."""
    if isinstance(buffer, Sheet):
        buffer.line = job_of(context).line(token)
        return buffer.put(text, buffer.line, 0 if job_of(context).stack else step)
    return buffer.write(text)


def lost(token: Token, message: str) -> tuple[Token, str, str]:
    """What to report of a piece of markup that cannot be resolved."""
    return token, f"Liquid not resolved, left out: {message}", "correct the markup, or write out what it stands for"


def reason(error: Exception) -> str:
    """One line saying what is wrong."""
    message = error.message if isinstance(error, LiquidError) else error
    return " ".join(str(message).split())[:200] or type(error).__name__


def render_tokens(source: str, context: Context, buffer: TextIO) -> None:
    """Write `source` with its Liquid resolved, piece by piece, so that a fault costs only its own piece."""
    tokens = list(scan(source))
    ends = closers(tokens)
    dropped: set[int] = set()
    index = 0
    while index < len(tokens):
        token = tokens[index]
        after = index + 1 + (index + 1 < len(tokens) and tokens[index + 1].kind == TOKEN_EXPRESSION)
        is_block = token.kind == TOKEN_TAG and token.value in BLOCKS
        if token.kind == TOKEN_CONTENT:
            _plain(context, buffer, token)
        elif token.kind == TOKEN_TAG and _has_no_partner(token.value, index in ends):
            if index not in dropped and not _ends_plugin(token.value):
                context.job.report(*lost(token, f"{{% {token.value} %}} has no counterpart"))
        else:
            stop = ends[index] + 1 if is_block else after
            if _piece(tokens[index:stop], context, buffer):
                after = stop
            elif is_block:
                dropped.add(ends[index])  # the tags of the faulty block go, the text between them stays
        index = after


def _has_no_partner(name: str, closed: bool) -> bool:
    return (name in BLOCKS and not closed) or name in BRANCHES or name.startswith("end")


def _ends_plugin(name: str) -> bool:
    return name.startswith("end") and name[3:] not in BLOCKS


def _plain(context: Context, buffer: TextIO, token: Token) -> None:
    if isinstance(buffer, Sheet) and not context.job.stack:
        buffer.limit += len(token.value.encode("utf-8"))  # the post's own text never counts against the limit
    put(context, buffer, token, token.value, 1)


_FAULTS = (LiquidError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError)


def _piece(tokens: list[Token], context: Context, buffer: TextIO) -> bool:
    """Render one value, tag or block; False when it cannot even be parsed.  A fault is reported, nothing written."""
    try:
        nodes = get_parser(context.env).parse(TokenStream(iter(tokens)))
    except _FAULTS as error:
        context.job.report(*lost(tokens[0], reason(error)))
        return False
    mark = buffer.mark() if isinstance(buffer, Sheet) else None
    try:
        for node in nodes:
            node.render(context, buffer)
    except LiquidInterrupt:
        return True
    except _FAULTS as error:
        if mark is not None and isinstance(buffer, Sheet):
            buffer.undo(mark)
        context.job.report(*lost(tokens[0], reason(error)))
    return True
