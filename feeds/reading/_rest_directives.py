"""Directives and roles that docutils does not know, or must not run, while one text is parsed.  Private to reading.

docutils keeps them in registries of the whole process: `lenient` lends them ours and puts everything back.
https://docutils.sourceforge.io/docs/howto/rst-directives.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from msgspec import Struct, field

from feeds.reading.rest import CODE, REFUSED, SILENT, Post

MOST_NAMES = 300  # of directives and roles in one text

_DIRECTIVE = re.compile(
    r"^[ \t]*\.\.[ \t]+(?:\|[^|\n]{1,80}\|[ \t]+)?([\w][\w:.+-]{0,60}?)[ \t]?::(?=\s|$)", re.MULTILINE
)
_ROLE = re.compile(r":([\w][\w:.+-]{0,60}):`|`:([\w][\w:.+-]{0,60}):")
_TITLED = re.compile(r"(.*?)\s*<([^<>]+)>", re.DOTALL)
_TEXT_ROLES = frozenset("abbr command dfn file guilabel kbd mailheader makevar menuselection program samp term".split())
_LOCK = RLock()


class Found(Struct):
    """What the directives of one text leave behind; `address` answers what :doc: and :ref: lead to."""

    address: Callable[[str, str], str]
    dropped: dict[str, int] = field(default_factory=dict)  # name → its first line
    posts: list[Post] = field(default_factory=list)


class _AnyOption(dict[str, Callable[[str], Any]]):
    """An option_spec that takes every option as it is written."""

    def __missing__(self, key: str) -> Callable[[str], Any]:
        return directives.unchanged


class _Lenient(Directive):
    """A directive with any argument and any options."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _AnyOption({"class": directives.unchanged})

    @property
    def found(self) -> Found:
        found: Found = self.state.document.settings.found
        return found

    def children(self) -> list[nodes.Node]:
        """The content as text."""
        holder = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, holder)
        return list(holder.children)


class _Prose(_Lenient):
    def run(self) -> list[nodes.Node]:
        """The content of a directive nobody knows; without any the directive is dropped."""
        if not self.content:
            self.found.dropped.setdefault(self.name, self.lineno)
        if self.name != "abstract":
            return self.children()
        title = nodes.title("Abstract", "Abstract")
        title.line = self.lineno + 1
        return [nodes.topic("", title, *self.children(), classes=["abstract"])]


class _Silent(_Lenient):
    def run(self) -> list[nodes.Node]:
        """Nothing."""
        return []


class _Refused(_Lenient):
    def run(self) -> list[nodes.Node]:
        """Nothing, and its name among those dropped."""
        self.found.dropped.setdefault(self.name, self.lineno)
        return []


class _Code(_Lenient):
    def run(self) -> list[nodes.Node]:
        """A block of code, its language as a class."""
        language = self.arguments[0].split()[0] if self.arguments else ""
        text = "\n".join(self.content)
        block = nodes.literal_block(text, text, classes=["code", *([language] if language else [])])
        block.line = self.lineno
        return [block]


class _Math(_Lenient):
    def run(self) -> list[nodes.Node]:
        """Formulas: the argument and each block of the content."""
        text = "\n".join([*self.arguments, "", *self.content])
        formulas = [f.strip() for f in re.split(r"\n[ \t]*\n", text) if f.strip()]
        blocks = [nodes.math_block(f, f) for f in formulas]
        for block in blocks:
            block.line = self.lineno
        return list(blocks)


class _Post(_Lenient):
    def run(self) -> list[nodes.Node]:
        """The excerpt that a post of ABlog may have as content."""
        argument = " ".join(" ".join(self.arguments).split())
        options = {str(k): str(v or "") for k, v in self.options.items()}
        self.found.posts.append(Post(argument, options, self.lineno))
        return [] if "exclude" in options else self.children()


def _directive(name: str) -> type[Directive] | None:
    """What runs for a name; None for docutils' own."""
    if name == "post":
        return _Post
    if name == "math":
        return _Math
    for names, kind in ((CODE, _Code), (SILENT, _Silent), (REFUSED, _Refused)):
        if name in names:
            return kind
    if name in directives._directive_registry:  # type: ignore[attr-defined]
        return None
    return _Prose


def _role(
    name: str,
    _rawtext: str,
    text: str,
    _lineno: int,
    inliner: Any,
    _options: dict[str, Any] | None = None,
    _content: list[str] | None = None,
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """The words of a role nobody knows; of :doc: and :ref: with the address of what they lead to."""
    text = nodes.unescape(text)
    titled = _TITLED.fullmatch(text)
    shown, target = (titled[1], titled[2]) if titled else (text, text)
    base = name.rpartition(":")[2].lower()
    if base in _TEXT_ROLES:
        shown = re.sub(r"\s*\([^()]*\)$", "", text) if base == "abbr" else shown
        return [nodes.Text(shown)], []
    if not titled and shown.startswith("~"):
        shown = shown.rpartition(".")[2].lstrip("~")
    shown = shown.rpartition("/")[2] if base == "doc" and not titled else shown.lstrip("!")
    url = inliner.document.settings.found.address(base, target)
    if url:
        return [nodes.reference(shown, shown, refuri=url)], []
    return [nodes.Text(shown)], []


@contextmanager
def lenient(text: str) -> Iterator[None]:
    """Have every directive and role of `text` understood, as docutils parses it; afterwards nothing is left of it."""
    directive_names = {n.lower() for n in _DIRECTIVE.findall(text)}
    role_names = {(a or b).lower() for a, b in _ROLE.findall(text)}
    with _LOCK:
        before = dict(directives._directives), dict(roles._roles)  # type: ignore[attr-defined]
        try:
            for name in sorted(directive_names | REFUSED | {"date"})[:MOST_NAMES]:
                if kind := _directive(name):
                    directives.register_directive(name, kind)
            for name in sorted(role_names - set(roles._role_registry))[:MOST_NAMES]:  # type: ignore[attr-defined]
                roles.register_local_role(name, _role)  # type: ignore[arg-type]  # roles of text alone
            yield
        finally:
            for registry, kept in zip((directives._directives, roles._roles), before, strict=True):  # type: ignore[attr-defined]
                registry.clear()
                registry.update(kept)
