"""reStructuredText → HTML, the fields above the text, and the text as Markdown for those who look for facts in it.

docutils reads it, with nothing but the text at hand: no file is inserted, no raw HTML, no configuration, no clock. What
Sphinx, ABlog and Pelican add is understood as far as it is text: what is not is named in `Document.dropped`.
https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct

MAX_CHARACTERS = 400_000
MAX_LINE = 10_000

# Directives that are neither text nor lost: navigation, indexes, settings of the page.
SILENT = frozenset(
    """contents sectnum index toctree highlight currentmodule module py:module py:currentmodule default-domain meta
    tabularcolumns title section-numbering header footer default-role postlist target-notes
    tags tableofcontents""".split()
)
# Those that stand for text, data or code from elsewhere, or for what the clock says.
REFUSED = frozenset("include raw literalinclude date bibliography unfold".split())
CODE = frozenset("code code-block sourcecode ipython doctest testcode testoutput prompt code-cell".split())

_INDENTED = re.compile(r"^[ \t]{121,}", re.MULTILINE)  # each step of indentation nests a quotation
_FIELD = re.compile(r"^:([^:\n]{1,80}):(?:\s|$)")
_CODE = re.compile(r'<pre class="code ([\w+#-]{1,40}) literal-block"><code>')
_DEEPEST_SUBSTITUTION = 20
_NOTES = 5


class Unreadable(ValueError):
    """The text cannot be read at all; the message says why."""


class Post(Struct, frozen=True):
    """A `.. post::` directive of ABlog: its argument, its options, and its line, from 1."""

    argument: str
    options: dict[str, str]
    line: int


class Document(Struct, frozen=True, kw_only=True):
    """A text taken apart."""

    title: str = ""  # plain text: of the document, else its first heading
    title_html: str = ""  # of the document, as docutils writes it; "" when it has none of its own
    fields: dict[str, str | list[str]] = {}  # of the docinfo: names in lower case, `authors` as a list
    field_lines: dict[str, int] = {}
    html: str = ""  # without title and fields; not yet clean
    body: str = ""  # Markdown
    lines: tuple[int, ...] = ()  # for each line of body that of the text, from 1
    posts: tuple[Post, ...] = ()
    dropped: dict[str, int] = {}  # directives whose content is not in the text → the first line of each
    notes: tuple[tuple[int, str], ...] = ()  # what docutils says of the text: line and message


def read(text: str, address: Callable[[str, str], str] = lambda _role, _target: "") -> Document:
    """Take a text apart.  `address` says where a role such as :doc: leads.  Raises Unreadable."""
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"more than {MAX_CHARACTERS:,} characters of reStructuredText")
    if _INDENTED.search(text):
        text = _INDENTED.sub(" " * 120, text)
    try:
        return _read(text, address)
    except Unreadable:
        raise
    except RecursionError as error:
        raise Unreadable("nested too deeply") from error
    except Exception as error:  # docutils has no error of its own for what it does not expect
        raise Unreadable(f"docutils: {type(error).__name__}") from error


def _read(text: str, address: Callable[[str, str], str]) -> Document:
    from docutils import nodes
    from docutils.utils import new_document
    from docutils.writers import html5_polyglot

    from feeds.reading import _rest_directives, _rest_markdown

    found = _rest_directives.Found(address)
    notes: list[tuple[int, str]] = []
    writer = html5_polyglot.Writer()
    settings = _settings(writer)
    settings.found = found
    document = new_document("", settings)
    document.reporter.attach_observer(lambda message: _note(message, notes))
    with _rest_directives.lenient(text):
        _parse(text, document, writer)
    _tidy(document)
    fields = _fields(document)
    rows = _rest_markdown.rows(document)
    _for_html(document)
    parts = _html(document, writer)
    title = document.next_node(nodes.title)
    return Document(
        title=title.astext() if title else "",
        title_html=str(parts["title"]),
        fields=fields,
        field_lines=_field_lines(text, fields),
        html=_CODE.sub(r'<pre><code class="language-\1">', str(parts["body"])),
        body="\n".join(row for row, _ in rows),
        lines=tuple(line for _, line in rows) or (1,),
        posts=tuple(found.posts),
        dropped=found.dropped,
        notes=tuple(notes[:_NOTES]),
    )


def _settings(writer: Any) -> Any:
    """docutils' defaults, never those of a file, without anything that reaches out of the text."""
    from docutils.frontend import get_default_settings
    from docutils.parsers.rst import Parser
    from docutils.readers.standalone import Reader

    settings = get_default_settings(Reader, Parser, writer)
    wanted = {
        "_disable_config": True,
        "doctitle_xform": True,
        "embed_stylesheet": False,
        "file_insertion_enabled": False,
        "halt_level": 5,
        "initial_header_level": 2,
        "line_length_limit": MAX_LINE,
        "math_output": "LaTeX",
        "raw_enabled": False,
        "report_level": 5,
        "sectsubtitle_xform": False,
        "smart_quotes": False,
        "stylesheet_path": None,
        "syntax_highlight": "none",
        "warning_stream": "",
    }
    for name, value in wanted.items():
        setattr(settings, name, value)
    return settings


