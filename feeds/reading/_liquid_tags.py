"""Jekyll's tags and url filters for python-liquid.

A node never raises for bad content: what it cannot resolve it leaves out and reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TextIO, cast

from liquid import Environment
from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode, Literal
from liquid.builtin.expressions import BooleanExpression, tokenize
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import Output, OutputNode
from liquid.context import RenderContext
from liquid.exceptions import LiquidError, OutputStreamLimitError
from liquid.filter import with_context
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.stringify import to_liquid_string
from liquid.tag import Tag
from liquid.token import TOKEN_EOF, TOKEN_EXPRESSION, TOKEN_TAG, Token
from liquid.undefined import Undefined

from feeds.reading import _liquid_filters
from feeds.reading._liquid_render import INCLUDE_DEPTH, INCLUDE_LIMIT, Context, job_of, lost, put, reason, render_tokens
from feeds.text import iri_to_uri

_PARAMETER = re.compile(r"""([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([\w.-]+))""")


# ------------------------------------------------------------------------------------------------------ nodes


class TextNode(ContentNode):
    """Text between markup."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write it with its lines."""
        return put(context, buffer, self.token, self.text, 1)


class TextTag(Literal):
    """Pseudo tag that makes text nodes."""

    node_class = TextNode


class ValueNode(OutputNode):
    """`{{ … }}`"""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the value; nothing, and a report, when there is none."""
        try:
            value = self.expression.evaluate(context)
            written = to_liquid_string(value, autoescape=False)
        except OutputStreamLimitError:
            raise
        except (LiquidError, ValueError, ArithmeticError, RecursionError, AttributeError, TypeError) as error:
            job_of(context).report(*lost(self.token, f"{_shown(self.token)}: {reason(error)}"))
            return 0
        if isinstance(value, Undefined):
            message = f"{_shown(self.token)} stands for nothing here"
            job_of(context).report(self.token, message, "set it in the front matter or _config.yml, or take it out")
        return put(context, buffer, self.token, written, 0)


class ValueTag(Output):
    """Pseudo tag that makes value nodes; a faulty expression is left out."""

    node_class = ValueNode

    def parse(self, stream: TokenStream) -> OutputNode:
        """Parse an expression."""
        token = stream.current
        try:
            return super().parse(stream)
        except (LiquidError, ValueError, RecursionError) as error:
            return cast(OutputNode, LostNode(token, *lost(token, f"{_shown(token)}: {reason(error)}")[1:]))


class LostNode(Node):
    """Markup that is left out and reported."""

    __slots__ = ("hint", "message")

    def __init__(self, token: Token, message: str, hint: str) -> None:
        super().__init__(token)
        self.message = message
        self.hint = hint

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:  # noqa: ARG002
        """Report it."""
        if self.message:
            job_of(context).report(self.token, self.message, self.hint)
        return 0


class UnknownTag(Illegal):
    """Any tag that is not Liquid's or Jekyll's: a plugin's."""

    def parse(self, stream: TokenStream) -> Any:
        """Leave the tag out; the text between it and its end stays."""
        token = stream.expect(TOKEN_TAG)
        if stream.peek.kind == TOKEN_EXPRESSION:
            next(stream)
        if token.value.startswith("end") or token.value in {"else", "elsif", "when"}:
            return LostNode(token, "", "")
        message = f"the tag {{% {token.value} %}} is a plugin's and was left out"
        return LostNode(token, message, "write its content in Markdown or HTML, if readers of the feed need it")


class _Call(Node):
    """A tag with an argument that a function writes."""

    __slots__ = ("argument", "function")

    def __init__(self, token: Token, argument: str, function: Callable[[Any, Token, str, RenderContext], str]) -> None:
        super().__init__(token)
        self.argument = argument
        self.function = function
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write what the function makes of the argument."""
        return put(context, buffer, self.token, self.function(buffer, self.token, self.argument, context), 0)


def _call(tag_name: str, function: Callable[[Any, Token, str, RenderContext], str]) -> type[Tag]:
    class CallTag(Tag):
        """A tag without an end."""

        block = False
        name = tag_name

        def parse(self, stream: TokenStream) -> Node:
            token = stream.eat(TOKEN_TAG)
            argument = stream.current.value if stream.current.kind == TOKEN_EXPRESSION else ""
            if not argument:
                stream.pos -= 1  # the parser steps over the last token of a tag
            return _Call(token, argument, function)

    return CallTag


def _include(buffer: TextIO, token: Token, argument: str, context: RenderContext) -> str:
    job = job_of(context)
    name, _, parameters = _resolve(argument, context).strip().partition(" ")
    fits = len(job.stack) < INCLUDE_DEPTH and job.included < INCLUDE_LIMIT
    source = job.include(name, token.value == "include_relative") if fits else None
    if source is None:
        why = "is not there" if fits else "is one too many within each other"
        job.report(*lost(token, f"the included file {name!r} {why}"))
        return ""
    values = dict(_parameters(parameters, context))
    above = job.enter(name, token)
    try:
        with context.extend({"include": values}):
            render_tokens(source, cast(Context, context), buffer)
    finally:
        job.leave(above)
    return ""


def _parameters(written: str, context: RenderContext) -> list[tuple[str, Any]]:
    found = []
    for name, double, single, path in _PARAMETER.findall(written):
        value = double.replace('\\"', '"') or single.replace("\\'", "'")
        found.append((name, context.get(path.split("."), token=None) if path else value))
    return found


def _link(_buffer: TextIO, token: Token, argument: str, context: RenderContext) -> str:
    target = _resolve(argument, context).strip()
    url = job_of(context).link(token.value, target)
    if url is None:
        job_of(context).report(*lost(token, f"{token.value}: there is no {target!r} in this site"))
    return url or ""


def _resolve(argument: str, context: RenderContext) -> str:
    """A tag's argument with the values of `{{ … }}` in it."""
    if "{{" not in argument:
        return argument
    buffer = context.get_buffer()
    render_tokens(argument, cast(Context, context), buffer)
    return buffer.getvalue()


class HighlightNode(Node):
    """`{% highlight python %}` … as fenced code."""

    __slots__ = ("block", "language")

    def __init__(self, token: Token, language: str, block: BlockNode) -> None:
        super().__init__(token)
        self.language = language
        self.block = block
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the code between two fences that it cannot close."""
        inner = context.get_buffer(buffer)
        self.block.render(context, inner)
        code = inner.getvalue()
        longest = max((len(run) for run in re.findall("`+", code)), default=0)
        fence = "`" * max(3, longest + 1)
        before, after = "" if code.startswith("\n") else "\n", "" if code.endswith("\n") else "\n"
        return put(context, buffer, self.token, f"{fence}{self.language}{before}{code}{after}{fence}", 1)


class HighlightTag(Tag):
    """Jekyll's tag for code."""

    name = "highlight"
    end = "endhighlight"

    def parse(self, stream: TokenStream) -> Node:
        """Parse the language and the code."""
        token = stream.eat(TOKEN_TAG)
        language = ""
        if stream.current.kind == TOKEN_EXPRESSION:
            found = re.match(r"[a-zA-Z0-9.+#_-]+", next(stream).value)
            language = found.group().lower() if found else ""
        block = get_parser(self.env).parse_block(stream, frozenset((self.end, TOKEN_EOF)))
        stream.expect(TOKEN_TAG, value=self.end)
        return HighlightNode(token, language, block)


# ---------------------------------------------------------------------------------------------------- environment


@with_context
def _relative_url(value: Any, *, context: RenderContext) -> str:
    site = context.globals.get("site")
    base = str(site.get("baseurl") or "").strip("/") if isinstance(site, Mapping) else ""
    path = iri_to_uri(str(value))
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", path):
        return path
    return ("/" + base if base else "") + (path if path.startswith("/") or not path else "/" + path)


@with_context
def _absolute_url(value: Any, *, context: RenderContext) -> str:
    site = context.globals.get("site")
    home = str(site.get("url") or "").rstrip("/") if isinstance(site, Mapping) else ""
    path = str(_relative_url(value, context=context))
    return home + path if path.startswith("/") else path


@with_context
def _where_exp(values: Any, name: str, condition: str, *, context: RenderContext) -> list[Any]:
    token = Token(TOKEN_EXPRESSION, str(condition)[:500], 0, str(condition)[:500])
    expression = BooleanExpression.parse(context.env, TokenStream(tokenize(token.value, token)))
    kept = []
    for item in values if isinstance(values, list) else []:
        cast(Context, context).raise_for_loop_limit()
        with context.extend({str(name): item}):
            if expression.evaluate(context):
                kept.append(item)
    return kept


def environment() -> Environment:
    """Liquid 4 as Jekyll uses it: its tags and filters, and nothing that needs a clock or a loader."""
    env = Environment(strict_filters=True)
    env.suppress_blank_control_flow_blocks = False  # Liquid 4 keeps their white space, and lines stay in step
    for name in "liquid echo render doc macro call #".split():
        env.tags.pop(name, None)
    for tag in (TextTag, ValueTag, UnknownTag, HighlightTag):
        env.add_tag(tag)
    for name in ("include", "include_relative"):
        env.add_tag(_call(name, _include))
    for name in ("link", "post_url"):
        env.add_tag(_call(name, _link))
    env.filters["relative_url"] = _relative_url
    env.filters["url"] = _relative_url  # Eleventy's name for it
    env.filters["absolute_url"] = _absolute_url
    env.filters["where_exp"] = _where_exp
    _liquid_filters.register(env)
    return env


def _shown(token: Token) -> str:
    return " ".join(token.value.split())[:80]
