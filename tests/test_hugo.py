"""Hugo sites: recognising them, their configuration, and what a folder of conventions/ cannot say."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Post, Problem, Reading, SourceOptions, Tree
from feeds.sources import _hugo_config
from feeds.sources._hugo_embeds import Asked
from feeds.sources._hugo_paths import Page, Rules, address, expand, matches, sanitize
from feeds.sources._hugo_shortcodes import resolve
from feeds.sources.hugo import SOURCE
from sites import write

CONFIG = {"hugo.toml": 'baseURL = "https://lamps.example/"\n'}
DATED = "---\ntitle: A\ndate: 2024-01-02\n---\n"


def opened(root: Path, files: dict[str, str], **options: str) -> tuple[Tree, SourceOptions]:
    write(root, files)
    chosen = SourceOptions(**{"name": "site", **options})  # type: ignore[arg-type]
    return SOURCE.open(root, chosen), chosen


def read(root: Path, files: dict[str, str], path: str, **options: str) -> Reading:
    tree, chosen = opened(root, files, **options)
    return SOURCE.read(tree, path, chosen)


def post_of(root: Path, files: dict[str, str], path: str, **options: str) -> Post:
    post = read(root, files, path, **options).post
    assert post
    return post


def messages(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{p.where}: {p.message}" for p in problems]


# ------------------------------------------------------------------------------------------------------ detect


@pytest.mark.parametrize(
    ("files", "confidence", "reason"),
    [
        ({"hugo.toml": ""}, 0.95, "hugo.toml"),
        ({"hugo.yaml": "", "content/a.md": ""}, 0.95, "hugo.yaml and content/"),
        ({"config.toml": "", "content/a.md": ""}, 0.9, "config.toml and content/"),
        ({"config.yaml": "baseURL: https://x.example\n"}, 0.9, "config.yaml with baseURL"),
        ({"config/_default/params.toml": "", "content/a.md": ""}, 0.9, "config/_default and content/"),
        ({"content/a/_index.md": ""}, 0.6, "content/ with a/_index.md"),
        ({"content/a/b/index.md": ""}, 0.6, "content/ with a/b/index.md"),
        ({"content/a/b/index.md": "", "gatsby-config.js": ""}, 0, ""),
        ({"config.yaml": "sources: []\n", "content/a.md": ""}, 0, ""),
        ({"config.toml": "[tool]\n"}, 0, ""),
        ({"content/a.md": "", "content/b/c.md": ""}, 0, ""),
        ({"config.json": "not json"}, 0, ""),
        ({"README.md": ""}, 0, ""),
    ],
)
def test_a_site_is_recognised_by_its_configuration_or_its_bundles(
    tmp_path: Path, files: dict[str, str], confidence: float, reason: str
) -> None:
    """A configuration of Hugo's own says most, content/ with bundles something, anything else nothing."""
    write(tmp_path, files)
    found = SOURCE.detect(tmp_path)
    assert (found.confidence, found.reason) == (confidence, reason) if found else not confidence


def test_a_file_is_no_site(tmp_path: Path) -> None:
    """Nor is a folder that is not there."""
    write(tmp_path, {"hugo.toml": ""})
    assert SOURCE.detect(tmp_path / "hugo.toml") is None
    assert SOURCE.detect(tmp_path / "none") is None


# ------------------------------------------------------------------------------------------------------ configuration


def test_files_of_the_config_folder_are_merged_production_over_default(tmp_path: Path) -> None:
    """A file's name is the key its settings belong under; tables are merged, keys are in any case."""
    write(
        tmp_path,
        {
            "hugo.toml": 'BaseURL = "https://never.example/"\n[params]\na = 1\nb = 1\n',
            "config/_default/config.yaml": "baseurl: https://lamps.example/\n",
            "config/_default/params.toml": "b = 2\nc = 2\n",
            "config/_default/menus.de.json": '{"main": []}',
            "config/production/params.toml": "C = 3\n",
            "config/staging/params.toml": "c = 4\n",
        },
    )
    problems: list[Problem] = []
    values = _hugo_config.read(tmp_path, problems).values
    assert problems == []
    assert values["baseurl"] == "https://lamps.example/"
    assert values["params"] == {"a": 1, "b": 2, "c": 3}
    assert values["languages"] == {"de": {"menus": {"main": []}}}


