"""MkDocs sites: their configuration, what of them is a post, links, and odd input."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.errors import SourceError
from feeds.model import Post, Reading, SourceOptions, Tree
from feeds.sources._mkdocs_slugs import named
from feeds.sources.mkdocs import SOURCE
from sites import post, write

CONFIG = "site_name: Lantern Lab\nsite_url: https://lab.example.org/\n"
BLOG = CONFIG + "plugins:\n  - blog\n"
NEWS = "docs/news/2024-05-06-lamp.md"


def opened(root: Path, files: Mapping[str, str], config: str = CONFIG, **options: Any) -> tuple[Tree, SourceOptions]:
    write(root, {"mkdocs.yml": config, "docs/index.md": "# Home\n", **files})
    chosen = SourceOptions(name="site", **options)
    return SOURCE.open(root, chosen), chosen


def read(root: Path, files: Mapping[str, str], path: str = NEWS, config: str = CONFIG, **options: Any) -> Reading:
    tree, chosen = opened(root, files, config, **options)
    return SOURCE.read(tree, path, chosen)


def read_post(root: Path, text: str, path: str = NEWS, config: str = CONFIG, **options: Any) -> Post:
    reading = read(root, {path: text}, path, config, **options)
    assert reading.post, reading
    return reading.post


# ------------------------------------------------------------------------------------------------------ recognition


@pytest.mark.parametrize(
    ("files", "confidence", "reason"),
    [
        ({"mkdocs.yml": "site_name: x", "docs/index.md": ""}, 0.95, "mkdocs.yml and docs/"),
        ({"mkdocs.yaml": "docs_dir: text", "text/index.md": ""}, 0.95, "mkdocs.yaml and text/"),
        ({"mkdocs.yml": "docs_dir: .", "index.md": ""}, 0.95, "mkdocs.yml"),
        ({"mkdocs.yml": "site_name: x"}, 0.6, "mkdocs.yml"),
        ({"mkdocs.yml": "a: [", "text/index.md": ""}, 0.6, "mkdocs.yml"),
    ],
)
def test_a_site_is_known_by_its_configuration(
    files: dict[str, str], confidence: float, reason: str, tmp_path: Path
) -> None:
    """mkdocs.yml and the folder that it names say that it is MkDocs; the folder missing, it may be."""
    write(tmp_path, files)
    found = SOURCE.detect(tmp_path)
    assert found
    assert (found.confidence, found.reason) == (confidence, reason)


def test_other_folders_and_files_are_not_claimed(tmp_path: Path) -> None:
    """Documents alone are anybody's, and the configuration alone is no site."""
    write(tmp_path, {"docs/index.md": "# x", "mkdocs.yml/x": ""})
    assert SOURCE.detect(tmp_path) is None
    assert SOURCE.detect(tmp_path / "docs/index.md") is None
    assert SOURCE.detect(tmp_path / "nowhere") is None


# ------------------------------------------------------------------------------------------------------ configuration


def test_tags_are_never_evaluated(tmp_path: Path) -> None:
    """A configuration that would run code, or ask the environment, is read as plain values."""
    config = (
        "site_name: !ENV [HOME, Lantern Lab]\nsite_url: !ENV [PATH, USER, 'https://lab.example.org/x']\n"
        "site_description: !ENV HOME\nextra:\n  a: !!python/object/apply:os.system ['touch ran']\n"
        "  b: !relative $docs_dir/x\n  c: !unknown {d: 1}\n  e: !!python/name:os.getcwd\n"
    )
    tree, _ = opened(tmp_path, {}, config)
    assert not (tmp_path / "ran").exists()
    assert tree.problems == ()
    wanted = {"title": "Lantern Lab", "url": "https://lab.example.org/x", "description": ""}
    assert {key: tree.site[key] for key in wanted} == wanted


def test_a_configuration_inherits_from_another_below_the_folder(tmp_path: Path) -> None:
    """Mappings are merged, lists replaced; a file outside, or a circle, is reported and counts as empty."""
    files = {"conf/base.yml": "site_name: Base\nsite_url: https://base.example.org\nextra: {excerpt_separator: CUT}\n"}
    tree, _ = opened(tmp_path, files, "INHERIT: conf/base.yml\nsite_name: Mine\nextra: {other: 1}\n")
    assert (tree.site["title"], tree.site["url"]) == ("Mine", "https://base.example.org")
    assert tree.data.config.values["extra"] == {"excerpt_separator": "CUT", "other": 1}
    for name in ("../outside.yml", "mkdocs.yml"):
        tree, _ = opened(tmp_path, {"../outside.yml": "site_name: Out\n"}, CONFIG + f"INHERIT: {name}\n")
        assert tree.site["title"] == "Lantern Lab"
        assert [p.message for p in tree.problems] == ["not usable: not a file below the site's folder"]


