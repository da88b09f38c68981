"""Checkouts of repositories: kept up to date, never mixed up, and never made to run anything."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from feeds import git
from feeds.errors import SourceError
from feeds.git import _checkout, _places, _program
from repositories import Repository, day


@pytest.fixture(autouse=True)
def _nobodys_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "lab")
    made.commit({"a.md": "one", "b/c.md": "one"}, date="2020-01-01")
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "work" / "lab"


def files(folder: Path) -> dict[str, str]:
    """What lies in a checkout, but for its .git."""
    found = (file for file in folder.rglob("*") if file.is_file() and ".git" not in file.relative_to(folder).parts)
    return {file.relative_to(folder).as_posix(): file.read_bytes().decode() for file in found}


# ----------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "place",
    [
        "https://github.com/lantern-lab/site",
        "https://github.com/lantern-lab/site/",
        "https://www.github.com/lantern-lab/site.git",
        "https://gitlab.com/lantern-lab/site",
        "https://gitlab.example.org/lantern-lab/site",
        "https://codeberg.org/lantern-lab/lantern.example.org",
        "https://git.sr.ht/~ada/site",
        "https://example.org/any/where/site.git",
        "http://example.org/site.git/",
        "ssh://git@example.org:2222/site",
        "git://example.org/site",
        "file:///srv/git/site.git",
        "git@github.com:lantern-lab/site.git",
        "ada@lamp.example.org:site",
        "ada@[::1]:site",
    ],
)
def test_addresses_that_are_repositories(place: str) -> None:
    """Addresses of git, and pages of known forges, name repositories."""
    assert git.is_repository(place)


@pytest.mark.parametrize(
    "place",
    [
        "",
        "site",
        "site.git",
        "../site",
        "/srv/site",
        "https://example.org/feed.xml",
        "https://example.org/lantern-lab/site",
        "https://github.com/lantern-lab",
        "https://github.com/lantern-lab/site/releases.atom",
        "https://github.com/lantern-lab/site/tree/main/docs",
        "https://codeberg.org/lantern-lab/site.rss",
        "https://lantern-lab.github.io/site/feed",
        "https://lantern-lab.gitlab.io/site/feed",
        "https://example.org/site?x=.git",
        "https://[broken/site.git",
        "--upload-pack=touch x",
        "ext::sh -c touch% x",
        "C:\\site",
        "a\0b",
    ],
)
def test_places_that_are_not(place: str) -> None:
    """Folders, files and feeds do not, and nothing that git would take for an option or a command."""
    assert not git.is_repository(place)


def test_bare_repositories_are_known_by_their_files(repository: Repository, tmp_path: Path) -> None:
    """A folder with HEAD, objects and refs is a repository; a work tree is a folder of posts."""
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare"))
    assert git.is_repository(str(tmp_path / "bare"))
    assert not git.is_repository(str(repository.folder))


@pytest.mark.parametrize(
    "address",
    [
        "--upload-pack=touch SPRUNG",
        "-u",
        "ext::sh -c 'touch SPRUNG'",
        "fd::0",
        "EXT::sh",
        "ftp://example.org/site.git",
        "ext://x/y",
        "ssh://-oProxyCommand=touch%20SPRUNG/x",
        "-oProxyCommand=x@host:path",
        "git@-oProxyCommand=touch:path",
        "https://",
        "https://[x/y.git",
        "https://example.org/a\nb.git",
        "",
    ],
)
def test_hostile_addresses_are_refused(address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could be an option, a command or another transport is an error before git sees it."""
    folder.parent.mkdir()
    monkeypatch.chdir(folder.parent)
    with pytest.raises(SourceError):
        git.checkout(address, folder, allow_private=True)
    assert not list(folder.parent.glob("SPRUNG*"))
    assert not folder.exists()


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/x.git", "https://[::1]/x.git", "ssh://git@10.0.0.1/x", "git@192.168.1.1:x", "git://localhost/x"],
)
def test_private_networks_are_refused(address: str, folder: Path) -> None:
    """A host in a private network is asked only when the configuration says so."""
    with pytest.raises(SourceError) as caught:
        git.checkout(address, folder)
    assert "allow_private" in caught.value.hint


