"""Which configured places are repositories, and which of them git may be sent to.  Private."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from feeds.errors import SourceError
from feeds.text import is_web

FORGES = frozenset("github.com gitlab.com codeberg.org bitbucket.org gitee.com git.sr.ht".split())
FORGE_NAMES = frozenset({"gitlab", "gitea", "forgejo"})  # gitlab.example.org
_SCHEMES = frozenset({"ssh", "git", "git+ssh", "ssh+git", "file"})
_AT_HOST = re.compile(r"[\w.][\w.-]{0,99}@(\[[0-9a-fA-F:]+\]|[\w.][\w.-]{0,255}):(?!:)(.+)")
_FEED = (".atom", ".rss", ".xml", ".json")


def is_repository(place: str) -> bool:
    """Does a configured place name a repository, rather than a folder, a file or a feed?

    Addresses of ssh, git and file do, https only where it ends in `.git` or is OWNER/NAME at a known forge, and a path
    when a bare repository lies there.
    """
    if _AT_HOST.fullmatch(place):
        return True
    scheme = place.partition("://")[0].lower()
    if scheme in _SCHEMES and "://" in place:
        return True
    return _is_web_repository(place) if is_web(place) else _is_bare(place)


def _is_web_repository(url: str) -> bool:
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if parts.query or parts.fragment:
        return False
    return path.endswith(".git") or (
        _is_forge(parts.hostname or "")
        and len([p for p in path.split("/") if p]) == 2
        and not path.lower().endswith(_FEED)
    )


def _is_forge(host: str) -> bool:
    return host.removeprefix("www.") in FORGES or host.split(".")[0] in FORGE_NAMES


def _is_bare(place: str) -> bool:
    folder = Path(place)
    try:
        return (folder / "HEAD").is_file() and all((folder / name).is_dir() for name in ("objects", "refs"))
    except (OSError, ValueError):
        return False


def shown(place: str) -> str:
    """The address without what only its owner should see: names and passwords before the host of a URL."""
    return re.sub(r"(?<=://)[^/@\s]{1,4000}@", "", place)


def address(place: str, *, allow_private: bool) -> str:
    """The address to give to git.  Raises SourceError for one that git must not be sent to."""
    if not place or re.match(r"-|[\w+.-]{0,100}::", place) or re.search(r"[\x00-\x1f\x7f]", place):
        raise _refused(place, "is no address of a repository", "write https://…, ssh://…, git@host:path or a path")
    at_host = _AT_HOST.fullmatch(place)
    if "://" not in place and not at_host:
        return str(Path(place).absolute())
    scheme, host = ("ssh", at_host[1]) if at_host else _split(place)
    if scheme not in {*_SCHEMES, "https", "http"}:
        raise _refused(place, f"git is not sent to {scheme}:// addresses", "use https, ssh, git or file")
    if scheme == "file":
        return place
    if not host or host.startswith("-"):
        raise _refused(place, "has no host", "write https://host/owner/name.git")
    if not allow_private:
        _require_public(place, host.strip("[]"))
    return _served(place)


def _split(place: str) -> tuple[str, str]:
    try:
        parts = urlsplit(place)
        return parts.scheme.lower(), parts.hostname or ""
    except ValueError as error:
        raise _refused(place, "is no address", "write https://host/owner/name.git") from error


def _served(place: str) -> str:
    """At a forge with `.git` at its end: GitLab answers the bare name with a redirect."""
    parts = urlsplit(place) if is_web(place) else None
    if parts and _is_forge(parts.hostname or "") and parts.hostname != "git.sr.ht" and not parts.query:
        return place.rstrip("/").removesuffix(".git") + ".git"
    return place


def _require_public(place: str, host: str) -> None:
    """Refuse a host in a private network; one that has no address here may be a name of ssh's or a proxy's own."""
    from feeds._http import is_public, resolve

    try:
        known = resolve(host, 0)
    except (OSError, UnicodeError):
        return
    if not all(is_public(ip) for ip in known):
        raise _refused(place, "is in a private network", "set `allow_private: true` if that is meant")


def _refused(place: str, message: str, hint: str) -> SourceError:
    return SourceError(message, where=shown(place)[:200], hint=hint)
