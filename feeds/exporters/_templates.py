"""Pages from Jinja2 templates: ours, and those that a user puts before them.

A template is reached by its name: a user's own of that name, else ours; "feeds/<name>" is ours always, so that a user's
page.html.jinja can begin with `{% extends "feeds/page.html.jinja" %}`.  Everything is escaped that does not say it is
HTML, a variable that does not exist is an error, and a user's templates run in Jinja2's sandbox: they can read what
they get, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from feeds.errors import TemplateError

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    Source = tuple[str, str, Callable[[], bool]]  # text, name for errors, is it still so?

OURS = "feeds/"
# What XML allows and HTML does not: DEL, C1 controls, noncharacters (HTML Living Standard, 13.2.3.5); in UTF-8.
_ILLEGAL = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xef\xb7[\x90-\xaf]|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]")
_OF_OURS = re.compile(r"'feeds\.[\w.]+ object'")
_ASCII = bytes(range(0x20, 0x7F)) + b"\t\n\r"
_HINT = "docs/pages.md lists what a template gets; without this file ours is taken"


def render(name: str, templates: Mapping[str, str], **values: Any) -> bytes:
    """The page that template `name` makes of `values`.

    `templates` are the user's: path of each file → its text.  Raises TemplateError for what is wrong in one of them.
    """
    own = tuple(templates.items())
    try:
        body = _template(name, own).render(values).encode()
    except Exception as error:
        line = _line(error, templates)
        if not line:
            raise
        said = _OF_OURS.sub("this", str(error))  # a name of our own helps nobody
        raise TemplateError(f"{type(error).__name__}: {said}", where=line, hint=_HINT) from None
    is_sound = not _ILLEGAL.search(body.translate(None, _ASCII))  # a page is nearly all ASCII: so it is soon known
    return body if is_sound else _ILLEGAL.sub("\ufffd".encode(), body)


@lru_cache(maxsize=64)
def _template(name: str, own: tuple[tuple[str, str], ...]) -> Template:
    return _environment(own).get_template(name)


@lru_cache(maxsize=8)
def _environment(own: tuple[tuple[str, str], ...]) -> Environment:
    from jinja2 import Environment, FunctionLoader, PackageLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    ours = PackageLoader("feeds.exporters")
    theirs = {path.rpartition("/")[2]: (path, text) for path, text in own}

    def load(name: str) -> Source:
        if name in theirs:
            path, text = theirs[name]
            return text, path, lambda: True
        text, _, _ = ours.get_source(environment, name.removeprefix(OURS))
        return text, name, lambda: True

    kind = ImmutableSandboxedEnvironment if own else Environment  # ours need no watching, and take half the time
    environment = kind(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    script, _, _ = ours.get_source(environment, "copy.js")
    environment.globals["copy_script"] = script
    environment.globals["copy_script_hash"] = _hash(script)
    return environment


def _hash(script: str) -> str:
    """A script as a Content-Security-Policy names it (CSP 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _line(error: Exception, templates: Mapping[str, str]) -> str:
    """The innermost line of a user's template at which `error` arose, as "path:line"; "" when it is none of theirs."""
    if getattr(error, "filename", None) in templates:
        return f"{getattr(error, 'filename', '')}:{getattr(error, 'lineno', 1)}"
    found, trace = "", error.__traceback__
    while trace:
        path = trace.tb_frame.f_code.co_filename
        found = f"{path}:{trace.tb_lineno}" if path in templates else found
        trace = trace.tb_next
    return found