def test_addresses_with_credentials_are_not_told() -> None:
    """Messages name the address without user and password."""
    assert _places.shown("https://ada:s3cret@example.org/x.git") == "https://example.org/x.git"
    with pytest.raises(SourceError) as caught:
        _places.address("ftp://ada:s3cret@example.org/x.git", allow_private=True)
    assert "s3cret" not in str(caught.value)


def test_a_host_may_be_a_bare_address() -> None:
    """IPv6 addresses in brackets are hosts, not another transport."""
    assert _places.address("ada@[2606:4700::1111]:site", allow_private=True) == "ada@[2606:4700::1111]:site"
    assert _places.address("ada@[::1]:site", allow_private=True) == "ada@[::1]:site"


def test_forges_are_asked_without_a_redirect() -> None:
    """GitLab answers the bare name with a redirect; with .git at its end every forge answers at once."""
    for given in ("https://gitlab.com/lab/site", "https://gitlab.com/lab/site/", "https://gitlab.com/lab/site.git"):
        assert _places.address(given, allow_private=True) == "https://gitlab.com/lab/site.git"
    assert _places.address("https://git.sr.ht/~a/b", allow_private=True) == "https://git.sr.ht/~a/b"


# ----------------------------------------------------------------------------------------------- up to date


def test_a_checkout_has_the_files_of_the_newest_commit(repository: Repository, folder: Path) -> None:
    """Cloned, then brought up to date: changed, added, renamed and vanished files; what stayed keeps its time."""
    first = git.checkout(repository.url, folder)
    assert first == git.Checkout(path=folder, commit=repository.git("rev-parse", "HEAD"))
    assert files(folder) == {"a.md": "one", "b/c.md": "one"}
    os.utime(folder / "a.md", (1e9, 1e9))
    repository.git("mv", "b/c.md", "d.md")
    second = git.checkout(repository.url, folder)
    assert second == first
    commit = repository.commit({"e.md": "one"})
    assert git.checkout(repository.url, folder).commit == commit
    assert files(folder) == {"a.md": "one", "d.md": "one", "e.md": "one"}
    assert not (folder / "b").exists()


def test_an_unchanged_repository_touches_nothing(repository: Repository, folder: Path) -> None:
    """The same commit again leaves every file and its times alone."""
    git.checkout(repository.url, folder)
    before = {name: (folder / name).stat() for name in files(folder)}
    git.checkout(repository.url, folder)
    assert {name: (folder / name).stat() for name in files(folder)} == before


def test_what_does_not_belong_is_put_right(repository: Repository, folder: Path) -> None:
    """Files that somebody changed, removed or added in our checkout, ignored ones too, are as the commit has them."""
    repository.commit({".gitignore": "*.tmp\n"})
    git.checkout(repository.url, folder)
    (folder / "a.md").write_text("changed by hand")
    (folder / "b/c.md").unlink()
    (folder / "x.tmp").write_text("stray")
    Repository(folder / "nested").commit({"stray.md": "x"})
    (folder / ".git/index.lock").touch()
    git.checkout(repository.url, folder)
    assert files(folder) == {"a.md": "one", "b/c.md": "one", ".gitignore": "*.tmp\n"}


@pytest.mark.parametrize("full", [True, False])
def test_a_rewritten_branch_is_followed(repository: Repository, folder: Path, full: bool) -> None:
    """After a force-push the checkout is that of the new branch."""
    repository.commit({"old.md": "one"})
    git.checkout(repository.url, folder, full=full)
    repository.git("reset", "--quiet", "--hard", "HEAD^")
    commit = repository.commit({"new.md": "one"})
    assert git.checkout(repository.url, folder, full=full).commit == commit
    assert files(folder) == {"a.md": "one", "b/c.md": "one", "new.md": "one"}