def test_a_broken_configuration_is_reported_with_its_line(tmp_path: Path) -> None:
    """The pages are read all the same."""
    tree, _ = opened(tmp_path, {NEWS: "# Lamp"}, "site_name: x\nnav: [\n", url="https://lab.example.org")
    assert [p.where for p in tree.problems] == ["mkdocs.yml:3"]
    assert tree.paths == (NEWS,)


@pytest.mark.parametrize("docs", ["text", "../elsewhere", "/etc", "mkdocs.yml"])
def test_the_folder_of_the_documents_must_be_there(docs: str, tmp_path: Path) -> None:
    """A folder that is not there, or not below the site's, ends with an error that says so."""
    with pytest.raises(SourceError, match="there is no folder"):
        opened(tmp_path / "site", {"../elsewhere/a.md": ""}, CONFIG + f"docs_dir: {docs}\n")


def test_a_site_without_an_address_says_so(tmp_path: Path) -> None:
    """Without site_url nobody knows where a page is."""
    tree, _ = opened(tmp_path, {}, "site_name: Lantern Lab\n")
    assert [p.message for p in tree.problems] == ["the site's address is not known"]


def test_a_pattern_of_the_source_wins(tmp_path: Path) -> None:
    """`url:` with placeholders replaces MkDocs' own address, `url:` without them the site's."""
    pattern = "https://other.example/{year}/{slug}.html"
    assert read_post(tmp_path, "# Lamp", pattern=pattern).url == "https://other.example/2024/lamp.html"
    assert read_post(tmp_path, "# Lamp", url="https://o.example/b").url == "https://o.example/b/news/2024-05-06-lamp/"


def test_a_slug_function_of_ones_own_is_reported(tmp_path: Path) -> None:
    """Its result cannot be known; where the address has no slug, it does not matter."""
    own = "plugins:\n  - blog:\n      post_slugify: !!python/name:lamps.slug\n"
    tree, _ = opened(tmp_path, {}, CONFIG + own)
    assert [p.message.split(":")[0] for p in tree.problems] == ["post_slugify is a function of the site's own"]
    tree, _ = opened(tmp_path, {}, CONFIG + own + "      post_url_format: '{file}'\n")
    assert tree.problems == ()


# ------------------------------------------------------------------------------------------------------ what is a post


def test_a_folders_own_page_is_no_post_unless_it_is_alone(tmp_path: Path) -> None:
    """index.md lists what is in its folder; where there is nothing else it is the page itself."""
    dated = post("date: 2024-05-06")
    names = ["docs/a/index.md", "docs/a/b/index.md", "docs/a/c.md", "docs/d/README.md", "docs/e/index.md"]
    tree, _ = opened(tmp_path, {**dict.fromkeys([*names, "docs/e/README.md"], dated)})
    assert tree.paths == ("docs/a/b/index.md", "docs/a/c.md", "docs/d/README.md", "docs/e/index.md")


def test_pages_without_a_date_are_documentation(tmp_path: Path) -> None:
    """They are withheld; a page about a paper should have a date, and is reported."""
    reading = read(tmp_path, {"docs/usage.md": "# Usage"}, "docs/usage.md")
    assert (reading.withheld, reading.problems) == ("a page without a date", ())
    reading = read(tmp_path, {"docs/paper.md": post("doi: 10.1234/x")}, "docs/paper.md")
    assert [p.severity for p in reading.problems] == ["error"]


def test_drafts_are_withheld_unless_wanted(tmp_path: Path) -> None:
    """By front matter and by draft_docs, and for a blog also when it publishes its drafts."""
    config = CONFIG + "draft_docs: soon/\n"
    files = {"docs/soon/2024-01-01-a.md": "# A", NEWS: post("draft: true")}
    for path, reason in (("docs/soon/2024-01-01-a.md", "draft_docs"), (NEWS, "draft")):
        assert read(tmp_path, files, path, config).withheld == reason
        assert read(tmp_path, files, path, config, drafts=True).post
    text, path = post("date: 2024-05-06", "draft: true"), "docs/blog/posts/a.md"
    assert read(tmp_path, {path: text}, path, BLOG).withheld == "draft"
    assert read(tmp_path, {path: text}, path, CONFIG + "plugins: {blog: {draft: true}}\n").post


