"""The shortcodes that Hugo and Hugo Blox bring along, and many themes: what a reader of the page would see.

https://gohugo.io/shortcodes/ · https://docs.hugoblox.com/reference/markdown/
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from feeds.reading import body as markdown
from feeds.text import is_web, squeeze


class Asked(Struct, frozen=True, kw_only=True):
    """What shortcodes may ask of the page they stand on."""

    base: str  # address of the site, without a final slash
    values: Mapping[str, Any]  # front matter, keys in lower case
    site: Mapping[str, Any]  # params of the site
    link: Callable[[str, str], str]  # a reference, a language or "" → the page's address, "" when there is none
    person: Callable[[str], str]  # handle → name
    file: Callable[[str], str]  # name of a file beside the page → its address, "" when it is not there


class Tag(Struct, frozen=True):
    """A shortcode as written."""

    name: str
    args: tuple[str, ...]
    named: dict[str, str]

    def get(self, *keys: str) -> str:
        """The first named argument that is there."""
        return next((self.named[k] for k in keys if self.named.get(k)), "")

    def first(self, *keys: str) -> str:
        """The first named argument that is there, else the first argument."""
        return self.get(*keys) or (self.args[0] if self.args else "")


def _figure(tag: Tag, asked: Asked) -> str:
    source = tag.first("src")
    if not source:
        return ""
    source = asked.file(source) or source
    picture = f'<img src="{html.escape(source)}" alt="{html.escape(squeeze(tag.get("alt", "caption", "title")))}">'
    if link := tag.get("link"):
        picture = f'<a href="{html.escape(link)}">{picture}</a>'
    title = f"<strong>{html.escape(tag.get('title'))}</strong>" if tag.get("title") else ""
    caption = f"{title} {_inline(tag.get('caption'))}".strip()
    return f"<figure>{picture}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def _inline(text: str) -> str:
    """Markdown on one line as HTML."""
    rendered = markdown.to_html(squeeze(text)).strip() if text else ""
    return squeeze(rendered.removeprefix("<p>").removesuffix("</p>"))


def _address(pattern: str, *keys: str) -> Callable[[Tag, Asked], str]:
    """A link to what another site shows."""

    def render(tag: Tag, _asked: Asked) -> str:
        value = tag.first(*keys)
        url = value if is_web(value) else pattern.format(quote(value, safe="/"))
        return f"<{url}>" if value and not any(c in url for c in "<> \n") else ""

    return render


def _gist(tag: Tag, _asked: Asked) -> str:
    return f"<https://gist.github.com/{quote(tag.args[0])}/{quote(tag.args[1])}>" if len(tag.args) > 1 else ""


def _tweet(tag: Tag, _asked: Asked) -> str:
    number = tag.first("id")
    return f"<https://x.com/{quote(tag.get('user') or 'i')}/status/{number}>" if number.isdigit() else ""


def _ref(tag: Tag, asked: Asked) -> str:
    return asked.link(tag.first("path"), tag.get("lang"))


def _param(tag: Tag, asked: Asked) -> str:
    for values in (asked.values, asked.site):
        value: Any = values
        for part in tag.first("name").lower().split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value)
    return ""


def _mention(tag: Tag, asked: Asked) -> str:
    handle = tag.first("user", "username")
    return asked.person(handle) or handle


def _cite(tag: Tag, asked: Asked) -> str:
    page = tag.first("page", "path")
    url = asked.link(page, "")
    name = page.rstrip("/").rpartition("/")[2]
    return f"[{name}]({url})" if url else name


def _button(tag: Tag, _asked: Asked) -> str:
    url, label = tag.get("url", "href", "link"), tag.get("text", "label") or (tag.args[0] if tag.args else "")
    return f"[{label or url}]({url})" if url else label


ALONE: dict[str, Callable[[Tag, Asked], str]] = {
    "figure": _figure,
    "img": _figure,
    "image": _figure,
    "ref": _ref,
    "relref": _ref,
    "param": _param,
    "youtube": _address("https://www.youtube.com/watch?v={}", "id"),
    "youtube-lite": _address("https://www.youtube.com/watch?v={}", "id"),
    "vimeo": _address("https://vimeo.com/{}", "id"),
    "instagram": _address("https://www.instagram.com/p/{}/", "id"),
    "bilibili": _address("https://www.bilibili.com/video/{}", "id"),
    "speakerdeck": _address("https://speakerdeck.com/player/{}", "id"),
    "gist": _gist,
    "tweet": _tweet,
    "twitter": _tweet,
    "x": _tweet,
    "mention": _mention,
    "cite": _cite,
    "button": _button,
    "cta": _button,
}


# ------------------------------------------------------------------------------------------------------ around text


def _quoted(_tag: Tag, _asked: Asked, _inner: str) -> tuple[str, str]:
    return "\n<blockquote>\n\n", "\n\n</blockquote>\n"


def _quote_by(tag: Tag, asked: Asked, inner: str) -> tuple[str, str]:
    opening, closing = _quoted(tag, asked, inner)
    by = tag.get("author", "by", "source", "cite")
    return opening, f"\n\n— {by}{closing}" if by else closing


def _details(tag: Tag, _asked: Asked, _inner: str) -> tuple[str, str]:
    summary = tag.get("summary", "title", "label") or " ".join(tag.args)
    return f"\n**{summary}**\n\n" if summary else "", "\n"


def _code(tag: Tag, _asked: Asked, inner: str) -> tuple[str, str]:
    fence = "~~~~~~" if "```" in inner else "```"
    language = tag.first("lang").split(" ")[0]
    opening = f"\n{fence}{language}" + ("" if inner.startswith("\n") else "\n")
    return opening, ("" if inner.endswith("\n") else "\n") + f"{fence}\n"


def _link(tag: Tag, _asked: Asked, inner: str) -> tuple[str, str]:
    url = tag.first("url", "href", "link")
    url = url if is_web(url) or url.startswith(("/", "#", "mailto:")) else f"/{url}"
    return ("[", f"]({url})") if url and inner.strip() and "\n" not in inner.strip() else ("", "")


def _static(tag: Tag, asked: Asked, inner: str) -> tuple[str, str]:
    return ("[", f"]({asked.base}/{quote(tag.args[0].lstrip('/'))})") if tag.args and inner.strip() else ("", "")


def _inner(_tag: Tag, _asked: Asked, _inner: str) -> tuple[str, str]:
    return "", ""


_BOXES = "callout alert notice admonition hint note tip warning info attention important caution danger"
_KEPT = "math katex latex hl em rawhtml center columns column row col tabs tab steps cards card table-wrap small"

AROUND: dict[str, Callable[[Tag, Asked, str], tuple[str, str]]] = {
    **dict.fromkeys(_BOXES.split(), _quoted),
    **dict.fromkeys("quote blockquote epigraph".split(), _quote_by),
    **dict.fromkeys("details expand collapse spoiler accordion toggle".split(), _details),
    **dict.fromkeys("button cta".split(), _link),
    **dict.fromkeys(_KEPT.split(), _inner),
    "highlight": _code,
    "staticref": _static,
}

REFERENCES = frozenset({"ref", "relref"})

# What shows nothing that a reader would miss.
SILENT = frozenset("icon toc br clear clearfix newline spacer comment".split())