def test_branches(repository: Repository, folder: Path) -> None:
    """A branch is the one that is named, also with a slash in it; without a name the repository's own choice."""
    repository.git("switch", "--quiet", "--create", "site/new")
    repository.commit({"a.md": "side"})
    repository.git("switch", "--quiet", "main")
    git.checkout(repository.url, folder, branch="site/new")
    assert files(folder)["a.md"] == "side"
    git.checkout(repository.url, folder)
    assert files(folder)["a.md"] == "one"
    repository.git("branch", "--move", "main", "trunk")
    repository.commit({"a.md": "trunk"})
    git.checkout(repository.url, folder)
    assert files(folder)["a.md"] == "trunk"


@pytest.mark.parametrize("branch", ["man", "-f", "--upload-pack=touch x", "main:x", "a*", "refs/heads/main", "x\ny"])
def test_a_missing_branch_is_told_with_those_there_are(repository: Repository, folder: Path, branch: str) -> None:
    """The error names the branches that exist; a checkout from before does not hide it."""
    git.checkout(repository.url, folder)
    repository.git("branch", "drafts")
    with pytest.raises(SourceError) as caught:
        git.checkout(repository.url, folder, branch=branch)
    assert "there is no branch" in caught.value.message
    assert caught.value.hint.endswith("drafts, main")


def test_empty_and_headless_repositories(tmp_path: Path, folder: Path, repository: Repository) -> None:
    """Without a commit there is nothing to read; a default branch that does not exist is told."""
    with pytest.raises(SourceError, match="empty"):
        git.checkout(Repository(tmp_path / "empty").url, folder)
    repository.git("symbolic-ref", "HEAD", "refs/heads/gone")
    with pytest.raises(SourceError, match="no default branch"):
        git.checkout(repository.url, folder)


def test_a_detached_head_is_read(repository: Repository, folder: Path) -> None:
    """A repository whose HEAD is a commit on no branch is read at that commit."""
    first = repository.git("rev-parse", "HEAD")
    repository.commit({"a.md": "two"})
    repository.git("checkout", "--quiet", first)
    assert git.checkout(repository.url, folder).commit == first


def test_bare_repositories_by_their_path(repository: Repository, tmp_path: Path, folder: Path) -> None:
    """A bare repository on this machine is read by its path; a SHA-256 repository too."""
    bare = tmp_path / "b a:r e.git"
    repository.git("clone", "--quiet", "--bare", ".", str(bare))
    git.checkout(str(bare), folder)
    assert files(folder)["a.md"] == "one"
    modern = Repository(tmp_path / "modern", "--object-format=sha256")
    commit = modern.commit({"x.md": "one"})
    assert git.checkout(modern.url, folder.with_name("modern")).commit == commit


def test_shallow_then_full(repository: Repository, folder: Path) -> None:
    """A shallow clone has one commit and no dates; wanted in full it has all; a full one stays so."""
    repository.commit({"a.md": "two"}, date="2020-02-02")
    git.checkout(repository.url, folder, full=False)
    assert Repository(folder).git("rev-list", "--count", "HEAD") == "1"
    assert git.history(folder) is None
    repository.commit({"a.md": "three"}, date="2020-03-03")
    git.checkout(repository.url, folder, full=False)
    assert Repository(folder).git("rev-list", "--count", "HEAD") == "1"
    git.checkout(repository.url, folder, full=True)
    found = git.history(folder)
    assert found is not None
    dates = found.files["a.md"]
    assert (day(dates.created), day(dates.modified)) == ("2020-01-01", "2020-03-03")
    repository.commit({"a.md": "four"}, date="2020-04-04")
    git.checkout(repository.url, folder, full=False)
    assert Repository(folder).git("rev-list", "--count", "HEAD") == "4"


