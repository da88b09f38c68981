"""Dates from the history of a repository: against hand-made repositories, and against git's own `log --follow`."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from feeds import git
from repositories import Repository, day

TEXT = "".join(f"Lamp {n} burns for {n * 7} hours.\n" for n in range(20))


@pytest.fixture(autouse=True)
def _nobodys_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "lab")


def dates(repository: Repository, **more: object) -> dict[str, tuple[str, str]]:
    """path → (day it was created, day it was last changed)."""
    found = git.history(repository.folder, **more)  # type: ignore[arg-type]
    assert found is not None
    return {name: (day(d.created), day(d.modified)) for name, d in found.files.items()}


def test_first_and_last_commit(repository: Repository) -> None:
    """A file has the dates of the commits that brought it in and that changed it last."""
    repository.commit({"a.md": "one", "b.md": "one"}, date="2020-01-01")
    repository.commit({"a.md": "two"}, date="2020-02-02")
    repository.commit({"a.md": "three", "c.md": "one"}, date="2020-03-03")
    assert dates(repository) == {
        "a.md": ("2020-01-01", "2020-03-03"),
        "b.md": ("2020-01-01", "2020-01-01"),
        "c.md": ("2020-03-03", "2020-03-03"),
    }


def test_author_dates_with_their_zone(repository: Repository) -> None:
    """The author's day counts, in the author's zone; a rebase changes nothing."""
    repository.commit({"a.md": "one"}, date="2020-05-05T23:30:00-0330", committed="2024-01-01")
    found = git.history(repository.folder)
    assert found is not None
    assert found.files["a.md"].created.isoformat() == "2020-05-05T23:30:00-03:30"
    assert found.commit == repository.git("rev-parse", "HEAD")


def test_renames_are_followed_and_are_no_change(repository: Repository) -> None:
    """A renamed file keeps its dates, however often; a rename with a change is a change."""
    repository.commit({"a.md": TEXT, "b.md": TEXT.upper()}, date="2020-01-01")
    repository.git("mv", "a.md", "posts.md")
    repository.commit(date="2020-02-02")
    (repository.folder / "new").mkdir()
    repository.git("mv", "posts.md", "new/a.md")
    repository.git("mv", "b.md", "new/b.md")
    repository.commit(date="2020-03-03")
    assert dates(repository) == {
        "new/a.md": ("2020-01-01", "2020-01-01"),
        "new/b.md": ("2020-01-01", "2020-01-01"),
    }
    repository.git("mv", "new/a.md", "c.md")
    repository.commit({"c.md": TEXT + "One more.\n"}, date="2020-04-04")
    assert dates(repository)["c.md"] == ("2020-01-01", "2020-04-04")


def test_a_new_file_under_an_old_name(repository: Repository) -> None:
    """After a rename, another file that takes the old name has dates of its own, and the renamed one keeps its."""
    repository.commit({"a.md": TEXT}, date="2020-01-01")
    repository.git("mv", "a.md", "b.md")
    repository.commit(date="2020-02-02")
    repository.commit({"a.md": "Something else.\n"}, date="2020-03-03")
    repository.commit({"b.md": TEXT + "More.\n"}, date="2020-04-04")
    assert dates(repository) == {
        "a.md": ("2020-03-03", "2020-03-03"),
        "b.md": ("2020-01-01", "2020-04-04"),
    }


def test_a_copy_is_a_new_file(repository: Repository) -> None:
    """A post begun as a copy of an older one has dates of its own, where `git log --follow` goes on to the other."""
    repository.commit({"a.md": TEXT}, date="2020-01-01")
    repository.commit({"b.md": TEXT}, date="2020-02-02")
    assert dates(repository)["b.md"] == ("2020-02-02", "2020-02-02")


def test_mode_changes_are_no_change(repository: Repository) -> None:
    """Making a file executable modifies nothing."""
    repository.commit({"a.md": "one"}, date="2020-01-01")
    (repository.folder / "a.md").chmod(0o755)
    repository.commit(date="2020-02-02")
    assert repository.git("log", "--format=%ad", "--date=short", "--", "a.md").split() == ["2020-02-02", "2020-01-01"]
    assert dates(repository) == {"a.md": ("2020-01-01", "2020-01-01")}


def test_merges(repository: Repository) -> None:
    """What came in through a merge has the date of its own commit; what was written while merging has the merge's."""
    repository.commit({"a.md": "one\n", "b.md": "one\n", "both.md": "one\n"}, date="2020-01-01")
    repository.git("switch", "--quiet", "--create", "side")
    repository.commit({"b.md": "two\n", "both.md": "side\n", "c.md": "new\n"}, date="2020-02-02")
    repository.git("switch", "--quiet", "main")
    repository.commit({"a.md": "two\n", "both.md": "main\n"}, date="2020-03-03")
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "--quiet", "side")
    repository.commit({"both.md": "both\n"}, date="2020-04-04")
    assert len(repository.git("log", "-1", "--format=%P").split()) == 2
    assert dates(repository) == {
        "a.md": ("2020-01-01", "2020-03-03"),
        "b.md": ("2020-01-01", "2020-02-02"),
        "both.md": ("2020-01-01", "2020-04-04"),
        "c.md": ("2020-02-02", "2020-02-02"),
    }