def test_a_blog_that_is_switched_off_has_no_posts(tmp_path: Path) -> None:
    """Its pages are pages like any other."""
    config = CONFIG + "plugins:\n  - blog: {enabled: false}\n"
    url = read_post(tmp_path, post("date: 2024-05-06"), "docs/blog/posts/a.md", config).url
    assert url == "https://lab.example.org/blog/posts/a/"


def test_front_matter_of_a_folder_is_below_that_of_the_page(tmp_path: Path) -> None:
    """Material's meta plugin: lists are joined, the inner folder and the page win."""
    files = {
        "docs/news/.meta.yml": "tags: [lab]\nlang: de\ndescription: Outer\n",
        "docs/news/in/.meta.yml": "tags: [inner]\ndescription: Inner\n",
        "docs/news/in/a.md": post("date: 2024-05-06", "tags: [lamp]"),
    }
    found = read(tmp_path, files, "docs/news/in/a.md", CONFIG + "plugins: [meta]\n").post
    assert found
    assert (found.tags, found.lang, found.summary) == (("lab", "inner", "lamp"), "de", "Inner")


@pytest.mark.parametrize(
    ("title", "is_known"),
    [("Ada Wick", True), ("Dr. Ada van Wick, PhD", True), ("Former Members", False), ("Lamps", False), ("2024", False)],
)
def test_members_have_names(title: str, is_known: bool, tmp_path: Path) -> None:
    """A page in a people folder is about a person when its title is a name; it is no post in either case."""
    tree, options = opened(tmp_path, {"docs/team/x.md": post(f"title: '{title}'", "date: 2020-01-01")})
    assert bool(tree.people) == is_known
    assert SOURCE.read(tree, "docs/team/x.md", options).withheld == "a page about a person"


def test_a_member_has_what_the_page_says(tmp_path: Path) -> None:
    """ORCID, address and login from front matter or the text, and the page as address on the web."""
    text = "[0000-0002-1825-0097](https://orcid.org/0000-0002-1825-0097) [me](mailto:ada@lab.example.org)\n"
    text += "[@adawick](https://github.com/adawick) [@lab](https://github.com/lab)\n"
    tree, _ = opened(tmp_path, {"docs/people/ada.md": post("name: Ada Wick", "affiliation: Lumen", body=text)})
    ada = tree.people[0]
    assert (ada.name, ada.orcid, ada.email, ada.affiliation, ada.url) == (
        "Ada Wick",
        "0000-0002-1825-0097",
        "ada@lab.example.org",
        "Lumen",
        "https://lab.example.org/people/ada/",
    )
    assert ada.aliases == ("@adawick",)


# ------------------------------------------------------------------------------------------------------ text and links


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("other.md", "https://lab.example.org/news/other/"),
        ("./other.md?x=1#y", "https://lab.example.org/news/other/?x=1#y"),
        ("../index.md", "https://lab.example.org/"),
        ("my%20file.md", "https://lab.example.org/news/my%20file/"),
        ("my file.md", "https://lab.example.org/news/my%20file/"),
        ("plot.svg", "https://lab.example.org/news/plot.svg"),
        ("/news/other.md", "https://lab.example.org/news/other.md"),
        ("gone.md", "https://lab.example.org/news/2024-05-06-lamp/gone.md"),
        ("../../mkdocs.yml", "https://lab.example.org/mkdocs.yml"),
        ("https://x.example/other.md", "https://x.example/other.md"),
        ("%00.md", "https://lab.example.org/news/2024-05-06-lamp/%00.md"),
        ("#here", "https://lab.example.org/news/2024-05-06-lamp/#here"),
    ],
)
def test_links_to_documents_lead_to_their_pages(target: str, leads_to: str, tmp_path: Path) -> None:
    """What a relative link names below the documents is where the site serves it; other links are the browser's."""
    names = ["docs/news/other.md", "docs/news/my file.md", "docs/news/plot.svg"]
    found = read(tmp_path, {NEWS: f"[x]({target})\n", **dict.fromkeys(names, "x")}).post
    assert found
    assert f'href="{leads_to}"' in found.html


def test_links_from_the_root_are_below_the_documents_where_the_site_says_so(tmp_path: Path) -> None:
    """validation.links.absolute_links: relative_to_docs."""
    config = CONFIG + "validation:\n  absolute_links: relative_to_docs\n"
    found = read(tmp_path, {NEWS: "[x](/a/b.md)", "docs/a/b.md": ""}, NEWS, config).post
    assert found
    assert "https://lab.example.org/a/b/" in found.html


