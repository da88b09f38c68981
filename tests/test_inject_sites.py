"""`feeds inject` on whole sites: which file is an item's page, what is written, and what is left alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import _built_pages, inject
from feeds.daemon import Daemon
from feeds.errors import PublishError
from feeds.model import Site
from small_site import NOW, SmallSite

BEGIN = b"<!-- feeds: begin"
PAGE = b"<!doctype html>\n<html><head><title>T</title></head><body>caf\xc3\xa9</body></html>\n"
URLS = {"lamps": "publications/2020/05/01/lamps.html", "moving": "news/2021/01/01/moving.html"}


class BuiltSite(SmallSite):
    """A small site and what its generator made of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.settings += "exports: [atom, jsonld, csl-json, linkset, index]\npages: {mode: inject, site: built}\n"
        self.built = folder / "built"
        self.paper("lamps")
        self.news("moving")
        for path in (*URLS.values(), "about.html"):
            self.page(path)

    def page(self, path: str, body: bytes = PAGE) -> Path:
        """Build one page."""
        file = self.built / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        return file

    def inject(self) -> inject.Injected:
        """Build the output, and bring the pages up to date."""
        self.build()
        return inject.inject(self.config(), self.built, NOW)

    def pages(self) -> dict[str, bytes]:
        """The built site."""
        return {str(f.relative_to(self.built)): f.read_bytes() for f in self.built.rglob("*") if f.is_file()}

    def feeds(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line in the site's folder."""
        (self.folder / "config.yaml").write_text(self.settings)
        command = [sys.executable, "-m", "feeds", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)


@pytest.fixture
def site(tmp_path: Path) -> BuiltSite:
    return BuiltSite(tmp_path)


# ---------------------------------------------------------------------------------------------------- which file

HERE = Site(url="https://lantern.example.org/lab", feeds_url="https://lantern.example.org/lab", title="Lab")
NAIVE = unicodedata.normalize("NFC", "naïve")


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/lab/a/b.html", "a/b.html"),
        ("/lab/a/b/", "a/b/index.html"),
        ("/lab/a/b/", "a/b/index.htm"),
        ("/lab/a/b/", "a/b.html"),
        ("/lab/a/b", "a/b.html"),
        ("/lab/a/b", "a/b/index.html"),
        ("/lab/a/b", "a/b"),
        ("/lab/a/v1.2", "a/v1.2/index.html"),
        ("/lab/a/b.html", "lab/a/b.html"),
        ("/lab/", "index.html"),
        ("/lab/na%C3%AFve/", f"{NAIVE}/index.html"),
        ("/lab/na%C3%AFve/", unicodedata.normalize("NFD", NAIVE) + "/index.html"),
        ("/lab/nai%CC%88ve.html", f"{NAIVE}.html"),
        ("/lab/a%20b.html", "a b.html"),
        ("/lab/a%20b.html", "a%20b.html"),
    ],
)
def test_an_address_leads_to_its_file(path: str, file: str, tmp_path: Path) -> None:
    """As web servers resolve it, whatever the encoding of its name, with and without the site's base path."""
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_bytes(PAGE)
    assert _built_pages.find(f"https://lantern.example.org{path}", HERE, os.path.realpath(tmp_path)) == file


@pytest.mark.parametrize(
    "path",
    ["/lab/../secret.html", "/lab/%2e%2e/secret.html", "/lab/a/../../secret.html", "//secret.html", "/lab/link.html",
     "/lab/out/secret.html", "/lab/data", "/lab/%00.html", "/lab/nothing/", "/lab/a.pdf",
     "/lab/x.xhtml"],
)  # fmt: skip
def test_nothing_outside_the_site_is_found(path: str, tmp_path: Path) -> None:
    """No address leads out of the folder, neither by dots nor by a link, and to nothing that is no page."""
    root = tmp_path / "built"
    root.mkdir()
    (tmp_path / "secret.html").write_bytes(PAGE)
    (root / "link.html").symlink_to(tmp_path / "secret.html")
    (root / "out").symlink_to(tmp_path)
    (root / "data").write_bytes(b"\x7fELF")
    (root / "a.pdf").write_bytes(PAGE)
    (root / "x.xhtml").write_bytes(PAGE)
    assert _built_pages.find(f"https://lantern.example.org{path}", HERE, os.path.realpath(root)) == ""