@pytest.mark.parametrize("full", [True, False])
def test_a_shallow_repository_is_read_but_tells_no_dates(
    repository: Repository, tmp_path: Path, folder: Path, full: bool
) -> None:
    """Where the repository itself lacks its past, its files are read, again and again, and no dates taken."""
    repository.commit({"a.md": "two"})
    repository.git("clone", "--quiet", "--depth=1", repository.url, str(tmp_path / "shallow"))
    for _ in range(2):
        git.checkout((tmp_path / "shallow").as_uri(), folder, full=full)
        assert files(folder)["a.md"] == "two"
        assert git.history(folder) is None


def test_another_address_or_branch_begins_anew(repository: Repository, tmp_path: Path, folder: Path) -> None:
    """The files of one repository are never taken for those of another, even when that one cannot be reached."""
    git.checkout(repository.url, folder)
    other = Repository(tmp_path / "other")
    other.commit({"x.md": "one"})
    git.checkout(other.url, folder)
    assert files(folder) == {"x.md": "one"}
    with pytest.raises(SourceError):
        git.checkout((tmp_path / "nowhere").as_uri(), folder)


# ----------------------------------------------------------------------------------------------- whose, and what if


@pytest.mark.parametrize("what", ["empty", "files", "repository", "link", "file"])
def test_a_folder_that_is_not_ours_is_left_alone(repository: Repository, folder: Path, what: str) -> None:
    """Whatever lies where the checkout should go, and was not made by us, stays as it is."""
    folder.parent.mkdir()
    if what == "file":
        folder.write_text("mine")
    elif what == "link":
        folder.symlink_to(repository.folder)
    else:
        folder.mkdir()
    if what == "repository":
        Repository(folder)
    if what in {"files", "repository"}:
        (folder / "mine.md").write_text("mine")
    before = sorted(str(file) for file in folder.parent.rglob("*") if file.name != "lab.lock")
    with pytest.raises(SourceError, match="something else lies"):
        git.checkout(repository.url, folder)
    assert sorted(str(file) for file in folder.parent.rglob("*") if file.name != "lab.lock") == before
    assert files(repository.folder) == {"a.md": "one", "b/c.md": "one"}


def test_out_of_reach_the_last_checkout_is_used(repository: Repository, folder: Path) -> None:
    """With a warning, and put right first; without a checkout it is an error, and nothing is left behind."""
    commit = git.checkout(repository.url, folder).commit
    repository.folder.rename(repository.folder.with_name("away"))
    (folder / "a.md").write_text("half of a reset")
    again = git.checkout(repository.url, folder)
    assert (again.commit, files(folder)["a.md"]) == (commit, "one")
    assert [(p.severity, commit[:10] in p.message) for p in again.problems] == [("warning", True)]
    with pytest.raises(SourceError, match="no such repository"):
        git.checkout(repository.url, folder.with_name("other"))
    assert not folder.with_name("other").exists()


def test_a_damaged_checkout_is_begun_anew(repository: Repository, folder: Path) -> None:
    """Objects that are gone or garbled are fetched again; when that cannot be, it is an error."""
    git.checkout(repository.url, folder)
    for damage in ("objects", "HEAD", "refs"):
        place = folder / ".git" / damage
        shutil.rmtree(place) if place.is_dir() else place.write_text("garbage")
        git.checkout(repository.url, folder)
        assert files(folder) == {"a.md": "one", "b/c.md": "one"}
    shutil.rmtree(folder / ".git/objects")
    repository.folder.rename(repository.folder.with_name("away"))
    with pytest.raises(SourceError):
        git.checkout(repository.url, folder)