def test_the_configuration_of_feeds_beside_the_site_is_not_hugos(tmp_path: Path) -> None:
    """`feeds init` writes config.yaml, a name that Hugo's own may have."""
    ours = "site: {title: Feeds}\ntitle: Feeds\nsources: [{path: .}]\n"
    files = {"config.yaml": ours, "config/_default/hugo.yaml": "title: Lantern Lab\n", "content/a.md": ""}
    tree, _ = opened(tmp_path, files)
    assert tree.site["title"] == "Lantern Lab"
    found = SOURCE.detect(tmp_path)
    assert found
    assert found.reason == "config/_default and content/"


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("params.yaml", "a: [\n", "params.yaml:2"),
        ("params.toml", "x = " + "[" * 60 + "]" * 60, "params.toml"),
        ("params.toml", "a." * 200 + "b = 1", "params.toml"),
        ("params.json", "{" * 5000, "params.json"),
        ("params.json", '{"a": ' * 5000 + "1" + "}" * 5000, "params.json"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_reported_and_the_rest_counts(
    tmp_path: Path, name: str, text: str, where: str
) -> None:
    """The pages are read all the same, whatever is wrong with a file of settings."""
    tree, _ = opened(tmp_path, {**CONFIG, f"config/_default/{name}": text, "content/a/b.md": DATED})
    assert [(p.where, p.severity) for p in tree.problems] == [(f"config/_default/{where}", "warning")]
    assert tree.paths == ("content/a/b.md",)


def test_a_site_without_address_says_so(tmp_path: Path) -> None:
    """baseURL may be missing or a mere path; `url` of the source takes its place."""
    tree, _ = opened(tmp_path, {"hugo.toml": 'baseURL = "/"\n'})
    assert messages(tree.problems) == ["hugo.toml: the site's address is not known"]
    tree, _ = opened(tmp_path, {}, url="https://lamps.example/x/")
    assert (tree.problems, tree.site["url"]) == ((), "https://lamps.example/x")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('ignoreFiles = ["(a+)+$"]', "ignoreFiles: '(a+)+$' is not used"),
        ('ignoreFiles = ["["]', "ignoreFiles: '[' is not used"),
        ('timeZone = "Lamp/Town"', "there is no time zone 'Lamp/Town'"),
        ('[languages.de]\nbaseURL = "https://de.example"', "a language with an address of its own"),
    ],
)
def test_a_setting_that_cannot_be_followed_is_reported(tmp_path: Path, config: str, said: str) -> None:
    """And does not count."""
    tree, _ = opened(tmp_path, {"hugo.toml": f'baseURL = "https://lamps.example"\n{config}\n'})
    assert [p.severity for p in tree.problems] == ["warning"]
    assert said in tree.problems[0].message


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from("languages permalinks module contentDir frontmatter cascade uglyURLs taxonomies".split()),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
def test_any_configuration(tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]) -> None:
    """Settings of any shape leave a site that can be opened and read."""
    import json

    root = tmp_path_factory.mktemp("any")
    tree, options = opened(
        root, {"hugo.json": json.dumps(values), "content/a/_index.md": DATED, "content/a/b.md": DATED}
    )
    for path in tree.paths:
        SOURCE.read(tree, path, options)


# ------------------------------------------------------------------------------------------------------ pages


def test_the_tree_can_be_handed_to_another_process(tmp_path: Path) -> None:
    """What a page is read with pickles."""
    tree, _ = opened(tmp_path, {**CONFIG, "content/a/b.md": DATED})
    assert pickle.loads(pickle.dumps(tree)).data == tree.data  # noqa: S301 - pickled here


def test_a_reading_depends_on_what_lies_beside_the_page(tmp_path: Path) -> None:
    """A new file in the bundle changes its stamp, a new section or author the fingerprint."""
    page = "content/publication/x/index.md"
    before, options = opened(tmp_path, {**CONFIG, page: DATED, "content/publication/x/a.txt": ""})
    after, _ = opened(tmp_path, {"content/publication/x/cite.bib": "@misc{a, title={A}}"})
    assert before.stamps[page] != after.stamps[page]
    assert SOURCE.read(after, page, options).depends == ("content/publication/x/cite.bib",)
    later, _ = opened(tmp_path, {"content/authors/ada/_index.md": "---\ntitle: Ada Wick\n---\n"})
    assert after.fingerprint != later.fingerprint