def test_a_rename_on_one_branch_and_a_change_on_the_other(repository: Repository) -> None:
    """The change counts though it was made under the older name, where `git log --follow` loses it."""
    repository.commit({"a.md": TEXT, "x.md": "one"}, date="2020-01-01")
    repository.git("switch", "--quiet", "--create", "side")
    repository.git("mv", "a.md", "b.md")
    repository.commit(date="2020-02-02")
    repository.git("switch", "--quiet", "main")
    repository.commit({"a.md": TEXT + "More.\n"}, date="2020-03-03")
    repository.git("merge", "--quiet", "-m", "Merge", "side", date="2020-04-04T00:00:00Z")
    assert (repository.folder / "b.md").read_text() == TEXT + "More.\n"
    assert dates(repository)["b.md"] == ("2020-01-01", "2020-03-03")


def test_octopus_and_unrelated_histories(repository: Repository) -> None:
    """A merge of three, and one of two repositories that began apart."""
    repository.commit({"a.md": "one"}, date="2020-01-01")
    for number, name in enumerate(("two", "three"), 2):
        repository.git("switch", "--quiet", "--create", name, "main")
        repository.commit({f"{name}.md": name}, date=f"2020-0{number}-01")
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "-m", "Merge", "two", "three", date="2020-06-06T00:00:00Z")
    repository.git("switch", "--quiet", "--orphan", "apart")
    repository.commit({"apart.md": "one"}, date="2019-09-09")
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--allow-unrelated-histories", "-m", "Merge", "apart")
    assert {name: created for name, (created, _) in dates(repository).items()} == {
        "a.md": "2020-01-01",
        "two.md": "2020-02-01",
        "three.md": "2020-03-01",
        "apart.md": "2019-09-09",
    }


def test_deleted_and_put_back(repository: Repository) -> None:
    """A file that was gone for a while was created when it first came, and changed when it came back."""
    repository.commit({"a.md": "one", "b.md": "x"}, date="2020-01-01")
    (repository.folder / "a.md").unlink()
    repository.commit(date="2020-02-02")
    repository.commit({"a.md": "one"}, date="2020-03-03")
    assert dates(repository)["a.md"] == ("2020-01-01", "2020-03-03")