def test_a_reading_depends_on_what_it_links(tmp_path: Path) -> None:
    """Also on what is not there yet."""
    reading = read(tmp_path, {NEWS: "[a](a.md) ![b](../img/b.png) [c](https://c.example) [d](#d)"})
    assert reading.depends == ("docs/img/b.png", "docs/news/a.md")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mkdocs.yml", CONFIG + "use_directory_urls: false\n"),
        ("docs/papers/lamp.pdf", "%PDF"),
        ("docs/group/Ada-Wick.md", "# Ada Wick"),
        ("docs/news/.meta.yml", "tags: [x]"),
        ("docs/blog/.authors.yml", "authors: {ada: {name: Ada Wick}}"),
    ],
)
def test_the_fingerprint_is_of_all_that_every_post_depends_on(name: str, text: str, tmp_path: Path) -> None:
    """Configuration, people, attached files and folders' front matter change it; another page does not."""
    config = CONFIG + "plugins: [blog, meta]\n"
    before = opened(tmp_path, {NEWS: "# Lamp"}, config)[0].fingerprint
    assert opened(tmp_path, {NEWS: "# Other", "docs/more.md": ""}, config)[0].fingerprint == before
    write(tmp_path, {name: text})
    assert SOURCE.open(tmp_path, SourceOptions(name="site")).fingerprint != before


@pytest.mark.parametrize(
    ("name", "pdf_base", "url"),
    [
        ("lamp.pdf", "", "https://lab.example.org/news/lamp.pdf"),
        ("only one.pdf", "", "https://lab.example.org/pdf/only%20one.pdf"),
        ("../pdf/lamp.pdf", "", "https://lab.example.org/pdf/lamp.pdf"),
        ("/pdf/lamp.pdf", "", "https://lab.example.org/pdf/lamp.pdf"),
        ("lamp.pdf", "https://files.example/", "https://files.example/lamp.pdf"),
        ("gone.pdf", "", None),
    ],
)
def test_files_in_front_matter_have_addresses(name: str, pdf_base: str, url: str | None, tmp_path: Path) -> None:
    """Beside the page, by its path, or where the only one of that name lies."""
    files = dict.fromkeys(["docs/news/lamp.pdf", "docs/pdf/lamp.pdf", "docs/pdf/only one.pdf"], "%PDF")
    found = read(tmp_path, {NEWS: post(f"pdf: {name}"), **files}, pdf_base=pdf_base).post
    assert found
    assert found.files.get(name) == url


def test_redirects_are_older_addresses(tmp_path: Path) -> None:
    """mkdocs-redirects says where a page was before."""
    config = CONFIG + "plugins:\n  - redirects:\n      redirect_maps:\n        old/lamp.md: news/2024-05-06-lamp.md\n"
    assert read_post(tmp_path, "# Lamp", config=config).redirects == ("https://lab.example.org/old/lamp/",)


def test_dates_may_stand_under_other_keys(tmp_path: Path) -> None:
    """mkdocs-rss-plugin names the keys of creation and change."""
    config = CONFIG + "plugins:\n  - rss:\n      date_from_meta: {as_creation: made, as_update: git}\n"
    found = read(tmp_path, {"docs/lamp.md": post("made: 2024-05-07")}, "docs/lamp.md", config).post
    assert found
    assert found.published.date().isoformat() == "2024-05-07"


def test_a_plugin_that_moves_pages_is_reported(tmp_path: Path) -> None:
    """What it does cannot be known."""
    tree, _ = opened(tmp_path, {}, CONFIG + "plugins: [search, i18n]\n")
    assert [p.message.split(" may")[0] for p in tree.problems] == ["the plugin i18n"]


def test_the_remains_of_jekyll_are_resolved(tmp_path: Path) -> None:
    """`{{ page.title }}` in a page that was Jekyll's once; without the macros plugin other braces are text."""
    found = read_post(tmp_path, post("title: Lamp", body="A {{ page.title }}.\n"))
    assert "<p>A Lamp.</p>" in found.html
    assert "{{ x }}" in read_post(tmp_path, "Braces {{ x }} stay.\n").html


@pytest.mark.parametrize("separator", ["<!--more-->", "<!-- more -->"])
def test_the_excerpt_ends_where_people_say(separator: str, tmp_path: Path) -> None:
    """Both spellings of the comment are known."""
    assert read_post(tmp_path, f"# Lamp\n\nOne *two*\n\n{separator}\n\nThree.\n").summary == "One two"


# ----------------------------------------------------------------------------------------------------- slugs, odd input