def test_a_page_depends_on_the_pages_it_refers_to(tmp_path: Path) -> None:
    """Their front matter decides their address."""
    files = {
        **CONFIG,
        "content/a/one.md": DATED + '[two]({{< ref "two" >}}) [all]({{< relref "/a" >}})\n',
        "content/a/two.md": DATED.replace("title: A", "slug: second"),
        "content/a/_index.md": "",
    }
    reading = read(tmp_path, files, "content/a/one.md")
    assert reading.post
    assert 'href="https://lamps.example/a/second/"' in reading.post.html
    assert 'href="https://lamps.example/a/"' in reading.post.html
    assert (reading.depends, reading.problems) == (("content/a/two.md",), ())


def test_a_pattern_in_the_configuration_wins_over_hugos_address(tmp_path: Path) -> None:
    """`url: https://…/{year}/{slug}/` is for addresses that Hugo's theme or a server makes."""
    options = {"pattern": "https://lamps.example/{year}/{slug}.html"}
    post = post_of(tmp_path, {**CONFIG, "content/a/b.md": DATED}, "content/a/b.md", **options)
    assert post.url == "https://lamps.example/2024/b.html"


def test_the_time_stamp_of_a_file_is_no_date(tmp_path: Path) -> None:
    """Where Hugo takes :fileModTime the page is left out and reported."""
    config = {"hugo.toml": 'baseURL = "https://lamps.example"\n[frontmatter]\ndate = [":fileModTime", "date"]\n'}
    reading = read(tmp_path, {**config, "content/news/b.md": "---\ntitle: A\n---\n"}, "content/news/b.md")
    assert messages(reading.problems) == ["content/news/b.md: no date in the front matter or the file name: left out"]
    assert post_of(tmp_path, {**config, "content/a/c.md": DATED}, "content/a/c.md").published.day == 2


def test_a_bad_date_of_release_is_reported(tmp_path: Path) -> None:
    """The page goes out on its own date."""
    text = "---\ntitle: A\ndate: 2024-01-02\npublishDate: soon\n---\n"
    reading = read(tmp_path, {**CONFIG, "content/a/b.md": text}, "content/a/b.md")
    assert messages(reading.problems) == ["content/a/b.md:4: 'soon' is not a date"]
    assert reading.post
    assert reading.post.not_before == datetime(2024, 1, 2, tzinfo=UTC)


def test_what_stands_under_params_is_front_matter_too(tmp_path: Path) -> None:
    """Hugo keeps custom keys there; the page's own key of the same name wins."""
    text = "---\ntitle: A\ndate: 2024-01-02\nparams: {doi: 10.5555/x, title: Never}\n---\n"
    post = post_of(tmp_path, {**CONFIG, "content/a/b.md": text}, "content/a/b.md")
    assert (post.title, post.front["doi"]) == ("A", "10.5555/x")


def test_people_in_data_files_have_the_files_name_as_handle(tmp_path: Path) -> None:
    """data/authors/ada.yaml is how newer versions of Hugo Blox keep them; one file for all is common as well."""
    files = {
        **CONFIG,
        "data/authors/ada.yaml": "name: {display: Ada Wick, given: Ada, family: Wick}\n"
        "affiliations: [{name: Lantern Lab}]\nlinks: [{url: 'https://orcid.org/0000-0002-1825-0097'}]\n",
        "data/people.toml": '[bo]\nname = "Bo Glow"\n',
        "content/a/b.md": DATED.replace("title: A", "title: A\nauthors: [bo, ada]"),
    }
    tree, options = opened(tmp_path, files)
    ada = next(person for person in tree.people if person.name == "Ada Wick")
    assert (ada.orcid, ada.affiliation, ada.family) == ("0000-0002-1825-0097", "Lantern Lab", "Wick")
    post = SOURCE.read(tree, "content/a/b.md", options).post
    assert post
    assert [person.name for person in post.authors] == ["Bo Glow", "Ada Wick"]