@given(path=st.lists(st.sampled_from(["..", ".", "", "out", "in", "%2e%2e", "%2F", "a", "é", "~", "\\", "C:", "\0"])))
def test_no_address_leads_out(path: list[str]) -> None:
    """Whatever an address is made of, what is found for it lies in the folder."""
    with TemporaryDirectory() as outside:
        root = Path(os.path.realpath(outside), "built")
        (root / "in").mkdir(parents=True)
        (root / "out").symlink_to(outside)
        for file in (Path(outside, "index.html"), Path(outside, "a.html"), root / "in" / "a.html", root / "index.html"):
            file.write_bytes(PAGE)
        found = _built_pages.find("https://lantern.example.org/lab/" + "/".join(path), HERE, str(root))
        assert found in {"", "in/a.html", "index.html"}


# ---------------------------------------------------------------------------------------------------- what is written


def test_pages_of_items_get_a_block_and_nothing_else_is_touched(site: BuiltSite) -> None:
    """A paper's page has citation tags, that of news has none, a page that is no item's stays as it was."""
    before = site.pages()
    done = site.inject()
    assert sorted(done.written) == sorted(URLS.values())
    assert (done.problems, done.missing, done.removed) == ((), (), ())
    pages = site.pages()
    assert pages.keys() == before.keys()
    assert pages["about.html"] == before["about.html"]
    assert b"citation_author" in pages[URLS["lamps"]]
    assert b"citation_" not in pages[URLS["moving"]]
    assert b"BlogPosting" in pages[URLS["moving"]]
    for href in (b"lamps.jsonld", b"lamps.csl.json", b"lamps.linkset.json", b"feed.atom"):
        assert href in pages[URLS["lamps"]]