def test_uncommitted_changes_have_no_date(repository: Repository) -> None:
    """A changed file has no `modified`, staged or not; a new one has no dates; one that is only touched has all."""
    names = ["clean.md", "changed.md", "staged.md", "touched.md"]
    repository.commit(dict.fromkeys(names, "one"), date="2020-01-01")
    repository.write({"changed.md": "two", "staged.md": "two", "new.md": "one"})
    repository.git("add", "staged.md")
    os.utime(repository.folder / "touched.md", (1, 1))
    before = (repository.folder / ".git/index").read_bytes()
    assert dates(repository) == {
        "clean.md": ("2020-01-01", "2020-01-01"),
        "changed.md": ("2020-01-01", ""),
        "staged.md": ("2020-01-01", ""),
        "touched.md": ("2020-01-01", "2020-01-01"),
    }
    assert (repository.folder / ".git/index").read_bytes() == before, "sources never write"


def test_commits_to_ignore(repository: Repository) -> None:
    """What .git-blame-ignore-revs lists modifies nothing; it may create."""
    repository.commit({"a.md": "one"}, date="2020-01-01")
    noise = repository.commit({"a.md": "licence\none", "b.md": "licence"}, date="2020-02-02")
    repository.commit({".git-blame-ignore-revs": f"# a new licence\n\n{noise}  # all files\n"}, date="2020-03-03")
    found = dates(repository)
    assert found["a.md"] == ("2020-01-01", "2020-01-01")
    assert found["b.md"] == ("2020-02-02", "2020-02-02")


def test_shallow_clones_tell_nothing(repository: Repository, tmp_path: Path) -> None:
    """The oldest commit of a shallow clone would date everything wrongly."""
    repository.commit({"a.md": "one"})
    repository.commit({"a.md": "two"})
    repository.git("clone", "--quiet", "--depth=1", repository.url, str(tmp_path / "shallow"))
    assert git.history(tmp_path / "shallow") is None
    assert "shallow" in git.why_no_history(tmp_path / "shallow")


def test_only_the_top_unless_inside(repository: Repository, tmp_path: Path) -> None:
    """A folder in a work tree has dates only when that is asked for, by paths below it; one outside never has."""
    repository.commit({"docs/a.md": "one", "b.md": "one", "docs/sub/c.md": "one"}, date="2020-01-01")
    docs = repository.folder / "docs"
    assert git.history(docs) is None
    assert "not the top" in git.why_no_history(docs)
    found = git.history(docs, inside=True)
    assert found is not None
    assert sorted(found.files) == ["a.md", "sub/c.md"]
    assert git.history(tmp_path, inside=True) is None
    assert git.history(tmp_path / "nowhere", inside=True) is None
    assert git.why_no_history(repository.folder) == ""


def test_a_broken_repository_above_another_one(repository: Repository) -> None:
    """A folder with a .git that is none does not get the dates of the repository around it."""
    repository.commit({"docs/a.md": "one"})
    (repository.folder / "docs/.git").mkdir()
    assert git.history(repository.folder / "docs") is None


def test_no_commit_bare_and_detached(repository: Repository, tmp_path: Path) -> None:
    """Without a commit, or without files, there is no history; a detached HEAD has the history up to it."""
    assert git.history(repository.folder) is None
    first = repository.commit({"a.md": "one"}, date="2020-01-01")
    repository.commit({"a.md": "two", "b.md": "one"}, date="2020-02-02")
    repository.git("checkout", "--quiet", first)
    assert dates(repository) == {"a.md": ("2020-01-01", "2020-01-01")}
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert git.history(tmp_path / "bare.git", inside=True) is None


def test_linked_work_trees(repository: Repository, tmp_path: Path) -> None:
    """A work tree added with `git worktree add` has the history of its own branch."""
    repository.commit({"a.md": "one"}, date="2020-01-01")
    repository.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    assert git.history(tmp_path / "side") is not None