def test_nothing_is_read_outside_the_folder(tmp_path: Path) -> None:
    """Neither a mount nor a link leads out of it."""
    site = tmp_path / "site"
    write(tmp_path, {"secret/a.md": DATED})
    config = 'baseURL = "https://lamps.example"\n[[module.mounts]]\nsource = "../secret"\ntarget = "content"\n'
    tree, _ = opened(site, {"hugo.toml": config})
    assert tree.paths == ()


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=120))
def test_any_page(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever the bytes, there is a post, a reason, or a problem; never an exception."""
    root = tmp_path_factory.getbasetemp() / "any-page"
    tree, options = opened(root, {**CONFIG, "content/a/b.md": DATED})
    for content in (data, DATED.encode() + data, b"---\ndate: 2024-01-02\nurl: " + data + b"\n---\n"):
        (root / "content/a/b.md").write_bytes(content)
        reading = SOURCE.read(tree, "content/a/b.md", options)
        assert reading.post or reading.withheld or reading.problems


# ------------------------------------------------------------------------------------------------------ addresses


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=20), st.booleans(), st.booleans())
def test_any_name_makes_an_address(path: str, title: str, slug: str, ugly: bool, cased: bool) -> None:
    """It begins with one slash and is ASCII, whatever the name; lower case unless the site says otherwise."""
    rules = Rules(permalinks=(("/**", "/:section/:title/:slug"),) if ugly else (), ugly=ugly, cased=cased)
    name = path.rpartition("/")[2]
    made = address(Page(path=path, folder=path, name=name, title=title, slug=slug), rules)
    assert made.startswith("/")
    assert made.isascii()
    assert " " not in made


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("It's a Title, & more", "its-a-title-more"),
        ("a  b - c", "a-b-c"),
        ("100% (of x%41y)", "100-of-x%41y"),
        ("Größe_2.0~#+@", "größe_2.0~#+@"),
        ("  lead and trail  ", "lead-and-trail"),
        ("½Ⅻ", ""),
    ],
)
def test_text_is_made_fit_for_an_address_as_hugo_does_it(text: str, clean: str) -> None:
    """Letters, marks, digits and ". / _ # + ~ - @" stay, white space becomes one hyphen."""
    assert sanitize(text, Rules()) == clean


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        ("/:2006/:01/:2006-01/x", "/2024/03/2024-01/x"),
        (":Jan/:06/:Mon/:January", "Mar/24/Tue/March"),
        ("/:15h", "/14h"),
        ("/:unknown/", "/unknown/"),
        (":_2 :2 :02", " 5 5 05"),
        ("/a\\:b", "/a:b"),
    ],
)
def test_tokens_may_be_layouts_of_gos_dates(pattern: str, made: str) -> None:
    """A token that is no name is a date layout: the reference time written as the date should be."""
    page = Page(path="a/b", name="b", date=datetime(2024, 3, 5, 14, tzinfo=UTC))
    assert expand(pattern, page, Rules()) == made


@pytest.mark.parametrize(
    ("glob", "path", "covers"),
    [
        ("/posts/**", "/posts/a/b", True),
        ("/posts/**", "/posts", False),
        ("/{posts,posts/**}", "/posts", True),
        ("/*", "/a", True),
        ("/*", "/a/b", False),
        ("/**/x", "/a/b/x", True),
        ("/a?c", "/abc", True),
        ("/a?c", "/a/c", False),
        ("**", "/any/thing", True),
        ("/A", "/a", True),
    ],
)
def test_globs_cover_whole_paths(glob: str, path: str, covers: bool) -> None:
    """One star stays within a folder, two do not."""
    assert matches(glob, path) is covers


# ------------------------------------------------------------------------------------------------------ shortcodes

ASKED = Asked(
    base="https://lamps.example",
    values={"doi": "10.5555/x"},
    site={"lab": {"town": "Basel"}},
    link=lambda reference, _lang: "https://lamps.example/one/" if reference == "one" else "",
    person=lambda handle: {"ada": "Ada Wick"}.get(handle, ""),
    file=lambda name: f"https://lamps.example/here/{name}" if name == "x.png" else "",
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{{< param doi >}}", "10.5555/x"),
        ('{{% param "lab.town" %}}', "Basel"),
        ("{{< vimeo 12345 >}}", "<https://vimeo.com/12345>"),
        ('{{< youtube id="ab_C-1" >}}', "<https://www.youtube.com/watch?v=ab_C-1>"),
        ('{{< x user="ada" id="99" >}}', "<https://x.com/ada/status/99>"),
        ("{{< tweet 99 >}}", "<https://x.com/i/status/99>"),
        ("{{< gist ada 12ab >}}", "<https://gist.github.com/ada/12ab>"),
        ('{{< mention "ada" >}} and {{< mention "bo" >}}', "Ada Wick and bo"),
        ('{{< cite page="one" >}}', "[one](https://lamps.example/one/)"),
        ("{{< math >}}$$x$${{< /math >}}", "$$x$$"),
        ("a {{< icon lamp >}}b", "a b"),
        ("{{</* figure src=x */>}} `{{%/* y */%}}`", "{{< figure src=x >}} `{{% y %}}`"),
        ('{{< staticref "a/b.pdf" "newtab" >}}PDF{{< /staticref >}}', "[PDF](https://lamps.example/a/b.pdf)"),
        ('{{< button href="/x" >}}Go{{< /button >}}', "[Go](/x)"),
        ("{{< odd >}}Words of prose.{{< /odd >}}", "Words of prose."),
        ('{{< chart >}}{"a": 1}{{< /chart >}}after', "after"),
        ("{{< highlight go >}}\nx := 1\n{{< /highlight >}}", "\n```go\nx := 1\n```\n"),
        ("~~~\n{{< odd >}}\n~~~", "~~~\n{{< odd >}}\n~~~"),
        ("{{< never closed", "{{< never closed"),
        ("{{ .Title }} {{<>}}", "{{ .Title }} {{<>}}"),
        (
            '{{< figure src="x.png" alt="A <lamp>" caption="It *burns*" link="/y" >}}',
            '<figure><a href="/y"><img src="https://lamps.example/here/x.png" alt="A &lt;lamp&gt;"></a>'
            "<figcaption>It <em>burns</em></figcaption></figure>",
        ),
    ],
)
def test_a_shortcode_shows_what_a_reader_would_see(written: str, shown: str) -> None:
    """Those of Hugo and Hugo Blox become Markdown or HTML."""
    assert resolve(written, 1, ASKED).text.body == shown


def test_a_dropped_shortcode_is_named_once_with_its_line() -> None:
    """However often it is used."""
    done = resolve("{{< odd >}}\n{{< odd >}}\n{{% other\n a=1 %}}\n[x]({{< ref none >}})\n", 7, ASKED)
    assert done.dropped == (("odd", 7), ("other", 9), ("ref none", 11))


def test_every_line_knows_the_line_of_the_file_it_came_from() -> None:
    """Lines that a shortcode adds have its own, lines that it swallowed are gone."""
    body = "a\n{{% callout %}}\nb\n{{% /callout %}}\n{{< odd\nx=1 >}}c\nd"
    text = resolve(body, 10, ASKED).text
    assert list(zip(text.body.split("\n"), text.lines, strict=True)) == [
        ("a", 10),
        ("", 11),
        ("<blockquote>", 11),
        ("", 11),
        ("", 11),
        ("b", 12),
        ("", 13),
        ("", 13),
        ("</blockquote>", 13),
        ("", 13),
        ("c", 14),
        ("d", 16),
    ]


@settings(deadline=None)
@given(st.lists(st.sampled_from(["{{<", "{{%", ">}}", "%}}", "/", " a", '"', "`", "\n", "x=", "```\n", "/*", "*/"])))
def test_any_shortcodes(pieces: list[str]) -> None:
    """Whatever is open or closed, each line of the result comes from one of the body, in order."""
    body = "".join(pieces)
    text = resolve(body, 1, ASKED).text
    assert len(text.lines) == text.body.count("\n") + 1
    assert list(text.lines) == sorted(text.lines)
    assert text.lines[-1] <= body.count("\n") + 1
