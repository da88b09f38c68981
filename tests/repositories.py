"""Repositories for tests, made with the git program itself: every commit at a date that the test says."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from pathlib import Path


class Repository:
    """A work tree, or a bare repository, in a folder."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main", *flags)

    @property
    def url(self) -> str:
        """The address that it is fetched from."""
        return self.folder.as_uri()

    def git(self, *arguments: str, date: str = "2020-01-01T00:00:00+0000", committed: str = "") -> str:
        """Run git; what it writes.  `date` is a commit's author date, and its committer date unless that is given."""
        who = {"NAME": "Ada Wick", "EMAIL": "ada@lantern.example.org"}
        names = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
        environment = os.environ | names | {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": committed or date}
        run = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],  # noqa: S607 - whichever git there is
            cwd=self.folder,
            env=environment,
            capture_output=True,
            check=True,
        )
        return run.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, files: dict[str, str]) -> None:
        """Write files without committing them."""
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def commit(self, files: dict[str, str] | None = None, *, date: str = "2020-01-01", committed: str = "") -> str:
        """Write the files, and commit them with everything else that changed; the commit's id."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "Work", date=stamp(date), committed=stamp(committed))
        return self.git("rev-parse", "HEAD")


def stamp(date: str) -> str:
    """`2020-01-01` as noon of that day, anything else as it stands."""
    return f"{date}T12:00:00+0100" if len(date) == 10 and "-" in date else date


def day(moment: datetime | None) -> str:
    """The day of a moment, for comparing; "" for None."""
    return moment.date().isoformat() if moment else ""