def test_odd_names(repository: Repository) -> None:
    """Names with spaces, quotes, line ends and in NFD are found, the last also by their NFC form."""
    odd = ["a b.md", "q\"uote'.md", "line\nend.md", "tab\t.md", ":colon.md", "Glu\u0308hlampe.md", "日本.md"]
    repository.commit(dict.fromkeys(odd, "one"), date="2020-01-01")
    (repository.folder / os.fsdecode(b"latin-\xe9.md")).write_text("one")
    repository.commit(date="2020-02-02")
    repository.write({"line\nend.md": "two", "Glu\u0308hlampe.md": "two"})
    found = dates(repository)
    assert set(found) == {*odd, "Gl\u00fchlampe.md"}
    assert found["日本.md"] == ("2020-01-01", "2020-01-01")
    assert found["line\nend.md"] == found["Gl\u00fchlampe.md"] == ("2020-01-01", "")


def test_symbolic_links_and_submodules(repository: Repository, tmp_path: Path) -> None:
    """A link has dates of its own; what is in a submodule has none, and a submodule is not looked into."""
    other = Repository(tmp_path / "other")
    other.commit({"x.md": "one"})
    repository.commit({"a.md": "one"}, date="2020-01-01")
    (repository.folder / "link.md").symlink_to("a.md")
    repository.git("submodule", "--quiet", "add", other.url, "theme")
    repository.commit(date="2020-02-02")
    found = dates(repository)
    assert found["link.md"] == ("2020-02-02", "2020-02-02")
    assert not any(name.startswith("theme") for name in found)


@pytest.mark.parametrize(
    ("raw", "created"),
    [
        ("0 +0000", "1970-01-01T00:00:00+00:00"),
        ("4300000000 +0000", "2106-04-06T12:26:40+00:00"),
        ("1577836800 +1400", "2020-01-01T14:00:00+14:00"),
        ("1577836800 -9959", "2020-01-01T00:00:00+00:00"),
    ],
)
def test_absurd_dates(repository: Repository, raw: str, created: str) -> None:
    """Dates long ago, far away, and in zones that no clock has are read as well as they can be."""
    _date_the_only_commit(repository, raw)
    found = git.history(repository.folder)
    assert found is not None
    assert found.files["a.md"].created.isoformat() == created


@pytest.mark.parametrize("raw", ["99999999999999 +0000", "nonsense", "18446744073709551616 +0000"])
def test_dates_that_are_none(repository: Repository, raw: str) -> None:
    """A file whose first commit has no date that can be written has none, or the epoch that git reads into it."""
    _date_the_only_commit(repository, raw)
    found = git.history(repository.folder)
    assert found is not None
    assert all(d.created.year == 1970 for d in found.files.values())


def _date_the_only_commit(repository: Repository, when: str) -> None:
    repository.commit({"a.md": "one"})
    tree, who = repository.git("rev-parse", "HEAD^{tree}"), "Ada Wick <ada@lantern.example.org>"
    (repository.folder / ".git/raw").write_text(f"tree {tree}\nauthor {who} {when}\ncommitter {who} {when}\n\nWork\n")
    commit = repository.git("hash-object", "-t", "commit", "-w", "--literally", ".git/raw")
    repository.git("update-ref", "HEAD", commit)


def test_replaced_and_grafted_commits_count_for_nothing(repository: Repository) -> None:
    """Replace refs and grafts, which differ from clone to clone, change no date."""
    repository.commit({"a.md": "one"}, date="2020-01-01")
    second = repository.commit({"a.md": "two"}, date="2020-02-02")
    repository.git("replace", "--graft", second)
    assert repository.git("log", "--format=%H") == second
    assert dates(repository) == {"a.md": ("2020-01-01", "2020-02-02")}
    repository.git("replace", "--delete", second)
    (repository.folder / ".git/info").mkdir(exist_ok=True)
    (repository.folder / ".git/info/grafts").write_text(second + "\n")
    assert dates(repository) == {"a.md": ("2020-01-01", "2020-02-02")}