def test_what_is_as_it_was_is_not_even_read(site: BuiltSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run opens no page, and a page that the generator wrote again gets its block again."""
    site.inject()
    stats = {file: file.stat() for file in site.built.rglob("*.html")}
    with monkeypatch.context() as patched:
        patched.setattr(inject._Run, "_change", None)
        done = inject.inject(site.config(), site.built, NOW)
    assert (done.unchanged, done.written) == (2, ())
    assert {file: file.stat() for file in stats} == stats
    site.page(URLS["lamps"])
    assert site.inject().written == (URLS["lamps"],)


def test_the_configuration_says_how_json_ld_is_shaped(site: BuiltSite) -> None:
    """jsonld: {nested: false} holds for what is in pages, and a change of it is seen."""
    site.inject()
    assert b'"@type":"PublicationVolume","volumeNumber":"7","isPartOf"' in (site.built / URLS["lamps"]).read_bytes()
    site.settings = site.settings.replace("jsonld,", "{jsonld: {nested: false}},")
    assert URLS["lamps"] in site.inject().written
    assert b'"@type":"PublicationVolume","volumeNumber":"7"}' in (site.built / URLS["lamps"]).read_bytes()


def test_a_changed_record_changes_the_block(site: BuiltSite) -> None:
    """When the post says something else, its page does too, and no other is written."""
    site.inject()
    site.paper("lamps", doi="10.5555/other")
    assert site.inject().written == (URLS["lamps"],)
    page = (site.built / URLS["lamps"]).read_bytes()
    assert b'content="10.5555/other"' in page
    assert page.count(BEGIN) == 1


@pytest.mark.parametrize("forget", [False, True])
def test_the_page_of_what_is_gone_loses_its_block(site: BuiltSite, forget: bool) -> None:
    """A post that is withdrawn takes the block out of its page, also when nothing is known of the last run."""
    site.paper("tides")
    site.page("publications/2020/05/01/tides.html")
    site.inject()
    (site.posts / "2020-05-01-lamps.md").unlink()
    if forget:
        (site.folder / ".output.feeds" / inject.NOTES).unlink()
    done = site.inject()
    assert done.removed == (URLS["lamps"],)
    assert (site.built / URLS["lamps"]).read_bytes() == PAGE
    assert site.inject().removed == ()


@pytest.mark.parametrize("forget", [False, True])
def test_the_page_of_what_cannot_be_read_stays(site: BuiltSite, forget: bool) -> None:
    """A typing error in a post takes nothing from its page, also when nothing is known of the last run."""
    site.inject()
    before = site.pages()
    (site.posts / "2020-05-01-lamps.md").write_text("---\ntitle: [\n---\n")
    if forget:
        (site.folder / ".output.feeds" / inject.NOTES).unlink()
    done = site.inject()
    assert (done.removed, done.written) == ((), ())
    assert site.pages() == before
    site.paper("lamps", doi="10.5555/other")
    assert site.inject().written == (URLS["lamps"],)


def test_mode_and_links_stay(site: BuiltSite) -> None:
    """A page keeps its mode; one that is a link within the site stays a link, and its target gets the block."""
    real = site.page("store/lamps.html")
    page = site.built / URLS["lamps"]
    page.unlink()
    page.symlink_to(real)
    real.chmod(0o640)
    site.inject()
    assert page.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert BEGIN in real.read_bytes()
    assert not [file for file in site.built.rglob("*") if ".feeds-" in file.name]


def test_nothing_is_written_through_a_link(site: BuiltSite) -> None:
    """A link of the name that we write under leads nothing out of the folder, and that is told."""
    secret = site.folder / "secret"
    secret.write_bytes(b"kept")
    page = site.built / URLS["lamps"]
    page.with_name(".lamps.html.feeds-new").symlink_to(secret)
    [problem] = site.inject().problems
    assert (problem.severity, problem.where) == ("error", str(page))
    assert secret.read_bytes() == b"kept"
    assert page.read_bytes() == PAGE


def test_a_page_that_is_being_written_is_left_to_the_next_run(site: BuiltSite) -> None:
    """Whoever wrote a page since it was read has the last word."""
    page = site.built / "about.html"
    seen = _built_pages.stat(str(page))
    page.write_bytes(b"<p>newer")
    assert not _built_pages.put(str(page), b"older", seen)
    assert page.read_bytes() == b"<p>newer"


def test_missing_pages_are_told(site: BuiltSite) -> None:
    """A few by their address, the others by their number; and all of them missing is another folder."""
    for number in range(6):
        site.paper(f"p{number}")
    done = site.inject()
    assert len(done.missing) == 6
    assert [p.where for p in done.problems[:3]] == [
        f"https://lantern.example.org/publications/2020/05/01/p{number}.html" for number in range(3)
    ]
    assert "3 more" in done.problems[3].message
    assert all(problem.severity == "warning" for problem in done.problems)
    [problem] = inject.inject(site.config(), site.posts, NOW).problems
    assert "no page of any of the 8" in problem.message


def test_a_folder_that_is_not_there_is_told(site: BuiltSite) -> None:
    """Before the site is built there is an error that says so; and without a publication nothing can be put in."""
    shutil.rmtree(site.built)
    with pytest.raises(PublishError):
        inject.inject(site.config(), site.built, NOW)
    [problem] = site.inject().problems
    assert (problem.where, problem.severity) == (str(site.built), "error")


def test_an_interrupted_run_is_finished_by_the_next(site: BuiltSite) -> None:
    """What a stop left undone is done then, and nothing is forgotten."""
    site.paper("tides")
    site.page("publications/2020/05/01/tides.html")
    site.inject()
    for path in URLS.values():
        site.page(path)
    (site.posts / "2020-05-01-tides.md").unlink()
    site.build()
    asked: list[int] = []

    def go_on() -> None:
        asked.append(1)
        if len(asked) > 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        inject.inject(site.config(), site.built, NOW, go_on=go_on)
    assert [BEGIN in page for path, page in sorted(site.pages().items())] == [False, False, True, True]
    site.inject()
    assert [BEGIN in page for path, page in sorted(site.pages().items())] == [False, True, True, False]


# ---------------------------------------------------------------------------------------------------- the commands


def test_build_and_daemon_do_it(site: BuiltSite) -> None:
    """With pages: inject both put the block in, also when the site alone was built again."""
    done = site.feeds("build")
    assert done.returncode == 0, done.stderr
    assert "built: 2 pages written, 0 unchanged" in done.stdout
    assert "built: 0 pages written, 2 unchanged" in site.feeds("build").stdout
    site.page(URLS["lamps"])
    Daemon(site.config(), clock=lambda: NOW)._build(())
    assert BEGIN in (site.built / URLS["lamps"]).read_bytes()


def test_the_command_builds_injects_and_takes_out(site: BuiltSite) -> None:
    """`feeds inject DIR` brings the output up to date first; --dry-run writes nothing; --remove leaves no trace."""
    site.settings = site.settings.replace("pages: {mode: inject, site: built}\n", "")
    before = site.pages()
    assert site.feeds("inject").returncode == 2
    assert "2 pages written" in site.feeds("inject", "built").stdout
    assert site.pages() != before
    site.page(URLS["moving"])
    report = json.loads(site.feeds("inject", "built", "--dry-run", "--json").stdout)
    assert (report["written"], report["unchanged"]) == ([URLS["moving"]], 1)
    assert site.pages()[URLS["moving"]] == PAGE
    out = site.feeds("inject", "built", "--remove")
    assert "the block taken out of 1" in out.stdout
    assert site.pages() == before


# ---------------------------------------------------------------------------------------------------- real generators


def heads(built: Path) -> dict[str, bytes]:
    """Every page of a built site."""
    return {str(file.relative_to(built)): file.read_bytes() for file in built.rglob("*.html")}


def check_real_site(folder: Path, built: Path, least: int) -> None:
    """Put the block in: every page that got one has it in its head as html5lib sees it; and out again."""
    before = heads(built)
    config = "sources: [{path: site}]\nexports: [atom, jsonld, linkset, index]\n"
    (folder / "config.yaml").write_text(config)
    command = [sys.executable, "-m", "feeds", "inject", str(built), "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert len(report["written"]) >= least, done.stderr
    after = heads(built)
    for path in report["written"]:
        head = html5lib.parse(after[path], namespaceHTMLElements=False).find("head")
        kinds = [script.get("type") for script in head.iter("script")]
        assert kinds.count("application/ld+json") == 1, path
        rels = [link.get("rel") for link in head.iter("link")]
        assert rels.count("canonical") == 1, path
    assert {path for path in after if after[path] != before[path]} == {*report["written"]}
    subprocess.run([*command[:4], str(built), "--remove"], cwd=folder, check=True, capture_output=True)
    assert heads(built) == before


def test_a_site_that_jekyll_built(tmp_path: Path) -> None:
    """The example site, built by Jekyll itself."""
    if shutil.which("jekyll") is None:
        pytest.skip("jekyll IS NOT INSTALLED, so that no site that it built was tried (apt-get install jekyll)")
    shutil.copytree(Path(__file__).parent.parent / "examples" / "site", tmp_path / "site")
    command = ["jekyll", "build", "-s", str(tmp_path / "site"), "-d", str(tmp_path / "built")]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env={**os.environ, "LC_ALL": "C.UTF-8"})
    check_real_site(tmp_path, tmp_path / "built", 20)


def test_a_site_that_hugo_built_and_minified(tmp_path: Path) -> None:
    """Hugo's minifier leaves out the end of the head, quotes and white space."""
    if shutil.which("hugo") is None:
        pytest.skip("hugo IS NOT INSTALLED, so that no site that it built was tried (apt-get install hugo)")
    site = tmp_path / "site"
    files = {
        "hugo.toml": 'baseURL = "https://lantern.example.org/lab/"\ntitle = "Lantern Lab"\ndisableKinds = ["RSS"]\n',
        "layouts/_default/baseof.html": "<!doctype html>\n<html><head>\n<title>{{ .Title }}</title>\n</head>\n<body>\n"
        '{{ block "main" . }}{{ end }}\n</body></html>\n',
        "layouts/_default/single.html": '{{ define "main" }}<p>{{ .Content }}</p>{{ end }}',
        "layouts/_default/list.html": '{{ define "main" }}<p>{{ .Title }}</p>{{ end }}',
        "content/posts/tide-tables.md": "---\ntitle: Tide tables\ndate: 2021-02-03\n---\nWe print them again.\n",
        "content/posts/Größe.md": "---\ntitle: On size\ndate: 2021-02-04\n---\nIt grows.\n",
    }
    for path, body in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(body, encoding="utf-8")
    command = ["hugo", "--minify", "-d", str(tmp_path / "built")]
    subprocess.run(command, cwd=site, check=True, capture_output=True)
    check_real_site(tmp_path, tmp_path / "built", 2)