def test_a_damaged_checkout_never_leads_to_the_repository_around_it(tmp_path: Path, repository: Repository) -> None:
    """A work folder often lies in the user's own repository: no uncommitted work there is ever reset or cleaned."""
    around = Repository(tmp_path / "around")
    around.commit({"mine.md": "one", ".gitignore": "work\n"})
    folder = around.folder / "work/lab"
    git.checkout(repository.url, folder)
    around.write({"mine.md": "not committed", "new.md": "not committed"})
    (folder / ".git/HEAD").write_text("garbage")
    repository.folder.rename(repository.folder.with_name("away"))
    with pytest.raises(SourceError):
        git.checkout(repository.url, folder)
    repository.folder.with_name("away").rename(repository.folder)
    git.checkout(repository.url, folder)
    (folder / ".git/objects").rename(folder / ".git/gone")
    assert git.history(folder) is None
    git.checkout(repository.url, folder)
    assert files(folder) == {"a.md": "one", "b/c.md": "one"}
    assert (around.folder / "mine.md").read_text() == (around.folder / "new.md").read_text() == "not committed"


def test_a_place_that_cannot_be_written_is_told(repository: Repository, tmp_path: Path) -> None:
    """Where no checkout can be made the error names the place."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceError) as caught:
        git.checkout(repository.url, tmp_path / "file" / "lab")
    assert "file" in caught.value.where


def test_concurrent_runs_wait_for_each_other(repository: Repository, folder: Path) -> None:
    """Four at a time all get the whole checkout."""
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: git.checkout(repository.url, folder), range(4)))
    assert len({one.commit for one in made}) == 1
    assert [p.name for p in folder.parent.iterdir() if p.name.startswith(".")] == []


SLOW = """#!/bin/sh
case "$*" in *fetch*) {real} "$@"; touch {started}; sleep 60;; *) exec {real} "$@";; esac
"""


@pytest.fixture
def slow_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A git that stands still after it fetched; the file that appears then."""
    started = tmp_path / "started"
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "git"
    program.write_text(SLOW.format(real=shutil.which("git"), started=started))
    program.chmod(0o755)
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{path}")
    yield started
    monkeypatch.setenv("PATH", path)


def test_a_run_that_was_killed_while_cloning(repository: Repository, folder: Path, slow_git: Path) -> None:
    """What it left is no checkout; the next run begins anew and clears it away."""
    code = "import sys; from pathlib import Path; from feeds import git; git.checkout(sys.argv[1], Path(sys.argv[2]))"
    run = subprocess.Popen([sys.executable, "-c", code, repository.url, str(folder)], start_new_session=True)
    _wait_for(slow_git)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert not folder.exists()
    assert list(folder.parent.glob(".lab.git-*"))
    (slow_git.parent / "bin/git").unlink()
    git.checkout(repository.url, folder)
    assert files(folder) == {"a.md": "one", "b/c.md": "one"}
    assert not list(folder.parent.glob(".lab.git-*"))


