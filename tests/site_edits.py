"""Random edits of a site's files, each of a kind that happens to real ones; and what a source makes of the outcome."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2024, 6, 1, 12, tzinfo=UTC)
WORDS = ("lamp", "wick", "true", "false", "2023-04-05", "ada", "[a, b]", "x: y", '"glow"', "/notes/", "en", "*.md", "~")
BROKEN = ("---", "[[[", "key: [", "\t- x: {", "<<<<<<< HEAD", "{% raw", "\x00", "'", "}", "@article{x,", "+++", "{{< a")
TEXT = frozenset(
    ".md .markdown .qmd .rst .html .org .ipynb .yml .yaml .toml .json .bib .cff .ris .py .js .ts .mjs .xml .atom .rss"
    " .rdf .txt .njk .mdx .astro .gotmpl".split()
)


class Edits:
    """A copy of a site that is edited step by step; its clock goes on with every edit."""

    def __init__(self, origin: Path, folder: Path, seed: int) -> None:
        self.origin, self.folder = origin, folder
        self.draw = random.Random(seed)  # noqa: S311 - the same edits for the same seed
        self.now = BEGIN
        self.number = 0
        self.restore_all()

    def step(self) -> str:
        """One to three edits; says which."""
        kinds: list[Callable[[], str]] = [
            self.scalar, self.scalar, self.scalar, self.word, self.word, self.same_size, self.drop_line, self.drop_line,
            self.move_line, self.borrow_line, self.borrow_line, self.break_line, self.delete, self.rename, self.copy,
            self.swap, self.touch, self.restore, self.restore, self.restore, self.restore_most,
        ]  # fmt: skip
        return "; ".join(self.draw.choice(kinds)() for _ in range(self.draw.randint(1, 3)))

    def files(self) -> list[Path]:
        """Every file of the site, in a fixed order."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file() and ".git" not in path.parts)

    def any_file(self) -> Path:
        """Any text file of the site, each kind of file alike: there is one configuration and there are many posts."""
        texts = [path for path in self.files() if path.suffix in TEXT or not path.suffix]
        if not texts:
            self.restore_all()
            return self.any_file()
        group = self.draw.choice(sorted({(path.suffix, path.name[:1] in "_.") for path in texts}))
        return self.draw.choice([p for p in texts if (p.suffix, p.name[:1] in "_.") == group])

    # ------------------------------------------------------------------------------------------------- one file

    def scalar(self) -> str:
        """Another value behind a key."""
        return self._line(lambda line: re.sub(r"([:=]\s*).*?(,?)$", rf"\g<1>{self._word()}\g<2>", line, count=1))

    def word(self) -> str:
        """Another word, or another number."""

        def other(line: str) -> str:
            found = list(re.finditer(r"\w+", line))
            if not found:
                return line + self._word()
            at = self.draw.choice(found)
            new = str(self.draw.randint(0, 2030)) if at.group().isdigit() else self._word()
            return line[: at.start()] + new + line[at.end() :]

        return self._line(other)

    def same_size(self) -> str:
        """One letter or digit for another, at the same size."""

        def other(line: str) -> str:
            found = list(re.finditer(r"[a-z0-9]", line))
            at = self.draw.choice(found).start() if found else 0
            new = str((int(line[at]) + 1) % 10) if line[at : at + 1].isdigit() else "q"
            return line[:at] + new + line[at + 1 :] if found else line

        return self._line(other)

    def drop_line(self) -> str:
        return self._lines(lambda lines: lines.pop(self.draw.randrange(len(lines))))

    def move_line(self) -> str:
        def move(lines: list[str]) -> None:
            lines.insert(self.draw.randrange(len(lines)), lines.pop(self.draw.randrange(len(lines))))

        return self._lines(move)

    def borrow_line(self) -> str:
        """A line of another file of the site, or of the file as it was."""
        others = self._read(self.any_file()).split("\n")
        return self._lines(lambda lines: lines.insert(self.draw.randrange(len(lines)), self.draw.choice(others)))

    def break_line(self) -> str:
        return self._lines(lambda lines: lines.insert(self.draw.randrange(len(lines)), self.draw.choice(BROKEN)))

    def touch(self) -> str:
        file = self.draw.choice(self.files() or [self.any_file()])
        self._age(file)
        return f"touch {self._name(file)}"

    # ------------------------------------------------------------------------------------------------- the folder

    def delete(self) -> str:
        files = self.files()
        if len(files) < 3:
            return self.restore_all()
        file = self.draw.choice(files)
        file.unlink()
        return f"delete {self._name(file)}"

    def rename(self) -> str:
        """A file under another name, or in another folder."""
        file = self.draw.choice(self.files() or [self.any_file()])
        target = self._fresh(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
        return f"rename {self._name(file)} to {self._name(target)}"

    def copy(self) -> str:
        file = self.draw.choice(self.files() or [self.any_file()])
        target = self._fresh(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        self._age(target)
        return f"copy {self._name(file)} to {self._name(target)}"

    def swap(self) -> str:
        """Two files of a kind change places, with their time stamps."""
        one = self.any_file()
        two = self.draw.choice([path for path in self.files() if path.suffix == one.suffix])
        if one != two:
            third = one.with_name("third")
            one.rename(third)
            two.rename(one)
            third.rename(two)
        return f"swap {self._name(one)} {self._name(two)}"

    def restore(self) -> str:
        """One file as it was at the beginning."""
        origin = self.draw.choice(sorted(path for path in self.origin.rglob("*") if path.is_file()))
        self._put(origin)
        return f"restore {origin.relative_to(self.origin)}"

    def restore_most(self) -> str:
        for origin in sorted(path for path in self.origin.rglob("*") if path.is_file()):
            if self.draw.random() < 0.8:
                self._put(origin)
        return "restore most"

    def restore_all(self) -> str:
        """The site as it was at the beginning."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for origin in sorted(path for path in self.origin.rglob("*") if path.is_file()):
            self._put(origin)
        return "restore all"

    # ------------------------------------------------------------------------------------------------- helpers

    def _put(self, origin: Path) -> None:
        target = self.folder / origin.relative_to(self.origin)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != origin.read_bytes():
            shutil.copyfile(origin, target)
            self._age(target)

    def _line(self, edit: Callable[[str], str]) -> str:
        def one(lines: list[str]) -> None:
            at = self.draw.randrange(len(lines))
            lines[at] = edit(lines[at])

        return self._lines(one)

    def _lines(self, edit: Callable[[list[str]], object]) -> str:
        file = self.any_file()
        lines = self._read(file).split("\n")
        edit(lines)
        file.write_text("\n".join(lines), encoding="utf-8", errors="surrogateescape", newline="")
        self._age(file)
        return f"edit {self._name(file)}"

    def _read(self, file: Path) -> str:
        return file.read_bytes().decode("utf-8", "surrogateescape")

    def _age(self, file: Path) -> None:
        self.now += timedelta(minutes=1)
        stamp = self.now.timestamp()
        os.utime(file, (stamp, stamp))
        self.now += timedelta(minutes=1)

    def _fresh(self, file: Path) -> Path:
        """A new name, or one of a file of the original that is not there now; often in another folder."""
        self.number += 1
        lost = [p for p in self.origin.rglob(f"*{file.suffix}") if p.is_file()]
        lost = sorted(t for p in lost if not (t := self.folder / p.relative_to(self.origin)).exists())
        if lost and self.draw.random() < 0.3:
            return self.draw.choice(lost)
        folders = sorted(path for path in self.folder.rglob("*") if path.is_dir() and ".git" not in path.parts)
        folder = self.draw.choice([file.parent, *folders])
        name = self.draw.choice([file.name, f"{file.stem}{self.number}{file.suffix}", f"index{file.suffix}"])
        target = folder / name
        return target if not target.exists() else file.with_name(f"{file.stem}-{self.number}{file.suffix}")

    def _name(self, file: Path) -> str:
        return file.relative_to(self.folder).as_posix()

    def _word(self) -> str:
        return self.draw.choice([*WORDS, str(self.draw.randint(1, 2030))])
