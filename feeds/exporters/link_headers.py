"""Files for web servers that send Signposting in the header, and the media type of everything that is published.

RFC 8288 (Link), https://signposting.org/FAIR/; https://nginx.org/en/docs/http/ngx_http_map_module.html,
https://caddyserver.com/docs/caddyfile/directives/map, https://docs.netlify.com/routing/headers/.  docs/deploy.md says
where each file goes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from feeds.exporters import _signposting as signposting
from feeds.model import Artifact, Catalog, Exporter, Row, Site
from feeds.text import address, essence, iri_to_uri, is_web

TEXT = "text/plain; charset=utf-8"
Server = Literal["nginx", "caddy", "netlify"]

# Ending of what is published → its media type; the longest ending counts.
TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".rdf": "application/rdf+xml; charset=utf-8",
    ".jsonld": "application/ld+json",
    ".csl.json": "application/vnd.citationstyles.csl+json",
    ".datacite.json": "application/vnd.datacite.datacite+json",
    ".linkset.json": "application/linkset+json",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
}

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which servers."""

    servers: tuple[Server, ...] = ("nginx", "caddy")


def types(catalog: Catalog) -> list[tuple[str, str]]:
    """Ending of a published file and its media type, longer endings first; JSON Feeds by their whole name."""
    feeds = {f"/{artifact.path.rpartition('/')[2]}": artifact.media_type for _, artifact in catalog.feeds}
    own = {name: media_type for name, media_type in feeds.items() if not name.endswith(tuple(TYPES))}
    return sorted((TYPES | own).items(), key=lambda pair: (-len(pair[0]), pair[0]))


def headers(catalog: Catalog, site: Site) -> dict[str, str]:
    """Path of each work's page as a browser asks for it, decoded → the value of its Link header."""
    found: dict[str, str] = {}
    hosts = {urlsplit(site.url).netloc, urlsplit(site.feeds_url).netloc}
    for row in catalog.rows:
        page = _page(row, site)
        if is_web(page) and urlsplit(page).netloc in hosts:
            value = signposting.header(signposting.of_row(row, site))
            path = unquote(urlsplit(page).path) or "/"
            if value and not urlsplit(page).fragment and not _CONTROL.search(path):
                found.setdefault(path, value)
    return dict(sorted(found.items()))


def _page(row: Row, site: Site) -> str:
    """The page about a work: one of ours where there is one."""
    own = (address(site.feeds_url, path) for path, media_type in row.exports if essence(media_type) == "text/html")
    return next(own, row.url)


# ---------------------------------------------------------------------------------------------------- nginx


def nginx_http(found: Mapping[str, str]) -> str:
    """For the context `http`: the header of each page, under every name that nginx may know its file by."""
    named = [(name, value) for path, value in found.items() for name in _names(path)]
    number = Counter(name.casefold() for name, _ in named)
    lines = "".join(
        f'    "{_nginx_key(name, exact=number[name.casefold()] == 1)}" "{_nginx_value(value)}";\n'
        for name, value in named
    )
    sizes = f"map_hash_bucket_size 1024;\nmap_hash_max_size {max(2048, 2 * len(named))};\n"
    return f'{sizes}map $uri $feeds_link {{\n    default "";\n{lines}}}\n'


def _nginx_key(name: str, exact: bool) -> str:
    """What `map` compares.  It does not tell upper case from lower, except in a regular expression."""
    return _escaped(name if exact else f"~^{re.escape(name)}$")


def _names(path: str) -> tuple[str, ...]:
    """The path asked for, and those of the file that it may lead to."""
    if path.endswith("/"):
        return path, f"{path}index.html"
    return (path,) if path.endswith((".html", ".htm")) else (path, f"{path}.html", f"{path}/index.html")


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _nginx_value(value: str) -> str:
    return _escaped(value.replace("$", "%24"))  # "$" would begin the name of a variable


def nginx_server(known: Sequence[tuple[str, str]]) -> str:
    """For the context `server`: sends the headers, and the media types."""
    locations = "".join(
        f'location ~ "{_escaped(re.escape(ending))}$" {{\n    types {{}}\n'
        f"    default_type {essence(media_type)};\n"
        + ("    charset utf-8;\n    charset_types *;\n" if "charset" in media_type else "")
        + "}\n"
        for ending, media_type in known
    )
    return f"add_header Link $feeds_link;\n{locations}"


# ---------------------------------------------------------------------------------------------------- Caddy, Netlify


def caddy(found: Mapping[str, str], known: Sequence[tuple[str, str]]) -> str:
    """For a site block: sends the headers, and the media types."""
    lines = "".join(
        f"    {_caddy_word(name)} {_caddy_word(value)}\n" for path, value in found.items() for name in _names(path)
    )
    matched = "".join(
        f'@feeds_type{n} path {_caddy_word("*" + ending)}\nheader @feeds_type{n} Content-Type "{media_type}"\n'
        for n, (ending, media_type) in enumerate(known)
    )
    return (
        f'map {{http.request.orig_uri.path}} {{feeds_link}} {{\n{lines}    default ""\n}}\n'
        f'@feeds_link not vars {{feeds_link}} ""\nheader @feeds_link +Link {{feeds_link}}\n{matched}'
    )


def _caddy_word(value: str) -> str:
    """A word of a Caddyfile that holds no placeholder."""
    return '"' + _escaped(value).replace("{", "%7B").replace("}", "%7D") + '"'


def netlify(found: Mapping[str, str], known: Sequence[tuple[str, str]]) -> str:
    """A file `_headers`, as Netlify and Cloudflare Pages read it."""
    endings = [(f"/*{ending}", media_type) for ending, media_type in known]
    endings += [(ending, media_type) for ending, media_type in known if ending.startswith("/")]
    matched = "".join(f"{iri_to_uri(pattern)}\n  Content-Type: {media_type}\n" for pattern, media_type in endings)
    return matched + "".join(f"{iri_to_uri(path)}\n  Link: {value}\n" for path, value in found.items())


# ---------------------------------------------------------------------------------------------------- the exporter


def _render(catalog: Catalog, site: Site, options: Options) -> Iterator[Artifact]:
    found, known = headers(catalog, site), types(catalog)
    files = {
        "nginx": (("headers/nginx-http.conf", nginx_http(found)), ("headers/nginx-server.conf", nginx_server(known))),
        "caddy": (("headers/Caddyfile", caddy(found, known)),),
        "netlify": (("_headers", netlify(found, known)),),
    }
    for server in dict.fromkeys(options.servers):
        for path, body in files[server]:
            yield Artifact(path=path, media_type=TEXT, body=body.encode(), title=f"Headers for {server}")


EXPORTER = Exporter(
    name="link-headers",
    description="Link headers and media types for nginx, Caddy, Netlify",
    media_type=TEXT,
    scope="site",
    options=Options,
    render=_render,
)