@pytest.mark.parametrize(
    ("function", "arguments", "slug"),
    [
        ("", {}, "größe-der-lampe_2--neu"),
        ("name:pymdownx.slugs.uslugify_cased", {}, "Größe-der-Lampe_2--neu"),
        ("name:pymdownx.slugs.gfm", {}, "größe-der-lampe_2--neu"),
        ("object/apply:pymdownx.slugs.slugify", {"case": "fold"}, "grösse-der-lampe_2--neu"),
        ("name:markdown.extensions.toc.slugify", {}, "groe-der-lampe_2-neu"),
        ("name:markdown.extensions.toc.slugify_unicode", {}, "größe-der-lampe_2-neu"),
    ],
)
def test_slugs_are_those_of_the_function_that_is_named(function: str, arguments: dict[str, Any], slug: str) -> None:
    """PyMdown's functions and Python-Markdown's, as their documentation has them."""
    assert named(function, arguments, "-").of(" Größe der Lampe_2 : neu!") == slug


def test_tags_are_no_part_of_a_slug() -> None:
    """PyMdown takes them out; Python-Markdown their signs only."""
    assert named("", {}, "-").of("A <b>lit</b> lamp") == "a-lit-lamp"
    assert named("name:markdown.extensions.toc.slugify", {}, "-").of("A <b>lit</b> lamp") == "a-blitb-lamp"


@given(st.text(max_size=60), st.sampled_from(["", "name:markdown.extensions.toc.slugify", "name:a.b"]))
def test_a_slug_holds_nothing_that_ends_a_path(text: str, function: str) -> None:
    """No slash, no query, no fragment, whatever the title."""
    assert not set(named(function, {}, "-").of(text)) & set("/?#%")


LOOSE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LOOSE
@given(
    data=st.one_of(st.binary(max_size=200), st.text(alphabet="-: \n#!?=<>[](){}%\"'ab1", max_size=200).map(str.encode))
)
def test_no_page_is_too_odd(data: bytes, tmp_path: Path) -> None:
    """Whatever is in a page, reading it ends with a post, a reason or a problem."""
    tree, options = opened(tmp_path, {NEWS: "x", "docs/blog/posts/a.md": "x"}, CONFIG + "plugins: [blog, macros]\n")
    for path in (NEWS, "docs/blog/posts/a.md"):
        (tmp_path / path).write_bytes(data)
        reading = SOURCE.read(tree, path, options)
        assert reading.post or reading.withheld or reading.problems


VALUE = st.recursive(
    st.sampled_from(
        ["x", "1", "null", "true", "{blog}", "'*'", "!ENV X", "!ENV [X, y]", "!!python/name:a.b", "''", "."]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda v: f"[{', '.join(v)}]"),
        st.lists(inner, max_size=2).map(
            lambda v: "{" + ", ".join(f"{k}: {x}" for k, x in zip("ab", v, strict=False)) + "}"
        ),
        inner.map(lambda v: f"{{blog: {v}}}"),
    ),
    max_leaves=5,
)
KEYS = [
    "site_name",
    "site_url",
    "nav",
    "plugins",
    "theme",
    "extra",
    "exclude_docs",
    "draft_docs",
    "validation",
    "INHERIT",
]
KEYS += ["use_directory_urls", "markdown_extensions"]
OPTIONS = ["blog_dir", "post_dir", "post_url_format", "post_url_date_format", "post_url_max_categories", "authors_file"]
OPTIONS += ["post_slugify", "post_slugify_separator", "draft", "enabled", "post_excerpt_separator"]


@LOOSE
@given(
    values=st.dictionaries(st.sampled_from(KEYS), VALUE, max_size=6),
    blog=st.dictionaries(st.sampled_from(OPTIONS), VALUE, max_size=5),
)
def test_no_configuration_is_too_odd(values: dict[str, str], blog: dict[str, str], tmp_path: Path) -> None:
    """Values of the wrong kind count as not stated: the site opens, its pages are read, workers get the tree."""
    lines = [f"{key}: {value}" for key, value in values.items() if key != "plugins" or not blog]
    lines += ["plugins:", "  - blog:", *(f"      {key}: {value}" for key, value in blog.items())] if blog else []
    files = {NEWS: "# Lamp", "docs/blog/posts/a.md": post("date: 2024-05-06", "categories: [a]")}
    tree, options = opened(tmp_path, files, "\n".join(lines), url="https://lab.example.org")
    for path in pickle.loads(pickle.dumps(tree)).paths:  # noqa: S301 - our own
        reading = SOURCE.read(tree, path, options)
        assert reading.post or reading.withheld or reading.problems
