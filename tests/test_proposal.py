"""`feeds init`: a site's folder is recognised, and the configuration written for it builds at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from feeds import config, proposal
from feeds.errors import FeedsError
from feeds.recognition import recognise
from repositories import Repository
from small_site import SmallSite


def feeds(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "feeds", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    made = SmallSite(tmp_path)
    made.paper("lamps")
    made.news("moving")
    return tmp_path / "site"


def test_init_then_build_needs_no_edit(site: Path) -> None:
    """What init writes is a configuration that publishes everything it spoke of."""
    first = feeds(site, "init")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        "jekyll, because of _config.yml and _posts",
        "  2 posts (1 papers, 1 news), 0 withheld",
        "Jekyll would copy config.yaml and output/ into the site it builds: name both under `exclude:` in _config.yml",
        "wrote config.yaml; next: feeds build",
    ]
    second = feeds(site, "build")
    assert second.returncode == 0, second.stderr
    assert {p.name for p in (site / "output" / "collections").iterdir()} == {"papers", "news"}


def test_init_never_overwrites(site: Path) -> None:
    """A config.yaml that is there stays as it is, and init says so."""
    (site / "config.yaml").write_text("sources: [{path: .}]\n")
    done = feeds(site, "init")
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert "hint: feeds init --print" in done.stderr
    assert (site / "config.yaml").read_text() == "sources: [{path: .}]\n"


def test_the_configuration_of_a_generator_is_left_alone(tmp_path: Path) -> None:
    """Hugo's own file may be called config.yaml: ours is then feeds.yaml, and every command finds it."""
    posts = tmp_path / "content" / "posts"
    posts.mkdir(parents=True)
    (tmp_path / "config.yaml").write_text("baseURL: https://lamps.example/\ntitle: Lamps\n")
    (posts / "oil.md").write_text("---\ntitle: Oil\ndate: 2020-01-02\n---\nOil burns.\n")
    assert "wrote feeds.yaml; next: feeds build" in feeds(tmp_path, "init").stdout
    assert (tmp_path / "config.yaml").read_text().startswith("baseURL")
    done = feeds(tmp_path, "build")
    assert done.returncode == 0, done.stderr
    assert "https://lamps.example/posts/oil/" in (tmp_path / "output" / "feed.atom").read_text()
    assert feeds(tmp_path, "init").returncode == 1


def test_print_writes_nothing(site: Path) -> None:
    """--print and --json show what there is without a trace in the folder."""
    printed, found = feeds(site.parent, "init", "--print", "site"), feeds(site.parent, "init", "--json", "site")
    assert not (site / "config.yaml").exists()
    settings = config.parse(printed.stdout.encode(), site / "config.yaml")
    assert settings.implied
    assert "#   papers: 1, in _posts/\n#   news: 1, in _posts/\n" in printed.stdout
    assert json.loads(found.stdout)["parts"][0]["kinds"] == {"papers": {"_posts/": 1}, "news": {"_posts/": 1}}


def test_a_folder_without_posts_is_said(tmp_path: Path) -> None:
    """Nothing is written for a folder in which nothing is recognised."""
    (tmp_path / "notes.bin").write_bytes(b"\0")
    with pytest.raises(FeedsError, match="no posts are recognised here"):
        proposal.propose(tmp_path)


def test_the_address_stands_elsewhere(site: Path) -> None:
    """Where the site does not say its address, what its host needs does; it is told where it comes from."""
    (site / "_config.yml").write_text("title: Lamps\n")
    assert proposal.propose(site).url == proposal.UNKNOWN
    (site / ".git").mkdir()
    (site / ".git" / "config").write_text('[remote "origin"]\n\turl = git@github.com:Lantern-Lab/lamps.git\n')
    assert proposal.propose(site).url == "https://lantern-lab.github.io/lamps"
    (site / "package.json").write_text('{"homepage": "https://lamps.example/lab/"}')
    assert proposal.propose(site).url == "https://lamps.example/lab"
    (site / "CNAME").write_text("lamps.example.org\n")
    found = proposal.propose(site)
    assert "  url: https://lamps.example.org  # from CNAME\n" in found.config


def test_a_site_without_posts_is_said(site: Path) -> None:
    """A new site is recognised all the same, and one reads why a build will publish nothing."""
    for post in (site / "_posts").iterdir():
        post.unlink()
    done = feeds(site, "init")
    assert done.returncode == 0
    assert "There is nothing to publish yet" in done.stdout


def test_an_unknown_address_is_shouted(site: Path) -> None:
    """A configuration with a stand-in address builds, and init says that it must be changed."""
    (site / "_config.yml").write_text("title: Lamps\n")
    done = feeds(site, "init")
    assert "change site.url" in done.stdout
    assert "# CHANGE THIS" in (site / "config.yaml").read_text()
    assert feeds(site, "build").returncode == 0


