"""The commands as a person and a script use them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from feeds import __version__
from small_site import SmallSite


def feeds(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "feeds", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.paper("lamps")
    made.news("moving")
    (tmp_path / "config.yaml").write_text(made.settings)
    return made


def test_build_tells_what_it_did(site: SmallSite) -> None:
    """A short summary on standard output, nothing else, and no colour in a pipe."""
    done = feeds("build", cwd=site.folder)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "2 posts, 2 read: 2 published, 1 with a work, 0 withheld" in done.stdout
    assert "0 unchanged, 0 removed" in done.stdout
    assert "output/index.html" in done.stdout
    assert "\x1b" not in done.stdout
    again = feeds("build", cwd=site.folder)
    assert "2 posts, 0 read" in again.stdout
    assert "0 files written" in again.stdout


def test_build_for_scripts(site: SmallSite) -> None:
    """--json prints the whole report and nothing else."""
    report = json.loads(feeds("build", "--json", cwd=site.folder).stdout)
    assert (report["posts"], report["published"], report["problems"]) == (2, 2, [])
    assert "feed.atom" in report["written"]


def test_a_refusal_for_scripts(site: SmallSite) -> None:
    """--json says on standard output, too, why nothing was published."""
    site.posts.parent.rename(site.folder / "away")
    done = feeds("build", "--json", cwd=site.folder)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == "there is no such file or folder"


def test_build_elsewhere(site: SmallSite) -> None:
    """-o publishes into another folder, -c names another configuration."""
    done = feeds("build", "-c", "config.yaml", "-o", "public", cwd=site.folder)
    assert done.returncode == 0
    assert (site.folder / "public/feed.atom").is_file()
    assert not site.output.exists()


def test_exit_status_3_when_something_was_left_out(site: SmallSite) -> None:
    """A broken post is named with file, line and hint; the others are published."""
    (site.posts / "2022-02-02-broken.md").write_text("---\ntitle: [x\n---\n\nText.\n")
    done = feeds("build", cwd=site.folder)
    assert done.returncode == 3
    assert "error: site/_posts/2022-02-02-broken.md:" in done.stderr
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert (site.output / "feed.atom").is_file()


def test_exit_status_1_when_nothing_can_be_published(site: SmallSite) -> None:
    """A source that is not there publishes nothing and says so."""
    site.posts.parent.rename(site.folder / "away")
    done = feeds("build", cwd=site.folder)
    assert done.returncode == 1
    assert "no such file or folder" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [["build", "-c", "missing.yaml"], ["build", "--jobs", "many"], ["nonsense"], ["show"], ["build", "x"]]
)
def test_exit_status_2_for_wrong_usage(site: SmallSite, arguments: list[str]) -> None:
    """Wrong options and configurations are told in a line."""
    done = feeds(*arguments, cwd=site.folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_exit_status_2_for_a_wrong_configuration(site: SmallSite) -> None:
    """The key and the line are named."""
    (site.folder / "config.yaml").write_text(site.settings + "sitee: {}\n")
    done = feeds("build", cwd=site.folder)
    assert done.returncode == 2
    assert "config.yaml:2: sitee: unknown key" in done.stderr


def test_version() -> None:
    """--version names the program and its version."""
    assert feeds("--version", cwd=Path()).stdout == f"feeds {__version__}\n"


def test_show_says_what_and_where(site: SmallSite) -> None:
    """Each value with the line and the rule that it came from."""
    done = feeds("show", "site/_posts/2020-05-01-lamps.md", cwd=site.folder)
    assert done.returncode == 0
    rows = {line.split()[0]: line for line in done.stdout.splitlines()[1:] if line.strip()}
    assert "On lamps" in rows["title"]
    assert "3: Ada Lamplighter, Bo Wick, Chandra Glow" in rows["authors"]
    assert "line 8" in rows["authors"]
    assert "Journal of Imaginary Optics" in rows["journal"]
    assert "line 9" in rows["journal"]
    assert "10.5555/lamps" in rows["doi"]
    assert "We light lamps." in rows["abstract"]
    assert "line 11" in rows["abstract"]


def test_show_works_on_a_loose_file(site: SmallSite, tmp_path: Path) -> None:
    """No configuration and no site anywhere: the post is read as it is."""
    loose = tmp_path / "loose"
    loose.mkdir()
    (loose / "paper.txt").write_text((site.posts / "2020-05-01-lamps.md").read_text())
    done = feeds("show", "--format", "csl-json", "paper.txt", cwd=loose)
    assert done.returncode == 0
    [record] = json.loads(done.stdout)
    assert record["DOI"] == "10.5555/lamps"
    assert record["page"] == "12-19"
    assert record["custom"]["source"] == "paper.txt"
    assert [a["family"] for a in record["author"]] == ["Lamplighter", "Wick", "Glow"]


def test_show_in_another_format(site: SmallSite) -> None:
    """--format takes every item exporter's name, and says which there are."""
    done = feeds("show", "--format", "jsonld", "site/_posts/2020-05-01-lamps.md", cwd=site.folder)
    assert json.loads(done.stdout)["@id"] == "https://doi.org/10.5555/lamps"
    wrong = feeds("show", "--format", "atom", "site/_posts/2020-05-01-lamps.md", cwd=site.folder)
    assert wrong.returncode == 2
    assert "csl-json" in wrong.stderr


def test_show_of_a_folder(site: SmallSite) -> None:
    """A folder stands for the posts below it, in the order of their names."""
    done = feeds("show", "--format", "csl-json", "site/_posts", cwd=site.folder)
    assert [r["custom"]["source"] for r in json.loads(done.stdout)] == [
        "site/_posts/2020-05-01-lamps.md",
        "site/_posts/2021-01-01-moving.md",
    ]


def test_show_of_what_is_not_there(site: SmallSite) -> None:
    """One line, no traceback."""
    done = feeds("show", "nothing.md", cwd=site.folder)
    assert done.returncode == 1
    assert "nothing.md: there is no such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_finds_what_is_missing(site: SmallSite) -> None:
    """Problems and missing metadata with hints; exit status 1 when there are any."""
    good = feeds("check", cwd=site.folder)
    assert (good.returncode, good.stdout) == (0, "")
    poor = site.posts / "2022-03-03-poor.md"
    poor.write_text("---\ntitle: Poor\ncategory: publications\n---\n\n#### Ada Lamplighter, Bo Wick\n\nText.\n")
    done = feeds("check", cwd=site.folder)
    assert done.returncode == 1
    assert "2022-03-03-poor.md:4: no identifier: needed by Bioschemas, wanted by Zotero" in done.stdout
    assert "add above this line: doi: 10.…" in done.stdout
    [found] = json.loads(feeds("check", "--json", str(poor), cwd=site.folder).stdout)["posts"]
    assert [f["field"] for f in found["findings"]] == ["identifier", "journal", "abstract"]


def test_check_without_anything_to_check(tmp_path: Path) -> None:
    """Without a configuration posts must be named."""
    done = feeds("check", cwd=tmp_path)
    assert done.returncode == 2
    assert "config.yaml" in done.stderr
