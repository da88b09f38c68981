"""Astro: addresses as Astro 5 built them (tests/conventions/astro-blog) and as its reference says; MDX of any kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import SourceOptions
from feeds.reading.mdx import to_markdown
from feeds.sources._astro_site import Config, address, entry_id
from feeds.sources.astro import SOURCE
from sites import write

OPTIONS = SourceOptions(name="site", url="https://lamps.example")


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("First Lamp.md", "first-lamp"),
        ("Deep/Wick/index.md", "deep/wick"),
        ("index.md", "index"),
        ("v1.2-Lamp_oil.md", "v12-lamp_oil"),
        ("Größe & Co.mdx", "größe--co"),
        ("日本語 記事.md", "日本語-記事"),
        ("C++ (2024)!.md", "c-2024"),
        ("2024-01-01-dated.md", "2024-01-01-dated"),
    ],
)
def test_an_entry_has_the_id_that_github_slugger_makes(path: str, entry: str) -> None:
    """Each segment is in lower case, blanks are hyphens, punctuation is gone, /index at the end too."""
    assert entry_id(path) == entry


@pytest.mark.parametrize(
    ("config", "path", "page"),
    [
        (Config(), "blog/a", "/blog/a/"),
        (Config(slash="never"), "blog/a", "/blog/a"),
        (Config(slash="always"), "blog/a", "/blog/a/"),
        (Config(format="file"), "blog/a", "/blog/a.html"),
        (Config(), "", "/"),
        (Config(), "/a", "/a/"),
    ],
)
def test_a_page_ends_as_the_configuration_says(config: Config, path: str, page: str) -> None:
    """`trailingSlash` and `build.format` decide how an address ends."""
    assert address(config, path) == page


CONTENT = """export const HERE = "notes";
const blog = defineCollection({{ loader: glob({{ pattern: "**/*.md", base: {} }}) }});
export const collections = {{ blog }};
"""


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ("`./src/${HERE}`", "the addresses of the collection 'blog' cannot be known: its 1 files are left out"),
        ("folderOf('blog')", "the folder of the collection 'blog' is made by code: left out"),
    ],
)
def test_a_collection_elsewhere_is_never_lost_silently(tmp_path: Path, base: str, message: str) -> None:
    """The folder may be put together from constants; what only code knows is reported."""
    config = 'import { SITE } from "./src/config";\nexport default defineConfig({ site: SITE.website, base: "/" });\n'
    files = {"src/content.config.ts": CONTENT.format(base), "src/notes/a.md": "---\ntitle: A\ndate: 2024-01-02\n---\n"}
    constants = 'export const SITE = { website: "https://lamps.example/", title: "Lamps" };\n'
    write(tmp_path, {"astro.config.ts": config, "src/config.ts": constants, **files})
    tree = SOURCE.open(tmp_path, SourceOptions(name="s"))
    assert [p.message for p in tree.problems] == [message]
    assert (tree.site["url"], tree.site["title"]) == ("https://lamps.example", "Lamps")


def test_a_pattern_places_what_no_route_serves(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With `url:` set the entries of a collection without a route are posts."""
    site = tmp_path_factory.mktemp("astro")
    write(site, {"astro.config.mjs": "", "src/content/notes/a.md": "---\ntitle: A\ndate: 2024-01-02\n---\n\nWords.\n"})
    pattern = SourceOptions(name="s", url="https://l.example", pattern="https://l.example/{year}/{slug}/")
    assert SOURCE.open(site, OPTIONS).paths == ()
    tree = SOURCE.open(site, pattern)
    reading = SOURCE.read(tree, "src/content/notes/a.md", pattern)
    assert reading.post
    assert reading.post.url == "https://l.example/2024/a/"
    assert not tree.problems


@pytest.mark.parametrize(
    ("mdx", "markdown"),
    [
        ("import A from './a.js'\n\nText <A x={1} b='>'>inner</A>.", "\n\nText inner."),
        ("export const x = {\n  a: 1,\n};\n\nText", "\n\n\n\nText"),
        ('A{" "}B {/* gone */}C', "A B C"),
        ("`{kept}` and $x_{1}$ {gone}", "`{kept}` and $x_{1}$ "),
        ("```js\nimport a\n<A />\n{x}\n```", "```js\nimport a\n<A />\n{x}\n```"),
        ("<Tabs>\n\n**bold**\n\n</Tabs>", "\n\n**bold**\n\n"),
        ("Words import nothing <b>x</b>", "Words import nothing <b>x</b>"),
    ],
)
def test_code_goes_and_text_stays(mdx: str, markdown: str) -> None:
    """Imports, exports, tags of components and expressions go; code samples, maths and HTML stay."""
    assert to_markdown(mdx).text == markdown


@given(st.text(alphabet="ab{}<>/A=\"'`\n */import x$", max_size=300))
def test_no_line_moves(text: str) -> None:
    """Whatever is in an MDX file, it keeps its lines."""
    assert to_markdown(text).text.count("\n") == text.count("\n")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_exception(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever is in a page, reading it gives a post, a reason or a problem."""
    site = tmp_path_factory.mktemp("odd")
    write(site, {"astro.config.mjs": "", "src/pages/2024-01-01-a.mdx": ""})
    (site / "src/pages/2024-01-01-a.mdx").write_bytes(data)
    reading = SOURCE.read(SOURCE.open(site, OPTIONS), "src/pages/2024-01-01-a.mdx", OPTIONS)
    assert reading.post or reading.problems or reading.withheld