def test_time_ends_git_and_all_that_it_started(
    repository: Repository, folder: Path, slow_git: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repository that never answers is given up, with a clear word, and no process of it stays."""
    monkeypatch.setattr(_program, "SECONDS", 1.0)
    begun = time.monotonic()
    with pytest.raises(SourceError, match="took too long"):
        git.checkout(repository.url, folder)
    assert time.monotonic() - begun < 20
    assert slow_git.exists()
    assert not _alive("sleep 60", slow_git.parent)


def _alive(command: str, folder: Path) -> bool:
    """Does a process of that command run in a folder below this one?"""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            if said == command and (process / "cwd").resolve().is_relative_to(folder):
                return True
        except OSError:
            continue
    return False


def _wait_for(file: Path) -> None:
    for _ in range(400):
        if file.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{file} did not appear")


def test_a_flood_of_output_is_cut_off(repository: Repository) -> None:
    """No more of what git writes is taken than was asked for."""
    repository.commit({"big.txt": "x" * 300_000})
    with pytest.raises(_program.Failed, match="more than"):
        list(_program.stream(["cat-file", "blob", "HEAD:big.txt"], folder=repository.folder, cap=100_000))


def test_without_git(repository: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program a repository is an error that says so."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceError, match="no git program") as caught:
        git.checkout(repository.url, folder)
    assert "install git" in caught.value.hint


# ----------------------------------------------------------------------------------------------- nothing runs


def test_nothing_of_the_repository_or_for_it_is_run(repository: Repository, folder: Path, tmp_path: Path) -> None:
    """Hooks of the user's template, filters that .gitattributes names, and submodules stay off."""
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho run >> {tmp_path / 'sprung'}\nexit 1\n")
    trap.chmod(0o755)
    hooks = tmp_path / "template/hooks"
    hooks.mkdir(parents=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        shutil.copy(trap, hooks / name)
    other = Repository(tmp_path / "other")
    other.commit({"x.md": "one"})
    repository.git("submodule", "--quiet", "add", other.url, "theme")
    repository.commit({".gitattributes": "[attr]bad filter=evil\n* bad text=auto eol=crlf ident\n", "d.md": "$Id$\n"})
    (tmp_path / "gitconfig").write_text(
        f"[init]\ntemplateDir = {hooks.parent}\n[core]\nhooksPath = {hooks}\nfsmonitor = {trap}\nautocrlf = true\n"
        f'[filter "evil"]\nsmudge = {trap}\nclean = {trap}\nprocess = {trap}\nrequired = true\n'
        '[submodule]\nrecurse = true\n[protocol "file"]\nallow = always\n'
    )
    for _ in range(2):
        git.checkout(repository.url, folder)
    found = git.history(folder)
    assert files(folder)["d.md"] == "$Id$\n"
    assert found is not None
    assert found.files["d.md"].modified
    assert list((folder / "theme").iterdir()) == []
    assert not (tmp_path / "sprung").exists()


def test_bytes_are_those_of_the_repository(repository: Repository, folder: Path) -> None:
    """Line ends, odd names, links and the executable bit come as they were committed."""
    (repository.folder / "crlf.md").write_bytes(b"a\r\nb\n")
    (repository.folder / os.fsdecode(b"latin-\xe9.md")).write_text("one")
    (repository.folder / "Glu\u0308hlampe\n.md").write_text("one")
    (repository.folder / "out.md").symlink_to("/etc/hostname")
    repository.commit()
    git.checkout(repository.url, folder)
    assert (folder / "crlf.md").read_bytes() == b"a\r\nb\n"
    assert {file.name for file in folder.iterdir()} == {file.name for file in repository.folder.iterdir()}
    assert (folder / "out.md").readlink() == Path("/etc/hostname")


def test_git_asks_nobody(folder: Path) -> None:
    """A server that wants a password gets none: an error at once, without a prompt."""
    with (
        _server(b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n") as port,
        pytest.raises(SourceError, match="does not let us in"),
    ):
        git.checkout(f"http://127.0.0.1:{port}/x.git", folder, allow_private=True)


def test_redirects_are_not_followed_to_hosts_that_were_not_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where private hosts are refused a redirect is an error that says so."""
    monkeypatch.setattr(_places, "_require_public", lambda *_: None)
    with (
        _server(b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:9/y.git\r\nContent-Length: 0\r\n\r\n") as port,
        pytest.raises(SourceError, match="has moved"),
    ):
        git.checkout(f"http://127.0.0.1:{port}/x.git", folder)


class _server:  # noqa: N801 - used like a function
    """A server on this machine that gives everyone the same answer."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> int:
        threading.Thread(target=self._serve, daemon=True).start()
        return int(self._socket.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(self._answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("fatal: unable to access 'https://x/': Could not resolve host: x", "git: unable to access"),
        ("git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.", "let us in"),
        ("Host key verification failed.\nfatal: Could not read from remote repository.", "does not know the host"),
        ("fatal: detected dubious ownership in repository at '/x'", "another user"),
        ("", "git: "),
    ],
)
def test_what_git_says_in_one_line(said: str, message: str) -> None:
    """Each failure is one line for a person, with what to do."""
    told, hint = _checkout._explained(said)
    assert message in told
    assert "\n" not in told
    assert hint