def _parse(text: str, document: Any, writer: Any) -> None:
    from docutils.parsers.rst import Parser
    from docutils.readers.standalone import Reader

    parser = Parser()
    parser.parse(text, document)
    _measure(document)
    document.transformer.populate_from_components((Reader(parser), parser, writer))
    document.transformer.apply_transforms()


def _measure(document: Any) -> None:
    """Refuse substitutions of substitutions that, written out, would never end or fill the memory."""
    from docutils import nodes

    definitions = {name.lower(): node for name, node in document.substitution_defs.items()}
    sizes: dict[str, int] = {}

    def size(node: Any, depth: int) -> int:
        names = [r["refname"].lower() for r in node.findall(nodes.substitution_reference) if "refname" in r]
        return len(node.astext()) + sum(size_of(name, depth + 1) for name in names)

    def size_of(name: str, depth: int) -> int:
        if depth > _DEEPEST_SUBSTITUTION:
            raise Unreadable("substitutions nested too deeply")
        if name not in sizes:
            sizes[name] = size(definitions[name], depth) if name in definitions else 0
        return sizes[name]

    if definitions and size(document, 0) > 2 * MAX_CHARACTERS:
        raise Unreadable("substitutions too large once they are written out")


def _tidy(document: Any) -> None:
    """What failed becomes the words that were written; pictures are named, never opened."""
    from docutils import nodes

    for node in list(document.findall(nodes.problematic)):
        node.replace_self(nodes.Text(node.astext()))
    for node in list(document.findall(nodes.system_message)):
        node.parent.remove(node)
    for node in document.findall(nodes.image):
        for option in ("loading", "scale"):
            node.attributes.pop(option, None)


def _for_html(document: Any) -> None:
    """Formulas as TeX between \\(…\\) or \\[…\\], code in <code>: what the rest of the house has of Markdown."""
    from docutils import nodes

    for node in list(document.findall(nodes.math)):
        node.replace_self(nodes.Text(rf"\({node.astext()}\)"))
    for node in list(document.findall(nodes.math_block)):
        text = rf"\[{node.astext()}\]"
        node.replace_self(nodes.paragraph(text, text))
    for node in document.findall(nodes.literal):
        node["classes"] = ["code"]


def _html(document: Any, writer: Any) -> dict[str, Any]:
    from docutils.io import StringOutput

    writer.write(document, StringOutput(encoding="unicode"))
    writer.assemble_parts()
    parts: dict[str, Any] = writer.parts
    return parts


def _note(message: Any, notes: list[tuple[int, str]]) -> None:
    """Keep what docutils reports from a warning on: the first line of each."""
    if message["level"] >= 2 and message.children:
        notes.append((message.get("line") or 0, " ".join(message.children[0].astext().split())[:200]))


def _fields(document: Any) -> dict[str, str | list[str]]:
    from docutils import nodes

    fields: dict[str, str | list[str]] = {}
    for docinfo in document.findall(nodes.docinfo):
        for element in docinfo.children:
            if isinstance(element, nodes.field):
                fields[element[0].astext().lower()] = element[1].astext()
            elif isinstance(element, nodes.authors):
                fields["authors"] = [author.astext() for author in element.children]
            else:
                fields[element.tagname] = element.astext()
    return fields


def _field_lines(text: str, fields: dict[str, Any]) -> dict[str, int]:
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        found = _FIELD.match(line)
        if found and found[1].lower() in fields:
            lines.setdefault(found[1].lower(), number)
        if len(lines) == len(fields):
            break
    return lines