def test_nothing_of_the_repository_is_run(repository: Repository, tmp_path: Path) -> None:
    """Hooks, a file system monitor, filters, text conversion and a signature program stay off."""
    repository.commit({"a.md": "one", "b.md": "one", ".gitattributes": "* filter=evil diff=evil\n"}, date="2020-01-01")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho run >> {tmp_path / 'sprung'}\nexit 1\n")
    trap.chmod(0o755)
    for name in ("post-index-change", "post-checkout", "fsmonitor-watchman"):
        hook = repository.folder / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        shutil.copy(trap, hook)
    keys = "filter.evil.clean filter.evil.smudge filter.evil.process diff.evil.textconv diff.evil.command diff.external"
    for key in [*keys.split(), "core.fsmonitor", "gpg.program", "core.pager", "core.sshCommand"]:
        repository.git("config", key, str(trap))
    for key in ("filter.evil.required", "log.showSignature"):
        repository.git("config", key, "true")
    os.utime(repository.folder / "a.md", (1, 1))
    (repository.folder / "b.md").write_text("two")
    assert dates(repository)["b.md"] == ("2020-01-01", "")
    assert dates(repository)["a.md"] == ("2020-01-01", "2020-01-01")
    assert not (tmp_path / "sprung").exists()


def test_variables_of_a_hook_do_not_mislead(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run from a hook of another repository, where GIT_DIR is set, it still reads the folder that it is given."""
    repository.commit({"a.md": "one"}, date="2020-01-01")
    other = Repository(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert dates(repository) == {"a.md": ("2020-01-01", "2020-01-01")}


def test_a_partial_clone_is_read_without_the_network(repository: Repository, tmp_path: Path) -> None:
    """A clone without contents has its dates; pure renames are followed, and nothing is fetched."""
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit({"a.md": TEXT, "b.md": TEXT.lower()}, date="2020-01-01")
    repository.git("mv", "a.md", "c.md")
    repository.git("mv", "b.md", "d.md")
    repository.commit({"c.md": TEXT + "More."}, date="2020-02-02")
    repository.commit({"c.md": TEXT + "More, again."}, date="2020-03-03")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--filter=blob:none", repository.url, str(clone))
    shutil.rmtree(repository.folder)
    found = git.history(clone)
    assert found is not None
    assert day(found.files["d.md"].created) == "2020-01-01"
    assert day(found.files["c.md"].modified) == "2020-03-03"


def test_without_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no git program there is no history, and the reason is told."""
    repository.commit({"a.md": "one"})
    monkeypatch.setenv("PATH", "")
    assert git.history(repository.folder) is None
    assert "no git program" in git.why_no_history(repository.folder)


# ----------------------------------------------------------------------------------------------- the cache


def test_the_cache_says_what_the_history_says(repository: Repository, tmp_path: Path) -> None:
    """With a cache the dates are the same, also after a commit, an edit, and when the cache is damaged."""
    cache = tmp_path / "work/history.json"
    repository.commit({"a.md": "one", "b.md": "one"}, date="2020-01-01")
    first = dates(repository, cache=cache)
    assert first == dates(repository, cache=cache) == dates(repository)
    repository.write({"a.md": "two"})
    assert dates(repository, cache=cache)["a.md"] == ("2020-01-01", "")
    repository.commit(date="2020-02-02")
    assert dates(repository, cache=cache)["a.md"] == ("2020-01-01", "2020-02-02")
    for damage in (b"", b"{", b"[]", b'{"key": 1}', b"\xff"):
        cache.write_bytes(damage)
        assert dates(repository, cache=cache)["a.md"] == ("2020-01-01", "2020-02-02")
    assert [file.name for file in cache.parent.iterdir()] == [cache.name]


def test_the_cache_spares_the_walk(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While HEAD stays, no history is read; a change of .git-blame-ignore-revs has it read again."""
    cache = tmp_path / "history.json"
    repository.commit({"a.md": "one"}, date="2020-01-01")
    noise = repository.commit({"a.md": "two"}, date="2020-02-02")
    dates(repository, cache=cache)
    trace = tmp_path / "trace"
    monkeypatch.setenv("PATH", f"{_traced(tmp_path, trace)}:{os.environ['PATH']}")
    dates(repository, cache=cache)
    assert "diff-tree" not in trace.read_text()
    repository.write({".git-blame-ignore-revs": noise + "\n"})
    assert dates(repository, cache=cache)["a.md"] == ("2020-01-01", "2020-01-01")
    assert "diff-tree" in trace.read_text()


def _traced(tmp_path: Path, trace: Path) -> Path:
    """A folder with a git that notes how it is called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    real = shutil.which("git")
    (folder / "git").write_text(f'#!/bin/sh\necho "$@" >> {trace}\nexec {real} "$@"\n')
    (folder / "git").chmod(0o755)
    return folder


# ----------------------------------------------------------------------------------------------- against git itself


@pytest.mark.parametrize("seed", range(12))
def test_dates_are_those_of_git_log_follow(tmp_path: Path, seed: int) -> None:
    """On random histories in one line the dates of each file are those of `git log --follow`, bar pure renames."""
    repository = Repository(tmp_path / "lab")
    _live(repository, Random(seed), commits=14)  # noqa: S311 - a made-up history
    found = git.history(repository.folder)
    assert found is not None
    tracked = repository.git("ls-files", "-z").split("\0")[:-1]
    assert sorted(found.files) == sorted(tracked)
    for name in tracked:
        assert (found.files[name].created, found.files[name].modified) == _followed(repository, name), name


def _live(repository: Repository, random: Random, commits: int) -> None:
    """A few years of adding, changing, renaming, removing and putting back files; each has words of its own.

    A name that a file was moved away from is not taken again: there `--follow` mistakes one file for the other.
    """
    living: dict[str, list[str]] = {}
    names = ["a.md", "b.md", "c/d.md", "c/e f.md", "ü.md"]
    for number in range(commits):
        for _ in range(random.randint(1, 3)):
            name = random.choice(names)
            deed = random.choice(["write", "write", "rename", "rename and write", "remove"])
            if name not in living:
                living[name] = [f"{random.random()} {n}\n" for n in range(12)]
            elif deed == "remove" and len(living) > 1:
                del living[name]
                (repository.folder / name).unlink(missing_ok=True)
                continue
            elif deed.startswith("rename"):
                new = f"moved-{number}-{len(names)}.md"
                names = [*(n for n in names if n != name), new, f"new-{new}"]
                living[new] = living.pop(name)
                (repository.folder / name).unlink(missing_ok=True)
                name = new
            if "write" in deed:
                living[name] = [*living[name][:-1], f"{random.random()}\n"]
            repository.write({name: "".join(living[name])})
        repository.commit(date=f"20{10 + number}-0{random.randint(1, 9)}-1{random.randint(0, 9)}")


def _followed(repository: Repository, name: str) -> tuple[object, object]:
    """First and last date of a file as `git log --follow` has them; a pure rename (R100) is no change."""
    from datetime import datetime

    log = repository.git("log", "--follow", "-M50%", "--format=@%ad", "--date=iso-strict", "--name-status", "--", name)
    blocks = [block.split("\n", 1) for block in log.split("@") if block]
    changes = [
        datetime.fromisoformat(b[0].strip()) for b in blocks if len(b) > 1 and not b[1].strip().startswith("R100")
    ]
    return datetime.fromisoformat(blocks[-1][0].strip()), changes[0]


def test_a_change_is_never_dated_before_the_creation(repository: Repository) -> None:
    """Commits whose clocks went wrong do not make a file changed before it was there."""
    repository.commit({"a.md": "one"}, date="2020-01-01")
    repository.commit({"a.md": "two"}, date="2019-01-01")
    found = git.history(repository.folder)
    assert found is not None
    assert found.files["a.md"].modified is not None
    assert found.files["a.md"].modified - found.files["a.md"].created == timedelta(0)