@pytest.mark.parametrize("url", ["https://example.com", "http://www.example.org/blog", "https://yoursite.com/"])
def test_the_address_of_a_template_is_none(site: Path, url: str) -> None:
    """What stands in a theme's configuration until somebody changes it is taken for no address."""
    (site / "_config.yml").write_text(f"title: Lamps\nurl: {url}\n")
    assert not proposal.propose(site).url_known


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (["CITATION.cff", "README.md", "docs/usage.md", "src/lamp.py"], "cff"),
        (["papers.bib", "README.md"], "bibtex"),
        (["papers.bib", "README.md", "notes/2024-05-06-wick.md"], "plain"),
        (["papers.bib", "wick.md"], "plain"),
    ],
)
def test_records_beside_a_readme(tmp_path: Path, files: list[str], kind: str) -> None:
    """What a repository says of itself is no post: the records beside it are what there is to publish."""
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("cff-version: 1.2.0\n@misc{a, title={A}}\n")
    assert recognise(tmp_path) == kind


def test_dates_of_the_history_count(tmp_path: Path) -> None:
    """In a repository init speaks of the posts that a build will find, whose dates are those of their commits."""
    Repository(tmp_path).commit({"notes/oil.md": "# Oil\n\nOil burns.\n"})
    found = proposal.propose(tmp_path).parts[0]
    assert (found.posts, found.unread) == (1, 0)


def test_records_in_several_formats_are_several_sources(tmp_path: Path) -> None:
    """What a reference manager wrote in two formats is read in both; a work in both is published once."""
    (tmp_path / "lib.bib").write_text("@article{a, title={Oil}, author={Glow, Bo}, year={2020}, doi={10.5555/a}}")
    two = "TY  - JOUR\nTI  - {}\nAU  - Glow, Bo\nPY  - 2020\nDO  - 10.5555/{}\nER  - \n"
    (tmp_path / "lib.ris").write_text(two.format("Oil", "a") + two.format("Glass", "b"))
    assert feeds(tmp_path, "init").returncode == 0
    assert [s.name for s in config.load(tmp_path / "config.yaml").sources] == ["bibtex", "ris"]
    assert "3 posts, 3 read: 2 published" in feeds(tmp_path, "build").stdout


def test_sites_below_the_folder_are_found(site: Path) -> None:
    """A repository that keeps its site in a folder, or several sites, is read as such."""
    other = site.parent / "other: site" / "_posts"
    other.mkdir(parents=True)
    (other.parent / "_config.yml").write_text("url: https://oil.example\n")
    (other / "2020-01-02-oil.md").write_text("---\ntitle: Oil\n---\nOil burns.\n")
    found = proposal.propose(site.parent)
    assert [part.path for part in found.parts] == ["other: site", "site"]
    settings = config.parse(found.config.encode(), site.parent / "config.yaml")
    assert [Path(s.path).name for s in settings.sources] == ["other: site", "site"]


@pytest.mark.parametrize(
    "title", ["yes", "1:30", "a: b", "- x", "#1", "'", '"', "a\\b", "Lampes à huile", "{x}", "@ada", "1e3"]
)
def test_any_title_is_written_as_it_is(site: Path, title: str) -> None:
    """What the site says of itself comes back from the file whatever signs it has."""
    (site / "_config.yml").write_text(f"title: {json.dumps(title)}\nurl: https://lamps.example\n")
    written = proposal.propose(site).config.replace("  # title:", "  title:")
    assert config.parse(written.encode(), site / "config.yaml").site.title == title


def test_the_output_is_not_where_pelican_builds(tmp_path: Path) -> None:
    """Pelican empties output/ before it builds there, so what is published lies elsewhere."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "oil.md").write_text("Title: Oil\nDate: 2024-01-01\n\nFor lamps.\n")
    (tmp_path / "pelicanconf.py").write_text(
        "SITENAME = 'Lamps'\nSITEURL = 'https://lamps.example'\nPATH = 'content'\n"
    )
    told = feeds(tmp_path, "init").stdout
    assert "wrote config.yaml" in told
    assert "Jekyll" not in told
    feeds(tmp_path, "build")
    assert (tmp_path / "feeds-output" / "manifest.json").is_file()
    assert not (tmp_path / "output").exists()


def test_the_output_is_not_read_as_a_source(site: Path) -> None:
    """What a build writes below the site's own folder changes nothing for the next."""
    (site / "output").mkdir()
    assert "path: feeds-output" in proposal.propose(site).config
    feeds(site, "init")
    feeds(site, "build")
    (site / "feeds-output" / "_posts").mkdir()
    (site / "feeds-output" / "_posts" / "2020-01-01-own.md").write_text("---\ntitle: Own\n---\n")
    assert "2 posts, 0 read" in feeds(site, "build").stdout
